"""Figures of money per vehicle: the change in cost taken apart, and the duty by programme."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.source import ALL, Comparison, Summary, as_words
from sim.report.style import (
    BLACK,
    BLUE,
    FILLS,
    GREY,
    VERMILION,
    add_legend,
    digits_for,
    new_figure,
    plain_axes,
    shortened,
    signed,
    styled,
    thousands,
    with_interval,
    wrapped,
)

COST = "cost_per_vehicle_usd"
DUTY = "duty_per_vehicle_usd"
# Shown components, in the order a part gathers them, and the items of the measure that each holds.
COMPONENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("materials", ("materials",)),
    ("labour, overhead", ("labour", "overhead")),
    ("freight", ("freight",)),
    ("duty", ("duty",)),
    ("fees", ("fees",)),
    ("compliance", ("compliance",)),
    ("carrying stock", ("carrying",)),
    ("border time", ("border_time",)),
    ("expediting", ("expediting",)),
    ("line stoppage", ("stoppage",)),
)
TOTAL = "total"
MAX_PROGRAMMES = 6
_NOT_PROGRAMMES = ("direct", "embedded", "total", "")


def component_items(items: tuple[str, ...], heads: tuple[str, ...]) -> tuple[str, ...]:
    """Items that belong to a component: the head itself or ``head:detail``."""
    return tuple(item for item in items if item.split(":", 1)[0] in heads)


def cost_change(summary: Summary, scenario: str, vehicle: str = ALL) -> list[tuple[str, float]]:
    """Lay out one scenario's change in cost by shown component (USD per vehicle), without the total."""
    items = summary.items(COST, vehicle)
    return [
        (name, _sum_of(summary, scenario, vehicle, component_items(items, heads)))
        for name, heads in COMPONENTS
        if component_items(items, heads)
    ]


def _sum_of(summary: Summary, scenario: str, vehicle: str, items: tuple[str, ...]) -> float:
    found = (summary.one(scenario, COST, vehicle, item) for item in items)
    return sum(row.difference for row in found if row is not None)


