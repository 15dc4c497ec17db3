"""A vehicle assembled elsewhere: the same cost beside the same plant, and what another country changes."""

import datetime as dt

import pytest

from sim.customs import assess, planned_flow
from sim.law import load_law
from sim.market.moved import destinations, move
from sim.market.ways import CARRIER_USD_PER_VEHICLE, way_between
from sim.network import load_network
from sim.network.graph import unit_costs
from sim.parameters import load_parameters
from sim.planning.claims import decide_claims

DAY = dt.date(2017, 10, 30)
CAR, PICKUP = "plant/silao/crossover_ice", "plant/silao/pickup"


def landed(network, vehicle):
    """By market, as planned."""
    law, parameters = load_law(()), load_parameters()
    claims = decide_claims(network, law, DAY, "claim_or_pay", None, parameters, on=DAY)
    flow = planned_flow(network, DAY)
    total = assess(flow, network, law, claims, parameters, DAY).unit.landed.sum(axis=1)
    return {
        network.lanes[name].to_site: float(total[row])
        for row, name in enumerate(flow.lane_ids)
        if network.lanes[name].from_recipe == vehicle
    }


def test_a_vehicle_moved_beside_its_own_plant_costs_what_it_did():
    network = load_network("midsize")
    twin, left = move(network, {CAR: "plant/silao"})
    assert left == {CAR: "plant/silao_from_silao/crossover_ice"}
    assert landed(twin, left[CAR]) == pytest.approx(landed(network, CAR), rel=1e-12)


def test_where_the_part_is_built_already_it_is_built_likewise():
    network = load_network("midsize")
    moved, left = move(network, {CAR: "plant/lansing"})
    assert CAR not in moved.recipes
    costs = unit_costs(moved)
    assert costs[left[CAR]] == pytest.approx(costs["plant/lansing/crossover_ice"], rel=1e-12)
    shares = {x.to_site: x.share_pct for x in network.lanes.values() if x.from_recipe == CAR and not x.to_recipe}
    there = {x.to_site: x.share_pct for x in moved.lanes.values() if x.from_recipe == left[CAR]}
    assert there == shares
    assert "market/mexico" in shares  # a way that the network did not have
    passed = [s.crossing for s in moved.routes["plant/lansing_from_silao", "market/mexico", "rail"][0].steps]
    assert passed == ["laredo_rail/mx", ""]


def test_where_it_is_not_built_its_work_costs_the_wage_there():
    network = load_network("midsize")
    moved, left = move(network, {PICKUP: "plant/lansing"})
    made, was = moved.recipes[left[PICKUP]], network.recipes[PICKUP]
    assert made.labour_usd == pytest.approx(was.labour_usd * 31 / (2.9 / 0.6))
    assert made.overhead_usd == was.overhead_usd
    seats = moved.lanes_into(made.id, "seats")
    assert [x.from_recipe for x in seats] == [
        x.from_recipe for x in network.lanes_into("plant/lansing/crossover_ice", "seats")
    ]
    engines = moved.lanes_into(made.id, "engine_v8")
    assert [x.from_recipe for x in engines] == ["supplier/detroit/engine_v8"]


def test_overseas_everything_is_bought_there_and_comes_by_car_carrier():
    network = load_network("midsize")
    moved, left = move(network, {PICKUP: "supplier/kr"})
    made, was = moved.recipes[left[PICKUP]], network.recipes[PICKUP]
    assert not made.inputs
    assert made.material_country == "KR"
    hour = {"KR": 18 / 0.85, "MX": 2.9 / 0.6}
    assert made.labour_usd == pytest.approx(was.labour_usd * hour["KR"] / hour["MX"])
    costs, expected = unit_costs(network), was.material_usd
    for item in was.inputs:
        lane = max(network.lanes_into(PICKUP, item.part), key=lambda x: (x.share_pct, x.id))
        source = network.recipes[lane.from_recipe]
        site = network.sites[source.site]
        productivity = {"US": 1, "CA": 1, "MX": 0.6, "CN": 0.5, "JP": 0.95, "KR": 0.85, "DE": 1}[site.country]
        labour = source.labour_usd * hour["KR"] / (site.wage_usd_h / productivity)
        expected += item.quantity_per * (costs[source.id] - source.labour_usd + labour)
    assert made.material_usd == pytest.approx(expected, rel=1e-9)
    for lane in moved.lanes.values():
        if lane.from_recipe == made.id:
            route = moved.routes_of(lane)[0]
            assert lane.mode == "ocean"
            assert route.steps[0].cost_usd == CARRIER_USD_PER_VEHICLE * lane.load_units
            assert route.steps[0].crossing.endswith(moved.sites[lane.to_site].country.lower())


def test_one_destination_a_country_home_left_out():
    found = destinations(load_network("midsize"), PICKUP)
    assert found["US"] == "plant/lansing"
    assert found["CA"] == "plant/alliston"
    assert "MX" not in found
    assert {"CN", "JP", "KR", "DE"} <= set(found)
    whole = load_network("north_america")
    there = destinations(whole, PICKUP)
    assert "pickup" in {x.part for x in whole.recipes.values() if x.site == there["US"] and x.schedule}


def test_ways_pass_the_borders_in_order():
    network = load_network("midsize")
    sites = network.sites
    way = way_between(network, sites["plant/alliston"], sites["market/mexico"], "rail")
    assert way is not None
    assert [(s.crossing, s.movement) for s in way.steps] == [
        ("detroit_rail_tunnel/us", "in_bond"),
        ("laredo_rail/mx", "entry"),
        ("", ""),
    ]
    assert way_between(network, sites["plant/alliston"], sites["supplier/cn"], "truck") is None
    assert way_between(network, sites["plant/lansing"], sites["supplier/cn"], "ocean") is None  # no port there
    pacific = way_between(network, sites["supplier/kr"], sites["market/us_midwest"], "ocean")
    assert pacific is not None
    assert pacific.steps[0].crossing == "port_la_lb/us"


def test_plants_that_sell_overseas_can_move_too():
    """A pickup of north_america goes to South America by sea; from Indiana as from Silao."""
    network = load_network("north_america")
    vehicle = "plant/silao/pickup"
    far = {x.to_site for x in network.lanes.values() if x.from_recipe == vehicle and not x.to_recipe}
    overseas = {x for x in far if network.sites[x].country not in ("US", "CA", "MX")}
    assert overseas
    for site in (destinations(network, vehicle)["US"], "supplier/jp"):
        moved, left = move(network, {vehicle: site})
        ways = {x.to_site: moved.routes_of(x)[0] for x in moved.lanes.values() if x.from_recipe == left[vehicle]}
        assert set(ways) == far
        for market in overseas:
            country = moved.sites[market].country.lower()
            if country != moved.sites[moved.recipes[left[vehicle]].site].country.lower():
                assert ways[market].mode == "ocean"
                assert ways[market].steps[0].crossing.endswith(f"/{country}")
