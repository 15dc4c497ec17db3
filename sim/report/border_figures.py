"""Figures of time at the border: hours per vehicle and vehicles lost, and waits by crossing."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.source import ALL, Summary
from sim.report.style import (
    BLACK,
    BLUE,
    GREY,
    PALE,
    SERIES,
    add_legend,
    digits_for,
    new_figure,
    plain_axes,
    shortened,
    styled,
    thousands,
    with_interval,
    wrapped,
)

BORDER = "border_hours_per_vehicle"
WAIT = "border_wait_min"
LOST = "vehicles_lost"
MAX_CROSSINGS = 14


@styled
def border_hours(summary: Summary, provenance: str) -> Figure:
    """Draw border hours per vehicle and vehicles lost, by scenario.

    Returns
    -------
    Figure
        Two panels, a point per scenario; the bar through a point is the 95 % interval of its paired change
        from the baseline, whose value is the dashed line.
    """
    measures = [
        (BORDER, "Hours at borders per vehicle", "load-hours at crossings per vehicle built"),
        (LOST, "Vehicles lost", "vehicles not built in the measured window"),
    ]
    present = [entry for entry in measures if summary.headline(entry[0])]
    figure = new_figure(10.0, 1.5 + 0.42 * len(summary.scenarios), "Time at the border and builds lost", provenance)
    panels = figure.subplots(1, max(1, len(present)), sharey=True, squeeze=False)[0]
    for axes, (measure, title, unit) in zip(panels, present, strict=False):
        _points(axes, summary, measure)
        axes.set_title(title)
        axes.set_xlabel(unit)
    return figure


def _points(axes: Axes, summary: Summary, measure: str) -> None:
    rows = {row.scenario: row for row in summary.headline(measure)}
    base = rows[summary.baseline].mean if summary.baseline in rows else 0.0
    axes.axvline(base, color=GREY, linestyle="--", linewidth=0.9)
    digits = digits_for([row.difference for row in rows.values()])
    for line, name in enumerate(summary.scenarios):
        if name not in rows:
            continue
        row = rows[name]
        is_base = name == summary.baseline
        axes.errorbar(
            row.mean,
            line,
            xerr=None if is_base else row.reach,
            marker="D" if is_base else "o",
            color=BLACK if is_base else BLUE,
            markerfacecolor="white" if is_base else BLUE,
            capsize=3,
            linestyle="none",
        )
        text = f"{row.mean:,.{digits}f}"
        if not is_base:
            text += f"  ({with_interval(row.difference, row.half_width_95, digits)})"
        right = row.mean if is_base else row.mean + row.reach
        axes.annotate(text, (right, line), (7, 0), textcoords="offset points", va="center", fontsize=7.5)
    edges = [x for row in rows.values() for x in (row.mean - row.reach, row.mean + row.reach)]
    span = max(max(edges, default=1.0) - min(edges, default=0.0), 0.02 * abs(base) or 1.0)
    axes.set_xlim(min(edges, default=0.0) - 0.06 * span, max(edges, default=1.0) + 0.62 * span)
    thousands(axes)
    axes.set_yticks(range(len(summary.scenarios)), [wrapped(summary.label(s), 26) for s in summary.scenarios])
    axes.set_ylim(len(summary.scenarios) - 0.4, -0.6)
    plain_axes(axes)


def crossings_drawn(summary: Summary) -> list[str]:
    """Name the crossings with the longest mean wait in the baseline, the longest first."""
    means = {}
    for item in summary.items(WAIT):
        crossing, _, statistic = item.partition("|")
        row = summary.one(summary.baseline, WAIT, ALL, item)
        if statistic == "mean" and row is not None:
            means[crossing] = row.mean
    order = sorted(means, key=lambda name: (-means[name], name))
    return [name for name in order if means[name] > 0][:MAX_CROSSINGS]


@styled
def border_waits(summary: Summary, provenance: str) -> Figure:
    """Draw the wait at each crossing: its spread in the baseline and its mean under every scenario.

    Returns
    -------
    Figure
        Per crossing a grey band from the median to the 95th percentile of the baseline and one marker per
        scenario at its mean.
    """
    crossings = crossings_drawn(summary)
    lines = -(-(len(summary.scenarios) + 1) // 3)
    height = 1.0 + 0.21 * lines + 0.42 * len(crossings)
    figure = new_figure(9.5, height, "Wait at the border by crossing", provenance, lines)
    axes = figure.subplots()
    for line, crossing in enumerate(crossings):
        _band(axes, summary, crossing, line)
        for number, scenario in enumerate(summary.scenarios):
            row = summary.one(scenario, WAIT, ALL, f"{crossing}|mean")
            if row is None:
                continue
            colour, marker, _ = SERIES[number % len(SERIES)]
            offset = 0.13 * (number - (len(summary.scenarios) - 1) / 2)
            axes.plot(
                row.mean,
                line + offset,
                marker=marker,
                color=colour,
                markersize=5,
                linestyle="none",
                markerfacecolor="white" if scenario == summary.baseline else colour,
                label=shortened(summary.label(scenario), 40) + " (mean)" if line == 0 else None,
            )
    axes.set_yticks(range(len(crossings)), [wrapped(summary.crossing(name), 38) for name in crossings])
    axes.set_ylim(len(crossings) - 0.4, -0.6)
    axes.set_xlim(left=-0.01 * axes.get_xlim()[1])
    axes.set_xlabel("wait from joining the queue to the booth, minutes")
    plain_axes(axes)
    add_legend(figure, axes.get_legend_handles_labels()[0], 3)
    return figure


def _band(axes: Axes, summary: Summary, crossing: str, line: int) -> None:
    low = summary.one(summary.baseline, WAIT, ALL, f"{crossing}|median")
    high = summary.one(summary.baseline, WAIT, ALL, f"{crossing}|p95")
    if low is None or high is None:
        return
    label = "baseline, median to 95th percentile" if line == 0 else None
    axes.barh(line, high.mean - low.mean, left=low.mean, height=0.72, color=PALE, edgecolor="#C8C8C8", label=label)


__all__ = ["border_hours", "border_waits", "crossings_drawn"]
