"""Kept digests of the ledgers of busy plans, plain, with milk runs, with plants in trouble: no rule changes unseen.

`python -m tests.engines.test_golden` rewrites the file; do so only with a reason in CHANGELOG.md under Results.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines.busy import digests
from tests.engines.mutants import SEEDS, TROUBLED

KEPT = Path(__file__).with_name("golden_digests.txt")


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_ledgers_are_as_they_were(engine: str) -> None:
    assert digests(SEEDS, engine) == KEPT.read_text(encoding="utf-8").split()[: len(SEEDS)]


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_ledgers_with_milk_runs_are_as_they_were(engine: str) -> None:
    assert digests(SEEDS, engine, milk=True) == KEPT.read_text(encoding="utf-8").split()[len(SEEDS) : 2 * len(SEEDS)]


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_ledgers_of_plants_in_trouble_are_as_they_were(engine: str) -> None:
    assert digests(TROUBLED, engine, trouble=True) == KEPT.read_text(encoding="utf-8").split()[2 * len(SEEDS) :]


if __name__ == "__main__":
    kept = [*digests(SEEDS), *digests(SEEDS, milk=True), *digests(TROUBLED, trouble=True)]
    KEPT.write_text("\n".join(kept) + "\n", encoding="utf-8")
