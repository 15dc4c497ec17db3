"""Statistics of replications: means and differences paired by common random numbers, with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.study.student import student_quantile

LEVEL = 0.95
UPPER = 0.5 + LEVEL / 2
ROUNDING = 1e-13  # of a value: what sums in another order differ by

Values = NDArray[np.float64]


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
    unpaired_half_width_95 : float or None
        Half-width that the difference would have had without common random numbers, from the spread of each side, in
        the unit of the measure, as the others.
    variance_reduction : float or None
        How many times smaller the variance of the difference is than with independent random numbers; None where
        the difference does not vary, or neither side does.
    """

    scenario: str
    mean: float | None
    mean_half_width_95: float | None
    difference: float | None
    half_width_95: float | None
    n: int
    unpaired_half_width_95: float | None = None
    variance_reduction: float | None = None

    @property
    def reason(self) -> str:
        """Why there is no figure or no interval; empty where there are both."""
        if self.mean is None:
            return "no value"
        if self.difference is None:
            return "no value to compare with"
        return "one replication: no interval" if self.half_width_95 is None else ""


def mean_interval(values: Values) -> tuple[float | None, float | None]:
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
    if np.all(np.abs(kept - kept[0]) <= ROUNDING * np.abs(kept[0])):  # no rounding: equal values have their own mean
        return float(kept[0]), 0.0 if kept.size > 1 else None
    spread = float(kept.std(ddof=1)) / kept.size**0.5
    return float(kept.mean()), student_quantile(kept.size - 1, UPPER) * spread


def unpaired_half_width(first: Values, second: Values) -> float | None:
    """Half-width of the 95 % interval of a difference of means of independent samples (Welch).

    Parameters
    ----------
    first, second : ndarray of float64, shape (n,) and (m,)
        NaN is left out. None with fewer than two values on a side.

    References
    ----------
    Welch, B. L. (1947), Biometrika 34; degrees of freedom by Satterthwaite [memory].
    """
    kept = [x[~np.isnan(x)] for x in (first, second)]
    if min(x.size for x in kept) < 2:
        return None
    parts = [float(x.var(ddof=1)) / x.size for x in kept]
    if not sum(parts):
        return 0.0
    freedom = sum(parts) ** 2 / sum(part**2 / (x.size - 1) for part, x in zip(parts, kept, strict=True))
    return student_quantile(freedom, UPPER) * float(sum(parts) ** 0.5)


def paired(scenario: str, values: Values, baseline: Values) -> Comparison:
    """Compare a scenario with the baseline, replication by replication.

    Parameters
    ----------
    values, baseline : ndarray of float64, shape (replications,)
        Column k of both used the same random numbers. NaN stands for no value.
    """
    mean, mean_half = mean_interval(values)
    differences = values - baseline
    differences[np.abs(differences) <= ROUNDING * np.abs(baseline)] = 0.0
    difference, half = mean_interval(differences)
    both = ~np.isnan(differences)
    return Comparison(
        scenario,
        mean,
        mean_half,
        difference,
        half,
        int(both.sum()),
        unpaired_half_width(values[both], baseline[both]),
        _variance_reduction(values[both], baseline[both], half),
    )


def _variance_reduction(values: Values, baseline: Values, half: float | None) -> float | None:
    if not half:
        return None
    alone = float(values.var(ddof=1) + baseline.var(ddof=1))
    return alone / float((values - baseline).var(ddof=1)) if alone else None
