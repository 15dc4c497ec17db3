"""Directions that were published: what tightening, a share of the United States and withdrawal do to midsize."""

from sim.sourcing.decide import choose_plan

CARS = ("plant/alliston/crossover_ice", "plant/silao/crossover_ice")
BEV, PICKUP = "plant/lansing/crossover_bev", "plant/silao/pickup"
LIST = "modern_tracing_list"


def test_a_share_of_the_united_states_raises_cost(resourced):
    before, after = resourced()[1], resourced("us_2017_proposal")[1]
    assert all(after[name].cost_usd >= before[name].cost_usd - 0.02 for name in before)
    assert all(after[name].cost_usd > before[name].cost_usd + 500 for name in CARS)  # they pay 2.5 %
    assert not any(after[name].claims for name in CARS)
    assert after[PICKUP].claims == {"CA", "US"}


def test_withdrawal_costs_a_pickup_more_than_any_tightening_and_a_car_little(resourced):
    gone, tight = resourced("nafta_withdrawal")[1], resourced(LIST, "us_2017_proposal")[1]
    assert gone[PICKUP].cost_usd > tight[PICKUP].cost_usd + 5_000
    for name in CARS:
        assert abs(gone[name].cost_usd - tight[name].cost_usd) < 50


def test_the_modern_list_turns_a_compliant_vehicle_non_compliant(resourced):
    old, new = resourced()[0], resourced(LIST)[0]
    assert choose_plan(old, BEV, is_fixed=True).claims == {"CA"}
    fixed = choose_plan(new, BEV, is_fixed=True)
    assert not fixed.claims
    assert "regional content of 62.5 %" in fixed.unmet
    assert choose_plan(new, BEV).claims == {"CA"}  # it buys two families otherwise and complies again


def test_makers_who_give_up_fall_back_to_the_content_of_their_cheapest_sources(resourced):
    step, steep = resourced(LIST, "threshold_75")[1], resourced(LIST, "us_2017_proposal")[1]
    car = CARS[0]
    assert step[car].claims
    assert step[car].changed()
    assert not steep[car].claims
    assert not steep[car].changed()
    assert not step[BEV].claims  # 75 % is out of its reach for what Canada's duty is worth
