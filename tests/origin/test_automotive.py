"""Rules for vehicles and their parts, case by case: files a broker can read, each with its source."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sim.origin.determine import determine_file

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("automotive_*.yaml"))
CASES = [
    pytest.param(path, number, id=f"{path.stem}: {entry['id']}")
    for path in FILES
    for number, entry in enumerate(yaml.load(path.read_text(), yaml.BaseLoader)["goods"])
]


@pytest.fixture(scope="module")
def answers():
    kept = {}

    def of(path):
        if path not in kept:
            kept[path] = determine_file(path)
        return kept[path]

    return of


@pytest.mark.parametrize(("path", "number"), CASES)
def test_case(path, number, answers):
    answer = answers(path)[number]
    assert answer.question.source
    assert answer.checks
    assert [check.text() for check in answer.checks if not check.met] == [], answer.text()
