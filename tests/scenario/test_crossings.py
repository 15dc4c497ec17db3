"""Crossings that a scenario changes: the same network as one whose tables say so, and nothing else moves."""

from __future__ import annotations

import csv
import datetime as dt
import pickle
import shutil
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from sim.errors import ScenarioError
from sim.locate import data_dir
from sim.network import load_network
from sim.network.schema import FILES
from sim.scenario import Scenario
from sim.scenario.crossings import SETTINGS, with_crossings

MIDSIZE = data_dir() / "networks" / "midsize"


def scenario(**changes: object) -> Scenario:
    plain = Scenario(
        name="changed",
        path=None,
        question="What if the bridge had six booths?",
        source="a test",
        network="midsize",
        law_as_of=dt.date(2017, 8, 16),
        reforms=(),
        firms="fixed",
        warm_up_s=56 * 86_400,
        start=dt.date(2017, 10, 30),
        run_s=86_400,
    )
    return plain.with_(**changes)


def test_a_changed_crossing_is_that_of_a_network_whose_table_says_so(tmp_path: Path) -> None:
    copy = tmp_path / "midsize"
    shutil.copytree(MIDSIZE, copy, ignore=shutil.ignore_patterns("facts", "*.md"))
    with (copy / "crossings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["port"] == "ambassador_bridge":
            row["booths_standard"] = "6"
        if row["id"] == "ambassador_bridge/us":
            row |= {"booths_standard": "5", "cycle_standard_s": "58", "background_weekday": "5100"}
    with (copy / "crossings.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    counts = (copy / "traffic.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    told = [line for line in counts if not line.startswith("ambassador_bridge/us,")]  # in the table of crossings now
    (copy / "traffic.csv").write_text("".join(told), encoding="utf-8")
    asked = scenario(
        crossings={
            "ambassador_bridge/us": {"booths_standard": 5, "cycle_standard_s": 58, "background_weekday": 5100},
            "ambassador_bridge": {"booths_standard": 6},
        }
    )
    by_table, by_scenario = load_network(copy), asked.load_network()
    assert by_scenario.crossings == by_table.crossings
    assert by_scenario.digest == by_table.digest != load_network("midsize").digest


def test_to_set_what_stands_there_already_changes_nothing() -> None:
    network = load_network("midsize")
    there = network.crossings["laredo_wtb/us"]
    same, problems = with_crossings(network, {"laredo_wtb/us": {"booths_standard": there.booths_standard}})
    assert problems == []
    assert same.digest == network.digest


def test_every_number_of_a_crossing_can_be_set_under_a_name_of_its_own() -> None:
    columns = {c.name for c in FILES["crossings.csv"] if c.kind != "text"} - {"lat_deg", "lon_deg", "range_pct"}
    assert {setting.column.name for setting in SETTINGS.values()} == columns
    assert {"weekday_trucks", "cycle_standard", "inspection", "inspection_share", "exam_fast", "toll"} <= set(SETTINGS)


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("cycle_standard", "1.5 min", 90.0),
        ("approach", "90 s", 1.5),
        ("dwell", "2 d", 48.0),
        ("exam_share", "1.75 %", 1.75),
        ("toll", "USD 20.50", 20.5),
        ("weekday_trucks", "5_100", 5_100.0),
        ("cycle_cv", "0.6", 0.6),
    ],
)
def test_values_are_read_in_the_unit_of_the_column(key: str, text: str, value: float) -> None:
    assert SETTINGS[key].parse(text) == value


def test_it_is_part_of_the_question_and_travels_to_workers() -> None:
    asked = scenario(crossings={"ambassador_bridge": {"booths_standard": 6}})
    assert asked.digest != scenario().digest
    copy = pickle.loads(pickle.dumps(asked))
    assert copy == asked
    with pytest.raises(TypeError):
        asked.crossings["ambassador_bridge"]["booths_standard"] = 7  # type: ignore[index]


def test_values_out_of_bounds_are_refused_in_python_too() -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario(crossings={"ambassador_bridge": {"booths": 6, "booths_standard": 61, "booths_fast": 1.5}})
    assert str(caught.value) == (
        "changed: 3 problems\n"
        "  crossings.ambassador_bridge.booths: no such column. Did you mean 'booths_fast'?\n"
        "  crossings.ambassador_bridge.booths_fast: 1.5 is not a whole number.\n"
        "  crossings.ambassador_bridge.booths_standard: 61 is out of bounds. Allowed: 0 to 60."
    )
    with pytest.raises(ScenarioError) as caught:
        scenario(crossings={"ambassador_bride": {"booths_standard": 6}}).load_network()
    assert str(caught.value) == (
        "changed: crossings.ambassador_bride: no crossing named 'ambassador_bride'. Did you mean 'ambassador_bridge'?"
    )


def test_trucks_that_a_scenario_tells_go_before_the_counts_by_year() -> None:
    network = replace(load_network("midsize"), digest="")
    bridge = "ambassador_bridge/us"
    counts, even = MappingProxyType({2017: 5_000.0}), (1.0,) * 12
    dated = replace(
        network,
        traffic=MappingProxyType({bridge: counts, "blue_water_bridge/us": counts}),
        seasons=MappingProxyType({bridge: even}),
    )
    changed, problems = with_crossings(dated, {bridge: {"background_weekday": 4_000.0}})
    assert problems == []
    assert changed.crossings[bridge].background_weekday == 4_000.0
    assert dict(changed.traffic) == {"blue_water_bridge/us": counts}
    assert dict(changed.seasons) == {bridge: even}
