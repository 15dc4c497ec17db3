"""Days at the ends of the calendar and words without end, in every place where a user writes one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hardening.kinds import told
from tests.hardening.test_refused import copied

FAR = "'{0}' is too far away. Allowed years: 1800 to 2100."
GOOD = "agreement: usmca\non: {0}\ngood: {{name: car, hts: 8703.23}}\n"
ENTRY = """question: Q
entries:
  - name: a
    importer: US
    exporter: MX
    on: {0}
    lines: [{{name: harness, hts: 8544.30, origin: MX, quantity: 1, unit_value: USD 2}}]
"""
REFORM = """title: T
description: D
references: {{a: {{title: A, mark: assumption}}}}
changes:
  - {{replace: us/border_adjustment/rate, vintages: [{{from: {0}, published: 2017-01-01, value: 5 %, reference: a}}]}}
"""
LONG = "x" * 10_000_000
LAW = "law --importer US --origin MX --hts 8544.30 --value USD2 --on"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2101-01-01", "1799-12-31"])
@pytest.mark.parametrize(
    ("kind", "content", "place"),
    [
        ("origin", GOOD, "line 2, on"),
        ("duty", ENTRY, "line 6, entries[0].on"),
        ("check", REFORM, "line 5, changes[0].vintages[0].from"),
    ],
)
def test_days_at_the_ends_of_the_calendar(kind: str, content: str, place: str, day: str) -> None:
    Path("far.yaml").write_text(content.format(day))
    answer = told([kind, "far.yaml"])
    assert answer.code == 1
    assert answer.text == f"far.yaml: {place}: {FAR.format(day)}\n"


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_days_asked_of_the_law(day: str) -> None:
    answer = told([*LAW.split(), day])
    assert (answer.code, answer.text) == (1, f"sim law: --on: {FAR.format(day)}\n")
    answer = told([*LAW.split(), "2025-03-05", "--known", day])
    assert (answer.code, answer.text) == (1, f"sim law: --known: {FAR.format(day)}\n")


@pytest.mark.parametrize("command", ["origin", "duty", "check", "validate --targets"])
def test_ten_million_letters_of_yaml(command: str) -> None:
    Path("long.yaml").write_text(f"title: {LONG}\n")
    answer = told([*command.split(), "long.yaml"])
    assert (answer.code, answer.text) == (1, "long.yaml: is larger than 4 MB\n")


def test_ten_million_letters_of_a_table() -> None:
    Path("long.csv").write_text(f"class,tau_D\n{LONG},1.1\n")
    answer = told(["laffer", "--rule", "75", "--weights", "long.csv"])
    assert (answer.code, answer.text) == (1, "long.csv: line 2: has more than 100,000 letters.\n")
    Path("book").mkdir()
    Path("book/sites.csv").write_text(f"id,country\n{LONG},MX\n")
    answer = told(["network", "import", "book", "made"])
    words = "is not valid CSV (field larger than field limit (131072)). Save it again as 'CSV UTF-8'."
    assert (answer.code, answer.text) == (1, f"book/sites.csv: {words}\n")


def test_ten_million_letters_and_a_lane_from_nowhere_in_a_network(folder: Path) -> None:
    place = copied(folder)
    lanes = (place / "lanes.csv").read_text()
    row = lanes.splitlines()[6]
    maker = row.split(",")[1]
    (place / "lanes.csv").write_text(lanes.replace(row, row.replace(f",{maker},", f",{maker}s,")))
    answer = told(["network", "check", "mine"])
    words = f"no recipe named '{maker}s'. Did you mean '{maker}'?"
    assert answer.code == 1
    assert f"lanes.csv row 7, column from_recipe: {words}" in answer.text
    (place / "lanes.csv").write_text(lanes.replace(row, row.replace(f",{maker},", f",{LONG},")))
    answer = told(["network", "check", "mine"])
    words = "is not valid CSV (field larger than field limit (131072))."
    assert (answer.code, answer.text) == (1, f"network mine: lanes.csv row 7: {words}\n")
