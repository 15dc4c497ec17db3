"""What fuzzing found, and inputs wrong on purpose: each refused with its whole text, in bounded time and output."""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from sim.answers.files import FileAnswer, answer_files
from sim.errors import LawError, NetworkError, ScenarioError, SimError, nearest
from sim.law import load_law
from sim.locate import data_dir, scenario_dir
from sim.network import load_network
from sim.scenario import Scenario, load_scenario
from sim.study import StudyPlan
from sim.validation.own import read_targets
from tests.hardening.kinds import Told, told

HORIZON = "horizon: {warm_up: 10 weeks, start: 2017-08-16, run: 4 weeks}\n"
ASKED = "question: Why?\nnetwork: seat_control\n"
WHOLE = ASKED + HORIZON
STUDY = "title: T\nquestion: Q\nbaseline: whole\nscenarios: [whole]\n"
SWEEP = STUDY + "sweeps: [{of: whole, vary: {replications: [1, 2], parameters/broker_fee_usd: [%s, 40 USD]}}]\n"
TARGET = "targets: [{id: a, of: crossing, crossing: otay_mesa/us, figure: wait_mean, on: 2022-06-29, %s}]\n"

TEXTS = {
    "an order to the terminal": (
        WHOLE + 'title: "a\\x1b[31mb"\n',
        "mutant.yaml: line 4, title: holds the character U+001B, which cannot be seen. Take it out.\n",
    ),
    "text turned round": (
        WHOLE + "source: a\u202eb\n",
        "mutant.yaml: line 4, source: holds the character U+202E, which cannot be seen. Take it out.\n",
    ),
    "a key that cannot be told from another": (
        WHOLE + "ti\u200btle: x\n",
        "mutant.yaml: line 4: the key 'ti\\u200btle' holds the character U+200B, which cannot be seen. Take it out.\n",
    ),
    "a number of five thousand digits": (
        WHOLE + f"seed: {'9' * 5000}\n",
        "mutant.yaml: line 4, seed: holds a number of 5,000 digits. Write 40 at most.\n",
    ),
    "a tag that would be code elsewhere": (
        WHOLE + "title: !!python/object/apply:os.system [id]\n",
        "mutant.yaml: line 4: the tag 'tag:yaml.org,2002:python/object/apply:os.system' is not allowed. "
        "Write the value alone.\n",
    ),
    "a title that is a list": (
        WHOLE + "title: [a]\n",
        "mutant.yaml: line 4, title: a list of 1 is not a single value.\n",
    ),
    "a billion laughs": (
        "a: &a [x, x]\nb: [*a, *a]\n",
        "mutant.yaml: 2 problems\n"
        "  line 2: the alias '*a' is not allowed. Write the value out.\n"
        "  line 2: the alias '*a' is not allowed. Write the value out.\n",
    ),
    "a million brackets": (
        WHOLE + "title: " + "[" * 1_000_000,
        "mutant.yaml: line 4: is nested deeper than 40 levels\n",
    ),
    "ten million letters": (WHOLE + "title: " + "x" * 10_000_000, "mutant.yaml: is larger than 4 MB\n"),
    "no text at all": (b"\xff\xfe\0\0", "mutant.yaml: is not UTF-8 text (byte 0)\n"),
    "nothing": ("", "mutant.yaml: line 1: is empty\n"),
    "the last year": (
        ASKED + HORIZON.replace("2017-08-16", "9999-12-31"),
        "mutant.yaml: line 3, horizon.start: '9999-12-31' is too far away. Allowed years: 1800 to 2100.\n",
    ),
    "the first year": (
        WHOLE + "shocks: [{kind: closure, at: crossing/laredo_wtb, from: 0001-01-01T00:00+14:00, for: 6 d}]\n",
        "mutant.yaml: line 4, shocks[0].from: '0001-01-01T00:00+14:00' is not a moment. "
        "Write date and time (UTC), such as '2017-11-07T20:00'.\n",
    ),
    "a network named by five thousand letters": (
        ASKED.replace("seat_control", "x" * 5000) + HORIZON,
        f"mutant.yaml: line 2, network: no network named '{'x' * 959}[... 4,003 characters ...]{'x' * 38}'. "
        "Allowed networks: borders, midsize, north_america, seat_control.\n",
    ),
    "a sweep with an empty value": (
        SWEEP % "~",
        "mutant.yaml: 2 problems\n"
        "  line 5, sweeps[0].vary.replications: nothing that can be varied is named 'replications'. Allowed names: "
        "claim_regime, crossings, demand, firms, law, parameters.\n"
        "  line 5, sweeps[0].vary.parameters/broker_fee_usd[0]: is empty. Write a value.\n",
    ),
    "a list without end": (
        STUDY.replace("[whole]", "[whole" + ", whole" * 20_000 + "]"),
        "mutant.yaml: line 4, scenarios: has 20,001 items. Allowed: up to 5,000.\n",
    ),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "whole.yaml").write_text(WHOLE)
    return tmp_path


