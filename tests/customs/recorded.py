"""Hand-made chains as plans: the reference engine turns them into small ledgers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sim.clock import Clock
from sim.customs import Flow, ledger_flow
from sim.engines.reference import simulate
from sim.ledger.ledger import Ledger
from sim.network.model import Network
from sim.plan import NEVER, Plan
from sim.units import DAY, HOUR
from tests.customs.hand import DAY as BEGINS
from tests.engines.plans import PlanBuilder, Way


def plan_of(
    network: Network,
    slots: dict[str, list[int]],
    days: int = 3,
    seeds: int = 1,
    expires_s: int = NEVER,
    booths: int = 9,
    shifts: Mapping[str, Sequence[tuple[int, int]]] = MappingProxyType({}),
) -> Plan:
    """A plan that runs a network with ample loads: every input lane is seeded on hand with `seeds` loads.

    `slots` gives due seconds of vehicles by market lane, `shifts` working intervals by recipe (others always work).
    Legs take an hour, primary inspection a minute, orders ten seconds.
    """
    builder = PlanBuilder(days * DAY)
    for crossing in network.crossings:
        approach_s = round(network.crossings[crossing].approach_min * 60)
        builder.crossing(crossing, standard=booths, approach_s=approach_s)
    for recipe in network.recipes.values():
        if recipe.id in shifts:
            builder.calendar(recipe.id, *shifts[recipe.id])
        builder.recipe(
            recipe.id,
            calendar=recipe.id if recipe.id in shifts else "always",
            is_assembly=any(lane.split("..")[0] == recipe.id for lane in slots),
        )
        for item in recipe.inputs:
            builder.stock(f"{recipe.id}:{item.part}", recipe.id, item.quantity_per)
    for lane in network.lanes.values():
        steps = network.routes_of(lane)[0].steps
        way = Way([HOUR] * len(steps), [step.crossing for step in steps if step.crossing])
        builder.lane(
            lane.id,
            lane.from_recipe,
            f"{lane.to_recipe}:{lane.part}" if lane.to_recipe else "",
            load_units=lane.load_units,
            reorder_units=4 * lane.load_units if lane.to_recipe else 0,
            ways=(way,),
            seeds=[(lane.load_units, 0)] * seeds if lane.to_recipe else (),
        )
    for lane_id, dues in slots.items():
        for due in dues:
            builder.slot(lane_id, due, expires_s)
    return builder.build()


def run(
    network: Network, slots: dict[str, list[int]], days: int = 3, warm_up_s: int = 0, **rest: Any
) -> tuple[Plan, Ledger, Flow, Clock]:
    """Plan, simulate and read a network."""
    plan = plan_of(network, slots, days, **rest)
    ledger = simulate(plan)
    clock = Clock(BEGINS, warm_up_s, days * DAY - warm_up_s)
    return plan, ledger, ledger_flow(network, plan, ledger, clock), clock
