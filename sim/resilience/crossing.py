"""What a second crossing is worth: the same disturbance, and an ordinary time, with its routes and without them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from sim.errors import ScenarioError, nearest
from sim.ledger.balance import leaders
from sim.ledger.ledger import NOT_YET
from sim.network import Network
from sim.network.expedite import ways
from sim.network.model import Route
from sim.replication.once import Prepared, prepare
from sim.resilience.twin import Calm, Twin
from sim.scenario import Shock
from sim.scenario.shocks import KINDS
from sim.units import HOUR

BY_ROAD = ("truck", "team_truck")  # modes of routes


@dataclass(frozen=True, slots=True)
class Worth:
    """What having a port saves, in one setting: means over replications; less than 0 is a loss.

    Parameters
    ----------
    setting : str
        ``ordinary`` or ``disturbed``.
    vehicles : float
        Vehicles built that would be lost without it.
    contribution_usd : float
        Of these vehicles.
    stoppage_usd : float
        Idle labour and overtime saved.
    truck_h, truck_usd : float
        Hours on the road and at borders that own trucks save, and their cost.
    trucks : float
        Own trucks that pass it.
    """

    setting: str
    vehicles: float
    contribution_usd: float
    stoppage_usd: float
    truck_h: float
    truck_usd: float
    trucks: float

    @property
    def total_usd(self) -> float:
        """All of it, over the measured window."""
        return self.contribution_usd + self.stoppage_usd + self.truck_usd


def crossing_worth(
    prepared: Prepared, port: str, replications: int, tell: Callable[[str], None] = lambda _: None
) -> list[Worth]:
    """Compare runs with the routes over a port and without them: in ordinary times, and under the scenario's shocks.

    A lane that has no way but over the port keeps it: the question is what a port is worth as a second one. Without
    it nobody turns round to it either. Other people's trucks come as they come with it, but where the scenario opens
    the port: without it they come as they do where it stays shut.

    Raises
    ------
    ScenarioError
        The network has no such port, or no lane has it as one of several ways.
    """
    without = without_port(prepared.network, port)
    closed = _unopened(prepared, port) if port in prepared.scenario.open_ports else None
    settings = [("ordinary", ()), *([("disturbed", prepared.scenario.shocks)] if prepared.scenario.shocks else [])]
    found: dict[str, list[Worth]] = {name: [] for name, _ in settings}
    for replication in range(replications):
        calm = Calm.of(prepared, replication)
        lone = Calm.of(closed, replication) if closed else None
        for name, shocks in settings:
            tell(f"replication {replication + 1} of {replications}: {name}, with {port} and without")
            having = calm.disturbed(shocks) if shocks else calm.run
            if lone is None:
                lacking = calm.disturbed(shocks, without)
            else:
                lacking = lone.disturbed(tuple(x for x in shocks if not _is_at(x, port))) if shocks else lone.run
            found[name].append(_worth(prepared, name, port, having, lacking))
    return [_mean(worths) for worths in found.values()]


def _unopened(prepared: Prepared, port: str) -> Prepared:
    """The scenario with a port left shut that it opens, and everybody's trucks where they then go."""
    scenario = prepared.scenario
    opened = {name: beside for name, beside in scenario.open_ports.items() if name != port}
    changed = {place: values for place, values in scenario.crossings.items() if place.split("/")[0] != port}
    return prepare(replace(scenario, open_ports=opened, crossings=changed), stocking=prepared.stocking)


def _is_at(shock: Shock, port: str) -> bool:
    return KINDS[shock.kind].place in ("crossing", "queue") and shock.at.split("/")[0] == port


def without_port(network: Network, port: str) -> Network:
    """A network in which no lane that has another way goes over a port, and which is no substitute for another.

    Raises
    ------
    ScenarioError
        There is no such port, or no lane has it as one of several ways.
    """
    ports = sorted({crossing.port for crossing in network.crossings.values()})
    if port not in ports:
        raise ScenarioError(
            "crossing", [f"no port '{port}' in network '{network.name}'. {nearest(port, ports, 'ports')}"]
        )
    routes: dict[tuple[str, str, str], tuple[Route, ...]] = {}
    for key, usual in network.routes.items():
        kept = tuple(way for way in usual if port not in _ports(network, way))
        routes[key] = kept or usual  # with the numbers that they had, which name their draws
    if all(len(routes[key]) == len(usual) for key, usual in network.routes.items()):
        raise ScenarioError("crossing", [f"no lane of network '{network.name}' has '{port}' as one of several ways"])
    substitutes = {
        crossing: tuple(row for row in rows if network.crossings[row.substitute].port != port)
        for crossing, rows in network.substitutes.items()
    }
    return replace(
        network,
        routes=MappingProxyType(routes),
        substitutes=MappingProxyType(substitutes),
        digest=f"{network.digest} without {port}",
    )


def _ports(network: Network, way: Route) -> set[str]:
    return {network.crossings[step.crossing].port for step in way.steps if step.crossing}


def _worth(prepared: Prepared, setting: str, port: str, having: Twin, lacking: Twin) -> Worth:
    with_it, without_it = having.stoppages.values(), lacking.stoppages.values()
    hours = _truck_hours(prepared, lacking) - _truck_hours(prepared, having)
    usual = [x.idle_usd + x.overtime_usd for x in with_it], [x.idle_usd + x.overtime_usd for x in without_it]
    return Worth(
        setting=setting,
        vehicles=sum(x.lost for x in without_it) - sum(x.lost for x in with_it),
        contribution_usd=sum(x.contribution_usd for x in without_it) - sum(x.contribution_usd for x in with_it),
        stoppage_usd=sum(usual[1]) - sum(usual[0]),
        truck_h=hours,
        truck_usd=hours * prepared.parameters.truck_hour_usd,
        trucks=_trucks_over(prepared.network, having, port),
    )


def _truck_hours(prepared: Prepared, run: Twin) -> float:
    """Hours from shipping to receipt, or to the end of the run, of trucks shipped in the window; a milk run is one."""
    loads, clock, network = run.ledger.loads, prepared.scenario.clock(), run.network
    modes = [route.mode for lane in network.lanes.values() for route in ways(network, lane)]
    by_road = np.array([mode in BY_ROAD for mode in modes], dtype=np.bool_)
    leads = leaders(run.plan.lanes.run[loads.lane], loads.shipped_s) == np.arange(loads.lane.size)
    own = leads & (loads.route >= 0) & by_road[loads.route] & (loads.shipped_s >= clock.start_s)
    received = np.where(loads.received_s[own] == NOT_YET, clock.end_s, loads.received_s[own])
    return float((received - loads.shipped_s[own]).sum()) / HOUR


def _trucks_over(network: Network, run: Twin, port: str) -> float:
    passages = run.ledger.passages
    here = np.array([network.crossings[x].port == port for x in run.plan.crossings.ids], dtype=np.bool_)
    reached = passages.arrived_s >= run.plan.start_s
    return float((here[passages.crossing] & reached & (passages.truck == passages.load)).sum())


def _mean(worths: list[Worth]) -> Worth:
    count = len(worths)
    mean = {
        name: sum(getattr(x, name) for x in worths) / count
        for name in ("vehicles", "contribution_usd", "stoppage_usd", "truck_h", "truck_usd", "trucks")
    }
    return Worth(worths[0].setting, **mean)
