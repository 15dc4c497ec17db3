"""Archives: the same bytes twice, everything in them, nothing of this machine, and the study comes out again."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
import zipfile
from pathlib import Path

import pytest

import sim.study.execute
from sim.archive import pack_study, reproduce
from sim.archive.environment import environment_text
from sim.errors import DataError
from sim.study import load_study_file, run_study

SCENARIO = "question: Why?\nnetwork: seat_control\nhorizon: {warm_up: 10 weeks, start: 2017-10-30, run: 4 weeks}\n"
STUDY = (
    "title: T\nquestion: Q?\nbaseline: base\nscenarios: [taxed]\nreplications: 3\n"
    "precision: {half_widths: {border_hours_per_vehicle: 0.2 h/vehicle}, most: 8}\n"
    "sweeps:\n  - of: taxed\n    vary: {law/us/proposals/border_tax_35/rate: [5 %, 10 %]}\n"
)
DAY = dt.date(2026, 1, 2)


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent / "study"))
    defaults = sim.study.execute.run_study.__kwdefaults__ or {}
    monkeypatch.setattr(sim.study.execute.run_study, "__kwdefaults__", {**defaults, "runner": "fake_runner"})
    (tmp_path / "base.yaml").write_text(SCENARIO)
    (tmp_path / "taxed.yaml").write_text(SCENARIO + "law: {reforms: [border_tax_35]}\n")
    (tmp_path / "study.yaml").write_text(STUDY)
    return run_study(load_study_file(tmp_path / "study.yaml"), tmp_path / "out" / "study", jobs=1).directory


def test_the_same_study_gives_the_same_archive(study: Path, tmp_path: Path) -> None:
    first, second = (pack_study(study, tmp_path / name, DAY) for name in ("a.zip", "b.zip"))
    assert first.read_bytes() == second.read_bytes()
    assert pack_study(study, on=DAY) == study.parent / "study.zip"


def test_everything_is_in_it_and_nothing_of_this_machine(study: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(pack_study(study, tmp_path / "a.zip", DAY)) as archive:
        names = set(archive.namelist())
        texts = {name: archive.read(name).decode() for name in names if name.endswith((".json", ".txt", ".md"))}
        metadata = json.loads(archive.read("ro-crate-metadata.json"))
    manifest = json.loads((study / "manifest.json").read_text())
    assert {f"study/{run['file']}" for run in manifest["runs"]} < names
    assert {"program/sim/engines/reference.py", "program/sim/data/law/us/mfn.yaml"} <= names
    assert sum(name.startswith("study/inputs/") for name in names) == 2
    assert not any(str(tmp_path) in text or str(Path.home()) + "/" in text for text in texts.values())
    entities = {entity["@id"]: entity for entity in metadata["@graph"]}
    assert entities["./"]["datePublished"] == "2026-01-02"
    assert entities["./"]["identifier"] == manifest["digest"]
    assert {part["@id"] for part in entities["./"]["hasPart"]} == names - {"ro-crate-metadata.json"}
    assert len(entities) == len(metadata["@graph"])  # every id once
    linked = [entities["./"][key]["@id"] for key in ("license", "creator", "mentions")]
    assert set(linked) <= set(entities)


def test_another_person_gets_the_same_digests(study: Path, tmp_path: Path) -> None:
    archive = pack_study(study, tmp_path / "a.zip", DAY)
    found = reproduce(archive, jobs=1)
    assert found.is_whole
    assert (found.same_code, found.differing_packages) == (True, ())
    assert found.runs == found.same_bytes == 4 * json.loads((study / "manifest.json").read_text())["replications"]


def test_a_damaged_archive_is_refused(study: Path, tmp_path: Path) -> None:
    archive = pack_study(study, tmp_path / "a.zip", DAY)
    with zipfile.ZipFile(archive) as whole, zipfile.ZipFile(tmp_path / "b.zip", "w") as other:
        for name in whole.namelist():
            content = whole.read(name)
            other.writestr(name, content + b" " if name == "study/manifest.json" else content)
    with pytest.raises(DataError) as caught:
        reproduce(tmp_path / "b.zip", jobs=1)
    assert str(caught.value) == f"{tmp_path / 'b.zip'}: study/manifest.json is not what its checksum says."
    (tmp_path / "c.zip").write_bytes(b"no archive")
    with pytest.raises(DataError, match="cannot be read as an archive"):
        reproduce(tmp_path / "c.zip", jobs=1)


def test_a_study_of_another_program_or_environment_is_refused(study: Path) -> None:
    manifest = json.loads((study / "manifest.json").read_text())
    here = manifest["versions"]
    for versions, problem in (
        ({**here, "code": "0" * 64}, "was computed by another program than the one here."),
        ({**here, "python": "3.0.1"}, f"was computed with Python 3.0.1, and here is {here['python']}."),
        (
            {**here, "packages": {**here["packages"], "numpy": "0.9"}},
            f"was computed with numpy 0.9, and here is {here['packages']['numpy']}.",
        ),
    ):
        (study / "manifest.json").write_text(json.dumps(manifest | {"versions": versions}))
        with pytest.raises(DataError) as caught:
            pack_study(study, on=DAY)
        assert str(caught.value) == f"{study}: {problem} Run the study again."
    assert not (study.parent / "study.zip").exists()


def test_a_result_that_is_not_the_one_sealed_is_refused(study: Path) -> None:
    """The other file is whole, and would be read without a complaint."""
    manifest = json.loads((study / "manifest.json").read_text())
    first, second = (study / manifest["runs"][n]["file"] for n in (0, 1))
    first.write_bytes(second.read_bytes())
    with pytest.raises(DataError) as caught:
        pack_study(study, on=DAY)
    assert str(caught.value) == (
        f"{study}: {manifest['runs'][0]['file']} is missing or not what the manifest says. Run the study again: "
        "what is whole is kept."
    )


def test_the_working_directory_can_be_packed(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(study)
    assert pack_study(Path(), on=DAY) == study.parent / "study.zip"
    (study.parent / "file").write_text("")
    with pytest.raises(DataError) as caught:
        pack_study(study, study.parent / "file" / "a.zip", DAY)
    assert str(caught.value) == (
        f"{study.parent / 'file' / 'a.zip'}: cannot be written (File exists). Name another file."
    )


def test_an_archive_with_damaged_bytes_is_refused(study: Path, tmp_path: Path) -> None:
    archive = pack_study(study, tmp_path / "a.zip", DAY)
    content = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as packed:  # within the data of its largest entry, whatever stands before
        largest = max(packed.infolist(), key=lambda entry: entry.compress_size)
    middle = largest.header_offset + largest.compress_size // 2
    content[middle : middle + 200] = b"\xff" * 200
    archive.write_bytes(content)
    with pytest.raises(DataError) as caught:
        reproduce(archive, jobs=1)
    (problem,) = caught.value.problems
    assert (caught.value.source, problem.message[:30]) == (str(archive), "cannot be read as an archive (")
    assert problem.message.endswith(").")


def test_an_entry_that_would_leave_its_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"  # archives are unpacked in a folder of their own there
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("../outside.txt", "x")
    with pytest.raises(DataError) as caught:
        reproduce(tmp_path / "evil.zip", jobs=1)
    assert str(caught.value) == f"{tmp_path / 'evil.zip'}: '../outside.txt' would be written outside its folder."
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "evil.zip", scratch]


def test_the_environment_is_a_list_that_pip_reads() -> None:
    lines = environment_text().splitlines()
    assert lines[0].startswith("# Python 3.")
    pins = dict(line.split("==") for line in lines[1:])
    assert {"numpy", "duckdb", "numba", "llvmlite", "simpy"} <= set(pins)
    assert "://" not in environment_text()
    assert "pytest" not in pins
