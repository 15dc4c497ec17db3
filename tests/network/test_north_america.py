"""The continental network: totals seen, families and gateways, plausible ways, label content, trade by port."""

from collections import defaultdict

import pytest

from sim.answers.port_values import statistics, values_answer
from sim.network import load_network
from sim.network.build.content import ABROAD, HOME, MEXICO, Buyer, Family, content_pct, fit_shares
from sim.network.build.facts import read_ports
from sim.network.build.geography import Place, great_circle_km
from sim.network.build.makers import Seats
from sim.network.build.tables import read_facts
from sim.network.graph import crossing_exposure, daily_units, unit_costs
from sim.network.load import NETWORKS
from sim.network.make_north_america import FACTS, WORKING_DAYS
from sim.network.port_values import port_values, working_days

# Seen for 2024: Mexico (INEGI through opportimes.com), Canada (industry data); for the United States, plants listed.
BUILT = {"MX": 3_989_403, "CA": 1_300_000, "US": 5_966_000}
MEXICAN_EXPORTS, OF_THESE_TO_US_PCT = 3_479_086, 80.0
MAKERS = {"GM": 889_072, "Ford": 387_000, "Stellantis": 419_000, "Nissan": 670_000, "Toyota": 245_000}


@pytest.fixture(scope="module")
def network():
    return load_network("north_america")


@pytest.fixture(scope="module")
def units(network):
    return daily_units(network)


def assembly(network):
    return [recipe for recipe in network.recipes.values() if recipe.schedule]


def test_vehicles_by_country_are_those_seen(network, units):
    built = defaultdict(float)
    for recipe in assembly(network):
        built[network.sites[recipe.site].country] += WORKING_DAYS * units[recipe.id]
    assert built["MX"] == pytest.approx(BUILT["MX"], rel=0.002)
    assert built["CA"] == pytest.approx(BUILT["CA"], rel=0.03)
    assert built["US"] == pytest.approx(BUILT["US"], rel=0.002)
    assert 10.5e6 < sum(built.values()) < 11.5e6


def test_a_year_has_the_working_days_that_volumes_are_spread_over(network):
    """2024 has 262 weekdays, 10 of them from 1 to 14 July, 6 from 24 to 31 December, and New Year's Day."""
    assert WORKING_DAYS == 262 - 10 - 6 - 1
    assert {working_days(network.calendars[recipe.calendar], 2024) for recipe in assembly(network)} == {WORKING_DAYS}


def test_makers_in_mexico_build_what_was_seen():
    sites = {site.id: site.country for site in load_network("north_america").sites.values()}
    found = defaultdict(int)
    for row in read_facts(FACTS / "builds.csv"):
        if sites[row["recipe"].rsplit("/", 1)[0]] == "MX":
            found[row["maker"]] += int(row["annual_units"])
    for maker, count in MAKERS.items():
        assert found[maker] == pytest.approx(count, abs=1), maker


def test_mexican_vehicles_leave_the_country_and_go_where_they_went(network, units):
    to = defaultdict(float)
    for lane in network.lanes.values():
        if not lane.to_recipe and network.sites[network.recipes[lane.from_recipe].site].country == "MX":
            to[network.sites[lane.to_site].country] += WORKING_DAYS * units[lane.id]
    exported = sum(to.values()) - to["MX"]
    assert exported == pytest.approx(MEXICAN_EXPORTS, rel=0.01)
    assert 100 * to["US"] / exported == pytest.approx(OF_THESE_TO_US_PCT, abs=1.5)


def test_every_plant_builds_from_fifty_families_and_more(network):
    for recipe in assembly(network):
        assert len(recipe.inputs) >= 50, recipe.id
    assert len({recipe.site for recipe in assembly(network)}) == 42


def test_suppliers_are_shared(network):
    served = defaultdict(set)
    for lane in network.lanes.values():
        if lane.to_recipe.startswith("plant/"):
            served[lane.from_recipe].add(lane.to_site)
    assert sum(len(plants) > 1 for plants in served.values()) > len(served) / 2
    assert max(map(len, served.values())) >= 10


def test_sequenced_modules_come_from_beside_the_line(network):
    for lane in network.lanes.values():
        if lane.to_recipe and network.parts[lane.part].part_class == "sequenced":
            route = network.routes_of(lane)[0]
            assert len(route.steps) == 1, lane.id
            assert route.steps[0].distance_km <= 160, lane.id


def test_every_gateway_is_on_some_route_and_most_carry_loads(network):
    loads = {row.crossing: row.loads_per_day for row in crossing_exposure(network)}
    wanted = {row["port"] for row in read_facts(FACTS / "gateways.csv")}
    found = {crossing.port for crossing in network.crossings.values()}
    unused = {"pembina", "port_lazaro_cardenas"}  # never the shortest way
    assert wanted - found == unused
    used = {crossing.split("/")[0] for crossing, count in loads.items() if count > 0}
    airports = {port for port in found if port.startswith("airport_")}
    assert found - used - airports == {"alexandria_bay", "santa_teresa"}  # relief only
    assert sum(network.crossings[f"{port}/us"].kind == "land_truck" for port in used if f"{port}/us" in loads) >= 12


def test_ways_are_plausible(network):
    """Road is no shorter than the great circle, no usual way more than two thirds longer than the air line's road."""
    for (a, b, mode), routes in network.routes.items():
        start, end = (network.sites[x] for x in (a, b))
        direct = great_circle_km(
            Place(a, start.country, start.lat_deg, start.lon_deg), Place(b, end.country, end.lat_deg, end.lon_deg)
        )
        usual = sum(step.distance_km for step in routes[0].steps)
        assert usual >= 0.999 * direct
        if mode == "truck":
            assert usual <= 1.2 * direct * 1.67 + 100, (a, b)
        for route in routes:
            assert sum(step.hours for step in route.steps) < (24 * 9 if mode != "ocean" else 24 * 45), (a, b)


