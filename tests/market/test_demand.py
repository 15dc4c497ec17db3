"""Pass-through and demand: closed forms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.market.demand import passed_on, sold

PRICES = st.floats(1_000.0, 200_000.0)


@given(PRICES, PRICES, st.floats(1.0, 1e6))
def test_unit_elasticity_leaves_spending_as_it_was(before, after, units):
    assert float(sold(units, before, after, 1.0)) * after == pytest.approx(units * before, rel=1e-12)


@given(PRICES, PRICES, st.floats(0.0, 10.0), st.floats(0.0, 10.0))
def test_elasticity_is_constant(before, after, eta, other):
    """The logarithm of sales falls by eta for each unit of the logarithm of the price, wherever one stands."""
    found = np.log(float(sold(1.0, before, after, eta)))
    assert found == pytest.approx(-eta * np.log(after / before), abs=1e-9)
    both = float(sold(float(sold(1.0, before, after, eta)), before, after, other))
    assert both == pytest.approx(float(sold(1.0, before, after, eta + other)), rel=1e-9)


def test_no_elasticity_no_change_and_no_change_no_loss():
    assert float(sold(500.0, 30_000.0, 45_000.0, 0.0)) == 500.0
    assert float(sold(500.0, 30_000.0, 30_000.0, 4.0)) == 500.0


@given(PRICES, st.floats(-500.0, 50_000.0), st.floats(0.0, 300.0))
def test_pass_through_is_a_share_of_the_change(price, change, share):
    if price + change * share / 100 > 0:
        assert float(passed_on(price, change, share)) - price == pytest.approx(change * share / 100, abs=1e-9)


@pytest.mark.parametrize(
    ("price", "foreign", "share", "rise"),
    [(16_852, 0.51, 66, 1_409), (16_852, 0.51, 100, 2_057), (22_516, 0.56, 66, 2_092), (22_516, 0.56, 100, 3_066)],
)
def test_published_price_rises_of_a_25_pct_duty(price, foreign, share, rise):
    """PIIE, July 2018: 22.5 points of duty on the foreign part, and metals (0.9 %) on top, passed on whole.

    https://www.piie.com/blogs/trade-and-investment-policy-watch/car-buyers-may-face-sticker-shock-trumps-proposed-auto
    """
    metals = 0.009 * price
    found = float(passed_on(price, 0.225 * foreign * price, share)) - price + metals
    assert found == pytest.approx(rise, rel=0.02)


def test_a_price_below_nothing_is_refused():
    with pytest.raises(ValueError, match="a price of 0 or less"):
        passed_on(1_000.0, -2_000.0, 100.0)
