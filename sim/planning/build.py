"""Build the Plan: network, decisions and draws of one replication become the integer arrays an engine runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from sim.clock import Clock
from sim.errors import PlanError
from sim.network.expedite import ways
from sim.network.model import Lane, Network
from sim.parameters import Parameters
from sim.plan import (
    Background,
    Buildup,
    Calendars,
    Crews,
    Crossings,
    Expediting,
    Lanes,
    Plan,
    Recipes,
    Routes,
    Runs,
    Schedule,
    Seeds,
    Stocks,
)
from sim.planning.background import draw_background
from sim.planning.border import plan_crossings, plan_substitutes
from sim.planning.calendars import Interval, compact, departures, merge, without, working_intervals
from sim.planning.decide import Decisions
from sim.planning.demand import Demand, roll_down
from sim.planning.draws import Kept, columns_of, draw_loads
from sim.planning.plants import plan_crews, plan_expediting, plant_habits
from sim.planning.relief import relieve
from sim.planning.replenishment import LanePlan, longest_lead_days, plan_lanes
from sim.planning.schedule import assembly_intervals, build_schedule
from sim.planning.shocks import inspected_at, outages, shock_crossings, swings
from sim.planning.stock_building import Rise, bring_ahead, plan_buildup
from sim.planning.stocking import StockRule, laid_over, own_rises
from sim.planning.surge import staff_surges, surge_background
from sim.planning.traffic import ordinary_traffic
from sim.planning.transition import (
    Transition,
    blocked_through,
    demand_through,
    plans_through,
    seeds_through,
    shares_of,
)
from sim.planning.ways import plan_routes
from sim.scenario import Scenario
from sim.streams import Streams
from sim.units import DAY, MINUTE, PPM, WEEK

Seed: TypeAlias = tuple[int, int]  # units and second of receipt of one of a lane's first loads

SPARE_ORDERS = 0.6  # rows drawn beyond each load expected: orders after a shortage may bunch
SPARE_WEEKS = 16  # so long a bunch at most: over a longer run, orders add up to what is used
SPARE_LATER = 0.05  # rows drawn beyond each load expected after that
SPARE_ROWS = 12


@dataclass(slots=True)
class Shared:
    """What the scenarios of one replication need not work out again: traffic, schedules, stocks, draws."""

    staffing: dict[tuple[object, ...], Crossings] = field(default_factory=dict)
    backgrounds: dict[tuple[object, ...], Background] = field(default_factory=dict)
    outlines: dict[tuple[object, ...], _Outline] = field(default_factory=dict)
    draws: dict[tuple[object, ...], Kept] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Outline:
    """What network, schedule and shocks fix, whatever is claimed at the border."""

    calendars: Calendars
    recipes: Recipes
    stocks: Stocks
    lanes: Lanes
    crews: Crews
    buildup: Buildup
    expediting: Expediting
    routes: Routes
    runs: Runs
    seeds: Seeds
    schedule: Schedule


def build(
    scenario: Scenario,
    network: Network,
    decisions: Decisions,
    parameters: Parameters,
    replication: int,
    shared: Shared | None = None,
    transition: Transition | None = None,
    stocking: StockRule | None = None,
) -> Plan:
    """Build the plan of one replication.

    Parameters
    ----------
    decisions : Decisions
        Claims, fixed before the run; they change what is asked of a load at the border.
    shared : Shared, optional
        Pass the same one for all scenarios of a replication: everybody else's trucks are the same in all of them.
    transition : Transition, optional
        Lanes that begin or end within the run.
    stocking : callable, optional
        A rule of one's own for stock beyond the ordinary.

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
    key = (network.digest, clock, scenario.seed, replication)
    habits = (scenario.expedite, plant_habits(parameters), parameters.truck_hour_usd)
    asked = (*key, tuple(scenario.demand.items()), scenario.shocks, *habits, stocking)
    if asked not in memo.outlines:
        memo.outlines[asked] = _outline(scenario, network, clock, parameters, streams, transition, stocking)
    outline = memo.outlines[asked]
    shocks, ordinary = scenario.shocks, transition.ordinary if transition else network
    posting_s = round(parameters.posting_interval_min * MINUTE)
    inspected = inspected_at(network, shocks)
    if key not in memo.staffing or (*key, inspected) not in memo.backgrounds:
        traffic = ordinary_traffic(ordinary, clock)
        memo.staffing[key] = plan_crossings(network, clock, traffic)
        memo.backgrounds[*key, inspected] = draw_background(network, clock, traffic, streams, inspected)
    background = memo.backgrounds[*key, inspected]
    staffing = staff_surges(memo.staffing[key], network, ordinary, clock, shocks, parameters)
    rows = np.diff(outline.lanes.load_first).tolist()
    lanes = zip(network.lanes.values(), rows, strict=True)
    wanted = [columns_of(network, lane, count, decisions.regime_at) for lane, count in lanes]
    return Plan(
        horizon_s=clock.end_s,
        start_s=clock.start_s,
        posting_s=max(1, posting_s),
        calendars=outline.calendars,
        recipes=outline.recipes,
        stocks=outline.stocks,
        lanes=outline.lanes,
        crews=outline.crews,
        buildup=outline.buildup,
        expediting=outline.expediting,
        routes=outline.routes,
        runs=outline.runs,
        seeds=outline.seeds,
        loads=draw_loads(wanted, parameters, streams, memo.draws.setdefault(key, {})),
        crossings=shock_crossings(relieve(staffing, network, shocks, clock), network, shocks, clock),
        substitutes=plan_substitutes(network, max(1, posting_s)),
        background=surge_background(
            background, network, ordinary, clock, shocks, parameters, scenario.seed, replication
        ),
        schedule=outline.schedule,
    )


