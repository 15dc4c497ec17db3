"""The Plan refuses what engines could not hold or order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.errors import PlanError
from sim.plan import MAX_BOOTHS, MAX_DURATION_S, MAX_HORIZON_S, MAX_UNITS, Plan
from tests.engines.busy import busy_plan
from tests.engines.plans import PlanBuilder, Way


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


def test_milk_runs_whose_lanes_cannot_lead_each_other_or_whose_departures_do_not_ascend() -> None:
    b = PlanBuilder(1_000)
    b.crossing("gate")
    b.crossing("ford")
    usual = Way((10, 20), ("gate",))
    ways = {
        "a": [usual],
        "b": [usual, usual],
        "c": [Way((10, 20), ("ford",))],
        "d": [Way((10, 21), ("gate",), 30)],
        "e": [Way((10, 20), ("gate",), 31)],
        "f": [Way((30,))],
        "g": [usual],
    }
    b.run("morning", 100, 200, 200)
    b.run("evening", 300)
    for name, routes in ways.items():
        b.push(name, [], ways=routes, run="morning")
    plan = b.build_unchecked()
    stray = plan["lanes"].run.copy()
    stray[6] = 2
    plan["lanes"] = replace(plan["lanes"], run=stray)
    plan["runs"] = replace(plan["runs"], depart_s=np.array([100, 200, 200, -1]))
    with pytest.raises(PlanError) as caught:
        Plan(**plan)
    told = "of run 'morning' differ in their routes; loads that share a truck go the same ways"
    assert str(caught.value) == (
        "plan: 8 problems\n"
        "  depart_s holds -1; the least is 0\n"
        "  run 'morning' departs at 200 s after 200 s; departures must ascend\n"
        f"  lanes 'a..market' and 'b..market' {told}\n"
        f"  lanes 'a..market' and 'c..market' {told}\n"
        f"  lanes 'a..market' and 'd..market' {told}\n"
        f"  lanes 'a..market' and 'e..market' {told}\n"
        f"  lanes 'a..market' and 'f..market' {told}\n"
        "  lane 'g..market' rides with run 2; there are 2 runs"
    )
