"""What the balances share: how a broken row is told, and how stays at a place are counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem
from sim.ledger.ledger import NOT_YET

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SHOWN = 3  # violations told of each kind
NEIGHBOURS = 2  # rows shown on either side


def told(name: str, table: Any, broken: Bools, message: str) -> Iterator[Problem]:
    """One problem for each of the first broken rows of a table, with the rows around it."""
    rows = np.flatnonzero(broken)
    for row in rows[:SHOWN].tolist():
        low, high = max(0, row - NEIGHBOURS), min(broken.size, row + NEIGHBOURS + 1)
        around = "".join(
            "\n      " + ("> " if i == row else "  ") + f"{i}: " + _row_text(table, i) for i in range(low, high)
        )
        more = f" ({rows.size} rows)" if rows.size > 1 else ""
        yield Problem(f"{name} row {row}", message + more + around)


def _row_text(table: Any, row: int) -> str:
    return ", ".join(f"{item.name} {int(getattr(table, item.name)[row])}" for item in fields(table))


def out_of_order(earlier: Ints, later: Ints, gap_s: int = 0) -> Bools:
    """Whether `later` happened without `earlier`, or less than `gap_s` after it."""
    broken: Bools = (later != NOT_YET) & ((earlier == NOT_YET) | (later < earlier + gap_s))
    return broken


def most_busy(place: Ints, begins: Ints, ends: Ints) -> Ints:
    """For each stay, how many stays at its place are under way just after it begins (ends come first)."""
    count = place.size
    where = np.concatenate((place, place))
    when = np.concatenate((begins, ends))
    change = np.concatenate((np.ones(count, dtype=np.int64), -np.ones(count, dtype=np.int64)))
    order = np.lexsort((change, when, where))
    level = np.cumsum(change[order])  # every place ends at zero, so the sum may run on
    busy = np.empty(2 * count, dtype=np.int64)
    busy[order] = level
    return busy[:count]
