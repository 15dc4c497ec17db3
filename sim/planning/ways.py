"""The routes of a Plan: each lane's ways in order, their free-flow times, and the columns of their draws."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from sim.network.expedite import LEAST_SHARE, TEAM_TRUCK, route_usd, ways
from sim.network.model import Lane, Network, Route
from sim.plan import Routes
from sim.planning.replenishment import free_flow_s
from sim.units import HOUR


def drawn_like(routes: Sequence[Route]) -> list[int]:
    """Of each route of a lane the place of the one whose draws it takes: its own, but for some for emergencies.

    These take the draws of the first route that passes the same crossings. A load goes one way only: by team truck it
    has the luck that it would have had on its usual way.
    """
    chains = [tuple(step.crossing for step in route.steps) for route in routes]
    return [chains.index(chains[n]) if routes[n].mode in LEAST_SHARE else n for n in range(len(routes))]


def drawn_routes(network: Network, lane: Lane) -> list[Route]:
    """The routes of a lane that have draws of their own, in order."""
    routes = ways(network, lane)
    return [route for place, route in enumerate(routes) if drawn_like(routes)[place] == place]


def generalised_s(network: Network, routes: Sequence[Route], place: int, truck_hour_usd: float) -> float:
    """Seconds by which a route of a lane is judged when nobody waits.

    Free flow, and what tolls and freight cost beyond the usual route, the first, at the value of an hour of a truck. A
    cheaper way is no reason to leave the usual one, and in an emergency nobody looks at the cost.
    """
    free_s = free_flow_s(network, routes[place])
    if routes[place].mode in LEAST_SHARE:
        return free_s
    extra_usd = route_usd(network, routes[place]) - route_usd(network, routes[0])
    return free_s + max(0.0, extra_usd) / truck_hour_usd * HOUR


def plan_routes(network: Network, truck_hour_usd: float) -> Routes:
    """Lay out the ways of every lane, lanes in id order."""
    crossings = {crossing: row for row, crossing in enumerate(network.crossings)}
    lane_rows: list[int] = []
    columns: list[tuple[int, int]] = []
    each: list[Route] = []
    judged: list[float] = []
    for row, lane in enumerate(network.lanes.values()):
        routes = ways(network, lane)
        lane_rows += [row] * len(routes)
        columns += _columns(routes)
        each += routes
        judged += [generalised_s(network, routes, place, truck_hour_usd) for place in range(len(routes))]
    passages = [[crossings[step.crossing] for step in route.steps if step.crossing] for route in each]
    return Routes(
        lane=np.array(lane_rows, dtype=np.int64),
        nominal_s=np.array([round(seconds) for seconds in judged], dtype=np.int64),
        leg_first=_bounds([len(route.steps) for route in each]),
        leg_s=np.array([max(1, round(step.hours * HOUR)) for route in each for step in route.steps], dtype=np.int64),
        passage_first=_bounds([len(passed) for passed in passages]),
        crossing=np.array([crossing for passed in passages for crossing in passed], dtype=np.int64),
        leg_column=np.array([leg for leg, _ in columns], dtype=np.int64),
        passage_column=np.array([passage for _, passage in columns], dtype=np.int64),
        is_through=np.array([route.mode == TEAM_TRUCK for route in each], dtype=np.int64),
    )


def _columns(routes: Sequence[Route]) -> list[tuple[int, int]]:
    """Where the draws of legs and of passages of each route begin within a load's."""
    found: list[tuple[int, int]] = []
    legs = passages = 0
    for place, like in enumerate(drawn_like(routes)):
        found.append((legs, passages) if like == place else found[like])
        if like == place:
            legs += len(routes[place].steps)
            passages += sum(1 for step in routes[place].steps if step.crossing)
    return found


def _bounds(counts: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([*accumulate(counts, initial=0)], dtype=np.int64)
