"""Programmes, precedence and amounts on small made-up laws, and how wrong law files are told."""

from __future__ import annotations

import ast
import csv
import datetime as dt
from pathlib import Path

import numpy as np
import pytest

import sim.law
from sim.errors import LawError
from sim.law import LAW_FOLDER, Law, LineFacts, load_law

ON = dt.date(2020, 1, 1)
LINE = LineFacts("XX", "YY", "YY", "8708.30", origin_marking="YY")
REF = "references:\n  me: {title: made up, mark: assumption}\nreference: me\n"
LIFE = "life:\n  - {from: 2000-01-01, published: 2000-01-01, value: in_force, reference: me}\n"
VALUATION = (
    "kind: valuation\ntitle: Value\nimporter: XX\nauthority: none\n"
    + REF
    + LIFE
    + "headings:\n  - {heading: all, title: Whole value, base: customs_value, reference: me}\n"
)


def programme(heading: str, extra: str = "", kind: str = "duty") -> str:
    return (
        f"kind: {kind}\ntitle: Made up\nimporter: XX\nauthority: none\n{REF}{LIFE}{extra}"
        f"headings:\n  - {{heading: h, title: Duty, {heading}, reference: me}}\n"
    )


def relation(over: str, under: str, counts: str = "subject", part: str = "") -> str:
    return (
        f"  - {{over: {over}, under: {under}, counts: {counts}, {part}from: 2000-01-01, "
        "published: 2000-01-01, reference: me}\n"
    )


