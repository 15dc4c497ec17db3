"""Measures of the lines besides the booths, on crossings whose waits can be worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engines.reference import simulate
from sim.ledger.yards import at_border_s, outside_s, passage_draws
from sim.measures.lines import line_wait, yard_outside
from tests.engines.plans import PlanBuilder, Way


def context(places: int) -> Any:
    """Four trailers ready at 111 that one tractor fetches, away for 600 s, and two checked at once by one module."""
    b = PlanBuilder(20_000)
    b.crossing("gate", tractors=1, round_trip_s=600, approach_s=30)
    b.crossing("check", standard=4, modules=1, check_s=45)
    b.push("x", [100] * 4, ways=[Way((1, 1), ("gate",))], draws={"yard_s": 10, "beyond_s": 700})
    b.push("y", [100] * 2, ways=[Way((1, 1), ("check",))])
    plan = b.build()
    yard = SimpleNamespace(yard_places=places)
    return SimpleNamespace(
        plan=plan,
        ledger=simulate(plan),
        network=SimpleNamespace(crossings={"gate": yard, "check": SimpleNamespace(yard_places=5)}),
        in_window=lambda second: second >= 0,
    )


def test_waits_by_crossing_and_line() -> None:
    found = {name: value for _, name, value in line_wait(context(0))}
    assert found == {
        "gate|tractor|mean": pytest.approx((0 + 600 + 1_200 + 1_800) / 4 / 60),
        "gate|tractor|p95": pytest.approx((1_200 + 0.85 * 600) / 60),
        "check|export check|mean": pytest.approx(45 / 2 / 60),
        "check|export check|p95": pytest.approx(0.95 * 45 / 60),
    }


def test_trailers_outside_a_yard_of_two() -> None:
    """All arrive at 101; the third enters when the first is fetched at 111, the fourth when the second is at 711."""
    assert list(yard_outside(context(0))) == []
    assert list(yard_outside(context(2))) == [("all", "gate", pytest.approx((10 + 610) / 3_600))]


def test_a_truck_is_there_from_its_tractor_to_the_yard_beyond() -> None:
    made = context(0)
    begins, ends = at_border_s(made.plan, made.ledger)
    rows = made.ledger.passages
    gate = rows.crossing == made.plan.crossings.ids.index("gate")
    assert begins[gate].tolist() == [111, 711, 1_311, 1_911]
    assert (ends[gate] == rows.cleared_s[gate]).all()
    assert begins[~gate].tolist() == rows.arrived_s[~gate].tolist()
    assert (made.plan.loads.yard_s[passage_draws(made.plan, made.ledger)] == 10 * gate).all()


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 99)), max_size=30), st.integers(0, 4))
def test_outside_against_a_walk_through_the_seconds(trailers: list[tuple[int, int]], places: int) -> None:
    """Trailers first-in first-out; at every second those that have left make room for those that wait."""
    arrived = sorted(a for a, _ in trailers)
    left: list[int] = []
    for a, (_, stay) in zip(arrived, trailers, strict=True):
        left.append(max([a + stay, *left[-1:]]))
    expected = [0] * len(arrived)
    for second in range(400):
        present = [i for i, (a, gone) in enumerate(zip(arrived, left, strict=True)) if a <= second < gone]
        for i in present[places:] if places else []:
            expected[i] += 1
    found = outside_s(np.array(arrived, dtype=np.int64), np.array(left, dtype=np.int64), places)
    assert found.tolist() == expected
