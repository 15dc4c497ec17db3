"""From the rows an engine wrote while it ran to a Ledger: numbered, sorted, cut at the horizon, sealed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.jit import compiled
from sim.ledger.ledger import NOT_YET, CrossingHours, Ledger, LoadRows, PassageRows, UseRows
from sim.plan import Plan

Ints = NDArray[np.int64]

# Rows as engines write them, in any order of loads; loads are told by their row among all that might exist.
LOAD_FIELDS = 8  # row, units, ordered, started, finished, route, received, is_lost
PASSAGE_FIELDS = 9  # row, position, crossing, arrived, joined, started, cleared, left, used_fast
USE_FIELDS = 4  # source row, consumer row, stock, units


@dataclass(frozen=True, slots=True)
class Rows:
    """What an engine wrote, one column per field.

    Parameters
    ----------
    loads : int64[LOAD_FIELDS, loads]
        Every load that was seeded or accepted by its supplier, once; times -1 where they did not come.
    passages : int64[PASSAGE_FIELDS, passages]
        Those of a load in order of position. Times may lie at or beyond the horizon.
    uses : int64[USE_FIELDS, uses]
        Those of a consumer in order of stock, then of issue.
    """

    loads: Ints
    passages: Ints
    uses: Ints


def seed_rows(plan: Plan) -> Ints:
    """Load row of each seed: the first rows of its lane, in the order of the seeds."""
    seeds, lanes = plan.seeds, plan.lanes
    first = seeds.lane.searchsorted(seeds.lane)  # first seed of the same lane
    rows: Ints = lanes.load_first[seeds.lane] + np.arange(seeds.lane.size) - first
    return rows


def build_ledger(plan: Plan, rows: Rows, stock_left: Ints, totals: Ints) -> Ledger:
    """Assemble the ledger.

    Parameters
    ----------
    plan : Plan
        The run.
    rows : Rows
        What the engine wrote.
    stock_left : int64[stocks]
        Units on hand when the run ended.
    totals : int64[crossings, 3, hours]
        Background passed, gave up and waited.

    Returns
    -------
    Ledger
        Load rows renumbered to the loads that exist; times at or after the horizon are -1.
    """
    renumber = _renumber(plan, rows.loads[0])
    loads = _load_rows(plan, rows.loads, renumber)
    return Ledger(
        loads=loads,
        passages=_passage_rows(rows.passages, renumber, loads.lane.size, plan.horizon_s),
        uses=_use_rows(rows.uses, renumber, loads.lane.size),
        hours=CrossingHours(*(np.ascontiguousarray(totals[:, i]) for i in range(3))),
        stock_left=stock_left,
    )


def _renumber(plan: Plan, rows: Ints) -> Ints:
    """Number, among the loads that exist, of each that might."""
    exists = np.zeros(int(plan.lanes.load_first[-1]), dtype=bool)
    exists[rows] = True
    numbers: Ints = np.cumsum(exists) - 1
    return numbers


def _load_rows(plan: Plan, table: Ints, renumber: Ints) -> LoadRows:
    sorted_table = np.empty_like(table)
    place = renumber[table[0]]
    for column, out in zip(table, sorted_table, strict=True):
        out[place] = column
    lane = np.searchsorted(plan.lanes.load_first, sorted_table[0], side="right") - 1
    _, units, ordered, started, finished, route, received, is_lost = sorted_table
    return LoadRows(
        lane=lane,
        n=sorted_table[0] - plan.lanes.load_first[lane],
        units=units,
        ordered_s=ordered,
        started_s=started,
        finished_s=finished,
        route=route,
        received_s=received,
        is_lost=is_lost,
    )


def _passage_rows(table: Ints, renumber: Ints, loads: int, horizon_s: int) -> PassageRows:
    load = renumber[table[0]]
    place = _places(load, loads)
    out = np.empty_like(table)
    out[0, place] = load
    for column, sorted_column in zip(table[1:], out[1:], strict=True):
        sorted_column[place] = column
    times = out[3:8]
    times[times >= horizon_s] = NOT_YET
    out[8][out[5] == NOT_YET] = 0
    return PassageRows(*out)


def _use_rows(table: Ints, renumber: Ints, loads: int) -> UseRows:
    consumer = renumber[table[1]]
    place = _places(consumer, loads)
    out = np.empty_like(table)
    out[0, place] = renumber[table[0]]
    out[1, place] = consumer
    out[2, place] = table[2]
    out[3, place] = table[3]
    return UseRows(*out)


def _places(keys: Ints, kinds: int) -> Ints:
    """Place of each row when rows are sorted by key and rows of one key keep their order."""
    count = np.bincount(keys, minlength=kinds)
    next_place = np.cumsum(count) - count
    place = np.empty_like(keys)
    place_in_turn(keys, next_place, place)
    return place


def _place_in_turn(keys: NDArray[Any], next_place: NDArray[Any], place: NDArray[Any]) -> None:
    """Give each row the next place of its key."""
    for i in range(keys.size):
        key = keys[i]
        place[i] = next_place[key]
        next_place[key] += 1


place_in_turn = compiled(_place_in_turn)
