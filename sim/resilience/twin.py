"""A run without a disturbance and its twin with one, under the same draws: what the disturbance did to each line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from sim.clock import Clock
from sim.engines import COMPILED
from sim.ledger.ledger import Ledger
from sim.measures.stoppage import STOPPED_S, Stoppage, stoppages
from sim.network import Network
from sim.plan import Plan
from sim.planning import build
from sim.planning.build import Shared
from sim.planning.transition import Transition
from sim.replication.once import Prepared, simulate
from sim.scenario import Scenario, Shock
from sim.units import HOUR


@dataclass(frozen=True, slots=True)
class Twin:
    """One run of a scenario.

    Parameters
    ----------
    stoppages : mapping of str to Stoppage
        By assembly recipe, over the measured window.
    """

    network: Network
    plan: Plan
    ledger: Ledger
    stoppages: Mapping[str, Stoppage]


@dataclass(frozen=True, slots=True)
class Harm:
    """What a disturbance did to one assembly line, compared with the calm run.

    Parameters
    ----------
    first_stop_s : int or None
        Second by which the line has stood still for an hour in all, where the calm one has not; None where neither
        did.
    down_h : float
        Line hours more that the line stood for want of inputs; below 0 where it stood less.
    lost : float
        Vehicles more that were lost.
    """

    first_stop_s: int | None
    down_h: float
    lost: float


@dataclass(slots=True)
class Calm:
    """One replication of a prepared scenario without its shocks, ready to be disturbed again and again.

    Plans share what a disturbance leaves alone: everybody else's trucks and every draw.
    """

    prepared: Prepared
    replication: int
    shared: Shared
    run: Twin

    @classmethod
    def of(cls, prepared: Prepared, replication: int) -> Calm:
        """Simulate a scenario without its shocks.

        Raises
        ------
        PlanError
            The scenario cannot be planned.
        """
        shared = Shared()
        return cls(prepared, replication, shared, _run(prepared, (), replication, shared, prepared.network))

    @property
    def clock(self) -> Clock:
        """The clock of every run."""
        return self.prepared.scenario.clock()

    def disturbed(self, shocks: tuple[Shock, ...], network: Network | None = None) -> Twin:
        """The same replication with shocks, in the same network or in another that is given.

        Everybody else's trucks are those of the prepared network, whatever ours do in the other.
        """
        if network is not None and network.digest != self.prepared.network.digest:
            return _run(self.prepared, shocks, self.replication, Shared(), network)
        lasting = Shared(self.shared.staffing, self.shared.backgrounds, {}, self.shared.draws)  # outlines go by shock
        return _run(self.prepared, shocks, self.replication, lasting, self.prepared.network)


def _run(prepared: Prepared, shocks: tuple[Shock, ...], replication: int, shared: Shared, network: Network) -> Twin:
    scenario: Scenario = replace(prepared.scenario, shocks=shocks)
    transition = prepared.resourced.transition if prepared.resourced else Transition(prepared.network)
    decided = prepared.decisions, prepared.parameters
    plan = build(scenario, network, *decided, replication, shared, transition, prepared.stocking)
    ledger = simulate(plan, COMPILED)
    return Twin(network, plan, ledger, stoppages(network, plan, ledger, scenario.clock(), prepared.parameters))


def harm_of(calm: Twin, upset: Twin, since_s: int) -> dict[str, Harm]:
    """What happened to each assembly recipe that would not have happened in the calm run, in id order.

    Parameters
    ----------
    since_s : int
        Second at which the disturbance begins: a stop before it is not counted.
    """
    harm = {}
    for name, before in calm.stoppages.items():
        after = upset.stoppages[name]
        stop = first_stop_s(before, after, since_s)
        harm[name] = Harm(stop, after.down_h - before.down_h, after.lost - before.lost)
    return harm


def first_stop_s(calm: Stoppage, upset: Stoppage, since_s: int) -> int | None:
    """Second at which a line has stood still for `STOPPED_S` in all since another, sooner than the calm one has.

    This is the stop that `first_stop_h` of a study tells, less those that would have come anyway.
    """
    stop, anyway = (x.stopped_after(since_s, STOPPED_S) for x in (upset, calm))
    return stop if stop is not None and (anyway is None or stop < anyway) else None


def hours_from(second: int | None, since_s: int) -> float | None:
    """Hours from one second to another that may not have come."""
    return None if second is None else (second - since_s) / HOUR


def on_usual_ways(prepared: Prepared) -> Prepared:
    """The same, but every lane of ours has its usual route alone and no truck of ours turns round at a crossing."""
    network = prepared.network
    routes = {key: ways[:1] for key, ways in network.routes.items()}
    stays = replace(network, routes=MappingProxyType(routes), digest=f"{network.digest} on usual ways")
    return replace(prepared, network=stays, parameters=replace(prepared.parameters, divertible_pct=0.0))
