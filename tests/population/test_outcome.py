"""A population under a rule: against makers counted one by one, against SciPy's quadrature, at its limits."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import lognorm

from sim.errors import PopulationError
from sim.population.assumptions import Assumptions, assumptions
from sim.population.curve import laffer_curve
from sim.population.grid import Resolution
from sim.population.outcome import outcome
from sim.population.summary import summarise
from sim.population.weights import Weights, uniform
from sim.population.weights_file import read_weights
from tests.population.brute import count_makers

PAPER = Assumptions()
COMPARED = (
    "kept",
    "content",
    "free",
    "constrained",
    "pay",
    "pay_from_member",
    "outside",
    "price",
    "parts",
    "parts_jobs",
)


def movers(tau_d: float, tau_r: float, tau_f: float) -> Weights:
    return read_weights(f"tau_D,tau_R,tau_F\n{tau_d},{tau_r},{tau_f}\n", "movers")


@pytest.mark.parametrize("rule", [0.05, 0.208, 0.5, 0.625, 0.75, 0.85, 0.97, 1.0])
@pytest.mark.parametrize("tau", [1.0, 1.008, 1.025, 1.2])
@pytest.mark.parametrize("printed", [False, True])
def test_at_a_fixed_place_as_counted(rule, tau, printed):
    assumed = assumptions(printed_condition=printed)
    counted = count_makers(tau, rule, assumed)
    found = summarise(outcome(uniform(tau), rule, assumed))
    for name in COMPARED:
        assert getattr(found, name) == pytest.approx(counted[name], abs=0.06), name
    assert found.assembly_jobs == pytest.approx(counted["sold"], abs=0.02)
    assert found.surplus == pytest.approx(counted["surplus"], abs=0.01)


@pytest.mark.parametrize(
    ("tau_d", "tau_r", "tau_f", "rule"),
    [
        (1.02, 1.01, 1.05, 0.75),
        (1.01, 1.02, 1.05, 0.75),
        (1.03, 1.05, 0.98, 0.85),
        (1.2, 1.15, 1.02, 0.85),
        (1.2, 1.15, 1.02, 0.0),
        (1.02, 1.01, 1.3, 0.75),
        (1.01, 1.01, 1.05, 1.0),
    ],
)
def test_with_a_choice_of_place_as_counted(tau_d, tau_r, tau_f, rule):
    counted = count_makers(tau_d, rule, PAPER, (tau_r, tau_f))
    found = summarise(outcome(movers(tau_d, tau_r, tau_f), rule, PAPER, "moving"))
    for name in COMPARED:
        assert getattr(found, name) == pytest.approx(counted[name], abs=0.1), name


@settings(max_examples=30, deadline=None)
@given(
    st.floats(1.0, 1.4),
    st.floats(0.0, 1.0),
    st.floats(1.0, 6.0),
    st.floats(-0.3, 0.3),
    st.floats(0.05, 0.25),  # where delta spreads more, the grid of the count misses its tails
    st.floats(0.02, 0.6),
    st.floats(1.0, 30.0),
    st.one_of(st.none(), st.tuples(st.floats(1.0, 1.3), st.floats(0.9, 1.4))),
)
def test_any_population_as_counted(tau, rule, theta, mu, sigma, mean, precision, elsewhere):
    assumed = assumptions(theta=theta, mu=mu, sigma=sigma, alpha_mean=mean, alpha_precision=precision)
    counted = count_makers(tau, rule, assumed, elsewhere, (800, 300))
    if counted["kept"] < 20:  # a few makers, counted with a large error
        return
    weights = uniform(tau) if elsewhere is None else movers(tau, *elsewhere)
    found = summarise(outcome(weights, rule, assumed, "fixed" if elsewhere is None else "moving"))
    for name in COMPARED:
        near = 1.0 if name in ("free", "constrained", "pay", "pay_from_member", "outside") else 0.5
        assert getattr(found, name) == pytest.approx(counted[name], abs=near, rel=0.01), name


def test_with_one_share_of_assembly_as_scipy_integrates():
    tau, rule, alpha, theta, eta = 1.03, 0.75, 0.15, 4.0, 4.0
    assumed = assumptions(alpha_mean=alpha, alpha_precision=math.inf)
    needed = (rule - alpha) / (1 - alpha)
    maker = lognorm(assumed.sigma, scale=math.exp(assumed.mu))
    k = 1 + 1 / theta

    def chi(delta):
        return 1 / (1 + ((1 / needed - 1) / delta) ** (theta / (1 + theta)))

    def dearer(delta):
        return (chi(delta) ** k + delta * (1 - chi(delta)) ** k) * (1 + delta**-theta) ** (1 / theta)

    edge = (needed / (1 - needed)) ** (1 / theta)
    star = brentq(lambda x: dearer(x) ** (1 - alpha) - tau, 0.2, edge)

    def over(function, low, high):
        return quad(lambda x: function(x) * maker.pdf(x), low, high, epsabs=1e-13, limit=200)[0]

    def free(delta):
        return 1 / (1 + delta**-theta)

    pay, bound = maker.cdf(star), maker.cdf(edge) - maker.cdf(star)
    share = over(free, 0, star) + needed * bound + over(free, edge, np.inf)
    sold = {
        "pay": tau**-eta * pay,
        "bound": over(lambda x: dearer(x) ** (-eta * (1 - alpha) ** 2), star, edge),
    }
    jobs = sold["pay"] + over(lambda x: dearer(x) ** (-eta * (1 - alpha) ** 2) * chi(x) / free(x), star, edge)
    priced = pay * tau ** ((1 - eta) * (1 - alpha))
    priced += over(lambda x: dearer(x) ** ((1 - eta) * (1 - alpha) ** 2), star, edge) + maker.sf(edge)
    found = summarise(outcome(uniform(tau), rule, assumed))
    assert found.pay == pytest.approx(100 * pay, abs=1e-6)
    assert found.constrained == pytest.approx(100 * bound, abs=1e-6)
    assert found.content == pytest.approx(100 * (alpha + (1 - alpha) * share), abs=1e-6)
    assert found.price == pytest.approx(100 * (priced ** (1 / (1 - eta)) - 1), abs=1e-6)
    assert found.parts_jobs == pytest.approx(100 * (jobs + maker.sf(edge) - 1), abs=1e-6)
    total = (0.647 * (sum(sold.values()) + maker.sf(edge)) + jobs + maker.sf(edge)) / 1.647
    assert found.total_jobs == pytest.approx(100 * (total - 1), abs=1e-6)


@pytest.mark.parametrize("location", ["fixed", "moving"])
@pytest.mark.parametrize("rule", [0.1, 0.625, 0.85, 1.0])
def test_a_finer_count_of_makers_changes_nothing(rule, location):
    weights = movers(1.02, 1.015, 1.05)
    coarse, fine = (
        dataclasses.asdict(summarise(outcome(weights, rule, PAPER, location, resolution)))
        for resolution in (Resolution(), Resolution(1 / 72, 8.5, 120, 240))
    )
    for name in (*COMPARED, "total_jobs"):
        assert coarse[name] == pytest.approx(fine[name], abs=1e-5 if location == "fixed" else 0.01), name


def test_no_rule_and_a_rule_below_all_content_change_nothing():
    for rule in (0.0, 0.01):
        found = summarise(outcome(movers(1.02, 1.015, 1.06), rule, PAPER, "fixed"))
        assert (found.free, found.pay) == pytest.approx((100.0, 0.0), abs=1e-9)
        assert (found.price, found.parts, found.total_jobs) == pytest.approx((0, 0, 0), abs=1e-9)


def test_shares_sum_to_all_makers():
    for location in ("fixed", "moving"):
        for rule in np.linspace(0, 1, 11):
            found = summarise(outcome(movers(1.03, 1.01, 1.02), float(rule), PAPER, location))
            shares = (found.free, found.constrained, found.pay, found.pay_from_member, found.outside)
            assert sum(shares) == pytest.approx(100.0, abs=1e-9)


def test_nobody_leaves_when_leaving_is_dear_and_then_moving_is_paying_the_less():
    far = summarise(outcome(movers(1.02, 1.05, 5.0), 0.75, PAPER, "moving"))
    near = summarise(outcome(uniform(1.02), 0.75, PAPER))
    assert far.outside == far.pay_from_member == 0.0
    assert far.content == pytest.approx(near.content, abs=1e-6)
    assert far.pay == pytest.approx(near.pay, abs=1e-6)


def test_a_charge_of_nothing_is_paid_by_all_who_are_bound():
    found = summarise(outcome(uniform(1.0), 0.75, PAPER))
    assert found.constrained == pytest.approx(0.0, abs=1e-4)
    assert (found.price, found.parts) == pytest.approx((0.0, 0.0), abs=1e-6)


def test_a_high_charge_is_paid_by_nobody():
    found = summarise(outcome(uniform(5.0), 0.75, PAPER))
    assert found.pay == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.floats(1.001, 1.3), st.floats(1.001, 1.3), st.floats(0.3, 0.99))
def test_a_higher_charge_is_paid_by_fewer_and_raises_content(one, other, rule):
    low, high = (summarise(outcome(uniform(tau), rule, PAPER)) for tau in sorted((one, other)))
    assert high.pay <= low.pay + 1e-6
    assert high.content >= low.content - 1e-6
    assert high.price >= low.price - 1e-6
    assert high.free == pytest.approx(low.free)


def test_the_printed_condition_makes_more_makers_pay():
    as_coded, as_printed = (
        summarise(outcome(uniform(1.02), 0.75, assumptions(printed_condition=printed))) for printed in (False, True)
    )
    assert as_printed.pay > as_coded.pay + 1.0
    assert as_printed.content < as_coded.content - 0.1


@pytest.mark.parametrize("tau", [1.005, 1.01, 1.02, 1.03])
def test_content_rises_peaks_and_falls(tau):
    curve = laffer_curve(uniform(tau), PAPER)
    peak = curve.peak()
    assert peak is not None
    heights = np.array([found.content for found in curve.summaries()])
    before, after = curve.rules * 100 < peak.rule_pct, curve.rules * 100 > peak.rule_pct
    assert (np.diff(heights[before]) > -1e-9).all()
    assert (np.diff(heights[after]) < 0).all()
    assert peak.height >= heights.max() - 1e-9
    around = [summarise(outcome(uniform(tau), peak.rule_pct / 100 + step, PAPER)).content for step in (-0.002, 0.002)]
    assert max(around) < peak.height


def test_the_peak_rises_with_the_charge():
    peaks = [laffer_curve(uniform(tau), PAPER).peak() for tau in (1.005, 1.01, 1.02, 1.03)]
    places = [peak.rule_pct for peak in peaks if peak is not None]
    assert len(places) == 4
    assert places == sorted(places)


def test_the_first_bite_moves_content_by_what_was_asked():
    curve = laffer_curve(uniform(1.02), PAPER)
    bite = curve.first_bite(0.01)
    assert bite is not None
    moved = summarise(outcome(uniform(1.02), bite / 100, PAPER)).content - curve.summaries()[0].content
    assert moved == pytest.approx(0.01, abs=1e-4)
    assert laffer_curve(uniform(1.0), PAPER).first_bite() is None
    assert laffer_curve(uniform(1.0), PAPER).peak() is None


def test_jobs_follow_plants_to_the_other_member():
    text = "class,assembly,weight,tau_D,tau_R,tau_F\ncars,MX,1,1.03,1.005,3\ncars,US,3,1.01,1.04,3\n"
    found = outcome(read_weights(text, "w"), 0.85, PAPER, "moving")
    mexico, states, both = (summarise(found, "cars", place) for place in ("MX", "US", "all"))
    assert mexico.pay_from_member > 50.0
    assert mexico.assembly_jobs < -50.0  # those that pay assemble in the United States
    stay = summarise(found, "cars", "US")
    assert states.assembly_jobs > 5.0
    assert both.assembly_jobs == pytest.approx(
        100 * ((0.25 * (1 + mexico.assembly_jobs / 100) + 0.75 * (1 + states.assembly_jobs / 100)) - 1), abs=0.2
    )
    assert stay.pay_from_member == 0.0


def test_makers_that_are_outside_already_are_left_out():
    found = summarise(outcome(movers(1.1, 1.1, 0.5), 0.75, PAPER, "moving"))
    assert found.kept == 0.0
    assert math.isnan(found.content)


def test_what_cannot_be_asked():
    with pytest.raises(PopulationError) as refused:
        outcome(uniform(1.02), 62.5, PAPER)
    assert str(refused.value) == "rule: 62.5 is no share. Write a number from 0 to 1."
    with pytest.raises(PopulationError) as refused:
        outcome(uniform(1.02), 0.5, PAPER, "moving")
    assert str(refused.value) == "one charge: makers cannot move: the weights need tau_R and tau_F."
    with pytest.raises(PopulationError) as refused:
        assumptions(theta=0.1, sigma=math.nan, thta=3)
    assert str(refused.value) == "parameters: thta: no such parameter. Did you mean 'theta'?"
    with pytest.raises(PopulationError) as refused:
        assumptions(theta=0.1, sigma=math.nan)
    assert str(refused.value) == (
        "parameters: 2 problems\n"
        "  theta: 0.1 is out of range. Write a number from 0.5 to 20: likeness of parts: elasticity of the choice "
        "between regional and foreign.\n"
        "  sigma: nan is out of range. Write a number from 0.01 to 1: standard deviation of the logarithm of delta."
    )
