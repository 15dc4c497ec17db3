"""Rows as aligned text, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence


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
