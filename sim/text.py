"""Text for a terminal: aligned rows, paragraphs wrapped at its width, money as people write it."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Sequence
from decimal import Decimal

Cell = str | float | int | None
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what a spreadsheet may begin a formula with
WIDEST = 110  # longer lines are hard to read
_KEPT = "\N{NO-BREAK SPACE}"  # between a number and its unit


def columns_of(rows: Sequence[Sequence[object]], right: bool = False) -> list[str]:
    """Rows as aligned text; with `right`, all but the first column flush right."""
    if not rows:
        return []
    widths = [max(len(str(row[k])) for row in rows) for k in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            str(cell).rjust(width) if right and k else str(cell).ljust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def width() -> int:
    """Columns to fill: the terminal's, but no more than `WIDEST`."""
    return max(60, min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns))


def wrap(text: str, indent: str = "", hanging: str | None = None) -> list[str]:
    """A paragraph as lines no wider than the terminal; later lines stand under `hanging`, or `indent`.

    Examples
    --------
    >>> wrap("one two", "  ")
    ['  one two']
    """
    later = indent if hanging is None else hanging
    kept = re.sub(r"(?<=\d) %|(?<=[A-Z]{3}) (?=\d)", lambda space: space[0].replace(" ", _KEPT), text)
    found = textwrap.wrap(
        kept,
        width(),
        initial_indent=indent,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_KEPT, " ") for line in found] or [indent.rstrip()]


def money(cents: float, currency: str = "") -> str:
    """Money to the cent, thousands apart.

    Examples
    --------
    >>> money(5_000_000, "USD")
    'USD 50,000.00'
    """
    return f"{currency} {cents / 100:,.2f}".strip()


def significant(number: float, digits: int, sign: str = "") -> str:
    """A number to so many significant digits, thousands apart and without an exponent; ``sign="+"`` shows a plus too.

    Examples
    --------
    >>> significant(263.4, 2), significant(1.2e-5, 2), significant(-32586.28, 4, "+"), significant(0, 2)
    ('260', '0.000012', '-32,590', '0')
    """
    rounded = Decimal(f"{number:.{digits - 1}e}")
    return f"{rounded.normalize():{sign},f}" if rounded else f"{0:{sign}}"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    Examples
    --------
    >>> count(1, "line"), count(2, "entry", "entries")
    ('1 line', '2 entries')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def not_a_formula(cell: Cell) -> Cell:
    """A cell of a CSV of results, text that a spreadsheet may take for a formula quoted with ``'``.

    Examples
    --------
    >>> not_a_formula("=1+1"), not_a_formula(-2.5), not_a_formula("plain")
    ("'=1+1", -2.5, 'plain')
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RISKY) else cell
