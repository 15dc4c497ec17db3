"""The networks that come with the program: counts of documented journeys, costs, and what the law will ask."""

import csv
import datetime as dt
import re

import pytest

from sim.network import load_journeys, load_network
from sim.network.graph import country_exposure, crossing_exposure, journey, most_crossed_path, unit_costs
from sim.network.load import NETWORKS
from sim.network.make_borders import make_borders
from sim.network.make_midsize import make_midsize
from sim.network.make_north_america import make_north_america
from sim.network.make_seat_control import make_seat_control
from tests.closed_form.test_journeys import COUNTS

OF_MAKERS = ("midsize", "north_america", "seat_control")
NAMES = ("borders", *OF_MAKERS)  # the first is of ports alone, and its makers are none

# Physical borders and US entries of the traced journeys, as their sources tell them (None: not told).
DOCUMENTED = COUNTS | {("J10", "all"): (1, 1), ("J12", "all"): (2, 1)}


@pytest.mark.parametrize("name", ["midsize", "seat_control"])
def test_border_counts_of_documented_journeys(name):
    network = load_network(name)
    journeys = load_journeys(name)
    expected = DOCUMENTED.keys() if name == "seat_control" else [k for k in DOCUMENTED if k[0] not in ("J10", "J12")]
    assert set(journeys) == set(expected)
    for key, lanes in journeys.items():
        found = journey(network, lanes)
        physical, us_entries = DOCUMENTED[key]
        assert found.physical == physical, key
        if us_entries is not None:
            assert found.dutiable.get("US", 0) == us_entries, key


def test_mexico_to_canada_is_two_borders_and_one_entry():
    network = load_network("seat_control")
    steps = network.routes["supplier/matamoros", "supplier/mississauga", "truck"][0].steps
    assert [(s.crossing.split("/")[1], s.movement) for s in steps if s.crossing] == [("us", "in_bond"), ("ca", "entry")]
    assert dict(journey(network, load_journeys("seat_control")["J06", "differential"]).dutiable) == {
        "CA": 1,
        "MX": 1,
        "US": 1,
    }


def test_boards_enter_mexico_temporarily():
    network = load_network("seat_control")
    (step, _) = network.routes["supplier/centennial", "supplier/juarez", "truck"][0].steps
    assert (step.crossing, step.movement) == ("ysleta/mx", "temporary")


def test_midsize_is_no_toy():
    network = load_network("midsize")
    assembly = [recipe for recipe in network.recipes.values() if recipe.schedule]
    assert len(network.recipes) >= 150
    assert {recipe.id for recipe in assembly} == {
        "plant/lansing/crossover_ice",
        "plant/lansing/crossover_bev",
        "plant/alliston/crossover_ice",
        "plant/silao/crossover_ice",
        "plant/silao/pickup",
    }
    # 57 families in the bill of materials; four battery-electric ones replace ten of them
    inputs = {recipe.id: len(recipe.inputs) for recipe in assembly}
    assert inputs["plant/lansing/crossover_ice"] == inputs["plant/silao/crossover_ice"] == 57
    assert inputs["plant/silao/pickup"] == 57
    assert {network.sites[r.site].country for r in network.recipes.values()} == {
        "CA",
        "CN",
        "DE",
        "JP",
        "KR",
        "MX",
        "US",
    }
    assert sum(1 for lanes in load_journeys("midsize").values() if journey(network, lanes).physical >= 2) >= 10


def test_every_input_of_the_bill_is_used():
    with (NETWORKS / "midsize" / "facts" / "sourcing.csv").open(encoding="utf-8") as stream:
        wanted = {row["part"] for row in csv.DictReader(stream)}
    assert len(wanted) == 88
    assert wanted <= set(load_network("midsize").parts)


@pytest.mark.parametrize(
    ("recipe", "factory_cost"),
    [
        ("plant/lansing/crossover_ice", 30_000),
        ("plant/alliston/crossover_ice", 30_000),
        ("plant/silao/crossover_ice", 30_000),
        ("plant/silao/pickup", 36_000),
        ("plant/lansing/crossover_bev", 28_580 / 0.85),  # battery-electric rows of the bill over the parts share
    ],
)
def test_costs_roll_up_to_the_factory_cost(recipe, factory_cost):
    network = load_network("midsize")
    assert unit_costs(network)[recipe] == pytest.approx(factory_cost, rel=1e-5)
    assert network.recipes[recipe].schedule.msrp_usd == pytest.approx(1.4 * factory_cost, rel=1e-3)
    assert sum(country_exposure(network, recipe).values()) == pytest.approx(100)


