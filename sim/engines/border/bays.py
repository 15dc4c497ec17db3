"""The bays of the state inspection: those who are sent there line up in order of arriving from the booths.

Which trucks are sent follows from lots that were drawn before the run: those below the share of the hour in which they
would arrive. A truck takes the bay with the least start, ties to the lowest; starts never decrease, so that a start is
final when a truck joins. Trucks leave the booths out of order, so those on their way wait in a heap, ordered by
the second in which they join and the order in which they came to the booths.
"""

from __future__ import annotations

from sim.engines.border.queues import (
    BAY_FIRST,
    HOUR_S,
    INSPECTED,
    N_BAYS,
    SENT,
    SENT_FIRST,
    SENT_SO_FAR,
    STATE_FIELDS,
    TOTAL_ROWS,
    WAITED_BAY,
    Queues,
)
from sim.engines.jit import compiled, plain
from sim.plan import NEVER

ORDER_BITS = 32  # of the key (second of joining, order of passing)


def _is_sent(k: int, t: int, lot_bp: int, q: Queues) -> bool:
    """Whether a truck that could be inspected at `t` is sent there."""
    hour = t // HOUR_S
    return bool(hour < q.hours and lot_bp < q.inspect_bp[k * q.hours + hour])


is_sent = compiled(_is_sent)
is_sent_plainly = plain(_is_sent)


def _least_start(k: int, t: int, q: Queues) -> tuple[int, int]:
    """Start of a truck that joins the bays at `t`, and the bay; NEVER and -1 where none opens again."""
    row, first, hour = k * q.hours, int(q.state[k * STATE_FIELDS + BAY_FIRST]), t // HOUR_S
    while hour < q.hours:
        if q.open_bays[row + hour] == 0:
            hour = int(q.next_bays[row + hour])
            if hour >= q.hours:
                break
        begin = t if t > hour * HOUR_S else hour * HOUR_S
        start, bay = NEVER, -1
        for number in range(first, first + int(q.open_bays[row + hour])):
            at = int(q.bay_free[number]) if q.bay_free[number] > begin else begin
            if at < start:
                start, bay = at, number
        if start < (hour + 1) * HOUR_S:
            return start, bay
        hour += 1
    return NEVER, -1


least_start = compiled(_least_start)


def _inspect(k: int, t: int, inspection_s: int, q: Queues) -> tuple[int, int]:
    """Let a truck join the bays of crossing `k` at `t`; the seconds at which its inspection begins and ends."""
    start, bay = least_start(k, t, q)
    if bay < 0:
        return NEVER, NEVER
    end = start + (inspection_s if inspection_s > 1 else 1)
    q.bay_free[bay] = end
    return start, end


inspect = compiled(_inspect)
inspect_plainly = plain(_inspect)


def _send(k: int, t: int, truck: int, q: Queues) -> None:
    """Put a truck that joins the bays at `t` among those on their way."""
    own = k * STATE_FIELDS
    first = int(q.state[own + SENT_FIRST])
    key = t << ORDER_BITS | int(q.state[own + SENT_SO_FAR])
    q.state[own + SENT_SO_FAR] += 1
    at = int(q.state[own + SENT])
    q.state[own + SENT] = at + 1
    while at > 0:
        parent = (at - 1) >> 1
        if q.sent_key[first + parent] <= key:
            break
        q.sent_key[first + at], q.sent_truck[first + at] = q.sent_key[first + parent], q.sent_truck[first + parent]
        at = parent
    q.sent_key[first + at], q.sent_truck[first + at] = key, truck


send = compiled(_send)


def _drop_first(k: int, q: Queues) -> None:
    """Take the first from among those on their way."""
    own = k * STATE_FIELDS
    first = int(q.state[own + SENT_FIRST])
    size = int(q.state[own + SENT]) - 1
    q.state[own + SENT] = size
    key, truck = int(q.sent_key[first + size]), int(q.sent_truck[first + size])
    at, child = 0, 1
    while child < size:
        if child + 1 < size and q.sent_key[first + child + 1] < q.sent_key[first + child]:
            child += 1
        if q.sent_key[first + child] >= key:
            break
        q.sent_key[first + at], q.sent_truck[first + at] = q.sent_key[first + child], q.sent_truck[first + child]
        at, child = child, 2 * child + 1
    q.sent_key[first + at], q.sent_truck[first + at] = key, truck


drop_first = compiled(_drop_first)


def _inspect_until(k: int, until: int, q: Queues) -> None:
    """Let all trucks of others that join the bays of crossing `k` before second `until` do so."""
    own = k * STATE_FIELDS
    first = int(q.state[own + SENT_FIRST])
    if q.state[own + N_BAYS] == 0:
        return
    while q.state[own + SENT] > 0:
        t = int(q.sent_key[first]) >> ORDER_BITS
        if t >= until:
            return
        start, _ = inspect(k, t, int(q.inspection_s[q.sent_truck[first]]), q)
        drop_first(k, q)
        if start != NEVER:
            row = TOTAL_ROWS * k * q.run_hours + t // HOUR_S
            q.totals[row + INSPECTED * q.run_hours] += 1
            q.totals[row + WAITED_BAY * q.run_hours] += start - t


inspect_until = compiled(_inspect_until)
