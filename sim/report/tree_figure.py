"""The figure of a policy tree: its branches over time, and beside each leaf what the plans cost there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.measures import REGISTRY
from sim.report.style import (
    GREY,
    INK,
    PALE,
    SERIES,
    add_legend,
    new_figure,
    plain_axes,
    save_as,
    shortened,
    styled,
    thousands,
)
from sim.study.shown import Table
from sim.study.tree.model import Branch, Leaf, Tree
from sim.study.tree.run import Grown
from sim.study.tree.table import EXPECTED, verdict_table
from sim.study.tree.unfold import holds, leaves_of
from sim.text import count

MOST_TICKS = 6
MOST_PLANS = 5  # drawn besides the first, the cheapest
SPREAD = 20.0  # times what moves one plan least, beyond which another is off its scale
CHOOSING: dict[str, Any] = {
    "color": INK,
    "marker": "D",
    "ms": 5.5,
    "linestyle": "none",
    "markerfacecolor": "white",
    "markeredgewidth": 1.3,
}
ROW_IN = 0.62  # height of a leaf


@styled
def policy_tree(tree: Tree, table: Table, unit: str, provenance: str) -> Figure:
    """Draw a tree and the costs of its plans.

    Parameters
    ----------
    tree : Tree
        Branches and choices.
    table : Table
        Of `sim.study.tree.table.verdict_table`: a row a plan and leaf, and one for what is expected of it.
    unit : str
        Of the costs.
    provenance : str
        Line under the figure.

    Returns
    -------
    Figure
        To the left the branches over time with their probabilities, a diamond on each day of a choice. To the right,
        in the row of each leaf, what a plan costs there beyond the first plan, with its 95 % interval; in the last row
        what is expected. At most `MOST_PLANS` plans besides the first, those of least expected cost; plans that would
        press all others onto a line are left to the table.
    """
    leaves = leaves_of(tree.branches)
    rows = table.to_dicts()
    first = tree.plans[0].name
    plans, left_out = _drawn(rows, first)
    height = 1.5 + ROW_IN * (len(leaves) + 1)
    key = _key(plans, first, left_out)
    lines = -(-len(key) // 3)
    figure = new_figure(12.0, height, shortened(tree.title, 90), provenance, lines)
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(1.35, 1.0))
    _draw_branches(left, tree, leaves)
    _draw_costs(right, leaves, rows, plans, f"{unit} beyond '{first}'")
    left.set_ylim(len(leaves) + 0.6, -0.6)
    add_legend(figure, key, 3)
    return figure


def _drawn(rows: Sequence[dict[str, Any]], first: str) -> tuple[list[str], int]:
    """Plans besides the first that fit on one scale, the cheapest first, and how many others there are."""
    reach: dict[str, float] = {}
    for row in rows:
        if row["plan"] != first:
            reach[row["plan"]] = max(reach.get(row["plan"], 0.0), abs(row["beyond_first"]))
    least = min((own for own in reach.values() if own > 0), default=0.0)
    fitting = [name for name, own in reach.items() if own <= SPREAD * least]
    return fitting[:MOST_PLANS], len(reach) - len(fitting[:MOST_PLANS])


def _key(plans: Sequence[str], first: str, left_out: int) -> list[Line2D]:
    handles = [Line2D([], [], color=INK, lw=1.0, label=first)]
    for name, (colour, marker, _) in zip(plans, SERIES[1:], strict=False):
        handles.append(Line2D([], [], color=colour, marker=marker, ms=5, linestyle="none", label=shortened(name, 52)))
    handles.append(Line2D([], [], **CHOOSING, label="firms may choose"))
    if left_out:
        handles.append(Line2D([], [], linestyle="none", label=f"not drawn: {count(left_out, 'plan')}, see the table"))
    return handles


def _draw_branches(axes: Axes, tree: Tree, leaves: Sequence[Leaf]) -> None:
    clock = tree.base.clock()
    start, end = tree.base.start, clock.date(clock.end_s - 1)
    latest = max([*(branch.on for branch in tree.branches), *(choice.on for choice in tree.choices)])
    end = min(end, latest + max(dt.timedelta(days=14), (latest - start) / 2))
    rows = {leaf.name: float(row) for row, leaf in enumerate(leaves)}

    def grow(group: Sequence[Leaf], number: int, since: dt.date, done: int) -> None:
        """Draw the branches from `number` on below a group of leaves alike so far, from the day it began."""
        height = float(np.mean([rows[leaf.name] for leaf in group]))
        branch = next((b for b in tree.branches[number:] if holds(b.when, group[0].steps[:done])), None)
        reached = branch.on if branch is not None else end
        axes.plot([_x(since), _x(reached)], [height, height], color=INK, lw=1.1, solid_capstyle="round")
        for choice in tree.choices:
            if since <= choice.on < reached and holds(choice.when, (*group[0].steps[:done], *_waited(tree))):
                axes.plot([_x(choice.on)], [height], **CHOOSING, zorder=5)
        if branch is None:
            axes.plot([_x(end)], [height], color=INK, marker="o", ms=4)
            words = f"{100 * group[0].chance:.1f} %"
            axes.annotate(
                words, (_x(end), height), (6, 0), textcoords="offset points", va="center", fontsize=8, color=INK
            )
            return
        _split(axes, branch, group, done, grow, tree.branches.index(branch) + 1)

    def _split(axes: Axes, branch: Branch, group: Sequence[Leaf], done: int, further: Any, number: int) -> None:
        heights = []
        for outcome in branch.outcomes:
            own = [leaf for leaf in group if leaf.steps[done] == (branch.name, outcome.name)]
            heights.append(float(np.mean([rows[leaf.name] for leaf in own])))
            further(own, number, branch.on, done + 1)
            words = f"{outcome.title or outcome.name.replace('_', ' ')}, {100 * outcome.chance:g} %"
            place = (_x(branch.on), heights[-1])
            behind = {"facecolor": "white", "edgecolor": "none", "pad": 0.4}
            axes.annotate(
                words,
                place,
                (4, 3),
                textcoords="offset points",
                va="bottom",
                fontsize=7.2,
                color="#444444",
                bbox=behind,
            )
        axes.plot([_x(branch.on)] * 2, [min(heights), max(heights)], color=INK, lw=1.1)

    grow(leaves, 0, start, 0)
    axes.axhspan(len(leaves) - 0.5, len(leaves) + 0.6, color=PALE, alpha=0.6, lw=0)
    axes.annotate(
        "expected", (0.985, len(leaves)), xycoords=("axes fraction", "data"), ha="right", va="center", fontsize=8.5
    )
    axes.set_xlim(_x(start) - 0.01 * (_x(end) - _x(start)), _x(end) + 0.1 * (_x(end) - _x(start)))
    ticks = _ticks(start, end)
    axes.set_xticks([_x(day) for day in ticks], [f"{day:%b %Y}" for day in ticks])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    plain_axes(axes, "x")


def _waited(tree: Tree) -> tuple[tuple[str, str], ...]:
    """Every choice with its first option: choices are drawn where one may still take them after waiting."""
    return tuple((choice.name, choice.options[0].name) for choice in tree.choices)


def _x(day: dt.date) -> float:
    return float(day.toordinal())


def _ticks(start: dt.date, end: dt.date) -> list[dt.date]:
    """First days of months between two days, so few that their names have room."""
    months = range(start.year * 12 + start.month, end.year * 12 + end.month)
    days = [dt.date(month // 12, month % 12 + 1, 1) for month in months]
    return days[:: -(-len(days) // MOST_TICKS)] if days else []


def _draw_costs(
    axes: Axes, leaves: Sequence[Leaf], rows: Sequence[dict[str, Any]], plans: Sequence[str], label: str
) -> None:
    places = {leaf.name: float(row) for row, leaf in enumerate(leaves)} | {EXPECTED: float(len(leaves))}
    axes.axhspan(len(leaves) - 0.5, len(leaves) + 0.6, color=PALE, alpha=0.6, lw=0)
    axes.axvline(0.0, color=INK, lw=1.0)
    offsets = np.linspace(-0.28, 0.28, len(plans)) if len(plans) > 1 else np.zeros(len(plans))
    for name, offset, (colour, marker, _) in zip(plans, offsets.tolist(), SERIES[1:], strict=False):
        own = [row for row in rows if row["plan"] == name]
        axes.errorbar(
            [row["beyond_first"] for row in own],
            [places[row["leaf"]] + offset for row in own],
            xerr=[row["beyond_first_half_width_95"] or 0.0 for row in own],
            color=colour,
            marker=marker,
            ms=5,
            linestyle="none",
            elinewidth=1.1,
            capsize=2.0,
        )
    for line in range(len(leaves)):
        axes.axhline(line + 0.5, color=GREY, lw=0.4, alpha=0.5)
    axes.set_xlabel(label)
    plain_axes(axes, "x")
    thousands(axes)


def save_tree(grown: Grown, file: Path) -> Path:
    """Draw the verdict on a tree and write it to a file, whose name says how: .png, .svg or .pdf."""
    unit = REGISTRY[grown.tree.measure].unit
    table = verdict_table(grown.tree, grown.verdict)
    return save_as(policy_tree(grown.tree, table, unit, tree_provenance(grown)), file)


def tree_provenance(grown: Grown) -> str:
    """The line under the figure of a tree."""
    tree, study = grown.tree, grown.study
    of = "all vehicles" if tree.vehicle == "all" else tree.vehicle
    return (
        f"nafta-sim; {tree.measure}{'/' + grown.item if grown.item else ''} of {of}; {study.replications} "
        f"replications, seed {study.manifest['seed']}, {str(study.manifest['digest'])[:12]}"
    )
