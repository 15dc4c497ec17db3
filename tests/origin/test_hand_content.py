"""Regional value content told whole: which methods are open and told, what each gives, and when none is asked."""

from __future__ import annotations

from fractions import Fraction

import pytest

from sim.origin import determine
from sim.origin.finding import Finding
from sim.origin.reading import questions_of

USMCA = "agreement: usmca\non: 2024-01-01\n"
NAFTA = "agreement: nafta\non: 2017-01-02\n"
PRICE, COSTS = "transaction_value: 100\n", "costs: {net_cost: 90}\n"
BOTH = "net_cost: 50 %, transaction_value: 60 %"
NO_TOLERANCE = (
    " No content is asked where all non-originating materials are at most 10 % of the transaction value or total cost."
)
COST_NEED = "costs (other_product, period, other; or total_cost; or net_cost)"


def content(more: str, material: str | float, rule: str = BOTH, head: str = USMCA) -> Finding:
    """The finding on a motor with a foreign bar of this value, or with this material."""
    row = material if isinstance(material, str) else f"name: bar, hts: 7407.10, value: {material}, {FOREIGN}"
    good = f"good: {{name: motor, hts: 8501.10, made_in: MX}}\nrule: {{kind: regional_value, {rule}}}\n"
    (question,) = questions_of(f"{head}{good}{more}materials:\n  - {{{row}}}\n")
    return next(x for x in determine(question).findings if x.test == "regional value content")


FOREIGN = "status: non_originating"
HALF_NC = "VNM: bar 50. (NC 90 - VNM 50) / NC 90 = 44.4444 %; asked 50 %"
BELOW = "Regional value content 44.4444 % is below 50 % of net cost."


@pytest.mark.parametrize(
    ("more", "value", "head", "passes", "told", "arithmetic"),
    [
        (COSTS, 50, USMCA, False,
         f"{BELOW} The transaction value method is open too, but its base is not told.", HALF_NC),
        (PRICE, 41, USMCA, False,
         "Regional value content 59 % is below 60 % of transaction value. "
         "The net cost method is open too, but its base is not told.",
         "VNM: bar 41. (TV 100 - VNM 41) / TV 100 = 59 %; asked 60 %"),
        (PRICE + COSTS + "method: net_cost\n", 50, USMCA, False, BELOW, HALF_NC),
        (PRICE + COSTS + "method: transaction_value\n", 40, USMCA, True,
         "Regional value content 60 % reaches 60 % of transaction value.",
         "VNM: bar 40. (TV 100 - VNM 40) / TV 100 = 60 %; asked 60 %"),
        (PRICE + COSTS + "method: transaction_value\nprice_acceptable: no\n", 50, USMCA, False,
         f"{BELOW} The transaction value method is not open: customs valuation does not accept the price.", HALF_NC),
        (PRICE + COSTS + "method: transaction_value\nrelated_sales: 86 %\n", 50, NAFTA, False,
         f"{BELOW} The transaction value method is not open: 86 % of sales go to related persons, above 85 %.",
         HALF_NC),
        (PRICE + COSTS + "related_sales: 86 %\n", 50, NAFTA, False, BELOW, HALF_NC),
        (PRICE + COSTS + "related_sales: 85 %\n", 50, NAFTA, False, BELOW, ""),  # of two methods each is told inside
        (PRICE + COSTS + "related_sales: 86 %\n", 50, USMCA, False, BELOW, ""),
        (PRICE + COSTS, 40, USMCA, True, "Regional value content 55.5556 % reaches 50 % of net cost.", ""),
        (PRICE + "costs: {net_cost: 79}\n", 40, USMCA, True,
         "Regional value content 60 % reaches 60 % of transaction value.", ""),
        (PRICE + COSTS, 45, USMCA, True, "Regional value content 50 % reaches 50 % of net cost.", ""),
        ("transaction_value: 1\n", 0.4, USMCA, True, "Regional value content 60 % reaches 60 % of transaction value.",
         "VNM: bar 0.40. (TV 1 - VNM 0.40) / TV 1 = 60 %; asked 60 %"),
    ],
)  # fmt: skip
def test_the_methods_that_are_open_and_told(
    more: str, value: float, head: str, passes: bool, told: str, arithmetic: str
) -> None:
    found = content(more, value, head=head)
    assert (found.passes, found.words, found.arithmetic, found.needs) == (passes, told, arithmetic, ())
    assert found.reference is not None
    assert found.reference.title.endswith("section 7" if head == USMCA else "SOR/94-14, section 6")


