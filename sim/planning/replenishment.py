"""Reorder points and opening stocks: how much each lane must have on hand or on the way."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.network.model import Lane, Network, Route
from sim.planning.calendars import busiest_s, longest_break_s
from sim.planning.demand import Demand, busy_rate
from sim.units import DAY, HOUR, MINUTE, WEEK

BORDER_ALLOWANCE_S = 90 * MINUTE  # assumption: planners add an hour and a half for every border queue
TRANSIT_ALLOWANCE = 2.0  # assumption: standard deviations of transit that planners cover
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


def plan_lanes(network: Network, demand: Demand) -> dict[str, LanePlan]:
    """Plan every lane that feeds a stock, from the network alone: the same in every scenario.

    Reorder point = the most that the consumer can use during the planned lead time (queue and make at the
    supplier, transit, borders) + the input's hours of cover + one order of the consumer, which takes its whole
    input at once.
    """
    by_maker: dict[str, list[Lane]] = {recipe: [] for recipe in network.recipes}
    for lane in network.lanes.values():
        by_maker[lane.from_recipe].append(lane)
    return {lane.id: _plan_lane(network, demand, lane, by_maker) for lane in network.lanes.values() if lane.to_recipe}


def _plan_lane(network: Network, demand: Demand, lane: Lane, by_maker: dict[str, list[Lane]]) -> LanePlan:
    maker, consumer = network.recipes[lane.from_recipe], network.recipes[lane.to_recipe]
    item = next(item for item in consumer.inputs if item.part == lane.part)
    week = demand.lane_week[lane.id]
    others_s = sum(make_time_s(network, x) for x in by_maker[maker.id] if x.id != lane.id)
    queue_s = QUEUE_SHARE * others_s / maker.lines
    usual = network.routes_of(lane)[0]
    lead_s = round(queue_s + make_time_s(network, lane) + planned_travel_s(network, usual))
    # what the supplier's rest adds to the wait, beyond the rest that the consumer takes as well
    rest_s = longest_break_s(network.calendars[maker.calendar])
    rest_s = max(0, rest_s - longest_break_s(network.calendars[consumer.calendar]))
    busy_s = busiest_s(network.calendars[consumer.calendar], lead_s + rest_s)
    largest = max((x.load_units for x in by_maker[consumer.id]), default=1)
    step = largest * item.quantity_per * lane.share_pct / 100
    rate = busy_rate(network, consumer, week)
    reorder = math.ceil(rate * (busy_s + item.cover_h * HOUR) + step)
    if week <= 0:
        return LanePlan(0, lead_s, 52 * WEEK, 0)
    interval_s = max(1, round(lane.load_units / week * WEEK))
    pipeline_s = make_time_s(network, lane) + free_flow_s(network, usual)
    seed_loads = min(math.floor(pipeline_s / interval_s), reorder // lane.load_units)
    return LanePlan(reorder, lead_s, interval_s, seed_loads)


def make_time_s(network: Network, lane: Lane) -> float:
    """Working seconds to make one load of a lane on one line."""
    return lane.load_units * network.recipes[lane.from_recipe].work_s


def planned_travel_s(network: Network, route: Route) -> float:
    """Travel time a planner reckons with: free flow, an allowance for each border queue, and for variation."""
    legs_s = sum(step.hours for step in route.steps) * HOUR
    spread_s = TRANSIT_ALLOWANCE * route.transit_cv * legs_s / math.sqrt(len(route.steps))
    return free_flow_s(network, route) + spread_s + BORDER_ALLOWANCE_S * (len(route.steps) - 1)


def free_flow_s(network: Network, route: Route) -> float:
    """Travel time without queues or variation: legs, approaches, one booth cycle and dwell at each crossing."""
    total = 0.0
    for step in route.steps:
        total += step.hours * HOUR
        if step.crossing:
            crossing = network.crossings[step.crossing]
            total += crossing.approach_min * MINUTE + crossing.dwell_h * HOUR + crossing.export_check_s
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
