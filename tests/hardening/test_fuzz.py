"""A few wrong inputs of every kind in each run of the tests; `fuzz.py` beside this tries thousands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hardening.kinds import KINDS, Kind, ready, tried

FEW = {"study": 3, "tree": 3, "weights": 6, "workbook": 8}  # slower ones; of the others a dozen


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_wrong_file_is_answered_or_refused_in_words(kind: Kind, tmp_path: Path) -> None:
    folder = ready(tmp_path / "inputs")
    codes: list[int] = []

    @settings(max_examples=FEW.get(kind.name, 12), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**32))
    def tried_with(number: int) -> None:
        with emptied(folder):
            codes.append(tried(kind, Random(f"{kind.name} {number}"), folder).code)  # the rest is asserted there

    tried_with()
    assert codes
    assert set(codes) <= {0, 1, 2}


@contextmanager
def emptied(folder: Path) -> Iterator[None]:
    """Leave a folder as it was, whatever a case that failed has written."""
    before = set(folder.iterdir())
    try:
        yield
    finally:
        for path in set(folder.iterdir()) - before:
            remove(path)


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        for inner in path.iterdir():
            remove(inner)
        path.rmdir()
    else:
        path.unlink()
