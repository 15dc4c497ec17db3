"""The balances of the border: lines keep their order and their servers, and no truck of others is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem
from sim.ledger.ledger import EXPORT, INSPECTION, NOT_YET, STAGES, TRACTOR, Ledger
from sim.ledger.tell import SHOWN, most_busy, out_of_order, told
from sim.plan import NEVER, Plan

Ints = NDArray[np.int64]


def _booths(plan: Plan, ledger: Ledger) -> Iterator[Problem]:
    """Booths serve when open, never more of our trucks than there are, each class in order of joining."""
    rows, table = ledger.passages, plan.crossings
    is_truck = rows.truck == rows.load  # who rides with another takes no booth of its own
    fast = rows.used_fast == 1
    queued = table.booths_standard[rows.crossing] > 0
    served = np.flatnonzero(is_truck & (rows.started_s != NOT_YET) & queued)
    crossing, hour = rows.crossing[served], rows.started_s[served] // 3_600
    columns = table.open_standard.shape[1]
    safe = np.minimum(hour, columns - 1)
    is_open = np.where(fast[served], table.open_fast[crossing, safe], table.open_standard[crossing, safe])
    booths = np.where(fast[served], table.booths_fast[crossing], table.booths_standard[crossing])
    broken = np.zeros(rows.load.size, dtype=bool)
    broken[served] = (is_open < 1) | (hour >= columns)
    yield from told("passages", rows, broken, "served while no booth was open")
    queue = crossing * 2 + fast[served]
    until = np.where(rows.cleared_s == NOT_YET, NEVER, rows.cleared_s)[served]
    broken[served] = most_busy(queue, rows.started_s[served], until) > booths
    yield from told("passages", rows, broken, "more loads in booths than the crossing has")
    came = _first_line_s(ledger)
    order = served[np.lexsort((rows.load[served], came[served], queue))]
    broken[:] = False
    same = np.diff(rows.crossing[order] * 2 + fast[order]) == 0
    broken[order[1:]] = same & (np.diff(rows.started_s[order]) < 0)
    yield from told("passages", rows, broken, "served before a load that joined earlier")


def _first_line_s(ledger: Ledger) -> Ints:
    """Second at which each passage joined the line that decides its place at the booths."""
    came = ledger.passages.joined_s.copy()
    rows = ledger.stages
    own = rows.stage == EXPORT
    came[ledger.passage_of_stage()[own]] = rows.joined_s[own]
    return came


def _stages(plan: Plan, ledger: Ledger) -> Iterator[Problem]:
    """Each line has a passage, where its crossing has such a line, and its times are those of the passage."""
    rows, passages = ledger.stages, ledger.passages
    reached = np.bincount(passages.load, minlength=ledger.loads.lane.size)
    inside = (rows.load >= 0) & (rows.load < reached.size) & (rows.stage >= 0) & (rows.stage < len(STAGES))
    inside[inside] = (rows.position[inside] >= 0) & (rows.position[inside] < reached[rows.load[inside]])
    yield from told("stages", rows, ~inside, "no passage has this line")
    if not inside.all():
        return
    passage = ledger.passage_of_stage()
    table = plan.crossings
    has = np.stack((table.tractors, table.export_modules, table.bays))[rows.stage, passages.crossing[passage]] > 0
    yield from told("stages", rows, ~has, "the crossing has no such line")
    earlier = np.stack((passages.arrived_s, passages.arrived_s, passages.cleared_s))[rows.stage, passage]
    broken = out_of_order(earlier, rows.joined_s)
    broken |= out_of_order(rows.joined_s, rows.started_s) | out_of_order(rows.started_s, rows.cleared_s)
    yield from told("stages", rows, broken, "a time before the step ahead of it")
    later = np.stack((passages.joined_s, passages.joined_s, passages.left_s))[rows.stage, passage]
    broken = out_of_order(rows.cleared_s, later)
    yield from told("stages", rows, broken, "went on before it was done here")
    passed = np.bincount(passage[rows.stage == EXPORT], minlength=passages.load.size)
    owed = (table.export_modules[passages.crossing] > 0) & (passages.started_s != NOT_YET)
    yield from told("passages", passages, owed & (passed != 1), "came to the booths without an export check")
    fetched = np.bincount(passage[(rows.stage == TRACTOR) & (rows.started_s != NOT_YET)], minlength=passages.load.size)
    owed = (table.tractors[passages.crossing] > 0) & (passages.started_s != NOT_YET)
    yield from told("passages", passages, owed & (fetched != 1), "came to the booths without a tractor")


def _lines(plan: Plan, ledger: Ledger) -> Iterator[Problem]:
    """Lines besides that of the booths are first-in first-out, and no more of our trucks are served than can be."""
    rows, passages, table = ledger.stages, ledger.passages, plan.crossings
    if not rows.load.size:
        return
    passage = ledger.passage_of_stage()
    crossing = passages.crossing[passage]
    own = np.flatnonzero((passages.truck[passage] == rows.load) & (rows.joined_s != NOT_YET))
    place = crossing[own] * len(STAGES) + rows.stage[own]
    started = np.where(rows.started_s == NOT_YET, NEVER, rows.started_s)[own]
    order = np.lexsort((rows.load[own], rows.joined_s[own], place))
    overtook = np.zeros(rows.load.size, dtype=bool)
    overtook[own[order[1:]]] = (np.diff(place[order]) == 0) & (np.diff(started[order]) < 0)
    yield from told("stages", rows, overtook, "served before a load that joined earlier")
    until = np.where(rows.cleared_s == NOT_YET, NEVER, rows.cleared_s)[own]
    back = rows.started_s[own] + table.round_trip_s[crossing[own]]  # and later, by the wait posted then
    until = np.where(rows.stage[own] == TRACTOR, back, until)
    begun = np.flatnonzero(rows.started_s[own] != NOT_YET)
    servers = np.stack((table.tractors, table.export_modules, table.bays))[rows.stage, crossing]
    busy = np.zeros(rows.load.size, dtype=np.int64)
    busy[own[begun]] = most_busy(place[begun], started[begun], until[begun])
    yield from told("stages", rows, busy > servers, "more loads served than the crossing has places")
    sent = rows.stage == INSPECTION
    hour = np.minimum(rows.joined_s // 3_600, table.inspect_bp.shape[1] - 1)
    yield from told("stages", rows, sent & (table.inspect_bp[crossing, hour] == 0), "inspected while nobody was sent")


def _others(plan: Plan, ledger: Ledger) -> Iterator[Problem]:
    """Every truck of others that arrives, for itself or from elsewhere, passes, gives up or goes elsewhere."""
    hours, traffic = ledger.hours, plan.background
    here = np.add.reduce(hours.passed + hours.gave_up + hours.diverted - hours.came_over, axis=1)
    for k, name in enumerate(plan.crossings.ids):
        arrive_s = traffic.arrive_s[traffic.first[k] : traffic.first[k + 1]]
        came = int(arrive_s.searchsorted(plan.horizon_s)) if plan.crossings.booths_standard[k] else 0
        if came != here[k]:
            yield Problem(f"crossing '{name}'", f"{came} trucks of others arrived, but {here[k]} are accounted for")
    for name, part, whole in (
        ("passed_fast", hours.passed_fast, hours.passed),
        ("wait_fast_s", hours.wait_fast_s, hours.wait_s),
    ):
        for crossing, hour in np.argwhere((part < 0) | (part > whole))[:SHOWN].tolist():
            told_of = f"{name} holds {part[crossing, hour]} of {whole[crossing, hour]}"
            yield Problem(f"crossing '{plan.crossings.ids[crossing]}'", f"hour {hour}: {told_of}")
    over, away = int(hours.came_over.sum()), int(hours.diverted.sum())
    if over > away:
        yield Problem("crossings", f"{over} trucks came over from other crossings, but {away} left for one")


BORDER_CHECKS: tuple[Callable[[Plan, Ledger], Iterator[Problem]], ...] = (_stages, _lines, _booths, _others)
