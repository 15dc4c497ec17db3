"""The passport of one load as a picture: where it was, how long, and what value and duty it gathered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.report.source import crossing_label
from sim.report.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    VERMILION,
    add_legend,
    new_figure,
    plain_axes,
    shortened,
    styled,
)

MOST_ROWS = 80
# What a load does at a place: words, fill, hatch, edge.
_DOES = {
    "ordered": ("waits for its turn", "white", "", "#6B6B6B"),
    "made": ("is made", BLUE, "", BLUE),
    "dock": ("waits for its milk run", "white", "////", BLUE),
    "crossing": ("at a border", VERMILION, "", VERMILION),
    "stock": ("in stock", "#BFE3D6", "////", GREEN),
    "market": ("at the market", INK, "", INK),
}
_HEIGHT = {"crossing": 0.62}


@dataclass(frozen=True, slots=True)
class Stay:
    """A piece of the passport: a place in words, what was done there, days since the load was ordered."""

    place: str
    event: str
    begin_d: float
    end_d: float | None  # None where the run ended first


def stays_of(record: Mapping[str, Any], names: Mapping[str, str] = MappingProxyType({})) -> list[Stay]:
    """Lay out a passport's rows as stays, legs of road left out; at most eighty."""
    rows = _rows(record)
    first = float(rows[0]["hours_since_start"]) if rows else 0.0
    stays = []
    for row in rows:
        event = str(row.get("event") or "")
        if event == "leg":
            continue
        begin, hours = (float(row["hours_since_start"]) - first) / 24, row.get("hours")
        place = place_words(event, str(row.get("place") or ""), str(row.get("country") or ""), names)
        stays.append(Stay(place, event, begin, None if hours is None else begin + float(hours) / 24))
    return stays


def place_words(event: str, place: str, country: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """Words for a place of the passport: its site, or its border.

    Examples
    --------
    >>> place_words("made", "supplier/juarez/main_harness", "MX")
    'supplier juarez (MX)'
    >>> place_words("crossing", "laredo_wtb/us", "US")
    'border: Laredo wtb, into US'
    >>> place_words("market", "plant/lansing/crossover_ice..market/us_midwest", "US")
    'market us midwest (US)'
    """
    if event == "crossing":
        return "border: " + crossing_label(place, names)
    site = place.rpartition("..")[2] if event == "market" else place
    words = " ".join(site.split("/")[:2]).replace("_", " ")
    return f"{words} ({country})" if country else words


def _rows(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rows = [row for row in record.get("rows") or () if row.get("hours_since_start") is not None]
    return sorted(rows, key=lambda row: float(row["hours_since_start"]))[:MOST_ROWS]


@styled
def passport(record: Mapping[str, Any], provenance: str, names: Mapping[str, str] = MappingProxyType({})) -> Figure:
    """Draw the life of one load: where it was, the borders it met, the value and duty it gathered.

    Parameters
    ----------
    record : mapping
        One entry of the fact ``passports``: ``title``, ``part`` and ``rows`` with ``hours_since_start``,
        ``hours`` (length of the stay), ``event``, ``place``, ``country``, and where known ``value_usd`` and
        ``duty_usd``.
    provenance : str
        Line printed under the figure.
    names : mapping of str to str
        Words for crossings.

    Returns
    -------
    Figure
        Places in order of first visit from top to bottom, time to the right, hours beside each border.
    """
    stays, rows = stays_of(record, names), _rows(record)
    places = list(dict.fromkeys(stay.place for stay in stays))
    money = [row for row in rows if row.get("value_usd") is not None]
    title = "Passport of one load: " + shortened(str(record.get("title") or record.get("part") or ""), 70)
    tall = 0.28 * max(1, len(places)) + 0.3
    figure = new_figure(10.0, 1.1 + tall + (1.5 if money else 0.0), title, provenance, 1)
    ratios = [tall, 1.5] if money else [1.0]
    panels = figure.subplots(len(ratios), 1, sharex=True, squeeze=False, height_ratios=ratios)[:, 0]
    _places(panels[0], stays, places)
    if money:
        _money(panels[1], money, float(rows[0]["hours_since_start"]))
    panels[-1].set_xlabel("days since the load was ordered")
    done = {stay.event for stay in stays}
    handles: list[Any] = [
        Patch(facecolor=fill, hatch=hatch, edgecolor=edge, label=words)
        for event, (words, fill, hatch, edge) in _DOES.items()
        if event in done
    ]
    handles.append(Line2D([], [], color=GREY, linestyle=":", label="on the road"))
    add_legend(figure, handles, len(handles))
    return figure


def _places(axes: Axes, stays: Sequence[Stay], places: Sequence[str]) -> None:
    last = max((stay.end_d or stay.begin_d for stay in stays), default=1.0) or 1.0
    for number, stay in enumerate(stays):
        line = places.index(stay.place)
        end = stay.end_d if stay.end_d is not None else min(stay.begin_d + 0.008 * last, 1.02 * last)
        _, fill, hatch, edge = _DOES.get(stay.event, ("", GREY, "", GREY))
        axes.barh(
            line,
            end - stay.begin_d,
            left=stay.begin_d,
            height=_HEIGHT.get(stay.event, 0.42),
            color=fill,
            hatch=hatch,
            edgecolor=edge,
            linewidth=0.9,
        )
        if stay.event == "crossing" and stay.end_d is not None:
            hours = f"{24 * (stay.end_d - stay.begin_d):.1f} h"
            axes.annotate(hours, (end, line), (5, 0), textcoords="offset points", va="center", fontsize=7.5)
        if number + 1 < len(stays) and stays[number + 1].place != stay.place:
            follower = stays[number + 1]
            ends = [line, places.index(follower.place)]
            axes.plot([end, follower.begin_d], ends, color=GREY, linewidth=0.9, linestyle=":", zorder=1)
    axes.set_yticks(range(len(places)), [shortened(place, 44) for place in places])
    axes.set_ylim(max(1, len(places)) - 0.4, -0.6)
    axes.set_xlim(-0.01 * last, 1.07 * last)
    plain_axes(axes)


def _money(axes: Axes, rows: Sequence[Mapping[str, Any]], first: float) -> None:
    days = [(float(row["hours_since_start"]) - first) / 24 for row in rows]
    value = [float(row["value_usd"]) for row in rows]
    axes.step(days, value, where="post", color=INK, label="value of one unit")
    duty = [float(row.get("duty_usd") or 0.0) for row in rows]
    if any(duty):
        axes.step(days, duty, where="post", color=VERMILION, linestyle="--", label="duty in it")
    positive = [amount for amount in (*value, *duty) if amount > 0]
    if positive and max(positive) > 50 * min(positive):  # a part and the vehicle it becomes in one picture
        axes.set_yscale("log")
        axes.set_ylim(min(positive) / 2, 4 * max(positive))
        axes.set_ylabel("USD a unit, log scale")
    else:
        axes.set_ylim(0, 1.1 * max(1.0, *value))
        axes.set_ylabel("USD a unit")
    axes.yaxis.set_major_formatter(lambda amount, _: f"{amount:,.0f}")
    axes.legend(loc="upper left")
    plain_axes(axes, grid="y")
