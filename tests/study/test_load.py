"""Study files: every problem of the study and of its scenarios at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.study import as_plan, is_study, load_study_file, single_study

SHORT = "question: Why?\nnetwork: seat_control\nhorizon: {warm_up: 10 weeks, start: 2017-08-16, run: 4 weeks}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.yaml").write_text(SHORT)
    (tmp_path / "taxed.yaml").write_text(SHORT + "baseline: base\nlaw: {reforms: [border_tax_35]}\n")
    return tmp_path


def write(folder: Path, text: str) -> Path:
    (folder / "study.yaml").write_text(text)
    return Path("study.yaml")


def test_a_good_study(folder: Path) -> None:
    text = "title: T\nquestion: Q?\nbaseline: base\nscenarios: [taxed, base.yaml]\nreplications: 3\nseed: 7\n"
    plan = load_study_file(write(folder, text))
    assert is_study(Path("study.yaml"))
    assert not is_study(Path("base.yaml"))
    assert [(s.name, s.replications, s.seed) for s in plan.scenarios] == [("base", 3, 7), ("taxed", 3, 7)]
    assert (plan.name, plan.baseline, plan.title, plan.question) == ("study", "base", "T", "Q?")
    changed = plan.with_(replications=2, seed=1)
    assert {(s.replications, s.seed) for s in changed.scenarios} == {(2, 1)}


def test_every_problem_of_the_study_file(folder: Path) -> None:
    text = "titel: T\nquestion: Q?\nbaseline: bas\nscenarios: [taxed, taxed, taxi]\nreplications: 0\n"
    with pytest.raises(ScenarioError) as caught:
        load_study_file(write(folder, text))
    assert str(caught.value) == (
        "study.yaml: 6 problems\n"
        "  line 1, titel: unknown key 'titel'. Did you mean 'title'?\n"
        "  line 1, title: is missing.\n"
        "  line 3, baseline: no scenario 'bas' beside this file. Did you mean 'base'?\n"
        "  line 4, scenarios[2]: no scenario 'taxi' beside this file. Did you mean 'taxed'?\n"
        "  line 4, scenarios[1]: 'taxed' is listed twice.\n"
        "  line 5, replications: '0' is not a whole number from 1 to 10000."
    )


def test_problems_of_the_scenarios_are_told_with_their_file(folder: Path) -> None:
    (folder / "taxed.yaml").write_text(SHORT + "firms: resourceful\nlaw: {reforms: [border_tax_3]}\n")
    text = "title: T\nquestion: Q?\nbaseline: base\nscenarios: [taxed, base]\n"
    with pytest.raises(ScenarioError) as caught:
        load_study_file(write(folder, text))
    assert str(caught.value) == (
        "study.yaml: 2 problems\n"
        "  taxed.yaml line 4, firms: 'resourceful' is unknown. Did you mean 'resource'?\n"
        "  taxed.yaml line 5, law.reforms[0]: no reform named 'border_tax_3'. Did you mean 'border_tax_35'?"
    )


def test_a_scenario_alone_brings_its_baseline(folder: Path) -> None:
    plan = as_plan("taxed.yaml")
    assert (plan.name, plan.baseline) == ("taxed", "base")
    assert [s.name for s in plan.scenarios] == ["base", "taxed"]
    alone = as_plan("base.yaml")
    assert (alone.name, alone.baseline, len(alone.scenarios)) == ("base", "base", 1)


def test_scenarios_of_one_study_have_different_names(folder: Path) -> None:
    scenario = as_plan("base.yaml").scenarios[0]
    with pytest.raises(ScenarioError) as caught:
        single_study([scenario, scenario])
    assert str(caught.value) == "study: two scenarios are named 'base'. Names must differ."
    with pytest.raises(ScenarioError) as caught:
        single_study([])
    assert str(caught.value) == "study: has no scenario. Give one or more."
