"""The supplier graph read as planners read it: chokepoints, exposure, longest chain, most-crossed path, journeys."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sim.network.model import NORTH_AMERICA, Lane, Network, Recipe, Step


@dataclass(frozen=True, slots=True)
class Journey:
    """What a chain of lanes passes on its usual routes.

    Parameters
    ----------
    physical : int
        Borders that a load passes, oceans once, Mexico-Canada by land twice.
    dutiable : mapping of str to int
        Entries for consumption by importing country; transit and temporary imports are not among them.
    crossings : tuple of str
        Crossing ids in order.
    distance_km, hours : float
        Sums over the legs, free flow, without queues or dwell.
    """

    physical: int
    dutiable: Mapping[str, int]
    crossings: tuple[str, ...]
    distance_km: float
    hours: float


@dataclass(frozen=True, slots=True)
class Chokepoint:
    """What is lost when one site, lane or crossing is lost and nobody steps in.

    Parameters
    ----------
    kind : str
        ``site``, ``lane`` or ``crossing``.
    vehicles_per_day : float
        Vehicles of a working day that can no longer be built or sold.
    cover_h : float
        Hours of use in stock and on the road beyond the break, until the first line feels it; 0 where vehicles
        themselves are held up.
    lines : tuple of str
        Assembly recipes that it reaches.
    loads_per_day : float
        Loads of a working day that it makes, carries or lets pass.
    has_alternative : bool
        Every lane concerned has another route or another lane into the same stock.
    stops : tuple of (str, float, float)
        Assembly recipes that run short of an input, with vehicles of a working day and hours until it is felt.
    """

    kind: str
    id: str
    vehicles_per_day: float
    cover_h: float
    lines: tuple[str, ...]
    loads_per_day: float
    has_alternative: bool
    stops: tuple[tuple[str, float, float], ...] = ()

    def vehicles_at_risk(self, hours: float) -> float:
        """Vehicles that stay unbuilt for want of inputs while it is lost for so many hours of 24 to a working day."""
        return sum(vehicles * max(0.0, hours - felt) / 24 for _, vehicles, felt in self.stops)


@dataclass(frozen=True, slots=True)
class CrossingExposure:
    """How much of the vehicles' value, in percent, and how many loads of a working day pass a crossing."""

    crossing: str
    value_pct: float
    loads_per_day: float


def supply_levels(network: Network) -> dict[str, int]:
    """Level of each recipe: 0 without modelled inputs, otherwise one more than the highest of its suppliers."""
    feeds: dict[str, list[str]] = {recipe: [] for recipe in network.recipes}
    waiting = dict.fromkeys(network.recipes, 0)
    for lane in network.lanes.values():
        if lane.to_recipe:
            feeds[lane.from_recipe].append(lane.to_recipe)
            waiting[lane.to_recipe] += 1
    level = {recipe: 0 for recipe, count in waiting.items() if count == 0}
    ready = list(level)
    for recipe in ready:  # grows while it is walked; the network's checks refuse circles
        for fed in feeds[recipe]:
            level[fed] = max(level.get(fed, 0), level[recipe] + 1)
            waiting[fed] -= 1
            if waiting[fed] == 0:
                ready.append(fed)
    return level


def supply_order(network: Network) -> tuple[str, ...]:
    """Recipe ids from raw materials to vehicles, by level, then id: suppliers before those they feed."""
    level = supply_levels(network)
    return tuple(sorted(level, key=lambda recipe: (level[recipe], recipe)))


def daily_units(network: Network) -> dict[str, float]:
    """Units that each recipe and each lane (by id) delivers on a working day at the planned build rate."""
    units = dict.fromkeys(network.recipes, 0.0)
    feeding = _feeding(network)
    for recipe in reversed(supply_order(network)):
        made = network.recipes[recipe]
        if made.schedule:
            units[recipe] = float(made.schedule.vehicles_per_day)
        quantity = {line.part: line.quantity_per for line in made.inputs}
        for lane in feeding[recipe]:
            units[lane.id] = units[recipe] * quantity[lane.part] * lane.share_pct / 100
            units[lane.from_recipe] += units[lane.id]
    for lane in network.lanes.values():
        if not lane.to_recipe:
            units[lane.id] = units[lane.from_recipe] * lane.share_pct / 100
    return units


