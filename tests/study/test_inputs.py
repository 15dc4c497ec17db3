"""A study carries the networks and reforms of one's own that it was run with, and needs no other."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sim.locate import data_dir
from sim.report.gather import find_network, read_study
from sim.scenario import load_scenario
from sim.study import Study, load_study, run_study, single_study
from sim.study.explain import explain_fact

SHORT = "question: Why?\nhorizon: {warm_up: 10 weeks, start: 2017-08-16, run: 1 weeks}\nreplications: 1\n"
REFORM = (data_dir() / "law" / "reforms" / "border_tax_35.yaml").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scenario with a reform and a network of its own, and its baseline."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    shutil.copytree(data_dir() / "networks" / "seat_control", tmp_path / "mine")
    (tmp_path / "tax.yaml").write_text(REFORM)
    (tmp_path / "base.yaml").write_text(SHORT + "network: ./mine\n")
    (tmp_path / "taxed.yaml").write_text(SHORT + "network: ./mine\nbaseline: base\nlaw: {reforms: [tax.yaml]}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(folder: Path, runner: str = "fake_runner") -> Study:
    return run_study(single_study([load_scenario("taxed.yaml")]), Path("outputs/taxed"), jobs=1, runner=runner)


def test_the_inputs_lie_in_the_folder_and_in_the_manifest(folder: Path) -> None:
    study = run(folder)
    records = study.manifest["inputs"]
    assert [(r["kind"], r["name"].split("@")[0]) for r in records] == [("network", "mine"), ("reform", "tax")]
    assert (study.directory / records[1]["file"]).read_text() == REFORM
    tables = {path.name for path in (study.directory / records[0]["file"]).iterdir()}
    assert {"network.csv", "lanes.csv", "SOURCES.md"} <= tables
    resolved = json.loads((study.directory / "resolved" / "taxed.json").read_text())
    assert resolved["law"]["reforms"] == [records[1]["name"]]
    assert str(folder) not in (study.directory / "manifest.json").read_text()


def test_a_changed_reform_is_run_again_and_its_old_copy_goes(folder: Path) -> None:
    first = run(folder).manifest
    assert run(folder).manifest == first
    (folder / "tax.yaml").write_text(REFORM.replace("35 %", "36 %"))
    second = run(folder).manifest
    keys = [[entry["key"] for entry in manifest["scenarios"]] for manifest in (first, second)]
    assert keys[0][0] == keys[1][0]
    assert keys[0][1] != keys[1][1]
    copies = sorted(path.read_text() for path in Path("outputs/taxed/inputs").glob("*/tax.yaml"))
    assert copies == [REFORM.replace("35 %", "36 %")]


def test_a_study_of_shipped_names_has_no_inputs(folder: Path) -> None:
    (folder / "base.yaml").write_text(SHORT + "network: seat_control\n")
    study = run_study(single_study([load_scenario("base.yaml")]), folder / "s", jobs=1, runner="fake_runner")
    assert study.manifest["inputs"] == []
    assert not (folder / "s" / "inputs").exists()


def test_the_report_finds_the_network_among_the_inputs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = run(folder)
    shutil.move(study.directory, folder / "moved")
    shutil.rmtree(folder / "mine")
    monkeypatch.chdir("/")
    network = find_network(read_study(folder / "moved"))
    assert network is not None
    assert network.name == "mine"
    shutil.rmtree(folder / "moved" / "inputs")
    assert find_network(read_study(folder / "moved")) is None


@pytest.mark.slow
def test_it_is_explained_elsewhere_when_the_originals_are_gone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = run(folder, "sim.replication")
    shutil.move(study.directory, folder / "moved")
    for path in (folder / "mine", folder / "outputs"):
        shutil.rmtree(path)
    (folder / "tax.yaml").unlink()
    monkeypatch.chdir("/")
    moved = load_study(folder / "moved")
    followed = moved.facts("taxed")["passports"][0]
    answer, _ = explain_fact(moved, "load", f"{followed['lane']}#{followed['n']}", "taxed")
    assert answer["cost"]["entries"]
