"""The Plan refuses what engines could not hold or order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.errors import PlanError
from sim.plan import Plan
from sim.plan_checks import MAX_BOOTHS, MAX_HORIZON_S, MAX_UNITS
from tests.engines.busy import busy_plan
from tests.engines.plans import PlanBuilder, Way


def test_everything_out_of_range_is_told_at_once() -> None:
    plan = busy_plan(0)
    loads = replace(plan.loads, work_s=plan.loads.work_s.astype(np.int64))
    crossings = replace(
        plan.crossings,
        booths_fast=np.full_like(plan.crossings.booths_fast, MAX_BOOTHS),
        approach_s=np.full_like(plan.crossings.approach_s, -1),
        inspect_bp=plan.crossings.inspect_bp + 10_001,
    )
    routes = replace(plan.routes, leg_s=np.zeros_like(plan.routes.leg_s))
    seeds = replace(plan.seeds, units=np.full_like(plan.seeds.units, MAX_UNITS))
    with pytest.raises(PlanError) as caught:
        replace(
            plan, horizon_s=MAX_HORIZON_S, posting_s=0, loads=loads, crossings=crossings, routes=routes, seeds=seeds
        )
    assert str(caught.value) == (
        "plan: 8 problems\n"
        "  work_s is of kind int64; int32 is wanted\n"
        f"  a horizon of {MAX_HORIZON_S} s; 0 to {MAX_HORIZON_S - 1} are allowed\n"
        "  posting_s holds 0; the least is 1\n"
        f"  inspect_bp holds {int(crossings.inspect_bp.max())}; less than 10001 is allowed\n"
        f"  booths_fast holds {MAX_BOOTHS}; less than {MAX_BOOTHS} is allowed\n"
        f"  seed units holds {MAX_UNITS}; less than {MAX_UNITS} is allowed\n"
        "  leg_s holds 0; the least is 1\n"
        "  approach_s holds -1; the least is 0"
    )


def test_columns_that_do_not_stand_beside_each_other() -> None:
    plan = busy_plan(0)
    rows = plan.loads.before_s.size
    loads = replace(plan.loads, before_s=plan.loads.before_s[:-1])
    crossings = replace(plan.crossings, service_ppm=plan.crossings.service_ppm[:, :1].copy())
    lanes = replace(plan.lanes, load_first=plan.lanes.load_first[:-1])
    with pytest.raises(PlanError) as caught:
        replace(plan, loads=loads, crossings=crossings, lanes=lanes)
    told = str(caught.value).splitlines()
    assert told[0] == "plan: 6 problems"
    assert f"  before_s holds {rows - 1} values beside {rows} passages drawn" in told
    assert f"  load_first does not part {plan.loads.work_s.size} rows among {len(plan.lanes.ids)} owners" in told
    assert "  service_ppm has the shape (4, 1); one row for each of 4 crossings, all alike" in told


def test_numbers_of_what_is_not_there() -> None:
    plan = busy_plan(0)
    wrong = np.full_like(plan.lanes.recipe, len(plan.recipes.ids))
    with pytest.raises(PlanError) as caught:
        replace(
            plan,
            lanes=replace(plan.lanes, recipe=wrong, share_ppm=wrong * 10**6),
            loads=replace(plan.loads, is_fast=np.full_like(plan.loads.is_fast, 2)),
        )
    most = len(plan.recipes.ids)
    assert str(caught.value) == (
        "plan: 3 problems\n"
        f"  lanes.recipe holds {most}; 0 to {most - 1} are allowed\n"
        "  loads.is_fast holds 2; 0 to 1 are allowed\n"
        f"  share_ppm holds {most * 10**6}; less than 1000001 is allowed"
    )


def test_a_lane_with_loads_needs_a_route_and_an_order_counts_what_it_takes() -> None:
    b = PlanBuilder(1_000)
    b.recipe("plant", is_assembly=True)
    b.pair("maker", "plant", ways=[])
    with pytest.raises(PlanError, match=r"^plan: lane 'maker..plant' has loads but no route$"):
        b.build()
    b = PlanBuilder(1_000)
    b.recipe("plant", is_assembly=True)
    b.stock("s", "plant", quantity_per=1 << 30)
    b.lane("plant..market", "plant", load_units=1 << 13)
    with pytest.raises(PlanError, match=r"^plan: an order takes 8796093022208 units of 's'; at most 4398046511104 are"):
        b.build()


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
