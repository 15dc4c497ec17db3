"""The build schedule: when each lot of vehicles is due, for which market, and when it is too late to build it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.clock import Clock
from sim.network.model import Lane, Network
from sim.plan import Schedule
from sim.planning.calendars import Interval, merge, working_intervals
from sim.planning.demand import vehicles_per_day
from sim.units import DAY, HOUR, PPM, WEEK

Ints = NDArray[np.int64]
Swing: TypeAlias = tuple[int, int, int]  # first second, first second after, factor in parts per million
NO_SWINGS: Mapping[str, Sequence[Swing]] = MappingProxyType({})

NEW_DAY_S = 5 * HOUR  # between the last shift of a day and the first of the next


def build_schedule(
    network: Network, clock: Clock, wanted: Mapping[str, int], swings: Mapping[str, Sequence[Swing]] = NO_SWINGS
) -> Schedule:
    """Spread each recipe's daily vehicles evenly over its regular shifts, more or fewer of them where demand swings.

    A slot may be made up in overtime of its own week; what is not begun when that week's work ends is lost.
    Markets take turns by their shares: each slot goes to the market furthest below its share, ties by lane id.
    """
    rows = {lane: row for row, lane in enumerate(network.lanes)}
    markets: dict[str, list[Lane]] = {}
    for lane in network.lanes.values():
        if not lane.to_recipe:
            markets.setdefault(lane.from_recipe, []).append(lane)
    parts = [np.empty((3, 0), dtype=np.int64)]
    for recipe_id, per_day in vehicles_per_day(network, wanted).items():
        recipe = network.recipes[recipe_id]
        assert recipe.schedule is not None  # vehicles_per_day lists only assembly recipes
        regular = working_intervals(network.calendars[recipe.calendar], clock)
        due_s = _due_seconds(regular, per_day / recipe.schedule.lot_units, clock)
        for swing in swings.get(recipe_id, ()):
            due_s = swung(due_s, swing)
        if due_s.size:
            lanes = markets[recipe_id]
            turns = np.array([rows[lane.id] for lane in lanes])[_take_turns(lanes, due_s.size)]
            ends = _week_ends(assembly_intervals(network, recipe_id, clock))
            parts.append(np.stack((due_s, turns, ends[np.searchsorted(ends, due_s, side="right")])))
    due_s, lane_rows, expires_s = np.concatenate(parts, axis=1)
    order = np.lexsort((lane_rows, due_s))
    lane_rows = lane_rows[order]
    return Schedule(due_s[order], lane_rows, _count_within(lane_rows), expires_s[order])


def swung(due_s: Ints, swing: Swing) -> Ints:
    """Slots with those of an interval taken so many times, evenly spread.

    Parameters
    ----------
    due_s : int64[slots], ascending
    swing : tuple of int
        First second, first second after, and factor in parts per million. Of the first k slots in the interval, the
        whole part of k times the factor remains.

    Examples
    --------
    >>> swung(np.array([0, 10, 20, 30, 40]), (10, 40, 1_500_000)).tolist()
    [0, 10, 20, 20, 30, 40]
    """
    first, last = np.searchsorted(due_s, swing[:2])
    so_far = np.arange(last - first + 1) * swing[2] // PPM
    times = np.ones(due_s.size, dtype=np.int64)
    times[first:last] = np.diff(so_far)
    return np.repeat(due_s, times)


def assembly_intervals(network: Network, recipe_id: str, clock: Clock) -> list[Interval]:
    """When an assembly line may run: regular shifts and overtime."""
    recipe = network.recipes[recipe_id]
    names = [recipe.calendar]
    if recipe.schedule and recipe.schedule.overtime_calendar:
        names.append(recipe.schedule.overtime_calendar)
    return merge(pair for name in names for pair in working_intervals(network.calendars[name], clock))


def _due_seconds(regular: Sequence[Interval], slots_per_day: float, clock: Clock) -> Ints:
    """Due times: each working day's slots in equal steps of its working time, the first when its shift opens.

    A fraction of a slot is carried to the next day; of a day that began before second 0 only the rest is built.
    """
    if not regular or slots_per_day <= 0:
        return np.empty(0, dtype=np.int64)
    opens, closes = np.array(regular, dtype=np.int64).T
    worked = np.concatenate(([0], np.cumsum(closes - opens)))  # seconds worked before each interval
    day_first = np.flatnonzero(np.concatenate(([True], opens[1:] - closes[:-1] >= NEW_DAY_S)))
    day_worked = worked[np.append(day_first, len(opens))]  # seconds worked before each day
    length = np.diff(day_worked)
    begun = np.zeros_like(length)
    begun[0] = length.max() - length[0]
    first = np.arange(len(length)) * slots_per_day
    lowest = np.ceil(first - 1e-9).astype(np.int64)
    slots = np.ceil(first + slots_per_day - 1e-9).astype(np.int64) - lowest
    day = np.repeat(np.arange(len(length)), slots)
    number = np.arange(len(day)) + np.repeat(lowest - (np.cumsum(slots) - slots), slots)
    into = np.rint((number - first[day]) / slots_per_day * (begun + length)[day]).astype(np.int64) - begun[day]
    day, into = day[into >= 0], into[into >= 0]
    work = np.minimum(day_worked[day] + into, day_worked[day + 1] - 1)  # the last second of the day at the latest
    interval = np.searchsorted(worked, work, side="right") - 1
    due_s: Ints = opens[interval] + (work - worked[interval])
    return due_s[due_s < clock.end_s]


def _week_ends(intervals: Sequence[Interval]) -> Ints:
    """End of each working week: an interval followed by a break of 24 hours or more closes a week."""
    opens, closes = np.array(intervals, dtype=np.int64).T
    following = np.append(opens[1:], closes[-1] + WEEK)
    ends: Ints = closes[following - closes >= DAY]
    return ends


def _take_turns(lanes: Sequence[Lane], count: int) -> Ints:
    """Whose turn each of `count` slots is, by position among `lanes`, which stand in id order.

    A lane takes its k-th turn at k / share. The earliest turns of all lanes, in order, are what choosing the lane
    furthest below its share, slot by slot, would give.
    """
    shares = np.array([max(lane.share_pct, 1e-9) for lane in lanes])
    # no lane can take more: when one has k turns, every other has reached k / share as well but for its last
    most = np.ceil((count + len(lanes)) * shares / shares.sum()).astype(np.int64) + 1
    lane = np.repeat(np.arange(len(lanes)), most)
    turn = (_count_within(lane) + 1) / shares[lane]
    return lane[np.argsort(turn, kind="stable")[:count]]


def _count_within(values: Ints) -> Ints:
    """Number each value among its equals, in order of place: 0, 1, ..."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    numbers = np.empty_like(values)
    numbers[order] = np.arange(len(values)) - np.searchsorted(ordered, ordered)
    return numbers
