"""Scenario files: each valid one with what it resolves to, each invalid one with the whole of its error text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import load_scenario

FILES = Path(__file__).parent.parent / "scenarios"
VALID = sorted(path for path in (FILES / "valid").glob("*.yaml") if not path.name.startswith("_"))
INVALID = sorted(path for path in (FILES / "invalid").glob("*.yaml") if not path.name.startswith("_"))


def test_there_are_files() -> None:
    assert len(VALID) >= 3
    assert len(INVALID) >= 15


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FILES)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path.relative_to(FILES))
    assert str(caught.value) + "\n" == path.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert load_scenario(path).resolved() == expected
