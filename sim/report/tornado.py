"""The tornado: what each assumption does to a figure between the ends of its range, beside what chance does."""

from __future__ import annotations

from math import isnan

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.report.source import as_words
from sim.report.style import BLUE, GREY, ORANGE, add_legend, new_figure, plain_axes, shortened, styled, thousands
from sim.unknowns import Ranking

MOST_BARS = 16


@styled
def tornado(ranking: Ranking, unit: str, about: str, provenance: str) -> Figure:
    """Draw the assumptions that move a figure most, the greatest at the top.

    Parameters
    ----------
    unit : str
        Of the measure.
    about : str
        Whose figure it is, and against what, in words.
    provenance : str
        Line under the figure.

    Returns
    -------
    Figure
        A bar for each end of each range, from the figure as assumed; the band is the 95 % interval of chance.
    """
    rows = [row for row in ranking.rows if row.reach > 0][:MOST_BARS]
    what = ", ".join(filter(None, (as_words(ranking.measure.removesuffix("_usd")), ranking.item, about)))
    title = f"What we do not know: {what}"
    figure = new_figure(10.0, 1.7 + 0.3 * max(1, len(rows)), shortened(title, 110), provenance, legend_lines=1)
    axes = figure.subplots()
    chance = ranking.chance_95 or 0.0
    axes.axvspan(ranking.figure - chance, ranking.figure + chance, color=GREY, alpha=0.25, linewidth=0)
    axes.axvline(ranking.figure, color=GREY, linewidth=0.9)
    for line, row in enumerate(rows):
        for end, color in ((row.low, ORANGE), (row.high, BLUE)):
            if not isnan(end):
                axes.barh(line, end, left=ranking.figure, height=0.6, color=color)
    axes.set_yticks(
        range(len(rows)), [shortened(f"{row.unknown.id} ({row.unknown.low}; {row.unknown.high})", 76) for row in rows]
    )
    axes.invert_yaxis()
    axes.set_xlabel(unit)
    plain_axes(axes)
    thousands(axes)
    handles = [
        Patch(color=ORANGE, label="low end of the range"),
        Patch(color=BLUE, label="high end"),
        Patch(color=GREY, alpha=0.25, label="chance: 95 % interval of the figure as assumed"),
    ]
    add_legend(figure, handles, 3)
    return figure
