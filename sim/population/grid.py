"""Integrals over makers: cumulative over delta to any threshold, nodes over the share of assembly; no draws.

`delta` is lognormal, so everything is a function of its standard normal score z. Integrands are smooth in z, and what a
rule does to them is to cut them at thresholds; so each is integrated once, cumulatively, and read off at thresholds by
cubic Hermite interpolation, whose slopes are the integrand itself. The error falls with the fourth power of the step.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, betaincinv, ndtr, roots_legendre  # type: ignore[import-untyped]

from sim.population.assumptions import Assumptions
from sim.population.firm import Array

_GAUSS = 3  # points of a cell; exact to the fifth power, as the interpolation is not


@dataclass(frozen=True, slots=True)
class Resolution:
    """How finely makers are counted.

    Against a count three times as fine the defaults err by less than 1e-7 at a fixed place, and by less than 1e-4 where
    makers may move, since thresholds then cross at some share of assembly (tested).
    """

    step: float = 1.0 / 24.0  # of z, for sigma * theta = 0.72; less where they are larger
    reach: float = 8.0  # standard deviations of ln delta, both ways
    alphas: int = 40  # nodes below the rule, and as many above it
    alphas_moving: int = 72  # the same where makers may move


@dataclass(frozen=True, slots=True)
class Scores:
    """The cells of z, and Gauss points inside them."""

    nodes: Array  # (n + 1,)
    points: Array  # (n * _GAUSS,)
    weights: Array  # (n * _GAUSS,), the normal density included
    density: Array  # (n + 1,), at nodes
    log_mean: float
    log_deviation: float

    def delta(self, z: Array) -> Array:
        """Foreign over regional cost of parts at a score."""
        return np.asarray(np.exp(self.log_mean + self.log_deviation * z))

    def score(self, delta: Array) -> Array:
        """Score of a delta, within reach; 0 and infinity are the ends."""
        low, high = self.delta(self.nodes[0]), self.delta(self.nodes[-1])
        return np.asarray((np.log(np.clip(delta, low, high)) - self.log_mean) / self.log_deviation)

    def inside(self, z: Array) -> Array:
        """Scores brought within reach."""
        return np.clip(z, self.nodes[0], self.nodes[-1])


def scores(assumed: Assumptions, resolution: Resolution) -> Scores:
    """Cells fine enough for the spread of delta and the likeness of parts."""
    step = resolution.step * min(1.0, 0.72 / (assumed.sigma * assumed.theta))
    count = math.ceil(2.0 * resolution.reach / step)
    nodes = np.linspace(-resolution.reach, resolution.reach, count + 1)
    abscissae, weights = roots_legendre(_GAUSS)
    half = 0.5 * np.diff(nodes)[:, None]
    points = (nodes[:-1, None] + half) + half * abscissae
    mass = half * weights * _normal(points)
    return Scores(nodes, points.ravel(), mass.ravel(), _normal(nodes), assumed.mu, assumed.sigma)


def _normal(z: Array) -> Array:
    return np.asarray(np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi))


@dataclass(frozen=True, slots=True)
class Cumulative:
    """An integral over makers from the lowest delta up to any other, for each share of assembly."""

    scores: Scores
    values: Array  # (a, n + 1)
    slopes: Array  # (a, n + 1)

    def upto(self, z: Array) -> Array:
        """The integral up to scores z, an array (a, rows)."""
        nodes = self.scores.nodes
        step = nodes[1] - nodes[0]
        place = np.clip((z - nodes[0]) / step, 0.0, len(nodes) - 1.0)
        cell = np.minimum(place.astype(np.int64), len(nodes) - 2)
        t = place - cell
        line = np.arange(self.values.shape[0])[:, None] if self.values.shape[0] > 1 else np.zeros_like(cell)
        left, right = self.values[line, cell], self.values[line, cell + 1]
        rise, fall = self.slopes[line, cell] * step, self.slopes[line, cell + 1] * step
        bend = t * t * (3.0 - 2.0 * t)
        return np.asarray(left + bend * (right - left) + t * (1.0 - t) * ((1.0 - t) * rise - t * fall))

    def between(self, low: Array, high: Array) -> Array:
        """The integral from one score to another, nothing where they are the wrong way round."""
        return np.where(high > low, self.upto(high) - self.upto(np.minimum(low, high)), 0.0)


def cumulative(at: Scores, integrand: Callable[[Array], Array]) -> Cumulative:
    """Integrate a function of delta, of shape (a, points) or (points,), over makers."""
    inner = np.atleast_2d(integrand(at.delta(at.points))) * at.weights
    cells = inner.reshape(inner.shape[0], -1, _GAUSS).sum(axis=2)
    values = np.concatenate([np.zeros((inner.shape[0], 1)), np.cumsum(cells, axis=1)], axis=1)
    slopes = np.atleast_2d(integrand(at.delta(at.nodes))) * at.density
    return Cumulative(at, values, slopes)


def mass_between(low: Array, high: Array) -> Array:
    """Share of makers between two scores, nothing where they are the wrong way round."""
    return np.asarray(np.maximum(ndtr(high) - ndtr(low), 0.0))


def assembly_nodes(assumed: Assumptions, rule: float, count: int) -> tuple[Array, Array]:
    """Shares of assembly with their weights: Gauss points in probability below the rule, and above it.

    There are `count` below the rule and as many above it. The two parts are taken apart because a rule below the share
    of assembly binds nobody. Points crowd at both ends of a part, where the quantiles of a Beta distribution may be
    steep.

    Returns
    -------
    tuple of array
        Shares (a,), 0 to below 1, and weights (a,), which sum to 1.
    """
    if assumed.alpha_fixed:
        return np.array([assumed.alpha_mean]), np.array([1.0])
    first, second = assumed.alpha_shapes
    middle = float(betainc(first, second, min(max(rule, 0.0), 1.0)))
    abscissae, weights = roots_legendre(count)
    t = 0.5 * (abscissae + 1.0)
    crowded, crowding = betainc(4.0, 4.0, t), 140.0 * (t * (1.0 - t)) ** 3  # Beta(4, 4): distribution and density
    alphas, masses = [], []
    for low, high in ((0.0, middle), (middle, 1.0)):
        if high > low:
            alphas.append(betaincinv(first, second, low + (high - low) * crowded))
            masses.append((high - low) * 0.5 * weights * crowding)
    mass = np.concatenate(masses)
    return np.minimum(np.concatenate(alphas), 1.0 - 1e-12), mass / mass.sum()
