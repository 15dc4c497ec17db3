"""Distances, hours and freight of the reference networks, and the crossings a load would use."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

ROAD_FACTOR = 1.2  # assumption: road and rail kilometres for one kilometre of great circle
TRUCK_KM_H = 80.0  # assumption
RAIL_KM_H = 35.0  # assumption: train with its stops
SHIP_KM_H = 35.0  # assumption: 19 knots
SHIP_FACTOR = 1.15  # assumption: sea kilometres for one kilometre of great circle
DRIVING_H = 11.0  # a driver's day in the United States; the rest below follows it (from memory)
REST_H = 10.0  # likewise, from memory
USD_PER_KM = 1.65 / 1.609344  # operating cost of a truck, 1.65 USD a mile in 2019 (ATRI, seen)
RAIL_USD_PER_KM = 2.5  # assumption: a railcar of ten vehicles
TRANSFER_USD = 200.0  # transfer tractor at the south border, 120-400 from memory
CONTAINER_USD = 3000.0  # a container to North America, 2,000-6,000 from memory
NORTH_AMERICA = frozenset({"CA", "MX", "US"})

OCEAN_OF = {"JP": "pacific", "KR": "pacific", "CN": "pacific", "DE": "atlantic", "IT": "atlantic", "BR": "atlantic"}
COASTAL = "atlantic"  # assumption: what goes by sea from one North American country to another crosses the Gulf
LOCAL_KM = 100.0  # assumption


@dataclass(frozen=True, slots=True)
class Place:
    """A site or port on the map."""

    id: str
    country: str
    lat_deg: float
    lon_deg: float


@dataclass(frozen=True, slots=True)
class Gateways:
    """Ports that the routes of a network may use; where several are named, the shortest way decides.

    Parameters
    ----------
    north : tuple of str
        Truck crossings to Canada.
    south : tuple of str
        Truck crossings of long hauls to Mexico.
    south_local : tuple of str
        Truck crossings that serve only works within `LOCAL_KM`, before the others.
    into_mexico : tuple of str
        The same, for loads into Mexico only.
    rail : mapping of str to tuple of str
        By neighbour of the United States, or by the railway that serves a site.
    ocean : mapping of (str, str) to tuple of str
        By ocean and country of arrival.
    relief : mapping of str to tuple of str
        Where a load may go instead; each gives an alternative route.
    """

    north: tuple[str, ...]
    south: tuple[str, ...]
    south_local: tuple[str, ...]
    into_mexico: tuple[str, ...]
    rail: Mapping[str, tuple[str, ...]]
    ocean: Mapping[tuple[str, str], tuple[str, ...]]
    relief: Mapping[str, tuple[str, ...]]


# Assumption: long hauls meet the southern border at the World Trade Bridge, as most do; the other two bridges serve
# the works beside them. Colombia is never the usual way but the relief of the World Trade Bridge.
FEW_GATEWAYS = Gateways(
    north=("ambassador_bridge", "blue_water_bridge"),
    south=("laredo_wtb",),
    south_local=("brownsville_veterans", "ysleta"),
    into_mexico=(),
    rail={"CA": ("detroit_rail_tunnel",), "MX": ("laredo_rail",)},
    ocean={
        ("pacific", "US"): ("port_la_lb",),
        ("pacific", "CA"): ("port_vancouver",),
        ("pacific", "MX"): ("port_manzanillo",),
        ("atlantic", "US"): ("port_baltimore",),
        ("atlantic", "CA"): ("port_halifax",),
        ("atlantic", "MX"): ("port_veracruz",),
        ("atlantic", "IT"): ("port_genoa",),
    },
    relief={
        "ambassador_bridge": ("blue_water_bridge",),
        "blue_water_bridge": ("ambassador_bridge",),
        "laredo_wtb": ("laredo_colombia",),
    },
)


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of a route and the crossing at its end (empty on the last)."""

    hours: float
    distance_km: float
    cost_usd: float
    crossing: str
    movement: str


def great_circle_km(a: Place, b: Place) -> float:
    """Great-circle distance in kilometres on a sphere of radius 6,371 km.

    Examples
    --------
    >>> a, b = Place("a", "US", 42.3, -83.0), Place("b", "US", 27.6, -99.5)
    >>> round(great_circle_km(a, b))
    2213
    """
    lat_a, lat_b = math.radians(a.lat_deg), math.radians(b.lat_deg)
    half_lon = math.radians(b.lon_deg - a.lon_deg) / 2
    chord = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(chord))


