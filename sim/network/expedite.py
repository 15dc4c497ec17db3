"""Expedite routes: faster and dearer ways that a load may take when a plant is about to run short."""

from __future__ import annotations

from sim.network.capacity import room_taken, share_paid
from sim.network.model import Lane, Network, Route

# Modes, and the least share of a vehicle that a load pays. A team truck takes one load and drives through; the smallest
# charter aircraft carries some three tonnes (assumption; 0.1 to 0.3 of a trailer).
TEAM_TRUCK = "team_truck"
LEAST_SHARE = {TEAM_TRUCK: 1.0, "air": 0.15}


def expedite_routes(network: Network, lane: Lane) -> tuple[Route, ...]:
    """Ways of a lane that are meant for emergencies, by what a load pays, the cheapest first.

    Parameters
    ----------
    lane : Lane
        One that may be expedited; any other has none.
    """
    if not lane.expedite:
        return ()
    ends = network.recipes[lane.from_recipe].site, lane.to_site
    found = [route for mode in LEAST_SHARE for route in network.routes.get((*ends, mode), ())]
    return tuple(sorted(found, key=lambda route: (load_usd(network, lane, route), route.mode, route.alternative)))


def ways(network: Network, lane: Lane) -> tuple[Route, ...]:
    """All routes of a lane in the order of a Plan: the usual one, its alternatives, those for emergencies."""
    return (*network.routes_of(lane), *expedite_routes(network, lane))


def share_on(network: Network, lane: Lane, mode: str) -> float:
    """Share of a vehicle's cost that a load of a lane pays on a route of a mode: its own, or one for emergencies."""
    if mode in LEAST_SHARE:
        return max(LEAST_SHARE[mode], room_taken(network, lane))
    return share_paid(network, lane)


def route_usd(network: Network, route: Route) -> float:
    """Freight and tolls of a full vehicle on a route, US dollars."""
    tolls = sum(network.crossings[step.crossing].toll_usd for step in route.steps if step.crossing)
    return sum(step.cost_usd for step in route.steps) + tolls


def load_usd(network: Network, lane: Lane, route: Route) -> float:
    """Freight and tolls that a load of a lane pays on one of its routes, US dollars."""
    return share_on(network, lane, route.mode) * route_usd(network, route)
