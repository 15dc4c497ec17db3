"""What claiming costs a firm beside duty: how goods differ in it, and what verification is expected to cost."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from scipy.special import ndtri  # type: ignore[import-untyped]

from sim.customs.flow import Floats
from sim.duty.penalty import Audit, Penalty
from sim.parameters import Parameters
from sim.streams import Streams

PCT = 100
_SEED = 0  # of all scenarios alike: a good keeps its place among its like, whatever else is asked


def cost_factors(recipes: Sequence[str], importers: Sequence[str], spread: float) -> Floats:
    """Factor on the private cost of claiming, by good (maker and part) and country of entry.

    Parameters
    ----------
    recipes, importers : sequence of str
    spread : float
        Standard deviation of the logarithm; 0 makes every factor 1.

    Returns
    -------
    float64[recipes, importers]
        Lognormal with median 1: the quantile of each good is drawn once, by its name.
    """
    factors = np.ones((len(recipes), len(importers)))
    if spread:
        streams, place = Streams(_SEED, 0), np.empty(1)
        for row, recipe in enumerate(recipes):
            for column, importer in enumerate(importers):
                streams.draw_uniform(f"claim/{recipe}/{importer}", place)
                factors[row, column] = float(np.exp(spread * ndtri(max(place[0], 1e-12))))
    return factors


def audit_of(parameters: Parameters) -> Audit:
    """Verification as the parameters have it."""

    def part(value: float) -> Fraction:
        return Fraction(str(value)) / PCT

    return Audit(
        verified=part(parameters.audit_probability_pct),
        fails=part(parameters.audit_rejected_pct),
        penalty=Penalty(part(parameters.audit_penalty_pct_of_duty)),
        interest=part(parameters.audit_interest_pct_year),
    )


def verification_part(parameters: Parameters) -> float:
    """Expected cost of verification, in parts of the duty and fees that a claim saves.

    Probability of a verification x share that falls x (duty back, interest of a year, penalty).
    """
    return float(audit_of(parameters).expected(Fraction(1), Fraction(1)))