def unit_costs(network: Network) -> dict[str, float]:
    """Production cost of one unit of each recipe in USD, inputs at their sources' cost, without freight or duty."""
    costs: dict[str, float] = {}
    feeding = _feeding(network)
    for recipe in supply_order(network):
        made = network.recipes[recipe]
        quantity = {line.part: line.quantity_per for line in made.inputs}
        bought = sum(quantity[lane.part] * lane.share_pct / 100 * costs[lane.from_recipe] for lane in feeding[recipe])
        costs[recipe] = own_cost(made) + bought
    return costs


def own_cost(recipe: Recipe) -> float:
    """What a recipe adds to one unit before its inputs, in USD."""
    return recipe.labour_usd + recipe.overhead_usd + recipe.material_usd


def journey(network: Network, lanes: Sequence[str]) -> Journey:
    """Count the borders along a chain of lanes.

    Parameters
    ----------
    network : Network
    lanes : sequence of str
        Lane ids in order; see `sim.network.load_journeys`.

    Returns
    -------
    Journey

    Raises
    ------
    KeyError
        A lane that the network does not have.
    """
    steps = [step for lane in lanes for step in _steps(network, network.lanes[lane])]
    passed = [step for step in steps if step.crossing]
    dutiable: dict[str, int] = defaultdict(int)
    for step in passed:
        if step.movement == "entry":
            dutiable[network.crossings[step.crossing].to_country] += 1
    return Journey(
        len(passed),
        MappingProxyType({country: dutiable[country] for country in sorted(dutiable)}),
        tuple(step.crossing for step in passed),
        sum(step.distance_km for step in steps),
        sum(step.hours for step in steps),
    )


def longest_chain(network: Network, vehicle: str = "") -> tuple[str, ...]:
    """Lane ids of the chain with most stages, from the deepest supplier to the market; ties by id.

    Parameters
    ----------
    network : Network
    vehicle : str
        An assembly recipe, or empty for any.
    """
    return _heaviest(network, vehicle, lambda lane: 1)


def most_crossed_path(network: Network, vehicle: str = "") -> tuple[tuple[str, ...], int]:
    """Chain of lanes that passes most borders on its way to the market, and how many; the shortest such chain.

    Parameters
    ----------
    network : Network
    vehicle : str
        An assembly recipe, or empty for any.
    """
    scale = len(network.recipes) + 1  # borders first; among equals the chain with fewer stages
    lanes = _heaviest(network, vehicle, lambda lane: scale * (len(_steps(network, lane)) - 1) - 1)
    return lanes, journey(network, lanes).physical


def _heaviest(network: Network, vehicle: str, weight: Callable[[Lane], int]) -> tuple[str, ...]:
    best: dict[str, tuple[int, tuple[str, ...]]] = {}
    feeding = _feeding(network)
    for recipe in supply_order(network):
        best[recipe] = (0, ())
        for lane in feeding[recipe]:
            total, chain = best[lane.from_recipe]
            _keep_heavier(best, recipe, total + weight(lane), (*chain, lane.id))
    ends: dict[str, tuple[int, tuple[str, ...]]] = {"": (0, ())}
    for lane in network.lanes.values():
        if not lane.to_recipe and vehicle in ("", lane.from_recipe):
            total, chain = best[lane.from_recipe]
            _keep_heavier(ends, "", total + weight(lane), (*chain, lane.id))
    return ends[""][1]


def _keep_heavier(best: dict[str, tuple[int, tuple[str, ...]]], key: str, total: int, chain: tuple[str, ...]) -> None:
    if not best[key][1] or (total, [*reversed(chain)]) > (best[key][0], [*reversed(best[key][1])]):
        best[key] = (total, chain)


def country_exposure(network: Network, vehicle: str) -> dict[str, float]:
    """Share of a vehicle's cost added in each country, in percent; adds up to 100.

    Parameters
    ----------
    network : Network
    vehicle : str
        An assembly recipe.
    """
    added: dict[str, float] = defaultdict(float)
    for recipe, units in _per_vehicle(network, vehicle).items():
        made = network.recipes[recipe]
        home = network.sites[made.site].country
        added[home] += units * (made.labour_usd + made.overhead_usd)
        if made.material_usd:
            added[made.material_country] += units * made.material_usd
    total = sum(added.values())
    return {country: added[country] / total * 100 for country in sorted(added)}


