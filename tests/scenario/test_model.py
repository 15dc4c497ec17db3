"""The Scenario itself: clock, copies, digest, pickling, restoring."""

from __future__ import annotations

import datetime as dt
import json
import pickle
from pathlib import Path

import pytest

from sim.errors import DataError, ScenarioError
from sim.locate import find_scenario, scenario_names
from sim.scenario import Scenario, load_scenario
from sim.scenario.restore import restore_scenario
from sim.study import load_study_file
from sim.study.load import is_study, single_study

VALID = Path(__file__).parent.parent / "scenarios" / "valid"


@pytest.fixture
def scenario() -> Scenario:
    return load_scenario(VALID / "everything.yaml")


def test_clock_begins_with_the_warm_up(scenario: Scenario) -> None:
    clock = scenario.clock()
    assert clock.begins == dt.date(2017, 6, 7)  # 70 days before 16 August
    assert (clock.start_s, clock.end_s) == (70 * 86_400, 98 * 86_400)


def test_a_local_time_becomes_utc(scenario: Scenario) -> None:
    assert scenario.shocks[1].from_ == dt.datetime(2017, 8, 22, 1, tzinfo=dt.UTC)
    assert scenario.shocks[0].until == dt.datetime(2017, 8, 27, 20, tzinfo=dt.UTC)


def test_words_do_not_change_the_digest_and_everything_else_does(scenario: Scenario) -> None:
    same = scenario.with_(name="x", question="y", expected="z", source="", replications=1, baseline="")
    assert same.digest == scenario.digest
    changes = (
        {"seed": 1},
        {"reforms": ()},
        {"firms": "claim_or_pay"},
        {"shocks": ()},
        {"demand": {}},
        {"parameters": {}},
        {"law_as_of": dt.date(2017, 8, 2)},
        {"claim_regime": "calm"},
        {"run_s": 3_600},
    )
    digests = {scenario.with_(**change).digest for change in changes}
    assert len(digests | {scenario.digest}) == len(changes) + 1


def test_it_is_frozen_and_hashable_and_travels_to_workers(scenario: Scenario) -> None:
    copy = pickle.loads(pickle.dumps(scenario))
    assert copy == scenario
    assert hash(copy) == hash(scenario)
    with pytest.raises(TypeError):
        scenario.demand["x"] = 1  # type: ignore[index]


def test_it_can_be_restored_from_its_resolved_form(scenario: Scenario) -> None:
    kept = json.loads(json.dumps(scenario.resolved() | {"digest": scenario.digest}))
    restored = restore_scenario(kept)
    assert restored.digest == scenario.digest
    assert restored.resolved() == scenario.resolved()
    kept["seed"] = 3
    with pytest.raises(DataError) as caught:
        restore_scenario(kept)
    expected = "was resolved by another version of the program. Run the study again."
    assert str(caught.value) == f"scenario everything: {expected}"


def test_calm_is_the_same_without_its_shocks(scenario: Scenario) -> None:
    calm = scenario.with_(baseline="without_shocks").calm()
    assert (calm.name, calm.shocks, calm.baseline) == ("everything_calm", (), "")
    assert calm.digest == scenario.with_(shocks=()).digest


def test_a_scenario_may_be_compared_with_itself_without_its_shocks(scenario: Scenario) -> None:
    plan = single_study([scenario.with_(baseline="without_shocks", replications=3, seed=8)])
    assert [(s.name, s.replications, s.seed) for s in plan.scenarios] == [
        ("everything_calm", 3, 8),
        ("everything", 3, 8),
    ]
    assert plan.baseline == "everything_calm"
    assert plan.name == "everything"


def test_a_wrong_field_is_answered_with_the_nearest(scenario: Scenario) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario.with_(reform=("nafta_withdrawal",))
    assert str(caught.value) == "everything: a scenario has no field 'reform'. Did you mean 'reforms'?"


def test_values_out_of_range_are_refused_in_python_too(scenario: Scenario) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario.with_(replications=0, firms="clame_or_pay", run_s=90)
    assert str(caught.value) == (
        "everything: 3 problems\n"
        "  firms: 'clame_or_pay' is unknown. Did you mean 'claim_or_pay'?\n"
        "  replications: 0 is not 1 to 10000.\n"
        "  run_s: 90 is not a whole number of hours, one or more."
    )


def test_every_shipped_scenario_is_asked_sourced_and_expected_beforehand() -> None:
    names = [name for name in scenario_names() if not is_study(find_scenario(name))]
    assert len(names) >= 20
    for name in names:
        scenario = load_scenario(name)
        assert scenario.question.endswith("?"), name
        assert scenario.source, name
        assert scenario.expected, name


def test_the_study_of_2017_differs_from_its_baseline_by_law_alone() -> None:
    plan = load_study_file("renegotiation_2017")
    assert plan.baseline == "nafta_as_it_stood"
    assert len(plan.scenarios) == 6
    assert plan.replications == 20
    baseline = plan.scenarios[0]
    assert baseline.reforms == ()
    for scenario in plan.scenarios[1:]:
        assert len(scenario.reforms) == 1
        assert scenario.with_(reforms=()).digest == baseline.digest


def test_shipped_scenarios_are_found_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    by_name = load_scenario("nafta_withdrawal")
    assert load_scenario("scenarios/nafta_withdrawal.yaml").digest == by_name.digest
    with pytest.raises(ScenarioError) as caught:
        load_scenario("nafta_withdrawl")
    expected = "no such file, and no shipped scenario of this name. Did you mean 'nafta_withdrawal'?"
    assert str(caught.value) == f"nafta_withdrawl: {expected}"
