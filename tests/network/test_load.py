"""Loading a network: what is read, the digest, and problems of shape told all at once."""

import random
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import NetworkError
from sim.network import check_network, list_networks, load_journeys, load_network


def problems(tiny):
    folder = tiny.write()
    with pytest.raises(NetworkError) as caught:
        load_network(folder)
    found = [str(problem) for problem in caught.value.problems]
    assert found == [str(problem) for problem in check_network(folder)]
    return found


def test_a_small_network_is_read(tiny):
    network = load_network(tiny.write())
    assert network.name == "tiny"
    assert network.title == "Three recipes"
    assert list(network.recipes) == ["plant/lansing/car", "supplier/juarez/harness", "supplier/ohio/wire"]
    harness = network.recipes["supplier/juarez/harness"]
    assert [(i.part, i.quantity_per, i.cover_h) for i in harness.inputs] == [("wire", 2, 48.0)]
    assert harness.schedule is None
    assert network.recipes["plant/lansing/car"].schedule.vehicles_per_day == 100
    lane = network.lanes["supplier/ohio/wire..supplier/juarez/harness"]
    (route,) = network.routes_of(lane)
    assert [(s.hours, s.crossing, s.movement) for s in route.steps] == [(40.0, "ysleta/mx", "entry"), (2.0, "", "")]
    assert len(network.calendars["always"].shifts) == 7
    assert network.sites["supplier/ohio"].evidence.basis == "assumption"
    assert re.fullmatch("[0-9a-f]{64}", network.digest)
    assert check_network(tiny.folder) == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_order_of_rows_and_columns_does_not_matter(tiny, seed):
    plain = load_network(tiny.write()).digest
    rng = random.Random(seed)
    for file, rows in tiny.tables.items():
        rng.shuffle(rows)
        names = list(rows[0])
        rng.shuffle(names)
        tiny.tables[file] = [{name: row[name] for name in names} for row in rows]
    assert load_network(tiny.write()).digest == plain


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(labour=st.floats(0.01, 1e6))
def test_a_changed_number_changes_the_digest(tiny, labour):
    plain = load_network(tiny.write()).digest
    before = tiny.tables["recipes.csv"][1]["labour_usd"]
    tiny.set("recipes.csv", 3, labour_usd=repr(labour))
    changed = load_network(tiny.write()).digest
    assert (changed == plain) == (float(before) == labour)
    tiny.set("recipes.csv", 3, labour_usd=before)


def test_how_a_number_is_written_does_not_matter(tiny):
    plain = load_network(tiny.write()).digest
    tiny.set("recipes.csv", 3, labour_usd=" 50.00 ")
    assert load_network(tiny.write()).digest == plain


def test_problems_of_all_files_are_told_at_once(tiny):
    tiny.set("sites.csv", 3, wage_usd_h="three")
    tiny.set("parts.csv", 2, mass_kg="0")
    tiny.set("recipes.csv", 4, lines="1.5", labour_usd="-5")
    tiny.set("lanes.csv", 2, share_pct="120", mode="lorry")
    tiny.set("crossings.csv", 2, exam_pct="")
    tiny.set("parts.csv", 3, hts_code="854430")
    folder = tiny.write()
    with pytest.raises(NetworkError) as caught:
        load_network(folder)
    assert str(caught.value) == (
        f"{folder}: 8 problems\n"
        "  sites.csv row 3, column wage_usd_h: 'three' is not a number. Write a number of 0 or more.\n"
        "  parts.csv row 2, column mass_kg: '0' is too small. Write a number above 0.\n"
        "  parts.csv row 3, column hts_code: '854430' has the wrong form. Write it like '8544.30'.\n"
        "  recipes.csv row 4, column lines: '1.5' is not a whole number. Write a whole number from 1 to 1000.\n"
        "  recipes.csv row 4, column labour_usd: '-5' is negative. Write a number of 0 or more.\n"
        "  lanes.csv row 2, column share_pct: '120' is too large. Write a number above 0, at most 100.\n"
        "  lanes.csv row 2, column mode: unknown value 'lorry'. Allowed values: ocean, rail, truck.\n"
        "  crossings.csv row 2, column exam_pct: is empty. Write a number from 0 to 100."
    )