def test_laredo_to_monterrey_takes_three_hours_of_driving(network):
    """Seen: 3 h from Laredo to Monterrey, without the yards of the crossing."""
    steps = network.routes["supplier/monterrey", "plant/arlington", "truck"][0].steps
    assert steps[0].crossing == "laredo_wtb/us"
    assert steps[0].hours == pytest.approx(3.0, abs=0.6)


def test_costs_roll_up_to_the_kinds_of_vehicle(network):
    costs = unit_costs(network)
    wanted = {"compact_ice": 21_000, "crossover_ice": 30_000, "pickup_unibody": 30_000, "pickup": 36_000}
    for recipe in assembly(network):
        if recipe.part in wanted:
            assert costs[recipe.id] == pytest.approx(wanted[recipe.part], rel=1e-4), recipe.id


def test_small_parts_share_trucks(network):
    riders = [lane for lane in network.lanes.values() if lane.milk_run]
    assert len(network.milk_runs) > 300
    assert len(riders) > 3 * len(network.milk_runs)
    assert any("juarez_to_" in run for run in network.milk_runs)


# --- the pieces the script is made of


def family(part, value, fixed=(), **shares):
    row = {f"src_{name}_pct": str(shares.get(name, 0)) for name in ("us", "ca", "mx", "cn", "jp", "kr", "de", "other")}
    return Family(part, value, row | {"truckload_value_usd": "100000"}, fixed)


def test_shares_are_moved_until_content_is_the_label_s():
    families = [family(f"part_{n}", 100 + n, us=50, ca=8, mx=25, cn=12, other=5) for n in range(60)]
    wanted = {HOME: 40.0, MEXICO: 40.0, ABROAD: 20.0}
    shares = fit_shares(families, Buyer("plant/x/car", "US", "JP"), wanted)
    assert all(sum(given.values()) == 100 for given in shares.values())
    assert {country for given in shares.values() for country in given} == {"US", "CA", "MX", "JP"}
    assert content_pct(families, shares) == pytest.approx(wanted, abs=0.6)


def test_what_is_fixed_stays():
    families = [family("engine", 400, ("US", "JP")), family("seat", 100, ("US",)), family("glass", 100, us=50, mx=50)]
    shares = fit_shares(families, Buyer("plant/x/car", "US", ""), {HOME: 50.0, MEXICO: 10.0, ABROAD: 40.0})
    assert shares["engine"] == {"JP": 50, "US": 50}
    assert shares["seat"] == {"US": 100}


def test_works_are_chosen_by_weight_and_distance():
    places = {
        "supplier/near": Place("supplier/near", "US", 42.0, -83.0),
        "supplier/far": Place("supplier/far", "US", 32.0, -83.0),
        "plant/x": Place("plant/x", "US", 42.1, -83.0),
    }
    rows = [{"part": "seat", "site": site, "weight": "1"} for site in ("supplier/near", "supplier/far")]
    seats = Seats(rows, places)
    assert seats.nearest("seat", "plant/x") == "supplier/near"
    assert seats.choose("seat", "US", "plant/x", "maker", 40) == {"supplier/near": 40}
    assert seats.choose("seat", "JP", "plant/x", "maker", 25) == {"supplier/jp": 25}
    rows[1]["weight"] = "20"  # ten times as far away, twenty times as large: both are kept
    assert set(Seats(rows, places).choose("seat", "US", "plant/x", "maker", 100)) == {"supplier/near", "supplier/far"}


# --- trade by port


def test_the_table_of_sources_is_what_the_command_prints():
    printed = values_answer("north_america", 2023)[1].split("\n", 2)[2]
    assert (NETWORKS / "north_america" / "SOURCES.md").read_text().endswith(printed + "\n")


def test_value_by_port_is_brute_force(network, units):
    """Laredo's truck imports, summed the long way."""
    costs = unit_costs(network)
    total = 0.0
    for lane in network.lanes.values():
        if network.parts[lane.part].hts_code[:2] == "87":
            for step in network.routes_of(lane)[0].steps:
                if step.crossing == "laredo_wtb/us" and step.movement == "entry":
                    total += WORKING_DAYS * units[lane.id] * costs[lane.from_recipe]
    assert port_values(network, "87", 2024)["laredo_wtb", "truck", "us_import"] == pytest.approx(total)


@pytest.mark.parametrize(("mode", "direction"), [("truck", "us_import"), ("rail", "us_import"), ("rail", "us_export")])
def test_ports_have_about_the_share_of_trade_that_was_counted(mode, direction):
    """Within 10 points of the share of their mode and direction, of every port with a twentieth of it."""
    rows = [
        x for x in values_answer("north_america", 2023)[0]["ports"] if (x["mode"], x["direction"]) == (mode, direction)
    ]
    large = [row for row in rows if row["statistics_share_pct"] >= 5]
    assert len(large) >= 4
    for row in large:
        assert abs(row["network_share_pct"] - row["statistics_share_pct"]) <= 10, row


def test_statistics_sum_to_what_was_seen():
    """41.0 bn USD of trucks into Laredo in 2023, 14.3 by rail at Eagle Pass (`hs87_by_port.csv`)."""
    total, labels = statistics(2023)
    assert total["2304", "truck", "us_import"] == pytest.approx(40.97e9, rel=0.001)
    assert total["2303", "rail", "us_import"] == pytest.approx(14.32e9, rel=0.001)
    assert labels["2304"] == "Laredo"
    assert read_ports()["laredo_wtb"]["port_code"] == "2304"
