"""What Jupyter shows of a study: its tables, and how far it is while it runs."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from importlib import import_module
from typing import Any

_HALF = "± 95 % of "  # begins the head of a column of half-widths, which stand beside their numbers
_CHANGE = "change of "


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that a person reads: a title, named columns, values as they are."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def to_dicts(self) -> list[dict[str, Any]]:
        """One dict a row, for a data-frame library or JSON."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def _repr_html_(self) -> str:
        shown = list(_columns(self))
        head = "".join(f"<th>{escape(name)}</th>" for name, _ in shown)
        rows = zip(*(cells for _, cells in shown), strict=True)
        body = "".join(
            "<tr>" + "".join(f'<td style="white-space: nowrap">{escape(cell)}</td>' for cell in row) + "</tr>"
            for row in rows
        )
        table = f"<table><caption>{escape(self.title)}</caption><tr>{head}</tr>{body}</table>"
        return f'<div style="overflow-x: auto">{table}</div>'


def _columns(table: Table) -> Iterator[tuple[str, list[str]]]:
    """Heads and texts of the columns: half-widths beside their numbers, those without a word left out."""
    columns = [list(column) for column in zip(*table.rows, strict=True)] or [[] for _ in table.columns]
    for n, (head, cells) in enumerate(zip(table.columns, columns, strict=True)):
        follows = table.columns[n + 1] if n + 1 < len(table.columns) else ""
        if follows == _HALF + head:
            yield f"{head} ± 95 %", _with_half_widths(cells, columns[n + 1], is_change=head.startswith(_CHANGE))
        elif not head.startswith(_HALF) and not (cells and all(cell in ("", None) for cell in cells)):
            yield head, [_shown(cell) for cell in cells]


def _with_half_widths(values: Sequence[float | None], halves: Sequence[float | None], *, is_change: bool) -> list[str]:
    """Numbers with two digits of the widest half-width; what is sure to be nothing is ``0``."""
    widest = max((half for half in halves if half), default=0.0)
    digits = min(max(1 - math.floor(math.log10(widest)), 0), 4) if widest else 2
    sign = "+" if is_change else ""
    texts = []
    for value, half in zip(values, halves, strict=True):
        if value is None:
            texts.append("–")
        elif half is None:
            texts.append(f"{value:{sign},.{digits}f}")
        else:
            texts.append(f"{value:{sign},.{digits}f} ± {half:,.{digits}f}" if value or half else "0")
    return texts


def _shown(cell: object) -> str:
    if cell is None:
        return "–"
    return f"{cell:,.2f}" if isinstance(cell, float) else str(cell)


@contextmanager
def bar_in_notebook(name: str) -> Iterator[Callable[[int, int], None] | None]:
    """A bar under the cell of a notebook that runs a study, gone when it is done; None outside notebooks.

    Yields
    ------
    callable or None
        Takes how many runs are done, and of how many.
    """
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    if shell is None or not hasattr(shell, "kernel"):
        yield None
        return
    ipython: Any = import_module("IPython.display")  # untyped
    place = ipython.display(ipython.HTML(""), display_id=True)

    def show(done: int, total: int) -> None:
        bar = f'<progress value="{done}" max="{total}" aria-label="runs done"></progress>'
        place.update(ipython.HTML(f"{bar} {escape(name)}: {done} of {total} runs"))

    try:
        yield show
    finally:
        place.update(ipython.HTML(""))
