"""The least total against every combination: fees about their floor and cap, shared paperwork, several fees."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.duty.elections import Option, Options, total
from sim.duty.law_view import Row
from sim.duty.least import Others, cheapest
from sim.law import LineFacts
from sim.references import Reference

SOURCE = Reference("made up", status="assumption")
FACTS = LineFacts("US", "MX", "MX", "8708.29")
PAPER = (("first yes", 25), ("second yes", 40))


def row(programme: str, cents: int, least: float | None = None, most: float | None = None) -> Row:
    base = float(cents * 10)
    bounded = max(least or 0.0, base / 10)
    return Row(programme, "h", "fee" if least else "duty", "US", 100_000, base, bounded, cents, "", SOURCE, least, most)


@st.composite
def option(draw: st.DrawFn, bounds: tuple[tuple[str, float, float], ...]) -> Option:
    rows = [row("us/duty", draw(st.integers(0, 60)))]
    rows += [row(path, draw(st.integers(0, 80)), low, high) for path, low, high in bounds if draw(st.booleans())]
    shared = tuple(item for item in PAPER if draw(st.booleans()))
    return Option((), FACTS, tuple(rows), draw(st.integers(0, 9)), shared, Fraction(0))


def lines(*bounds: tuple[str, float, float]) -> st.SearchStrategy[list[Options]]:
    one = st.lists(option(bounds), min_size=1, max_size=3).map(lambda found: Options(tuple(found)))
    return st.lists(one, min_size=1, max_size=5)


def least_of_all(each: Sequence[Options]) -> Fraction:
    """The least total of every combination, tried one by one."""
    return min(total(way) for way in product(*(x.open for x in each)))


def with_one_changed(each: Sequence[Options], found: tuple[Option, ...]) -> tuple[list[Fraction], list[Fraction]]:
    """The entry's total with one line changed to each of its options: as `Others` tells it, and summed anew."""
    others = Others(found)
    changes = [(number, other) for number, options in enumerate(each) for other in options.open]
    told = [others.total(number, other) for number, other in changes]
    return told, [total([*found[:number], other, *found[number + 1 :]]) for number, other in changes]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines(("us/fee", 60.0, 150.0)))
def test_one_fee(each: list[Options]) -> None:
    found = cheapest(each)
    told, summed = with_one_changed(each, found)
    assert total(found) == least_of_all(each)
    assert told == summed


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines(("us/fee", 60.0, 150.0), ("us/other", 20.0, 70.0)))
def test_two_fees(each: list[Options]) -> None:
    found = cheapest(each)
    told, summed = with_one_changed(each, found)
    assert total(found) == least_of_all(each)
    assert told == summed


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from([(10.0, 40.0), (30.0, 90.0)]), min_size=1, max_size=4).flatmap(
    lambda bounds: st.tuples(*(lines(("us/fee", low, high)).map(lambda x: x[0]) for low, high in bounds))
))  # fmt: skip
def test_unlike_bounds_of_one_fee(each: tuple[Options, ...]) -> None:
    found = cheapest(each)
    told, summed = with_one_changed(each, found)
    assert total(found) == least_of_all(each)
    assert told == summed


def test_many_lines_are_answered() -> None:
    """A thousand lines with two options each: the fee at its cap is owed once, so duties alone decide."""
    cheap = Option((), FACTS, (row("us/duty", 5), row("us/fee", 30, 60.0, 150.0)), 0, (), Fraction(0))
    dear = Option((), FACTS, (row("us/duty", 20),), 0, (), Fraction(0))
    found = cheapest([Options((dear, cheap))] * 1000)
    assert total(found) == 1000 * 5 + 150
