"""What must be built and, from it, what every recipe and lane must deliver in an ordinary week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.network.graph import supply_order
from sim.network.model import Input, Network, Recipe
from sim.planning.calendars import weekly_work_s


@dataclass(frozen=True, slots=True)
class Demand:
    """Ordinary weekly volumes, in units of each recipe's or lane's part.

    Parameters
    ----------
    recipe_week : dict
        Units a week that each recipe makes.
    lane_week : dict
        Units a week that each lane carries.
    order : tuple of str
        Recipe ids from raw materials to vehicles: suppliers before those they feed.
    """

    recipe_week: dict[str, float]
    lane_week: dict[str, float]
    order: tuple[str, ...]


def vehicles_per_day(network: Network, wanted: Mapping[str, int]) -> dict[str, int]:
    """Vehicles asked of each assembly recipe on a working day, with the scenario's changes."""
    plan = {recipe.id: recipe.schedule.vehicles_per_day for recipe in network.recipes.values() if recipe.schedule}
    return plan | {key: value for key, value in wanted.items() if key in plan}


def working_days(network: Network, recipe: Recipe) -> int:
    """Days a week on which a recipe's regular calendar works."""
    return len({weekday for weekday, _, _ in network.calendars[recipe.calendar].shifts})


def units_per_working_second(network: Network, demand: Demand, recipe: Recipe, item: Input) -> float:
    """Units of an input that a recipe uses in a second of its working time; 0 where its calendar has none."""
    work_s = weekly_work_s(network.calendars[recipe.calendar])
    return demand.recipe_week[recipe.id] * item.quantity_per / work_s if work_s else 0.0


def roll_down(network: Network, wanted: Mapping[str, int]) -> Demand:
    """Explode the build schedule through the bills of materials into weekly volumes."""
    order = supply_order(network)
    daily = vehicles_per_day(network, wanted)
    recipe_week = dict.fromkeys(network.recipes, 0.0)
    lane_week: dict[str, float] = {}
    for lane in network.lanes.values():
        if not lane.to_recipe:
            maker = network.recipes[lane.from_recipe]
            week = daily[maker.id] * working_days(network, maker)
            lane_week[lane.id] = week * lane.share_pct / 100
    for recipe_id, per_day in daily.items():
        recipe_week[recipe_id] = per_day * working_days(network, network.recipes[recipe_id])
    for recipe_id in reversed(order):
        recipe = network.recipes[recipe_id]
        for item in recipe.inputs:
            for lane in network.lanes_into(recipe_id, item.part):
                lane_week[lane.id] = recipe_week[recipe_id] * item.quantity_per * lane.share_pct / 100
                recipe_week[lane.from_recipe] += lane_week[lane.id]
    return Demand(recipe_week, lane_week, order)
