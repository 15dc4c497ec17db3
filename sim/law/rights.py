"""What importers may choose and claim back: elections that are open to a line, and rights of drawback."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sim.law.conditions import Condition
from sim.law.dated import stands
from sim.references import Reference


@dataclass(frozen=True, slots=True)
class Choice:
    """One alternative that the law opens to lines that meet a condition.

    Parameters
    ----------
    fact, value : str
        The fact that the importer may set, and the value; empty for not claiming.
    cost : int or str
        Paperwork, in cents, or the name of a dated value of the file.
    amounts : tuple of str
        Money columns that must be known before it is worth asking.
    unless_subject : tuple of str
        Programmes and groups that close it to goods that are subject to them.
    """

    name: str
    title: str
    when: Condition
    fact: str
    value: str
    cost: int | str
    amounts: tuple[str, ...]
    unless_subject: tuple[str, ...]
    begins: dt.date | None
    published: dt.date | None
    until: dt.date | None
    until_published: dt.date | None
    reference: Reference

    def stands(self, on: dt.date, known: dt.date | None) -> bool:
        """Whether it was open on a day and known on another."""
        return stands(self, on, known)


@dataclass(frozen=True, slots=True)
class Election:
    """An alternative that is open to one line: set `fact` to `value` and assess again.

    Parameters
    ----------
    choice : str
        Path of the file and name of the choice.
    fact, value : str
        The fact of the line to set; an empty value is "not claimed".
    cost_cents : int
        Paperwork of choosing it, once per entry.
    amounts : tuple of str
        Money columns that the choice rests on.
    """

    choice: str
    fact: str
    value: str
    title: str
    cost_cents: int
    amounts: tuple[str, ...]
    reference: Reference


@dataclass(frozen=True, slots=True)
class ClosedChoice:
    """A fact of a line that the law does not let its importer choose.

    Parameters
    ----------
    choice : str
        Path of the file and name of the choice.
    fact, value : str
        The fact as the line states it.
    by : tuple of str
        Duties to which the good is subject and that close the choice.
    """

    choice: str
    fact: str
    value: str
    title: str
    by: tuple[str, ...]
    reference: Reference


@dataclass(frozen=True, slots=True)
class DrawbackRight:
    """What of a duty may be paid back when the goods, or goods made of them, are exported.

    Parameters
    ----------
    right : str
        ``none``, ``full``, ``manufacturing_only`` or ``limited_manufacturing`` (only for metal of `metal_of`).
    towards : Mapping of str to str
        Right where the goods go to certain countries, such as ``{"MX": "lesser_of_two"}``.
    same_condition : str
        Right of goods exported to those countries in the condition in which they came.
    reading : str
        How the lesser of two duties is taken: ``per_input`` or ``per_good``; empty where it does not arise.
    comparison : str
        Which duties abroad count for it: ``column_1`` or ``all_duties``; empty where it does not arise.
    metal_of : tuple of str
        Countries whose metal a limited right asks.
    """

    programme: str
    title: str
    right: str
    towards: Mapping[str, str]
    same_condition: str
    reading: str
    comparison: str
    metal_of: tuple[str, ...]
    reference: Reference

    def towards_country(self, country: str, same_condition: bool = False) -> str:
        """The right for goods exported to a country."""
        if country in self.towards and same_condition and self.same_condition:
            return self.same_condition
        return self.towards.get(country, self.right)
