"""A population of makers behind the labels: what each carline's content says about its cost of foreign parts.

A carline's regional share was measured while a rule was in force, under which it could be free, held at the rule, or
paying. Bayes' rule turns it into a distribution of the maker behind it. Prior: the paper's distributions of delta and
of the share of assembly, and the charges of vehicles of its class and place. Likelihood: the label as a Beta draw
around what that maker would choose, with the paper's precision of measurement; Mexican content that a label need not
print is taken as evenly likely anywhere in its interval. All carlines weigh the same. The makers found are then put
under other rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, ndtr  # type: ignore[import-untyped]

from sim.population.assumptions import Assumptions
from sim.population.curve import RULES, Curve
from sim.population.firm import (
    Array,
    physical_share,
    relative_cost,
    required_share,
    unconstrained_share,
)
from sim.population.grid import assembly_nodes
from sim.population.labels import Label, load_labels
from sim.population.outcome import CHOICES, CONSTRAINED, FREE, PAY, Outcome
from sim.population.weights import Weights

PRECISION = 18.0  # of measurement: Head, Mayer and Melitz (2024)
RULE_IN_FORCE: Mapping[int, float] = {  # by model year, which begins about July; vehicles' net-cost content
    2020: 0.625,  # NAFTA, article 403
    2021: 0.66,  # USMCA annex 4-B, from July 2020; those on alternative staging had less
    2022: 0.69,
    2023: 0.72,
    2024: 0.75,
    2025: 0.75,
    2026: 0.75,
}
_SCORES = np.linspace(-4.5, 4.5, 301)
_ALPHAS = 8  # shares of assembly below one half, and as many above it
_NOBODY = 1e-7  # of the carlines: kinds of makers so rare are left out
_PERCENT = np.clip(np.arange(101) / 100.0, 0.002, 0.998)  # labels of 0 and 100 % are rounded


@dataclass(frozen=True, slots=True)
class Makers:
    """Kinds of makers of one class and place, arrays (kinds,), with the mass of carlines found behind each."""

    vehicle_class: str
    assembly: str
    carlines: int
    delta: Array
    alpha: Array
    tau: Array
    tau_q: Array
    mass: Array  # sums to 1


def makers_behind(
    weights: Weights,
    assumed: Assumptions,
    labels: Sequence[Label] | None = None,
    hidden: bool = True,
    precision: float = PRECISION,
) -> tuple[Makers, ...]:
    """Find the makers behind labels.

    Parameters
    ----------
    weights : Weights
        Charges by class and place; a class and place without rows is left out.
    labels : sequence of Label, optional
        Those that come with the program by default.
    hidden : bool
        Whether Mexican content that is not printed may be there; without, the printed share is taken as all.
    precision : float, > 0
        How many observations a label is worth: the larger this number, the closer it is to the truth.
    """
    found = []
    given = load_labels() if labels is None else labels
    for kind, place in sorted({(label.vehicle_class, label.assembly) for label in given}):
        rows = np.flatnonzero(weights.rows_of(kind, place))
        if not len(rows):
            continue
        own = [label for label in given if (label.vehicle_class, label.assembly) == (kind, place)]
        delta, alpha, row, prior = _prior(rows, weights, assumed)
        mass = np.zeros(len(delta))
        for rule in sorted({RULE_IN_FORCE[label.model_year] for label in own}):
            some = [label for label in own if RULE_IN_FORCE[label.model_year] == rule]
            share = _choose(rule, delta, alpha, weights.tau_d[row], assumed)[1]
            mass += _posterior(some, share, prior, hidden, precision)
        tau, tau_q = weights.tau_d[row], weights.tau_d_q[row]
        some_mass = mass > _NOBODY * mass.sum()
        columns = (values[some_mass] for values in (delta, alpha, tau, tau_q, mass / mass[some_mass].sum()))
        found.append(Makers(kind, place, len(own), *columns))
    return tuple(found)


def _prior(
    rows: NDArray[np.intp], weights: Weights, assumed: Assumptions
) -> tuple[Array, Array, NDArray[np.intp], Array]:
    """Every pairing of delta, share of assembly and row of charges, and how likely it is before a label is read."""
    alpha, alpha_mass = assembly_nodes(assumed, 0.5, _ALPHAS)
    edges = np.concatenate([[-np.inf], 0.5 * (_SCORES[1:] + _SCORES[:-1]), [np.inf]])
    delta, delta_mass = np.exp(assumed.mu + assumed.sigma * _SCORES), np.diff(ndtr(edges))
    places = np.meshgrid(np.arange(len(delta)), np.arange(len(alpha)), np.arange(len(rows)), indexing="ij")
    d, a, r = (place.ravel() for place in places)
    row_mass = weights.weight[rows] / weights.weight[rows].sum()
    return delta[d], alpha[a], rows[r], delta_mass[d] * alpha_mass[a] * row_mass[r]


def _choose(rule: float, delta: Array, alpha: Array, tau: Array, assumed: Assumptions) -> tuple[Array, Array, Array]:
    """Choice, regional share of parts cost, and relative cost of complying of each maker, at its place."""
    required = required_share(rule, alpha)
    freely = unconstrained_share(delta, assumed.theta)
    dearer = relative_cost(required, delta, assumed.theta)
    weighed = dearer if assumed.printed_condition else dearer ** (1.0 - alpha)
    bound = required > freely
    choice = np.where(bound, np.where(weighed <= tau, CONSTRAINED, PAY), FREE)
    return choice, np.where(choice == CONSTRAINED, required, freely), dearer


def _posterior(labels: Sequence[Label], share: Array, prior: Array, hidden: bool, precision: float) -> Array:
    """Summed distributions over makers, one for each label."""
    true = np.clip(share, 0.002, 0.998)
    first, second = true * precision, (1.0 - true) * precision
    log = np.outer(np.log(_PERCENT), first - 1.0) + np.outer(np.log1p(-_PERCENT), second - 1.0)
    likely = np.exp(log - betaln(first, second))  # (101, kinds)
    total = np.zeros(len(share))
    seen: dict[tuple[int, int], int] = {}
    for label in labels:
        low = round(100.0 * label.regional)
        high = min(100, low + (round(100.0 * label.hidden) if hidden else 0))
        seen[low, high] = seen.get((low, high), 0) + 1
    for (low, high), count in sorted(seen.items()):
        after = likely[low : high + 1].mean(axis=0) * prior
        total += count * after / after.sum()
    return total


def labels_outcome(makers: Sequence[Makers], rule: float, assumed: Assumptions) -> Outcome:
    """Put the makers behind labels under a `rule` (share of a vehicle's cost), at their places; a row a group."""
    carlines = np.array([group.carlines for group in makers], dtype=float)
    weights = Weights(
        tuple(group.vehicle_class for group in makers),
        tuple(group.assembly for group in makers),
        carlines / carlines.sum(),
        np.array([group.mass @ group.tau for group in makers]),
        np.array([group.mass @ group.tau_q for group in makers]),
        name="labels",
    )
    found = np.zeros((6, len(CHOICES), len(makers)))
    for row, group in enumerate(makers):
        choice, share, dearer = _choose(rule, group.delta, group.alpha, group.tau, assumed)
        freely = unconstrained_share(group.delta, assumed.theta)
        required = required_share(rule, group.alpha)
        held = choice == CONSTRAINED
        chi = np.where(held, physical_share(required, group.delta, assumed.theta), freely)
        cost = np.where(held, dearer ** (1.0 - group.alpha), np.where(choice == PAY, group.tau, 1.0))
        price = cost ** (1.0 - group.alpha)
        sold = np.where(choice == PAY, group.tau_q, price) ** -assumed.eta
        content = group.alpha + (1.0 - group.alpha) * share
        parts = chi / freely
        counted = (np.ones_like(parts), content, price ** (1.0 - assumed.eta), sold, parts, sold * parts)
        for place, values in enumerate(counted):
            found[place, :, row] = np.bincount(choice, group.mass * values, len(CHOICES))
    return Outcome(rule, "fixed", assumed, weights, *found)


def labels_curve(makers: Sequence[Makers], assumed: Assumptions, rules: Sequence[float] | Array = RULES) -> Curve:
    """The Laffer curve of content over the makers behind labels.

    Parameters
    ----------
    rules : sequence of float or float64[rules]
        Regional shares of a vehicle's cost that are asked for, fractions, rising.
    """
    found = tuple(labels_outcome(makers, float(rule), assumed) for rule in rules)
    return Curve(found, lambda rule, vehicle_class, assembly: labels_outcome(makers, rule, assumed))


def in_force(makers: Sequence[Makers], assumed: Assumptions, model_year: int) -> Outcome:
    """The makers under the rule of a model year."""
    return labels_outcome(makers, RULE_IN_FORCE[model_year], assumed)
