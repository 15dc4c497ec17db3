"""The build schedule: when each lot of vehicles is due, for which market, and when it is too late to build it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.clock import Clock
from sim.network.model import Lane, Network
from sim.planning.calendars import Interval, merge, working_intervals
from sim.planning.demand import vehicles_per_day
from sim.units import DAY, HOUR, WEEK

NEW_DAY_S = 5 * HOUR  # between the last shift of a day and the first of the next


@dataclass(frozen=True, slots=True)
class Slot:
    """One lot of vehicles to be built for one market lane; times in seconds."""

    due_s: int
    lane: str
    expires_s: int


def build_schedule(network: Network, clock: Clock, wanted: Mapping[str, int]) -> list[Slot]:
    """Spread each recipe's daily vehicles evenly over its regular shifts.

    A slot may be made up in overtime of its own week; what is not begun when that week's work ends is lost.
    Markets take turns by their shares: each slot goes to the market furthest below its share, ties by lane id.
    """
    slots: list[Slot] = []
    for recipe_id, per_day in vehicles_per_day(network, wanted).items():
        recipe = network.recipes[recipe_id]
        schedule = recipe.schedule
        assert schedule is not None  # vehicles_per_day lists only assembly recipes
        regular = working_intervals(network.calendars[recipe.calendar], clock)
        lanes = [lane for lane in network.lanes.values() if lane.from_recipe == recipe_id and not lane.to_recipe]
        dues = _due_seconds(regular, per_day / schedule.lot_units, clock)
        ends = _week_ends(assembly_intervals(network, recipe_id, clock))
        for due_s, lane in zip(dues, _take_turns(lanes, len(dues)), strict=True):
            slots.append(Slot(due_s, lane, next(end for end in ends if end > due_s)))
    return sorted(slots, key=lambda slot: (slot.due_s, slot.lane))


def assembly_intervals(network: Network, recipe_id: str, clock: Clock) -> list[Interval]:
    """When an assembly line may run: regular shifts and overtime."""
    recipe = network.recipes[recipe_id]
    names = [recipe.calendar]
    if recipe.schedule and recipe.schedule.overtime_calendar:
        names.append(recipe.schedule.overtime_calendar)
    return merge(pair for name in names for pair in working_intervals(network.calendars[name], clock))


def _due_seconds(regular: Sequence[Interval], slots_per_day: float, clock: Clock) -> list[int]:
    """Due times: each working day's slots in equal steps of its working time, the first when its shift opens.

    A fraction of a slot is carried to the next day; of a day that began before second 0 only the rest is built.
    """
    days = _days(regular)
    full_s = max((_length(day) for day in days), default=0)
    if not full_s or slots_per_day <= 0:
        return []
    dues: list[int] = []
    for number, day in enumerate(days):
        begun_s = full_s - _length(day) if number == 0 else 0
        first = number * slots_per_day
        for slot in range(math.ceil(first - 1e-9), math.ceil(first + slots_per_day - 1e-9)):
            into_s = round((slot - first) / slots_per_day * (begun_s + _length(day))) - begun_s
            if into_s >= 0:
                dues.append(_after(day, into_s))
    return [second for second in dues if second < clock.end_s]


def _length(day: Sequence[Interval]) -> int:
    return sum(closes - opens for opens, closes in day)


def _after(day: Sequence[Interval], work_s: int) -> int:
    """The second of a working day by which `work_s` seconds have been worked."""
    for opens, closes in day:
        if work_s < closes - opens:
            return opens + work_s
        work_s -= closes - opens
    return day[-1][1] - 1


def _days(regular: Sequence[Interval]) -> list[list[Interval]]:
    """Shifts by working day: a shift that follows a break of five hours or more begins a new one."""
    days: list[list[Interval]] = []
    for opens, closes in regular:
        if not days or opens - days[-1][-1][1] >= NEW_DAY_S:
            days.append([])
        days[-1].append((opens, closes))
    return days


def _week_ends(intervals: Sequence[Interval]) -> list[int]:
    """End of each working week: an interval followed by a break of 24 hours or more closes a week."""
    following = [opens for opens, _ in intervals[1:]] + [intervals[-1][1] + WEEK]
    return [closes for (_, closes), opens in zip(intervals, following, strict=True) if opens - closes >= DAY]


def _take_turns(lanes: Sequence[Lane], count: int) -> list[str]:
    given = dict.fromkeys((lane.id for lane in lanes), 0)
    turns = []
    for _ in range(count):
        pick = min(lanes, key=lambda lane: ((given[lane.id] + 1) / max(lane.share_pct, 1e-9), lane.id))
        given[pick.id] += 1
        turns.append(pick.id)
    return turns
