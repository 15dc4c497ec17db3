"""Where makers change their mind: scores of delta at which complying, paying and leaving cost the same.

For one share of assembly, four things happen as delta rises. The outside plant, cheapest where regional parts are
dear, gets dearer; complying gets cheaper; paying costs the same; and from some delta on the rule does not bind. So each
choice holds on one stretch of delta, and the ends of these stretches tell all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.population.assumptions import Assumptions
from sim.population.firm import Array, binding_delta, log_relative_cost, outside_cost, outside_delta, required_share
from sim.population.grid import Scores
from sim.population.weights import Weights

_SECANTS = 5  # of a cell, to the last bits of a score
_HALVINGS = 34  # of the whole reach: scores to 1e-9


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores of delta, each (a, rows); a stretch whose upper end is not above its lower one is empty.

    ``kept`` up to ``leaves`` assemble outside, ``leaves`` to ``complies`` pay, ``complies`` to ``free`` are
    constrained, above ``free`` the rule does not bind; below ``kept`` a maker assembles outside even without a rule.
    """

    kept: Array
    leaves: Array
    complies: Array
    free: Array


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a rule leaves to parts at each share of assembly, and what complying costs at the nodes of delta.

    `alpha`, `required` and `edge`, the score at which the rule ceases to bind, are (a, 1); `roots` (bound, nodes), one
    line for each share of assembly below the rule.
    """

    alpha: Array
    required: Array
    edge: Array
    roots: Array

    @property
    def bound(self) -> NDArray[np.bool_]:
        """Shares of assembly at which the rule asks for anything (a,)."""
        return np.asarray(self.required[:, 0] > 0)


def requirement(rule: float, alpha: Array, assumed: Assumptions, at: Scores) -> Requirement:
    """Prepare a rule, a fraction, for shares of assembly (a,)."""
    required = required_share(rule, alpha)[:, None]
    edge = at.score(binding_delta(required, assumed.theta))
    bound = required[:, 0] > 0
    some = required[bound], edge[bound], alpha[bound, None]
    return Requirement(alpha[:, None], required, edge, _signed_root(at.nodes[None, :], *some, assumed, at))


def thresholds(weights: Weights, need: Requirement, assumed: Assumptions, at: Scores, moving: bool) -> Thresholds:
    """Find the stretches of delta on which each choice is the cheapest.

    Parameters
    ----------
    weights : Weights
        Charges by row.
    need : Requirement
        The rule at each share of assembly.
    moving : bool
        Whether makers may assemble in another member or outside.
    """
    charge = np.log(weights.least_charge() if moving else weights.tau_d)[None, :]
    shape = len(need.alpha), charge.shape[1]
    free = np.broadcast_to(need.edge, shape)
    lowest = np.full(shape, at.nodes[0])
    complies = lowest.copy()
    if need.bound.any():
        complies[need.bound] = np.minimum(_indifferent(charge, need, assumed, at), free[need.bound])
    if not moving:
        return Thresholds(lowest, lowest, complies, free)
    assert weights.tau_f is not None
    power, foreign = 1.0 / (1.0 - need.alpha), np.log(weights.tau_f)[None, :]
    kept = at.score(outside_delta(-foreign * power, assumed.theta, assumed.kappa))
    leaves = at.score(outside_delta((charge - foreign) * power, assumed.theta, assumed.kappa))
    line, row = np.nonzero(leaves > complies)  # leaving is cheaper than paying all along: where is complying?
    low, high = complies[line, row], free[line, row]
    asked = need.required[line, 0], need.alpha[line, 0]
    leaves[line, row] = _leave_or_comply(weights.tau_f[row], *asked, low, high, assumed, at)
    return Thresholds(kept, np.maximum(leaves, kept), complies, free)


def compliance_cost(required: Array, alpha: Array, delta: Array, assumed: Assumptions) -> Array:
    """Logarithm of what a maker weighs against the charge: cost of the vehicle, or of parts (`printed_condition`)."""
    power = 1.0 if assumed.printed_condition else 1.0 - alpha
    return np.asarray(power * np.maximum(log_relative_cost(required, delta, assumed.theta), 0.0))


def _indifferent(charge: Array, need: Requirement, assumed: Assumptions, at: Scores) -> Array:
    """Scores below which paying is cheaper than complying; the lowest score where nobody would pay.

    The cost of complying touches nothing, with slope nothing, where the rule ceases to bind; its root, negative beyond
    that point, is smooth and strictly falling all along.
    """
    required, edge, alpha = (column[need.bound] for column in (need.required, need.edge, need.alpha))
    wanted = np.broadcast_to(np.sqrt(charge), (len(required), charge.shape[1]))
    cell = np.empty(wanted.shape, dtype=np.int64)
    for line, root in enumerate(need.roots):  # falling: how many nodes lie above what is wanted
        cell[line] = np.searchsorted(-root, -wanted[line], side="left")
    left = np.clip(cell - 1, 0, len(at.nodes) - 2)
    low, high = at.nodes[left], at.nodes[left + 1]
    lines = np.arange(len(required))[:, None]
    gap, last_gap = need.roots[lines, left] - wanted, need.roots[lines, left + 1] - wanted
    z, last = low, high
    for _ in range(_SECANTS):  # nearly straight within a cell
        slope = np.where(gap == last_gap, np.inf, gap - last_gap)
        better = np.clip(z - gap * (z - last) / slope, low, high)
        last, last_gap, z = z, gap, better
        gap = _signed_root(z, required, edge, alpha, assumed, at) - wanted
    return np.where(cell == 0, at.nodes[0], z)


def _signed_root(z: Array, required: Array, edge: Array, alpha: Array, assumed: Assumptions, at: Scores) -> Array:
    root = np.sqrt(compliance_cost(required, alpha, at.delta(z), assumed))
    return np.where(z < edge, root, -root)


def _leave_or_comply(
    tau_f: Array, required: Array, alpha: Array, low: Array, high: Array, assumed: Assumptions, at: Scores
) -> Array:
    """Scores between `low` and `high` below which leaving is cheaper than complying, arrays of one shape.

    Leaving gets dearer with delta, complying cheaper.
    """
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        delta = at.delta(middle)
        leaving = np.log(tau_f) + (1.0 - alpha) * np.log(outside_cost(delta, assumed.theta, assumed.kappa))
        cheaper = leaving < compliance_cost(required, alpha, delta, assumed)
        low, high = np.where(cheaper, middle, low), np.where(cheaper, high, middle)
    return 0.5 * (low + high)