def test_figures_of_both_methods() -> None:
    """50 of 90 and 60 of 100: the first decides; 45 of foreign value would just reach half of 90."""
    found = content(PRICE + COSTS, 40)
    assert found.values == {
        "rvc_net_cost_pct": Fraction(500, 9),
        "rvc_transaction_value_pct": 60,
        "transaction_value": 100,
        "vnm": 40,
        "rvc_pct": Fraction(500, 9),
        "threshold_pct": 50,
        "vnm_limit": 45,
        "net_cost": 90,
    }
    assert [(x.test, x.passes, x.words, x.arithmetic) for x in found.inner] == [
        ("net cost", None, "Net cost is 90.", ""),
        (
            "content by net cost",
            True,
            "Regional value content 55.5556 % reaches 50 % of net cost.",
            "VNM: bar 40. (NC 90 - VNM 40) / NC 90 = 55.5556 %; asked 50 %",
        ),
        (
            "content by transaction value",
            True,
            "Regional value content 60 % reaches 60 % of transaction value.",
            "VNM: bar 40. (TV 100 - VNM 40) / TV 100 = 60 %; asked 60 %",
        ),
    ]
    by_cost, by_price = found.inner[1:]
    assert set(by_cost.values) == {"net_cost", "vnm", "rvc_pct", "threshold_pct", "vnm_limit"}
    assert set(by_price.values) == {"transaction_value", "vnm", "rvc_pct", "threshold_pct", "vnm_limit"}
    for inner in (by_cost, by_price):
        assert (inner.needs, inner.reference, [x.test for x in inner.inner]) == ((), None, ["bar"])
    by_price = content(PRICE + "costs: {net_cost: 79}\n", 40)  # 39 of 79 falls short: the price decides
    assert (by_price.values["rvc_pct"], by_price.values["vnm_limit"]) == (60, 40)
    assert by_price.values["rvc_net_cost_pct"] == Fraction(3_900, 79)


@pytest.mark.parametrize(
    ("more", "material", "rule", "told", "needs"),
    [
        ("", 40, BOTH, "Not every figure is known." + NO_TOLERANCE, (COST_NEED, "transaction_value")),
        (
            PRICE + COSTS, f"name: bar, hts: 7407.10, {FOREIGN}", BOTH,
            "Not every figure is known." + NO_TOLERANCE, ("the value of 'bar'",),
        ),
        (
            "transaction_value: 0\n", 40, BOTH,
            f"TV is zero.{NO_TOLERANCE} The net cost method is open too, but its base is not told.",
            ("a transaction value above zero",),
        ),
        (
            "costs: {net_cost: 0}\n", 40, "net_cost: 50 %", f"NC is zero.{NO_TOLERANCE}", ("a net cost above zero",),
        ),
        (
            PRICE + COSTS + "price_acceptable: no\n", 40, "transaction_value: 60 %",
            "No method is open." + NO_TOLERANCE,
            ("a method that is open (the rule has no net cost threshold)",
             "a method that is open (customs valuation does not accept the price)"),
        ),
    ],
)  # fmt: skip
def test_what_is_missing_for_content(
    more: str, material: str | float, rule: str, told: str, needs: tuple[str, ...]
) -> None:
    found = content(more, material, rule)
    assert (found.passes, found.words, found.needs) == (None, told, needs)
    assert found.values["value_waiver_limit_pct"] == 10
    assert {x.test for x in found.inner} <= {"net cost", "content by net cost", "content by transaction value", "bar"}


def test_without_foreign_material_content_is_whole() -> None:
    found = content("", "name: bar, hts: 7407.10, value: 5, status: originating")
    assert (found.passes, found.words) == (True, "No foreign material counts: content is 100 %.")
    assert found.values == {
        "rvc_net_cost_pct": 100, "rvc_transaction_value_pct": 100, "vnm": 0, "rvc_pct": 100, "threshold_pct": 50
    }  # fmt: skip
    for inner in found.inner[1:]:
        assert (inner.arithmetic, inner.reference, inner.needs, [x.test for x in inner.inner]) == (
            "",
            None,
            (),
            ["bar"],
        )


def test_costs_that_net_cost_leaves_out_and_a_method_without_threshold() -> None:
    """100 less 10 of royalties are 90: 50 of foreign value leave 44.4 %."""
    found = content(
        "method: transaction_value\ncosts: {total_cost: 100, excluded: {royalties: 10}}\n", 50, "net_cost: 50 %"
    )
    assert found.words == (
        f"{BELOW} The transaction value method is not open: the rule has no transaction value threshold."
    )
    assert (found.values["total_cost"], found.values["excluded_costs"], found.values["net_cost"]) == (100, 10, 90)