def checked(name: str, content: str | bytes) -> Told:
    Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return told(["check", name])


@pytest.mark.parametrize("name", TEXTS)
def test_refused_in_words(name: str, folder: Path) -> None:
    content, text = TEXTS[name]
    answer = checked("mutant.yaml", content)
    assert (answer.code, answer.out, answer.err) == (1, text, "")


def test_of_many_problems_the_first_are_told(folder: Path) -> None:
    answer = checked("mutant.yaml", WHOLE + "".join(f"key_{n}: 1\n" for n in range(20_000)))
    lines = answer.out.splitlines()
    assert (answer.code, len(lines), lines[0]) == (1, 401, "mutant.yaml: 400 problems")


@pytest.mark.parametrize("kind", ["origin", "duty"])
def test_of_many_problems_of_a_good_or_entry_the_first_are_told(kind: str, folder: Path) -> None:
    Path("mutant.yaml").write_text("question: Q\n" + "".join(f"key_{n}: 1\n" for n in range(20_000)))
    answer = told([kind, "mutant.yaml"])
    lines = answer.err.splitlines()
    assert (answer.code, len(lines), lines[0]) == (1, 401, "mutant.yaml: 400 problems")


@pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links and named pipes")
def test_a_reform_that_is_none_is_told_with_the_scenario_that_asks_for_it(folder: Path) -> None:
    (folder / "reform.yaml").write_text("network: seat_control\ntitle: T\n", encoding="utf-8")
    answer = checked("mutant.yaml", WHOLE + "law: {reforms: [reform.yaml]}\n")
    assert answer == Told(
        1,
        "mutant.yaml: reform.yaml: 3 problems\n"
        "  line 1, network: unknown key 'network'. Allowed keys: changes, description, references, title.\n"
        "  line 1: the key 'description' is missing.\n"
        "  line 1: the key 'changes' is missing.\n",
        "",
    )


def test_what_the_law_refuses_of_a_file_is_told_with_its_name(folder: Path) -> None:
    def ask(path: Path) -> list[FileAnswer]:
        raise LawError("us/mfn/rate" if path.name == "a.yaml" else f"{path}, line 3", ["no value for 1993-12-31."])

    for name in ("a.yaml", "b.yaml"):
        (folder / name).touch()
    assert answer_files(["a.yaml", "b.yaml"], ask).problems == (
        "a.yaml: us/mfn/rate: no value for 1993-12-31.\nb.yaml, line 3: no value for 1993-12-31."
    )


def test_a_run_of_a_reform_that_is_none_is_told_with_the_scenario(folder: Path) -> None:
    (folder / "reform.yaml").write_text("title: T\ndescription: D\n", encoding="utf-8")
    (folder / "mutant.yaml").write_text(WHOLE + "law: {reforms: [reform.yaml]}\n", encoding="utf-8")
    answer = told(["run", "mutant.yaml", "--out", "out"])
    assert answer.code == 1
    assert answer.err == "mutant: reform.yaml: line 1: the key 'changes' is missing.\n"
    assert not (folder / "out" / "mutant" / "manifest.json").exists()


