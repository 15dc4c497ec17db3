"""Shifts in local time against hand-counted seconds."""

import datetime as dt

import pytest

from sim.clock import Clock
from sim.network.model import Calendar
from sim.planning.calendars import busiest_s, longest_break_s, weekly_work_s, working_intervals

HOUR = 3_600
TWO_SHIFTS = Calendar("two", "America/Detroit", tuple((day, 6.0, 22.0) for day in range(5)))
NIGHT = Calendar("night", "UTC", ((4, 22.0, 30.0),))  # Friday 22:00 to Saturday 06:00
ALWAYS = Calendar("always", "America/Monterrey", tuple((day, 0.0, 24.0) for day in range(7)))


def test_shifts_follow_daylight_saving():
    # Clocks in Detroit go back on Sunday 5 November 2017: 06:00 is 10:00 UTC before and 11:00 UTC after.
    clock = Clock(dt.date(2017, 11, 3), 0, 5 * 24 * HOUR)
    rest_of_thursday, friday, monday, *_ = working_intervals(TWO_SHIFTS, clock)
    assert rest_of_thursday == (0, 2 * HOUR)
    assert friday == (10 * HOUR, 26 * HOUR)
    assert monday == ((72 + 11) * HOUR, (72 + 27) * HOUR)


def test_a_shift_over_the_change_of_clocks_is_an_hour_longer():
    # Saturday 22:00 in Detroit is 02:00 UTC on Sunday 5 November 2017; 06:00 local then is 11:00 UTC.
    weekend = Calendar("weekend", "America/Detroit", ((5, 22.0, 30.0),))
    (only, *_) = working_intervals(weekend, Clock(dt.date(2017, 11, 3), 0, 5 * 24 * HOUR))
    assert only == ((48 + 2) * HOUR, (48 + 11) * HOUR)


def test_a_shift_may_end_on_the_next_day():
    clock = Clock(dt.date(2017, 8, 18), 0, 24 * HOUR)  # a Friday
    assert working_intervals(NIGHT, clock)[0] == (22 * HOUR, 30 * HOUR)


def test_round_the_clock_is_one_interval():
    assert len(working_intervals(ALWAYS, Clock(dt.date(2017, 3, 1), 0, 30 * 24 * HOUR))) == 1


@pytest.mark.parametrize(
    ("calendar", "work", "rest"),
    [(TWO_SHIFTS, 80 * HOUR, 56 * HOUR), (NIGHT, 8 * HOUR, 160 * HOUR), (ALWAYS, 168 * HOUR, 0)],
)
def test_weekly_work_and_longest_break(calendar, work, rest):
    assert weekly_work_s(calendar) == work
    assert longest_break_s(calendar) == rest


@pytest.mark.parametrize(
    ("hours", "busiest"),
    [(1, 1), (16, 16), (24, 16), (40, 32), (24 * 5, 80), (168, 80), (168 + 16, 96), (336 + 40, 192)],
)
def test_busiest_window(hours, busiest):
    assert busiest_s(TWO_SHIFTS, hours * HOUR) == busiest * HOUR
