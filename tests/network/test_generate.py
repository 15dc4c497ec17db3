"""Generated networks: the same bytes for a seed, sound for every shape, with all that engines must meet."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import NetworkError
from sim.network import Network, check_network, load_network
from sim.network.build.tables import write_network
from sim.network.generate import Shape, folder, generate, write_generated
from sim.network.generate.booths import booths_for
from sim.network.graph import daily_units, unit_costs
from sim.network.model import NORTH_AMERICA, Crossing, Lane
from sim.network.schema import FILES
from sim.replication import prepare, run_once
from sim.scenario import load_scenario
from tests.network.shapes import shapes

SMALLEST = Shape(parts=20, suppliers=4, crossings=3)  # that has all there is
SHAPES = shapes(
    plants=st.integers(1, 7),
    tiers=st.integers(1, 5),
    makers=st.integers(1, 5),
    crossings=st.integers(2, 9),
    vehicles_per_day=st.integers(1, 2_000),
    background=st.integers(0, 5_000),
)


def made(where: Path, shape: Shape, seed: int) -> Network:
    write_network(where, generate(shape, seed))
    assert check_network(where) == ()
    return load_network(where)


def files(where: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(where.iterdir())}


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return made(tmp_path_factory.mktemp("default"), Shape(), 1)


# What is written


def test_the_same_seed_writes_the_same_bytes_and_another_another_network(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("two", 1), ("three", 2)):
        write_generated(tmp_path / name, SMALLEST, seed)
    one, two, three = (files(tmp_path / name) for name in ("one", "two", "three"))
    assert set(one) == {*FILES, "SOURCES.md"}
    assert one == two
    assert all(one[name] != three[name] for name in one if name != "schedules.csv")
    first, other = (load_network(tmp_path / name) for name in ("one", "three"))
    assert Counter(site.kind for site in first.sites.values()) == Counter(site.kind for site in other.sites.values())
    assert [p.tier for p in first.parts.values()].count(2) == [p.tier for p in other.parts.values()].count(2)


def test_every_row_is_an_assumption_told_in_the_sources(tmp_path: Path) -> None:
    write_generated(tmp_path / "made", SMALLEST, 3)
    told = (tmp_path / "made" / "SOURCES.md").read_text()
    assert "\n## generated\n" in told
    command = (
        "`sim network make FOLDER --plants 3 --tiers 3 --parts 20 --makers 3 --crossings 3 --vehicles-per-day 400 "
        "--background 1500 --suppliers 4 --seed 3`"
    )
    assert command in told
    for name, content in files(tmp_path / "made").items():
        rows = list(csv.DictReader(io.StringIO(content.decode()))) if name.endswith(".csv") else []
        assert {(row["basis"], row["source"]) for row in rows if "basis" in row} <= {("assumption", "generated")}


def test_what_was_asked_is_made(network: Network) -> None:
    assert Counter(site.kind for site in network.sites.values()) == {"plant": 3, "supplier": 30, "market": 4}
    assert len(network.parts) == 60 + 2  # and two vehicles
    assert sum(crossing.booths_standard > 0 for crossing in network.crossings.values()) == 2 * 6
    assert {r.schedule.vehicles_per_day for r in network.recipes.values() if r.schedule} == {400}
    assert 0.9 * (3 + 60 * 3) <= len(network.recipes) <= 3 + 60 * 3


# What an engine must meet


def country(network: Network, recipe: str) -> str:
    return network.sites[network.recipes[recipe].site].country


def borders(network: Network, lane: Lane) -> int:
    return len(network.routes_of(lane)[0].steps) - 1


@pytest.mark.parametrize(("shape", "seed"), [(Shape(), 1), *((SMALLEST, seed) for seed in range(4))])
def test_everything_that_engines_must_meet_is_there(tmp_path: Path, shape: Shape, seed: int) -> None:
    network = made(tmp_path, shape, seed)
    lanes, recipes = network.lanes.values(), network.recipes.values()
    # three countries and overseas, all tiers, shared suppliers and inputs, dual sourcing
    assert {country(network, r.id) for r in recipes if r.schedule} == {"CA", "MX", "US"}
    assert {country(network, r.id) for r in recipes} > {"CA", "MX", "US"}
    assert {part.tier for part in network.parts.values()} == {0, 1, 2, 3}
    assert max(Counter(lane.from_recipe for lane in lanes if lane.to_recipe).values()) > 1
    stocks = [(r.id, item) for r in recipes for item in r.inputs]
    pairs = {(network.recipes[recipe].part, item.part) for recipe, item in stocks if not recipe.startswith("plant")}
    parents = Counter(part for _, part in pairs)
    assert max(parents.values()) > 1
    sources = [network.lanes_into(recipe, item.part) for recipe, item in stocks]
    assert {len(found) for found in sources} == {1, 2}
    assert {round(sum(lane.share_pct for lane in found)) for found in sources} == {100}
    assert max(item.quantity_per for _, item in stocks) > 1
    assert {recipe.lines for recipe in recipes} == {1, 2}
    # borders: booths of both classes, background, other ways, transit, a port that closes, rail, ocean
    booths = [crossing for crossing in network.crossings.values() if crossing.booths_standard]
    assert all(x.booths_fast and x.background_weekday and x.background_fast_pct for x in booths)
    assert {(x.from_country, x.to_country) for x in booths} == {("CA", "US"), ("MX", "US"), ("US", "CA"), ("US", "MX")}
    closing = {x.id for x in booths if x.close_hour - x.open_hour < 24}
    usual = {step.crossing for lane in lanes for step in network.routes_of(lane)[0].steps}
    assert closing == {"south_2/mx", "south_2/us"}
    assert closing & usual
    assert {lane.mode for lane in lanes} == {"truck", "rail", "ocean"}
    assert {x.kind for x in network.crossings.values() if x.id in usual} == {"land_truck", "land_rail", "ocean"}
    crossing = [lane for lane in lanes if lane.mode == "truck" and borders(network, lane)]
    assert {lane.fast_pct for lane in crossing} == {50.0}
    assert sum(len(network.routes_of(lane)) > 1 for lane in crossing) > len(crossing) / 4
    assert max(borders(network, lane) for lane in crossing) == 2
    # time, and vehicles sold abroad
    assert len({calendar.shifts for calendar in network.calendars.values()}) > 3
    assert len({calendar.time_zone for calendar in network.calendars.values()}) > 3
    sold = {(country(network, x.from_recipe), network.sites[x.to_site].country) for x in lanes if not x.to_recipe}
    assert sold == {(a, b) for a in NORTH_AMERICA for b in NORTH_AMERICA}


# Balance


def require_balanced(network: Network, shape: Shape) -> None:
    """Lines have time for what is asked of them, booths for who comes, and costs add up."""
    units = daily_units(network)
    for recipe in network.recipes.values():
        shifts = network.calendars[recipe.calendar].shifts
        hours = sum(closes - opens for _, opens, closes in shifts)
        assert units[recipe.id] > 0
        assert units[recipe.id] * 5 * recipe.work_s <= 0.81 * recipe.lines * hours * 3600
        assert min(recipe.labour_usd, recipe.overhead_usd, recipe.material_usd) >= 0
        part = network.parts[recipe.part]
        assert recipe.steel_kg + recipe.aluminium_kg <= part.mass_kg * 1.001
    own = own_loads_a_week(network)
    for crossing in network.crossings.values():
        if crossing.booths_standard:
            week = 5 + 2 * crossing.background_weekend_pct / 100
            others = crossing.background_weekday - own[crossing.id] / week
            assert others == pytest.approx(shape.background, abs=0.01)
            assert busiest_use(crossing) < 0.9
    costs = unit_costs(network)
    for recipe in network.recipes.values():
        if recipe.schedule:
            factory = {"passenger": 30_000, "light_truck": 36_000}[network.parts[recipe.part].vehicle_class]
            assert costs[recipe.id] == pytest.approx(factory, rel=1e-3)


def own_loads_a_week(network: Network) -> Counter[str]:
    units, found = daily_units(network), Counter[str]()
    for lane in network.lanes.values():
        for step in network.routes_of(lane)[0].steps:
            found[step.crossing] += units[lane.id] * 5 / lane.load_units
    return found


def busiest_use(crossing: Crossing) -> float:
    """Use of all booths if a tenth of a weekday's trucks (closed at night), or six in a hundred, come in an hour."""
    peak = 0.06 if crossing.close_hour - crossing.open_hour == 24 else 0.09
    fast = crossing.background_fast_pct / 100
    trucks = crossing.background_weekday * peak
    standard = trucks * (1 - fast) * crossing.cycle_standard_s / 3600 / crossing.booths_standard
    return max(standard, trucks * fast * crossing.cycle_fast_s / 3600 / crossing.booths_fast)


