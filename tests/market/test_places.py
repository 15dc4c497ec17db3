"""Plants of midsize: withdrawal sends the pickup to the United States, fixed cost and lag hold it back."""

from functools import lru_cache

import pytest

from sim.market.places import weigh_plants
from sim.replication import prepare
from sim.scenario import load_scenario

PICKUP, BEV = "plant/silao/pickup", "plant/lansing/crossover_bev"


@lru_cache(maxsize=8)
def weighed(name, *parameters, against="nafta_as_it_stood"):
    scenarios = [load_scenario(x) for x in (name, against) if x]
    own = [prepare(x.with_(parameters={**x.parameters, **dict(parameters)})) for x in scenarios]
    return weigh_plants(own[0], own[1] if against else None, lambda _: None)


def moves(found):
    return {vehicle: place.site for plant in found.plants for vehicle, place in plant.decision.moves.items()}


def test_withdrawal_sends_the_pickup_to_the_united_states():
    """25 % on pickups made in Mexico; cars pay 2.5 %, less than the pickup's work costs more in Michigan."""
    found = weighed("nafta_withdrawal")
    assert moves(found)[PICKUP] == "plant/lansing"
    assert "plant/silao/crossover_ice" not in moves(found)
    silao = next(plant for plant in found.plants if plant.site == "plant/silao")
    pickup = next(x for x in silao.candidates if x.vehicle == PICKUP)
    lansing = next(x for x in pickup.places if x.site == "plant/lansing")
    yearly = pickup.yearly * ((pickup.stay_usd - lansing.cost_usd) * found.terms.annuity() - 5_000)
    assert silao.decision.gain_usd == pytest.approx(yearly)


def test_nobody_moves_without_a_reform():
    found = weighed("nafta_as_it_stood", against="nafta_as_it_stood")
    assert moves(found) == {}
    lansing = next(plant for plant in found.plants if plant.site == "plant/lansing")
    assert lansing.anyway[BEV] == ("plant/silao",)  # would pay as things are: something else keeps it at home


@pytest.mark.parametrize(
    "held",
    [("plant_usd_per_vehicle", "100000 USD"), ("plant_months", "180 months"), ("plant_discount_pct", "100 %")],
)
def test_fixed_cost_lag_and_impatience_hold_plants_back(held):
    assert moves(weighed("nafta_withdrawal", held)) == {}


def test_outside_north_america_is_weighed_too():
    """A plant overseas escapes no duty by moving there; where it still pays, it is for what the country costs."""
    found = weighed("nafta_withdrawal")
    for plant in found.plants:
        for candidate in plant.candidates:
            outside = {x.country for x in candidate.places} & {"CN", "JP", "KR", "DE"}
            assert outside == {"CN", "JP", "KR", "DE"}
    assert set(moves(found).values()) <= {"plant/lansing", "supplier/cn"}
