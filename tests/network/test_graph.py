"""Graph measures against arithmetic done by hand on the network of three recipes."""

import copy

import networkx as nx
import pytest

from sim.network import load_network
from sim.network.graph import (
    chokepoints,
    country_exposure,
    crossing_exposure,
    daily_units,
    journey,
    longest_chain,
    most_crossed_path,
    north_american_content,
    supply_order,
    unit_costs,
)

WIRE, HARNESS, CAR = "supplier/ohio/wire", "supplier/juarez/harness", "plant/lansing/car"
CHAIN = (f"{WIRE}..{HARNESS}", f"{HARNESS}..{CAR}", f"{CAR}..market/us")


@pytest.fixture
def network(tiny):
    return load_network(tiny.write())


def test_the_networkx_view(network):
    graph = network.to_networkx()
    assert isinstance(graph, nx.MultiDiGraph)
    # 4 sites + 2 crossings + 3 recipes; 3 made_at + 3 lanes + 5 legs
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (9, 11)
    assert list(graph)[:4] == sorted(network.sites)
    assert graph.nodes[HARNESS] == {
        "kind": "recipe",
        "name": "harness",
        "country": "MX",
        "lat_deg": 31.7,
        "lon_deg": -106.4,
        "part": "harness",
        "tier": 1,
        "system": "electrical",
    }
    assert graph.nodes["ysleta/us"]["from_country"] == "MX"
    edge = graph.edges[WIRE, HARNESS, CHAIN[0]]
    assert edge == {"kind": "lane", "part": "wire", "share_pct": 100.0, "mode": "truck", "crossings": ("ysleta/mx",)}
    lanes = nx.subgraph_view(graph, filter_edge=lambda a, b, key: graph.edges[a, b, key]["kind"] == "lane")
    assert nx.has_path(lanes, WIRE, "market/us")
    legs = nx.subgraph_view(graph, filter_edge=lambda a, b, key: graph.edges[a, b, key]["kind"] == "leg")
    way = ["supplier/ohio", "ysleta/mx", "supplier/juarez", "ysleta/us", "plant/lansing", "market/us"]
    assert nx.shortest_path(legs, "supplier/ohio", "market/us") == way


def test_volumes_and_costs(network):
    assert supply_order(network) == (WIRE, HARNESS, CAR)
    units = daily_units(network)
    assert units == {WIRE: 200.0, HARNESS: 100.0, CAR: 100.0, CHAIN[0]: 200.0, CHAIN[1]: 100.0, CHAIN[2]: 100.0}
    # wire 10 + 20 + 30; harness 50 + 10 + 2 x 60; car 500 + 500 + 8,820 + 180
    assert unit_costs(network) == {WIRE: 60.0, HARNESS: 180.0, CAR: 10_000.0}


def test_exposure_by_country(network):
    # MX 60; CL 2 x 30; US 2 x 30 + 9,820
    shares = country_exposure(network, CAR)
    assert shares == {"CL": pytest.approx(0.6), "MX": pytest.approx(0.6), "US": pytest.approx(98.8)}
    assert north_american_content(network, CAR) == pytest.approx(99.4)


def test_exposure_by_crossing(network):
    north, south = crossing_exposure(network)
    # northbound 100 harnesses of 180 a day in loads of 50, southbound 200 wires of 60 in loads of 400
    assert (north.crossing, north.value_pct, north.loads_per_day) == ("ysleta/us", pytest.approx(1.8), 2.0)
    assert (south.crossing, south.value_pct, south.loads_per_day) == ("ysleta/mx", pytest.approx(1.2), 0.5)


def test_journeys_and_longest_chains(network):
    found = journey(network, CHAIN)
    assert (found.physical, dict(found.dutiable)) == (2, {"MX": 1, "US": 1})
    assert found.crossings == ("ysleta/mx", "ysleta/us")
    assert (found.hours, found.distance_km) == (40 + 2 + 3 + 30 + 5, 500.0)
    assert longest_chain(network) == CHAIN
    assert most_crossed_path(network, CAR) == (CHAIN, 2)


def test_a_temporary_import_is_a_border_but_no_entry(tiny):
    tiny.set("routes.csv", 2, movement="temporary")
    found = journey(load_network(tiny.write()), CHAIN)
    assert (found.physical, dict(found.dutiable)) == (2, {"US": 1})


def test_chokepoints_with_a_single_source(network):
    by_id = {point.id: point for point in chokepoints(network, limit=100)}
    north = by_id["ysleta/us"]
    # 30 h of road beyond the border and 8 h of cover
    assert (north.vehicles_per_day, north.cover_h, north.loads_per_day) == (100.0, 38.0, 2.0)
    assert north.lines == (CAR,)
    assert not north.has_alternative
    # wire: 2 h beyond the border, 48 h of cover, then 33 h of road and 8 h of cover of the harness
    assert by_id["ysleta/mx"].cover_h == 2 + 48 + 33 + 8
    # a lost site: what it shipped still arrives
    assert by_id["supplier/juarez"].cover_h == 33 + 8
    assert by_id["supplier/ohio"].cover_h == 42 + 48 + 33 + 8
    assert by_id[CHAIN[1]].cover_h == 8
    assert by_id["plant/lansing"].cover_h == 0
    assert by_id[CHAIN[2]].cover_h == 0
    ranked = [point.id for point in chokepoints(network, limit=3)]
    assert ranked == [CHAIN[2], "plant/lansing", CHAIN[1]]
    assert [point.kind for point in chokepoints(network, "crossing")] == ["crossing", "crossing"]


def test_a_second_source_halves_the_loss(tiny):
    other = "supplier/ohio/harness"
    tiny.tables["recipes.csv"].append(
        copy.deepcopy(tiny.tables["recipes.csv"][1]) | {"id": other, "site": "supplier/ohio"}
    )
    tiny.set("lanes.csv", 3, share_pct="75")
    tiny.tables["lanes.csv"].append(
        copy.deepcopy(tiny.tables["lanes.csv"][1]) | {"id": f"{other}..{CAR}", "from_recipe": other, "share_pct": "25"}
    )
    tiny.tables["routes.csv"].append(
        copy.deepcopy(tiny.tables["routes.csv"][4]) | {"from_site": "supplier/ohio", "to_site": "plant/lansing"}
    )
    network = load_network(tiny.write())
    by_id = {point.id: point for point in chokepoints(network, limit=100)}
    assert by_id["ysleta/us"].vehicles_per_day == 75.0
    assert by_id["ysleta/us"].has_alternative
    # Ohio loses its own quarter and, through the wire, the other three
    assert by_id["supplier/ohio"].vehicles_per_day == 100.0
