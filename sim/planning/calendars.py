"""Weekly shifts in local time become working intervals in simulated seconds, and the questions asked of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from sim.clock import Clock
from sim.network.model import Calendar, MilkRun
from sim.units import DAY, HOUR, WEEK

Ints = NDArray[np.int64]
Interval: TypeAlias = tuple[int, int]

SLACK_DAYS = 60  # work begun within the run may end after it; beyond this nothing can reach back into the ledger


@lru_cache(maxsize=128)
def working_intervals(calendar: Calendar, clock: Clock) -> tuple[Interval, ...]:
    """Half-open working intervals in seconds, ascending and merged, from second 0 to `SLACK_DAYS` past the end.

    Local shift hours follow daylight saving: the eight o'clock shift begins at eight o'clock all year. A shift that
    begins on a day of a shutdown is not worked.
    """
    return tuple(merge(_shifts(calendar, clock)))


def shift_starts(calendar: Calendar, clock: Clock) -> list[int]:
    """Seconds at which crews begin, ascending, as far as `working_intervals` goes.

    A shift that begins at midnight where one ends is the rest of the night shift, written in two.
    """
    ends_at_midnight = {(weekday + 1) % 7 for weekday, _, closes in calendar.shifts if closes == 24.0}
    begun = tuple(x for x in calendar.shifts if x[1] > 0.0 or x[0] not in ends_at_midnight)
    return sorted({opens for opens, _ in _shifts(replace(calendar, shifts=begun), clock)})


@lru_cache(maxsize=128)
def _shifts(calendar: Calendar, clock: Clock) -> tuple[Interval, ...]:
    begins = dt.datetime.combine(clock.begins, dt.time(), ZoneInfo(calendar.time_zone))
    days = range(-1, len(clock.days()) + SLACK_DAYS + 1)
    reach = max((int(closes // 24) for *_, closes in calendar.shifts), default=0) + 1
    midnight = {day: _second(begins, dt.timedelta(days=day)) for day in range(-1, days.stop + reach)}
    found: list[Interval] = []
    for weekday, opens, closes in calendar.shifts:
        into = dt.timedelta(hours=opens), dt.timedelta(hours=closes)
        after = [part.total_seconds() for part in into]
        for day in days[(weekday - begins.weekday() + 1) % 7 :: 7]:
            if calendar.is_shut(clock.begins + dt.timedelta(days=day)):
                continue
            opens_s, closes_s = (int(midnight[day] + seconds) for seconds in after)
            if midnight[day + reach] - midnight[day] != reach * DAY:  # the clocks change on the way
                opens_s, closes_s = (_second(begins, dt.timedelta(days=day) + part) for part in into)
            if closes_s > 0:
                found.append((max(0, opens_s), closes_s))
    return tuple(found)


def _second(begins: dt.datetime, after: dt.timedelta) -> int:
    """The second at which local clocks show `after` more than local midnight of the first day."""
    ahead = (begins + after).utcoffset()  # wall-clock arithmetic, as a shift plan is written
    assert ahead is not None  # the calendar has a time zone
    return int((after - ahead).total_seconds())


def departures(run: MilkRun, clock: Clock) -> Ints:
    """Seconds within the run at which a milk run leaves, ascending; local hours follow daylight saving."""
    begins = dt.datetime.combine(clock.begins, dt.time(), ZoneInfo(run.time_zone))
    days = range(-1, len(clock.days()) + 2)
    found = [
        _second(begins, dt.timedelta(days=day, hours=hour))
        for weekday, hour in run.departures
        for day in days[(weekday - begins.weekday() + 1) % 7 :: 7]
    ]
    leaves_s = np.unique(np.array(found, dtype=np.int64))  # two hours of the night may be one when clocks change
    return leaves_s[(leaves_s >= 0) & (leaves_s < clock.end_s)]


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """Sort intervals and join those that touch or overlap.

    Examples
    --------
    >>> merge([(5, 9), (0, 5), (20, 30)])
    [(0, 9), (20, 30)]
    """
    merged: list[Interval] = []
    for opens, closes in sorted(intervals):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        elif closes > opens:
            merged.append((opens, closes))
    return merged


def without(intervals: Sequence[Interval], gap: Interval) -> list[Interval]:
    """Remove a gap from working intervals.

    Examples
    --------
    >>> without([(0, 9), (20, 30)], (5, 25))
    [(0, 5), (25, 30)]
    """
    kept = []
    for opens, closes in intervals:
        kept.append((opens, min(closes, gap[0])))
        kept.append((max(opens, gap[1]), closes))
    return [pair for pair in kept if pair[1] > pair[0]]


def weekly_work_s(calendar: Calendar) -> int:
    """Working seconds of an ordinary week."""
    return round(sum((closes - opens) * HOUR for _, opens, closes in calendar.shifts))


def longest_break_s(calendar: Calendar) -> int:
    """Longest stretch of an ordinary week without work, in seconds; 0 when work never stops."""
    week = merge(
        (round(weekday * DAY + opens * HOUR), round(weekday * DAY + closes * HOUR))
        for weekday, opens, closes in calendar.shifts
    )
    if not week:
        return 7 * DAY
    following = [opens for opens, _ in week[1:]] + [week[0][0] + 7 * DAY]
    return max(opens - closes for (_, closes), opens in zip(week, following, strict=True))


def busiest_s(calendar: Calendar, window_s: int) -> int:
    """Most working seconds that any window of a given length can hold, over ordinary weeks."""
    return int(busiest_each_s(calendar, np.array([window_s], dtype=np.int64))[0])


def busiest_each_s(calendar: Calendar, windows_s: Ints) -> Ints:
    """`busiest_s` of many windows at once.

    Parameters
    ----------
    windows_s : int64[n], 0 or more

    Returns
    -------
    int64[n]
    """
    week = [(round(d * DAY + o * HOUR), round(d * DAY + c * HOUR)) for d, o, c in calendar.shifts]
    if not week:
        return np.zeros_like(windows_s)
    whole, rest = np.divmod(windows_s, WEEK)
    opens, closes = np.array([(o + shift, c + shift) for shift in (0, WEEK) for o, c in week], dtype=np.int64).T
    turns = np.unique(np.concatenate((opens, closes)))
    # seconds worked by each turn; between turns work grows evenly, and whole seconds are exact in floating point
    worked = np.clip(turns[:, None], opens, closes).sum(axis=1) - opens.sum()
    starts = np.unique(opens[: len(week)])  # the busiest window begins with a shift
    within = np.interp(starts + rest[:, None], turns, worked) - np.interp(starts, turns, worked)
    most: Ints = whole * weekly_work_s(calendar) + within.max(axis=1).astype(np.int64)
    return most


def compact(calendars: Sequence[Sequence[Interval]]) -> tuple[Ints, Ints, Ints]:
    """Interval lists as the three arrays of `sim.plan.Calendars`: first, opens, closes.

    Many recipes share a calendar: a list that stands there several times is converted once.
    """
    arrays = {id(intervals): np.array(intervals, dtype=np.int64).reshape(-1, 2) for intervals in calendars}
    each = [arrays[id(intervals)] for intervals in calendars] or [np.empty((0, 2), dtype=np.int64)]
    first = np.cumsum([0, *(len(intervals) for intervals in calendars)]).astype(np.int64)
    return first, np.concatenate([x[:, 0] for x in each]), np.concatenate([x[:, 1] for x in each])
