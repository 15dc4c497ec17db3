"""Labels on cars: the numbers of the file, what they imply, and the makers found behind them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta, norm

from sim.population.assumptions import Assumptions
from sim.population.firm import required_share, unconstrained_share
from sim.population.labelled import RULE_IN_FORCE, labels_curve, labels_outcome, makers_behind
from sim.population.labels import (
    Label,
    content_distribution,
    implied_content,
    labels_reach,
    load_labels,
    parts_threshold_pct,
)
from sim.population.summary import summarise
from sim.population.weights import Weights
from sim.population.weights_file import shipped_weights

PAPER = Assumptions()


# Numbers of the file itself, counted independently: a test of the reader, not an estimate of compliance.
@pytest.mark.parametrize(
    ("model_year", "carlines", "reach"),
    [(2020, 192, (64.1, 26.0, 8.9)), (2025, 221, (61.1, 26.7, 14.9)), (2026, 145, (64.1, 31.0, 11.7))],
)
def test_carlines_that_reach_the_rules(model_year, carlines, reach):
    found = {year.model_year: year for year in labels_reach()}[model_year]
    assert found.carlines == carlines
    assert tuple(round(share, 1) for share in found.reach_pct) == reach


def test_all_rows_are_read():
    labels = load_labels()
    assert len(labels) == 1335
    assert {label.assembly for label in labels} == {"CA", "MX", "US"}
    assert all(0 <= label.regional <= 1 and 0 <= label.hidden <= 1 - label.regional for label in labels)
    assert [parts_threshold_pct(rule) for rule in (0.625, 0.75, 0.85)] == [55.9, 70.6, 82.4]


def test_one_label_by_hand():
    found = next(x for x in load_labels() if (x.model_year, x.carline) == (2020, "Q5"))  # 3 % US/CA, 77 % Mexican
    assert found == Label(2020, "Audi", "Q5", "cars", "MX", 0.80, 0.0)
    series = next(x for x in load_labels() if (x.model_year, x.carline) == (2020, "Corvette"))  # 64 % US/CA, no other
    assert (series.regional, series.hidden) == (0.64, 0.15)


def test_implied_content():
    printed, most = implied_content(), implied_content(hidden=1.0)
    assert printed[0] == pytest.approx(0.15 + 0.85 * load_labels()[0].regional)
    assert (most >= printed).all()
    figures = content_distribution()
    assert figures["p50"][0] == pytest.approx(100 * np.median(printed))
    assert figures["p5"][0] < figures["p25"][0] < figures["p50"][0] < figures["p75"][0] < figures["p95"][0]


def one_charge(tau: float) -> Weights:
    return Weights(("cars",), ("US",), np.ones(1), np.array([tau]), np.array([tau]))


def labelled(*shares: float) -> list[Label]:
    return [Label(2025, "Make", "Carline", "cars", "US", share, 0.0) for share in shares]


def test_an_exact_label_of_a_free_maker_gives_back_its_delta():
    found = makers_behind(one_charge(1.02), PAPER, labelled(0.90), precision=5000.0)[0]
    delta = float(found.mass @ found.delta)
    assert float(unconstrained_share(delta, 4.0)) == pytest.approx(0.90, abs=0.01)


def test_a_label_at_the_rule_says_constrained_and_one_far_below_paying():
    # one share of assembly, so that the rule of 75 % leaves 70.6 % to parts; at 2 % few pay from just below
    assumed = Assumptions(alpha_precision=float("inf"))
    at_rule = float(required_share(0.75, 0.15))
    held = makers_behind(one_charge(1.02), assumed, labelled(at_rule), precision=2000.0)
    below = makers_behind(one_charge(1.02), assumed, labelled(0.40), precision=2000.0)
    assert summarise(labels_outcome(held, 0.75, assumed)).constrained > 75.0
    assert summarise(labels_outcome(below, 0.75, assumed)).pay > 99.0
    assert summarise(labels_outcome(held, 0.75, assumed)).content == pytest.approx(75.0, abs=1.0)


def test_hidden_content_raises_content():
    shown, hidden = (makers_behind(shipped_weights(), PAPER, hidden=hidden) for hidden in (False, True))
    low, high = (summarise(labels_outcome(makers, 0.0, PAPER)).content for makers in (shown, hidden))
    assert low < high < low + 15
    assert sum(group.carlines for group in shown) == 1335


@pytest.mark.parametrize("regional", [0.35, 0.60, 0.71, 0.85])
def test_makers_behind_a_label_as_scipy_integrates(regional):
    assumed, needed = Assumptions(alpha_precision=float("inf")), 0.6 / 0.85
    k = 1.25

    def chosen(z):
        delta = np.exp(0.11 + 0.18 * z)
        free = 1 / (1 + delta**-4)
        if free >= needed:
            return free
        chi = 1 / (1 + ((1 / needed - 1) / delta) ** 0.8)
        dearer = (chi**k + delta * (1 - chi) ** k) * (1 + delta**-4) ** 0.25
        return needed if dearer**0.85 <= 1.02 else free

    def likely(z):
        share = chosen(z)
        return norm.pdf(z) * beta.pdf(regional, 18 * share, 18 * (1 - share))

    grid = np.linspace(-5, 5, 201)
    mass = sum(quad(likely, low, high)[0] for low, high in pairwise(grid))
    first = sum(quad(lambda z: z * likely(z), low, high)[0] for low, high in pairwise(grid)) / mass
    found = makers_behind(one_charge(1.02), assumed, labelled(regional), precision=18.0)[0]
    score = (np.log(found.delta) - 0.11) / 0.18
    assert float(found.mass @ score) == pytest.approx(first, abs=0.02)


def test_the_curve_over_labels_rises_and_falls():
    makers = makers_behind(shipped_weights(), PAPER)
    curve = labels_curve(makers, PAPER, np.linspace(0, 1, 21))
    heights = np.array([found.content for found in curve.summaries()])
    peak = int(np.argmax(heights))
    assert 0.70 <= curve.rules[peak] <= 0.90
    assert heights[peak] > heights[0] + 1.0
    assert heights[-1] < heights[peak] - 1.0
    for found in curve.summaries():
        assert found.free + found.constrained + found.pay == pytest.approx(100.0)


def test_every_model_year_has_a_rule():
    assert {label.model_year for label in load_labels()} <= set(RULE_IN_FORCE)
