"""A population's outcome in the figures that the paper prints: content, compliance, price, surplus, jobs, by group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.population.firm import Array
from sim.population.outcome import CONSTRAINED, FREE, PAY, PAY_MEMBER, Outcome
from sim.population.weights import ALL

_NOBODY = 1e-12  # of all makers
_HOME = (FREE, CONSTRAINED, PAY)
_REGION = (*_HOME, PAY_MEMBER)


@dataclass(frozen=True, slots=True)
class Summary:
    """One group under one rule; in percent. Changes are against no rule, for the same makers.

    `rule` is the regional share of a vehicle's cost that is asked for, `weight` its share of all rows: fractions.
    `content` is the mean regional share of a vehicle's cost [RCS]; `free`, `constrained`, `pay` (from the plant at
    home), `pay_from_member` and `outside` are shares of makers and sum to 100; `kept` are the makers looked at, of all.
    Changes in percent: `price` of the price index, `surplus` of consumers' surplus ``P**(1-eta) - 1``, `parts` of
    regional content [X], `parts_jobs` [L], `assembly_jobs` and `total_jobs` [LT] of employment.
    """

    vehicle_class: str
    assembly: str
    rule: float
    location: str
    weight: float
    kept: float
    content: float
    free: float
    constrained: float
    pay: float
    pay_from_member: float
    outside: float
    price: float
    surplus: float
    parts: float
    parts_jobs: float
    assembly_jobs: float
    total_jobs: float


def summarise(found: Outcome, vehicle_class: str = ALL, assembly: str = ALL) -> Summary:
    """Figures of the rows of a class and a place of assembly.

    Notes
    -----
    ``P = (mean p**(1-eta))**(1/(1-eta))``; ``X = mean(chi/chi_0)``; ``L = mean(q chi/chi_0)``;
    ``LT = (zeta LA + L) / (1 + zeta)``. At a fixed place LA is ``mean q``. Where makers may move, jobs in assembly
    follow the plant: those of a place are what stays there and what comes from other members, each at its price index
    to the power ``-eta``, jobs before the rule going with the weight of rows. Content and parts go by the place that a
    maker starts from. Makers who assemble outside count in price, content and parts.
    """
    rows = found.weights.rows_of(vehicle_class, assembly)
    weight, eta, zeta = found.weights.weight[rows], found.assumed.eta, found.assumed.zeta
    mass = found.mass[:, rows] @ weight
    kept = float(mass.sum())
    if kept <= _NOBODY:  # all assemble outside already
        nothing = (float("nan"),) * 12
        return Summary(vehicle_class, assembly, found.rule, found.location, float(weight.sum()), 0.0, *nothing)

    def mean(values: Array) -> float:
        return float(values[:, rows].sum(axis=0) @ weight) / kept

    price = mean(found.priced) ** (1.0 / (1.0 - eta))
    jobs_in_parts = mean(found.parts_sold)
    jobs_in_assembly = mean(found.sold) if found.location == "fixed" else _assembly(found, vehicle_class, assembly)
    total = (zeta * jobs_in_assembly + jobs_in_parts) / (1.0 + zeta)
    shares = 100.0 * mass / kept
    changes = (price, price ** (1.0 - eta), mean(found.parts), jobs_in_parts, jobs_in_assembly, total)
    return Summary(
        vehicle_class,
        assembly,
        found.rule,
        found.location,
        float(weight.sum()),
        100.0 * kept / float(weight.sum()),
        100.0 * mean(found.content),
        *(float(share) for share in shares),
        *(100.0 * (change - 1.0) for change in changes),
    )


def _assembly(found: Outcome, vehicle_class: str, assembly: str) -> float:
    """Jobs in assembly at a place, or in the region, relative to those without a rule."""
    here = found.weights.rows_of(vehicle_class, assembly)
    before = float(found.mass[:, here].sum(axis=0) @ found.weights.weight[here])
    if assembly == ALL:
        return _made(found, here, _REGION) / before
    arriving = np.array([place == assembly for place in found.weights.moves_to]) & found.weights.rows_of(vehicle_class)
    made = _made(found, here, _HOME)
    for place in sorted({p for p, comes in zip(found.weights.assembly, arriving, strict=True) if comes}):
        made += _made(found, arriving & found.weights.rows_of(vehicle_class, place), (PAY_MEMBER,))
    return made / before


def _made(found: Outcome, rows: np.ndarray, choices: tuple[int, ...]) -> float:
    """Quantity of the makers of rows that take one of some choices, at their common price index."""
    chosen = list(choices)
    weight, eta = found.weights.weight[rows], found.assumed.eta
    makers = float((found.mass[chosen][:, rows] @ weight).sum())
    if makers <= _NOBODY:
        return 0.0
    priced = float((found.priced[chosen][:, rows] @ weight).sum())
    return float(makers * (priced / makers) ** (-eta / (1.0 - eta)))


def compliance(found: Outcome) -> float:
    """Share of makers that meet the rule, freely or constrained; percent."""
    whole = summarise(found)
    return whole.free + whole.constrained
