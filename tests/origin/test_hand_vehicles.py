"""Labour value and metals of a vehicle, reckoned by hand: each wage, credit, formula and purchase by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

import pytest

from sim.origin import determine
from sim.origin.finding import Finding
from sim.origin.reading import questions_of

CAR = """agreement: usmca
on: 2024-01-01
good: {name: car, hts: 8703.23, vehicle_class: passenger, use: vehicle, made_in: MX}
"""
NEW = CAR.replace("2024-01-01", "2027-08-02")  # steel must be melted in the region


def walked(findings: Iterable[Finding]) -> Iterator[Finding]:
    for finding in findings:
        yield finding
        yield from walked(finding.inner)


def found(text: str, test: str) -> Finding:
    (question,) = questions_of(text)
    return next(x for x in walked(determine(question).findings) if x.test == test)


def plant(more: str, section: str = "net_cost: 100, high_wage_materials: 20") -> str:
    return CAR + f"labour_value:\n  {{{section}, plants: [{{name: P, country: US, {more}}}]}}\n"


@pytest.mark.parametrize(
    ("pay", "passes"),
    [
        ("wage: 16", True),
        ("wage: 15.99", False),
        ("pay: 640, per: week, hours: 40", True),
        ("pay: 639, per: week, hours: 40", False),
        ("pay: 2704, per: month, hours: 39", True),  # 39 x 52 / 12 = 169 hours
        ("pay: 2703, per: month, hours: 39", False),
        ("pay: 33280, per: year, hours: 40", True),  # 2,080 hours
        ("pay: 33279, per: year, hours: 40", False),
        ("pay: 320, hours: 20", True),
        ("high_wage: no, wage: 99", False),
    ],
)
def test_a_wage_by_the_hour_against_sixteen_dollars(pay: str, passes: bool) -> None:
    assert found(plant(pay), "wage of P").passes is passes


def test_a_wage_that_is_not_known_is_asked_for() -> None:
    assert found(plant("labour: 1"), "wage of P").needs == ("wage of P",)
    assert found(plant("pay: 640, per: week"), "wage of P").needs == ("wage of P",)
    (need,) = found(plant("wage: 30, currency: EUR"), "wage of P").needs
    assert need.startswith("wage of P in a currency with a floor (")
    assert need.endswith("), not EUR")


def test_what_a_plant_of_high_wage_brings_counts_and_another_does_not() -> None:
    """(5 + 20 + 10) / 100; below the floor 20 / 100 alone."""
    told = found(plant("wage: 16, labour: 5, materials: 10"), "labour value content")
    assert told.values["material_points"] == 35
    told = found(plant("wage: 15, labour: 5, materials: 10"), "labour value content")
    assert told.values["material_points"] == 20


def test_purchases_with_labour_in_both_places_or_in_neither() -> None:
    """10 of 40 is 25 %; with 10 of labour in both 20 of 50 is 40 %; with labour of 0.4 of the best share it stays."""
    section = "formula: purchases, high_wage_purchases: 10, total_purchases: 40, high_wage_labour: 10"
    told = found(CAR + f"labour_value: {{{section}}}\n", "labour value content")
    assert (told.values["material_points"], told.values["without_labour_pct"], told.values["with_labour_pct"]) == (
        40,
        25,
        40,
    )
    neither = found(CAR + f"labour_value: {{{section}, count_labour: no}}\n", "labour value content")
    assert neither.values["material_points"] == 25


@pytest.mark.parametrize(
    ("section", "need"),
    [
        ("formula: purchases, total_purchases: 40", "high_wage_purchases"),
        ("formula: purchases, high_wage_purchases: 40", "total_purchases"),
        ("formula: net_cost, net_cost: 40", "high_wage_materials"),
        ("formula: net_cost, high_wage_materials: 40", "net_cost"),
    ],
)
def test_each_formula_names_what_it_needs(section: str, need: str) -> None:
    told = found(CAR + f"labour_value: {{{section}}}\n", "labour value content")
    assert (told.passes, told.needs) == (None, (need,))


@pytest.mark.parametrize(
    ("points", "passes", "total"),
    [("25 %", True, 40), ("24.99 %", False, Fraction(3999, 100)), ("27 %", True, 42)],
)
def test_points_as_they_are_stated(points: str, passes: bool, total: Fraction) -> None:
    """Forty in all, twenty-five of them material and labour; ten of technology and five of assembly at most."""
    text = CAR + f"labour_value: {{material_points: {points}, technology: 10 %, assembly: yes}}\n"
    told = found(text, "labour value content")
    assert (told.passes, told.values["lvc_pct"]) == (passes, total)


def test_a_total_is_parted_from_the_top() -> None:
    """A total of 40 beside 28 of material leaves 12: ten of technology at most, two of assembly."""
    told = found(CAR + "labour_value: {total: 40 %, material_points: 28 %}\n", "labour value content")
    assert [told.values[f"{name}_points"] for name in ("material", "technology", "assembly")] == [28, 10, 2]


@pytest.mark.parametrize(
    ("more", "passes"),
    [
        ("product: engine, capacity: 100000", True),
        ("product: engine, capacity: 99999", False),
        ("product: engine, capacity: 100000, contract_years: 3", True),
        ("product: engine, capacity: 100000, contract_years: 2", False),
        ("product: battery, capacity: 25000", True),
        ("product: battery, capacity: 24999", False),
    ],
)
def test_a_plant_earns_the_assembly_credit_by_capacity_and_contract(more: str, passes: bool) -> None:
    section = f"net_cost: 100, high_wage_materials: 20, assembly: {{name: A, country: US, wage: 16, {more}}}"
    text = CAR + f"labour_value: {{{section}}}\n"
    assert found(text, "high-wage assembly").passes is passes
    assert found(text, "labour value content").values["assembly_points"] == (5 if passes else 0)
    poor = text.replace("wage: 16", "wage: 15")
    assert found(poor, "high-wage assembly").passes is False


def metals(steel: str, more: str = "", head: str = CAR) -> str:
    return head + f"metals: {{steel: {steel}, aluminium: 75 %{more}}}\n"


def bought(*rows: str) -> str:
    return (
        "{purchases: [" + ", ".join(f"{{name: {name}, {row}}}" for name, row in zip("abcd", rows, strict=False)) + "]}"
    )


def test_seventy_percent_of_each_metal() -> None:
    for steel, passes in (("70 %", True), ("69.99 %", False), ("{originating: 7, total: 10}", True)):
        told = found(metals(steel), "steel and aluminium")
        assert told.passes is passes
    whole = "{originating: 6, total: 10}"
    told = found(CAR + f"metals: {{steel: {whole}, aluminium: {{originating: 9, total: 10}}}}\n", "steel and aluminium")
    assert (told.passes, told.values["both_metals_pct"]) == (False, 75)  # each by itself, not the sum


def test_purchases_of_other_codes_and_purposes_are_not_counted() -> None:
    """7 of 10 of the table's codes; tooling and a code of plastics would make it 7 of 30."""
    text = bought(
        "hts: 7210.49, value: 7, originating: yes",
        "hts: 7210.49, value: 3, originating: no",
        "hts: 7210.49, value: 10, originating: no, purpose: tooling",
        "hts: 3926.90, value: 10, originating: no",
    )
    told = found(metals(text), "steel")
    assert (told.passes, told.values["steel_pct"], told.arithmetic) == (True, 70, "7 / 10 = 70 %")


