"""The benchmark of a study: what it counts and says, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.answers.bench import pace_answer
from sim.cli import cli
from sim.study import load_study_file
from sim.study.pace import Pace, saved_s

SCENARIO = "question: Why?\nnetwork: seat_control\nhorizon: {warm_up: 10 weeks, start: 2017-10-30, run: 1 weeks}\n"


def test_what_a_worker_more_saves() -> None:
    one, four = Pace(1, 60, 120.0, 118.0, 0.2, 500.0), Pace(4, 60, 30.0, 130.0, 0.2, 450.0)
    assert (one.runs_a_minute, four.runs_a_minute) == (30.0, 120.0)
    assert saved_s(one, four) == 30.0


def test_the_table(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(SCENARIO)
    (tmp_path / "s.yaml").write_text("title: T\nquestion: Q?\nbaseline: base\nscenarios: [base]\nreplications: 60\n")
    plan = load_study_file(tmp_path / "s.yaml")
    answer, text = pace_answer(plan, [Pace(1, 60, 120.0, 118.0, 0.25, 500.0), Pace(2, 60, 75.0, 126.0, 0.25, None)])
    assert answer["paces"][1]["saved_s_a_worker_more"] == 45.0
    assert text.splitlines() == [
        "s: 1 scenarios, 60 replications, 60 runs",
        "  workers  seconds  runs/min  CPU s/run  peak MiB  s saved by one more  again, s",
        "  1            120        30     1.9667       500                    -      0.25",
        "  2             75        48        2.1         -                   45      0.25",
    ]


@pytest.mark.slow
def test_a_small_study_is_measured(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(SCENARIO)
    words = f"bench --study {tmp_path}/base.yaml --replications 4 --workers 2 --format json"
    (pace,) = json.loads(CliRunner().invoke(cli, words.split()).stdout)["paces"]
    assert pace["workers"] == 2
    assert pace["runs_a_minute"] == pytest.approx(60 * 4 / pace["seconds"], rel=0.01)
    assert pace["peak_mib"] > 100
    assert pace["again_s"] < pace["seconds"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--study", "x", "--rounds", "2"], "--study takes no --rounds."),
        (["--workers", "2"], "--replications and --workers go with --study."),
    ],
)
def test_options_that_would_do_nothing_are_refused(words: list[str], said: str) -> None:
    refused = CliRunner().invoke(cli, ["bench", *words])
    assert refused.exit_code == 2
    assert refused.stderr.splitlines()[-1] == f"Error: {said}"
