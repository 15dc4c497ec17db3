"""Ticks: at every multiple of the posting interval all crossings stand at that second, and the waits are posted.

Between two ticks each crossing advances alone, as late as its state is needed: whoever leaves one for another is on
the road for a posting interval at least, so that he arrives after the tick that brings the first to that second.
"""

from __future__ import annotations

from sim.engines.border.bays import least_start
from sim.engines.border.booths import pass_trucks
from sim.engines.border.queues import (
    CLOSED_WAIT_S,
    HOUR_S,
    MERGE,
    N_BAYS,
    N_STANDARD,
    POST,
    POSTED_BEYOND,
    POSTED_FAST,
    POSTED_STANDARD,
    STATE_FIELDS,
    Queues,
)
from sim.engines.jit import compiled, plain
from sim.plan import LOTS, NEVER


def _opening(k: int, t: int, q: Queues) -> int:
    """The first second, `t` or later, at which a crossing without booths lets through; NEVER if there is none."""
    hour = t // HOUR_S
    if hour >= q.hours:
        return NEVER
    opens = int(q.next_open[2 * k * q.hours + hour])
    if opens >= q.hours:
        return NEVER
    return t if opens == hour else opens * HOUR_S


opening = compiled(_opening)
opening_plainly = plain(_opening)


def _expected_beyond(k: int, t: int, q: Queues) -> int:
    """Wait at the bays of a truck that came there at `t`, times the share that is sent there."""
    if q.state[k * STATE_FIELDS + N_BAYS] == 0 or t // HOUR_S >= q.hours:
        return 0
    share_bp = int(q.inspect_bp[k * q.hours + t // HOUR_S])
    start, _ = least_start(k, t, q)
    wait_s = CLOSED_WAIT_S if start == NEVER else start - t
    return wait_s * share_bp // LOTS


expected_beyond = compiled(_expected_beyond)


def _tick(t: int, crossings: int, q: Queues) -> None:
    """Bring all crossings to second `t`, then post what a truck would wait that came there now."""
    for k in range(crossings):
        if q.state[k * STATE_FIELDS + N_STANDARD] > 0:
            pass_trucks(k, t, MERGE, 0, 0, 0, q)
    for k in range(crossings):
        own = k * STATE_FIELDS
        if q.state[own + N_STANDARD] > 0:
            q.state[own + POSTED_BEYOND] = expected_beyond(k, t, q)
            pass_trucks(k, t, POST, 0, 0, 0, q)
        else:
            opens = opening(k, t, q)
            wait_s = CLOSED_WAIT_S if opens == NEVER else opens - t
            q.state[own + POSTED_STANDARD] = wait_s
            q.state[own + POSTED_FAST] = wait_s


tick = compiled(_tick)
tick_plainly = plain(_tick)
