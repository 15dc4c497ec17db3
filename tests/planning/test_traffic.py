"""Traffic that a crossing expects by date: years, months, weekdays, hours, daylight saving, and what is its own."""

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.clock import Clock
from sim.network.model import Shutdown
from sim.planning.traffic import CANADA, day_shape, expected_traffic, ordinary_traffic
from sim.units import DAY, HOUR
from tests.planning.conftest import KNOWN, crossing

SEASON = (0.9, 0.95, 1.0, 1.0, 1.05, 1.1, 0.9, 1.05, 1.05, 1.1, 1.05, 0.85)
YEARS = {2016: 1_000.0, 2017: 1_200.0, 2020: 900.0}


def bridge(**changes):
    return replace(crossing("bridge/us", "US"), background_weekday=500.0, **changes)


def daily(port, begins, days, years=YEARS, season=SEASON, own_week=0.0):
    """Trucks expected by local day; the clock begins a day before, so that the first local day is whole."""
    clock = Clock(begins - dt.timedelta(days=1), 0, (days + 2) * DAY)
    traffic = expected_traffic(port, clock, own_week, years, season)
    hours = np.arange(traffic.total_per_hour.size)
    weekday, hour = clock.local_hours(port.time_zone, hours.size)
    starts = np.flatnonzero(hour == 0)
    sums = np.add.reduceat(traffic.total_per_hour, starts)
    first = next(n for n, h in enumerate(starts) if clock.moment(int(h) * HOUR).date() == begins)
    return sums[first : first + days], weekday[starts[first : first + days]]


def by_hand(port, day, years=YEARS, season=SEASON):
    """The definition, day by day."""
    level = {2015: 1_000, 2016: 1_000, 2017: 1_200, 2018: 1_200, 2019: 900, 2020: 900, 2021: 900}[day.year]
    index = season[day.month - 1]
    weekend = port.background_weekend_pct / 100
    factor = {5: 1.2 * weekend, 6: 0.8 * weekend}.get(day.weekday(), 1.0)
    return level * index * factor


@settings(deadline=None, max_examples=40)
@given(st.dates(dt.date(2015, 1, 1), dt.date(2021, 11, 1)), st.integers(1, 40), st.sampled_from([0.0, 40.0, 100.0]))
def test_a_day_is_year_times_month_times_weekday(begins, days, weekend):
    port = bridge(background_weekend_pct=weekend)
    found, weekday = daily(port, begins, days)
    dates = [begins + dt.timedelta(days=n) for n in range(days)]
    assert weekday.tolist() == [day.weekday() for day in dates]
    changes = {d for d in dates if d.month in (3, 11) and d.weekday() == 6 and d.day <= 14}  # clocks change
    for day, trucks in zip(dates, found.tolist(), strict=True):
        tolerance = 0.03 if day in changes else 1e-9  # an hour of the night is missing or comes twice
        assert trucks == pytest.approx(by_hand(port, day), rel=tolerance, abs=1e-9), day


def test_without_years_and_season_the_crossing_itself_is_asked():
    found, _ = daily(bridge(background_weekend_pct=50.0), dt.date(2017, 6, 5), 7, {}, ())
    assert found.tolist() == pytest.approx([500.0] * 5 + [300.0, 200.0])


def test_hours_follow_the_profile_and_the_opening_hours():
    port = bridge(open_hour=8, close_hour=20, weekend_open_hour=0, weekend_close_hour=0)
    clock = Clock(dt.date(2017, 6, 5), 0, 7 * DAY)  # Monday, 00:00 UTC = Sunday, 20:00 in Detroit
    traffic = expected_traffic(port, clock, years={2017: 1_000.0})
    weekday, hour = clock.local_hours(port.time_zone, traffic.total_per_hour.size)
    shape = np.array(CANADA)
    for n in range(7 * 24):
        working = weekday[n] < 5 and 8 <= hour[n] < 20
        wanted = 1_000 * shape[hour[n]] / shape[8:20].sum() if working else 0.0
        assert traffic.total_per_hour[n] == pytest.approx(wanted), n
        assert traffic.is_open[n] == working


