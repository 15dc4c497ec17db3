"""Shocks in the plan: which table each kind changes, in which hours, by how much, and what it leaves alone."""

import datetime as dt
from collections import Counter
from dataclasses import fields, replace
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.engines.reference import simulate
from sim.ledger.balance import check_balances
from sim.planning.schedule import swung
from sim.planning.shocks import outages
from sim.planning.surge import hourly_factors
from sim.scenario import Shock
from sim.units import DAY, HOUR, PPM
from tests.planning.test_build import BRIDGE, plan_of, same, scenario

UTC = dt.UTC
BEGINS = dt.datetime(2017, 8, 7, tzinfo=UTC)  # second 0 of the small world's scenario
AT_ONCE = {"others_used_up_weeks": "0 weeks"}  # nothing is sent before what is in store is used up


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


def test_relief_opens_booths_at_all_hours_and_beyond_those_installed(tiny):
    shock = Shock("relief", BRIDGE, BEGINS + dt.timedelta(hours=222), 30 * HOUR, standard=9, fast=1)
    plain, eased = plan_of(tiny, scenario()), plan_of(tiny, scenario(shocks=(shock,)))
    row = plain.crossings.ids.index(BRIDGE)
    before, after = plain.crossings, eased.crossings
    assert (after.open_standard[row, 222:252] == 9).all()
    assert (after.open_fast[row, 222:252] == np.maximum(1, before.open_fast[row, 222:252])).all()
    assert np.array_equal(
        np.delete(after.open_standard[row], range(222, 252)), np.delete(before.open_standard[row], range(222, 252))
    )
    assert after.booths_standard.tolist() == [4 if name != BRIDGE else 9 for name in after.ids]
    assert np.array_equal(after.booths_fast, before.booths_fast)
    assert same(plain, eased, ("loads", "background", "schedule", "seeds", "lanes", "calendars"))


def test_a_closure_goes_over_relief(tiny):
    hours = (BEGINS + dt.timedelta(hours=222), 5 * HOUR)
    shut = Shock("closure", BRIDGE, *hours)
    for shocks in (
        (shut, Shock("relief", BRIDGE, *hours, standard=9)),
        (Shock("relief", BRIDGE, *hours, standard=9), shut),
    ):
        plan = plan_of(tiny, scenario(shocks=shocks))
        assert not plan.crossings.open_standard[plan.crossings.ids.index(BRIDGE), 222:227].any()


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


def surge(percent, first=222, hours=10):
    return Shock("surge", BRIDGE, BEGINS + dt.timedelta(hours=first), hours * HOUR, factor_ppm=percent * 10_000)


def trucks(plan, crossing=BRIDGE):
    """Other people's trucks at a crossing, one tuple each."""
    row = plan.crossings.ids.index(crossing)
    own = slice(plan.background.first[row], plan.background.first[row + 1])
    columns = [item.name for item in fields(plan.background) if item.name != "first"]
    return list(zip(*(getattr(plan.background, name)[own].tolist() for name in columns), strict=True))


def arrivals(found):
    return np.array([truck[0] for truck in found])


def inside(found, first=222, hours=10):
    return [truck for truck in found if first * HOUR <= truck[0] < (first + hours) * HOUR]


def test_a_surge_adds_trucks_in_its_hours_and_moves_nobody_elses(tiny):
    plain, more = plan_of(tiny, scenario()), plan_of(tiny, scenario(shocks=(surge(150),)))
    before, after = Counter(trucks(plain)), Counter(trucks(more))
    added = list((after - before).elements())
    assert not before - after
    assert len(inside(added)) == len(added)
    expected = 0.5 * len(inside(trucks(plain)))
    assert abs(len(added) - expected) < 5 * np.sqrt(3 * expected)  # Poisson numbers on both sides
    assert (np.diff(arrivals(trucks(more))) >= 0).all()
    assert trucks(more, "bridge/ca") == trucks(plain, "bridge/ca")
    assert same(plain, more, ("loads", "schedule", "seeds", "lanes", "calendars"))
    for item in fields(plain.crossings):
        if item.name not in ("open_standard", "open_fast"):  # which follow what came
            assert np.array_equal(getattr(plain.crossings, item.name), getattr(more.crossings, item.name)), item.name


