"""The state of all crossings side by side, as the rules of the border read and change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.plan import NEVER, Crossings, Plan

HOUR_S = 3_600
CLOSED_WAIT_S = 1 << 40  # posted where no booth opens again: longer than any run, short enough to add up

# what is asked of a line
MERGE = 0  # pass other people's trucks only
POST = 1  # and post the waits
SERVE = 2  # and pass one of our loads

# fields of a crossing's state
CURSOR = 0  # next background truck to merge
RING_AT = 1  # where the ring holds the truck split_trucks places before the most recent standard truck
N_STANDARD = 2  # standard booths
N_FAST = 3  # FAST booths
N_MODULES = 4  # export modules, 0 = no line there
MODULE_AT = 5  # where the ring of modules holds the truck that many places before the most recent one
CHECK_S = 6  # at a module
APPROACH_S = 7  # from a module to the end of the booths' line
DIVERT_PPM = 8  # part of its patience after which a truck looks at a substitute
N_BAYS = 9  # bays of the state inspection, 0 = no line there
SENT = 10  # background trucks on their way to the bays
SENT_SO_FAR = 11
NEXT_OVER_S = 12  # arrival of the next truck that comes over from another crossing, NEVER if there is none
NEXT_OVER = 13  # the row of substitutes by which it comes
N_TRACTORS = 14
ROUND_TRIP_S = 15
POSTED_STANDARD = 16  # wait posted for standard trucks on the whole way through
POSTED_FAST = 17  # likewise for FAST trucks
POSTED_BEYOND = 18  # what of it is expected at the bays
# where what is its own begins and ends in the arrays that all crossings share
TRUCK_LAST = 19
BOOTH_FIRST = 20
MODULE_FIRST, MODULE_LAST = 21, 22
RING_FIRST, RING_LAST = 23, 24
BAY_FIRST = 25
SENT_FIRST = 26
TRACTOR_FIRST, TRACTOR_LAST = 27, 28
OVER_FIRST, OVER_LAST = 29, 30
INTO_FIRST, INTO_LAST = 31, 32
STATE_FIELDS = 33

# rows of a crossing's hourly totals, in the order of `sim.ledger.ledger.CrossingHours`
PASSED, GAVE_UP, WAITED = 0, 1, 2
DIVERTED, CAME_OVER = 3, 4
PASSED_FAST, WAITED_FAST = 5, 6
WAITED_EXPORT = 7
INSPECTED, WAITED_BAY = 8, 9
TOTAL_ROWS = 10

Ints = NDArray[np.int64]
Numbers: TypeAlias = "Ints | NDArray[np.int32] | NDArray[np.int16] | NDArray[np.int8] | list[int]"


class Queues(NamedTuple):
    """The lines of all crossings side by side, flat: arrays for the compiled engine, lists for the reference.

    Parameters
    ----------
    hours : int
        Columns of the hourly tables; hours beyond are closed.
    run_hours : int
        Columns of the totals.
    state : [crossings * STATE_FIELDS]
    module_ring : [modules]
        Seconds at which the last trucks, as many as there are modules, left them.
    free : [booths]
        Second at which each booth is next free: standard booths of a crossing, then its FAST booths.
    ring : [trucks]
        Booth times of the last ``split_trucks + 1`` trucks that took standard booths.
    open, next_open : [crossings * 2 * hours]
        Booths open in each hour, standard and FAST: the first so many of their class; and the first hour, from that
        hour on, in which a booth of the class is open, `hours` if there is none.
    service_ppm, inspect_bp, open_bays, next_bays : [crossings * hours]
    shut_s : [crossings * (hours + 1)]
    bay_free : [bays]
    sent_key, sent_truck : [places], [places]
        Heaps of the trucks on their way to the bays: second of joining and the order in which they passed the booths.
    tractor_back : [tractors]
        Heaps of the seconds at which tractors are back.
    over_crossing, travel_s : [substitutes], [substitutes]
        The substitutes of each crossing, as in the Plan.
    into_row : [substitutes]
        By crossing, the rows of substitutes that lead to it, in order of the id of the crossing that they come from.
    gone, gone_from, gone_until : [places], [substitutes], [substitutes]
        Trucks that left by each row of substitutes, in order; those from `gone_from` to `gone_until` are on their way.
    arrive_s, service_s, is_fast, patience_s, substitute, lot_bp, inspection_s
        Background, as in the Plan.
    totals : [crossings * TOTAL_ROWS * run_hours]
        Of background trucks, by the hour in which they arrive (at the bays: in which they join).
    """

    hours: int
    run_hours: int
    state: Numbers
    module_ring: Numbers
    free: Numbers
    ring: Numbers
    open: Numbers
    next_open: Numbers
    service_ppm: Numbers
    inspect_bp: Numbers
    open_bays: Numbers
    next_bays: Numbers
    shut_s: Numbers
    bay_free: Numbers
    sent_key: Numbers
    sent_truck: Numbers
    tractor_back: Numbers
    over_crossing: Numbers
    travel_s: Numbers
    into_row: Numbers
    gone: Numbers
    gone_from: Numbers
    gone_until: Numbers
    arrive_s: Numbers
    service_s: Numbers
    is_fast: Numbers
    patience_s: Numbers
    substitute: Numbers
    lot_bp: Numbers
    inspection_s: Numbers
    totals: Numbers


def open_queues(plan: Plan, *, as_lists: bool = False) -> Queues:
    """The lines of a plan before the first truck."""
    table, traffic, substitutes = plan.crossings, plan.background, plan.substitutes
    count, hours = table.open_standard.shape
    standard = np.maximum(table.booths_standard, 0)
    fast = np.where(standard > 0, table.booths_fast, 0)
    leaving = _trucks_by_row(plan)
    into_first, into_row = _ways_over(plan)
    firsts = {
        "module": _bounds(table.export_modules),
        "booth": _bounds(standard + fast),
        "ring": _bounds(table.split_trucks + 1),
        "bay": _bounds(table.bays),
        "tractor": _bounds(table.tractors),
        "gone": _bounds(leaving),
        "sent": _bounds(_most_sent(plan, leaving)),
        "over": substitutes.first,
        "into": into_first,
        "truck": traffic.first,
    }
    booths = _open_booths(table, standard, fast)
    bays = np.minimum(table.open_bays, table.bays[:, None]).astype(np.int32)
    run_hours = -(-plan.horizon_s // HOUR_S)
    columns: dict[str, Numbers] = {
        "state": _first_state(plan, standard, fast, firsts).ravel(),
        "module_ring": np.zeros(firsts["module"][-1], dtype=np.int64),
        "free": np.zeros(firsts["booth"][-1], dtype=np.int64),
        "ring": np.zeros(firsts["ring"][-1], dtype=np.int64),
        "open": booths.ravel(),
        "next_open": opening_hours(booths).ravel(),
        "service_ppm": table.service_ppm.ravel(),
        "inspect_bp": table.inspect_bp.ravel(),
        "open_bays": bays.ravel(),
        "next_bays": opening_hours(bays).ravel(),
        "shut_s": table.shut_s.ravel(),
        "bay_free": np.zeros(firsts["bay"][-1], dtype=np.int64),
        "sent_key": np.empty(firsts["sent"][-1], dtype=np.int64),  # a page of memory is taken when it is written to
        "sent_truck": np.empty(firsts["sent"][-1], dtype=np.int32),
        "tractor_back": np.zeros(firsts["tractor"][-1], dtype=np.int64),
        "over_crossing": substitutes.crossing,
        "travel_s": substitutes.travel_s,
        "into_row": into_row,
        "gone": np.empty(firsts["gone"][-1], dtype=np.int32),
        "gone_from": firsts["gone"][:-1].copy(),
        "gone_until": firsts["gone"][:-1].copy(),
        "arrive_s": traffic.arrive_s,
        "service_s": traffic.service_s,
        "is_fast": traffic.is_fast,
        "patience_s": traffic.patience_s,
        "substitute": traffic.substitute,
        "lot_bp": traffic.lot_bp,
        "inspection_s": traffic.inspection_s,
        "totals": np.zeros(count * TOTAL_ROWS * run_hours, dtype=np.int64),
    }
    if as_lists:
        columns = {name: column.tolist() for name, column in columns.items() if isinstance(column, np.ndarray)}
    return Queues(hours, run_hours, **columns)


_BOUNDS = (
    (CURSOR, TRUCK_LAST, "truck"),
    (BOOTH_FIRST, None, "booth"),
    (MODULE_FIRST, MODULE_LAST, "module"),
    (RING_FIRST, RING_LAST, "ring"),
    (BAY_FIRST, None, "bay"),
    (SENT_FIRST, None, "sent"),
    (TRACTOR_FIRST, TRACTOR_LAST, "tractor"),
    (OVER_FIRST, OVER_LAST, "over"),
    (INTO_FIRST, INTO_LAST, "into"),
)


def _first_state(plan: Plan, standard: Ints, fast: Ints, firsts: Mapping[str, Ints]) -> Ints:
    """The fields of each crossing's state before the first truck: [crossings, STATE_FIELDS]."""
    table = plan.crossings
    state = np.zeros((len(table.ids), STATE_FIELDS), dtype=np.int64)
    for first, last, name in _BOUNDS:
        state[:, first] = firsts[name][:-1]
        if last is not None:
            state[:, last] = firsts[name][1:]
    state[:, RING_AT], state[:, MODULE_AT] = state[:, RING_FIRST], state[:, MODULE_FIRST]
    state[:, N_STANDARD], state[:, N_FAST] = standard, fast
    state[:, N_MODULES], state[:, N_BAYS], state[:, N_TRACTORS] = table.export_modules, table.bays, table.tractors
    state[:, CHECK_S], state[:, APPROACH_S] = table.export_check_s, table.approach_s
    state[:, ROUND_TRIP_S], state[:, DIVERT_PPM] = table.round_trip_s, table.divert_ppm
    state[:, NEXT_OVER_S] = NEVER
    return state


