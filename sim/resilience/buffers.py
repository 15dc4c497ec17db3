"""Which stock would have kept the lines going, and what holding it costs: the cheapest buffer for a vehicle saved.

The deficit of a stock at a moment of a disturbance is what the line used by then in the calm run, less what it had at
the beginning and received since in the disturbed one. The greatest deficit of the first T hours is the buffer that
keeps that input from stopping the line for T hours; a line needs it of every input that falls short. Longer buffers
cost more for each vehicle saved, since more inputs fall short; each line is given the T at which a saved vehicle is
cheapest. What is saved is not reckoned but simulated, with the buffers in place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.ledger.ledger import NOT_YET
from sim.network import Network
from sim.network.graph import unit_costs
from sim.network.model import Recipe
from sim.planning.demand import roll_down, units_per_working_second
from sim.replication.once import Prepared
from sim.resilience.twin import Calm, Harm, Twin, harm_of
from sim.units import HOUR

Ints = NDArray[np.int64]

LADDER_H = (8, 16, 24, 36, 48, 72, 96, 120, 168)  # hours of a disturbance that buffers may be made to outlast


@dataclass(frozen=True, slots=True)
class Holding:
    """More of one input at one line.

    Parameters
    ----------
    units : float
        Held beyond what the network plans.
    hours : float
        Of working time that they last.
    value_usd : float
        At production cost.
    """

    part: str
    units: float
    hours: float
    value_usd: float


@dataclass(frozen=True, slots=True)
class Buffer:
    """What it takes for one line to outlast the first hours of a disturbance, and what it brings.

    Parameters
    ----------
    line : str
        Assembly recipe.
    outlasts_h : int
        Hours of the disturbance for which the buffers are made.
    holdings : tuple of Holding
        Costliest first.
    cost_usd_year : float
        Of holding them for a year, by the yearly cost of carrying.
    lost_before, lost_after : float
        Vehicles that the disturbance costs the line without and with them.
    fullest : Buffer or None
        The cheapest buffer that loses fewest vehicles, where it loses fewer than this one.
    """

    line: str
    outlasts_h: int
    holdings: tuple[Holding, ...]
    cost_usd_year: float
    lost_before: float
    lost_after: float
    fullest: Buffer | None = None

    @property
    def saved(self) -> float:
        """Vehicles saved in one disturbance."""
        return self.lost_before - self.lost_after

    @property
    def usd_per_vehicle_saved(self) -> float:
        """A year's cost over the vehicles that it saves in one such disturbance; infinite where it saves none."""
        return self.cost_usd_year / self.saved if self.saved > 0 else math.inf


def find_buffers(
    prepared: Prepared,
    since_s: int,
    replications: int,
    ladder_h: Sequence[int] = LADDER_H,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Buffer]:
    """The cheapest buffer of each line that the scenario's shocks cost vehicles, cheapest for a vehicle saved first.

    Parameters
    ----------
    since_s : int
        Second at which the disturbance begins.
    ladder_h : sequence of int
        Hours that buffers may be made to outlast; each is simulated, for all lines at once.

    Notes
    -----
    Buffers lie at the lines, not with their suppliers. A line's buffers are judged with those of all lines in place.
    """
    shocks = prepared.scenario.shocks
    calms, upsets, harms = [], [], []
    for replication in range(replications):
        tell(f"replication {replication + 1} of {replications}: without buffers")
        calm = Calm.of(prepared, replication)
        calms.append(calm)
        upsets.append(calm.disturbed(shocks))
        harms.append(harm_of(calm.run, upsets[-1], since_s))
    before = _lost(harms)
    wanting = [line for line, vehicles in before.items() if vehicles > 0]
    ladder: dict[str, list[Buffer]] = {line: [] for line in wanting}
    for hours in ladder_h if wanting else ():
        needs = [
            _needs(prepared.network, c.run, u, wanting, since_s, hours) for c, u in zip(calms, upsets, strict=True)
        ]
        need = {key: max(found.get(key, 0.0) for found in needs) for key in sorted(set().union(*needs))}
        tell(f"with buffers for {hours} hours: {len(need)} stocks")
        network = with_buffers(prepared, need)
        after = _lost([harm_of(c.run, c.disturbed(shocks, network), since_s) for c in calms])
        for line in wanting:
            ladder[line].append(_buffer(prepared, line, hours, need, before[line], after[line]))
    best = [_cheapest(rungs) for rungs in ladder.values()]
    return sorted(best, key=lambda x: (x.usd_per_vehicle_saved, x.line))


def _cheapest(rungs: Sequence[Buffer]) -> Buffer:
    """The buffer of a line at which a saved vehicle is cheapest, and with it the one that loses fewest."""
    cheapest = min(rungs, key=lambda x: x.usd_per_vehicle_saved)
    fullest = min(rungs, key=lambda x: (x.lost_after, x.cost_usd_year))
    saves_more = 0 < fullest.saved > cheapest.saved
    return replace(cheapest, fullest=fullest) if saves_more else cheapest


def _lost(harms: Sequence[Mapping[str, Harm]]) -> dict[str, float]:
    return {line: sum(harm[line].lost for harm in harms) / len(harms) for line in harms[0]}


