"""What is not known: every range is found, moved and ranked; chance and ignorance by independent arithmetic."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.answers.unknowns import _answer, _text
from sim.network import load_network, network_folder
from sim.parameters import AFTER_RUNS
from sim.planning import lead_days
from sim.report.tornado import tornado
from sim.scenario import Scenario, load_scenario
from sim.units import DAY, WEEK
from sim.unknowns import Question, Unknown, ask, gather_unknowns, rank
from sim.unknowns.assumptions import HIGH, LOW
from sim.unknowns.columns import groups_of

TEXT = "question: Why?\nnetwork: seat_control\nhorizon: {warm_up: 10 weeks, start: 2017-10-30, run: 4 weeks}\n"


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    path = tmp_path_factory.mktemp("scenario") / "base.yaml"
    path.write_text(TEXT)
    return load_scenario(path)


@pytest.fixture(scope="module")
def gathered(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Unknown], list[Any]]:
    unknowns, unvaried = gather_unknowns(scenario, tmp_path_factory.mktemp("scratch"))
    return unknowns, unvaried


def test_every_parameter_with_a_range_is_there(scenario: Scenario, gathered: tuple[list[Unknown], list[Any]]) -> None:
    ranged = {x.name for x in scenario.values().ranges.values() if x.low != x.high}
    wanted = {f"parameters/{name}" for name in ranged - set(AFTER_RUNS)}
    assert len(wanted) >= 10
    assert set(AFTER_RUNS) <= ranged
    assert {f"parameter {name}" for name in AFTER_RUNS} <= {x.what for x in gathered[1]}
    assert {x.id for x in gathered[0] if x.id.startswith("parameters/")} == wanted


def test_every_row_with_a_range_is_moved_or_said_not_to_be(
    scenario: Scenario, gathered: tuple[list[Unknown], list[Any]]
) -> None:
    groups = list(groups_of(network_folder(scenario.network)))
    assert len(groups) > 30
    told = {x.id for x in gathered[0]} | {x.what for x in gathered[1]}
    for group in groups:
        where = f" in {group.country}" if group.country else ""
        assert group.id in told or f"{group.file}, {group.column}{where}" in told


def test_rows_move_by_their_own_ranges_and_nothing_else_does(
    scenario: Scenario, gathered: tuple[list[Unknown], list[Any]]
) -> None:
    unknown = next(x for x in gathered[0] if x.id == "network/recipes/labour_usd/MX")
    before = load_network(scenario.network)
    for end in (LOW, HIGH):
        after = load_network(unknown.change(scenario, end).network)
        assert after.name == before.name
        moved = 0
        for name, recipe in before.recipes.items():
            ratio = 1 + end * recipe.evidence.range_pct / 100 if before.sites[recipe.site].country == "MX" else 1.0
            assert after.recipes[name].labour_usd == pytest.approx(recipe.labour_usd * ratio, rel=1e-6)
            moved += ratio != 1.0 and recipe.labour_usd > 0
        assert moved == int(unknown.meaning.split(", ")[-1].split()[0].replace("one", "1"))
        assert (after.lanes, after.routes, after.crossings) == (before.lanes, before.routes, before.crossings)


@dataclass
class Answers:
    """A study whose figures are 100 + noise, and what each assumption adds at its ends."""

    adds: dict[str, float]
    replications: int = 3

    def series(self, measure: str, vehicle: str, item: str) -> dict[str, Any]:
        noise = np.array([-1.0, 0.0, 1.0])
        found = {"as_assumed": 100 + noise, "baseline": 40 + 2 * noise}
        for name, added in self.adds.items():
            found[f"as_assumed__{name}"] = 100 + noise + added
            found[f"baseline__{name}"] = 40 + 2 * noise + added / 2
        return found


def unknown(name: str) -> Unknown:
    return Unknown(name, name, "assumption", "less", "more", lambda scenario, end: scenario)


def question(against: str) -> Question:
    plan: Any = SimpleNamespace(name="unknowns_x")
    return Question(plan, "x", against, (unknown("little"), unknown("much"), unknown("one_sided")), ())


ADDS = {
    "little__low": -1.0, "little__high": 1.0, "much__low": 6.0, "much__high": -6.0,
    "one_sided__low": 0.0, "one_sided__high": 4.0,
}  # fmt: skip


def test_ranking_by_hand() -> None:
    """Uniform over both halves: variances 1/3, 36/3 and 16/6 - 1 = 5/3; ignorance 1.96 times the root of 14."""
    found = rank(Answers(ADDS), question(""), "m", "")  # type: ignore[arg-type]
    assert [row.unknown.id for row in found.rows] == ["much", "one_sided", "little"]
    assert [row.swing for row in found.rows] == [-12.0, 4.0, 2.0]
    assert [row.half_width_95 for row in found.rows] == [0.0, 0.0, 0.0]  # common noise is in no swing
    assert [row.share_pct for row in found.rows] == pytest.approx([100 * 12 / 14, 100 * (5 / 3) / 14, 100 / 3 / 14])
    assert found.ignorance_95 == pytest.approx(1.959964 * math.sqrt(14), rel=1e-6)
    assert found.figure == 100.0
    assert found.chance_95 == pytest.approx(4.302652730 / math.sqrt(3), rel=1e-8)


@pytest.mark.parametrize(("low", "high"), [(0.0, 4.0), (-6.0, 6.0), (3.0, 1.0), (-2.0, -5.0)])
def test_ignorance_is_that_of_a_uniform_draw_over_both_halves(low: float, high: float) -> None:
    x = np.linspace(-1, 1, 2_000_001)
    drawn = np.where(x > 0, high * x, -low * x)
    only = Question(SimpleNamespace(name="unknowns_x"), "x", "", (unknown("one"),), ())  # type: ignore[arg-type]
    found = rank(Answers({"one__low": low, "one__high": high}), only, "m", "")  # type: ignore[arg-type]
    assert found.ignorance_95 == pytest.approx(1.959964 * float(drawn.std()), rel=1e-5)


def test_an_end_counts_only_where_there_is_a_figure() -> None:
    """No vehicle was built in the first replication at one end: the change is that of the others, not less."""
    some = np.array([np.nan, 4.0, 4.0])
    found = rank(Answers({**ADDS, "one_sided__high": some}), question(""), "m", "")  # type: ignore[arg-type, dict-item]
    assert [(row.unknown.id, row.high, row.swing) for row in found.rows] == [
        ("much", -6.0, -12.0), ("one_sided", 4.0, 4.0), ("little", 1.0, 2.0),
    ]  # fmt: skip
    assert found.ignorance_95 == pytest.approx(1.959964 * math.sqrt(14), rel=1e-6)


def test_an_end_without_any_figure_comes_first_and_is_told() -> None:
    found = rank(Answers({**ADDS, "little__low": math.nan}), question(""), "m", "")  # type: ignore[arg-type]
    assert [row.unknown.id for row in found.rows] == ["little", "much", "one_sided"]
    first = found.rows[0]
    assert math.isnan(first.low)
    assert math.isnan(first.swing)
    assert (first.high, first.half_width_95, first.is_shown, first.share_pct) == (1.0, None, False, 0.0)
    assert found.ignorance_95 == pytest.approx(1.959964 * math.sqrt(12 + 5 / 3), rel=1e-6)
    answer = _answer(replace(question(""), unvaried=()), replace(found, measure="cost_per_vehicle_usd"), "all")
    assert [answer["assumptions"][0][key] for key in ("change_at_low", "change_at_high", "swing")] == [None, 1.0, None]
    lines = _text(answer).splitlines()
    assert "  ".join(next(line for line in lines if line.startswith("little")).split()[:7]) == (
        "little  less  more  no  figure  +1  no"
    )
    assert "No replication has the figure at an end of little: first, and in no share." in lines
    (axes,) = tornado(found, "USD", "x", "p").axes
    widths = [patch.get_width() for patch in axes.patches if patch.get_height() < 0.9]
    assert sorted(width for width in widths if abs(width) < 50) == [-6.0, 0.0, 1.0, 4.0, 6.0]


def test_of_a_difference_both_sides_move() -> None:
    found = rank(Answers(ADDS), question("baseline"), "m", "")  # type: ignore[arg-type]
    assert found.figure == 60.0
    assert [row.swing for row in found.rows] == [-6.0, 2.0, 1.0]


def test_the_study_has_both_ends_on_both_sides(scenario: Scenario, tmp_path: Path) -> None:
    taxed = scenario.with_(name="taxed", reforms=("border_tax_35",))
    asked = ask(taxed, scenario, tmp_path, 2, ["parameters/pass_through_pct"])
    assert [s.name for s in asked.plan.scenarios] == [
        "baseline",
        "as_assumed",
        "baseline__parameters_pass_through_pct__low",
        "as_assumed__parameters_pass_through_pct__low",
        "baseline__parameters_pass_through_pct__high",
        "as_assumed__parameters_pass_through_pct__high",
    ]
    assert asked.plan.scenarios[3].parameters == {"pass_through_pct": "50 %"}
    assert asked.plan.scenarios[3].reforms == ("border_tax_35",)
    assert len(asked.unvaried) >= 4


def test_the_tornado_draws_the_greatest_at_the_top() -> None:
    found = rank(Answers(ADDS), question(""), "m", "")  # type: ignore[arg-type]
    (axes,) = tornado(found, "USD", "x", "p").axes
    assert [label.get_text().split(" (")[0] for label in axes.get_yticklabels()] == ["much", "one_sided", "little"]
    assert axes.yaxis_inverted()
    widths = [patch.get_width() for patch in axes.patches if patch.get_height() < 0.9]
    assert sorted(width for width in widths if abs(width) < 50) == sorted(ADDS.values())


def test_the_command_tells_chance_from_ignorance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sim.study.execute
    from sim.answers.unknowns import unknowns_answer

    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent / "study"))
    defaults = sim.study.execute.run_study.__kwdefaults__ or {}
    monkeypatch.setattr(sim.study.execute.run_study, "__kwdefaults__", {**defaults, "runner": "fake_runner"})
    (tmp_path / "base.yaml").write_text(TEXT)
    answer, text = unknowns_answer(
        "base.yaml", measure="cost_per_vehicle_usd", item=None, vehicle="all", scenario=None, level=False,
        only=["parameters/truck_hour_usd"], replications=3, jobs=1, out=tmp_path / "out", bar=None, tell=lambda _: None,
    )  # fmt: skip
    assert [row["id"] for row in answer["assumptions"]] == ["parameters/truck_hour_usd"]
    assert answer["ignorance_95"] == pytest.approx(0.0, abs=1e-9)
    assert answer["chance_95"] > 0
    assert "\n1 assumption does not move it at all.\n" in text
    assert "Assumed, but not varied here:" in text
    folder = tmp_path / "out" / "unknowns_base"
    with (folder / "tables" / "unknowns.csv").open(encoding="utf-8", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == ["parameters/truck_hour_usd"]
    assert (folder / "figures" / "tornado.png").stat().st_size > 10_000


def test_all_ends_warm_up_as_long_as_the_longest_of_them_needs(scenario: Scenario, tmp_path: Path) -> None:
    written = scenario.with_(warm_up_s=math.ceil(lead_days(scenario, load_network(scenario.network)) / 7) * WEEK)
    asked = ask(written, None, tmp_path, 2, ["network/lanes/load_units"])
    needed = [lead_days(member, member.load_network()) for member in asked.plan.scenarios]
    assert max(needed) * DAY > written.warm_up_s  # at the high end loads are larger and come less often
    assert {member.warm_up_s for member in asked.plan.scenarios} == {math.ceil(max(needed) / 7) * WEEK}
    assert asked.warm_up_weeks == math.ceil(max(needed) / 7)