def _outline(
    scenario: Scenario,
    network: Network,
    clock: Clock,
    parameters: Parameters,
    streams: Streams,
    transition: Transition | None,
    stocking: StockRule | None,
) -> _Outline:
    demand = demand_through(network, scenario.demand, transition)
    plans = plans_through(network, scenario.demand, parameters, transition)
    _require_warm_up(scenario, network, longest_lead_days(network, demand, plans))
    asked = swings(network, scenario.shocks, clock)
    schedule = build_schedule(network, clock, scenario.demand, asked)
    struck = outages(network, scenario.shocks, clock)
    rises = bring_ahead(network, clock, demand, plans, scenario.shocks, parameters)
    if stocking is not None:
        own = own_rises(scenario.name, network, clock, demand, plans, stocking, parameters)
        rises = laid_over(rises, own, demand, parameters)
    seeds = seeds_through(network, _seed_lanes(network, plans, streams), plans, transition, clock)
    most = max((factor / PPM for each in asked.values() for *_, factor in each), default=1.0)
    rows = _rows(network, clock, demand, seeds, schedule, struck, rises, max(1.0, most))
    stocks = _stocks(network)
    blocked = {lane.id: list(struck.get(lane.from_recipe, ())) for lane in network.lanes.values()}
    for name, gaps in blocked.items():
        gaps += blocked_through(transition, name, clock)
    lanes = _lanes(network, stocks, plans, seeds, rows, blocked, shares_of(network, transition))
    calendars = _calendars(network, clock, struck)
    return _Outline(
        calendars=calendars,
        recipes=_recipes(network),
        crews=plan_crews(network, clock, calendars, parameters),
        stocks=stocks,
        lanes=lanes,
        buildup=plan_buildup(network, rises),
        expediting=plan_expediting(network, demand, stocks, lanes, parameters, expedite=scenario.expedite),
        routes=plan_routes(network, parameters.truck_hour_usd),
        runs=_runs(network, clock),
        seeds=_seeds(network, seeds),
        schedule=schedule,
    )


def require_warm_up(scenario: Scenario, network: Network) -> None:
    """Refuse a warm-up shorter than the longest cumulative lead time, without building a plan.

    Raises
    ------
    PlanError
        With the least warm-up that would do.
    """
    _require_warm_up(scenario, network, lead_days(scenario, network))


def lead_days(scenario: Scenario, network: Network) -> float:
    """Longest cumulative lead time of a network (days), the least that a warm-up must last."""
    demand = roll_down(network, scenario.demand)
    return longest_lead_days(network, demand, plan_lanes(network, demand))


def _require_warm_up(scenario: Scenario, network: Network, needed_days: float) -> None:
    if scenario.warm_up_s < needed_days * DAY:
        problem = (
            f"horizon.warm_up: {scenario.warm_up_s / DAY:g} days are shorter than the longest cumulative lead time of "
            f"network '{network.name}' ({needed_days:.0f} days). Write {math.ceil(needed_days / 7)} weeks or more."
        )
        raise PlanError(scenario.name, [problem])


def _seed_lanes(network: Network, plans: Mapping[str, LanePlan], streams: Streams) -> dict[str, list[Seed]]:
    """Opening stock and loads on the way: each position stands at a random point of its order cycle."""
    draws = np.empty((len(plans), 2))
    for name, pair in zip(plans, draws, strict=True):
        streams.draw_uniform(f"lane/{name}/seed", pair)
    pairs = zip(plans.items(), draws.tolist(), strict=True)
    return {name: _seed_lane(network.lanes[name], plan, *pair) for (name, plan), pair in pairs}


def _seed_lane(lane: Lane, plan: LanePlan, used: float, phase: float) -> list[Seed]:
    position = plan.reorder_units + int(used * lane.load_units) + 1
    on_hand = position - plan.seed_loads * lane.load_units
    seeds = [(on_hand, 0)] if on_hand > 0 else []
    arrivals = (max(1, round((number + phase) * plan.interval_s)) for number in range(plan.seed_loads))
    return seeds + [(lane.load_units, second) for second in arrivals]


