"""Origin cases that a broker can read: each good of each file here holds facts and what is expected."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sim.origin import determine_file
from sim.yaml_text import read_yaml

FOLDER = Path(__file__).parent
FILES = [path for path in sorted(FOLDER.glob("*.yaml")) if not path.stem.startswith("automotive_")]
FLAGS = {"yes": True, "no": False, "unresolved": None}
PERCENT = 0.1  # tolerance stated for the official examples, in percentage points
MONEY = 0.01


def _entries(path: Path) -> list[dict[str, Any]]:
    document, problems = read_yaml(path)
    assert document is not None, problems
    content: Any = document.value
    return list(content.get("goods", [content]))


CASES = [
    pytest.param(path, n, entry, id=f"{path.stem}: {entry.get('id', n)}")
    for path in FILES
    for n, entry in enumerate(_entries(path))
]


@cache
def _answers(path: Path) -> list[Any]:
    return [answer.as_dict() for answer in determine_file(path)]


@cache
def _texts(path: Path) -> list[str]:
    return [" ".join(answer.text().split()) for answer in determine_file(path)]


def test_cases_were_found() -> None:
    assert len(CASES) >= 50


@pytest.mark.parametrize(("path", "n", "entry"), CASES)
def test_case(path: Path, n: int, entry: dict[str, Any]) -> None:
    assert entry["expect"], "a case without expectation proves nothing"
    found, text = _answers(path)[n], _texts(path)[n]
    expected = entry["expect"]
    if "status" in expected:
        assert found["status"] == expected["status"].replace("_", " "), text
    for name, wanted in expected.get("values", {}).items():
        assert name in found["values"], f"{name} is missing among {sorted(found['values'])}"
        _same(name, found["values"][name], wanted)
    for test, verdict in expected.get("passes", {}).items():
        assert _verdicts(found["findings"], test) == {FLAGS[verdict]}, text
    if "unresolved" in expected:
        assert found["unresolved"] == expected["unresolved"]
    if "arithmetic" in expected:
        assert expected["arithmetic"] in text
    assert expected.keys() <= {"status", "values", "passes", "unresolved", "arithmetic"}


def _same(name: str, found: Any, text: str) -> None:
    if text in FLAGS or isinstance(found, bool | str):
        assert found == FLAGS.get(text, text), name
        return
    tolerance = PERCENT if name.endswith("_pct") else MONEY
    assert found == pytest.approx(float(text), abs=tolerance), name


def _verdicts(findings: list[dict[str, Any]], test: str) -> set[bool | None]:
    found = {item["passes"] for item in findings if item["test"] == test}
    for item in findings:
        found |= _verdicts(item["findings"], test)
    return found
