"""Sections of an origin file, reckoned by hand: what passes, what fails by a hair, what a missing fact asks for."""

from __future__ import annotations

from fractions import Fraction

import pytest

from sim.origin import Answer, OriginError, determine
from sim.origin.finding import Finding
from sim.origin.reading import questions_of

USMCA = "agreement: usmca\non: 2024-01-01\n"
NAFTA = "agreement: nafta\non: 2017-01-02\n"


def problems(text: str) -> list[str]:
    with pytest.raises(OriginError) as raised:
        questions_of(text, "good.yaml")
    return [str(problem) for problem in raised.value.problems]


def answer(text: str) -> Answer:
    (question,) = questions_of(text)
    return determine(question)


def found(text: str, test: str) -> Finding:
    """The finding of one test."""
    return next(x for x in answer(text).findings if x.test == test)


KIT = "set:\n  components:\n    - {name: a, value: 90, status: originating}\n"


@pytest.mark.parametrize(
    ("value", "passes", "share"),
    [("10", True, Fraction(10)), ("10.01", False, Fraction(100_100, 10_001))],
)
def test_a_set_bears_a_tenth_of_its_own_value(value: str, passes: bool, share: Fraction) -> None:
    """10 of 100 is the tenth that is allowed, 10.01 of 100.01 is more."""
    told = found(USMCA + KIT + f"    - {{name: b, value: {value}, status: non_originating}}\n", "set")
    assert (told.passes, told.values["non_originating_share_pct"]) == (passes, share)


def test_a_set_with_a_value_of_its_own_or_shares() -> None:
    priced = KIT.replace("set:\n", "set:\n  value: 200\n") + "    - {name: b, value: 20, status: non_originating}\n"
    told = found(USMCA + priced, "set")
    assert (told.passes, told.values["non_originating_share_pct"], told.arithmetic) == (
        True,
        10,
        "20 / 200 = 10 %; limit 10 %",
    )
    shares = "set:\n  components:\n    - {name: a, share: 7 %, status: non_originating}\n"
    shares += "    - {name: b, share: 4 %, status: non_originating}\n    - {name: c, value: 5, status: originating}\n"
    told = found(USMCA + shares, "set")
    assert (told.passes, told.values["non_originating_share_pct"], told.arithmetic) == (
        False,
        11,
        "a 7 % + b 4 %; limit 10 %",
    )


@pytest.mark.parametrize(
    ("component", "needs"),
    [
        ("{name: b, value: 5}", "whether 'b' originates"),
        ("{name: b, status: non_originating}", "the value of 'b'"),
    ],
)
def test_a_set_names_what_it_needs(component: str, needs: str) -> None:
    told = found(USMCA + KIT + f"    - {component}\n", "set")
    assert (told.passes, told.needs) == (None, (needs,))


def test_a_set_without_value_and_a_set_without_rule() -> None:
    nothing = KIT.replace("value: 90", "value: 0") + "    - {name: b, value: 0, status: non_originating}\n"
    assert found(USMCA + nothing, "set").needs == ("the value of the set",)
    told = found(NAFTA + KIT + "    - {name: b, value: 1, status: non_originating}\n", "set")
    assert (told.passes, told.words) == (False, "nafta has no rule for sets: every component must originate.")
    assert found(NAFTA + KIT, "set").passes is True


def test_faults_of_fibres_are_told() -> None:
    text = USMCA + "good: {name: sweater, hts: 6110.30}\ntextile:\n  component: body\n  fibres:\n"
    mixed = text + "    - {name: a, share: 60 %, status: originating}\n    - {name: b, weight: 3}\n"
    assert problems(mixed) == [
        "line 6, textile.fibres: some fibres have a 'share' and some a 'weight'. Write one of them for all.",
        "line 8, textile.fibres[1]: the key 'status' is missing.",
    ]
    short = (
        text + "    - {name: a, share: 60 %, status: originating}\n    - {name: b, share: 30 %, status: originating}\n"
    )
    assert problems(short) == [
        "line 6, textile.fibres: the shares add up to 90 %. Write all fibres of the component.",
    ]
    empty = text + "    - {name: a, weight: 0, status: originating}\n    - {name: b, status: originating}\n"
    assert problems(empty) == [
        "line 6, textile.fibres: no fibre has a weight.",
        "line 8, textile.fibres[1]: write 'share' or 'weight'.",
    ]


def test_fibres_outside_the_component_weigh_nothing() -> None:
    """6 of 60 is the tenth; the 940 of a lining outside the component would make it nothing."""
    text = USMCA + "good: {name: sweater, hts: 6110.30}\ntextile:\n  component: body\n  fibres:\n"
    text += "    - {name: a, weight: 54, status: originating}\n    - {name: b, weight: 6, status: non_originating}\n"
    told = found(
        text + "    - {name: lining, weight: 940, status: originating, disregarded: yes}\n", "weight de minimis"
    )
    assert (told.passes, told.values["non_originating_weight_pct"]) == (True, 10)
    more = found(text.replace("weight: 6,", "weight: 6.1,"), "weight de minimis")
    assert more.passes is False


