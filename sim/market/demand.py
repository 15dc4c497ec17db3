"""Demand: how much of a change in cost reaches the price, and what the price does to sales."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def passed_on(price: float | Floats, cost_change: float | Floats, pass_through_pct: float) -> Floats:
    """Price after a change in cost.

    Parameters
    ----------
    price : float or float64[...]
        Before, US dollars a vehicle; above 0.
    cost_change : float or float64[...]
        Of the landed cost, US dollars a vehicle.
    pass_through_pct : float
        Part of the change that reaches the price; 100 passes it on dollar for dollar, 0 leaves it with the maker.

    Raises
    ------
    ValueError
        A price would be 0 or less.

    Examples
    --------
    >>> float(passed_on(40_000.0, 1_000.0, 66.0))
    40660.0
    """
    found: Floats = np.asarray(price + np.asarray(cost_change) * (pass_through_pct / 100), dtype=np.float64)
    if (found <= 0).any():
        raise ValueError("a price of 0 or less")
    return found


def sold(units: float | Floats, price_before: float | Floats, price_after: float | Floats, elasticity: float) -> Floats:
    """Vehicles sold after a change of price, at a constant elasticity: units x (after / before)^-elasticity.

    Parameters
    ----------
    units : float or float64[...]
        Sold before.
    price_before, price_after : float or float64[...]
        Above 0, same unit.
    elasticity : float
        0 or more; 1 leaves what is spent as it was, 0 leaves sales as they were. [eta]

    Examples
    --------
    >>> float(sold(100.0, 20_000.0, 25_000.0, 1.0))
    80.0
    """
    ratio = np.asarray(price_after, dtype=np.float64) / price_before
    found: Floats = units * ratio**-elasticity
    return found
