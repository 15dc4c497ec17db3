"""Service: vehicles built and lost, line-down hours, lead time, days of supply."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from sim.customs.book import ADDED, COST
from sim.measures.context import ALL, Context, Figure
from sim.measures.stoppage import Stoppage
from sim.network.expedite import LEAST_SHARE, ways


def _by_vehicle(context: Context) -> Iterator[tuple[str, list[Stoppage]]]:
    for name, own in context.stoppages.items():
        yield name, [own]
    yield ALL, list(context.stoppages.values())


def line_down_h(context: Context) -> Iterator[Figure]:
    """Line hours in the window in which a slot was due and its line free, but inputs were short."""
    for vehicle, own in _by_vehicle(context):
        yield vehicle, "", math.fsum(x.down_h for x in own)


def line_down_pct(context: Context) -> Iterator[Figure]:
    """Line-down hours in percent of the line hours of working time, overtime included."""
    for vehicle, own in _by_vehicle(context):
        total = math.fsum(x.line_h for x in own)
        yield vehicle, "", 100 * math.fsum(x.down_h for x in own) / total if total else 0.0


def vehicles_built(context: Context) -> Iterator[Figure]:
    """Vehicles finished in the window."""
    for vehicle, own in _by_vehicle(context):
        yield vehicle, "", sum(x.built for x in own)


def vehicles_lost(context: Context) -> Iterator[Figure]:
    """Vehicles whose build slot was due in the window and expired."""
    for vehicle, own in _by_vehicle(context):
        yield vehicle, "", sum(x.lost for x in own)


def loads_expedited(context: Context) -> Iterator[Figure]:
    """Loads dispatched in the window by a route for emergencies.

    By mode (``team_truck``, ``air``); and ``per_thousand`` of all loads dispatched to stocks.
    """
    loads, plan, network = context.ledger.loads, context.plan, context.network
    modes = np.array(
        [route.mode for lane in plan.lanes.ids for route in ways(network, network.lanes[lane])], dtype=object
    )
    sent = context.in_window(loads.shipped_s) & (plan.lanes.stock[loads.lane] >= 0)
    urgent = sent & (loads.route >= plan.expediting.route_first[loads.lane])
    taken = modes[loads.route[urgent]]
    for mode in LEAST_SHARE:
        yield ALL, mode, float((taken == mode).sum())
    yield ALL, "per_thousand", 1_000 * float(urgent.sum()) / max(1, int(sent.sum()))


def lead_time(context: Context) -> Iterator[Figure]:
    """Hours from shipping to delivery of the vehicle, journeys and waiting, weighted by value added.

    ``total``, and ``border_share_pct``: hours at borders in percent of it.
    """
    unit = context.assessment.unit
    added = unit.landed[:, : len(COST)][:, ADDED].sum(axis=1)
    for vehicle, nodes in context.groups(context.delivered):
        value = context.mean(nodes, added)
        hours = context.mean(nodes, unit.column("value_hours"))
        border = context.mean(nodes, unit.column("value_border_h"))
        yield vehicle, "total", hours / value if value else 0.0
        yield vehicle, "border_share_pct", 100 * border / hours if hours else 0.0


def days_of_supply(context: Context) -> Iterator[Figure]:
    """Mean days that a unit waits in its stock before use, by part class: stock over use (Little).

    Over uses begun in the window; ``value_weighted`` over all classes by price.
    """
    flow = context.flow
    begun = context.in_window(context.ledger.loads.started_s[flow.use_consumer])
    source, units = flow.use_source[begun], flow.use_units[begun]
    days = flow.use_hold_h[begun] / 24
    parts = [context.network.parts[context.network.lanes[lane].part].part_class for lane in flow.lane_ids]
    classes = np.array(parts, dtype=object)[flow.lane[source]]
    for name in sorted(set(classes.tolist())):
        own = classes == name
        yield ALL, name, float(np.average(days[own], weights=units[own]))
    weight = units * context.assessment.unit.landed[source].sum(axis=1)
    if weight.sum() > 0:
        yield ALL, "value_weighted", float(np.average(days, weights=weight))