def test_names_of_a_tree_after_which_no_run_can_be_named(folder: Path) -> None:
    tree = (scenario_dir() / "canada_mexico_2025.yaml").read_text(encoding="utf-8")
    words = 'cannot name results. Leave out / \\ : * ? " < > | and any dot or space at either end.'
    for path in scenario_dir().glob("_*.yaml"):
        shutil.copyfile(path, folder / path.name)
    answer = checked("mutant.yaml", tree.replace("carry_on:", "a/b:").replace("paused:", "c|d:"))
    found = {line.partition(": ")[2] for line in answer.text.splitlines() if "cannot name results" in line}
    assert found == {f"'a/b' {words}", f"'c|d' {words}"}


def test_a_long_list_of_what_is_allowed_is_told_once() -> None:
    allowed = [f"part_{n:02}" for n in range(40)]
    problems = [f"row {n}: no part named '{n}'. {nearest(str(n), allowed, 'parts')}" for n in (1, 2)]
    lines = str(SimError("parts.csv", problems)).splitlines()
    assert lines[1] == f"  row 1: no part named '1'. Allowed parts: {', '.join(allowed)}."
    assert lines[2] == "  row 2: no part named '2'. Allowed parts: as above."


def test_links_and_pipes_are_no_files(folder: Path) -> None:
    Path("loop.yaml").symlink_to("loop.yaml")
    Path("zero.yaml").symlink_to("/dev/zero")
    os.mkfifo("pipe.yaml")
    for name in ("loop.yaml", "zero.yaml", "pipe.yaml", "x" * 5000 + ".yaml", "a\0b.yaml"):
        answer = told(["check", name])
        assert answer.code == 1
        assert "no such file, and no shipped scenario of this name." in answer.text
        answer = checked("mutant.yaml", f"extends: {name}\n{WHOLE}" if "\0" not in name else WHOLE[:9])
        assert answer.code == 1


def test_files_that_extend_without_end(folder: Path) -> None:
    for number in range(200):
        Path(f"b{number}.yaml").write_text(f"extends: b{number + 1}.yaml\n")
    Path("b200.yaml").write_text(WHOLE)
    answer = checked("mutant.yaml", "extends: b0.yaml\n")
    message = "b19.yaml line 1, extends: more than 20 files extend one another. Write some of them together.\n"
    assert (answer.code, answer.out) == (1, f"mutant.yaml: {message}")


NAMES = {
    "..": "'..' cannot name results. Leave out / \\ : * ? \" < > | and any dot or space at either end.",
    "a\nb": "'a\nb' cannot name results. Leave out / \\ : * ? \" < > | and any dot or space at either end.",
    "../a": "'../a' cannot name results. Leave out / \\ : * ? \" < > | and any dot or space at either end.",
    "a:b": "'a:b' cannot name results. Leave out / \\ : * ? \" < > | and any dot or space at either end.",
    " a": "' a' cannot name results. Leave out / \\ : * ? \" < > | and any dot or space at either end.",
    "\udcff": "'\\udcff' cannot name results. Leave out / \\ : * ? \" < > | and any dot or space at either end.",
    "Con": "'Con' cannot name results: some systems keep it for a device. Choose another.",
    "é" * 100: f"'{'é' * 100}' is too long to name results. Allowed: 180 letters.",
}


@pytest.mark.parametrize("name", NAMES)
def test_names_that_would_leave_the_folder_of_results(name: str, folder: Path) -> None:
    scenario = load_scenario("whole.yaml")
    with pytest.raises(ScenarioError) as caught:
        scenario.with_(name=name)
    assert str(caught.value.problems[0]) == NAMES[name]
    with pytest.raises(ScenarioError) as caught:
        StudyPlan(name, None, "T", "Q", scenario.name, (scenario,), 1, 1)
    assert str(caught.value.problems[0]) == NAMES[name]


@pytest.mark.parametrize("name", ["front_loading-2", "a (2)", "études", "_base", "x@0123456789abcdef"])
def test_names_that_may_be(name: str, folder: Path) -> None:
    scenario: Scenario = load_scenario("whole.yaml")
    assert scenario.with_(name=name).name == name


def test_a_file_named_by_dots_writes_nothing(folder: Path) -> None:
    Path("...yaml").write_text(WHOLE)
    before = set(folder.iterdir())
    for command in (["check", "...yaml"], ["run", "...yaml", "--out", "o/o"]):
        answer = told(command)
        assert answer.code == 1
        assert NAMES[".."] in answer.text
    assert set(folder.iterdir()) == before


