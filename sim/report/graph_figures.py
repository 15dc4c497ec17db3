"""Figures of the supplier graph: value by the borders it has passed, and suppliers by tier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.network.borders import tiers, value_by_borders
from sim.network.graph import daily_units, unit_costs
from sim.network.model import Network
from sim.report.source import as_words
from sim.report.style import (
    BLUE,
    COUNTRY_FILL,
    COUNTRY_NAME,
    GREY,
    INK,
    add_legend,
    label_outer,
    new_figure,
    plain_axes,
    shortened,
    styled,
)
from sim.report.trade_figures import vehicle_label

MOST_PANELS = 12  # vehicles, those built most
_COLUMNS = 3
_MARKS = {"US": "o", "CA": "s", "MX": "D"}  # besides the colour, so that countries differ in grey


@styled
def crossings_histogram(network: Network, provenance: str) -> Figure:
    """Draw how much of each vehicle's cost has passed no border, one, two ... when it is built in.

    Parameters
    ----------
    provenance : str
        Line printed under the figure.

    Returns
    -------
    Figure
        One panel a vehicle, those built most; bars in percent of production cost, by sources' shares and usual routes.
    """
    rates = {r.id: r.schedule.vehicles_per_day for r in network.recipes.values() if r.schedule}
    vehicles = sorted(sorted(rates, key=lambda name: (-rates[name], name))[:MOST_PANELS])
    columns = min(_COLUMNS, len(vehicles))
    rows = -(-len(vehicles) // columns)
    title = "Borders that a vehicle's value has passed when it is built in"
    figure = new_figure(10.0, 0.9 + 1.9 * rows, title, provenance)
    every = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    for axes, vehicle in zip(every, vehicles, strict=False):
        value = value_by_borders(network, vehicle)
        _bars(axes, 100 * value / value.sum())
        axes.set_title(vehicle_label(vehicle))
    label_outer(every, len(vehicles), columns, "borders passed", "% of cost")
    return figure


def _bars(axes: Axes, shares: np.ndarray) -> None:
    axes.bar(np.arange(len(shares)), shares, width=0.7, color=BLUE)
    for place, share in enumerate(shares.tolist()):
        text = f"{share:.0f}" if share >= 0.5 else "<0.5"
        axes.annotate(text, (place, share), (0, 2), textcoords="offset points", ha="center", fontsize=7.5)
    axes.set_xticks(np.arange(len(shares)))
    axes.set_ylim(0, 112)
    plain_axes(axes, "y")


@styled
def supplier_tiers(network: Network, provenance: str) -> Figure:
    """Draw the supplier graph by tier: sites from the deepest suppliers at the left to assembly at the right.

    Returns
    -------
    Figure
        A mark a site as large as what it delivers on a working day is worth, by country; a line as wide as the value
        that goes from one tier to another. A site stands in the tier of its recipe that is nearest to assembly;
        what goes from site to site within a tier is not drawn.
    """
    value, flows = _values(network)
    tier_of: dict[str, int] = {}
    for recipe, tier in tiers(network).items():
        site = network.recipes[recipe].site
        tier_of[site] = min(tier, tier_of.get(site, tier))
    places, deepest = _places(network, tier_of, value), max(tier_of.values())
    columns = [[site for site in tier_of if tier_of[site] == tier] for tier in range(deepest + 1)]
    tallest = max(map(len, columns))
    height = min(9.0, max(4.5, 1.2 + 0.16 * tallest))
    figure = new_figure(10.0, height, shortened(f"Suppliers by tier: {network.title}", 84), provenance, 1)
    axes = figure.subplots()
    _lines(axes, flows, places)
    largest = max(value.values())
    for site, (x, y) in places.items():
        country = network.sites[site].country
        colour = COUNTRY_FILL[country][0] if country in COUNTRY_FILL else GREY
        size = 6 + 140 * value.get(site, 0.0) / largest
        axes.scatter(x, y, s=size, color=colour, marker=_MARKS.get(country, "^"), edgecolor="white", lw=0.4, zorder=3)
        name = site.rpartition("/")[2]
        words = country if name.upper() == country else shortened(as_words(name), 18)
        axes.annotate(words, (x, y), (7, 0), textcoords="offset points", va="center", fontsize=6, color=INK)
    heads = [f"tier {tier}" if tier else "assembly" for tier in range(deepest + 1)]
    told = [f"{head}\n{len(sites)} sites" for head, sites in zip(heads, columns, strict=True)]
    axes.set_xticks([float(deepest - tier) for tier in range(deepest + 1)], told)
    axes.set_yticks([])
    axes.set_xlim(-0.4, deepest + 0.4)
    axes.set_ylim(-0.06, 1.06)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    names = [*((code, COUNTRY_NAME[code], COUNTRY_FILL[code][0]) for code in _MARKS), ("", "overseas", GREY)]
    handles = [
        Line2D([], [], marker=_MARKS.get(code, "^"), linestyle="none", color=colour, label=name)
        for code, name, colour in names
    ]
    add_legend(figure, handles, 4)
    return figure


def _values(network: Network) -> tuple[dict[str, float], dict[tuple[str, str], float]]:
    """What each site delivers, and what goes from one site to another, US dollars a working day."""
    units, costs = daily_units(network), unit_costs(network)
    value: dict[str, float] = defaultdict(float)
    flows: dict[tuple[str, str], float] = defaultdict(float)
    for recipe in network.recipes.values():
        value[recipe.site] += units[recipe.id] * costs[recipe.id]
    for lane in network.lanes.values():
        if lane.to_recipe:
            ends = network.recipes[lane.from_recipe].site, network.recipes[lane.to_recipe].site
            flows[ends] += units[lane.id] * costs[lane.from_recipe]
    return value, flows


def _places(network: Network, tier_of: Mapping[str, int], value: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Where each site stands: its tier across, countries from north to south, then by value."""
    order = {"CA": 0, "US": 1, "MX": 2}
    deepest = max(tier_of.values())
    places = {}
    for tier in range(deepest + 1):
        sites = [site for site in tier_of if tier_of[site] == tier]
        sites.sort(key=lambda name: (order.get(network.sites[name].country, 3), -value.get(name, 0.0), name))
        for n, site in enumerate(sites):
            places[site] = (float(deepest - tier), 1 - (n + 0.5) / len(sites))
    return places


def _lines(axes: Axes, flows: Mapping[tuple[str, str], float], places: Mapping[str, tuple[float, float]]) -> None:
    known = [(ends, usd) for ends, usd in flows.items() if _apart(ends, places)]
    most = max((usd for _, usd in known), default=1.0)
    segments = [[places[start], places[end]] for (start, end), _ in known]
    widths = [0.15 + 5.0 * usd / most for _, usd in known]
    axes.add_collection(LineCollection(segments, linewidths=widths, colors=INK, alpha=0.22, zorder=1))


def _apart(ends: tuple[str, str], places: Mapping[str, tuple[float, float]]) -> bool:
    return set(ends) <= set(places) and places[ends[0]][0] != places[ends[1]][0]
