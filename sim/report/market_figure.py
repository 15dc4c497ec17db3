"""The figure of a reform's market: prices and sales by vehicle, and balances gross and in value added."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.market.response import Response
from sim.market.tables import ALL, EXPORT, HOME, figures, find
from sim.market.tables import Figure as Number
from sim.report.source import as_words
from sim.report.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    SLASH,
    add_legend,
    new_figure,
    plain_axes,
    save_as,
    styled,
    thousands,
    wrapped,
)
from sim.report.trade_figures import vehicle_label
from sim.study import mean_interval

SHOWN = 12  # vehicles at most, those whose sales change most
PAIRS = ("US-CA", "US-MX", "CA-MX")
BILLION = 1e9


@styled
def market_figure(response: Response, provenance: str, label: str = "") -> Figure:
    """Draw what a reform does to vehicles sold and to balances.

    Parameters
    ----------
    response : Response
    provenance : str
        Line printed under the figure.
    label : str
        Words for the scenario; its name if empty.

    Returns
    -------
    Figure
        Left, vehicles more or fewer a year by recipe, at home and exported; right, balances of the three pairs before
        and after, gross and in value added. Whiskers are 95 % intervals of replications, where costs were drawn.
    """
    found = figures(response)
    vehicles = _most_moved(found)
    title = f"What {label or as_words(response.scenario)} does to sales and balances"
    figure = new_figure(10.4, 1.6 + max(3.2, 0.42 * len(vehicles)), title, provenance, 1)
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    handles = _sales(left, found, vehicles)
    handles += _balances(right, found)
    add_legend(figure, handles, 4)
    return figure


def _most_moved(found: Sequence[Number]) -> list[str]:
    moved = {x.vehicle: abs(float(np.mean(x.change))) for x in found if (x.table, x.item) == ("sales", ALL)}
    moved.pop(ALL, None)
    return sorted(moved, key=lambda name: (-moved[name], name))[:SHOWN]


def _sales(axes: Axes, found: Sequence[Number], vehicles: Sequence[str]) -> list[Artist]:
    by_key = {(x.vehicle, x.item): x for x in found if x.table == "sales"}
    places = np.arange(len(vehicles), dtype=float)
    handles: list[Artist] = []
    for kind, label, colour, shift in ((HOME, "sold at home", BLUE, -0.2), (EXPORT, "exported", ORANGE, 0.2)):
        own = [by_key.get((name, kind)) for name in vehicles]
        bars = [(0.0, None) if x is None else mean_interval(x.change) for x in own]
        heights = [mean or 0.0 for mean, _ in bars]
        errors = [half or 0.0 for _, half in bars]
        axes.barh(places + shift, heights, 0.38, xerr=errors, color=colour, ecolor=INK)
        handles.append(Patch(facecolor=colour, label=label))
    axes.set_yticks(places, [wrapped(vehicle_label(name), 22) for name in vehicles])
    axes.invert_yaxis()
    axes.axvline(0.0, color=INK, lw=0.8)
    axes.set_xlabel("vehicles a year, change")
    thousands(axes)
    plain_axes(axes, "x")
    return handles


def _balances(axes: Axes, found: Sequence[Number]) -> list[Artist]:
    handles: list[Artist] = []
    places = np.arange(len(PAIRS), dtype=float)
    for shift, (kind, hatch) in zip((-0.22, 0.22), (("gross", ""), ("value added", SLASH)), strict=True):
        own = [find(found, "balances", f"{pair} {kind}") for pair in PAIRS]
        before = np.array([x.before for x in own]) / BILLION
        bars = [mean_interval(x.change / BILLION) for x in own]
        after = before + np.array([mean or 0.0 for mean, _ in bars])
        errors = [half or 0.0 for _, half in bars]
        axes.barh(places + shift - 0.1, before, 0.19, color=GREY, hatch=hatch, edgecolor="white")
        axes.barh(
            places + shift + 0.1, after, 0.19, xerr=errors, color=BLUE, hatch=hatch, edgecolor="white", ecolor=INK
        )
        label = f"balance {kind} after (grey: before)"
        handles.append(Patch(facecolor=BLUE, hatch=hatch, edgecolor="white", label=label))
    axes.set_yticks(places, PAIRS)
    axes.invert_yaxis()
    axes.axvline(0.0, color=INK, lw=0.8)
    axes.set_xlabel("billion USD a year, first country's exports less imports")
    thousands(axes)
    plain_axes(axes, "x")
    return handles


def save_market(response: Response, path: Path) -> Path:
    """Draw a response into a file; its ending says how."""
    return save_as(market_figure(response, market_provenance(response)), path)


def market_provenance(response: Response) -> str:
    """The line under the figure of a response."""
    costs = "replications of a study" if response.is_drawn else "planned costs, no intervals"
    return (
        f"{response.scenario} against {response.baseline} · network {response.network} · {costs} · pass-through "
        f"{response.pass_through_pct:g} %, elasticity {response.elasticity:g}"
    )
