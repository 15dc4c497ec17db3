"""Ports that a scenario opens beside others: crossings from the facts on ports, and ways that lead over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from sim.errors import Problem, nearest
from sim.network.build.crossings import crossing_row
from sim.network.build.facts import read_border_process, read_ports
from sim.network.build.lines import line_cells, substitute_rows
from sim.network.build.tables import Fact
from sim.network.build.traffic import season_rows, traffic_rows
from sim.network.load import digest
from sim.network.model import Crossing, Evidence, Network, Route, Substitute, with_evidence

_MOST_WAYS = 10  # as routes.csv numbers alternatives
TAKES = 0.5  # assumption: two bridges at one city share other people's trucks alike
KNOWN = Evidence("assumption", 20.0, "scenario")


def with_ports(network: Network, opened: Mapping[str, str]) -> tuple[Network, list[Problem]]:
    """A network with ports that it lacks, each beside one that it has.

    Parameters
    ----------
    opened : mapping of str to str
        A port of the facts on ports (``sim/data/border/ports.csv``) to the port of the network that it stands beside.

    Returns
    -------
    Network
        With the crossings of the new port in both directions, and with one way more, over the new port, wherever one
        leads over its neighbour: the legs are the same (an assumption for bridges over one river at one city), toll and
        times at the border are its own. Other people's trucks may go to it, or from it, rather than wait, as the facts
        on substitutes say.
    list of Problem
        Each with its place, such as ``open_ports.gordie_howe``.

    Notes
    -----
    A new truck port whose trucks are counted brings those of each year and its own season. One without counts takes
    `TAKES` of its neighbour's, whose year, season and weekend it follows, so that the two together carry what the
    neighbour carried alone; a scenario may set ``weekday_trucks`` of either. A railway brings the cars of its last
    counted year: a limit, since its counts of other years are not followed.
    """
    problems = []
    for port, beside in opened.items():
        message = _problem(network, port, beside)
        if message:
            problems.append(Problem(f"open_ports.{port}", message))
        else:
            network = _opened(network, port, beside)
    return network, problems


def _problem(network: Network, port: str, beside: str) -> str:
    facts, ports = read_ports(), {crossing.port for crossing in network.crossings.values()}
    if port in ports:
        return f"'{port}' is in the network already. Set its hours under 'crossings'."
    if port not in facts:
        return f"no port named '{port}'. {nearest(port, facts, 'ports')}"
    if beside not in ports:
        return f"no port named '{beside}' in the network. {nearest(beside, ports, 'ports')}"
    theirs = next(x for x in network.crossings.values() if x.port == beside)
    neighbour = next((x for x in (theirs.from_country, theirs.to_country) if x not in ("US", "")), "")
    if (theirs.kind, neighbour) != (facts[port]["kind"], facts[port]["us_neighbour"]):
        return f"'{port}' cannot stand beside '{beside}', which is another kind of port or at another border."
    return ""


def _opened(network: Network, port: str, beside: str) -> Network:
    crossings, traffic = dict(network.crossings), dict(network.traffic)
    seasons, told = dict(network.seasons), dict(network.told)
    for crossing in network.crossings.values():
        if crossing.port == beside:
            new = _crossing(read_ports()[port], crossing)
            crossings[new.id] = new
            years, months = _counted(new.id, told)
            if years:
                traffic[new.id], seasons[new.id] = years, months
            elif crossing.booths_standard and not new.background_weekday:
                crossings[new.id], crossings[crossing.id] = _shared(new, crossing)
                for name, part in ((new.id, TAKES), (crossing.id, 1 - TAKES)) if crossing.id in traffic else ():
                    kept = {year: part * trucks for year, trucks in network.traffic[crossing.id].items()}
                    traffic[name] = MappingProxyType(kept)
            if crossing.id in seasons and not years:
                seasons[new.id] = seasons[crossing.id]
    substitutes = dict(network.substitutes)
    for row in substitute_rows(crossings):
        found = Substitute(**with_evidence(row))
        if port in (found.crossing.split("/")[0], found.substitute.split("/")[0]):
            others = (*substitutes.get(found.crossing, ()), found)
            substitutes[found.crossing] = tuple(sorted(others, key=lambda x: x.substitute))
    routes = {key: (*ways, *_ways_over(ways, port, beside)) for key, ways in network.routes.items()}
    opened = replace(
        network,
        crossings=MappingProxyType({key: crossings[key] for key in sorted(crossings)}),
        routes=MappingProxyType(routes),
        traffic=MappingProxyType({key: traffic[key] for key in sorted(traffic)}),
        seasons=MappingProxyType({key: seasons[key] for key in sorted(seasons)}),
        told=MappingProxyType(told),
        substitutes=MappingProxyType({key: substitutes[key] for key in sorted(substitutes)}),
    )
    return replace(opened, digest=digest(opened) if network.digest else "")


def _crossing(facts: Fact, beside: Crossing) -> Crossing:
    """A crossing of a port with as many transfer tractors as its neighbour."""
    stages = crossing_row(facts, beside.to_country, read_border_process())
    lines = line_cells(facts, beside.to_country, 0.0)
    tractors = {"tractors": beside.tractors} if lines["tractors"] else {}
    return Crossing(**with_evidence({**stages, **lines, **tractors}))


def _counted(
    crossing: str, told: dict[tuple[str, str, int], Evidence]
) -> tuple[MappingProxyType[int, float], tuple[float, ...]]:
    """Trucks on a weekday by year and the season of a port that is counted, which are told; else nothing."""
    years: dict[int, float] = {}
    months: dict[int, float] = {}
    for row in map(with_evidence, traffic_rows([crossing])):
        years[row["year"]] = row["weekday_trucks"]
        told["traffic.csv", crossing, row["year"]] = row["evidence"]
    for row in map(with_evidence, season_rows([crossing])):
        months[row["month"]] = row["index"]
        told["seasons.csv", crossing, row["month"]] = row["evidence"]
    return MappingProxyType(dict(sorted(years.items()))), tuple(months[month] for month in sorted(months))


def _shared(new: Crossing, beside: Crossing) -> tuple[Crossing, Crossing]:
    """A port without counts and its neighbour, which shares its trucks."""
    trucks, weekend = beside.background_weekday, beside.background_weekend_pct
    opened = replace(new, background_weekday=TAKES * trucks, background_weekend_pct=weekend)
    return opened, replace(beside, background_weekday=(1 - TAKES) * trucks)


def _ways_over(ways: tuple[Route, ...], port: str, beside: str) -> Iterator[Route]:
    """The first of some alternatives that leads over a port, led over another one instead."""
    for way in ways:
        steps = tuple(
            replace(step, crossing=f"{port}/{step.crossing.split('/')[1]}")
            if step.crossing.split("/")[0] == beside
            else step
            for step in way.steps
        )
        if steps != way.steps and len(ways) < _MOST_WAYS:
            yield replace(way, alternative=len(ways), steps=steps, evidence=KNOWN)
            return
