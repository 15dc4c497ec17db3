"""The road: a load is shipped, chooses its route, passes legs and crossings, and arrives."""

from __future__ import annotations

from sim.engines.jit import inner, rule
from sim.engines.kernel.pool import ring, ring_start, write_passage
from sim.engines.kernel.state import (
    ARRIVED_S,
    DEPART,
    FINISHED_S,
    GRANT,
    LANE,
    MOST_RIDERS,
    NEXT,
    NONE,
    POSITION,
    RECEIVE,
    ROUTE,
    ROW,
    SHIPPED_S,
    State,
    Tables,
)
from sim.engines.queue import POST, POSTED_STANDARD, SERVE, STATE_FIELDS, Queues, is_posted, pass_trucks
from sim.engines.rules import is_worth_diverting, leg_seconds, next_departure
from sim.ledger.ledger import NOT_YET
from sim.plan import NEVER


@inner
def first_draws(place: int, route: int, tb: Tables, st: State) -> tuple[int, int]:
    """Where the draws of a load on a route begin: those of its legs, those of its passages."""
    lane = int(st.pool[place, LANE])
    n = int(st.pool[place, ROW] - tb.load_first[lane])
    leg_draw = tb.leg_draw_first[lane] + n * tb.leg_columns[lane] + tb.leg_column[route]
    draw = tb.passage_draw_first[lane] + n * tb.passage_columns[lane] + tb.passage_column[route]
    return int(leg_draw), int(draw)


@inner
def estimate_s(place: int, route: int, t: int, tb: Tables, st: State, queues: Queues) -> int:
    """Seconds that a route takes by what is known at second `t`: nominal time and the waits now posted."""
    estimate = int(tb.nominal_s[route])
    _, draw = first_draws(place, route, tb, st)
    for passage in range(tb.passage_first[route], tb.passage_first[route + 1]):
        k = int(tb.crossing[passage])
        if tb.is_queued[k] != 0:
            if not is_posted(k, t, queues):
                pass_trucks(k, t, POST, 0, 0, 0, queues)
            estimate += int(queues.state[k * STATE_FIELDS + POSTED_STANDARD + tb.is_fast[draw]])
        draw += 1
    return estimate


@inner
def is_short(lane: int, tb: Tables, st: State) -> bool:
    """Whether the stock that a lane feeds foresees a shortage."""
    stock = int(tb.stock[lane])
    return bool(stock >= 0 and st.on_hand[stock] <= tb.alarm_units[stock])


@rule
def choose_route(place: int, t: int, tb: Tables, st: State, queues: Queues) -> int:
    """The route of a truck that a load leads at `t`.

    The usual one, unless the quickest by the waits now posted saves enough; where a shortage is foreseen the first
    expedite route that is quicker than that.
    """
    lane = int(st.pool[place, LANE])
    first, urgent, last = int(tb.route_first[lane]), int(tb.urgent_first[lane]), int(tb.route_first[lane + 1])
    is_urgent = urgent < last and is_short(lane, tb, st)
    if urgent - first == 1 and not is_urgent:
        return first
    usual_s = estimate_s(place, first, t, tb, st, queues)
    best, best_s = first, usual_s
    for route in range(first + 1, urgent):
        route_s = estimate_s(place, route, t, tb, st, queues)
        if route_s < best_s:
            best, best_s = route, route_s
    if not is_worth_diverting(usual_s, best_s, int(tb.divert_s[st.pool[place, ROW]])):
        best, best_s = first, usual_s
    if is_urgent:
        for route in range(urgent, last):
            if estimate_s(place, route, t, tb, st, queues) < best_s:
                return route
    return best


@inner
def after_s(draw: int, tb: Tables) -> int:
    """Seconds from the booth to the road again."""
    return int(tb.scan_s[draw]) + int(tb.exam_s[draw]) + int(tb.hold_s[draw]) + int(tb.inspection_s[draw])


@inner
def ring_receipts(place: int, t: int, st: State) -> None:
    """Let all who ride on a truck be received, each in its turn among the receipts of the second."""
    rider = place
    while rider != NONE:
        ring(t, RECEIVE, int(st.pool[rider, ROW]), st)
        rider = int(st.pool[rider, NEXT])


@inner
def within(t: int, horizon_s: int) -> int:
    """A second as the ledger tells it: what lies beyond the horizon did not come."""
    return t if t < horizon_s else NOT_YET


