"""Reasons told for waits that are too short, on days made up by hand."""

import numpy as np
import pytest

from sim.validation.snapshots import _at, _reason
from sim.validation.survey import Met

DAY = 738_000


def day_of(waits_by_hour):
    """Two replications of one survey truck an hour, at half past."""
    hours = np.array([hour for hour, _ in waits_by_hour] * 2)
    waits = np.array([wait for _, wait in waits_by_hour] * 2, dtype=float)
    replication = np.repeat([0, 1], len(waits_by_hour))
    ones = np.ones(len(hours))
    return Met(replication, np.full(len(hours), DAY), hours, 60 * hours + 30, waits, waits + 10, ones)


def test_waits_about_a_report_are_those_of_half_an_hour_either_side():
    met = day_of([(10, 1.0), (11, 3.0), (12, 9.0)])
    assert _at(met, DAY, 11 * 60) == [2.0, 2.0]  # 10:30 and 11:30
    assert _at(met, DAY, 12 * 60 + 30) == [9.0, 9.0]
    assert _at(met, DAY + 1, 11 * 60) == []


@pytest.mark.parametrize(
    ("low", "reason"),
    [
        (1.5, ""),
        (20.0, "; our day has up to 40 at another hour"),
        (50.0, "; booths open serve what we expect"),
    ],
)
def test_reason_of_a_short_wait(low, reason):
    met = day_of([(10, 1.0), (11, 2.0), (16, 40.0), (23, 480.0)])  # the last was left over at closing
    assert _reason(met, DAY, [2.0, 2.0], low) == reason


def test_no_reason_without_a_wait():
    assert _reason(day_of([(10, 1.0)]), DAY, [], 5.0) == ""
