"""The vocabulary of law files on small made-up laws: dated countries, switches, bases, ends told late, errors."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.errors import LawError
from sim.law import Law, load_law
from sim.law.amounts import AMOUNTS
from tests.test_law_programmes import LIFE, LINE, ON, REF, VALUATION, made_up, owed, programme

COUNTRIES = (
    "values:\n  union:\n    title: Members\n    type: countries\n    vintages:\n"
    "      - {from: 2000-01-01, published: 2000-01-01, value: [YY, ZZ], reference: me}\n"
    "      - {from: 2021-01-01, published: 2021-01-01, value: [ZZ], reference: me}\n"
)
SWITCH = (
    "values:\n  opened:\n    title: Whether it is open\n    type: flag\n    vintages:\n"
    "      - {from: 2000-01-01, published: 2000-01-01, value: no, reference: me}\n"
)


def on_day(law: Law, on: dt.date, known: dt.date | None = None) -> dict[str, float]:
    charges = law.assess(LINE, on, {"customs_value": np.array([1000.0])}, known)
    return {charge.programme.removeprefix("xx/"): float(charge.amount[0]) for charge in charges}


def test_a_dated_list_of_countries(tmp_path: Path) -> None:
    law = made_up(tmp_path, a=programme("when: {origin: union}, rate: 10 %", COUNTRIES))
    assert on_day(law, dt.date(2020, 12, 31)) == {"a": 100.0}
    assert on_day(law, dt.date(2021, 1, 1)) == {}
    assert owed(law, replace(LINE, origin="ZZ")) == {"a": 100.0}
    assert owed(law, replace(LINE, origin="XX")) == {}


def test_an_unknown_country_is_unresolved(tmp_path: Path) -> None:
    law = made_up(tmp_path, a=programme("when: {origin_marking: union}, rate: 10 %", COUNTRIES))
    with pytest.raises(LawError, match="xx/a is unresolved: needs origin_marking"):
        owed(law, replace(LINE, origin_marking=None))


def test_a_switch_that_a_reform_turns(tmp_path: Path) -> None:
    made_up(tmp_path, a=programme("when: {opened: yes}, rate: 10 %", SWITCH))
    reform = tmp_path.parent / f"{tmp_path.name}_reform.yaml"
    reform.write_text(
        "title: Open\ndescription: Opens it.\nreferences:\n  me: {title: made up, mark: assumption}\nchanges:\n"
        "  - replace: xx/a/opened\n    vintages:\n"
        "      - {from: 2020-01-01, published: 2020-01-01, value: yes, reference: me}\n",
        encoding="utf-8",
    )
    plain, reformed = load_law(folder=tmp_path), load_law([reform], folder=tmp_path)
    assert on_day(plain, ON) == {}
    assert on_day(reformed, dt.date(2019, 12, 31)) == {}
    assert on_day(reformed, ON) == {"a": 100.0}


def relation(part: str, extra: str = "") -> str:
    return (
        f"  - {{over: xx/a, under: xx/b, counts: liable, {part}from: 2000-01-01, published: 2000-01-01, "
        f"{extra}reference: me}}\n"
    )


def test_giving_way_on_the_base_of_the_other(tmp_path: Path) -> None:
    law = made_up(
        tmp_path,
        a=programme("rate: 50 %, base: {min: [steel_value, dutiable_value]}"),
        b=programme("rate: 10 %"),
        precedence=relation("part: {base_under: xx/a}, "),
    )
    assert owed(law, steel_value=400.0) == {"a": 200.0, "b": 60.0}
    assert owed(law, steel_value=5000.0) == {"a": 500.0, "b": 0.0}


def test_an_end_that_nobody_had_told_is_no_end(tmp_path: Path) -> None:
    law = made_up(
        tmp_path,
        a=programme("rate: 50 %"),
        b=programme("rate: 10 %"),
        precedence=relation("", "until: 2020-06-01, until_published: 2020-05-20, "),
    )
    june = dt.date(2020, 6, 1)
    assert on_day(law, dt.date(2020, 5, 31)) == {"a": 500.0}
    assert on_day(law, june) == {"a": 500.0, "b": 100.0}
    assert on_day(law, june, known=dt.date(2020, 5, 19)) == {"a": 500.0}
    assert on_day(law, june, known=dt.date(2020, 5, 20)) == {"a": 500.0, "b": 100.0}


def test_a_second_value_that_a_provision_does_not_reduce(tmp_path: Path) -> None:
    reduced = (
        "headings:\n  - {heading: part, title: Part, when: {chapter_98: '9802.00.60'}, base: processing_value, "
        "unreduced: customs_value, reference: me}\n"
    )
    made_up(tmp_path, a=programme("rate: 10 %"), b=programme("rate: 10 %, base: unreduced_value"))
    path = tmp_path / "xx" / "valuation.yaml"
    path.write_text(VALUATION.replace("headings:\n", reduced), encoding="utf-8")
    other = tmp_path / "again"
    other.mkdir()
    (other / "xx").mkdir()
    for file in (tmp_path / "xx").glob("*.yaml"):
        (other / "xx" / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    law = load_law(folder=other)
    line = replace(LINE, chapter_98="9802.00.60")
    assert owed(law, line, processing_value=300.0) == {"a": 30.0, "b": 100.0}
    assert owed(law) == {"a": 100.0, "b": 100.0}


def test_a_begin_in_a_reform_takes_a_programme_up_again(tmp_path: Path) -> None:
    text = programme("rate: 10 %").replace(
        LIFE, LIFE + "  - {from: 2010-01-01, published: 2010-01-01, value: ended, reference: me}\n"
    )
    made_up(tmp_path, a=text)
    reform = tmp_path.parent / f"{tmp_path.name}_begin.yaml"
    reform.write_text(
        "title: Again\ndescription: It begins again.\nreferences:\n  me: {title: made up, mark: assumption}\nchanges:\n"
        "  - {begin: xx/a, from: 2020-01-01, published: 2020-01-01, until: 2021-01-01, reference: me}\n",
        encoding="utf-8",
    )
    law = load_law([reform], folder=tmp_path)
    days = [dt.date(2009, 12, 31), dt.date(2019, 12, 31), ON, dt.date(2020, 12, 31), dt.date(2021, 1, 1)]
    assert [bool(on_day(law, on)) for on in days] == [True, False, True, True, False]


def test_change_dates_of_one_importer() -> None:
    law = load_law()
    begin, end = dt.date(2025, 1, 1), dt.date(2026, 10, 1)
    every = set(law.change_dates(begin, end))
    single = {country: set(law.change_dates(begin, end, country)) for country in ("US", "CA", "MX")}
    assert single["US"] | single["CA"] | single["MX"] == every
    assert dt.date(2025, 11, 1) in single["US"] - single["MX"]
    assert dt.date(2025, 4, 9) in single["CA"] - single["MX"]


def test_wrong_countries_numbers_and_conditions_are_told(tmp_path: Path) -> None:
    values = (
        "values:\n  union:\n    title: Members\n    type: countries\n    vintages:\n"
        "      - {from: 2000-01-01, published: 2000-01-01, value: [Yland], reference: me}\n"
        "  count:\n    title: Count\n    type: number\n    vintages:\n"
        "      - {from: 2000-01-01, published: 2000-01-01, value: many, reference: me}\n"
    )
    with pytest.raises(LawError) as error:
        made_up(
            tmp_path,
            a=programme("when: {origin: onion, quota: in, zone_status: [none, free]}, rate: 10 %", values),
            b=programme("rate: 10 %, less: {base_under: xx/c}"),
        )
    assert error.value.text().splitlines() == [
        "law: 6 problems",
        "  xx/a.yaml line 15, values.union.vintages[0].value[0]: 'Yland' is not a country. "
        "Write two capital letters, such as 'MX'.",
        "  xx/a.yaml line 20, values.count.vintages[0].value: 'many' is not a whole number. Write it as 2600000.",
        "  xx/a.yaml line 22, headings[0].when.origin: 'onion' is not a country. "
        "Write two capital letters, such as 'MX'.",
        "  xx/a.yaml line 22, headings[0].when.quota: 'in' is not a value of quota. "
        "Allowed values: inside, none, outside.",
        "  xx/a.yaml line 22, headings[0].when.zone_status: 'free' is not a value of zone_status. "
        "Allowed values: domestic, non_privileged, none, privileged.",
        "  xx/b, heading h: no programme named 'xx/c'. Did you mean 'xx/b'?",
    ]


def test_explanation_tells_an_unknown_value_and_everything_else() -> None:
    law = load_law()
    line = replace(LINE, importer="US", exporter="CA", origin="CA", origin_marking="CA", hts_code="8708.92.50")
    line = replace(line, metal_weight="under_15")
    amounts = {"customs_value": np.array([1000.0])}
    found = law.explain(line, dt.date(2026, 10, 20), amounts)
    assert found.unresolved == ("us/fees/merchandise_processing needs us/fees/merchandise_processing/minimum",)
    assert [x.outcome for x in found.steps if x.programme == "us/mfn"] == ["charge"]
    with pytest.raises(LawError, match="us/fees/merchandise_processing/minimum: is unknown from 2026-10-01"):
        law.assess(line, dt.date(2026, 10, 20), amounts)


def test_explanation_names_what_is_missing_instead_of_failing() -> None:
    law = load_law()
    line = replace(LINE, importer="US", exporter="CA", origin="CA", origin_marking="CA", hts_code="8708.92.50")
    found = law.explain(line, dt.date(2025, 9, 15), {"customs_value": np.array([1000.0])})
    assert "us/section_232/steel_2025 needs the amount 'steel_value'" in found.unresolved
    step = next(x for x in found.steps if x.programme == "us/mfn")
    assert (step.title, step.rate_ppm, step.base) == (
        "General rate of the tariff line",
        25_000,
        "dutiable value",
    )


def test_wrong_relations_are_told(tmp_path: Path) -> None:
    with pytest.raises(LawError) as error:
        made_up(
            tmp_path,
            a=programme("rate: 10 %"),
            precedence="  - {counts: owing, ends: 2020-01-01, reference: you}\n  - {part: steel_value}\n",
        )
    assert error.value.text().splitlines() == [
        "law: 13 problems",
        "  xx/precedence.yaml line 7, relations[0].ends: unknown key 'ends'. Allowed keys: counts, from, over, part, "
        "published, reference, under, until, until_published.",
        "  xx/precedence.yaml line 7, relations[0]: the key 'over' is missing.",
        "  xx/precedence.yaml line 7, relations[0]: the key 'under' is missing.",
        "  xx/precedence.yaml line 7, relations[0]: the key 'from' is missing.",
        "  xx/precedence.yaml line 7, relations[0]: the key 'published' is missing.",
        "  xx/precedence.yaml line 7, relations[0].counts: 'owing' is not allowed. Allowed tests: liable, subject.",
        "  xx/precedence.yaml line 7, relations[0].reference: no reference named 'you'. Allowed references: me.",
        *(
            f"  xx/precedence.yaml line 8, relations[1]: the key '{key}' is missing."
            for key in ("over", "under", "counts", "from", "published", "reference")
        ),
    ]
    (tmp_path / "xx" / "order.yaml").write_text("kind: precedence\nremark: none\n", encoding="utf-8")
    with pytest.raises(LawError) as error:
        load_law(folder=tmp_path)
    assert error.value.text().splitlines()[:4] == [
        "law: 16 problems",
        "  xx/order.yaml line 1: the key 'title' is missing.",
        "  xx/order.yaml line 1: the key 'relations' is missing.",
        "  xx/order.yaml line 2, remark: unknown key 'remark'. Allowed keys: kind, note, references, relations, title.",
    ]


def test_relations_are_told_in_words(tmp_path: Path) -> None:
    law = made_up(
        tmp_path,
        a=programme("rate: 50 %, base: steel_value"),
        b=programme("rate: 10 %"),
        c=programme("rate: 5 %"),
        precedence="  - {over: xx/a, under: xx/b, counts: liable, part: steel_value, from: 2000-01-01, "
        "published: 2000-01-01, reference: me}\n"
        "  - {over: xx/a, under: xx/c, counts: subject, from: 2000-01-01, published: 2000-01-01, reference: me}\n",
    )
    amounts = {"customs_value": np.array([100_000.0]), "steel_value": np.array([40_000.0])}
    assert law.explain(LINE, ON, amounts).text().splitlines()[2:] == [
        "- xx/a [h] charge: Duty: 50 % x 400.00 = 200.00 (made up [assumption])",
        "- xx/b [h] charge: Duty; xx/b gives way on steel value where the good is charged under xx/a: "
        "10 % x 600.00 = 60.00 (made up [assumption])",
        "- xx/c [h] gives way: xx/c gives way where the good is subject to xx/a (made up [assumption])",
    ]


SHARES = (
    "values:\n  home_part:\n    title: Part made at home\n    type: rate\n    vintages:\n"
    "      - {from: 2000-01-01, published: 2000-01-01, value: 40 %, reference: me}\n"
    "  fixed_sum:\n    title: A sum\n    type: money\n    vintages:\n"
    "      - {from: 2000-01-01, published: 2000-01-01, value: USD 7.00, reference: me}\n"
)


@pytest.mark.parametrize(
    ("base", "words", "cents"),
    [
        ("{plus: [customs_value, steel_value, us_content]}", "(customs value + steel value + us content)", 1700.0),
        ("{minus: [customs_value, us_content]}", "(customs value - us content)", 700.0),
        ("{max: [steel_value, us_content]}", "max(steel value, us content)", 400.0),
        ("{min: [steel_value, us_content]}", "min(steel value, us content)", 300.0),
        ("{share: [12.5 %, customs_value]}", "12.5 % of customs value", 125.0),
        (
            "{share: [home_part, {minus: [customs_value, us_content]}]}",
            "home part of (customs value - us content)",
            280.0,
        ),
        ("USD 3.50", "3.50", 350.0),
        ("fixed_sum", "fixed sum", 700.0),
        ("{proven: aluminium_value}", "aluminium value", 0.0),
        ("{proven: steel_value}", "steel value", 400.0),
        ("{duty_under: xx/b}", "the duty under xx/b", 20.0),
        ("{base_under: xx/b}", "the value charged under xx/b", 400.0),
        ("{base_under: xx/c}", "the value charged under xx/c", 0.0),
        ("{duty_under: xx/c}", "the duty under xx/c", 0.0),
    ],
)
def test_an_amount_and_its_words(tmp_path: Path, base: str, words: str, cents: float) -> None:
    law = made_up(
        tmp_path,
        a=programme(f"rate: 10 %, base: {base}", SHARES),
        b=programme("rate: 5 %, base: steel_value"),
        c=programme("exempt: yes"),
    )
    amounts = {"customs_value": np.array([1000.0]), "steel_value": np.array([400.0]), "us_content": np.array([300.0])}
    charge = next(x for x in law.assess(LINE, ON, amounts) if x.programme == "xx/a")
    assert (charge.base[0], charge.amount[0]) == pytest.approx((cents, cents / 10))
    assert charge.why == f"Duty: 10 % of {words}"


def test_wrong_amounts_are_told(tmp_path: Path) -> None:
    wrong = (
        "{plus: [customs_value, us_content], minus: [customs_value, us_content]}",
        "{share: [60 %, customs_value, us_content]}",
        "{minus: [customs_value]}",
        "{max: [customs_value]}",
        "{share: [home_prat, customs_value]}",
        "fixd_sum",
        "xyz",
        "{proven: qq}",
        "{minus: [customs_value, us_content, steel_value]}",
    )
    with pytest.raises(LawError) as error:
        made_up(tmp_path, **{f"p{n}": programme(f"rate: 10 %, base: {base}", SHARES) for n, base in enumerate(wrong)})
    amounts = ", ".join(sorted([*AMOUNTS, "fixed_sum"]))
    assert error.value.text().splitlines() == [
        "law: 9 problems",
        *(
            f"  xx/p{n}.yaml line 22, headings[0].base{told}"
            for n, told in enumerate(
                (
                    ": an amount takes one of plus, max, min, minus, share, duty_under, base_under, proven, "
                    "or the name of a column or value.",
                    ".share: 'share' takes two items.",
                    ".minus: 'minus' takes two items.",
                    ".max: 'max' takes two or more items.",
                    ".share[0]: 'home_prat' is neither a rate such as '15 %' nor a value. Did you mean 'home_part'?",
                    ": no amount or value named 'fixd_sum'. Did you mean 'fixed_sum'?",
                    f": no amount or value named 'xyz'. Allowed amounts: {amounts}.",
                    f".proven: 'qq' is not allowed. Allowed amounts: {', '.join(sorted(AMOUNTS))}.",
                    ".minus: 'minus' takes two items.",
                )
            )
        ),
    ]


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("rate: fixed_sum", "rate: no rate named 'fixed_sum'. Allowed rates: home_part."),
        ("rate: opened", "rate: no rate named 'opened'. Allowed rates: home_part."),
        (
            "rate: 5 %, base: {share: [fixed_sum, customs_value]}",
            "base.share[0]: 'fixed_sum' is neither a rate such as '15 %' nor a value. Allowed rates: home_part.",
        ),
        (
            "rate: 5 %, at_most: home_part",
            "at_most: no amount or value named 'home_part'. Allowed amounts: "
            f"{', '.join(sorted([*AMOUNTS, 'fixed_sum']))}.",
        ),
    ],
)
def test_a_sum_is_no_rate_and_a_rate_no_sum(tmp_path: Path, heading: str, told: str) -> None:
    with pytest.raises(LawError) as error:
        made_up(tmp_path, a=programme(heading, SHARES + SWITCH.removeprefix("values:\n")))
    assert error.value.text() == f"law: xx/a.yaml line 27, headings[0].{told}"


TWO_SOURCES = (
    "references:\n  me: {title: made up, mark: assumption}\n  rates: {title: list of rates, mark: assumption}\n"
    "reference: me\n"
)
TOLD_LATER = (
    "values:\n  part:\n    title: A part\n    type: rate\n    vintages:\n"
    "      - {from: 2000-01-01, published: 2000-01-01, value: 40 %, reference: rates}\n"
    "      - {from: 2019-01-01, published: 2020-06-01, value: 60 %, reference: me}\n"
)


def test_a_charge_names_heading_source_and_bounds_of_a_fee_per_entry(tmp_path: Path) -> None:
    """Bounds bind an entry only where they are one sum of a fee: not those of a duty, nor a share of the value."""
    texts = {
        "a": programme("rate: part, at_least: USD 0.30", TOLD_LATER),
        "b": programme("rate: 1 %, at_least: USD 0.30, at_most: {share: [5 %, customs_value]}", kind="fee"),
        "c": programme("rate: 1 %, at_least: {share: [part, customs_value]}, at_most: USD 5.00", TOLD_LATER, "fee"),
    }
    law = made_up(tmp_path, **{name: text.replace(REF, TWO_SOURCES) for name, text in texts.items()})
    amounts = {"customs_value": np.array([1000.0])}

    def told(known: dt.date | None) -> dict[str, tuple[object, ...]]:
        return {
            x.programme.removeprefix("xx/"): (x.heading, x.reference.title, float(x.amount[0]), x.least, x.most)
            for x in law.assess(LINE, ON, amounts, known)
        }

    assert told(dt.date(2020, 5, 31)) == {
        "a": ("h", "list of rates", 400.0, None, None),
        "b": ("h", "made up", 30.0, 30.0, None),
        "c": ("h", "made up", 400.0, None, 500.0),
    }
    later = told(None)
    assert (later["a"][:3], later["c"][2]) == (("h", "made up", 600.0), 500.0)


def test_bounds_of_no_lines_at_all(tmp_path: Path) -> None:
    law = made_up(tmp_path, a=programme("rate: 1 %, at_least: USD 0.30, at_most: USD 0.50", kind="fee"))
    (charge,) = law.assess(LINE, ON, {"customs_value": np.zeros(0)})
    assert (charge.amount.tolist(), charge.least, charge.most) == ([], None, None)
