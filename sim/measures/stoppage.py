"""Line stoppage: when an assembly line that had work stood still for want of inputs, and what that cost."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from sim.clock import Clock
from sim.ledger.ledger import NOT_YET, Ledger
from sim.network.model import Calendar, Network, Recipe
from sim.parameters import Parameters
from sim.plan import Plan
from sim.units import HOUR

Ints = NDArray[np.int64]
Window = tuple[int, int]  # seconds, half-open

STOPPED_S = HOUR  # assumption: less than an hour in all is a hiccup that a line makes good


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """Cumulative working seconds of a set of half-open intervals, ascending and disjoint."""

    opens: Ints
    closes: Ints

    def before(self, seconds: Ints) -> Ints:
        """Working seconds before each of some seconds."""
        if not self.opens.size:
            return np.zeros_like(seconds)
        index = np.searchsorted(self.opens, seconds, side="right")
        done = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(self.closes - self.opens)))
        over = np.maximum(0, self.closes[np.maximum(index, 1) - 1] - seconds)
        worked: Ints = done[index] - np.where(index > 0, over, 0)
        return worked

    def until(self, second: int) -> int:
        """Working seconds before a second."""
        return int(self.before(np.array([second], dtype=np.int64))[0])

    def between(self, first: int, last: int) -> int:
        """Working seconds in [first, last); 0 where it is empty."""
        return self.until(last) - self.until(first) if last > first else 0

    def reached(self, worked: int) -> int:
        """Second by which so much work has been done, 1 or more."""
        done = np.cumsum(self.closes - self.opens)
        index = int(np.searchsorted(done, worked))
        return int(self.closes[index] - (done[index] - worked))

    def within(self, pieces: Ints, window: Window) -> int:
        """Working seconds of some intervals [n, 2] that lie in a window, one by one and then in all."""
        cut = np.clip(pieces, *window)
        return int((self.before(cut[:, 1]) - self.before(cut[:, 0])).sum())


@dataclass(frozen=True, slots=True)
class Stoppage:
    """Stoppage of one assembly recipe in the window.

    Parameters
    ----------
    down_h : float
        Line hours, within working time, in which a slot was due and its line free but inputs were short.
    line_h : float
        Line hours of working time in the window.
    built, lost : float
        Vehicles finished in the window; vehicles whose slot was due in it and expired.
    idle_usd, overtime_usd, contribution_usd : float
        Labour paid while down; premium on labour outside regular shifts; contribution of the vehicles lost.
    pieces : int64[slots, 2]
        From ready to start, or expiry, of each slot of the run that waited: a line is down in their working time.
    work : WorkingTime
        Of the lines.
    """

    down_h: float
    line_h: float
    built: float
    lost: float
    idle_usd: float
    overtime_usd: float
    contribution_usd: float
    pieces: Ints = field(default_factory=lambda: np.empty((0, 2), dtype=np.int64), repr=False, compare=False)
    work: WorkingTime | None = field(default=None, repr=False, compare=False)

    def stopped_after(self, second: int, length_s: int) -> int | None:
        """Second at which the lines have been down for so long in all since another; None where they never are.

        Whole seconds, the last of them begun.
        """
        if self.work is None:
            return None
        late = np.maximum(self.pieces[self.pieces[:, 1] > second], second)
        turns = np.unique(late)
        down = np.zeros(turns.size, dtype=np.int64)  # lines that are down from each turn on
        np.add.at(down, np.searchsorted(turns, late[:, 0]), 1)
        np.add.at(down, np.searchsorted(turns, late[:, 1]), -1)
        down = np.cumsum(down)[:-1]
        worked = self.work.before(turns)
        so_far = np.cumsum(np.diff(worked) * down)
        at = int(np.searchsorted(so_far, length_s))
        if at == so_far.size:
            return None
        lacking = length_s - (int(so_far[at - 1]) if at else 0)
        return self.work.reached(int(worked[at]) + -(-lacking // int(down[at])))

    @property
    def total_usd(self) -> float:
        """All three costs; a minute of stoppage is never priced a second time."""
        return self.idle_usd + self.overtime_usd + self.contribution_usd


def stoppages(
    network: Network, plan: Plan, ledger: Ledger, clock: Clock, parameters: Parameters
) -> Mapping[str, Stoppage]:
    """Stoppage of every assembly recipe in the window of the clock, in id order.

    Notes
    -----
    Slots are served first-in first-out. A slot is ready at the later of its due second and the end of the slot
    before it on its line; down time is the working time from ready to start, or to expiry if it never starts.
    """
    case = _Case(plan, ledger, clock, parameters, _expiries(plan))
    made = sorted(recipe.id for recipe in network.recipes.values() if recipe.schedule)
    return MappingProxyType({name: _stoppage(case, network, network.recipes[name]) for name in made})


@dataclass(frozen=True, slots=True)
class _Case:
    """One run."""

    plan: Plan
    ledger: Ledger
    clock: Clock
    parameters: Parameters
    expires: Mapping[tuple[int, int], int]  # second at which each slot does, by lane and number of the load

    def inside(self, seconds: Ints) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = (seconds >= self.clock.start_s) & (seconds < self.clock.end_s)
        return found


def _stoppage(case: _Case, network: Network, recipe: Recipe) -> Stoppage:
    plan, loads, clock = case.plan, case.ledger.loads, case.clock
    index = plan.recipes.ids.index(recipe.id)
    lines = int(plan.recipes.lines[index])
    work = _plan_time(plan, index)
    rows = np.flatnonzero((plan.lanes.recipe[loads.lane] == index) & (loads.ordered_s != NOT_YET))
    rows = rows[np.lexsort((loads.n[rows], loads.lane[rows], loads.ordered_s[rows]))]
    lost_rows = rows[(loads.is_lost[rows] == 1) & case.inside(loads.ordered_s[rows])]
    lost = float(loads.units[lost_rows].sum())
    pieces = _down_pieces(case, rows, lines)
    down_s = idle_s = overtime_s = 0.0  # the latter two weighted by what the currency of their pay is worth
    for window, worth in _stretches(case, network.sites[recipe.site].currency):
        stretch_s = work.within(pieces, window)
        down_s += stretch_s
        idle_s += worth * stretch_s
        overtime_s += worth * _overtime_seconds(case, network, recipe, rows, work, window)
    pay = recipe.labour_usd / recipe.work_s  # US dollars of labour per working second of one line
    premium = case.parameters.overtime_premium_pct / 100
    contribution = case.parameters.contribution_pct_of_msrp / 100
    return Stoppage(
        down_h=down_s / HOUR,
        line_h=lines * work.between(clock.start_s, clock.end_s) / HOUR,
        built=float(loads.units[rows[case.inside(loads.finished_s[rows])]].sum()),
        lost=lost,
        idle_usd=idle_s * pay,
        overtime_usd=premium * pay * overtime_s,
        contribution_usd=lost * contribution * (recipe.schedule.msrp_usd if recipe.schedule else 0.0),
        pieces=pieces,
        work=work,
    )


def _stretches(case: _Case, currency: str) -> Iterator[tuple[Window, float]]:
    """The window of the run, cut where the worth of a currency changes, and its worth in each piece."""
    clock, worth = case.clock, case.parameters.worth
    midnights = [clock.second(dt.datetime.combine(day, dt.time(), dt.UTC)) for day in worth.changes(currency)]
    edges = sorted({clock.start_s, clock.end_s, *(s for s in midnights if clock.start_s < s < clock.end_s)})
    for first, last in pairwise(edges):
        day = np.array([clock.date(first).toordinal()], dtype=np.int64)
        yield (first, last), float(worth.on(currency, day)[0])


def _plan_time(plan: Plan, recipe: int) -> WorkingTime:
    calendars, own = plan.calendars, plan.recipes.calendar[recipe]
    first, last = calendars.first[own], calendars.first[own + 1]
    return WorkingTime(calendars.opens_s[first:last], calendars.closes_s[first:last])


def _down_pieces(case: _Case, rows: Ints, lines: int) -> Ints:
    """From ready to start, or expiry, of each slot that waited, over the lines of one recipe: [slots, 2]."""
    loads, clock = case.ledger.loads, case.clock
    free = [0] * lines
    pieces = []
    for row in rows:
        ready = max(int(loads.ordered_s[row]), heapq.heappop(free))
        if loads.is_lost[row]:
            ended = busy_until = max(ready, case.expires[int(loads.lane[row]), int(loads.n[row])])
        elif loads.started_s[row] == NOT_YET:
            ended = busy_until = clock.end_s
        else:
            ended = int(loads.started_s[row])
            finished = int(loads.finished_s[row])
            busy_until = finished if finished != NOT_YET else clock.end_s
        heapq.heappush(free, max(busy_until, ready))
        if ended > ready:
            pieces.append((ready, ended))
    return np.array(pieces, dtype=np.int64).reshape(-1, 2)


def _expiries(plan: Plan) -> dict[tuple[int, int], int]:
    """Second at which each slot expires, by lane and number of the load."""
    schedule, lanes = plan.schedule, plan.lanes
    seeds = np.diff(lanes.seed_first)
    numbers = schedule.n + seeds[schedule.lane]  # a lane's seeds are numbered before its orders
    keys = zip(schedule.lane.tolist(), numbers.tolist(), strict=True)
    return dict(zip(keys, schedule.expires_s.tolist(), strict=True))


def _overtime_seconds(
    case: _Case, network: Network, recipe: Recipe, rows: Ints, work: WorkingTime, window: Window
) -> float:
    """Working seconds spent on vehicles in a window outside the recipe's regular shifts."""
    if recipe.schedule is None or not recipe.schedule.overtime_calendar:
        return 0.0
    loads, clock = case.ledger.loads, case.clock
    regular = regular_time(network.calendars[recipe.calendar], clock)
    own = rows[loads.started_s[rows] != NOT_YET]
    finished = np.where(loads.finished_s[own] != NOT_YET, loads.finished_s[own], clock.end_s)
    first, last = np.maximum(loads.started_s[own], window[0]), np.minimum(finished, window[1])
    first, last = first[last > first], last[last > first]
    spent = work.before(last) - work.before(first) - (regular.before(last) - regular.before(first))
    return float(np.maximum(spent, 0).sum())


def regular_time(calendar: Calendar, clock: Clock) -> WorkingTime:
    """Working time of a weekly calendar over the whole run, in simulated seconds."""
    zone = ZoneInfo(calendar.time_zone)
    first = clock.begins - dt.timedelta(days=1)
    intervals = []
    for offset in range(len(clock.days()) + 2):
        day = first + dt.timedelta(days=offset)
        midnight = dt.datetime.combine(day, dt.time())
        for weekday, opens, closes in calendar.shifts:
            if weekday == day.weekday() and not calendar.is_shut(day):
                ends = [(midnight + dt.timedelta(hours=h)).replace(tzinfo=zone) for h in (opens, closes)]
                intervals.append((clock.second(ends[0]), clock.second(ends[1])))
    table = np.array(sorted(intervals), dtype=np.int64).reshape(-1, 2)
    return WorkingTime(table[:, 0], table[:, 1])
