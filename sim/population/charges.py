"""What a maker that does not comply pays, averaged over where its vehicles are sold: equation 15 of the paper."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.population.firm import Array


def charge_index(sales: Sequence[float] | Array, factors: Sequence[float] | Array, exponent: float) -> float:
    """Average of tariff factors over destinations that leaves demand of constant elasticity where they would leave it.

    Parameters
    ----------
    sales : float64[countries], >= 0
        Sales by destination, the country of assembly and all members that would charge; any unit.
    factors : float64[countries], >= 1
        One plus the tariff that each destination charges on a vehicle that does not comply; 1 at home.
    exponent : float, < 0
        ``1 - eta`` for values, ``-eta`` for quantities; `eta` is the elasticity of demand.

    Returns
    -------
    float, >= 1
        ``((1 + sum_d r_d tau_d**e) / (1 + sum_d r_d))**(1/e)``, r_d being sales relative to those at home.

    Raises
    ------
    ValueError
        No sales, a negative one, or a factor below 1.

    References
    ----------
    Head, Mayer and Melitz (2024), equation 15.

    Examples
    --------
    >>> round(charge_index([1.0, 1.0], [1.0, 1.06], -3.0), 6)
    1.028261
    """
    sold, charged = np.asarray(sales, dtype=float), np.asarray(factors, dtype=float)
    if sold.shape != charged.shape or not (sold >= 0).all() or sold.sum() <= 0:
        raise ValueError("sales must be as many as factors, not negative, and not all nothing")
    if not (charged >= 1).all() or exponent >= 0:
        raise ValueError("factors must be 1 or more, and the exponent below 0")
    return float((sold @ charged**exponent / sold.sum()) ** (1.0 / exponent))


def charge_pair(sales: Sequence[float] | Array, factors: Sequence[float] | Array, eta: float) -> tuple[float, float]:
    """Both versions of the charge: for prices and sales, and for quantities [tau, tau_Q].

    Parameters
    ----------
    sales : float64[countries]
        Sales by destination, in any one unit.
    factors : float64[countries]
        One plus the charge of each destination, as a fraction.
    eta : float
        Elasticity of demand for a vehicle.

    Returns
    -------
    tuple of two float
        Factors, one plus the charge.

    Raises
    ------
    ValueError
        As `charge_index`.
    """
    return charge_index(sales, factors, 1.0 - eta), charge_index(sales, factors, -eta)
