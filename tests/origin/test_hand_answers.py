"""What an origin file asks and how its answer is put together: figures alone, production, interest, core parts."""

from __future__ import annotations

from fractions import Fraction

import pytest

from sim.origin import Answer, determine
from sim.origin.finding import Finding
from sim.origin.reading import questions_of

USMCA = "agreement: usmca\non: 2024-01-01\n"
FOREIGN = "status: non_originating"
BAR = f"materials: [{{name: bar, hts: 7407.10, value: 40, {FOREIGN}}}]\n"
MOTOR = "good: {name: motor, hts: 8501.10, made_in: MX}\n"
SHIFT = "rule: {kind: tariff_shift, change: heading}\n"


def answer(text: str) -> Answer:
    (question,) = questions_of(text)
    found = determine(question)
    assert found.question is question
    return found


def test_figures_without_a_question_of_origin() -> None:
    """100 less 10 of royalties, and 42 of foreign material."""
    found = answer(
        "good: {name: motor}\ncosts: {total_cost: 100, excluded: {royalties: 10}}\n"
        f"materials: [{{name: bar, value: 40, {FOREIGN}}}, {{name: rod, value: 2, {FOREIGN}}}]\n"
    )
    assert (found.rule, found.status, found.unresolved) == ("", "computed", ())
    assert found.values == {"total_cost": 100, "net_cost": 90, "excluded_costs": 10, "vnm": 42}
    cost, foreign = found.findings
    assert (cost.test, cost.words, cost.reference) == (
        "net cost", "Net cost is 90, total cost 100. Excluded: royalties 10.", None
    )  # fmt: skip
    assert (foreign.test, foreign.passes, foreign.words, foreign.arithmetic, foreign.values) == (
        "foreign value",
        None,
        "Value of non-originating materials: bar 40 + rod 2 = 42.",
        "bar 40 + rod 2 = 42",
        {"vnm": 42},
    )
    assert (foreign.reference, foreign.needs, [x.test for x in foreign.inner]) == (None, (), ["bar", "rod"])


def test_figures_that_are_stated_or_missing() -> None:
    stated = answer("good: {name: motor}\ncosts: {net_cost: 90, vnm: 40}\n")
    assert (stated.status, stated.values) == ("computed", {"net_cost": 90, "vnm": 40})
    told = stated.findings[1]
    assert (told.test, told.passes, told.words, told.arithmetic) == (
        "foreign value", None, "Stated: non-originating materials 40.", ""
    )  # fmt: skip
    missing = answer(f"good: {{name: motor}}\nmaterials: [{{name: bar, {FOREIGN}}}]\n")
    assert (missing.status, missing.unresolved, missing.values) == ("unresolved", ("the value of 'bar'",), {})
    (foreign,) = missing.findings
    assert (foreign.words, foreign.values) == ("Value of non-originating materials: not known.", {})
    under = answer(f"{USMCA}good: {{name: motor}}\ncosts: {{net_cost: 90}}\n{BAR}")
    assert under.status == "computed"
    assert under.findings[0].reference is not None
    assert "1(6)" in under.findings[0].reference.title


LOAN = "loan: 1000000, years: 10, rate: 16 %, payment: 206901.08, yields: {5y: 4.7 %, 7y: 5.0 %}"


def test_interest_above_the_limit_leaves_net_cost_where_it_is_among_the_costs() -> None:
    """A loan at 16 % where 11.955 % are allowable: what is above it leaves two millions of cost."""
    head = "agreement: usmca\non: 2021-07-15\ngood: loaned\ncosts: {total_cost: 2000000}\n"
    inside = answer(f"{head}interest: {{in_costs: yes, {LOAN}}}\n")
    over = inside.values["non_allowable"]
    assert isinstance(over, Fraction)
    assert float(over) == pytest.approx(270_259.31, abs=0.01)
    assert over == inside.values["interest"] * (1 - inside.values["limit_pct"] / 16)  # type: ignore[operator]
    assert (inside.values["excluded_costs"], inside.values["net_cost"]) == (over, 2_000_000 - over)
    outside = answer(f"{head}interest: {{{LOAN}}}\n")
    assert (outside.values["non_allowable"], outside.values["net_cost"]) == (over, 2_000_000)


