"""The recorded flow: what a ledger says was made from what, and where it was entered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.clock import Clock
from sim.customs.flow import Flags, Floats, Flow, Ints, RouteFacts, route_facts
from sim.ledger.ledger import NOT_YET, Ledger
from sim.ledger.yards import at_border_s
from sim.network.capacity import share_paid
from sim.network.expedite import ways
from sim.network.graph import supply_order
from sim.network.hours import shut_seconds
from sim.network.model import Network
from sim.plan import Plan
from sim.units import DAY, HOUR


@dataclass(frozen=True, slots=True)
class _RouteTables:
    """`RouteFacts` of the Plan's routes as arrays; passages stand at `first[route] + position`."""

    freight_usd: Floats
    first: Ints
    is_entry: Flags
    freight_to_usd: Floats


def ledger_flow(network: Network, plan: Plan, ledger: Ledger, clock: Clock) -> Flow:
    """Read a ledger as a flow of loads.

    Parameters
    ----------
    network : Network
        The network that the plan was built from.
    plan : Plan
    ledger : Ledger
    clock : Clock
        Tells the day of an entry: the UTC day on which primary inspection cleared.

    Returns
    -------
    Flow
        One node for each row of ``ledger.loads``. Border hours run from arrival at a land crossing to release,
        while the port works; beyond free flow counts all of it except approach, export check and the load's own
        primary inspection.
    """
    loads, passages = ledger.loads, ledger.passages
    order = supply_order(network)
    recipe_of = {recipe: index for index, recipe in enumerate(order)}
    maker = np.array([recipe_of[plan.recipes.ids[r]] for r in plan.lanes.recipe], dtype=np.int64)
    routes = _route_tables(network, plan)
    is_seed = (loads.ordered_s == NOT_YET) & (loads.started_s == NOT_YET)
    made_s = np.where(loads.finished_s != NOT_YET, loads.finished_s, np.maximum(loads.started_s, 0))
    is_shipped = loads.route != NOT_YET
    usual = np.where(is_shipped, loads.route, 0)
    freight = np.where(is_shipped, routes.freight_usd[usual], 0.0) if len(routes.freight_usd) else 0.0
    border_h, extra_h = _border_hours(network, plan, ledger, clock)
    entry = _entry_rows(ledger, routes)
    entry_route = passages.position[entry] + routes.first[loads.route[passages.load[entry]]]
    lanes = [network.lanes[lane] for lane in plan.lanes.ids]
    paid = np.array([share_paid(network, lane) for lane in lanes], dtype=np.float64)
    by_truck = np.where([lane.mode == "truck" for lane in lanes], paid, 0.0)
    travelled = is_shipped & (loads.received_s != NOT_YET) & (loads.finished_s != NOT_YET)
    held_s = ledger.loads.started_s[ledger.uses.consumer] - loads.received_s[ledger.uses.source]
    return Flow(
        begins=clock.begins,
        ends=clock.date(clock.end_s - 1),
        is_planned=False,
        lane_ids=plan.lanes.ids,
        recipe_ids=order,
        crossing_ids=plan.crossings.ids,
        lane=loads.lane,
        recipe=maker[loads.lane],
        units=loads.units.astype(np.float64),
        exists=is_seed | (loads.started_s != NOT_YET),
        is_seed=is_seed,
        is_shipped=is_shipped,
        made_on=made_s // DAY + clock.begins.toordinal(),
        finished_s=loads.finished_s,
        received_s=loads.received_s,
        transit_h=np.where(travelled, loads.received_s - loads.finished_s, 0) / HOUR,
        passages=np.bincount(passages.load[passages.cleared_s != NOT_YET], minlength=len(loads.lane)),
        border_h=border_h,
        border_extra_h=extra_h,
        truck_share=by_truck[loads.lane],
        freight_usd=freight * paid[loads.lane],
        entry_node=passages.load[entry],
        entry_position=passages.position[entry],
        entry_crossing=passages.crossing[entry],
        entry_on=passages.cleared_s[entry] // DAY + clock.begins.toordinal(),
        entry_s=passages.cleared_s[entry],
        entry_freight_usd=routes.freight_to_usd[entry_route] * paid[loads.lane[passages.load[entry]]],
        use_source=ledger.uses.source,
        use_consumer=ledger.uses.consumer,
        use_units=ledger.uses.units.astype(np.float64),
        use_hold_h=np.maximum(held_s, 0) / HOUR,
    )


def _route_tables(network: Network, plan: Plan) -> _RouteTables:
    facts = _plan_routes(network, plan)
    count = [len(fact.crossings) for fact in facts]
    return _RouteTables(
        freight_usd=np.array([fact.freight_usd for fact in facts], dtype=np.float64),
        first=np.concatenate(([0], np.cumsum(count))).astype(np.int64),
        is_entry=np.array([flag for fact in facts for flag in fact.is_entry], dtype=np.bool_),
        freight_to_usd=np.array([usd for fact in facts for usd in fact.freight_to_usd], dtype=np.float64),
    )


def _plan_routes(network: Network, plan: Plan) -> list[RouteFacts]:
    """Facts of every route of the Plan: the k-th route of a lane is the k-th of its ways in the network."""
    return [route_facts(network, route) for lane in plan.lanes.ids for route in ways(network, network.lanes[lane])]


def _entry_rows(ledger: Ledger, routes: _RouteTables) -> Ints:
    """Passages that are entries for consumption and have been cleared."""
    passages = ledger.passages
    if not len(passages.load):
        return np.zeros(0, dtype=np.int64)
    place = routes.first[ledger.loads.route[passages.load]] + passages.position
    rows: Ints = np.flatnonzero(routes.is_entry[place] & (passages.cleared_s != NOT_YET))
    return rows


def _border_hours(network: Network, plan: Plan, ledger: Ledger, clock: Clock) -> tuple[Floats, Floats]:
    """Hours of a truck at land crossings by load, and those beyond free flow; only passages that were left count.

    A trailer that stands in a yard has no truck, and a load that waits for the port to open stands in a yard: those
    hours are not counted. Railways and ocean terminals belong to the lead time, not to the border.
    """
    passages, ids = ledger.passages, plan.crossings.ids
    by_road = np.array([network.crossings[x].kind == "land_truck" for x in ids], dtype=np.bool_)
    begins, ends = at_border_s(plan, ledger)
    done = (ends != NOT_YET) & by_road[passages.crossing]
    load, crossing, begins, ends = passages.load[done], passages.crossing[done], begins[done], ends[done]
    total = ends - begins - shut_seconds(network, ids, clock, crossing, begins, ends)
    check = np.array([network.crossings[c].export_check_s for c in ids], dtype=np.float64)
    free = plan.crossings.approach_s + check
    served = (passages.cleared_s - passages.started_s)[done]
    extra = np.maximum(total - served - free[crossing], 0)
    count = len(ledger.loads.lane)
    return (
        np.bincount(load, weights=total, minlength=count) / HOUR,
        np.bincount(load, weights=extra, minlength=count) / HOUR,
    )
