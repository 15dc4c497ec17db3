"""Lines of a crossing besides that of the booths: what our own loads wait there, and yards that are full."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.ledger.ledger import NOT_YET, STAGES, TRACTOR
from sim.ledger.yards import outside_s
from sim.measures.context import ALL, Context, Figure
from sim.units import HOUR, MINUTE


def line_wait(context: Context) -> Iterator[Figure]:
    """Minutes that our own trucks waited for a tractor, an export module or an inspection bay: mean, 95th percentile.

    By crossing and line, over trucks served there in the window; loads of a milk run share one.
    """
    rows, passages, ids = context.ledger.stages, context.ledger.passages, context.plan.crossings.ids
    passage = context.ledger.passage_of_stage()
    served = (passages.truck[passage] == rows.load) & (rows.started_s != NOT_YET) & context.in_window(rows.started_s)
    crossing, stage = passages.crossing[passage][served], rows.stage[served]
    waited = (rows.started_s - rows.joined_s)[served] / MINUTE
    for index, name in enumerate(ids):
        for number, line in enumerate(STAGES):
            own = waited[(crossing == index) & (stage == number)]
            if own.size:
                yield ALL, f"{name}|{line}|mean", float(own.mean())
                yield ALL, f"{name}|{line}|p95", float(np.percentile(own, 95))


def yard_outside(context: Context) -> Iterator[Figure]:
    """Hours that trailers stood outside a full yard before a crossing, by crossing with a yard of a known size.

    Of trailers that arrived in the window. They are fetched in their turn wherever they stand: it costs room, no time.
    """
    rows, passages, plan = context.ledger.stages, context.ledger.passages, context.plan
    fetched_s = np.full(passages.load.size, plan.horizon_s, dtype=np.int64)
    own = (rows.stage == TRACTOR) & (rows.started_s != NOT_YET)
    fetched_s[context.ledger.passage_of_stage()[own]] = rows.started_s[own]
    for index, name in enumerate(plan.crossings.ids):
        places = context.network.crossings[name].yard_places
        if not places or not plan.crossings.tractors[index]:
            continue
        here = np.flatnonzero((passages.crossing == index) & (passages.truck == passages.load))
        here = here[np.argsort(passages.arrived_s[here], kind="stable")]
        outside = outside_s(passages.arrived_s[here], fetched_s[here], places)
        yield ALL, name, float(outside[context.in_window(passages.arrived_s[here])].sum()) / HOUR
