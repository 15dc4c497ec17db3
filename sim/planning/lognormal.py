"""Lognormal durations from standard normal draws, by their mean and coefficient of variation."""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

AnyFloat = TypeVar("AnyFloat", np.float32, np.float64)


def log_variance(cv: float) -> float:
    """Variance of the logarithm of lognormal values of a given coefficient of variation."""
    return math.log(1 + cv * cv)


def lognormal(normal: NDArray[AnyFloat], mean: float | NDArray[np.float64], cv: float) -> NDArray[AnyFloat]:
    """Lognormal values of a given mean and coefficient of variation from standard normal draws."""
    variance = log_variance(cv)
    values: NDArray[AnyFloat] = normal * math.sqrt(variance)
    values -= variance / 2
    np.exp(values, out=values)
    values *= mean
    return values
