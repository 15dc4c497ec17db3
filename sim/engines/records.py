"""From the rows an engine wrote while it ran to a Ledger: numbered, sorted, cut at the horizon, sealed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.jit import rule
from sim.errors import LedgerError
from sim.ledger.ledger import CrossingHours, Ledger, LoadRows, PassageRows, StageRows, UseRows
from sim.plan import Plan

Ints = NDArray[np.int64]
Words = NDArray[np.int32]

# Rows as engines write them, in any order of loads; loads are told by their row among all that might exist.
# The last field of loads and of passages need not be written for a plan without milk runs: it follows from the others.
LOAD_FIELDS = 9  # row, units, ordered, started, finished, route, received, is_lost, shipped
PASSAGE_FIELDS = 10  # row, position, crossing, arrived, joined, started, cleared, left, used_fast, truck
USE_FIELDS = 4  # source row, consumer row, stock, units
STAGE_FIELDS = 6  # row, position, stage, joined, started, cleared


@dataclass(frozen=True, slots=True)
class Rows:
    """What an engine wrote, or a block of it, one column per field; 32 bits, for half the memory.

    Parameters
    ----------
    loads : int32[LOAD_FIELDS, loads]
        Every load that was seeded or accepted by its supplier, once; times -1 where they did not come in the run.
    passages : int32[PASSAGE_FIELDS, passages]
        Those of a load in order of position; times -1 likewise; the truck is the load row of its leader.
    uses : int32[USE_FIELDS, uses]
        Those of a consumer in order of stock, then of issue.
    stages : int32[STAGE_FIELDS, stages]
        Lines other than that of the booths; those of a load in order of position and stage; times as of passages.
    """

    loads: Words
    passages: Words
    uses: Words
    stages: Words


def seed_rows(plan: Plan) -> Ints:
    """Load row of each seed: the first rows of its lane, in the order of the seeds."""
    seeds, lanes = plan.seeds, plan.lanes
    first = seeds.lane.searchsorted(seeds.lane)  # first seed of the same lane
    rows: Ints = lanes.load_first[seeds.lane] + np.arange(seeds.lane.size) - first
    return rows


def build_ledger(plan: Plan, blocks: list[Rows], stock_left: Ints, totals: Ints) -> Ledger:
    """Assemble the ledger.

    Parameters
    ----------
    plan : Plan
        The run.
    blocks : list of Rows
        What the engine wrote, in order. The list is emptied on the way: rows that are in the ledger are dropped.
    stock_left : int64[stocks]
        Units on hand when the run ended.
    totals : int64[crossings, TOTAL_ROWS, hours]
        Background, in the order of `CrossingHours`.

    Returns
    -------
    Ledger
        Load rows renumbered to the loads that exist.

    Raises
    ------
    LedgerError
        The plan has milk runs, and the engine does not say which truck a load was on.
    """
    renumber = _renumber(plan, blocks)
    count = int(renumber[-1]) + 1 if renumber.size else 0
    own = 0 if plan.runs.ids else 1  # fields that nobody need write
    loads = np.empty((LOAD_FIELDS - own, count), dtype=np.int64)
    passage_places = _first_places(count, renumber, (block.passages[0] for block in blocks))
    use_places = _first_places(count, renumber, (block.uses[1] for block in blocks))
    passages = np.empty((PASSAGE_FIELDS - own, sum(block.passages.shape[1] for block in blocks)), dtype=np.int64)
    stage_places = _first_places(count, renumber, (block.stages[0] for block in blocks))
    stages = np.empty((STAGE_FIELDS, sum(block.stages.shape[1] for block in blocks)), dtype=np.int64)
    uses = np.empty((USE_FIELDS, sum(block.uses.shape[1] for block in blocks)), dtype=np.int64)
    for number in range(len(blocks)):
        block, blocks[number] = blocks[number], _NOTHING
        place_rows(block.loads, 0, renumber, np.arange(count), loads)
        place_rows(block.passages, 0, renumber, passage_places, passages)
        place_rows(block.uses, 1, renumber, use_places, uses)
        place_rows(block.stages, 0, renumber, stage_places, stages)
    blocks.clear()
    renumber_in_place(passages[0], renumber)
    if not own:
        _require_trucks(passages[-1], renumber)
        renumber_in_place(passages[-1], renumber)
    renumber_in_place(stages[0], renumber)
    renumber_in_place(uses[0], renumber)
    renumber_in_place(uses[1], renumber)
    return Ledger(
        loads=_load_rows(plan, loads),
        passages=PassageRows(*passages, *(passages[:1] if own else ())),  # a truck of its own: its own row
        stages=StageRows(*stages),
        uses=UseRows(*uses),
        hours=hours_of_totals(totals),
        stock_left=stock_left,
    )


def hours_of_totals(totals: Ints) -> CrossingHours:
    """The hourly totals of all crossings, one table for each."""
    return CrossingHours(*(np.ascontiguousarray(totals[:, row]) for row in range(totals.shape[1])))


_FIELDS = (LOAD_FIELDS, PASSAGE_FIELDS, USE_FIELDS, STAGE_FIELDS)
_NOTHING = Rows(*(np.empty((fields, 0), dtype=np.int32) for fields in _FIELDS))


def _require_trucks(trucks: Ints, renumber: Ints) -> None:
    """Refuse numbers that no load has: they would be looked up beyond the table."""
    stray = trucks[(trucks < 0) | (trucks >= renumber.size)]
    if stray.size:
        raise LedgerError("ledger", [f"a truck is led by load row {stray[0]}, which is none of {renumber.size}"])


def _renumber(plan: Plan, blocks: list[Rows]) -> Ints:
    """Number, among the loads that exist, of each that might."""
    exists = np.zeros(int(plan.lanes.load_first[-1]), dtype=bool)
    for block in blocks:
        exists[block.loads[0]] = True
    numbers: Ints = np.cumsum(exists) - 1
    return numbers


def _first_places(count: int, renumber: Ints, keys: Iterable[Words]) -> Ints:
    """Where the rows of each load begin when rows are sorted by load."""
    rows = np.zeros(count, dtype=np.int64)
    for block in keys:
        count_rows(block, renumber, rows)
    first: Ints = np.cumsum(rows) - rows
    return first


def _load_rows(plan: Plan, table: Ints) -> LoadRows:
    row, units, ordered, started, finished, route, received, is_lost = table[:8]
    lane = np.searchsorted(plan.lanes.load_first, row, side="right") - 1
    return LoadRows(
        lane=lane,
        n=row - plan.lanes.load_first[lane],
        units=units,
        ordered_s=ordered,
        started_s=started,
        finished_s=finished,
        route=route,
        received_s=received,
        is_lost=is_lost,
        shipped_s=table[8] if len(table) > 8 else finished,
    )


@rule
def count_rows(keys: NDArray[Any], renumber: NDArray[Any], rows: NDArray[Any]) -> None:
    """Count the rows of each load."""
    for i in range(keys.size):
        rows[renumber[keys[i]]] += 1


@rule
def place_rows(
    block: NDArray[Any], key: int, renumber: NDArray[Any], next_place: NDArray[Any], out: NDArray[Any]
) -> None:
    """Put each row at the next place of the load that its field `key` names; rows of one load keep their order.

    Fields that `out` does not have are left out.
    """
    for i in range(block.shape[1]):
        load = renumber[block[key, i]]
        place = next_place[load]
        next_place[load] = place + 1
        for field in range(out.shape[0]):
            out[field, place] = block[field, i]


@rule
def renumber_in_place(rows: NDArray[Any], renumber: NDArray[Any]) -> None:
    """Name loads by their number among those that exist."""
    for i in range(rows.size):
        rows[i] = renumber[rows[i]]
