"""Value by borders adds up to the cost of a vehicle; tiers count from assembly."""

from __future__ import annotations

import numpy as np
import pytest

from sim.network import load_network
from sim.network.borders import borders_on, tiers, value_by_borders
from sim.network.graph import country_exposure, most_crossed_path, unit_costs

NETWORK = load_network("midsize")
VEHICLES = [recipe.id for recipe in NETWORK.recipes.values() if recipe.schedule]


@pytest.mark.parametrize("vehicle", VEHICLES)
def test_all_of_a_vehicles_cost_has_passed_some_number_of_borders(vehicle: str) -> None:
    value = value_by_borders(NETWORK, vehicle)
    assert value.sum() == pytest.approx(unit_costs(NETWORK)[vehicle])
    assert (value >= 0).all()
    path, most = most_crossed_path(NETWORK, vehicle)
    to_market = borders_on(NETWORK, NETWORK.lanes[path[-1]]) if not NETWORK.lanes[path[-1]].to_recipe else 0
    assert len(value) - 1 <= most
    assert len(value) - 1 >= most - to_market - 1


def test_what_has_passed_none_was_added_at_home() -> None:
    vehicle = VEHICLES[0]
    value = value_by_borders(NETWORK, vehicle)
    home = country_exposure(NETWORK, vehicle)[NETWORK.sites[NETWORK.recipes[vehicle].site].country]
    assert 100 * value[0] / value.sum() <= home + np.float64(100) * _foreign_material(vehicle)


def _foreign_material(vehicle: str) -> float:
    """Part of the cost that is material bought abroad by a recipe at home, which no lane carries over a border."""
    country = NETWORK.sites[NETWORK.recipes[vehicle].site].country
    bought = sum(
        recipe.material_usd
        for recipe in NETWORK.recipes.values()
        if NETWORK.sites[recipe.site].country == country and recipe.material_country != country
    )
    return bought / unit_costs(NETWORK)[vehicle]


def test_tiers_count_lanes_from_assembly() -> None:
    found = tiers(NETWORK)
    assert {name for name, tier in found.items() if tier == 0} == set(VEHICLES)
    for lane in NETWORK.lanes.values():
        if lane.to_recipe:
            assert found[lane.from_recipe] <= found[lane.to_recipe] + 1
    nearest = {lane.from_recipe for lane in NETWORK.lanes.values() if lane.to_recipe in VEHICLES}
    assert {name for name, tier in found.items() if tier == 1} == nearest - set(VEHICLES)
