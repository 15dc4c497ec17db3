"""One maker of vehicles under a rule of origin: shares, costs, and what it pays to comply, pay or leave.

The firm of K. Head, T. Mayer and M. Melitz, "The Laffer curve for rules of origin", Journal of International Economics
150 (2024) 103911, doi 10.1016/j.jinteco.2024.103911. A vehicle takes a continuum of parts; each comes from the region
or from outside, whichever is cheaper; productivities are Fréchet with shape `theta`. `delta` is the cost of foreign
relative to regional parts: above 1, regional parts are cheaper. Under a rule a maker takes more regional parts than it
would, beginning with those that cost the least more.

All functions are pure and broadcast over arrays. Shares and rules are fractions from 0 to 1.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Number: TypeAlias = float | Array

_LEAST_SHARE = 1e-300  # below it a required share binds nobody; keeps 1/share finite


def unconstrained_share(delta: Number, theta: float) -> Array:
    """Regional share of parts that a maker chooses freely, of cost and of parts alike [lambda_U = chi_U].

    Parameters
    ----------
    delta : float or array, > 0
        Cost of foreign relative to regional parts.
    theta : float, > 0
        Shape of the distribution of productivities: the larger, the more alike parts are.

    Returns
    -------
    array, 0 to 1
        ``1 / (1 + delta**-theta)``.

    Examples
    --------
    >>> round(float(unconstrained_share(1.25, 4.0)), 4)
    0.7094
    """
    return np.asarray(1.0 / (1.0 + np.asarray(delta, dtype=float) ** -theta))


def unconstrained_cost(delta: Number, theta: float) -> Array:
    """Cost of the parts of a vehicle at the free share, all regional parts costing 1 [C_U = lambda_U**(1/theta)]."""
    return np.asarray(unconstrained_share(delta, theta) ** (1.0 / theta))


def required_share(rule: Number, alpha: Number) -> Array:
    """Regional share of parts cost that a rule on the vehicle leaves to parts [lambda_R].

    Parameters
    ----------
    rule : float or array, 0 to 1
        Regional share of the vehicle's cost that the rule asks for. [RCR]
    alpha : float or array, 0 to below 1
        Share of assembly, all of it regional, in the vehicle's cost.

    Returns
    -------
    array, 0 to 1
        ``max(0, (rule - alpha) / (1 - alpha))``.

    Examples
    --------
    >>> round(float(required_share(0.75, 0.15)), 4)
    0.7059
    """
    part = (np.asarray(rule, dtype=float) - alpha) / (1.0 - np.asarray(alpha, dtype=float))
    return np.asarray(np.clip(part, 0.0, 1.0))


def physical_share(cost_share: Number, delta: Number, theta: float) -> Array:
    """Share of parts that must be regional for a regional share of parts cost [chi_R of lambda_R].

    Parts taken for the rule's sake cost more than others: the share of parts is below the share of cost.

    Returns
    -------
    array, 0 to 1
        ``1 / (1 + ((1/lambda_R - 1) / delta)**(theta / (theta + 1)))``.
    """
    share = np.maximum(np.asarray(cost_share, dtype=float), _LEAST_SHARE)
    return np.asarray(1.0 / (1.0 + ((1.0 / share - 1.0) / delta) ** (theta / (theta + 1.0))))


def cost_share(physical: Number, delta: Number, theta: float) -> Array:
    """Regional share of parts cost when a share of parts is regional, `physical_share` backwards [lambda_R of chi_R].

    Returns
    -------
    array, 0 to 1
        ``chi**k / (chi**k + delta * (1 - chi)**k)`` with ``k = (1 + theta) / theta``.
    """
    k = (1.0 + theta) / theta
    regional = np.asarray(physical, dtype=float) ** k
    return np.asarray(regional / (regional + delta * (1.0 - np.asarray(physical, dtype=float)) ** k))


def parts_cost(physical: Number, delta: Number, theta: float) -> Array:
    """Cost of the parts of a vehicle of which a share is regional [C_R].

    Returns
    -------
    array, > 0
        ``chi**k + delta * (1 - chi)**k`` with ``k = (1 + theta) / theta``; least at the free share.
    """
    k = (1.0 + theta) / theta
    chi = np.asarray(physical, dtype=float)
    return np.asarray(chi**k + delta * (1.0 - chi) ** k)


def log_relative_cost(required: Number, delta: Number, theta: float) -> Array:
    """Logarithm of parts cost at exactly the required share, relative to the free share [ln C_R/C_U].

    Not cut off where the rule does not bind: there it is what holding to a lower share than the free one would cost.

    Returns
    -------
    array, >= 0
        Nothing where required and free share are equal; falls in `delta` below that point. As `delta` goes to 0 it
        goes to ``-ln(1 - lambda_R)``: complying never costs more, so a high charge is never paid.
    """
    chi = physical_share(required, delta, theta)
    return np.asarray(np.log(parts_cost(chi, delta, theta)) - np.log(unconstrained_cost(delta, theta)))


def relative_cost(required: Number, delta: Number, theta: float) -> Array:
    """Cost of parts of a maker that complies, relative to the free choice [C-tilde].

    Returns
    -------
    array, >= 1
        1 where the free share is enough.
    """
    binds = np.asarray(required) > unconstrained_share(delta, theta)
    return np.where(binds, np.exp(np.maximum(log_relative_cost(required, delta, theta), 0.0)), 1.0)


def binding_delta(required: Number, theta: float) -> Array:
    """The `delta` at which the free share is just what is required; makers below it are constrained.

    Returns
    -------
    array, > 0
        ``(lambda_R / (1 - lambda_R))**(1/theta)``; infinite where everything is required.
    """
    share = np.maximum(np.asarray(required, dtype=float), _LEAST_SHARE)
    whole = share >= 1.0
    odds = share / np.where(whole, 1.0, 1.0 - share)
    return np.where(whole, np.inf, odds ** (1.0 / theta))


def never_leaving_delta(tau: Number, theta: float) -> Array:
    """The `delta` from which on even parts that are all regional are cheaper than the charge; alpha 0 [delta-bar].

    Parameters
    ----------
    tau : float or array, > 1
        One plus the charge on a maker that does not comply.

    Returns
    -------
    array, > 0
        ``(tau**theta - 1)**(-1/theta)``.

    Examples
    --------
    >>> round(float(never_leaving_delta(1.10, 4.0)), 4)
    1.2116
    """
    return np.asarray((np.asarray(tau, dtype=float) ** theta - 1.0) ** (-1.0 / theta))


def outside_cost(delta: Number, theta: float, kappa: float) -> Array:
    """Cost of parts at a plant outside the region, relative to the free choice at home.

    Moving counts twice: the outside plant pays `kappa` more for regional parts, and `kappa` less for foreign ones, so
    that it sees ``delta / kappa**2``.

    Parameters
    ----------
    delta : float or array, > 0
        As seen from the plant at home.
    kappa : float, >= 1
        Cost of distance between a plant and parts of the other region.

    Returns
    -------
    array
        ``kappa * C_U(delta / kappa**2) / C_U(delta)``, rising in `delta` from ``1/kappa`` to `kappa`.
    """
    there = unconstrained_cost(np.asarray(delta, dtype=float) / kappa**2, theta)
    return np.asarray(kappa * there / unconstrained_cost(delta, theta))


def outside_delta(log_cost: Number, theta: float, kappa: float) -> Array:
    """The `delta` at which `outside_cost` takes a value; 0 or infinite where it is below or above all its values.

    Parameters
    ----------
    log_cost : float or array
        Logarithm of the value.

    Returns
    -------
    array, >= 0
        From ``O**theta = kappa**theta * (1 + y) / (1 + kappa**(2 theta) * y)``, solved for ``y = delta**-theta``.
    """
    level, far = np.asarray(log_cost, dtype=float), np.log(kappa)
    if kappa == 1.0:  # the outside plant is as good as the one at home, for every delta
        return np.where(level > 0.0, np.inf, 0.0)
    inside = np.abs(level) < far
    power = np.exp(theta * np.where(inside, level, 0.0))
    most = kappa**theta
    odds = np.maximum(most - power, _LEAST_SHARE) / (most * np.maximum(power * most - 1.0, _LEAST_SHARE))
    return np.where(inside, odds ** (-1.0 / theta), np.where(level >= far, np.inf, 0.0))
