"""Everybody else's trucks: how much hours and days vary, by the moments of what they are drawn from."""

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from sim.clock import Clock
from sim.planning.background import DAY_CV, draw_background
from sim.planning.traffic import expected_traffic
from sim.streams import Streams
from sim.units import DAY, HOUR
from tests.planning.conftest import crossing

DAYS = 7 * 120


@pytest.fixture
def flat(tiny):
    """A bridge with as many trucks on a Sunday as on any day, 2,000."""
    bridge = replace(crossing("bridge/us", "US"), background_weekend_pct=100.0, dispersion_cv=0.2)
    return replace(tiny, crossings=MappingProxyType({"bridge/us": bridge}))


def hourly(network, cv, seed=5):
    bridge = replace(network.crossings["bridge/us"], dispersion_cv=cv)
    network = replace(network, crossings=MappingProxyType({"bridge/us": bridge}))
    clock = Clock(dt.date(2017, 1, 2), 0, DAYS * DAY)
    traffic = {"bridge/us": expected_traffic(bridge, clock)}
    drawn = draw_background(network, clock, traffic, Streams(seed, 0))
    counts = np.bincount(drawn.arrive_s // HOUR, minlength=DAYS * 24)
    expected = traffic["bridge/us"].total_per_hour[: DAYS * 24]
    _, hour = clock.local_hours("America/Detroit", DAYS * 24)
    first = int(np.flatnonzero(hour == 0)[0])
    whole = (DAYS - 1) * 24
    return counts[first : first + whole].reshape(-1, 24), expected[first : first + whole].reshape(-1, 24)


def test_an_hour_varies_as_the_crossing_says(flat):
    """Var(count) = expected + (cv x expected)^2, whatever of it the days share; weekends shift by a fifth."""
    counts, expected = hourly(flat, 0.2)
    beyond = (counts - expected) ** 2 - expected
    assert beyond.sum() / (expected**2).sum() == pytest.approx(0.2**2, rel=0.08)


def test_a_day_varies_by_what_its_hours_share(flat):
    """Var(sum) = expected + day^2 x sum^2 + what hours have alone."""
    counts, expected = hourly(flat, 0.2)
    alone = (1 + 0.2**2) / (1 + DAY_CV**2) - 1
    days, wanted = counts.sum(axis=1), expected.sum(axis=1)
    variance = wanted + DAY_CV**2 * wanted**2 + alone * (1 + DAY_CV**2) * (expected**2).sum(axis=1)
    assert ((days - wanted) ** 2).sum() / variance.sum() == pytest.approx(1.0, rel=0.15)
    without = wanted + 0.2**2 * (expected**2).sum(axis=1)
    assert ((days - wanted) ** 2).sum() / without.sum() > 1.4  # days that share nothing would vary by far less


def test_no_dispersion_is_poisson_alone(flat):
    counts, expected = hourly(flat, 0.0)
    assert ((counts - expected) ** 2).sum() / expected.sum() == pytest.approx(1.0, rel=0.05)
