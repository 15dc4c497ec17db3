"""How often the value of a vehicle passes borders, and how far each supplier is from assembly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.network.graph import own_cost, supply_order
from sim.network.model import Lane, Network


def borders_on(network: Network, lane: Lane) -> int:
    """Borders and ports that a lane passes by its usual route."""
    return sum(bool(step.crossing) for step in network.routes_of(lane)[0].steps)


def value_by_borders(network: Network, vehicle: str) -> NDArray[np.float64]:
    """Production cost of a vehicle by the borders that it has passed when it is built in.

    Parameters
    ----------
    network : Network
    vehicle : str
        An assembly recipe.

    Returns
    -------
    float64[most borders + 1]
        US dollars a vehicle: at n what was added n borders upstream of assembly, each source by its share and its usual
        route. The sum is the vehicle's production cost, without freight or duty.
    """
    found: dict[str, NDArray[np.float64]] = {}
    feeding: dict[str, list[Lane]] = {}
    for lane in network.lanes.values():
        if lane.to_recipe:
            feeding.setdefault(lane.to_recipe, []).append(lane)
    for recipe in supply_order(network):
        made = network.recipes[recipe]
        quantity = {line.part: line.quantity_per for line in made.inputs}
        parts = [np.array([own_cost(made)])]
        for lane in feeding.get(recipe, ()):
            units = quantity[lane.part] * lane.share_pct / 100
            parts.append(np.pad(found[lane.from_recipe] * units, (borders_on(network, lane), 0)))
        longest = max(map(len, parts))
        found[recipe] = np.sum([np.pad(part, (0, longest - len(part))) for part in parts], axis=0)
        if recipe == vehicle:
            break
    return np.trim_zeros(found[vehicle], "b")


def tiers(network: Network) -> dict[str, int]:
    """Tier of each recipe: 0 assembles vehicles, 1 delivers to assembly, 2 to those, by the shortest way."""
    tier = {recipe.id: 0 for recipe in network.recipes.values() if recipe.schedule}
    feeds = [lane for lane in network.lanes.values() if lane.to_recipe]
    reached = set(tier)
    while reached:
        found = {lane.from_recipe for lane in feeds if lane.to_recipe in reached} - set(tier)
        step = 1 + max(tier.values())
        tier.update(dict.fromkeys(sorted(found), step))
        reached = found
    return tier
