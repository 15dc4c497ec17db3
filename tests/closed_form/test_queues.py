"""Crossings against queueing theory: M/M/1 and M/M/c mean waits, and Little's law on every path."""

from __future__ import annotations

import dataclasses
from math import factorial, sqrt

import numpy as np
import pytest
from scipy import stats

from sim.engines.reference import simulate
from sim.ledger.events import EventKind, derive_events
from sim.plan import Background, Plan
from tests.engines.busy import busy_plan
from tests.engines.crossing import Crossing
from tests.engines.plans import PlanBuilder, Way

SERVICE_S = 800.0  # so long that rounding to whole seconds is negligible
TRUCKS = 400_000
BATCHES = 40


def crossing_plan(booths: int, load: float, seed: int) -> Plan:
    """Poisson arrivals and exponential service; a utilisation of `load` per booth."""
    draw = np.random.default_rng(seed)
    gaps = draw.exponential(SERVICE_S / (booths * load), TRUCKS)
    arrive = np.floor(np.cumsum(gaps)).astype(np.int32)
    service = np.maximum(1, np.rint(draw.exponential(SERVICE_S, TRUCKS))).astype(np.int32)
    builder = PlanBuilder(int(arrive[-1]) + 1, hours=int(arrive[-1]) // 3_600 + 10_000)
    builder.crossing("gate", standard=booths)
    background = Background(
        first=np.array([0, TRUCKS]),
        arrive_s=arrive,
        service_s=service.astype(np.int16),
        is_fast=np.zeros(TRUCKS, dtype=np.int8),
        patience_s=np.full(TRUCKS, 2**31 - 1, dtype=np.int32),
        substitute=np.full(TRUCKS, -1, dtype=np.int8),
        lot_bp=np.zeros(TRUCKS, dtype=np.int16),
        inspection_s=np.zeros(TRUCKS, dtype=np.int16),
    )
    return dataclasses.replace(builder.build(), background=background)


def erlang_wait_s(booths: int, load: float) -> float:
    """Mean wait in queue of M/M/c (Erlang C), with a = c x load the offered traffic."""
    a = booths * load
    waiting = a**booths / factorial(booths) / (1 - load)
    chance = waiting / (sum(a**k / factorial(k) for k in range(booths)) + waiting)
    return chance * SERVICE_S / (booths * (1 - load))


def test_erlang_formula_on_known_values() -> None:
    assert erlang_wait_s(1, 0.8) == pytest.approx(SERVICE_S * 0.8 / 0.2)
    assert erlang_wait_s(2, 0.5) == pytest.approx(SERVICE_S / 3)  # C(2, 1) = 1/3


@pytest.mark.parametrize(("booths", "load", "seed"), [(1, 0.7, 1), (1, 0.8, 2), (3, 0.8, 3), (8, 0.9, 4)])
def test_poisson_crossing_meets_erlang(booths: int, load: float, seed: int) -> None:
    """The mean over batches lies within its 99.9 % interval, and that interval is narrow enough to mean something."""
    plan = crossing_plan(booths, load, seed)
    crossing = Crossing(plan, 0)
    crossing.close(plan.horizon_s)
    passed, gave_up, waited = crossing.totals[:3]
    assert int(passed.sum()) == TRUCKS
    assert int(gave_up.sum()) == 0
    edges = np.linspace(0, passed.size, BATCHES + 1).astype(int)[:-1]
    means = np.add.reduceat(waited, edges) / np.add.reduceat(passed, edges)
    half_width = stats.t.ppf(0.9995, BATCHES - 1) * means.std(ddof=1) / sqrt(BATCHES)
    expected = erlang_wait_s(booths, load)
    assert half_width < 0.15 * expected
    assert abs(means.mean() - expected) < half_width


def test_loads_wait_as_background_does() -> None:
    """The same trucks as loads of ours and as background: the same total wait, to the second."""
    draw = np.random.default_rng(5)
    arrive = np.unique(np.cumsum(draw.integers(1, 250, 300)) + 10).tolist()
    service = draw.integers(1, 400, len(arrive)).tolist()
    ours = PlanBuilder(500_000)
    ours.crossing("gate", standard=2)
    draws = {"service_standard_s": lambda n, _: service[n]}
    ours.push("x", [t - 1 for t in arrive], ways=[Way((1, 1), ("gate",))], draws=draws)
    theirs = PlanBuilder(500_000)
    trucks = [(t, s, 0, 10**9) for t, s in zip(arrive, service, strict=True)]
    theirs.crossing("gate", standard=2, background=trucks)
    rows = simulate(ours.build()).passages
    assert rows.joined_s.tolist() == arrive
    waits = rows.started_s - rows.joined_s
    assert waits.max() > 0
    assert int(waits.sum()) == int(simulate(theirs.build()).hours.wait_s.sum())


@pytest.mark.parametrize("seed", range(6))
def test_littles_law_holds_exactly_on_the_path(seed: int) -> None:
    """Time x number in queue, added up event by event, is the sum of all waits (L = lambda W over the run)."""
    plan = busy_plan(seed)
    ledger = simulate(plan)
    events = derive_events(plan, ledger)
    assert events.second.size
    for crossing in range(len(plan.crossings.ids)):
        here = events.place == crossing
        joins = here & (events.kind == EventKind.JOIN)
        change = joins.astype(int) - (here & (events.kind == EventKind.GRANT)).astype(int)
        in_queue = np.cumsum(change)
        assert in_queue.min() >= 0
        area = int((in_queue * np.diff(events.second, append=plan.horizon_s)).sum())
        rows = ledger.passages
        mine = (rows.crossing == crossing) & (rows.joined_s >= 0)
        mine &= plan.crossings.booths_standard[rows.crossing] > 0
        until = np.where(rows.started_s < 0, plan.horizon_s, rows.started_s)
        assert area == int((until - rows.joined_s)[mine].sum())
