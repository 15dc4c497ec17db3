"""Weekly shifts in local time become working intervals in simulated seconds, and the questions asked of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from sim.clock import Clock
from sim.network.model import Calendar
from sim.units import DAY, HOUR

Interval: TypeAlias = tuple[int, int]

SLACK_DAYS = 60  # work begun within the run may end after it; beyond this nothing can reach back into the ledger


def working_intervals(calendar: Calendar, clock: Clock) -> list[Interval]:
    """Half-open working intervals in seconds, ascending and merged, from second 0 to `SLACK_DAYS` past the end.

    Local shift hours follow daylight saving: the eight o'clock shift begins at eight o'clock all year.
    """
    zone = ZoneInfo(calendar.time_zone)
    origin = clock.moment(0)
    days = len(clock.days()) + SLACK_DAYS
    found = []
    for offset in range(-1, days + 1):
        day = clock.begins + dt.timedelta(days=offset)
        for weekday, opens, closes in calendar.shifts:
            if weekday == day.weekday():
                opens_s = _second(day, opens, zone, origin)
                closes_s = _second(day, closes, zone, origin)
                found.append((max(0, opens_s), closes_s))
    return merge(pair for pair in found if pair[1] > 0)


def _second(day: dt.date, hour: float, zone: ZoneInfo, origin: dt.datetime) -> int:
    midnight = dt.datetime.combine(day, dt.time(), zone)
    local = midnight + dt.timedelta(hours=hour)  # wall-clock arithmetic, as a shift plan is written
    return int((local.astimezone(dt.UTC) - origin).total_seconds())


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
    week = [
        (round(weekday * DAY + opens * HOUR), round(weekday * DAY + closes * HOUR))
        for weekday, opens, closes in sorted(calendar.shifts)
    ]
    whole, rest = divmod(window_s, 7 * DAY)
    repeated = np.array([(o + shift, c + shift) for shift in (0, 7 * DAY) for o, c in week], dtype=np.int64)
    base = whole * weekly_work_s(calendar)
    if not len(repeated) or not rest:
        return base
    starts = repeated[: len(week), 0][:, None]
    overlap = np.minimum(repeated[:, 1], starts + rest) - np.maximum(repeated[:, 0], starts)
    return base + int(np.clip(overlap, 0, None).sum(axis=1).max())


def compact(calendars: Sequence[Sequence[Interval]]) -> tuple[NDArray[np.int64], ...]:
    """Interval lists as the three arrays of `sim.plan.Calendars`: first, opens, closes."""
    first = np.cumsum([0, *(len(intervals) for intervals in calendars)]).astype(np.int64)
    flat = np.array([pair for intervals in calendars for pair in intervals], dtype=np.int64).reshape(-1, 2)
    return first, flat[:, 0].copy(), flat[:, 1].copy()
