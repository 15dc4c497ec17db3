"""Tariffs day by day as a picture: where each duty stands, and what is charged on some goods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.report.style import (
    BLACK,
    GREY,
    INK,
    SKY,
    VERMILION,
    add_legend,
    new_figure,
    plain_axes,
    shortened,
    styled,
)

# Standing of a duty on a day: fill, hatch. What is not named here is left empty.
STANDINGS = {"announced": ("white", "///"), "suspended": ("#D9D9D9", ""), "in force": (SKY, "")}
_LINES: tuple[tuple[str, Any], ...] = ((BLACK, "-"), (VERMILION, "--"))
_LATER: Any = (0, (1, 1))


@dataclass(frozen=True, slots=True)
class Charged:
    """What is charged on goods, day by day, in percent of their value.

    Parameters
    ----------
    title : str
        Whose line it is, such as ``qualifies``.
    then : sequence of float
        By the papers of each day itself.
    later : sequence of float
        By all papers known now, those that reach back included.
    """

    title: str
    then: Sequence[float]
    later: Sequence[float]


@styled
def tariffs_by_day(
    days: Sequence[dt.date],
    standings: Mapping[str, Sequence[str]],
    goods: Mapping[str, Sequence[Charged]],
    provenance: str,
) -> Figure:
    """Draw the standing of some duties, and below it one panel of rates for each kind of goods.

    Parameters
    ----------
    days : sequence of date
        Consecutive days.
    standings : mapping of str to sequence of str
        By the name of a duty its standing on each day: a key of `STANDINGS`, or anything else for none.
    goods : mapping of str to sequence of Charged
        By the name of goods at most two lines.
    provenance : str
        Line printed under the figure.

    Returns
    -------
    Figure
        A thin upright line on every day on which something changes, its date below.
    """
    tall = 0.26 * len(standings) + 0.25
    figure = new_figure(11.0, 1.75 + tall + 1.5 * len(goods), "What is charged, day by day", provenance, 2)
    panels = figure.subplots(1 + len(goods), 1, sharex=True, height_ratios=(tall, *(1.5 for _ in goods)))
    _standings(panels[0], standings)
    highest = max(max((*x.then, *x.later)) for lines in goods.values() for x in lines) or 1.0
    for axes, (title, lines) in zip(panels[1:], goods.items(), strict=True):
        _charged(axes, lines)
        axes.set_title(title)
        axes.set_ylim(0, 1.28 * highest)
    rates = [daily for lines in goods.values() for line in lines for daily in (line.then, line.later)]
    turns = turning_days([*standings.values(), *rates])
    for axes in panels:
        axes.set_xlim(0, len(days))
        for day in turns:
            axes.axvline(day, color=GREY, linewidth=0.5, linestyle=":", zorder=0)
    _dates(panels[-1], days, turns)
    handles: list[Any] = [
        Patch(facecolor=fill, hatch=hatch, edgecolor=INK, label=word) for word, (fill, hatch) in STANDINGS.items()
    ]
    for one, (colour, dash) in zip(next(iter(goods.values())), _LINES, strict=False):
        handles.append(Line2D([], [], color=colour, linestyle=dash, label=one.title))
    handles.append(Line2D([], [], color=GREY, linestyle=_LATER, linewidth=1.8, label="owed by papers that came later"))
    add_legend(figure, handles, 3)
    return figure


def turning_days(series: Iterable[Sequence[object]]) -> list[int]:
    """Numbers of the days on which any of some series of daily values is not what it was the day before."""
    return sorted({k for values in series for k in range(1, len(values)) if values[k] != values[k - 1]})


def _stretches(values: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Each value with the number of its first day and of the day after its last."""
    first = 0
    for value, group in groupby(values):
        after = first + len(list(group))
        yield value, first, after
        first = after


def _standings(axes: Axes, standings: Mapping[str, Sequence[str]]) -> None:
    for line, values in enumerate(standings.values()):
        for value, first, after in _stretches(values):
            if value in STANDINGS:
                fill, hatch = STANDINGS[value]
                axes.barh(
                    line, after - first, left=first, height=0.62, color=fill, hatch=hatch, edgecolor=INK, linewidth=0.5
                )
    axes.set_yticks(range(len(standings)), [shortened(name, 34) for name in standings])
    axes.set_ylim(len(standings) - 0.4, -0.6)
    plain_axes(axes)
    axes.grid(visible=False)


def _charged(axes: Axes, lines: Sequence[Charged]) -> None:
    for number, (line, (colour, dash)) in enumerate(zip(lines, _LINES, strict=False)):
        then, later = np.asarray(line.then, dtype=np.float64), np.asarray(line.later, dtype=np.float64)
        edges = np.arange(len(then) + 1)
        apart = np.where(then == later, np.nan, later)
        axes.stairs(apart, edges, baseline=None, color=colour, linestyle=_LATER, linewidth=1.8)
        axes.stairs(then, edges, baseline=None, color=colour, linestyle=dash, linewidth=1.6)
        top = int(np.argmax(then))
        after = top + int(np.argmax(np.append(then[top:] < then[top], True)))  # first day below the peak
        labels = [((len(then), then[-1]), (-2, 2), "right", then[-1])]
        if then[top] != then[-1]:  # the first line, as a rule the lower one, is told beside its peak and not above it
            at, offset = (after, (3, -9)) if number == 0 else (top, (0, 2))
            labels.append(((at, then[top]), offset, "left", then[top]))
        for place, offset, side, rate in labels:
            words: Any = {"textcoords": "offset points", "ha": side, "fontsize": 7.5, "color": colour}
            axes.annotate(f"{rate:.4g} %", place, offset, **words)
    axes.set_ylabel("% of value")
    plain_axes(axes, "y")


def _dates(axes: Axes, days: Sequence[dt.date], turns: Sequence[int]) -> None:
    """Quarters on the axis, and above their names each marked day, kept apart from its neighbours."""
    quarters = [number for number, day in enumerate(days) if day.day == 1 and day.month % 3 == 1]
    axes.set_xticks(quarters, [f"{days[number]:%Y-%m}" for number in quarters])
    axes.tick_params(axis="x", pad=52)
    foot, at = axes.get_xaxis_transform(), -np.inf
    least = len(days) / 55  # days between two dates written beside one another: the width of a letter's height
    for number in turns:
        at = max(float(number), at + least)
        axes.annotate(
            days[number].isoformat(),
            (number, 0.0),
            (at, -0.16),
            xycoords=foot,
            textcoords=foot,
            rotation=90,
            ha="center",
            va="top",
            fontsize=6.8,
            color=INK,
            arrowprops={"arrowstyle": "-", "linewidth": 0.5, "color": GREY},
            annotation_clip=False,
        )
