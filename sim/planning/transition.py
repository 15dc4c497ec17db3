"""Lanes that begin and end within a run: how a network passes into another while plants go on working."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from sim.clock import Clock
from sim.network.model import Lane, Network
from sim.parameters import Parameters
from sim.plan import NEVER
from sim.planning.calendars import Interval
from sim.planning.demand import Demand, roll_down
from sim.planning.replenishment import LanePlan, plan_lanes
from sim.units import DAY

Seed = tuple[int, int]  # units and second of receipt


@dataclass(frozen=True, slots=True)
class Transition:
    """What changes in a run that holds the lanes of before and of after, the latter with a share of 0.

    Parameters
    ----------
    ordinary : Network
        Whose trucks are not counted among everybody else's.
    stages : tuple of (date, Network)
        The network from a day on, in order; before the first day that of the run itself.
    begins, ends : mapping of str to date
        Lanes that are asked from a day on, and until a day.
    """

    ordinary: Network
    stages: tuple[tuple[dt.date, Network], ...] = ()
    begins: Mapping[str, dt.date] = field(default_factory=lambda: MappingProxyType({}))
    ends: Mapping[str, dt.date] = field(default_factory=lambda: MappingProxyType({}))

    def on(self, day: dt.date, network: Network) -> Network:
        """The network of a day."""
        found = network
        for begins, after in self.stages:
            if begins <= day:
                found = after
        return found

    def last(self) -> Network | None:
        """The network of the last stage, None where nothing changes within the run."""
        return self.stages[-1][1] if self.stages else None


def shares_of(network: Network, transition: Transition | None) -> list[float]:
    """Share of each lane while it is asked, percent."""
    last = transition.last() if transition else None
    if last is None or transition is None:
        return [lane.share_pct for lane in network.lanes.values()]
    return [last.lanes[x.id].share_pct if x.id in transition.begins else x.share_pct for x in network.lanes.values()]


def demand_through(network: Network, wanted: Mapping[str, int], transition: Transition | None) -> Demand:
    """Weekly volumes of a run: of every recipe and lane the most that it has in any stage."""
    demand = roll_down(network, wanted)
    if transition is None:
        return demand
    recipes, lanes = dict(demand.recipe_week), dict(demand.lane_week)
    for _, after in transition.stages:
        later = roll_down(after, wanted)
        recipes |= {name: max(week, recipes.get(name, 0.0)) for name, week in later.recipe_week.items()}
        lanes |= {name: max(week, lanes.get(name, 0.0)) for name, week in later.lane_week.items()}
    return replace(demand, recipe_week=recipes, lane_week=lanes)


def plans_through(
    network: Network, wanted: Mapping[str, int], parameters: Parameters, transition: Transition | None
) -> dict[str, LanePlan]:
    """How each lane is replenished: as before, or as in the stage that asks most of it."""
    plans = plan_lanes(network, roll_down(network, wanted), parameters)
    if transition is None:
        return plans
    for _, after in transition.stages:
        for name, plan in plan_lanes(after, roll_down(after, wanted), parameters).items():
            if plan.reorder_units > plans[name].reorder_units or name in transition.begins:
                plans[name] = plan
    return plans


def blocked_through(transition: Transition | None, lane: str, clock: Clock) -> list[Interval]:
    """Seconds in which a lane is not asked."""
    if transition is None:
        return []
    if lane in transition.begins:
        return [(0, max(1, _second(transition.begins[lane], clock)))]
    if lane in transition.ends:
        return [(max(0, _second(transition.ends[lane], clock)), NEVER)]
    return []


def seeds_through(
    network: Network,
    seeds: dict[str, list[Seed]],
    plans: Mapping[str, LanePlan],
    transition: Transition | None,
    clock: Clock,
) -> dict[str, list[Seed]]:
    """Opening loads, those of lanes that begin later on their first day.

    What the lanes before them leave in stock and on the road counts as theirs: it stands in their position as a load
    that does not arrive within the run, so that they order anew only once it is used. What is missing to a full
    position arrives on the first day.
    """
    if transition is None or not transition.begins:
        return seeds
    last = transition.last()
    assert last is not None
    left = _left(network, plans, transition)
    found = dict(seeds)
    for name, begins in transition.begins.items():
        lane, second = last.lanes[name], _second(begins, clock)
        wanted = sum(units for units, _ in seeds[name])
        booked = int(left.get((lane.to_recipe, lane.part), 0.0) * lane.share_pct / 100)
        own = [(wanted - booked, second)] if wanted > booked else []
        found[name] = own + ([(booked, clock.end_s + 1)] if booked else [])
    return found


def _left(network: Network, plans: Mapping[str, LanePlan], transition: Transition) -> dict[tuple[str, str], float]:
    """Units that the lanes which end leave on hand and on the road, by stock: half a load above the reorder point."""
    found: dict[tuple[str, str], float] = {}
    for name in transition.ends:
        lane: Lane = network.lanes[name]
        key = (lane.to_recipe, lane.part)
        found[key] = found.get(key, 0.0) + plans[name].reorder_units + lane.load_units / 2
    return found


def days_of(transition: Transition | None) -> Sequence[dt.date]:
    """First days of the stages."""
    return [day for day, _ in transition.stages] if transition else []


def _second(day: dt.date, clock: Clock) -> int:
    return (day - clock.begins).days * DAY
