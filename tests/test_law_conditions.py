"""Conditions joined by any, all and not, where a fact may be unknown; columns and circles of amounts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.errors import LawError
from sim.law import Law, load_law
from tests.test_law_programmes import LINE, ON, VALUATION, made_up, owed, programme, relation

UNKNOWN = replace(LINE, origin_marking=None)


@pytest.mark.parametrize(
    ("when", "answer"),
    [
        ("{origin: YY}", True),
        ("{origin: [ZZ, YY]}", True),
        ("{origin: YY, exporter: YY}", True),
        ("{origin: YY, exporter: ZZ}", False),
        ("{not: {origin: YY}}", False),
        ("{not: {origin: ZZ}}", True),
        ("{not: {origin: YY, exporter: ZZ}}", True),
        ("{not: {any: [{origin: ZZ}, {exporter: YY}]}}", False),
        ("{not: {origin_marking: YY}}", None),
        ("{any: [{origin: ZZ}, {exporter: YY}]}", True),
        ("{any: [{origin: ZZ}, {exporter: ZZ}]}", False),
        ("{any: [{origin_marking: YY}, {exporter: YY}]}", True),
        ("{any: [{origin_marking: YY}, {exporter: ZZ}]}", None),
        ("{all: [{origin: YY}, {exporter: YY}]}", True),
        ("{all: [{origin: YY}, {exporter: ZZ}]}", False),
        ("{all: [{origin_marking: YY}, {exporter: ZZ}]}", False),
        ("{all: [{origin_marking: YY}, {exporter: YY}]}", None),
        ("{all: [{any: [{origin: ZZ}, {exporter: YY}]}, {not: {origin: ZZ}}]}", True),
        ("{kit: no}", True),
        ("{kit: yes}", False),
        ("{chapter_98: none}", True),
        ("{steel_melt: none}", True),
        ("{steel_melt: YY}", False),
        ("{relief: none}", False),
        ("{relief: [none, sector]}", True),
        ("{part_of: other_heavy}", False),
    ],
)
def test_three_answers(tmp_path: Path, when: str, answer: bool | None) -> None:
    """The line is of origin YY from YY, no kit, with sector relief and no steel; its marking origin is not known."""
    law = made_up(tmp_path, a=programme(f"when: {when}, rate: 10 %"))
    line = replace(UNKNOWN, steel_melt="", relief="sector")
    if answer is None:
        with pytest.raises(LawError) as error:
            owed(law, line)
        assert error.value.text().endswith(": xx/a is unresolved: needs origin_marking.")
    else:
        assert owed(law, line) == ({"a": 100.0} if answer else {})


def test_a_duty_relief_of_none_is_a_value_of_its_own(tmp_path: Path) -> None:
    law = made_up(tmp_path, a=programme("when: {relief: none}, rate: 10 %"))
    assert owed(law, replace(LINE, relief="none")) == {"a": 100.0}


def test_what_is_missing_is_told_once(tmp_path: Path) -> None:
    law = made_up(
        tmp_path,
        a=programme("when: {all: [{origin_marking: YY}, {steel_melt: YY}, {origin_marking: [YY, ZZ]}]}, rate: 10 %"),
    )
    with pytest.raises(LawError) as error:
        owed(law, replace(UNKNOWN, steel_melt=None))
    assert error.value.text().endswith(": xx/a is unresolved: needs origin_marking, steel_melt.")


def test_names_of_conditions_that_are_not_facts(tmp_path: Path) -> None:
    wrong = ("{als: [{origin: YY}]}", "{anyy: [{origin: YY}]}", "{nott: {origin: YY}}", "{htss: list}", "{qqqq: YY}")
    with pytest.raises(LawError) as error:
        made_up(tmp_path, **{f"p{n}": programme(f"when: {when}, rate: 10 %") for n, when in enumerate(wrong)})
    told = error.value.text().splitlines()
    assert [line.partition("].when.")[2] for line in told[1:5]] == [
        "als: no fact named 'als'. Did you mean 'all'?",
        "anyy: no fact named 'anyy'. Did you mean 'any'?",
        "nott: no fact named 'nott'. Did you mean 'not'?",
        "htss: no fact named 'htss'. Did you mean 'hts'?",
    ]
    assert "].when.qqqq: no fact named 'qqqq'. Allowed facts: advanced_chip, agreement, " in told[5]


@pytest.mark.parametrize(
    ("amounts", "told"),
    [
        ({"steel_value": [1.0]}, "assess: unresolved: needs the amount 'customs_value'."),
        (
            {"customs_value": [[1.0]], "steel_value": [[1.0]]},
            "assess: 2 problems\n  the amount 'customs_value' has shape (1, 1), customs_value (1, 1).\n"
            "  the amount 'steel_value' has shape (1, 1), customs_value (1, 1).",
        ),
        (
            {"customs_value": [1.0], "steel_value": [1.0, 2.0]},
            "assess: the amount 'steel_value' has shape (2,), customs_value (1,).",
        ),
        (
            {"customs_value": [np.inf], "steel_value": [np.nan], "us_content": [-0.01]},
            "assess: 3 problems\n"
            + "\n".join(
                f"  the amount '{name}' holds a negative or infinite value."
                for name in ("customs_value", "steel_value", "us_content")
            ),
        ),
    ],
)
def test_wrong_columns_are_told(tmp_path: Path, amounts: dict[str, list[float]], told: str) -> None:
    law = made_up(tmp_path, a=programme("rate: 10 %"))
    with pytest.raises(LawError) as error:
        law.assess(LINE, ON, {name: np.array(column) for name, column in amounts.items()})
    assert error.value.text() == told


def test_columns_of_whole_numbers_do_not_wrap_round(tmp_path: Path) -> None:
    """Content of 1,200 leaves nothing of 1,000; unsigned numbers would leave four thousand million."""
    law = made_up(tmp_path, a=programme("rate: 10 %, base: {minus: [customs_value, us_content]}"))
    columns = {"customs_value": np.array([1000, 1000], np.uint32), "us_content": np.array([1200, 400], np.uint32)}
    assert [x.amount.tolist() for x in law.assess(LINE, ON, columns)] == [[0.0, 60.0]]


def test_amounts_that_run_in_a_circle(tmp_path: Path) -> None:
    law = made_up(
        tmp_path,
        a=programme("rate: 10 %, less: {duty_under: xx/b}"),
        b=programme("rate: 20 %, base: {min: [customs_value, {base_under: xx/c}]}"),
        c=programme("rate: 30 %, base: {duty_under: xx/b}"),
    )
    with pytest.raises(LawError) as error:
        owed(law)
    assert error.value.text() == "xx/b: the amounts run in a circle: xx/a, xx/b, xx/c, xx/b."


def valued(folder: Path, headings: str, values: str = "") -> Law:
    """A duty of 10 % on what these headings of valuation leave."""
    text = VALUATION.replace("headings:\n", f"{values}headings:\n{headings}")
    made_up(folder, a=programme("rate: 10 %"))
    (folder / "again" / "xx").mkdir(parents=True)
    (folder / "again" / "xx" / "valuation.yaml").write_text(text, encoding="utf-8")
    (folder / "again" / "xx" / "a.yaml").write_text(programme("rate: 10 %"), encoding="utf-8")
    return load_law(folder=folder / "again")


def test_a_rule_of_valuation_counts_once_it_is_told(tmp_path: Path) -> None:
    """Half of the value from 2020, told in June; of listed goods a quarter, a list that was told in March."""
    law = valued(
        tmp_path,
        "  - {heading: quarter, title: A quarter, when: {hts: few}, base: {share: [25 %, customs_value]}, "
        "from: 2019-01-01, published: 2019-01-01, reference: me}\n"
        "  - {heading: half, title: A half, base: {share: [50 %, customs_value]}, from: 2020-01-01, "
        "published: 2020-06-01, reference: me}\n",
        "values:\n  few:\n    title: Few\n    type: list\n    vintages:\n"
        "      - {from: 2000-01-01, published: 2000-01-01, value: ['8501'], reference: me}\n"
        "      - {from: 2020-01-01, published: 2020-03-01, value: ['8502'], reference: me}\n",
    )
    amounts = {"customs_value": np.array([1000.0])}

    def told(code: str, known: dt.date | None) -> float:
        return float(law.assess(replace(LINE, hts_code=code), ON, amounts, known)[0].amount[0])

    winter, spring, summer = dt.date(2020, 2, 29), dt.date(2020, 5, 31), dt.date(2020, 6, 1)
    assert [told("8703.23", known) for known in (winter, spring, summer, None)] == [100.0, 100.0, 50.0, 50.0]
    assert [told("8501.10", known) for known in (winter, spring, summer)] == [25.0, 100.0, 50.0]
    assert [told("8502.10", known) for known in (winter, spring)] == [100.0, 25.0]


def test_a_rule_of_valuation_that_asks(tmp_path: Path) -> None:
    law = valued(tmp_path, "  - {heading: ask, title: A question, asks: model_approved, reference: me}\n")
    with pytest.raises(LawError) as error:
        owed(law)
    assert error.value.text() == ("xx/valuation: no rule gives the dutiable value on 2020-01-01: needs model_approved.")


def test_liable_is_the_least_rate_there_is_and_what_is_out_gives_no_way(tmp_path: Path) -> None:
    law = made_up(
        tmp_path,
        a=programme("rate: 0.0001 %"),
        b=programme("rate: 20 %"),
        c=programme("out: yes"),
        precedence=relation("xx/a", "xx/b", "liable") + relation("xx/a", "xx/c"),
    )
    steps = law.explain(LINE, ON, {"customs_value": np.array([1000.0])}).steps
    assert [(x.programme, x.outcome, x.rate_ppm, x.needs) for x in steps[1:]] == [
        ("xx/a", "charge", 1, ()),
        ("xx/b", "gives way", 0, ()),
        ("xx/c", "out", 0, ()),
    ]


def test_a_rate_that_nobody_knows(tmp_path: Path) -> None:
    """Not told for 2020: an explanation says so, a sum is refused. What it is over is owed: nothing is charged."""
    values = (
        "values:\n  part:\n    title: A part\n    type: rate\n    vintages:\n"
        "      - {from: 2000-01-01, published: 2000-01-01, value: 4 %, reference: me}\n"
        "      - {from: 2020-01-01, published: 2019-01-01, value: unknown, reference: me}\n"
    )
    law = made_up(
        tmp_path,
        a=programme("rate: part", values),
        b=programme("rate: 20 %"),
        precedence=relation("xx/a", "xx/b", "liable"),
    )
    amounts = {"customs_value": np.array([1000.0])}
    found = law.explain(LINE, ON, amounts)
    assert found.unresolved == ("xx/a needs xx/a/part",)
    assert [(x.programme, x.heading, x.outcome, x.is_gap) for x in found.steps[1:]] == [
        ("xx/a", "h", "unresolved", True),
        ("xx/b", "h", "charge", False),
    ]
    with pytest.raises(LawError) as error:
        law.assess(LINE, ON, amounts)
    assert error.value.text() == (
        "xx/a/part: is unknown from 2020-01-01 on (made up [assumption]), so not known for 2020-01-01. "
        "Add the value with its reference."
    )
