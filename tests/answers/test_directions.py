"""Published directions beside what came out: verdicts both ways on made-up numbers, then makers and the real study."""

import json
from pathlib import Path

import numpy as np
import pytest

from sim.answers.directions import (
    GONE,
    LIST,
    PROPOSAL,
    SETTLED,
    STEPS,
    STOOD,
    US_HALF,
    directions_answer,
    directions_of,
    write_figures,
)
from sim.errors import DataError
from sim.scenario import load_scenario
from sim.study import Study, as_plan, run_study

CARS = ("plant/alliston/crossover_ice", "plant/lansing/crossover_bev")
PICKUP = "plant/silao/pickup"
NAMES = (SETTLED, STOOD, LIST, US_HALF, PROPOSAL, GONE, *STEPS.values())
PUBLISHED = {62.5: 70.0, 75.0: 74.0, 80.0: 73.0, 85.0: 72.0, 90.0: 71.0}


def made_up(folder: Path, content=PUBLISHED, gone=(20_000.0, 700.0), us_half=500.0, fails=True) -> Study:
    """A finished study with the numbers wanted: two replications, one dollar or a tenth of a point apart."""
    costs = {name: 1_000.0 for name in NAMES} | {SETTLED: 0.0, STOOD: 0.0, US_HALF: us_half}
    series = {}

    def add(measure, vehicle, item, by_name, apart):
        pairs = [np.array([by_name[name], by_name[name] + apart]) for name in NAMES]
        series[measure, vehicle, item] = pairs

    shares = dict.fromkeys(NAMES, 70.0) | {STEPS[rule]: value for rule, value in content.items()} | {LIST: 55.0}
    for vehicle in (*CARS, PICKUP, "all"):
        own = costs | {GONE: gone[0] if vehicle == PICKUP else 1_000.0 + gone[1] - 500.0}
        add("cost_per_vehicle_usd", vehicle, "total", {k: 100_000.0 + v for k, v in own.items()}, 1.0)
        add("content_pct", vehicle, "nafta", shares, 0.1)
        add("threshold_pct", vehicle, "nafta", dict.fromkeys(NAMES, 62.5), 0.0)
        add("originating_pct", vehicle, "", dict.fromkeys(NAMES, 100.0) | ({LIST: 0.0} if fails else {}), 0.0)
    manifest = {
        "study": "made_up",
        "baseline": SETTLED,
        "scenarios": [{"name": name} for name in NAMES],
        "replications": 2,
        "digest": "0" * 64,
    }
    (folder / "resolved").mkdir(parents=True, exist_ok=True)
    resolved = load_scenario(SETTLED).resolved()
    (folder / "resolved" / f"{SETTLED}.json").write_text(json.dumps(resolved), encoding="utf-8")
    return Study(folder, manifest, {}, series)


def verdicts(study):
    return {x.name: x.agrees for x in directions_of(study)}


def test_makers_raise_content_and_then_lower_it(tmp_path):
    found = {x.name: x for x in directions_of(made_up(tmp_path))}["content"]
    assert found.agrees
    low, middle, high = found.table.to_dicts()
    assert low["content_pct"] < high["content_pct"] < middle["content_pct"]
    assert middle["change_points"] - middle["change_half_width_95"] > 0
    assert high["change_points"] + high["change_half_width_95"] < 0


def test_numbers_as_published_are_told_so(tmp_path):
    study = made_up(tmp_path)
    assert all(verdicts(study).values())
    answer, text = directions_answer(directions_of(study), study)
    json.dumps(answer, allow_nan=False)
    assert "NOT as published" not in text
    assert [x["name"] for x in answer["directions"]] == [
        "content", "content_midsize", "us_share", "withdrawal", "tracing_list",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"content": PUBLISHED | {85.0: 80.0}}, "content_midsize"),
        ({"content": PUBLISHED | {75.0: 69.0}}, "content_midsize"),
        ({"us_half": -1.0}, "us_share"),
        ({"us_half": 0.0}, "us_share"),
        ({"gone": (900.0, 700.0)}, "withdrawal"),  # a pickup for which a rule is dearer
        ({"gone": (20_000.0, 9_000.0)}, "withdrawal"),  # cars that lose much
        ({"fails": False}, "tracing_list"),
    ],
)
def test_what_disagrees_is_told_so(changed, name, tmp_path):
    study = made_up(tmp_path, **changed)
    found = verdicts(study)
    assert not found.pop(name)
    assert all(found.values())
    _, text = directions_answer(directions_of(study), study)
    assert text.count("NOT as published") == 1


def test_every_direction_has_its_figure(tmp_path):
    study = made_up(tmp_path)
    paths = write_figures(directions_of(study), study, tmp_path / "figures")
    assert sorted(path.stem for path in paths) == [
        "content_rises_then_falls", "modern_list_fails", "us_share_costs", "withdrawal_against_rules",
    ]  # fmt: skip
    assert all(path.stat().st_size > 10_000 for path in paths)
    assert all(path.with_suffix(".svg").is_file() for path in paths)


def test_a_study_without_the_scenarios_is_refused(tmp_path):
    study = made_up(tmp_path)
    study.manifest["scenarios"] = study.manifest["scenarios"][:3]
    with pytest.raises(DataError) as error:
        directions_of(study)
    assert f"lacks {US_HALF}, {PROPOSAL}, {GONE}" in str(error.value)
    assert "Run `sim run content_rules_2017`, and give its folder." in str(error.value)


@pytest.mark.slow
def test_what_the_shipped_study_shows(tmp_path):
    """All as published but the content of midsize, which is not yet lower at 85 % than at 75 %."""
    study = run_study(as_plan("content_rules_2017").with_(2, None), tmp_path / "study", jobs=2)
    found = {x.name: x for x in directions_of(study)}
    assert {name: x.agrees for name, x in found.items()} == {
        "content": True,
        "content_midsize": False,
        "us_share": True,
        "withdrawal": True,
        "tracing_list": True,
    }
    midsize = {row["rule_pct"]: row for row in found["content_midsize"].table.to_dicts()}
    assert midsize[75.0]["change_points"] > 0
    assert midsize[80.0]["change_points"] > 0
    assert midsize[85.0]["change_points"] < 0
    assert midsize[90.0]["change_points"] < 0
    assert "Still complying at 85 %: plant/silao/crossover_ice, plant/silao/pickup." in found["content_midsize"].said
    traced = {row["vehicle"]: row for row in found["tracing_list"].table.to_dicts()}
    failed = [name for name, row in traced.items() if row["after_pct"] < row["before_pct"]]
    assert failed == ["plant/lansing/crossover_bev"]
    assert traced[failed[0]]["content_before_pct"] == pytest.approx(93.9, abs=0.4)
    assert traced[failed[0]]["content_after_pct"] == pytest.approx(60.5, abs=0.4)
    write_figures(list(found.values()), study, tmp_path / "figures")
