"""The figure of cost-of-content curves: extra cost against content, thresholds, and where paying is cheaper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.report.style import (
    BLUE,
    GREY,
    INK,
    VERMILION,
    add_legend,
    new_figure,
    plain_axes,
    save_as,
    styled,
    wrapped,
)
from sim.report.trade_figures import vehicle_label
from sim.sourcing.curve import US, Curve

COLUMNS = 3
ROOM = 1.6  # a panel reaches so many times the cost of paying, where that is dearer than the first points


@styled
def content_curves(curves: Sequence[Curve], provenance: str) -> Figure:
    """Draw the extra landed cost of each vehicle against its content.

    Parameters
    ----------
    curves : sequence of Curve
        Of one kind, one a vehicle.
    provenance : str
        Line printed under the figure.

    Returns
    -------
    Figure
        One panel a vehicle: the curve of cheapest plans, a dashed line where nothing is claimed and duty is paid, a
        diamond at today's sources, a cross where paying becomes cheaper, thin lines at the thresholds of agreements and
        proposals. The vertical axis ends above the cost of paying.
    """
    what = "share of the United States" if curves[0].kind == US else "regional content"
    columns = min(COLUMNS, len(curves))
    deep = -(-len(curves) // columns)
    figure = new_figure(3.6 * columns + 0.6, 1.1 + 2.7 * deep, f"What {what} costs", provenance, 1)
    grid = figure.subplots(deep, columns, squeeze=False)
    for place in range(deep * columns):
        axes = grid[place // columns][place % columns]
        if place < len(curves):
            _panel(axes, curves[place], what)
        else:
            axes.set_visible(False)
    add_legend(figure, _key(), 4)
    return figure


def _key() -> list[Line2D]:
    return [
        Line2D([], [], color=BLUE, marker="o", ms=3, label="cheapest plan, preference claimed"),
        Line2D([], [], color=VERMILION, linestyle="--", label="nothing claimed, duty paid"),
        Line2D([], [], color=INK, marker="D", ms=5, linestyle="none", label="today's sources"),
        Line2D([], [], color=VERMILION, marker="X", ms=7, linestyle="none", label="from here on paying is cheaper"),
    ]


def _panel(axes: Axes, curve: Curve, what: str) -> None:
    least = curve.points[0].cost_usd
    paying = curve.pays_usd - least
    contents = [point.content_pct for point in curve.points]
    extra = [point.cost_usd - least for point in curve.points]
    top = max(ROOM * paying, 300.0) if curve.gives_up_pct is not None else max(extra[-1], paying) * 1.05
    axes.plot(contents, extra, color=BLUE, marker="o", ms=2.6, lw=1.3)
    axes.axhline(paying, color=VERMILION, linestyle="--", lw=1.1)
    axes.plot([curve.today_pct], [curve.today_usd - least], color=INK, marker="D", ms=5, linestyle="none")
    if curve.gives_up_pct is not None:
        axes.plot([curve.gives_up_pct], [paying], color=VERMILION, marker="X", ms=7, linestyle="none")
    axes.set_ylim(-0.03 * top, top)
    shown = [x for x, y in zip(contents, extra, strict=True) if y <= top] or contents[:1]
    named = _merged(curve)
    left = min([*shown, *named, curve.today_pct]) - 1.5
    axes.set_xlim(left, min(100.5, max([*shown, *named]) + 1.5))
    for level, label in named.items():
        axes.axvline(level, color=GREY, lw=0.8, linestyle=":")
        axes.annotate(
            f" {level:g} % {label}",
            (level, top),
            rotation=90,
            va="top",
            ha="right",
            fontsize=6.5,
            color="#555555",
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.6},
        )
    axes.set_title(wrapped(vehicle_label(curve.vehicle), 34))
    axes.set_xlabel(f"{what}, %")
    axes.set_ylabel("extra cost, USD a vehicle")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    plain_axes(axes, "y")


def _merged(curve: Curve) -> dict[float, str]:
    """Thresholds in order, rules with the same one together, in short words."""
    found: dict[float, list[str]] = {}
    for mark in curve.marks:
        short = mark.label.replace("United States proposal of", "US").replace("NAFTA, ", "").replace("USMCA, ", "")
        found.setdefault(mark.threshold_pct, []).append(short)
    return {level: " and ".join(names) for level, names in sorted(found.items())}


def save_curves(curves: Sequence[Curve], question: Mapping[str, Any], file: Path) -> Path:
    """Draw curves and write them to a file, whose name says how: .png, .svg or .pdf."""
    law = ", ".join(question["reforms"]) or "no reform"
    provenance = (
        f"nafta-sim; network {question['network']}, {law}, known on {question['known']}, for {question['on']}; "
        f"content: {curves[0].method}"
    )
    return save_as(content_curves(curves, provenance), file)