@styled
def cost_waterfall(summary: Summary, provenance: str, vehicle: str = ALL) -> Figure:
    """Draw how each scenario's change in cost per vehicle builds up from its components.

    Parameters
    ----------
    summary : Summary
        Must hold ``cost_per_vehicle_usd``.
    provenance : str
        Line printed under the figure.
    vehicle : str
        Assembly recipe, or ``all`` for the mean over vehicles built.

    Returns
    -------
    Figure
        One panel per scenario on one scale, the 95 % interval on the total.
    """
    names = summary.reforms
    columns = min(3, max(1, len(names)))
    rows = max(1, -(-len(names) // columns))
    lines = len(cost_change(summary, names[0], vehicle)) + 1 if names else 1
    height = 1.1 + rows * (0.55 + 0.235 * lines)
    of = "mean of all vehicles" if vehicle == ALL else vehicle
    title = f"Change in cost per vehicle against {summary.label(summary.baseline)} ({of})"
    figure = new_figure(10.5, height, title, provenance)
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for place, name in enumerate(names):
        _waterfall_panel(grid[place // columns][place % columns], summary, name, vehicle)
    for place in range(len(names), rows * columns):
        grid[place // columns][place % columns].set_visible(False)
    _room_for_labels(grid[0][0], summary, vehicle)
    for place in range(columns):
        below = max((n for n in range(place, len(names), columns)), default=place)
        axes = grid[below // columns][place]
        axes.set_xlabel("USD per vehicle, change")
    return figure


def _waterfall_panel(axes: Axes, summary: Summary, scenario: str, vehicle: str) -> None:
    parts = cost_change(summary, scenario, vehicle)
    total = summary.one(scenario, COST, vehicle, TOTAL)
    digits = digits_for([value for _, value in parts])
    at = 0.0
    for line, (_, value) in enumerate(parts):
        rises = value >= 0
        colour, hatch = (VERMILION, "///") if rises else (BLUE, "")
        axes.barh(line, value, left=at, height=0.66, color=colour, hatch=hatch, edgecolor="white", linewidth=0)
        axes.plot([at + value, at + value], [line - 0.33, line + 1.33], color=GREY, linewidth=0.7)
        edge = max(at, at + value)
        axes.annotate(
            signed(value, digits), (edge, line), (3, 0), textcoords="offset points", va="center", fontsize=7.5
        )
        at += value
    if total is not None:
        _total_bar(axes, len(parts), total, digits)
    axes.axvline(0, color=BLACK, linewidth=0.8)
    axes.set_yticks(range(len(parts) + 1), [*(name for name, _ in parts), "total ± 95 %"])
    axes.set_ylim(len(parts) + 0.6, -0.6)
    axes.set_title(shortened(summary.label(scenario), 44))
    axes.tick_params(labelbottom=True)
    thousands(axes)
    for label in axes.get_yticklabels()[-1:]:  # none on panels that share the labels of the first
        label.set_fontweight("bold")
    plain_axes(axes)


def _total_bar(axes: Axes, line: int, total: Comparison, digits: int) -> None:
    value, half_width = total.difference, total.half_width_95
    axes.barh(line, value, height=0.66, color="#4A4A4A")
    axes.errorbar(
        value,
        line,
        xerr=total.reach,
        color=BLACK,
        ecolor="#B0B0B0",
        capsize=3,
        elinewidth=1.2,
        linestyle="none",
    )
    edge = max(0.0, value + total.reach)
    text = with_interval(value, half_width, digits)
    axes.annotate(text, (edge, line), (4, 0), textcoords="offset points", va="center", fontsize=8, fontweight="bold")


def _room_for_labels(axes: Axes, summary: Summary, vehicle: str) -> None:
    low, high = 0.0, 0.0
    for name in summary.reforms:
        at = 0.0
        for _, value in cost_change(summary, name, vehicle):
            at += value
            low, high = min(low, at), max(high, at)
    span = max(high - low, 1.0)
    axes.set_xlim(low - 0.06 * span, high + 0.42 * span)


def programmes_drawn(summary: Summary, vehicle: str = ALL) -> tuple[list[str], list[str]]:
    """Split the duty programmes into those drawn by name, the largest first, and the rest."""
    items = [item for item in summary.items(DUTY, vehicle) if item not in _NOT_PROGRAMMES]
    size = {item: sum(abs(row.mean) for row in summary.row(DUTY, vehicle, item)) for item in items}
    order = sorted((item for item in items if size[item] > 0), key=lambda item: (-size[item], item))
    return order[:MAX_PROGRAMMES], order[MAX_PROGRAMMES:]


def programme_label(path: str) -> str:
    """Words for a programme's path: ``us/mfn/vehicles`` becomes ``US: MFN, Vehicles``."""
    head, *rest = path.split("/")
    if not rest:
        return as_words(path)
    return f"{head.upper()}: {', '.join(map(as_words, rest))}"


@styled
def duty_by_programme(summary: Summary, provenance: str, vehicle: str = ALL) -> Figure:
    """Draw the duty each vehicle bears under each scenario, stacked by programme.

    Returns
    -------
    Figure
        One bar per scenario, its total at the end with the 95 % interval of the change from the baseline.
    """
    named, rest = programmes_drawn(summary, vehicle)
    groups = [(item,) for item in named] + ([tuple(rest)] if rest else [])
    lines = -(-len(groups) // 3)
    height = 1.1 + 0.21 * lines + 0.46 * len(summary.scenarios)
    figure = new_figure(9.5, height, "Duty per vehicle by programme", provenance, lines)
    axes = figure.subplots()
    for line, scenario in enumerate(summary.scenarios):
        left = 0.0
        for number, group in enumerate(groups):
            colour, hatch = FILLS[number % len(FILLS)]
            width = sum(row.mean for item in group if (row := summary.one(scenario, DUTY, vehicle, item)))
            label = (programme_label(group[0]) if number < len(named) else "other programmes") if line == 0 else None
            axes.barh(line, width, left=left, height=0.62, color=colour, hatch=hatch, edgecolor="white", label=label)
            left += width
        _duty_total(axes, summary, scenario, vehicle, line, left)
    axes.set_yticks(range(len(summary.scenarios)), [wrapped(summary.label(s), 26) for s in summary.scenarios])
    axes.invert_yaxis()
    axes.set_xlabel("duty borne per vehicle built, direct and embedded in parts, USD")
    right = max((_stack(summary, s, vehicle) for s in summary.scenarios), default=1.0) or 1.0
    axes.set_xlim(0, right * 1.25)
    plain_axes(axes)
    thousands(axes)
    add_legend(figure, axes.get_legend_handles_labels()[0], 3)
    return figure


def _stack(summary: Summary, scenario: str, vehicle: str) -> float:
    named, rest = programmes_drawn(summary, vehicle)
    rows = (summary.one(scenario, DUTY, vehicle, item) for item in (*named, *rest))
    return sum(row.mean for row in rows if row is not None)


def _duty_total(axes: Axes, summary: Summary, scenario: str, vehicle: str, line: int, right: float) -> None:
    text = f"{right:,.0f}"
    change = summary.one(scenario, COST, vehicle, "duty")
    if scenario != summary.baseline and change is not None:
        text += f"  (duty {with_interval(change.difference, change.half_width_95)})"
    axes.annotate(text, (right, line), (4, 0), textcoords="offset points", va="center", fontsize=8)
