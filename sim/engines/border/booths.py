"""The lines at export modules and booths: one rule for everybody's trucks in order of arrival.

**Modules.** Where a crossing has export modules, a truck arrives at their line; the check takes the same time for
everybody, so trucks leave in the order in which they came, and join the booths after the approach in that order too.
This is why both lines are passed at once. Without modules a truck arrives at the line of the booths.

**Booths.** A truck that joins at t takes the booth with the least start, ties to the lowest booth; the start is the
earliest second, not before t nor before the booth is free, at which the booth's hour is open. Starts never decrease
from one truck to the next of a class, so a truck's start is final when it joins: this is why other people's trucks
can be merged late, in batches, whoever may overtake whom.

**The FAST split.** FAST trucks share the road with the others up to the split, which lies ``split_trucks`` trucks
before the booths. A FAST truck passes the split when no more than ``split_trucks`` of the standard trucks ahead of it
wait, that is when the truck that stands ``split_trucks`` places before the most recent one starts. If a FAST booth is
open in that hour it goes to the FAST booths, otherwise it stays in the standard queue.

**Order.** Before loads that arrive at t are served, background that arrived before t is merged; background of second t
comes after them, and behind it trucks that come over from other crossings. A posting at p shows the lines before any
truck of second p.
"""

from __future__ import annotations

from sim.engines.border.bays import inspect_until, is_sent, send
from sim.engines.border.elsewhere import GIVES_UP, GOES_OVER, decide, take_over
from sim.engines.border.queues import (
    APPROACH_S,
    BOOTH_FIRST,
    CAME_OVER,
    CHECK_S,
    CLOSED_WAIT_S,
    CURSOR,
    DIVERT_PPM,
    DIVERTED,
    GAVE_UP,
    HOUR_S,
    MODULE_AT,
    MODULE_FIRST,
    MODULE_LAST,
    N_BAYS,
    N_FAST,
    N_MODULES,
    N_STANDARD,
    NEXT_OVER_S,
    PASSED,
    PASSED_FAST,
    POST,
    POSTED_BEYOND,
    POSTED_STANDARD,
    RING_AT,
    RING_FIRST,
    RING_LAST,
    SERVE,
    STATE_FIELDS,
    TOTAL_ROWS,
    TRUCK_LAST,
    WAITED,
    WAITED_EXPORT,
    WAITED_FAST,
    Queues,
)
from sim.engines.jit import compiled, plain
from sim.engines.rules import PPM
from sim.plan import NEVER

BOOTH_BITS = 8  # of the key (second, booth) by which booths are compared


def _add_up(at: int, passed: int, waited: int, passed_fast: int, waited_fast: int, q: Queues) -> None:
    """Add other people's trucks of an hour to its totals, of which the first stands at `at`."""
    q.totals[at + PASSED * q.run_hours] += passed
    q.totals[at + WAITED * q.run_hours] += waited
    q.totals[at + PASSED_FAST * q.run_hours] += passed_fast
    q.totals[at + WAITED_FAST * q.run_hours] += waited_fast


add_up = compiled(_add_up)