@inner
def travel(place: int, t: int, tb: Tables, st: State) -> None:
    """Send a truck on its way at second `t`, to the next queue or to the end."""
    pool = st.pool
    route = int(pool[place, ROUTE])
    leg_draw, draw = first_draws(place, route, tb, st)
    while True:
        position = int(pool[place, POSITION])
        t += leg_seconds(int(tb.leg_s[tb.leg_first[route] + position]), int(tb.transit_ppm[leg_draw + position]))
        if t >= tb.horizon_s:
            return
        passage = tb.passage_first[route] + position
        if passage == tb.passage_first[route + 1]:
            ring_receipts(place, t, st)
            return
        k = int(tb.crossing[passage])
        pool[place, ARRIVED_S] = t
        joined = t + int(tb.before_s[draw + position]) + int(tb.approach_s[k])
        if joined >= tb.horizon_s:
            write_passage(place, k, NOT_YET, NOT_YET, NOT_YET, NOT_YET, 0, st)
            return
        if tb.is_queued[k] != 0:
            ring(joined, GRANT, int(pool[place, ROW]), st)
            return
        left = joined + after_s(draw + position, tb)
        write_passage(place, k, joined, joined, joined, within(left, tb.horizon_s), 0, st)
        if left >= tb.horizon_s:
            return
        pool[place, POSITION] = position + 1
        t = left


@inner
def grant(place: int, t: int, tb: Tables, st: State, queues: Queues) -> int:
    """Booth clerk: pass a truck that joined its queue at `t`; the second at which it goes on."""
    pool = st.pool
    route, position = int(pool[place, ROUTE]), int(pool[place, POSITION])
    k = int(tb.crossing[tb.passage_first[route] + position])
    _, draw = first_draws(place, route, tb, st)
    draw += position
    started, cleared, used_fast = pass_trucks(
        k, t, SERVE, int(tb.is_fast[draw]), int(tb.standard_s[draw]), int(tb.fast_s[draw]), queues
    )
    left = cleared + after_s(draw, tb)
    end = tb.horizon_s
    used_fast = used_fast if started < end else 0
    write_passage(place, k, t, within(started, end), within(cleared, end), within(left, end), used_fast, st)
    pool[place, POSITION] = position + 1
    return left


@inner
def finish(place: int, t: int, tb: Tables, st: State, queues: Queues) -> int:
    """The work on a load is done: its line is free, the load is shipped or waits; the second at which it goes on."""
    recipe = int(tb.maker[st.pool[place, LANE]])
    st.pool[place, FINISHED_S] = t
    st.free_lines[recipe] += 1
    if st.queued[recipe] > 0:
        ring_start(recipe, t, st)
    run = int(tb.run[st.pool[place, LANE]])
    if run >= 0:
        put_on_dock(place, run, t, tb, st)
        return NEVER
    st.pool[place, SHIPPED_S] = t
    st.pool[place, ROUTE] = choose_route(place, t, tb, st, queues)
    return t


@inner
def put_on_dock(place: int, run: int, t: int, tb: Tables, st: State) -> None:
    """Let a load wait for the next departure of its run; the one with the least row stands first."""
    pool, first = st.pool, int(st.dock[run])
    st.docked[run] += 1
    if st.docked[run] > st.counts[MOST_RIDERS]:
        st.counts[MOST_RIDERS] = st.docked[run]
    if first == NONE:
        last = int(tb.depart_first[run + 1])
        at = next_departure(t, int(tb.depart_first[run]), last, tb.depart_s)
        if at < last and tb.depart_s[at] < tb.horizon_s:
            ring(int(tb.depart_s[at]), DEPART, run, st)
    if first == NONE or pool[place, ROW] < pool[first, ROW]:
        pool[place, NEXT] = first
        st.dock[run] = place
    else:
        pool[place, NEXT] = pool[first, NEXT]
        pool[first, NEXT] = place


@inner
def depart(run: int, t: int, tb: Tables, st: State, queues: Queues) -> int:
    """A milk run leaves with all that stands on its dock; the place of the load that leads."""
    pool, leader = st.pool, int(st.dock[run])
    st.dock[run], st.docked[run] = NONE, 0
    way = choose_route(leader, t, tb, st, queues) - int(tb.route_first[pool[leader, LANE]])
    rider = leader
    while rider != NONE:
        pool[rider, SHIPPED_S] = t
        pool[rider, ROUTE] = tb.route_first[pool[rider, LANE]] + way
        rider = int(pool[rider, NEXT])
    return leader