def test_a_purchase_names_what_it_needs() -> None:
    text = bought("hts: 7210.49, value: 7", "hts: 8708.29, originating: yes, value: 3")
    told = found(metals(text), "steel")
    assert told.passes is None
    assert told.needs[0] == "whether a originates"
    assert found(metals("{originating: 7}"), "steel").needs == ("originating and total purchases of steel",)
    lone = found(CAR + "metals: {steel: 75 %}\n", "aluminium")
    assert lone.needs == ("purchases of aluminium",)


def test_an_estimate_rests_on_a_period_to_date_and_is_checked() -> None:
    estimate = ", estimate: yes, period: "
    assert found(metals("75 %", estimate + "previous_fiscal_year"), "steel").passes is False
    assert found(metals("75 %", estimate + "quarter_to_date"), "steel").passes is True
    told = found(metals("{share: 75 %, year_end: {share: 60 %}}", estimate + "quarter_to_date"), "steel")
    assert (told.passes, told.values["steel_year_end_pct"]) == (False, 60)
    assert told.words == "Estimated 75 %, came out at 60 %; 70 % is asked."


def test_steel_melted_elsewhere_no_longer_counts_from_2027() -> None:
    """8 of 10 less 1.5 melted elsewhere is 65 %; before the melt rule all 8 count."""
    steel = "{originating: 8, total: 10, melted_elsewhere: 1.5}"
    assert found(metals(steel), "steel").values["steel_pct"] == 80
    told = found(metals(steel, head=NEW), "steel")
    assert (told.passes, told.values["steel_pct"]) == (False, 65)
    assert told.arithmetic == "(8 - 1.50 melted elsewhere) / 10 = 65 %"


@pytest.mark.parametrize(
    ("row", "counts"),
    [
        ("melted_in: US", True),
        ("melted_in: CN", False),
        ("made_in_region: yes, melted_in: CN", True),
        ("made_in_region: no, melted_in: US", False),
    ],
)
def test_where_steel_was_melted_decides_whether_a_purchase_counts(row: str, counts: bool) -> None:
    text = bought(f"hts: 7210.49, value: 8, originating: yes, {row}", "hts: 7210.49, value: 2, originating: no")
    told = found(metals(text, head=NEW), "steel")
    assert told.values["steel_pct"] == (80 if counts else 0)
    assert ("not counted: a (melted in" in told.arithmetic) is not counts
    unknown = bought("hts: 7210.49, value: 8, originating: yes")
    assert found(metals(unknown, head=NEW), "steel").needs == ("whether a originates and where it was melted",)


def test_a_test_that_is_stated_or_spared() -> None:
    assert found(CAR + "metals: {met: no}\n", "steel and aluminium").passes is False
    assert found(metals("10 %", ", exempt: yes"), "steel and aluminium").passes is True
