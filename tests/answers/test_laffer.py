"""`sim laffer`: text and JSON of a population under rules, labels, the article's illustration, figures, refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from sim.answers.laffer import weights_answer
from sim.cli import cli
from sim.population.assumptions import Assumptions
from sim.population.curve import laffer_curve
from sim.population.textbook import mover
from sim.population.weights import uniform
from sim.report.laffer_figure import laffer_curves, relocation
from sim.report.style import save_as

WEIGHTS = "class,assembly,weight,tau_D,tau_R,tau_F\ncars,CA,1,1.022,1.01,1.06\ncars,US,3,1.008,1.03,1.07\n"


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["laffer", *arguments], prog_name="sim")


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "w.csv").write_text(WEIGHTS)
    return tmp_path


def answered(*arguments: str) -> dict[str, Any]:
    result = ask(*arguments, "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    answer = json.loads(result.stdout)
    assert isinstance(answer, dict)
    return answer


def test_json_has_stable_keys(weights: Path) -> None:
    answer = answered("--weights", "w.csv", "--rule", "75", "--rule", "62.5")
    assert list(answer) == [
        "population",
        "rules_pct",
        "parameters",
        "reference",
        "rows",
        "told",
        "fixed",
        "moving",
        "caveat",
    ]
    assert (answer["population"], answer["rows"], answer["rules_pct"]) == ("w.csv", 2, [62.5, 75.0])
    assert answer["told"] == [f"no column 'tau_{place}_q': quantities take tau_{place}" for place in "DRF"]
    for place in ("fixed", "moving"):
        found = answer[place]
        assert list(found) == ["first_bite_pct", "first_bite_means", "groups", "curve"]
        assert [(g["class"], g["assembly"]) for g in found["groups"]] == [
            ("all", "all"),
            ("cars", "CA"),
            ("cars", "US"),
        ]
        for group in found["groups"]:
            assert [row["rule_pct"] for row in group["rules"]] == [0.0, 62.5, 75.0]
        row = found["groups"][0]["rules"][1]
        assert list(row) == [
            "rule_pct",
            "content_pct",
            "free_pct",
            "constrained_pct",
            "pay_pct",
            "pay_from_member_pct",
            "outside_pct",
            "not_complying_pct",
            "price_change_pct",
            "surplus_change_pct",
            "parts_change_pct",
            "parts_jobs_change_pct",
            "assembly_jobs_change_pct",
            "total_jobs_change_pct",
        ]
        assert row["surplus_change_pct"] == pytest.approx(
            100 * ((1 + row["price_change_pct"] / 100) ** -3 - 1), abs=1e-4
        )
        assert row["not_complying_pct"] == pytest.approx(100 - row["free_pct"] - row["constrained_pct"], abs=1e-5)


def test_groups_make_up_the_whole(weights: Path) -> None:
    groups = answered("--weights", "w.csv", "--location", "fixed")["fixed"]["groups"]
    for number in range(4):
        whole, canada, states = (group["rules"][number]["content_pct"] for group in groups)
        assert whole == pytest.approx(0.25 * canada + 0.75 * states, abs=1e-5)


def test_text_says_the_same_as_json(weights: Path) -> None:
    answer, text, curves = weights_answer("w.csv", [75.0], "both", Assumptions())
    lines = text.splitlines()
    assert [title for title, _ in curves] == ["Assembly stays where it is", "Assembly may move"]
    assert {title for title, _ in curves} <= set(lines)
    plain = [" ".join(line.split()) for line in lines]
    for place in ("fixed", "moving"):
        row = answer[place]["groups"][0]["rules"][1]
        cells = [row[f"{name}_pct"] for name in ("content", "free", "constrained", "pay", "pay_from_member", "outside")]
        assert f"75 % {' '.join(f'{cell:.2f}' for cell in cells)}" in plain


def test_parameters_can_be_replaced(weights: Path) -> None:
    usual = answered("--weights", "w.csv", "--location", "fixed")
    alike = answered("--weights", "w.csv", "--location", "fixed", "--theta", "8", "--alpha-precision", "inf")
    assert usual["parameters"]["theta"] == 4.0
    assert (alike["parameters"]["theta"], alike["parameters"]["alpha_precision"]) == (8.0, None)
    assert alike["fixed"]["groups"][0]["rules"][1] != usual["fixed"]["groups"][0]["rules"][1]
    assert alike["moving"] is None
    printed = answered("--weights", "w.csv", "--location", "fixed", "--printed-condition")
    pays = [answer["fixed"]["groups"][0]["rules"][2]["pay_pct"] for answer in (usual, printed)]
    assert pays[1] > pays[0] + 1.0


def test_the_example_is_a_file_that_is_understood(weights: Path) -> None:
    (weights / "own.csv").write_text(ask("--example").stdout)
    own = answered("--weights", "own.csv", "--location", "fixed", "--rule", "75")
    shipped = answered("--location", "fixed", "--rule", "75")
    assert own["told"] == []
    assert own["fixed"] == shipped["fixed"]


def test_wrong_input_is_refused_with_all_problems(weights: Path) -> None:
    (weights / "bad.csv").write_text("tau_D,weight\n,1\n1.02,-1\n")
    result = ask("--weights", "bad.csv")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "bad.csv: 2 problems\n"
        "  line 2, column tau_D: is empty. Write a number from 1 to 10.\n"
        "  line 3, column weight: '-1' is out of range. Write a number of 0 or more.\n"
    )
    result = ask("--rule", "0.75", "--rule", "750")
    assert result.stderr == (
        "rule: 750 is no percentage of content. Write a number above 0 and up to 100, such as 62.5.\n"
    )
    assert ask("--sigma", "3").stderr == (
        "parameters: sigma: 3 is out of range. Write a number from 0.01 to 1: "
        "standard deviation of the logarithm of delta.\n"
    )
    (weights / "home.csv").write_text("tau_D\n1.02\n")
    assert ask("--weights", "home.csv", "--location", "moving").stderr == (
        "home.csv: makers cannot move: the weights need tau_R and tau_F.\n"
    )


def test_wrong_usage(weights: Path) -> None:
    both = ask("--labels", "--textbook")
    assert both.exit_code == 2
    assert both.stderr.endswith("Error: Give one of --weights FILE, --example, --labels, --textbook.\n")
    figure = ask("--figure", "curve.jpg")
    assert figure.exit_code == 2
    assert figure.stderr.endswith("Error: a figure ends in .svg, .png, .pdf; 'curve.jpg' does not.\n")
    for arguments, problem in (
        ("--textbook --theta 5 --rule 70", "--textbook takes no --rule, --theta."),
        ("--textbook --location both --printed-condition", "--textbook takes no --location, --printed-condition."),
        ("--labels --location fixed", "--labels takes no --location."),
        ("--example --rule 70 --figure c.svg", "--example takes no --rule, --figure."),
    ):
        ignored = ask(*arguments.split())
        assert ignored.exit_code == 2
        assert ignored.stderr.endswith(f"Error: {problem}\n")
    assert sorted(path.name for path in weights.iterdir()) == ["w.csv"]


def test_labels(weights: Path) -> None:
    answer = answered("--labels")
    years = {year["model_year"]: year for year in answer["labels"]}
    reach = {key: round(value, 1) for key, value in years[2025]["reach_pct"].items()}
    assert reach == {
        "62.5": 61.1,
        "75": 26.7,
        "85": 14.9,
    }
    assert sum(group["carlines"] for group in answer["as_printed"]["makers"]) == 1335
    for key in ("with_hidden_content", "as_printed"):
        none, *ruled = (row["content_pct"] for row in answer[key]["rules"])
        assert none < ruled[0] < ruled[1] > ruled[2]
    assert " 2025 221 61.1 26.7 14.9" in " ".join(ask("--labels").stdout.split())


def test_the_illustration() -> None:
    answer = answered("--textbook")
    assert answer["always_complies_above_delta"] == pytest.approx(1.2116, abs=1e-4)
    assert [row["stops_complying_at"] for row in answer["makers"]] == [0.673632, 0.884252, None]
    assert [row["then"] for row in answer["movers"]] == ["leave", "pay"]
    assert "never" in ask("--textbook").stdout


def test_a_figure_is_written(weights: Path) -> None:
    result = ask("--weights", "w.csv", "--location", "fixed", "--figure", "out/c.svg")
    assert (result.exit_code, result.stderr) == (0, "figure: out/c.svg\n")
    taken = ask("--weights", "w.csv", "--location", "fixed", "--figure", "w.csv/c.svg")
    assert (taken.exit_code, taken.stderr) == (
        1,
        "w.csv/c.svg: cannot be written (File exists). Name another file.\n",
    )
    assert (weights / "out" / "c.svg").read_bytes().startswith(b"<?xml")


@pytest.mark.parametrize(("name", "magic"), [("c.svg", b"<?xml"), ("c.png", b"\x89PNG"), ("c.PDF", b"%PDF")])
def test_a_figure_is_the_same_bytes_each_time_and_as_its_name_says(tmp_path: Path, name: str, magic: bytes) -> None:
    curve = laffer_curve(uniform(1.02), Assumptions(), rules=np.linspace(0, 1, 11))
    first, second = (
        save_as(laffer_curves([("One charge", curve)], "provenance"), tmp_path / part / name).read_bytes()
        for part in ("one", "two")
    )
    assert first.startswith(magic)
    assert first == second


def test_the_figure_draws_the_curve() -> None:
    curve = laffer_curve(uniform(1.02), Assumptions(), rules=np.linspace(0, 1, 21))
    figure = laffer_curves([("One charge", curve)], "provenance")
    top, bottom = figure.axes
    drawn = next(line for line in top.lines if len(line.get_xdata()) == 21)
    assert np.asarray(drawn.get_ydata()).tolist() == [found.content for found in curve.summaries()]
    words = [text.get_text() for text in top.texts]
    peak = curve.peak()
    assert peak is not None
    assert f"highest at {peak.rule_pct:.1f} %: {peak.height:.1f} %" in words
    assert {"NAFTA", "USMCA", "82", "85: proposed"} <= set(words)
    assert len(bottom.collections) == 3  # nobody moves
    assert bottom.get_ylim() == (0.0, 100.0)


def test_the_figure_of_movers_marks_where_they_give_up() -> None:
    figure = relocation([mover(0.6), mover(0.8)], "provenance")
    words = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert "leaves from 49.0 %" in words
    assert "pays from 81.1 %" in words
