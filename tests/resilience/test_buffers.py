"""Buffers: deficits counted by hand, cost to the cent, and vehicles that are really saved."""

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.planning.demand import roll_down
from sim.planning.replenishment import plan_lanes
from sim.resilience import Buffer, Calm, Holding, find_buffers
from sim.resilience.buffers import shortfall, with_buffers
from tests.resilience.conftest import SHUT

CAR = "plant/michigan/car"


def run(receipts, issues):
    """A run with one stock: seconds and units of what came and of what was taken."""
    came, taken = np.array(receipts).reshape(-1, 2), np.array(issues).reshape(-1, 2)
    loads = SimpleNamespace(
        lane=np.array([0] * len(came) + [1] * len(taken)),
        received_s=np.concatenate([came[:, 0], np.full(len(taken), -1)]),
        started_s=np.concatenate([np.full(len(came), -1), taken[:, 0]]),
        units=np.concatenate([came[:, 1], taken[:, 1]]),
    )
    uses = SimpleNamespace(
        stock=np.zeros(len(taken), dtype=int),
        consumer=len(came) + np.arange(len(taken)),
        units=taken[:, 1],
    )
    plan = SimpleNamespace(lanes=SimpleNamespace(stock=np.array([0, -1])))
    return SimpleNamespace(ledger=SimpleNamespace(loads=loads, uses=uses), plan=plan)


def test_a_shortfall_is_the_deepest_point_of_what_came_less_what_was_needed():
    calm = run([(0, 50)], [(10, 20), (20, 20), (30, 20), (40, 20)])
    upset = run([(0, 50), (35, 30), (99, 100)], [])
    # 30, 10, -10, then 20 after the load of second 35, 0
    assert shortfall(calm, upset, 0, 5, 45) == 10
    assert shortfall(calm, upset, 0, 5, 25) == 0
    assert shortfall(calm, upset, 0, 35, 45) == 0


def test_what_comes_in_a_second_can_be_used_in_it():
    calm, upset = run([], [(10, 20)]), run([(10, 20)], [])
    assert shortfall(calm, upset, 0, 0, 20) == 0


def test_buffers_keep_the_line_going_and_cost_what_they_hold(prepared):
    since = Calm.of(prepared, 0).clock.second(SHUT)
    found = find_buffers(prepared, since, 1, (24, 48, 120))
    assert [x.line for x in found] == [CAR]
    best = found[0]
    assert best.lost_before > 0
    assert best.saved > 0
    (held,) = best.holdings
    assert held.part == "bracket"
    # a bracket: 10 labour, 5 overhead, 20 material and two steels of 35 each
    assert held.value_usd == pytest.approx(held.units * 105)
    assert best.cost_usd_year == pytest.approx(held.units * 105 * 0.15)
    assert best.usd_per_vehicle_saved == pytest.approx(best.cost_usd_year / best.saved)
    # a thousand cars in sixteen working hours, one bracket each
    assert held.hours == pytest.approx(held.units / 62.5)


def test_the_longest_buffer_outlasts_the_closure(prepared):
    since = Calm.of(prepared, 0).clock.second(SHUT)
    (best,) = find_buffers(prepared, since, 1, (120,))
    assert best.lost_after == 0


def test_buffers_are_written_as_hours_of_cover(prepared):
    tiny = prepared.network
    network = with_buffers(prepared, {(CAR, "bracket"): 625.0})
    (item,) = network.recipes[CAR].inputs
    assert item.cover_h == pytest.approx(24.0 + 10.0)
    assert network.recipes["supplier/ontario/bracket"] is tiny.recipes["supplier/ontario/bracket"]
    assert network.digest != tiny.digest


def asking(prepared, **changes):
    asked = replace(prepared.scenario, **changes)
    return replace(prepared, scenario=asked, parameters=asked.values())


@pytest.mark.parametrize(
    ("changes", "hours"),
    [
        ({"parameters": {"cover_just_in_time_pct": "50 %"}}, 20.0),  # of which the plan takes half
        ({"demand": {CAR: 500}}, 20.0),  # used half as fast
    ],
)
def test_a_buffer_is_the_same_units_whatever_the_scenario_scales(prepared, changes, hours):
    asked = asking(prepared, **changes)
    network = with_buffers(asked, {(CAR, "bracket"): 625.0})
    (item,) = network.recipes[CAR].inputs
    assert item.cover_h == pytest.approx(24.0 + hours)
    plans = [
        plan_lanes(x, roll_down(x, asked.scenario.demand), asked.parameters)[f"supplier/ontario/bracket..{CAR}"]
        for x in (asked.network, network)
    ]
    assert plans[1].reorder_units - plans[0].reorder_units == pytest.approx(625, abs=1)


def test_no_buffer_can_be_held_of_parts_without_cover(prepared):
    with pytest.raises(ScenarioError) as none:
        with_buffers(asking(prepared, parameters={"cover_just_in_time_pct": "0 %"}), {(CAR, "bracket"): 625.0})
    assert str(none.value) == (
        "tiny: parameters.cover_just_in_time_pct is 0 %: no stock of such parts can be held. Raise it."
    )


def test_a_buffer_that_saves_nothing_has_no_price_for_a_vehicle():
    assert Buffer(CAR, 8, (Holding("bracket", 1.0, 1.0, 1.0),), 10.0, 20.0, 20.0).usd_per_vehicle_saved == math.inf


def test_beside_the_cheapest_stands_what_saves_most(prepared):
    since = Calm.of(prepared, 0).clock.second(SHUT)
    ladder = (24, 48, 72, 96)
    rungs = [find_buffers(prepared, since, 1, (hours,))[0] for hours in ladder]
    (found,) = find_buffers(prepared, since, 1, ladder)
    assert found.usd_per_vehicle_saved == min(x.usd_per_vehicle_saved for x in rungs)
    fewest = min(x.lost_after for x in rungs)
    assert fewest < found.lost_after
    assert found.fullest == min((x for x in rungs if x.lost_after == fewest), key=lambda x: x.cost_usd_year)
