"""The figure of a run over time: how the replications lie day by day, the warm-up shaded, scenarios on one scale."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from matplotlib import dates as untyped
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.measures.daily import SERIES
from sim.report.source import crossing_label
from sim.report.style import PALE, add_legend, days_below, new_figure, plain_axes, shortened, styled
from sim.report.style import SERIES as STYLES

dates: Any = untyped
MOST_SCENARIOS = 6  # whose bands can be told apart
Band = Mapping[str, NDArray[Any]]


@styled
def over_time(
    panels: Sequence[tuple[str, str, Mapping[str, Band]]],
    labels: Mapping[str, str],
    start: dt.date,
    provenance: str,
    names: Mapping[str, str] = MappingProxyType({}),
) -> Figure:
    """Draw series over time.

    Parameters
    ----------
    panels : sequence of (series, item, bands)
        One panel each, `bands` by scenario: columns ``day``, ``low_5``, ``median``, ``high_95``.
    labels : mapping of str to str
        Words for scenarios.
    start : date
        First day of the window; what lies before is warm-up.
    names : mapping of str to str
        Words for crossings.

    Returns
    -------
    Figure
        A line at the median over replications, around it the band from 5 to 95 %. A scenario whose figures are all
        those of one drawn before is left out.
    """
    drawn = sorted({name for _, _, bands in panels for name in _distinct(bands)}, key=list(labels).index)
    lines = -(-len(drawn) // 3)
    figure = new_figure(10.0, 1.0 + 0.21 * lines + 2.1 * len(panels), "The run over time", provenance, lines)
    handles = {}
    every = figure.subplots(len(panels), sharex=True, squeeze=False)[:, 0]
    for axes, (series, item, bands) in zip(every, panels, strict=True):
        for name in _distinct(bands):
            colour, _, _ = STYLES[drawn.index(name) % len(STYLES)]
            handles[name] = _draw(axes, bands[name], colour, shortened(labels[name], 40))
        _dress(axes, series, crossing_label(item, names) if item else "", start)
    add_legend(figure, [handles[name] for name in drawn], 3)
    return figure


def _distinct(bands: Mapping[str, Band]) -> list[str]:
    """Scenarios in order, without those that only repeat one before, as many as can be told apart."""
    found: list[str] = []
    for name, band in bands.items():
        if not any(_same(band, bands[other]) for other in found):
            found.append(name)
    return found[:MOST_SCENARIOS]


def _same(first: Band, second: Band) -> bool:
    return all(np.array_equal(first[key], second[key]) for key in ("day", "low_5", "median", "high_95"))


def _draw(axes: Axes, band: Band, colour: str, label: str) -> Any:
    days = dates.date2num([dt.date.fromisoformat(day) for day in band["day"].tolist()])
    axes.fill_between(days, band["low_5"], band["high_95"], color=colour, alpha=0.22, linewidth=0)
    (line,) = axes.plot(days, band["median"], color=colour, linewidth=1.2, label=label)
    return line


def _dress(axes: Axes, series: str, about: str, start: dt.date) -> None:
    begin = float(dates.date2num(start))
    left, right = axes.get_xlim()
    axes.axvspan(left, begin, color=PALE, zorder=0)
    axes.set_xlim(left, right)
    axes.set_title(f"{SERIES[series].title}{': ' + about if about else ''}")
    axes.set_ylabel(SERIES[series].unit)
    axes.set_ylim(bottom=0)
    days_below(axes)
    plain_axes(axes, "y")
