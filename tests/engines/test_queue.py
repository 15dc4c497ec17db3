"""The lazy queue against a brute-force one, and the FAST split by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engines.border import queues as queue
from sim.plan import NEVER
from tests.engines.brute import FOREVER, Gate, Truck, pass_all
from tests.engines.crossing import Crossing
from tests.engines.plans import HOUR, PlanBuilder

STEP = 300
HOURS = 6


def crossing_of(gate: Gate, background: list[Truck], posting_s: int = HOUR) -> Crossing:
    b = PlanBuilder(len(gate.open_standard) * HOUR, hours=len(gate.open_standard))
    b.posting_s = posting_s
    b.crossing(
        "gate",
        standard=gate.standard,
        fast=gate.fast,
        open_standard=gate.open_standard,
        open_fast=gate.open_fast,
        service_ppm=gate.service_ppm,
        split_trucks=gate.split,
        background=[(x.joined, x.standard_s, int(x.is_fast), x.patience_s) for x in background],
    )
    return Crossing(b.build(), 0)


steps = st.integers(0, HOURS * HOUR // STEP - 1).map(lambda i: i * STEP)
services = st.integers(1, 4).map(lambda i: i * 2 * STEP)


@st.composite
def gates(draw: st.DrawFn) -> Gate:
    standard, fast = draw(st.integers(1, 3)), draw(st.integers(0, 2))
    hourly = st.lists(st.integers(0, 3), min_size=HOURS, max_size=HOURS)
    ppm = st.lists(st.sampled_from([500_000, 1_000_000, 1_500_000]), min_size=HOURS, max_size=HOURS)
    return Gate(standard, fast, draw(hourly), draw(hourly), draw(ppm), draw(st.integers(0, 3)))


@st.composite
def traffic(draw: st.DrawFn) -> tuple[list[Truck], list[Truck]]:
    others = draw(
        st.lists(
            st.builds(
                lambda t, f, s, p: Truck(t, f, s, s, p),
                steps,
                st.booleans(),
                services,
                st.sampled_from([0, STEP, 4 * STEP, 12 * STEP, 10**8]),
            ),
            max_size=10,
        )
    )
    ours = draw(st.lists(st.builds(Truck, steps, st.booleans(), services, services), max_size=6))
    return sorted(others, key=lambda x: x.joined), sorted(ours, key=lambda x: x.joined)


@settings(max_examples=150, deadline=None)
@given(gates(), traffic())
def test_lazy_merge_equals_brute_force(gate: Gate, trucks: tuple[list[Truck], list[Truck]]) -> None:
    others, ours = trucks
    merged = sorted([(x.joined, 0, i) for i, x in enumerate(ours)] + [(x.joined, 1, i) for i, x in enumerate(others)])
    passed = pass_all(gate, [(ours if kind == 0 else others)[i] for _, kind, i in merged], STEP)
    crossing = crossing_of(gate, others)
    totals = [[0] * HOURS for _ in range(3)]
    for (t, kind, i), truck in zip(merged, passed, strict=True):
        if kind == 0:
            x = ours[i]
            found = crossing.serve(t, int(x.is_fast), x.standard_s, x.fast_s)
            assert truck is not None
            assert found == (
                truck.started,
                truck.cleared,
                int(truck.way == "fast" and truck.started < FOREVER),
            )
        elif truck is None:
            totals[queue.GAVE_UP][t // HOUR] += 1
        else:
            totals[queue.PASSED][t // HOUR] += 1
            totals[queue.WAITED][t // HOUR] += truck.started - t
    crossing.close(HOURS * HOUR)
    assert crossing.totals[:3].tolist() == totals


@settings(max_examples=80, deadline=None)
@given(gates(), traffic(), st.sampled_from([300, 600, 2_700]), steps)
def test_posted_wait_is_that_of_a_truck_joining_at_the_posting(
    gate: Gate, trucks: tuple[list[Truck], list[Truck]], posting_s: int, asked: int
) -> None:
    others, _ = trucks
    posting = asked // posting_s * posting_s
    for is_fast in (False, True):
        probe = Truck(posting, is_fast, STEP, STEP)
        last = pass_all(gate, [*(x for x in others if x.joined < posting), probe], STEP)[-1]
        assert last is not None
        wait = queue.CLOSED_WAIT_S if last.started == FOREVER else last.started - posting
        assert crossing_of(gate, others, posting_s).posted_wait(asked, int(is_fast)) == wait


@settings(max_examples=40, deadline=None)
@given(gates(), traffic(), st.sets(steps))
def test_asking_changes_nothing(gate: Gate, trucks: tuple[list[Truck], list[Truck]], asked: set[int]) -> None:
    others, ours = trucks
    results: list[list[Any]] = []
    for questions in (set(), asked):
        crossing = crossing_of(gate, others, 600)
        found: list[Any] = []
        for t in sorted(questions | {x.joined for x in ours}):
            if t in questions:
                crossing.posted_wait(t, 0)
            found += [crossing.serve(t, int(x.is_fast), x.standard_s, x.fast_s) for x in ours if x.joined == t]
        crossing.close(HOURS * HOUR)
        results.append([*found, crossing.totals.tolist()])
    assert results[0] == results[1]


def fast_gate(split: int, open_fast: int = 1) -> Gate:
    return Gate(1, 1, [1] * 3, [open_fast] * 3, [1_000_000] * 3, split)


@pytest.mark.parametrize(("split", "start"), [(9, 10), (4, 10), (3, 10), (2, 100), (1, 200), (0, 300)])
def test_fast_trucks_are_held_behind_a_standard_queue_longer_than_the_split(split: int, start: int) -> None:
    """Four standard trucks of 100 s join at 0 and start at 0, 100, 200 and 300; a FAST truck joins at 10.

    Three of the four wait then, so a split of three or more lets it through at once.
    """
    crossing = crossing_of(fast_gate(split), [])
    assert [crossing.serve(0, 0, 100, 1)[0] for _ in range(4)] == [0, 100, 200, 300]
    assert crossing.serve(10, 1, 100, 40) == (start, start + 40, 1)


def test_fast_trucks_use_standard_booths_when_theirs_are_closed() -> None:
    crossing = crossing_of(fast_gate(0, open_fast=0), [])
    assert crossing.serve(0, 1, 100, 40) == (0, 100, 0)
    assert crossing.serve(1, 1, 70, 40) == (100, 170, 0)


def test_standard_trucks_never_use_fast_booths() -> None:
    crossing = crossing_of(fast_gate(5), [])
    assert [crossing.serve(0, 0, 100, 40) for _ in range(2)] == [(0, 100, 0), (100, 200, 0)]
    assert crossing.serve(0, 1, 100, 40) == (0, 40, 1)


def test_own_loads_go_before_background_of_the_same_second() -> None:
    gate = Gate(1, 0, [1], [0], [1_000_000], 0)
    crossing = crossing_of(gate, [Truck(49, False, 100, 100, 10**6), Truck(50, False, 100, 100, 10**6)])
    assert crossing.serve(50, 0, 60, 60) == (149, 209, 0)
    crossing.close(HOUR)
    assert crossing.totals[queue.WAITED].tolist() == [209 - 50]


def test_patience_is_exceeded_not_met() -> None:
    gate = Gate(1, 0, [1], [0], [1_000_000], 0)
    trucks = [Truck(0, False, 100, 100, 0), Truck(40, False, 100, 100, 60), Truck(41, False, 100, 100, 158)]
    crossing = crossing_of(gate, trucks)
    crossing.close(HOUR)
    assert crossing.totals[:3].tolist() == [[2], [1], [60]]


def test_closed_for_ever() -> None:
    crossing = crossing_of(Gate(1, 1, [1, 0], [1, 0], [1_000_000] * 2, 0), [])
    assert crossing.serve(HOUR, 0, 60, 60) == (NEVER, NEVER, 0)
    assert crossing.serve(HOUR, 1, 60, 60) == (NEVER, NEVER, 0)
    assert crossing.posted_wait(HOUR, 0) == queue.CLOSED_WAIT_S
