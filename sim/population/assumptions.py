"""Parameters of the population of makers: the paper's values, their meaning, and the ranges that are allowed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from sim.errors import PopulationError, Problem, nearest

PAPER = "Head, Mayer and Melitz (2024), Journal of International Economics 150, 103911"

_LEAST_SHAPE = 1e-12  # of the Beta: below, all but a billionth of the vehicles have no assembly to speak of
_MOST_PRECISION = 1e12  # above, shares of assembly differ by less than a millionth


def _ranged(default: float, least: float, most: float, meaning: str, basis: str = "seen") -> Any:
    """A parameter: `least` and `most` are the ends of what is allowed, both included."""
    return field(default=default, metadata={"least": least, "most": most, "meaning": meaning, "basis": basis})


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What all makers share, and how they differ from each other; the defaults are the paper's (`PAPER`).

    `printed_condition` takes the decision to comply as the article prints it, the relative cost of parts against the
    charge, instead of the relative cost of the vehicle as in the authors' program.

    Parameters
    ----------
    theta, eta : float
        Elasticities: of the choice between regional and foreign parts, and of demand for a vehicle.
    mu, sigma : float
        Mean and standard deviation of the logarithm of delta, the ratio of foreign to regional cost of parts.
    alpha_mean, alpha_precision : float
        Mean share of assembly in the cost of a vehicle, a fraction, and the number that says how close shares lie to
        it: the sum of both shapes of the Beta distribution; infinite where every vehicle has the mean.
    zeta : float
        Ratio of jobs in assembly to jobs in regional parts, without a rule.
    kappa : float
        Factor of cost from distance between a plant and parts of the other region.

    Raises
    ------
    PopulationError
        Every value that is out of `RANGES`, with what is allowed and what it means.
    """

    theta: float = _ranged(4.0, 0.5, 20.0, "likeness of parts: elasticity of the choice between regional and foreign")
    mu: float = _ranged(0.11, -3.0, 3.0, "mean of the logarithm of delta, foreign over regional cost of parts")
    sigma: float = _ranged(0.18, 0.01, 1.0, "standard deviation of the logarithm of delta")
    alpha_mean: float = _ranged(0.15, 0.0, 0.95, "mean share of assembly in the cost of a vehicle (Beta)")
    alpha_precision: float = _ranged(3.0, 0.1, math.inf, "precision of that Beta; inf: every vehicle has the mean")
    eta: float = _ranged(4.0, 1.01, 20.0, "elasticity of demand for a vehicle")
    zeta: float = _ranged(0.647, 0.0, 100.0, "assembly jobs for each job in regional parts, without a rule")
    kappa: float = _ranged(1.2, 1.0, 5.0, "cost of distance between a plant and parts of the other region")
    printed_condition: bool = False

    def __post_init__(self) -> None:
        problems = [found for name in RANGES if (found := self._problem(name)) is not None]
        if problems:
            raise PopulationError("parameters", problems)

    def _problem(self, name: str) -> Problem | None:
        value, (least, most) = getattr(self, name), RANGES[name]
        if least <= value <= most:  # false for NaN
            return None
        wanted = f"at least {least:g}" if math.isinf(most) else f"from {least:g} to {most:g}"
        return Problem(name, f"{value:g} is out of range. Write a number {wanted}: {MEANINGS[name]}.")

    @property
    def alpha_fixed(self) -> bool:
        """Whether every vehicle has the same share of assembly, or differs by less than the integrals tell apart."""
        is_nought = self.alpha_mean < _LEAST_SHAPE / self.alpha_precision
        return is_nought or self.alpha_precision > _MOST_PRECISION

    @property
    def alpha_shapes(self) -> tuple[float, float]:
        """Shapes of the Beta distribution of the share of assembly."""
        return self.alpha_mean * self.alpha_precision, (1.0 - self.alpha_mean) * self.alpha_precision

    def as_dict(self) -> dict[str, float | bool]:
        """Values by name, in the units of the parameters."""
        return {entry.name: getattr(self, entry.name) for entry in fields(self)}


RANGES: Mapping[str, tuple[float, float]] = {
    entry.name: (entry.metadata["least"], entry.metadata["most"]) for entry in fields(Assumptions) if entry.metadata
}
MEANINGS: Mapping[str, str] = {entry.name: entry.metadata["meaning"] for entry in fields(Assumptions) if entry.metadata}


def assumptions(**given: float | bool | None) -> Assumptions:
    """The paper's parameters with some replaced.

    Parameters
    ----------
    **given : float, bool or None
        Values by name, in the units of `Assumptions`; None leaves one as it is.

    Raises
    ------
    PopulationError
        A name is unknown or a value out of range; tells all of them.
    """
    known = {entry.name for entry in fields(Assumptions)}
    wrong = [
        Problem(name, f"no such parameter. {nearest(name, known, 'parameters')}") for name in given if name not in known
    ]
    if wrong:
        raise PopulationError("parameters", wrong)
    return Assumptions(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]


TEXTBOOK = Assumptions(mu=0.0, sigma=0.2, alpha_mean=0.0)
"""The paper's illustration: no advantage on average, no assembly share; its charge is 10 %."""
TEXTBOOK_CHARGE = 1.10
