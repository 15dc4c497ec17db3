"""The Plan refuses what engines could not hold or order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.errors import PlanError
from sim.plan import MAX_BOOTHS, MAX_DURATION_S, MAX_HORIZON_S, MAX_UNITS
from tests.engines.busy import busy_plan


def test_everything_out_of_range_is_told_at_once() -> None:
    plan = busy_plan(0)
    loads = replace(plan.loads, work_s=plan.loads.work_s.astype(np.int64))
    crossings = replace(
        plan.crossings,
        booths_fast=np.full_like(plan.crossings.booths_fast, MAX_BOOTHS),
        approach_s=np.full_like(plan.crossings.approach_s, -1),
        posting_s=np.full_like(plan.crossings.posting_s, MAX_DURATION_S),
    )
    routes = replace(plan.routes, leg_s=np.zeros_like(plan.routes.leg_s))
    seeds = replace(plan.seeds, units=np.full_like(plan.seeds.units, MAX_UNITS))
    with pytest.raises(PlanError) as caught:
        replace(plan, horizon_s=MAX_HORIZON_S, loads=loads, crossings=crossings, routes=routes, seeds=seeds)
    assert str(caught.value) == (
        "plan: 7 problems\n"
        "  work_s is of kind int64; int32 is wanted\n"
        f"  a horizon of {MAX_HORIZON_S} s; 0 to {MAX_HORIZON_S - 1} are allowed\n"
        f"  booths_fast holds {MAX_BOOTHS}; fewer than {MAX_BOOTHS} are allowed\n"
        f"  seed units holds {MAX_UNITS}; less than {MAX_UNITS} is allowed\n"
        "  leg_s holds 0; the least is 1\n"
        "  approach_s holds -1; the least is 0\n"
        f"  posting_s holds {MAX_DURATION_S}; less than {MAX_DURATION_S} is allowed"
    )


def test_lanes_come_in_order_of_id() -> None:
    plan = busy_plan(0)
    with pytest.raises(PlanError, match=r"^plan: lanes are not sorted by id$"):
        replace(plan, lanes=replace(plan.lanes, ids=plan.lanes.ids[::-1]))
