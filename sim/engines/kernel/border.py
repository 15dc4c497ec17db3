"""The border for our trucks: trailers wait for tractors, trucks join one line after the other, and go on."""

from __future__ import annotations

from sim.engines.border.bays import inspect, is_sent
from sim.engines.border.booths import pass_trucks
from sim.engines.border.elsewhere import turn_round
from sim.engines.border.queues import (
    APPROACH_S,
    MERGE,
    N_BAYS,
    N_MODULES,
    N_STANDARD,
    N_TRACTORS,
    OVER_FIRST,
    OVER_LAST,
    SERVE,
    STATE_FIELDS,
    Queues,
)
from sim.engines.border.ticks import opening
from sim.engines.border.tractors import back_s, set_out
from sim.engines.jit import inner, rule
from sim.engines.kernel.pool import ring, write_passage, write_stage
from sim.engines.kernel.state import (
    ARRIVED_S,
    BAYS,
    BEHIND,
    BOOTH_S,
    CLEARED_S,
    FINISH,
    GATE,
    GRANT,
    IS_THROUGH,
    JOINED_S,
    LANE,
    LEG_COLUMN,
    LEG_COLUMNS,
    LEG_DRAW_FIRST,
    LINE,
    LOAD_FIRST,
    LOOKS,
    NONE,
    PASSAGE_COLUMN,
    PASSAGE_COLUMNS,
    PASSAGE_DRAW_FIRST,
    POSITION,
    READY,
    ROAD,
    ROUTE,
    ROW,
    STAGE,
    USED_FAST,
    WAITING,
    YARD_HEAD,
    YARD_TAIL,
    State,
    Tables,
)
from sim.ledger.ledger import EXPORT, INSPECTION, NOT_YET, TRACTOR
from sim.plan import NEVER


@inner
def first_draws(place: int, route: int, tb: Tables, st: State) -> tuple[int, int]:
    """Where the draws of a load on a route begin: those of its legs, those of its passages."""
    lane = int(st.pool[place, LANE])
    n = int(st.pool[place, ROW] - tb.lanes[lane, LOAD_FIRST])
    leg_draw = tb.lanes[lane, LEG_DRAW_FIRST] + n * tb.lanes[lane, LEG_COLUMNS] + tb.routes[route, LEG_COLUMN]
    draw = tb.lanes[lane, PASSAGE_DRAW_FIRST] + n * tb.lanes[lane, PASSAGE_COLUMNS] + tb.routes[route, PASSAGE_COLUMN]
    return int(leg_draw), int(draw)


@inner
def passage_of(place: int, tb: Tables, st: State) -> tuple[int, int]:
    """The crossing at which a truck is, and its draw there."""
    route, position = int(st.pool[place, ROUTE]), int(st.pool[place, POSITION])
    _, draw = first_draws(place, route, tb, st)
    return int(st.pool[place, GATE]), draw + position


@inner
def within(t: int, horizon_s: int) -> int:
    """A second as the ledger tells it: what lies beyond the horizon did not come."""
    return t if t < horizon_s else NOT_YET


@inner
def dwell(place: int, yard_s: int, tb: Tables, st: State) -> int:
    """Seconds that a trailer stands in a yard: none where its truck is driven through."""
    return 0 if tb.routes[st.pool[place, ROUTE], IS_THROUGH] else yard_s


@inner
def come(place: int, k: int, draw: int, t: int, tb: Tables, st: State, queues: Queues) -> int:
    """A truck comes to a crossing at `t`; the second at which it goes on, NEVER where something must happen first.

    Where the crossing has substitutes, the truck sees at `t` whether to turn round.
    """
    pool = st.pool
    pool[place, GATE], pool[place, ARRIVED_S] = k, t
    own = k * STATE_FIELDS
    if queues.state[own + OVER_FIRST] == queues.state[own + OVER_LAST]:
        return arrive(place, k, draw, t, tb, st, queues)
    pool[place, STAGE] = LOOKS
    ring(t, FINISH, int(pool[place, ROW]), st)
    return NEVER


