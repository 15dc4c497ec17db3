"""Figures of a population of makers: content and choices as a rule is tightened, and who moves or pays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.population.curve import Curve
from sim.population.firm import unconstrained_share
from sim.population.textbook import KAPPA, Mover
from sim.report.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PALE,
    SERIES,
    SKY,
    SLASH,
    VERMILION,
    add_legend,
    new_figure,
    plain_axes,
    styled,
)

LANDMARKS = ((62.5, "NAFTA"), (75.0, "USMCA"), (82.0, "82"), (85.0, "85: proposed"))  # in 2026 and 2017: `sim list`
FILLS = (
    ("free", "complies freely", GREEN, ""),
    ("constrained", "complies, constrained", SKY, SLASH),
    ("pay", "pays from its plant", ORANGE, ""),
    ("pay_from_member", "pays from another member", VERMILION, SLASH),
    ("outside", "assembles outside", GREY, ""),
)


@styled
def laffer_curves(curves: Sequence[tuple[str, Curve]], provenance: str) -> Figure:
    """Draw the mean regional content of a population against the rule, and below it what makers choose.

    Parameters
    ----------
    curves : sequence of (str, Curve)
        One column of panels for each, with its title.
    provenance : str
        Which population it was drawn from.
    """
    shown = [entry for entry in FILLS if any(_most(curve, entry[0]) > 0.005 for _, curve in curves)]
    lines = -(-len(shown) // (3 if len(curves) == 1 else 5))
    figure = new_figure(5.6 * len(curves), 6.0, "Content under a content rule", provenance, lines)
    panels = figure.subplots(2, len(curves), sharex=True, sharey="row", squeeze=False, height_ratios=(3, 2))
    for column, (title, curve) in enumerate(curves):
        top, bottom = panels[:, column]
        _content(top, curve)
        top.set_title(title)
        handles = _choices(bottom, curve, shown)
        bottom.set_xlabel("rule: regional share of a vehicle's cost that is asked for, %")
    panels[0, 0].set_ylabel("mean regional content, %")
    panels[1, 0].set_ylabel("makers, %")
    for axes in panels[0]:
        _landmarks(axes)
    add_legend(figure, handles, 3 if len(curves) == 1 else 5)
    return figure


def _most(curve: Curve, name: str) -> float:
    return max(float(getattr(found, name)) for found in curve.summaries())


def _content(axes: Axes, curve: Curve) -> None:
    rules, heights = 100 * curve.rules, np.array([found.content for found in curve.summaries()])
    axes.axhline(heights[0], color=GREY, linestyle="--", linewidth=0.9)
    axes.annotate("without a rule", (1, heights[0]), (0, 3), textcoords="offset points", fontsize=7.5, color=INK)
    axes.plot(rules, heights, color=BLACK, linewidth=1.8)
    peak = curve.peak()
    if peak is not None:
        axes.plot(peak.rule_pct, peak.height, marker="o", color=BLUE)
        text = f"highest at {peak.rule_pct:.1f} %: {peak.height:.1f} %"
        axes.annotate(text, (peak.rule_pct, peak.height), (-8, 6), textcoords="offset points", ha="right", fontsize=8)
    axes.set_xlim(0, 100)
    axes.margins(y=0.18)
    plain_axes(axes, "y")


def _landmarks(axes: Axes) -> None:
    low, high = axes.get_ylim()
    for number, (rule, name) in enumerate(LANDMARKS):
        axes.axvline(rule, color=GREY, linestyle=":", linewidth=0.9)
        place = low + (0.03 + 0.055 * (number % 2)) * (high - low)
        axes.annotate(name, (rule, place), (2, 0), textcoords="offset points", fontsize=7, color=INK)
    axes.set_ylim(low, high)


def _choices(axes: Axes, curve: Curve, shown: Sequence[tuple[str, str, str, str]]) -> list[Any]:
    rules, below = 100 * curve.rules, np.zeros(len(curve.rules))
    handles = []
    for name, words, colour, hatch in shown:
        above = below + np.array([getattr(found, name) for found in curve.summaries()])
        fill = axes.fill_between(
            rules, below, above, facecolor=colour, hatch=hatch, edgecolor="white", linewidth=0.4, label=words
        )
        handles.append(fill)
        below = above
    for rule, _ in LANDMARKS:
        axes.axvline(rule, color=INK, linestyle=":", linewidth=0.7)
    axes.set_ylim(0, 100)
    plain_axes(axes, "y")
    return handles


@styled
def relocation(movers: Sequence[Mover], provenance: str) -> Figure:
    """Draw, for makers that may comply, pay or leave, what each costs as a rule on parts is raised.

    Parameters
    ----------
    movers : sequence of Mover
        One panel for each.
    """
    figure = new_figure(4.6 * len(movers), 4.2, "Comply, pay or leave", provenance, 1)
    panels = figure.subplots(1, len(movers), sharey=True, squeeze=False)[0]
    chi = np.linspace(0.0, 1.0, 201)
    for axes, mover in zip(panels, movers, strict=True):
        costs = (
            ("comply", mover.complying(chi, 4.0, KAPPA)),
            ("pay", np.full_like(chi, mover.pays)),
            ("assemble outside", np.full_like(chi, mover.leaves)),
        )
        for (words, heights), (colour, _, dashes) in zip(costs, SERIES, strict=False):
            axes.plot(100 * chi, heights, color=colour, linestyle=dashes, linewidth=1.6, label=words)
        least = np.min([heights for _, heights in costs], axis=0)
        axes.fill_between(100 * chi, 1.0, least, color=PALE)
        free = 100 * float(unconstrained_share(mover.delta * KAPPA, 4.0))
        axes.axvline(free, color=GREY, linestyle=":", linewidth=0.9)
        axes.annotate(f"free {free:.0f} %", (free, 1.245), (3, 0), textcoords="offset points", fontsize=7.5, color=INK)
        place = 100 * mover.gives_up_at
        axes.plot(place, min(mover.pays, mover.leaves), marker="o", color=VERMILION)
        text = f"{'leaves' if mover.then == 'leave' else 'pays'} from {place:.1f} %"
        axes.annotate(
            text, (place, min(mover.pays, mover.leaves)), (-6, 6), textcoords="offset points", ha="right", fontsize=8
        )
        axes.set_title(f"delta {mover.delta:g}")
        axes.set_xlim(0, 100)
        axes.set_ylim(1.0, 1.26)
        axes.set_xlabel("rule: regional share of parts, %")
        plain_axes(axes, "y")
    panels[0].set_ylabel("cost of parts, free choice at home = 1")
    add_legend(figure, panels[0].get_legend_handles_labels()[0], 3)
    return figure
