"""Figures of time: border hours and lost vehicles, waits by crossing, the passport of one load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.source import ALL, Summary
from sim.report.style import (
    BLACK,
    BLUE,
    GREY,
    INK,
    PALE,
    SERIES,
    VERMILION,
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
MAX_STOPS = 60


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
    span = max(max(edges, default=1.0) - min(edges, default=0.0), 0.02 * abs(base), 1e-3)
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
                label=summary.label(scenario) + " (mean)" if line == 0 else None,
            )
    axes.set_yticks(range(len(crossings)), [crossing_label(name) for name in crossings])
    axes.set_ylim(len(crossings) - 0.4, -0.6)
    axes.set_xlim(left=0)
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


def crossing_label(crossing: str) -> str:
    """Words for a crossing: ``ambassador_bridge/us`` becomes ``ambassador bridge, to US``."""
    port, _, to = crossing.rpartition("/")
    return f"{port.replace('_', ' ')}, to {to.upper()}" if port else crossing.replace("_", " ")


@styled
def passport(record: Mapping[str, Any], provenance: str) -> Figure:
    """Draw the life of one load: where it was, the borders it met, the value and duty it gathered.

    Parameters
    ----------
    record : mapping
        One entry of the fact ``passports``: ``title``, ``part`` and ``rows`` with ``hours_since_start``,
        ``event``, ``place``, ``country``, and where known ``value_usd`` and ``duty_usd``.
    provenance : str
        Line printed under the figure.

    Returns
    -------
    Figure
        Places in order of first visit from top to bottom, time to the right, borders thick.
    """
    rows = passport_rows(record)
    places = list(dict.fromkeys(_place_of(row) for row in rows))
    money = [row for row in rows if row.get("value_usd") is not None]
    title = "Passport of one load: " + shortened(str(record.get("title") or record.get("part") or ""), 70)
    height = 1.6 + 0.3 * len(places) + (1.5 if money else 0.0)
    figure = new_figure(10.0, height, title, provenance)
    ratios = [0.3 * len(places) + 0.4, 1.5] if money else [1.0]
    panels = figure.subplots(len(ratios), 1, sharex=True, squeeze=False, height_ratios=ratios)[:, 0]
    _places_panel(panels[0], rows, places)
    if money:
        _money_panel(panels[1], money)
    panels[-1].set_xlabel("days since the load was ordered")
    return figure


def passport_rows(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Rows of a passport that carry a time, in order, at most sixty."""
    rows = [row for row in record.get("rows") or () if row.get("hours_since_start") is not None]
    return sorted(rows, key=lambda row: float(row["hours_since_start"]))[:MAX_STOPS]


def _place_of(row: Mapping[str, Any]) -> str:
    return str(row.get("place") or "under way")


def _is_border(place: str) -> bool:
    return place.rpartition("/")[2].lower() in ("us", "ca", "mx") and not place.startswith(("supplier/", "market/"))


def _days(row: Mapping[str, Any], first: float) -> float:
    return (float(row["hours_since_start"]) - first) / 24.0


def _places_panel(axes: Axes, rows: Sequence[Mapping[str, Any]], places: Sequence[str]) -> None:
    first = float(rows[0]["hours_since_start"]) if rows else 0.0
    spans = _stays(rows)
    end = max((float(row["hours_since_start"]) - first for row in rows), default=1.0) / 24.0
    for number, (place, begin, until) in enumerate(spans):
        line, left, right = places.index(place), (begin - first) / 24, (until - first) / 24
        border = _is_border(place)
        axes.plot(
            [left, right],
            [line, line],
            color=VERMILION if border else BLUE,
            linewidth=6 if border else 3,
            solid_capstyle="butt",
            marker="|" if border else "o",
            markersize=9 if border else 4,
        )
        if border:
            axes.annotate(
                f"{until - begin:.1f} h",
                (right, line),
                (7, 0),
                textcoords="offset points",
                va="center",
                fontsize=7.5,
            )
        if number + 1 < len(spans):
            follower, start, _ = spans[number + 1]
            axes.plot(
                [right, (start - first) / 24],
                [line, places.index(follower)],
                color=GREY,
                linewidth=0.9,
                linestyle=":",
            )
    axes.set_yticks(range(len(places)), [_place_label(place, rows) for place in places])
    axes.set_ylim(len(places) - 0.4, -0.6)
    axes.set_xlim(-0.02 * end, 1.08 * end)
    plain_axes(axes)


def _stays(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, float, float]]:
    """Merge rows in a run at one place into (place, first hour, last hour)."""
    spans: list[tuple[str, float, float]] = []
    for row in rows:
        place, hour = _place_of(row), float(row["hours_since_start"])
        if spans and spans[-1][0] == place:
            spans[-1] = (place, spans[-1][1], hour)
        else:
            spans.append((place, hour, hour))
    return spans


def _place_label(place: str, rows: Sequence[Mapping[str, Any]]) -> str:
    if _is_border(place):
        return "border: " + crossing_label(place)
    country = next((str(row.get("country") or "") for row in rows if _place_of(row) == place), "")
    words = place.replace("_", " ")
    return f"{words} ({country})" if country else words


def _money_panel(axes: Axes, rows: Sequence[Mapping[str, Any]]) -> None:
    first = float(rows[0]["hours_since_start"])
    days = [_days(row, first) for row in rows]
    axes.step(days, [float(row["value_usd"]) for row in rows], where="post", color=INK, label="value of the load")
    duty = [float(row.get("duty_usd") or 0.0) for row in rows]
    if any(duty):
        axes.step(days, duty, where="post", color=VERMILION, linestyle="--", label="duty gathered")
    axes.set_ylabel("USD")
    axes.set_ylim(0, 1.08 * max(1.0, *(float(row["value_usd"]) for row in rows)))
    axes.legend(loc="upper left")
    plain_axes(axes, grid="y")


__all__ = ["border_hours", "border_waits", "crossing_label", "crossings_drawn", "passport"]
