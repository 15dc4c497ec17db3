"""The difference of a reform: what it says otherwise, and the goods and parties it moves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sim.cli import cli

REFORM = """
title: Twice the ordinary duty
description: A made-up reform.
references:
  me: {title: "made up, as an example", mark: assumption}
changes:
"""
THRESHOLD = """
  - replace: agreements/nafta/light_vehicle_threshold
    vintages:
      - {from: 2017-09-01, published: 2017-08-16, value: 100 %, reference: me}
"""


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["law", *arguments], prog_name="sim")


def answer(*arguments: str) -> dict[str, object]:
    result = ask(*arguments, "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A reform of one's own: vehicles must be wholly regional."""
    path = tmp_path / "whole.yaml"
    path.write_text(REFORM + THRESHOLD, encoding="utf-8")
    return path


def test_the_law_and_the_goods_of_a_network(own: Path) -> None:
    found = answer("--difference", str(own))
    assert found["reforms"] == [
        {"name": "whole", "title": "Twice the ordinary duty", "description": "A made-up reform."}
    ]
    assert found["on"] == "2017-09-01"
    (row,) = found["law"]
    assert (row["path"], row["what"], row["from"], row["before"], row["after"]) == (
        "agreements/nafta/light_vehicle_threshold",
        "value",
        "2017-09-01",
        "62.5 %",
        "100 %",
    )
    goods = found["goods"]
    assert found["goods_moved"] == len(goods) > 0
    assert all(move["after"]["threshold_pct"] == 100 for move in goods if move["hts"].startswith("870"))
    car = next(m for m in goods if (m["part"], m["exporter"], m["importer"]) == ("crossover_ice", "MX", "US"))
    assert car["before"]["claimed"] == ["nafta"]
    assert car["after"]["claimed"] == [None]
    assert car["after"]["verdicts"] == ["fails the rule"]
    assert car["makers"] == ["plant/silao"]
    assert car["before"]["duties_and_fees_usd_per_unit"] == 0
    assert {row["programme"] for row in car["after"]["provisions"]} == {"us/mfn", "us/fees/merchandise_processing"}
    assert {"site": "plant/silao", "country": "MX"}.items() <= found["parties"]["makers"][0].items()


def test_on_another_day_it_may_move_nothing(own: Path) -> None:
    found = answer("--difference", str(own), "--on", "2017-08-31")
    assert (found["on"], found["goods"], found["goods_moved"]) == ("2017-08-31", [], 0)
    assert found["goods_at_borders"] > 100
    text = ask("--difference", str(own), "--on", "2017-08-31").stdout
    assert text.endswith("What the reform changes does not bear on them on this day.\n")


def test_a_reform_that_changes_nothing_says_so(tmp_path: Path) -> None:
    path = tmp_path / "nothing.yaml"
    path.write_text(REFORM + "  []\n", encoding="utf-8")
    result = ask("--difference", str(path))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "nothing: Twice the ordinary duty\n"
        "  A made-up reform.\n"
        "\n"
        "In the law: 0 changes\n"
        "  It says nothing that the law did not say before, so no good is moved.\n"
    )
    assert answer("--difference", str(path))["on"] is None


def test_the_second_lies_over_the_first_and_both_over_a_reform(own: Path) -> None:
    both = answer("--difference", "us_2017_proposal", "--difference", str(own))
    assert [row["name"] for row in both["reforms"]] == ["us_2017_proposal", "whole"]
    over = answer("--reform", "us_2017_proposal", "--compare", str(own))
    assert over["over"] == ["us_2017_proposal"]
    assert [(row["before"], row["after"]) for row in over["law"]] == [("85 %", "100 %")]


def test_it_is_read_aloud(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    lines = ask("--compare", str(own)).stdout.splitlines()
    assert lines[3:7] == [
        "In the law: 1 change",
        "  from 2017-09-01  agreements/nafta/light_vehicle_threshold (Regional value content of light vehicles)",
        "      62.5 % becomes 100 %",
        "      made up, as an example [assumption]",
    ]
    assert lines[8].startswith("For the goods of network midsize on 2017-09-01, as firms would plan: ")
    assert any(line.startswith("Parties: ") for line in lines)
    assert max(map(len, lines)) <= 110
    assert any(line.startswith("Mid-size crossover, petrol") and "nafta → no" in line for line in lines)


def test_a_narrow_terminal_shortens_names(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "90")
    lines = ask("--compare", str(own)).stdout.splitlines()
    assert max(map(len, lines)) <= 90
    assert any(line.startswith("Mid-size crossov") and "…" in line for line in lines)


def test_a_value_that_the_law_lacks_is_left_out_of_both_sides(own: Path) -> None:
    """The bounds of a fee are not known so late; the goods are compared without it, and that is said."""
    found = answer("--difference", "threshold_80", "--on", "2017-08-16")
    assert found["left_out"] == {}
    later = answer("--difference", "us_2026_of_vehicle", "--on", "2027-01-01")
    told = [f"{path}/" for path in later["left_out"]]
    charged = {row["programme"] for move in later["goods"] for row in move["after"]["provisions"]}
    assert charged.isdisjoint(later["left_out"])
    assert all(lack.startswith(path) for path, lack in zip(told, later["left_out"].values(), strict=True))


def test_wrong_names_are_answered() -> None:
    result = ask("--difference", "us_2017_propsal")
    assert (result.exit_code, result.stderr) == (
        1,
        "law: no reform named 'us_2017_propsal'. Did you mean 'us_2017_proposal'?\n",
    )
    result = ask("--difference", "us_2017_proposal", "--network", "midsiz")
    assert (result.exit_code, result.stderr) == (
        1,
        "network midsiz: no network or folder named 'midsiz'. Did you mean 'midsize'?\n",
    )
