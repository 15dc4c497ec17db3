"""A way from any site of a network to any other, over the crossings that its loads use already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, product

from sim.network.build.geography import NORTH_AMERICA, OCEAN_OF, Place, great_circle_km, lay_legs
from sim.network.model import Crossing, Evidence, Network, Route, Site, Step

LAND = {"truck": "land_truck", "rail": "land_rail"}
TRANSIT_CV = 0.2  # assumption, as for rail and sea in the reference networks
ASSUMED = Evidence("assumption", 30.0, "routes")
# A car carrier: 87.9 USD a cubic metre, mean of one line early in 2023, and 16 m3 of a crossover (computed from
# https://fbasz.com/how-much-to-ship-a-car-from-china-to-usa.html).
CARRIER_USD_PER_VEHICLE = 1_400.0


def way_between(network: Network, a: Site, b: Site, mode: str) -> Route | None:
    """A route between two sites, as the program lays those of the reference networks; None where there can be none.

    Parameters
    ----------
    mode : str
        ``truck`` or ``rail`` within North America or one country, ``ocean`` to and from overseas.

    Notes
    -----
    Borders are passed where a load of the network passes them now by the same mode (for sea, from the same ocean),
    on the shortest way. A load between Mexico and Canada passes the United States in bond.
    """
    ports = _places(network)
    chains = list(_chains(network, a, b, mode))
    if not chains:
        return None
    start, end = _place(a), _place(b)

    def length(chain: tuple[str, ...]) -> float:
        stops = [start, *(ports[crossing] for crossing in chain), end]
        return sum(great_circle_km(x, y) for x, y in pairwise(stops))

    chosen = min(chains, key=lambda chain: (length(chain), chain))
    names = [network.crossings[crossing].port for crossing in chosen]
    legs = lay_legs(start, end, mode, names, {network.crossings[x].port: ports[x] for x in chosen}, temporary=False)
    steps = tuple(Step(leg.hours, leg.distance_km, leg.cost_usd, leg.crossing, leg.movement) for leg in legs)
    return Route(a.id, b.id, mode, 0, TRANSIT_CV, steps, ASSUMED)


def by_car_carrier(route: Route, load_units: int) -> Route:
    """A way over sea as finished vehicles take it: the ocean leg costs what a car carrier asks for each."""
    sea = replace(route.steps[0], cost_usd=CARRIER_USD_PER_VEHICLE * load_units)
    return replace(route, steps=(sea, *route.steps[1:]))


def _chains(network: Network, a: Site, b: Site, mode: str) -> Iterator[tuple[str, ...]]:
    """Crossings in order, every choice of them."""
    if a.country == b.country:
        if mode in LAND:
            yield ()
        return
    if mode == "ocean":
        if not {a.country, b.country} <= NORTH_AMERICA:
            yield from ((crossing,) for crossing in _sea_ports(network, a, b))
        return
    if mode not in LAND or not {a.country, b.country} <= NORTH_AMERICA:
        return
    stops = [a.country, b.country] if "US" in (a.country, b.country) else [a.country, "US", b.country]
    borders = [
        [x.id for x in _used(network, LAND[mode]) if (x.from_country, x.to_country) == pair] for pair in pairwise(stops)
    ]
    yield from product(*borders)


def _used(network: Network, kind: str) -> list[Crossing]:
    """Crossings of a kind that some usual route passes."""
    passed = {step.crossing for routes in network.routes.values() for step in routes[0].steps if step.crossing}
    return [crossing for crossing in network.crossings.values() if crossing.id in passed and crossing.kind == kind]


def _sea_ports(network: Network, a: Site, b: Site) -> list[str]:
    """Ports of the country of arrival that loads use now; in North America those that come from the same ocean."""
    ocean = OCEAN_OF.get(a.country, "atlantic")
    found = set()
    for (start, end, mode), routes in network.routes.items():
        alike = b.country not in NORTH_AMERICA or OCEAN_OF.get(network.sites[start].country) == ocean
        if mode == "ocean" and alike and network.sites[end].country == b.country:
            found |= {step.crossing for step in routes[0].steps if step.crossing.endswith(f"/{b.country.lower()}")}
    return sorted(found)


def _places(network: Network) -> dict[str, Place]:
    return {x.id: Place(x.id, x.to_country, x.lat_deg, x.lon_deg) for x in network.crossings.values()}


def _place(site: Site) -> Place:
    return Place(site.id, site.country, site.lat_deg, site.lon_deg)
