"""What a change of sources costs: published closed forms, and arithmetic by hand."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.parameters import load_parameters
from sim.sourcing.costs import annuity, mismatch, qualification, tooling


@pytest.mark.parametrize(("delta", "published"), [(0.8, 1.3620), (1.0, 1.1892), (1.25, 1.0896)])
def test_all_from_one_source_costs_what_head_mayer_and_melitz_say(delta, published):
    # Relative cost of full regional content: 1 / C_U with C_U = lambda^(1/theta), natural share lambda (their 2024
    # paper, theta = 4). Here: price 1 at the natural share, (1 / lambda)^(1/theta) at a share of 1.
    natural = 1 / (1 + delta**-4)
    assert 1 + mismatch({"home": 100}, {"home": 100 * natural}, 4) == pytest.approx(published, abs=5e-5)


@given(st.floats(1, 99), st.floats(1, 99))
def test_the_natural_mix_is_the_cheapest(share, natural):
    anchors = {"home": natural, "abroad": 100 - natural}
    other = mismatch({"home": share, "abroad": 100 - share}, anchors, 4)
    assert other >= 0
    assert mismatch(anchors, anchors, 4) == pytest.approx(0, abs=1e-12)
    if abs(share - natural) > 1:
        assert other > 0


def test_tools_are_paid_by_the_step():
    parameters = load_parameters({"carrying_pct_year": "0 %", "tooling_years": "5 years"})
    assert annuity(parameters) == 0.2
    # 30,000 sets a year, 50 % asked, lines for 40 %: 3,000 missing is one step of 10,000; 25 % of a year's value over
    # five years is 5 % of the value of 10,000 sets, spread over 15,000 sets.
    assert tooling(50, 40, 30_000, parameters) == pytest.approx(0.05 * 10_000 / 15_000)
    assert tooling(50, 50, 30_000, parameters) == 0
    # 80 % more is 24,000 sets: three steps.
    assert tooling(100, 20, 30_000, parameters) == pytest.approx(0.05 * 30_000 / 30_000)


def test_approvals_are_paid_like_tools():
    parameters = replace(load_parameters(), qualification_usd=100_000.0)
    assert qualification(2_000_000, parameters) == pytest.approx(annuity(parameters) * 0.05)
