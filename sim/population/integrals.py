"""What the makers under one rule add up to, cumulatively over delta: made once, read off for every row of charges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.population.assumptions import Assumptions
from sim.population.choice import Requirement, requirement
from sim.population.firm import Array, log_relative_cost, outside_cost, physical_share, unconstrained_share
from sim.population.grid import Cumulative, Resolution, Scores, assembly_nodes, cumulative, scores


@dataclass(frozen=True, slots=True)
class Integrals:
    """Shares of assembly with their mass (a,), the rule at each, and integrals over delta.

    `share` is the free regional share. `constrained`, at shares of assembly below the rule, are price to the power
    ``1 - eta``, quantity, parts relative to those without a rule, and quantity times parts. `outside` are the regional
    share there, parts relative to those at home, and the outside cost's part of price to the power ``1 - eta``.
    """

    assumed: Assumptions
    at: Scores
    mass: Array
    need: Requirement
    share: Cumulative
    constrained: tuple[Cumulative, ...]
    outside: tuple[Cumulative, ...]


def integrals(rule: float, assumed: Assumptions, resolution: Resolution, moving: bool) -> Integrals:
    """Integrate over makers under a rule, a fraction; `outside` only where they may move."""
    at = scores(assumed, resolution)
    alpha, mass = assembly_nodes(assumed, rule, resolution.alphas_moving if moving else resolution.alphas)
    need = requirement(rule, alpha, assumed, at)
    share = cumulative(at, lambda delta: unconstrained_share(delta, assumed.theta))
    return Integrals(
        assumed,
        at,
        mass,
        need,
        share,
        _constrained(need, assumed, at) if need.bound.any() else (),
        _outside(need, assumed, at) if moving else (),
    )


def _constrained(need: Requirement, assumed: Assumptions, at: Scores) -> tuple[Cumulative, ...]:
    some, theta, eta = need.required[need.bound], assumed.theta, assumed.eta
    twice = (1.0 - need.alpha[need.bound]) ** 2  # once for the parts of a vehicle's cost, once more for its price

    def price_to(power: float, delta: Array) -> Array:
        return np.asarray(np.exp(power * twice * np.maximum(log_relative_cost(some, delta, theta), 0.0)))

    def parts(delta: Array) -> Array:
        return np.asarray(physical_share(some, delta, theta) / unconstrained_share(delta, theta))

    return (
        cumulative(at, lambda delta: price_to(1.0 - eta, delta)),
        cumulative(at, lambda delta: price_to(-eta, delta)),
        cumulative(at, parts),
        cumulative(at, lambda delta: price_to(-eta, delta) * parts(delta)),
    )


def _outside(need: Requirement, assumed: Assumptions, at: Scores) -> tuple[Cumulative, ...]:
    theta, kappa = assumed.theta, assumed.kappa
    power = (1.0 - need.alpha) ** 2 * (1.0 - assumed.eta)

    def there(delta: Array) -> Array:
        return unconstrained_share(delta / kappa**2, theta)

    return (
        cumulative(at, there),
        cumulative(at, lambda delta: there(delta) / unconstrained_share(delta, theta)),
        cumulative(at, lambda delta: outside_cost(delta, theta, kappa) ** power),
    )
