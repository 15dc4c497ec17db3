"""How loads travel in a generated network: mode, usual way, and other ways over other ports of the same border."""

from __future__ import annotations

from collections.abc import Mapping

from sim.network.build.geography import (
    FEW_GATEWAYS,
    NORTH_AMERICA,
    OCEAN_OF,
    Leg,
    Place,
    great_circle_km,
    lay_legs,
)
from sim.network.build.tables import Fact
from sim.network.generate.draws import Draws
from sim.streams import Streams

DETOUR_KM = 300.0  # assumption: a port further round than this is no other way
USUAL_CHANCE = 0.6  # assumption: part of the site pairs whose usual port is the nearest; the rest use the next
MOST_WAYS = 3  # the usual one and two others

Key = tuple[str, str, str]  # from site, to site, mode


class Ways:
    """Routes between sites, laid when first asked for; what a pair is given depends on the pair alone.

    Parameters
    ----------
    sites, ports : mapping of str to Place
        Everything on the map by id.
    land : mapping of str to Fact
        The ports with booths.
    temporary : frozenset of str
        Sites whose inputs come by truck under temporary import.
    streams : Streams
    """

    def __init__(
        self,
        sites: Mapping[str, Place],
        ports: Mapping[str, Place],
        land: Mapping[str, Fact],
        temporary: frozenset[str],
        streams: Streams,
    ) -> None:
        self.sites = sites
        self.ports = ports
        self.temporary = temporary
        self.streams = streams
        self.routes: dict[Key, list[list[Leg]]] = {}
        self.gates = {
            neighbour: [name for name, row in land.items() if row["us_neighbour"] == neighbour]
            for neighbour in sorted({row["us_neighbour"] for row in land.values()})
        }
        self.from_gate = {
            (gate, site): great_circle_km(place, ports[gate]) for gate in land for site, place in sites.items()
        }

    def between(self, a: str, b: str, mode: str) -> list[list[Leg]]:
        """Ways from one site to another, the usual one first."""
        if (a, b, mode) not in self.routes:
            start, end = self.sites[a], self.sites[b]
            is_temporary = b in self.temporary and mode == "truck"
            chains = self._chains(start, end, mode)
            self.routes[a, b, mode] = [lay_legs(start, end, mode, chain, self.ports, is_temporary) for chain in chains]
        return self.routes[a, b, mode]

    def _chains(self, start: Place, end: Place, mode: str) -> list[list[str]]:
        """Ports in order, of each way."""
        if mode == "ocean":
            return [[*FEW_GATEWAYS.ocean[OCEAN_OF[start.country], end.country]]]
        borders = [c for c in (start.country, end.country) if c != "US"] if start.country != end.country else []
        if mode == "rail":
            return [[FEW_GATEWAYS.rail[country][0] for country in borders]]
        choices = [self._gates(start, end, country) for country in borders]
        chains = [[gates[0] for gates in choices]]
        for place, gates in enumerate(choices):
            chains += [[*chains[0][:place], gate, *chains[0][place + 1 :]] for gate in gates[1:]]
        return chains[:MOST_WAYS]

    def _gates(self, start: Place, end: Place, neighbour: str) -> list[str]:
        """Ports of a border that lie on the way or a little off it: the usual one, then the nearest others."""
        length = {gate: self.from_gate[gate, start.id] + self.from_gate[gate, end.id] for gate in self.gates[neighbour]}
        near = sorted(length, key=lambda gate: (length[gate], gate))
        near = [gate for gate in near if length[gate] <= length[near[0]] + DETOUR_KM][:MOST_WAYS]
        draws = Draws(self.streams, f"route/{start.id}/{end.id}/{neighbour}")
        if len(near) > 1 and not draws.happens(USUAL_CHANCE):
            near[:2] = [near[1], near[0]]
        return near


def mode_between(a: str, b: str, by_rail: bool) -> str:
    """How parts travel between two countries: by sea from overseas, else by truck, or by rail over a border."""
    if not {a, b} <= NORTH_AMERICA:
        return "ocean"
    return "rail" if by_rail and a != b else "truck"
