"""Re-sourcing in a run: nothing changes before a supplier is qualified, and lanes pass into each other on the day."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from sim.engines import COMPILED, engine_named
from sim.ledger.balance import check_balances
from sim.planning import build
from sim.replication import prepare, run_once
from sim.scenario import load_scenario

WEEK = 604_800
CHANGES = dt.date(2018, 8, 16)  # twelve months after the law is known: the middle of 9 to 15


def scenario(**changed):
    base = load_scenario("nafta_as_it_stood").with_(reforms=("modern_tracing_list", "threshold_75"), replications=1)
    return base.with_(**changed)


def within(**changed):
    """A run that holds the day on which the pickup's chassis gets a second source."""
    return scenario(start=dt.date(2018, 7, 30), run_s=4 * WEEK, firms="resource", **changed)


@pytest.fixture(scope="module")
def prepared():
    return prepare(within())


def plan_of(prepared):
    transition = prepared.resourced.transition
    return build(prepared.scenario, prepared.network, prepared.decisions, prepared.parameters, 0, None, transition)


@pytest.fixture(scope="module")
def played(prepared):
    plan = plan_of(prepared)
    ledger = engine_named(COMPILED)(plan)
    check_balances(plan, ledger)
    return plan, ledger


def test_a_run_that_ends_before_qualification_changes_nothing():
    resourced, plain = prepare(scenario(firms="resource")), prepare(scenario(firms="claim_or_pay"))
    assert resourced.resourced.told
    assert {row["when"] for row in resourced.resourced.told} == {"after the run"}
    assert resourced.network is plain.network
    first, second = run_once(resourced, 0), run_once(plain, 0)
    assert first.plan_digest == second.plan_digest
    assert first.ledger_digest == second.ledger_digest
    assert first.rows == second.rows
    assert first.facts["sourcing"] == [dict(row) for row in resourced.resourced.told]
    assert "sourcing" not in second.facts


def test_new_lanes_carry_nothing_before_the_day_and_old_ones_are_asked_nothing_after(prepared, played):
    plan, ledger = played
    transition = prepared.resourced.transition
    assert set(transition.begins.values()) == {CHANGES} == set(transition.ends.values())
    day_s = (CHANGES - prepared.scenario.clock().begins).days * 86_400
    lanes = {name: row for row, name in enumerate(plan.lanes.ids)}
    loads = ledger.loads
    begun = np.isin(loads.lane, [lanes[name] for name in transition.begins])
    ended = np.isin(loads.lane, [lanes[name] for name in transition.ends])
    assert begun.any()
    assert ended.any()
    received = loads.received_s[begun & (loads.received_s >= 0)]
    assert received.min() >= day_s
    ordered = loads.ordered_s[ended & (loads.ordered_s >= 0)]
    assert 0 < ordered.max() <= day_s + 1  # an order reaches its maker one second later
    after = loads.ordered_s[begun & (loads.ordered_s >= 0)]
    assert after.size
    assert after.min() > day_s


def test_the_new_share_is_what_is_used_afterwards(prepared, played):
    """Of what the line is debited after the day, each new source has its share: by loads ordered, to a load."""
    plan, ledger = played
    after = prepared.resourced.transition.last()
    lanes = after.lanes_into("plant/silao/pickup", "truck_chassis")
    assert {lane.id.split("_for_")[0]: lane.share_pct for lane in lanes} == {
        "supplier/arlington": 67.0,
        "supplier/bajio": 33.0,
    }
    index = {name: row for row, name in enumerate(plan.lanes.ids)}
    assert [plan.lanes.share_ppm[index[lane.id]] for lane in lanes] == [670_000, 330_000]
    assert all(prepared.network.lanes[lane.id].share_pct == 0 for lane in lanes)
    _ = ledger


def test_nothing_else_moves_before_the_day(prepared, played):
    """Loads received before the change are those of a run that ends before it."""
    plan, ledger = played
    short = prepare(within().with_(run_s=2 * WEEK))
    assert not short.resourced.transition.stages
    other = plan_of(short)
    before = engine_named(COMPILED)(other)
    day_s = short.scenario.clock().end_s - 86_400

    def early(plan, ledger):
        loads = ledger.loads
        own = (loads.received_s >= 0) & (loads.received_s < day_s)
        names = [plan.lanes.ids[lane] for lane in loads.lane[own].tolist()]
        return dict(zip(zip(names, loads.n[own].tolist(), strict=True), loads.received_s[own].tolist(), strict=True))

    with_change, without = early(plan, ledger), early(other, before)
    same = sum(with_change.get(key) == second for key, second in without.items())
    assert len(without) > 15_000
    assert same / len(without) > 0.99  # works that more is asked of later are a little quicker from the beginning


def test_the_plan_without_later_changes_is_the_settled_one():
    settled = prepare(within().with_(firms="settled"))
    assert {row["when"] for row in settled.resourced.told} == {"in force"}
    assert not settled.resourced.transition.stages
    run = run_once(settled, 0)
    rows = {(row.measure, row.vehicle, row.item): row.value for row in run.rows}
    assert rows["originating_pct", "plant/alliston/crossover_ice", ""] == 100
    assert rows["line_down_pct", "all", ""] < 1


@pytest.mark.slow
def test_both_engines_play_a_run_with_changes_alike(prepared):
    short = replace(prepared, scenario=prepared.scenario.with_(run_s=3 * WEEK))
    plan = plan_of(short)
    compiled, reference = engine_named(COMPILED)(plan), engine_named("reference")(plan)
    assert compiled.digest() == reference.digest()
