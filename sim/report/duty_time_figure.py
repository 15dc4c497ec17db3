"""The figure of duty over time: what a vehicle bears, stacked by programme, from one day of change to the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import dates as untyped
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.report.cost_figures import programme_label
from sim.report.style import FILLS, INK, add_legend, days_below, new_figure, plain_axes, shortened, styled

dates: Any = untyped
REST = "other programmes"


@styled
def duty_over_time(days: Sequence[dt.date], duties: Mapping[str, Sequence[float]], provenance: str) -> Figure:
    """Draw duty per vehicle over time, stacked by programme.

    Parameters
    ----------
    days : sequence of date
        In order; each counts until the next.
    duties : mapping of str to sequence of float
        Programme to US dollars a vehicle, one for each day.
    provenance : str
        Line printed under the figure.

    Returns
    -------
    Figure
        Steps, the programme that ever charges most at the bottom; those beyond seven are gathered. The line is the sum.
    """
    order = sorted(duties, key=lambda name: (-max(duties[name]), name))
    named = order if len(order) <= len(FILLS) else order[: len(FILLS) - 1]
    stacks = [(programme_label(name), np.asarray(duties[name])) for name in named]
    if len(order) > len(named):
        stacks.append((REST, np.sum([duties[name] for name in order[len(named) :]], axis=0)))
    lines = -(-len(stacks) // 3)
    figure = new_figure(10.0, 4.2 + 0.21 * lines, "Duty that a vehicle bears, by programme", provenance, lines)
    axes = figure.subplots()
    at = dates.date2num(list(days))
    floor = np.zeros(len(days))
    handles = []
    for (label, values), (colour, hatch) in zip(stacks, FILLS, strict=False):
        look: dict[str, Any] = {"facecolor": colour, "hatch": hatch, "edgecolor": "white", "linewidth": 0.0}
        axes.fill_between(at, floor, floor + values, step="post", **look)
        handles.append(Patch(label=shortened(label, 40), **look))
        floor = floor + values
    axes.step(at, floor, where="post", color=INK, linewidth=1.0)
    axes.set_xlim(at[0], at[-1])
    axes.set_ylim(bottom=0)
    axes.set_ylabel("USD a vehicle")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    days_below(axes, most=10)
    plain_axes(axes, "y")
    add_legend(figure, handles, 3)
    return figure
