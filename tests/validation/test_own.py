"""Targets of one's own: read with every mistake told, compared by each kind, held to a band."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.answers.validate import EXAMPLE
from sim.cli import cli
from sim.errors import ScenarioError, SimError
from sim.population.assumptions import assumptions
from sim.population.outcome import outcome
from sim.population.summary import summarise
from sim.population.weights_file import read_weights
from sim.validation.own import compare_all, read_targets
from sim.validation.own_kinds import CrossingAsked, MonthAsked

WRONG = """
targets:
  - {id: a, of: months, published: 1, tolerance: exact, source: s}
  - {id: a, of: month, scenario: storm, ports: [laredo], month: 2017-13, published: 1 %, tolerance: about, source: s}
  - {id: b, of: crossing, crossing: otay_mesa, on: today, hours: 9 to 9, figure: wait, published: 1, tolerance: about}
  - {id: c, of: population, weights: none.csv, rule: 120 %, figure: contents, parameters: {beta: 1},
     published: 2, tolerance: 1, source: s}
"""


def test_every_mistake_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("wrong.yaml").write_text(WRONG)
    with pytest.raises(ScenarioError) as caught:
        read_targets(Path("wrong.yaml"))
    told = [f"{problem.where}: {problem.message}" for problem in caught.value.problems]
    assert told == EXPECTED
    with pytest.raises(ScenarioError) as caught:
        read_targets(Path("nowhere.yaml"))
    assert str(caught.value) == "nowhere.yaml: there is no such file."


EXPECTED = [
    "line 3, targets[0].of: 'months' is unknown. Did you mean 'month'?",
    "line 4, targets[1].published: '1 %' is not a number. Write such as '-18.5' or '2,154.5'.",
    "line 4, targets[1].tolerance: 'about' is no tolerance. Write '10 %', '0.5' (in the unit), 'a factor "
    "of 2' or 'exact'.",
    "line 4, targets[1].scenario: no such file, and no shipped scenario of this name. Did you mean 'storm_2017'?",
    "line 4, targets[1].month: '2017-13' is no month. Write such as '2017-05'.",
    "line 4, targets[1].ports[0]: 'laredo' is unknown. Did you mean 'laredo_wtb'?",
    "line 5, targets[2].source: is missing.",
    "line 5, targets[2].tolerance: 'about' is no tolerance. Write '10 %', '0.5' (in the unit), 'a factor "
    "of 2' or 'exact'.",
    "line 5, targets[2].crossing: 'otay_mesa' is unknown. Did you mean 'otay_mesa/us'?",
    "line 5, targets[2].on: 'today' is not a date. Write it as 2025-04-03.",
    "line 5, targets[2].hours: '9 to 9' are no hours of a day. Write local hours such as '7 to 19'.",
    "line 5, targets[2].figure: 'wait' is unknown. Did you mean 'wait_p95'?",
    "line 6, targets[3].rule: '120 %' is no share. Write 0 % to 100 %.",
    "line 6, targets[3].figure: 'contents' is unknown. Did you mean 'content'?",
    "line 6, targets[3].parameters.beta: unknown parameter 'beta'. Did you mean 'eta'?",
    "line 6, targets[3].weights: there is no file 'none.csv' beside this one.",
]


def test_the_example_is_understood(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["validate", "--example"])
    assert done.output == EXAMPLE
    (tmp_path / "targets.yaml").write_text(EXAMPLE)
    storm, otay, withdrawal = read_targets(tmp_path / "targets.yaml")
    assert storm.asked == MonthAsked("storm_2017", ("laredo_wtb",), (2017, 5))
    assert storm.band == (-37.0, -9.25, "a factor of 2")
    assert isinstance(otay.asked, CrossingAsked)
    assert otay.asked.changes == {"booths_standard": 6.0, "booths_fast": 3.0}
    assert otay.asked.hours == (9, 11)
    assert (withdrawal.published, withdrawal.unit) == (6_000.0, "USD/vehicle")


def test_makers_and_runs(tmp_path: Path) -> None:
    """Makers as the population itself says; a run without a reform against itself is nothing."""
    (tmp_path / "w.csv").write_text("tau_D\n1.1\n")
    (tmp_path / "own.yaml").write_text(
        "extends: " + "x.yaml\nlaw: {reforms: [threshold_75]}\nbaseline: base\n".replace("x.yaml", "base.yaml")
    )
    (tmp_path / "base.yaml").write_text(
        "question: Q?\nnetwork: seat_control\nhorizon: {warm_up: 8 weeks, start: 2017-10-30, run: 1 weeks}\n"
    )
    (tmp_path / "targets.yaml").write_text(
        "targets:\n"
        "  - {id: m, of: population, weights: w.csv, rule: 75 %, figure: content, parameters: {theta: 4},"
        " published: 60, tolerance: 10 %, source: s}\n"
        "  - {id: r, of: measure, scenario: own.yaml, against: base.yaml, measure: vehicles_lost,"
        " published: 0, tolerance: exact, source: s}\n"
    )
    makers, run = compare_all(tmp_path / "targets.yaml", read_targets(tmp_path / "targets.yaml"))
    expected = summarise(outcome(read_weights("tau_D\n1.1\n", "w"), 0.75, assumptions(theta=4), "fixed")).content
    assert makers.ours == expected
    assert (makers.low, makers.high, makers.unit) == (pytest.approx(54), pytest.approx(66), "%")
    assert (run.ours, run.is_met, run.band) == (0.0, True, "exact")


def test_what_cannot_be_reckoned_names_its_target(tmp_path: Path) -> None:
    file = tmp_path / "targets.yaml"
    file.write_text(
        "targets:\n  - {id: r, of: measure, scenario: crossings_free, measure: vehicles_losst,"
        " published: 0, tolerance: 1, source: s}\n"
    )
    with pytest.raises(SimError) as caught:
        list(compare_all(file, read_targets(file)))
    assert str(caught.value) == f"{file}, target r: no measure 'vehicles_losst'. Did you mean 'vehicles_lost'?"


def test_hours_without_trucks_have_no_figure(tmp_path: Path) -> None:
    file = tmp_path / "targets.yaml"
    file.write_text(
        "targets:\n  - {id: r, of: crossing, crossing: bota/us, on: 2022-06-25, hours: 0 to 2, figure: wait_p95,"
        " replications: 1, published: 5, tolerance: 1, source: s}\n"
    )
    (found,) = compare_all(file, read_targets(file))
    assert math.isnan(found.ours)
    assert not found.is_met
