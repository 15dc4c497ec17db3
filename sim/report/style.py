"""How every figure looks: paper, colours that survive colour blindness and grey print, axes, saving."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from io import BytesIO
from pathlib import Path
from typing import Any, ParamSpec

from matplotlib import dates as untyped
from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from sim.errors import DataError

# Okabe and Ito, "Color Universal Design" (2008): told apart by readers with any common colour blindness.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GREY, PALE, INK = "#8A8A8A", "#E8E8E8", "#222222"

# A fill is a colour and a hatch, so that two neighbours differ in grey as well; three marks each are dense enough.
SLASH, DOT, BACKSLASH, CROSS, DASH, BAR, RING = (mark * 3 for mark in "/.\\x-|o")
FILLS: tuple[tuple[str, str], ...] = (
    (BLUE, ""),
    (ORANGE, SLASH),
    (GREEN, DOT),
    (PURPLE, BACKSLASH),
    (SKY, CROSS),
    (VERMILION, DASH),
    (YELLOW, BAR),
    (GREY, RING),
)
# A series is a colour, a marker and a line style.
SERIES: tuple[tuple[str, str, str], ...] = (
    (BLACK, "o", "-"),
    (BLUE, "s", "--"),
    (VERMILION, "^", "-."),
    (GREEN, "D", ":"),
    (PURPLE, "v", "--"),
    (ORANGE, "P", "-"),
    (SKY, "X", "-."),
    (GREY, "*", ":"),
)
COUNTRY_FILL = {"US": (BLUE, ""), "CA": (ORANGE, SLASH), "MX": (GREEN, DOT)}
COUNTRY_NAME = {"US": "United States", "CA": "Canada", "MX": "Mexico"}

_RC: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "text.parse_math": False,  # a name with dollar signs is a name
    "font.size": 9.0,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 8.5,
    "axes.edgecolor": "#555555",
    "axes.linewidth": 0.7,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.5,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.fontsize": 8.0,
    "legend.frameon": False,
    "hatch.linewidth": 0.6,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "nafta-sim",
}

MOST_LINES = 4  # of a label
_DOTS = 160  # an inch, of a PNG
_MOST_TITLE, _MOST_PROVENANCE = 110, 200  # letters
_HEAD_IN, _LINE_IN, _FOOT_IN = 0.34, 0.23, 0.2  # title, one line of legend, provenance

dates: Any = untyped
Parameters = ParamSpec("Parameters")


class ShownFigure(Figure):
    """A figure that shows itself in a notebook although it was made without pyplot."""

    def _repr_png_(self) -> bytes:
        return png_of(self)


def png_of(figure: Figure) -> bytes:
    """A figure as PNG for a screen, 110 dots an inch."""
    picture = BytesIO()
    with rc_context(_RC):
        figure.savefig(picture, format="png", dpi=110)
    return picture.getvalue()


def styled(draw: Callable[Parameters, Figure]) -> Callable[Parameters, Figure]:
    """Run a drawing function under the house style without touching the caller's matplotlib settings."""

    @wraps(draw)
    def under_style(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Figure:
        with rc_context(_RC):
            return draw(*args, **kwargs)

    return under_style


def new_figure(width_in: float, height_in: float, title: str, provenance: str, legend_lines: int = 0) -> Figure:
    """Make an empty figure with its title at the top left and its provenance line at the bottom left.

    Parameters
    ----------
    width_in, height_in : float
        Size in inches, room for title and legend included.
    title, provenance : str
        What it shows, and which study it was drawn from.
    legend_lines : int
        Lines to keep free under the title for `add_legend`.
    """
    figure = ShownFigure(figsize=(width_in, height_in))
    head, foot = _HEAD_IN + _LINE_IN * legend_lines + (0.08 if legend_lines else 0.0), _FOOT_IN
    room = (0.0, foot / height_in, 1.0, 1.0 - (head + foot) / height_in)
    figure.set_layout_engine(ConstrainedLayoutEngine(rect=room))
    top = 1.0 - 0.07 / height_in
    title, provenance = shortened(title, _MOST_TITLE), shortened(provenance, _MOST_PROVENANCE)
    figure.text(0.01, top, title, va="top", fontsize=11.5, fontweight="bold", color=INK, parse_math=False)
    figure.text(0.01, 0.05 / height_in, provenance, va="bottom", fontsize=6.5, color="#666666", parse_math=False)
    return figure


def add_legend(figure: Figure, handles: Sequence[Artist], columns: int) -> None:
    """Write the legend in the lines that `new_figure` kept free under the title."""
    top = 1.0 - _HEAD_IN / figure.get_figheight()
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(0.0, top), ncols=columns, borderaxespad=0.2)


def thousands(axes: Axes) -> None:
    """Write the numbers of the value axis with their thousands apart."""
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}".replace("-", "−"))


def plain_axes(axes: Axes, grid: str = "x") -> None:
    """Take away the box and leave a light grid across the direction that is read."""
    for side in ("top", "right", "left" if grid == "x" else "bottom"):
        axes.spines[side].set_visible(False)
    axes.grid(visible=True, axis="x" if grid == "x" else "y", color="#D9D9D9", linewidth=0.6)
    axes.tick_params(length=0 if grid == "x" else 3, axis="y")