@pytest.mark.parametrize("word", ["nan", "inf", "-inf", "1_000", "1,5", "12 %", "0x10"])
def test_odd_numbers_are_refused(tiny, word):
    tiny.set("sites.csv", 2, wage_usd_h=word)
    assert problems(tiny) == [
        f"sites.csv row 2, column wage_usd_h: '{word}' is not a number. Write a number of 0 or more."
    ]


def test_unknown_and_missing_columns(tiny):
    for row in tiny.tables["lanes.csv"]:
        row["share"] = row.pop("share_pct")
    for row in tiny.tables["sites.csv"]:
        del row["currency"]
    assert problems(tiny) == [
        "sites.csv row 1: column 'currency' is missing. Add it.",
        "lanes.csv row 1: unknown column 'share'. Did you mean 'share_pct'?",
        "lanes.csv row 1: column 'share_pct' is missing. Add it.",
    ]


def test_a_column_that_stands_twice(tiny):
    folder = tiny.write()
    (folder / "network.csv").write_text("title,title\na,b\n")
    assert [str(p) for p in check_network(folder)] == ["network.csv row 1: column 'title' stands twice. Keep one."]


def test_missing_empty_and_foreign_files(tiny):
    folder = tiny.write()
    (folder / "network.csv").unlink()
    (folder / "schedules.csv").write_text("recipe,vehicles_per_day,lot_units,overtime_calendar,msrp_usd\n")
    (folder / "lane.csv").write_text("x\n")
    assert [str(p) for p in check_network(folder)] == [
        "lane.csv: is not a network file. Did you mean 'lanes.csv'?",
        "network.csv: is missing. Add it with the columns title.",
        "schedules.csv: has no rows. Add at least one.",
    ]


def test_rows_of_the_wrong_length_and_bad_text(tiny):
    folder = tiny.write()
    (folder / "network.csv").write_text("title\nOne, two\n")
    (folder / "calendars.csv").write_bytes(b"id\xff\n")
    (folder / "inputs.csv").write_text('recipe,part,quantity_per,cover_h\n"plant/lansing/car,harness,1,8\n')
    assert [str(p) for p in check_network(folder)] == [
        "network.csv row 2: has 2 cells where the header has 1. Quote commas inside a cell.",
        "inputs.csv row 2: is not valid CSV (unexpected end of data).",
        "calendars.csv: is not UTF-8 text (byte 2).",
    ]


def test_rows_are_counted_as_a_spreadsheet_counts_them(tiny):
    folder = tiny.write()
    text = (folder / "schedules.csv").read_text().replace("\nplant", "\n\nplant").replace(",100,", ",many,")
    (folder / "schedules.csv").write_text(text)
    assert [str(p) for p in check_network(folder)] == [
        "schedules.csv row 3, column vehicles_per_day: 'many' is not a number. Write a whole number of 1 or more."
    ]


def test_an_unknown_network_is_answered_with_the_known_ones(tmp_path):
    with pytest.raises(NetworkError) as caught:
        load_network("midsise")
    message = "network midsise: no network or folder named 'midsise'. Did you mean 'midsize'?"
    assert str(caught.value) == message
    assert [str(p) for p in check_network("midsise")] == [message.split(": ", 1)[1]]
    assert {"midsize", "seat_control"} <= set(list_networks())


def test_an_edited_file_is_read_again(tiny):
    before = load_network(tiny.write())
    assert load_network(tiny.folder) is before
    tiny.set("network.csv", 2, title="Another title")
    assert load_network(tiny.write()).title == "Another title"


def test_milk_runs_are_read_and_known_by_the_digest(tiny):
    plain = load_network(tiny.write())
    assert not plain.milk_runs
    assert {lane.milk_run for lane in plain.lanes.values()} == {""}
    for row in tiny.tables["lanes.csv"]:
        row["milk_run"] = ""
    assert load_network(tiny.write()).digest == plain.digest  # a column that says nothing says nothing
    told = {"time_zone": "America/Denver", "basis": "assumption", "range_pct": "0", "source": "test"}
    tiny.tables["milk_runs.csv"] = [
        {"id": "late", "weekday": day, "hour": hour, **told} for day, hour in (("4", "15.5"), ("0", "6"), ("4", "6"))
    ]
    unused = load_network(tiny.write())
    tiny.set("lanes.csv", 3, milk_run="late")
    network = load_network(tiny.write())
    assert network.lanes["supplier/juarez/harness..plant/lansing/car"].milk_run == "late"
    run = network.milk_runs["late"]
    assert (run.time_zone, run.departures) == ("America/Denver", ((0, 6.0), (4, 6.0), (4, 15.5)))
    assert len({plain.digest, unused.digest, network.digest}) == 3
    tiny.tables["milk_runs.csv"].reverse()
    assert load_network(tiny.write()).digest == network.digest