def test_the_southern_shape_stretches_between_opening_and_closing():
    """Seventeen hours as they stand, eight in steps of 2.125 of them, and a day without opening has nobody.

    By the hours 2.125, 4.25, ... of a long day 7.625, 19, 32.8125, 48.75, 64.6875, 80.25, 93.3125 and 100 % have come.
    """
    long = [3, 4, 5, 5.5, 6, 6.5, 7.5, 7.5, 7.5, 7.5, 7.5, 7.5, 7, 6.5, 5.5, 4, 2]
    assert (100 * day_shape("mexico", 7, 24)).tolist() == pytest.approx([0.0] * 7 + long)
    short = [7.625, 11.375, 13.8125, 15.9375, 15.9375, 15.5625, 13.0625, 6.6875]
    assert (100 * day_shape("mexico", 6, 14)).tolist() == pytest.approx([0.0] * 6 + short + [0.0] * 10)
    assert not day_shape("mexico", 9, 9).any()
    assert day_shape("mexico", 0, 24).sum() == pytest.approx(1.0)
    assert day_shape("canada", 8, 20)[8:20].sum() == pytest.approx(1.0)


def test_own_loads_are_part_of_what_the_season_expects():
    """A week of 350 own trucks, at 1,000 a weekday and 40 % at the weekend: 5,800 a week in an even month."""
    port, clock = bridge(background_weekend_pct=40.0), Clock(dt.date(2017, 3, 6), 0, 7 * DAY)
    for index, others in ((1.0, 1 - 350 / 5_800), (1.1, 1 - 350 / 6_380), (0.05, 0.0)):
        traffic = expected_traffic(port, clock, 350.0, {2017: 1_000.0}, [index] * 12)
        ratio = traffic.background_per_hour[:100] / traffic.total_per_hour[:100]
        assert ratio.tolist() == pytest.approx([others] * 100)


def test_less_is_taken_from_the_counts_of_a_month_in_which_plants_rest(tiny):
    """July 2017 has 21 weekdays, of which the shutdown takes ten: own loads are 11/21 of those of ordinary weeks."""
    closed = (Shutdown("summer", (7, 1), (7, 14), KNOWN),)
    calendars = dict(tiny.calendars) | {"plant": replace(tiny.calendars["plant"], shutdowns=closed)}
    shut = replace(tiny, calendars=MappingProxyType(calendars))
    clock = Clock(dt.date(2017, 6, 1), 0, 61 * DAY)
    traffic, usual = ordinary_traffic(shut, clock)["bridge/us"], ordinary_traffic(tiny, clock)["bridge/us"]
    assert np.array_equal(traffic.total_per_hour, usual.total_per_hour)
    month = np.array(clock.local_months("UTC", traffic.total_per_hour.size)[1])
    own, plain = (x.total_per_hour - x.background_per_hour for x in (traffic, usual))
    assert np.array_equal(own[month != 7], plain[month != 7])
    assert own[month == 7] == pytest.approx(plain[month == 7] * 11 / 21)
    assert plain[month == 7].sum() > 0


def test_a_network_hands_on_its_years_and_seasons(tiny):
    clock = Clock(dt.date(2017, 3, 6), 0, 7 * DAY)
    dated = replace(
        tiny,
        traffic=MappingProxyType({"bridge/us": MappingProxyType({2017: 4_000.0})}),
        seasons=MappingProxyType({"bridge/us": tuple(SEASON)}),
    )
    plain, seasonal = ordinary_traffic(tiny, clock), ordinary_traffic(dated, clock)
    assert np.array_equal(plain["bridge/ca"].total_per_hour, seasonal["bridge/ca"].total_per_hour)
    ratio = seasonal["bridge/us"].total_per_hour / plain["bridge/us"].total_per_hour
    month = np.array(clock.local_months("America/Detroit", ratio.size)[1])
    assert ratio.tolist() == pytest.approx([2 * SEASON[m - 1] for m in month])  # 4,000 for 2,000
