"""`--ledger all|sample|none`: what is stored beside the results, which stay the same to the byte."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sim.ledger.files import read_ledger
from sim.scenario import Scenario
from sim.study import run_study, single_study
from sim.study.manifest import read_manifest
from sim.units import DAY


def scenarios() -> list[Scenario]:
    """Two with equal plans: a tax decided after the claims changes no plan."""
    kept = {
        "path": None,
        "question": "What is kept?",
        "source": "",
        "network": "seat_control",
        "law_as_of": dt.date(2017, 8, 16),
        "firms": "claim_or_pay",
        "warm_up_s": 77 * DAY,
        "start": dt.date(2017, 11, 6),
        "run_s": 2 * DAY,
        "replications": 2,
    }
    return [Scenario(name="one", reforms=(), **kept), Scenario(name="two", reforms=(), title="Two", **kept)]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("ledgers")
    for kept in ("none", "sample", "all"):
        run_study(single_study(scenarios()), root / kept, jobs=1, ledger=kept)
    return {kept: root / kept for kept in ("none", "sample", "all")}


def runs(folder: Path) -> list[dict[str, str]]:
    manifest = read_manifest(folder)
    assert manifest is not None
    found: list[dict[str, str]] = manifest["runs"]
    return found


def test_results_are_equal_whatever_is_kept(folders: dict[str, Path]) -> None:
    told = [[(run["file"], run["sha256"], run["ledger_digest"]) for run in runs(folder)] for folder in folders.values()]
    assert told[0] == told[1] == told[2]
    assert len(told[0]) == 4


def test_one_ledger_for_equal_plans(folders: dict[str, Path]) -> None:
    counts = {kept: len(list(folder.glob("ledgers/*"))) for kept, folder in folders.items()}
    assert counts == {"none": 0, "sample": 1, "all": 2}


def test_stored_ledgers_are_those_of_the_runs(folders: dict[str, Path]) -> None:
    for run in runs(folders["all"]):
        folder = folders["all"] / "ledgers" / run["plan_digest"][:20]
        assert read_ledger(folder).digest() == run["ledger_digest"]


def test_asking_for_more_later_adds_what_is_missing(folders: dict[str, Path], tmp_path: Path) -> None:
    plan = single_study(scenarios()).with_(replications=1, seed=None)
    run_study(plan, tmp_path / "s", jobs=1)
    before = runs(tmp_path / "s")
    assert not list(tmp_path.glob("s/ledgers/*"))
    run_study(plan, tmp_path / "s", jobs=1, ledger="all")
    assert len(list(tmp_path.glob("s/ledgers/*"))) == 1
    assert runs(tmp_path / "s") == before
    run_study(plan.with_(replications=None, seed=7), tmp_path / "s", jobs=1)
    assert not list(tmp_path.glob("s/ledgers/*"))
