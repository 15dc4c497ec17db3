"""Charts of the page hold the numbers of the figures on paper."""

from __future__ import annotations

import json
from collections.abc import Callable

from sim.report.charts import MOST_LETTERS, charts_of
from sim.report.source import StudyData, Summary
from tests.report.conftest import BASELINE, SCENARIOS, VEHICLES

TAX = SCENARIOS.index("border_tax_35")


def test_parts_of_a_change_add_up_to_its_total(study: StudyData) -> None:
    (panel,) = charts_of(study)["charts"]["cost_waterfall"]
    for scenario, vehicle, total, half in panel["totals"]:
        parts = [point[3] for point in panel["points"] if point[:2] == [scenario, vehicle]]
        assert sum(parts) == total
        assert half == 38
    assert {point[0] for point in panel["points"]} == set(range(1, 6))  # no change for the baseline
    assert {point[1] for point in panel["points"]} == set(range(1 + len(VEHICLES)))
    assert "expediting" not in panel["parts"]  # nothing anywhere


def test_duty_is_that_of_its_programmes(study: StudyData) -> None:
    (panel,) = charts_of(study)["charts"]["duty_by_programme"]
    tax = [point[3] for point in panel["points"] if point[:2] == [TAX, 0]]
    assert panel["parts"][:2] == ["US: Border tax", "US: MFN"]  # the largest first
    assert tax[:2] == [3060, 268]


def test_dots_say_levels_halves_and_what_is_asked(study: StudyData) -> None:
    charts = charts_of(study)["charts"]
    hours, lost = charts["border_hours"]
    assert hours["points"][1] == [0, 1, 0, 14, 0.11, None, "change +2.10 h"]
    assert [point[6] for point in lost["points"]] == [
        "baseline",
        "change +12.0 vehicles",
        *["no change shown"] * 3,
        "change +640 vehicles",
    ]
    (content,) = charts["content_thresholds"]
    assert content["rows"] == ["Lansing, crossover ICE", "Oakville, crossover ICE", "Saltillo, pickup ICE"]
    assert [0, 1, 1, 71, None, 85, "fails the rule: threshold"] in content["points"]
    assert not [point for point in content["points"] if point[1] == 4]  # no agreement in force


def test_balances_leave_the_baseline_out(study: StudyData) -> None:
    (panel,) = charts_of(study)["charts"]["trade_balance"]
    assert {point[1] for point in panel["points"]} == set(range(1, 6))
    assert panel["rows"][1] == "United States with Canada"


def test_what_a_study_lacks_has_no_chart_and_long_names_are_cut(study_with: Callable[..., StudyData]) -> None:
    empty = Summary(BASELINE, (BASELINE,), {}, {BASELINE: "x" * 1_000})
    found = charts_of(study_with(summary=empty, facts={}))
    assert all(panels == [] for panels in found["charts"].values())
    assert found["scenarios"] == ["x" * (MOST_LETTERS - 1) + "…"]
    json.dumps(found)
