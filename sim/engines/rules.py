"""The integer rules that every engine shares, each written once for one case and compiled from that text.

A rule is a plain function ``_name`` on integers and on arrays or lists of integers, and ``name`` is the same function
compiled. With ``NUMBA_DISABLE_JIT=1`` both are the plain function. All compiled rules live in this one file, because
the compiler's disk cache does not notice edits of another.

Notes
-----
**The queue at a crossing.** The state of a queue is a row of integers (`STATE_FIELDS`), the second at which each booth
is next free (standard booths first, then FAST), and a ring with the booth times of the last ``split_trucks + 1``
trucks that took standard booths. Trucks must be passed in order of joining. A truck that joins at t takes the booth
with the least start, ties to the lowest booth; the start is the earliest second, not before t nor before the booth
is free, at which the booth's hour is open. Starts never decrease from one truck to the next of a class, so a truck's
start is final when it joins: this is why other people's trucks can be merged late, in batches.

**The FAST split.** FAST trucks share the road with the others up to the split, which lies ``split_trucks`` trucks
before the booths. A FAST truck passes the split when no more than ``split_trucks`` of the standard trucks ahead of it
wait, that is when the truck that stands ``split_trucks`` places before the most recent one starts. If a FAST booth is
open in that hour it goes to the FAST booths, otherwise it stays in the standard queue.

**Order.** Before loads that join at t are served, background that arrived before t is merged; background of second t
comes after them. A posting at p shows the queue before any truck of second p.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.plan import NEVER

HOUR_S = 3_600
PPM = 1_000_000
CLOSED_WAIT_S = 1 << 40  # posted where no booth opens again: longer than any run, short enough to add up

# fields of a queue's state
CURSOR = 0  # next background truck to merge
RING_AT = 1  # where the ring holds the truck split_trucks places before the most recent standard truck
N_STANDARD = 2  # standard booths
POSTING_S = 3  # interval between postings
POSTED_AT = 4  # second of the latest posting, -1 before the first
POSTED_STANDARD = 5  # wait posted for standard trucks
POSTED_FAST = 6  # wait posted for FAST trucks
STATE_FIELDS = 7

# rows of a crossing's hourly totals
PASSED = 0
GAVE_UP = 1
WAITED = 2

Array = NDArray[Any]
Numbers = Sequence[int] | Array


def _compiled(rule: Callable[..., Any], *, is_inner: bool = False) -> Callable[..., Any]:
    """Compile a rule; one that runs once for every truck is put into its callers' text, which halves the time."""
    compiled: Callable[..., Any] = njit(cache=True, inline="always" if is_inner else "never")(rule)
    return compiled


def _least_start(t: int, first: int, last: int, free: Array, opens: Array) -> tuple[int, int]:
    """Earliest start, and its booth, for a truck at second `t` among booths `first` to `last` - 1.

    ``opens[hour, booth]`` is the first hour, from that hour on, in which the booth is open; the number of hours if
    there is none. Returns (NEVER, -1) where no booth opens again.
    """
    hours = opens.shape[0]
    best = NEVER
    chosen = -1
    for booth in range(first, last):
        at = int(free[booth])
        if at < t:
            at = t
        if at >= best:
            continue
        hour = at // HOUR_S
        if hour >= hours:
            continue
        open_hour = int(opens[hour, booth])
        if open_hour >= hours:
            continue
        if open_hour > hour:
            at = open_hour * HOUR_S
            if at >= best:
                continue
        best = at
        chosen = booth
        if at == t:
            break
    return best, chosen


least_start = _compiled(_least_start, is_inner=True)


