"""How often milk runs leave: the waits between departures, and how many trucks their loads come to."""

from __future__ import annotations

import math

from sim.network.model import MilkRun
from sim.units import DAY, HOUR, WEEK


def gaps_s(run: MilkRun) -> list[int]:
    """Seconds from each departure of an ordinary week to the next one.

    Examples
    --------
    >>> from sim.network.model import Evidence
    >>> told = Evidence("assumption", 0.0, "example")
    >>> [gap // HOUR for gap in gaps_s(MilkRun("r", "America/Detroit", ((0, 6.0), (2, 18.0)), told))]
    [60, 108]
    """
    leaves_s = [round(weekday * DAY + hour * HOUR) for weekday, hour in run.departures]
    following = [*leaves_s[1:], leaves_s[0] + WEEK]
    return [later - sooner for sooner, later in zip(leaves_s, following, strict=True)]


def longest_wait_s(run: MilkRun) -> int:
    """The longest that a finished load may stand on the dock in an ordinary week, seconds."""
    return max(gaps_s(run))


def trucks_per_week(run: MilkRun, loads_per_week: float) -> float:
    """Trucks of a run on which `loads_per_week` ride: departures that find a load on the dock.

    Loads are taken to be finished at any time alike and without regard to each other, at which a gap of g seconds
    brings none with probability exp(-loads g / week).
    """
    return math.fsum(-math.expm1(-loads_per_week * gap / WEEK) for gap in gaps_s(run))
