"""Values with dates: what was in force on a day, as it was known on another day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from sim.errors import LawError
from sim.references import Reference

Plain = int | str | bool | tuple[str, ...] | tuple[tuple[str, int], ...]

STATUSES = ("verified", "provisional", "contested", "expected", "assumption")


class UnknownValueError(LawError):
    """The law has no value for the day, or says that it is unknown; the source is the path of the value."""


@dataclass(frozen=True, slots=True)
class Vintage:
    """One value from one day on.

    Parameters
    ----------
    begins : date
        First day it applies.
    published : date
        Day the document became known; it may lie after `begins` for a retroactive value.
    until : date, optional
        First day it no longer applies.
    value : int, str, bool, tuple or None
        Parts per million, cents, text, flag, digits of tariff codes or country shares; None is "unknown".
    status : str
        One of `STATUSES`; an ``expected`` value is announced only and never used in arithmetic.
    layer : int
        0 for the law as it stands, n for the n-th reform: a later layer governs over an earlier one.
    """

    begins: dt.date
    published: dt.date
    until: dt.date | None
    value: Plain | None
    status: str
    reference: Reference
    layer: int = 0
    short_codes: str = "unresolved"

    def covers(self, on: dt.date, known: dt.date | None) -> bool:
        """Whether it has begun, has not ended, and was published by the date of knowledge."""
        if self.status == "expected" or on < self.begins:
            return False
        if self.until is not None and on >= self.until:
            return False
        return known is None or self.published <= known


class Spell(Protocol):
    """Anything that stands from one day to another, each told on a day of its own."""

    @property
    def begins(self) -> dt.date | None:
        """First day; None for always."""

    @property
    def published(self) -> dt.date | None:
        """Day on which the beginning was told; None for always."""

    @property
    def until(self) -> dt.date | None:
        """First day it no longer stands; None for ever."""

    @property
    def until_published(self) -> dt.date | None:
        """Day on which the end was told; None if it was told with the beginning."""


def stands(spell: Spell, on: dt.date, known: dt.date | None) -> bool:
    """Whether a heading, choice or relation stood on a day, as known on another: an untold end is no end."""
    if spell.begins is not None and on < spell.begins:
        return False
    if known is not None and spell.published is not None and known < spell.published:
        return False
    if spell.until is None or on < spell.until:
        return True
    return known is not None and spell.until_published is not None and known < spell.until_published


def governing(vintages: tuple[Vintage, ...], on: dt.date, known: dt.date | None) -> Vintage | None:
    """The vintage that governs: latest layer, then latest published, then latest begun.

    Returns None when none covers the day.
    """
    covering = [v for v in vintages if v.covers(on, known)]
    return max(covering, key=lambda v: (v.layer, v.published, v.begins), default=None)


@dataclass(frozen=True, slots=True)
class Dated:
    """A named value of the law with all its vintages.

    Parameters
    ----------
    path : str
        Where it stands, such as ``us/fees/merchandise_processing/minimum``.
    type : str
        ``rate``, ``money``, ``text``, ``flag``, ``list`` (tariff codes), ``countries``, ``number``, ``shares``
        or ``state``.
    """

    path: str
    title: str
    type: str
    vintages: tuple[Vintage, ...]

    def at(self, on: dt.date, known: dt.date | None = None) -> Vintage:
        """The governing vintage.

        Raises
        ------
        LawError
            The day lies before the first vintage, in a gap, or on an unknown value.
        """
        vintage = governing(self.vintages, on, known)
        if vintage is None:
            raise UnknownValueError(self.path, [self._absence(on, known)])
        if vintage.value is None:
            message = (
                f"is unknown from {vintage.begins} on ({vintage.reference}), so not known for {on}. "
                "Add the value with its reference."
            )
            raise UnknownValueError(self.path, [message])
        return vintage

    def _absence(self, on: dt.date, known: dt.date | None) -> str:
        usable = [v for v in self.vintages if v.status != "expected"]
        if not usable:
            return f"no value for {on}; every entry is only expected. Add the value with its reference."
        if known is not None and governing(self.vintages, on, None) is not None:
            return f"no value for {on} had been published by {known}."
        first = min(v.begins for v in usable)
        if on < first:
            return f"no value for {on}; the earliest is {first}. Add the earlier value with its reference."
        ended = max(v.until for v in usable if v.until is not None and v.until <= on)
        return f"no value for {on}; the last one ended on {ended}. Add the later value with its reference."

    def dates(self) -> set[dt.date]:
        """Every day at which the value may change."""
        found = {v.begins for v in self.vintages if v.status != "expected"}
        return found | {v.until for v in self.vintages if v.until is not None}