@pytest.mark.parametrize("name", OF_MAKERS)
def test_every_part_and_recipe_carries_what_the_law_asks(name):
    network = load_network(name)
    for site in network.sites.values():
        assert re.fullmatch("[A-Z]{2}", site.owner_country)
        assert re.fullmatch("[A-Z]{3}", site.currency)
        assert site.kind == "market" or site.wage_usd_h > 0
        assert site.kind == "market" or site.rd_share_pct > 0
    for part in network.parts.values():
        assert re.fullmatch(r"\d{4}\.\d{2}", part.hts_code)
    vehicles = {p.id: (p.vehicle_class, p.hts_code[:4]) for p in network.parts.values() if p.part_class == "vehicle"}
    assert all(head == ("8704" if kind == "light_truck" else "8703") for kind, head in vehicles.values())
    assert {p.core_class for p in network.parts.values()} >= {"core", "complementary", "none", "vehicle"}
    with_steel = [r for r in network.recipes.values() if r.steel_kg]
    assert with_steel
    assert all(r.steel_melt_country and r.steel_usd > 0 for r in with_steel)
    for recipe in network.recipes.values():
        assert recipe.labour_usd > 0
        assert recipe.steel_kg + recipe.aluminium_kg <= network.parts[recipe.part].mass_kg * 1.001
    assert all(item.evidence.range_pct > 0 for item in (*network.parts.values(), *network.recipes.values()))


@pytest.mark.parametrize("name", NAMES)
def test_every_source_is_told(name):
    headings = set(re.findall(r"^## (\w+)$", (NETWORKS / name / "SOURCES.md").read_text(), re.MULTILINE))
    network = load_network(name)
    routes = [route for routes in network.routes.values() for route in routes]
    items = [*network.sites.values(), *network.parts.values(), *network.recipes.values(), *network.lanes.values()]
    shutdowns = [shutdown for calendar in network.calendars.values() for shutdown in calendar.shutdowns]
    others = [row for rows in network.substitutes.values() for row in rows]
    used = {item.evidence.source for item in (*items, *routes, *network.crossings.values(), *shutdowns, *others)}
    assert used == headings


def test_plants_close_in_summer_and_at_the_turn_of_the_year():
    network = load_network("midsize")
    followers = ("sequenced", "just_in_time", "vehicle")
    for recipe in network.recipes.values():
        calendar = network.calendars[recipe.calendar]
        follows = network.parts[recipe.part].part_class in followers and calendar.time_zone.startswith("America/")
        follows = follows or recipe.site.startswith("plant/")
        assert [calendar.is_shut(day) for day in (dt.date(2017, 7, 4), dt.date(2017, 12, 31))] == [follows] * 2, recipe
        assert not calendar.is_shut(dt.date(2017, 11, 23))
    overtime = {recipe.schedule.overtime_calendar for recipe in network.recipes.values() if recipe.schedule}
    assert all(network.calendars[name].is_shut(dt.date(2017, 7, 8)) for name in overtime)


def test_relief_routes():
    network = load_network("midsize")
    relief = {"ambassador_bridge": "blue_water_bridge", "blue_water_bridge": "ambassador_bridge"}
    relief["laredo_wtb"] = "laredo_colombia"
    turned = set()
    for routes in network.routes.values():
        ports = [[s.crossing.split("/")[0] for s in route.steps if s.crossing] for route in routes]
        for port in set(ports[0]) & relief.keys():
            assert any(relief[port] in way and port not in way for way in ports[1:])
            turned.add(port)
    assert turned == set(relief)


def test_no_chain_of_midsize_passes_more_borders_than_the_trade_claims():
    lanes, borders = most_crossed_path(load_network("midsize"))
    assert borders == 8  # "seven or eight times" is the claim; the vehicle's own borders are among them
    assert lanes[0].startswith("supplier/quebec/")


def test_every_gateway_of_midsize_is_used_both_ways():
    loads = {row.crossing: row.loads_per_day for row in crossing_exposure(load_network("midsize"))}
    for port, other in (("ambassador_bridge", "ca"), ("blue_water_bridge", "ca"), ("laredo_wtb", "mx")):
        assert loads[f"{port}/us"] > 1
        assert loads[f"{port}/{other}"] > 1
    assert loads["ysleta/us"] > 1
    assert loads["brownsville_veterans/us"] > 1
    assert loads["laredo_colombia/us"] == 0  # relief only


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("borders", make_borders),
        ("midsize", make_midsize),
        ("north_america", make_north_america),
        ("seat_control", make_seat_control),
    ],
)
def test_the_committed_files_are_what_the_facts_make(tmp_path, name, make):
    make(tmp_path)
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == sorted(path.name for path in (NETWORKS / name).glob("*.csv"))
    for file in made:
        assert (tmp_path / file).read_bytes() == (NETWORKS / name / file).read_bytes(), file
