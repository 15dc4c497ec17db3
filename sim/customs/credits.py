"""Credit accounts: what assembly in a country earns, and which entries draw on it, earliest entries first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np

from sim.customs.book import Book, Epochs
from sim.customs.flow import Floats, Flow, Ints
from sim.customs.periods import periods_of
from sim.duty.law_view import LawView
from sim.duty.offset import Account, Built
from sim.errors import DataError, Problem
from sim.law import Law
from sim.law.dated import UnknownValueError
from sim.locate import data_dir
from sim.reading import Node
from sim.references import Reference
from sim.yaml_text import read_yaml

NONE = -1  # of an entry that may draw on no account
MONTH = 1.0
NEAR = 0.01  # cents: allotments closer than this are the same
FILE = "credit_accounts.yaml"


@dataclass(frozen=True, slots=True)
class Scheme:
    """Which vehicles earn credit, by which rate of the law.

    One a country: nothing tells on which of several accounts an entry would draw.

    Parameters
    ----------
    importer : str
        Country in which the vehicles are assembled, and whose duties the credit reduces.
    rate : str
        Path of the law's value: the rate of the retail price, by day of assembly.
    """

    title: str
    importer: str
    rate: str
    vehicle_class: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Credit:
    """What one maker earned in one country.

    Parameters
    ----------
    by_month : tuple of int
        Whole cents earned by the vehicles of each calendar month of the run, before what the maker draws.
    reference : Reference
        Of the rate under which the last of it was earned.
    """

    scheme: Scheme
    by_month: tuple[int, ...]
    reference: Reference

    @property
    def earned_cents(self) -> int:
        """Whole cents earned in the run."""
        return sum(self.by_month)

    @property
    def why(self) -> str:
        """The provision in words."""
        return f"{self.scheme.title}: credit of vehicles assembled in {self.scheme.importer}, earliest entries first"


@dataclass(slots=True)
class Drawing:
    """Accounts while entries draw on them; arrays are by entry of the flow.

    Parameters
    ----------
    account : int64[entries]
        Account on which each may draw, or `NONE`.
    month : int64[entries]
        Calendar month of each, counted from the first of the run.
    balance : float64[accounts, months]
        Cents that each month adds to what may be drawn.
    allotted : float64[entries]
        Cents that each entry may draw at most; unbounded as long as nothing shows that the balance does not suffice.
    liability : float64[entries]
        Cents of duty that the credit may reduce, as found by the roll-up.
    """

    credits: tuple[Credit, ...]
    account: Ints
    month: Ints
    balance: Floats
    allotted: Floats
    liability: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.liability = np.zeros(len(self.account))

    def share_out(self, flow: Flow) -> Floats:
        """Cents for each entry: its liability as long as the balance lasts, earliest entries first.

        Entries of one second draw in the order of the flow. What a month leaves is carried forward.
        """
        found = np.zeros(len(self.account))
        for number, months in enumerate(self.balance):
            left = 0.0
            for month, added in enumerate(months.tolist()):
                own = np.flatnonzero((self.account == number) & (self.month == month))
                own = own[np.argsort(flow.entry_s[own], kind="stable")]
                found[own] = draw(self.liability[own], left + added)
                left += added - found[own].sum()
        return found

    def again(self, allotted: Floats) -> Drawing:
        """The same accounts before the next roll-up, with what each entry may draw."""
        return replace(self, allotted=allotted)

    def settles(self, allotted: Floats) -> bool:
        """Whether entries drew what they would be given."""
        drawn = np.minimum(self.allotted, self.liability)
        return bool((np.abs(allotted - drawn) <= NEAR).all())


def draw(liability: Floats, balance: float) -> Floats:
    """What each of some liabilities, in order, draws on a balance: never more than either.

    Examples
    --------
    >>> draw(np.array([30.0, 50.0, 40.0]), 60.0).tolist()
    [30.0, 30.0, 0.0]
    """
    before = np.cumsum(liability) - liability
    drawn: Floats = np.clip(balance - before, 0.0, liability)
    return drawn


def open_drawing(
    flow: Flow, book: Book, law: Law, epochs: Epochs, importers: Sequence[str], share: float, known: dt.date | None
) -> Drawing | None:
    """Accounts of a recorded flow; None where nothing is earned: in a plan, and before such law begins.

    Parameters
    ----------
    importers : sequence of str
        Country of each crossing of the flow.
    share : float
        Part of what is earned that makers draw, 0 to 1.

    Notes
    -----
    A maker is approved for what it will build (the proclamation asks for projected numbers): what a month's vehicles
    earn may be drawn from the first day of that month on. The month is an assumption; it keeps a run's first weeks from
    drawing what its last ones earn.
    """
    if flow.is_planned or share <= 0:
        return None
    found = [credit for scheme in schemes() if (credit := _earned(scheme, flow, book, law, epochs, known))]
    if not found:
        return None
    country = np.array(importers, dtype=object)[flow.entry_crossing]
    account = np.full(len(country), NONE, dtype=np.int64)
    for number, credit in enumerate(found):
        account[(country == credit.scheme.importer) & (account == NONE)] = number
    month = periods_of(flow, MONTH).of(flow.entry_on)
    balance = np.array([[int(share * cents) for cents in credit.by_month] for credit in found], dtype=np.float64)
    return Drawing(tuple(found), account, month, balance, np.full(len(account), np.inf))


def _earned(scheme: Scheme, flow: Flow, book: Book, law: Law, epochs: Epochs, known: dt.date | None) -> Credit | None:
    lots = tuple(_lots(scheme, flow, book, law, epochs, known))
    if not lots:
        return None
    months = periods_of(flow, MONTH)
    by_month = [Fraction(0)] * len(months.begins)
    for lot, _, cents in Account(scheme.title, scheme.rate, lots, (), ()).earned(LawView(law, known)):
        by_month[int(months.of(np.array([lot.on.toordinal()]))[0])] += cents
    reference = law.vintage(scheme.rate, max(lot.on for lot in lots), known).reference
    return Credit(scheme, tuple(int(cents) for cents in by_month), reference)


def _lots(scheme: Scheme, flow: Flow, book: Book, law: Law, epochs: Epochs, known: dt.date | None) -> Iterator[Built]:
    """Vehicles finished in the run, by day and recipe; only where the law has a rate."""
    owner = law.by_path.get(scheme.rate.rpartition("/")[0])
    if owner is None:
        return
    built = flow.exists & ~flow.is_seed & (flow.finished_s >= 0)
    epoch = epochs.of(flow.made_on)
    makers = [
        (row, recipe.schedule.msrp_usd)
        for row, recipe in enumerate(book.recipes)
        if recipe.schedule
        and book.country[row] == scheme.importer
        and book.parts[row].vehicle_class in scheme.vehicle_class
    ]
    earns = np.array([owner.in_force(day, known) and _has_rate(law, scheme.rate, day, known) for day in epochs.days])
    for row, msrp in makers:
        nodes = np.flatnonzero(built & earns[epoch] & (flow.recipe == row))
        for day in np.unique(flow.made_on[nodes]).tolist():
            units = float(flow.units[nodes[flow.made_on[nodes] == day]].sum())
            yield Built(dt.date.fromordinal(day), Fraction(units), Fraction(round(msrp * 100)))


def _has_rate(law: Law, path: str, day: dt.date, known: dt.date | None) -> bool:
    try:
        return bool(law.value(path, day, known))
    except UnknownValueError:  # assembled before the first day that earns
        return False


@lru_cache(maxsize=1)
def schemes() -> tuple[Scheme, ...]:
    """The shipped schemes."""
    return read_schemes(data_dir() / FILE)


def read_schemes(path: Path) -> tuple[Scheme, ...]:
    """Read a file of schemes.

    Raises
    ------
    DataError
        With every problem of the file.
    """
    document, problems = read_yaml(path)
    if document is None or problems:
        raise DataError(path.name, problems)
    collected: list[Problem] = []
    entries = Node(document.value, (), document, collected).entries()
    found = tuple(_read(node) for node in entries.values())
    for number, (node, scheme) in enumerate(zip(entries.values(), found, strict=True)):
        if any(scheme.importer == other.importer for other in found[:number]):
            node.fault(f"another scheme has the importer '{scheme.importer}'. Only one a country is allowed.")
    if collected:
        raise DataError(path.name, collected)
    return found


def _read(node: Node) -> Scheme:
    keys = ("title", "importer", "rate", "vehicle_class")
    entries = node.fields(keys, keys)
    title, importer, rate = (entries[key].text() if key in entries else "" for key in keys[:3])
    return Scheme(title, importer, rate, entries["vehicle_class"].texts() if "vehicle_class" in entries else ())
