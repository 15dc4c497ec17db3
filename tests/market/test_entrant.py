"""A Chinese-owned plant in Mexico: it enters, and a limit on non-market content takes away what it enters for."""

from functools import lru_cache

import pytest

from sim.market.entrant import CHINA, NEXT_DOOR, PLANT, WORKS, YEARLY, NoEntrantError, weigh_entry, with_entrant, worth
from sim.market.relocate import terms_of
from sim.network import load_network
from sim.network.graph import unit_costs
from sim.parameters import load_parameters
from sim.replication import prepare
from sim.scenario import load_scenario

BEV, LIMIT = "plant/lansing/crossover_bev", "non_market_limit_10"


@lru_cache(maxsize=4)
def entry(*reforms, advantage="25 %"):
    scenario = load_scenario("usmca_2026")
    given = {**scenario.parameters, "entrant_advantage_pct": advantage}
    return weigh_entry(prepare(scenario.with_(reforms=reforms, parameters=given)), BEV)


def test_the_plant_buys_in_china_what_is_not_made_next_door():
    network = load_network("midsize")
    whole, vehicle = with_entrant(network, BEV, load_parameters())
    assert whole.sites[PLANT].country == "MX"
    assert whole.sites[PLANT].owner_country == whole.sites[WORKS].owner_country == CHINA
    made = whole.recipes[vehicle]
    assert made.inputs == network.recipes[BEV].inputs
    for item in made.inputs:
        lanes = whole.lanes_into(vehicle, item.part)
        assert sum(x.share_pct for x in lanes) == pytest.approx(100.0)
        from_china = {x.from_recipe for x in lanes} == {f"{WORKS}/{item.part}"}
        next_door = whole.parts[item.part].part_class in NEXT_DOOR and f"supplier/cn/{item.part}" not in network.recipes
        assert from_china != next_door
    assert [x.from_recipe for x in whole.lanes_into(vehicle, "battery_pack")] == [f"{WORKS}/battery_pack"]
    assert [x.from_recipe for x in whole.lanes_into(vehicle, "seats")] == ["supplier/bajio/seats"]
    assert set(network.recipes) < set(whole.recipes)


def test_parts_from_china_cost_less_by_the_advantage():
    network = load_network("midsize")
    costs = [
        unit_costs(with_entrant(network, BEV, load_parameters({"entrant_advantage_pct": share}))[0])
        for share in ("0 %", "25 %")
    ]
    for name in costs[0]:
        if name.startswith(WORKS):
            assert costs[1][name] == pytest.approx(0.75 * costs[0][name])
    for part in ("battery_pack", "inverter"):
        assert costs[0][f"{WORKS}/{part}"] == pytest.approx(costs[0][f"supplier/cn/{part}"])


def test_it_enters_and_pays_what_it_is_worth():
    """A quarter cheaper, it keeps its Chinese cells and pays the duty of July 2026."""
    found = entry()
    assert found.enters
    assert not found.entrant.claims
    terms = terms_of(load_parameters())
    expected = YEARLY * (found.margin_usd * terms.annuity() - 5_000) - 1e8
    assert found.gain_usd == pytest.approx(expected)
    assert worth(found.margin_usd, YEARLY, terms) == pytest.approx(expected)


def test_without_an_advantage_it_would_claim_by_buying_in_the_region_and_a_limit_takes_that_away():
    free, limited = entry(advantage="5 %"), entry(LIMIT, advantage="5 %")
    assert free.entrant.claims == {"CA", "US"}
    assert free.entrant.changed()
    assert free.content_pct >= free.threshold_pct == 75.0
    assert limited.limit_pct == 10.0
    assert limited.non_market_pct > 10.0
    assert not limited.entrant.claims
    assert limited.entrant.cost_usd > free.entrant.cost_usd + 500
    assert limited.gain_usd < free.gain_usd < 0


def test_a_limit_that_the_entrant_does_not_claim_under_hits_the_incumbent_alone():
    free, limited = entry(), entry(LIMIT)
    assert limited.entrant.cost_usd == pytest.approx(free.entrant.cost_usd, abs=0.05)
    assert free.incumbent.claims == {"CA"}
    assert not limited.incumbent.claims  # its own cells come from China in part
    assert limited.gain_usd > free.gain_usd


def test_a_network_without_mexico_has_no_entrant():
    from tests.customs.test_recorded import three_stages

    with pytest.raises(NoEntrantError, match="no plant in Mexico"):
        with_entrant(three_stages(), "site/2/car", load_parameters())
