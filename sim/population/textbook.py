"""The paper's illustration in closed form: no assembly share, one charge, a rule on the share of parts; and who moves.

Independent of the numerical population: thresholds by root finding, shares by the normal distribution. Values of these
functions are held to the paper's figures in the tests.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.integrate import quad  # type: ignore[import-untyped]
from scipy.optimize import brentq  # type: ignore[import-untyped]
from scipy.stats import norm  # type: ignore[import-untyped]

from sim.population.assumptions import TEXTBOOK, TEXTBOOK_CHARGE, Assumptions
from sim.population.firm import (
    Array,
    never_leaving_delta,
    parts_cost,
    physical_share,
    relative_cost,
    unconstrained_cost,
    unconstrained_share,
)

KAPPA, TAU_OUTSIDE = 1.15, 1.20  # the paper's figure 6
FIGURE_DELTAS = (0.6, 0.8)  # its firms, neither at home nor abroad


@dataclass(frozen=True, slots=True)
class PhysicalRule:
    """A population under a rule on the regional share of parts; shares of makers, fractions that sum to 1."""

    rule: float
    pay: float
    constrained: float
    free: float
    mean_share: float  # of parts that are regional


def _cost_of_share(chi: float, delta: float, theta: float) -> float:
    """Cost of parts at a share, relative to the free choice."""
    return float(parts_cost(chi, delta, theta) / unconstrained_cost(delta, theta))


def under_physical_rule(rule: float, tau: float = TEXTBOOK_CHARGE, assumed: Assumptions = TEXTBOOK) -> PhysicalRule:
    """Choices and regional parts when a rule asks for a share of parts [chi_R].

    Parameters
    ----------
    rule : float, above 0 and below 1
        Share of parts that must be regional.
    tau : float, > 1
        One plus the charge, a fraction.
    """
    theta = assumed.theta
    edge = (rule / (1.0 - rule)) ** (1.0 / theta)

    def gain(log_delta: float) -> float:
        return _cost_of_share(rule, math.exp(log_delta), theta) - tau

    lowest = math.log(edge) - 40.0 / theta
    star = brentq(gain, lowest, math.log(edge), xtol=1e-13) if gain(lowest) > 0 else -math.inf
    deviation = norm(assumed.mu, assumed.sigma)
    pay, bound = float(deviation.cdf(star)), float(deviation.cdf(math.log(edge)))

    def freely(low: float, high: float) -> float:
        reach = (assumed.mu - 12 * assumed.sigma, assumed.mu + 12 * assumed.sigma)
        low, high = max(low, reach[0]), min(high, reach[1])
        if high <= low:
            return 0.0
        value = quad(lambda x: float(unconstrained_share(math.exp(x), theta)) * deviation.pdf(x), low, high, limit=200)
        return float(value[0])

    mean = freely(-math.inf, star) + rule * (bound - pay) + freely(math.log(edge), math.inf)
    return PhysicalRule(rule, pay, bound - pay, 1.0 - bound, mean)


def stops_complying(delta: float, tau: float = TEXTBOOK_CHARGE, theta: float = TEXTBOOK.theta) -> float:
    """Share of parts at which a maker would rather pay; infinite where it complies with any rule."""
    if delta >= float(never_leaving_delta(tau, theta)):
        return math.inf
    low = float(unconstrained_share(delta, theta))
    return float(brentq(lambda chi: _cost_of_share(chi, delta, theta) - tau, low, 1.0, xtol=1e-13))


def marginal_delta(required: float, tau: float = TEXTBOOK_CHARGE, theta: float = TEXTBOOK.theta) -> float:
    """The maker that is indifferent between paying and a required share of parts cost; alpha 0 [delta*]."""
    edge = (required / (1.0 - required)) ** (1.0 / theta)

    def gain(log_delta: float) -> float:
        delta = math.exp(log_delta)
        return _cost_of_share(float(physical_share(required, delta, theta)), delta, theta) - tau

    return math.exp(brentq(gain, math.log(edge) - 40.0 / theta, math.log(edge), xtol=1e-13))


@dataclass(frozen=True, slots=True)
class Mover:
    """One maker that may comply, pay or assemble outside; costs relative to its free choice at home."""

    delta: float  # without nearness: times kappa at home, over kappa outside
    pays: float
    leaves: float
    gives_up_at: float  # share of parts from which it no longer complies; infinite: never
    then: str  # "pay" or "leave"

    def complying(self, chi: Sequence[float] | Array, theta: float, kappa: float) -> Array:
        """Relative cost of complying with rules on the share of parts."""
        home = self.delta * kappa
        shares = np.maximum(np.asarray(chi, dtype=float), unconstrained_share(home, theta))
        return np.asarray(parts_cost(shares, home, theta) / unconstrained_cost(home, theta))


def mover(
    delta: float,
    kappa: float = KAPPA,
    tau_home: float = TEXTBOOK_CHARGE,
    tau_outside: float = TAU_OUTSIDE,
    theta: float = TEXTBOOK.theta,
) -> Mover:
    """What a maker does as a rule on the share of parts is raised, when it may also leave (figure 6 of the paper).

    Parameters
    ----------
    delta : float
        Ratio of foreign to regional cost of its parts, without nearness.
    kappa : float
        Factor by which nearness to suppliers makes regional parts cheaper at home, and foreign ones outside.
    tau_home, tau_outside : float
        One plus the charge, as a fraction, from the plant at home and from outside.
    theta : float
        Elasticity of the choice between regional and foreign parts.
    """
    home, away = delta * kappa, delta / kappa
    ratio = unconstrained_cost(away, theta) / unconstrained_cost(home, theta)
    leaving = float(tau_outside * kappa * ratio)
    best = min(leaving, tau_home)
    return Mover(delta, tau_home, leaving, stops_complying(home, best, theta), "leave" if leaving < tau_home else "pay")


def full_content_cost(delta: float, theta: float = TEXTBOOK.theta) -> float:
    """Cost of parts that are all regional, relative to the free choice."""
    return float(relative_cost(1.0, delta, theta))
