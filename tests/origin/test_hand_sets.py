"""Sets and single values of an origin file, each function by itself: whole findings, whole words of refusal."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import pytest

from sim.origin.agreement_terms import NO_TERMS, Terms
from sim.origin.finding import Finding
from sim.origin.good import Good, Material, Question
from sim.origin.numbers import (
    code_list,
    countries,
    number,
    parsed,
    printed,
    rounded,
    share,
    show,
    show_share,
    within,
)
from sim.origin.sets import Component, GoodsInSet, find, of_materials, read
from sim.reading import Node
from sim.references import Reference
from sim.yaml_text import read_yaml_text

T = TypeVar("T")
TENTH = Fraction(1, 10)
RULE = Reference("s.6 of a made-up regulation")
TERMS = Terms("usmca", set_share=TENTH, references={"sets": RULE})
ASKED = Question(id="kit", good=Good("kit"))
KNOWN, FOREIGN = Component("a", Fraction(90), None, True), Component("b", Fraction(10), None, False)
UNPRICED = Component("a", None, None, True)


def told(text: str, of: Callable[[Node], T]) -> tuple[T, list[str]]:
    """What is read of a document, and its problems."""
    document, _ = read_yaml_text(text, Path("good.yaml"))
    assert document is not None
    node = Node(document.value, (), document, [])
    return of(node), [problem.message for problem in node.problems]


def of_key(text: str, of: Callable[[Node], T]) -> tuple[T, list[str]]:
    """The same of the value behind one key."""
    return told(f"key: {text}\n", lambda node: of(node.fields(("key",))["key"]))


def test_a_set_is_read_with_all_that_is_said_of_it() -> None:
    text = (
        "value: 200\ncomponents:\n  - {name: a, value: 90, status: originating}\n"
        "  - {name: b, share: 4 %, status: non_originating}\n  - {name: c}\n"
    )
    unsaid = Component("c", None, None, None)
    second = Component("b", None, Fraction(4, 100), False)
    assert told(text, read) == (GoodsInSet(Fraction(200), (KNOWN, second, unsaid), None), [])
    assert told("non_originating_share: 7 %\n", read) == (GoodsInSet(None, (), Fraction(7, 100)), [])


def test_faults_of_a_set_are_told() -> None:
    found, problems = told("value: 3\n", read)
    assert found == GoodsInSet(Fraction(3), (), None)
    assert problems == ["write 'components' or 'non_originating_share'."]
    found, problems = told("components:\n  - {status: bought}\n", read)
    assert found.components == (Component("", None, None, False),)
    assert problems == [
        "the key 'name' is missing.",
        "'bought' is not allowed. Allowed statuses: non_originating, originating.",
    ]


def test_the_materials_of_a_set_are_its_components() -> None:
    materials = (
        Material("a", value=Fraction(90), status="originating"),
        Material("b", value=Fraction(10), status="non_originating"),
        Material("c"),
    )
    asked = Question(id="kit", good=Good("kit"), materials=materials, transaction_value=Fraction(120))
    unsaid = Component("c", None, None, None)
    assert of_materials(asked) == GoodsInSet(Fraction(120), (KNOWN, FOREIGN, unsaid), None)


def test_a_share_that_is_stated_is_held_against_the_limit() -> None:
    for part, passes in ((TENTH, True), (Fraction(11, 100), False)):
        percent = show_share(part)
        assert find(GoodsInSet(None, (), part), ASKED, TERMS) == Finding(
            "set",
            passes,
            f"{percent} of the value of the set does not originate.",
            f"{percent}; limit 10 %",
            {"set_limit_pct": Fraction(10), "non_originating_share_pct": part * 100},
            RULE,
        )


@pytest.mark.parametrize(
    ("goods", "part", "words"),
    [
        (GoodsInSet(None, (KNOWN, FOREIGN), None), TENTH, "10 / 100 = 10 %"),
        (GoodsInSet(Fraction(400), (KNOWN, FOREIGN), None), Fraction(1, 40), "10 / 400 = 2.5 %"),
        (GoodsInSet(Fraction(400), (UNPRICED, FOREIGN), None), Fraction(1, 40), "10 / 400 = 2.5 %"),
        (GoodsInSet(None, (KNOWN, Component("b", None, TENTH, False)), None), TENTH, "b 10 %"),
        (GoodsInSet(None, (KNOWN,), None), Fraction(0), "none"),
    ],
)  # fmt: skip
def test_the_share_of_components_is_reckoned(goods: GoodsInSet, part: Fraction, words: str) -> None:
    found = find(goods, ASKED, TERMS)
    assert (found.passes, found.arithmetic) == (True, f"{words}; limit 10 %")
    assert found.values == {"set_limit_pct": 10, "non_originating_share_pct": part * 100}


@pytest.mark.parametrize(
    ("goods", "needs"),
    [
        (GoodsInSet(None, (KNOWN, Component("c", None, None, None)), None), "whether 'c' originates"),
        (GoodsInSet(None, (UNPRICED, FOREIGN), None), "the value of 'a'"),
        (GoodsInSet(Fraction(9), (KNOWN, Component("b", None, None, False)), None), "the value of 'b'"),
        (GoodsInSet(Fraction(0), (KNOWN, FOREIGN), None), "the value of the set"),
    ],
)
def test_what_is_missing_of_a_set_is_told_whole(goods: GoodsInSet, needs: str) -> None:
    words = "Not every value is known."
    limit = {"set_limit_pct": Fraction(10)}
    assert find(goods, ASKED, TERMS) == Finding("set", None, words, "", limit, RULE, (needs,))


def test_without_a_rule_for_sets_every_component_must_originate() -> None:
    terms = Terms("nafta", references={"sets": RULE})
    words = "nafta has no rule for sets: every component must originate."
    assert find(GoodsInSet(None, (KNOWN,), None), ASKED, terms) == Finding("set", True, words, reference=RULE)
    assert find(GoodsInSet(None, (KNOWN, FOREIGN), None), ASKED, terms) == Finding("set", False, words, reference=RULE)
    unknown = Finding("set", None, words, reference=RULE, needs=("components of the set",))
    assert find(GoodsInSet(None, (), TENTH), ASKED, terms) == unknown
    nobody = Finding("set", None, "No limit is known.", needs=("agreement and on",))
    assert find(GoodsInSet(None, (KNOWN,), None), ASKED, NO_TERMS) == nobody


def test_numbers_are_read_as_written() -> None:
    assert [parsed(text) for text in ("1,234.50", "1_234", "1 234", "3/4", "-2", "12 %")] == [
        Fraction(2469, 2), Fraction(1234), Fraction(1234), Fraction(3, 4), Fraction(-2), None,
    ]  # fmt: skip
    assert of_key("USD 1234.5", number) == (Fraction(2469, 2), [])
    refused = "Write it as 1234.50 or 1,234.50, without a percent sign."
    assert of_key("USD EUR 5", number) == (Fraction(0), [f"'USD EUR 5' is not a number. {refused}"])
    assert of_key("[1]", number) == (Fraction(0), [f"a list is not a number. {refused}"])
    assert of_key("-3", number) == (Fraction(-3), ["'-3' is negative. Write zero or more."])
    assert of_key("-3", lambda node: number(node, signed=True)) == (Fraction(-3), [])


def test_shares_are_read_as_written() -> None:
    assert of_key("14 %", share) == (Fraction(14, 100), [])
    assert of_key("0.14", share) == (Fraction(14, 100), [])
    assert of_key("1", share) == (Fraction(1), ["'1' may mean 1 % or all of it. Write '1 %' or '100 %'."])
    assert of_key("1.5", share)[1] == ["'1.5' is above 1. Write '1.5 %' or 0.015."]
    assert of_key("100", share)[1] == ["'100' is above 1. Write '100 %' or 1."]
    outside = "lies outside 0 to 100 %. Write it as '60 %' or 0.6."
    assert of_key("100.5", share)[1] == [f"'100.5' {outside}"]
    assert of_key("150 %", share)[1] == [f"'150 %' {outside}"]
    assert of_key("-0.5", share)[1] == [f"'-0.5' {outside}"]
    assert of_key("[1]", share) == (Fraction(0), ["a list is not a share. Write it as '60 %' or 0.6."])


def test_codes_and_countries_are_read_alone_and_in_lists() -> None:
    assert of_key("52.08-52.12", code_list) == (("5208-5212",), [])
    assert of_key("[52.05, 52.08 - 52.12]", code_list) == (("5205", "5208-5212"), [])
    assert of_key("US", countries) == (("US",), [])
    assert of_key("[US, MX]", countries) == (("US", "MX"), [])


def test_codes_are_printed_and_found_in_ranges() -> None:
    assert [printed(x) for x in ("7404", "870830", "8703211010-870390")] == ["7404", "8708.30", "8703.21.10.10-8703.90"]
    assert [within(x, ("5208-5212",)) for x in ("5207", "5208", "5210", "5212", "5213", "52")] == [
        False, True, True, True, False, None,
    ]  # fmt: skip


def test_halves_are_rounded_upward_and_shares_shown_to_four_decimals() -> None:
    assert rounded(Fraction(625, 1000), 2) == Fraction(63, 100)
    assert rounded(Fraction(-5, 10), 0) == 0
    assert rounded(Fraction(12_345, 1000), 1) == Fraction(123, 10)
    assert [show_share(Fraction(x)) for x in ("1/8", "1/3", "1/10", "1", "3/2000000")] == [
        "12.5 %", "33.3333 %", "10 %", "100 %", "0.0002 %",
    ]  # fmt: skip


def test_amounts_are_shown_to_six_decimals_and_whole_where_those_are_none() -> None:
    shown = [show(Fraction(x)) for x in ("1234567", "9/2", "1/3", "25/10000000", "5000000001/1000000000", "0")]
    assert shown == ["1,234,567", "4.50", "0.333333", "0.000002", "5", "0"]
