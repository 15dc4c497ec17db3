"""Content: how much of a vehicle is regional, and from which country its value comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sim.customs.content import Origin
from sim.measures.context import ALL, Context, Figure


def _origins(context: Context) -> list[tuple[str, float, Origin]]:
    """Vehicles delivered in the window: recipe, units, origin under the last rule of the window."""
    last = context.clock.date(context.clock.end_s - 1)
    return [
        (vehicle, float(context.flow.units[nodes].sum()), _origin(context, vehicle, last))
        for vehicle, nodes in context.groups(context.delivered)
        if vehicle != ALL
    ]


def _origin(context: Context, vehicle: str, on: dt.date) -> Origin:
    return context.assessment.origin(vehicle, on)


def _items(origin: Origin) -> dict[str, float]:
    shares = origin.share_pct
    items = {place.lower(): shares[place] for place in ("US", "CA", "MX")}
    items["regional"] = sum(items.values())
    items["overseas"] = shares["overseas"]
    if origin.agreement:
        items[origin.agreement] = origin.content_pct
    return items


def content_pct(context: Context) -> Iterator[Figure]:
    """Content of the vehicles, averaged over what was built.

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
    """Share of vehicles (percent) whose recipe meets the rule of origin at the end of the window."""
    found = [(v, u, {"": 100.0 if o.originates else 0.0}) for v, u, o in _origins(context)]
    yield from _mean_over_vehicles(context, found)


def _mean_over_vehicles(context: Context, found: list[tuple[str, float, dict[str, float]]]) -> Iterator[Figure]:
    """Each vehicle's items, then their means weighted by vehicles."""
    for vehicle, _, items in found:
        for item, value in items.items():
            yield vehicle, item, value
    for item in dict.fromkeys(name for *_, items in found for name in items):
        own = [(units, items[item]) for _, units, items in found if item in items]
        yield ALL, item, sum(units * value for units, value in own) / sum(units for units, _ in own)
