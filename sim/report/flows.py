"""What the flow map shows, taken from a network: sites, ports, planned loads a day on each stretch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sim.network.graph import daily_units
from sim.network.model import Lane, Network
from sim.report.projection import is_covered
from sim.report.source import undirected

Point = tuple[float, float]  # longitude, latitude in degrees
_OFFSHORE_DEG = 5.0  # how far out to sea an ocean lane is drawn: an arrow, not a ship's course


@dataclass(frozen=True, slots=True)
class Stretch:
    """A straight piece of the map that loads travel, both ways together."""

    begin: Point
    end: Point
    loads_per_day: float
    is_ocean: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """A port of entry, both directions together. `wait_min` is None where nothing queues or is known."""

    port: str
    place: Point
    loads_per_day: float
    wait_min: float | None
    name: str


@dataclass(frozen=True, slots=True)
class MapPicture:
    """Everything the map draws, in degrees and loads a day; `sites` maps a kind to places."""

    title: str
    stretches: tuple[Stretch, ...]
    gates: tuple[Gate, ...]
    sites: Mapping[str, tuple[tuple[str, Point], ...]]
    sites_overseas: int


def planned_loads_per_day(network: Network) -> dict[str, float]:
    """Lay out the loads that each lane is planned to carry on a working day, by lane id."""
    units = daily_units(network)
    return {lane.id: units[lane.id] / max(1, lane.load_units) for lane in network.lanes.values()}


def picture_of(network: Network, waits_min: Mapping[str, float] | None = None) -> MapPicture:
    """Gather what the map draws.

    Parameters
    ----------
    network : Network
        The study's network.
    waits_min : mapping, optional
        Crossing id to mean wait in minutes, for the colour of the ports.
    """
    loads = planned_loads_per_day(network)
    carried: dict[tuple[Point, Point, bool], float] = defaultdict(float)
    at_port: dict[str, float] = defaultdict(float)
    for lane in network.lanes.values():
        points, crossings = _course(network, lane)
        for crossing in crossings:
            at_port[network.crossings[crossing].port] += loads[lane.id]
        for begin, end in pairwise(points):
            if begin != end:
                key = (*sorted((begin, end)), lane.mode == "ocean" and _is_stub(begin, end))
                carried[key] += loads[lane.id]  # type: ignore[index]
    stretches = tuple(Stretch(b, e, value, sea) for (b, e, sea), value in sorted(carried.items()))
    kinds: dict[str, list[tuple[str, Point]]] = defaultdict(list)
    for site in network.sites.values():
        if is_covered(site.lon_deg, site.lat_deg):
            kinds[site.kind].append((site.name, (site.lon_deg, site.lat_deg)))
    overseas = sum(not is_covered(site.lon_deg, site.lat_deg) for site in network.sites.values())
    return MapPicture(
        title=network.title,
        stretches=stretches,
        gates=_gates(network, at_port, waits_min or {}),
        sites={kind: tuple(places) for kind, places in sorted(kinds.items())},
        sites_overseas=overseas,
    )


def _is_stub(begin: Point, end: Point) -> bool:
    return abs(abs(begin[0] - end[0]) - _OFFSHORE_DEG) < 1e-9 and begin[1] == end[1]


def _course(network: Network, lane: Lane) -> tuple[list[Point], list[str]]:
    """Lay out the points a lane's usual route passes on the paper, and the crossings on it."""
    origin = network.sites[network.recipes[lane.from_recipe].site]
    target = network.sites[lane.to_site]
    passed = [step.crossing for step in network.routes_of(lane)[0].steps if step.crossing]
    crossings = [c for c in passed if is_covered(network.crossings[c].lon_deg, network.crossings[c].lat_deg)]
    places = [(network.crossings[c].lon_deg, network.crossings[c].lat_deg) for c in crossings]
    ends = [(origin.lon_deg, origin.lat_deg), (target.lon_deg, target.lat_deg)]
    begin, end = (on_paper(point, places, last) for point, last in zip(ends, (False, True), strict=True))
    return [point for point in (begin, *places, end) if point is not None], crossings


def on_paper(point: Point, places: Sequence[Point], is_last: bool) -> Point | None:
    """A place itself; for one overseas a place off the coast of its first (last) crossing, None without crossings."""
    if is_covered(*point):
        return point
    if not places:
        return None
    lon, lat = places[-1 if is_last else 0]
    west = lon < -100.0  # a Pacific port, otherwise Atlantic or Gulf
    return (lon - _OFFSHORE_DEG if west else lon + _OFFSHORE_DEG, lat)


def _gates(network: Network, at_port: Mapping[str, float], waits_min: Mapping[str, float]) -> tuple[Gate, ...]:
    gates = []
    for port, loads in sorted(at_port.items()):
        sides = [crossing for crossing in network.crossings.values() if crossing.port == port]
        waits = [waits_min[side.id] for side in sides if side.id in waits_min]
        place = (sides[0].lon_deg, sides[0].lat_deg)
        name = undirected(sides[0].name.partition(", into ")[0].partition(" (")[0])
        gates.append(Gate(port, place, loads, max(waits) if waits else None, name))
    return tuple(gates)
