"""Rules for vehicles and their parts, case by case: files a broker can read, each with its source."""

from __future__ import annotations

from fractions import Fraction
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
MONEY = 0.01
PERCENT = 0.1


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
    entry = yaml.safe_load(path.read_text())["goods"][number]
    answer, expected = answers(path)[number], entry["expect"]
    assert entry["source"]
    if "status" in expected:
        assert answer.status == expected["status"], answer.text()
    if "unresolved" in expected:
        assert list(answer.unresolved) == expected["unresolved"]
    for name, value in expected.get("values", {}).items():
        assert name in answer.values, f"{name} is not among {sorted(answer.values)}\n{answer.text()}"
        found = answer.values[name]
        if isinstance(value, bool | str):
            assert found == value, f"{name}: {found}\n{answer.text()}"
        else:
            near = PERCENT if name.endswith("_pct") or name.endswith("_points") else MONEY
            assert abs(Fraction(found) - Fraction(str(value))) < near, f"{name}: {float(found)}\n{answer.text()}"
