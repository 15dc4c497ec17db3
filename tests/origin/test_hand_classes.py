"""A change of classification told whole: why each material changes or not, and what the tolerance is measured on."""

from __future__ import annotations

from fractions import Fraction

import pytest

from sim.origin import determine
from sim.origin.finding import Finding
from sim.origin.reading import questions_of

USMCA = "agreement: usmca\non: 2024-01-01\n"
NAFTA = "agreement: nafta\non: 2017-01-02\n"
PRICE = "transaction_value: 100\n"
FOREIGN = "status: non_originating"
SELF = "name: rotor, hts: 8501.20, value: 30, self_produced: yes"
SIGNED = "name: part, hts: 8501.20, value: 90, made_in: US, statement: {classifications: "


def shift(
    rows: tuple[str, ...], rule: str = "change: heading", more: str = PRICE, hts: str = "8501.10", head: str = USMCA
) -> Finding:
    """The finding on a motor of these materials, foreign where nothing is said, of unknown status by a ?."""
    told = [row if "status:" in row.split("materials:")[0] else f"{row}, {FOREIGN}" for row in rows]
    listed = "".join(f"  - {{{row.removesuffix('?, ' + FOREIGN)}}}\n" for row in told)
    good = f"good: {{name: motor, hts: {hts}, made_in: MX}}\nrule: {{kind: tariff_shift, {rule}}}\n"
    (question,) = questions_of(f"{head}{good}{more}" + (f"materials:\n{listed}" if rows else ""))
    return next(x for x in determine(question).findings if x.test == "tariff shift")


HEADING = "any other heading"


@pytest.mark.parametrize(
    ("rule", "rows", "passes", "told"),
    [
        ("change: heading", (), None, HEADING),
        (
            "change: heading",
            (
                "name: wire, hts: 8544.11, value: 90",
                "name: nut, hts: 8501.20, value: 50, status: originating",
                "name: box, hts: 8501.20, value: 20, packaging: retail",
                "name: key, hts: 8501.20, value: 20, packaging: accessory",
            ),
            True,
            f"{HEADING}. wire: 8544 is another heading than 8501; nut: is originating; "
            "box: packing, which the change of classification disregards; "
            "key: an accessory, which the change of classification disregards",
        ),
        (
            "change: heading",
            ("name: rotor, same_class: yes, value: 90", "name: oil, same_class: no, value: 90"),
            False,
            f"{HEADING}. rotor: in the same heading as the good; oil: from another heading",
        ),
        (
            "change: chapter, except: [8544.11, 74]",
            (
                "name: wire, hts: 8544.11, value: 90",
                "name: pipe, hts: 7411.10, value: 90",
                "name: oil, hts: 2710, value: 90",
                "name: plug, hts: 8536, value: 90",
            ),
            False,
            "any other chapter, except from 8544.11, 74. wire: 8544.11 is excepted by the rule; "
            "pipe: 7411.10 is excepted by the rule; oil: 27 is another chapter than 85; "
            "plug: 85 is the chapter of the good",
        ),
        (
            "change: heading, except: [8544.11]",
            ("name: wire, hts: 8544, value: 90",),
            None,
            f"{HEADING}, except from 8544.11. wire: 8544 may be excepted",
        ),
        (
            "change: heading, from: ['8544', '8503.00']",
            (
                "name: wire, hts: 8544.11, value: 90",
                "name: rotor, hts: 8503.00, value: 90",
                "name: oil, hts: 2710.19, value: 90",
            ),
            False,
            "8544, 8503.00. wire: 8544 is another heading than 8501; rotor: 8503 is another heading than 8501; "
            "oil: 2710.19 is not among the codes the change may come from",
        ),
        (
            "change: heading, from: ['8544'], except: [8544.11]",
            ("name: wire, hts: 8544, value: 90", "name: coil, value: 90"),
            None,
            "8544, except from 8544.11. wire: 8544 may be excepted; coil: its tariff code is not stated",
        ),
        (
            "change: heading",
            ("name: part, value: 90, made_in: US, statement: {classifications: [8544.11, 8501.30, 85]}",),
            False,
            f"{HEADING}. part: its maker signed what went in: 8544.11, 8501.30, 85",
        ),
        (
            "change: heading",
            ("name: part, value: 9, made_in: US, statement: {classifications: [8544.11, 8501.30, 85]}",),
            True,  # 9 of 100: what else went in need not be known
            f"{HEADING}. part: its maker signed what went in: 8544.11, 8501.30, 85",
        ),
        (
            "change: heading",
            (f"name: rotor, same_class: no, value: 9, self_produced: yes, materials: [{{name: bar, hts: 8501.30, "
             f"value: 19, {FOREIGN}}}]",),
            True,
            f"{HEADING}. rotor: made by the producer and tested itself: from another heading",
        ),
        (
            "change: heading",
            (f"name: rotor, hts: 8501.20, value: 10, {FOREIGN}, self_produced: yes, materials: [{{name: bar, "
             f"hts: 8501.30, value: 19, {FOREIGN}}}]",),
            True,  # itself 10 of 100, what is inside 19: the producer takes the lesser
            f"{HEADING}. rotor: 8501 is the heading of the good",
        ),
        (
            "change: heading, from: ['8503.00']",
            ("name: rotor, hts: 8503, value: 90",),
            None,
            "8503.00. rotor: 8503 is too short",
        ),
        (
            "change: subheading, from: ['8501.20'], or_other: heading, except: ['8544.11']",
            (
                "name: rotor, hts: 8501.20, value: 90",
                "name: oil, hts: 2710.19, value: 90",
                "name: coil, hts: 8501.30, value: 90",
            ),
            False,
            "8501.20 or any other heading, except from 8544.11. rotor: 8501.20 is another subheading than 8501.10; "
            "oil: 2710 is another heading than 8501; coil: 8501 is the heading of the good",
        ),
        (
            "change: subheading, from: ['8501.20'], or_other: heading",
            ("name: rotor, hts: 8501, value: 90",),
            None,
            "8501.20 or any other heading. rotor: 8501 is the heading of the good",
        ),
        (
            "change: heading",
            (f"{SELF}, {FOREIGN}, materials: [{{name: bar, hts: 7407.10, value: 20, {FOREIGN}}}]",),
            True,
            f"{HEADING}. rotor: made by the producer, of which bar: 7407 is another heading than 8501",
        ),
        (
            "change: heading",
            (f"{SELF.replace('8501.20', '8503.00')}, materials: [{{name: bar, hts: 8501.20, value: 20, {FOREIGN}}}]",),
            True,
            f"{HEADING}. rotor: made by the producer and tested itself: 8503 is another heading than 8501",
        ),
        (
            "change: heading",
            (
                f"{SELF}, {FOREIGN}, materials: [{{name: bar, hts: 8501.30, value: 19, {FOREIGN}}}, "
                f"{{name: tin, hts: 8001.10, value: 9, {FOREIGN}}}]",
            ),
            False,
            f"{HEADING}. rotor: made by the producer, of which bar: 8501 is the heading of the good; "
            "tin: 8001 is another heading than 8501",
        ),
        (
            "change: heading",
            (f"{SELF}, materials: [{{name: bar, hts: 85, value: 9, {FOREIGN}}}]",),
            None,
            f"{HEADING}. rotor: made by the producer, of which bar: 85 is too short",
        ),
        (
            "change: heading",
            (f"{SIGNED}[8544.11, 7408.11]}}",),
            True,
            f"{HEADING}. part: its maker signed what went in: 8544.11, 7408.11, which all change",
        ),
        (
            "change: heading",
            (f"{SIGNED}[8544.11, 85]}}",),
            None,
            f"{HEADING}. part: its maker signed what went in: 8544.11, 85",
        ),
        (
            "change: heading",
            (f"{SIGNED}[8544.11, 8501.30, 85]}}",),
            False,
            f"{HEADING}. part: 8501 is the heading of the good",
        ),
        (
            "change: heading",
            ("name: part, hts: 8544.20, value: 90?", "name: nut, hts: 8501.20, value: 90?"),
            None,
            f"{HEADING}. part: 8544 is another heading than 8501; nut: may originate or not",
        ),
    ],
)  # fmt: skip
def test_each_material_says_why(rule: str, rows: tuple[str, ...], passes: bool | None, told: str) -> None:
    found = shift(rows, rule)
    assert (found.passes, found.arithmetic) == (passes, f"Asked: a change from {told}")


