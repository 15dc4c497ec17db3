"""The pool of transfer tractors that take our trailers across: those that are back, first-in first-out.

A tractor that sets out is away for its round trip in free flow and for the wait posted at that moment.
"""

from __future__ import annotations

from sim.engines.border.queues import POSTED_STANDARD, ROUND_TRIP_S, STATE_FIELDS, TRACTOR_FIRST, TRACTOR_LAST, Queues
from sim.engines.jit import compiled, plain


def _back_s(k: int, q: Queues) -> int:
    """Second at which a tractor is back, at the soonest."""
    return int(q.tractor_back[q.state[k * STATE_FIELDS + TRACTOR_FIRST]])


back_s = compiled(_back_s, is_inner=True)
back_s_plainly = plain(_back_s)


def _set_out(k: int, t: int, is_fast: int, q: Queues) -> None:
    """Let the tractor that was back first set out at `t` with a trailer of a class."""
    own = k * STATE_FIELDS
    first = int(q.state[own + TRACTOR_FIRST])
    size = int(q.state[own + TRACTOR_LAST]) - first
    back = t + int(q.state[own + ROUND_TRIP_S]) + int(q.state[own + POSTED_STANDARD + is_fast])
    at, child = 0, 1
    while child < size:
        if child + 1 < size and q.tractor_back[first + child + 1] < q.tractor_back[first + child]:
            child += 1
        if q.tractor_back[first + child] >= back:
            break
        q.tractor_back[first + at] = q.tractor_back[first + child]
        at, child = child, 2 * child + 1
    q.tractor_back[first + at] = back


set_out = compiled(_set_out)
set_out_plainly = plain(_set_out)
