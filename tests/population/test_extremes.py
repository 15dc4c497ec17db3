"""The ends of what is allowed: no floating error, shares that sum to all, finite figures."""

from __future__ import annotations

import math
from dataclasses import asdict

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.population.assumptions import RANGES, assumptions
from sim.population.outcome import outcome
from sim.population.summary import summarise
from sim.population.weights_file import read_weights


def ends(name: str) -> st.SearchStrategy[float]:
    """Mostly the ends of a parameter's range, and some numbers between."""
    least, most = RANGES[name]
    top = 1000.0 if math.isinf(most) else most
    return st.one_of(st.sampled_from([least, most]), st.floats(least, top))


@settings(max_examples=120, deadline=None)
@given(
    st.fixed_dictionaries({name: ends(name) for name in RANGES}),
    st.one_of(st.sampled_from([0.0, 1.0, 1e-9, 1 - 1e-9]), st.floats(0, 1)),
    st.one_of(st.sampled_from([1.0, 10.0, 1 + 1e-12]), st.floats(1, 2)),
    st.one_of(st.sampled_from([1.0, 10.0]), st.floats(1, 2)),
    st.one_of(st.sampled_from([0.2, 1.0, 10.0]), st.floats(0.5, 2)),
    st.sampled_from(["fixed", "moving"]),
    st.booleans(),
)
@example({}, 0.75, 1.0, 1.0, 1.0, "moving", False)
@example({"alpha_mean": 5e-324, "alpha_precision": 0.1}, 0.0, 1.0, 1.0, 0.2, "fixed", False)
@example({"alpha_mean": 0.5, "alpha_precision": 1e300}, 0.6, 1.02, 1.02, 1.02, "moving", False)
@example({"kappa": 1.0}, 0.75, 1.02, 1.02, 1.02, "moving", False)
def test_every_allowed_population_has_an_answer(parameters, rule, tau_d, tau_r, tau_f, location, printed):
    assumed = assumptions(**parameters, printed_condition=printed)
    weights = read_weights(f"tau_D,tau_R,tau_F\n{tau_d!r},{tau_r!r},{tau_f!r}\n", "w")
    found = summarise(outcome(weights, rule, assumed, location))
    assert 0.0 <= found.kept <= 100.0 + 1e-6
    if found.kept < 1e-6:
        return
    shares = (found.free, found.constrained, found.pay, found.pay_from_member, found.outside)
    assert all(-1e-6 <= share <= 100 + 1e-6 for share in shares)
    assert sum(shares) == pytest.approx(100.0, abs=1e-6)
    assert all(math.isfinite(value) for value in asdict(found).values() if isinstance(value, float))
    assert -1e-6 <= found.content <= 100 + 1e-6
    assert found.price >= -1e-3
