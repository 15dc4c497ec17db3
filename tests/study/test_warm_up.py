"""Warm-up tested on series whose truth is known: a decay that goes on is told, noise, weekends and seasons are not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.answers.studies import study_answer, study_text
from sim.study import StudyPlan, run_study
from sim.study.warm_up import NEGLIGIBLE_PCT, Drift, drift_of
from sim.units import DAY
from tests.study.test_execute import RUNNER, plan

DAYS = np.arange(77)  # eight weeks before, three inside
WARM_UP = 56


@pytest.fixture(autouse=True)
def _runner_is_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


def drawn(mean: NDArray[np.float64], seed: int, replications: int = 20) -> NDArray[np.float64]:
    """Noise that lasts for some days around a mean with a weekly rhythm."""
    draw = np.random.default_rng(seed).normal(0, 4, (replications, DAYS.size + 3))
    return mean + 30 * (DAYS % 7 >= 5) + (draw[:, 3:] + draw[:, 2:-1] + draw[:, 1:-2] + draw[:, :-3]) / 2


def test_a_straight_line_has_its_own_slope() -> None:
    found = drift_of("x", "s", np.tile(1000 - 2.0 * DAYS, (3, 1)), WARM_UP)
    level = 1000 - 2 * DAYS[WARM_UP:].mean()
    assert found == Drift("x", "s", level, float(f"{-1400 / level:.6g}"), 0.0, float(f"{-1400 / level:.6g}"), False, "")


def test_a_decay_that_goes_on_is_told() -> None:
    for seed in range(50):
        assert drift_of("x", "s", drawn(1000 + 900 * np.exp(-DAYS / 25.0), seed), WARM_UP).is_settled is False


def test_what_stands_still_is_seldom_accused() -> None:
    """Chance alone passes one of the three conditions in 5 of 100 cases, the direction in half of those."""
    accused = sum(
        drift_of("x", "s", drawn(np.full(77, 1000.0), seed), WARM_UP).is_settled is False for seed in range(400)
    )
    assert accused <= 20


def test_a_season_that_begins_in_the_window_is_not_the_warm_ups_fault() -> None:
    turned = 1000 + 300 * np.exp(-DAYS / 10.0) + np.maximum(0, DAYS - WARM_UP) * 4.0
    found = drift_of("x", "s", drawn(turned, 1), WARM_UP)
    assert found.pct_a_week is not None
    assert found.pct_a_week > NEGLIGIBLE_PCT
    assert found.pct_a_week_before is not None
    assert found.pct_a_week_before < 0
    assert found.is_settled is True


@pytest.mark.parametrize(
    ("shape", "warm_up", "reason"),
    [
        ((3, 20), 14, "it takes two weeks of warm-up and a week that is measured"),
        ((3, 40), 13, "it takes two weeks of warm-up and a week that is measured"),
        ((1, 40), 28, "one replication: chance cannot be told from drift"),
    ],
)
def test_what_cannot_be_said_has_its_reason(shape: tuple[int, int], warm_up: int, reason: str) -> None:
    assert drift_of("x", "s", np.ones(shape), warm_up) == Drift("x", "s", reason=reason)


def longer(*names: str) -> StudyPlan:
    asked = plan(*names)
    return replace(asked, scenarios=tuple(s.with_(run_s=21 * DAY) for s in asked.scenarios))


def test_a_run_tells_a_warm_up_that_is_too_short(tmp_path: Path) -> None:
    study = run_study(longer("drifts", "taxed"), tmp_path / "s", jobs=1, runner=RUNNER)
    (found,) = study.warm_up()
    assert (found.scenario, found.series, found.is_settled) == ("drifts", "moving_by_day", False)
    assert study_answer(study, None)["warm_up"][0]["pct_a_week"] == found.pct_a_week
    told = " ".join(study_text(study, None).split())
    assert (
        f"The warm-up may be too short: moving_by_day of drifts still changes by {found.pct_a_week:+.1f} "
        f"± {found.half_width_95:.1f} % a week in the window, as it did before it. Write a longer horizon.warm_up."
    ) in told
    settled = run_study(longer("base", "taxed"), tmp_path / "t", jobs=1, runner=RUNNER)
    assert [x.is_settled for x in settled.warm_up()] == [True]
    assert "The warm-up may be" not in study_text(settled, None)