def test_added_trucks_share_the_swing_of_the_hour_with_the_others(tiny):
    """Doubled trucks vary together: the variance of the sum is that of one stream at twice the rate."""
    swinging = replace(tiny.crossings[BRIDGE], dispersion_cv=1.0, background_weekday=20_000.0)
    wild = replace(tiny, crossings=MappingProxyType({**tiny.crossings, BRIDGE: swinging}), digest="wild")
    plain, more = plan_of(wild, scenario()), plan_of(wild, scenario(shocks=(surge(200, 96, 300),)))
    hour = np.bincount(arrivals(trucks(plain)) // HOUR, minlength=600)[96:396]
    both = np.bincount(arrivals(trucks(more)) // HOUR, minlength=600)[96:396]
    assert np.corrcoef(hour, both - hour)[0, 1] > 0.95


def test_a_surge_below_one_takes_trucks_away_and_a_milder_one_fewer_of_the_same(tiny):
    plain, half, most = (plan_of(tiny, scenario(shocks=x)) for x in ((), (surge(50),), (surge(80),)))
    everybody, left, more_left = (Counter(trucks(plan)) for plan in (plain, half, most))
    assert not left - more_left
    assert not more_left - everybody
    gone = list((everybody - left).elements())
    assert inside(gone) == gone
    total = len(inside(trucks(plain)))
    assert abs(len(gone) - total / 2) < 5 * np.sqrt(total / 4)


def test_nobody_comes_at_a_factor_of_nothing_and_everybody_at_one(tiny):
    assert not inside(trucks(plan_of(tiny, scenario(shocks=(surge(0),)))))
    assert plan_of(tiny, scenario(shocks=(surge(100),))).digest() == plan_of(tiny, scenario()).digest()


def test_demand_takes_lots_evenly_from_its_interval(tiny):
    """500 lots a week; nine tenths of two weeks' are 900, and the week before stays as it was."""
    shock = Shock("demand", "plant/michigan", BEGINS + dt.timedelta(days=7), 14 * DAY, factor_ppm=900_000)
    plain, less = plan_of(tiny, scenario()), plan_of(tiny, scenario(shocks=(shock,)))
    first = 7 * DAY
    assert (plain.schedule.due_s >= first).sum() == 1_000
    assert (less.schedule.due_s >= first).sum() == 900
    assert np.array_equal(plain.schedule.due_s[:500], less.schedule.due_s[:500])
    kept = np.isin(plain.schedule.due_s[500:], less.schedule.due_s[500:])
    assert set(np.diff(np.flatnonzero(~kept))) == {10}
    assert same(plain, less, ("background", "crossings", "seeds", "calendars"))
    by_recipe = replace(shock, at="plant/michigan/car")
    assert plan_of(tiny, scenario(shocks=(by_recipe,))).digest() == less.digest()


@given(
    due=st.lists(st.integers(0, 200), max_size=60).map(sorted),
    first=st.integers(0, 200),
    length=st.integers(1, 200),
    factor_ppm=st.integers(0, 4_000_000),
)
def test_demand_swings_by_whole_parts_of_the_slots_so_far(due, first, length, factor_ppm):
    found = swung(np.array(due, dtype=np.int64), (first, first + length, factor_ppm)).tolist()
    expected = []
    seen = 0
    for second in due:
        if first <= second < first + length:
            seen += 1
            expected += [second] * (seen * factor_ppm // PPM - (seen - 1) * factor_ppm // PPM)
        else:
            expected.append(second)
    assert found == expected


def test_more_vehicles_are_built_where_more_are_asked_for_and_lines_have_time(tiny):
    """Sixteen hours of 57.6 s a car are a full day; at nine tenths of the usual demand a tenth more is the usual."""
    usual = scenario(demand={"plant/michigan/car": 800})
    shock = Shock("demand", "plant/michigan", BEGINS + dt.timedelta(days=7), 14 * DAY, factor_ppm=1_250_000)
    plan = plan_of(tiny, replace(usual, shocks=(shock,)))
    assert plan.schedule.due_s.size == 400 + 1_000
    ledger = simulate(plan)
    check_balances(plan, ledger)
    assert not ledger.loads.is_lost.any()


def test_front_loading_of_others_is_brought_ahead_evenly_and_missing_afterwards(tiny):
    """40 % of them bring three days ahead of a date in ten: 12 % more for ten days, 40 % fewer for three."""
    ahead = Shock("front_loading", "US", BEGINS + dt.timedelta(days=4), 10 * DAY, ahead_s=3 * DAY)
    asked = scenario(shocks=(ahead,), parameters=AT_ONCE)
    factors = hourly_factors(tiny, asked.shocks, asked.clock(), asked.values())
    assert set(factors) == {BRIDGE}  # the other direction leads elsewhere
    lift = factors[BRIDGE] - 1
    assert lift[4 * 24 : 14 * 24] == pytest.approx(0.12)
    assert lift[14 * 24 : 17 * 24] == pytest.approx(-0.4)
    assert not np.delete(lift, range(4 * 24, 17 * 24)).any()
    assert lift.sum() == pytest.approx(0)


def test_front_loading_of_others_is_used_up_in_weeks(tiny):
    """Three days used up in two weeks: 3/14 of 40 % fewer; a second date after one week keeps the other half."""
    two_weeks = {"others_used_up_weeks": "2 weeks"}
    one = Shock("front_loading", "US", BEGINS + dt.timedelta(days=1), 5 * DAY, ahead_s=3 * DAY)
    asked = scenario(shocks=(one,), parameters=two_weeks)
    lift = hourly_factors(tiny, asked.shocks, asked.clock(), asked.values())[BRIDGE] - 1
    days = [0.0, *[0.4 * 3 / 5] * 5, *[-0.4 * 3 / 14] * 14, 0.0]
    assert lift[: 24 * len(days)] == pytest.approx(np.repeat(days, 24))
    assert lift.sum() == pytest.approx(0)
    two = Shock("front_loading", "US", BEGINS + dt.timedelta(days=13), 2 * DAY, ahead_s=DAY)
    asked = scenario(shocks=(one, two), parameters=two_weeks)
    lift = hourly_factors(tiny, asked.shocks, asked.clock(), asked.values())[BRIDGE] - 1
    days = [0.0, *[0.4 * 3 / 5] * 5, *[-0.4 * 3 / 14] * 7, *[0.2] * 2, *[-0.4 * 2.5 / 14] * 14, 0.0]
    assert lift[: 24 * len(days)] == pytest.approx(np.repeat(days, 24))
    assert lift.sum() == pytest.approx(0)


def test_front_loading_of_others_keeps_to_one_origin_and_multiplies_with_a_surge(tiny):
    """Five days in ten: 40 % x 5 / 10."""
    ahead = Shock("front_loading", "US", BEGINS + dt.timedelta(days=4), 10 * DAY, ahead_s=5 * DAY, origin="CA")
    asked = scenario(shocks=(ahead, surge(150, 4 * 24, 24)))
    factors = hourly_factors(tiny, asked.shocks, asked.clock(), asked.values())
    assert factors[BRIDGE][4 * 24 : 5 * 24] == pytest.approx(1.5 * 1.2)
    assert factors[BRIDGE][5 * 24] == pytest.approx(1.2)
    elsewhere = scenario(shocks=(replace(ahead, origin="MX"),))
    assert hourly_factors(tiny, elsewhere.shocks, elsewhere.clock(), elsewhere.values()) == {}


@pytest.mark.parametrize("turned", [False, True])
def test_what_others_have_in_store_is_kept_for_a_second_date(tiny, turned):
    """Four days in eight; a day of it is used up, then three days in three on top: six are missing in the end."""
    one = Shock("front_loading", "US", BEGINS + dt.timedelta(days=1), 8 * DAY, ahead_s=4 * DAY)
    two = Shock("front_loading", "US", BEGINS + dt.timedelta(days=10), 3 * DAY, ahead_s=3 * DAY)
    asked = scenario(shocks=(two, one) if turned else (one, two), parameters=AT_ONCE)
    lift = hourly_factors(tiny, asked.shocks, asked.clock(), asked.values())[BRIDGE] - 1
    days = [0.0, *[0.2] * 8, -0.4, *[0.4] * 3, *[-0.4] * 6, 0.0]
    assert lift[: 24 * len(days)] == pytest.approx(np.repeat(days, 24))
    assert lift.sum() == pytest.approx(0)


def test_dates_of_others_that_overlap_are_used_up_after_the_last(tiny):
    one = Shock("front_loading", "US", BEGINS + dt.timedelta(days=1), 4 * DAY, ahead_s=2 * DAY)
    two = Shock("front_loading", "US", BEGINS + dt.timedelta(days=3), 4 * DAY, ahead_s=2 * DAY)
    asked = scenario(shocks=(one, two), parameters=AT_ONCE)
    lift = hourly_factors(tiny, asked.shocks, asked.clock(), asked.values())[BRIDGE] - 1
    days = [0.0, 0.2, 0.2, 0.4, 0.4, 0.2, 0.2, *[-0.4] * 4, 0.0]
    assert lift[: 24 * len(days)] == pytest.approx(np.repeat(days, 24))
