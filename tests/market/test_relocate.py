"""Staying or moving: closed forms, and brute force month by month over every combination on small cases."""

import datetime as dt
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.market.relocate import Candidate, Place, Terms, decide, gain_of, opens_on, terms_of
from sim.parameters import load_parameters

SITES = ("a", "b", "c")
COSTS = st.floats(10_000.0, 60_000.0)


@st.composite
def terms(draw):
    return Terms(
        usd_per_vehicle=draw(st.floats(0.0, 10_000.0)),
        site_usd=draw(st.floats(0.0, 3e8)),
        lag_months=draw(st.integers(0, 40)),
        horizon_months=draw(st.integers(1, 80)),
        rate_year=draw(st.sampled_from([0.0, 0.05, 0.1, 0.3])),
    )


@st.composite
def candidates(draw):
    found = []
    for number in range(draw(st.integers(1, 3))):
        sites = draw(st.lists(st.sampled_from(SITES), unique=True, max_size=3))
        places = tuple(Place(site, site.upper(), draw(COSTS), site != "a") for site in sites)
        found.append(Candidate(f"v{number}", draw(st.floats(1_000.0, 400_000.0)), draw(COSTS), places))
    return found


def discounted_cost(option, own, conditions):
    """Every month of every vehicle, one after another, and what is built."""
    total = 0.0
    for place, vehicle in zip(option, own, strict=True):
        for month in range(1, conditions.horizon_months + 1):
            moved = place is not None and month > conditions.lag_months
            cost = place.cost_usd if moved else vehicle.stay_usd
            total += vehicle.yearly / 12 * cost * (1 + conditions.rate_year) ** (-month / 12)
        if place is not None:
            total += vehicle.yearly * conditions.usd_per_vehicle
    return total + conditions.site_usd * len({place.site for place in option if place is not None and place.is_new})


@settings(max_examples=150, deadline=None)
@given(candidates(), terms())
def test_the_decision_is_the_cheapest_of_all_by_brute_force(own, conditions):
    found = decide(own, conditions)
    options = list(product(*((None, *x.places) for x in own)))
    costs = [discounted_cost(option, own, conditions) for option in options]
    staying = discounted_cost((None,) * len(own), own, conditions)
    chosen = discounted_cost(tuple(found.moves.get(x.vehicle) for x in own), own, conditions)
    scale = 1e-9 * max(costs)
    assert chosen == pytest.approx(min(costs), abs=scale)
    assert found.gain_usd == pytest.approx(staying - chosen, abs=scale)
    assert found.gain_usd >= 0


def test_a_year_saved_later_is_worth_less():
    plain = Terms(0.0, 0.0, 0, 24, 0.1)
    months = sum(1.1 ** (-month / 12) for month in range(1, 25)) / 12
    assert plain.annuity() == pytest.approx(months, rel=1e-12)
    assert Terms(0.0, 0.0, 12, 36, 0.1).annuity() == pytest.approx(months / 1.1, rel=1e-12)
    assert Terms(0.0, 0.0, 24, 24, 0.1).annuity() == 0.0


def test_vehicles_that_move_together_share_a_site():
    """Each alone saves 60 and a site costs 100: neither moves alone, both move together."""
    conditions = Terms(0.0, 100.0, 0, 12, 0.0)
    both = [Candidate(name, 1.0, 100.0, (Place("new", "KR", 40.0, True),)) for name in ("v", "w")]
    assert not decide(both[:1], conditions).moves
    assert set(decide(both, conditions).moves) == {"v", "w"}
    assert decide(both, conditions).gain_usd == pytest.approx(20.0)
    old = Candidate("v", 1.0, 100.0, (Place("there", "US", 40.0, False),))
    assert decide([old], conditions).moves


def test_what_costs_the_same_stays():
    candidate = Candidate("v", 1_000.0, 30_000.0, (Place("a", "US", 30_000.0, False),))
    assert not decide([candidate], Terms(0.0, 0.0, 0, 120, 0.1)).moves
    assert gain_of(candidate, candidate.places[0], Terms(5.0, 0.0, 0, 120, 0.1)) == -5_000.0


def test_terms_and_day_of_a_scenario():
    conditions = terms_of(load_parameters({"plant_months": "30 months", "plant_years": "10 years"}))
    assert (conditions.lag_months, conditions.horizon_months, conditions.rate_year) == (30, 120, 0.1)
    assert opens_on(dt.date(2017, 8, 16), conditions) == dt.date(2020, 2, 1)
    assert opens_on(dt.date(2017, 12, 31), Terms(0, 0, 12, 24, 0)) == dt.date(2018, 12, 1)