def test_traffic_by_year_and_season_are_read_and_known_by_the_digest(tiny):
    plain = load_network(tiny.write())
    assert not plain.traffic
    assert not plain.seasons
    told = {"crossing": "ysleta/us", "basis": "assumption", "range_pct": "0", "source": "test"}
    tiny.tables["traffic.csv"] = [told | {"year": year, "weekday_trucks": "900.5"} for year in ("2018", "2017")]
    counted = load_network(tiny.write())
    indices = [f"{0.95 + 0.1 * (month % 2):g}" for month in range(1, 13)]
    months = zip(range(12, 0, -1), indices, strict=True)
    tiny.tables["seasons.csv"] = [told | {"month": str(month), "index": index} for month, index in months]
    network = load_network(tiny.write())
    assert {name: dict(years) for name, years in network.traffic.items()} == {"ysleta/us": {2017: 900.5, 2018: 900.5}}
    assert dict(network.seasons) == {"ysleta/us": (0.95, 1.05) * 6}
    assert len({plain.digest, counted.digest, network.digest}) == 3


def test_problems_of_shape_in_milk_runs(tiny):
    folder = tiny.write()
    (folder / "milk_runs.csv").write_text("id,time_zone,weekday,hour,basis,range_pct\n")
    assert problems_in(folder) == ["milk_runs.csv row 1: column 'source' is missing. Add it."]
    (folder / "milk_runs.csv").write_text("id,time_zone,weekday,hour,basis,range_pct,source\n")
    assert problems_in(folder) == ["milk_runs.csv: has no rows. Add at least one."]
    (folder / "milk_runs.csv").write_text(
        "id,time_zone,weekday,hour,basis,range_pct,source\ndawn,America/Denver,7,24,seen,0,test\n"
    )
    assert problems_in(folder) == [
        "milk_runs.csv row 2, column weekday: '7' is too large. Write a whole number from 0 to 6.",
        "milk_runs.csv row 2, column hour: '24' is too large. Write a number from 0 to 23.99.",
    ]


def problems_in(folder):
    return [str(problem) for problem in check_network(folder)]


def test_journeys_must_join(tiny):
    folder = tiny.write()
    assert load_journeys(folder) == {}
    (folder / "journeys.csv").write_text(
        "journey,branch,step,lane\n"
        "A,all,1,supplier/ohio/wire..supplier/juarez/harness\n"
        "A,all,2,plant/lansing/car..market/us\n"
        "B,all,1,supplier/ohio/wires..supplier/juarez/harness\n"
    )
    with pytest.raises(NetworkError) as caught:
        load_journeys(folder)
    assert str(caught.value) == (
        f"{folder}: 2 problems\n"
        "  journeys.csv row 3, column lane: begins at 'plant/lansing/car', but the step before ends at "
        "'supplier/juarez/harness'.\n"
        "  journeys.csv row 4, column lane: no lane named 'supplier/ohio/wires..supplier/juarez/harness'. "
        "Did you mean 'supplier/ohio/wire..supplier/juarez/harness'?"
    )


def test_shutdowns_are_read_and_known_by_the_digest(tiny):
    plain = load_network(tiny.write()).digest
    told = {"calendar": "always", "name": "turn of the year", "basis": "memory", "range_pct": "0", "source": "test"}
    days = {"from_month": "12", "from_day": "24", "to_month": "1", "to_day": "1"}
    tiny.tables["shutdowns.csv"] = [told | days]
    network = load_network(tiny.write())
    (shutdown,) = network.calendars["always"].shutdowns
    assert (shutdown.name, shutdown.first, shutdown.last) == ("turn of the year", (12, 24), (1, 1))
    assert shutdown.evidence.basis == "memory"
    assert network.digest != plain
    assert not any(calendar.shutdowns for name, calendar in network.calendars.items() if name != "always")
