"""The least-cost choice of patterns: by hand, against brute force, and where there is no answer."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.sourcing.problem import Limit, Problem, SourcingError, solve


def problem_of(costs, limits=(), ways=()):
    """Groups of costs, and limits as (values by group, least)."""
    first = np.cumsum([0, *(len(own) for own in costs)])

    def limit(number, given):
        values, least = given
        return Limit(f"limit {number}", np.concatenate([np.array(v, dtype=float) for v in values]), least)

    return Problem(
        groups=tuple(f"family {g}" for g in range(len(costs))),
        first=first.astype(np.int64),
        cost=np.concatenate([np.array(own, dtype=float) for own in costs]),
        limits=tuple(limit(n, given) for n, given in enumerate(limits)),
        ways=tuple(tuple(limit(n, given) for n, given in enumerate(way)) for way in ways),
    )


def brute(problem):
    """Least cost over every plan, None where no plan meets the limits."""

    def holds(limits, plan):
        return all(limit.values[plan].sum() >= limit.least - 1e-9 * max(1, abs(limit.least)) for limit in limits)

    best = None
    choices = [range(a, b) for a, b in itertools.pairwise(problem.first.tolist())]
    for plan in map(list, itertools.product(*choices)):
        allowed = not problem.ways or any(holds(way, plan) for way in problem.ways)
        if allowed and holds(problem.limits, plan):
            cost = problem.cost[plan].sum()
            best = cost if best is None else min(best, cost)
    return best


def test_two_families_by_hand():
    # Content: 60 of 100 asked. A: 30 at 10, 50 at 14; B: 10 at 10, 30 at 13. Cheapest mix that reaches 60 is 50 + 10.
    problem = problem_of([[10, 14], [10, 13]], [([[30, 50], [10, 30]], 60)])
    found = solve(problem)
    assert found.chosen.tolist() == [0, 3]  # 30 + 30 for 23, against 50 + 10 for 24
    assert found.cost == 23


def test_without_limits_each_family_takes_its_cheapest_pattern():
    assert solve(problem_of([[3, 1, 2], [5], [9, 8]])).chosen.tolist() == [1, 3, 5]


def test_one_of_several_ways_suffices():
    # Way 0 asks 10 of family 0 (cost 5), way 1 asks 10 of family 1 (cost 3).
    ways = [[([[0, 10], [0, 0]], 10)], [([[0, 0], [0, 10]], 10)]]
    found = solve(problem_of([[0, 5], [0, 3]], (), ways))
    assert found.chosen.tolist() == [0, 3]
    assert found.cost == 3


numbers = st.integers(-20, 20)


@st.composite
def problems(draw):
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=5))
    costs = [draw(st.lists(st.integers(0, 60), min_size=n, max_size=n)) for n in sizes]

    def limit():
        values = [draw(st.lists(numbers, min_size=n, max_size=n)) for n in sizes]
        return values, draw(st.integers(-30, 40))

    limits = [limit() for _ in range(draw(st.integers(0, 3)))]
    ways = [[limit() for _ in range(draw(st.integers(1, 2)))] for _ in range(draw(st.integers(0, 3)))]
    return problem_of(costs, limits, ways)


@settings(max_examples=400, deadline=None)
@given(problems())
def test_the_optimiser_equals_brute_force(problem):
    wanted = brute(problem)
    if wanted is None:
        with pytest.raises(SourcingError):
            solve(problem)
        return
    found = solve(problem)
    assert found.cost == pytest.approx(wanted, abs=1e-6)
    assert found.cost == problem.cost[found.chosen].sum()
    for limit in problem.limits:
        assert limit.values[found.chosen].sum() >= limit.least - 1e-6


def test_a_limit_out_of_reach_says_how_far_one_can_go():
    with pytest.raises(SourcingError) as caught:
        solve(problem_of([[1, 2], [1]], [([[30, 50], [10]], 75)]))
    assert caught.value.text() == "sourcing: limit 0: no plan reaches 75.00; the most is 60.00."


def test_limits_that_cannot_hold_together_are_told():
    with pytest.raises(SourcingError) as caught:
        solve(problem_of([[1, 1]], [([[1, 0]], 1), ([[0, 1]], 1)]))
    assert caught.value.text() == "sourcing: no plan meets all limits together: limit 0, limit 1."


def test_what_cannot_be_asked_is_refused_with_all_its_problems():
    bad = Problem(
        ("engine", "seats"),
        np.array([0, 2, 2]),
        np.array([1.0, -np.inf]),
        (Limit("content", np.array([np.nan, 1.0]), 0.0),),
    )
    with pytest.raises(SourcingError) as caught:
        solve(bad)
    assert caught.value.text() == (
        "sourcing: 3 problems\n"
        "  'seats' has no pattern to choose.\n"
        "  a cost is not a finite number: the least cost would have no bound.\n"
        "  content: a value is not a finite number."
    )


def test_an_over_large_problem_is_refused():
    count = 200_001
    with pytest.raises(SourcingError) as caught:
        solve(Problem(("all",), np.array([0, count]), np.zeros(count)))
    assert caught.value.text() == "sourcing: 200001 patterns are too many; at most 200000 are solved."
