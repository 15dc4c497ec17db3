"""Values with dates, each bound by itself: the first day and the last, what was told when, what is only expected."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import pytest

from sim.law.dated import Dated, UnknownValueError, Vintage, governing, stands
from sim.references import Reference

SOURCE = Reference("A document", status="assumption")


def day(year: int, month: int = 1, number: int = 1) -> dt.date:
    return dt.date(year, month, number)


FIRST = Vintage(day(2000), day(1999), day(2005), 10_000, "verified", SOURCE)
LATER = Vintage(day(2010), day(2009), None, 20_000, "verified", SOURCE)
HOPED = Vintage(day(1990), day(1989), None, 30_000, "expected", SOURCE)
RATE = Dated("us/fees/a/rate", "Rate", "rate", (HOPED, FIRST, LATER))


@dataclass(frozen=True)
class Stay:
    begins: dt.date | None = None
    published: dt.date | None = None
    until: dt.date | None = None
    until_published: dt.date | None = None


@pytest.mark.parametrize(
    ("on", "known", "covered"),
    [
        (day(1999, 12, 31), None, False),
        (day(2000), None, True),
        (day(2004, 12, 31), None, True),
        (day(2005), None, False),
        (day(2000), day(1999), True),
        (day(2000), day(1998, 12, 31), False),
    ],
)
def test_a_vintage_covers_its_days_as_they_were_known(on: dt.date, known: dt.date | None, covered: bool) -> None:
    assert FIRST.covers(on, known) is covered


def test_what_is_only_expected_governs_never() -> None:
    assert not HOPED.covers(day(2020), None)
    assert governing((HOPED,), day(2020), None) is None
    assert replace(HOPED, status="contested").covers(day(2020), None)
    assert RATE.at(day(2010)).value == 20_000
    assert RATE.dates() == {day(2000), day(2005), day(2010)}


@pytest.mark.parametrize(
    ("spell", "on", "known", "stood"),
    [
        (Stay(), day(2000), None, True),
        (Stay(begins=day(2000)), day(1999, 12, 31), None, False),
        (Stay(begins=day(2000)), day(2000), None, True),
        (Stay(published=day(2000)), day(2001), day(1999, 12, 31), False),  # not told yet
        (Stay(published=day(2000)), day(2001), day(2000), True),  # told that day
        (Stay(until=day(2000)), day(1999, 12, 31), None, True),
        (Stay(until=day(2000)), day(2000), None, False),
        (Stay(until=day(2000), until_published=day(2003)), day(2001), day(2002, 12, 31), True),  # an untold end
        (Stay(until=day(2000), until_published=day(2003)), day(2001), day(2003), False),
        (Stay(until=day(2000), until_published=day(2003)), day(2001), None, False),
        (Stay(until=day(2000)), day(2001), day(1990), False),
    ],
)
def test_what_stands_from_one_day_to_another(spell: Stay, on: dt.date, known: dt.date | None, stood: bool) -> None:
    assert stands(spell, on, known) is stood


@pytest.mark.parametrize(
    ("on", "known", "told"),
    [
        (
            day(1995),
            None,
            "no value for 1995-01-01; the earliest is 2000-01-01. Add the earlier value with its reference.",
        ),
        (
            day(1995),
            day(1995),
            "no value for 1995-01-01; the earliest is 2000-01-01. Add the earlier value with its reference.",
        ),
        (
            day(2007),
            None,
            "no value for 2007-01-01; the last one ended on 2005-01-01. Add the later value with its reference.",
        ),
        (day(2012), day(1990), "no value for 2012-01-01 had been published by 1990-01-01."),
    ],
)
def test_why_there_is_no_value(on: dt.date, known: dt.date | None, told: str) -> None:
    with pytest.raises(UnknownValueError) as caught:
        RATE.at(on, known)
    assert str(caught.value) == f"us/fees/a/rate: {told}"


def test_of_several_that_ended_the_last_is_named() -> None:
    between = replace(FIRST, begins=day(2006), until=day(2007))
    ahead = replace(FIRST, begins=day(2030), until=day(2040))
    with pytest.raises(UnknownValueError, match="the last one ended on 2007-01-01"):
        replace(RATE, vintages=(between, FIRST, ahead)).at(day(2008))


def test_a_value_of_which_all_is_expected_or_unknown() -> None:
    with pytest.raises(UnknownValueError) as caught:
        replace(RATE, vintages=(HOPED,)).at(day(2000))
    words = "no value for 2000-01-01; every entry is only expected. Add the value with its reference."
    assert str(caught.value) == f"us/fees/a/rate: {words}"
    with pytest.raises(UnknownValueError) as caught:
        replace(RATE, vintages=(replace(FIRST, value=None),)).at(day(2001))
    words = f"is unknown from 2000-01-01 on ({SOURCE}), so not known for 2001-01-01. Add the value with its reference."
    assert str(caught.value) == f"us/fees/a/rate: {words}"
