"""The one clock: whole seconds since the simulation begins, and the dates and local hours they stand for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from sim.units import DAY, HOUR


@dataclass(frozen=True, slots=True)
class Clock:
    """Translates between simulated seconds and calendar time.

    Parameters
    ----------
    begins : date
        Day whose midnight UTC is second 0: the first day of the warm-up.
    warm_up_s : int
        Seconds before measuring starts.
    run_s : int
        Seconds that are measured.
    """

    begins: dt.date
    warm_up_s: int
    run_s: int

    @property
    def start_s(self) -> int:
        """First measured second."""
        return self.warm_up_s

    @property
    def end_s(self) -> int:
        """First second after the run; all intervals are half-open."""
        return self.warm_up_s + self.run_s

    def moment(self, second: int) -> dt.datetime:
        """Calendar time (UTC) of a simulated second."""
        return dt.datetime.combine(self.begins, dt.time(), dt.UTC) + dt.timedelta(seconds=int(second))

    def date(self, second: int) -> dt.date:
        """UTC date of a simulated second."""
        return self.begins + dt.timedelta(days=int(second) // DAY)

    def second(self, moment: dt.datetime) -> int:
        """Simulated second of a calendar time; a time without a zone is read as UTC."""
        aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        return int((aware - self.moment(0)).total_seconds())

    def days(self) -> tuple[dt.date, ...]:
        """Every UTC date that the simulation touches, in order."""
        count = -(-self.end_s // DAY)
        return tuple(self.begins + dt.timedelta(days=n) for n in range(count))

    def local_hours(self, time_zone: str, hours: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Local weekday (Monday 0) and hour of day of each of the first `hours` UTC hours.

        Daylight saving follows the zone's rules, so a local hour may repeat or be missing.
        """
        return _local_hours(self.begins, time_zone, hours)

    def local_months(self, time_zone: str, hours: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Local year and month (January 1) of each of the first `hours` UTC hours."""
        return _local_months(self.begins, time_zone, hours)


@lru_cache(maxsize=64)
def _local_hours(begins: dt.date, time_zone: str, hours: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    local_s = np.arange(hours, dtype=np.int64) * HOUR + _offsets(begins, ZoneInfo(time_zone), hours)
    weekday = (local_s // DAY + begins.weekday()) % 7
    hour = local_s // HOUR % 24
    weekday.setflags(write=False)
    hour.setflags(write=False)
    return weekday, hour


@lru_cache(maxsize=64)
def _local_months(begins: dt.date, time_zone: str, hours: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    local_s = np.arange(hours, dtype=np.int64) * HOUR + _offsets(begins, ZoneInfo(time_zone), hours)
    months = (np.datetime64(begins, "D") + local_s // DAY).astype("datetime64[M]").astype(np.int64)  # since 1970
    year, month = 1970 + months // 12, 1 + months % 12
    year.setflags(write=False)
    month.setflags(write=False)
    return year, month


def _offsets(begins: dt.date, zone: ZoneInfo, hours: int) -> NDArray[np.int64]:
    """Seconds that local time is ahead of UTC in each hour.

    Asked once a day; the hours of a day are asked one by one only where the next day begins with another offset.
    """
    origin = dt.datetime.combine(begins, dt.time(), dt.UTC)

    def offset(hour: int) -> int:
        ahead = (origin + dt.timedelta(hours=hour)).astimezone(zone).utcoffset()
        assert ahead is not None  # a zone was given
        return round(ahead.total_seconds())

    daily = [offset(hour) for hour in range(0, hours + 24, 24)]
    found = np.repeat(np.array(daily, dtype=np.int64), 24)[:hours]
    for day in range(len(daily) - 1):
        if daily[day] != daily[day + 1]:
            changing = range(24 * day, min(24 * day + 24, hours))
            found[24 * day : 24 * day + 24] = [offset(hour) for hour in changing]
    return found
