"""Running a study: resumed, the same bytes whoever ran it, failures told, dead workers replaced."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sim.errors import DataError, PlanError
from sim.scenario import Scenario
from sim.study import Progress, RunError, Study, StudyPlan, run_study, single_study
from sim.units import DAY, HOUR

RUNNER = "fake_runner"


@pytest.fixture(autouse=True)
def _runner_is_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


def scenario(name: str, *reforms: str) -> Scenario:
    return Scenario(
        name=name,
        path=None,
        question=f"What does {name} do?",
        source="",
        network="midsize",
        law_as_of=dt.date(2017, 8, 16),
        reforms=reforms,
        firms="claim_or_pay",
        warm_up_s=70 * DAY,
        start=dt.date(2017, 8, 16),
        run_s=24 * HOUR,
        replications=4,
    )


def plan(*names: str) -> StudyPlan:
    chosen = names or ("base", "taxed")
    return single_study([scenario(name, *(["border_tax_35"] if n else [])) for n, name in enumerate(chosen)])


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_paired_difference_is_free_of_the_common_noise(tmp_path: Path) -> None:
    study = run_study(plan(), tmp_path / "s", jobs=1, runner=RUNNER)
    base, taxed = study.compare("cost_per_vehicle_usd", item="total")
    assert (base.difference, base.half_width_95) == (0.0, 0.0)
    assert taxed.difference == pytest.approx(25.0, abs=1e-12)
    assert taxed.half_width_95 is not None
    assert taxed.half_width_95 < 1e-12
    assert taxed.n == 4
    assert taxed.mean_half_width_95 is not None
    assert taxed.mean_half_width_95 > 0.1
    assert base.mean_half_width_95 == pytest.approx(taxed.mean_half_width_95)


def test_a_part_of_a_sum_that_a_run_does_not_name_is_nothing(tmp_path: Path) -> None:
    study = run_study(plan(), tmp_path / "s", jobs=1, runner=RUNNER)
    base, taxed = study.compare("receipts_usd", item="US:border_tax_35")
    assert (base.mean, taxed.mean, taxed.difference) == (0.0, 7.0, 7.0)


def test_one_worker_two_workers_threads_and_resumption_write_the_same_bytes(tmp_path: Path) -> None:
    run_study(plan(), tmp_path / "one", jobs=1, runner=RUNNER)
    run_study(plan(), tmp_path / "two", jobs=2, runner=RUNNER)
    with ThreadPoolExecutor(2) as threads:
        run_study(plan(), tmp_path / "threads", executor=threads, runner=RUNNER)
    expected = contents(tmp_path / "one")
    assert len(expected) == 8 + 2 + 2 + 1 + 1  # results, facts, resolved, bands, manifest
    assert contents(tmp_path / "two") == expected
    assert contents(tmp_path / "threads") == expected
    _damage(tmp_path / "two")
    run_study(plan(), tmp_path / "two", jobs=1, runner=RUNNER)
    assert contents(tmp_path / "two") == expected


def _damage(folder: Path) -> None:
    """As after a kill: no manifest, one result missing, one cut short, one altered, one half written."""
    (folder / "manifest.json").unlink()
    results = sorted((folder / "results").glob("*.parquet"))
    results[0].unlink()
    results[1].write_bytes(results[1].read_bytes()[:-40])
    altered = bytearray(results[2].read_bytes())
    altered[60] ^= 1
    results[2].write_bytes(altered)
    (folder / "results" / f".{results[3].name}.4711").write_bytes(b"half")


def test_a_finished_study_runs_nothing(tmp_path: Path) -> None:
    run_study(plan(), tmp_path / "s", jobs=1, runner=RUNNER)
    before = contents(tmp_path / "s")
    told: list[Progress] = []
    study = run_study(plan(), tmp_path / "s", jobs=1, runner="no_such_runner", progress=told.append)
    assert told == [Progress(8, 8, 8)]
    assert contents(tmp_path / "s") == before
    assert study.scenarios == ("base", "taxed")


def test_damage_below_a_manifest_is_found(tmp_path: Path) -> None:
    run_study(plan(), tmp_path / "s", jobs=1, runner=RUNNER)
    before = contents(tmp_path / "s")
    result = sorted((tmp_path / "s" / "results").glob("*.parquet"))[2]
    result.write_bytes(b"PAR1 this is not what it was")
    told: list[Progress] = []
    run_study(plan(), tmp_path / "s", jobs=1, runner=RUNNER, progress=told.append)
    assert told[-1] == Progress(8, 8, 7)
    assert contents(tmp_path / "s") == before


def test_a_changed_scenario_runs_alone(tmp_path: Path) -> None:
    run_study(plan(), tmp_path / "s", jobs=1, runner=RUNNER)
    kept = {name for name in contents(tmp_path / "s") if name.startswith("results/")}
    first = plan()
    changed = single_study([first.scenarios[0], first.scenarios[1].with_(firms="fixed")])
    run_study(changed, tmp_path / "s", jobs=1, runner=RUNNER)
    now = {name for name in contents(tmp_path / "s") if name.startswith("results/")}
    assert len(kept & now) == 4
    assert len(now) == 8


def test_more_replications_keep_those_done(tmp_path: Path) -> None:
    run_study(plan().with_(replications=2), tmp_path / "s", jobs=1, runner=RUNNER)
    told: list[Progress] = []
    run_study(plan().with_(replications=5), tmp_path / "s", jobs=1, runner=RUNNER, progress=told.append)
    assert told[0] == Progress(4, 10, 4)
    assert told[-1] == Progress(10, 10, 4)


def test_a_new_question_rewrites_the_manifest_and_runs_nothing(tmp_path: Path) -> None:
    run_study(plan(), tmp_path / "s", jobs=1, runner=RUNNER)
    first = plan()
    asked = single_study([first.scenarios[0].with_(question="And now?"), first.scenarios[1]])
    run_study(asked, tmp_path / "s", jobs=1, runner="no_such_runner")
    manifest = json.loads((tmp_path / "s" / "manifest.json").read_text())
    assert manifest["question"] == "And now?"


def test_an_unfair_baseline_is_refused_and_nothing_written(tmp_path: Path) -> None:
    with pytest.raises(PlanError) as caught:
        run_study(plan("unfair", "taxed"), tmp_path / "s", jobs=2, runner=RUNNER)
    assert str(caught.value) == "scenario unfair: as a baseline it loses 9 % of its line hours."
    assert not (tmp_path / "s").exists()


def test_a_defect_is_told_with_its_seed_and_the_rest_is_kept(tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        run_study(plan("base", "broken"), tmp_path / "s", jobs=2, runner=RUNNER)
    (problem,) = caught.value.problems
    assert problem.where == "scenario broken, replication 1, seed 1994"
    assert problem.message.endswith("ZeroDivisionError: a defect")
    assert len(list((tmp_path / "s" / "results").glob("*.parquet"))) == 7
    assert not (tmp_path / "s" / "manifest.json").exists()


def test_a_worker_that_dies_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIM_TEST_MARK", str(tmp_path / "killed"))
    study = run_study(plan("base", "kills_once"), tmp_path / "s", jobs=2, runner=RUNNER)
    assert (tmp_path / "killed").exists()
    assert len(study.values["value"]) == 4 * (4 + 5)


def test_manifest_holds_no_time_and_names_everything(tmp_path: Path) -> None:
    study: Study = run_study(plan(), tmp_path / "s", jobs=1, runner=RUNNER)
    manifest = study.manifest
    assert manifest["baseline"] == "base"
    assert [entry["name"] for entry in manifest["scenarios"]] == ["base", "taxed"]
    assert len(manifest["runs"]) == 8
    assert all(run["plan_digest"] == run["ledger_digest"] != "" for run in manifest["runs"])
    assert manifest["versions"]["sim"] == manifest["version"]
    assert any("ATRI" in entry["title"] for entry in manifest["references"])
    (article,) = [entry for entry in manifest["references"] if entry["title"].startswith("K. Head, T. Mayer")]
    assert set(article["used_for"].split("; ")) == {"parameter demand_elasticity", "parameter parts_elasticity"}
    assert all(entry["href"] for entry in manifest["references"] if entry["used_for"].startswith("parameter "))
    assert "date" not in manifest
    assert str(tmp_path) not in (tmp_path / "s" / "manifest.json").read_text()


def test_study_answers_wrong_names_with_the_nearest(tmp_path: Path) -> None:
    from sim.errors import DataError

    study = run_study(plan(), tmp_path / "s", jobs=1, runner=RUNNER)
    with pytest.raises(DataError) as caught:
        study.compare("cost_per_vehicle_us")
    expected = "no measure named 'cost_per_vehicle_us'. Did you mean 'cost_per_vehicle_usd'?"
    assert str(caught.value) == f"{tmp_path / 's'}: {expected}"
    with pytest.raises(DataError) as caught:
        study.compare("vehicles_lost", baseline="bass")
    assert str(caught.value) == f"{tmp_path / 's'}: no scenario named 'bass'. Did you mean 'base'?"


def test_an_output_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError) as refusal:
        run_study(plan(), tmp_path / "file" / "s", jobs=1, runner=RUNNER)
    assert str(refusal.value).endswith(
        "s: no results can be written there (Not a directory). Name another folder with --out."
    )
