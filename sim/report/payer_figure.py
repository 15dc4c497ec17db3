"""The figure of who pays: how a change in cost is borne by buyers and makers, and where it goes."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.parameters import load_parameters
from sim.report.cost_figures import COST, DUTY, TOTAL
from sim.report.source import ALL, StudyData, Summary
from sim.report.style import (
    BACKSLASH,
    COUNTRY_FILL,
    COUNTRY_NAME,
    CROSS,
    DASH,
    GREY,
    INK,
    PALE,
    PURPLE,
    SKY,
    VERMILION,
    add_legend,
    digits_for,
    new_figure,
    plain_axes,
    signed,
    styled,
    thousands,
    wrapped,
)

BUYERS, MAKERS, FEES, ELSE = "buyers", "makers", "fees, any treasury", "all else: freight, work, paper, time"
_FILL = {
    BUYERS: (SKY, CROSS),
    MAKERS: (PURPLE, BACKSLASH),
    **{COUNTRY_NAME[code]: fill for code, fill in COUNTRY_FILL.items()},
    FEES: (VERMILION, DASH),
    ELSE: (PALE, ""),
}


def who_bears(summary: Summary, scenario: str, pass_through_pct: float) -> list[tuple[str, float]]:
    """Who bears a scenario's change in cost (US dollars a vehicle), before sales follow prices."""
    total = _change(summary, scenario, COST, TOTAL)
    return [(BUYERS, total * pass_through_pct / 100), (MAKERS, total * (1 - pass_through_pct / 100))]


def who_receives(summary: Summary, scenario: str) -> list[tuple[str, float]]:
    """Where a scenario's change in cost goes (US dollars a vehicle): duty by treasury, fees, and all else."""
    parts = dict.fromkeys([*COUNTRY_NAME.values(), FEES], 0.0)
    for item in summary.items(DUTY):
        code = item.partition("/")[0].upper()
        if code in COUNTRY_NAME:
            parts[COUNTRY_NAME[code]] += _change(summary, scenario, DUTY, item)
    parts[FEES] = _change(summary, scenario, COST, "fees")
    rest = _change(summary, scenario, COST, TOTAL) - sum(parts.values())
    return [*parts.items(), (ELSE, rest)]


def _change(summary: Summary, scenario: str, measure: str, item: str) -> float:
    row = summary.one(scenario, measure, ALL, item)
    return 0.0 if row is None else row.difference


def pass_through_of(data: StudyData) -> float:
    """The part of a change in cost that reaches prices under the assumptions of a study's baseline, in percent."""
    used = data.resolved.get(data.summary.baseline, {}).get("parameters") or {}
    return float(used.get("price_pass_through_pct", load_parameters().ranges["price_pass_through_pct"].value))


@styled
def who_pays(summary: Summary, pass_through_pct: float, provenance: str) -> Figure:
    """Draw who bears each scenario's change in cost per vehicle, and who receives it.

    Parameters
    ----------
    pass_through_pct : float
        Part of a change in cost that reaches the price, 0 to 100 percent; an assumption.
    provenance : str
        Line printed under the figure.

    Returns
    -------
    Figure
        Two bars a scenario, equally long: above who bears the change, below where it goes. Means over replications.
    """
    scenarios = [name for name in summary.scenarios if name != summary.baseline]
    title = f"Who pays: change in cost per vehicle, {pass_through_pct:g} % of it passed on in prices (assumption)"
    figure = new_figure(10.0, 1.4 + 0.75 * max(1, len(scenarios)), title, provenance, 2)
    axes = figure.subplots()
    used: set[str] = set()
    for line, scenario in enumerate(scenarios):
        bears, receives = who_bears(summary, scenario, pass_through_pct), who_receives(summary, scenario)
        used |= _stack(axes, line - 0.19, bears) | _stack(axes, line + 0.19, receives)
    axes.axvline(0.0, color=INK, lw=0.8)
    labels = [f"{wrapped(summary.label(name), 24)}" for name in scenarios]
    axes.set_yticks(range(len(scenarios)), labels)
    axes.set_ylim(len(scenarios) - 0.45, -0.55)
    axes.margins(x=0.08)
    axes.set_xlabel("USD a vehicle; above who bears it, below where it goes")
    plain_axes(axes)
    thousands(axes)
    handles = [Patch(facecolor=f, hatch=h, edgecolor="white", label=k) for k, (f, h) in _FILL.items() if k in used]
    add_legend(figure, handles, 4)
    return figure


def _stack(axes: Axes, line: float, parts: Sequence[tuple[str, float]]) -> set[str]:
    """Draw parts side by side, those that take away to the left of the zero line; the names drawn."""
    ends = {True: 0.0, False: 0.0}
    for name, value in parts:
        colour, hatch = _FILL[name]
        axes.barh(line, value, 0.34, left=ends[value > 0], color=colour, hatch=hatch, edgecolor="white", linewidth=0.4)
        ends[value > 0] += value
    total = sum(value for _, value in parts)
    text = signed(total, digits_for([total]))
    axes.annotate(text, (ends[True], line), (4, 0), textcoords="offset points", va="center", fontsize=7.5, color=GREY)
    return {name for name, value in parts if abs(value) > 0.005}
