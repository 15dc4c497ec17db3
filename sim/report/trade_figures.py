"""Figures of nations: content against thresholds, trade balances by pair, receipts by treasury."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.report.source import ALL, Comparison, Summary, as_words
from sim.report.style import (
    BLACK,
    BLUE,
    COUNTRY_FILL,
    COUNTRY_NAME,
    FILLS,
    GREEN,
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

BALANCE = "trade_balance_usd"
RECEIPTS = "receipts_usd"
MILLION = 1_000_000.0
_MEETS, _FAILS = ("#9CC4DE", "", BLUE), ("#F0B58F", "///", VERMILION)
TREASURIES = ("US", "CA", "MX")


@styled
def content_thresholds(facts: Mapping[str, Sequence[Mapping[str, Any]]], summary: Summary, provenance: str) -> Figure:
    """Draw each vehicle's originating content beside the threshold it is held to, scenario by scenario.

    Parameters
    ----------
    facts : mapping
        Scenario to its fact ``content``: rows with ``vehicle``, ``content_pct``, ``threshold_pct``,
        ``us_pct`` and ``originates``.
    summary : Summary
        Gives the order and labels of scenarios.
    provenance : str
        Line printed under the figure.

    Returns
    -------
    Figure
        One panel per vehicle; a bar of content, a tick at the threshold, a diamond at the share of value added in
        the United States.
    """
    vehicles = sorted({str(row["vehicle"]) for rows in facts.values() for row in rows})
    scenarios = [name for name in summary.scenarios if facts.get(name)]
    columns = min(3, max(1, len(vehicles)))
    deep = max(1, -(-len(vehicles) // columns))
    height = 1.0 + deep * (0.55 + 0.34 * len(scenarios))
    figure = new_figure(10.5, height, "Regional content against the threshold of the law", provenance, 1)
    grid = figure.subplots(deep, columns, sharex=True, sharey=True, squeeze=False)
    for place in range(deep * columns):
        axes = grid[place // columns][place % columns]
        if place >= len(vehicles):
            axes.set_visible(False)
            continue
        _content_panel(axes, vehicles[place], facts, summary, scenarios)
        axes.tick_params(labelbottom=True)
    add_legend(figure, _content_key(), 4)
    return figure


def _content_key() -> list[Artist]:
    return [
        Patch(facecolor=_MEETS[0], edgecolor=_MEETS[2], label="content, meets the rule"),
        Patch(facecolor=_FAILS[0], hatch=_FAILS[1], edgecolor=_FAILS[2], label="content, fails the rule"),
        Line2D([], [], color=BLACK, marker="|", ms=11, mew=2.4, linestyle="none", label="threshold"),
        Line2D([], [], color=GREEN, marker="D", ms=5, linestyle="none", label="value added in the US"),
    ]


def _content_panel(
    axes: Axes,
    vehicle: str,
    facts: Mapping[str, Sequence[Mapping[str, Any]]],
    summary: Summary,
    scenarios: Sequence[str],
) -> None:
    for line, scenario in enumerate(scenarios):
        row = next((r for r in facts[scenario] if str(r["vehicle"]) == vehicle), None)
        if row is None or row.get("content_pct") is None or not row.get("agreement"):
            axes.annotate("no agreement in force", (2, line), va="center", fontsize=8, style="italic")
            continue
        _content_row(axes, row, line)
    axes.set_yticks(range(len(scenarios)), [wrapped(summary.label(s), 22) for s in scenarios])
    axes.set_ylim(len(scenarios) - 0.4, -0.6)
    axes.set_xlim(0, 128)
    axes.set_xticks(range(0, 101, 25))
    axes.set_xlabel("percent of net cost")
    axes.set_title(vehicle_label(vehicle))
    plain_axes(axes)


def _content_row(axes: Axes, row: Mapping[str, Any], line: int) -> None:
    content, threshold = float(row["content_pct"]), row.get("threshold_pct")
    meets = bool(row.get("originates"))
    colour, hatch, edge = _MEETS if meets else _FAILS
    axes.barh(line, content, height=0.5, color=colour, hatch=hatch, edgecolor=edge, linewidth=0.5)
    text = f"{content:.1f}"
    if threshold:
        axes.plot([float(threshold)] * 2, [line - 0.36, line + 0.36], color=BLACK, linewidth=2.4)
        text += f" of {float(threshold):g}"
    reason = str(row.get("reason") or "")
    if not meets and threshold and content >= float(threshold) and reason:  # what it fails is not the threshold
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.85}
        axes.text(2, line, shortened(reason, 40), va="center", fontsize=6.3, bbox=box, parse_math=False)
    elif row.get("us_pct") is not None:
        axes.plot(float(row["us_pct"]), line, marker="D", color=GREEN, markersize=5, markeredgecolor="white")
    edge_at = max(content, float(threshold or 0.0))
    axes.annotate(text, (edge_at, line), (4, 0), textcoords="offset points", va="center", fontsize=7.5)


def vehicle_label(recipe: str) -> str:
    """Words for an assembly recipe: ``plant/lansing/crossover_ice`` becomes ``Lansing, crossover ICE``."""
    words = recipe.split("/")
    if len(words) < 2:
        return shortened(recipe.replace("_", " "), 40)
    place, what = as_words(words[-2]), as_words(words[-1])
    return shortened(f"{place}, {what[:1].lower()}{what[1:]}", 40)


@styled
def trade_balance(summary: Summary, provenance: str) -> Figure:
    """Draw how each scenario moves the trade balance of every pair of countries.

    Returns
    -------
    Figure
        One panel per pair on one scale, bars with the 95 % interval of the paired change.
    """
    pairs = [item for item in summary.items(BALANCE) if item.count("-") == 1]
    names = summary.reforms
    columns = min(3, max(1, len(pairs)))
    deep = max(1, -(-len(pairs) // columns))
    title = f"Change in trade balance of modelled goods against {summary.label(summary.baseline)}"
    figure = new_figure(10.5, 1.1 + deep * (0.6 + 0.36 * len(names)), title, provenance)
    grid = figure.subplots(deep, columns, sharex=True, sharey=True, squeeze=False)
    for place in range(deep * columns):
        axes = grid[place // columns][place % columns]
        if place >= len(pairs):
            axes.set_visible(False)
            continue
        first, _, second = pairs[place].partition("-")
        rows = [row for row in summary.row(BALANCE, ALL, pairs[place]) if row.scenario != summary.baseline]
        _change_bars(axes, summary, rows)
        axes.set_title(f"{_country(first)} with {_country(second)}")
        axes.set_xlabel("USD million over the window, change")
        axes.tick_params(labelbottom=True)
        thousands(axes)
    _widen(grid[0][0], [r for p in pairs for r in summary.row(BALANCE, ALL, p)])
    return figure


def _country(code: str) -> str:
    return COUNTRY_NAME.get(code, code)


def _change_bars(axes: Axes, summary: Summary, rows: Sequence[Comparison]) -> None:
    order = {name: line for line, name in enumerate(summary.reforms)}
    digits = digits_for([row.difference / MILLION for row in rows])
    for row in rows:
        line, value = order[row.scenario], row.difference / MILLION
        half = row.reach / MILLION
        colour, hatch = (BLUE, "") if value >= 0 else (VERMILION, "///")
        axes.barh(line, value, height=0.6, color=colour, hatch=hatch, edgecolor="white", linewidth=0)
        axes.errorbar(value, line, xerr=half, color=BLACK, capsize=3, elinewidth=1.0, linestyle="none")
        side = 1 if value >= 0 else -1
        axes.annotate(
            signed(value, digits),
            (value + side * half, line),
            (side * 4, 0),
            textcoords="offset points",
            va="center",
            ha="left" if side > 0 else "right",
            fontsize=7.5,
        )
    axes.axvline(0, color=BLACK, linewidth=0.8)
    axes.set_yticks(range(len(order)), [wrapped(summary.label(s), 24) for s in summary.reforms])
    axes.set_ylim(len(order) - 0.4, -0.6)
    plain_axes(axes)


def _widen(axes: Axes, rows: Sequence[Comparison]) -> None:
    edges = [0.0]
    for row in rows:
        edges += [
            (row.difference - row.reach) / MILLION,
            (row.difference + row.reach) / MILLION,
        ]
    span = max(max(edges) - min(edges), 1e-3)
    axes.set_xlim(min(edges) - 0.25 * span, max(edges) + 0.25 * span)


@styled
def treasury_receipts(summary: Summary, provenance: str) -> Figure:
    """Draw what each treasury collects under every scenario in the measured window.

    Returns
    -------
    Figure
        One stacked bar per scenario, each treasury's amount written in its part where there is room.
    """
    items = summary.items(RECEIPTS)
    treasuries = [code for code in TREASURIES if code in items]
    treasuries += [item for item in items if ":" not in item and item not in (*TREASURIES, "total", "")]
    height = 1.3 + 0.46 * len(summary.scenarios)
    figure = new_figure(9.5, height, "Duties and fees collected, by treasury", provenance, 1)
    axes = figure.subplots()
    totals = {name: 0.0 for name in summary.scenarios}
    largest = max(
        (sum(r.mean for c in treasuries if (r := summary.one(s, RECEIPTS, ALL, c))) for s in summary.scenarios),
        default=0.0,
    )
    for number, code in enumerate(treasuries):
        colour, hatch = COUNTRY_FILL.get(code, FILLS[(number + 3) % len(FILLS)])
        for line, scenario in enumerate(summary.scenarios):
            row = summary.one(scenario, RECEIPTS, ALL, code)
            width = row.mean / MILLION if row else 0.0
            label = _country(code) if line == 0 else None
            axes.barh(
                line,
                width,
                left=totals[scenario],
                height=0.62,
                color=colour,
                hatch=hatch,
                edgecolor="white",
                linewidth=0.4,
                label=label,
            )
            if largest and width * MILLION > 0.09 * largest:
                middle = totals[scenario] + width / 2
                box = {"facecolor": "white", "edgecolor": "none", "pad": 1.2}
                axes.text(middle, line, f"{width:,.1f}", va="center", ha="center", fontsize=7.5, bbox=box)
            totals[scenario] += width
    for line, scenario in enumerate(summary.scenarios):
        axes.annotate(
            f"{totals[scenario]:,.1f}",
            (totals[scenario], line),
            (4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            fontweight="bold",
        )
    axes.set_yticks(range(len(summary.scenarios)), [wrapped(summary.label(s), 26) for s in summary.scenarios])
    axes.invert_yaxis()
    axes.set_xlim(0, max(1e-6, largest / MILLION * 1.15))
    axes.set_xlabel("USD million over the measured window")
    plain_axes(axes)
    thousands(axes)
    add_legend(figure, axes.get_legend_handles_labels()[0], max(1, len(treasuries)))
    return figure


__all__ = ["content_thresholds", "trade_balance", "treasury_receipts", "vehicle_label"]
