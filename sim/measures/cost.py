"""Cost per vehicle taken apart, and the duty in it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np

from sim.customs.content import PLACES
from sim.measures.context import ALL, Context, Figure
from sim.measures.stoppage import Stoppage

SINGLE = ("freight", "fees", "compliance", "carrying", "border_time", "expediting")
ITEMS = (
    *(f"materials:{place}" for place in PLACES),
    "labour",
    "overhead",
    "freight",
    "duty",
    "fees",
    "compliance",
    "carrying",
    "border_time",
    "expediting",
    "stoppage",
)


def cost_per_vehicle(context: Context) -> Iterator[Figure]:
    """Mean cost of a vehicle delivered in the window, by component, US dollars; the items sum to ``total``.

    Vehicles, markets and sources weigh as planned: what a vehicle costs for parts of another supplier than the shares
    ask, since loads are indivisible, is left out. Stoppage is that of the window, shared among vehicles built in it.
    """
    lost = context.stoppages
    items = {f"materials:{place}": context.column(f"materials:{place}") for place in PLACES}
    items["labour"] = np.sum([context.column(f"labour:{place}") for place in PLACES], axis=0)
    items["overhead"] = np.sum([context.column(f"overhead:{place}") for place in PLACES], axis=0)
    items |= {name: context.column(name) for name in SINGLE}
    items["duty"] = context.duty()
    for vehicle, nodes in context.groups(context.delivered):
        means = {name: context.mean(nodes, values) for name, values in items.items()}
        means["stoppage"] = _per_built(context, vehicle, lost)
        for name in ITEMS:
            yield vehicle, name, means[name]
        yield vehicle, "total", math.fsum(means[name] for name in ITEMS)


def cost_by_market(context: Context) -> Iterator[Figure]:
    """Mean landed cost of a vehicle delivered in the window at each market (item: its site), US dollars.

    Duty, fees and journey are those to that market; stoppage is left out.
    """
    flow, network = context.flow, context.network
    landed = context.landed()
    site = np.array([network.lanes[lane].to_site for lane in flow.lane_ids])
    for vehicle, nodes in context.groups(context.delivered):
        if vehicle == ALL:
            continue
        at = site[flow.lane[nodes]]
        for market in np.unique(at).tolist():
            yield vehicle, market, context.mean(nodes[at == market], landed)


def _per_built(context: Context, vehicle: str, lost: Mapping[str, Stoppage]) -> float:
    own = [lost[name] for name in lost if vehicle in (ALL, name)]
    built = sum(x.built for x in own)
    return math.fsum(x.total_usd for x in own) / built if built else 0.0


def stoppage_cost(context: Context) -> Iterator[Figure]:
    """Cost of stoppage in the window, US dollars: idle labour, overtime premium, lost contribution."""
    lost = context.stoppages
    for vehicle in (*lost, ALL):
        own = [lost[name] for name in lost if vehicle in (ALL, name)]
        yield vehicle, "idle_labour", math.fsum(x.idle_usd for x in own)
        yield vehicle, "overtime_premium", math.fsum(x.overtime_usd for x in own)
        yield vehicle, "lost_contribution", math.fsum(x.contribution_usd for x in own)


def duty_per_vehicle(context: Context) -> Iterator[Figure]:
    """Mean duty in a vehicle delivered in the window, US dollars.

    True-ups included, net of credit drawn and of drawback. By programme; and ``direct`` (on the finished vehicle) and
    ``embedded`` (paid on parts, at any border upstream).
    """
    unit = context.assessment.unit
    names = [name for name in unit.columns if name.startswith("duty:")]
    duties = {p.programme for p in context.assessment.rows.provisions if p.kind == "duty"}
    landed, works = context.duty(), context.duty(landed=False)
    for vehicle, nodes in context.groups(context.delivered):
        for name in sorted(names):
            value = context.mean(nodes, context.column(name))
            if value or name.removeprefix("duty:") in duties:
                yield vehicle, name.removeprefix("duty:"), value
        embedded, total = context.mean(nodes, works), context.mean(nodes, landed)
        yield vehicle, "direct", total - embedded
        yield vehicle, "embedded", embedded
        yield vehicle, "total", total


def offset_credit(context: Context) -> Iterator[Figure]:
    """Mean credit in a vehicle delivered in the window, US dollars, drawn against duties on its parts at any border.

    Only where the law gives such credit for vehicles assembled in a country. Duty per vehicle is net of it: the sum of
    both is what would be owed without it.
    """
    if context.assessment.credits:
        for vehicle, nodes in context.groups(context.delivered):
            yield vehicle, "", context.mean(nodes, context.assessment.unit.column("offset_credit"))


def drawback(context: Context) -> Iterator[Figure]:
    """Mean drawback in a vehicle delivered in the window, US dollars: duty on inputs that came back on an export.

    Of the vehicle, or of parts upstream; only where drawback is claimed. Duty per vehicle is net of it; that of the
    vehicle's own export lowers ``direct`` there.
    """
    if context.parameters.drawback_claimed_pct > 0:
        for vehicle, nodes in context.groups(context.delivered):
            yield vehicle, "", context.mean(nodes, context.assessment.unit.column("drawback"))


def true_up_duty(context: Context) -> Iterator[Figure]:
    """Mean true-up in a vehicle delivered in the window, US dollars: ``duty``, ``fees`` and their ``total``.

    Owed later, on the vehicle or on parts upstream, because what was really made failed on the average of its period
    the rule under which preference had been claimed: what is owed without the claim less what was owed with it. It is
    part of duty and fees in the cost of the vehicle, and of no customs value.
    """
    unit = context.assessment.unit
    for vehicle, nodes in context.groups(context.delivered):
        duty, fees = (context.mean(nodes, unit.column(name)) for name in ("true_up_duty", "true_up_fees"))
        yield vehicle, "duty", duty
        yield vehicle, "fees", fees
        yield vehicle, "total", duty + fees
