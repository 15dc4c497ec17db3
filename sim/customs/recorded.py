"""The recorded flow: what a ledger says was made from what, and where it was entered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.clock import Clock
from sim.customs.flow import Flags, Floats, Flow, Ints, route_facts
from sim.ledger.ledger import NOT_YET, Ledger
from sim.ledger.yards import at_border_s
from sim.network.expedite import LEAST_SHARE, share_on, ways
from sim.network.graph import supply_order
from sim.network.hours import shut_seconds
from sim.network.model import Network
from sim.plan import Plan
from sim.units import DAY, HOUR

BY_TRUCK = ("truck", "team_truck")


@dataclass(frozen=True, slots=True)
class _RouteTables:
    """What the Plan's routes cost a load, and their entries; passages stand at `first[route] + position`.

    `freight_usd`, `expediting_usd` and `truck_share` are by route: paid by a load of the route's lane. `freight_to_usd`
    is by passage.
    """

    freight_usd: Floats
    expediting_usd: Floats
    truck_share: Floats
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
    way = np.where(is_shipped, loads.route, plan.lanes.route_first[loads.lane])
    border_h, extra_h = _border_hours(network, plan, ledger, clock)
    entry = _entry_rows(ledger, routes)
    entry_route = passages.position[entry] + routes.first[loads.route[passages.load[entry]]]
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
        truck_share=routes.truck_share[way],
        freight_usd=np.where(is_shipped, routes.freight_usd[way], 0.0),
        expediting_usd=np.where(is_shipped, routes.expediting_usd[way], 0.0),
        entry_node=passages.load[entry],
        entry_position=passages.position[entry],
        entry_crossing=passages.crossing[entry],
        entry_on=passages.cleared_s[entry] // DAY + clock.begins.toordinal(),
        entry_s=passages.cleared_s[entry],
        entry_freight_usd=routes.freight_to_usd[entry_route],
        use_source=ledger.uses.source,
        use_consumer=ledger.uses.consumer,
        use_units=ledger.uses.units.astype(np.float64),
        use_hold_h=np.maximum(held_s, 0) / HOUR,
    )


def _route_tables(network: Network, plan: Plan) -> _RouteTables:
    """The k-th route of a lane is the k-th of its ways in the network."""
    facts, shares, trucks, freight, beyond = [], [], [], [], []
    for name in plan.lanes.ids:
        lane = network.lanes[name]
        usual_usd = 0.0
        for place, route in enumerate(ways(network, lane)):
            fact, share = route_facts(network, route), share_on(network, lane, route.mode)
            paid_usd = fact.freight_usd * share
            usual_usd = usual_usd if place else paid_usd
            is_urgent = route.mode in LEAST_SHARE
            facts.append(fact)
            shares.append(share)
            trucks.append(share if route.mode in BY_TRUCK else 0.0)
            freight.append(usual_usd if is_urgent else paid_usd)
            beyond.append(paid_usd - usual_usd if is_urgent else 0.0)
    count = [len(fact.crossings) for fact in facts]
    return _RouteTables(
        freight_usd=np.array(freight, dtype=np.float64),
        expediting_usd=np.array(beyond, dtype=np.float64),
        truck_share=np.array(trucks, dtype=np.float64),
        first=np.concatenate(([0], np.cumsum(count))).astype(np.int64),
        is_entry=np.array([flag for fact in facts for flag in fact.is_entry], dtype=np.bool_),
        freight_to_usd=np.array(
            [usd * share for fact, share in zip(facts, shares, strict=True) for usd in fact.freight_to_usd],
            dtype=np.float64,
        ),
    )


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
    total = ends - begins - shut_seconds(network, ids, clock, crossing, begins, ends, plan.crossings.open_standard)
    check = np.array([network.crossings[c].export_check_s for c in ids], dtype=np.float64)
    free = plan.crossings.approach_s + check
    served = (passages.cleared_s - passages.started_s)[done]
    extra = np.maximum(total - served - free[crossing], 0)
    count = len(ledger.loads.lane)
    return (
        np.bincount(load, weights=total, minlength=count) / HOUR,
        np.bincount(load, weights=extra, minlength=count) / HOUR,
    )
