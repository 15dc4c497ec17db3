"""Milk runs in the plan: when they leave, how long planners reckon with, and trucks in place of loads."""

import datetime as dt
import math
from dataclasses import replace
from types import MappingProxyType

import pytest

from sim.clock import Clock
from sim.engines.reference import simulate
from sim.ledger.balance import check_balances
from sim.network.milk_runs import gaps_s, longest_wait_s, trucks_per_week
from sim.network.model import MilkRun
from sim.planning.calendars import departures
from sim.planning.demand import roll_down
from sim.planning.replenishment import plan_lanes
from sim.planning.traffic import own_trucks_per_week
from tests.planning.conftest import KNOWN
from tests.planning.test_build import BRACKETS, BRIDGE, plan_of, scenario

HOUR, DAY, WEEK = 3_600, 86_400, 604_800


def run(*leaves, zone="America/Detroit"):
    return MilkRun("dawn", zone, tuple(leaves), KNOWN)


def riding(network, *leaves):
    lanes = dict(network.lanes)
    lanes[BRACKETS] = replace(lanes[BRACKETS], milk_run="dawn")
    runs = MappingProxyType({"dawn": run(*leaves)})
    return replace(network, lanes=MappingProxyType(lanes), milk_runs=runs, digest=f"riding {leaves}")


def test_departures_keep_to_local_hours_over_the_whole_run():
    # 2018-03-11 clocks in Detroit go from 02:00 to 03:00; second 0 is Monday 5 March, midnight UTC
    clock = Clock(dt.date(2018, 3, 5), WEEK, WEEK)
    leaves = departures(run((0, 6.0), (4, 18.5)), clock).tolist()
    assert leaves == [
        11 * HOUR,
        4 * DAY + 23 * HOUR + HOUR // 2,
        WEEK + 10 * HOUR,
        WEEK + 4 * DAY + 22 * HOUR + HOUR // 2,
    ]
    assert clock.moment(leaves[2]).isoformat() == "2018-03-12T10:00:00+00:00"
    # late on Sunday, local time, before the run begins is after it has begun in UTC; what is at the end is not in it
    assert departures(run((6, 19.0)), clock).tolist() == [0, 6 * DAY + 23 * HOUR, 13 * DAY + 23 * HOUR]
    assert departures(run((6, 20.0)), clock).tolist() == [HOUR, WEEK]
    # an hour that clocks leave out is the one after it, and is not told twice
    assert departures(run((6, 2.5), (6, 3.5)), clock).tolist() == [
        6 * DAY + 7 * HOUR + HOUR // 2,
        13 * DAY + 6 * HOUR + HOUR // 2,
        13 * DAY + 7 * HOUR + HOUR // 2,
    ]


def test_waits_and_trucks_by_hand():
    daily = run(*((day, 6.0) for day in range(5)))
    assert [gap // HOUR for gap in gaps_s(daily)] == [24, 24, 24, 24, 72]
    assert longest_wait_s(daily) == 72 * HOUR
    assert longest_wait_s(run((2, 12.0))) == WEEK
    # 7 loads a week: a day brings none with probability 1/e, a weekend with 1/e^3
    assert trucks_per_week(daily, 7) == pytest.approx(4 * (1 - math.exp(-1)) + 1 - math.exp(-3))
    assert trucks_per_week(daily, 0) == 0
    assert trucks_per_week(daily, 1e6) == pytest.approx(5)


def test_planners_reckon_with_the_longest_wait(tiny):
    leaves = [(day, 6.0) for day in range(5)]
    plans = [plan_lanes(network, roll_down(network, {})) for network in (tiny, riding(tiny, *leaves))]
    plain, waits = (found[BRACKETS] for found in plans)
    assert waits.lead_s - plain.lead_s == 72 * HOUR
    assert waits.reorder_units > plain.reorder_units
    assert (waits.seed_loads, waits.interval_s) == (plain.seed_loads, plain.interval_s)
    others = [{name: plan for name, plan in found.items() if name != BRACKETS} for found in plans]
    assert others[0] == others[1]


def test_background_is_less_than_observed_by_trucks_not_by_loads(tiny):
    own = [own_trucks_per_week(x, roll_down(x, {})) for x in (tiny, riding(tiny, (0, 6.0), (3, 6.0)))]
    assert own[0][BRIDGE] == pytest.approx(10)  # 1,000 brackets a day, 500 a load
    assert own[1][BRIDGE] == pytest.approx(2, abs=0.1)
    assert own[0]["bridge/ca"] == own[1]["bridge/ca"]


def test_a_small_world_with_a_milk_run_builds_as_many_cars(tiny):
    network = riding(tiny, *((day, hour) for day in range(7) for hour in (0.0, 12.0)))
    asked = scenario()
    plan = plan_of(network, asked)
    assert plan.runs.ids == ("dawn",)
    assert plan.runs.depart_s.size == 3 * 14
    assert [plan.lanes.ids[lane] for lane in (plan.lanes.run == 0).nonzero()[0]] == [BRACKETS]
    ledger = simulate(plan)
    check_balances(plan, ledger)
    loads, rows = ledger.loads, ledger.passages
    rides = loads.lane == plan.lanes.ids.index(BRACKETS)
    assert set(loads.shipped_s[rides & (loads.shipped_s >= 0)].tolist()) <= set(plan.runs.depart_s.tolist())
    trucks = int((rows.truck == rows.load)[rows.crossing == plan.crossings.ids.index(BRIDGE)].sum())
    assert 0 < trucks < int((rows.crossing == plan.crossings.ids.index(BRIDGE)).sum())
    assert not loads.is_lost.any()