@pytest.mark.parametrize(
    ("good", "words"),
    [
        ("made_in: CN", "Made in CN, outside the region."),
        ("made_in: MX, processed_outside: yes", "Worked upon outside the region after its production."),
        ("made_in: MX", ""),
        ("processed_outside: no", ""),
    ],
)
def test_where_a_good_was_made(good: str, words: str) -> None:
    found = answer(f"{USMCA}good: {{name: motor, hts: 8501.10, {good}}}\n{SHIFT}{BAR}")
    told = [
        (x.test, x.passes, x.words, x.reference.title)
        for x in found.findings
        if x.test != "tariff shift" and x.reference
    ]
    assert told == ([("production", False, words, "SOR/2020-155, section 3")] if words else [])
    assert found.status == ("not originating" if words else "originating")
    assert len(found.findings) == (2 if words else 1)


@pytest.mark.parametrize(
    ("text", "status", "needs"),
    [
        (f"agreement: usmca\n{MOTOR}{BAR}", "unresolved", ("on (the day of importation)",)),
        (f"{USMCA}good: {{name: good, hts: 8407}}\n{BAR}", "unresolved", ("good.hts with more digits",)),
        (f"{MOTOR}costs: {{net_cost: 90}}\n", "computed", ()),
        (f"{USMCA}good: {{name: motor}}\ncosts: {{net_cost: 90}}\n", "computed", ()),
        (f"{USMCA}{MOTOR}assist: {{name: mould, value: 9, material: bar, {FOREIGN}}}\n", "computed", ()),
        (f"{USMCA}{MOTOR}costs: {{total_cost: 90}}\n", "computed", ()),
        (f"{USMCA}good: {{name: engine, hts: 8407.34}}\ncosts: {{total_cost: 90, vnm: 4}}\n", "originating", ()),
        (f"{USMCA}good: {{name: engine, hts: 8407.34}}\ncosts: {{net_cost: 90, vnm: 40}}\n", "not originating", ()),
        (f"{USMCA}good: kit\nset:\n  components: [{{name: a, value: 9, status: originating}}]\n", "originating", ()),
    ],
)
def test_what_asks_for_origin(text: str, status: str, needs: tuple[str, ...]) -> None:
    """A rule, a set, or a good of a code under an agreement with a fact to test; a bare good is asked its facts."""
    found = answer(text)
    assert (found.status, found.unresolved) == (status, needs)


def test_a_bare_good_tells_its_rule_and_what_it_asks() -> None:
    found = answer(f"{USMCA}{MOTOR}")
    assert found.status == "unresolved"
    assert found.rule == (
        "Complementary part: a change from any other heading, or a regional value content of 65 % by net cost "
        "or 75 % by transaction value"
    )
    assert found.unresolved == (
        "materials with their tariff codes",
        "costs (other_product, period, other; or total_cost; or net_cost)",
        "materials, or costs.non_originating_materials",
        "transaction_value",
    )
    (own,) = found.findings
    assert own.reference is not None
    assert own.reference.title == "SOR/2020-155 section 14(16)-(17) and Table C"  # of the law, where tests cite none


CAR = "good: {name: car, hts: 8703.23, vehicle_class: passenger, use: vehicle, made_in: MX}\n"
REST = "metals: {steel: 75 %, aluminium: 75 %}\nlabour_value: {met: yes}\n"


PARTS = (
    "core_parts:\n  parts: {engine: {net_cost: 3000, vnm: 900}, transmission: {net_cost: 1500, vnm: 300}, "
    "axles: originating, body_and_chassis: {net_cost: 4000, vnm: 600}, suspension: originating, "
    "steering: originating}\n"
)


