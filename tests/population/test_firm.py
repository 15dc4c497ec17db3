"""One maker: the paper's closed forms, costs found again by minimising them, and what must always hold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import norm

from sim.population.charges import charge_index, charge_pair
from sim.population.firm import (
    binding_delta,
    cost_share,
    log_relative_cost,
    never_leaving_delta,
    outside_cost,
    outside_delta,
    parts_cost,
    physical_share,
    relative_cost,
    required_share,
    unconstrained_cost,
    unconstrained_share,
)

deltas = st.floats(0.2, 5.0)
thetas = st.floats(0.5, 20.0)
shares = st.floats(0.01, 0.99)


# Head, Mayer and Melitz (2024) with theta 4 and a charge of 10 %; the last digits are own arithmetic from its formulas.
def test_published_values_of_one_maker():
    delta = np.array([0.8, 1.0, 1.25])
    assert unconstrained_share(delta, 4.0) == pytest.approx([0.2906, 0.5, 0.7094], abs=5e-5)
    assert relative_cost(1.0, delta, 4.0) == pytest.approx([1.3620, 1.1892, 1.0896], abs=5e-5)
    bar = float(never_leaving_delta(1.10, 4.0))
    assert bar == pytest.approx(1.2116, abs=5e-5)
    assert norm.sf(math.log(bar) / 0.2) == pytest.approx(0.169, abs=5e-4)


@given(deltas, thetas)
def test_the_free_share_costs_least(delta, theta):
    found = minimize_scalar(lambda chi: float(parts_cost(chi, delta, theta)), bounds=(0, 1), method="bounded")
    assert found.fun >= float(unconstrained_cost(delta, theta)) - 1e-12
    free = float(unconstrained_share(delta, theta))
    assert float(parts_cost(free, delta, theta)) == pytest.approx(float(unconstrained_cost(delta, theta)), rel=1e-12)
    assert float(cost_share(free, delta, theta)) == pytest.approx(free, rel=1e-9)  # of cost and of parts alike


@given(deltas, thetas, shares)
def test_shares_of_cost_and_of_parts_undo_each_other(delta, theta, share):
    assert float(cost_share(physical_share(share, delta, theta), delta, theta)) == pytest.approx(share, rel=1e-9)


@given(deltas, thetas, shares, st.floats(1.01, 3.0))
def test_complying_is_cheaper_where_regional_parts_are(delta, theta, share, more):
    binding = float(binding_delta(share, theta))
    here, there = (float(relative_cost(share, x, theta)) for x in (delta, delta * more))
    assert here >= there >= 1.0
    assert here < 1.0 / (1.0 - share)  # its limit as regional parts get dear: a high charge is never paid
    if delta > binding * (1 + 1e-12):
        assert here == 1.0


@given(deltas, thetas, shares, shares)
def test_complying_with_more_costs_more(delta, theta, one, other):
    low, high = sorted((one, other))
    assert float(relative_cost(low, delta, theta)) <= float(relative_cost(high, delta, theta)) * (1 + 1e-12)


def test_no_requirement_and_a_whole_one():
    assert float(required_share(0.10, 0.15)) == 0.0
    assert float(required_share(1.0, 0.15)) == 1.0
    assert float(physical_share(0.0, 1.0, 4.0)) < 1e-200
    assert float(physical_share(1.0, 1.0, 4.0)) == 1.0
    assert float(binding_delta(1.0, 4.0)) == math.inf
    assert float(log_relative_cost(1.0, 1.0, 4.0)) == pytest.approx(math.log(2) / 4)


@given(deltas, thetas, st.floats(1.0, 2.0))
def test_outside_costs_rise_with_delta_and_can_be_undone(delta, theta, kappa):
    here, there = float(outside_cost(delta, theta, kappa)), float(outside_cost(delta * 1.1, theta, kappa))
    assert 1 / kappa - 1e-12 <= here <= there + 1e-12 <= kappa + 2e-12
    if (here - 1 / kappa) / kappa > 1e-6 and (kappa - here) / kappa > 1e-6:
        again = float(outside_delta(math.log(here), theta, kappa))
        assert again == pytest.approx(delta, rel=1e-4)


def test_outside_costs_below_or_above_all_of_them():
    assert outside_delta(np.log([0.5, 2.0]), 4.0, 1.2).tolist() == [0.0, math.inf]
    assert outside_delta(np.array([-0.1, 0.1]), 4.0, 1.0).tolist() == [0.0, math.inf]
    root = brentq(lambda x: float(outside_cost(x, 4.0, 1.2)) - 1.05, 0.1, 10)
    assert float(outside_delta(math.log(1.05), 4.0, 1.2)) == pytest.approx(root, rel=1e-9)


def test_equation_15_by_hand():
    # one part sold at home, two at 2.5 %, a half at 6 %; eta 4
    value = ((1 + 2 * 1.025**-3 + 0.5 * 1.06**-3) / 3.5) ** (-1 / 3)
    quantity = ((1 + 2 * 1.025**-4 + 0.5 * 1.06**-4) / 3.5) ** (-1 / 4)
    assert charge_pair([1, 2, 0.5], [1, 1.025, 1.06], 4.0) == pytest.approx((value, quantity), rel=1e-14)


@given(st.lists(st.tuples(st.floats(0.01, 10), st.floats(1, 2)), min_size=1, max_size=6), st.floats(-8, -0.1))
def test_a_charge_lies_among_its_tariffs(sold, exponent):
    sales, factors = zip(*sold, strict=True)
    charge = charge_index(sales, factors, exponent)
    assert min(factors) - 1e-9 <= charge <= max(factors) + 1e-9
    assert charge_index([7 * each for each in sales], factors, exponent) == pytest.approx(charge)


@pytest.mark.parametrize(
    ("sales", "factors", "exponent", "message"),
    [
        ([0.0], [1.1], -3.0, "sales must be as many as factors, not negative, and not all nothing"),
        ([-1.0, 3.0], [1.1, 1.0], -3.0, "sales must be as many as factors, not negative, and not all nothing"),
        ([1.0], [1.1, 1.2], -3.0, "sales must be as many as factors, not negative, and not all nothing"),
        ([1.0], [0.9], -3.0, "factors must be 1 or more, and the exponent below 0"),
        ([1.0], [1.1], 1.0, "factors must be 1 or more, and the exponent below 0"),
    ],
)
def test_wrong_sales_are_refused(sales, factors, exponent, message):
    with pytest.raises(ValueError, match="must be") as refused:
        charge_index(sales, factors, exponent)
    assert str(refused.value) == message
