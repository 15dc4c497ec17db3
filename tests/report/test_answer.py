"""The answer's sentences follow the numbers, and say nothing that an interval does not bear."""

from __future__ import annotations

from collections.abc import Callable

from sim.report.answer import answer, close_calls, cost_sentence, finding, time_sentence
from sim.report.source import Comparison, StudyData, Summary

COST = ("cost_per_vehicle_usd", "all", "total")
HOURS = ("border_hours_per_vehicle", "all", "")


def two(key: tuple[str, str, str], change: float, half: float) -> Summary:
    rows = {key: (Comparison("base", 100.0, 0.0, 0.0, 20), Comparison("reform_a", 100 + change, change, half, 20))}
    return Summary("base", ("base", "reform_a"), rows)


def test_three_sentences(summary: Summary) -> None:
    assert answer(summary) == (
        "Against NAFTA as it stood, the average cost of a vehicle rises by 3,341 ± 38 USD under Border tax 35; "
        "under Ambassador closure it rises by 289 ± 38 USD.",
        "Under Border tax 35 the largest part of the rise is duty (3,310 USD a vehicle); the treasury that gains "
        "most is that of the United States, by 90.0 ± 0.4 million USD over the measured window.",
        "The hours that a vehicle's loads spend at borders change most under US proposal (+2.10 ± 0.11 h), with "
        "no change shown in 1 of 5 scenarios; the number of vehicles lost changes most under Ambassador closure "
        "(+640 ± 9 vehicles), with no change shown in 3 of 5 scenarios.",
    )


def test_close_calls_are_named_once(study_with: Callable[..., StudyData]) -> None:
    near = {"vehicle": "plant/silao/pickup", "margin_pct": 0.4, "reason": "US share 50.40 % reaches 50 %"}
    far = {"vehicle": "plant/lansing/crossover_ice", "margin_pct": -4.2, "reason": "content 58.30 % is below 62.5 %"}
    facts = {"us_proposal": {"content": [near, far]}, "border_tax_35": {"content": [near]}}
    assert close_calls(study_with(facts=facts)) == (
        "Pickup from Silao under US proposal (US share 50.40 % reaches 50 %)",
    )


def test_an_interval_over_zero_is_no_change() -> None:
    assert cost_sentence(two(COST, 3.0, 5.0)) == (
        "Against Base, no scenario changes the average cost of a vehicle by more than chance would "
        "(no interval is wider than ± 5 USD)."
    )


def test_a_fall_is_called_a_fall() -> None:
    assert cost_sentence(two(COST, -12.0, 2.0)) == (
        "Against Base, the average cost of a vehicle falls by 12.0 ± 2.0 USD under Reform a."
    )


def test_one_replication_claims_nothing() -> None:
    assert cost_sentence(two(COST, 12.0, float("nan"))) == (
        "Against Base, the change in the average cost of a vehicle lies between +12.0 and +12.0 USD, but a single "
        "replication cannot tell a change from chance."
    )


def test_no_change_in_time() -> None:
    assert time_sentence(two(HOURS, 0.0, 0.0)) == (
        "No scenario is shown to change the hours that a vehicle's loads spend at borders."
    )


def test_nothing_measured_says_nothing() -> None:
    assert answer(Summary("base", ("base",), {})) == ()


def test_a_change_that_nobody_would_feel_is_called_so() -> None:
    assert time_sentence(two(HOURS, 0.05, 0.01)) == (
        "The hours that a vehicle's loads spend at borders change by less than 0.1 % in every scenario."
    )


def test_two_measures_that_stay_are_one_clause() -> None:
    lost = two(("vehicles_lost", "all", ""), 0.0, 0.0)
    both = Summary("base", ("base", "reform_a"), {**two(HOURS, 0.0, 0.0).rows, **lost.rows})
    assert time_sentence(both) == (
        "No scenario is shown to change the hours that a vehicle's loads spend at borders or the number of "
        "vehicles lost."
    )


def test_a_finding_stands_beside_what_was_expected(summary: Summary) -> None:
    assert finding(summary, "nafta_as_it_stood") == (
        "cost per vehicle 29,470 USD; duty 96.0 USD; border hours 11.9 h; vehicles lost 3.00"
    )
    assert finding(summary, "border_tax_35") == (
        "cost per vehicle +3,341 ± 38 USD; duty +3,310 ± 66 USD; border hours no change shown; "
        "vehicles lost no change shown"
    )
    one = {COST: (Comparison("base", 100.0, 0.0, 0.0, 1), Comparison("reform_a", 105.0, 5.0, float("nan"), 1))}
    assert finding(Summary("base", ("base", "reform_a"), one), "reform_a") == "cost per vehicle +5.00 USD"
    assert finding(two(HOURS, 0.0, 0.0), "reform_a") == "border hours unchanged"


def test_a_finding_names_the_vehicles_that_change_least_and_most() -> None:
    rows = {
        COST: (Comparison("base", 100.0, 0.0, 0.0, 9), Comparison("reform_a", 105.0, 5.0, 1.0, 9)),
        ("cost_per_vehicle_usd", "plant/silao/pickup", "total"): (
            Comparison("base", 100.0, 0.0, 0.0, 9),
            Comparison("reform_a", 100.0, 0.0, 0.0, 9),
        ),
        ("cost_per_vehicle_usd", "plant/lansing/crossover_ice", "total"): (
            Comparison("base", 100.0, 0.0, 0.0, 9),
            Comparison("reform_a", 110.0, 10.0, 2.0, 9),
        ),
    }
    assert finding(Summary("base", ("base", "reform_a"), rows), "reform_a") == (
        "cost per vehicle +5.00 ± 1.00 USD (by vehicle from 0.0 for Silao, pickup to +10.0 for Lansing, crossover ICE)"
    )


def test_one_scenario_tells_its_levels() -> None:
    alone = Summary("base", ("base",), {COST: (Comparison("base", 32_269.67, 0.0, 0.0, 20),)})
    assert answer(alone) == ("Base: cost per vehicle 32,270 USD.",)
    assert answer(Summary("base", ("base",), {})) == ()


def test_many_close_calls_are_counted(study_with: Callable[..., StudyData]) -> None:
    rows = [{"vehicle": f"plant/p{n}/car", "margin_pct": 1.0, "reason": f"reason {n}"} for n in range(12)]
    found = close_calls(study_with(facts={"nafta_as_it_stood": {"content": rows}}))
    assert len(found) == 9
    assert found[-1] == "and 4 more, see the content of vehicles"
