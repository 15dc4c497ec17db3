"""The paper's illustration: shares under a rule on parts, the marginal maker, and who moves."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from sim.population.assumptions import TEXTBOOK
from sim.population.firm import unconstrained_share
from sim.population.outcome import outcome
from sim.population.summary import summarise
from sim.population.textbook import (
    full_content_cost,
    marginal_delta,
    mover,
    stops_complying,
    under_physical_rule,
)
from sim.population.weights import uniform


# own arithmetic from the article's formulas, four million quantiles of delta
@pytest.mark.parametrize(
    ("rule", "pay", "constrained", "free", "mean"),
    [
        (0.50, 0.0211, 0.4789, 0.5000, 0.5651),
        (0.625, 0.0867, 0.6517, 0.2616, 0.6132),
        (0.75, 0.2321, 0.6831, 0.0848, 0.6425),
        (0.85, 0.4203, 0.5647, 0.0151, 0.6321),
    ],
)
def test_shares_under_a_rule_on_parts(rule, pay, constrained, free, mean):
    found = under_physical_rule(rule)
    assert (found.pay, found.constrained, found.free) == pytest.approx((pay, constrained, free), abs=1e-4)
    assert found.mean_share == pytest.approx(mean, abs=1e-4)


def test_content_rises_to_about_three_quarters_and_falls():
    rules = np.arange(0.40, 0.96, 0.05)
    means = [under_physical_rule(float(rule)).mean_share for rule in rules]
    best = int(np.argmax(means))
    assert rules[best] == pytest.approx(0.75, abs=0.051)
    assert (np.diff(means[: best + 1]) > 0).all()
    assert (np.diff(means[best:]) < 0).all()


def test_where_makers_stop_complying():
    assert stops_complying(0.8) == pytest.approx(0.6736, abs=1e-4)
    assert stops_complying(1.0) == pytest.approx(0.8843, abs=1e-4)
    assert stops_complying(1.25) == math.inf
    assert full_content_cost(0.8) == pytest.approx(1.3620, abs=1e-4)


def test_the_marginal_maker_under_a_rule_on_cost():
    delta = marginal_delta(0.625)
    assert delta == pytest.approx(0.6867, abs=1e-4)
    assert float(unconstrained_share(delta, 4.0)) == pytest.approx(0.182, abs=5e-4)
    freely = (0.625 / 0.375) ** 0.25
    constrained = norm.cdf(math.log(freely) / 0.2) - norm.cdf(math.log(delta) / 0.2)
    assert constrained == pytest.approx(0.708, abs=5e-4)


def test_the_population_says_the_same_as_the_closed_form():
    found = summarise(outcome(uniform(1.10), 0.625, TEXTBOOK))
    assert found.constrained == pytest.approx(70.8356, abs=1e-3)
    assert found.pay == pytest.approx(100 * norm.cdf(math.log(marginal_delta(0.625)) / 0.2), abs=1e-6)


def test_who_moves_and_who_pays():
    low, high = mover(0.6), mover(0.8)  # kappa 1.15, charges 10 % at home and 20 % from outside
    assert (low.then, high.then) == ("leave", "pay")
    assert low.gives_up_at == pytest.approx(0.490, abs=5e-4)
    assert high.gives_up_at == pytest.approx(0.811, abs=5e-4)
    assert low.leaves < low.pays == high.pays < high.leaves
    before, after = low.complying([low.gives_up_at - 0.01, low.gives_up_at + 0.01], 4.0, 1.15)
    assert before < low.leaves < after
    assert mover(1.5).gives_up_at == math.inf
