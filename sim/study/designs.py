"""Designs of experiments as points of the unit cube: Latin hypercube, Sobol, Morris paths, Saltelli's sample."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]  # [points, factors], each from 0 to 1

DESIGNS = ("grid", "one_at_a_time", "latin_hypercube", "sobol", "morris", "sobol_indices")
SPACE_FILLING = ("latin_hypercube", "sobol", "morris", "sobol_indices")
LEVELS = 4  # of a Morris path: values 0, 1/3, 2/3, 1; steps of 2/3
STEP = LEVELS / (2 * (LEVELS - 1))


def design_points(design: str, points: int, factors: int, seed: int) -> Points:
    """The points of a design.

    Parameters
    ----------
    design : str
        One of `SPACE_FILLING`.
    points : int
        Points of a Latin hypercube or a Sobol sequence; paths of ``morris``, each of factors + 1 points; base points of
        ``sobol_indices``, for factors + 2 times as many. Those of Sobol must be powers of two.
    factors : int
    seed : int
        The same seed gives the same points.
    """
    if design == "morris":
        return morris_points(points, factors, seed)
    from scipy.stats import qmc  # type: ignore[import-untyped]  # late: SciPy is slow

    if design == "latin_hypercube":
        found = qmc.LatinHypercube(factors, rng=np.random.default_rng(seed)).random(points)
        return np.asarray(found, dtype=np.float64)
    if design == "sobol":
        found = qmc.Sobol(factors, rng=np.random.default_rng(seed)).random(points)
        return np.asarray(found, dtype=np.float64)
    both = qmc.Sobol(2 * factors, rng=np.random.default_rng(seed)).random(points)
    first, second = both[:, :factors], both[:, factors:]
    mixed = np.repeat(first[None], factors, axis=0)
    for k in range(factors):
        mixed[k, :, k] = second[:, k]
    return np.concatenate([first, second, *mixed])


def morris_points(paths: int, factors: int, seed: int) -> Points:
    """Paths through a grid of `LEVELS` on which one factor after the other takes one step.

    References
    ----------
    Morris, M. D. (1991), Factorial sampling plans for preliminary computational experiments, Technometrics 33 [memory].
    """
    draw = np.random.default_rng(seed)
    low = np.arange(LEVELS // 2) / (LEVELS - 1)  # from which a step up stays inside
    found = []
    for _ in range(paths):
        at = draw.choice(low, factors)
        goes_up = draw.random(factors) < 0.5
        at = np.where(goes_up, at, at + STEP)
        found.append(at.copy())
        for k in draw.permutation(factors):
            at[k] += STEP if goes_up[k] else -STEP
            found.append(at.copy())
    clipped: Points = np.clip(np.array(found), 0.0, 1.0)
    return clipped
