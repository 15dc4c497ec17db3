"""Running until precise: targets read, steps taken, the same bytes when killed between them."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import DataError, ScenarioError
from sim.study import mean_interval, precision_of, run_study
from sim.study.compare import paired, unpaired_half_width
from sim.study.precision import Precision, Target, next_count, where_it_stands
from sim.study.targets import parse_target
from tests.study.test_execute import RUNNER, contents, plan

T_975 = {2: 4.302652730, 4: 2.776445105}  # quantiles of Student's t, printed tables


@pytest.fixture(autouse=True)
def _runner_is_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


def test_an_unpaired_interval_by_hand() -> None:
    """Equal sizes and variances: Welch's degrees of freedom are 2(n - 1) = 4."""
    first, second = np.array([1.0, 2.0, 3.0]), np.array([11.0, 12.0, 13.0])
    assert unpaired_half_width(first, second) == pytest.approx(T_975[4] * math.sqrt(2 / 3), rel=1e-8)


def test_pairing_is_worth_the_ratio_of_variances() -> None:
    baseline = np.array([0.0, 10.0, 20.0])
    row = paired("x", baseline + np.array([1.0, 2.0, 3.0]), baseline)
    assert row.variance_reduction == pytest.approx((121.0 + 100.0) / 1.0)
    assert row.half_width_95 == pytest.approx(T_975[2] / math.sqrt(3), rel=1e-8)
    assert row.unpaired_half_width_95 is not None
    assert row.unpaired_half_width_95 > 9 * row.half_width_95


def test_a_difference_that_does_not_vary_has_no_ratio() -> None:
    baseline = np.array([1.0, 2.0])
    assert paired("x", baseline + 1, baseline).variance_reduction is None


@given(st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=30), st.integers(0, 10**6))
def test_a_constant_added_is_found_and_narrower_than_unpaired(values: list[int], added: int) -> None:
    baseline = np.array(values, dtype=np.float64)
    row = paired("x", baseline + added, baseline)
    assert (row.difference, row.half_width_95, row.variance_reduction) == (added, 0.0, None)
    assert row.unpaired_half_width_95 is not None


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("cost_per_vehicle_usd", "5 USD/vehicle", Target("cost_per_vehicle_usd", "", 5.0, False)),
        ("cost_per_vehicle_usd/duty", "1 %", Target("cost_per_vehicle_usd", "duty", 0.01, True)),
        ("line_down_pct", "0.5 points", Target("line_down_pct", "", 0.5, False)),
    ],
)
def test_targets(name: str, text: str, expected: Target) -> None:
    assert parse_target(name, text) == expected


def test_wrong_targets_are_told_all_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        precision_of(("cost_per_vehicle_us=1 %", "border_wait_min=5", "vehicles_lost=0 %"), None)
    assert str(caught.value) == (
        "--precision: 3 problems\n"
        "  no measure named 'cost_per_vehicle_us'. Did you mean 'cost_per_vehicle_usd'?\n"
        "  '5' is not a half-width of border_wait_min. Write a half-width such as '5 min', or '2 %' of the figure.\n"
        "  '0 %' cannot be reached. Write a half-width such as '5 vehicles', or '2 %' of the figure."
    )


def stands_at(half: float, precision: Precision) -> list[object]:
    rows = [
        paired("base", np.zeros(3), np.zeros(3)),
        replace(paired("x", np.zeros(3), np.zeros(3)), half_width_95=half),
    ]
    return where_it_stands(precision, lambda measure, item: rows)  # type: ignore[return-value]


def test_the_number_grows_with_the_square_of_what_is_missing() -> None:
    precision = Precision((Target("m", "", 1.0, False),), most=60)
    assert next_count(precision, stands_at(0.9, precision), 20) == 20  # type: ignore[arg-type]
    assert next_count(precision, stands_at(1.5, precision), 20) == math.ceil(20 * 1.5**2 * 1.05)  # type: ignore[arg-type]
    assert next_count(precision, stands_at(9.0, precision), 20) == 60  # type: ignore[arg-type]
    assert next_count(precision, stands_at(9.0, precision), 60) == 60  # type: ignore[arg-type]
    assert next_count(precision, stands_at(9.0, precision), 5) == 20  # type: ignore[arg-type]


