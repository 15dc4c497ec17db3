"""Milk runs worked by hand: who rides together, when they leave, and that a border sees one truck."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
import simpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.engines import compiled
from sim.engines.reference import simulate
from sim.ledger.balance import check_balances
from sim.ledger.difference import first_difference
from sim.ledger.events import EventKind, derive_events, passport
from sim.ledger.ledger import Ledger
from sim.plan import Plan
from tests.engines.busy import busy_plan
from tests.engines.drawn import drawn_milk_plans
from tests.engines.plans import PlanBuilder, Way
from tests.engines.test_order import ShuffledEnvironment

SEEDS = range(12)
GATE = Way((10, 20), ("gate",))


def run(builder: PlanBuilder) -> tuple[Plan, Ledger]:
    plan = builder.build()
    ledger = simulate(plan)
    check_balances(plan, ledger)
    return plan, ledger


def shipped(plan: Plan, ledger: Ledger, name: str) -> list[tuple[int, int, int]]:
    """When each load of a push lane was finished, shipped and received."""
    loads = ledger.loads
    rows = loads.lane == plan.lanes.ids.index(f"{name}..market")
    columns = (loads.finished_s, loads.shipped_s, loads.received_s)
    return list(zip(*(column[rows].tolist() for column in columns), strict=True))


def trucks(ledger: Ledger) -> list[tuple[int, int, int, int]]:
    """Load, truck, second of joining and second at the booth of every passage."""
    rows = ledger.passages
    columns = (rows.load, rows.truck, rows.joined_s, rows.started_s)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def gate(horizon_s: int = 5_000, *departures: int, **rest: object) -> PlanBuilder:
    b = PlanBuilder(horizon_s)
    b.crossing("gate", **rest)
    b.run("milk", *(departures or range(100, horizon_s, 100)))
    return b


def test_loads_wait_for_the_next_departure_and_share_one_truck() -> None:
    """Departures every 100 s; a to the border takes 10 s, one booth 60 s, on from there 20 s."""
    b = gate()
    b.push("a", [30, 150, 160], ways=[GATE], run="milk")
    b.push("b", [99, 230], ways=[GATE], run="milk")
    b.push("z", [100], ways=[GATE])
    plan, ledger = run(b)
    assert shipped(plan, ledger, "a") == [(30, 100, 190), (150, 200, 310), (160, 200, 310)]
    assert shipped(plan, ledger, "b") == [(99, 100, 190), (230, 300, 390)]
    # own trucks leave when they are finished; z joins at 110 like the truck of 100, goes behind it by its key and waits
    # for one service, not for two; the truck of 200 waits for z, until 230
    assert shipped(plan, ledger, "z") == [(100, 100, 250)]
    # loads 0, 1, 2 of a, 3 and 4 of b, 5 of z
    assert trucks(ledger) == [
        (0, 0, 110, 110),
        (1, 1, 210, 230),
        (2, 1, 210, 230),
        (3, 0, 110, 110),
        (4, 4, 310, 310),
        (5, 5, 110, 170),
    ]


def test_a_load_finished_in_the_second_of_a_departure_leaves_with_it() -> None:
    b = gate()
    b.push("a", [100, 101], ways=[GATE], run="milk")
    plan, ledger = run(b)
    assert shipped(plan, ledger, "a") == [(100, 100, 190), (101, 200, 290)]


def test_nothing_leaves_an_empty_dock_nor_after_the_last_departure() -> None:
    b = gate(5_000, 100, 200, 300)
    b.push("a", [250, 301], ways=[GATE], run="milk")
    b.push("b", [300, 400], ways=[GATE], run="milk")
    plan, ledger = run(b)
    assert shipped(plan, ledger, "a") == [(250, 300, 390), (301, -1, -1)]
    assert shipped(plan, ledger, "b") == [(300, 300, 390), (400, -1, -1)]
    assert ledger.loads.route.tolist() == [0, -1, 1, -1]
    assert {second for _, _, second, _ in trucks(ledger)} == {310}


def test_a_departure_at_the_horizon_does_not_happen() -> None:
    for horizon_s, second in ((300, -1), (301, 300)):
        b = gate(horizon_s, 300)
        b.push("a", [250], ways=[GATE], run="milk")
        plan, ledger = run(b)
        assert shipped(plan, ledger, "a") == [(250, second, -1)]


def test_a_run_without_departures_keeps_everything() -> None:
    b = PlanBuilder(1_000)
    b.run("never")
    b.push("a", [10], run="never")
    plan, ledger = run(b)
    assert shipped(plan, ledger, "a") == [(10, -1, -1)]


def test_the_load_with_the_least_row_leads_whoever_was_finished_first() -> None:
    """Leg, papers, service and exam are those of a's load, although b's was on the dock before it."""
    b = gate()
    leads = {"transit_ppm": 2_000_000, "before_s": 5, "service_standard_s": 40, "exam_s": 7}
    b.push("a", [90], ways=[GATE], run="milk", draws=leads)
    b.push("b", [30], ways=[GATE], run="milk", draws={"service_standard_s": 900, "exam_s": 900, "is_fast": 1})
    plan, ledger = run(b)
    rows = ledger.passages
    times = np.stack((rows.arrived_s, rows.joined_s, rows.started_s, rows.cleared_s, rows.left_s), axis=1)
    assert times.tolist() == [[120, 125, 125, 165, 172]] * 2
    assert shipped(plan, ledger, "b") == [(30, 100, 212)]
    assert rows.truck.tolist() == [0, 0]


def test_a_fast_leader_takes_all_that_ride_through_the_fast_booth() -> None:
    b = gate(5_000, 100, fast=1)
    b.push("a", [50], ways=[GATE], run="milk", draws={"is_fast": 1})
    b.push("b", [50], ways=[GATE], run="milk")
    _, ledger = run(b)
    assert ledger.passages.used_fast.tolist() == [1, 1]
    assert (ledger.passages.cleared_s - ledger.passages.started_s).tolist() == [30, 30]


@pytest.mark.parametrize(("leader", "rider", "way"), [(398, 399, 1), (399, 398, 0)])
def test_the_leader_chooses_the_way_by_the_waits_posted_at_departure(leader: int, rider: int, way: int) -> None:
    """Trucks of others at 3599 keep the near booth until 3999: posted at 3600, after both loads were finished."""
    b = PlanBuilder(20_000)
    b.crossing("near", background=[(3_599, 100, 0, 9_999)] * 4)
    b.crossing("far")
    b.run("milk", 3_700)
    ways = [Way((50, 50), ("near",)), Way((50, 50), ("far",))]
    for name, divert_s in (("a", leader), ("b", rider)):
        b.push(name, [3_000], ways=ways, run="milk", draws={"divert_s": divert_s})
    _, ledger = run(b)
    assert ledger.loads.route.tolist() == [way, 2 + way]
    assert ledger.passages.started_s.tolist() == [3_750 if way else 3_999] * 2


def test_two_runs_at_one_border_are_two_trucks_in_order_of_their_leaders() -> None:
    b = gate()
    b.run("more", *range(100, 5_000, 100))
    b.push("a", [20], ways=[GATE], run="more")
    b.push("b", [10], ways=[GATE], run="milk")
    b.push("c", [10], ways=[GATE], run="more")
    b.push("d", [10], ways=[GATE], run="milk")
    _, ledger = run(b)
    # a leads a and c, b leads b and d; both join at 110
    assert trucks(ledger) == [(0, 0, 110, 110), (1, 1, 110, 170), (2, 0, 110, 110), (3, 1, 110, 170)]


def test_passages_without_a_queue_and_of_several_borders() -> None:
    b = gate(5_000, 100)
    b.crossing("sea", standard=0, approach_s=3)
    way = Way((10, 20, 30), ("sea", "gate"))
    b.push("a", [20], ways=[way], run="milk")
    b.push("b", [30], ways=[way], run="milk")
    plan, ledger = run(b)
    rows = ledger.passages
    assert rows.position.tolist() == [0, 1, 0, 1]
    assert rows.truck.tolist() == [0, 0, 0, 0]
    assert rows.left_s.tolist() == [113, 193, 113, 193]
    assert shipped(plan, ledger, "b") == [(30, 100, 223)]


def feeding() -> PlanBuilder:
    """Two parts of one vehicle on one run that leaves at 300 and 600; the vehicle needs both."""
    b = PlanBuilder(5_000)
    b.crossing("gate", approach_s=5)
    b.run("milk", 300, 600)
    b.recipe("plant", is_assembly=True)
    b.pair("left", "plant", reorder_units=-1, ways=[GATE], run="milk", draws={"work_s": 100})
    b.pair("right", "plant", reorder_units=-1, ways=[GATE], run="milk", draws={"work_s": 250})
    b.lane("plant..market", "plant")
    b.slot("plant..market", 100)
    return b


def test_riders_go_into_different_stocks_and_start_the_order_that_waits_for_both() -> None:
    _, ledger = run(feeding())
    loads = ledger.loads  # left, the vehicle, right
    # ordered 101, started 102; left is finished at 202 and leaves at 300, right at 352 and leaves at 600
    assert loads.finished_s.tolist() == [202, 705, 352]
    assert loads.shipped_s.tolist() == [300, 705, 600]
    assert loads.received_s.tolist() == [395, 805, 695]
    assert loads.started_s.tolist()[1] == 695
    b = feeding()
    b.run("milk", 600)
    _, ledger = run(b)
    assert ledger.loads.received_s.tolist() == [695, 805, 695]
    assert ledger.loads.started_s.tolist()[1] == 695
    assert ledger.passages.truck.tolist() == [0, 0]


def test_seeds_of_a_run_are_received_without_it() -> None:
    b = feeding()
    b.lanes["left..plant"].seeds = [(1, 0), (1, 40)]
    _, ledger = run(b)
    assert ledger.loads.shipped_s.tolist()[:2] == [-1, -1]
    assert ledger.loads.received_s.tolist()[:2] == [0, 40]


def test_events_of_those_who_ride() -> None:
    b = feeding()
    b.run("milk", 600)
    plan, ledger = run(b)
    events = derive_events(plan, ledger)
    kinds = [EventKind(kind).name for kind in events.kind]
    told = list(zip(events.second.tolist(), kinds, events.lane.tolist(), strict=True))
    right = [i for i in range(len(told)) if told[i][2] == 2]
    assert [told[i] for i in right] == [
        (101, "ORDER", 2),
        (102, "START", 2),
        (352, "FINISH", 2),
        (600, "DEPART", 2),
        (610, "ARRIVE", 2),
        (615, "JOIN", 2),
        (615, "GRANT", 2),
        (675, "CLEAR", 2),
        (675, "LEAVE", 2),
        (695, "RECEIVE", 2),
    ]
    assert events.cause[right].tolist() == [-1, *right[:-1]]
    # loads with a truck of their own have no DEPART, and those on the dock have none yet
    assert Counter(kinds)["DEPART"] == 2
    short = PlanBuilder(600)
    short.__dict__.update(b.__dict__ | {"horizon_s": 600})
    plan, ledger = run(short)
    assert EventKind.DEPART not in derive_events(plan, ledger).kind


def test_the_passport_shows_the_dock() -> None:
    plan, ledger = run(feeding())
    stays = [(x.what, x.place, x.from_s, x.until_s) for x in passport(plan, ledger, "left..plant", 0) if x.step == 0]
    assert stays == [
        ("ordered", "left", 101, 102),
        ("made", "left", 102, 202),
        ("dock", "left", 202, 300),
        ("leg", "left..plant", 300, 310),
        ("crossing", "gate", 310, 375),
        ("leg", "left..plant", 375, 395),
        ("stock", "plant:left", 395, 695),
    ]
    b = feeding()
    b.run("milk", 150)
    plan, ledger = run(b)
    assert [(x.what, x.until_s) for x in passport(plan, ledger, "left..plant", 0)][2:] == [("dock", -1)]


@pytest.mark.parametrize("seed", SEEDS)
def test_without_milk_runs_each_load_is_its_own_truck_and_leaves_when_it_is_finished(seed: int) -> None:
    plan = busy_plan(seed)
    ledger = simulate(plan)
    assert ledger.loads.shipped_s.tolist() == ledger.loads.finished_s.tolist()
    assert ledger.passages.truck.tolist() == ledger.passages.load.tolist()
    assert ledger.digest() == compiled.simulate(plan).digest()


def test_a_run_that_leaves_every_second_with_one_lane_is_like_trucks_of_ones_own() -> None:
    """Nobody rides with anybody: only the events called DEPART are more."""
    for name in ("own", "each"):
        b = gate(5_000, *range(5_000))
        b.push("a", [20, 50, 51, 52, 900], ways=[GATE], run="milk" if name == "each" else "")
        b.push("b", [20, 50, 51, 52, 900], ways=[GATE])
        _, ledger = run(b)
        if name == "own":
            expected = ledger.digest()
    assert ledger.digest() == expected


def test_busy_plans_with_milk_runs_are_busy() -> None:
    seen: Counter[str] = Counter()
    for seed in SEEDS:
        plan = busy_plan(seed, milk=True)
        ledger = simulate(plan)
        check_balances(plan, ledger)
        loads, rows = ledger.loads, ledger.passages
        rides = (plan.lanes.run[loads.lane] >= 0) & (loads.finished_s >= 0)
        gone = rides & (loads.shipped_s >= 0)
        key = plan.lanes.run[loads.lane] * plan.horizon_s + loads.shipped_s
        alone = np.bincount(key[gone], minlength=1)
        seen["rides together"] += int((alone > 1).sum())
        seen["rides alone"] += int((alone == 1).sum())
        seen["left at once"] += int((gone & (loads.shipped_s == loads.finished_s)).sum())
        seen["stayed on the dock"] += int((rides & ~gone).sum())
        seen["shared passages"] += int((rows.truck != rows.load).sum())
        seen["shared waits"] += int(((rows.truck != rows.load) & (rows.started_s > rows.joined_s)).sum())
        seen["diverted together"] += int((gone & (loads.route != plan.lanes.route_first[loads.lane])).sum())
        seen["led by the load finished later"] += int(
            (loads.finished_s[rows.truck] > loads.finished_s[rows.load]).sum()
        )
    assert min(seen.values()) > 5, seen


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_events_within_a_moment_changes_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = busy_plan(seed, milk=True)
    straight = simulate(plan)
    assert simulate(plan, eager=True).digest() == straight.digest()
    monkeypatch.setattr(simpy, "Environment", ShuffledEnvironment)
    for shuffle in range(3):
        ShuffledEnvironment.shuffle = random.Random(shuffle)
        assert simulate(plan).digest() == straight.digest()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn_milk_plans, st.integers(0, 99))
def test_drawn_plans_with_several_runs_in_whatever_order_and_engine(plan: Plan, shuffle: int) -> None:
    ledger = simulate(plan)
    check_balances(plan, ledger)
    difference = first_difference(plan, ledger, compiled.simulate(plan), ("reference", "compiled"))
    assert not difference, difference
    straight, simpy.Environment = simpy.Environment, ShuffledEnvironment
    ShuffledEnvironment.shuffle = random.Random(shuffle)
    try:
        assert simulate(plan, eager=True).digest() == ledger.digest()
    finally:
        simpy.Environment = straight
