"""Draws depend on their own stream only: more rows, other papers or another supplier move none of them."""

from dataclasses import fields, replace
from types import MappingProxyType

import numpy as np
import pytest

from sim.parameters import load_parameters
from sim.plan import Loads
from sim.planning.draws import TOGETHER, columns_of, draw_loads
from sim.planning.lognormal import lognormal
from sim.streams import Streams

BRACKETS = "supplier/ontario/bracket..plant/michigan/car"


def drawn(network, rows, regime="calm", seed=1):
    parameters = load_parameters()
    lane = network.lanes[BRACKETS]
    wanted = columns_of(network, lane, rows, lambda *_: parameters.regimes[regime])
    return draw_loads([wanted], parameters, Streams(seed, 0))


def test_more_rows_change_no_earlier_row(tiny):
    few, many = drawn(tiny, 50), drawn(tiny, 80)
    for name in ("work_s", "divert_s"):
        assert np.array_equal(getattr(few, name), getattr(many, name)[:50])
    assert np.array_equal(few.transit_ppm, many.transit_ppm[: 2 * 50])
    for name in ("before_s", "is_fast", "service_standard_s", "scan_s", "exam_s", "hold_s", "inspection_s"):
        assert np.array_equal(getattr(few, name), getattr(many, name)[:50])


def test_harder_papers_only_add_holds(tiny):
    calm, hard = drawn(tiny, 4_000, "calm"), drawn(tiny, 4_000, "hard")
    assert np.array_equal(calm.work_s, hard.work_s)
    assert np.array_equal(calm.scan_s, hard.scan_s)
    held_calm, held_hard = calm.hold_s > 0, hard.hold_s > 0
    assert held_hard.sum() > held_calm.sum() > 0
    assert held_hard[held_calm].all()


def test_another_seed_draws_otherwise(tiny):
    assert not np.array_equal(drawn(tiny, 50, seed=1).work_s, drawn(tiny, 50, seed=2).work_s)


def test_hold_shares_meet_their_probability(tiny):
    loads = drawn(tiny, 40_000, "hard")
    expected = load_parameters().regimes["hard"].p_hold
    spread = (expected * (1 - expected) / 40_000) ** 0.5
    assert (loads.hold_s > 0).mean() == pytest.approx(expected, abs=4 * spread)


def test_lognormal_has_the_mean_and_spread_asked_for():
    values = lognormal(np.random.default_rng(1).standard_normal(400_000), 110.0, 0.6)
    assert values.mean() == pytest.approx(110.0, rel=0.005)
    assert values.std() / values.mean() == pytest.approx(0.6, rel=0.02)


def test_an_overtime_free_lane_keeps_its_takt(tiny):
    parameters = load_parameters()
    lane = tiny.lanes["plant/michigan/car..market/us"]
    wanted = columns_of(tiny, lane, 5, lambda *_: parameters.regimes["calm"])
    assert draw_loads([wanted], parameters, Streams(1, 0)).work_s.tolist() == [576] * 5


def test_a_new_route_leaves_the_old_ones_draws(tiny):
    (usual,) = tiny.routes["supplier/ontario", "plant/michigan", "truck"]
    other = replace(usual, alternative=1)
    routes = dict(tiny.routes) | {("supplier/ontario", "plant/michigan", "truck"): (usual, other)}
    wider = replace(tiny, routes=MappingProxyType(routes))
    before, after = drawn(tiny, 20), drawn(wider, 20)
    assert np.array_equal(before.transit_ppm.reshape(20, 2), after.transit_ppm.reshape(20, 4)[:, :2])
    assert np.array_equal(before.scan_s, after.scan_s.reshape(20, 2)[:, 0])


def test_shared_draws_are_those_drawn_alone(tiny):
    """A second scenario takes what it can from the first, in any order and beside lanes of its own."""
    parameters, memo = load_parameters(), {}

    def wanted(regime, rows):
        return [columns_of(tiny, lane, rows, lambda *_: parameters.regimes[regime]) for lane in tiny.lanes.values()]

    first = draw_loads(wanted("calm", 9), parameters, Streams(1, 0), memo)
    again = draw_loads(wanted("calm", 9), parameters, Streams(1, 0), memo)
    assert again.work_s is first.work_s
    mixed = [wanted("hard", 9)[2], wanted("calm", 5)[1], wanted("calm", 9)[0]]
    shared, alone = (draw_loads(mixed, parameters, Streams(1, 0), kept) for kept in (memo, None))
    for item in fields(Loads):
        assert np.array_equal(getattr(shared, item.name), getattr(alone, item.name)), item.name


def test_lanes_reckoned_together_draw_as_alone(tiny):
    """More loads than are reckoned at once: each lane's rows are those of a plan that has no other lane."""
    parameters = load_parameters()
    wanted = [
        columns_of(tiny, lane, TOGETHER // 2 + 7 * number, lambda *_: parameters.regimes["hard"])
        for number, lane in enumerate(tiny.lanes.values())
    ]
    together = draw_loads(wanted, parameters, Streams(3, 1))
    alone = [draw_loads([lane], parameters, Streams(3, 1)) for lane in wanted]
    for item in fields(Loads):
        if not item.name.endswith("_first"):
            joined = np.concatenate([getattr(one, item.name) for one in alone])
            assert np.array_equal(getattr(together, item.name), joined), item.name