def test_numbers_of_targets_without_end(folder: Path) -> None:
    Path("t.yaml").write_text(TARGET % "published: nan, tolerance: 1e400, source: s, changes: {booths_standard: inf}")
    with pytest.raises(ScenarioError) as caught:
        read_targets(Path("t.yaml"))
    assert str(caught.value) == (
        "t.yaml: 3 problems\n"
        "  line 1, targets[0].published: 'nan' is not a number. Write such as '-18.5' or '2,154.5'.\n"
        "  line 1, targets[0].tolerance: '1e400' is no tolerance. Write '10 %', '0.5' (in the unit), "
        "'a factor of 2' or 'exact'.\n"
        "  line 1, targets[0].changes.booths_standard: 'inf' is not a number. Write such as '-18.5' or '2,154.5'."
    )


LAW = """kind: duty
title: T
importer: US
references: {a: {title: A, mark: assumption}}
tables: {rates: {title: R, file: %s}}
"""
ROW = "hts_code,description,rate_pct,from,published,until,reference\n"
TABLES = {
    "no text": (b"\xff", "the table file 'r.csv' cannot be read as UTF-8 text."),
    "no cell": ((ROW + "8703,cars,2.5\n").encode(), "has not 7 cells."),
    "no quote": ((ROW + '8703,"cars,2.5\n').encode(), "is not valid CSV (unexpected end of data)."),
    "no date": (
        (ROW + "8703,cars,2.5,9999-01-01,,,a\n").encode(),
        "from '9999-01-01' is too far away. Allowed years: 1800 to 2100.",
    ),
    "nobody's letter": (
        (ROW + "8703,ca\0rs,2.5,2017-01-01,,,a\n").encode(),
        "holds the character U+0000, which cannot be seen. Take it out.",
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_of_a_law_of_ones_own(name: str, folder: Path) -> None:
    content, message = TABLES[name]
    place = folder / "law"
    place.mkdir()
    (place / "a.yaml").write_text(LAW % "r.csv")
    (place / "r.csv").write_bytes(content)
    with pytest.raises(LawError) as caught:
        load_law(folder=place)
    assert message in [problem.message for problem in caught.value.problems]


@pytest.mark.parametrize("name", ["../r.csv", "/etc/passwd", "..", "''"])
def test_a_table_outside_its_folder(name: str, folder: Path) -> None:
    place = folder / "law"
    place.mkdir()
    (place / "a.yaml").write_text(LAW % name)
    with pytest.raises(LawError) as caught:
        load_law(folder=place)
    assert "is no file beside this one. Write its name alone, such as 'rates.csv'." in str(caught.value)


def copied(folder: Path) -> Path:
    place = folder / "mine"
    shutil.copytree(data_dir() / "networks" / "seat_control", place, ignore=shutil.ignore_patterns("*.md", "facts"))
    return place


def test_networks_without_anything(folder: Path) -> None:
    place = copied(folder)
    for file in ("sites.csv", "lanes.csv", "schedules.csv"):
        path = place / file
        path.write_text(path.read_text().splitlines()[0] + "\n")
    with pytest.raises(NetworkError) as caught:
        load_network(place)
    assert [str(problem) for problem in caught.value.problems] == [
        "sites.csv: has no rows. Add at least one.",
        "schedules.csv: has no rows. Add at least one.",
        "lanes.csv: has no rows. Add at least one.",
    ]


def test_a_character_of_a_table_that_cannot_be_seen(folder: Path) -> None:
    place = copied(folder)
    path = place / "parts.csv"
    lines = path.read_text().splitlines()
    lines[3] = "\u202e" + lines[3]
    path.write_text("\n".join(lines) + "\n")
    answer = told(["network", "check", str(place)])
    message = "parts.csv row 4: holds the character U+202E, which cannot be seen. Take it out."
    assert (answer.code, answer.out) == (1, f"network {place}: {message}\n")


def test_an_archive_that_would_write_elsewhere(folder: Path) -> None:
    with zipfile.ZipFile("a.zip", "w") as archive:
        archive.writestr("../evil.txt", "x")
    answer = told(["reproduce", "a.zip"])
    assert (answer.code, answer.err) == (1, "a.zip: '../evil.txt' would be written outside its folder.\n")
