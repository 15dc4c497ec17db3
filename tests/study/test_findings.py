"""Predictions held against runs: by hand where the interval lies, and by a study whose outcome is known."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sim.answers.findings import _lines, findings_answer, studies_in, write_page
from sim.answers.findings_page import BEGIN, END, Page, _cells, read_page, readme_table
from sim.errors import DataError
from sim.scenario import Scenario, load_scenario
from sim.scenario.sheet import read_sheet
from sim.study import Comparison, as_plan, run_study
from sim.study.findings import Finding, findings, verdict
from sim.study.load import is_study, is_tree

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
BASE = """
network: seat_control
law: {as_of: 2017-08-16}
horizon: {warm_up: 8 weeks, start: 2017-10-30, run: 1 weeks}
replications: 2
"""
SAID = """
predictions:
  - {measure: cost_per_vehicle_usd, moves: up, said: a}
  - {measure: cost_per_vehicle_usd, moves: down, said: b}
  - {measure: vehicles_lost, moves: up, said: "c | d"}
  - {measure: vehicles_lost, moves: unchanged, said: e}
  - {measure: cost_per_vehicle_usd, above: 20_000 USD/vehicle, said: f}
"""


@pytest.mark.parametrize(
    ("difference", "half", "up", "down", "unchanged"),
    [
        (2.0, 0.5, "agrees", "disagrees", "disagrees"),
        (-2.0, 0.5, "disagrees", "agrees", "disagrees"),
        (2.0, 2.5, "undecided", "undecided", "agrees"),
        (0.0, 0.0, "disagrees", "disagrees", "agrees"),
        (2.0, 2.0, "undecided", "undecided", "agrees"),
        (2.0, 4.9, "undecided", "undecided", "agrees"),  # a twentieth of the baseline's 98
        (2.0, 5.0, "undecided", "undecided", "undecided"),
        (2.0, None, "undecided", "undecided", "undecided"),
        (0.0, None, "disagrees", "disagrees", "agrees"),
        (None, None, "undecided", "undecided", "undecided"),
    ],
)
def test_a_verdict_is_where_the_interval_lies(difference, half, up, down, unchanged):
    found = Comparison("s", 100.0, 0.1, difference, half, 20)
    assert [verdict(found, moves) for moves in ("up", "down", "unchanged")] == [up, down, unchanged]


@pytest.mark.parametrize(
    ("mean", "half", "below", "above"),
    [
        (40.0, 5.0, "agrees", "disagrees"),
        (50.0, 5.0, "undecided", "undecided"),
        (60.0, 5.0, "disagrees", "agrees"),
        (40.0, 0.0, "agrees", "disagrees"),
        (40.0, None, "undecided", "undecided"),
        (None, None, "undecided", "undecided"),
    ],
)
def test_a_bound_is_held_against_the_mean(mean, half, below, above):
    found = Comparison("s", mean, half, None, None, 4)
    assert [verdict(found, moves, 48.0) for moves in ("below", "above")] == [below, above]


@pytest.fixture(scope="module")
def run_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """25 % at every crossing of one tiny study: cost rises, by duty alone."""
    folder = tmp_path_factory.mktemp("findings")
    (folder / "_base.yaml").write_text(BASE)
    (folder / "free.yaml").write_text("extends: _base.yaml\nquestion: Free?\n")
    (folder / "taxed.yaml").write_text(
        "extends: _base.yaml\nquestion: Taxed?\nbaseline: free\nlaw: {reforms: [crossing_duty_25]}\n" + SAID
    )
    (folder / "both.yaml").write_text(
        "title: Two\nquestion: Which?\nbaseline: free\nscenarios: [free, taxed]\nreplications: 2\n"
    )
    run_study(as_plan(folder / "both.yaml"), folder / "out" / "both", jobs=1)
    return folder


@pytest.fixture
def studied(run_once: Path, tmp_path: Path) -> Path:
    """That study in a folder of the test's own, where it may change files."""
    return Path(shutil.copytree(run_once, tmp_path / "own")) / "out"