def car_of(*others: str) -> tuple[Answer, Finding, Finding]:
    """A car at a net cost of 20,000 with these materials besides core parts; its core parts and its foreign value."""
    rows = "".join(f"  - {{{row}, {FOREIGN}}}\n" for row in others)
    found = answer(f"{USMCA}{CAR}costs: {{net_cost: 20000}}\nmaterials:\n{rows}{PARTS}{REST}")
    own = next(x for x in found.findings if x.test == "product rule")
    content = next(x for x in own.inner if x.test == "regional value content")
    core = next(x for x in found.findings if x.test == "core parts")
    return found, core, next(x for x in content.inner if x.test == "foreign value")


def test_core_parts_count_in_the_content_of_a_vehicle() -> None:
    """An engine of 70 % originates with the others as one (6,700 of 8,500): core parts bring nothing foreign.

    The shaft of 500 among the materials is a core part and counts there, the 4,000 of other parts here.
    """
    found, core, inner = car_of(
        "name: other parts, hts: 8544.30, value: 4000", "name: shaft, hts: 8708.50, value: 500, core: axles"
    )
    assert (core.passes, core.values["vnm_of_core_parts"]) == (True, 0)
    assert (found.values["vnm"], found.values["rvc_pct"]) == (4_000, 80)
    assert inner.words == inner.arithmetic == "core parts 0 + other materials 4,000 = 4,000"
    assert (inner.values, inner.needs, inner.reference) == ({"vnm": 4_000}, (), core.reference)


def test_other_materials_of_a_vehicle_by_their_makers_and_not_known() -> None:
    """A maker in the region that signs 400 of 4,000 foreign brings 400; without a value nothing is known."""
    signed = "name: loom, hts: 8544.30, value: 4000, made_in: US, statement: {net_cost: 4000, vnm: 400}"
    assert car_of(signed)[0].values["vnm"] == 400
    found, _, inner = car_of("name: loom, hts: 8544.30")
    assert (inner.passes, inner.words, inner.needs) == (None, "Not every value is known.", ("the value of 'loom'",))
    assert found.unresolved == ("the value of 'loom'",)


def test_a_rule_of_the_file_stands_for_that_of_the_law_in_sections_on_vehicles() -> None:
    """An engine of 70 % reaches the 70 % that the file asks, not 71; without an agreement the file's rule is all."""
    text = "rule: {kind: both, change: heading, net_cost: ASKED %}\n" + PARTS.replace("vnm: 300", "vnm: 450") + REST
    costs = f"costs: {{net_cost: 20000}}\nmaterials: [{{name: loom, hts: 8544.30, value: 4000, {FOREIGN}}}]\n"
    told = {asked: answer(f"{USMCA}{CAR}{costs}{text.replace('ASKED', str(asked))}") for asked in (70, 71)}
    assert [told[asked].values["each_passes"] for asked in (70, 71)] == [True, False]
    assert told[70].rule == "a change from any other heading, and a regional value content of 70 % by net cost"
    assert answer(f"{CAR}{costs}{text.replace('ASKED', '70')}").status == "originating"


def test_the_materials_of_a_set_and_of_a_textile_without_a_rule() -> None:
    """A fibre of a tenth decides where no rule of the file or the law is known; a set goes before it."""
    fibres = f"  fibres: [{{name: a, share: 90 %, status: originating}}, {{name: b, share: 10 %, {FOREIGN}}}]\n"
    found = answer(f"{USMCA}good: sweater\ntextile:\n{fibres}")
    assert (found.rule, found.status, [x.test for x in found.findings]) == ("", "originating", ["weight de minimis"])
    lone = answer(f"{USMCA}good: {{name: sweater, hts: 6110.30}}\n{SHIFT}{BAR}textile:\n{fibres}")
    assert [x.test for x in lone.findings] == ["tariff shift"]  # the weight of fibres stands inside it
    kit = answer(
        f"{USMCA}good: {{name: kit, hts: 8206.00, set: yes}}\nmaterials: [{{name: a, value: 90, status: originating}}, "
        f"{{name: b, value: 10, {FOREIGN}}}]\n"
    )
    assert (kit.status, [x.test for x in kit.findings][:1]) == ("originating", ["set"])
