"""Quantiles of Student's t, to nine digits and more: a table of intervals need not wait for a library to load."""

from __future__ import annotations

from functools import lru_cache
from math import exp, lgamma, log, log1p, pi, sqrt

MOST_STEPS = 500
EXACT = 1e-15


@lru_cache(maxsize=4096)
def student_quantile(freedom: float, probability: float) -> float:
    """The value that a Student variable does not exceed with a probability.

    Parameters
    ----------
    freedom : float
        Degrees of freedom, at least 1; they need not be whole.
    probability : float
        Above a half, below 1.

    Notes
    -----
    Newton's steps on the logarithm of the tail, from 0; it is concave there, so that a step falls short or a little far
    and the next ones settle it.

    Examples
    --------
    >>> round(student_quantile(4, 0.975), 6), round(student_quantile(1, 0.75), 12)
    (2.776445, 1.0)
    """
    if freedom < 1 or not 0.5 < probability < 1:
        raise ValueError(f"no quantile of {freedom} degrees of freedom at {probability}")
    wanted = log(1 - probability)
    t = 0.0
    for _ in range(MOST_STEPS):
        tail = _tail(freedom, t)
        step = tail * (log(tail) - wanted) / _density(freedom, t)  # Newton on the logarithm of the tail
        t += step
        if abs(step) <= 4 * EXACT * t:
            break
    return t


def _density(freedom: float, t: float) -> float:
    constant = lgamma((freedom + 1) / 2) - lgamma(freedom / 2)
    return exp(constant - (freedom + 1) / 2 * log1p(t * t / freedom)) / sqrt(freedom * pi)


def _tail(freedom: float, t: float) -> float:
    """Probability of more than t >= 0: half the incomplete beta function of v / (v + t^2) at v/2 and 1/2."""
    if not t:
        return 0.5
    a, b, x = freedom / 2, 0.5, freedom / (freedom + t * t)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a / 2
    return (1 - front * _fraction(b, a, 1 - x) / b) / 2


def _fraction(a: float, b: float, x: float) -> float:
    """Continued fraction of the incomplete beta function, from the front (Lentz).

    References
    ----------
    DLMF 8.17.22, https://dlmf.nist.gov/8.17.v [memory].
    """
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, MOST_STEPS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + term * d)
            c = 1 + term / c
            found *= c * d
        if abs(c * d - 1) < EXACT:
            break
    return found