SWEATER = "good: {name: sweater, hts: 6110.30}\n"
OURS, THEIRS = "status: originating", "status: non_originating"


def fibres(*rows: str, component: str = "  component: body\n") -> str:
    return f"{SWEATER}textile:\n{component}  fibres:\n" + "".join(f"    - {{{row}}}\n" for row in rows)


@pytest.mark.parametrize(
    ("head", "rows", "passes", "words", "weights"),
    [
        (USMCA, (f"share: 90 %, {OURS}", f"share: 10 %, {THEIRS}"), True, "Within", (10, 0)),
        (USMCA, (f"weight: 89.9, {OURS}", f"weight: 10.1, {THEIRS}"), False, "Beyond", ("10.1", 0)),
        (USMCA, (f"weight: 186, {OURS}", f"weight: 14, {THEIRS}, elastomeric: yes"), True, "Within", (7, 7)),
        (USMCA, (f"share: 92 %, {OURS}", f"share: 8 %, {THEIRS}, elastomeric: yes"), False, "Beyond", (8, 8)),
        (USMCA, (f"share: 92 %, {OURS}, elastomeric: yes", f"share: 8 %, {THEIRS}"), True, "Within", (8, 0)),
        (USMCA, (f"weight: 8, {OURS}", f"weight: 1.5, {THEIRS}, shifts: yes", f"weight: 0.5, {THEIRS}"), True, "Within",
         (5, 0)),
        (NAFTA, (f"share: 93 %, {OURS}", f"share: 7 %, {THEIRS}"), True, "Within", (7, None)),
        (NAFTA, (f"share: 92 %, {OURS}", f"share: 8 %, {THEIRS}, elastomeric: yes"), False, "Beyond", (8, None)),
    ],
)  # fmt: skip
def test_fibres_by_weight(
    head: str, rows: tuple[str, ...], passes: bool, words: str, weights: tuple[object, object]
) -> None:
    """Ten of a hundred, of which seven elastomeric (2020); seven of any fibre (1994): the limit itself is let pass."""
    told = found(head + fibres(*(f"name: f{n}, {row}" for n, row in enumerate(rows))), "weight de minimis")
    limit, (part, elastic) = 10 if head == USMCA else 7, weights
    assert told.passes is passes
    assert told.words.startswith(f"{words} the tolerance by weight.")
    stretch = "" if elastic is None else f"; elastomeric {elastic} %, limit 7 %"
    assert told.arithmetic == f"{part} % of the weight of body fails; limit {limit} %{stretch}"
    values = {"non_originating_weight_pct": Fraction(str(part)), "weight_limit_pct": limit}
    if elastic is not None:
        values |= {"elastomeric_weight_pct": elastic, "elastomeric_limit_pct": 7}
    assert told.values == values
    assert told.reference is not None
    assert "section 5" in told.reference.title


def test_fibres_that_no_tolerance_covers() -> None:
    """Sewing thread must be made in the region: two threads of a hundredth each fail, of whatever weight."""
    rows = [f"name: {name}, share: 1 %, {THEIRS}, no_tolerance: yes" for name in ("thread", "lace")]
    told = found(USMCA + fibres(f"name: a, share: 98 %, {OURS}", *rows, component=""), "weight de minimis")
    assert (told.passes, told.words) == (False, "No tolerance covers thread, lace.")
    assert told.arithmetic.startswith("2 % of the weight of the good fails; limit 10 %")
    assert told.values["fibres_no_tolerance_covers"] == 2
    own = fibres(f"name: a, share: 98 %, {OURS}", f"name: thread, share: 2 %, {OURS}, no_tolerance: yes")
    assert found(USMCA + own, "weight de minimis").passes is True


def test_fibres_without_an_agreement() -> None:
    told = found(fibres(f"name: a, share: 93 %, {OURS}", f"name: b, share: 7 %, {THEIRS}"), "weight de minimis")
    assert (told.passes, told.words, told.needs) == (None, "No limit is known.", ("agreement and on",))


