"""Do 95 % intervals cover? A thousand repetitions of queues on the engine whose answer is known exactly."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.bench.queues import SERVICE_S, queue_plan
from sim.engines.compiled import simulate
from sim.study.compare import mean_interval, paired

REPETITIONS = 1000
REPLICATIONS = 5  # of each interval
CUSTOMERS, SETTLED = 1000, 200  # of a replication, and how many of them pass before any is counted
USUAL, QUIET = 0.5, 0.45  # utilisations: the baseline, and what it is compared with
LEAST, MOST = 930, 970  # of a thousand that must cover

Floats = NDArray[np.float64]


def expected_wait_s(utilisation: float) -> float:
    """Mean wait of a queue in whole seconds (Pollaczek and Khinchine), exact for how the plan rounds.

    Arrivals in a second are Poisson with mean r, services whole: at least one second, else an exponential to the
    nearest second. Work at the start of a second is V' = max(0, V + B - 1) with B the work that comes in it, hence
    E V = E B(B - 1) / (2 (1 - rho)); a customer also waits for the r/2 others of its second that go first. With
    E B^2 = r E S^2 + rho^2 both together are r E S^2 / (2 (1 - rho)).
    """
    rate = utilisation / SERVICE_S
    k = np.arange(2, round(60 * SERVICE_S))
    beyond = np.exp(-(k - 0.5) / SERVICE_S)  # P(S >= k)
    mean = 1 + float(beyond.sum())
    square = 1 + float(((2 * k - 1) * beyond).sum())
    return rate * square / (2 * (1 - rate * mean))


def test_the_expectation_is_that_of_a_continuous_queue_but_for_rounding() -> None:
    assert expected_wait_s(USUAL) == pytest.approx(SERVICE_S * USUAL / (1 - USUAL), rel=1e-3)


def mean_wait_s(utilisation: float, seed: int) -> float:
    """Mean wait of the customers after the first ones, on the engine; a seed has the same luck at any utilisation."""
    passages = simulate(queue_plan(CUSTOMERS, 1, utilisation, as_loads=True, seed=seed)).passages
    assert passages.load.size == CUSTOMERS
    order = np.argsort(passages.load)  # loads are numbered as they come
    return float((passages.started_s - passages.joined_s)[order][SETTLED:].mean())


def covered(rows: list[tuple[float | None, float | None]], truth: float) -> int:
    return sum(abs((mean or 0.0) - truth) <= (half or 0.0) for mean, half in rows)


def test_intervals_of_normal_figures_cover() -> None:
    draw = np.random.default_rng(11)
    values = 40 + 3 * draw.standard_normal((REPETITIONS, REPLICATIONS))
    changed = values * 1.1 + draw.standard_normal((REPETITIONS, REPLICATIONS))
    rows = [paired("x", after, before) for after, before in zip(changed, values, strict=True)]
    assert LEAST <= covered([mean_interval(row) for row in values], 40.0) <= MOST
    assert LEAST <= covered([(row.difference, row.half_width_95) for row in rows], 4.0) <= MOST


@pytest.mark.slow
def test_intervals_of_a_queue_on_the_engine_cover_what_theory_says() -> None:
    seeds = range(REPETITIONS * REPLICATIONS)
    usual, quiet = (
        np.array([mean_wait_s(utilisation, seed) for seed in seeds]).reshape(REPETITIONS, REPLICATIONS)
        for utilisation in (USUAL, QUIET)
    )
    truth = expected_wait_s(USUAL)
    change = expected_wait_s(QUIET) - truth
    rows = [paired("quiet", after, before) for after, before in zip(quiet, usual, strict=True)]
    levels = covered([mean_interval(row) for row in usual], truth)
    changes = covered([(row.difference, row.half_width_95) for row in rows], change)
    narrower = np.median([(row.unpaired_half_width_95 or 0.0) / (row.half_width_95 or math.inf) for row in rows])
    # As run: 940 and 936 of a thousand cover, paired intervals are 4.3 times narrower.
    assert LEAST <= levels <= MOST
    assert LEAST <= changes <= MOST
    assert narrower > 2