def test_predictions_of_a_study(studied: Path, tmp_path: Path) -> None:
    (study,) = studies_in([studied])
    found = list(findings(study))
    assert [(row.scenario, row.against, row.verdict) for row in found] == [
        ("taxed", "free", "agrees"),
        ("taxed", "free", "disagrees"),
        ("taxed", "free", "disagrees"),
        ("taxed", "free", "agrees"),
        ("taxed", "free", "agrees"),
    ]
    assert found[0].found == study.whole("cost_per_vehicle_usd")[1]
    answer, text, page = findings_answer([study])
    lines = page.text()
    assert answer["counts"] == {"agrees": 3, "disagrees": 2, "undecided": 0}
    assert json.loads(json.dumps(answer))["findings"][3]["moves"] == "unchanged"
    assert text.startswith("5 predictions: 3 agree, 2 disagree, 0 undecided.")
    assert "| `taxed` | `free` | vehicles_lost rises | 0 | disagrees | c / d |\n" in lines
    level = study.whole("cost_per_vehicle_usd")[1]
    told = f"{level.mean:,.2f} ± {level.mean_half_width_95:,.2f}"
    assert f"| `taxed` | `free` | cost_per_vehicle_usd is above 20,000 USD/vehicle | {told} | agrees | f |\n" in lines
    with pytest.raises(DataError) as caught:
        write_page(tmp_path / "none" / "page.md", page)
    problem = "cannot be written (No such file or directory). Name another file."
    assert str(caught.value) == f"{tmp_path / 'none' / 'page.md'}: {problem}"


def test_words_that_change_are_told_without_a_run(studied: Path) -> None:
    """Predictions decide no result: the digest stays, and the study is not simulated again."""
    file = studied.parent / "taxed.yaml"
    file.write_text(file.read_text().replace("moves: down, said: b", "moves: up, said: b"))
    before = {
        path: path.stat().st_mtime_ns for path in (studied / "both").rglob("*.parquet") if path.name != "bands.parquet"
    }
    study = run_study(as_plan(studied.parent / "both.yaml"), studied / "both", jobs=1)
    assert {
        path: path.stat().st_mtime_ns for path in (studied / "both").rglob("*.parquet") if path.name != "bands.parquet"
    } == before
    assert [row.verdict for row in findings(study)][:2] == ["agrees", "agrees"]


def test_a_scenario_is_not_compared_with_itself(studied: Path) -> None:
    """As a baseline of others it is told of what it says of its own mean, and of nothing else."""
    (studied.parent / "worse.yaml").write_text(
        "extends: taxed.yaml\nquestion: Worse?\nbaseline: taxed\npredictions: []\n"
    )
    (studied.parent / "third.yaml").write_text(
        "title: Three\nquestion: Which?\nbaseline: taxed\nscenarios: [taxed, worse]\nreplications: 2\n"
    )
    study = run_study(as_plan(studied.parent / "third.yaml"), studied.parent / "beside" / "third", jobs=1)
    assert [(row.scenario, row.prediction.moves) for row in findings(study)] == [("taxed", "above")]


def test_a_bound_in_another_unit_is_refused(studied: Path) -> None:
    file = studied.parent / "taxed.yaml"
    right = file.read_text()
    file.write_text(right.replace("20_000 USD/vehicle", "20_000 h"))
    study = run_study(as_plan(studied.parent / "both.yaml"), studied / "both", jobs=1)
    with pytest.raises(DataError) as caught:
        list(findings(study))
    file.write_text(right)
    run_study(as_plan(studied.parent / "both.yaml"), studied / "both", jobs=1)
    problem = "taxed: cost_per_vehicle_usd is in USD/vehicle, not in h. Write the bound so."
    assert str(caught.value) == f"{studied / 'both'}: {problem}"


def test_a_folder_without_a_study_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        studies_in([tmp_path])
    assert str(caught.value) == f"{tmp_path}: no finished study here. Run one with 'sim run FILE'."


def test_the_page_tells_predictions_that_scenarios_make() -> None:
    """Written by the command; what it says of a scenario must still stand in the scenario."""
    page = read_page(SCENARIOS / "FINDINGS.md")
    told = [line.split(" | ") for lines in page.said.values() for line in lines]
    assert len(told) > 30
    for cells in told:
        name, against = cells[0].strip("|` "), cells[1].strip("` ")
        scenario = load_scenario(name)
        assert against in (Path(scenario.baseline).stem or name, f"{name}_calm"), name
        said = {prediction.said.replace("|", "/") for prediction in scenario.predictions}
        assert cells[5].removesuffix(" |") in said, name
        assert cells[4] in ("agrees", "disagrees", "undecided")


