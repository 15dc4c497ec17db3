"""What every measure looks at: one run, its window, and the vehicles completed inside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from sim.clock import Clock
from sim.customs.assess import Assessment
from sim.customs.book import COST
from sim.customs.flow import Flags, Floats, Flow, Ints
from sim.ledger.ledger import Ledger
from sim.measures.sources import Luck, luck_of_sources
from sim.measures.stoppage import Stoppage, stoppages
from sim.network.model import Network
from sim.parameters import Parameters
from sim.plan import Plan
from sim.scenario import Shock

ALL = "all"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of one run.

    Parameters
    ----------
    measure : str
        Name in the registry.
    vehicle : str
        Assembly recipe, or ``all``.
    item : str
        What within the measure, such as a component, a crossing or a country; may be empty.
    value : float
        In the unit that ends the name of the measure.
    """

    measure: str
    vehicle: str
    item: str
    value: float


Figure = tuple[str, str, float]  # vehicle, item, value


@dataclass(frozen=True, slots=True)
class BorderTax:
    """A border-adjusted income tax of the United States on the first measured day, shares of customs value.

    Parameters
    ----------
    on_imports, off_exports : float
        What an import costs more, and what an export costs less, once the currency has taken its part.
    """

    on_imports: float = 0.0
    off_exports: float = 0.0


