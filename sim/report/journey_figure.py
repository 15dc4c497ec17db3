"""Journeys of parts as a picture: how many borders they pass, and what a duty at each adds to what one part costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.report.style import (
    GREY,
    INK,
    ORANGE,
    PALE,
    SERIES,
    SKY,
    SLASH,
    add_legend,
    new_figure,
    plain_axes,
    shortened,
    styled,
    wrapped,
)

# Movement at a border: words, fill, hatch.
_MOVEMENTS = {
    "entry": ("entered for use", ORANGE, ""),
    "temporary": ("temporary import", SKY, SLASH),
    "in_bond": ("in bond, no entry", PALE, ""),
}


@dataclass(frozen=True, slots=True)
class Border:
    """A border on a journey: the country beyond it and the movement there, ``entry``, ``temporary`` or ``in_bond``."""

    into: str
    movement: str


@dataclass(frozen=True, slots=True)
class Climb:
    """What duty has added to a part after each border of its journey.

    Parameters
    ----------
    title : str
        Such as the rate.
    found, closed_form : sequence of float
        Percent of the part's value without duty, one for each border in order: as assessed, and by a formula.
    """

    title: str
    found: Sequence[float]
    closed_form: Sequence[float]


@styled
def borders_and_duty(
    journeys: Mapping[str, Sequence[Border]],
    followed: str,
    climbs: Sequence[Climb],
    provenance: str,
    said: int | None = None,
) -> Figure:
    """Draw the borders of some journeys, and beside them what duty adds along one of them.

    Parameters
    ----------
    journeys : mapping of str to sequence of Border
        By title, drawn from top to bottom.
    followed : str
        Title of the journey that the climbs follow.
    climbs : sequence of Climb
        As many as there are series of the style, one value for each border of `followed`.
    provenance : str
        Line printed under the figure.
    said : int, optional
        Number of borders that people speak of, drawn as a line beside those counted.

    Returns
    -------
    Figure
        Left one square a border, coloured by what happens there; right duty after each border, dots by the formula.
    """
    figure = new_figure(
        11.5,
        max(4.2, 1.6 + 0.26 * len(journeys)),
        "Borders on the way of a part, and what a duty at each adds",
        provenance,
        1,
    )
    left, right = figure.subplots(1, 2, width_ratios=(5, 6))
    _count(left, journeys, said)
    _climb(right, journeys[followed], climbs)
    left.set_title("Borders passed")
    right.set_title(followed)
    handles: list[Any] = [
        Patch(facecolor=fill, hatch=hatch, edgecolor=INK, label=words) for words, fill, hatch in _MOVEMENTS.values()
    ]
    handles.append(Line2D([], [], color=GREY, marker="o", linestyle="", markerfacecolor="white", label="closed form"))
    add_legend(figure, handles, len(handles))
    return figure


def _count(axes: Axes, journeys: Mapping[str, Sequence[Border]], said: int | None) -> None:
    for line, borders in enumerate(journeys.values()):
        for number, border in enumerate(borders):
            _, fill, hatch = _MOVEMENTS[border.movement]
            axes.barh(line, 0.9, left=number + 0.05, height=0.62, color=fill, hatch=hatch, edgecolor=INK, linewidth=0.6)
            plate = {"boxstyle": "square,pad=0.1", "facecolor": fill, "edgecolor": "none"}  # letters off the hatch
            middle = (number + 0.5, line)
            axes.annotate(border.into, middle, ha="center", va="center", fontsize=7.0, color=INK, bbox=plate)
        axes.annotate(f"{len(borders)}", (len(borders) + 0.15, line), va="center", fontweight="bold")
    most = max(*map(len, journeys.values()), said or 0)
    if said is not None:
        axes.axvline(said, color=INK, linestyle="--", linewidth=1.0)
        place = (float(said), len(journeys) - 0.6)
        axes.annotate("as is said", place, (-4, 0), textcoords="offset points", ha="right", fontsize=7.5, color=INK)
    axes.set_yticks(range(len(journeys)), [shortened(title, 44) for title in journeys], fontsize=7.8)
    axes.set_ylim(len(journeys) - 0.4, -0.6)
    axes.set_xlim(0, most + 0.8)
    axes.set_xticks(range(most + 1))
    axes.set_xlabel("borders, each with the country beyond it")
    plain_axes(axes)


def _climb(axes: Axes, borders: Sequence[Border], climbs: Sequence[Climb]) -> None:
    places = range(1, len(borders) + 1)
    for climb, (colour, _, dashes) in zip(climbs, SERIES, strict=False):
        axes.step([0, *places], [0.0, *climb.found], where="post", color=colour, linestyle=dashes, linewidth=1.6)
        axes.plot(places, climb.closed_form, color=colour, marker="o", linestyle="", markerfacecolor="white")
        end = (len(borders), climb.found[-1])
        text = f"{climb.title}: +{climb.found[-1]:.1f} %"
        axes.annotate(text, end, (8, 0), textcoords="offset points", va="center", fontsize=8, color=colour)
    axes.set_xlim(0.4, len(borders) + 2.1)
    axes.set_ylim(0, 1.12 * max(max((*x.found, *x.closed_form)) for x in climbs) or 1.0)
    words = [f"into {x.into}\n{wrapped(_MOVEMENTS[x.movement][0], 10)}" for x in borders]
    axes.set_xticks(places, [f"{place}\n{text}" for place, text in zip(places, words, strict=True)], fontsize=7.2)
    axes.set_ylabel("duty so far, % of the part's value without duty")
    axes.set_xlabel("border, in order")
    plain_axes(axes, "y")
