"""Borders: crossings and hours per vehicle, and waits by crossing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.customs.book import ADDED, COST
from sim.ledger.ledger import NOT_YET
from sim.measures.context import ALL, Context, Figure
from sim.network.hours import shut_seconds
from sim.units import MINUTE


def crossings_per_vehicle(context: Context) -> Iterator[Figure]:
    """Border passages behind a vehicle delivered in the window.

    ``physical`` and ``dutiable``: load passages and entries of everything that went into it, apportioned by
    units (one of a load of 500 brings a 500th of its passage). ``value_weighted_mean``: borders that a
    dollar of value added passed until delivery. ``longest_chain``, ``longest_entry_chain``: most borders
    (entries) that any one material inside any of the vehicles passed.
    """
    assessment = context.assessment
    unit = assessment.unit
    added = unit.landed[:, : len(COST)][:, ADDED].sum(axis=1)
    for vehicle, nodes in context.groups(context.delivered):
        value = context.mean(nodes, added)
        passed = context.mean(nodes, unit.column("value_passages"))
        yield vehicle, "physical", context.mean(nodes, unit.column("passages"))
        yield vehicle, "dutiable", context.mean(nodes, unit.column("entries"))
        yield vehicle, "value_weighted_mean", passed / value if value else 0.0
        yield vehicle, "longest_chain", float(assessment.chain[nodes].max())
        yield vehicle, "longest_entry_chain", float(assessment.entry_chain[nodes].max())


def border_hours_per_vehicle(context: Context) -> Iterator[Figure]:
    """Hours at land crossings of all loads behind a vehicle, apportioned by units: ``total``, ``beyond_free_flow``.

    Only while the port works; terminals of rail and ocean are left to the lead time. ``value_weighted``: hours that
    a dollar of value added spent there.
    """
    unit = context.assessment.unit
    added = unit.landed[:, : len(COST)][:, ADDED].sum(axis=1)
    for vehicle, nodes in context.groups(context.delivered):
        value = context.mean(nodes, added)
        yield vehicle, "total", context.mean(nodes, unit.column("border_h"))
        yield vehicle, "beyond_free_flow", context.mean(nodes, unit.column("border_extra_h"))
        hours = context.mean(nodes, unit.column("value_border_h"))
        yield vehicle, "value_weighted", hours / value if value else 0.0


def border_wait(context: Context) -> Iterator[Figure]:
    """Minutes that our own trucks queued for a booth, by crossing: mean, median, 95th percentile.

    Over trucks that reached a booth in the window, while the port works; loads of a milk run share one. A truck that
    comes at night waits for the morning in a yard. Crossings without booths have no queue.
    """
    passages, crossings = context.ledger.passages, context.plan.crossings
    is_truck = passages.truck == passages.load
    served = is_truck & (passages.started_s != NOT_YET) & context.in_window(passages.started_s)
    at, joined, begun = passages.crossing[served], passages.joined_s[served], passages.started_s[served]
    rests = shut_seconds(context.network, crossings.ids, context.clock, at, joined, begun, crossings.open_standard)
    waited = (begun - joined - rests) / MINUTE
    for index, name in enumerate(crossings.ids):
        own = waited[at == index]
        if len(own) and crossings.booths_standard[index] + crossings.booths_fast[index] > 0:
            yield ALL, f"{name}|mean", float(own.mean())
            yield ALL, f"{name}|median", float(np.median(own))
            yield ALL, f"{name}|p95", float(np.percentile(own, 95))


def border_passages(context: Context) -> Iterator[Figure]:
    """Our own trucks cleared in the window, by crossing.

    Loads of a milk run share one; each load by rail or sea counts as one.
    """
    passages = context.ledger.passages
    is_truck = passages.truck == passages.load
    cleared = is_truck & (passages.cleared_s != NOT_YET) & context.in_window(passages.cleared_s)
    counts = np.bincount(passages.crossing[cleared], minlength=len(context.plan.crossings.ids))
    for name, count in zip(context.plan.crossings.ids, counts.tolist(), strict=True):
        yield ALL, name, float(count)