def _needs(
    network: Network, calm: Twin, upset: Twin, lines: Sequence[str], since_s: int, hours: int
) -> dict[tuple[str, str], float]:
    """Units of each input, by recipe and part, that its line lacks within the first hours."""
    until_s = since_s + hours * HOUR
    needs = {}
    for line in lines:
        recipe = network.recipes[line]
        for item in recipe.inputs:
            stock = calm.plan.stocks.ids.index(f"{line}<{item.part}")
            if _came_late(calm, upset, stock, since_s, until_s):
                units = shortfall(calm, upset, stock, since_s, until_s)
                if units > 0:
                    needs[line, item.part] = float(units)
    return needs


def shortfall(calm: Twin, upset: Twin, stock: int, since_s: int, until_s: int) -> int:
    """Most units by which a stock is behind its use in the calm run, at any moment from one second to another."""
    used_s, used = _issues(calm, stock, until_s)
    came_s, came = _receipts(upset, stock, until_s)
    moments = np.concatenate([came_s, used_s])
    change = np.concatenate([came, -used])
    order = np.lexsort((np.arange(len(moments)), moments))  # what comes in a second can be used in it
    level = np.cumsum(change[order])
    inside = moments[order] >= since_s
    return max(0, -int(level[inside].min())) if inside.any() else 0


def _issues(run: Twin, stock: int, until_s: int) -> tuple[Ints, Ints]:
    """When a stock's units were taken, and how many."""
    uses = run.ledger.uses
    own = uses.stock == stock
    second = run.ledger.loads.started_s[uses.consumer[own]]
    inside = second < until_s
    return second[inside], uses.units[own][inside]


def _receipts(run: Twin, stock: int, until_s: int) -> tuple[Ints, Ints]:
    """When a stock's loads came, and how many units each."""
    loads = run.ledger.loads
    own = run.plan.lanes.stock[loads.lane] == stock
    second, units = loads.received_s[own], loads.units[own]
    inside = (second != NOT_YET) & (second < until_s)
    return second[inside], units[inside]


def _came_late(calm: Twin, upset: Twin, stock: int, since_s: int, until_s: int) -> bool:
    """Whether a load that the calm run received by then was on its way in the disturbed run too, and late.

    Where a line stands, orders for its other inputs cease: what was never ordered is not late.
    """
    due, came = (_by_load(run, stock) for run in (calm, upset))
    later = [
        key
        for key, (received, _) in due.items()
        if NOT_YET != received < until_s and key in came and not received >= came[key][0] != NOT_YET
    ]
    return any(due[key][0] >= since_s for key in later)


def _by_load(run: Twin, stock: int) -> dict[tuple[int, int], tuple[int, int]]:
    """Second of receipt and units of the loads for a stock, by lane and number."""
    loads = run.ledger.loads
    own = np.flatnonzero(run.plan.lanes.stock[loads.lane] == stock)
    keys = zip(loads.lane[own].tolist(), loads.n[own].tolist(), strict=True)
    return dict(zip(keys, zip(loads.received_s[own].tolist(), loads.units[own].tolist(), strict=True), strict=True))


def with_buffers(prepared: Prepared, need: Mapping[tuple[str, str], float]) -> Network:
    """The network with inputs that hold so many units more, written as hours of cover before the scenario scales them.

    Parameters
    ----------
    need : mapping of (str, str) to float
        Units by recipe and part.

    Raises
    ------
    ScenarioError
        The scenario scales the cover of such parts to nothing.
    """
    network = prepared.network
    recipes: dict[str, Recipe] = dict(network.recipes)
    for (line, part), units in need.items():
        recipe = recipes[line]
        part_class = network.parts[part].part_class
        factor = prepared.parameters.cover_factor(part_class)
        if factor == 0:
            message = f"parameters.cover_{part_class}_pct is 0 %: no stock of such parts can be held. Raise it."
            raise ScenarioError(prepared.scenario.name, [message])
        hours = hours_of_use(prepared, recipe, part, units) / factor
        inputs = tuple(
            replace(item, cover_h=item.cover_h + hours) if item.part == part else item for item in recipe.inputs
        )
        recipes[line] = replace(recipe, inputs=inputs)
    mark = f"{network.digest} with {sorted(need.items())}"
    return replace(network, recipes=MappingProxyType(recipes), digest=mark)


def hours_of_use(prepared: Prepared, recipe: Recipe, part: str, units: float) -> float:
    """Working hours in which a recipe uses so many units of an input, at the rate that the scenario asks for."""
    network = prepared.network
    item = next(item for item in recipe.inputs if item.part == part)
    demand = roll_down(network, prepared.scenario.demand)
    return units / (units_per_working_second(network, demand, recipe, item) * HOUR)


def _buffer(
    prepared: Prepared,
    line: str,
    hours: int,
    need: Mapping[tuple[str, str], float],
    before: float,
    after: float,
) -> Buffer:
    network, costs = prepared.network, unit_costs(prepared.network)
    holdings = []
    for (recipe, part), units in need.items():
        if recipe == line:
            lanes = network.lanes_into(line, part)
            price = sum(costs[x.from_recipe] * x.share_pct for x in lanes) / sum(x.share_pct for x in lanes)
            lasts = hours_of_use(prepared, network.recipes[line], part, units)
            holdings.append(Holding(part, units, lasts, units * price))
    holdings.sort(key=lambda x: (-x.value_usd, x.part))
    yearly = sum(x.value_usd for x in holdings) * prepared.parameters.carrying_pct_year / 100
    return Buffer(line, hours, tuple(holdings), yearly, before, after)
