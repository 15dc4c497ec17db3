"""Dates of law: in force, known, announced, paused and ended, exact to the day."""

from __future__ import annotations

import datetime as dt
import pickle

import pytest

from sim.errors import LawError
from sim.law import load_law

LAW = load_law()
DAY = dt.timedelta(days=1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def state(path: str, on: str, known: str | None = None) -> str:
    vintage = LAW.by_path[path].state(day(on), day(known) if known else None)
    return "none" if vintage is None else str(vintage.value)


@pytest.mark.parametrize("country", ["canada", "mexico"])
@pytest.mark.parametrize(
    ("on", "known", "expected"),
    [
        ("2025-02-03", None, "none"),
        ("2025-02-04", "2025-01-31", "none"),
        ("2025-02-04", "2025-02-01", "in_force"),
        ("2025-02-04", "2025-02-02", "in_force"),
        ("2025-02-04", "2025-02-03", "suspended"),
        ("2025-02-04", None, "suspended"),
        ("2025-03-03", None, "suspended"),
        ("2025-03-04", "2025-02-03", "in_force"),
        ("2025-03-04", None, "in_force"),
        ("2026-02-23", None, "in_force"),
        ("2026-02-24", "2026-02-19", "in_force"),
        ("2026-02-24", None, "ended"),
    ],
)
def test_emergency_tariffs_announced_paused_in_force_ended(
    country: str, on: str, known: str | None, expected: str
) -> None:
    assert state(f"us/ieepa/{country}", on, known) == expected


def test_status_before_during_and_after() -> None:
    def standing(on: str) -> dict[str, tuple[str, str, str]]:
        found = LAW.programmes("US", "MX", "8544.30", day(on))
        return {s.programme: (s.state, str(s.until), s.next_state) for s in found}

    path = "us/ieepa/mexico"
    assert path not in standing("2025-01-31")
    assert standing("2025-02-02")[path] == ("announced", "2025-02-04", "in force")
    assert standing("2025-02-10")[path] == ("announced", "2025-03-04", "in force")
    assert standing("2025-03-05")[path] == ("in force", "None", "")
    assert standing("2026-02-21")[path] == ("in force", "2026-02-24", "ended")
    assert standing("2026-02-24")[path] == ("ended", "None", "")
    parts = "us/section_232/automobile_parts"
    assert parts not in standing("2025-03-05")
    assert standing("2025-03-27")[parts] == ("announced", "2025-05-03", "in force")
    assert standing("2025-05-03")[parts] == ("in force", "None", "")


def test_status_names_document_rate_and_source() -> None:
    found = {s.programme: s for s in LAW.programmes("US", "MX", "8544.30", day("2025-03-05"))}
    status = found["us/ieepa/mexico"]
    assert (status.document, status.heading, status.rate) == (
        "Executive Order 14194",
        "9903.01.01",
        "25 % of dutiable value",
    )
    assert status.reference.href.startswith("https://")
    assert found["us/mfn"].rate == "5 % of dutiable value"


def test_status_says_where_the_law_has_a_gap() -> None:
    found = {s.programme: s.rate for s in LAW.programmes("US", "CN", "8708.92.50", day("2025-04-20"))}
    assert found["us/ieepa/china"] == "20 % of dutiable value"
    assert found["us/ieepa/reciprocal"] == "125 % of dutiable value"
    fees = {s.programme: s.rate for s in LAW.programmes("US", "CN", "8708.92.50", day("2026-10-20"))}
    assert fees["us/fees/merchandise_processing"] == "0.3464 % of customs value"
    with pytest.raises(LawError, match="Fiscal year 2027 not found"):
        LAW.value("us/fees/merchandise_processing/minimum", day("2026-10-20"))


def test_rate_of_canada_rises_when_published_and_begun() -> None:
    path = "us/ieepa/canada/rate"
    assert LAW.value(path, day("2025-07-31")) == 250_000
    assert LAW.value(path, day("2025-08-01")) == 350_000
    assert LAW.value(path, day("2025-08-01"), known=day("2025-07-30")) == 250_000


@pytest.mark.parametrize(
    ("on", "least", "most"),
    [
        ("2017-08-16", 2_500, 48_500),
        ("2017-10-01", 2_567, 49_799),
        ("2018-09-30", 2_567, 49_799),
        ("2018-10-01", 2_622, 50_870),
        ("2020-07-01", 2_679, 51_976),
        ("2021-09-30", 2_723, 52_833),
        ("2022-09-30", 2_775, 53_840),
        ("2023-09-30", 2_966, 57_535),
        ("2024-09-30", 3_167, 61_435),
        ("2025-09-30", 3_271, 63_462),
        ("2025-10-01", 3_358, 65_150),
    ],
)
def test_processing_fee_by_fiscal_year(on: str, least: int, most: int) -> None:
    assert LAW.value("us/fees/merchandise_processing/minimum", day(on)) == least
    assert LAW.value("us/fees/merchandise_processing/maximum", day(on)) == most


@pytest.mark.parametrize(
    ("on", "expected"),
    [("1993-12-31", None), ("1994-01-01", "nafta"), ("2020-06-30", "nafta"), ("2020-07-01", "usmca")],
)
def test_agreement_in_force(on: str, expected: str | None) -> None:
    assert LAW.agreement("US", "MX", day(on)) == expected
    assert LAW.agreement("MX", "CA", day(on)) == expected
    assert LAW.agreement("US", "CN", day(on)) is None
    assert LAW.agreement("US", "US", day(on)) is None


def test_customs_base_of_each_importer() -> None:
    on = day("2017-08-16")
    assert LAW.customs_base("US", on) == "excludes_international_freight"
    assert LAW.customs_base("CA", on) == "excludes_international_freight"
    assert LAW.customs_base("MX", on) == "includes_freight"


def test_change_dates_are_strictly_between() -> None:
    found = LAW.change_dates(day("2025-02-03"), day("2025-04-03"))
    expected = ("2025-02-04", "2025-03-04", "2025-03-07", "2025-03-12")
    assert {day(x) for x in expected} <= set(found)
    assert found == tuple(sorted(set(found)))
    assert all(day("2025-02-03") < x < day("2025-04-03") for x in found)
    assert {day("2017-10-01"), day("2018-03-23")} <= set(LAW.change_dates(day("2017-08-16"), day("2018-05-31")))
    assert day("2018-05-31") not in LAW.change_dates(day("2017-08-16"), day("2018-05-31"))


def test_nothing_changes_between_change_dates() -> None:
    begin, end = day("2024-12-01"), day("2026-03-15")
    edges = set(LAW.change_dates(begin, end))
    states = {}
    for n in range((end - begin).days):
        on = begin + n * DAY
        now = {path: (p.in_force(on), [h.stands(on, None) for h in p.headings]) for path, p in LAW.by_path.items()}
        if states and now != states:
            assert on in edges
        states = now


@pytest.mark.parametrize(
    ("path", "on", "text"),
    [
        (
            "us/section_232/automobiles/rate",
            "2025-04-02",
            "us/section_232/automobiles/rate: no value for 2025-04-02; the earliest is 2025-04-03. "
            "Add the earlier value with its reference.",
        ),
        (
            "us/fees/merchandise_processing/minimum",
            "2026-10-01",
            "us/fees/merchandise_processing/minimum: is unknown from 2026-10-01 on "
            "(Fiscal year 2027 not found [assumption]), so not known for 2026-10-01. "
            "Add the value with its reference.",
        ),
        (
            "us/section_232/automobile/rate",
            "2025-04-03",
            "law: no value named 'us/section_232/automobile/rate'. Did you mean 'us/section_232/automobiles/rate'?",
        ),
        (
            "us/mfn/rates/0101.21",
            "2025-04-03",
            "us/mfn/rates: no rate for the code '0101.21' on 2025-04-03. "
            "Add a row for it, or for a shorter code that covers it, with its reference.",
        ),
        (
            "us/mfn/rates/8708.30",
            "1995-01-01",
            "us/mfn/rates: no rate for the code '8708.30' on 1995-01-01. "
            "Add a row for it, or for a shorter code that covers it, with its reference.",
        ),
    ],
)
def test_unknown_dates_and_paths_raise(path: str, on: str, text: str) -> None:
    with pytest.raises(LawError) as error:
        LAW.value(path, day(on))
    assert error.value.text() == text


def test_not_yet_published_raises() -> None:
    with pytest.raises(LawError) as error:
        LAW.value("us/section_232/automobiles/rate", day("2025-04-03"), known=day("2025-03-25"))
    assert error.value.text() == (
        "us/section_232/automobiles/rate: no value for 2025-04-03 had been published by 2025-03-25."
    )


def test_history_and_paths() -> None:
    assert "us/ieepa/mexico" in LAW.paths()
    assert "us/ieepa/mexico/rate" in LAW.paths()
    assert [v.value for v in LAW.history("us/ieepa/mexico").vintages] == [
        "in_force",
        "suspended",
        "in_force",
        "ended",
    ]
    with pytest.raises(LawError) as error:
        LAW.history("us/ieepa/mexiko")
    assert error.value.text() == ("law: no value or programme named 'us/ieepa/mexiko'. Did you mean 'us/ieepa/mexico'?")


def test_every_value_says_where_it_comes_from() -> None:
    for path in LAW.paths():
        for vintage in LAW.history(path).vintages:
            assert vintage.reference.title
            assert vintage.reference.href or vintage.reference.status in ("memory", "assumption")


def test_law_travels_to_another_process() -> None:
    again = pickle.loads(pickle.dumps(LAW))
    assert again == LAW
    assert hash(again) == hash(LAW)
    assert again.value("us/ieepa/canada/rate", day("2025-08-01")) == 350_000
