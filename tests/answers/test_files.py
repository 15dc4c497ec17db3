"""The commands `sim origin` and `sim duty`: files in, answers out, every problem of every file at once."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sim.cli import cli
from sim.errors import Problem, SimError


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), prog_name="sim")


@dataclass(frozen=True)
class Stub:
    """An answer of a room below."""

    name: str

    @property
    def met(self) -> bool:
        return self.name != "unexpected"

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.name}

    def text(self) -> str:
        return f"good {self.name}: originating"


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Stand-ins for both rooms, and three files: two right, one wrong."""

    def determine_file(path: Path) -> tuple[Stub, ...]:
        names = path.read_text().split()
        if "wrong" in names:
            raise SimError(str(path), [Problem("line 1", "'wrong' is wrong."), Problem("line 2", "so is this.")])
        return tuple(Stub(name) for name in names)

    origin, duty = ModuleType("sim.origin"), ModuleType("sim.duty")
    origin.determine_file = determine_file  # type: ignore[attr-defined]
    duty.assess_file = lambda path: determine_file(path)[0]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sim.origin", origin)
    monkeypatch.setitem(sys.modules, "sim.duty", duty)
    (tmp_path / "a.yaml").write_text("door hinge")
    (tmp_path / "b.yaml").write_text("seat")
    (tmp_path / "c.yaml").write_text("wrong")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_unmet_expectation_is_shown_and_ends_in_1(rooms: Path) -> None:
    (rooms / "d.yaml").write_text("unexpected")
    result = ask("duty", "a.yaml", "d.yaml")
    assert result.exit_code == 1
    assert "good unexpected: originating" in result.stdout
    assert result.stderr == "d.yaml: an expected figure did not come out; it is marked NOT MET.\n"


def test_one_file_and_several(rooms: Path) -> None:
    result = ask("origin", "a.yaml")
    assert (result.exit_code, result.stdout, result.stderr) == (
        0,
        "good door: originating\n\ngood hinge: originating\n",
        "",
    )
    result = ask("duty", "a.yaml", "b.yaml")
    assert result.stdout == "a.yaml\n------\n\ngood door: originating\n\nb.yaml\n------\n\ngood seat: originating\n"


def test_json_is_one_object(rooms: Path) -> None:
    result = ask("origin", "a.yaml", "b.yaml", "--format", "json")
    assert json.loads(result.stdout) == {
        "files": [
            {"file": "a.yaml", "answers": [{"name": "door"}, {"name": "hinge"}]},
            {"file": "b.yaml", "answers": [{"name": "seat"}]},
        ]
    }
    result = ask("duty", "b.yaml", "--format", "json")
    assert json.loads(result.stdout) == {"files": [{"file": "b.yaml", "answers": [{"name": "seat"}]}]}


@pytest.mark.parametrize("command", ["origin", "duty"])
def test_what_is_wrong_with_any_is_told_and_nothing_answered(rooms: Path, command: str) -> None:
    result = ask(command, "a.yaml", "c.yaml", "none.yaml", "--format", "json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "c.yaml: 2 problems\n  line 1: 'wrong' is wrong.\n  line 2: so is this.\nnone.yaml: there is no such file.\n"
    )


def test_a_folder_stands_for_its_files(rooms: Path) -> None:
    (rooms / "c.yaml").unlink()
    result = ask("origin", ".", "--format", "json")
    assert [entry["file"] for entry in json.loads(result.stdout)["files"]] == ["a.yaml", "b.yaml"]
    (rooms / "empty").mkdir()
    result = ask("origin", "empty")
    assert (result.exit_code, result.stderr) == (1, "empty: there is no such file.\n")


@pytest.mark.parametrize("command", ["origin", "duty"])
def test_without_a_file_the_example_is_offered(command: str) -> None:
    for arguments in ((command,), (command, "--example", "x.yaml")):
        result = ask(*arguments)
        assert result.exit_code == 2
        assert f"Error: Give FILE..., or --example for one to begin with: sim {command} --example > " in result.stderr


@pytest.mark.parametrize("command", ["origin", "duty"])
def test_the_example_runs(command: str, tmp_path: Path) -> None:
    example = ask(command, "--example")
    assert (example.exit_code, example.stderr) == (0, "")
    assert example.stdout.startswith("# One ")
    (tmp_path / "mine.yaml").write_text(example.stdout, encoding="utf-8")
    result = ask(command, str(tmp_path / "mine.yaml"))
    assert (result.exit_code, result.stderr) == (0, "")
    assert len(result.stdout.splitlines()) > 5
    answers = json.loads(ask(command, str(tmp_path / "mine.yaml"), "--format", "json").stdout)
    assert len(answers["files"][0]["answers"]) == 1


def test_the_example_of_a_good_has_the_content_it_should(tmp_path: Path) -> None:
    """Net cost 1.25 of materials + 0.75 + 0.15 + 0.05 - 0.05 of royalties = 2.15; (2.15 - 0.50) / 2.15."""
    (tmp_path / "mine.yaml").write_text(ask("origin", "--example").stdout, encoding="utf-8")
    answers = json.loads(ask("origin", str(tmp_path / "mine.yaml"), "--format", "json").stdout)
    (good,) = answers["files"][0]["answers"]
    assert good["status"] == "originating"
    assert good["values"]["net_cost"] == pytest.approx(2.15)
    assert good["values"]["rvc_pct"] == pytest.approx(100 * 1.65 / 2.15)


def test_the_example_of_a_declaration_owes_what_it_should(tmp_path: Path) -> None:
    """200,000 at 5 % and 25 %, and the fee at its cap of 634.62; nothing with the claim."""
    (tmp_path / "mine.yaml").write_text(ask("duty", "--example").stdout, encoding="utf-8")
    answers = json.loads(ask("duty", str(tmp_path / "mine.yaml"), "--format", "json").stdout)
    values = answers["files"][0]["answers"][0]["values"]
    assert (values["claimed.total"], values["not_claimed.total"]) == (0, 1_000_000 + 5_000_000 + 63_462)
