"""The figure of plants that stay or move: for every vehicle, what moving it to its best place would gain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.report.source import as_words
from sim.report.style import (
    BLUE,
    INK,
    SLASH,
    VERMILION,
    add_legend,
    digits_for,
    new_figure,
    plain_axes,
    shortened,
    signed,
    styled,
    thousands,
    wrapped,
)
from sim.report.trade_figures import MILLION, vehicle_label

MOST_SHOWN = 20  # vehicles, those with the largest gain


@styled
def relocate_figure(plants: Sequence[Mapping[str, Any]], title: str, provenance: str) -> Figure:
    """Draw what moving each vehicle to another place would gain.

    Parameters
    ----------
    plants : sequence of mapping
        Each with ``vehicles``: rows of ``vehicle``, ``moves_to`` (empty for those that stay) and ``places`` with
        ``site`` and ``gain_usd``, US dollars of today over the horizon.
    title, provenance : str
        What is asked, and the line printed under the figure.

    Returns
    -------
    Figure
        One bar a vehicle in million US dollars, hatched where it moves, the place written beside it: that to which it
        moves, otherwise its best.
    """
    rows = [(row, best_place(row)) for plant in plants for row in plant["vehicles"]]
    known = sorted(((row, best) for row, best in rows if best is not None), key=lambda pair: -pair[1]["gain_usd"])
    shown = known[:MOST_SHOWN]
    figure = new_figure(9.5, 1.5 + 0.5 * max(1, len(shown)), title, provenance, 1)
    axes = figure.subplots()
    gains = [best["gain_usd"] / MILLION for _, best in shown]
    digits = digits_for(gains)
    for line, ((row, best), gain) in enumerate(zip(shown, gains, strict=True)):
        colour, hatch = (VERMILION, SLASH) if row["moves_to"] else (BLUE, "")
        axes.barh(line, gain, height=0.6, color=colour, hatch=hatch, edgecolor="white", linewidth=0)
        site, country = str(best["site"]).rpartition("/")[2], str(best["country"])
        place = country if site.upper() == country else f"{shortened(as_words(site), 30)} ({country})"
        side = 1 if gain >= 0 else -1
        axes.annotate(
            f"{signed(gain, digits)}, {place}",
            (gain, line),
            (4 * side, 0),
            textcoords="offset points",
            va="center",
            ha="left" if side > 0 else "right",
            fontsize=7.5,
        )
    axes.axvline(0.0, color=INK, lw=0.8)
    axes.set_yticks(range(len(shown)), [wrapped(vehicle_label(str(row["vehicle"])), 26) for row, _ in shown])
    axes.set_ylim(len(shown) - 0.4, -0.6)
    low, high = min([0.0, *gains]), max([0.0, *gains])
    span = high - low or 1.0
    axes.set_xlim(low - (0.4 if low < 0 else 0.02) * span, high + (0.4 if high > 0 else 0.02) * span)
    axes.set_xlabel("gain of moving there alone, million US dollars of today, less the new plant")
    plain_axes(axes)
    thousands(axes)
    handles = [
        Patch(facecolor=VERMILION, hatch=SLASH, edgecolor="white", label="moves"),
        Patch(facecolor=BLUE, edgecolor="white", label="stays"),
    ]
    add_legend(figure, handles, 2)
    return figure


def best_place(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The place that a vehicle moves to, or where moving would gain most of those weighed; None where none was."""
    gone = (place for place in row["places"] if place["site"] == row["moves_to"])
    best: Mapping[str, Any] | None = max(row["places"], key=lambda place: place["gain_usd"], default=None)
    return next(gone, best)
