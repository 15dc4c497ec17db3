"""Volumes, build slots and reorder points against arithmetic by hand."""

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from sim.clock import Clock
from sim.network.graph import supply_order
from sim.network.model import Shutdown
from sim.planning.demand import roll_down
from sim.planning.replenishment import free_flow_s, longest_lead_days, plan_lanes
from sim.planning.schedule import build_schedule
from tests.planning.conftest import KNOWN

HOUR = 3_600
CAR = "plant/michigan/car"
BRACKET = "supplier/ontario/bracket"
STEEL = "supplier/ohio/steel"


def test_weekly_volumes(tiny):
    demand = roll_down(tiny, {})
    assert demand.recipe_week == {CAR: 5_000, BRACKET: 5_000, STEEL: 10_000}
    assert demand.lane_week[f"{STEEL}..{BRACKET}"] == 10_000


def test_a_scenario_may_ask_for_more(tiny):
    assert roll_down(tiny, {CAR: 1_500}).recipe_week[STEEL] == 15_000


def test_suppliers_come_first(tiny):
    assert supply_order(tiny) == (STEEL, BRACKET, CAR)


def test_slots_fill_the_shift_evenly(tiny):
    # Monday 14 August 2017: 100 lots in 16 hours from 06:00 local (10:00 UTC), one every 576 s.
    clock = Clock(dt.date(2017, 8, 14), 0, 24 * HOUR)
    due_s = build_schedule(tiny, clock, {}).due_s.tolist()
    assert due_s[:3] == [10 * HOUR, 10 * HOUR + 576, 10 * HOUR + 2 * 576]
    assert len(due_s) == 14 * HOUR // 576 + 1  # midnight UTC comes two hours before the shift ends


def test_a_day_that_began_before_the_clock_is_finished(tiny):
    # Tuesday begins at midnight UTC, 20:00 local on Monday: the last two of Monday's sixteen hours are left.
    clock = Clock(dt.date(2017, 8, 15), 0, 24 * HOUR)
    due_s = build_schedule(tiny, clock, {}).due_s
    before, after = due_s[due_s < 10 * HOUR].tolist(), due_s[due_s >= 10 * HOUR].tolist()
    assert before == [number * 576 - 14 * HOUR for number in range(88, 100)]
    assert after[0] == 10 * HOUR


def test_nothing_is_asked_for_in_a_shutdown(tiny):
    """Two weeks from Monday 14 August 2017, Thursday to Tuesday closed: three days and three days, slots as ever."""
    closed = (Shutdown("closed", (8, 17), (8, 22), KNOWN),)
    calendars = {name: replace(calendar, shutdowns=closed) for name, calendar in tiny.calendars.items()}
    shut = replace(tiny, calendars=MappingProxyType(calendars))
    clock = Clock(dt.date(2017, 8, 14), 0, 14 * 24 * HOUR)
    slots = build_schedule(shut, clock, {})
    usual = build_schedule(tiny, clock, {}).due_s
    day = (usual - 10 * HOUR) // (24 * HOUR)
    assert slots.due_s.tolist() == usual[np.isin(day, (0, 1, 2, 9, 10, 11))].tolist()
    assert slots.expires_s[0] == (2 * 24 + 26) * HOUR  # the week ends on Wednesday: its Saturday is closed as well
    assert roll_down(shut, {}) == roll_down(tiny, {})


def test_a_slot_is_lost_when_saturday_overtime_ends(tiny):
    clock = Clock(dt.date(2017, 8, 14), 0, 10 * 24 * HOUR)
    expires_s = build_schedule(tiny, clock, {}).expires_s
    saturday_14_local = (5 * 24 + 18) * HOUR
    assert expires_s[0] == saturday_14_local
    assert expires_s[-1] == saturday_14_local + 7 * 24 * HOUR


def test_weekly_slots_match_the_demand(tiny):
    clock = Clock(dt.date(2017, 8, 14), 0, 14 * 24 * HOUR)
    assert build_schedule(tiny, clock, {}).due_s.size * 10 == 2 * 5_000


def test_nothing_wanted_gives_no_slot(tiny):
    assert build_schedule(tiny, Clock(dt.date(2017, 8, 14), 0, 24 * HOUR), {CAR: 0}).due_s.size == 0


@pytest.mark.parametrize("shares", [(50.0, 30.0, 20.0), (100 / 3, 100 / 3, 100 / 3), (99.0, 1.0, 0.0), (12.5, 87.5)])
def test_markets_take_turns_by_their_shares(tiny, shares):
    """Each slot goes to the market furthest below its share, told slot by slot; ties to the first id."""
    (sold,) = (lane for lane in tiny.lanes.values() if not lane.to_recipe)
    lanes = [replace(sold, id=f"{sold.id}/{number}", share_pct=share) for number, share in enumerate(shares)]
    wider = replace(tiny, lanes=MappingProxyType({x.id: x for x in sorted([*lanes, *feeding(tiny)], key=by_id)}))
    schedule = build_schedule(wider, Clock(dt.date(2017, 8, 14), 0, 14 * 24 * HOUR), {})
    ids, given = list(wider.lanes), dict.fromkeys((lane.id for lane in lanes), 0)
    for row, n in zip(schedule.lane.tolist(), schedule.n.tolist(), strict=True):
        pick = min(lanes, key=lambda lane: ((given[lane.id] + 1) / max(lane.share_pct, 1e-9), lane.id)).id
        assert (ids[row], n) == (pick, given[pick])
        given[pick] += 1
    assert sum(given.values()) == 1_000


def feeding(network):
    return [lane for lane in network.lanes.values() if lane.to_recipe]


def by_id(lane):
    return lane.id


def test_reorder_point_by_hand(tiny):
    plans = plan_lanes(tiny, roll_down(tiny, {}))
    plan = plans[f"{BRACKET}..{CAR}"]
    (way,) = tiny.routes["supplier/ontario", "plant/michigan", "truck"]
    free = 3 * HOUR + 600 + 80  # legs, approach, one booth cycle
    assert free_flow_s(tiny, way) == free
    spread = 2 * 0.1 * 3 * HOUR / 2**0.5
    lead = round(500 * 40 + free + spread + 5_400)
    assert plan.lead_s == lead
    # 1,000 brackets in 16 working hours; all of the lead time may fall into one shift.
    rate = 5_000 / (80 * HOUR)
    assert plan.reorder_units == pytest.approx(rate * (lead + 24 * HOUR) + 10, abs=1)


def test_longest_lead_adds_up(tiny):
    demand = roll_down(tiny, {})
    plans = plan_lanes(tiny, demand)
    total = sum(plans[lane].lead_s for lane in (f"{STEEL}..{BRACKET}", f"{BRACKET}..{CAR}"))
    assert longest_lead_days(tiny, demand, plans) == pytest.approx(total / 86_400)