def _pass_trucks(
    k: int, t_end: int, task: int, own_is_fast: int, own_standard_s: int, own_fast_s: int, q: Queues
) -> tuple[int, int, int, int, int]:
    """Bring crossing `k` to the beginning of second `t_end`, and post its waits (POST) or pass a load of ours (SERVE).

    Calls for a crossing come in order of time, our loads of one second in order of (lane, n). How often it is asked
    changes nothing. A background truck whose wait would be too long gives up or goes elsewhere; loads never do.

    What happens to every truck stands in one piece: it runs tens of millions of times, plain and compiled, and a call
    would cost either engine more than the step that it names. What happens to few has a name.

    Returns
    -------
    tuple of int
        Of our load: second at the module (`t_end` where there is none), second of joining the booths, second at the
        booth, second cleared (NEVER where no booth opens again), 1 if a FAST booth was used.
    """
    hours, state, free, ring = q.hours, q.state, q.free, q.ring
    n_open, next_open, service_ppm = q.open, q.next_open, q.service_ppm
    arrive_s, service_s, is_fast, patience_s, totals = q.arrive_s, q.service_s, q.is_fast, q.patience_s, q.totals
    own = k * STATE_FIELDS
    cursor, last_truck = int(state[own + CURSOR]), int(state[own + TRUCK_LAST])
    first_booth = int(state[own + BOOTH_FIRST])
    first_fast, n_fast = first_booth + int(state[own + N_STANDARD]), int(state[own + N_FAST])
    ring_first, ring_last, ring_at = (
        int(state[own + RING_FIRST]),
        int(state[own + RING_LAST]),
        int(state[own + RING_AT]),
    )
    module_ring, n_modules, module_at = q.module_ring, int(state[own + N_MODULES]), int(state[own + MODULE_AT])
    first_module, last_module = int(state[own + MODULE_FIRST]), int(state[own + MODULE_LAST])
    check_s, approach_s = int(state[own + CHECK_S]), int(state[own + APPROACH_S])
    n_bays, divert_ppm = int(state[own + N_BAYS]), int(state[own + DIVERT_PPM])
    beyond_s, over_s = int(state[own + POSTED_BEYOND]), int(state[own + NEXT_OVER_S])
    standard_row, fast_row = 2 * k * hours, (2 * k + 1) * hours
    totals_row, run_hours = TOTAL_ROWS * k * q.run_hours, q.run_hours
    asked_fast = 0  # the class for which a wait is being posted: standard, then FAST
    checked, joined, start, cleared, used_fast = t_end, t_end, NEVER, NEVER, 0
    # The hour is carried along, and its totals are written when it ends: between one truck and the next stands nothing
    # that takes long, such as a division.
    this_hour, hour_ends, passed, waited, passed_fast, waited_fast = 0, 0, 0, 0, 0, 0
    while True:
        truck = -1  # of others
        is_over = False
        if cursor < last_truck and arrive_s[cursor] < t_end and arrive_s[cursor] <= over_s:
            truck = cursor
            t, may_use_fast = int(arrive_s[truck]), int(is_fast[truck])
            cursor += 1
        elif over_s < t_end:
            is_over = True
            t = over_s
            truck = int(take_over(k, q))
            over_s, may_use_fast = int(state[own + NEXT_OVER_S]), int(is_fast[truck])
        elif task == SERVE:
            t, may_use_fast = t_end, own_is_fast
        elif task == POST:
            t, may_use_fast = t_end, asked_fast
        else:
            break

        if t >= hour_ends:
            if passed > 0:
                add_up(totals_row + this_hour, passed, waited, passed_fast, waited_fast, q)
                passed, waited, passed_fast, waited_fast = 0, 0, 0, 0
            this_hour = t // HOUR_S
            hour_ends = (this_hour + 1) * HOUR_S

        checked, joined = t, t
        if n_modules > 0:
            module_free_s = int(module_ring[module_at])
            if module_free_s > t:
                checked = module_free_s
            joined = checked + check_s + approach_s

        # the class of booths, and the second from which it can be reached
        ready, row, booths, used_fast = joined, standard_row, first_booth, 0
        if may_use_fast != 0 and n_fast > 0:
            split = int(ring[ring_at])
            if split < joined:
                split = joined
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

        if truck >= 0:
            if is_over:
                totals[totals_row + this_hour + CAME_OVER * run_hours] += 1
            wait = start - joined + checked - t
            if start == NEVER or (wait + beyond_s) * PPM > int(patience_s[truck]) * divert_ppm:
                choice = decide(k, truck, t, start, wait, 0 if is_over else 1, q)
                if choice == GOES_OVER:
                    totals[totals_row + this_hour + DIVERTED * run_hours] += 1
                    continue
                if choice == GIVES_UP:
                    totals[totals_row + this_hour + GAVE_UP * run_hours] += 1
                    continue
            passed += 1
            waited += start - joined
            passed_fast += may_use_fast
            waited_fast += may_use_fast * (start - joined)
            if checked > t:
                totals[totals_row + this_hour + WAITED_EXPORT * run_hours] += checked - t
            drawn_s = int(service_s[truck])
        elif task == POST:
            wait = CLOSED_WAIT_S if start == NEVER else start - joined + checked - t
            state[own + POSTED_STANDARD + asked_fast] = wait + beyond_s
            if asked_fast == 1:
                break
            asked_fast = 1
            continue
        else:
            drawn_s = own_fast_s if used_fast == 1 else own_standard_s

        if n_modules > 0:
            module_ring[module_at] = checked + check_s
            module_at += 1
            if module_at == last_module:
                module_at = first_module
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
        if truck < 0:
            break
        if n_bays > 0 and is_sent(k, cleared, int(q.lot_bp[truck]), q):
            send(k, cleared, truck, q)
    if passed > 0:
        add_up(totals_row + this_hour, passed, waited, passed_fast, waited_fast, q)
    state[own + CURSOR] = cursor
    state[own + RING_AT] = ring_at
    state[own + MODULE_AT] = module_at
    if n_bays > 0:
        inspect_until(k, t_end, q)
    return checked, joined, start, cleared, used_fast


pass_trucks = compiled(_pass_trucks)
pass_trucks_plainly = plain(_pass_trucks)
