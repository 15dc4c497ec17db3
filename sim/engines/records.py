"""From what an engine noted while it ran to a Ledger: sorted, cut at the horizon, sealed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ledger.ledger import NOT_YET, CrossingHours, Ledger, LoadRows, PassageRows, UseRows
from sim.plan import Plan

PASSAGE_FIELDS = 9  # row, position, crossing, arrived, joined, started, cleared, left, used_fast

Ints = NDArray[np.int64]


class LoadNotes:
    """What is noted about every possible load, by load row; lists of integers, -1 = did not happen."""

    __slots__ = (
        "finished_s",
        "is_known",
        "is_lost",
        "ordered_s",
        "received_s",
        "route",
        "started_s",
        "units",
    )

    def __init__(self, plan: Plan) -> None:
        lanes, seeds = plan.lanes, plan.seeds
        rows = int(lanes.load_first[-1])
        units = np.repeat(lanes.load_units, np.diff(lanes.load_first))
        known = np.zeros(rows, dtype=np.int64)
        seeded = seed_rows(plan)
        units[seeded] = seeds.units
        known[seeded] = 1
        self.units: list[int] = units.tolist()
        self.is_known: list[int] = known.tolist()  # seeded, or accepted by its supplier
        self.ordered_s = [NOT_YET] * rows
        self.started_s = [NOT_YET] * rows
        self.finished_s = [NOT_YET] * rows
        self.route = [-1] * rows
        self.received_s = [NOT_YET] * rows
        self.is_lost = [0] * rows


def seed_rows(plan: Plan) -> Ints:
    """Load row of each seed: the first rows of its lane, in the order of the seeds."""
    seeds, lanes = plan.seeds, plan.lanes
    first = seeds.lane.searchsorted(seeds.lane)  # first seed of the same lane
    rows: Ints = lanes.load_first[seeds.lane] + np.arange(seeds.lane.size) - first
    return rows


def build_ledger(
    plan: Plan, notes: LoadNotes, passages: list[int], uses: Ints, stock_left: list[int], totals: list[Ints]
) -> Ledger:
    """Assemble the ledger.

    Parameters
    ----------
    plan : Plan
        The run.
    notes : LoadNotes
        By load row.
    passages : list of int
        Flat, `PASSAGE_FIELDS` numbers for each passage, times uncut.
    uses : int64[uses, 4]
        Source row, consumer row, stock, units; sorted.
    stock_left : list of int
        Units by stock.
    totals : list of int64[3, hours]
        Background passed, gave up and waited, by crossing.

    Returns
    -------
    Ledger
        Load rows renumbered to the loads that exist; times at or after the horizon are -1.
    """
    known = np.array(notes.is_known, dtype=bool)
    renumber = np.cumsum(known) - 1
    lane_of = np.repeat(np.arange(len(plan.lanes.ids)), np.diff(plan.lanes.load_first))
    n_of = np.arange(known.size) - plan.lanes.load_first[lane_of]

    def column(values: list[int]) -> Ints:
        kept: Ints = np.array(values, dtype=np.int64)[known]
        return kept

    loads = LoadRows(
        lane=lane_of[known].astype(np.int64),
        n=n_of[known].astype(np.int64),
        units=column(notes.units),
        ordered_s=column(notes.ordered_s),
        started_s=column(notes.started_s),
        finished_s=column(notes.finished_s),
        route=column(notes.route),
        received_s=column(notes.received_s),
        is_lost=column(notes.is_lost),
    )
    used = UseRows(
        source=renumber[uses[:, 0]],
        consumer=renumber[uses[:, 1]],
        stock=uses[:, 2].copy(),
        units=uses[:, 3].copy(),
    )
    hours = np.array(totals, dtype=np.int64).reshape(len(totals), 3, -(-plan.horizon_s // 3_600))
    return Ledger(
        loads=loads,
        passages=_passage_rows(passages, renumber, plan.horizon_s),
        uses=used,
        hours=CrossingHours(*(np.ascontiguousarray(hours[:, i]) for i in range(3))),
        stock_left=np.array(stock_left, dtype=np.int64),
    )


def _passage_rows(passages: list[int], renumber: Ints, horizon_s: int) -> PassageRows:
    table = np.array(passages, dtype=np.int64).reshape(-1, PASSAGE_FIELDS)
    table = table[np.lexsort((table[:, 1], table[:, 0]))]
    times = table[:, 3:8]
    times[times >= horizon_s] = NOT_YET
    return PassageRows(
        load=renumber[table[:, 0]],
        position=table[:, 1].copy(),
        crossing=table[:, 2].copy(),
        arrived_s=times[:, 0].copy(),
        joined_s=times[:, 1].copy(),
        started_s=times[:, 2].copy(),
        cleared_s=times[:, 3].copy(),
        left_s=times[:, 4].copy(),
        used_fast=np.where(times[:, 2] == NOT_YET, 0, table[:, 8]),
    )
