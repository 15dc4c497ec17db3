"""The planned flow: one load for each lane, fed by its suppliers in proportion to their shares."""

from __future__ import annotations

import datetime as dt

import numpy as np

from sim.customs.flow import Flow, route_facts
from sim.network.capacity import share_paid
from sim.network.graph import supply_order
from sim.network.model import Lane, Network


def planned_flow(network: Network, on: dt.date) -> Flow:
    """Lay out what each lane would carry on a day when all goes to plan.

    Parameters
    ----------
    network : Network
    on : date
        Day on which everything is made and entered.

    Returns
    -------
    Flow
        One node for each lane, in id order, on its usual route at free flow. Uses are fractional: a unit of
        output takes from every lane of an input its share. A stock is held for the input's hours of cover.
    """
    order = supply_order(network)
    recipe_of = {recipe: index for index, recipe in enumerate(order)}
    lanes = list(network.lanes.values())
    count = len(lanes)
    facts = [route_facts(network, network.routes_of(lane)[0]) for lane in lanes]
    crossing_ids = tuple(network.crossings)
    crossing_of = {crossing: index for index, crossing in enumerate(crossing_ids)}
    paid = np.array([share_paid(network, lane) for lane in lanes], dtype=np.float64)
    entries = [
        (node, position, crossing_of[crossing], fact.freight_to_usd[position] * paid[node])
        for node, fact in enumerate(facts)
        for position, crossing in enumerate(fact.crossings)
        if fact.is_entry[position]
    ]
    table = np.array(entries, dtype=np.float64).reshape(-1, 4)
    uses = np.array(_planned_uses(network, lanes), dtype=np.float64).reshape(-1, 4)
    day = on.toordinal()
    return Flow(
        begins=on,
        ends=on,
        is_planned=True,
        lane_ids=tuple(lane.id for lane in lanes),
        recipe_ids=order,
        crossing_ids=crossing_ids,
        lane=np.arange(count, dtype=np.int64),
        recipe=np.array([recipe_of[lane.from_recipe] for lane in lanes], dtype=np.int64),
        units=np.array([lane.load_units for lane in lanes], dtype=np.float64),
        exists=np.ones(count, dtype=np.bool_),
        is_seed=np.zeros(count, dtype=np.bool_),
        is_shipped=np.ones(count, dtype=np.bool_),
        made_on=np.full(count, day, dtype=np.int64),
        finished_s=np.zeros(count, dtype=np.int64),
        received_s=np.zeros(count, dtype=np.int64),
        transit_h=np.array([fact.transit_h for fact in facts], dtype=np.float64),
        passages=np.array([len(fact.crossings) for fact in facts], dtype=np.int64),
        border_h=np.array([fact.free_h for fact in facts], dtype=np.float64),
        border_extra_h=np.zeros(count, dtype=np.float64),
        truck_share=np.where([lane.mode == "truck" for lane in lanes], paid, 0.0),
        freight_usd=np.array([fact.freight_usd for fact in facts], dtype=np.float64) * paid,
        expediting_usd=np.zeros(count, dtype=np.float64),
        entry_node=table[:, 0].astype(np.int64),
        entry_position=table[:, 1].astype(np.int64),
        entry_crossing=table[:, 2].astype(np.int64),
        entry_on=np.full(len(table), day, dtype=np.int64),
        entry_s=np.zeros(len(table), dtype=np.int64),
        entry_freight_usd=table[:, 3].copy(),
        use_source=uses[:, 0].astype(np.int64),
        use_consumer=uses[:, 1].astype(np.int64),
        use_units=uses[:, 2].copy(),
        use_hold_h=uses[:, 3].copy(),
    )


def _planned_uses(network: Network, lanes: list[Lane]) -> list[tuple[float, float, float, float]]:
    """Rows (source, consumer, units, hours held), sorted by consumer then source."""
    into: dict[tuple[str, str], list[int]] = {}
    for node, lane in enumerate(lanes):
        into.setdefault((lane.to_recipe, lane.part), []).append(node)
    rows = []
    for consumer, lane in enumerate(lanes):
        maker = network.recipes[lane.from_recipe]
        for item in maker.inputs:
            for source in into.get((maker.id, item.part), ()):
                share = lanes[source].share_pct / 100
                rows.append((source, consumer, lane.load_units * item.quantity_per * share, item.cover_h))
    return [(float(s), float(c), u, h) for s, c, u, h in sorted(rows, key=lambda row: (row[1], row[0]))]
