"""What a claim costs beside duty: verification as for declarations, differences between goods by quantiles."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from sim.customs.claiming import audit_of, cost_factors, verification_part
from sim.parameters import load_parameters
from sim.streams import Streams


def test_verification_is_expected_as_for_a_declaration():
    wanted = {
        "audit_probability_pct": "2 %",
        "audit_rejected_pct": "27 %",
        "audit_penalty_pct_of_duty": "100 %",
        "audit_interest_pct_year": "5 %",
    }
    parameters = load_parameters(wanted)
    # 2 % verified x 27 % fall x (duty back 1 + interest of a year 0.05 + penalty 1) = 0.01107
    assert verification_part(parameters) == pytest.approx(0.02 * 0.27 * 2.05)
    assert audit_of(parameters).expected(Fraction(100_000), Fraction(10**7)) == Fraction(1107)


def test_nothing_is_expected_as_shipped():
    assert verification_part(load_parameters()) == 0
    assert (cost_factors(["a", "b"], ["US", "CA"], 0.0) == 1).all()


def test_goods_differ_by_the_spread_around_a_median_of_one():
    names = [f"works/{number}" for number in range(4000)]
    factors = cost_factors(names, ["US"], 0.5)[:, 0]
    quantiles = ndtr(np.log(factors) / 0.5)
    assert abs(np.median(factors) - 1) < 0.03
    assert np.abs(np.sort(quantiles) - (np.arange(4000) + 0.5) / 4000).max() < 0.03  # uniform: Kolmogorov's bound


def test_a_good_keeps_its_place_whatever_else_there_is():
    one = cost_factors(["works/a"], ["US"], 1.0)[0, 0]
    many = cost_factors(["works/b", "works/a", "works/c"], ["CA", "US"], 1.0)
    assert many[1, 1] == one
    assert cost_factors(["works/a"], ["US"], 2.0)[0, 0] == pytest.approx(one**2)


def test_a_factor_is_the_quantile_of_the_name_of_a_good():
    """Drawn once from the stream of that name, by the normal quantile on a scale of logarithms."""
    place = np.empty(1)
    Streams(0, 0).draw_uniform("claim/works/a/CA", place)
    factors = cost_factors(["works/a", "works/b"], ["US", "CA"], 0.7)
    assert factors.shape == (2, 2)
    assert factors[0, 1] == pytest.approx(np.exp(0.7 * ndtri(place[0])))
    assert len(set(factors.ravel().tolist())) == 4
