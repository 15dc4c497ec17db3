"""The flow map: North America with its sites, stretches as wide as their loads, ports coloured by wait."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.report.flows import Gate, MapPicture, Point, Stretch
from sim.report.projection import INSET_DEG, Floats, load_outline, project
from sim.report.style import BLACK, BLUE, GREEN, GREY, INK, new_figure, shortened, styled

Box = tuple[float, float, float, float]  # left, bottom, right, top
_LAND, _NEIGHBOUR, _WATER = "#F4F1EA", "#FAF9F6", "#FFFFFF"
_SITE_MARKS = {"plant": ("s", 34, "#222222"), "supplier": ("o", 11, "white"), "market": ("^", 34, GREEN)}
_SITE_WORDS = {"plant": "assembly plant", "supplier": "supplier", "market": "market"}
_WIDEST_PT = 7.0
_WIDE_PT, _INSET_SIDE = 735.0, 0.33  # width of the map in points, of the inset as a share of it
_GAP_PT = 6.0  # between a port and its name
_WAITS = "YlOrRd"  # grows darker with the wait, in grey too


@styled
def network_map(picture: MapPicture, provenance: str) -> Figure:
    """Draw the supplier network on the map.

    Parameters
    ----------
    picture : MapPicture
        What to draw, from `sim.report.flows.picture_of`.
    provenance : str
        Line printed under the figure.

    Returns
    -------
    Figure
        Stretch width in proportion to planned loads a day; port colour by mean wait in the baseline; an inset
        for Detroit to Niagara.
    """
    low, high = _frame(picture)
    has_waits = any(gate.wait_min is not None for gate in picture.gates)
    height = 10.3 * (high[1] - low[1]) / (high[0] - low[0]) + (1.35 if has_waits else 0.7)
    figure = new_figure(10.5, height, f"Network: {picture.title}", provenance)
    axes = figure.subplots()
    _paper(axes)
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    largest = max((stretch.loads_per_day for stretch in picture.stretches), default=1.0) or 1.0
    waits = [gate.wait_min for gate in picture.gates if gate.wait_min is not None]
    scale = Normalize(0.0, max([*waits, 1.0]))
    _stretches(axes, picture.stretches, largest)
    _sites(axes, picture)
    _gates(axes, picture.gates, scale, _WIDE_PT, skip_inset=True)
    _inset(axes, picture, largest, scale)
    _legend(axes, largest, picture)
    if has_waits:
        mappable = axes.scatter([], [], c=[], cmap=_WAITS, norm=scale)
        bar = figure.colorbar(mappable, ax=axes, location="bottom", shrink=0.36, aspect=32, pad=0.01, anchor=(1.0, 1.0))
        bar.set_label("mean wait at the port in the baseline, longer direction, minutes", fontsize=7.5)
    return figure


def _paper(axes: Axes) -> None:
    outline = load_outline()
    fills = [(_LAND if country else _NEIGHBOUR, ring) for country, ring in outline.land]
    axes.add_collection(
        PolyCollection([ring for _, ring in fills], facecolors=[c for c, _ in fills], edgecolors="#B9B4A8", lw=0.4)
    )
    axes.add_collection(PolyCollection(list(outline.lakes), facecolors=_WATER, edgecolors="#B9B4A8", linewidths=0.4))
    axes.add_collection(LineCollection(list(outline.states), colors="#DDD8CC", linewidths=0.5))
    axes.add_collection(LineCollection(list(outline.borders), colors="#77736A", linewidths=1.1))
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color("#CCCCCC")


def _points(places: Iterable[Point]) -> Floats:
    array = np.asarray(list(places), dtype=np.float64).reshape(-1, 2)
    return project(array[:, 0], array[:, 1])


def _frame(picture: MapPicture) -> tuple[Floats, Floats]:
    """Lay out the corners of the map: all that is drawn, a margin, and neither too wide nor too tall."""
    places = [place for group in picture.sites.values() for _, place in group]
    places += [gate.place for gate in picture.gates]
    places += [point for stretch in picture.stretches for point in (stretch.begin, stretch.end)]
    corners = _points(places or [(-120.0, 20.0), (-65.0, 50.0)])
    low, high = corners.min(axis=0) - 0.03, corners.max(axis=0) + 0.03
    width, tall = high - low
    spare = max(0.0, 0.7 * width - tall) / 2
    low[1] -= spare
    high[1] += spare
    return low, high


def _width(loads: float, largest: float) -> float:
    return 0.35 + _WIDEST_PT * loads / largest


def _stretches(axes: Axes, stretches: Sequence[Stretch], largest: float) -> None:
    for is_ocean, colour in ((False, BLUE), (True, "#5B5B5B")):
        drawn = [stretch for stretch in stretches if stretch.is_ocean == is_ocean]
        axes.add_collection(
            LineCollection(
                [_bent(stretch) for stretch in drawn],
                colors=colour,
                linewidths=[_width(stretch.loads_per_day, largest) for stretch in drawn],
                linestyles="dashed" if is_ocean else "solid",
                alpha=0.55,
                capstyle="butt" if is_ocean else "round",
                zorder=3,
            )
        )


def _bent(stretch: Stretch) -> Floats:
    """Lay out a stretch as a slight bow, so that two that share their ends do not hide one another."""
    begin, end = _points([stretch.begin, stretch.end])
    across = np.array([begin[1] - end[1], end[0] - begin[0]])
    middle = (begin + end) / 2 + (0.0 if stretch.is_ocean else 0.06) * across
    t = np.linspace(0.0, 1.0, 24)[:, None]
    curve: Floats = (1 - t) ** 2 * begin + 2 * t * (1 - t) * middle + t**2 * end
    return curve


def _sites(axes: Axes, picture: MapPicture) -> None:
    for kind, places in picture.sites.items():
        marker, size, face = _SITE_MARKS.get(kind, ("o", 11, GREY))
        xy = _points(place for _, place in places)
        axes.scatter(xy[:, 0], xy[:, 1], s=size, marker=marker, facecolor=face, edgecolor=INK, linewidth=0.7, zorder=4)


def _in_inset(place: Point) -> bool:
    west, east, south, north = INSET_DEG
    return west <= place[0] <= east and south <= place[1] <= north


def _gates(axes: Axes, gates: Sequence[Gate], scale: Normalize, width_pt: float, skip_inset: bool) -> None:
    colours = colormaps[_WAITS]
    half = 0.9 * _GAP_PT * (axes.get_xlim()[1] - axes.get_xlim()[0]) / width_pt  # of a mark
    marks = [_points([gate.place])[0] for gate in gates]
    taken: list[Box] = [(x - half, y - half, x + half, y + half) for x, y in marks]
    for gate in sorted(gates, key=lambda gate: (-gate.loads_per_day, gate.port)):
        x, y = _points([gate.place])[0]
        face = "white" if gate.wait_min is None else colours(scale(gate.wait_min))
        size = 24 if gate.wait_min is None else 64  # a small mark does not hide the queue beside it
        axes.scatter(x, y, s=size, marker="D", facecolor=face, edgecolor=BLACK, linewidth=1.0, zorder=5)
        if not (skip_inset and _in_inset(gate.place)):
            _label(axes, gate, x, y, taken, width_pt)


def _label(axes: Axes, gate: Gate, x: float, y: float, taken: list[Box], width_pt: float) -> None:
    """Write a port's name at the first place around it where no mark and no earlier name stands."""
    text = shortened(gate.name, 34)
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    per_point = (right - left) / width_pt
    wide, tall = 4.4 * len(text) * per_point, 9.0 * per_point
    gap = _GAP_PT * per_point
    ring = [
        (1, 0),
        (-1, 0),
        (1, -1),
        (-1, -1),
        (1, 1),
        (-1, 1),
        (1, -2),
        (-1, -2),
        (1, 2),
        (-1, 2),
        (1, -3),
        (-1, 3),
    ]
    boxes = []
    for side, step in ring:
        low = x + gap if side > 0 else x - gap - wide
        boxes.append((low, y + step * tall - tall / 2, low + wide, y + step * tall + tall / 2))
    inside = [b for b in boxes if left < b[0] and b[2] < right and bottom < b[1] and b[3] < top]
    free = [box for box in inside if not any(_overlap(box, other) for other in taken)]
    box = (free or inside or boxes)[0]
    taken.append(box)
    axes.annotate(
        text,
        (x, y),
        (box[0], (box[1] + box[3]) / 2),
        textcoords="data",
        va="center",
        fontsize=7.2,
        color=INK,
        zorder=6,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.6},
        arrowprops={"arrowstyle": "-", "color": "#777777", "linewidth": 0.5, "shrinkA": 0, "shrinkB": 3},
    )


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _inset(axes: Axes, picture: MapPicture, largest: float, scale: Normalize) -> None:
    near = [gate for gate in picture.gates if _in_inset(gate.place)]
    if len(near) < 2:
        return
    small = axes.inset_axes((0.995 - _INSET_SIDE, 0.01, _INSET_SIDE, 0.27))
    _paper(small)
    west, east, south, north = INSET_DEG
    corners = _points([(west, south), (west, north), (east, south), (east, north)])
    low, high = corners.min(axis=0), corners.max(axis=0)
    small.set_xlim(low[0], high[0])
    small.set_ylim(low[1], high[1])
    small.set_aspect("auto")
    _stretches(small, picture.stretches, largest)
    _sites(small, picture)
    _gates(small, near, scale, _INSET_SIDE * _WIDE_PT, skip_inset=False)
    small.set_title("Detroit to Niagara", fontsize=7.5, loc="left", pad=2)
    axes.indicate_inset_zoom(small, edgecolor="#777777", linewidth=0.7)