@settings(max_examples=25, deadline=None)
@given(shape=SHAPES, seed=st.integers(0, 2**63 - 1))
def test_any_shape_makes_a_sound_and_balanced_network(
    shape: Shape, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    network = made(tmp_path_factory.mktemp("shape"), shape, seed)
    require_balanced(network, shape)
    fed = {lane.from_recipe for lane in network.lanes.values()}
    assert fed == set(network.recipes)  # nobody works for nothing


@pytest.mark.slow
def test_a_network_of_thousands_of_recipes(tmp_path: Path) -> None:
    shape = Shape(plants=40, parts=500, makers=8, crossings=8, background=2_200)
    network = made(tmp_path, shape, 1)
    assert len(network.recipes) > 3_500
    assert len(network.lanes) > 17_000
    require_balanced(network, shape)


def test_a_baseline_runs_and_loses_nothing(tmp_path: Path) -> None:
    write_generated(tmp_path / "made", Shape(plants=2, parts=20, background=200), 1)
    (tmp_path / "q.yaml").write_text(
        "question: Does it run?\nnetwork: made\nhorizon: {warm_up: 7 weeks, start: 2017-10-30, run: 1 week}\n"
    )
    run = run_once(prepare(load_scenario(tmp_path / "q.yaml")), 0, is_baseline=True)
    found = {row.measure: row.value for row in run.rows if row.vehicle == "all" and row.item in ("", "total")}
    assert found["line_down_pct"] < 1
    assert found["vehicles_built"] == 2 * 5 * 400
    assert found["duty_per_vehicle_usd"] > 0


# Refusals


def refused(where: Path, shape: Shape = SMALLEST, **options: bool) -> str:
    with pytest.raises(NetworkError) as caught:
        write_generated(where, shape, 1, **options)
    return str(caught.value).replace(str(where), "FOLDER")


def test_numbers_out_of_range_are_told_at_once_with_what_is_allowed() -> None:
    with pytest.raises(NetworkError) as caught:
        Shape(plants=0, tiers=7, parts=2_001, makers=51, suppliers=0, crossings=1, vehicles_per_day=0, background=-1)
    assert str(caught.value) == (
        "shape of a network: 8 problems\n"
        "  plants: 0 is not 1 to 200.\n"
        "  tiers: 7 is not 1 to 6.\n"
        "  parts: 2001 is not 1 to 2,000.\n"
        "  makers: 51 is not 1 to 50.\n"
        "  crossings: 1 is not 2 to 40.\n"
        "  vehicles_per_day: 0 is not 1 to 2,000.\n"
        "  background: -1 is not 0 to 20,000.\n"
        "  suppliers: 0 is not 1 to 2,000 (parts x makers, at most 2,000)."
    )
    with pytest.raises(NetworkError) as caught:
        Shape(tiers=4, parts=3, makers=2, suppliers=7)
    assert str(caught.value) == (
        "shape of a network: 2 problems\n"
        "  parts: 3 are too few for 4 tiers. Write 4 or more.\n"
        "  suppliers: 7 is not 1 to 6 (parts x makers, at most 2,000)."
    )
    with pytest.raises(NetworkError) as caught:
        generate(SMALLEST, -1)
    assert str(caught.value) == "generated network: seed: -1 is negative. Write a whole number of 0 or more."


def test_more_lanes_than_a_network_may_have_are_refused() -> None:
    with pytest.raises(NetworkError) as caught:
        generate(Shape(plants=200, tiers=1, parts=1_001, makers=1), 1)
    assert str(caught.value) == (
        "generated network: comes to 200,200 lanes or more; at most 200,000 are allowed. Ask for fewer plants or parts."
    )


def test_more_traffic_than_booths_can_pass_is_refused() -> None:
    row = {"id": "south_1/us", "close_hour": 24, "cycle_standard_s": 110.0, "cycle_fast_s": 65.0}
    assert booths_for(row, 20_000, 0, 50.0)["booths_standard"] == 25  # 600 an hour x 110 s x 1.1 / 3,060 s, and one
    with pytest.raises(NetworkError) as caught:
        booths_for(row, 20_000, 236_000, 50.0)
    assert str(caught.value) == (
        "generated network: south_1/us would need 73 booths for 60,000 trucks a weekday; at most 60 are allowed. "
        "Ask for more crossings, fewer vehicles per day or less background."
    )


def test_what_is_in_a_folder_is_not_lost(tmp_path: Path) -> None:
    where = tmp_path / "mine"
    where.mkdir()
    write_generated(where, SMALLEST, 1)  # an empty folder is free
    assert refused(where) == (
        "FOLDER: holds 11 files or folders already. Name a new folder, or write --force to replace the network in it."
    )
    write_generated(where, Shape(parts=5), 1, force=True)
    assert len(load_network(where).parts) == 5 + 2
    (where / "thesis.txt").write_text("years of work")
    assert refused(where) == "FOLDER: holds 12 files or folders already. Name a new folder."
    assert refused(where, force=True) == (
        "FOLDER: holds 'thesis.txt', which is no file of a network; --force would lose it. Name another folder."
    )
    assert refused(where / "thesis.txt") == "FOLDER: is a file. Name a folder that is new or empty."
    assert refused(where / "thesis.txt" / "deeper") == "FOLDER: cannot be written (File exists)."
    assert (where / "thesis.txt").read_text() == "years of work"


def test_a_folder_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = tmp_path / "mine"
    write_generated(where, SMALLEST, 1)
    before = files(where)

    def full(target: Path, tables: object) -> None:
        target.mkdir()
        (target / "sites.csv").write_text("half a file")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder, "write_network", full)
    assert refused(where, force=True) == "FOLDER: cannot be written (No space left on device)."
    assert refused(tmp_path / "new") == "FOLDER: cannot be written (No space left on device)."
    assert files(where) == before
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
