"""The compiled engine, the one that everybody uses: the ledger of `sim.engines.reference`, row for row, and fast.

`simulate` keeps the ledger whole; `stream` hands its rows over in blocks as they come, so that memory is bounded by
what is alive (loads ordered, made, on the road or on a shelf), besides four bytes for each load that might be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.engines.border.queues import TOTAL_ROWS, open_queues
from sim.engines.jit import is_compiled
from sim.engines.kernel import state as fields_of
from sim.engines.kernel.loop import needs_places, run
from sim.engines.kernel.orders import place_opening_orders
from sim.engines.kernel.prepare import grown, open_state, open_tables
from sim.engines.kernel.state import State, Tables
from sim.engines.records import (
    LOAD_FIELDS,
    PASSAGE_FIELDS,
    STAGE_FIELDS,
    USE_FIELDS,
    Ints,
    Rows,
    build_ledger,
    seed_rows,
)
from sim.engines.runnable import lacks_loads, require_runnable
from sim.engines.trial import trial_plan
from sim.ledger.ledger import NOT_YET, Ledger
from sim.plan import Plan

BLOCK_ROWS = 1 << 16  # rows of each kind that are written before they are handed over

_WRITTEN = (fields_of.LOADS_OUT, fields_of.PASSAGES_OUT, fields_of.USES_OUT, fields_of.STAGES_OUT)

Take = Callable[[Rows], None]


@dataclass(frozen=True, slots=True)
class Ending:
    """What is left when a run ends, besides its rows.

    Parameters
    ----------
    stock_left : int64[stocks]
        Units on hand.
    totals : int64[crossings, TOTAL_ROWS, hours]
        Background trucks, in the order of `sim.ledger.ledger.CrossingHours`.
    events : int
        Events taken from the clock; background trucks are none.
    """

    stock_left: Ints
    totals: Ints
    events: int


def simulate(plan: Plan) -> Ledger:
    """Run a plan and keep the whole ledger.

    Parameters
    ----------
    plan : Plan
        Everything decided and drawn; seconds and units, integers throughout.

    Returns
    -------
    Ledger
        What happened before the horizon.

    Raises
    ------
    PlanError
        The plan breaks what engines rely on, or a lane needs more loads than were drawn for it.
    """
    blocks: list[Rows] = []
    ending = stream(plan, blocks.append)
    return build_ledger(plan, blocks, ending.stock_left, ending.totals)


def compile_once(tell: Callable[[str], None] | None = None) -> None:
    """Make sure that machine code is there, and say so where it must be made: that takes some seconds.

    Worker processes that start together would each make it; call this before them.
    """
    if is_compiled(run):
        return
    if tell is not None:
        tell("Compiling the engine, once on this machine ...")
    simulate(trial_plan())


def stream(plan: Plan, take: Take, block_rows: int = BLOCK_ROWS) -> Ending:
    """Run a plan and hand the rows of its ledger over in blocks, in the order in which they are complete.

    Parameters
    ----------
    plan : Plan
    take : callable
        Called with each block of rows, whose arrays are its own; blocks may be of any length.
    block_rows : int
        Rows of each kind that are held before they are handed over.

    Returns
    -------
    Ending

    Raises
    ------
    PlanError
        As `simulate`.
    """
    require_runnable(plan)
    tables, queues = open_tables(plan), open_queues(plan)
    state = open_state(plan, tables, max(1, block_rows))
    status = place_opening_orders(tables, state)
    while status != fields_of.LACKS_LOADS:
        status = run(tables, state, queues)
        if status == fields_of.DONE:
            break
        state = _make_room(state, tables, take)
    if status == fields_of.LACKS_LOADS:
        raise lacks_loads(plan, int(state.counts[fields_of.LACKING_LANE]))
    _hand_over(state, take)
    take(_unfinished(plan, state))
    totals = np.asarray(queues.totals).reshape(len(plan.crossings.ids), TOTAL_ROWS, queues.run_hours)
    return Ending(state.shelves[:, fields_of.ON_HAND].copy(), totals, int(state.counts[fields_of.EVENTS]))


def _make_room(state: State, tables: Tables, take: Take) -> State:
    """Hand over what is written; where that was nothing or places ran short, make the arrays larger."""
    counts = state.counts
    written = sum(int(counts[which]) for which in _WRITTEN)
    _hand_over(state, take)
    if needs_places(tables, state):
        return grown(state)
    if not written:  # a single moment writes more than a block
        blocks = ("loads_out", "passages_out", "uses_out", "stages_out")
        return state._replace(**{name: np.tile(np.empty_like(getattr(state, name)), 2) for name in blocks})
    return state


def _hand_over(state: State, take: Take) -> None:
    counts = state.counts
    written = [int(counts[which]) for which in _WRITTEN]
    blocks = (state.loads_out, state.passages_out, state.uses_out, state.stages_out)
    take(Rows(*(block[:, :rows].copy() for block, rows in zip(blocks, written, strict=True))))
    counts[list(_WRITTEN)] = 0


def _unfinished(plan: Plan, state: State) -> Rows:
    """Loads that exist when the run ends and were not received: accepted orders, and seeds still on their way."""
    pool = state.pool
    alive = pool[(pool[:, fields_of.ROW] != fields_of.NONE) & (pool[:, fields_of.RECEIVED_S] == NOT_YET)]
    alive = alive[alive[:, fields_of.ORDERED_S] != NOT_YET]
    late = plan.seeds.receive_s >= plan.horizon_s
    loads = np.full((LOAD_FIELDS, len(alive) + int(late.sum())), NOT_YET, dtype=np.int32)
    fields = (
        fields_of.ROW,
        fields_of.UNITS,
        fields_of.ORDERED_S,
        fields_of.STARTED_S,
        fields_of.FINISHED_S,
        fields_of.ROUTE,
        fields_of.RECEIVED_S,
    )
    loads[: len(fields), : len(alive)] = alive[:, fields].T
    loads[0, len(alive) :] = seed_rows(plan)[late]
    loads[1, len(alive) :] = plan.seeds.units[late]
    loads[7] = 0
    loads[8, : len(alive)] = alive[:, fields_of.SHIPPED_S]
    nothing = np.empty((0, 0), dtype=np.int32)
    return Rows(loads, *(nothing.reshape(fields, 0) for fields in (PASSAGE_FIELDS, USE_FIELDS, STAGE_FIELDS)))
