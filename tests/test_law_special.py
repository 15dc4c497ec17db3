"""Special provisions and zones: what bears on such goods, what the law closes, and which document tells a change."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from sim.law import LineFacts, load_law
from sim.law.checks import LAW_BEGINS, Span, code_problem, country_problem, span_of
from sim.scenario.model import LAW_BEGINS as OF_SCENARIOS

LAW = load_law()
REGULATOR = LineFacts("US", "MX", "MX", "9032.89.60", "MX", chapter_98="9802.00.80")
VALUE = {"customs_value": np.array([100_000.0])}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def bearing(line: LineFacts, on: str) -> set[str]:
    """Programmes that say anything but "not subject" of a line."""
    columns = {**VALUE, "us_components": np.zeros(1)}
    steps = LAW.explain(line, day(on), columns).steps
    return {x.programme for x in steps if x.outcome not in ("out", "base")}


@pytest.mark.parametrize("on", ["2018-09-24", "2025-06-16", "2025-08-20", "2026-03-16", "2026-07-30", "2026-09-16"])
@pytest.mark.parametrize(("origin", "code"), [("MX", "9032.89.60"), ("CN", "9032.89.60"), ("DE", "8708.30.50")])
def test_returned_goods_name_only_programmes_that_would_bear_on_them(on: str, origin: str, code: str) -> None:
    line = replace(REGULATOR, origin=origin, origin_marking=origin, hts_code=code, chapter_98="")
    back = replace(line, chapter_98="9801.00.10", returned_within_3_years=True)
    assert bearing(back, on) <= bearing(line, on)


def test_the_list_of_a_returned_regulator_is_what_a_broker_expects() -> None:
    back = replace(REGULATOR, chapter_98="9801.00.10", returned_within_3_years=True)
    assert bearing(back, "2025-06-16") == {"us/mfn", "us/ieepa/mexico", "us/fees/merchandise_processing"}
    chinese = replace(back, origin="CN", origin_marking="CN")
    wanted = {"us/mfn", "us/section_122", "us/section_301/china", "us/fees/merchandise_processing"}
    assert bearing(chinese, "2026-03-16") == wanted


def test_non_privileged_status_is_closed_to_goods_that_owe_a_special_duty() -> None:
    bearings = LineFacts("US", "JP", "JP", "8482.20.00", "JP", zone_status="non_privileged")
    (closed,) = LAW.closed_choices(bearings, day("2025-05-20"))
    assert (closed.fact, closed.value) == ("zone_status", "non_privileged")
    assert closed.by == ("us/section_232/automobile_parts",)
    assert LAW.closed_choices(bearings, day("2024-05-20")) == ()
    assert LAW.closed_choices(replace(bearings, zone_status="privileged"), day("2025-05-20")) == ()
    canadian = replace(bearings, exporter="CA", origin="CA", origin_marking="CA", hts_code="8708.99.81")
    assert "us/ieepa/canada" in LAW.closed_choices(canadian, day("2025-05-20"))[0].by


@pytest.mark.parametrize(
    ("path", "code", "on", "known", "title"),
    [
        ("us/section_232/steel_2018", "7208.39", "2018-06-01", "2018-05-31", "First day 2018-06-01"),
        ("us/section_232/steel_2025", "7318.15.20", "2025-06-04", "2025-06-03", "Proclamation 10947"),
        ("us/ieepa/canada", "9032.89.60", "2025-08-01", "2025-07-31", ""),
        ("us/fees/merchandise_processing", "9032.89.60", "2025-10-01", "2025-08-01", "19 CFR 24.23"),
        ("us/section_301/china", "8542.31", "2025-01-01", "2024-10-01", "Headings 9903.88"),
    ],
)
def test_a_change_cites_its_own_document(path: str, code: str, on: str, known: str, title: str) -> None:
    sources = LAW.sources_of_change(path, code, day(on), day(known))
    assert sources
    assert any(x.title.startswith(title) for x in sources)
    assert LAW.sources_of_change(path, code, day(on), day("1999-01-01")) == ()
    assert LAW.sources_of_change(path, code, day(on) + dt.timedelta(days=1), day(known)) == ()


def test_words_of_a_declaration_are_checked_in_one_place() -> None:
    assert LAW_BEGINS == OF_SCENARIOS
    assert country_problem("MX") == ""
    assert country_problem("UK") == "'UK' is not a country. Did you mean 'GB'?"
    assert country_problem("EU") == "'EU' is not a country. Write the member state, such as 'DE'."
    assert code_problem("8544.30") == ""
    assert "chapter 00 does not exist" in code_problem("0001.00")
    assert code_problem("9801.00.10").startswith("'9801.00.10' is a special provision, not a good.")
    span = span_of(LAW)
    assert span.problem(day("2025-06-16")) == ""
    assert span.problem(dt.date(1, 1, 1)) == "0001-01-01 is before the law. The earliest is 1994-01-01."
    assert span.problem(dt.date(2199, 1, 1)).startswith("2199-01-01 is beyond the law. ")


def test_the_days_of_a_law_end_ten_years_after_its_last_change() -> None:
    span = Span(dt.date(2020, 1, 7), dt.date(2020, 3, 15))
    assert [span.problem(day) for day in (dt.date(1994, 1, 1), dt.date(2030, 3, 1))] == ["", ""]
    assert span.problem(dt.date(2030, 3, 2)) == (
        "2030-03-02 is beyond the law. The last document is of 2020-01-07, the last change takes effect on 2020-03-15; "
        "ask a day up to 2030-03-01."
    )


def test_an_end_that_another_document_told_carries_its_day() -> None:
    """A heading, choice or relation that ends where a later paper begins another was not known to end before."""
    missing = []
    for programme in LAW.by_path.values():
        first = min(v.published for v in programme.life.vintages)
        for parts in (programme.headings, programme.choices):
            for part in (x for x in parts if x.until is not None and x.until_published is None):
                next_ones = [x.published for x in parts if x.begins == part.until and x.published is not None]
                if any(told > (part.published or first) for told in next_ones):
                    missing.append((programme.path, part.title, part.until))
    for relation in (x for x in LAW.relations if x.until is not None and x.until_published is None):
        same = [x for x in LAW.relations if x.begins == relation.until and x.under == relation.under]
        if any(x.published > relation.published for x in same):
            missing.append((relation.over, relation.under, relation.until))
    assert [x for x in missing if x[1:] not in TOLD_AT_ONCE] == []


TOLD_AT_ONCE = {  # a term set from the first, which a later paper then took up again
    ("Goods for manufacturing in Canada", dt.date(2025, 10, 16)),
    ("Goods for manufacturing in Canada", dt.date(2025, 12, 16)),
    ("Steel and aluminium for making motor vehicles and their parts", dt.date(2026, 7, 1)),
    ("Aluminium for manufacturing in Canada", dt.date(2026, 7, 1)),
    ("Steel for manufacturing in Canada", dt.date(2026, 2, 1)),
    ("Vehicle inside a company remission quota of the first year", dt.date(2026, 4, 9)),
}
