"""What an origin file gets wrong is told with its line, and what it contradicts or expects is told in the answer."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from sim.errors import LawError
from sim.law import load_law
from sim.origin import Answer, OriginError, determine, determine_file
from sim.origin.agreement_terms import terms_of
from sim.origin.good import TREATMENTS
from sim.origin.materials import NO_STATEMENT
from sim.origin.reading import questions_of
from sim.origin.vehicles.heavy_vehicles import OPTIONS
from sim.origin.vehicles.tracing import TREATMENTS as TRACED

LAW = "agreement: usmca\non: 2024-01-01\n"


def problems(text: str) -> str:
    with pytest.raises(OriginError) as raised:
        questions_of(text, "car.yaml")
    return str(raised.value)


def answer(text: str) -> Answer:
    (question,) = questions_of(text)
    return determine(question)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("labour_value: {technology: 14}", "labour_value.technology"),
        ("core_parts: {threshold: 14}", "core_parts.threshold"),
        ("averaging: {threshold: 14}", "averaging.threshold"),
        ("rule: {kind: regional_value, net_cost: 14}", "rule.net_cost"),
        ("metals: {steel: 14}", "metals.steel"),
        ("national: {limit: 14}", "national.limit"),
    ],
)
def test_a_bare_number_above_one_is_no_share_anywhere(text: str, place: str) -> None:
    assert problems(text) == f"car.yaml: line 1, {place}: '14' is above 1. Write '14 %' or 0.14."


def test_one_may_mean_a_hundredth_or_all() -> None:
    assert problems("related_sales: 1") == (
        "car.yaml: line 1, related_sales: '1' may mean 1 % or all of it. Write '1 %' or '100 %'."
    )


@pytest.mark.parametrize("text", ["14 %", "14%", "0.14", "7/50"])
def test_shares_of_one_reader(text: str) -> None:
    (question,) = questions_of(f"related_sales: {text}")
    assert question.related_sales == Fraction(14, 100)


def test_treatments_are_a_closed_set() -> None:
    assert {*TREATMENTS} == {*TRACED, *OPTIONS, NO_STATEMENT}
    assert problems("materials:\n  - {name: axle, value: 3, treatment: by_statment}") == (
        "car.yaml: line 2, materials[0].treatment: 'by_statment' is not allowed. Did you mean 'by_statement'?"
    )


def test_countries_are_checked_everywhere() -> None:
    text = """good: {name: car, made_in: Mex}
materials:
  - {name: a, value: 3, by_country: {USA: 3}}
labour_value: {plants: [{name: P, country: USA}]}
averaging: {sold_in: [US, Canada], basis: [us], made_in: MEX, units: [{net_cost: 2, vnm: 1, to: usa}]}
metals: {steel: {purchases: [{value: 5, melted_in: XX}]}}
national: {by_country: {USA: 5}, non_market: {China: 3}, asked: {USA: 50 %}}
"""
    assert problems(text) == (
        "car.yaml: 11 problems\n"
        "  line 1, good.made_in: 'Mex' is not a country. Did you mean 'MX'?\n"
        "  line 3, materials[0].by_country.USA: 'USA' is not a country. Did you mean 'US'?\n"
        "  line 4, labour_value.plants[0].country: 'USA' is not a country. Did you mean 'US'?\n"
        "  line 5, averaging.units[0].to: 'usa' is not a country. Did you mean 'US'?\n"
        "  line 5, averaging.basis[0]: 'us' is not a country. Did you mean 'US'?\n"
        "  line 5, averaging.sold_in[1]: 'Canada' is not a country by its letters. Did you mean 'CA' (Canada)?\n"
        "  line 5, averaging.made_in: 'MEX' is not a country. Did you mean 'MX'?\n"
        "  line 6, metals.steel.purchases[0].melted_in: 'XX' is not a country. "
        "Write two capital letters (ISO 3166), such as 'MX'.\n"
        "  line 7, national.by_country.USA: 'USA' is not a country. Did you mean 'US'?\n"
        "  line 7, national.non_market.China: 'China' is not a country by its letters. Did you mean 'CN' (China)?\n"
        "  line 7, national.asked.USA: 'USA' is not a country. Did you mean 'US'?"
    )


def test_facts_of_a_good_are_refused_with_their_line() -> None:
    text = """good:
  name: cart
  hts: 8703.21
  vehicle_class: passengers
  special: offroad
  fuel: disel
  plant: newmodel
  plant_since: 2003
  persons: lots
  fiscal_year_begins: October
  presentation: in pieces
