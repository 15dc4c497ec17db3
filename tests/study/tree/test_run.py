"""A tree run to the end by a stand-in for the model: costs read, plans judged, results kept, answers told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import sim.study.tree.run
from sim.answers.tree import tree_answer
from sim.cli import cli
from sim.errors import DataError
from sim.report.annex import annexes_of
from sim.report.tree_figure import policy_tree
from sim.study import Study
from sim.study.manifest import read_manifest
from sim.study.tree.load import load_tree
from sim.study.tree.run import run_tree
from sim.study.tree.table import COLUMNS, verdict_table

BASE = "question: Why?\nnetwork: seat_control\nlaw: {as_of: 2025-01-26}\n" + (
    "horizon: {warm_up: 10 weeks, start: 2025-01-27, run: 8 weeks}\n"
)
TREE = """title: T
question: Does it pay to wait?
scenario: base
replications: 3
branches:
  pause:
    on: 2025-02-03
    outcomes:
      paused: {probability: 60 %, source: "A poll"}
      february: {title: in force, probability: 40 %, reforms: [emergency_not_paused_2025]}
choices:
  now: {on: 2025-01-27, options: {wait: , claim: {claims: every}}}
  later: {on: 2025-02-10, when: {now: wait}, options: {stay: , pay: {claims: none}}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small tree; the stand-in's costs are 100, and 25 more for a reform."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1]))
    defaults = sim.study.tree.run.run_tree.__kwdefaults__
    assert defaults is not None
    monkeypatch.setattr(
        sim.study.tree.run.run_tree, "__kwdefaults__", {**defaults, "runner": "fake_runner", "checks": False}
    )
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "tree.yaml").write_text(TREE)
    return tmp_path


def test_costs_of_the_runs_are_judged(folder: Path) -> None:
    grown = run_tree(load_tree("tree.yaml"), folder / "out", jobs=1)
    wait = grown.verdict.named("wait")
    assert [round(x.mean - wait.costs[0].mean, 6) for x in wait.costs] == [0.0, 25.0]
    assert wait.expected.mean == pytest.approx(wait.costs[0].mean + 0.4 * 25)
    assert all(x.beyond_first.mean == 0.0 for x in grown.verdict.plans)  # the stand-in knows nothing of conduct
    assert grown.verdict.knowing.mean == pytest.approx(0.0, abs=1e-9)


def test_other_probabilities_run_nothing_again(folder: Path) -> None:
    run_tree(load_tree("tree.yaml"), folder / "out", jobs=1)
    stamps = {path: path.stat().st_mtime_ns for path in (folder / "out" / "results").iterdir()}
    assert len(stamps) == 2 * 3 * 3
    (folder / "tree.yaml").write_text(TREE.replace("60 %", "10 %").replace("40 %", "90 %"))
    grown = run_tree(load_tree("tree.yaml"), folder / "out", jobs=1)
    assert {path: path.stat().st_mtime_ns for path in (folder / "out" / "results").iterdir()} == stamps
    assert grown.verdict.leaves[1].chance == 0.9


def test_leaves_that_come_to_the_same_are_run_once(folder: Path) -> None:
    (folder / "tree.yaml").write_text(TREE.replace(", reforms: [emergency_not_paused_2025]", ""))
    grown = run_tree(load_tree("tree.yaml"), folder / "out", jobs=1)
    assert grown.study.scenarios == ("paused__wait__stay", "paused__wait__pay", "paused__claim")
    assert [leaf.name for leaf in grown.verdict.leaves] == ["paused", "february"]


def test_a_measure_without_the_item_is_refused(folder: Path) -> None:
    (folder / "tree.yaml").write_text(TREE + "item: dutty\n")
    with pytest.raises(DataError) as caught:
        run_tree(load_tree("tree.yaml"), folder / "out", jobs=1)
    assert str(caught.value) == "tree: cost_per_vehicle_usd has no item 'dutty'. Did you mean 'duty'?"


