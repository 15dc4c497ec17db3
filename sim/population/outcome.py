"""What a rule of origin does to a population of makers: choices, content, prices and jobs, row by row and by group.

Quantities follow Head, Mayer and Melitz (2024); numbers in brackets are the steps by which they are reckoned:
[1-4] shares and costs (`sim.population.firm`); [5] comply if the vehicle's relative cost is not above the charge;
[6] price ``p = m**(1-alpha)``, m being the relative cost of the choice, with a second exponent that the article does
not print; [7] quantity ``p**-eta`` for those who comply, ``tau_Q**-eta`` for those who pay; [8] at a fixed place; [9]
with a choice of place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.errors import PopulationError
from sim.population.assumptions import Assumptions
from sim.population.choice import Thresholds, thresholds
from sim.population.firm import Array
from sim.population.grid import Resolution, mass_between
from sim.population.integrals import Integrals, integrals
from sim.population.weights import Weights

Location: TypeAlias = Literal["fixed", "moving"]
FREE, CONSTRAINED, PAY, PAY_MEMBER, OUTSIDE = range(5)
CHOICES = ("free", "constrained", "pay", "pay_from_member", "outside")
_BLOCK = 96  # rows that are reckoned together: their arrays stay in a processor's cache


@dataclass(frozen=True, slots=True)
class Outcome:
    """Integrals over makers by choice and row under a `rule` (share of a vehicle's cost); arrays float64[5, rows].

    A row's `mass` sums to the share of makers kept.

    `mass` makers; `content` regional share of the vehicle's cost; `priced` price to the power ``1 - eta``; `sold`
    quantity; `parts` regional parts, relative to those without a rule; `parts_sold` their product: parts jobs.
    """

    rule: float
    location: Location
    assumed: Assumptions
    weights: Weights
    mass: Array
    content: Array
    priced: Array
    sold: Array
    parts: Array
    parts_sold: Array


def outcome(
    weights: Weights,
    rule: float,
    assumed: Assumptions,
    location: Location = "fixed",
    resolution: Resolution | None = None,
) -> Outcome:
    """Let every maker choose under a rule.

    Parameters
    ----------
    weights : Weights
        Makers by row.
    rule : float, 0 to 1
        Regional share of a vehicle's cost that is asked for; 0 is no rule.
    location : "fixed" or "moving"
        Whether assembly stays where it is, or may go to another member or outside. Moving leaves out makers who
        assemble outside even without a rule.

    Raises
    ------
    PopulationError
        The rule is no share, or makers cannot move because the weights have no charges from elsewhere.
    """
    _require_possible(weights, rule, location)
    fine = resolution or Resolution()
    whole = integrals(rule, assumed, fine, location == "moving")
    found = np.zeros((6, len(CHOICES), len(weights.weight)))
    for first in range(0, len(weights.weight), _BLOCK):
        rows = np.arange(len(weights.weight))
        some = (rows >= first) & (rows < first + _BLOCK)
        found[:, :, some] = _block(weights.part(some), whole, location == "moving")
    return Outcome(rule, location, assumed, weights, *found)


def _require_possible(weights: Weights, rule: float, location: Location) -> None:
    if not 0.0 <= rule <= 1.0:
        raise PopulationError("rule", [f"{rule:g} is no share. Write a number from 0 to 1."])
    if location == "moving" and not weights.may_move:
        raise PopulationError(weights.name, ["makers cannot move: the weights need tau_R and tau_F."])


def _block(weights: Weights, whole: Integrals, moving: bool) -> Array:
    """The six integrals of `Outcome` (6, choices, rows)."""
    found = np.zeros((6, len(CHOICES), len(weights.weight)))
    cut = thresholds(weights, whole.need, whole.assumed, whole.at, moving)
    _free(found, cut, whole)
    if whole.need.bound.any():
        _constrained(found, cut, whole)
    _paying(found, cut, whole, weights, moving)
    if moving:
        _outside(found, cut, whole, weights)
    return found


def _add(found: Array, choice: int | NDArray[np.int64], mass: Array, *parts: Array) -> None:
    """Sum integrals (a, rows) over shares of assembly into the rows of a choice."""
    rows = np.arange(found.shape[2])
    for place, values in enumerate(parts):
        found[place, choice, rows] += mass @ np.broadcast_to(values, (len(mass), len(rows)))


def _content(alpha: Array, makers: Array, share: Array) -> Array:
    """Regional content of vehicles from the integral of the regional share of their parts cost."""
    return alpha * makers + (1.0 - alpha) * share


def _free(found: Array, cut: Thresholds, whole: Integrals) -> None:
    low, high = np.maximum(cut.free, cut.kept), np.full_like(cut.free, whole.at.nodes[-1])
    makers = mass_between(low, np.full_like(low, np.inf))
    content = _content(whole.need.alpha, makers, whole.share.between(low, high))
    _add(found, FREE, whole.mass, makers, content, makers, makers, makers, makers)


def _constrained(found: Array, cut: Thresholds, whole: Integrals) -> None:
    bound = whole.need.bound
    low, high = np.maximum(cut.complies, cut.leaves)[bound], cut.free[bound]
    makers = mass_between(low, high)
    content = _content(whole.need.alpha[bound], makers, whole.need.required[bound] * makers)
    rest = (each.between(low, high) for each in whole.constrained)
    _add(found, CONSTRAINED, whole.mass[bound], makers, content, *rest)


def _paying(found: Array, cut: Thresholds, whole: Integrals, weights: Weights, moving: bool) -> None:
    away = weights.pays_from_member() if moving else np.zeros(len(weights.weight), dtype=bool)
    charge, quantity = weights.tau_d, weights.tau_d_q
    if weights.tau_r is not None and weights.tau_r_q is not None:
        charge, quantity = np.where(away, weights.tau_r, charge), np.where(away, weights.tau_r_q, quantity)
    low, high, lowest = cut.leaves, cut.complies, whole.at.nodes[0]
    makers = mass_between(np.where(low <= lowest, -np.inf, low), high)
    makers = np.where(high <= lowest, 0.0, makers)
    content = _content(whole.need.alpha, makers, whole.share.between(low, high))
    eta = whole.assumed.eta
    priced = makers * charge[None, :] ** ((1.0 - whole.need.alpha) * (1.0 - eta))
    sold = makers * quantity[None, :] ** -eta
    _add(found, np.where(away, PAY_MEMBER, PAY), whole.mass, makers, content, priced, sold, makers, sold)


def _outside(found: Array, cut: Thresholds, whole: Integrals, weights: Weights) -> None:
    assert weights.tau_f is not None
    assert weights.tau_f_q is not None
    alpha, eta = whole.need.alpha, whole.assumed.eta
    makers = mass_between(cut.kept, cut.leaves)
    share, parts, cost = (each.between(cut.kept, cut.leaves) for each in whole.outside)
    priced = weights.tau_f[None, :] ** ((1.0 - alpha) * (1.0 - eta)) * cost
    quantity = weights.tau_f_q[None, :] ** -eta
    content = _content(alpha, makers, share)  # assembly counted, as in the authors' program
    _add(found, OUTSIDE, whole.mass, makers, content, priced, makers * quantity, parts, parts * quantity)