def _rows(
    network: Network,
    clock: Clock,
    demand: Demand,
    seeds: Mapping[str, Sequence[Seed]],
    schedule: Schedule,
    struck: Mapping[str, Sequence[Interval]],
    rises: Mapping[str, Sequence[Rise]],
    most: float,
) -> list[int]:
    """Loads that may exist on each lane: seeds and a generous number of orders; exactly the slots to a market.

    A lane beside one whose maker is struck may have to bring the other's part as well; demand swings to `most` times;
    what is brought ahead of a date comes besides.
    """
    weeks = clock.end_s / WEEK
    rows: list[int] = np.bincount(schedule.lane, minlength=len(network.lanes)).tolist()
    for row, lane in enumerate(network.lanes.values()):
        if lane.to_recipe:
            beside = (x for x in network.lanes_into(lane.to_recipe, lane.part) if x.from_recipe in struck)
            units = demand.lane_week[lane.id]
            units += sum(demand.lane_week[x.id] for x in beside if x.id != lane.id)
            expected = most * units * weeks / lane.load_units
            ahead = max((units for *_, units in rises.get(lane.id, ())), default=0) / lane.load_units
            rows[row] = len(seeds[lane.id]) + math.ceil(expected + spare_rows(expected, weeks) + ahead) + SPARE_ROWS
    return rows


def spare_rows(expected: float, weeks: float) -> float:
    """Rows drawn beyond the loads that a lane is expected to carry in a run of some weeks.

    Examples
    --------
    >>> spare_rows(100.0, 10.0), round(spare_rows(600.0, 60.0))
    (60.0, 118)
    """
    bunch = min(1.0, SPARE_WEEKS / weeks)
    return expected * (SPARE_ORDERS * bunch + SPARE_LATER * (1.0 - bunch))


def _calendars(network: Network, clock: Clock, struck: Mapping[str, Sequence[Interval]]) -> Calendars:
    """One calendar per recipe: its own shifts, with overtime for assembly, less the outages that strike it."""
    each: list[Sequence[Interval]] = []
    for recipe in network.recipes.values():
        intervals: Sequence[Interval] = working_intervals(network.calendars[recipe.calendar], clock)
        if recipe.schedule:
            intervals = assembly_intervals(network, recipe.id, clock)
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
    ids, recipe_rows, per, lanes = [], [], [], []
    for row, recipe in enumerate(network.recipes.values()):
        for item in sorted(recipe.inputs, key=lambda item: item.part):
            ids.append(f"{recipe.id}<{item.part}")
            recipe_rows.append(row)
            per.append(item.quantity_per)
            lanes.append([index[lane.id] for lane in network.lanes_into(recipe.id, item.part)])
    return Stocks(
        ids=tuple(ids),
        recipe=_array(recipe_rows),
        quantity_per=_array(per),
        lane_first=_array(np.cumsum([0, *(len(x) for x in lanes)])),
        lane_index=_array([lane for group in lanes for lane in group]),
    )


def _lanes(
    network: Network,
    stocks: Stocks,
    plans: Mapping[str, LanePlan],
    seeds: Mapping[str, Sequence[Seed]],
    rows: Sequence[int],
    blocked_at: Mapping[str, Sequence[Interval]],
    shares: Sequence[float],
) -> Lanes:
    recipes = {recipe: row for row, recipe in enumerate(network.recipes)}
    index = {stock: row for row, stock in enumerate(stocks.ids)}
    lanes = list(network.lanes.values())
    blocked = [merge(blocked_at[lane.id]) for lane in lanes]
    runs = {name: row for row, name in enumerate(network.milk_runs)}
    return Lanes(
        ids=tuple(network.lanes),
        recipe=_array([recipes[x.from_recipe] for x in lanes]),
        stock=_array([index[f"{x.to_recipe}<{x.part}"] if x.to_recipe else -1 for x in lanes]),
        load_units=_array([x.load_units for x in lanes]),
        reorder_units=_array([plans[x.id].reorder_units if x.to_recipe else -1 for x in lanes]),
        share_ppm=_array([round(share / 100 * PPM) for share in shares]),
        route_first=_array(np.cumsum([0, *(len(ways(network, x)) for x in lanes)])),
        seed_first=_array(np.cumsum([0, *(len(seeds.get(x.id, ())) for x in lanes)])),
        load_first=_array(np.cumsum([0, *rows])),
        blocked_first=_array(np.cumsum([0, *(len(x) for x in blocked)])),
        blocked_from_s=_array([pair[0] for group in blocked for pair in group]),
        blocked_until_s=_array([pair[1] for group in blocked for pair in group]),
        run=_array([runs[x.milk_run] if x.milk_run else -1 for x in lanes]),
    )


def _runs(network: Network, clock: Clock) -> Runs:
    each = [departures(run, clock) for run in network.milk_runs.values()]
    first = _array(np.cumsum([0, *(leaves_s.size for leaves_s in each)]))
    return Runs(tuple(network.milk_runs), first, np.concatenate([_array([]), *each]))


def _seeds(network: Network, seeds: Mapping[str, Sequence[Seed]]) -> Seeds:
    rows = [(row, units, second) for row, lane in enumerate(network.lanes) for units, second in seeds.get(lane, ())]
    table = _array(rows).reshape(-1, 3)
    return Seeds(table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy())
