"""Shocks in the plan: which table each kind changes, in which hours, by how much, and what it leaves alone."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.planning.shocks import outages
from sim.scenario import Shock
from sim.units import DAY, HOUR
from tests.planning.test_build import BRIDGE, plan_of, same, scenario

UTC = dt.UTC
BEGINS = dt.datetime(2017, 8, 7, tzinfo=UTC)  # second 0 of the small world's scenario


def hours(table, row):
    """The hours in which a crossing's table is not zero."""
    return set(np.flatnonzero(table[row]))


def test_a_lane_cap_lowers_what_would_open_and_nothing_else(tiny):
    shock = Shock("lanes", BRIDGE, BEGINS + dt.timedelta(hours=222), 5 * HOUR, standard=1, fast=0)
    plain, capped = plan_of(tiny, scenario()), plan_of(tiny, scenario(shocks=(shock,)))
    row = plain.crossings.ids.index(BRIDGE)
    inside = np.zeros(plain.crossings.open_standard.shape[1], dtype=bool)
    inside[222:227] = True
    for name, most in (("open_standard", 1), ("open_fast", 0)):
        before, after = getattr(plain.crossings, name), getattr(capped.crossings, name)
        assert np.array_equal(after[row], np.where(inside, np.minimum(before[row], most), before[row]))
        assert np.array_equal(np.delete(after, row, 0), np.delete(before, row, 0))
    assert same(plain, capped, ("loads", "background", "schedule", "seeds", "lanes", "calendars"))


def test_a_cap_on_one_class_leaves_the_other(tiny):
    shock = Shock("lanes", BRIDGE, BEGINS + dt.timedelta(hours=222), 5 * HOUR, standard=0)
    plain, capped = plan_of(tiny, scenario()), plan_of(tiny, scenario(shocks=(shock,)))
    row = plain.crossings.ids.index(BRIDGE)
    assert np.array_equal(plain.crossings.open_fast, capped.crossings.open_fast)
    assert hours(plain.crossings.open_standard, row) - hours(capped.crossings.open_standard, row) == set(
        range(222, 227)
    )


def test_a_strike_at_a_site_is_an_outage_of_each_of_its_recipes(tiny):
    strike = Shock("strike", "supplier/ohio", BEGINS + dt.timedelta(days=9), 2 * DAY)
    own = [recipe.id for recipe in tiny.recipes.values() if recipe.site == "supplier/ohio"]
    alike = tuple(Shock("outage", name, strike.from_, strike.duration_s) for name in own)
    assert own
    struck = plan_of(tiny, scenario(shocks=(strike,)))
    assert struck.digest() == plan_of(tiny, scenario(shocks=alike)).digest()
    assert struck.digest() != plan_of(tiny, scenario()).digest()


def test_a_strike_in_a_region_strikes_each_of_its_sites(tiny):
    sites = ("supplier/ohio", "supplier/ontario")
    changed = {name: replace(tiny.sites[name], region="lakes") for name in sites}
    tiny = replace(tiny, sites=MappingProxyType({**tiny.sites, **changed}))
    strike = Shock("strike", "region/lakes", BEGINS + dt.timedelta(days=9), 2 * DAY)
    alike = tuple(Shock("strike", site, strike.from_, strike.duration_s) for site in sites)
    one, several = plan_of(tiny, scenario(shocks=(strike,))), plan_of(tiny, scenario(shocks=alike))
    assert one.digest() == several.digest()


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 100)), min_size=1, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_struck_hours_are_the_union_of_all_that_strikes(tiny, gaps):
    kinds = (("outage", "supplier/ohio/steel"), ("strike", "supplier/ohio"))
    shocks = tuple(
        Shock(*kinds[first % 2], BEGINS + dt.timedelta(hours=first), length * HOUR) for first, length in gaps
    )
    struck = outages(tiny, shocks, scenario().clock())["supplier/ohio/steel"]
    assert all(closes < opens for (_, closes), (opens, _) in pairwise(struck))
    hours_lost = {hour for first, length in gaps for hour in range(first, first + length)}
    assert {hour for opens, closes in struck for hour in range(opens // HOUR, closes // HOUR)} == hours_lost
