"""Figures of the hours at the border: waits by hour of the day with bands, and lines over a disruption."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from matplotlib import dates as untyped
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.network.model import Network
from sim.report.hours import Floats, Hours
from sim.report.source import crossing_label, undirected
from sim.report.style import (
    BLUE,
    PALE,
    SERIES,
    add_legend,
    days_below,
    label_outer,
    new_figure,
    plain_axes,
    shortened,
    styled,
    wrapped,
)
from sim.units import HOUR

dates: Any = untyped
MOST_CROSSINGS = 9  # panels of the day, those with the longest waits
MOST_SCENARIOS, MOST_PANELS = 5, 3  # lines and panels of a disruption
AROUND_H = 24  # hours shown before a disruption
_COLUMNS = 3


@styled
def waits_by_hour(hours: Hours, network: Network, label: str, provenance: str) -> Figure:
    """Draw the wait by local hour of the day at the crossings that wait longest.

    Parameters
    ----------
    hours : Hours
        Of one scenario.
    network : Network
        Knows the time zone of each crossing.
    label, provenance : str
        Words for the scenario, and the line printed under the figure.

    Returns
    -------
    Figure
        One panel a crossing: the median over the days measured, and replications where all ledgers are stored; the band
        holds 5 to 95 % of them. Hours in which nobody joined are left blank; who joins before a port closes waits for
        the morning.
    """
    start = hours.clock.start_s // HOUR
    means = {name: np.nanmean(x[:, start:]) for name, x in hours.waits.items() if np.isfinite(x[:, start:]).any()}
    known = [name for name in means if name in network.crossings and means[name] > 0]
    shown = sorted(known, key=lambda name: (-means[name], name))[:MOST_CROSSINGS]
    rows = -(-max(1, len(shown)) // _COLUMNS)
    days = next(iter(hours.waits.values())).shape[0] * (hours.clock.run_s // HOUR // 24) if hours.waits else 0
    title = f"Wait at the border by hour of the day, {label}: median and 5 to 95 % of {days} days"
    figure = new_figure(10.0, 0.9 + 1.9 * rows, title, provenance)
    every = figure.subplots(rows, _COLUMNS, sharex=True, squeeze=False).ravel()
    for axes, crossing in zip(every, shown, strict=False):
        _, hour = hours.clock.local_hours(network.crossings[crossing].time_zone, hours.waits[crossing].shape[1])
        _day(axes, hours.waits[crossing][:, start:], np.asarray(hour)[start:])
        axes.set_title(wrapped(undirected(network.crossings[crossing].name), 37))
    label_outer(every, len(shown), _COLUMNS, "local hour of joining", "minutes")
    return figure


def _day(axes: Axes, waits: Floats, hour: np.ndarray) -> None:
    bands = np.full((3, 24), np.nan)
    for h in range(24):
        values = waits[:, hour == h]
        values = values[np.isfinite(values)]
        if len(values):
            bands[:, h] = np.percentile(values, [5, 50, 95])
    axes.fill_between(np.arange(24), bands[0], bands[2], color=PALE, step="mid", linewidth=0)
    axes.step(np.arange(24), bands[1], where="mid", color=BLUE, linewidth=1.4)
    axes.set_xticks([0, 6, 12, 18, 23])
    axes.set_xlim(-0.5, 23.5)
    axes.set_ylim(bottom=0)
    plain_axes(axes, "y")


@styled
def queue_over_disruption(
    runs: Sequence[Hours],
    labels: Mapping[str, str],
    since: dt.datetime,
    hours: int,
    provenance: str,
    names: Mapping[str, str] = MappingProxyType({}),
) -> Figure:
    """Draw the wait hour by hour before, in and after a disruption, at the crossings where it moves most.

    Parameters
    ----------
    runs : sequence of Hours
        One a plan, the baseline first; of each the median over its replications is drawn.
    labels : mapping of str to str
        Words for scenarios.
    since : datetime
        When the disruption begins, UTC.
    hours : int
        How long it lasts; as long again is shown after it, a week at least.
    names : mapping of str to str
        Words for crossings.

    Returns
    -------
    Figure
        One panel a crossing, the disruption on grey. An hour in which nobody joins, as at a closed port, is blank.
    """
    clock = runs[0].clock
    begin = clock.second(since) // HOUR
    first, last = max(0, begin - AROUND_H), min(clock.end_s // HOUR, begin + max(2 * hours, hours + 7 * 24))
    told = [(run, {name: _median(x[:, first:last]) for name, x in run.waits.items()}) for run in runs[:MOST_SCENARIOS]]
    base = told[0][1]
    moved = {
        name: max((_apart(other[name], base[name]) for _, other in told if name in other), default=0.0) for name in base
    }
    shown = sorted(moved, key=lambda name: (-moved[name], name))[:MOST_PANELS]
    lines = -(-len(told) // 2)
    title = "Wait by hour of joining over the disruption"
    figure = new_figure(10.0, 1.0 + 0.21 * lines + 1.9 * len(shown), title, provenance, lines)
    every = figure.subplots(len(shown), sharex=True, squeeze=False)[:, 0]
    times = dates.date2num([clock.moment(hour * HOUR) for hour in range(first, last)])
    handles = []
    for axes, crossing in zip(every, shown, strict=True):
        axes.axvspan(dates.date2num(since), dates.date2num(since + dt.timedelta(hours=hours)), color=PALE, zorder=0)
        for number, (run, waits) in enumerate(told):
            colour, _, dash = SERIES[number % len(SERIES)]
            words = shortened("; ".join(labels.get(name, name) for name in run.scenarios), 60)
            if crossing in waits:
                (line,) = axes.plot(times, waits[crossing], color=colour, linestyle=dash, linewidth=1.2, label=words)
                handles += [line] if axes is every[0] else []
        axes.set_title(crossing_label(crossing, names))
        axes.set_ylabel("minutes")
        axes.set_ylim(bottom=0)
        days_below(axes)
        plain_axes(axes, "y")
    add_legend(figure, handles, 2)
    return figure


def _median(waits: Floats) -> Floats:
    """Over replications; NaN in an hour in which nobody came in any."""
    found = np.full(waits.shape[1], np.nan)
    known = np.isfinite(waits).any(axis=0)
    found[known] = np.nanmedian(waits[:, known], axis=0)
    return found


def _apart(other: Floats, base: Floats) -> float:
    """By how much two series differ, summed over the hours that both know."""
    both = np.isfinite(other) & np.isfinite(base)
    return float(np.abs(other - base)[both].sum())
