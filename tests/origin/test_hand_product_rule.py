"""Product rules told in words, how their tests combine, and rules of the law as product rules."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from sim.law import load_law
from sim.origin.agreement_terms import terms_of
from sim.origin.finding import Finding
from sim.origin.good import ProductRule
from sim.origin.product_rule import all_of, any_of, find, judging, rule_of, words
from sim.origin.reading import questions_of
from tests.customs.hand import rule

HALF, SIXTY = Fraction(1, 2), Fraction(3, 5)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"kind": "imported"}, "importation from a country of the agreement"),
        ({"kind": "tariff_shift", "change": "heading"}, "a change from any other heading"),
        (
            {"kind": "tariff_shift", "change": "chapter", "excepted": ("8544", "740811")},
            "a change from any other chapter, except from 8544, 7408.11",
        ),
        (
            {"kind": "tariff_shift", "change": "subheading", "only_from": ("850120", "8503")},
            "a change of subheading from 8501.20, 8503",
        ),
        (
            {
                "kind": "tariff_shift",
                "change": "subheading",
                "only_from": ("850120",),
                "or_other": "heading",
                "excepted": ("74",),
            },
            "a change of subheading from 8501.20 or any other heading, except from 74",
        ),
        ({"kind": "regional_value", "net_cost": HALF}, "a regional value content of 50 % by net cost"),
        (
            {"kind": "regional_value", "net_cost": HALF, "transaction_value": SIXTY},
            "a regional value content of 50 % by net cost or 60 % by transaction value",
        ),
        (
            {"kind": "both", "change": "heading", "transaction_value": SIXTY},
            "a change from any other heading, and a regional value content of 60 % by transaction value",
        ),
        (
            {"kind": "either", "change": "heading", "net_cost": HALF},
            "a change from any other heading, or a regional value content of 50 % by net cost",
        ),
        (
            {
                "kind": "tariff_shift",
                "alternatives": (ProductRule("tariff_shift", "chapter"), ProductRule("regional_value", net_cost=HALF)),
            },
            "a change from any other chapter, or a regional value content of 50 % by net cost",
        ),
    ],
)
def test_a_product_rule_in_words(asked: dict[str, object], told: str) -> None:
    assert words(ProductRule(**asked)) == told  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("law", "kind", "change"),
    [
        ({"kind": "regional_value"}, "regional_value", ""),
        ({"kind": "regional_value", "change": "chapter"}, "both", "chapter"),
        ({"kind": "tariff_shift"}, "tariff_shift", "heading"),
        ({"kind": "tariff_shift", "change": "subheading"}, "tariff_shift", "subheading"),
        ({"kind": "either"}, "either", "heading"),
        ({"kind": "either", "change": "chapter"}, "either", "chapter"),
    ],
)
def test_a_rule_of_the_law_as_a_product_rule(law: dict[str, object], kind: str, change: str) -> None:
    found = rule_of(rule(threshold_ppm=625_000, transaction_threshold_ppm=600_000, **law))
    assert found == ProductRule(kind, change, (), (), Fraction(5, 8), SIXTY)


MET = Finding("a", True, "A is met.", values={"x_pct": 1}, needs=("nothing",))
ALSO = Finding("b", True, "B is met.", values={"y_pct": 2})
FAILED = Finding("c", False, "C fails.", values={"z_pct": 3})
OPEN = Finding("d", None, "D is open.", needs=("p", "q"))
OPEN_TOO = Finding("e", None, "E is open.", needs=("q", "r"))


@pytest.mark.parametrize(
    ("findings", "passes", "told", "needs"),
    [
        ((MET, ALSO), True, "A is met. B is met.", ()),
        ((MET, FAILED, OPEN), False, "C fails.", ()),
        ((MET, OPEN, OPEN_TOO), None, "D is open. E is open.", ("p", "q", "r")),
        ((), True, "", ()),
    ],
)
def test_all_of_several(findings: tuple[Finding, ...], passes: bool | None, told: str, needs: tuple[str, ...]) -> None:
    """One that fails decides and is told; what is open is asked for once; where all are met all are told."""
    found = all_of("both", findings)
    assert (found.test, found.passes, found.words, found.needs, found.inner) == ("both", passes, told, needs, findings)
    assert (found.arithmetic, found.reference) == ("", None)


@pytest.mark.parametrize(
    ("findings", "passes", "told", "needs"),
    [
        ((FAILED, MET, ALSO), True, "A is met.", ()),
        ((FAILED, OPEN, OPEN_TOO), None, "C fails. D is open. E is open.", ("p", "q", "r")),
        ((FAILED, FAILED), False, "C fails. C fails.", ()),
    ],
)
def test_any_of_several(findings: tuple[Finding, ...], passes: bool | None, told: str, needs: tuple[str, ...]) -> None:
    found = any_of("either", findings)
    assert (found.test, found.passes, found.words, found.needs, found.inner) == (
        "either", passes, told, needs, findings
    )  # fmt: skip
    assert (found.arithmetic, found.reference) == ("", None)


GOOD = "agreement: usmca\non: 2024-01-01\ngood: {name: unit, hts: 8471.30, made_in: CN}\n"


@pytest.mark.parametrize(
    ("exporter", "passes", "told", "needs"),
    [
        ("exporter: MX\n", True, "Imported from MX, a country of the agreement.", ()),
        ("exporter: CN\n", False, "Imported from CN, not a country of the agreement.", ()),
        ("", None, "Not stated where from.", ("exporter",)),
    ],
)
def test_goods_that_originate_by_importation(
    exporter: str, passes: bool | None, told: str, needs: tuple[str, ...]
) -> None:
    (question,) = questions_of(GOOD.replace("good:", f"{exporter}good:", 1))
    terms = terms_of(load_law(), "usmca", dt.date(2024, 1, 1))
    found = find(question, ProductRule("imported"), judging(question, terms))
    assert (found.test, found.passes, found.words, found.needs) == ("importation", passes, told, needs)
    assert found.reference == terms.reference("production")


KIT = """agreement: usmca
on: 2024-01-01
good: {name: motor, hts: 8501.10, made_in: MX}
transaction_value: 100
materials:
  - name: rotor
    hts: 8501.20
    value: 60
    made_in: MX
    rule: {kind: %s, change: chapter, net_cost: 50 %%}
    costs: {net_cost: 40}
    materials: [{name: bar, hts: 7407.10, value: 25, status: non_originating}]
rule: {kind: tariff_shift, change: heading}
"""


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("tariff_shift", "originates. Every non-originating material changes classification as the rule asks."),
        ("either", "originates. Every non-originating material changes classification as the rule asks."),
        ("regional_value", "does not originate. Regional value content 37.5 % is below 50 % of net cost."),
        ("both", "does not originate. Regional value content 37.5 % is below 50 % of net cost."),
    ],
)
def test_a_material_with_facts_of_its_own_is_judged_as_a_good(kind: str, told: str) -> None:
    """A rotor at a net cost of 40 with 25 of foreign bar: it changes chapter, but has 37.5 % of content."""
    (question,) = questions_of(KIT % kind)
    context = judging(question, terms_of(load_law(), "usmca", dt.date(2024, 1, 1)))
    found = context.judge(question.materials[0])
    assert found is not None
    assert (found.test, found.words) == ("origin of rotor", told)
    assert context.asks_value(question.materials[0]) is (kind != "tariff_shift")
