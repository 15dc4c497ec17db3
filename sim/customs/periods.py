"""Averaging periods: the months, quarters or years over which the content of what was made is averaged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from sim.customs.flow import Flow, Ints
from sim.errors import ScenarioError

MONTHS = (0, 1, 3, 12)  # 0: the whole run


@dataclass(frozen=True, slots=True)
class Periods:
    """The averaging periods that a flow touches, in order.

    Parameters
    ----------
    edges : int64[periods - 1]
        First day (ordinal) of each period but the first.
    begins, ends : tuple of date
        First and last day of each: calendar periods (a producer's fiscal year is taken to be the calendar year). The
        last day of the run closes the last one.
    """

    edges: Ints
    begins: tuple[dt.date, ...]
    ends: tuple[dt.date, ...]

    def of(self, ordinals: Ints) -> Ints:
        """Period of each day."""
        return np.searchsorted(self.edges, ordinals, side="right").astype(np.int64)

    def words(self, period: int) -> str:
        """A period in words: its first and last day."""
        return f"{self.begins[period]} to {self.ends[period]}"


def periods_of(flow: Flow, months: float) -> Periods:
    """Cut the days of a flow into averaging periods.

    Parameters
    ----------
    months : float
        Length of a period: 1, 3 or 12 calendar months; 0 for the whole run.

    Raises
    ------
    ScenarioError
        Another length.
    """
    if months not in MONTHS:
        allowed = ", ".join(str(item) for item in MONTHS)
        raise ScenarioError("parameters", [f"averaging_months: {months:g} is not a period. Allowed: {allowed} months."])
    first = dt.date.fromordinal(int(flow.made_on[flow.exists].min(initial=flow.begins.toordinal())))
    begins = _firsts(first, flow.ends, int(months)) if months else [first]
    ends = [*(day - dt.timedelta(days=1) for day in begins[1:]), flow.ends]
    return Periods(np.array([day.toordinal() for day in begins[1:]], dtype=np.int64), tuple(begins), tuple(ends))


def _firsts(first: dt.date, last: dt.date, months: int) -> list[dt.date]:
    """First days of the calendar periods from that of one day to that of another."""
    found: list[dt.date] = []
    number = (first.year * 12 + first.month - 1) // months
    while True:
        year, month = divmod(number * months, 12)
        day = dt.date(year, month + 1, 1)
        if found and day > last:
            return found
        found.append(day)
        number += 1