def _seek_start(t: int, is_fast: int, state: Array, free: Array, opens: Array, ring: Array) -> tuple[int, int]:
    """Start and booth of a truck that joins at `t`, by its class; booths from N_STANDARD on are FAST booths."""
    standard = int(state[N_STANDARD])
    if is_fast != 0 and free.size > standard:
        at = int(ring[state[RING_AT]])
        if at < t:
            at = t
        hour = at // HOUR_S
        if hour < opens.shape[0] and opens[hour, standard] == hour:
            start, booth = least_start(at, standard, free.size, free, opens)
            return start, booth
    start, booth = least_start(t, 0, standard, free, opens)
    return start, booth


seek_start = _compiled(_seek_start, is_inner=True)


def _take_booth(
    start: int, booth: int, drawn_s: int, state: Array, free: Array, ring: Array, service_ppm: Array
) -> int:
    """Occupy a booth from `start`; return the second at which primary inspection is done."""
    if booth < state[N_STANDARD]:
        place = state[RING_AT]
        ring[place] = start
        place += 1
        state[RING_AT] = 0 if place == ring.size else place
    if booth < 0:
        return NEVER
    service_s = drawn_s * int(service_ppm[start // HOUR_S]) // PPM
    cleared = start + (service_s if service_s > 1 else 1)
    free[booth] = cleared
    return cleared


take_booth = _compiled(_take_booth, is_inner=True)


def _merge(
    until: int,
    state: Array,
    free: Array,
    opens: Array,
    ring: Array,
    service_ppm: Array,
    arrive_s: Array,
    service_s: Array,
    is_fast: Array,
    patience_s: Array,
    totals: Array,
) -> None:
    """Pass all background trucks that arrive before second `until`; count them by hour of arrival."""
    i = int(state[CURSOR])
    trucks = arrive_s.size
    while i < trucks and arrive_s[i] < until:
        t = int(arrive_s[i])
        start, booth = seek_start(t, is_fast[i], state, free, opens, ring)
        wait = start - t
        if wait > patience_s[i]:
            totals[GAVE_UP, t // HOUR_S] += 1
        else:
            take_booth(start, booth, int(service_s[i]), state, free, ring, service_ppm)
            totals[PASSED, t // HOUR_S] += 1
            totals[WAITED, t // HOUR_S] += wait
        i += 1
    state[CURSOR] = i


merge = _compiled(_merge)


def _advance(
    t: int,
    state: Array,
    free: Array,
    opens: Array,
    ring: Array,
    service_ppm: Array,
    arrive_s: Array,
    service_s: Array,
    is_fast: Array,
    patience_s: Array,
    totals: Array,
) -> None:
    """Bring a queue to the beginning of second `t`, with the latest posting at or before `t`.

    Whoever asks, and however often, the posting of second p sees every truck before p and none of p or later:
    older postings that nobody read are skipped.
    """
    posting = t - t % int(state[POSTING_S])
    if posting > state[POSTED_AT]:
        merge(posting, state, free, opens, ring, service_ppm, arrive_s, service_s, is_fast, patience_s, totals)
        start, _ = seek_start(posting, 0, state, free, opens, ring)
        state[POSTED_STANDARD] = CLOSED_WAIT_S if start == NEVER else start - posting
        start, _ = seek_start(posting, 1, state, free, opens, ring)
        state[POSTED_FAST] = CLOSED_WAIT_S if start == NEVER else start - posting
        state[POSTED_AT] = posting
    merge(t, state, free, opens, ring, service_ppm, arrive_s, service_s, is_fast, patience_s, totals)


advance = _compiled(_advance)


def _serve(
    t: int,
    load_is_fast: int,
    standard_s: int,
    fast_s: int,
    state: Array,
    free: Array,
    opens: Array,
    ring: Array,
    service_ppm: Array,
    arrive_s: Array,
    service_s: Array,
    is_fast: Array,
    patience_s: Array,
    totals: Array,
) -> tuple[int, int, int]:
    """Pass one of our loads that joins at `t`: (started_s, cleared_s, used_fast); NEVER where nothing opens.

    Loads never give up. Loads that join in the same second are to be passed in order of (lane, n).
    """
    advance(t, state, free, opens, ring, service_ppm, arrive_s, service_s, is_fast, patience_s, totals)
    start, booth = seek_start(t, load_is_fast, state, free, opens, ring)
    used_fast = 1 if booth >= state[N_STANDARD] else 0
    drawn_s = fast_s if used_fast == 1 else standard_s
    cleared = take_booth(start, booth, drawn_s, state, free, ring, service_ppm)
    return start, cleared, used_fast


serve = _compiled(_serve)


def _work_until(t: int, work_s: int, first: int, last: int, opens: Numbers, closes: Numbers, done: Numbers) -> int:
    """Second at which `work_s` working seconds have passed since `t`; NEVER if the calendar ends before.

    The calendar is intervals `first` to `last` - 1; ``done[i]`` is its working time before interval i opens.
    """
    low, high = first, last
    while low < high:  # the first interval that closes after t
        middle = (low + high) // 2
        if closes[middle] > t:
            high = middle
        else:
            low = middle + 1
    if low == last:
        return NEVER
    target = int(done[low]) + work_s
    if t > opens[low]:
        target += t - int(opens[low])
    high = last
    while high - low > 1:  # the last interval before which less than the target is done
        middle = (low + high) // 2
        if done[middle] < target:
            low = middle
        else:
            high = middle
    finish = int(opens[low]) + target - int(done[low])
    if finish > closes[low]:
        return NEVER
    return finish


work_until = _compiled(_work_until)


def _is_blocked(t: int, first: int, last: int, begins: Numbers, ends: Numbers) -> bool:
    """Whether second `t` lies in one of the half-open intervals `first` to `last` - 1."""
    for i in range(first, last):  # noqa: SIM110 - a generator does not compile
        if begins[i] <= t < ends[i]:
            return True
    return False


is_blocked = _compiled(_is_blocked)


def _furthest_below_share(quantity: int, lanes: Numbers, debited: Numbers, share_ppm: Numbers, blocked: Numbers) -> int:
    """Place in `lanes` of the lane that, debited with `quantity`, is furthest below its share.

    The least ``(debited + quantity) / share`` by cross-multiplication, ties to the first. Lanes that are not blocked
    go first, then lanes with a share; among lanes without share the one debited least.
    """
    chosen = 0
    for place in range(1, len(lanes)):
        if blocked[place] != blocked[chosen]:
            if blocked[place] < blocked[chosen]:
                chosen = place
            continue
        share, other = share_ppm[lanes[place]], share_ppm[lanes[chosen]]
        mine, theirs = debited[lanes[place]] + quantity, debited[lanes[chosen]] + quantity
        if share == 0 and other == 0:
            if mine < theirs:
                chosen = place
        elif mine * other < theirs * share:
            chosen = place
    return chosen


furthest_below_share = _compiled(_furthest_below_share)


def _choose_route(estimates: Numbers, divert_s: int) -> int:
    """Place of the route to take: the usual one (0) unless the quickest saves more than `divert_s`."""
    best = 0
    for place in range(1, len(estimates)):
        if estimates[place] < estimates[best]:
            best = place
    return best if estimates[0] - estimates[best] > divert_s else 0


choose_route = _compiled(_choose_route)


def opening_hours(open_booths: Array, booths: int) -> Array:
    """For each hour and booth the first hour, from that hour on, in which the booth is open.

    Parameters
    ----------
    open_booths : int64[hours]
        How many booths are open in each hour.
    booths : int
        Booths of the class.

    Returns
    -------
    int32[hours, booths]
        The number of hours where the booth does not open again.
    """
    hours = open_booths.size
    is_open = open_booths[:, None] > np.arange(booths)[None, :]
    opening = np.where(is_open, np.arange(hours)[:, None], hours)[::-1]
    return np.ascontiguousarray(np.minimum.accumulate(opening, axis=0)[::-1].astype(np.int32))
