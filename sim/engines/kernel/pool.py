"""Places of loads in the pool, rows of the ledger in their blocks, and events that are asked for."""

from __future__ import annotations

from sim.engines.jit import inner
from sim.engines.kernel.heap import event_key, lift
from sim.engines.kernel.state import (
    ARRIVED_S,
    EXPIRES_S,
    FINISHED_S,
    FREE_PLACE,
    LANE,
    LOADS_OUT,
    NEXT,
    NONE,
    ORDERED_S,
    PASSAGES_OUT,
    PENDING,
    PLACES_LEFT,
    POSITION,
    RECEIVED_S,
    ROUTE,
    ROW,
    RUNG_S,
    SHIPPED_S,
    STAGES_OUT,
    START,
    STARTED_S,
    UNITS,
    USES_OUT,
    State,
)
from sim.ledger.ledger import NOT_YET


@inner
def take_place(row: int, lane: int, units: int, expires_s: int, st: State) -> int:
    """Give a load a place in the pool."""
    counts, pool = st.counts, st.pool
    place = int(counts[FREE_PLACE])
    counts[FREE_PLACE] = pool[place, NEXT]
    counts[PLACES_LEFT] -= 1
    pool[place, ROW], pool[place, LANE], pool[place, UNITS] = row, lane, units
    pool[place, ORDERED_S], pool[place, STARTED_S] = NOT_YET, NOT_YET
    pool[place, FINISHED_S], pool[place, RECEIVED_S] = NOT_YET, NOT_YET
    pool[place, SHIPPED_S] = NOT_YET
    pool[place, ROUTE], pool[place, POSITION] = NONE, 0
    pool[place, EXPIRES_S], pool[place, NEXT] = expires_s, NONE
    st.place_of_row[row] = place
    return place


@inner
def leave_place(place: int, st: State) -> None:
    """Give a place back."""
    st.pool[place, ROW] = NONE
    st.pool[place, NEXT] = st.counts[FREE_PLACE]
    st.counts[FREE_PLACE] = place
    st.counts[PLACES_LEFT] += 1


@inner
def ring(second: int, phase: int, entity: int, st: State) -> None:
    """Let an event happen."""
    pending = st.counts[PENDING]
    lift(event_key(second, phase, entity), st.heap, pending)
    st.counts[PENDING] = pending + 1


@inner
def ring_start(recipe: int, second: int, st: State) -> None:
    """Ask for the start clerk of a recipe; asking twice for a second does no harm and is spared where it can be."""
    if st.recipes[recipe, RUNG_S] != second:
        st.recipes[recipe, RUNG_S] = second
        ring(second, START, recipe, st)


@inner
def write_load(place: int, is_lost: int, st: State) -> None:
    """Write the row of a load that is received or lost."""
    load, out = st.pool[place], st.loads_out
    at = st.counts[LOADS_OUT]
    out[0, at], out[1, at], out[2, at] = load[ROW], load[UNITS], load[ORDERED_S]
    out[3, at], out[4, at], out[5, at] = load[STARTED_S], load[FINISHED_S], load[ROUTE]
    out[6, at], out[7, at], out[8, at] = load[RECEIVED_S], is_lost, load[SHIPPED_S]
    st.counts[LOADS_OUT] = at + 1


@inner
def write_passage(
    place: int, crossing: int, joined: int, started: int, cleared: int, left: int, used_fast: int, st: State
) -> None:
    """Write the passage of a truck for all who ride on it, once all is known that the run will know."""
    pool, out = st.pool, st.passages_out
    at, rider = int(st.counts[PASSAGES_OUT]), place
    while rider != NONE:
        out[0, at], out[1, at], out[2, at] = pool[rider, ROW], pool[place, POSITION], crossing
        out[3, at], out[4, at], out[5, at] = pool[place, ARRIVED_S], joined, started
        out[6, at], out[7, at], out[8, at] = cleared, left, used_fast
        out[9, at] = pool[place, ROW]
        at += 1
        rider = int(pool[rider, NEXT])
    st.counts[PASSAGES_OUT] = at


@inner
def write_stage(place: int, stage: int, joined: int, started: int, cleared: int, st: State) -> None:
    """Write a line that a truck passed besides that of the booths, for all who ride on it."""
    pool, out = st.pool, st.stages_out
    at, rider = int(st.counts[STAGES_OUT]), place
    while rider != NONE:
        out[0, at], out[1, at], out[2, at] = pool[rider, ROW], pool[place, POSITION], stage
        out[3, at], out[4, at], out[5, at] = joined, started, cleared
        at += 1
        rider = int(pool[rider, NEXT])
    st.counts[STAGES_OUT] = at


@inner
def write_use(source: int, consumer: int, stock: int, units: int, st: State) -> None:
    """Write what an order took of a lot."""
    out = st.uses_out
    at = st.counts[USES_OUT]
    out[0, at], out[1, at], out[2, at], out[3, at] = source, consumer, stock, units
    st.counts[USES_OUT] = at + 1