@rule
def look(place: int, t: int, tb: Tables, st: State, queues: Queues) -> int:
    """A truck stays at its crossing, or turns round to a substitute; the second at which it goes on, or NEVER."""
    pool = st.pool
    k, draw = passage_of(place, tb, st)
    pool[place, STAGE] = LINE
    over = turn_round(k, int(tb.is_fast[draw]), int(tb.divert_s[pool[place, ROW]]), queues)
    if over != NONE:
        k, t = int(queues.over_crossing[over]), t + int(queues.travel_s[over])
        if t >= tb.horizon_s:
            return NEVER
        pool[place, GATE], pool[place, ARRIVED_S] = k, t
    return arrive(place, k, draw, t, tb, st, queues)


@inner
def arrive(place: int, k: int, draw: int, t: int, tb: Tables, st: State, queues: Queues) -> int:
    """A truck reaches a crossing at `t`; the second at which it goes on, NEVER where a line must be joined first."""
    ready = t + dwell(place, int(tb.yard_s[draw]), tb, st) + int(tb.before_s[draw])
    if queues.state[k * STATE_FIELDS + N_TRACTORS] == 0:
        return line_up(place, k, draw, ready, tb, st, queues)
    if ready < tb.horizon_s:
        st.pool[place, STAGE], st.pool[place, JOINED_S] = READY, ready
        ring(ready, ROAD, int(st.pool[place, ROW]), st)
    else:
        write_passage(place, k, NOT_YET, NOT_YET, NOT_YET, NOT_YET, 0, st)
    return NEVER


@rule
def take_trailer(place: int, t: int, tb: Tables, st: State, queues: Queues) -> None:
    """A trailer comes to the end of its yard's line, or a tractor is back: the first in line goes if one is there."""
    pool = st.pool
    k, _ = passage_of(place, tb, st)
    if pool[place, STAGE] == READY:
        pool[place, STAGE], pool[place, BEHIND] = WAITING, NONE
        if st.yards[k, YARD_HEAD] == NONE:
            st.yards[k, YARD_HEAD] = place
        else:
            pool[st.yards[k, YARD_TAIL], BEHIND] = place
            if back_s(k, queues) > t:
                st.yards[k, YARD_TAIL] = place
                return
        st.yards[k, YARD_TAIL] = place
    elif st.yards[k, YARD_HEAD] != place:  # it has gone with another tractor that was back in this second
        return
    first = int(st.yards[k, YARD_HEAD])
    if back_s(k, queues) <= t:
        st.yards[k, YARD_HEAD] = pool[first, BEHIND]
        _, draw = passage_of(first, tb, st)
        set_out(k, t, int(tb.is_fast[draw]), queues)
        write_stage(first, TRACTOR, int(pool[first, JOINED_S]), t, t, st)
        line_up(first, k, draw, t, tb, st, queues)
        first = int(st.yards[k, YARD_HEAD])
    if first != NONE:
        back = back_s(k, queues)
        if back < tb.horizon_s:
            ring(back if back > t else t, ROAD, int(pool[first, ROW]), st)


@rule
def line_up(place: int, k: int, draw: int, t: int, tb: Tables, st: State, queues: Queues) -> int:
    """A truck sets out at `t` for the first line of a crossing; when it goes on, NEVER where it lines up."""
    own = k * STATE_FIELDS
    joined = t if queues.state[own + N_MODULES] > 0 else t + int(queues.state[own + APPROACH_S])
    if joined >= tb.horizon_s:
        st.pool[place, STAGE] = LINE
        write_passage(place, k, NOT_YET, NOT_YET, NOT_YET, NOT_YET, 0, st)
        return NEVER
    if queues.state[own + N_STANDARD] > 0:
        st.pool[place, STAGE] = LINE
        ring(joined, GRANT, int(st.pool[place, ROW]), st)
        return NEVER
    opens = opening(k, joined, queues)
    return after_booths(place, k, draw, joined, opens, opens, 0, tb, st, queues)