def _per_vehicle(network: Network, vehicle: str) -> dict[str, float]:
    """Units of each recipe's output in one vehicle."""
    units = dict.fromkeys(network.recipes, 0.0)
    units[vehicle] = 1.0
    feeding = _feeding(network)
    for recipe in reversed(supply_order(network)):
        quantity = {line.part: line.quantity_per for line in network.recipes[recipe].inputs}
        for lane in feeding[recipe]:
            units[lane.from_recipe] += units[recipe] * quantity[lane.part] * lane.share_pct / 100
    return {recipe: value for recipe, value in units.items() if value}


def crossing_exposure(network: Network) -> tuple[CrossingExposure, ...]:
    """Value and loads that pass each crossing on usual routes, the most exposed first.

    Notes
    -----
    Value is what the loads of a working day cost to make, in percent of the cost of that day's vehicles. A part
    that passes twice, alone and inside a larger one, counts twice: that is what is at stake each time.
    """
    units, costs = daily_units(network), unit_costs(network)
    built = sum(units[r.id] * costs[r.id] for r in network.recipes.values() if r.schedule)
    value: dict[str, float] = dict.fromkeys(network.crossings, 0.0)
    loads: dict[str, float] = dict.fromkeys(network.crossings, 0.0)
    for lane in network.lanes.values():
        for step in _steps(network, lane):
            if step.crossing:
                value[step.crossing] += units[lane.id] * costs[lane.from_recipe]
                loads[step.crossing] += units[lane.id] / lane.load_units
    rows = (CrossingExposure(x, value[x] / built * 100 if built else 0.0, loads[x]) for x in network.crossings)
    return tuple(sorted(rows, key=lambda row: (-row.value_pct, row.crossing)))


def chokepoints(network: Network, kind: str = "", limit: int = 10) -> tuple[Chokepoint, ...]:
    """Sites, lanes and crossings whose loss stops most vehicles, soonest felt first among equals.

    Parameters
    ----------
    network : Network
    kind : str
        ``site``, ``lane`` or ``crossing``; empty for all three.
    limit : int
        How many to return, 1 or more.

    Returns
    -------
    tuple of Chokepoint

    Notes
    -----
    A recipe loses the largest share that it misses of any one input; a stock misses the share of a lost lane, or of
    a lane times what its supplier loses. Nothing is re-routed or re-sourced: `has_alternative` tells where it could
    be.
    """
    spread = _Spread(network)
    found: list[Chokepoint] = []
    if kind in ("", "site"):
        at: dict[str, list[str]] = {site: [] for site in network.sites}
        for recipe in network.recipes.values():
            at[recipe.site].append(recipe.id)
        found.extend(spread.of("site", site, recipes, ()) for site, recipes in at.items())
    if kind in ("", "lane"):
        found.extend(spread.of("lane", lane.id, (), (lane,)) for lane in network.lanes.values())
    if kind in ("", "crossing"):
        found.extend(spread.of("crossing", x, (), spread.over[x]) for x in network.crossings)
    found.sort(key=lambda c: (-round(c.vehicles_per_day, 6), c.cover_h, c.kind, c.id))
    return tuple(point for point in found[:limit] if point.vehicles_per_day > 0)