"""
    assert problems(text) == (
        "car.yaml: 8 problems\n"
        "  line 4, good.vehicle_class: 'passengers' is not allowed. Did you mean 'passenger'?\n"
        "  line 5, good.special: 'offroad' is not allowed. Did you mean 'off_road'?\n"
        "  line 6, good.fuel: 'disel' is not allowed. Did you mean 'diesel'?\n"
        "  line 7, good.plant: 'newmodel' is not allowed. Did you mean 'new_model'?\n"
        "  line 8, good.plant_since: '2003' is not a date. Write it as 2025-04-03.\n"
        "  line 9, good.persons: 'lots' is neither a number nor a word for it. Write 12, or 'up_to_15' or "
        "'16_or_more'.\n"
        "  line 10, good.fiscal_year_begins: 'October' is no day of the year. Write month and day, such as 10-01.\n"
        "  line 11, good.presentation: 'in pieces' is not allowed. Allowed values of 'presentation': unassembled, "
        "with_its_parts."
    )


@pytest.mark.parametrize(("persons", "group"), [("12", "up_to_15"), ("16", "16_or_more")])
def test_persons_take_a_number_or_the_words(persons: str, group: str) -> None:
    good = "good: {name: bus, hts: 8702.10, use: vehicle, persons: %s}\n"
    assert answer(LAW + good % persons).rule == answer(LAW + good % group).rule != ""


def test_a_class_that_the_code_contradicts_has_its_line() -> None:
    assert problems(LAW + "good: {name: car, hts: 8703.23, vehicle_class: heavy_truck}") == (
        "car.yaml: line 3, good.vehicle_class: 8703.23 is the code of a passenger vehicle, not of a heavy truck."
    )


def test_law_that_does_not_answer_has_its_line() -> None:
    text = "agreement: usmca\ngoods:\n  - {good: x, on: 2019-07-15}\n  - {good: y, on: 2024-01-01, reforms: [none]}\n"
    message = problems(text)
    assert "line 3, goods[0].on: usmca is not in force on 2019-07-15, so it gives no origin that day." in message
    assert "line 4, goods[1].reforms: " in message


def test_a_fault_found_in_testing_names_the_good_and_its_line(tmp_path: Path) -> None:
    path = tmp_path / "car.yaml"
    path.write_text(
        f"{LAW}goods:\n  - good: {{name: car, hts: 8703.23, use: vehicle}}\n    costs: {{net_cost: 100}}\n"
        "    materials: [{name: V6, hts: 84.07, value: 60, status: non_originating}]\n"
        "    core_parts: {parts: {engine: {net_cost: 100, vnm: 10}}}\n"
    )
    with pytest.raises(OriginError) as raised:
        determine_file(path)
    assert str(raised.value) == (
        f"{path}: line 4, goods[0] (car): core_parts: engine is told of twice: as the material 'V6' too. "
        "Write 'core: engine' on that material."
    )


@pytest.mark.parametrize(
    ("costs", "words"),
    [
        (
            "net_cost: 100, total_cost: 50, other_product: 10, excluded: 3, vnm: 1",
            "The costs contradict each other: total cost 50 - excluded costs 3 = 47, and net cost stated 100. "
            "The net cost stated counts.",
        ),
        (
            "net_cost: 100, total_cost: 90, vnm: 1",
            "The costs contradict each other: total cost 90 is below the net cost stated 100. "
            "The net cost stated counts.",
        ),
        (
            "total_cost: 90, other_product: 60, period: 40, vnm: 1",
            "The costs contradict each other: their parts are 101, more than the total cost stated 90. "
            "The total cost stated counts.",
        ),
    ],
)
def test_costs_that_contradict_each_other_are_told(costs: str, words: str) -> None:
    found = answer(f"{LAW}good: x\nrule: {{kind: regional_value, net_cost: 50 %}}\ncosts: {{{costs}}}")
    assert words in " ".join(found.text().split())


@pytest.mark.parametrize(
    "costs", ["net_cost: 97, total_cost: 100, excluded: 3, vnm: 1", "net_cost: 97, period: 3, vnm: 1"]
)
def test_costs_that_agree_pass_without_a_word(costs: str) -> None:
    assert "contradict" not in answer(f"{LAW}good: x\ncosts: {{{costs}}}").text()


EXPECTING = (
    LAW + "good: x\nrule: {kind: regional_value, net_cost: 50 %%}\ncosts: {net_cost: 3, vnm: 1}\n"
    "expect: {status: %s, values: {rvc_pct: %s, vnm_limit: 1.5, vmn: 1}, passes: {regional value content: yes}}\n"
)


def test_what_is_expected_is_compared() -> None:
    found = answer(EXPECTING % ("not originating", 66.7))
    assert found.met is False
    assert found.text().endswith(
        "  expected status not originating: NOT MET, found originating\n"
        "  expected rvc_pct 66.7: met\n"
        "  expected vnm_limit 1.5: met\n"
        "  expected vmn 1: NOT MET, found no figure of that name. Did you mean 'vnm'?\n"
        "  expected regional value content yes: met"
    )
    assert found.as_dict()["checks"][:2] == [
        {"name": "status", "expected": "not originating", "found": "originating", "met": False},
        {"name": "rvc_pct", "expected": "66.7", "found": "66.666667", "met": True},
    ]


def test_an_expectation_that_is_none_is_refused() -> None:
    text = "good: x\ncosts: {net_cost: 3}\nexpect: {status: originates, value: {vnm: 3}, passes: {net cost: maybe}}"
    assert problems(text) == (
        "car.yaml: 3 problems\n"
        "  line 3, expect.value: unknown key 'value'. Did you mean 'values'?\n"
        "  line 3, expect.status: 'originates' is not allowed. Did you mean 'originating'?\n"
        "  line 3, expect.passes.net cost: 'maybe' is not allowed. Allowed verdicts: no, unresolved, yes."
    )


def test_no_expectation_is_met() -> None:
    found = answer(LAW + "good: x\ncosts: {net_cost: 3}")
    assert found.met is True
    assert found.as_dict()["checks"] == []


def test_a_sentence_without_figures_has_no_hole() -> None:
    found = answer(LAW + "good: x\nmaterials: [{name: a, status: non_originating}]")
    assert "Value of non-originating materials: not known." in found.text()


def test_a_good_without_code_and_rule_says_that_nothing_is_tested() -> None:
    word = "Figures only: no rule was asked. State 'hts' under 'good', or 'rule'."
    assert word in answer(LAW + "good: x\ncosts: {net_cost: 3, vnm: 1}").text()


def test_a_part_without_code_and_rule_is_asked_for_them() -> None:
    found = answer(
        LAW + "good: x\nrule: {kind: regional_value, net_cost: 50 %}\ncosts: {other_product: 50}\n"
        "materials: [{name: motor, value: 40, made_in: MX, costs: {net_cost: 36}}]"
    )
    assert found.unresolved == ("whether 'motor' originates (its 'status', or 'hts' or 'rule' to test it by)",)


def test_lots_are_drawn_as_they_are_identified() -> None:
    found = answer(
        "inventory:\n  method: specific\n  of: materials\n  movements:\n"
        "    - {on: 2024-01-10, in: 100, price: 1.00, status: originating, lot: A}\n"
        "    - {on: 2024-01-11, in: 100, price: 1.10, status: non_originating, lot: B}\n"
        "    - {on: 2024-01-20, out: 40, lot: B}\n    - {on: 2024-01-21, out: 30, lot: A}\n"
    )
    assert (found.values["vnm_1"], found.values["vnm_2"]) == (44, 0)


def test_a_lot_tells_nothing_under_other_methods() -> None:
    assert problems("inventory: {method: fifo, movements: [{on: 2024-01-10, in: 100, lot: A}]}") == (
        "car.yaml: line 1, inventory.movements[0].lot: 'lot' identifies units under the method 'specific' only."
    )


def test_names_of_an_assist_are_used() -> None:
    text = answer("assist: {name: mould, value: 100, material: sensor, supplier: Delta, buyer: Omega}").text()
    text = " ".join(text.split())
    assert "no separate cost of Omega" in text
    assert "For Delta it is an indirect material that cost nothing." in text


def test_an_opening_stock_stands_before_what_moves() -> None:
    text = "inventory: {method: fifo, opening: [{on: 2024-02-01, units: 5}], movements: [{on: 2024-01-10, out: 1}]}"
    assert problems(text) == (
        "car.yaml: line 1, inventory.opening[0]: the opening stock of 2024-02-01 comes after the first movement, "
        "of 2024-01-10."
    )


def test_all_keys_of_a_section_are_listed() -> None:
    message = problems("labour_value: {zzz: 1}")
    assert "technology_wages" in message
    assert " more." not in message


def test_purchases_of_metal_counted_are_told() -> None:
    metals = "{steel: 71 %, aluminium: 75 %, scope: exports_only, period: previous_fiscal_year}"
    found = answer(f"{LAW}good: {{name: car, hts: 8703.23, use: vehicle}}\nmetals: {metals}")
    words = next(x.words for x in found.findings if x.test == "steel and aluminium")
    assert words.endswith(" Purchases counted: for vehicles that are exported, previous fiscal year.")


def test_a_treatment_that_is_not_open_is_asked_again() -> None:
    found = answer(
        LAW + "good: {name: car, hts: 8703.32, use: vehicle}\ncosts: {net_cost: 100}\n"
        "materials: [{name: engine, hts: 8408.20, value: 40, status: non_originating, treatment: requirement, "
        "materials: [{name: block, hts: 8409.99, value: 12, status: non_originating}]}]"
    )
    need = "a treatment of engine among by_statement, full_value ('requirement' is not open here)"
    assert need in found.unresolved


def test_a_treatment_that_changes_nothing_is_told() -> None:
    found = answer(
        LAW + "good: x\nrule: {kind: regional_value, net_cost: 50 %}\ncosts: {net_cost: 100}\n"
        "materials: [{name: axle, value: 40, status: non_originating, treatment: requirement}]"
    )
    assert "VNM: axle 40 (treatment of axle not used: materials roll up)." in " ".join(found.text().split())


def test_amounts_of_two_currencies_are_not_added_up() -> None:
    assert problems("costs: {net_cost: USD 100, vnm: MXN 30, period: MXN 3}") == (
        "car.yaml: line 1, costs.vnm: 'MXN 30' is not in USD, as amounts before it are. "
        "Write all amounts in one currency."
    )
    questions_of("costs: {net_cost: USD 100}\nlabour_value: {plants: [{country: MX, wage: MXN 30}]}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "allocation: {amount: 5, basis: labour_hours, ratio_decimals: two, goods: {A: {labour_hours: 1}}}",
            "allocation.ratio_decimals: 'two' is not a number of decimals. Write a digit.",
        ),
        (
            "inventory: {method: fifo, movements: [{on: 2024-01-01, in: 1}], receipts: []}",
            "inventory.receipts: 'receipts' stands beside 'movements'. Write one or the other.",
        ),
        (
            "inventory: {method: fifo, movements: [{on: 2024-01-01, price: 1}]}",
            "inventory.movements[0]: write 'in' or 'out' with the number of units.",
        ),
        (
            "transaction_value: {price: 10, minus: {freight: 11}}",
            "transaction_value: more is taken off the price than it is.",
        ),
        (
            "rule: {kind: tariff_shift, change: heading, or_other: chapter}",
            "rule.or_other: 'or_other' stands beside 'from' only. Write the level under 'change'.",
        ),
        (
            "rule: {kind: tariff_shift, change: heading, except: [85.x]}",
            "rule.except[0]: '85.x' is neither a tariff code nor a range. Write '8708.30' or '52.08-52.12'.",
        ),
        (
            "materials: [{name: frame, designated: yes, self_produced: no}]",
            "materials[0].designated: only a material that the producer makes himself can be designated.",
        ),
        (
            "materials: [{name: bolts, value: 1, units: 2, unit_price: 3}]",
            "materials[0].unit_price: write 'units' and 'unit_price' together, or 'value' alone.",
        ),
        ("set: {value: 5}", "set: write 'components' or 'non_originating_share'."),
        ("textile: {component: body}", "textile: the key 'fibres' is missing."),
    ],
)
def test_what_stands_in_the_wrong_place_is_told(text: str, told: str) -> None:
    assert problems(text) == f"car.yaml: line 1, {told}"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OriginError) as raised:
        determine_file(tmp_path / "none.yaml")
    assert str(raised.value) == f"{tmp_path / 'none.yaml'}: cannot be read (No such file or directory)"


def test_an_agreement_that_does_not_exist_is_told() -> None:
    with pytest.raises(LawError) as raised:
        terms_of(load_law(), "usmka", date(2024, 1, 1))
    assert str(raised.value) == "law: no agreement named 'usmka'. Did you mean 'usmca'?"


def test_an_answer_is_headed_by_its_identity_and_the_name_of_the_good() -> None:
    text = answer("id: case 7\n" + LAW + "good: {name: press}\nmetals: {steel: 70 %, aluminium: 70 %}\n").text()
    assert text.splitlines()[0] == "case 7, press under usmca on 2024-01-01: computed"


@pytest.mark.parametrize(
    ("persons", "share"), [("16_or_more", "60 %"), ("16", "60 %"), ("up_to_15", "62.5 %"), ("15", "62.5 %")]
)
def test_an_engine_for_a_bus_goes_by_its_seats_in_figures_or_words(persons: str, share: str) -> None:
    """SOR/2020-155 s.20: a bus of up to fifteen persons is a light vehicle, one of sixteen a heavy one."""
    told = answer(LAW + f"good: {{name: engine, hts: 8407.34, vehicle_class: bus, persons: {persons}}}\n")
    assert f"a regional value content of {share} by net cost" in told.rule


def test_an_empty_list_of_goods_is_refused() -> None:
    assert problems("goods: []") == "car.yaml: line 1: 'goods' is empty. Write a list of goods."


def test_a_material_of_a_heavy_vehicle_of_which_facts_lack_cites_its_section() -> None:
    head = "agreement: nafta\non: 2010-05-01\n"
    head += "good: {name: truck, hts: 8704.23, vehicle_class: heavy_truck, use: vehicle}\n"
    told = answer(head + "costs: {net_cost: 60000}\nmaterials: [{name: bolt, value: 1}]\n").text()
    assert "material bolt:\n          [NAFTA Rules of Origin Regulations, SOR/94-14, section 10]" in told