@inner
def grant(place: int, t: int, tb: Tables, st: State, queues: Queues) -> int:
    """A truck joins the first line of a crossing, or that of its bays, at `t`; the second at which it goes on."""
    k, draw = passage_of(place, tb, st)
    if st.pool[place, STAGE] == BAYS:
        return inspect_ours(place, k, draw, t, tb, st, queues)
    checked, joined, started, cleared, used_fast = pass_trucks(
        k, t, SERVE, int(tb.is_fast[draw]), int(tb.standard_s[draw]), int(tb.fast_s[draw]), queues
    )
    end = tb.horizon_s
    own = k * STATE_FIELDS
    if queues.state[own + N_MODULES] > 0:
        done = joined - int(queues.state[own + APPROACH_S])
        write_stage(place, EXPORT, t, within(checked, end), within(done, end), st)
    used_fast = used_fast if started < end else 0
    return after_booths(place, k, draw, joined, started, cleared, used_fast, tb, st, queues)


@inner
def after_booths(
    place: int,
    k: int,
    draw: int,
    joined: int,
    started: int,
    cleared: int,
    used_fast: int,
    tb: Tables,
    st: State,
    queues: Queues,
) -> int:
    """A truck has passed the booths; after scan, exam and hold it is inspected or not; when it goes on."""
    pool, end = st.pool, tb.horizon_s
    t = cleared + int(tb.scan_s[draw]) + int(tb.exam_s[draw]) + int(tb.hold_s[draw])
    left = t + dwell(place, int(tb.beyond_s[draw]), tb, st)
    if t < end and is_sent(k, t, int(tb.lot_bp[draw]), queues):
        if queues.state[k * STATE_FIELDS + N_BAYS] > 0:
            pool[place, STAGE], pool[place, JOINED_S], pool[place, BOOTH_S] = BAYS, joined, started
            pool[place, CLEARED_S], pool[place, USED_FAST] = cleared, used_fast
            ring(t, GRANT, int(pool[place, ROW]), st)
            return NEVER
        left += int(tb.inspection_s[draw])
    write_passage(
        place, k, within(joined, end), within(started, end), within(cleared, end), within(left, end), used_fast, st
    )
    pool[place, POSITION] += 1
    return left


@rule
def inspect_ours(place: int, k: int, draw: int, t: int, tb: Tables, st: State, queues: Queues) -> int:
    """A truck joins the bays at `t`; the second at which it goes on."""
    pool, end = st.pool, tb.horizon_s
    pass_trucks(k, t, MERGE, 0, 0, 0, queues)
    begins, ends = inspect(k, t, int(tb.inspection_s[draw]), queues)
    write_stage(place, INSPECTION, t, within(begins, end), within(ends, end), st)
    left = ends + dwell(place, int(tb.beyond_s[draw]), tb, st)
    joined, started, cleared = int(pool[place, JOINED_S]), int(pool[place, BOOTH_S]), int(pool[place, CLEARED_S])
    write_passage(place, k, joined, started, cleared, within(left, end), int(pool[place, USED_FAST]), st)
    pool[place, POSITION] += 1
    return left


@rule
def close_lines(tb: Tables, queues: Queues) -> None:
    """When the run ends, pass other people's trucks up to the horizon."""
    for k in range(tb.crossings):
        if queues.state[k * STATE_FIELDS + N_STANDARD] > 0:
            pass_trucks(k, tb.horizon_s, MERGE, 0, 0, 0, queues)


@rule
def write_waiting(place: int, tb: Tables, st: State) -> None:
    """Write what is known of a trailer that still waits for a tractor when the run ends."""
    k, _ = passage_of(place, tb, st)
    write_stage(place, TRACTOR, int(st.pool[place, JOINED_S]), NOT_YET, NOT_YET, st)
    write_passage(place, k, NOT_YET, NOT_YET, NOT_YET, NOT_YET, 0, st)