def test_every_prediction_of_the_scenarios_stands_on_the_page() -> None:
    """As `sim findings --page` writes it of all scenarios run: each prediction, in order, and what each moves."""
    path = SCENARIOS / "FINDINGS.md"
    page = read_page(path)
    assert path.read_text(encoding="utf-8") == page.text()
    assert page == page.of_files(SCENARIOS)
    files = [file for file in sorted(SCENARIOS.glob("*.yaml")) if not file.name.startswith("_")]
    trunks = {str(read_sheet(file).value["scenario"]) for file in files if is_tree(file)}
    scenarios = [load_scenario(file) for file in files if not is_study(file)]
    wanted = {scenario.name: _said_by(scenario) for scenario in scenarios if scenario.predictions}
    assert len(wanted) > 50
    told = {name: [_cells(line) for line in lines] for name, lines in page.said.items()}
    assert {name: [(cells[2], cells[5]) for cells in lines] for name, lines in told.items()} == wanted
    moved = {name for name in page.moves if not name.endswith("_calm")}
    assert moved == {scenario.name for scenario in scenarios} - trunks


def _said_by(scenario: Scenario) -> list[tuple[str, str]]:
    """What a scenario predicts and after whom, in the words of the page."""
    one = Comparison(scenario.name, 0.0, 0.0, 0.0, 0.0, 1)
    rows = [Finding(scenario.name, "x", prediction, one, "agrees") for prediction in scenario.predictions]
    return [(cells[2], cells[5]) for cells in map(_cells, _lines(rows)[scenario.name])]


def test_leaves_and_scenarios_that_are_gone_are_not_told(tmp_path: Path) -> None:
    rows = {name: [f"| `{name}` |"] for name in ("taxed", "taxed_calm", "paused__wait", "gone")}
    assert set(Page(rows, rows).of_files(tmp_path).moves) == set(rows)
    (tmp_path / "taxed.yaml").write_text("question: Taxed?\n")
    left = Page(rows, rows).of_files(tmp_path)
    assert set(left.said) == set(left.moves) == {"taxed", "taxed_calm"}


def test_the_table_of_scenarios_is_that_of_the_files_and_the_page() -> None:
    """One line for every file; question and findings are not typed."""
    readme = (SCENARIOS / "README.md").read_text(encoding="utf-8")
    table = readme.partition(f"{BEGIN}\n")[2].partition(END)[0]
    assert table == readme_table(SCENARIOS, read_page(SCENARIOS / "FINDINGS.md"))
    names = [line.split("`")[1] for line in table.splitlines() if line.startswith("| `")]
    assert names == sorted(path.stem for path in SCENARIOS.glob("*.yaml") if not path.name.startswith("_"))


def test_a_page_keeps_what_is_not_told_anew(studied: Path, tmp_path: Path) -> None:
    (study,) = studies_in([studied])
    page = tmp_path / "FINDINGS.md"
    (tmp_path / "README.md").write_text(f"Before\n{BEGIN}\nold\n{END}\nAfter\n")
    for name in ("free", "other", "taxed"):
        (tmp_path / f"{name}.yaml").write_text(f"question: {name.title()}?\n")
    older = Page(
        {"other": ["| `other` | `free` | cost rises | +1 | agrees | kept |"], "taxed": ["| `taxed` | replaced |"]}, {}
    )
    page.write_text(older.text())
    whole = write_page(page, findings_answer([study])[2])
    assert read_page(page) == whole
    assert whole.said["other"] == ["| `other` | `free` | cost rises | +1 | agrees | kept |"]
    assert len(whole.said["taxed"]) == 5
    cost = study.compare("cost_per_vehicle_usd", "all", "total", "free")[1]
    assert whole.moves["taxed"][0].startswith(f"| `taxed` | `free` | {cost.difference:+,.2f} ± ")
    assert whole.moves["free"][0].startswith("| `free` | `level` | ")
    told = (tmp_path / "README.md").read_text()
    assert told.startswith(f"Before\n{BEGIN}\n| file | question |")
    assert f"| `taxed` | Taxed? | {cost.difference:+,.2f} ± {cost.half_width_95:,.2f}; " in told
    assert told.endswith("After\n")
