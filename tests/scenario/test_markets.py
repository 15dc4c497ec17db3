"""Markets that a scenario changes: shares as written, the rest of the plan as it was, and kept."""

import pickle

import pytest

from sim.errors import ScenarioError
from sim.network import load_network
from sim.planning.traffic import ordinary_traffic
from sim.scenario import load_scenario
from sim.scenario.markets import with_markets
from sim.scenario.restore import restore_scenario

LANSING = "plant/lansing/crossover_ice"
SHARES = {"market/canada": 20.0, "market/mexico": 10.0, "market/us_midwest": 40.0, "market/us_south": 30.0}


def test_vehicles_go_where_the_scenario_says_and_nothing_else_moves():
    network = load_network("midsize")
    changed, problems = with_markets(network, {LANSING: SHARES})
    assert problems == []
    assert changed.digest != network.digest
    moved = {name: lane for name, lane in changed.lanes.items() if lane != network.lanes[name]}
    assert {lane.to_site: lane.share_pct for lane in moved.values()} == SHARES
    assert {lane.from_recipe for lane in moved.values()} == {LANSING}


def test_the_trucks_of_others_do_not_move_with_vehicles_that_go_by_rail():
    network = load_network("midsize")
    changed, _ = with_markets(network, {LANSING: SHARES})
    clock = load_scenario("nafta_as_it_stood").clock()
    before, after = ordinary_traffic(network, clock), ordinary_traffic(changed, clock)
    assert before.keys() == after.keys()
    assert all((before[name].total_per_hour == after[name].total_per_hour).all() for name in before)


def test_what_is_built_besides_goes_abroad_in_the_shipped_scenario():
    promoted, plain = load_scenario("exports_promoted"), load_scenario("nafta_as_it_stood")
    before, after = plain.load_network(), promoted.load_network()
    built = before.recipes[LANSING].schedule.vehicles_per_day, promoted.demand[LANSING]
    for lane in before.lanes.values():
        if lane.from_recipe == LANSING and not lane.to_recipe:
            was, is_now = built[0] * lane.share_pct, built[1] * after.lanes[lane.id].share_pct
            times = 1.0 if lane.to_site.startswith("market/us_") else 1.5
            assert is_now == pytest.approx(times * was, rel=1e-4)


def test_a_scenario_keeps_its_markets():
    promoted = load_scenario("exports_promoted")
    again = restore_scenario(promoted.resolved())
    assert again.markets == promoted.markets == pickle.loads(pickle.dumps(promoted)).markets
    assert again.digest == promoted.digest != promoted.with_(markets={}).digest
    assert "markets_pct" not in load_scenario("nafta_as_it_stood").resolved()


def test_markets_from_python_are_refused_like_those_of_a_file():
    wrong = load_scenario("nafta_as_it_stood").with_(markets={LANSING: {**SHARES, "market/canada": 19.0}})
    with pytest.raises(ScenarioError) as refusal:
        wrong.load_network()
    assert "markets.plant/lansing/crossover_ice: shares add up to 99 %. Write such as add up to 100 %." in str(
        refusal.value
    )
