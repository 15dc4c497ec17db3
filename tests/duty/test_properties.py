"""What must hold of any declaration: least cost, fees that joining never raises, accounts never overdrawn."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from fractions import Fraction
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.duty import assess
from sim.duty.declaration import VALUE, Amount, Entry, Line
from sim.duty.elections import options_of, total
from sim.duty.entry import assess_entry
from sim.duty.exchange import Exchange
from sim.duty.law_view import LawView
from sim.duty.offset import Account, Built
from sim.duty.piecewise import pieces, winners
from sim.duty.price import Joint, join
from sim.duty.quota import Quota, fill
from sim.duty.reading import Declaration
from sim.law import LineFacts, load_law

VIEW = LawView(load_law())
DAYS = [dt.date(2018, 7, 2), dt.date(2021, 3, 1), dt.date(2025, 3, 5), dt.date(2025, 6, 16), dt.date(2025, 12, 1)]
CODES = ["8407.34.48", "8544.30.00", "8708.29.51", "8409.91.50", "8708.70.60"]
SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def lines(draw: st.DrawFn, name: str = "line") -> Line:
    origin = draw(st.sampled_from(["MX", "CA", "CN", "JP"]))
    exporter = origin if origin in ("MX", "CA") else draw(st.sampled_from(["MX", origin]))
    originating = draw(st.booleans()) and origin == exporter
    facts = LineFacts(
        "US",
        exporter,
        origin,
        draw(st.sampled_from(CODES)),
        origin_marking=origin,
        originating=originating,
        steel_melt="",
        aluminium_smelt="",
        metal_weight="at_least_15",
    )
    value = draw(st.integers(0, 50_000_000))
    amounts = {VALUE: Amount(Fraction(value)), "steel_value": Amount(share=Fraction(draw(st.integers(0, 100)), 100))}
    amounts |= {"aluminium_value": Amount(), "copper_value": Amount()}
    if draw(st.booleans()):
        amounts["us_components"] = Amount(share=Fraction(draw(st.integers(0, 100)), 100))
    costs = {"claim": draw(st.integers(0, 100_000))} if draw(st.booleans()) else {}
    return Line(name, facts, Fraction(draw(st.integers(1, 40))), amounts, costs=costs)


@st.composite
def entries(draw: st.DrawFn, name: str = "E", most: int = 3) -> Entry:
    number = draw(st.integers(1, most))
    found = tuple(draw(lines(f"line_{n}")) for n in range(number))
    return Entry(name, "US", draw(st.sampled_from(DAYS)), found, importer_of_record="Maker")


def declared(*found: Entry, **parts: object) -> Declaration:
    empty = Declaration(
        "q", "s", (), None, False, Exchange(), (), (), found, (), (), None, (), None, (), None, (), (), {}
    )
    return replace(empty, **parts)  # type: ignore[arg-type]


@SETTINGS
@given(entries())
def test_no_combination_of_elections_costs_less(entry: Entry) -> None:
    each = [options_of(VIEW, line, entry.on) for line in entry.lines]
    result = assess_entry(VIEW, entry)
    if not result.resolved:
        return
    taken = [line.option for line in result.lines if line.option]
    assert total(taken) == min(total(way) for way in product(*(x.open for x in each)))
    for number, options in enumerate(each):  # no line could do with fewer elections for the same money
        for other in options.open:
            if len(other.choices) < len(taken[number].choices):
                assert total([*taken[:number], other, *taken[number + 1 :]]) > total(taken)
    assert total(taken) == result.owed_cents + result.paperwork + result.risk
    for line in result.lines:
        resolved = [x.total for x in line.alternatives if x.total is not None]
        assert min(resolved) == total(taken)


@SETTINGS
@given(entries())
def test_amounts_are_explained_and_never_negative(entry: Entry) -> None:
    result = assess_entry(VIEW, entry)
    assert result.owed_cents >= 0
    for line in result.lines:
        assert line.duty_cents >= 0
        if line.explanation is not None and line.option is not None:
            told = {step.programme: step.amount_cents[0] for step in line.explanation.steps if step.amount_cents}
            assert all(abs(told[row.programme] - row.amount) < 1e-6 for row in line.duties)
    shares = sum((share for line in result.lines for _, share in line.fee_shares), Fraction(0))
    assert abs(shares - result.fee_cents) < Fraction(1, 1000)
    shown = json.dumps(assess(declared(entry)).as_dict(), allow_nan=False)
    assert "NaN" not in shown


@SETTINGS
@given(st.lists(entries(most=2), min_size=1, max_size=4))
def test_one_entry_never_costs_more_than_several(several: list[Entry]) -> None:
    named = [replace(x, name=f"E{n}", on=several[0].on) for n, x in enumerate(several)]
    apart = [assess_entry(VIEW, entry) for entry in named]
    if not all(x.resolved for x in apart):
        return
    together = join(VIEW, Joint("J", tuple(x.name for x in named)), apart)

    def cost(result: object) -> Fraction:
        return result.owed_cents + result.paperwork + result.risk  # type: ignore[attr-defined,no-any-return]

    # each fee is rounded once: several may each lose what one keeps
    assert cost(together) <= sum(cost(x) for x in apart) + Fraction(len(apart) + 1, 2)


@SETTINGS
@given(
    st.lists(entries(most=2), min_size=1, max_size=4),
    st.integers(0, 60),
    st.integers(0, 20),
    st.sampled_from(["number", "value"]),
)
def test_a_quota_is_never_exceeded(several: list[Entry], amount: int, used: int, unit: str) -> None:
    named = [replace(x, name=f"E{n}") for n, x in enumerate(several)]
    size = Fraction(amount if unit == "number" else amount * 1_000_000)
    before = Fraction(used if unit == "number" else used * 1_000_000)
    quota = Quota(
        "q",
        size,
        "",
        before,
        unit,
        (),
        "US",
        {"origin": "MX"},
        (),
        None,
        None,
        {"quota": "inside"},
        {"quota": "outside"},
    )
    filled, uses = fill(VIEW, [quota], named)
    assert sum((use.inside for use in uses), before) <= max(size, before)
    assert all(use.inside >= 0 and use.outside >= 0 and use.left >= 0 for use in uses)
    for old, new in zip(named, filled, strict=True):
        assert sum(x.quantity for x in old.lines) == sum(x.quantity for x in new.lines)
        assert sum(x.value for x in old.lines) == sum(x.value for x in new.lines)
    order = sorted(uses, key=lambda use: use.on)
    outside = [n for n, use in enumerate(order) if use.outside > 0]
    if outside:  # nothing is left for whoever comes after the first that went beyond
        assert all(use.inside == 0 for use in order[outside[0] + 1 :])


@SETTINGS
@given(st.lists(entries(most=2), min_size=1, max_size=3), st.integers(0, 400), st.sampled_from(["Maker", "Other"]))
def test_an_account_is_never_overdrawn(several: list[Entry], units: int, named: str) -> None:
    found = [replace(x, name=f"E{n}", on=dt.date(2025, 6, 16)) for n, x in enumerate(several)]
    built = (Built(dt.date(2025, 5, 5), Fraction(units), Fraction(4_000_000)),)
    account = Account("a", "us/section_232/offset_account/rate", built, (named,), ())
    gross = assess(declared(*found))
    net = assess(declared(*found, accounts=(account,)))
    earned = units * 4_000_000 * 375 // 10_000
    saved = sum(x.duty_cents for x in gross.entries) - sum(x.duty_cents for x in net.entries)
    assert 0 <= saved <= earned
    assert saved == net.values["a.used"] if named == "Maker" else saved == 0
    for before, after in zip(gross.entries, net.entries, strict=True):
        assert before.fee_cents == after.fee_cents
        for one, other in zip(before.lines, after.lines, strict=True):
            assert 0 <= other.duty_cents <= one.duty_cents


KINKS = st.lists(st.tuples(st.integers(-5, 5), st.integers(-1000, 1000)), min_size=1, max_size=3)


@SETTINGS
@given(KINKS, KINKS, st.integers(20, 400))
def test_break_even_agrees_with_every_whole_number(
    first: list[tuple[int, int]], second: list[tuple[int, int]], end: int
) -> None:
    """Least of lines against greatest of lines: the winner between the switch points is the cheaper of the two."""

    def low(x: Fraction) -> Fraction:
        return min(a * x + b for a, b in first)

    def high(x: Fraction) -> Fraction:
        return max(a * x + b for a, b in second)

    found = {"low": pieces(low, Fraction(0), Fraction(end)), "high": pieces(high, Fraction(0), Fraction(end))}
    for name, function in (("low", low), ("high", high)):
        for piece in found[name]:
            for x in range(-(-piece.begin.numerator // piece.begin.denominator), int(piece.end) + 1):
                assert abs(piece.at(Fraction(x)) - function(Fraction(x))) < Fraction(1, 100)
    stretches = winners(found)
    assert stretches[0].begin == 0
    assert stretches[-1].end == end
    for stretch in stretches:
        for x in range(int(stretch.begin) + 1, int(stretch.end) + 1):
            if stretch.begin < x < stretch.end:
                loser = {"low": high, "high": low}[stretch.winner]
                winner = {"low": low, "high": high}[stretch.winner]
                assert winner(Fraction(x)) <= loser(Fraction(x))