def test_where_no_method_is_open_a_tenth_is_let_pass_all_the_same() -> None:
    found = content("costs: {total_cost: 100}\n" + PRICE + "price_acceptable: no\n", 10, "transaction_value: 60 %")
    assert found.passes is True
    assert [x.test for x in found.inner] == ["content", "content waived"]


def test_what_a_supplier_in_the_region_adds_does_not_make_its_material_few() -> None:
    """A part of 50 with 2 of foreign material: 98 % of content, but half of the price is non-originating."""
    part = f"name: part, hts: 8501.20, value: 50, made_in: US, {FOREIGN}, statement: {{net_cost: 50, vnm: 2}}"
    found = content(PRICE + COSTS, part, "net_cost: 99 %")
    assert (found.passes, found.values["rvc_pct"]) == (False, Fraction(8_800, 90))


def test_treatments_that_a_rule_of_roll_up_does_not_use() -> None:
    row = "name: {}, hts: 7407.10, value: 25, treatment: full_price, " + FOREIGN
    found = content(COSTS, row.format("bar") + "}\n  - {" + row.format("rod"), "net_cost: 50 %")
    assert found.arithmetic.startswith(
        "VNM: bar 25 + rod 25 = 50 (treatment of bar, rod not used: materials roll up). "
    )


def test_a_tenth_of_foreign_material_asks_no_content() -> None:
    """10 of 100 is let pass where 88.9 % of 95 is missed; 10.1 is not; in 1994 it is 7 of 100."""
    found = content(PRICE + COSTS, 10, "net_cost: 95 %")
    waived = "All non-originating materials are 10 % of the transaction value: no content is asked."
    assert (found.passes, found.words, found.arithmetic) == (True, waived, "")
    told = found.inner[-1]
    assert (told.test, told.passes, told.arithmetic) == (
        "content waived", True, "VNM 10 / transaction value 100 = 10 %; limit 10 %"
    )  # fmt: skip
    assert told.values == {"value_waived": True, "vnm_share_pct": 10, "vnm": 10}
    assert (found.values["value_waived"], found.values["rvc_pct"]) == (True, Fraction(800, 9))
    assert told.reference is not None
    assert told.reference.title.endswith("SOR/2020-155, section 5")
    assert content(PRICE + COSTS, 10.1, "net_cost: 95 %").passes is False
    assert content(PRICE + "costs: {net_cost: 90, total_cost: 120}\n", 12, "net_cost: 95 %").passes is True
    old = [content(PRICE + COSTS, value, "net_cost: 95 %", NAFTA).passes for value in (7, 7.1)]
    assert old == [True, False]


def designated(outer: str, inner: str) -> Finding:
    """A rotor with a core inside, both designated as intermediate materials, under these rules of their own."""
    core = (
        f"{{name: core, hts: 8501.30, value: 20, self_produced: yes, designated: yes, rule: {inner}, "
        f"costs: {{net_cost: 20}}, materials: [{{name: tin, hts: 80, value: 5, {FOREIGN}}}]}}"
    )
    rotor = (
        f"name: rotor, hts: 8501.20, value: 30, self_produced: yes, designated: yes, rule: {outer}, "
        f"costs: {{net_cost: 30}}, materials: [{core}]"
    )
    return content(COSTS, rotor)


VALUE, SHIFT = "{kind: regional_value, net_cost: 50 %}", "{kind: tariff_shift, change: heading}"


def test_of_nested_materials_with_value_rules_one_may_be_designated() -> None:
    names, clash = "Designated as intermediate materials: rotor, core.", "'core' inside 'rotor'"
    both = designated(VALUE, VALUE)
    assert (both.passes, both.words, both.needs) == (
        None,
        f"{names} Only one of nested materials with a value rule may be: {clash}.",
        (f"which designation stands: {clash}",),
    )
    assert both.values["designation_allowed"] is False
    told = both.inner[-1]
    assert (told.test, told.arithmetic, str(told.reference)[:24]) == ("designation", "", "SOR/2020-155 section 8(6")
    for outer, inner in ((VALUE, SHIFT), (SHIFT, VALUE), (SHIFT, SHIFT)):
        found = designated(outer, inner)
        assert (found.passes, found.inner[-1].words, found.needs) == (True, names, ())
        assert found.values["designation_allowed"] is True


def test_inside_a_bought_material_nothing_is_designated() -> None:
    core = f"{{name: core, hts: 8501.30, value: 20, self_produced: yes, designated: yes, rule: {VALUE}}}"
    found = content(COSTS, f"name: rotor, hts: 8501.20, value: 30, {FOREIGN}, materials: [{core}]")
    assert "designation_allowed" not in found.values
