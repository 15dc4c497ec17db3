"""A declaration: entries and their lines as an importer writes them, exact, before any election is taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sim.law import LineFacts

VALUE = "customs_value"
METALS = ("steel_value", "aluminium_value", "copper_value")
WITHIN = ("us_content", "us_activity_value", "regional_content", "ca_mx_content", "us_components", *METALS)


@dataclass(frozen=True, slots=True)
class Amount:
    """Money of a whole line: so many cents, or a share of the customs value.

    Parameters
    ----------
    cents : Fraction
        Cents, exact; ignored where `share` is given.
    share : Fraction, optional
        Share of the customs value, 0 to 1 and more.
    """

    cents: Fraction = Fraction(0)
    share: Fraction | None = None

    def of(self, value: Fraction) -> Fraction:
        """Cents, when the customs value is known."""
        return self.cents if self.share is None else self.share * value

    def times(self, part: Fraction) -> Amount:
        """The amount of a part of the line; a share stays a share."""
        return Amount(self.cents * part, self.share)


@dataclass(frozen=True, slots=True)
class Input:
    """A good of an earlier line that was built into the goods of this one.

    Parameters
    ----------
    line : str
        ``<entry>/<line>`` of the earlier crossing.
    units : Fraction
        Units of it in each unit of the line.
    passed_on : Fraction
        Share of its duties and fees that is in the price at the next border.
    """

    line: str
    units: Fraction = Fraction(1)
    passed_on: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Deposit:
    """A cash deposit at a rate of one supplier, and what it later became.

    Parameters
    ----------
    column : str
        Money column of the law that it fills, such as ``antidumping_deposit``.
    rate, final_rate : Fraction
        Share of the customs value deposited at entry, and owed after review; None while no review ended.
    final_on : date, optional
        Day the final rate was published.
    interest : Fraction
        Yearly rate of simple interest on the difference.
    supplier : str
        Producer or exporter whose rate it is.
    reviewed_by : str
        Path of the law value that says who reviews, or the word itself; empty where not asked.
    """

    column: str
    rate: Fraction
    final_rate: Fraction | None = None
    final_on: dt.date | None = None
    interest: Fraction = Fraction(0)
    supplier: str = ""
    reviewed_by: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an entry.

    Parameters
    ----------
    name : str
        Its name within the entry.
    facts : LineFacts
        As declared; elections may set more.
    quantity : Fraction
        Units, above 0.
    amounts : mapping of str to Amount
        Money of the whole line by column of the law; ``customs_value`` is always there.
    fixed : mapping of str to str or bool
        Elections that the file settles: fact (or ``claim``) to value, ``no`` as False.
    costs : mapping of str to int
        Cents that an election of this line costs, where the file knows better than the law.
    written : frozenset of str
        Facts that the file writes: no election changes them.
    opened : frozenset of str
        Facts whose election the file asks for, whatever comes out.
    model : str
        Vehicle model, for findings that fall on every unit of it.
    admitted, admitted_hts : date, str
        Day of admission to a foreign trade zone, and tariff code at that time where it was another.
    note : tuple of str
        Remarks made while reading, such as the exchange rate used.
    part_of : str
        Name of the line as declared, where a quota split it; empty otherwise.
    """

    name: str
    facts: LineFacts
    quantity: Fraction
    amounts: Mapping[str, Amount]
    written: frozenset[str] = frozenset()
    fixed: Mapping[str, str | bool] = field(default_factory=dict)
    costs: Mapping[str, int] = field(default_factory=dict)
    inputs: tuple[Input, ...] = ()
    deposits: tuple[Deposit, ...] = ()
    model: str = ""
    admitted: dt.date | None = None
    admitted_hts: str = ""
    note: tuple[str, ...] = ()
    part_of: str = ""
    opened: frozenset[str] = frozenset()

    @property
    def value(self) -> Fraction:
        """Customs value of the whole line, cents."""
        return self.amounts[VALUE].cents

    def excess(self) -> tuple[str, ...]:
        """What is said to be a part of the customs value and is more than the whole of it."""
        sums = {name: self.amounts[name].of(self.value) for name in WITHIN if name in self.amounts}
        over = [name for name in sums if sums[name] > self.value]
        found = [f"'{name}' is more than the customs value it is a part of." for name in over]
        metals = [name for name in METALS if name in sums]
        if not found and sum((sums[name] for name in metals), Fraction(0)) > self.value:
            found.append(f"{' and '.join(metals)} together are more than the customs value they are parts of.")
        return tuple(found)

    def columns(self) -> dict[str, NDArray[np.float64]]:
        """Money columns for the law, one row; deposits at their rates."""
        money = {name: amount.of(self.value) for name, amount in self.amounts.items()}
        for deposit in self.deposits:
            money[deposit.column] = money.get(deposit.column, Fraction(0)) + deposit.rate * self.value
        return {name: np.array([float(cents)]) for name, cents in money.items()}

    def part(self, part: Fraction, suffix: str, facts: LineFacts) -> Line:
        """A part of the line, above 0 and up to the whole, with other facts."""
        amounts = {name: amount.times(part) for name, amount in self.amounts.items()}
        return replace(
            self,
            name=f"{self.name}{suffix}",
            facts=facts,
            quantity=self.quantity * part,
            amounts=amounts,
            part_of=self.name,
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry for consumption: fees are owed once for all of its lines.

    Parameters
    ----------
    at : str
        Hour of presentation such as ``08:30``, for quotas; empty is the first of the day.
    copies : int
        So many like entries, 1 or more: 200 engines on one entry, or one engine on each of 200.
    importer_of_record : str
        Who imports, for accounts that name their importers.
    """

    name: str
    importer: str
    on: dt.date
    lines: tuple[Line, ...]
    at: str = ""
    copies: int = 1
    importer_of_record: str = ""

    def path(self, line: Line) -> str:
        """Name of a line in the whole file."""
        return f"{self.name}/{line.name}"

    def declared(self, line: Line) -> str:
        """Name under which the file declares a line: that of the whole, where a quota split it."""
        return f"{self.name}/{line.part_of or line.name}"