class _Spread:
    """Follows a loss downstream; holds what every question about the same network needs."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.order = supply_order(network)
        self.place = {recipe: place for place, recipe in enumerate(self.order)}
        self.lines = [recipe.id for recipe in network.recipes.values() if recipe.schedule]
        self.feeding = _feeding(network)
        self.units = daily_units(network)
        self.cover = {(r.id, line.part): line.cover_h for r in network.recipes.values() for line in r.inputs}
        self.hours = {lane.id: [step.hours for step in _steps(network, lane)] for lane in network.lanes.values()}
        self.over: dict[str, list[Lane]] = {crossing: [] for crossing in network.crossings}
        self.markets: dict[str, list[Lane]] = defaultdict(list)
        self.leaving: dict[str, list[Lane]] = {recipe: [] for recipe in network.recipes}
        for lane in network.lanes.values():
            self.leaving[lane.from_recipe].append(lane)
            for step in _steps(network, lane):
                if step.crossing:
                    self.over[step.crossing].append(lane)
            if not lane.to_recipe:
                self.markets[lane.from_recipe].append(lane)

    def of(self, kind: str, name: str, recipes: Iterable[str], lanes: Sequence[Lane]) -> Chokepoint:
        """What the loss of some recipes and lanes does."""
        after = {lane.id: self._beyond(kind, name, lane) for lane in lanes}
        lost = dict.fromkeys(recipes, (1.0, 0.0))
        made = [lane for recipe in lost for lane in self.leaving[recipe]]
        self._downstream(lost, after, [*made, *lanes])
        vehicles, soonest, lines = 0.0, float("inf"), []
        for recipe in self.lines:
            share, cover = lost.get(recipe, (0.0, float("inf")))
            unsold = sum(x.share_pct / 100 for x in self.markets[recipe] if x.id in after)
            gone = max(share, unsold)
            if gone > 0:
                vehicles += self.units[recipe] * gone
                soonest = min(soonest, 0.0 if unsold >= share else cover)
                lines.append(recipe)
        concerned = [*made, *lanes]
        return Chokepoint(
            kind,
            name,
            vehicles,
            soonest if lines else 0.0,
            tuple(lines),
            sum(self.units[x.id] / x.load_units for x in concerned),
            bool(concerned) and all(self._can_turn(x, kind) for x in concerned),
            tuple((line, self.units[line] * lost[line][0], lost[line][1]) for line in self.lines if line in lost),
        )

    def _downstream(
        self, lost: dict[str, tuple[float, float]], after: Mapping[str, float], broken: Iterable[Lane]
    ) -> None:
        """Add every recipe that runs short: share lost, and hours until it is felt; suppliers before those they feed.

        Only recipes that a broken lane or a recipe already short feeds are looked at.
        """
        reached = {self.place[lane.to_recipe] for lane in broken if lane.to_recipe}
        waiting = sorted(reached)
        while waiting:
            recipe = self.order[heapq.heappop(waiting)]
            missing: dict[str, float] = defaultdict(float)
            felt: dict[str, float] = {}
            for lane in self.feeding[recipe]:
                share, road = 0.0, 0.0
                if lane.id in after:
                    share, road = 1.0, after[lane.id]
                elif lane.from_recipe in lost:
                    share, cover = lost[lane.from_recipe]
                    road = cover + sum(self.hours[lane.id])
                if share:
                    missing[lane.part] += share * lane.share_pct / 100
                    felt[lane.part] = min(felt.get(lane.part, float("inf")), road + self.cover[recipe, lane.part])
            if missing and lost.get(recipe, (0.0, 0.0))[0] < 1.0:
                lost[recipe] = (min(1.0, max(missing.values())), min(felt.values()))
                for place in {self.place[lane.to_recipe] for lane in self.leaving[recipe] if lane.to_recipe} - reached:
                    reached.add(place)
                    heapq.heappush(waiting, place)

    def _beyond(self, kind: str, name: str, lane: Lane) -> float:
        """Hours of road after a lost crossing, from which loads still arrive; all of a lost lane's road stops."""
        if kind != "crossing":
            return 0.0
        steps = _steps(self.network, lane)
        at = next(n for n, step in enumerate(steps) if step.crossing == name)
        return sum(self.hours[lane.id][at + 1 :])

    def _can_turn(self, lane: Lane, kind: str) -> bool:
        if kind == "crossing" and len(self.network.routes_of(lane)) > 1:
            return True
        if not lane.to_recipe:
            return False
        return any(other.part == lane.part and other.id != lane.id for other in self.feeding[lane.to_recipe])


def north_american_content(network: Network, vehicle: str) -> float:
    """Share of a vehicle's cost added in Canada, Mexico and the United States, in percent: no rule of origin."""
    shares = country_exposure(network, vehicle)
    return sum(shares.get(country, 0.0) for country in NORTH_AMERICA)


def _feeding(network: Network) -> dict[str, list[Lane]]:
    feeding: dict[str, list[Lane]] = {recipe: [] for recipe in network.recipes}
    for lane in network.lanes.values():
        if lane.to_recipe:
            feeding[lane.to_recipe].append(lane)
    return feeding


def _steps(network: Network, lane: Lane) -> tuple[Step, ...]:
    return network.routes_of(lane)[0].steps