def label_outer(panels: Iterable[Axes], shown: int, columns: int, below: str, beside: str) -> None:
    """Hide the panels of a grid that are not used, and name the axes of the others at its left and lower edges only.

    Parameters
    ----------
    panels : iterable of Axes
        Row by row; the first `shown` are used.
    below, beside : str
        Words for the horizontal and the vertical axis.
    """
    for number, axes in enumerate(panels):
        axes.set_visible(number < shown)
        if number + columns >= shown:
            axes.set_xlabel(below)
            axes.tick_params(labelbottom=True)
        if number % columns == 0:
            axes.set_ylabel(beside)


def days_below(axes: Axes, most: int = 9) -> None:
    """Write days on the horizontal axis in as few letters as tell them apart, at four to `most` places."""
    locator = dates.AutoDateLocator(minticks=4, maxticks=most)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator))


def save_figure(figure: Figure, folder: Path, name: str) -> tuple[Path, Path]:
    """Write a figure as PNG (160 dots an inch) and SVG, the same bytes for the same figure.

    Returns
    -------
    tuple of Path
        The PNG and the SVG.
    """
    folder.mkdir(parents=True, exist_ok=True)
    png = folder / f"{name}.png"
    with rc_context(_RC):
        figure.savefig(png, dpi=_DOTS, metadata={"Software": None})
    return png, _drawing(figure, folder, name)


def save_drawing(figure: Figure, folder: Path, name: str) -> Path:
    """Write a figure as the SVG that `save_figure` writes, alone."""
    figure.dpi, dots = _DOTS, figure.dpi
    with rc_context(_RC):
        figure.draw_without_rendering()
    figure.dpi = dots
    return _drawing(figure, folder, name)


def _drawing(figure: Figure, folder: Path, name: str) -> Path:
    """Write the SVG of a figure that has been laid out; `savefig` would draw once more to lay it out again."""
    svg = folder / f"{name}.svg"
    figure.set_layout_engine("none")
    with rc_context(_RC):
        FigureCanvasSVG(figure).print_svg(svg, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
    return svg


def save_as(figure: Figure, path: Path) -> Path:
    """Write a figure to one file, whose name says how: .png (160 dots an inch), .svg or .pdf.

    Raises
    ------
    DataError
        It cannot be written there.
    """
    dated = {".png": {"Software": None}, ".svg": {"Date": None, "Creator": None}, ".pdf": {"CreationDate": None}}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with rc_context(_RC):
            figure.savefig(path, dpi=_DOTS, metadata=dated[path.suffix.lower()])
    except OSError as error:
        raise DataError(str(path), [f"cannot be written ({error.strerror or error}). Name another file."]) from error
    return path


def signed(value: float, digits: int = 0) -> str:
    """Write a change with its sign, thousands apart: ``+1,234``; a change that rounds to nothing is ``0``.

    Examples
    --------
    >>> signed(1234.4), signed(-0.2), signed(-12.34, 1)
    ('+1,234', '0', '−12.3')
    """
    text = f"{abs(value):,.{digits}f}"
    if not any(mark in "123456789" for mark in text):
        return text
    return ("+" if value > 0 else "−") + text


def with_interval(value: float, half_width: float, digits: int = 0) -> str:
    """Write a change with its 95 % interval; no interval where there is none (NaN) or nothing moved.

    Examples
    --------
    >>> with_interval(12.34, 3.21, 1), with_interval(12.34, float("nan"), 1)
    ('+12.3 ± 3.2', '+12.3')
    """
    if math.isnan(half_width) or value == half_width == 0:
        return signed(value, digits)
    digits = enough_digits(half_width, digits)
    return f"{signed(value, digits)} ± {half_width:,.{digits}f}"


def enough_digits(half_width: float, digits: int) -> int:
    """Decimals for a figure and its interval: more where a half-width that is not nothing would read as nothing.

    Examples
    --------
    >>> enough_digits(3.21, 1), enough_digits(0.0034, 1)
    (1, 3)
    """
    while half_width and not round(half_width, digits) and digits < 6:
        digits += 1
    return digits


def wrapped(text: str, width: int = 18) -> str:
    """Break a label so that no line is longer than `width` letters, at spaces where words allow; at most four lines."""
    lines = textwrap.wrap(text, width, max_lines=MOST_LINES, placeholder="…", break_on_hyphens=False)
    return "\n".join(lines)


def shortened(text: str, letters: int = 48) -> str:
    """Cut a label that is too long for a figure, and show that it was cut."""
    return text if len(text) <= letters else text[: letters - 1] + "…"


def digits_for(values: Sequence[float]) -> int:
    """Decimals worth printing for a set of numbers: 0 from 100 up or for nothing, 1 from 10, 2 from 0.1, else 3."""
    largest = max((abs(value) for value in values), default=0.0)
    return 0 if largest >= 100 or largest == 0 else 1 if largest >= 10 else 2 if largest >= 0.1 else 3
