"""The road: a load is shipped, chooses its route, passes legs and crossings, and arrives."""

from __future__ import annotations

from sim.engines.border.queues import POSTED_STANDARD, STATE_FIELDS, Queues
from sim.engines.jit import inner
from sim.engines.kernel.border import come, first_draws
from sim.engines.kernel.pool import ring, ring_start
from sim.engines.kernel.state import (
    ALARM_S,
    ALARM_UNITS,
    DEPART,
    DOCKED,
    FINISHED_S,
    FREE_LINES,
    LANE,
    LEADER,
    LEG_FIRST,
    MAKER,
    MOST_RIDERS,
    NEXT,
    NOMINAL_S,
    NONE,
    ON_HAND,
    PASSAGE_FIRST,
    POSITION,
    QUEUED,
    RECEIVE,
    ROUTE,
    ROUTE_FIRST,
    ROW,
    RUN,
    SHIPPED_S,
    STOCK,
    URGENT_FIRST,
    State,
    Tables,
)
from sim.engines.rules import is_worth_diverting, lasts_s, leg_seconds, next_departure


@inner
def estimate_s(place: int, route: int, tb: Tables, st: State, queues: Queues) -> int:
    """Seconds that a route takes by what is known: nominal time and the waits now posted."""
    estimate = int(tb.routes[route, NOMINAL_S])
    _, draw = first_draws(place, route, tb, st)
    for passage in range(tb.routes[route, PASSAGE_FIRST], tb.routes[route + 1, PASSAGE_FIRST]):
        own = int(tb.crossing[passage]) * STATE_FIELDS
        estimate += int(queues.state[own + POSTED_STANDARD + int(tb.is_fast[draw])])
        draw += 1
    return estimate


@inner
def fed_lasts_s(lane: int, tb: Tables, st: State) -> int:
    """Seconds for which the stock that a lane feeds lasts where it foresees a shortage; -1 where it does not."""
    stock = int(tb.lanes[lane, STOCK])
    if stock < 0:
        return -1
    return lasts_s(int(st.shelves[stock, ON_HAND]), int(tb.stocks[stock, ALARM_UNITS]), int(tb.stocks[stock, ALARM_S]))


@inner
def choose_route(place: int, tb: Tables, st: State, queues: Queues) -> int:
    """The route of a truck that a load leads.

    The usual one, unless the quickest by the waits now posted saves enough. Where a shortage is foreseen and that would
    come too late, the first expedite route that does not, or the quickest.
    """
    lane = int(st.pool[place, LANE])
    first, urgent, last = (
        int(tb.lanes[lane, ROUTE_FIRST]),
        int(tb.lanes[lane, URGENT_FIRST]),
        int(tb.lanes[lane + 1, ROUTE_FIRST]),
    )
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
        t += leg_seconds(
            int(tb.leg_s[tb.routes[route, LEG_FIRST] + position]), int(tb.transit_ppm[leg_draw + position])
        )
        if t >= tb.horizon_s:
            return
        passage = tb.routes[route, PASSAGE_FIRST] + position
        if passage == tb.routes[route + 1, PASSAGE_FIRST]:
            ring_receipts(place, t, st)
            return
        t = come(place, int(tb.crossing[passage]), draw + position, t, tb, st, queues)


@inner
def finish(place: int, t: int, tb: Tables, st: State) -> int:
    """The work on a load is done and its line is free; the load if it sets off, NONE if it waits for its milk run."""
    recipe = int(tb.lanes[st.pool[place, LANE], MAKER])
    st.pool[place, FINISHED_S] = t
    st.recipes[recipe, FREE_LINES] += 1
    if st.recipes[recipe, QUEUED] > 0:
        ring_start(recipe, t, st)
    run = int(tb.lanes[st.pool[place, LANE], RUN])
    if run >= 0:
        put_on_dock(place, run, t, tb, st)
        return NONE
    return place


@inner
def put_on_dock(place: int, run: int, t: int, tb: Tables, st: State) -> None:
    """Let a load wait for the next departure of its run; the one with the least row stands first."""
    pool, first = st.pool, int(st.docks[run, LEADER])
    st.docks[run, DOCKED] += 1
    if st.docks[run, DOCKED] > st.counts[MOST_RIDERS]:
        st.counts[MOST_RIDERS] = st.docks[run, DOCKED]
    if first == NONE:
        last = int(tb.depart_first[run + 1])
        at = next_departure(t, int(tb.depart_first[run]), last, tb.depart_s)
        if at < last and tb.depart_s[at] < tb.horizon_s:
            ring(int(tb.depart_s[at]), DEPART, run, st)
    if first == NONE or pool[place, ROW] < pool[first, ROW]:
        pool[place, NEXT] = first
        st.docks[run, LEADER] = place
    else:
        pool[place, NEXT] = pool[first, NEXT]
        pool[first, NEXT] = place


@inner
def depart(run: int, st: State) -> int:
    """All that stands on the dock of a milk run leaves; the load that leads."""
    leader = int(st.docks[run, LEADER])
    st.docks[run, LEADER], st.docks[run, DOCKED] = NONE, 0
    return leader


@inner
def set_off(leader: int, t: int, tb: Tables, st: State, queues: Queues) -> None:
    """A truck sets off by the way that is chosen for the load that leads, with all who ride on it."""
    pool = st.pool
    way = choose_route(leader, tb, st, queues) - int(tb.lanes[pool[leader, LANE], ROUTE_FIRST])
    rider = leader
    while rider != NONE:
        pool[rider, SHIPPED_S] = t
        pool[rider, ROUTE] = tb.lanes[pool[rider, LANE], ROUTE_FIRST] + way
        rider = int(pool[rider, NEXT])
