"""Disruptions: other people's trucks by month, when plants stopped, how long lines grew and when they cleared."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.customs.flow import Floats, Ints
from sim.measures.context import ALL, Context, Figure
from sim.measures.stoppage import STOPPED_S
from sim.network.hours import shut_seconds
from sim.scenario.shocks import KINDS
from sim.units import HOUR, MINUTE, WEEK

CLEARED_S = 30 * MINUTE  # assumption: so much above the mean of the week before counts as cleared


def background_trucks(context: Context) -> Iterator[Figure]:
    """Other people's trucks by crossing, local month and what became of them, by hour of arrival in the window.

    ``passed`` those that stayed in line, ``lost`` those that gave up: they do not come another day. ``diverted`` those
    that went to another crossing, where they came over (``came_over``) and are among those that passed or are lost.
    """
    hours, clock = context.ledger.hours, context.clock
    count = hours.passed.shape[1]
    inside = context.in_window(np.arange(count, dtype=np.int64) * HOUR)
    for row, name in enumerate(context.plan.crossings.ids):
        if context.plan.crossings.booths_standard[row] == 0:
            continue
        year, month = clock.local_months(context.network.crossings[name].time_zone, count)
        number = np.where(inside, 12 * year + month - 1, -1)
        for own in np.unique(number[inside]).tolist():
            there = number == own
            label = f"{name}|{own // 12}-{own % 12 + 1:02d}"
            for what, counted in (("passed", hours.passed), ("lost", hours.gave_up)):
                yield ALL, f"{label}|{what}", float(counted[row][there].sum())
            for what, counted in (("diverted", hours.diverted), ("came_over", hours.came_over)):
                if counted[row].any():
                    yield ALL, f"{label}|{what}", float(counted[row][there].sum())


def first_stop(context: Context) -> Iterator[Figure]:
    """Hours from the first shock until the lines of an assembly recipe have stood still for an hour in all.

    Only in runs with a shock, and only where they do; ``all`` is the earliest. A line stands still within working time
    while a slot is due and an input is short.
    """
    stops = _stops(context)
    for vehicle, stop_h in stops.items():
        if stop_h is not None:
            yield vehicle, "", stop_h
    found = [stop_h for stop_h in stops.values() if stop_h is not None]
    if found:
        yield ALL, "", min(found)


def stopped(context: Context) -> Iterator[Figure]:
    """Whether the lines of an assembly recipe stand still for an hour in all after the first shock: 100 or 0.

    ``all``: share of the assembly recipes. Only in runs with a shock.
    """
    stops = _stops(context)
    for vehicle, stop_h in stops.items():
        yield vehicle, "", 0.0 if stop_h is None else 100.0
    if stops:
        yield ALL, "", 100.0 * sum(stop_h is not None for stop_h in stops.values()) / len(stops)


def _stops(context: Context) -> dict[str, float | None]:
    """Hours from the first shock to the stop of each assembly recipe; empty without a shock in the run."""
    begins = [context.clock.second(shock.from_) for shock in context.shocks]
    if not begins:
        return {}
    first = min(begins)
    stops = {name: own.stopped_after(first, STOPPED_S) for name, own in context.stoppages.items()}
    return {name: None if second is None else (second - first) / HOUR for name, second in stops.items()}


def worst_wait(context: Context) -> Iterator[Figure]:
    """Longest mean wait of an hour, by crossing: hours that other people's trucks that came then queued for a booth.

    While the port works: hours in which it rests, by its ordinary hours, between the middle of the hour and the moment
    at which a truck of the mean wait is served are left out, as for our own trucks (`border_wait`). Of an hour whose
    trucks were served partly before it closed, partly when it opened again, that tells the time until it closed. A
    closure that a scenario imposes is waiting.
    ``crossing|inspection``: that they queued for a bay of the state inspection, where any did.
    """
    hours = context.ledger.hours
    booth_h, bay_h = _open_wait_s(context) / HOUR, _mean(hours.wait_bay_s, hours.inspected) / HOUR
    inside = context.in_window(np.arange(booth_h.shape[1], dtype=np.int64) * HOUR)
    for row, name in enumerate(context.plan.crossings.ids):
        if context.plan.crossings.booths_standard[row] > 0 and (booth_h[row][inside] >= 0).any():
            yield ALL, name, float(booth_h[row][inside].max())
            if (bay_h[row][inside] > 0).any():
                yield ALL, f"{name}|inspection", float(bay_h[row][inside].max())


def queue_clears(context: Context) -> Iterator[Figure]:
    """Hours from the end of a crossing's last shock until an hour whose trucks queue like those of the week before.

    At most half an hour longer, in the mean, than those of the week before its first shock. Only at crossings that are
    struck, where both are within the run and the queue clears in it.
    """
    wait_s, clock = _mean_wait_s(context), context.clock
    for row, name in enumerate(context.plan.crossings.ids):
        port = context.network.crossings[name].port
        own = [x for x in context.shocks if KINDS[x.kind].place in ("crossing", "queue") and x.at in (name, port)]
        if not own:
            continue
        first, last = (clock.second(x) // HOUR for x in (min(x.from_ for x in own), max(x.until for x in own)))
        before = wait_s[row, max(0, first - WEEK // HOUR) : max(0, first)]
        after = wait_s[row, last:]
        if (before >= 0).any():
            usual = float(before[before >= 0].mean())
            cleared = np.flatnonzero((after >= 0) & (after <= usual + CLEARED_S))
            if cleared.size:
                yield ALL, name, float(cleared[0])


def _mean_wait_s(context: Context) -> Floats:
    """Mean wait of other people's trucks by crossing and hour of arrival, seconds; -1 where none passed."""
    return _mean(context.ledger.hours.wait_s, context.ledger.hours.passed)


def _open_wait_s(context: Context) -> Floats:
    """The same while the port works by its ordinary hours, seconds; -1 where none passed."""
    wait_s = _mean_wait_s(context)
    row, hour = np.nonzero(wait_s >= 0)
    came_s = hour * HOUR + HOUR // 2  # the middle stands for all that came in the hour
    served_s = came_s + wait_s[row, hour].astype(np.int64)
    crossings, clock = context.plan.crossings, context.clock
    wait_s[row, hour] -= shut_seconds(
        context.network, crossings.ids, clock, row, came_s, served_s, crossings.open_standard
    )
    return wait_s


def _mean(total_s: Ints, trucks: Ints) -> Floats:
    mean: Floats = np.full(trucks.shape, -1.0)
    np.divide(total_s, trucks, out=mean, where=trucks > 0)
    return mean
