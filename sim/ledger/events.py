"""The order of events, written once, and the events of a ledger in that order, each with its cause."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sim.ledger.ledger import EXPORT, INSPECTION, NOT_YET, TRACTOR, Ledger
from sim.ledger.passport import PassportRow, passport
from sim.plan import Plan

__all__ = ["AT_CROSSING", "PHASE_OF_KIND", "EventKind", "Events", "PassportRow", "Phase", "derive_events", "passport"]

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Phase(IntEnum):
    """The moments within a second, in order: what happens in a phase sees all that happened in earlier ones."""

    RECEIVE = 0  # the last leg ends: into the stock or to the market
    FINISH = 1  # work is done, its line is free, the load is shipped or docked; a truck at a crossing may turn round
    DEPART = 2  # a milk run leaves with all that stands on its dock
    DUE = 3  # a build slot becomes an order
    ROAD = 4  # a leg or a delay ends, then trucks take their places at the ends of queues: nothing is contended yet
    GRANT = 5  # those who joined a line are passed: modules, booths and bays are given
    START = 6  # expired slots are lost, then free lines take orders
    ORDER = 7  # suppliers accept the orders placed a second ago


class EventKind(IntEnum):
    """What happened, numbered in the order of its phase: events sort by (second, kind, lane, n)."""

    RECEIVE = 0
    FINISH = 1
    DEPART = 2  # a load of a milk run is shipped; others are when they are finished
    DUE = 3
    ARRIVE = 4  # a leg ends at a crossing
    READY = 5  # a trailer waits for a tractor
    HITCH = 6  # a tractor sets out with it
    CLEAR = 7  # primary inspection is done
    LEAVE = 8  # all is done at a crossing, the dwell beyond included
    LINE_UP = 9  # at the export check
    JOIN = 10  # the line of the booths
    SEND = 11  # to the line of the bays
    CHECK = 12  # an export module begins
    GRANT = 13  # a booth begins primary inspection
    INSPECT = 14  # a bay begins state inspection
    LOSE = 15  # a build slot expires
    START = 16
    ORDER = 17


PHASE_OF_KIND = {
    EventKind.RECEIVE: Phase.RECEIVE,
    EventKind.FINISH: Phase.FINISH,
    EventKind.DEPART: Phase.DEPART,
    EventKind.DUE: Phase.DUE,
    EventKind.ARRIVE: Phase.ROAD,
    EventKind.READY: Phase.ROAD,
    EventKind.HITCH: Phase.ROAD,
    EventKind.CLEAR: Phase.ROAD,
    EventKind.LEAVE: Phase.ROAD,
    EventKind.LINE_UP: Phase.ROAD,
    EventKind.JOIN: Phase.ROAD,
    EventKind.SEND: Phase.ROAD,
    EventKind.CHECK: Phase.GRANT,
    EventKind.GRANT: Phase.GRANT,
    EventKind.INSPECT: Phase.GRANT,
    EventKind.LOSE: Phase.START,
    EventKind.START: Phase.START,
    EventKind.ORDER: Phase.ORDER,
}


AT_CROSSING = frozenset(
    {
        *(EventKind.ARRIVE, EventKind.READY, EventKind.HITCH, EventKind.LINE_UP, EventKind.CHECK, EventKind.JOIN),
        *(EventKind.GRANT, EventKind.CLEAR, EventKind.SEND, EventKind.INSPECT, EventKind.LEAVE),
    }
)
# The two events of a line besides that of the booths, by stage.
OF_STAGE = (
    (EventKind.READY, EventKind.HITCH),
    (EventKind.LINE_UP, EventKind.CHECK),
    (EventKind.SEND, EventKind.INSPECT),
)


@dataclass(frozen=True, slots=True)
class Events:
    """Every event of a ledger, sorted by (second, kind, lane, n).

    Parameters
    ----------
    second, kind, lane, n : int64[events]
        When, what (`EventKind`) and to which load.
    place : int64[events]
        Index of a crossing for the kinds in `AT_CROSSING`; of a stock for RECEIVE (-1 = market); of the making recipe
        otherwise.
    quantity : int64[events]
        Units of the load.
    cause : int64[events]
        Row of the event that made this one possible: the previous event of the same load; for START the later of its
        order and the receipt of its last input; -1 for orders and seeds.
    """

    second: Ints
    kind: Ints
    lane: Ints
    n: Ints
    place: Ints
    quantity: Ints
    cause: Ints


class _Collector:
    """Gathers events kind by kind under provisional numbers, then sorts them and renumbers their causes."""

    def __init__(self, ledger: Ledger) -> None:
        self.loads = ledger.loads
        self.columns: list[list[Ints]] = [[] for _ in range(5)]  # second, kind, load row, place, cause
        self.count = 0

    def add(self, kind: EventKind, second: Ints, load: Ints, place: Ints, cause: Ints, happened: Bools) -> Ints:
        """Add the events that happened; return their provisional numbers, -1 for the others."""
        rows = np.flatnonzero(happened)
        numbers = np.full(second.size, -1, dtype=np.int64)
        numbers[rows] = self.count + np.arange(rows.size)
        self.count += rows.size
        parts = (second[rows], np.full(rows.size, int(kind)), load[rows], place[rows], cause[rows])
        for column, part in zip(self.columns, parts, strict=True):
            column.append(part)
        return numbers

    def events(self) -> Events:
        second, kind, load, place, cause = (np.concatenate(column) for column in self.columns)
        order = np.lexsort((load, kind, second))
        rank = np.empty(order.size + 1, dtype=np.int64)
        rank[order] = np.arange(order.size)
        rank[-1] = -1  # the cause of what has no cause
        load = load[order]
        return Events(
            second=second[order],
            kind=kind[order],
            lane=self.loads.lane[load],
            n=self.loads.n[load],
            place=place[order],
            quantity=self.loads.units[load],
            cause=rank[cause[order]],
        )


def derive_events(plan: Plan, ledger: Ledger) -> Events:
    """Write a ledger as events in order, each with its cause.

    Parameters
    ----------
    plan : Plan
        The run.
    ledger : Ledger
        What happened in it.

    Returns
    -------
    Events
        One row per event. Crossings without a queue have no JOIN, GRANT and CLEAR.
    """
    loads, uses = ledger.loads, ledger.uses
    out = _Collector(ledger)
    row = np.arange(loads.lane.size)
    recipe = plan.lanes.recipe[loads.lane]
    none = np.full(row.size, -1, dtype=np.int64)
    is_slot = plan.recipes.is_assembly[recipe] == 1
    accepted = loads.ordered_s != NOT_YET
    due = out.add(EventKind.DUE, loads.ordered_s, row, recipe, none, accepted & is_slot)
    order = out.add(EventKind.ORDER, loads.ordered_s, row, recipe, none, accepted & ~is_slot)
    order = np.maximum(due, order)
    out.add(EventKind.LOSE, _lost_s(plan, ledger), row, recipe, order, loads.is_lost == 1)
    # starts need receipts and receipts need passages: number the starts first, fill in their causes afterwards
    start_cause = order.copy()
    start = out.add(EventKind.START, loads.started_s, row, recipe, start_cause, loads.started_s != NOT_YET)
    starts_at = len(out.columns[4]) - 1
    finish = out.add(EventKind.FINISH, loads.finished_s, row, recipe, start, loads.finished_s != NOT_YET)
    rides = (plan.lanes.run[loads.lane] >= 0) & (loads.shipped_s != NOT_YET)
    depart = out.add(EventKind.DEPART, loads.shipped_s, row, recipe, finish, rides)
    shipped = _add_passages(plan, ledger, out, np.maximum(finish, depart))
    stock = plan.lanes.stock[loads.lane]
    receive = out.add(EventKind.RECEIVE, loads.received_s, row, stock, shipped, loads.received_s != NOT_YET)
    if uses.source.size:
        first = np.flatnonzero(np.diff(uses.consumer, prepend=-1))
        last_input = np.maximum.reduceat(loads.received_s[uses.source] * row.size + uses.source, first)
        consumer = uses.consumer[first]
        waited = last_input // row.size > loads.ordered_s[consumer]
        start_cause[consumer[waited]] = receive[last_input[waited] % row.size]
        out.columns[4][starts_at] = start_cause[loads.started_s != NOT_YET]
    return out.events()


def _add_passages(plan: Plan, ledger: Ledger, out: _Collector, depart: Ints) -> Ints:
    """Add the events of all passages of loads that `depart`; return the last event of each before its receipt."""
    rows = ledger.passages
    queued = plan.crossings.booths_standard[rows.crossing] > 0
    cause = depart[rows.load]
    nothing = np.full(rows.load.size, -1, dtype=np.int64)
    arrive = out.add(EventKind.ARRIVE, rows.arrived_s, rows.load, rows.crossing, nothing, rows.arrived_s >= 0)
    arrivals_at = len(out.columns[4]) - 1
    number = _add_stage(ledger, out, TRACTOR, arrive)
    number = _add_stage(ledger, out, EXPORT, number)
    for kind, second in (
        (EventKind.JOIN, rows.joined_s),
        (EventKind.GRANT, rows.started_s),
        (EventKind.CLEAR, rows.cleared_s),
    ):
        added = out.add(kind, second, rows.load, rows.crossing, number, queued & (second >= 0))
        number = np.where(queued, added, number)
    number = _add_stage(ledger, out, INSPECTION, number)
    leave = out.add(EventKind.LEAVE, rows.left_s, rows.load, rows.crossing, number, rows.left_s >= 0)
    later = np.flatnonzero(rows.position > 0)
    cause[later] = leave[later - 1]
    out.columns[4][arrivals_at] = cause
    shipped = depart.copy()
    shipped[rows.load] = leave  # rows ascend with position, so the last passage of a load stays
    return shipped


def _add_stage(ledger: Ledger, out: _Collector, stage: int, number: Ints) -> Ints:
    """Add the events of one kind of line, behind the event `number` of each passage; the last event of each then."""
    rows, passages = ledger.stages, ledger.passages
    own = np.flatnonzero(rows.stage == stage)
    if not own.size:
        return number
    load = rows.load[own]
    passage = ledger.passage_of_stage()[own]
    last = number[passage]
    for kind, second in zip(OF_STAGE[stage], (rows.joined_s[own], rows.started_s[own]), strict=True):
        last = out.add(kind, second, load, passages.crossing[passage], last, second >= 0)
    number = number.copy()
    number[passage] = last
    return number


def _lost_s(plan: Plan, ledger: Ledger) -> Ints:
    """Second at which each lost slot was lost: when it expired, or when it was due if that came later."""
    slots, lanes, loads = plan.schedule, plan.lanes, ledger.loads
    expires = np.full(int(lanes.load_first[-1]), -1, dtype=np.int64)
    expires[lanes.load_first[slots.lane] + slots.n] = slots.expires_s
    lost: Ints = np.maximum(expires[lanes.load_first[loads.lane] + loads.n], loads.ordered_s)
    return lost
