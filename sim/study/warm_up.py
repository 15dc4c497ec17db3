"""Was the warm-up long enough? Whether what fills the network still moves in the window as it did before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario import Scenario
from sim.study.compare import mean_interval
from sim.study.store import read_days, result_path
from sim.units import DAY

WEEK_DAYS = 7  # means of whole weeks: working days and weekends are no drift
NEGLIGIBLE_PCT = 2.0  # assumption: of the level, over the whole window; less moves no figure that is looked at

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Drift:
    """One series of one baseline.

    Parameters
    ----------
    level : float or None
        Mean over the window.
    pct_a_week, half_width_95 : float or None
        Slope of the weekly means from the last week of the warm-up to the end of the window, in percent of the level,
        and half-width of its interval over replications.
    pct_a_week_before : float or None
        The same over the second half of the warm-up.
    is_settled : bool or None
        False where it still moves in the window as it did before, beyond chance and by more than is negligible. A
        season or a holiday that begins in the window is no fault of the warm-up. None where it cannot be said.
    reason : str
        Why it cannot be said; empty where it can.
    """

    scenario: str
    series: str
    level: float | None = None
    pct_a_week: float | None = None
    half_width_95: float | None = None
    pct_a_week_before: float | None = None
    is_settled: bool | None = None
    reason: str = ""


def drift_of(scenario: str, series: str, values: Floats, warm_up_days: int) -> Drift:
    """Test one series.

    Parameters
    ----------
    values : ndarray of float64, shape (replications, days)
        From the first day of the run.
    warm_up_days : int
        Days of it before the window.

    References
    ----------
    Law, A. M. (2015), Simulation Modeling and Analysis, section 9.5.1: averages over replications show the transient
    (Welch) [memory].
    """
    before, inside = warm_up_days // WEEK_DAYS, (values.shape[1] - warm_up_days) // WEEK_DAYS
    if before < 2 or inside < 1:
        return Drift(scenario, series, reason="it takes two weeks of warm-up and a week that is measured")
    if values.shape[0] < 2:
        return Drift(scenario, series, reason="one replication: chance cannot be told from drift")
    first = warm_up_days - before * WEEK_DAYS
    kept = values[:, first : first + (before + inside) * WEEK_DAYS]
    weeks: Floats = kept.reshape(values.shape[0], before + inside, WEEK_DAYS).mean(axis=2)
    level = float(weeks[:, before:].mean())
    if not level:
        return Drift(scenario, series, level=0.0, reason="there is none of it")
    now, half = mean_interval(_slopes(weeks[:, before - 1 :]))
    earlier = float(_slopes(weeks[:, min(before // 2, before - 2) : before]).mean())
    if now is None or half is None:
        return Drift(scenario, series, reason="no figure")
    moves_on = abs(now) > half and now * earlier > 0 and 100 * abs(now) * inside > NEGLIGIBLE_PCT * abs(level)
    shares = [_rounded(100 * x / level) for x in (now, half, earlier)]
    return Drift(scenario, series, _rounded(level), shares[0], shares[1], shares[2], not moves_on)


def warm_up_of(directory: Path, scenarios: Sequence[Scenario], keys: Mapping[str, str], replications: int) -> list[Any]:
    """Test what fills the network of some scenarios, as plain JSON values for the manifest."""
    from sim.measures.daily import MOVING, STOCKED  # late: a finished study is read without it

    files = [(s.name, n, result_path(directory, keys[s.name], n)) for s in scenarios for n in range(replications)]
    found = read_days(files, (MOVING, STOCKED)) if files else {}
    told = []
    for scenario in scenarios:
        for series in (MOVING, STOCKED):
            own = (found["scenario"] == scenario.name) & (found["measure"] == series)
            if own.any():
                values = found["value"][own].reshape(replications, -1)
                told.append(asdict(drift_of(scenario.name, series, values, scenario.warm_up_s // DAY)))
    return told


def _slopes(weeks: Floats) -> Floats:
    """Change a week of each row, by least squares."""
    time = np.arange(weeks.shape[1]) - (weeks.shape[1] - 1) / 2
    slopes: Floats = (weeks * time).sum(axis=1) / float((time * time).sum())
    return slopes


def _rounded(value: float) -> float:
    """Six digits: the last ones may differ from machine to machine."""
    return float(f"{value:.6g}")
