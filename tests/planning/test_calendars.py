"""Shifts in local time against hand-counted seconds."""

import datetime as dt
from dataclasses import replace

import pytest

from sim.clock import Clock
from sim.network.model import Calendar, Shutdown
from sim.planning.calendars import busiest_s, longest_break_s, shift_starts, weekly_work_s, working_intervals
from tests.planning.conftest import KNOWN

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


def shut(calendar, *spans):
    return replace(calendar, shutdowns=tuple(Shutdown("closed", first, last, KNOWN) for first, last in spans))


def test_shutdowns_hold_every_year_and_span_new_year():
    calendar = shut(ALWAYS, ((12, 24), (1, 1)), ((7, 1), (7, 14)))
    days = [dt.date(year, month, day) for year in (2017, 2018) for month, day in ((1, 1), (7, 1), (7, 14), (12, 24))]
    assert all(calendar.is_shut(day) for day in days)
    outside = [dt.date(2018, month, day) for month, day in ((1, 2), (6, 30), (7, 15), (12, 23), (11, 28))]
    assert not any(calendar.is_shut(day) for day in outside)


def test_no_shift_begins_in_a_shutdown():
    """Monday 26 June 2017, closed from 1 to 9 July: a night shift of 30 June ends on the first closed day."""
    clock = Clock(dt.date(2017, 6, 26), 0, 21 * 24 * HOUR)
    closed = ((7, 1), (7, 9))
    week = working_intervals(shut(TWO_SHIFTS, closed), clock)[:6]
    assert [opens // HOUR for opens, _ in week] == [10, 34, 58, 82, 106, 14 * 24 + 10]
    night = working_intervals(shut(NIGHT, closed), clock)[:2]
    assert [(opens // HOUR, closes // HOUR) for opens, closes in night] == [(118, 126), (454, 462)]
    assert weekly_work_s(shut(TWO_SHIFTS, closed)) == 80 * HOUR  # planners reckon with an ordinary week


def test_working_days_of_a_year_with_shutdowns():
    """2018 has 261 weekdays; 1 to 14 July holds 10, 24 December to 1 January six and New Year's Day one."""
    clock = Clock(dt.date(2018, 1, 1), 0, 365 * 24 * HOUR)
    calendar = shut(
        Calendar("day", "UTC", tuple((day, 6.0, 14.0) for day in range(5))), ((7, 1), (7, 14)), ((12, 24), (1, 1))
    )
    worked = [opens for opens, _ in working_intervals(calendar, clock) if opens < clock.end_s]
    assert len(worked) == 261 - 10 - 6 - 1


def test_crews_begin_with_their_shifts_and_not_at_midnight():
    three = Calendar("three", "UTC", ((0, 6.0, 14.0), (0, 14.0, 22.0), (0, 22.0, 24.0), (1, 0.0, 6.0), (3, 0.0, 8.0)))
    starts = shift_starts(three, Clock(dt.date(2017, 8, 14), 0, 7 * 24 * HOUR))
    assert [second // HOUR for second in starts[:4]] == [6, 14, 22, 72]  # Thursday's midnight shift follows nobody
