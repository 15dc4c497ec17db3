"""Labour: hours worked by country."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.customs.content import PLACES
from sim.measures.context import ALL, Context, Figure


def labour_h(context: Context) -> Iterator[Figure]:
    """Direct labour hours of all loads finished in the window: labour cost over base wage.

    By country, and by country and tier: ``MX:0`` is assembly in Mexico, ``MX:1`` what vehicles are built from.
    """
    flow, network = context.flow, context.network
    inside = context.in_window(flow.finished_s) & flow.exists & ~flow.is_seed
    units = np.bincount(flow.recipe[inside], weights=flow.units[inside], minlength=len(flow.recipe_ids))
    hours = dict.fromkeys(PLACES, 0.0)
    tiers: dict[str, float] = {}
    for name, made in zip(flow.recipe_ids, units.tolist(), strict=True):
        recipe = network.recipes[name]
        site = network.sites[recipe.site]
        if site.wage_usd_h > 0:
            place = site.country if site.country in hours else "overseas"
            worked = made * recipe.labour_usd / site.wage_usd_h
            hours[place] += worked
            item = f"{place}:{network.parts[recipe.part].tier}"
            tiers[item] = tiers.get(item, 0.0) + worked
    for place, value in (*hours.items(), *sorted(tiers.items())):
        yield ALL, place, value


def labour_h_per_vehicle(context: Context) -> Iterator[Figure]:
    """Direct labour hours inside a vehicle delivered in the window, by country, all tiers."""
    unit = context.assessment.unit
    for vehicle, nodes in context.groups(context.delivered):
        for place in PLACES:
            yield vehicle, place, context.mean(nodes, unit.column(f"labour_h:{place}"))