def _legend(axes: Axes, largest: float, picture: MapPicture) -> None:
    handles = [
        Line2D([], [], marker=_SITE_MARKS[kind][0], markerfacecolor=_SITE_MARKS[kind][2], markeredgecolor=INK,
               linestyle="none", markersize=5, label=_SITE_WORDS[kind])
        for kind in picture.sites if kind in picture.sites
    ]  # fmt: skip
    handles.append(
        Line2D([], [], marker="D", markerfacecolor="white", markeredgecolor=BLACK, linestyle="none",
               markersize=6, label="port of entry (white: no queue)")
    )  # fmt: skip
    for loads in (largest, largest / 4):
        words = f"{loads:,.0f} loads a day" if loads >= 10 else f"{loads:.1f} loads a day"
        handles.append(Line2D([], [], color=BLUE, alpha=0.55, linewidth=_width(loads, largest), label=words))
    if any(stretch.is_ocean for stretch in picture.stretches):
        handles.append(
            Line2D(
                [],
                [],
                color="#5B5B5B",
                alpha=0.55,
                linewidth=1.5,
                linestyle="--",
                label="from or to overseas",
            )
        )
    axes.legend(handles=handles, loc="lower left", frameon=True, framealpha=0.9, edgecolor="#CCCCCC", fontsize=7.5)
