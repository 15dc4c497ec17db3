"""Content: how much of a vehicle is regional, and from which country its value comes."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator

import numpy as np

from sim.customs.content import Origin
from sim.measures.context import ALL, Context, Figure


def _origins(context: Context) -> list[tuple[str, float, Origin]]:
    """Vehicles delivered in the window: recipe, units, origin under the last rule of the window.

    One row for each recipe and averaging period in which its vehicles were made.
    """
    last = context.clock.date(context.clock.end_s - 1)
    found: dict[tuple[str, dt.date | None], tuple[float, Origin]] = {}
    for vehicle, nodes in context.groups(context.delivered):
        if vehicle == ALL:
            continue
        made = context.flow.made_on[nodes]
        for day in np.unique(made).tolist():
            origin = context.assessment.origin(vehicle, last, dt.date.fromordinal(day))
            units = found.get((vehicle, origin.begins), (0.0, origin))[0]
            found[vehicle, origin.begins] = units + float(context.flow.units[nodes[made == day]].sum()), origin
    return [(vehicle, units, origin) for (vehicle, _), (units, origin) in found.items()]


def _items(origin: Origin) -> dict[str, float]:
    shares = origin.share_pct
    items = {place.lower(): shares[place] for place in ("US", "CA", "MX")}
    items["regional"] = math.fsum(items.values())
    items["overseas"] = shares["overseas"]
    if origin.agreement:
        items[origin.agreement] = origin.content_pct
    return items


def content_pct(context: Context) -> Iterator[Figure]:
    """Content of the vehicles, each by the average of the period in which it was built.

    ``nafta`` or ``usmca``: regional value content by the net-cost method of the agreement in force at the
    end of the window. ``us``, ``ca``, ``mx``, ``overseas``: share of the value added there (materials,
    labour, overhead); ``regional`` is the sum of the first three.
    """
    yield from _mean_over_vehicles(context, [(v, u, _items(o)) for v, u, o in _origins(context)])


def threshold_pct(context: Context) -> Iterator[Figure]:
    """Regional value content that the rule in force at the end of the window asks of the vehicles."""
    found = [(v, u, {o.agreement: o.threshold_pct}) for v, u, o in _origins(context) if o.agreement]
    yield from _mean_over_vehicles(context, found)


def originates(context: Context) -> Iterator[Figure]:
    """Share of vehicles (percent) that meet the rule of origin of the end of the window.

    Each by the average of the period in which it was built.
    """
    found = [(v, u, {"": 100.0 if o.originates else 0.0}) for v, u, o in _origins(context)]
    yield from _mean_over_vehicles(context, found)


def _mean_over_vehicles(context: Context, found: list[tuple[str, float, dict[str, float]]]) -> Iterator[Figure]:
    """Each vehicle's items, then those of all, means weighted by vehicles."""
    for vehicle in dict.fromkeys(name for name, *_ in found):
        yield from _means(vehicle, [(units, items) for name, units, items in found if name == vehicle])
    yield from _means(ALL, [(units, items) for _, units, items in found])


def _means(vehicle: str, rows: list[tuple[float, dict[str, float]]]) -> Iterator[Figure]:
    for item in dict.fromkeys(name for _, items in rows for name in items):
        own = [(units, items[item]) for units, items in rows if item in items]
        mean = math.fsum(units * value for units, value in own) / math.fsum(units for units, _ in own)
        yield vehicle, item, own[0][1] if len(own) == 1 and vehicle != ALL else mean
