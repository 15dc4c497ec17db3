"""What a change of sources costs besides the works' own price: less choice within a family, and tools."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.parameters import Parameters

WORKING_DAYS = 250  # of a year: assumption, 50 weeks of five days
USE = 0.8  # planned use of the hours of lines, today's and new ones: assumption
SPARE = 1 / USE  # what lines can make, of what they make now


def mismatch(share_pct: Mapping[str, float], anchor_pct: Mapping[str, float], elasticity: float) -> float:
    """Part of the price that a mix of sources costs more than the natural mix; 0 or more.

    Parameters
    ----------
    share_pct : mapping of str to float
        Share of each source, adding up to 100. [chi]
    anchor_pct : mapping of str to float
        Natural share of each, at which it costs what its recipe says; above 0. [s]
    elasticity : float
        [theta]

    Notes
    -----
    The parts of a family differ, and each source makes first those that it is best at: a unit from a source costs
    (chi / s)^(1/theta) times its price, so that the mix costs sum of chi (chi / s)^(1/theta). With two sources this is
    the cost under a content rule of Head, Mayer and Melitz, up to scale; its least is 1, where chi = s.

    References
    ----------
    K. Head, T. Mayer, M. Melitz, The Laffer curve for rules of origin, Journal of International Economics 150 (2024)
    103911, cost of parts under a rule; applied to more than two sources as an assumption.

    Examples
    --------
    >>> round(mismatch({"a": 100}, {"a": 50}, 4), 4)
    0.1892
    """
    price = sum(x / 100 * (x / anchor_pct[name]) ** (1 / elasticity) for name, x in share_pct.items() if x)
    return float(max(0.0, price - 1.0))


def annuity(parameters: Parameters) -> float:
    """Yearly payment that pays for tools of 1 over their life, at the cost of holding goods.

    Examples
    --------
    >>> from sim.parameters import load_parameters
    >>> round(annuity(load_parameters()), 4)
    0.2642
    """
    rate, years = parameters.carrying_pct_year / 100, parameters.tooling_years
    return float(1 / years if rate == 0 else rate / (1 - (1 + rate) ** -years))


def qualification(yearly_usd: float, parameters: Parameters) -> float:
    """Part of its price that a changed family costs more for trials and approvals, paid like tools.

    Parameters
    ----------
    yearly_usd : float
        What the family costs in a year; above 0.
    """
    return annuity(parameters) * parameters.qualification_usd / yearly_usd


def tooling(share_pct: float, free_pct: float, yearly_units: float, parameters: Parameters) -> float:
    """Part of its price that a source costs more for the tools of capacity it does not have yet.

    Parameters
    ----------
    share_pct : float
        Share that it delivers; above 0.
    free_pct : float
        Share that it can deliver with the lines that it has.
    yearly_units : float
        Units of the whole family a year; a step of capacity is paid whole, whatever is used of it.
    """
    missing = (share_pct - free_pct) / 100 * yearly_units
    if missing <= 1e-9 * yearly_units:
        return 0.0
    steps = math.ceil(missing / parameters.capacity_step_units - 1e-9)
    yearly = annuity(parameters) * parameters.tooling_pct_of_year / 100
    return steps * parameters.capacity_step_units * yearly / (share_pct / 100 * yearly_units)