def test_a_component_is_refused_with_all_that_is_wrong() -> None:
    rows = (
        "share: 90 %",
        "name: b, share: 5 %, weight: 3, status: foreign",
        f"name: c, {OURS}",
        f"name: d, share: 3 %, {OURS}, disregarded: yes, colour: red",
    )
    assert problems(USMCA + fibres(*rows)) == [
        "line 6, textile.fibres: some fibres have a 'share' and some a 'weight'. Write one of them for all.",
        "line 7, textile.fibres[0]: the key 'name' is missing.",
        "line 7, textile.fibres[0]: the key 'status' is missing.",
        "line 8, textile.fibres[1]: write 'share' or 'weight'.",
        "line 8, textile.fibres[1].status: 'foreign' is not allowed. Allowed statuses: non_originating, originating.",
        "line 9, textile.fibres[2]: write 'share' or 'weight'.",
        "line 10, textile.fibres[3].colour: unknown key 'colour'. Allowed keys: disregarded, elastomeric, name, "
        "no_tolerance, note, share, shifts, status, weight.",
    ]
    assert problems(USMCA + SWEATER + "textile: {component: body, colour: red}\n") == [
        "line 4, textile.colour: unknown key 'colour'. Allowed keys: component, fibres, note.",
        "line 4, textile: the key 'fibres' is missing.",
    ]


LOAN = "agreement: usmca\non: 2024-01-01\ninterest:\n"


def test_faults_of_a_loan_are_told() -> None:
    assert problems(LOAN + "  loan: 0\n  years: 100\n  yields: {five: 4 %}\n") == [
        "line 3, interest: the key 'rate' is missing (or 'periods').",
        "line 4, interest.loan: the loan is zero.",
        "line 5, interest.years: '100' is not a number of years. Write a whole number from 1 to 99.",
        "line 6, interest.yields.five: 'five' is not a maturity. Write it as 5y.",
        "line 6, interest.yields: no yield is stated. Write them by maturity, such as {5y: 4.7 %, 7y: 5 %}.",
    ]
    long = (
        LOAN + "  loan: 9\n  years: 3\n  yields: {5y: 4 %}\n  periods: [{years: 2, rate: 6 %}, {years: 2, rate: 7 %}]\n"
    )
    assert problems(long) == ["line 7, interest.periods: the periods cover 4 years, the loan 3."]


STOCK = """inventory:
  method: fifo
  movements:
    - {on: 2024-01-10, in: 100, price: 2, status: originating}
    - {on: 2024-01-11, in: 50, price: 3, status: non_originating}
    - {on: 2024-01-12, out: 120}
    - {on: 2024-01-13, out: 40}
"""


def test_a_stock_that_does_not_suffice_says_by_how_much() -> None:
    """120 leave 30 of the second receipt: 20 x 3 = 60; the next 40 lack ten."""
    told = answer(USMCA + STOCK)
    assert told.values["vnm_1"] == 60
    assert told.unresolved == ("receipts of 10 more units before the shipment of 40 units on 2024-01-13",)
    average = answer(USMCA + STOCK.replace("fifo", "average"))
    assert average.unresolved == told.unresolved
    assert average.values["vnm_1"] == 40 * Fraction(350, 150)  # a third of the units, at the average price of all


def test_a_stock_of_unknown_origin_asks_for_it() -> None:
    text = USMCA + STOCK.replace(", status: non_originating", "").replace("out: 40", "out: 30")
    for method in ("fifo", "average"):
        told = answer(text.replace("fifo", method))
        assert told.unresolved[0] == "the status of every receipt and of the opening stock"


def test_the_price_of_most_units_is_the_lower_of_two() -> None:
    sales = "unit_price:\n  sales: [{price: 9, units: [5, {count: 2, units: 5}]}, {price: 8, units: 15},"
    sales += " {price: 7, units: 14}]\n"
    told = answer(USMCA + sales)
    assert (told.values["unit_price"], told.values["units"]) == (8, 15)
    assert problems(USMCA + "unit_price: [{price: 9}]\n") == ["line 3, unit_price[0]: the key 'units' is missing."]


def test_a_component_that_is_made_from_others_of_the_class() -> None:
    """A rotor of the motor's heading is made of wire, which changes heading, and of a core, which does not."""
    text = USMCA + (
        "good: {name: motor, hts: 8501.10}\ntransaction_value: 100\n"
        "rule: {kind: tariff_shift, change: heading}\n"
        "materials:\n"
        "  - {name: rotor, hts: 8501.20, value: 30, self_produced: yes, materials: [\n"
        "      {name: wire, hts: 8544.11, value: 8, status: non_originating},\n"
        "      {name: core, hts: 8501.30, value: 4, status: non_originating}]}\n"
    )
    told = answer(text)
    shift = next(x for x in told.findings if x.test == "tariff shift")
    assert (shift.passes, shift.words) == (True, "core does not change classification, but is within the tolerance.")
    assert "wire: 8544 is another heading than 8501; core: 8501 is the heading of the good" in shift.arithmetic
    assert shift.values["non_shifting_value"] == 4  # of the core alone, and 4 of 100 are within the tenth
