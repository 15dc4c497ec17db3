"""Origin files that cannot be understood: every problem at once, with its line and its remedy."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from sim.errors import LawError
from sim.origin import OriginError, determine, determine_file
from sim.origin.numbers import share, show, show_share, within
from sim.origin.reading import questions_of
from sim.reading import Node
from sim.yaml_text import Document


def _problems(text: str) -> str:
    with pytest.raises(OriginError) as raised:
        questions_of(text, "bearing.yaml")
    return str(raised.value)


def test_all_problems_come_at_once_in_the_order_of_the_file() -> None:
    text = """
agreement: usmca
on: 15 July 2023
good: {name: bearing, hts: 84x, made_in: Mexico}
rule: {kind: both, net_cost: 150 %}
materials:
  - {name: ring, value: 12 %, status: foreign, fright: 3}
  - {value: 1}
costs: {period: -2, vnm: 3, non_originating_materials: 4}
inventory: {method: first}
"""
    assert _problems(text) == (
        "bearing.yaml: 13 problems\n"
        "  line 3, on: '15 July 2023' is not a date. Write it as 2025-04-03.\n"
        "  line 4, good.hts: '84x' is not a tariff code. Write two to ten digits, such as '8708.30'.\n"
        "  line 4, good.made_in: 'Mexico' is not a country by its letters. Did you mean 'MX' (Mexico)?\n"
        "  line 5, rule.net_cost: '150 %' lies outside 0 to 100 %. Write it as '60 %' or 0.6.\n"
        "  line 5, rule: a rule of kind 'both' needs 'change': chapter, heading or subheading.\n"
        "  line 7, materials[0].fright: unknown key 'fright'. Did you mean 'inland_freight'?\n"
        "  line 7, materials[0].value: '12 %' is not a number. Write it as 1234.50 or 1,234.50, "
        "without a percent sign.\n"
        "  line 7, materials[0].status: 'foreign' is not allowed. Allowed values of 'status': non_originating, "
        "originating.\n"
        "  line 8, materials[1]: the key 'name' is missing.\n"
        "  line 9, costs.vnm: 'vnm' and 'non_originating_materials' are the same. Write one of them.\n"
        "  line 9, costs.period: '-2' is negative. Write zero or more.\n"
        "  line 10, inventory.method: 'first' is not allowed. Allowed methods: average, fifo, lifo, specific.\n"
        "  line 10, inventory: write 'movements', or 'opening', 'receipts' and 'shipments'."
    )


def test_a_good_is_asked_for() -> None:
    assert _problems("agreement: usmca") == (
        "bearing.yaml: line 1: says nothing about a good. "
        "Write 'good:', 'materials:' or a section such as 'inventory:'."
    )


def test_an_alternative_rule_stands_alone() -> None:
    text = "good: x\nrule:\n  kind: both\n  alternatives:\n    - {kind: tariff_shift, change: heading}\n"
    assert _problems(text) == (
        "bearing.yaml: line 3, rule.kind: 'kind' stands beside 'alternatives'. Write it inside each alternative."
    )


def test_what_entries_share_is_complained_of_once() -> None:
    text = (
        "agreement: usmca\non: tomorrow\ngoods:\n  - {good: a, costs: {period: 1}}\n  - {good: b, costs: {period: 1}}\n"
    )
    assert _problems(text) == "bearing.yaml: line 2, on: 'tomorrow' is not a date. Write it as 2025-04-03."


def test_entries_may_say_otherwise_than_the_file() -> None:
    text = (
        "agreement: usmca\non: 2023-07-15\ngoods:\n  - {good: a, costs: {period: 1}}\n  - {good: b, on: 2021-01-01}\n"
    )
    first, second = questions_of(text)
    assert (str(first.on), str(second.on)) == ("2023-07-15", "2021-01-01")
    assert first.agreement == second.agreement == "usmca"


def test_an_unknown_agreement_names_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "good.yaml"
    path.write_text("agreement: uscma\non: 2023-07-15\ngood: x\nmaterials: [{name: a, value: 1}]\n")
    with pytest.raises(OriginError) as raised:
        determine_file(path)
    assert str(raised.value) == f"{path}: line 1, agreement: 'uscma' is not allowed. Did you mean 'usmca'?"


def test_an_agreement_not_in_force_gives_no_origin() -> None:
    (question,) = questions_of("agreement: usmca\non: 2023-07-15\ngood: x\nmaterials: [{name: a, value: 1}]\n")
    with pytest.raises(LawError) as raised:
        determine(replace(question, on=dt.date(2019, 7, 15)))
    assert str(raised.value) == "agreements/usmca: is not in force on 2019-07-15, so it gives no origin that day."


def test_every_day_on_which_the_agreement_is_not_in_force_is_told() -> None:
    text = (
        "agreement: usmca\nmaterials: [{name: a, value: 1}]\ngoods:\n"
        "- {good: x, on: 2019-07-15}\n- {good: y, on: 2018-01-01}\n"
    )
    assert _problems(text) == (
        "bearing.yaml: 2 problems\n"
        "  line 4, goods[0].on: usmca is not in force on 2019-07-15, so it gives no origin that day.\n"
        "  line 5, goods[1].on: usmca is not in force on 2018-01-01, so it gives no origin that day."
    )


def test_shares_and_weights_of_fibres_do_not_mix() -> None:
    text = (
        "good: coat\ntextile:\n  fibres:\n    - {name: outer, share: 100 %, status: originating}\n"
        "    - {name: lining, weight: 100, status: originating, disregarded: yes}\n"
        "    - {name: pocket bag, weight: 10, status: non_originating}\n"
    )
    assert _problems(text) == (
        "bearing.yaml: line 3, textile.fibres: some fibres have a 'share' and some a 'weight'. "
        "Write one of them for all."
    )


def test_a_missing_day_is_a_missing_fact() -> None:
    (question,) = questions_of(
        "agreement: usmca\ngood: x\nrule: {kind: regional_value, net_cost: 50 %}\ncosts: {net_cost: 2, vnm: 1}\n"
    )
    answer = determine(question)
    assert (answer.status, answer.unresolved) == ("unresolved", ("on (the day of importation)",))


def test_a_good_alone_names_its_rule_and_what_it_needs() -> None:
    (question,) = questions_of("agreement: usmca\non: 2023-07-15\ngood: {name: pump, hts: 8413.30, made_in: MX}\n")
    answer = determine(question)
    assert answer.rule == (
        "Principal part: a change from any other heading, or a regional value content of 70 % by net cost or 80 % by "
        "transaction value"
    )
    assert answer.unresolved == (
        "materials with their tariff codes",
        "costs (other_product, period, other; or total_cost; or net_cost)",
        "materials, or costs.non_originating_materials",
        "transaction_value",
    )


def test_an_answer_is_plain_data() -> None:
    (question,) = questions_of(
        "agreement: usmca\non: 2023-07-15\nquestion: q\nsource: s\ngood: x\n"
        "rule: {kind: regional_value, net_cost: 50 %}\ncosts: {net_cost: 3, vnm: 1}\n"
    )
    found = determine(question).as_dict()
    assert list(found) == [
        "id",
        "name",
        "question",
        "source",
        "agreement",
        "on",
        "rule",
        "status",
        "values",
        "unresolved",
        "findings",
        "checks",
    ]
    assert found["values"]["rvc_pct"] == pytest.approx(200 / 3)
    assert found["values"]["vnm"] == 1
    assert found["status"] == "originating"
    assert determine(question).text() == (
        "x under usmca on 2023-07-15: originating\n"
        "  q\n"
        "  Rule: a regional value content of 50 % by net cost\n"
        "  regional value content [met]: Regional value content 66.6667 % reaches 50 % of net cost.\n"
        "    VNM: non-originating materials 1. (NC 3 - VNM 1) / NC 3 = 66.6667 %; asked 50 %\n"
        "    [SOR/2020-155, section 7]\n"
        "    net cost: Net cost is 3.\n"
        "      [SOR/2020-155, sections 1(6) and 7(11)-(12)]\n"
        "  Source: s"
    )


def test_shares_and_numbers_as_a_reader_writes_them() -> None:
    problems: list[object] = []
    document = Document({}, {}, Path("x"))
    node = Node("62.5 %", (), document, problems)  # type: ignore[arg-type]
    assert (show_share(share(node)), show(share(node) * 8), problems) == ("62.5 %", "5", [])
    assert within("8414", ("8413-8415",)) is True
    assert within("8416", ("8413-8415",)) is False
    assert within("84", ("8413",)) is None
