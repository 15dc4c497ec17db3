"""What must hold for any good: monotony, indifference to irrelevant facts, exact explanations, stocks that balance."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.origin import determine
from sim.origin.agreement_terms import NO_TERMS
from sim.origin.books.interest import interpolate, level_payment
from sim.origin.books.inventory import Inventory
from sim.origin.books.inventory import find as find_stock
from sim.origin.books.movements import Movement
from sim.origin.finding import Finding
from sim.origin.good import Costs, Good, Material, ProductRule, Question

cents = st.integers(0, 500_000).map(lambda n: Fraction(n, 100))
positive = st.integers(1, 500_000).map(lambda n: Fraction(n, 100))
shares = st.integers(1, 100).map(lambda n: Fraction(n, 100))
agreements = st.sampled_from([("nafta", dt.date(2010, 1, 15)), ("usmca", dt.date(2023, 7, 15))])
codes = st.sampled_from(["84.13", "8413.91", "8501.10", "7326.90", "8482.10"])
statuses = st.sampled_from(["originating", "non_originating"])


@st.composite
def materials(draw: st.DrawFn) -> tuple[Material, ...]:
    count = draw(st.integers(1, 4))
    return tuple(Material(f"material {n}", draw(codes), value=draw(cents), status=draw(statuses)) for n in range(count))


@st.composite
def questions(draw: st.DrawFn) -> Question:
    agreement, on = draw(agreements)
    kind = draw(st.sampled_from(["regional_value", "tariff_shift", "either", "both"]))
    rule = ProductRule(kind, "heading", (), (), draw(shares), draw(st.none() | shares))
    price = draw(st.none() | positive)
    costs = Costs(other_product=draw(positive), period=draw(cents), excluded={"royalties": Fraction(0)})
    return Question(
        Good("good", "8413.30"), "", "", agreement, on, rule=rule, transaction_value=price, costs=costs,
        materials=draw(materials()),
    )  # fmt: skip


@given(questions(), st.data())
@settings(max_examples=200, deadline=None)
def test_originating_material_in_place_of_foreign_never_loses_origin(question: Question, data: st.DataObject) -> None:
    before = determine(question)
    n = data.draw(st.integers(0, len(question.materials) - 1))
    better = replace(question.materials[n], status="originating")
    changed = (*question.materials[:n], better, *question.materials[n + 1 :])
    after = determine(replace(question, materials=changed))
    if before.status == "originating":
        assert after.status == "originating", (before.text(), after.text())


@given(questions(), st.text(max_size=5), st.sampled_from(["US", "CA", "MX", ""]))
@settings(max_examples=100, deadline=None)
def test_irrelevant_facts_change_nothing(question: Question, text: str, country: str) -> None:
    told = replace(question, title=text, source=text, importer=country, exporter=country)
    told = replace(told, materials=tuple(replace(x, by_country={"US": Fraction(1)}) for x in told.materials))
    plain, other = determine(question), determine(told)
    assert plain.status == other.status
    assert plain.values == other.values
    assert plain.findings == other.findings


@given(questions())
@settings(max_examples=100, deadline=None)
def test_a_status_is_always_given_and_unresolved_says_why(question: Question) -> None:
    answer = determine(question)
    assert answer.status in ("originating", "not originating", "unresolved")
    assert (answer.status == "unresolved") == bool(answer.unresolved)
    assert all(len(line) <= 110 for line in answer.text().splitlines())


@given(questions(), positive)
@settings(max_examples=100, deadline=None)
def test_the_unit_of_money_does_not_matter(question: Question, unit: Fraction) -> None:
    costs = replace(
        question.costs,
        other_product=(question.costs.other_product or 0) * unit,
        period=(question.costs.period or 0) * unit,
    )
    price = question.transaction_value
    scaled = replace(
        question,
        costs=costs,
        transaction_value=None if price is None else price * unit,
        materials=tuple(replace(x, value=(x.value or 0) * unit) for x in question.materials),
    )
    before, after = determine(question), determine(scaled)
    assert before.status == after.status
    for name in ("rvc_pct", "non_shifting_pct", "vnm_share_pct"):
        assert before.values.get(name) == after.values.get(name)


@given(questions(), st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_order_of_materials_does_not_matter(question: Question, chance: Random) -> None:
    other = list(question.materials)
    chance.shuffle(other)
    before, after = determine(question), determine(replace(question, materials=tuple(other)))
    assert (before.status, before.values) == (after.status, after.values)


@given(questions(), materials())
@settings(max_examples=60, deadline=None)
def test_what_is_inside_a_bought_originating_material_does_not_matter(
    question: Question, inside: tuple[Material, ...]
) -> None:
    bought = Material("bought", "8501.10", value=Fraction(5), status="originating")
    plain = determine(replace(question, materials=(*question.materials, bought)))
    filled = determine(replace(question, materials=(*question.materials, replace(bought, materials=inside))))
    assert (plain.status, plain.values) == (filled.status, filled.values)


def _deep(findings: tuple[Finding, ...]) -> list[Finding]:
    return [item for finding in findings for item in (finding, *_deep(finding.inner))]


@given(questions())
@settings(max_examples=150, deadline=None)
def test_the_arithmetic_told_is_that_of_the_values(question: Question) -> None:
    answer = determine(question)
    for finding in _deep(answer.findings):
        told = re.search(
            r"\((?:NC|TV) ([\d,.]+) - VNM ([\d,.]+)\) / (?:NC|TV) ([\d,.]+) = (-?[\d.]+) %", finding.arithmetic
        )
        if told is None:
            continue
        base, foreign, again, content = (Fraction(text.replace(",", "")) for text in told.groups())
        assert base == again
        assert foreign == finding.values["vnm"]
        assert finding.values["rvc_pct"] == (base - foreign) / base * 100
        assert abs(content - (base - foreign) / base * 100) <= Fraction(1, 10_000)
        sums = re.match(r"VNM: (.*?)\. \(", finding.arithmetic)
        assert sums is not None
        parts = [Fraction(x.replace(",", "")) for x in re.findall(r"material \d ([\d,.]+)", sums[1].split(" = ")[0])]
        assert sum(parts, Fraction(0)) == foreign


def test_net_cost_told_is_the_sum_of_its_parts() -> None:
    costs = Costs(other_product=Fraction("3.25"), period=Fraction(2), excluded={"royalties": Fraction("0.75")})
    part = Material("part", value=Fraction("1.50"), status="originating")
    answer = determine(Question(Good("good"), materials=(part,), costs=costs))
    assert answer.findings[0].arithmetic == (
        "part 1.50 + other product costs 3.25 + period costs 2 = total cost 6.75; - excluded costs 0.75 = net cost 6"
    )
    assert answer.values["net_cost"] == Fraction(6)


@st.composite
def stocks(draw: st.DrawFn, method: str, *, status: bool | None = None) -> Inventory:
    """Receipts, then shipments that empty the stock."""
    count = draw(st.integers(1, 5))
    day = dt.date(2021, 1, 1)
    receipts = [
        Movement(
            day + dt.timedelta(n),
            Fraction(draw(st.integers(1, 40))),
            True,
            draw(positive),
            draw(st.booleans()) if status is None else status,
        )
        for n in range(count)
    ]
    left = sum((item.units for item in receipts), Fraction(0))
    shipments = []
    while left:
        units = min(left, Fraction(draw(st.integers(1, 60))))
        shipments.append(Movement(day + dt.timedelta(100 + len(shipments)), units, False))
        left -= units
    return Inventory(method, "materials", (*receipts, *shipments), ordered=True)


def _sum(values: dict[str, object], stem: str) -> Fraction:
    """Sum of a value over all shipments."""
    found = [Fraction(value) for name, value in values.items() if re.fullmatch(rf"{stem}_\d+", name)]  # type: ignore[arg-type]
    return sum(found, Fraction(0))


@given(st.sampled_from(["fifo", "lifo"]), st.data())
@settings(max_examples=150, deadline=None)
def test_layers_conserve_units_and_value(method: str, data: st.DataObject) -> None:
    stock = data.draw(stocks(method))
    values = dict(find_stock(stock, Question(Good("good")), NO_TERMS).values)
    total = values.pop("vnm_of_shipments")
    receipts = [item for item in stock.movements if item.receipt]
    foreign = [item for item in receipts if item.originating is False]
    assert _sum(values, "non_originating_units") == sum((item.units for item in foreign), Fraction(0))
    assert _sum(values, "originating_units") == sum((x.units for x in receipts if x.originating), Fraction(0))
    assert _sum(values, "vnm") == total == sum((x.units * (x.price or 0) for x in foreign), Fraction(0))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_the_average_conserves_units_and_value(data: st.DataObject) -> None:
    stock = data.draw(stocks("average"))
    values = dict(find_stock(stock, Question(Good("good")), NO_TERMS).values)
    receipts = [item for item in stock.movements if item.receipt]
    foreign = sum((item.units for item in receipts if item.originating is False), Fraction(0))
    assert _sum(values, "non_originating_units") == foreign
    assert _sum(values, "originating_units") == sum((item.units for item in receipts), Fraction(0)) - foreign
    alike = data.draw(stocks("average", status=False))
    values = dict(find_stock(alike, Question(Good("good")), NO_TERMS).values)
    paid = sum((item.units * (item.price or 0) for item in alike.movements if item.receipt), Fraction(0))
    assert values["vnm_of_shipments"] == paid


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_one_status_makes_every_method_agree_on_it(data: st.DataObject) -> None:
    stock = data.draw(stocks("fifo", status=True))
    for method in ("fifo", "lifo", "average"):
        values = find_stock(replace(stock, method=method), Question(Good("good")), NO_TERMS).values
        assert values["vnm_of_shipments"] == 0


@given(positive, st.integers(1, 30).map(lambda n: Fraction(n, 100)), st.integers(1, 30))
def test_a_level_payment_pays_the_loan_off(amount: Fraction, rate: Fraction, years: int) -> None:
    payment = level_payment(amount, rate, years)
    balance = amount
    for _ in range(years):
        balance = balance * (1 + rate) - payment
    assert balance == 0


@given(st.integers(1, 9), st.integers(0, 100))
def test_an_interpolated_yield_lies_between_its_neighbours(left: int, tenths: int) -> None:
    yields = [(Fraction(left), Fraction(3, 100)), (Fraction(left + 10), Fraction(5, 100))]
    found = interpolate(yields, Fraction(left) + Fraction(tenths, 10))
    assert found == Fraction(3, 100) + Fraction(2, 100) * Fraction(tenths, 100)
