"""Entries: lines grouped by what the law asks, assessed group by group, and written down to the cent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sim.customs.book import DEPOSITS, Book, Epochs
from sim.customs.flow import Flags, Floats, Ints
from sim.duty.offset import COLUMN as OFFSET_CREDIT
from sim.law import Charge, Law, assess_lines
from sim.references import Reference
from sim.units import PPM, round_cents

CREDIT, DRAWBACK = "credit", "drawback"  # kinds of rows that lower what is owed
AMOUNTS = ("customs_value", "us_content", "steel_value", "aluminium_value", "regional_content")


@dataclass(frozen=True, slots=True)
class Lines:
    """A batch of entry lines, one per entry; arrays of equal length.

    Parameters
    ----------
    entry : int64[lines]
        Row of the flow's entries.
    recipe, importer, epoch : int64[lines]
        `importer` indexes the importers of the roll-up.
    originates : bool[lines]
        Whether the goods meet the rule of origin in force.
    amounts : float64[lines, AMOUNTS]
        Cents, unrounded.
    """

    entry: Ints
    recipe: Ints
    importer: Ints
    epoch: Ints
    originates: Flags
    amounts: Floats


@dataclass(frozen=True, slots=True)
class Charged:
    """One charge on some lines of a batch; `lines` are row numbers in it."""

    lines: Ints
    charge: Charge


def charge_lines(
    lines: Lines,
    claims: Ints,
    names: tuple[tuple[str, ...], tuple[str, ...]],
    book: Book,
    law: Law,
    epochs: Epochs,
    known: dt.date | None = None,
    credit: Floats | None = None,
) -> list[Charged]:
    """Assess a batch of lines under given claims.

    Parameters
    ----------
    lines : Lines
    claims : int64[lines]
        Index of the agreement claimed, 0 for none.
    names : pair of tuples of str
        Importers and agreements (the first agreement is the empty one) behind the indices.
    known : date, optional
        Law published by this day only.
    credit : float64[lines], optional
        Cents of credit declared against the duties that the law lets it reduce; none by default.

    Returns
    -------
    list of Charged
        In a fixed order: by recipe, importer, claim, status, epoch, then as the law lists its charges.
    """
    if not len(lines.entry):
        return []
    importers, agreements = names
    originates = lines.originates | (claims > 0)
    # What customs holds of goods may change by the day; where nothing is stated all days are alike.
    is_stated = np.array([bool(own) for own in book.stated], dtype=np.bool_)[lines.recipe]
    day = np.where(is_stated, lines.epoch, 0)
    shape = (len(book.recipes), len(importers), len(agreements), 2, len(epochs.days))
    keys = np.ravel_multi_index((lines.recipe, lines.importer, claims, originates.astype(np.int64), day), shape)
    distinct, which = np.unique(keys, return_inverse=True)
    cells = np.stack(np.unravel_index(distinct, shape), axis=1).tolist()
    facts = [
        book.line(recipe, importers[importer], agreements[claim], bool(status), epochs.days[epoch])
        for recipe, importer, claim, status, epoch in cells
    ]
    days = np.array([day.toordinal() for day in epochs.days], dtype=np.int64)
    amounts = {name: lines.amounts[:, column] for column, name in enumerate(AMOUNTS)}
    if is_stated.any():
        deposits = [
            book.deposits_ppm(recipe, importers[importer], epochs.days[n]) for recipe, importer, _, _, n in cells
        ]
        for name in DEPOSITS:
            share = np.array([own.get(name, 0) for own in deposits]) / PPM
            amounts[name] = lines.amounts[:, 0] * share[which.reshape(-1)]
    if credit is not None:
        amounts[OFFSET_CREDIT] = credit
    found = assess_lines(law, facts, which.astype(np.int64), days[lines.epoch], amounts, known)
    return [Charged(rows, charge) for rows, charge in found]


@dataclass(frozen=True, slots=True)
class ChargeRows:
    """Duties and fees, one row per entry and charge, sorted by entry.

    Parameters
    ----------
    entry, node, lane, position, on : int64[rows]
        Row of the flow's entries, and where that is; day on which it is owed.
    programme, provision : int64[rows]
        Index into `programmes`, `provisions`.
    base_cents : int64[rows]
        Base, rounded to the cent.
    rate_ppm : int64[rows]
    amount_cents : int64[rows]
        Charge, rounded to the cent: what is owed. A true-up is the difference of two rounded amounts.
    exact_cents : float64[rows]
        The same before rounding.
    is_true_up : bool[rows]
        Owed later, on the day `on`, because the claim made at the entry failed in its averaging period: what is
        owed without the claim less what was owed with it. Its base and rate are those without the claim.
    is_credit : bool[rows]
        Credit drawn by the entry against the duty of another of its rows, below zero; its base is that duty, its rate
        nil. The sum of both rows is what is paid.
    is_drawback : bool[rows]
        Duty on inputs that the country of export gives back as the goods leave it, below zero; its base is the duty
        that was paid on the inputs, its rate nil. Its entry is that into the country of destination.
    programmes : tuple of str
        Paths of the programmes met.
    provisions : tuple of (heading, kind, treasury, reference, why)
    """

    entry: Ints
    node: Ints
    lane: Ints
    position: Ints
    on: Ints
    programme: Ints
    provision: Ints
    base_cents: Ints
    rate_ppm: Ints
    amount_cents: Ints
    exact_cents: Floats
    is_true_up: Flags
    is_credit: Flags
    is_drawback: Flags
    programmes: tuple[str, ...]
    provisions: tuple[Provision, ...]

    def is_duty(self) -> Flags:
        """True for duties, False for fees."""
        kinds = np.array([p.kind == "duty" for p in self.provisions], dtype=np.bool_)
        return kinds[self.provision] if len(kinds) else np.zeros(0, dtype=np.bool_)

    def of_treasury(self, country: str) -> Flags:
        """True for what a country's treasury receives."""
        own = np.array([p.treasury == country for p in self.provisions], dtype=np.bool_)
        return own[self.provision] if len(own) else np.zeros(0, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Provision:
    """What decided a charge."""

    programme: str
    heading: str
    kind: str
    treasury: str
    reference: Reference
    why: str


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows of one provision; `on` is the day on which a true-up is owed, empty for what is owed at entry."""

    entries: Ints
    ids: tuple[int, int, int]
    base: Floats
    exact: Floats
    cents: Ints
    on: Ints
    kind: str = ""


@dataclass(slots=True)
class RowWriter:
    """Collects charges during a roll-up, then seals them as `ChargeRows`."""

    programmes: dict[str, int] = field(default_factory=dict)
    provisions: dict[Provision, int] = field(default_factory=dict)
    parts: list[_Part] = field(default_factory=list)

    def add(self, entries: Ints, charge: Charge) -> int:
        """Note a charge on some entries; returns the index of its programme."""
        return self._note(entries, charge, charge.why, round_cents(charge.amount), np.zeros(0, dtype=np.int64))

    def add_true_up(self, entries: Ints, charge: Charge, why: str, cents: Ints, on: Ints) -> int:
        """Note what some entries owe later: `charge.amount` unrounded, `cents` rounded, on the days `on`."""
        return self._note(entries, charge, why, cents, on)

    def add_credit(self, entries: Ints, charge: Charge, cents: Ints) -> int:
        """Note credit drawn by some entries: `charge.amount` unrounded and below zero, `cents` rounded."""
        return self._note(entries, charge, charge.why, cents, np.zeros(0, dtype=np.int64), CREDIT)

    def add_drawback(self, entries: Ints, charge: Charge) -> int:
        """Note duty on inputs that comes back with some entries elsewhere: `charge.amount` is below zero."""
        cents = round_cents(charge.amount)
        return self._note(entries, charge, charge.why, cents, np.zeros(0, dtype=np.int64), DRAWBACK)

    def _note(self, entries: Ints, charge: Charge, why: str, cents: Ints, on: Ints, kind: str = "") -> int:
        programme = self.programmes.setdefault(charge.programme, len(self.programmes))
        key = Provision(charge.programme, charge.heading, charge.kind, charge.treasury, charge.reference, why)
        provision = self.provisions.setdefault(key, len(self.provisions))
        ids = (programme, provision, charge.rate_ppm)
        self.parts.append(_Part(entries, ids, charge.base, charge.amount, cents, on, kind))
        return programme

    def seal(self, places: Mapping[str, Ints]) -> ChargeRows:
        """Sort by entry and look up where each entry was made (`node`, `lane`, `position`, `on` by entry)."""
        none, zero = np.zeros(0, dtype=np.int64), np.zeros(0)
        entry = np.concatenate([none, *(part.entries for part in self.parts)])
        ids = [np.repeat(np.array([part.ids], dtype=np.int64), len(part.entries), axis=0) for part in self.parts]
        table = np.concatenate([none.reshape(0, 3), *ids])
        base = np.concatenate([zero, *(part.base for part in self.parts)])
        exact = np.concatenate([zero, *(part.exact for part in self.parts)])
        cents = np.concatenate([none, *(part.cents for part in self.parts)])
        late = np.concatenate([none, *(np.full(len(x.entries), bool(len(x.on)), np.int64) for x in self.parts)]) > 0
        on = places["on"][entry]
        on[late] = np.concatenate([none, *(part.on for part in self.parts)])
        order = np.lexsort((table[:, 1], entry))
        entry, table = entry[order], table[order]
        return ChargeRows(
            entry=entry,
            node=places["node"][entry],
            lane=places["lane"][entry],
            position=places["position"][entry],
            on=on[order],
            programme=table[:, 0],
            provision=table[:, 1],
            base_cents=round_cents(base[order]),
            rate_ppm=table[:, 2],
            amount_cents=cents[order],
            exact_cents=exact[order],
            is_true_up=late[order],
            is_credit=self._of_kind(CREDIT)[order],
            is_drawback=self._of_kind(DRAWBACK)[order],
            programmes=tuple(self.programmes),
            provisions=tuple(self.provisions),
        )

    def _of_kind(self, kind: str) -> Flags:
        """Rows of one kind, in the order of the parts."""
        flags = [np.full(len(part.entries), part.kind == kind) for part in self.parts]
        return np.concatenate([np.zeros(0, dtype=np.bool_), *flags])
