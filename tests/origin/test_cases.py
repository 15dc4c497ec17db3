"""Origin cases that a broker can read: each good of each file here holds facts and what is expected."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sim.origin import Answer, determine_file
from sim.yaml_text import read_yaml

FOLDER = Path(__file__).parent
FILES = [path for path in sorted(FOLDER.glob("*.yaml")) if not path.stem.startswith("automotive_")]


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
def _answers(path: Path) -> tuple[Answer, ...]:
    return determine_file(path)


def test_cases_were_found() -> None:
    assert len(CASES) >= 50


@pytest.mark.parametrize(("path", "n", "entry"), CASES)
def test_case(path: Path, n: int, entry: dict[str, Any]) -> None:
    assert entry["expect"], "a case without expectation proves nothing"
    answer = _answers(path)[n]
    assert [check.text() for check in answer.checks if not check.met] == [], answer.text()
    assert len(answer.checks) >= 1
