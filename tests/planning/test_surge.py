"""Booths in a surge: staffed by the trucks of the week before, up to what is installed, elsewhere as ever."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from sim.clock import Clock
from sim.network.model import Network
from sim.planning.border import booths_open, plan_crossings
from sim.planning.surge import NOTICED_H, hourly_factors, staff_surges
from sim.planning.traffic import ordinary_traffic
from sim.scenario import Scenario, Shock
from sim.units import DAY, HOUR, PPM
from tests.planning.test_build import scenario

WTB = "laredo_wtb/us"
BEGINS, DAYS = 3, 9  # of the surge


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock(dt.date(2017, 10, 30), 0, 21 * DAY)


def surge(clock: Clock, percent: int, at: str = WTB) -> Shock:
    return Shock("surge", at, clock.moment(BEGINS * DAY), DAYS * DAY, factor_ppm=percent * PPM // 100)


@pytest.mark.parametrize("percent", [30, 80, 150])
def test_booths_follow_the_mean_of_the_week_before(midsize: Network, clock: Clock, percent: int) -> None:
    asked: Scenario = scenario()
    shocks = (surge(clock, percent),)
    traffic = ordinary_traffic(midsize, clock)
    plain = plan_crossings(midsize, clock, traffic)
    staffed = staff_surges(plain, midsize, midsize, clock, shocks, asked.values())
    row = plain.ids.index(WTB)
    factor = hourly_factors(midsize, shocks, clock, asked.values())[WTB]
    for hour in range(21 * 24):
        came = [factor[h] if h >= 0 else 1.0 for h in range(hour - NOTICED_H, hour)]
        expected = traffic[WTB].total_per_hour[hour : hour + 1] * (sum(came) / NOTICED_H)
        booths = booths_open(midsize.crossings[WTB], expected, traffic[WTB].is_open[hour : hour + 1])
        found = staffed.open_standard[row, hour], staffed.open_fast[row, hour]
        assert found == (booths[0][0], booths[1][0]), hour
    assert np.array_equal(np.delete(staffed.open_standard, row, 0), np.delete(plain.open_standard, row, 0))
    first = BEGINS * 24
    assert np.array_equal(staffed.open_standard[row, : first + 1], plain.open_standard[row, : first + 1])
    noticed = slice(first + NOTICED_H, first + DAYS * 24)
    more = staffed.open_standard[row, noticed].sum() - plain.open_standard[row, noticed].sum()
    assert (more > 0) == (percent > 100)
    assert staffed.open_standard[row].max() <= midsize.crossings[WTB].booths_standard


def test_without_a_surge_booths_are_those_of_ordinary_days(midsize: Network, clock: Clock) -> None:
    plain = plan_crossings(midsize, clock, ordinary_traffic(midsize, clock))
    fewer = Shock("lanes", WTB, clock.moment(DAY), 5 * HOUR, standard=2)
    assert staff_surges(plain, midsize, midsize, clock, (fewer,), scenario().values()) is plain


def test_officers_go_with_the_trucks_that_go_round(midsize: Network, clock: Clock) -> None:
    """Half of four fifths of the Ambassador Bridge's trucks come to the Blue Water Bridge, and booths open at once."""
    shut = Shock("closure", "ambassador_bridge/ca", clock.moment(DAY), 3 * DAY)
    traffic = ordinary_traffic(midsize, clock)
    plain = plan_crossings(midsize, clock, traffic)
    staffed = staff_surges(plain, midsize, midsize, clock, (shut,), scenario().values())
    row = plain.ids.index("blue_water_bridge/us")
    days = slice(24, 4 * 24)
    usual = traffic["blue_water_bridge/us"]
    come = usual.total_per_hour + 0.8 * 0.5 * traffic["ambassador_bridge/us"].background_per_hour
    booths = booths_open(midsize.crossings["blue_water_bridge/us"], come[days], usual.is_open[days])
    assert np.array_equal(staffed.open_standard[row, days], booths[0])
    assert staffed.open_standard[row, days].sum() > plain.open_standard[row, days].sum()
    same = np.ones(plain.open_standard.shape, dtype=np.bool_)
    same[row, days] = False
    assert np.array_equal(staffed.open_standard[same], plain.open_standard[same])
