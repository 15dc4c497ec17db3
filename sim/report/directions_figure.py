"""Figures of published directions: content against the rule, cost by vehicle and rule, who fails; a table in each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.report.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    SERIES,
    VERMILION,
    add_legend,
    new_figure,
    plain_axes,
    styled,
    with_interval,
    wrapped,
)
from sim.study.shown import Table


@styled
def content_and_rule(tables: Sequence[Table], provenance: str) -> Figure:
    """Draw content against the rule that is asked, one panel a table.

    Parameters
    ----------
    tables : sequence of Table
        Columns ``where``, ``rule_pct``, ``content_pct``, ``half_width_95``, ``interval`` (what the interval is of), and
        ``change_points`` from the rule before with its ``change_half_width_95``, pair by pair.
    provenance : str
        Line printed under the figure.
    """
    figure = new_figure(4.4 * len(tables), 3.8, "Regional content as the rule is tightened", provenance)
    panels = figure.subplots(1, len(tables), squeeze=False)[0]
    for axes, table in zip(panels, tables, strict=True):
        rows = table.to_dicts()
        rules = [row["rule_pct"] for row in rows]
        content = [row["content_pct"] for row in rows]
        halves = [row["half_width_95"] or 0.0 for row in rows]
        axes.errorbar(rules, content, yerr=halves, color=BLUE, marker="o", capsize=3, lw=1.4)
        for k, row in enumerate(rows[1:], 1):
            middle = (rules[k - 1] + rules[k]) / 2, (content[k - 1] + content[k]) / 2
            told = with_interval(row["change_points"] or 0.0, row["change_half_width_95"] or 0.0, 2)
            axes.annotate(told, middle, (0, 10), textcoords="offset points", ha="center", fontsize=7.5, color=INK)
        best = int(np.argmax(content))
        axes.plot(rules[best], content[best], marker="o", ms=9, mfc="none", color=VERMILION)
        axes.set_title(f"{rows[0]['where']} (interval {rows[0]['interval']})", fontsize=9)
        axes.set_xticks(rules, [f"{rule:g}" for rule in rules])
        axes.set_xlabel("content asked, %")
        axes.margins(0.12)
        plain_axes(axes, "y")
    panels[0].set_ylabel("mean regional content, %")
    return figure


@styled
def changes_by_vehicle(table: Table, provenance: str) -> Figure:
    """Draw changes of cost by vehicle, one bar a rule, with intervals.

    Parameters
    ----------
    table : Table
        Columns ``vehicle``, ``rule``, ``change_usd`` and ``half_width_95``.
    """
    rows = table.to_dicts()
    vehicles = list(dict.fromkeys(row["vehicle"] for row in rows))
    rules = list(dict.fromkeys(row["rule"] for row in rows))
    height = 1.6 + 0.17 * len(rows) + 0.35 * len(vehicles)
    figure = new_figure(8.6, height, table.title, provenance, -(-len(rules) // 4))
    axes = figure.subplots()
    handles = []
    width = 0.8 / len(rules)
    for number, rule in enumerate(rules):
        own = {row["vehicle"]: row for row in rows if row["rule"] == rule}
        places = np.arange(len(vehicles)) - 0.4 + width * (number + 0.5)
        changes = [own[name]["change_usd"] or 0.0 for name in vehicles]
        halves = [own[name]["half_width_95"] or 0.0 for name in vehicles]
        colour = SERIES[number % len(SERIES)][0]
        axes.barh(places, changes, width * 0.92, xerr=halves, color=colour, ecolor=INK)
        handles.append(Patch(facecolor=colour, label=rule))
    axes.set_yticks(range(len(vehicles)), [_shown(name) for name in vehicles])
    axes.invert_yaxis()
    axes.axvline(0.0, color=INK, lw=0.8)
    axes.set_xlabel("change of landed cost, USD a vehicle")
    axes.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}")
    plain_axes(axes, "x")
    add_legend(figure, handles, min(4, len(handles)))
    return figure


@styled
def who_fails(table: Table, provenance: str) -> Figure:
    """Draw each vehicle's content before and after a list, and what is asked of it.

    Parameters
    ----------
    table : Table
        Columns ``vehicle``, ``threshold_pct``, ``content_before_pct``, ``content_after_pct``, ``half_width_95`` (of the
        content after), and ``before_pct`` and ``after_pct``, the share of vehicles that originates.
    """
    rows = table.to_dicts()
    figure = new_figure(8.0, 1.8 + 0.5 * len(rows), table.title, provenance, 1)
    axes = figure.subplots()
    places = np.arange(len(rows), dtype=float)
    before = [row["content_before_pct"] for row in rows]
    after = [row["content_after_pct"] for row in rows]
    halves = [row["half_width_95"] or 0.0 for row in rows]
    colours = [VERMILION if row["after_pct"] < row["before_pct"] else BLUE for row in rows]
    axes.barh(places - 0.2, before, 0.38, color=GREY)
    axes.barh(places + 0.2, after, 0.38, xerr=halves, color=colours, ecolor=INK)
    for place, row in zip(places, rows, strict=True):
        axes.plot([row["threshold_pct"]] * 2, [place - 0.45, place + 0.45], color=ORANGE, lw=2.0)
    axes.set_yticks(places, [_shown(row["vehicle"]) for row in rows])
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.set_xlabel("regional content by net cost, %")
    plain_axes(axes, "x")
    handles = [
        Patch(facecolor=GREY, label="list of 1994"),
        Patch(facecolor=BLUE, label="every import traced: complies"),
        Patch(facecolor=VERMILION, label="every import traced: fails"),
        Patch(facecolor=ORANGE, label="asked"),
    ]
    add_legend(figure, handles, 4)
    return figure


def _shown(vehicle: str) -> str:
    return wrapped(vehicle.removeprefix("plant/").replace("_", " "), 22)
