"""Where two ledgers of one plan part: the first event that differs, with its neighbours and what led to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np

from sim.ledger.events import AT_CROSSING, EventKind, Events, derive_events
from sim.ledger.ledger import Ledger
from sim.plan import Plan

NEIGHBOURS = 5  # events shown on either side
MOST_CAUSES = 20
CHANNELS = ("second", "kind", "lane", "n", "place", "quantity")


def first_difference(plan: Plan, one: Ledger, other: Ledger, names: tuple[str, str] = ("one", "other")) -> str:
    """Tell where two ledgers part.

    Parameters
    ----------
    plan : Plan
        The run that both say they report.
    names : tuple of str
        What to call the two, such as the names of their engines.

    Returns
    -------
    str
        Empty where they are equal, row for row. Otherwise the first unequal event in order of time, in both, with the
        events around it and the chain of causes behind it; or, where all events agree, the first unequal row of a
        table.
    """
    if one.digest() == other.digest():
        return ""
    lines = list(_events_apart(plan, one, other, names)) or list(_rows_apart(one, other, names))
    return "\n".join(lines)


def _events_apart(plan: Plan, one: Ledger, other: Ledger, names: tuple[str, str]) -> Iterator[str]:
    both = (derive_events(plan, one), derive_events(plan, other))
    row = _first_unequal(*([getattr(events, name) for name in CHANNELS] for events in both))
    if row < 0:
        return
    yield f"the ledgers part at event {row}"
    for name, events in zip(names, both, strict=True):
        yield f"  {name}:"
        for i in range(max(0, row - NEIGHBOURS), min(events.second.size, row + NEIGHBOURS + 1)):
            yield f"    {'>' if i == row else ' '} {_event_text(plan, events, i)}"
        if row >= events.second.size:
            yield "    > (ended)"
            continue
        yield "    because of:"
        yield from (f"      {text}" for text in _causes(plan, events, row))


def _first_unequal(one: list[Any], other: list[Any]) -> int:
    """The first row in which two tables of columns differ, -1 if none does."""
    common = min(one[0].size, other[0].size)
    unequal = np.zeros(common, dtype=bool)
    for mine, theirs in zip(one, other, strict=True):
        unequal |= mine[:common] != theirs[:common]
    found = np.flatnonzero(unequal)
    if found.size:
        return int(found[0])
    return -1 if one[0].size == other[0].size else common


def _causes(plan: Plan, events: Events, row: int) -> Iterator[str]:
    for _ in range(MOST_CAUSES):
        row = int(events.cause[row])
        if row < 0:
            return
        yield _event_text(plan, events, row)


def _event_text(plan: Plan, events: Events, row: int) -> str:
    kind = EventKind(int(events.kind[row]))
    place = int(events.place[row])
    if kind in AT_CROSSING:
        where = plan.crossings.ids[place]
    elif kind is EventKind.RECEIVE:
        where = plan.stocks.ids[place] if place >= 0 else "market"
    else:
        where = plan.recipes.ids[place]
    load = f"{plan.lanes.ids[int(events.lane[row])]}#{int(events.n[row])}"
    return f"{int(events.second[row])} s {kind.name.lower()} {load} ({int(events.quantity[row])} units) at {where}"


def _rows_apart(one: Ledger, other: Ledger, names: tuple[str, str]) -> Iterator[str]:
    """The first unequal row of each table, where the events do not show it."""
    for table in ("loads", "passages", "stages", "uses"):
        mine, theirs = getattr(one, table), getattr(other, table)
        columns = [item.name for item in fields(mine)]
        row = _first_unequal(*([getattr(x, name) for name in columns] for x in (mine, theirs)))
        if row < 0:
            continue
        yield f"the events agree; row {row} of {table} does not"
        for name, rows in zip(names, (mine, theirs), strict=True):
            yield f"  {name}:"
            last = getattr(rows, columns[0]).size
            for i in range(max(0, row - NEIGHBOURS), min(last, row + NEIGHBOURS + 1)):
                told = ", ".join(f"{column} {int(getattr(rows, column)[i])}" for column in columns)
                yield f"    {'>' if i == row else ' '} {told}"
    for name in (item.name for item in fields(one.hours)):
        mine, theirs = getattr(one.hours, name), getattr(other.hours, name)
        if mine.shape != theirs.shape:
            yield f"the events agree; {name} has the shapes {mine.shape} ({names[0]}) and {theirs.shape} ({names[1]})"
        elif not np.array_equal(mine, theirs):
            crossing, hour = np.argwhere(mine != theirs)[0].tolist()
            told = " and ".join(f"{int(x[crossing, hour])} ({y})" for x, y in zip((mine, theirs), names, strict=True))
            yield f"the events agree; {name} of crossing {crossing} in hour {hour} does not: {told}"
    if one.stock_left.size != other.stock_left.size:
        yield f"the events agree; {one.stock_left.size} ({names[0]}) and {other.stock_left.size} stocks ({names[1]})"
    elif not np.array_equal(one.stock_left, other.stock_left):
        stock = int(np.flatnonzero(one.stock_left != other.stock_left)[0])
        yield f"the events agree; what is left of stock {stock} does not"
