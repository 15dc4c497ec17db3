"""Statistics of replications: means and differences paired by common random numbers, with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Comparison:
    """One scenario against the baseline on one measure.

    Parameters
    ----------
    mean, mean_half_width_95 : float or None
        Mean over replications and the half-width of its interval; None where the scenario has no value.
    difference, half_width_95 : float or None
        Mean of (scenario - baseline) over the same replications and the half-width of its interval. A
        difference that is 0 in every replication is exactly 0 with half-width 0. A half-width is None
        with a single replication.
    n : int
        Replications in which both have a value.
    """

    scenario: str
    mean: float | None
    mean_half_width_95: float | None
    difference: float | None
    half_width_95: float | None
    n: int


def mean_interval(values: NDArray[np.float64]) -> tuple[float | None, float | None]:
    """Mean and half-width of its 95 % interval (Student's t); None where they cannot be said.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        One value a replication; independent, roughly normal. NaN stands for no value and is left out.

    References
    ----------
    Law, A. M. (2015), Simulation Modeling and Analysis, section 4.5 [memory].

    Examples
    --------
    >>> mean, half = mean_interval(np.array([1.0, 2.0, 3.0]))
    >>> mean, round(half, 4)
    (2.0, 2.4841)
    """
    kept = values[~np.isnan(values)]
    if kept.size == 0:
        return None, None
    if np.all(kept == kept[0]):  # no rounding: equal values have exactly their own mean
        return float(kept[0]), 0.0 if kept.size > 1 else None
    from scipy.special import stdtrit  # type: ignore[import-untyped]  # late: SciPy is slow

    spread = float(kept.std(ddof=1)) / kept.size**0.5
    quantile = float(stdtrit(kept.size - 1, 0.5 + LEVEL / 2))
    return float(kept.mean()), quantile * spread


def paired(scenario: str, values: NDArray[np.float64], baseline: NDArray[np.float64]) -> Comparison:
    """Compare a scenario with the baseline, replication by replication.

    Parameters
    ----------
    values, baseline : ndarray of float64, shape (replications,)
        Column k of both used the same random numbers. NaN stands for no value.
    """
    mean, mean_half = mean_interval(values)
    differences = values - baseline
    difference, half = mean_interval(differences)
    return Comparison(scenario, mean, mean_half, difference, half, int((~np.isnan(differences)).sum()))