def _open_booths(table: Crossings, standard: Ints, fast: Ints) -> NDArray[np.int32]:
    """Booths open by crossing, class and hour; where there are none, 1 in hours in which one lets through."""
    through = np.minimum(table.open_standard, np.where(standard > 0, standard, 1)[:, None])
    return np.stack((through, np.minimum(table.open_fast, fast[:, None])), axis=1).astype(np.int32)


def opening_hours(is_open: NDArray[np.int32]) -> NDArray[np.int32]:
    """For each hour (the last axis) the first hour, from that hour on, in which a booth is open; else their number."""
    hours = is_open.shape[-1]
    opening = np.where(is_open > 0, np.arange(hours, dtype=np.int32), np.int32(hours))[..., ::-1]
    return np.ascontiguousarray(np.minimum.accumulate(opening, axis=-1)[..., ::-1])


def _trucks_by_row(plan: Plan) -> Ints:
    """Trucks that might leave by each row of substitutes."""
    traffic, substitutes = plan.background, plan.substitutes
    counts = np.zeros(substitutes.crossing.size, dtype=np.int64)
    for k in range(len(plan.crossings.ids)):
        first, last = substitutes.first[k : k + 2].tolist()
        if first < last:
            drawn = traffic.substitute[traffic.first[k] : traffic.first[k + 1]]
            counts[first:last] = [np.count_nonzero(drawn == place) for place in range(last - first)]
    return counts


def _most_sent(plan: Plan, leaving: Ints) -> Ints:
    """Trucks that might be on their way to the bays of each crossing at once: all of them."""
    most = np.diff(plan.background.first)
    np.add.at(most, plan.substitutes.crossing, leaving)
    most[plan.crossings.bays == 0] = 0
    return most


def _ways_over(plan: Plan) -> tuple[Ints, Ints]:
    """Where each crossing's part of `into_row` of `Queues` begins, and `into_row`."""
    substitutes, count = plan.substitutes, len(plan.crossings.ids)
    over_from = np.repeat(np.arange(count), np.diff(substitutes.first))
    rank = np.argsort(np.argsort(np.array(plan.crossings.ids, dtype=object)), kind="stable")
    into_row = np.lexsort((rank[over_from], substitutes.crossing)) if over_from.size else over_from
    return _bounds(np.bincount(substitutes.crossing, minlength=count)), into_row


def _bounds(lengths: Ints) -> Ints:
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(lengths, dtype=np.int64)))
