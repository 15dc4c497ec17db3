"""The booths that fitted traffic asks for, beside those that were seen open and those that are built."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from sim.calibration.regression import Fit
from sim.clock import Clock
from sim.network.build.crossings import crossing_row
from sim.network.build.facts import read_border_process, read_ports
from sim.network.build.tables import Fact
from sim.network.model import Crossing, with_evidence
from sim.planning.staffing import booths_wanted, fast_part
from sim.planning.traffic import expected_traffic
from sim.units import DAY, HOUR

DAY_PCT = 90.0  # assumption: above this use of a whole day its peak leaves hours of queue, and people turn round


@dataclass(frozen=True, slots=True)
class Need:
    """A weekday of a year's busiest month at a port into the United States.

    Parameters
    ----------
    wanted_standard, wanted_fast : int
        Booths that the hourly rule asks for in the busiest hour.
    seen_standard, seen_fast : int
        The most that were seen open.
    staffed_standard : int
        Standard booths up to which networks staff: those seen open, or as many more, up to what is built, as serve the
        day at `DAY_PCT` of their time. Whatever was counted was served.
    installed : int
        All booths that are built.
    short_hours : int
        Hours of the day in which more are asked for than networks staff, in either class.
    use_pct : float
        Booth time that the day asks for, of what the staffed booths can give while the port works, the busier class:
        above 100 the day cannot be served.
    """

    port: str
    year: int
    month: int
    wanted_standard: int
    wanted_fast: int
    seen_standard: int
    seen_fast: int
    staffed_standard: int
    installed: int
    short_hours: int
    use_pct: float


def booth_need(fit: Fit, year: int) -> Need:
    """What the busiest month of a fitted year asks of a port's booths, on a Wednesday.

    Parameters
    ----------
    fit : Fit
    year : int
        One of the fit's years.

    Returns
    -------
    Need
    """
    row = read_ports()[fit.port]
    crossing = into_united_states(row)
    month = 1 + int(np.argmax(fit.season))
    first = dt.date(year, month, 1)
    wednesday = first + dt.timedelta(days=(calendar.WEDNESDAY - first.weekday()) % 7)
    clock = Clock(wednesday - dt.timedelta(days=1), 0, 3 * DAY)
    seen = int(row["booths_standard"])
    crossing = replace(crossing, background_weekend_pct=100 * fit.weekend)
    traffic = expected_traffic(crossing, clock, 0.0, fit.weekday_trucks, fit.season)
    weekday, _ = clock.local_hours(crossing.time_zone, traffic.total_per_hour.size)
    day = np.flatnonzero(weekday == calendar.WEDNESDAY)[:24]
    standard, fast = (booths[day] for booths in booths_wanted(crossing, traffic.total_per_hour))
    trucks, hours = float(traffic.total_per_hour[day].sum()), int(traffic.is_open[day].sum())
    most = int(row["booths_installed"]) - crossing.booths_fast
    staffed = next(
        (n for n in range(seen, most) if _use_pct(replace(crossing, booths_standard=n), trucks, hours) <= DAY_PCT),
        max(seen, most),
    )
    short = (standard > staffed) | (fast > crossing.booths_fast)
    return Need(
        fit.port,
        year,
        month,
        int(standard.max()),
        int(fast.max()),
        seen,
        crossing.booths_fast,
        staffed,
        int(row["booths_installed"]),
        int(short.sum()),
        _use_pct(replace(crossing, booths_standard=staffed), trucks, hours),
    )


def _use_pct(crossing: Crossing, trucks: float, hours: int) -> float:
    fast = fast_part(crossing)
    work = (
        ((1 - fast) * crossing.cycle_standard_s, crossing.booths_standard),
        (
            fast * crossing.cycle_fast_s,
            crossing.booths_fast,
        ),
    )
    return max(100 * trucks * cycle / (booths * hours * HOUR) for cycle, booths in work if booths)


def into_united_states(row: Fact) -> Crossing:
    """The crossing into the United States of a row of ``ports.csv``."""
    return Crossing(**with_evidence(crossing_row(row, "US", read_border_process())))
