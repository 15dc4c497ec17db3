"""Traffic that a crossing expects: everybody's trucks and what is left of them for others, by hour."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sim.clock import Clock
from sim.network.hours import open_hours
from sim.network.milk_runs import trucks_per_week
from sim.network.model import Crossing, Network, Route
from sim.planning.demand import Demand, roll_down
from sim.units import HOUR

SATURDAY = 5  # first weekday of the weekend, Monday 0
# Saturday's and Sunday's part of a weekend: an assumption, as monthly counts cannot tell them apart.
WEEKEND_PARTS = (0.6, 0.4)  # assumption
_NO_YEARS: Mapping[int, float] = MappingProxyType({})
TABLE_SLACK_H = 24 * 60  # hours of staffing planned past the end, so that late queues can drain

# Hour-of-day shapes, parts of a day's trucks; an assumption in both cases. Southern border, from opening to closing of
# a bridge that works 7:00-24:00: hardly any trucks in the first hours, a plateau of six hours from 13:00 (anchors:
# Nuevo Laredo press, http://liderweb.mx/transfers-aceptan-cruzar-temprano/); other hours stretch it. Northern border:
# round the clock, flat top 10:00-18:00; hours in which a port is shut fall out.
MEXICO = (3, 4, 5, 5.5, 6, 6.5, 7.5, 7.5, 7.5, 7.5, 7.5, 7.5, 7, 6.5, 5.5, 4, 2)
CANADA = (2, 2, 2, 2, 2.5, 3.5, 4, 4.5, 5, 5, 5.5, 5.5, 5.7, 5.7, 5.7, 5.7, 5.5, 5.5, 5.2, 4.5, 4, 3.5, 3, 2.5)


def day_shape(profile: str, opens: int, closes: int) -> NDArray[np.float64]:
    """Part of a day's trucks that comes in each local hour, adding up to 1; all 0 for a day on which a port is shut.

    Parameters
    ----------
    profile : str
        ``mexico`` or ``canada``.
    opens, closes : int
        Local hours, 0 to 24.

    Returns
    -------
    float64[24]

    Examples
    --------
    >>> day_shape("mexico", 6, 14).round(3).tolist()[6:14]
    [0.076, 0.114, 0.138, 0.159, 0.159, 0.156, 0.131, 0.067]
    """
    shape = np.zeros(24)
    if profile == "canada":
        shape[opens:closes] = CANADA[opens:closes]
    elif closes > opens:
        come = np.concatenate(([0.0], np.cumsum(MEXICO)))  # by each hour since opening of a day of the usual length
        hours = np.linspace(0, len(MEXICO), closes - opens + 1)
        shape[opens:closes] = np.diff(np.interp(hours, np.arange(len(come)), come))
    total = shape.sum()
    return shape / total if total > 0 else shape


def hours_of(clock: Clock) -> int:
    """Columns of the hourly tables: the run and `TABLE_SLACK_H` more."""
    return -(-clock.end_s // HOUR) + TABLE_SLACK_H


@dataclass(frozen=True, slots=True)
class Traffic:
    """Expected trucks of one crossing, by hour since second 0.

    Parameters
    ----------
    total_per_hour : ndarray of float64, shape (hours,)
        All traffic that the staffing expects.
    background_per_hour : ndarray of float64, shape (hours,)
        The same less the planned loads of the network itself.
    is_open : ndarray of bool, shape (hours,)
    """

    total_per_hour: NDArray[np.float64]
    background_per_hour: NDArray[np.float64]
    is_open: NDArray[np.bool_]


def expected_traffic(
    crossing: Crossing,
    clock: Clock,
    own_week: float | NDArray[np.float64] = 0.0,
    years: Mapping[int, float] = _NO_YEARS,
    season: Sequence[float] = (),
) -> Traffic:
    """Hourly expectation: level of the year x index of the month x factor of the weekday x profile of the hour.

    Parameters
    ----------
    own_week : float or float64[hours]
        Trucks of the network itself in a week, 0 or more; what the hours expect beyond them is background.
    years : mapping of int to float
        Trucks on a weekday by year. A year without one takes the nearest that is known, of two equally near the
        earlier; without any, `Crossing.background_weekday` holds in every year.
    season : sequence of float
        Twelve indices of the months from January, 1 in the mean; empty for none.

    Returns
    -------
    Traffic

    Notes
    -----
    A mean weekend day carries `background_weekend_pct` of a weekday, of which Saturday has 60 and Sunday 40 parts in
    a hundred of the two days. The day's trucks come while the port is open, in the shape of its profile; on a day
    on which it is shut there are none. Public holidays are no different from other days: the months of a season
    hold their share of them.
    """
    hours = hours_of(clock)
    weekday, hour = clock.local_hours(crossing.time_zone, hours)
    is_open = open_hours(crossing, clock, hours)
    shape = day_shape(crossing.profile, crossing.open_hour, crossing.close_hour)
    weekend_shape = day_shape(crossing.profile, crossing.weekend_open_hour, crossing.weekend_close_hour)
    level = _level(crossing, clock, years, season)
    trucks = level * _day_factors(crossing)[weekday]
    total = trucks * np.where(weekday >= SATURDAY, weekend_shape[hour], shape[hour])
    expected_week = level * _day_factors(crossing).sum()
    own_part = np.divide(own_week, expected_week, out=np.zeros_like(level), where=expected_week > 0)
    return Traffic(total, total * np.maximum(0.0, 1 - own_part), is_open)


def _level(
    crossing: Crossing, clock: Clock, years: Mapping[int, float], season: Sequence[float]
) -> NDArray[np.float64]:
    """Trucks on a weekday by year and month of each hour."""
    year, month = clock.local_months(crossing.time_zone, hours_of(clock))
    level = np.full(year.size, crossing.background_weekday)
    if years:
        for asked in np.unique(year).tolist():
            level[year == asked] = years[nearest_year(years, asked)]
    if season:
        level *= np.array(season, dtype=np.float64)[month - 1]
    return level


def nearest_year(years: Iterable[int], asked: int) -> int:
    """The year of a set that is nearest to another; of two equally near, the earlier.

    Examples
    --------
    >>> nearest_year((2018, 2024), 2021), nearest_year((2018, 2024), 2031)
    (2018, 2024)
    """
    return min(years, key=lambda year: (abs(year - asked), year))


def _day_factors(crossing: Crossing) -> NDArray[np.float64]:
    """Trucks of each weekday from Monday, of those of a working day."""
    weekend = crossing.background_weekend_pct / 100
    return np.array([1.0] * SATURDAY + [2 * weekend * part for part in WEEKEND_PARTS])


def own_trucks_per_week(network: Network, demand: Demand) -> dict[str, float]:
    """Planned trucks of the network over each crossing in an ordinary week, by the usual routes.

    A load has its own; those of a milk run share one at each departure.
    """
    trucks = dict.fromkeys(network.crossings, 0.0)
    riding: dict[str, float] = dict.fromkeys(network.milk_runs, 0.0)
    ways: dict[str, Route] = {}
    for lane in network.lanes.values():
        loads, way = demand.lane_week[lane.id] / lane.load_units, network.routes_of(lane)[0]
        if lane.milk_run:
            riding[lane.milk_run] += loads
            ways[lane.milk_run] = way
        else:
            _add(trucks, way, loads)
    for name, way in ways.items():
        _add(trucks, way, trucks_per_week(network.milk_runs[name], riding[name]))
    return trucks


def _add(trucks: dict[str, float], way: Route, more: float) -> None:
    for step in way.steps:
        if step.crossing:
            trucks[step.crossing] += more


def ordinary_traffic(network: Network, clock: Clock) -> dict[str, Traffic]:
    """Expected traffic of every crossing that has a queue, by crossing id.

    The background is what the ordinary network leaves, whatever a scenario asks of it. Counts of a month with a
    shutdown lack the trucks of plants that rest: less is then taken from them.
    """
    own, worked = own_trucks_per_week(network, roll_down(network, {})), worked_part(network, clock)
    found = {}
    for x in network.crossings.values():
        if x.booths_standard:
            years, season = network.traffic.get(x.id, _NO_YEARS), network.seasons.get(x.id, ())
            found[x.id] = expected_traffic(x, clock, own[x.id] * worked, years, season)
    return found


def worked_part(network: Network, clock: Clock) -> NDArray[np.float64]:
    """Part of their ordinary days on which the plants work in the month of each hour, weighted by vehicles a week."""
    year, month = clock.local_months("UTC", hours_of(clock))
    worked = np.ones(year.size)
    made = [recipe for recipe in network.recipes.values() if recipe.schedule]
    if not any(network.calendars[recipe.calendar].shutdowns for recipe in made):
        return worked
    for y, m in np.unique(np.stack((year, month)), axis=1).T.tolist():
        days = [dt.date(y, m, day + 1) for day in range(monthrange(y, m)[1])]
        asked = built = 0.0
        for recipe in made:
            calendar = network.calendars[recipe.calendar]
            works = {weekday for weekday, _, _ in calendar.shifts}
            per_day = recipe.schedule.vehicles_per_day if recipe.schedule else 0
            ordinary = [day for day in days if day.weekday() in works]
            asked += per_day * len(ordinary)
            built += per_day * sum(not calendar.is_shut(day) for day in ordinary)
        if asked:
            worked[(year == y) & (month == m)] = built / asked
    return worked
