"""The score sheet as a picture: each number of ours, by where it lies in the band about the published one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Protocol

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.report.style import BLUE, GREY, VERMILION, add_legend, new_figure, plain_axes, styled

FARTHEST = 3.0  # bands: what lies farther off is drawn at the edge


class Scored(Protocol):
    """A finding, as `sim.validation.finding.Finding`."""

    @property
    def ours(self) -> float:
        """Our number."""

    @property
    def theirs(self) -> float:
        """The published one."""

    @property
    def low(self) -> float:
        """Lower end of the band."""

    @property
    def high(self) -> float:
        """Upper end of the band."""

    @property
    def is_met(self) -> bool:
        """Whether ours lies in the band."""


def place_in_band(finding: Scored) -> float:
    """Where ours lies: 0 at the published number, -1 and 1 at the ends of the band; nan where there is none of ours.

    A band without width has its number at 0 or beyond its ends.
    """
    if isnan(finding.ours):
        return float("nan")
    off = finding.ours - finding.theirs
    width = (finding.high - finding.theirs) if off > 0 else (finding.theirs - finding.low)
    if width <= 0:
        return 0.0 if finding.is_met else (FARTHEST if off > 0 else -FARTHEST)
    return max(-FARTHEST, min(FARTHEST, off / width))


@styled
def score_sheet(blocks: Mapping[str, Sequence[Scored]], provenance: str) -> Figure:
    """Draw the findings of blocks, one line a block.

    Parameters
    ----------
    blocks : mapping of str to sequence of findings
        In the order in which they are drawn, from the top.
    provenance : str
        Line under the figure.
    """
    figure = new_figure(
        9.0, 1.9 + 0.42 * max(1, len(blocks)), "Ours beside published numbers", provenance, legend_lines=1
    )
    axes = figure.subplots()
    axes.axvspan(-1, 1, color=GREY, alpha=0.22, linewidth=0)
    axes.axvline(0, color=GREY, linewidth=0.9)
    labels = []
    for line, (name, findings) in enumerate(blocks.items()):
        for number, finding in enumerate(findings):
            place = place_in_band(finding)
            if not isnan(place):
                spread = 0.5 * ((number * 0.618) % 1 - 0.5)  # side by side, so that equal ones are seen
                color, marker = (BLUE, "o") if finding.is_met else (VERMILION, "X")
                axes.plot(place, line + spread, marker, color=color, markersize=4.5, alpha=0.75, linestyle="none")
        met = sum(finding.is_met for finding in findings)
        labels.append(f"{name}: {met} of {len(findings)}")
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_xlim(-FARTHEST - 0.15, FARTHEST + 0.15)
    axes.set_xticks(
        [-3, -2, -1, 0, 1, 2, 3], ["3 or more", "2", "end of band", "theirs", "end of band", "2", "3 or more"]
    )
    axes.set_xlabel("ours too low  ←  widths of the band about the published number  →  ours too high")
    plain_axes(axes)
    handles = [
        Line2D([], [], color=BLUE, marker="o", linestyle="none", label="in its band"),
        Line2D([], [], color=VERMILION, marker="X", linestyle="none", label="outside"),
        Patch(color=GREY, alpha=0.22, label="the band"),
    ]
    add_legend(figure, handles, 3)
    return figure