def routes_between(
    a: Place,
    b: Place,
    mode: str,
    ports: Mapping[str, Place],
    temporary: bool,
    gateways: Gateways = FEW_GATEWAYS,
    railway: str = "",
) -> list[list[Leg]]:
    """Usual route and its relief routes.

    Parameters
    ----------
    a, b : Place
        Where the load leaves and where it is used.
    mode : str
        ``truck``, ``rail`` or ``ocean``.
    ports : mapping of str to Place
        Ports by name.
    temporary : bool
        Whether the last border is passed under temporary import.
    gateways : Gateways
        Ports that may be used.
    railway : str
        The Mexican railway that serves either end, a key of ``gateways.rail``; empty where any may be taken.

    Returns
    -------
    list of list of Leg
    """
    usual = _usual_ports(a, b, mode, ports, gateways, railway)
    chains = [usual]
    for port, reliefs in gateways.relief.items():
        if port in usual:
            chains += [[relief if name == port else name for name in usual] for relief in reliefs]
    return [lay_legs(a, b, mode, chain, ports, temporary) for chain in chains]


def _usual_ports(
    a: Place, b: Place, mode: str, ports: Mapping[str, Place], gateways: Gateways, railway: str
) -> list[str]:
    if mode == "ocean":
        ocean = OCEAN_OF.get(a.country) or OCEAN_OF.get(b.country) or COASTAL
        return [_shortest(a, b, gateways.ocean[ocean, b.country], ports)]
    neighbours = [c for c in (a.country, b.country) if c != "US"] if a.country != b.country else []
    chain: list[str] = []
    here = a
    for country in neighbours:
        if mode == "rail":
            reach = railway if country == "MX" and railway else country
            chain.append(_shortest(here, b, gateways.rail[reach], ports))
        elif country == "MX":
            chain.append(_south_port(here, b, ports, gateways))
        else:
            chain.append(_shortest(here, b, gateways.north, ports))
        here = ports[chain[-1]]
    return chain


def _south_port(a: Place, b: Place, ports: Mapping[str, Place], gateways: Gateways) -> str:
    for names in (gateways.into_mexico if b.country == "MX" else (), gateways.south_local):
        away = {name: min(great_circle_km(a, ports[name]), great_circle_km(b, ports[name])) for name in names}
        nearest = min(away, key=away.__getitem__, default="")
        if nearest and away[nearest] <= LOCAL_KM:
            return nearest
    return _shortest(a, b, gateways.south, ports)


def _shortest(a: Place, b: Place, names: Sequence[str], ports: Mapping[str, Place]) -> str:
    return min(names, key=lambda name: _by_way_of(a, ports[name], b))


def _by_way_of(a: Place, port: Place, b: Place) -> float:
    return great_circle_km(a, port) + great_circle_km(port, b)


def lay_legs(
    a: Place, b: Place, mode: str, chain: Sequence[str], ports: Mapping[str, Place], temporary: bool
) -> list[Leg]:
    """The legs of one way from `a` to `b` by the ports of a chain, in order; see `routes_between`."""
    stops = [a, *(ports[name] for name in chain), b]
    countries = countries_of(a, b, len(chain))
    legs = []
    for n, (start, end) in enumerate(pairwise(stops)):
        at_sea = mode == "ocean" and n == 0
        hours, distance, cost = _stretch(start, end, "ship" if at_sea else "truck" if mode == "ocean" else mode)
        last = n == len(chain)
        if mode == "truck" and not last and "MX" in countries[n : n + 2]:
            cost += TRANSFER_USD
        crossing = "" if last else f"{chain[n]}/{countries[n + 1].lower()}"
        movement = "" if last else "in_bond" if n < len(chain) - 1 else "temporary" if temporary else "entry"
        legs.append(Leg(round(hours, 2), round(distance, 1), round(cost, 2), crossing, movement))
    return legs


def countries_of(a: Place, b: Place, borders: int) -> list[str]:
    """Country of each leg of a route: a Mexico-Canada route passes the United States in transit."""
    if not borders:
        return [a.country]
    return [a.country, "US", b.country] if borders == 2 else [a.country, b.country]


def _stretch(a: Place, b: Place, mode: str) -> tuple[float, float, float]:
    """Hours, kilometres and USD of one leg; never under half an hour (loading dock to gate)."""
    direct = great_circle_km(a, b)
    if mode == "ship":
        distance = direct * SHIP_FACTOR
        return distance / SHIP_KM_H, distance, CONTAINER_USD
    distance = direct * ROAD_FACTOR
    if mode == "rail":
        return max(0.5, distance / RAIL_KM_H), distance, distance * RAIL_USD_PER_KM
    driving = distance / TRUCK_KM_H
    rests = math.floor(driving / DRIVING_H) * REST_H
    return max(0.5, driving + rests), distance, distance * USD_PER_KM
