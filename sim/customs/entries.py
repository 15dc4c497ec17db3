"""Entries: lines grouped by what the law asks, assessed group by group, and written down to the cent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sim.customs.book import Book, Epochs
from sim.customs.flow import Flags, Floats, Ints
from sim.law import Charge, Law
from sim.references import Reference
from sim.units import round_cents

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

    Returns
    -------
    list of Charged
        In a fixed order: by recipe, importer, claim, status, epoch, then as the law lists its charges.
    """
    if not len(lines.entry):
        return []
    importers, agreements = names
    originates = lines.originates | (claims > 0)
    shape = (len(book.recipes), len(importers), len(agreements), 2, len(epochs.days))
    keys = np.ravel_multi_index((lines.recipe, lines.importer, claims, originates.astype(np.int64), lines.epoch), shape)
    order = np.argsort(keys, kind="stable")
    _, first = np.unique(keys[order], return_index=True)
    found = []
    for members in np.split(order, first[1:]):
        recipe, importer, claim, status, epoch = np.unravel_index(keys[members[0]], shape)
        facts = book.line(int(recipe), importers[importer], agreements[claim], bool(status))
        amounts = {name: lines.amounts[members, column] for column, name in enumerate(AMOUNTS)}
        charges = law.assess(facts, epochs.days[epoch], amounts, known)
        found += [Charged(members, charge) for charge in charges]
    return found


@dataclass(frozen=True, slots=True)
class ChargeRows:
    """Duties and fees, one row per entry and charge, sorted by entry.

    Parameters
    ----------
    entry, node, lane, position, on : int64[rows]
        Row of the flow's entries, and where and when that is.
    programme, provision : int64[rows]
        Index into `programmes`, `provisions`.
    base_cents : int64[rows]
        Base, rounded to the cent.
    rate_ppm : int64[rows]
    amount_cents : int64[rows]
        Charge, rounded to the cent: what is owed.
    exact_cents : float64[rows]
        The same before rounding.
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


@dataclass(slots=True)
class RowWriter:
    """Collects charges during a roll-up, then seals them as `ChargeRows`."""

    programmes: dict[str, int] = field(default_factory=dict)
    provisions: dict[Provision, int] = field(default_factory=dict)
    parts: list[tuple[Ints, Ints, Charge]] = field(default_factory=list)

    def add(self, entries: Ints, charge: Charge) -> int:
        """Note a charge on some entries; returns the index of its programme."""
        programme = self.programmes.setdefault(charge.programme, len(self.programmes))
        key = Provision(charge.programme, charge.heading, charge.kind, charge.treasury, charge.reference, charge.why)
        provision = self.provisions.setdefault(key, len(self.provisions))
        ids = np.array([programme, provision, charge.rate_ppm], dtype=np.int64)
        self.parts.append((entries, ids, charge))
        return programme

    def seal(self, places: Mapping[str, Ints]) -> ChargeRows:
        """Sort by entry and look up where each entry was made (`node`, `lane`, `position`, `on` by entry)."""
        empty = np.zeros(0, dtype=np.int64)
        entry = np.concatenate([empty, *(entries for entries, _, _ in self.parts)])
        ids = [np.repeat(ids[None, :], len(entries), axis=0) for entries, ids, _ in self.parts]
        table = np.concatenate([empty.reshape(0, 3), *ids])
        base = np.concatenate([empty.astype(np.float64), *(charge.base for *_, charge in self.parts)])
        exact = np.concatenate([empty.astype(np.float64), *(charge.amount for *_, charge in self.parts)])
        order = np.lexsort((table[:, 1], entry))
        entry, table = entry[order], table[order]
        return ChargeRows(
            entry=entry,
            node=places["node"][entry],
            lane=places["lane"][entry],
            position=places["position"][entry],
            on=places["on"][entry],
            programme=table[:, 0],
            provision=table[:, 1],
            base_cents=round_cents(base[order]),
            rate_ppm=table[:, 2],
            amount_cents=round_cents(exact[order]),
            exact_cents=exact[order],
            programmes=tuple(self.programmes),
            provisions=tuple(self.provisions),
        )
