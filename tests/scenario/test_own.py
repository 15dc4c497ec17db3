"""Networks and reforms of one's own: found from anywhere, told apart by content, never by name alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.errors import DataError, ScenarioError
from sim.locate import data_dir
from sim.scenario import Scenario, load_scenario
from sim.scenario.own import carry, discard_others, find_carried, named, short_name
from sim.scenario.restore import restore_scenario

SHORT = "question: Why?\nhorizon: {warm_up: 10 weeks, start: 2017-08-16, run: 4 weeks}\n"
REFORM = (data_dir() / "law" / "reforms" / "border_tax_35.yaml").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scenario with a reform and a network of its own, both named by their path from it."""
    shutil.copytree(data_dir() / "networks" / "seat_control", tmp_path / "nets" / "mine")
    (tmp_path / "laws").mkdir()
    (tmp_path / "laws" / "tax.yaml").write_text(REFORM)
    (tmp_path / "asked.yaml").write_text(SHORT + "network: nets/mine\nlaw: {reforms: [laws/tax.yaml]}\n")
    return tmp_path


def test_it_is_found_from_any_folder_and_named_without_a_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load_scenario(folder / "asked.yaml")
    monkeypatch.chdir(folder)
    assert load_scenario("asked.yaml").digest == scenario.digest
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    assert load_scenario("../asked.yaml").digest == scenario.digest
    resolved = scenario.resolved()
    assert short_name(resolved["network"]) == "mine"
    assert [short_name(name) for name in resolved["law"]["reforms"]] == ["tax"]
    assert str(folder) not in str(resolved)


def test_a_path_in_a_base_is_meant_from_the_base(folder: Path) -> None:
    (folder / "deeper").mkdir()
    (folder / "deeper" / "own.yaml").write_text("extends: ../asked.yaml\nseed: 5\n")
    assert load_scenario(folder / "deeper" / "own.yaml").reforms == load_scenario(folder / "asked.yaml").reforms
    (folder / "deeper" / "own.yaml").write_text("extends: ../asked.yaml\nlaw: {reforms: [laws/tax.yaml]}\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(folder / "deeper" / "own.yaml")
    assert "own.yaml: line 2, law.reforms[0]: no reform named 'laws/tax.yaml'. Allowed reforms: " in str(caught.value)


def test_the_digest_follows_the_content_and_not_the_place(folder: Path) -> None:
    scenario = load_scenario(folder / "asked.yaml")
    first = scenario.digest
    (folder / "laws" / "tax.yaml").write_text(REFORM.replace("35 %", "36 %"))
    assert scenario.digest != first
    (folder / "laws" / "tax.yaml").write_text(REFORM)
    assert scenario.digest == first
    parts = folder / "nets" / "mine" / "parts.csv"
    text = parts.read_text(encoding="utf-8")
    parts.write_text(text.replace(",8544.30,", ",8544.20,", 1) if ",8544.30," in text else text + "\n")
    assert scenario.digest != first
    parts.write_text(text)
    shutil.copytree(folder / "nets" / "mine", folder / "copy" / "mine")
    assert scenario.with_(network=str(folder / "copy" / "mine")).digest == first


def test_two_files_of_one_name_do_not_collide(folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / "other" / "tax.yaml").write_text(REFORM.replace("35 %", "20 %"))
    scenario = load_scenario(folder / "asked.yaml")
    both = [scenario, scenario.with_(reforms=(str(folder / "other" / "tax.yaml"),))]
    assert both[0].digest != both[1].digest
    names = [x.resolved()["law"]["reforms"][0] for x in both]
    assert [short_name(name) for name in names] == ["tax", "tax"]
    inputs = folder / "inputs"
    copies = [carry(x.reforms[0], inputs) for x in both]
    assert [Path(copy).read_text() for copy in copies] == [REFORM, REFORM.replace("35 %", "20 %")]
    assert [find_carried(name, inputs) for name in names] == copies


def test_a_reform_of_a_shipped_name_is_not_the_shipped_one(folder: Path) -> None:
    (folder / "laws" / "border_tax_35.yaml").write_text(REFORM.replace("35 %", "1 %"))
    own = load_scenario(folder / "asked.yaml").with_(reforms=(str(folder / "laws" / "border_tax_35.yaml"),))
    assert own.digest != own.with_(reforms=("border_tax_35",)).digest


def test_a_python_scenario_may_name_a_path_from_the_working_directory(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = load_scenario(folder / "asked.yaml")
    monkeypatch.chdir(folder)
    relative = scenario.with_(network="nets/mine", reforms=("laws/tax.yaml",))
    monkeypatch.chdir("/")
    assert relative.digest == scenario.digest
    assert relative == scenario


def _restored(kept: dict[str, object], inputs: Path) -> Scenario:
    return restore_scenario(kept, inputs)


def test_it_is_restored_from_its_copies_alone(folder: Path, tmp_path: Path) -> None:
    scenario = load_scenario(folder / "asked.yaml")
    kept = scenario.resolved() | {"digest": scenario.digest}
    inputs = folder / "study" / "inputs"
    carried = [carry(scenario.network, inputs), *(carry(reform, inputs) for reform in scenario.reforms)]
    shutil.rmtree(folder / "nets")
    shutil.rmtree(folder / "laws")
    restored = _restored(kept, inputs)
    assert restored.digest == scenario.with_(network=carried[0], reforms=carried[1:]).digest == kept["digest"]
    assert (Path(carried[0]) / "SOURCES.md").is_file()
    Path(carried[1]).write_text(REFORM.replace("35 %", "36 %"))
    with pytest.raises(DataError) as caught:
        _restored(kept, inputs)
    expected = "'tax', with which it was run, is missing or changed in inputs/. Run the study again."
    assert str(caught.value) == f"{folder / 'study'}: {expected}"


def test_a_copy_that_was_damaged_is_made_again_and_one_of_no_use_removed(folder: Path) -> None:
    inputs, reform = folder / "inputs", str(folder / "laws" / "tax.yaml")
    copy = Path(carry(reform, inputs))
    copy.write_text("damaged")
    assert Path(carry(reform, inputs)).read_text() == REFORM
    discard_others(inputs, frozenset({named(reform), "midsize"}))
    assert copy.is_file()
    discard_others(inputs, frozenset({"midsize"}))
    assert not inputs.exists()


def test_a_file_that_is_gone_is_told(folder: Path) -> None:
    scenario = load_scenario(folder / "asked.yaml")
    (folder / "laws" / "tax.yaml").unlink()
    with pytest.raises(ScenarioError) as caught:
        _ = scenario.digest
    path = (folder / "laws" / "tax.yaml").resolve()
    assert str(caught.value) == f"{path}: cannot be read any more (No such file or directory)."