@dataclass(frozen=True, slots=True)
class Deposits:
    """Deposits under antidumping and countervailing orders of the United States, as the law has them.

    Parameters
    ----------
    programmes : tuple of str
        Paths of the duties that are deposits.
    back : mapping of str to tuple of float
        Share expected back at the final rate, with the ends of its range, on the first measured day: of goods made in
        the ``region`` and ``elsewhere``.
    """

    programmes: tuple[str, ...] = ()
    back: Mapping[str, tuple[float, float, float]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Context:
    """A run as measures see it.

    Parameters
    ----------
    delivered : bool[nodes]
        Loads of vehicles received at their market inside the window: costs, content, crossings and border
        hours are means over these, by vehicle.
    weight : float[nodes]
        Of a delivered load in a mean: its units, scaled so that vehicles and markets weigh as the schedule of the
        window and the markets' shares plan it. Whether one train more or less to a taxed market arrives before the
        last second is luck of a short window, not cost: unscaled, that luck is most of what differences vary by.
    luck : Luck or None
        What delivered vehicles cost for the sources that they happen to hold, which `column` takes from them.
    stoppages : mapping of str to Stoppage
        By assembly recipe.
    shocks : tuple of Shock
        What the scenario lets happen.
    border_tax : BorderTax
    deposits : Deposits
    """

    network: Network
    plan: Plan
    ledger: Ledger
    flow: Flow
    assessment: Assessment
    clock: Clock
    parameters: Parameters
    assembly: tuple[str, ...]
    delivered: Flags
    weight: Floats
    luck: Luck | None
    stoppages: Mapping[str, Stoppage]
    shocks: tuple[Shock, ...] = ()
    border_tax: BorderTax = BorderTax()
    deposits: Deposits = field(default_factory=Deposits)

    def in_window(self, seconds: Ints) -> Flags:
        """Whether each second lies in the window [start, end)."""
        inside: Flags = (seconds >= self.clock.start_s) & (seconds < self.clock.end_s)
        return inside

    def groups(self, among: Flags) -> Iterator[tuple[str, Ints]]:
        """Each assembly recipe that has nodes among some, then all of them together: name and nodes."""
        nodes = np.flatnonzero(among)
        if not len(nodes):
            return
        recipe = self.flow.recipe[nodes]
        for name in self.assembly:
            own = nodes[recipe == self.flow.recipe_ids.index(name)]
            if len(own):
                yield name, own
        yield ALL, nodes

    def column(self, name: str) -> Floats:
        """A landed component or quantity of one unit of each load; vehicles delivered hold sources as planned."""
        unit = self.assessment.unit
        return self.luck.taken_from(unit, name) if self.luck else unit.column(name)

    def landed(self) -> Floats:
        """Landed cost of one unit of each load; vehicles delivered hold sources as planned."""
        total: Floats = self.assessment.unit.landed.sum(axis=1)
        if self.luck:
            total[self.luck.nodes] -= self.luck.landed.sum(axis=1)
        return total

    def duty(self, landed: bool = True) -> Floats:
        """Duty in one unit of each load, all programmes; vehicles delivered hold sources as planned."""
        total = self.assessment.unit.duty(landed)
        if self.luck:
            own = self.luck.landed[:, len(COST) :].sum(axis=1) if landed else self.luck.duty_works
            total[self.luck.nodes] -= own
        return total

    def mean(self, nodes: Ints, values: Floats) -> float:
        """Mean of a per-unit value over some delivered nodes by their `weight`; `values` is by node of the flow."""
        return float(np.average(values[nodes], weights=self.weight[nodes]))


Function = Callable[[Context], Iterable[Figure]]


def open_context(
    network: Network,
    plan: Plan,
    ledger: Ledger,
    flow: Flow,
    assessment: Assessment,
    clock: Clock,
    parameters: Parameters,
    shocks: tuple[Shock, ...] = (),
    border_tax: BorderTax = BorderTax(),
    deposits: Deposits | None = None,
) -> Context:
    """Find the vehicles that count."""
    to_market = np.array([not network.lanes[lane].to_recipe for lane in flow.lane_ids], dtype=np.bool_)
    scheduled = {recipe.id for recipe in network.recipes.values() if recipe.schedule}
    is_vehicle = np.array([recipe in scheduled for recipe in flow.recipe_ids], dtype=np.bool_)
    vehicle = to_market[flow.lane] & is_vehicle[flow.recipe] & flow.exists & ~flow.is_seed
    delivered = vehicle & (flow.received_s >= clock.start_s) & (flow.received_s < clock.end_s)
    return Context(
        network=network,
        plan=plan,
        ledger=ledger,
        flow=flow,
        assessment=assessment,
        clock=clock,
        parameters=parameters,
        assembly=tuple(sorted(scheduled)),
        delivered=delivered,
        weight=_planned_weight(network, plan, flow, clock, delivered),
        luck=luck_of_sources(network, flow, assessment, clock.start_s, delivered),
        stoppages=stoppages(network, plan, ledger, clock, parameters),
        shocks=shocks,
        border_tax=border_tax,
        deposits=deposits or Deposits(),
    )


def _planned_weight(network: Network, plan: Plan, flow: Flow, clock: Clock, delivered: Flags) -> Floats:
    """Units of each delivered load, scaled to what is planned for its market; unscaled where nothing is planned.

    Planned for a market is its share of the vehicles scheduled in the window.

    References
    ----------
    Poststratification: W. G. Cochran, Sampling Techniques, 3rd ed., section 5A.9 [memory].
    """
    due_s, lane = plan.schedule.due_s, plan.schedule.lane
    inside = (due_s >= clock.start_s) & (due_s < clock.end_s)
    lanes, recipe = len(plan.lanes.ids), plan.lanes.recipe
    slots = np.bincount(lane[inside], minlength=lanes) * plan.lanes.load_units
    scheduled = np.bincount(recipe, weights=slots, minlength=len(plan.recipes.ids))
    share = np.array([network.lanes[name].share_pct / 100 for name in plan.lanes.ids])
    planned = scheduled[recipe] * share
    arrived = np.bincount(flow.lane[delivered], weights=flow.units[delivered], minlength=lanes)
    scale = np.divide(planned, arrived, out=np.ones(lanes), where=(arrived > 0) & (planned > 0))
    weight: Floats = np.where(delivered, flow.units * scale[flow.lane], 0.0)
    return weight
