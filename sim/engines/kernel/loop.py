"""The clock: events in order until the horizon, or until room runs out.

The loop returns whenever it might run out of room. Who calls it takes the rows written so far, or makes more room, and
calls again: a moment that was interrupted is taken up where it stood.
"""

from __future__ import annotations

from sim.engines.border.queues import Queues
from sim.engines.border.ticks import tick
from sim.engines.jit import inner, rule
from sim.engines.kernel.border import close_lines, grant, look, take_trailer, write_waiting
from sim.engines.kernel.heap import ENTITY_BITS, ENTITY_MASK, PHASE_MASK, SECOND_SHIFT, drop_least, event_key
from sim.engines.kernel.line import start
from sim.engines.kernel.orders import accept
from sim.engines.kernel.pool import ring, ring_start, take_place
from sim.engines.kernel.road import depart, finish, set_off, travel
from sim.engines.kernel.state import (
    BEHIND,
    DEPART,
    DONE,
    DUE,
    ENDLESS,
    EVENTS,
    EXPIRES_S,
    FINISH,
    GRANT,
    LACKING_LANE,
    LACKS_LOADS,
    LOADS_OUT,
    LOOKS,
    MOST_RIDERS,
    NEEDS_ROOM,
    NEXT_EXPIRY_S,
    NEXT_TICK_S,
    NONE,
    ORDER,
    PASSAGES_OUT,
    PENDING,
    PLACES_LEFT,
    RECEIVE,
    ROAD,
    RUNG_EXPIRY_S,
    SCHEDULED_AT,
    SLOT_EXPIRES_S,
    SLOT_KEY,
    SLOT_LANE,
    SLOT_UNITS,
    STAGE,
    STAGES_OUT,
    START,
    YARD_HEAD,
    State,
    Tables,
)
from sim.engines.kernel.stocks import take_in


@inner
def next_scheduled(tb: Tables, st: State) -> int:
    """Key of the next seed or build slot; one after every event if there is none."""
    at = st.counts[SCHEDULED_AT]
    return int(tb.scheduled[at, SLOT_KEY]) if at < len(tb.scheduled) else ENDLESS


@inner
def take_scheduled(row: int, tb: Tables, st: State) -> int:
    """Give the next seed or build slot a place."""
    at = int(st.counts[SCHEDULED_AT])
    st.counts[SCHEDULED_AT] = at + 1
    slot = tb.scheduled[at]
    lane, units = int(slot[SLOT_LANE]), int(slot[SLOT_UNITS])
    return take_place(row, lane, units, int(slot[SLOT_EXPIRES_S]), st)


@inner
def ring_slot(recipe: int, expires_s: int, t: int, tb: Tables, st: State) -> None:
    """Ask for the start clerk when a slot is due, and when it expires."""
    line = st.recipes[recipe]
    ring_start(recipe, t, st)
    if t < expires_s < tb.horizon_s and line[RUNG_EXPIRY_S] != expires_s:
        line[RUNG_EXPIRY_S] = expires_s
        ring(expires_s, START, recipe, st)
    if expires_s < line[NEXT_EXPIRY_S]:
        line[NEXT_EXPIRY_S] = expires_s


@inner
def needs_places(tb: Tables, st: State) -> bool:
    """Whether one event might find the pool or the heap full."""
    counts = st.counts
    at_once = max(tb.most_orders, int(counts[MOST_RIDERS]))  # an order calls for loads, a truck brings its riders
    return bool(counts[PLACES_LEFT] <= tb.most_orders or counts[PENDING] + at_once + 2 >= st.heap.size)


@inner
def has_room(tb: Tables, st: State) -> bool:
    """Whether any one event (a start looks for itself) can be taken without running out of room."""
    counts = st.counts
    riders = 1 + counts[MOST_RIDERS]
    has_rows = (
        counts[LOADS_OUT] < st.loads_out.shape[1]
        and counts[STAGES_OUT] + riders <= st.stages_out.shape[1]
        and counts[PASSAGES_OUT] + tb.most_passages * riders <= st.passages_out.shape[1]
    )
    return bool(has_rows and not needs_places(tb, st))


@rule
def close_yards(tb: Tables, st: State) -> bool:
    """When the run ends, write what is known of trailers that still wait for a tractor. False if room is short."""
    for k in range(tb.crossings):
        while st.yards[k, YARD_HEAD] != NONE:
            if not has_room(tb, st):
                return False
            place = int(st.yards[k, YARD_HEAD])
            write_waiting(place, tb, st)
            st.yards[k, YARD_HEAD] = st.pool[place, BEHIND]
    return True


@rule
def run(tb: Tables, st: State, queues: Queues) -> int:
    """Let events happen in order until the horizon, or until room or drawn loads run out."""
    counts, heap = st.counts, st.heap
    end = event_key(tb.horizon_s, 0, 0)
    while counts[LACKING_LANE] == NONE:
        if not has_room(tb, st):
            return NEEDS_ROOM
        scheduled = next_scheduled(tb, st)
        pending = int(heap[0]) if counts[PENDING] > 0 else ENDLESS
        key = scheduled if scheduled < pending else pending
        while counts[NEXT_TICK_S] < tb.horizon_s and event_key(counts[NEXT_TICK_S], 0, 0) <= key:
            tick(counts[NEXT_TICK_S], tb.crossings, queues)
            counts[NEXT_TICK_S] += tb.posting_s
        if key >= end:
            if not close_yards(tb, st):
                return NEEDS_ROOM
            close_lines(tb, queues)
            return DONE
        counts[EVENTS] += 1
        t, phase, entity = key >> SECOND_SHIFT, (key >> ENTITY_BITS) & PHASE_MASK, key & ENTITY_MASK
        if scheduled < pending:
            place = take_scheduled(entity, tb, st)
        else:
            drop_least(heap, counts[PENDING])
            counts[PENDING] -= 1
            place = int(st.place_of_row[entity]) if phase not in (START, DEPART) else NONE
        if phase == START:
            if not start(entity, t, tb, st):
                ring_start(entity, t, st)
                counts[EVENTS] -= 1
                return NEEDS_ROOM
        elif phase == RECEIVE:
            take_in(place, t, tb, st)
        elif phase == ROAD:
            take_trailer(place, t, tb, st, queues)
        elif phase in (DUE, ORDER):
            recipe = accept(place, t, tb, st)
            if phase == DUE:
                ring_slot(recipe, int(st.pool[place, EXPIRES_S]), t, tb, st)
            else:
                ring_start(recipe, t + 1, st)
        else:
            on = t
            if phase == GRANT:
                on = grant(place, t, tb, st, queues)
            elif phase == FINISH and st.pool[place, STAGE] == LOOKS:
                on = look(place, t, tb, st, queues)
            else:
                place = depart(entity, st) if phase == DEPART else finish(place, t, tb, st)
                if place == NONE:
                    continue
                set_off(place, t, tb, st, queues)
            if on < tb.horizon_s:
                travel(place, on, tb, st, queues)
    return LACKS_LOADS
