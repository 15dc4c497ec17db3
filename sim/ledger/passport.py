"""The passport of one load: where it was and for how long, and what it became, until the market."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import LedgerError, nearest
from sim.ledger.ledger import Ledger
from sim.plan import Plan


@dataclass(frozen=True, slots=True)
class PassportRow:
    """One stay of a load.

    Parameters
    ----------
    step : int
        0 for the load asked about, 1 for what it was built into, and so on.
    lane, n : str, int
        The load.
    what : str
        ``ordered`` (waits for its turn or its inputs), ``made``, ``dock`` (waits for its milk run), ``leg``,
        ``crossing``, ``stock`` or ``market``.
    place : str
        Recipe, crossing or stock id; the lane for a leg and at the market.
    from_s, until_s : int
        Seconds; -1 where the run ended before.
    queued_s : int
        Of a crossing: seconds in all its lines (for a tractor, at the export check, at the booths, at the bays), -1
        where it did not come to the booth.
    """

    step: int
    lane: str
    n: int
    what: str
    place: str
    from_s: int
    until_s: int
    queued_s: int = -1

    @property
    def hours(self) -> float | None:
        """Length of the stay in hours; None where it did not end within the run or has no end."""
        return None if min(self.from_s, self.until_s) < 0 else (self.until_s - self.from_s) / 3_600


def passport(plan: Plan, ledger: Ledger, lane: str | int, n: int) -> tuple[PassportRow, ...]:
    """Follow a load through every stay, and through whatever it was first built into, to the market.

    Parameters
    ----------
    plan : Plan
        The run.
    ledger : Ledger
        What happened in it.
    lane : str or int
        Lane id or index.
    n : int
        Number of the load on its lane.

    Returns
    -------
    tuple of PassportRow
        In order of time. A load that fed several orders is followed into the one that used it first.

    Raises
    ------
    LedgerError
        No such lane or load.
    """
    return Passports(plan, ledger).follow(lane, n)


class Passports:
    """The passports of one ledger: what is looked up again and again is sorted once."""

    def __init__(self, plan: Plan, ledger: Ledger) -> None:
        self._plan, self._ledger = plan, ledger
        self._by_source = np.argsort(ledger.uses.source, kind="stable")
        self._sources = ledger.uses.source[self._by_source]
        self._first_of_lane = ledger.loads.lane.searchsorted(np.arange(len(plan.lanes.ids) + 1))

    def follow(self, lane: str | int, n: int) -> tuple[PassportRow, ...]:
        """Follow a load; see `passport`."""
        plan, ids = self._plan, self._plan.lanes.ids
        if isinstance(lane, str) and lane not in ids:
            raise LedgerError("passport", [f"no lane named '{lane}'. {nearest(lane, ids, 'lanes')}"])
        index = ids.index(lane) if isinstance(lane, str) else lane
        first, last = self._first_of_lane[index : index + 2].tolist()
        if not 0 <= n < last - first:
            raise LedgerError("passport", [f"lane '{ids[index]}' has no load {n}; it has {last - first}."])
        rows: list[PassportRow] = []
        row, step = first + n, 0
        while row >= 0:
            consumer = self._first_consumer(row)
            rows.extend(_stays(plan, self._ledger, row, step, consumer))
            row, step = consumer, step + 1
        return tuple(rows)

    def finished_of(self, index: int) -> NDArray[np.int64]:
        """Numbers of the loads of a lane that were finished."""
        first, last = self._first_of_lane[index : index + 2].tolist()
        return np.flatnonzero(self._ledger.loads.finished_s[first:last] >= 0)

    def _first_consumer(self, row: int) -> int:
        """The order that was started first among those that used a load, the first of equals; -1 if none did."""
        first, last = self._sources.searchsorted((row, row + 1)).tolist()
        consumers = self._ledger.uses.consumer[self._by_source[first:last]]
        if not consumers.size:
            return -1
        return int(consumers[np.lexsort((consumers, self._ledger.loads.started_s[consumers]))[0]])


def _stays(plan: Plan, ledger: Ledger, row: int, step: int, consumer: int) -> Iterator[PassportRow]:
    loads = ledger.loads
    index, n = int(loads.lane[row]), int(loads.n[row])
    lane = plan.lanes.ids[index]
    maker = plan.recipes.ids[int(plan.lanes.recipe[index])]
    ordered, started, finished, shipped, received = (
        int(column[row])
        for column in (loads.ordered_s, loads.started_s, loads.finished_s, loads.shipped_s, loads.received_s)
    )
    if ordered >= 0:
        yield PassportRow(step, lane, n, "ordered", maker, ordered, started)
    if started >= 0:
        yield PassportRow(step, lane, n, "made", maker, started, finished)
    if finished >= 0 and plan.lanes.run[index] >= 0:
        yield PassportRow(step, lane, n, "dock", maker, finished, shipped)
    at = shipped
    if shipped >= 0:
        rows = ledger.passages
        for passage in range(*rows.load.searchsorted((row, row + 1)).tolist()):
            arrived, left = int(rows.arrived_s[passage]), int(rows.left_s[passage])
            begun, joined = int(rows.started_s[passage]), int(rows.joined_s[passage])
            yield PassportRow(step, lane, n, "leg", lane, at, arrived)
            queued = begun - joined + _in_lines_s(ledger, row, int(rows.position[passage])) if begun >= 0 else -1
            place = plan.crossings.ids[int(rows.crossing[passage])]
            yield PassportRow(step, lane, n, "crossing", place, arrived, left, queued)
            at = left
        if at >= 0:
            yield PassportRow(step, lane, n, "leg", lane, at, received)
    if received >= 0:
        stock = int(plan.lanes.stock[index])
        what, place = ("market", lane) if stock < 0 else ("stock", plan.stocks.ids[stock])
        until = int(loads.started_s[consumer]) if consumer >= 0 else -1
        yield PassportRow(step, lane, n, what, place, received, until)


def _in_lines_s(ledger: Ledger, row: int, position: int) -> int:
    """Seconds that a load waited at a crossing in lines besides that of the booths."""
    rows = ledger.stages
    first, last = rows.load.searchsorted((row, row + 1)).tolist()
    at = first + np.flatnonzero((rows.position[first:last] == position) & (rows.started_s[first:last] >= 0))
    return int((rows.started_s[at] - rows.joined_s[at]).sum())
