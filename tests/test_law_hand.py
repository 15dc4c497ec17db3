"""What stands on a day, who knows it, and how a wrong table is told, on small made-up laws."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sim.errors import LawError
from sim.law import Law, LineFacts, load_law

REF = "references:\n  me: {title: made up, mark: assumption}\nreference: me\n"
VALUATION = (
    "kind: valuation\ntitle: Value\nimporter: XX\nauthority: none\n"
    + REF
    + "life:\n  - {from: 2000-01-01, published: 2000-01-01, value: in_force, reference: me}\n"
    + "headings:\n  - {heading: all, title: Whole value, base: customs_value, reference: me}\n"
)
LINE = LineFacts("XX", "YY", "YY", "8708.30", origin_marking="YY")


def vintage(day: str, value: str, published: str = "2019-01-01") -> str:
    return f"  - {{from: {day}, published: {published}, value: {value}, reference: me}}\n"


def made(folder: Path, life: str, more: str = "", heading: str = "rate: rate, base: customs_value") -> Law:
    (folder / "xx").mkdir(exist_ok=True)
    (folder / "xx" / "valuation.yaml").write_text(VALUATION, encoding="utf-8")
    text = f"kind: duty\ntitle: Made up\nimporter: XX\nauthority: none\n{REF}life:\n{life}{more}"
    text += f"headings:\n  - {{heading: h, title: Duty, {heading}, reference: me}}\n"
    (folder / "xx" / "duty.yaml").write_text(text, encoding="utf-8")
    return load_law(folder=folder)


RATE = "values:\n  rate:\n    type: rate\n    title: Rate\n    vintages:\n"
RATES = RATE + "".join(f"    {vintage(day, value)}" for day, value in (("2020-01-01", "5 %"), ("2020-07-01", "9 %")))


def told(law: Law, on: str, known: str | None = None) -> list[tuple[str, str, str]]:
    day = dt.date.fromisoformat
    rows = law.standing(LINE, day(on), day(known) if known else None)
    return [(x.state, x.next_state, x.rate.partition(" of ")[0]) for x in rows if x.programme == "xx/duty"]


def test_a_programme_tells_what_it_charges_now_or_will_or_did(tmp_path: Path) -> None:
    """5 % in the first half of the year, 9 % after; before it begins the first rate, once ended the last."""
    law = made(tmp_path, vintage("2020-01-01", "in_force") + vintage("2021-01-01", "ended"), RATES)
    assert told(law, "2019-06-01") == [("announced", "in force", "5 %")]
    assert told(law, "2020-03-01") == [("in force", "ended", "5 %")]
    assert told(law, "2020-08-01") == [("in force", "ended", "9 %")]
    assert told(law, "2021-03-01") == [("ended", "", "9 %")]
    assert told(law, "2018-06-01", "2018-06-01") == []  # nobody had told of it


TABLE = "tables:\n  rates: {title: Rates, file: rates.csv}\n"
HEAD = "hts_code,description,rate_pct,from,published,until,reference\n"
LIFE = vintage("2000-01-01", "in_force")


def table_problems(folder: Path, rows: str, name: str = "rates.csv") -> list[str]:
    (folder / "xx").mkdir()
    (folder / "xx" / "rates.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(LawError) as refused:
        made(folder, LIFE, TABLE.replace("rates.csv", name), "rate: {table: rates}, base: customs_value")
    return [str(problem) for problem in refused.value.problems]


def test_a_row_of_a_table_is_told_with_all_that_is_wrong(tmp_path: Path) -> None:
    rows = "87x,a,much,soon,,,you\n8708,b,2.5,2010-01-01,,,me\n8708,b,3.5,2010-01-01,,,me\n"
    found = table_problems(tmp_path, HEAD + rows)
    assert found[0] == "xx/duty.yaml rates.csv row 2: hts_code '87x' is not a tariff code."
    assert found[1] == "xx/duty.yaml rates.csv row 2: rate_pct 'much' is not a rate in percent, such as 2.5."
    assert found[2].startswith("xx/duty.yaml rates.csv row 2: from 'soon' ")
    assert found[3].startswith("xx/duty.yaml rates.csv row 2: no reference named 'you'.")
    assert found[4] == "xx/duty.yaml rates.csv row 4: a second rate for 8708 from 2010-01-01. Keep one."
    assert len(found) == 5


def test_a_table_that_is_none_is_told_as_a_whole(tmp_path: Path) -> None:
    for number, (rows, problem) in enumerate(
        (
            ("code,rate\n8708,2.5\n", f"rates.csv row 1: the columns must be {HEAD.strip().replace(',', ', ')}."),
            (HEAD + "8708,b,2.5\n", "rates.csv row 2: has not 7 cells."),
            (HEAD + '8708,"b,2.5,2010-01-01,,,me\n', "is not valid CSV"),
        )
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert problem in table_problems(folder, rows)[0]


@pytest.mark.parametrize("name", ["../rates.csv", "none.csv"])
def test_a_table_lies_beside_its_programme(tmp_path: Path, name: str) -> None:
    (problem, *_) = table_problems(tmp_path, HEAD, name)
    if name == "none.csv":
        assert problem.endswith("the table file 'none.csv' cannot be read as UTF-8 text.")
    else:
        assert problem.endswith("is no file beside this one. Write its name alone, such as 'rates.csv'.")