def test_the_verdicts_and_what_they_ask() -> None:
    """10 of 100 is let pass, 16 is not; what is not known of another material leaves 6 open, but not 16."""
    six, coil = "name: rotor, hts: 8501.20, value: 6", "name: coil, hts: 85, value: 4"
    within = shift((six, "name: stator, hts: 8501.30, value: 4"))
    assert (within.passes, within.words, within.needs) == (
        True, "rotor, stator does not change classification, but is within the tolerance.", ()
    )  # fmt: skip
    assert within.values == {
        "de_minimis_limit_pct": 10,
        "de_minimis_base": "transaction value or total cost",
        "non_shifting_value": 10,
        "non_shifting_pct": 10,
        "within_de_minimis": True,
        "shift_waived": True,
    }
    assert within.reference is not None
    assert within.reference == within.inner[0].reference
    assert within.reference.title.endswith("SOR/2020-155, section 5")
    beyond = shift((six.replace("value: 6", "value: 16"), coil))
    assert (beyond.passes, beyond.words, beyond.needs) == (
        False, "rotor does not change classification, and no tolerance saves it.", ()
    )  # fmt: skip
    assert (beyond.values["within_de_minimis"], beyond.values["shift_waived"]) == (False, False)
    opened = shift((six, coil))
    assert (opened.passes, opened.words, opened.needs) == (
        None,
        "rotor does not change classification; whether a tolerance saves it is unresolved.",
        ("more digits of the tariff code 85",),
    )
    base = "transaction_value, or costs that give the total cost"
    assert shift((six, "name: coil, value: 4"), more="").needs == ("the tariff code of 'coil'", base)
    lacking = shift((coil,))
    assert (lacking.words, lacking.needs, lacking.reference) == (
        "A classification is missing.", ("more digits of the tariff code 85",), None
    )  # fmt: skip
    none = shift(())
    assert (none.words, none.needs) == ("No materials are listed.", ("materials with their tariff codes",))
    every = shift(("name: wire, hts: 8544.11, value: 90",))
    assert every.words == "Every non-originating material changes classification as the rule asks."
    assert every.reference is not None
    assert (every.values, every.reference.title) == ({"shift_waived": False}, "SOR/2020-155, sections 3 and 4")
    short = shift((six,), hts="85")
    assert (short.arithmetic, short.needs) == (
        f"Asked: a change from {HEADING}. rotor: the good's code is missing", ("the good's tariff code to the heading",)
    )  # fmt: skip


