"""True-up: what entries claimed as planned owe later, once the average of their period has failed the rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.sparse import csr_array  # type: ignore[import-untyped]

from sim.customs.entries import Charged, Lines
from sim.customs.flow import Floats, Ints
from sim.law import Charge
from sim.units import round_cents

FEES = -1  # column of all fees; duties have the index of their programme


@dataclass(frozen=True, slots=True)
class Difference:
    """What one programme asks of some lines without the claim, less what it asked with it.

    Parameters
    ----------
    lines : int64[rows]
        Rows of the batch.
    charge : Charge
        As not claimed, on these lines; as claimed, with base and rate nil, where nothing is owed without the claim.
    exact : float64[rows]
        Cents, unrounded; below zero where a programme asks less without the claim.
    cents : int64[rows]
        Difference of the two amounts, each rounded to the cent as on its own entry.
    """

    lines: Ints
    charge: Charge
    exact: Floats
    cents: Ints

    def only(self, rows: Ints) -> Difference:
        """Some of its lines."""
        charge = replace(self.charge, base=self.charge.base[rows], amount=self.charge.amount[rows])
        return Difference(self.lines[rows], charge, self.exact[rows], self.cents[rows])


@dataclass(slots=True)
class Late:
    """Levies owed later, US dollars a unit by column, before and after a load's own journey.

    They are costs of the goods but no part of their price: nobody knew of them when the goods were sold.
    """

    nodes: int
    columns: list[int] = field(default_factory=list)
    works: Floats = field(init=False)
    landed: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.works = np.zeros((self.nodes, 0))
        self.landed = np.zeros((self.nodes, 0))

    def make(self, nodes: Ints, inputs: csr_array) -> None:
        """Gather what the inputs of the loads of a level owe later."""
        if self.columns:
            self.works[nodes] = inputs @ self.landed
            self.landed[nodes] = self.works[nodes]

    def owe(self, column: int, nodes: Ints, per_unit: Floats) -> None:
        """Lay a later levy on some loads, each named once."""
        if column not in self.columns:
            self.columns.append(column)
            self.works = np.pad(self.works, ((0, 0), (0, 1)))
            self.landed = np.pad(self.landed, ((0, 0), (0, 1)))
        self.landed[nodes, self.columns.index(column)] += per_unit

    def duty(self, programmes: int, landed: bool) -> Floats:
        """Later duties by programme."""
        found = np.zeros((self.nodes, programmes))
        for index, column in enumerate(self.columns):
            if column != FEES:
                found[:, column] = (self.landed if landed else self.works)[:, index]
        return found

    def fees(self, landed: bool) -> Floats:
        """Later fees, all programmes."""
        if FEES not in self.columns:
            return np.zeros(self.nodes)
        fees: Floats = (self.landed if landed else self.works)[:, self.columns.index(FEES)]
        return fees


def only(lines: Lines, rows: Ints) -> Lines:
    """Some lines of a batch."""
    return Lines(
        lines.entry[rows],
        lines.recipe[rows],
        lines.importer[rows],
        lines.epoch[rows],
        lines.originates[rows],
        lines.amounts[rows],
    )


def differences(rows: Ints, size: int, claimed: Sequence[Charged], plain: Sequence[Charged]) -> Iterator[Difference]:
    """Compare the charges of some lines of a batch with and without their claim.

    Parameters
    ----------
    rows : int64[failed]
        Rows of the batch whose claim fails.
    size : int
        Lines of the batch.
    claimed : sequence of Charged
        On the whole batch, as claimed.
    plain : sequence of Charged
        On `rows` alone, as not claimed; their `lines` count within `rows`.

    Yields
    ------
    Difference
        For each provision that asks something else; lines on which nothing changes are left out.
    """
    place = np.full(size, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    paid: dict[str, tuple[Floats, Ints]] = {}
    for item in claimed:
        exact, cents = paid.setdefault(item.charge.programme, (np.zeros(len(rows)), np.zeros(len(rows), np.int64)))
        own = place[item.lines]
        exact[own[own >= 0]] += item.charge.amount[own >= 0]
        cents[own[own >= 0]] += round_cents(item.charge.amount)[own >= 0]
    asked = {name: np.zeros(len(rows), dtype=np.bool_) for name in paid}
    for item in plain:
        programme = item.charge.programme
        exact, cents = paid.get(programme, (np.zeros(len(rows)), np.zeros(len(rows), np.int64)))
        if programme in asked:
            asked[programme][item.lines] = True
        late = item.charge.amount - exact[item.lines]
        owed = round_cents(item.charge.amount) - cents[item.lines]
        yield from _changed(rows[item.lines], item.charge, late, owed, item.charge.base)
    for item in claimed:
        own = place[item.lines]
        kept = (own >= 0) & ~asked[item.charge.programme][np.maximum(own, 0)]
        back = item.charge.amount[kept]
        yield from _changed(item.lines[kept], item.charge, -back, -round_cents(back), np.zeros(len(back)))


def _changed(lines: Ints, charge: Charge, exact: Floats, cents: Ints, base: Floats) -> Iterator[Difference]:
    rows = np.flatnonzero((exact != 0) | (cents != 0))
    if len(rows):
        whole = replace(charge, base=base, amount=exact)
        yield Difference(lines, whole, exact, cents).only(rows)