def test_runs_until_precise_and_resumes_on_the_same_path(tmp_path: Path) -> None:
    wanted = Precision((Target("border_hours_per_vehicle", "", 0.03, False),), most=100)
    asked = replace(plan("base"), precision=wanted)
    whole = run_study(asked, tmp_path / "whole", jobs=1, runner=RUNNER)
    assert 4 < whole.replications < 100
    (reached,) = whole.precision()
    assert reached.is_met
    _, half = mean_interval(whole.series("border_hours_per_vehicle", item="total")["base"])
    assert half == reached.half_width
    # As if killed after the first four: they are on the path, and the end is the same.
    run_study(replace(asked, precision=None), tmp_path / "killed", jobs=1, runner=RUNNER)
    run_study(asked, tmp_path / "killed", jobs=2, runner=RUNNER)
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")
    again = run_study(asked, tmp_path / "whole", jobs=1, runner="no_such_runner")
    assert again.replications == whole.replications


def test_a_cap_that_is_too_low_is_told(tmp_path: Path) -> None:
    wanted = Precision((Target("border_hours_per_vehicle", "", 1e-6, False),), most=6)
    study = run_study(replace(plan("base"), precision=wanted), tmp_path / "s", jobs=1, runner=RUNNER)
    assert study.replications == 6
    assert [reached.is_met for reached in study.precision()] == [False]


def test_an_item_that_is_not_there_is_told_after_the_first_replication(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIM_TEST_MARK", str(tmp_path))
    targets = (
        ("cost_per_vehicle_usd", "dity"),
        ("border_hours_per_vehicle", ""),
        ("receipts_usd", ""),
        ("line_down_pct", ""),
    )
    wanted = Precision(tuple(Target(measure, item, 0.5, False) for measure, item in targets))
    asked = replace(plan("slow", "taxed"), precision=wanted).with_(20)
    folder = tmp_path / "s"
    said = (
        f"{folder}: 3 problems\n"
        "  cost_per_vehicle_usd has no item 'dity' in the first replication. Did you mean 'duty'?\n"
        "  receipts_usd has no whole. Name one of its items: US:border_tax_35.\n"
        "  line_down_pct is not measured in the first replication. Name another measure."
    )
    with pytest.raises(DataError) as caught:
        run_study(asked, folder, jobs=1, runner=RUNNER)
    assert str(caught.value) == said
    assert 1 <= len(list((folder / "results").iterdir())) < 10


def test_a_finished_study_stays_whole_where_an_item_is_not_there(tmp_path: Path) -> None:
    run_study(plan(), tmp_path / "s", jobs=1, runner=RUNNER)
    before = contents(tmp_path / "s")
    asked = replace(plan(), precision=Precision((Target("vehicles_lost", "total", 0.5, False),)))
    with pytest.raises(DataError) as caught:
        run_study(asked, tmp_path / "s", jobs=1, runner="no_such_runner")
    assert str(caught.value) == (f"{tmp_path / 's'}: vehicles_lost has no items, and so no 'total'. Leave it out.")
    assert contents(tmp_path / "s") == before


@pytest.mark.slow
def test_stopping_when_precise_still_covers() -> None:
    """A rule that stops when the interval looks narrow covers a little less than it says: told, and bounded here."""
    precision = Precision((Target("m", "", 0.25, False),), most=10_000)
    covered = 0
    for repetition in range(1000):
        draws = np.random.default_rng(repetition).normal(3.0, 1.0, 10_000)
        n = 10
        while True:
            rows = [paired("alone", draws[:n], draws[:n])]
            after = next_count(precision, where_it_stands(precision, lambda m, i, r=rows: r), n)  # type: ignore[misc]
            if after == n:
                break
            n = after
        covered += abs((rows[0].mean or 0.0) - 3.0) <= (rows[0].mean_half_width_95 or 0.0)
    assert 925 <= covered <= 970
