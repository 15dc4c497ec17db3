"""When a truck is at a crossing: between the dwells of its trailer in the yards before it and beyond."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ledger.ledger import NOT_YET, TRACTOR, Ledger
from sim.plan import Plan

Ints = NDArray[np.int64]


def passage_draws(plan: Plan, ledger: Ledger) -> Ints:
    """Where the draws of each passage stand in `plan.loads`: those of the load that leads its truck.

    Returns
    -------
    int64[passages]
    """
    rows, loads, drawn = ledger.passages, ledger.loads, plan.loads
    lane, n, route = (column[rows.truck] for column in (loads.lane, loads.n, loads.route))
    own: Ints = n * drawn.passage_columns[lane] + plan.routes.passage_column[route] + rows.position
    return drawn.passage_draw_first[lane] + own


def at_border_s(plan: Plan, ledger: Ledger) -> tuple[Ints, Ints]:
    """The seconds from which and until which a truck is at a crossing, by passage.

    From its arrival, or where its trailer stands in a yard from the end of that dwell, or where a tractor fetches it
    from the second in which that sets out. Until it leaves, or until its trailer is dropped in the yard beyond.

    Returns
    -------
    tuple of int64[passages]
        `NOT_YET` where it did not come to that in the run.
    """
    rows, stages = ledger.passages, ledger.stages
    draw = passage_draws(plan, ledger)
    stands = plan.routes.is_through[ledger.loads.route[rows.truck]] == 0
    begins = rows.arrived_s + np.where(stands, plan.loads.yard_s[draw], 0)
    begins[begins >= plan.horizon_s] = NOT_YET
    fetched = stages.stage == TRACTOR
    begins[ledger.passage_of_stage()[fetched]] = stages.started_s[fetched]
    ends = np.where(rows.left_s == NOT_YET, NOT_YET, rows.left_s - np.where(stands, plan.loads.beyond_s[draw], 0))
    return begins, ends


def outside_s(arrived_s: Ints, left_s: Ints, places: int) -> Ints:
    """Seconds that each trailer of a yard stands outside its gate, because the yard is full.

    A trailer enters when the one that came `places` before it has left, or at once. It is fetched in its turn wherever
    it stands, so that a full yard delays nobody.

    Parameters
    ----------
    arrived_s : int64[trailers]
        Ascending.
    left_s : int64[trailers]
        When each was fetched; the end of the run where it was not.
    places : int
        Trailers that the yard holds, 0 for any number.

    Returns
    -------
    int64[trailers]
    """
    outside = np.zeros(arrived_s.size, dtype=np.int64)
    if not places or arrived_s.size <= places:
        return outside
    gone = np.sort(left_s)  # places become free in this order, whoever leaves them
    enters = np.maximum(arrived_s[places:], gone[: arrived_s.size - places])
    outside[places:] = np.minimum(enters, left_s[places:]) - arrived_s[places:]
    return outside