def made_up(folder: Path, **files: str) -> Law:
    (folder / "xx").mkdir()
    (folder / "xx" / "valuation.yaml").write_text(VALUATION, encoding="utf-8")
    for name, text in files.items():
        if name == "precedence":
            text = f"kind: precedence\ntitle: Order\n{REF.replace('reference: me', '')}relations:\n{text}"
        (folder / "xx" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_law(folder=folder)


def owed(law: Law, line: LineFacts = LINE, **amounts: float) -> dict[str, float]:
    columns = {name: np.array([value]) for name, value in ({"customs_value": 1000.0} | amounts).items()}
    return {c.programme.removeprefix("xx/"): float(c.amount[0]) for c in law.assess(line, ON, columns)}


def test_code_names_no_programme_and_no_agreement() -> None:
    law = load_law()
    words = {path.rsplit("/", 1)[-1] for path in law.by_path} | set(law.agreements)
    words |= {part for path in law.by_path for part in path.split("/")[:-1]}
    words |= {"ieepa", "nafta", "usmca", "section_232"}
    words -= {"us", "ca", "mx", "valuation", "china", "canada", "mexico", "fees", "elections", "drawback"}
    files = sorted(Path(sim.law.__file__).parent.glob("*.py"))
    assert len(files) >= 10
    assert [text for path in files for text in naming(path, words)] == []


def test_the_other_rooms_name_no_programme_and_no_agreement() -> None:
    law = load_law()
    words = {*law.by_path, *(x.path for x in law.agreements.values())}
    words |= {"usmca", "ieepa", "section_1", "section_2", "section_3"}
    rooms = ("origin", "duty", "customs", "planning", "measures", "replication", "scenario", "study", "network")
    files = [path for room in rooms for path in sorted((Path(sim.law.__file__).parent.parent / room).rglob("*.py"))]
    assert len(files) >= 50
    assert [text for path in files for text in naming(path, words)] == []


def naming(path: Path, words: set[str]) -> list[str]:
    """Texts of a program file, documentation apart, that hold one of some words."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        f"{path.name} line {node.lineno} names {sorted(named)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
        if (named := {word for word in words if word in node.value.lower()})
    ]


def test_every_part_of_the_networks_has_a_rate_in_the_three_countries() -> None:
    codes = set()
    for path in sorted(LAW_FOLDER.parent.glob("networks/*/parts.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            codes |= {row["hts_code"] for row in csv.DictReader(file)}
    assert len(codes) > 50
    law = load_law()
    for importer in ("us", "ca", "mx"):
        for on in (dt.date(2017, 6, 1), dt.date(2025, 6, 1), dt.date(2026, 6, 1)):
            for code in sorted(codes):
                assert law.value(f"{importer}/mfn/rates/{code}", on) >= 0


def test_whole_suppression_and_no_suppression_by_the_suppressed(tmp_path: Path) -> None:
    law = made_up(
        tmp_path,
        a=programme("rate: 10 %"),
        b=programme("rate: 20 %"),
        c=programme("rate: 30 %"),
        precedence=relation("xx/a", "xx/b") + relation("xx/b", "xx/c"),
    )
    assert owed(law) == {"a": 100.0, "c": 300.0}


def test_subject_and_liable_differ_where_nothing_is_owed(tmp_path: Path) -> None:
    for counts, expected in (("subject", {}), ("liable", {"b": 200.0})):
        folder = tmp_path / counts
        folder.mkdir()
        law = made_up(
            folder,
            a=programme("exempt: yes"),
            b=programme("rate: 20 %"),
            precedence=relation("xx/a", "xx/b", counts),
        )
        assert owed(law) == expected


def test_out_is_neither_subject_nor_liable(tmp_path: Path) -> None:
    law = made_up(tmp_path, a=programme("out: yes"), b=programme("rate: 20 %"), precedence=relation("xx/a", "xx/b"))
    assert owed(law) == {"b": 200.0}


def test_giving_way_on_a_part_of_the_value(tmp_path: Path) -> None:
    law = made_up(
        tmp_path,
        a=programme("rate: 50 %, base: steel_value"),
        b=programme("rate: 25 %"),
        precedence=relation("xx/a", "xx/b", "liable", "part: steel_value, "),
    )
    assert owed(law, steel_value=400.0) == {"a": 200.0, "b": 150.0}
    assert owed(law, steel_value=1400.0) == {"a": 700.0, "b": 0.0}


def test_groups_stand_for_their_members(tmp_path: Path) -> None:
    law = made_up(
        tmp_path,
        a=programme("rate: 10 %", "groups: [family]\n"),
        b=programme("rate: 20 %", "groups: [family]\n"),
        c=programme("rate: 30 %"),
        precedence=relation("family", "xx/c"),
    )
    assert owed(law) == {"a": 100.0, "b": 200.0}


def test_a_circle_is_an_error(tmp_path: Path) -> None:
    law = made_up(
        tmp_path,
        a=programme("rate: 10 %"),
        b=programme("rate: 20 %"),
        precedence=relation("xx/a", "xx/b") + relation("xx/b", "xx/a"),
    )
    with pytest.raises(LawError) as error:
        owed(law)
    assert error.value.text() == (
        "precedence: the relations run in a circle: xx/a over xx/b over xx/a. End one of them."
    )


def test_top_up_floor_cap_and_expressions(tmp_path: Path) -> None:
    law = made_up(
        tmp_path,
        a=programme("rate: 4 %"),
        b=programme("rate: 15 %, less: {duty_under: xx/a}"),
        c=programme("rate: 1 %, at_least: USD 0.30, at_most: USD 0.50", kind="fee"),
        d=programme("rate: 10 %, base: {max: [{minus: [customs_value, us_content]}, {share: [60 %, customs_value]}]}"),
    )
    content = {"us_content": 300.0}
    assert owed(law, **content) == {"a": 40.0, "b": 110.0, "c": 30.0, "d": 70.0}
    assert owed(law, customs_value=10_000.0, **content)["c"] == 50.0
    assert owed(law, customs_value=4_000.0, **content)["c"] == 40.0
    assert owed(law, us_content=900.0)["d"] == 60.0


def test_vectorised_equals_one_by_one() -> None:
    law = load_law()
    line = LineFacts("US", "MX", "MX", "8544.30.00", origin_marking="MX")
    values = np.array([0.0, 100.0, 1_000_000.0, 99_999_999.5])
    together = {c.programme: c.amount for c in law.assess(line, dt.date(2025, 5, 15), {"customs_value": values})}
    for n, value in enumerate(values):
        one = law.assess(line, dt.date(2025, 5, 15), {"customs_value": np.array([value])})
        assert {c.programme: float(c.amount[0]) for c in one} == {p: float(a[n]) for p, a in together.items()}


def test_short_code_is_unresolved_unless_the_list_says_how_to_read_it(tmp_path: Path) -> None:
    values = (
        "values:\n  codes:\n    title: Codes\n    type: list\n    vintages:\n"
        "      - {from: 2000-01-01, published: 2000-01-01, value: ['8708.30.50'], reference: me}\n"
    )
    law = made_up(tmp_path, a=programme("when: {hts: codes}, rate: 10 %", values))
    with pytest.raises(LawError) as error:
        owed(law)
    assert error.value.text() == (
        "entry of 8708.30 into XX on 2020-01-01: xx/a is unresolved: needs hts_code with more digits."
    )
    explanation = law.explain(LINE, ON, {"customs_value": np.array([1.0])})
    assert explanation.unresolved == ("xx/a needs hts_code with more digits",)


def test_missing_facts_and_amounts_are_told() -> None:
    law = load_law()
    car = LineFacts("US", "MX", "MX", "8703.23", "MX", agreement="usmca", originating=True, use="vehicle")
    on = dt.date(2025, 7, 20)
    with pytest.raises(LawError) as error:
        law.assess(car, on, {"customs_value": np.array([1.0])})
    assert error.value.text() == (
        "entry of 8703.23 into US on 2025-07-20: us/section_232/automobiles is unresolved: needs model_approved."
    )
    approved = LineFacts(
        "US", "MX", "MX", "8703.23", "MX", "usmca", originating=True, use="vehicle", model_approved=True
    )
    with pytest.raises(LawError) as error:
        law.assess(approved, on, {"customs_value": np.array([1.0])})
    assert error.value.text() == (
        "assess: unresolved: needs the amount 'us_content'. Give it as a column of cents, one value per line."
    )


def test_wrong_lines_are_refused_all_at_once() -> None:
    law = load_law()
    wrong = LineFacts("US", "mexico", "MX", "wires", use="original")
    with pytest.raises(LawError) as error:
        law.assess(wrong, ON, {"customs_value": np.array([1.0])})
    assert error.value.text() == (
        "entry line: 3 problems\n"
        "  exporter: 'mexico' is not a country by its letters. Did you mean 'MX' (Mexico)?\n"
        "  hts_code: 'wires' is not a tariff code. Write four to ten digits, such as '8544.30'.\n"
        "  use: 'original' is not a use. Did you mean 'original_equipment'?"
    )
    with pytest.raises(LawError) as error:
        law.assess(LineFacts("DE", "US", "US", "8703.23"), ON, {"customs_value": np.array([1.0])})
    assert error.value.text() == "law: no law of the importer 'DE'. Allowed importers: CA, MX, US."
    with pytest.raises(LawError) as error:
        law.assess(LineFacts("US", "MX", "MX", "8703.23"), ON, {"customs_value": np.array([-1.0])})
    assert error.value.text() == "assess: the amount 'customs_value' holds a negative or infinite value."
    with pytest.raises(LawError) as error:
        law.assess(LineFacts("US", "MX", "MX", "8703.23", agreement="nafat"), ON, {"customs_value": np.array([1.0])})
    assert error.value.text() == "entry line: no agreement named 'nafat'. Did you mean 'nafta'?"


def test_wrong_law_files_tell_every_problem(tmp_path: Path) -> None:
    wrong = (
        "kind: duty\ntitle: Made up\nimporter: XX\nauthorty: none\n"
        "references:\n  me: {title: made up, mark: assumption}\nreference: you\n"
        "life:\n  - {from: 2000-01-01, value: in_forze, reference: me}\n"
        "values:\n  rate:\n    title: Rate\n    type: rate\n    vintages:\n"
        "      - {from: 2000-1-1, published: 2000-01-01, value: 12, reference: me}\n"
        "      - {from: 2001-01-01, published: 2000-01-01, until: 2000-06-01, value: 5 %, reference: me}\n"
        "headings:\n"
        "  - {heading: h, title: Duty, when: {orign: MX, hts: list}, rate: rat, reference: me}\n"
        "  - {heading: h, title: Duty, when: {origin: Mexico, preferential: maybe}, exempt: yes, out: yes,"
        " reference: me}\n"
        "  - {heading: h, title: Duty, rate: 5 %, base: custom_value, from: 2001-01-01, reference: me}\n"
    )
    with pytest.raises(LawError) as error:
        made_up(tmp_path, a=wrong)
    assert error.value.text().splitlines() == [
        "law: 16 problems",
        "  xx/a.yaml line 1: the key 'authority' is missing.",
        "  xx/a.yaml line 4, authorty: unknown key 'authorty'. Did you mean 'authority'?",
        "  xx/a.yaml line 7, reference: no reference named 'you'. Allowed references: me.",
        "  xx/a.yaml line 9, life[0]: the key 'published' is missing.",
        "  xx/a.yaml line 9, life[0].value: 'in_forze' is not allowed. Did you mean 'in_force'?",
        "  xx/a.yaml line 15, values.rate.vintages[0].from: '2000-1-1' is not a date. Write it as 2025-04-03.",
        "  xx/a.yaml line 15, values.rate.vintages[0].value: '12' has no unit. "
        "Write a rate with its sign, such as '25 %'.",
        "  xx/a.yaml line 16, values.rate.vintages[1].until: '2000-06-01' does not come after from '2001-01-01'.",
        "  xx/a.yaml line 18, headings[0].when.orign: no fact named 'orign'. Did you mean 'origin'?",
        "  xx/a.yaml line 18, headings[0].when.hts: 'list' is not allowed. There are no lists here.",
        "  xx/a.yaml line 18, headings[0].rate: no rate named 'rat'. Did you mean 'rate'?",
        "  xx/a.yaml line 19, headings[1]: a heading says exactly one of 'rate', 'base' alone, "
        "'exempt: yes', 'out: yes', 'prohibited: yes' or 'asks'.",
        "  xx/a.yaml line 19, headings[1].when.origin: 'Mexico' is not a country. "
        "Write two capital letters, such as 'MX'.",
        "  xx/a.yaml line 19, headings[1].when.preferential: 'maybe' is neither yes nor no.",
        "  xx/a.yaml line 20, headings[2].base: no amount or value named 'custom_value'. Did you mean 'customs_value'?",
        "  xx/a.yaml line 20, headings[2].from: a heading with 'from' must say when it was published.",
    ]


def test_names_that_stand_for_nothing(tmp_path: Path) -> None:
    with pytest.raises(LawError) as error:
        made_up(
            tmp_path,
            a=programme("rate: 10 %, when: {agreement: usmca}, less: {duty_under: xx/c}"),
            b=programme("rate: 20 %, base: {max: [customs_value, {share: [5 %, {base_under: xx/d}]}]}"),
            precedence=relation("xx/aa", "xx/b"),
        )
    assert error.value.text().splitlines() == [
        "law: 4 problems",
        "  precedence: no programme or group named 'xx/aa'. Did you mean 'xx/a'?",
        "  xx/a, heading h: no agreement named 'usmca'. There are no agreements here.",
        "  xx/a, heading h: no programme named 'xx/c'. Did you mean 'xx/b'?",
        "  xx/b, heading h: no programme named 'xx/d'. Did you mean 'xx/b'?",
    ]


def test_explanation_reads_as_text() -> None:
    law = load_law()
    line = LineFacts("US", "MX", "MX", "8544.30.00", origin_marking="MX")
    found = law.explain(line, dt.date(2025, 5, 15), {"customs_value": np.array([20_000_000.0])})
    assert found.total_cents == pytest.approx(6_063_462.0)
    text = found.text()
    assert "us/section_232/automobile_parts [9903.94.05] charge: Listed automobile part: " in text
    assert "25 % x 200000.00 = 50000.00" in text
    assert "0.3464 % x 200000.00 = 692.80, bounded to 634.62" in text
    assert (
        "- us/ieepa/mexico [9903.01.01] gives way: us/ieepa/mexico gives way where the good is charged under "
        "us/section_232_motor (Executive Order 14289 of 2025-04-29, retroactive to entries from 2025-03-04)"
    ) in text
