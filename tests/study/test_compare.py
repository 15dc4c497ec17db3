"""Intervals by independent arithmetic."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.study import mean_interval, paired

T_975 = {1: 12.706204736, 4: 2.776445105, 19: 2.093024054}  # quantiles of Student's t, printed tables


def test_interval_of_five_values() -> None:
    values = np.array([3.0, 5.0, 7.0, 9.0, 11.0])
    mean, half = mean_interval(values)
    assert mean == 7.0
    assert half == pytest.approx(T_975[4] * math.sqrt(10.0) / math.sqrt(5), rel=1e-8)


def test_twenty_values_use_nineteen_degrees_of_freedom() -> None:
    values = np.array([0.0, 1.0] * 10)
    _, half = mean_interval(values)
    assert half == pytest.approx(T_975[19] * math.sqrt(5 / 19) / math.sqrt(20), rel=1e-8)


def test_a_difference_of_nothing_is_exactly_nothing() -> None:
    values = np.array([0.1, 0.2, 0.7])
    row = paired("same", values, values.copy())
    assert (row.difference, row.half_width_95, row.n) == (0.0, 0.0, 3)


def test_what_sums_in_another_order_differ_by_is_nothing() -> None:
    """Values a few units in the last place apart have no interval, and no difference; a change of a millionth has."""
    values = np.array([44.4175, 51.2, 38.9])
    near = np.nextafter(values, [np.inf, -np.inf, np.inf])
    row = paired("same", near, values)
    assert (row.difference, row.half_width_95, row.n) == (0.0, 0.0, 3)
    alike = np.full(3, 44.4175)
    alike[1] = np.nextafter(alike[1], np.inf)
    assert mean_interval(alike) == (44.4175, 0.0)
    alike[1] *= 1.000001
    assert mean_interval(alike)[1] == pytest.approx(4.303 * 44.4175e-6 / 3, rel=1e-3)  # t of 2 degrees of freedom


def test_one_replication_has_no_interval() -> None:
    row = paired("one", np.array([4.0]), np.array([3.0]))
    assert (row.difference, row.half_width_95, row.mean_half_width_95) == (1.0, None, None)


def test_a_missing_value_leaves_its_pair_out() -> None:
    row = paired("gap", np.array([1.0, np.nan, 3.0]), np.array([0.0, 0.0, 1.0]))
    assert (row.mean, row.difference, row.n) == (2.0, 1.5, 2)
    assert row.half_width_95 == pytest.approx(T_975[1] * math.sqrt(0.5) / math.sqrt(2), rel=1e-8)


def test_no_value_at_all() -> None:
    row = paired("none", np.array([np.nan]), np.array([1.0]))
    assert (row.mean, row.difference, row.half_width_95, row.n) == (None, None, None, 0)


@pytest.mark.parametrize("seed", range(3))
def test_intervals_cover_a_known_mean_as_often_as_they_say(seed: int) -> None:
    generator = np.random.default_rng(seed)
    samples = generator.normal(10.0, 3.0, size=(1000, 8))
    covered = 0
    for sample in samples:
        mean, half = mean_interval(sample)
        assert mean is not None
        assert half is not None
        covered += abs(mean - 10.0) <= half
    assert 930 <= covered <= 970
