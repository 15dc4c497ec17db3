"""The benchmark of the law keeps running and both its ways agree; how fast they are is never asserted."""

from __future__ import annotations

import pytest

from tests.bench.law_lines import measure


def test_together_and_one_by_one_owe_the_same() -> None:
    found = measure(count=2_000, sample=100, kinds=20)
    assert (found.lines, found.facts, found.sample) == (2_000, 20, 100)
    assert found.epochs > 5
    assert found.text().startswith(f"2,000 lines, 20 kinds of line, {found.epochs} stretches of law: ")


@pytest.mark.slow
def test_a_million_lines(capsys: pytest.CaptureFixture[str]) -> None:
    found = measure()
    with capsys.disabled():
        print(f"\n{found.text()}")  # noqa: T201
    assert found.lines == 1_000_000
