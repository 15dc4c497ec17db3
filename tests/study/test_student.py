"""Quantiles of Student's t against a library, printed tables, and the laws they must keep."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtr, stdtrit

from sim.study.student import student_quantile


@pytest.mark.parametrize(
    ("freedom", "expected"),
    [
        (1, 12.7062047364),
        (2, 4.3026527297),
        (4, 2.7764451052),
        (9, 2.2621571628),
        (19, 2.0930240544),
        (99, 1.9842169516),
    ],
)
def test_printed_tables(freedom: int, expected: float) -> None:
    assert student_quantile(freedom, 0.975) == pytest.approx(expected, rel=1e-10)


@given(st.floats(1, 20_000), st.floats(0.51, 0.9999))
def test_a_library_says_the_same(freedom: float, probability: float) -> None:
    found = student_quantile(freedom, probability)
    assert found == pytest.approx(float(stdtrit(freedom, probability)), rel=1e-8)
    assert float(stdtr(freedom, found)) == pytest.approx(probability, abs=1e-9)


def test_one_and_two_degrees_have_closed_forms() -> None:
    for probability in (0.6, 0.9, 0.99):
        tangent = math.tan(math.pi * (probability - 0.5))
        assert student_quantile(1, probability) == pytest.approx(tangent, rel=1e-12)
        share = 2 * probability - 1
        assert student_quantile(2, probability) == pytest.approx(share * math.sqrt(2 / (1 - share**2)), rel=1e-12)


@pytest.mark.parametrize(("freedom", "probability"), [(0.5, 0.9), (3, 0.5), (3, 1.0)])
def test_what_has_no_quantile_is_refused(freedom: float, probability: float) -> None:
    with pytest.raises(ValueError, match="no quantile of"):
        student_quantile(freedom, probability)
