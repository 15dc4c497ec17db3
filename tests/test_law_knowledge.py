"""What is known of a law and when: reforms that makers reckon with, and reforms that tell an outcome too early."""

import datetime as dt

from sim.law import load_law
from sim.law.knowledge import Foreseen, foreseen, reckoned_with

VEHICLE = "agreements/usmca/vehicle_threshold"
JANUARY = dt.date(2027, 1, 4)


def test_a_reform_reckoned_with_is_known_on_the_day_and_not_before():
    """The proposal of 2026 is published on 1 July; who reckons with it on 22 June knows it from then on."""
    day = dt.date(2026, 6, 22)
    law = load_law()
    own = reckoned_with(law, ("us_2026_of_vehicle",), day)
    assert law.value(VEHICLE, JANUARY, day) == load_law(("us_2026_of_vehicle",)).value(VEHICLE, JANUARY, day) == 750_000
    assert own.value(VEHICLE, JANUARY, day) == 820_000
    assert own.value(VEHICLE, JANUARY, day - dt.timedelta(days=1)) == 750_000
    assert own.value(VEHICLE, JANUARY) == 820_000
    assert own.value(VEHICLE, dt.date(2026, 12, 31), day) == 750_000  # it begins when it says
    assert own.digest != law.digest


def test_what_was_told_earlier_keeps_its_day():
    day = dt.date(2026, 8, 1)
    own, after = reckoned_with(load_law(), ("us_2026_of_vehicle",), day), load_law(("us_2026_of_vehicle",))
    assert own.history(VEHICLE) == after.history(VEHICLE)
    assert reckoned_with(after, (), day) is after


def test_a_programme_that_a_reform_adds_is_reckoned_with_whole():
    day = dt.date(2025, 2, 10)
    path = "us/proposals/emergency_on_originating_2025"
    own = reckoned_with(load_law(), ("emergency_without_exemption_2025",), day)
    march = dt.date(2025, 3, 10)
    assert own.by_path[path].in_force(march, day)
    assert not load_law(("emergency_without_exemption_2025",)).by_path[path].in_force(march, day)


def test_a_reform_tells_too_early_what_it_publishes_before_the_day():
    before, after = load_law(), load_law(("emergency_not_paused_2025",))
    assert foreseen(before, after, dt.date(2025, 2, 3)) == ()
    told = dt.date(2025, 2, 3)
    assert foreseen(before, after, dt.date(2025, 2, 4)) == (
        Foreseen("us/ieepa/canada", told),
        Foreseen("us/ieepa/mexico", told),
    )


def test_to_say_again_what_is_known_tells_nothing():
    """The orders as first announced, told on the day on which everybody was told them, differ only after the pause."""
    before, after = load_law(), load_law(("tariff_25_canada_mexico_2025",))
    assert before.history("us/ieepa/canada") != after.history("us/ieepa/canada")
    assert foreseen(before, after, dt.date(2025, 2, 3)) == ()
    assert foreseen(before, after, dt.date(2025, 2, 4)) != ()


def test_what_a_reform_adds_or_relates_counts_as_told():
    before, after = load_law(), load_law(("emergency_without_exemption_2025",))
    path = "us/proposals/emergency_on_originating_2025"
    assert foreseen(before, after, dt.date(2025, 3, 6)) == ()
    assert {found.path for found in foreseen(before, after, dt.date(2025, 3, 7))} >= {path}
    related = foreseen(before, load_law(("mx_2026",)), dt.date(2026, 7, 2))
    assert "us/proposals/mexico_vehicles_15 over us/section_232/automobiles" in {found.path for found in related}
