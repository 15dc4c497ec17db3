"""Build the Plan: network, decisions and draws of one replication become the integer arrays an engine runs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sim.clock import Clock
from sim.errors import PlanError
from sim.network.model import Lane, Network
from sim.parameters import Parameters
from sim.plan import (
    Background,
    Calendars,
    Lanes,
    Plan,
    Recipes,
    Routes,
    Schedule,
    Seeds,
    Stocks,
)
from sim.planning.border import draw_background, plan_crossings
from sim.planning.calendars import Interval, compact, without, working_intervals
from sim.planning.decide import Decisions
from sim.planning.demand import Demand, roll_down
from sim.planning.draws import Drawn, columns_of, draw_loads
from sim.planning.replenishment import LanePlan, free_flow_s, longest_lead_days, plan_lanes
from sim.planning.schedule import Slot, assembly_intervals, build_schedule
from sim.planning.shocks import outages, shock_crossings
from sim.scenario import Scenario
from sim.streams import Streams
from sim.units import DAY, HOUR, MINUTE, PPM, WEEK

SPARE_ORDERS = 1.6  # rows drawn per load expected: orders after a shortage may bunch
SPARE_ROWS = 12


@dataclass(slots=True)
class Shared:
    """What the scenarios of one replication need not work out again: traffic, schedules, stocks, draws."""

    backgrounds: dict[tuple[object, ...], Background] = field(default_factory=dict)
    outlines: dict[tuple[object, ...], _Outline] = field(default_factory=dict)
    draws: dict[tuple[object, ...], dict[tuple[object, ...], Drawn]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Outline:
    """What the network and the schedule fix before anything is drawn."""

    demand: Demand
    lanes: dict[str, LanePlan]
    slots: list[Slot]
    seeds: dict[str, list[tuple[int, int]]]  # lane -> (units, receive_s), the lane's first loads
    rows: dict[str, int]


def build(
    scenario: Scenario,
    network: Network,
    decisions: Decisions,
    parameters: Parameters,
    replication: int,
    shared: Shared | None = None,
) -> Plan:
    """Build the plan of one replication.

    Parameters
    ----------
    decisions : Decisions
        Claims, fixed before the run; they change what is asked of a load at the border.
    shared : Shared, optional
        Pass the same one for all scenarios of a replication: everybody else's trucks are the same in all of them.

    Returns
    -------
    Plan

    Raises
    ------
    PlanError
        The warm-up is shorter than the longest cumulative lead time.
    """
    clock = scenario.clock()
    streams = Streams(scenario.seed, replication)
    memo = Shared() if shared is None else shared
    outline = _shared_outline(scenario, network, clock, streams, memo, replication)
    ordinary = roll_down(network, {})  # the background is what the ordinary network leaves, whatever is asked
    crossings = plan_crossings(network, clock, ordinary, round(parameters.posting_interval_min * MINUTE))
    wanted = [columns_of(network, lane, outline.rows[lane.id], decisions.regime_at) for lane in network.lanes.values()]
    key = (network.digest, clock, scenario.seed, replication)
    if key not in memo.backgrounds:
        memo.backgrounds[key] = draw_background(network, clock, ordinary, streams)
    return Plan(
        horizon_s=clock.end_s,
        start_s=clock.start_s,
        calendars=_calendars(network, clock, scenario),
        recipes=_recipes(network),
        stocks=_stocks(network),
        lanes=_lanes(network, outline, scenario, clock),
        routes=_routes(network),
        seeds=_seeds(network, outline),
        loads=draw_loads(wanted, parameters, streams, memo.draws.setdefault(key, {})),
        crossings=shock_crossings(crossings, network, scenario.shocks, clock),
        background=memo.backgrounds[key],
        schedule=_schedule(network, outline),
    )


def _shared_outline(
    scenario: Scenario, network: Network, clock: Clock, streams: Streams, memo: Shared, replication: int
) -> _Outline:
    key = (network.digest, clock, scenario.seed, replication, tuple(scenario.demand.items()), scenario.shocks)
    if key not in memo.outlines:
        memo.outlines[key] = _outline(scenario, network, clock, streams)
    return memo.outlines[key]


def _outline(scenario: Scenario, network: Network, clock: Clock, streams: Streams) -> _Outline:
    demand = roll_down(network, scenario.demand)
    lanes = plan_lanes(network, demand)
    _require_warm_up(scenario, network, longest_lead_days(network, demand, lanes))
    slots = build_schedule(network, clock, scenario.demand)
    struck = outages(scenario.shocks, clock)
    seeds = {lane: _seed_lane(network.lanes[lane], plan, streams) for lane, plan in lanes.items()}
    return _Outline(demand, lanes, slots, seeds, _rows(network, clock, demand, seeds, slots, struck))


def require_warm_up(scenario: Scenario, network: Network) -> None:
    """Refuse a warm-up shorter than the longest cumulative lead time, without building a plan.

    Raises
    ------
    PlanError
        With the least warm-up that would do.
    """
    demand = roll_down(network, scenario.demand)
    _require_warm_up(scenario, network, longest_lead_days(network, demand, plan_lanes(network, demand)))


def _require_warm_up(scenario: Scenario, network: Network, needed_days: float) -> None:
    if scenario.warm_up_s < needed_days * DAY:
        problem = (
            f"horizon.warm_up: {scenario.warm_up_s / DAY:g} days are shorter than the longest cumulative lead time of "
            f"network '{network.name}' ({needed_days:.0f} days). Write {math.ceil(needed_days / 7)} weeks or more."
        )
        raise PlanError(scenario.name, [problem])


def _seed_lane(lane: Lane, plan: LanePlan, streams: Streams) -> list[tuple[int, int]]:
    """Opening stock and loads on the way: the position stands at a random point of its order cycle."""
    draws = streams.generator(f"lane/{lane.id}/seed").random(2)
    position = plan.reorder_units + int(draws[0] * lane.load_units) + 1
    on_hand = position - plan.seed_loads * lane.load_units
    seeds = [(on_hand, 0)] if on_hand > 0 else []
    arrivals = (max(1, round((number + draws[1]) * plan.interval_s)) for number in range(plan.seed_loads))
    return seeds + [(lane.load_units, second) for second in arrivals]


def _rows(
    network: Network,
    clock: Clock,
    demand: Demand,
    seeds: Mapping[str, list[tuple[int, int]]],
    slots: list[Slot],
    struck: Mapping[str, list[Interval]],
) -> dict[str, int]:
    """Loads that may exist on each lane: seeds and a generous number of orders; exactly the slots to a market.

    A lane beside one whose maker is struck may have to bring the other's part as well.
    """
    weeks = clock.end_s / WEEK
    rows = dict.fromkeys(network.lanes, 0)
    for slot in slots:
        rows[slot.lane] += 1
    for lane in network.lanes.values():
        if lane.to_recipe:
            beside = (x for x in network.lanes_into(lane.to_recipe, lane.part) if x.from_recipe in struck)
            units = demand.lane_week[lane.id]
            units += sum(demand.lane_week[x.id] for x in beside if x.id != lane.id) if struck else 0.0
            expected = units * weeks / lane.load_units
            rows[lane.id] = len(seeds[lane.id]) + math.ceil(expected * SPARE_ORDERS) + SPARE_ROWS
    return rows


def _calendars(network: Network, clock: Clock, scenario: Scenario) -> Calendars:
    """One calendar per recipe: its own shifts, with overtime for assembly, less the outages that strike it."""
    struck = outages(scenario.shocks, clock)
    shared = {name: working_intervals(item, clock) for name, item in network.calendars.items()}
    each: list[list[Interval]] = []
    for recipe in network.recipes.values():
        intervals = assembly_intervals(network, recipe.id, clock) if recipe.schedule else shared[recipe.calendar]
        for gap in struck.get(recipe.id, ()):
            intervals = without(intervals, gap)
        each.append(intervals)
    first, opens, closes = compact(each)
    return Calendars(tuple(network.recipes), first, opens, closes)


def _array(values: object) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def _recipes(network: Network) -> Recipes:
    recipes = list(network.recipes.values())
    return Recipes(
        ids=tuple(network.recipes),
        lines=_array([x.lines for x in recipes]),
        calendar=np.arange(len(recipes), dtype=np.int64),
        is_assembly=_array([int(x.schedule is not None) for x in recipes]),
        stock_first=_array(np.cumsum([0, *(len(x.inputs) for x in recipes)])),
    )


def _stocks(network: Network) -> Stocks:
    index = {lane: row for row, lane in enumerate(network.lanes)}
    feeding: dict[tuple[str, str], list[int]] = {}
    for lane in network.lanes.values():
        feeding.setdefault((lane.to_recipe, lane.part), []).append(index[lane.id])
    ids, recipe_rows, per, lanes = [], [], [], []
    for row, recipe in enumerate(network.recipes.values()):
        for item in sorted(recipe.inputs, key=lambda item: item.part):
            ids.append(f"{recipe.id}<{item.part}")
            recipe_rows.append(row)
            per.append(item.quantity_per)
            lanes.append(feeding[recipe.id, item.part])
    return Stocks(
        ids=tuple(ids),
        recipe=_array(recipe_rows),
        quantity_per=_array(per),
        lane_first=_array(np.cumsum([0, *(len(x) for x in lanes)])),
        lane_index=_array([lane for group in lanes for lane in group]),
    )


def _lanes(network: Network, outline: _Outline, scenario: Scenario, clock: Clock) -> Lanes:
    recipes = {recipe: row for row, recipe in enumerate(network.recipes)}
    stocks = {stock: row for row, stock in enumerate(_stocks(network).ids)}
    struck = outages(scenario.shocks, clock)
    lanes = list(network.lanes.values())
    blocked = [sorted(struck.get(lane.from_recipe, [])) for lane in lanes]
    return Lanes(
        ids=tuple(network.lanes),
        recipe=_array([recipes[x.from_recipe] for x in lanes]),
        stock=_array([stocks[f"{x.to_recipe}<{x.part}"] if x.to_recipe else -1 for x in lanes]),
        load_units=_array([x.load_units for x in lanes]),
        reorder_units=_array([outline.lanes[x.id].reorder_units if x.to_recipe else -1 for x in lanes]),
        share_ppm=_array([round(x.share_pct / 100 * PPM) for x in lanes]),
        route_first=_array(np.cumsum([0, *(len(network.routes_of(x)) for x in lanes)])),
        seed_first=_array(np.cumsum([0, *(len(outline.seeds.get(x.id, ())) for x in lanes)])),
        load_first=_array(np.cumsum([0, *(outline.rows[x.id] for x in lanes)])),
        blocked_first=_array(np.cumsum([0, *(len(x) for x in blocked)])),
        blocked_from_s=_array([pair[0] for group in blocked for pair in group]),
        blocked_until_s=_array([pair[1] for group in blocked for pair in group]),
    )


def _routes(network: Network) -> Routes:
    crossings = {crossing: row for row, crossing in enumerate(network.crossings)}
    lane_rows, nominal, legs, passages = [], [], [], []
    for row, lane in enumerate(network.lanes.values()):
        for route in network.routes_of(lane):
            lane_rows.append(row)
            nominal.append(round(free_flow_s(network, route)))
            legs.append([max(1, round(step.hours * HOUR)) for step in route.steps])
            passages.append([crossings[step.crossing] for step in route.steps if step.crossing])
    return Routes(
        lane=_array(lane_rows),
        nominal_s=_array(nominal),
        leg_first=_array(np.cumsum([0, *(len(x) for x in legs)])),
        leg_s=_array([leg for group in legs for leg in group]),
        passage_first=_array(np.cumsum([0, *(len(x) for x in passages)])),
        crossing=_array([crossing for group in passages for crossing in group]),
    )


def _seeds(network: Network, outline: _Outline) -> Seeds:
    rows = [
        (row, units, second) for row, lane in enumerate(network.lanes) for units, second in outline.seeds.get(lane, ())
    ]
    table = _array(rows).reshape(-1, 3)
    return Seeds(table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy())


def _schedule(network: Network, outline: _Outline) -> Schedule:
    lanes = {lane: row for row, lane in enumerate(network.lanes)}
    counts = dict.fromkeys(network.lanes, 0)
    numbers = []
    for slot in outline.slots:
        numbers.append(counts[slot.lane])
        counts[slot.lane] += 1
    return Schedule(
        due_s=_array([slot.due_s for slot in outline.slots]),
        lane=_array([lanes[slot.lane] for slot in outline.slots]),
        n=_array(numbers),
        expires_s=_array([slot.expires_s for slot in outline.slots]),
    )
