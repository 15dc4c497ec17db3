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
from sim.population.firm import (
    Array,
    log_relative_cost,
    outside_cost,
    physical_share,
    required_share,
    unconstrained_share,
)
from sim.population.grid import Resolution, Scores, assembly_nodes, cumulative, mass_between, scores
from sim.population.weights import Weights

Location: TypeAlias = Literal["fixed", "moving"]
FREE, CONSTRAINED, PAY, PAY_MEMBER, OUTSIDE = range(5)
CHOICES = ("free", "constrained", "pay", "pay_from_member", "outside")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Integrals over makers by choice and row, arrays (5, rows); a row's `mass` sums to the share of makers kept.

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
    at = scores(assumed, fine)
    alpha, mass = assembly_nodes(assumed, rule, fine.alphas_moving if location == "moving" else fine.alphas)
    cut = thresholds(weights, rule, alpha, assumed, at, location == "moving")
    found = np.zeros((6, len(CHOICES), len(weights.weight)))
    required = required_share(rule, alpha)[:, None]
    _free(found, cut, alpha, mass, assumed, at)
    _constrained(found, cut, alpha, mass, required, assumed, at)
    _paying(found, cut, alpha, mass, weights, assumed, at, location)
    if location == "moving":
        _outside(found, cut, alpha, mass, weights, assumed, at)
    return Outcome(rule, location, assumed, weights, *found)


def _require_possible(weights: Weights, rule: float, location: Location) -> None:
    if not 0.0 <= rule <= 1.0:
        raise PopulationError("rule", [f"{rule:g} is no share. Write a number from 0 to 1."])
    if location == "moving" and not weights.may_move:
        raise PopulationError(weights.name, ["makers cannot move: the weights need tau_R and tau_F."])


def _add(found: Array, choice: int | NDArray[np.int64], alpha_mass: Array, *integrals: Array) -> None:
    """Sum integrals (a, rows) over shares of assembly into the rows of a choice."""
    rows = np.arange(found.shape[2])
    for place, values in enumerate(integrals):
        found[place, choice, rows] += alpha_mass @ np.broadcast_to(values, (len(alpha_mass), len(rows)))


def _content(alpha: Array, makers: Array, share: Array) -> Array:
    """Regional content of vehicles from the integral of the regional share of their parts cost."""
    return alpha[:, None] * makers + (1.0 - alpha[:, None]) * share


def _free(found: Array, cut: Thresholds, alpha: Array, alpha_mass: Array, assumed: Assumptions, at: Scores) -> None:
    share = cumulative(at, lambda delta: unconstrained_share(delta, assumed.theta))
    low, high = np.maximum(cut.free, cut.kept), np.full_like(cut.free, at.nodes[-1])
    makers = mass_between(low, np.full_like(low, np.inf))
    content = _content(alpha, makers, share.between(low, high))
    _add(found, FREE, alpha_mass, makers, content, makers, makers, makers, makers)


def _constrained(
    found: Array, cut: Thresholds, alpha: Array, alpha_mass: Array, required: Array, assumed: Assumptions, at: Scores
) -> None:
    bound = required[:, 0] > 0
    if not bound.any():
        return
    some, theta, eta = required[bound], assumed.theta, assumed.eta
    twice = (1.0 - alpha[bound, None]) ** 2  # once for the parts of a vehicle's cost, once more for its price
    low, high = np.maximum(cut.complies, cut.leaves)[bound], cut.free[bound]

    def price_to(power: float, delta: Array) -> Array:
        return np.asarray(np.exp(power * twice * np.maximum(log_relative_cost(some, delta, theta), 0.0)))

    def parts(delta: Array) -> Array:
        return np.asarray(physical_share(some, delta, theta) / unconstrained_share(delta, theta))

    integrals = (
        lambda delta: price_to(1.0 - eta, delta),
        lambda delta: price_to(-eta, delta),
        parts,
        lambda delta: price_to(-eta, delta) * parts(delta),
    )
    priced, sold, used, used_sold = (cumulative(at, each).between(low, high) for each in integrals)
    makers = mass_between(low, high)
    content = _content(alpha[bound], makers, some * makers)
    _add(found, CONSTRAINED, alpha_mass[bound], makers, content, priced, sold, used, used_sold)


def _paying(
    found: Array,
    cut: Thresholds,
    alpha: Array,
    alpha_mass: Array,
    weights: Weights,
    assumed: Assumptions,
    at: Scores,
    location: Location,
) -> None:
    away = weights.pays_from_member() if location == "moving" else np.zeros(len(weights.weight), dtype=bool)
    charge, quantity = weights.tau_d, weights.tau_d_q
    if weights.tau_r is not None and weights.tau_r_q is not None:
        charge, quantity = np.where(away, weights.tau_r, charge), np.where(away, weights.tau_r_q, quantity)
    share = cumulative(at, lambda delta: unconstrained_share(delta, assumed.theta))
    low, high = cut.leaves, cut.complies
    makers = mass_between(np.where(low <= at.nodes[0], -np.inf, low), high)
    makers = np.where(high <= at.nodes[0], 0.0, makers)
    content = _content(alpha, makers, share.between(low, high))
    priced = makers * charge[None, :] ** ((1.0 - alpha[:, None]) * (1.0 - assumed.eta))
    sold = makers * quantity[None, :] ** -assumed.eta
    choice = np.where(away, PAY_MEMBER, PAY)
    _add(found, choice, alpha_mass, makers, content, priced, sold, makers, sold)


def _outside(
    found: Array,
    cut: Thresholds,
    alpha: Array,
    alpha_mass: Array,
    weights: Weights,
    assumed: Assumptions,
    at: Scores,
) -> None:
    assert weights.tau_f is not None
    assert weights.tau_f_q is not None
    theta, kappa, eta = assumed.theta, assumed.kappa, assumed.eta
    low, high = cut.kept, cut.leaves
    makers = mass_between(low, high)
    twice = ((1.0 - alpha) ** 2)[:, None]

    def there(delta: Array) -> Array:
        return unconstrained_share(delta / kappa**2, theta)

    share = cumulative(at, there).between(low, high)
    parts = cumulative(at, lambda delta: there(delta) / unconstrained_share(delta, theta)).between(low, high)
    cost = cumulative(at, lambda delta: outside_cost(delta, theta, kappa) ** (twice * (1.0 - eta)))
    priced = weights.tau_f[None, :] ** ((1.0 - alpha[:, None]) * (1.0 - eta)) * cost.between(low, high)
    quantity = weights.tau_f_q[None, :] ** -eta
    content = _content(alpha, makers, share)  # assembly counted, as in the authors' program
    _add(found, OUTSIDE, alpha_mass, makers, content, priced, makers * quantity, parts, parts * quantity)