COSTS, REFUSED = "costs: {{total_cost: {}}}\n", "price_acceptable: no\n"


@pytest.mark.parametrize(
    ("head", "more", "value", "passes", "words", "arithmetic"),
    [
        (USMCA, PRICE + COSTS.format(120), "12", True, "10 % of the total cost", "12 / total cost 120 = 10 %"),
        (USMCA, PRICE + COSTS.format(80), "9", True, "9 % of the transaction value", "9 / transaction value 100 = 9 %"),
        (USMCA, COSTS.format(80), "9", False, "11.25 % of the total cost", "9 / total cost 80 = 11.25 %"),
        (USMCA, PRICE + REFUSED + COSTS.format(80), "8", True, "10 % of the total cost", "8 / total cost 80 = 10 %"),
        (
            USMCA, "costs: {net_cost: 80}\n", "8", True, "10 % of the net cost, which total cost is never below",
            "8 / net cost, which total cost is never below 80 = 10 %",
        ),
        (NAFTA, PRICE + COSTS.format(200), "8", False, "8 % of the transaction value",
         "8 / transaction value 100 = 8 %"),
        (NAFTA, COSTS.format(200), "14", True, "7 % of the total cost", "14 / total cost 200 = 7 %"),
    ],
)  # fmt: skip
def test_the_base_of_the_tolerance(head: str, more: str, value: str, passes: bool, words: str, arithmetic: str) -> None:
    """A tenth of the greater of price and total cost; in 1994 7 % of the price, of total cost without one."""
    (inner,) = shift((f"name: rotor, hts: 8501.20, value: {value}",), more=more, head=head).inner
    limit = 10 if head == USMCA else 7
    assert (inner.test, inner.passes, inner.words, inner.arithmetic) == (
        "de minimis", passes, f"{words} does not change classification.", f"{arithmetic}; limit {limit} %"
    )  # fmt: skip
    either = "or total cost" if head == USMCA else ", or total cost where no acceptable price is known"
    assert inner.values["de_minimis_base"] == f"transaction value {either}".replace(" ,", ",")
    assert (inner.values["de_minimis_limit_pct"], inner.values["non_shifting_value"]) == (limit, Fraction(value))


@pytest.mark.parametrize(
    ("hts", "row", "more", "head", "passes", "words", "needs"),
    [
        ("8501.10", "hts: 8501.20, value: 8.1", "costs: {net_cost: 80}\n", USMCA, None,
         "8.10 does not change classification; the base is not known.",
         ("transaction_value, or costs that give the total cost",)),
        ("8501.10", "hts: 8501.20", PRICE, USMCA, None,
         "Met if their value is at most 10 % of the transaction value or total cost.", ("the value of 'rotor'",)),
        ("8501.10", "hts: 8501.20, value: 8", PRICE, "", None, "No agreement gives a tolerance.",
         ("agreement and on (whose tolerance applies)",)),
        ("8501.10", "hts: 8501.20, value: 0", PRICE, USMCA, True, "What does not change has no value.", ()),
        ("6110.30", "hts: 6110.20, value: 1", PRICE, USMCA, False,
         "For this good the tolerance goes by weight: see the section 'textile'.", ()),
        ("0803.90", "hts: 0803.90, value: 1", PRICE, USMCA, False,
         "The tolerance does not cover rotor, which is of the subheading of the good.", ()),
        ("8501.10", "hts: 8501.10, value: 1", PRICE, USMCA, True,
         "1 % of the transaction value does not change classification.", ()),
        ("8501", "hts: 8501.20, value: 1", PRICE, USMCA, True,
         "1 % of the transaction value does not change classification.", ()),
        ("0803.90", "hts: 0803.10, value: 1", PRICE, USMCA, True,
         "1 % of the transaction value does not change classification.", ()),
    ],
)  # fmt: skip
def test_where_no_share_decides(
    hts: str, row: str, more: str, head: str, passes: bool | None, words: str, needs: tuple[str, ...]
) -> None:
    (inner,) = shift((f"name: rotor, {row}",), more=more, hts=hts, head=head).inner
    assert (inner.passes, inner.words, inner.needs) == (passes, words, needs)
    assert (inner.test, inner.reference is not None) == ("de minimis", bool(head))
    assert (inner.arithmetic == "") is ("non_shifting_pct" not in inner.values)
