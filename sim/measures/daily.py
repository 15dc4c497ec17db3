"""The run day by day, warm-up included: waits by crossing, vehicles built, loads on the way, loads in stock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from sim.clock import Clock
from sim.customs.flow import Floats, Ints
from sim.ledger.ledger import NOT_YET, Ledger
from sim.measures.context import ALL
from sim.plan import Plan
from sim.units import DAY, HOUR, MINUTE

WAIT, BUILT, MOVING, STOCKED = "wait_min_by_day", "built_by_day", "moving_by_day", "stocked_by_day"


@dataclass(frozen=True, slots=True)
class Series:
    """What is told of every day of a run.

    Parameters
    ----------
    title, unit : str
        Words for figures.
    """

    title: str
    unit: str


SERIES: Mapping[str, Series] = MappingProxyType(
    {
        WAIT: Series("Mean wait for a booth, everybody's trucks, by day of joining", "min"),
        BUILT: Series("Vehicles built", "vehicles a day"),
        MOVING: Series("Loads on the way at the end of the day", "loads"),
        STOCKED: Series("Loads in stock, not used up, at the end of the day", "loads"),
    }
)


@dataclass(frozen=True, slots=True)
class DayRow:
    """One figure of one UTC day; fields as in `Row`: `value` is counted in the unit that the measure names."""

    measure: str
    vehicle: str
    item: str
    day: dt.date
    value: float


def daily(plan: Plan, ledger: Ledger, clock: Clock) -> list[DayRow]:
    """Every series of `SERIES` over the whole run; waits by crossing that has booths, on days on which a truck came."""
    days = clock.days()
    found: list[DayRow] = []

    def note(measure: str, item: str, values: Floats) -> None:
        told = zip(days, values.tolist(), strict=True)
        found.extend(DayRow(measure, ALL, item, day, value) for day, value in told if value == value)

    for crossing, values in _waits(plan, ledger, len(days)):
        note(WAIT, crossing, values)
    note(BUILT, "", _built(plan, ledger, len(days)))
    loads = ledger.loads
    shipped_s = np.where(loads.ordered_s == NOT_YET, 0, loads.shipped_s)  # what is there or on the way at the start
    on_way = _passed(shipped_s, len(days)) - _passed(loads.received_s, len(days))
    note(MOVING, "", on_way.astype(np.float64))
    kept = np.where(plan.lanes.stock[loads.lane] >= 0, loads.received_s, NOT_YET)
    note(STOCKED, "", (_passed(kept, len(days)) - _passed(_used_up_s(ledger), len(days))).astype(np.float64))
    return found


def _waits(plan: Plan, ledger: Ledger, days: int) -> Iterator[tuple[str, Floats]]:
    """Mean wait (minutes) at every crossing with booths; NaN on a day on which nobody came."""
    hours, rows = ledger.hours, ledger.passages
    queued = (rows.truck == rows.load) & (rows.started_s != NOT_YET)
    for crossing in np.flatnonzero(plan.crossings.booths_standard > 0).tolist():
        own = queued & (rows.crossing == crossing)
        joined, waited_s = rows.joined_s[own] // DAY, (rows.started_s - rows.joined_s)[own]
        trucks = _by_day(hours.passed[crossing], days) + np.bincount(joined, minlength=days)[:days]
        wait_s = _by_day(hours.wait_s[crossing], days) + np.bincount(joined, waited_s, minlength=days)[:days]
        means = np.divide(wait_s, trucks * MINUTE, out=np.full(days, np.nan), where=trucks > 0)
        yield plan.crossings.ids[crossing], means


def _by_day(hourly: Ints, days: int) -> Ints:
    per_day = DAY // HOUR
    padded = np.zeros(max(days * per_day, hourly.size), dtype=np.int64)
    padded[: hourly.size] = hourly
    summed: Ints = padded[: days * per_day].reshape(days, per_day).sum(axis=1)
    return summed


def _built(plan: Plan, ledger: Ledger, days: int) -> Floats:
    loads = ledger.loads
    made = (plan.recipes.is_assembly[plan.lanes.recipe[loads.lane]] == 1) & (loads.finished_s != NOT_YET)
    days_of = loads.finished_s[made] // DAY
    return np.bincount(days_of, loads.units[made], minlength=days)[:days].astype(np.float64)


def _passed(seconds: Ints, days: int) -> Ints:
    """How many of some moments have come by the end of each day."""
    come = seconds[seconds != NOT_YET] // DAY
    total: Ints = np.bincount(come, minlength=days)[:days].cumsum()
    return total


def _used_up_s(ledger: Ledger) -> Ints:
    """When the last unit of each load went into something; -1 where some are left."""
    loads, uses = ledger.loads, ledger.uses
    size = loads.lane.size
    taken = np.bincount(uses.source, uses.units, minlength=size)
    last = np.full(size, NOT_YET, dtype=np.int64)
    np.maximum.at(last, uses.source, loads.started_s[uses.consumer])
    found: Ints = np.where(taken >= loads.units, last, NOT_YET)
    return found
