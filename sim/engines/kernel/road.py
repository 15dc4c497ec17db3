"""The road: a load is shipped, chooses its route, passes legs and crossings, and arrives."""

from __future__ import annotations

from sim.engines.border.queues import POSTED_STANDARD, STATE_FIELDS, Queues
from sim.engines.jit import inner
from sim.engines.kernel.border import come, first_draws
from sim.engines.kernel.pool import ring, ring_start
from sim.engines.kernel.state import (
    DEPART,
    FINISHED_S,
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
from sim.engines.rules import is_worth_diverting, lasts_s, leg_seconds, next_departure
from sim.plan import NEVER


@inner
def estimate_s(place: int, route: int, tb: Tables, st: State, queues: Queues) -> int:
    """Seconds that a route takes by what is known: nominal time and the waits now posted."""
    estimate = int(tb.nominal_s[route])
    _, draw = first_draws(place, route, tb, st)
    for passage in range(tb.passage_first[route], tb.passage_first[route + 1]):
        own = int(tb.crossing[passage]) * STATE_FIELDS
        estimate += int(queues.state[own + POSTED_STANDARD + int(tb.is_fast[draw])])
        draw += 1
    return estimate


@inner
def fed_lasts_s(lane: int, tb: Tables, st: State) -> int:
    """Seconds for which the stock that a lane feeds lasts where it foresees a shortage; -1 where it does not."""
    stock = int(tb.stock[lane])
    if stock < 0:
        return -1
    return lasts_s(int(st.on_hand[stock]), int(tb.alarm_units[stock]), int(tb.alarm_s[stock]))


@inner
def choose_route(place: int, tb: Tables, st: State, queues: Queues) -> int:
    """The route of a truck that a load leads.

    The usual one, unless the quickest by the waits now posted saves enough. Where a shortage is foreseen and that would
    come too late, the first expedite route that does not, or the quickest.
    """
    lane = int(st.pool[place, LANE])
    first, urgent, last = int(tb.route_first[lane]), int(tb.urgent_first[lane]), int(tb.route_first[lane + 1])
    patience_s = fed_lasts_s(lane, tb, st) if urgent < last else -1
    if urgent - first == 1 and patience_s < 0:
        return first
    usual_s = estimate_s(place, first, tb, st, queues)
    best, best_s = first, usual_s
    for route in range(first + 1, urgent):
        route_s = estimate_s(place, route, tb, st, queues)
        if route_s < best_s:
            best, best_s = route, route_s
    if not is_worth_diverting(usual_s, best_s, int(tb.divert_s[st.pool[place, ROW]])):
        best, best_s = first, usual_s
    if patience_s < 0:
        return best
    for route in range(urgent, last):
        if best_s <= patience_s:
            break
        way_s = estimate_s(place, route, tb, st, queues)
        if way_s < best_s:
            best, best_s = route, way_s
    return best


@inner
def ring_receipts(place: int, t: int, st: State) -> None:
    """Let all who ride on a truck be received, each in its turn among the receipts of the second."""
    rider = place
    while rider != NONE:
        ring(t, RECEIVE, int(st.pool[rider, ROW]), st)
        rider = int(st.pool[rider, NEXT])


@inner
def travel(place: int, t: int, tb: Tables, st: State, queues: Queues) -> None:
    """Send a truck on its way at second `t`, to the next line or to the end."""
    pool = st.pool
    route = int(pool[place, ROUTE])
    leg_draw, draw = first_draws(place, route, tb, st)
    while t < tb.horizon_s:
        position = int(pool[place, POSITION])
        t += leg_seconds(int(tb.leg_s[tb.leg_first[route] + position]), int(tb.transit_ppm[leg_draw + position]))
        if t >= tb.horizon_s:
            return
        passage = tb.passage_first[route] + position
        if passage == tb.passage_first[route + 1]:
            ring_receipts(place, t, st)
            return
        t = come(place, int(tb.crossing[passage]), draw + position, t, tb, st, queues)


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
    st.pool[place, ROUTE] = choose_route(place, tb, st, queues)
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
    way = choose_route(leader, tb, st, queues) - int(tb.route_first[pool[leader, LANE]])
    rider = leader
    while rider != NONE:
        pool[rider, SHIPPED_S] = t
        pool[rider, ROUTE] = tb.route_first[pool[rider, LANE]] + way
        rider = int(pool[rider, NEXT])
    return leader
