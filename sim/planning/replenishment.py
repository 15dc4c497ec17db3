"""Reorder points and opening stocks: how much each lane must have on hand or on the way."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.network.expedite import TEAM_TRUCK
from sim.network.milk_runs import longest_wait_s
from sim.network.model import Lane, Network, Route
from sim.parameters import Parameters
from sim.planning.calendars import busiest_each_s, longest_break_s, weekly_work_s
from sim.planning.demand import Demand
from sim.units import DAY, HOUR, MINUTE, WEEK

BORDER_ALLOWANCE_S = 90 * MINUTE  # assumption: planners add an hour and a half for every border queue
TRANSIT_ALLOWANCE = 2.0  # assumption: standard deviations of transit that planners cover
YARD_ALLOWANCE = 3.0  # assumption: standard deviations of the dwell in yards that planners cover
QUEUE_SHARE = 0.5  # assumption: on average half of a supplier's other loads are made before one's own


@dataclass(frozen=True, slots=True)
class LanePlan:
    """How one lane is replenished.

    Parameters
    ----------
    reorder_units : int
        An order is placed while the inventory position is at or below this.
    lead_s : int
        Planned time from order to receipt, seconds.
    interval_s : int
        Average time between receipts, seconds.
    seed_loads : int
        Loads on the way at second 0, besides what is on hand.
    """

    reorder_units: int
    lead_s: int
    interval_s: int
    seed_loads: int


def plan_lanes(network: Network, demand: Demand, parameters: Parameters | None = None) -> dict[str, LanePlan]:
    """Plan every lane that feeds a stock, from the network and the cover of each class of parts.

    Parameters
    ----------
    parameters : Parameters, optional
        Scale the hours of cover; without them they are the network's.

    Notes
    -----
    Reorder point = the most that the consumer can use during the planned lead time (queue and make at the
    supplier, the longest wait for its milk run, transit, borders) + the input's hours of cover + one order of the
    consumer, which takes its whole input at once.
    """
    by_maker: dict[str, list[Lane]] = {recipe: [] for recipe in network.recipes}
    for lane in network.lanes.values():
        by_maker[lane.from_recipe].append(lane)
    leads = _lead_times(network, by_maker)
    busy = _busy_times(network, leads)
    works = {name: weekly_work_s(calendar) for name, calendar in network.calendars.items()}
    items = {(recipe.id, item.part): item for recipe in network.recipes.values() for item in recipe.inputs}
    largest = {recipe: max((x.load_units for x in lanes), default=1) for recipe, lanes in by_maker.items()}
    plans = {}
    for name, lead_s in leads.items():
        lane = network.lanes[name]
        item, week = items[lane.to_recipe, lane.part], demand.lane_week[name]
        work_s = works[network.recipes[lane.to_recipe].calendar]
        rate = week / work_s if work_s else 0.0  # units used per working second
        step = largest[lane.to_recipe] * item.quantity_per * lane.share_pct / 100
        factor = parameters.cover_factor(network.parts[lane.part].part_class) if parameters else 1.0
        reorder = math.ceil(rate * (busy[name] + item.cover_h * factor * HOUR) + step)
        plans[name] = _plan_lane(network, lane, week, lead_s, reorder)
    return plans


def _lead_times(network: Network, by_maker: Mapping[str, Sequence[Lane]]) -> dict[str, int]:
    """Planned time from order to receipt of each lane that feeds a stock, in id order."""
    queue_s = {}
    for maker, lanes in by_maker.items():
        each_s = [make_time_s(network, lane) for lane in lanes]
        for number, lane in enumerate(lanes):
            others_s = sum(each_s[:number] + each_s[number + 1 :])  # not the total less its own, which rounds otherwise
            queue_s[lane.id] = QUEUE_SHARE * others_s / network.recipes[maker].lines
    leads = {}
    for lane in network.lanes.values():
        if lane.to_recipe:
            travel_s = planned_travel_s(network, network.routes_of(lane)[0])
            wait_s = longest_wait_s(network.milk_runs[lane.milk_run]) if lane.milk_run else 0
            leads[lane.id] = round(queue_s[lane.id] + make_time_s(network, lane) + travel_s) + wait_s
    return leads


def _busy_times(network: Network, leads: Mapping[str, int]) -> dict[str, int]:
    """Most seconds that each lane's consumer can work before an order arrives.

    What the supplier's rest adds to the wait counts, beyond the rest that the consumer takes as well.
    """
    rests = {name: longest_break_s(calendar) for name, calendar in network.calendars.items()}
    windows: dict[str, dict[str, int]] = {}  # calendar of the consumer -> lane -> seconds
    for name, lead_s in leads.items():
        lane = network.lanes[name]
        works, makes = (network.recipes[recipe].calendar for recipe in (lane.to_recipe, lane.from_recipe))
        windows.setdefault(works, {})[name] = lead_s + max(0, rests[makes] - rests[works])
    busy: dict[str, int] = {}
    for calendar, asked in windows.items():
        most = busiest_each_s(network.calendars[calendar], np.array([*asked.values()], dtype=np.int64))
        busy.update(zip(asked, most.tolist(), strict=True))
    return busy


def _plan_lane(network: Network, lane: Lane, week: float, lead_s: int, reorder: int) -> LanePlan:
    if week <= 0:
        return LanePlan(0, lead_s, 52 * WEEK, 0)
    interval_s = max(1, round(lane.load_units / week * WEEK))
    pipeline_s = make_time_s(network, lane) + free_flow_s(network, network.routes_of(lane)[0])
    seed_loads = min(math.floor(pipeline_s / interval_s), reorder // lane.load_units)
    return LanePlan(reorder, lead_s, interval_s, seed_loads)


def make_time_s(network: Network, lane: Lane) -> float:
    """Working seconds to make one load of a lane on one line."""
    return lane.load_units * network.recipes[lane.from_recipe].work_s


def planned_travel_s(network: Network, route: Route) -> float:
    """Travel time a planner reckons with: free flow, an allowance for each border queue, and for variation."""
    legs_s = sum(step.hours for step in route.steps) * HOUR
    spread_s = TRANSIT_ALLOWANCE * route.transit_cv * legs_s / math.sqrt(len(route.steps))
    crossings = [network.crossings[step.crossing] for step in route.steps if step.crossing]
    yards_s = sum(x.yard_cv * math.hypot(x.yard_before_h, x.yard_after_h) * HOUR for x in crossings)
    allowance_s = spread_s + YARD_ALLOWANCE * yards_s + BORDER_ALLOWANCE_S * len(crossings)
    return free_flow_s(network, route) + allowance_s


def free_flow_s(network: Network, route: Route) -> float:
    """Travel time without queues or variation: legs; yards, approach, a booth cycle and dwell at each crossing.

    A team truck is driven through and stands in no yard.
    """
    total = 0.0
    for step in route.steps:
        total += step.hours * HOUR
        if step.crossing:
            crossing = network.crossings[step.crossing]
            total += crossing.approach_min * MINUTE + crossing.dwell_h * HOUR + crossing.export_check_s
            if route.mode != TEAM_TRUCK:
                total += (crossing.yard_before_h + crossing.yard_after_h) * HOUR
            total += crossing.cycle_standard_s if crossing.booths_standard else 0.0
    return total


def longest_lead_days(network: Network, demand: Demand, plans: dict[str, LanePlan]) -> float:
    """Longest cumulative lead time from raw material to a finished vehicle, in days: the least warm-up."""
    reach = dict.fromkeys(network.recipes, 0.0)
    feeding: dict[str, list[Lane]] = {recipe: [] for recipe in network.recipes}
    for lane in network.lanes.values():
        if lane.to_recipe:
            feeding[lane.from_recipe].append(lane)
    for recipe in demand.order:
        for lane in feeding[recipe]:
            total = reach[recipe] + plans[lane.id].lead_s / DAY
            reach[lane.to_recipe] = max(reach[lane.to_recipe], total)
    return max(reach.values(), default=0.0)
