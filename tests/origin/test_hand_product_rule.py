"""Product rules told in words, how their tests combine, and rules of the law as product rules."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from sim.law import load_law
from sim.origin import determine
from sim.origin.agreement_terms import terms_of
from sim.origin.finding import Finding
from sim.origin.good import Costs, ProductRule
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
        ((OPEN, MET), True, "A is met.", ()),
    ],
)
def test_any_of_several(findings: tuple[Finding, ...], passes: bool | None, told: str, needs: tuple[str, ...]) -> None:
    found = any_of("either", findings)
    assert (found.test, found.passes, found.words, found.needs, found.inner) == (
        "either", passes, told, needs, findings
    )  # fmt: skip
    assert (found.arithmetic, found.reference) == ("", None)


def test_figures_are_those_of_what_is_met() -> None:
    met, failed = Finding("a", True, "", values={"x_pct": 1}), Finding("b", False, "", values={"x_pct": 2, "y_pct": 3})
    assert any_of("either", (failed, met)).values == {"x_pct": 1, "y_pct": 3}
    assert any_of("either", (met, failed)).values == {"x_pct": 1, "y_pct": 3}
    assert all_of("both", (failed, met)).values == {"x_pct": 2, "y_pct": 3}


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


def judged(rule: str, more: str, made: str = "made_in: MX") -> Finding:
    """A rotor bought at 60 for a motor, with 25 of foreign bar, under a rule of its own."""
    text = KIT.replace("rule: {kind: %s, change: chapter, net_cost: 50 %%}", f"rule: {rule}")
    text = text.replace("    costs: {net_cost: 40}\n", more).replace("    made_in: MX\n", f"    {made}\n")
    (question,) = questions_of(text)
    found = judging(question, terms_of(load_law(), "usmca", dt.date(2024, 1, 1))).judge(question.materials[0])
    assert found is not None
    return found


def test_a_bought_material_has_its_price_for_transaction_value() -> None:
    """35 of 60 are 58.3 %; what the producer makes itself has no price."""
    asked = "{kind: regional_value, transaction_value: 58 %}"
    bought = judged(asked, "")
    assert bought.words == "originates. Regional value content 58.3333 % reaches 58 % of transaction value."
    own = judged(asked, "    self_produced: yes\n")
    assert (own.passes, own.needs) == (None, ("transaction_value (of 'rotor')",))
    assert own.words.startswith("is unresolved. Not every figure is known.")


ALTERNATIVES = "{alternatives: [{kind: tariff_shift, change: heading}, {kind: regional_value, net_cost: %s %%}]}"


@pytest.mark.parametrize(("asked", "passes"), [("37.5", True), ("38", False)])
def test_of_alternative_rules_one_suffices(asked: str, passes: bool) -> None:
    """Bars of the heading of the rotor do not change it, nor are 25 of 40 few; 15 of 40 are 37.5 % of net cost."""
    text = KIT.replace("hts: 7407.10", "hts: 8501.30").replace(
        "rule: {kind: %s, change: chapter, net_cost: 50 %%}", f"rule: {ALTERNATIVES % asked}"
    )
    (question,) = questions_of(text)
    context = judging(question, terms_of(load_law(), "usmca", dt.date(2024, 1, 1)))
    assert context.asks_value(question.materials[0]) is True
    assert question.materials[0].rule is not None
    found = find(replace(question, costs=Costs(total_cost=Fraction(40)), materials=question.materials[0].materials,
                         transaction_value=None), question.materials[0].rule, context)  # fmt: skip
    assert (found.test, found.passes) == ("alternative rules", passes)
    assert [x.test for x in found.inner] == ["tariff shift", "regional value content"]


@pytest.mark.parametrize(("kind", "passes"), [("either", True), ("both", False)])
def test_a_change_and_a_content(kind: str, passes: bool) -> None:
    """A foreign bar of 70 in a motor of 100 changes heading, but leaves 30 % where 60 are asked."""
    (question,) = questions_of(
        "agreement: usmca\non: 2024-01-01\ngood: {name: motor, hts: 8501.10, made_in: MX}\ntransaction_value: 100\n"
        f"rule: {{kind: {kind}, change: heading, transaction_value: 60 %}}\n"
        "materials: [{name: bar, hts: 7407.10, value: 70, status: non_originating}]\n"
    )
    found = next(x for x in determine(question).findings if x.test == "product rule")
    assert found.passes is passes
    assert [(x.test, x.passes) for x in found.inner] == [("tariff shift", True), ("regional value content", False)]


@pytest.mark.parametrize(
    ("fibre", "passes"),
    [("share: 10 %", True), ("share: 11 %", False), ("share: 1 %, no_tolerance: yes", False)],
)
def test_fibres_may_stand_in_for_the_change_of_a_textile(fibre: str, passes: bool) -> None:
    """Yarn of the heading of the sweater does not change it: only the weight of its fibres can save it."""
    rest = {"share: 10 %": 90, "share: 11 %": 89}.get(fibre, 99)
    (question,) = questions_of(
        "agreement: usmca\non: 2024-01-01\ngood: {name: sweater, hts: 6110.30, made_in: MX}\n"
        "rule: {kind: tariff_shift, change: heading}\n"
        "materials: [{name: yarn, hts: 6110.20, value: 5, status: non_originating}]\n"
        f"textile:\n  fibres:\n    - {{name: a, share: {rest} %, status: originating}}\n"
        f"    - {{name: yarn, {fibre}, status: non_originating}}\n"
    )
    answer = determine(question)
    found = next(x for x in answer.findings if x.test == "tariff shift")
    assert (found.passes, answer.status == "originating") == (passes, passes)
    assert [x.test for x in found.inner] == ["tariff shift", "weight de minimis"]


@pytest.mark.parametrize(
    ("facts", "head", "judged_by_law"),
    [
        (", materials: [{name: bar, hts: 7407.10, value: 25, status: non_originating}]", "agreement: usmca\n", True),
        (", costs: {net_cost: 40}", "agreement: usmca\n", True),
        ("", "agreement: usmca\n", False),  # nothing is told of it
        (", costs: {net_cost: 40}", "", False),  # nobody's rule
    ],
)
def test_a_material_is_judged_by_the_law_where_its_facts_are_told(facts: str, head: str, judged_by_law: bool) -> None:
    (question,) = questions_of(
        f"{head}on: 2024-01-01\ngood: {{name: engine, hts: 8407.34, made_in: MX}}\n"
        f"materials:\n  - {{name: piston, hts: 8409.91, value: 60, made_in: MX{facts}}}\n"
    )
    context = judging(question, terms_of(load_law(), "usmca", dt.date(2024, 1, 1)))
    found = context.judge(question.materials[0])
    assert (found is not None) is judged_by_law
    assert context.asks_value(question.materials[0]) is judged_by_law
    if found is not None:
        assert found.reference is not None
