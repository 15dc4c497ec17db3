"""Sections on vehicles of an origin file: what is refused, in whole, and exact sums."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.origin.determine import determine
from sim.origin.errors import OriginError
from sim.origin.good import Good, Question
from sim.origin.reading import questions_of
from sim.origin.vehicles import other_vehicles
from sim.origin.vehicles.core_parts import CorePart, CoreParts
from sim.origin.vehicles.core_parts import find as find_core
from sim.origin.vehicles.law_lookup import good_facts, law_of

FAULTS = """\
agreement: usmca
on: 2024-01-01
good: {name: car, hts: 8703.23, vehicle_class: passenger, use: vehicle}
core_parts:
  parts:
    motor: {net_cost: 3000, vnm: 900}
  method: super
labour_value:
  technology: 14 percent
  plants:
    - {name: Saltillo, country: MX, pay: 3000, per: fortnight}
metals:
  steel: {share: 72 %, period: yearly}
averaging:
  units: [{name: A, units: 3}]
  elected_on: 1 July
national: {base: world}
staging: {approved: maybe}
"""


def test_every_fault_is_told_with_its_line():
    with pytest.raises(OriginError) as error:
        questions_of(FAULTS, "car.yaml")
    assert error.value.text() == ERRORS


ERRORS = (
    "car.yaml: 10 problems\n"
    "  line 6, core_parts.parts.motor: 'motor' is no core part. Core parts are engine, transmission, "
    "body_and_chassis, axles, suspension, steering, battery.\n"
    "  line 7, core_parts.method: 'super' is not allowed. Did you mean 'super_core'?\n"
    "  line 9, labour_value.technology: '14 percent' is not a share. Write it as '60 %' or 0.6.\n"
    "  line 11, labour_value.plants[0].per: 'fortnight' is not allowed. Allowed periods: month, total, "
    "week, year.\n"
    "  line 13, metals.steel.period: unknown key 'period'. Allowed keys: melted_elsewhere, originating, "
    "purchases, share, total, year_end.\n"
    "  line 15, averaging.units[0]: the key 'net_cost' is missing.\n"
    "  line 15, averaging.units[0]: units take either 'vnm' or 'rvc'.\n"
    "  line 16, averaging.elected_on: '1 July' is not a date. Write it as 2025-04-03.\n"
    "  line 17, national.base: 'world' is not allowed. Allowed bases: regional, vehicle.\n"
    "  line 18, staging.approved: 'maybe' is neither yes nor no."
)


def parts():
    amounts = st.integers(min_value=1, max_value=10_000)
    names = ("engine", "transmission", "axles")
    return st.tuples(*(st.tuples(amounts, amounts) for _ in names)).map(
        lambda rows: tuple(
            CorePart(name, Fraction(foreign + own), Fraction(foreign), Fraction(foreign, 2), Fraction(foreign + own))
            for name, (own, foreign) in zip(names, rows, strict=True)
        )
    )


@given(parts())
def test_readings_are_ordered_and_methods_nested(made):
    """The strict reading never counts less than the panel's; what passes whole passes by its listed components."""
    section = CoreParts(made, threshold=Fraction(3, 4), others="originating")
    values = find_core(section, Question(Good("car")), None).values
    assert values["vnm_of_core_parts_panel"] <= values["vnm_of_core_parts_us_litigated"]
    assert values["vnm_of_core_parts_panel"] <= values["vnm_of_core_parts_us_strict"]
    if values["core_parts_pass"]:
        assert values["vnm_of_core_parts_panel"] == 0 <= values["vnm_of_core_parts_us_strict"]
    assert not values["each_passes"] or values["each_listed_passes"]
    assert not values["super_core_passes"] or values["super_core_listed_passes"]


def test_a_vehicle_in_sum_is_exact():
    text = (
        "agreement: usmca\non: 2024-01-01\ngood: {name: car, hts: 8703.32, use: vehicle}\ncosts: {net_cost: 3, vnm: 1}"
    )
    answer = determine(questions_of(text)[0])
    assert answer.values["rvc_pct"] == Fraction(200, 3)
    assert answer.status == "originating"


def test_the_reading_of_roll_up_is_told_with_its_source():
    text = (
        "agreement: usmca\non: 2024-01-01\nimporter: US\ngood: {name: car, hts: 8703.23, vehicle_class: passenger}\n"
        "core_parts: {others: originating, parts: {engine: {net_cost: 3000, vnm: 600, price: 3200}}}"
    )
    core = next(x for x in determine(questions_of(text)[0]).findings if x.test == "core parts")
    told = next(x for x in core.inner if x.test == "roll-up of core parts")
    assert told.words == (
        "On entry into US the reading is panel: a core part that originates by any method brings nothing foreign. "
        "Those told of bring 0."
    )
    assert told.arithmetic == "panel 0; us_litigated 0; us_strict 600"
    assert told.reference is not None
    assert told.reference.status == "assumption"


def test_a_part_of_untold_use_is_said_to_be_assumed():
    text = "agreement: usmca\non: 2024-01-01\ngood: {name: axle, hts: 8708.50}\ncosts: {net_cost: 100, vnm: 30}"
    answer = determine(questions_of(text)[0])
    words = " Taken as original equipment of a light vehicle (assumption); say 'for' and 'use' where it is not."
    assert answer.findings[0].words.endswith(words)
    told = determine(questions_of(text.replace("8708.50", "8708.50, for: light"))[0])
    assert "(assumption)" not in told.findings[0].words


def test_the_choice_of_other_vehicles_can_be_closed():
    text = (
        "agreement: usmca\non: 2024-01-01\ngood: {name: car, hts: 8703.32, use: vehicle}\ncosts: {net_cost: 100}\n"
        "materials: [{name: engine, hts: 8408.20, value: 40, status: non_originating, "
        "materials: [{name: block, hts: 8409.99, value: 12, status: non_originating}]}]"
    )
    question = questions_of(text)[0]
    rule = law_of(question).origin_rule("usmca", good_facts(question), question.on)
    found = other_vehicles.vnm(question, rule)
    assert found is not None
    assert found.values["vnm"] == 12
    assert found.reference is not None
    assert found.reference.status == "assumption"
    assert other_vehicles.vnm(question, replace(rule, listed_choice=False)) is None


def test_core_parts_in_brief():
    text = (
        "agreement: usmca\non: 2024-01-01\ngood: {name: car, hts: 8703.23, use: vehicle}\n"
        "core_parts: {others: none, parts: {engine: originating}}"
    )
    core = next(x for x in determine(questions_of(text)[0]).findings if x.test == "core parts")
    assert core.passes is True


def test_a_core_part_in_brief_takes_two_words():
    with pytest.raises(OriginError) as error:
        questions_of("good: {name: car}\ncore_parts: {parts: {axles: maybe}}", "car.yaml")
    assert error.value.text() == (
        "car.yaml: line 2, core_parts.parts.axles: 'maybe' is not allowed. Allowed states: none, originating."
    )