def test_the_table_has_a_row_for_each_plan_and_leaf(folder: Path) -> None:
    tree = load_tree("tree.yaml")
    grown = run_tree(tree, folder / "out", jobs=1)
    table = verdict_table(tree, grown.verdict)
    assert table.columns == COLUMNS
    rows = table.to_dicts()
    assert len(rows) == 5 * 3  # wait, pay if one, pay if the other, pay, claim
    assert {row["leaf"] for row in rows} == {"paused", "february", "expected"}
    assert {row["does"] for row in rows if row["plan"] == "pay if february"} == {"wait", "pay", ""}
    figure = policy_tree(tree, table, "USD/vehicle", "from a test")
    left, right = figure.axes
    words = [text.get_text() for text in left.texts]
    assert {"paused, 60 %", "in force, 40 %", "60.0 %", "40.0 %", "expected"} <= set(words)
    assert right.get_xlabel() == "USD/vehicle beyond 'wait'"
    assert len(right.containers) == 4  # the other plans, each with its intervals


def test_the_command_tells_the_verdict(folder: Path) -> None:
    result = CliRunner().invoke(cli, ["tree", "tree.yaml", "--jobs", "1", "--figure", "t.svg"], prog_name="sim")
    assert (result.exit_code, result.stderr) == (0, "figure: t.svg\n")
    lines = result.stdout.splitlines()
    assert lines[0] == "Does it pay to wait?"
    assert lines[1].startswith("cost_per_vehicle_usd/total of all vehicles, USD/vehicle; mean of 3 replications")
    assert lines[4].split() == ["leaf", "probability", "cost,", "wait", "best", "along", "it"]
    assert "Least expected cost: wait, the first of the plans." in lines
    assert "To wait for 'pause' (2025-02-03) is worth 0.00: best before it, wait; best once it is known, wait." in lines
    assert lines[-2] == "Probabilities: A poll (paused); assumption (february)."
    assert lines[-1] == "results: outputs/tree"
    assert (folder / "t.svg").is_file()
    kept = json.loads((folder / "outputs" / "tree" / "tree.json").read_text())
    again = CliRunner().invoke(cli, ["tree", "tree.yaml", "--jobs", "1", "--format", "json"], prog_name="sim")
    assert json.loads(again.stdout) == kept
    assert kept["least_expected_cost"] == "wait"
    assert kept["plans"][0]["plan"] == "wait"
    assert kept == json.loads(
        json.dumps(tree_answer(run_tree(load_tree("tree.yaml"), Path("outputs/tree"), jobs=1))[0])
    )


def test_the_verdict_is_kept_for_the_page_of_its_study(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Study, "report", lambda study: study.directory / "report.html")  # a stand-in's facts fill none
    result = CliRunner().invoke(cli, ["tree", "tree.yaml", "--jobs", "1", "--report"], prog_name="sim")
    assert (result.exit_code, result.stderr) == (0, "report: outputs/tree/report.html\n")
    (kept,) = annexes_of(folder / "outputs" / "tree")
    assert (kept.name, kept.heading) == ("policy_tree", "Policy tree: T")
    assert kept.alt == "A tree of 2 leaves. Least expected cost: wait; least greatest regret: wait."
    assert kept.digest == read_manifest(folder / "outputs" / "tree")["digest"]  # type: ignore[index]
    assert kept.picture.startswith(b"\x89PNG")


def test_the_command_refuses_what_is_wrong(folder: Path) -> None:
    (folder / "tree.yaml").write_text(TREE.replace("40 %", "30 %"))
    result = CliRunner().invoke(cli, ["tree", "tree.yaml"], prog_name="sim")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "tree.yaml: line 8, branches.pause.outcomes: probabilities sum to 90 %, not to 100 %.\n"
    result = CliRunner().invoke(cli, ["tree", "tree.yaml", "--figure", "t.gif"], prog_name="sim")
    assert result.exit_code == 2
    result = CliRunner().invoke(cli, ["check", "tree.yaml"], prog_name="sim")
    assert result.exit_code == 1
