"""The queue at a border crossing: one rule for everybody's trucks, ours and other people's, in order of joining.

**Booths.** A truck that joins at t takes the booth with the least start, ties to the lowest booth; the start is the
earliest second, not before t nor before the booth is free, at which the booth's hour is open. Starts never decrease
from one truck to the next of a class, so a truck's start is final when it joins: this is why other people's trucks
can be merged late, in batches, whoever may overtake whom.

**The FAST split.** FAST trucks share the road with the others up to the split, which lies ``split_trucks`` trucks
before the booths. A FAST truck passes the split when no more than ``split_trucks`` of the standard trucks ahead of it
wait, that is when the truck that stands ``split_trucks`` places before the most recent one starts. If a FAST booth is
open in that hour it goes to the FAST booths, otherwise it stays in the standard queue.

**Order.** Before loads that join at t are served, background that arrived before t is merged; background of second t
comes after them. A posting at p shows the queue before any truck of second p.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.engines.jit import compiled
from sim.engines.rules import PPM
from sim.plan import NEVER, Plan

HOUR_S = 3_600
CLOSED_WAIT_S = 1 << 40  # posted where no booth opens again: longer than any run, short enough to add up
BOOTH_BITS = 8  # of the key (second, booth) by which booths are compared

# what is asked of a queue
MERGE = 0  # pass other people's trucks only
POST = 1  # and see to it that the latest posting hangs
SERVE = 2  # and pass one of our loads

# fields of a queue's state
CURSOR = 0  # next background truck to merge
RING_AT = 1  # where the ring holds the truck split_trucks places before the most recent standard truck
N_STANDARD = 2  # standard booths
N_FAST = 3  # FAST booths
POSTING_S = 4  # interval between postings
POSTED_AT = 5  # second of the latest posting, -1 before the first
POSTED_STANDARD = 6  # wait posted for standard trucks
POSTED_FAST = 7  # wait posted for FAST trucks
STATE_FIELDS = 8

# rows of a crossing's hourly totals
PASSED = 0
GAVE_UP = 1
WAITED = 2
TOTAL_ROWS = 3

Ints = NDArray[np.int64]
Numbers: TypeAlias = "Ints | NDArray[np.int32] | NDArray[np.int8] | list[int]"


class Queues(NamedTuple):
    """The queues of all crossings side by side, flat: arrays for the compiled engine, lists for the reference.

    Parameters
    ----------
    hours : int
        Columns of the hourly tables; hours beyond are closed.
    run_hours : int
        Columns of the totals.
    state : [crossings * STATE_FIELDS]
    booth_first : [crossings + 1]
    free : [booths]
        Second at which each booth is next free: standard booths of a crossing, then its FAST booths.
    ring_first : [crossings + 1]
    ring : [trucks]
        Booth times of the last ``split_trucks + 1`` trucks that took standard booths.
    open : [crossings * 2 * hours]
        Booths open in each hour, standard and FAST: the first so many of their class.
    next_open : [crossings * 2 * hours]
        The first hour, from that hour on, in which a booth of the class is open; `hours` if there is none.
    service_ppm : [crossings * hours]
    truck_first : [crossings + 1]
    arrive_s, service_s, is_fast, patience_s : [trucks]
        Background, as in the Plan.
    totals : [crossings * TOTAL_ROWS * run_hours]
        Background trucks passed and given up, and seconds waited, by hour of arrival.
    """

    hours: int
    run_hours: int
    state: Numbers
    booth_first: Numbers
    free: Numbers
    ring_first: Numbers
    ring: Numbers
    open: Numbers
    next_open: Numbers
    service_ppm: Numbers
    truck_first: Numbers
    arrive_s: Numbers
    service_s: Numbers
    is_fast: Numbers
    patience_s: Numbers
    totals: Numbers


def _pass_trucks(
    k: int, t_end: int, task: int, own_is_fast: int, own_standard_s: int, own_fast_s: int, q: Queues
) -> tuple[int, int, int]:
    """Bring queue `k` to the beginning of second `t_end`, and pass one of our loads there where `task` is SERVE.

    Calls for a queue come in order of time, our loads of one second in order of (lane, n). How often a queue is asked
    changes nothing. A background truck whose wait would exceed its patience gives up; loads never do.

    The rule stands in one piece: it runs once for every truck, plain and compiled, and a call from within it would cost
    either engine more than the step that it names.

    Returns
    -------
    tuple of int
        Of our load: second at the booth, second cleared (NEVER where no booth opens again), 1 if a FAST booth was
        used.
    """
    hours, state, free, ring = q.hours, q.state, q.free, q.ring
    n_open, next_open, service_ppm = q.open, q.next_open, q.service_ppm
    arrive_s, service_s, is_fast, patience_s, totals = q.arrive_s, q.service_s, q.is_fast, q.patience_s, q.totals
    own = k * STATE_FIELDS
    truck, last_truck = int(state[own + CURSOR]), int(q.truck_first[k + 1])
    first_booth = int(q.booth_first[k])
    first_fast, n_fast = first_booth + int(state[own + N_STANDARD]), int(state[own + N_FAST])
    ring_first, ring_last, ring_at = int(q.ring_first[k]), int(q.ring_first[k + 1]), int(state[own + RING_AT])
    standard_row, fast_row = 2 * k * hours, (2 * k + 1) * hours
    totals_row = TOTAL_ROWS * k * q.run_hours
    posting = t_end - t_end % int(state[own + POSTING_S])
    is_posting = task != MERGE and posting > state[own + POSTED_AT]
    until = posting if is_posting else t_end
    asked_fast = 0  # the class for which a wait is being posted: standard, then FAST
    start, cleared, used_fast = NEVER, NEVER, 0
    # The hour is carried along, and its totals are written when it ends: between one truck and the next stands nothing
    # that takes long, such as a division.
    this_hour, hour_ends, passed, waited = 0, 0, 0, 0
    while True:
        is_other = truck < last_truck and arrive_s[truck] < until
        if is_other:
            t, may_use_fast = int(arrive_s[truck]), int(is_fast[truck])
        elif is_posting:
            t, may_use_fast = posting, asked_fast
        elif task == SERVE:
            t, may_use_fast = t_end, own_is_fast
        else:
            break

        if t >= hour_ends:
            if passed > 0:
                totals[totals_row + this_hour + PASSED * q.run_hours] += passed
                totals[totals_row + this_hour + WAITED * q.run_hours] += waited
                passed, waited = 0, 0
            this_hour = t // HOUR_S
            hour_ends = (this_hour + 1) * HOUR_S

        # the class of booths, and the second from which it can be reached
        ready, row, booths, used_fast = t, standard_row, first_booth, 0
        if may_use_fast != 0 and n_fast > 0:
            split = int(ring[ring_at])
            if split < t:
                split = t
            hour = this_hour if split < hour_ends else split // HOUR_S
            if hour < hours and n_open[fast_row + hour] > 0:
                ready, row, booths, used_fast = split, fast_row, first_fast, 1

        # the least start in the first hour that has one
        start, booth = NEVER, -1
        hour = this_hour if ready < hour_ends else ready // HOUR_S
        while hour < hours:
            begin = ready
            if n_open[row + hour] == 0:
                hour = int(next_open[row + hour])
                if hour >= hours:
                    break
            if begin < hour * HOUR_S:
                begin = hour * HOUR_S
            best = NEVER
            for number in range(int(n_open[row + hour])):
                at = int(free[booths + number])
                if at < begin:
                    at = begin
                key = at << BOOTH_BITS | number
                if key < best:
                    best = key
            if best >> BOOTH_BITS < (hour + 1) * HOUR_S:
                start, booth = best >> BOOTH_BITS, booths + (best & ((1 << BOOTH_BITS) - 1))
                break
            hour += 1

        if is_other:
            wait = start - t
            if wait > patience_s[truck]:
                totals[totals_row + this_hour + GAVE_UP * q.run_hours] += 1
                truck += 1
                continue
            passed += 1
            waited += wait
            drawn_s = int(service_s[truck])
            truck += 1
        elif is_posting:
            state[own + POSTED_STANDARD + asked_fast] = CLOSED_WAIT_S if start == NEVER else start - posting
            if asked_fast == 1:
                state[own + POSTED_AT] = posting
                is_posting, until = False, t_end
            asked_fast = 1
            continue
        else:
            drawn_s = own_fast_s if used_fast == 1 else own_standard_s

        if used_fast == 0:
            ring[ring_at] = start
            ring_at += 1
            if ring_at == ring_last:
                ring_at = ring_first
        if booth >= 0:
            duration_s = drawn_s * int(service_ppm[k * hours + hour]) // PPM
            cleared = start + (duration_s if duration_s > 1 else 1)
            free[booth] = cleared
        else:
            cleared, used_fast = NEVER, 0
        if not is_other:
            break
    if passed > 0:
        totals[totals_row + this_hour + PASSED * q.run_hours] += passed
        totals[totals_row + this_hour + WAITED * q.run_hours] += waited
    state[own + CURSOR] = truck
    state[own + RING_AT] = ring_at
    return start, cleared, used_fast


pass_trucks = compiled(_pass_trucks)


def _is_posted(k: int, t: int, q: Queues) -> bool:
    """Whether the wait that hangs at queue `k` in second `t` is known already."""
    own = k * STATE_FIELDS
    return bool(q.state[own + POSTED_AT] == t - t % q.state[own + POSTING_S])


is_posted = compiled(_is_posted, is_inner=True)


def open_queues(plan: Plan, *, as_lists: bool = False) -> Queues:
    """The queues of a plan before its first truck; a crossing without standard booths has an empty one."""
    table, traffic = plan.crossings, plan.background
    count, hours = table.open_standard.shape
    standard = np.maximum(table.booths_standard, 0)
    fast = np.where(standard > 0, table.booths_fast, 0)
    state = np.zeros((count, STATE_FIELDS), dtype=np.int64)
    state[:, CURSOR] = traffic.first[:-1]
    state[:, N_STANDARD], state[:, N_FAST] = standard, fast
    state[:, POSTING_S], state[:, POSTED_AT] = table.posting_s, -1
    ring_first = _bounds(table.split_trucks + 1)
    state[:, RING_AT] = ring_first[:-1]
    booth_first = _bounds(standard + fast)
    is_open = np.stack(
        (np.minimum(table.open_standard, standard[:, None]), np.minimum(table.open_fast, fast[:, None])), axis=1
    ).astype(np.int32)
    run_hours = -(-plan.horizon_s // HOUR_S)
    columns: tuple[Numbers, ...] = (
        state.ravel(),
        booth_first,
        np.zeros(booth_first[-1], dtype=np.int64),
        ring_first,
        np.zeros(ring_first[-1], dtype=np.int64),
        is_open.ravel(),
        opening_hours(is_open).ravel(),
        table.service_ppm.ravel(),
        traffic.first,
        traffic.arrive_s,
        traffic.service_s,
        traffic.is_fast,
        traffic.patience_s,
        np.zeros(count * TOTAL_ROWS * run_hours, dtype=np.int64),
    )
    if as_lists:
        columns = tuple(column.tolist() for column in columns if isinstance(column, np.ndarray))
    return Queues(hours, run_hours, *columns)


def opening_hours(is_open: NDArray[np.int32]) -> NDArray[np.int32]:
    """For each hour (the last axis) the first hour, from that hour on, in which a booth is open; else their number."""
    hours = is_open.shape[-1]
    opening = np.where(is_open > 0, np.arange(hours, dtype=np.int32), np.int32(hours))[..., ::-1]
    return np.ascontiguousarray(np.minimum.accumulate(opening, axis=-1)[..., ::-1])


def _bounds(lengths: Ints) -> Ints:
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(lengths)))
