"""What the points of a sweep say about each factor: Morris effects, Sobol indices, changes over the range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.study.compare import mean_interval
from sim.study.designs import STEP
from sim.study.result import Study
from sim.study.sweep import Sweep

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Influence:
    """What one factor does to a measure.

    Parameters
    ----------
    factor : str
    figures : tuple of (str, float or None, float or None)
        Name, value and half-width of its 95 % interval over replications; what they are depends on the design, see
        `MEANINGS`. None where it cannot be said.
    """

    factor: str
    figures: tuple[tuple[str, float | None, float | None], ...]

    @property
    def weight(self) -> float:
        """Size of the first figure, for ranking."""
        return abs(self.figures[0][1] or 0.0)


MEANINGS = {
    "morris": (
        "effect: mean size of the change from one end of the range to the other; net: the same with signs; "
        "spread: standard deviation between paths, large where factors interact or the response bends"
    ),
    "sobol_indices": "first: share of the variance that goes with this factor alone; total: with all its interactions",
}
LINEAR = "change: from one end of the range to the other, by least squares on all factors at once"


def meaning(design: str) -> str:
    """What the figures of a design are, in words."""
    return MEANINGS.get(design, LINEAR)


def influences(study: Study, sweep: Sweep, measure: str, item: str, vehicle: str = "all") -> list[Influence]:
    """The factors of a sweep, those that weigh most first.

    Parameters
    ----------
    item : str
        One item of the measure; see `Study.items`.

    Notes
    -----
    Every replication is a response of its own without noise between points, thanks to common random numbers: effects
    are taken in each, and their spread over replications gives the intervals. Where the sweep has twins, the response
    is the difference from the baseline at the same values.

    References
    ----------
    Morris, M. D. (1991), Technometrics 33; Campolongo, F. et al. (2007), Environmental Modelling and Software 22, for
    the mean of absolute effects [memory]. Sobol indices by `scipy.stats.sobol_indices`.
    """
    response = responses(study, sweep, measure, item, vehicle)
    shares = np.array(sweep.shares)
    if sweep.design == "morris":
        found = [_morris(response[:, k], shares) for k in range(response.shape[1])]
    elif sweep.design == "sobol_indices":
        found = [_sobol(response[:, k], len(sweep.factors), sweep.points) for k in range(response.shape[1])]
    else:
        found = [_linear(response[:, k], shares) for k in range(response.shape[1])]
    names = found[0][0]
    table = np.array([values for _, values in found])  # [replications, figures, factors]
    rows = [
        Influence(
            factor,
            tuple((name, *mean_interval(table[:, place, n])) for place, name in enumerate(names)),
        )
        for n, factor in enumerate(sweep.factors)
    ]
    return sorted(rows, key=lambda row: -row.weight)


def responses(study: Study, sweep: Sweep, measure: str, item: str, vehicle: str = "all") -> Floats:
    """The measure at every point, shape (points, replications); less the twin's where there are twins."""
    series = study.series(measure, vehicle, item)
    found: Floats = np.array([series[name] for name in sweep.names])
    if sweep.twins:
        found = found - np.array([series[name] for name in sweep.twins])
    return found


Found = tuple[tuple[str, ...], list[Floats]]


def _morris(response: Floats, shares: Floats) -> Found:
    size = shares.shape[1]
    paths, at = response.reshape(-1, size + 1), shares.reshape(-1, size + 1, size)
    moved = np.diff(at, axis=1)
    which, sign = np.abs(moved).argmax(axis=2), np.sign(moved.sum(axis=2))
    effects = np.diff(paths, axis=1) * sign / STEP
    own = np.array([effects[which == k] for k in range(size)])  # [factors, paths]
    spread = own.std(axis=1, ddof=1) if own.shape[1] > 1 else np.full(size, np.nan)
    return ("effect", "net", "spread"), [np.abs(own).mean(axis=1), own.mean(axis=1), spread]


def _sobol(response: Floats, size: int, points: int) -> Found:
    first, second, *mixed = response.reshape(size + 2, points)
    if np.ptp(response) == 0:
        return ("first", "total"), [np.full(size, np.nan), np.full(size, np.nan)]  # no variance to share out
    from scipy.stats import sobol_indices  # type: ignore[import-untyped]  # late: SciPy is slow

    given = {"f_A": first[None, :], "f_B": second[None, :], "f_AB": np.array(mixed)[:, None, :]}
    found = sobol_indices(func=given, n=points)
    return ("first", "total"), [np.ravel(found.first_order), np.ravel(found.total_order)]


def _linear(response: Floats, shares: Floats) -> Found:
    """Least squares with an intercept; one at a time (-1 elsewhere), each factor by its own points."""
    size = shares.shape[1]
    if (shares < 0).any():  # one at a time: each factor by its own points
        own = [shares[:, k] >= 0 for k in range(size)]
        slopes = [np.polyfit(shares[rows, k], response[rows], 1)[0] for k, rows in enumerate(own)]
        return ("change",), [np.array(slopes, dtype=np.float64)]
    if len(response) <= size:
        return ("change",), [np.full(size, np.nan)]  # fewer points than unknowns
    matrix = np.column_stack([np.ones(len(response)), shares])
    solved = np.linalg.lstsq(matrix, response, rcond=None)[0]
    return ("change",), [np.asarray(solved[1:], dtype=np.float64)]
