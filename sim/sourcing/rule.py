"""A rule of origin as linear limits on a sourcing plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.customs.besides import core_threshold_ppm
from sim.customs.content import PLACES
from sim.law.facts import OriginRule
from sim.sourcing.problem import Floats, Limit
from sim.units import PPM


@dataclass(frozen=True, slots=True)
class Sum:
    """A quantity of a vehicle that is linear in its patterns, US dollars a vehicle unless said otherwise.

    Parameters
    ----------
    own : float
        What the vehicle has whatever is chosen.
    values : float64[patterns]
        What each pattern adds.
    """

    own: float
    values: Floats

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.own + other.own, self.values + other.values)

    def __sub__(self, other: Sum) -> Sum:
        return self + other * -1.0

    def __mul__(self, factor: float) -> Sum:
        return Sum(self.own * factor, self.values * factor)

    def at_least(self, least: float, name: str) -> Limit:
        """The limit that the quantity reaches `least`."""
        return Limit(name, self.values, least - self.own)

    def of(self, chosen: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
        """The quantity of a plan."""
        return float(self.own + self.values[chosen].sum())


Sums = Mapping[str, Sum]


def foreign(rule: OriginRule, sums: Sums) -> Sum:
    """Value that a rule counts as foreign, for plans whose core parts pass where it asks that.

    References
    ----------
    As `sim.customs.content.apply_rule`.
    """
    if rule.vnm_method == "traced":
        return sums["traced"]
    if not rule.core_parts_required or rule.roll_up_reading not in ("us_strict", "panel"):
        return sums["non_originating"]
    counted = sums["non_originating"] - sums["core_failing"]
    return counted + sums["core_foreign"] if rule.roll_up_reading == "us_strict" else counted


def content_limits(rule: OriginRule, sums: Sums, least_ppm: float) -> list[Limit]:
    """Regional value content of `least_ppm` or more, by the method of a rule."""
    name = f"regional content of {least_ppm / 1e4:g} %"
    net = sums["net_cost"]
    regional = net - foreign(rule, sums) - net * (least_ppm / PPM)
    if not rule.wage_credit_ppm:
        return [regional.at_least(0.0, name)]
    capped = regional + net * (rule.wage_credit_ppm / PPM)
    credited = regional + sums["high_wage"]
    return [x.at_least(0.0, f"{name} with credit for wages") for x in (capped, credited)]


def national_limit(rule: OriginRule, sums: Sums, place: str, least_ppm: float) -> Limit:
    """A country's share of a vehicle, on the base of a rule."""
    base = sums["net_cost"]
    if rule.national_base == "regional":
        base = base - foreign(rule, sums)
    return (sums[place] - base * (least_ppm / PPM)).at_least(0.0, f"{place} share of {least_ppm / 1e4:g} %")


def limits_of(
    rule: OriginRule, sums: Sums, margin_ppm: float = 0.0
) -> tuple[tuple[Limit, ...], tuple[tuple[Limit, ...], ...]]:
    """What a vehicle must meet to originate: limits that all hold, and sets of limits of which one holds.

    Parameters
    ----------
    margin_ppm : float
        By which regional content and shares of countries are planned above what is asked.

    Raises
    ------
    ValueError
        A kind of rule that no vehicle has.

    Notes
    -----
    Steel and aluminium of a vehicle are the same whoever supplies a part, so their shares are linear. Core parts may
    pass each by itself or all as one, counting all foreign materials or listed components alone: one way suffices.
    """
    if rule.kind != "regional_value":
        raise ValueError(f"rules of kind {rule.kind} are not for vehicles")
    found = content_limits(rule, sums, rule.threshold_ppm + margin_ppm)
    if rule.change:
        column = {"chapter": "unshifted_chapter", "subheading": "unshifted_subheading"}.get(rule.change, "unshifted")
        kept = sums["price"] * (rule.de_minimis_ppm / PPM) - sums[column]
        found.append(kept.at_least(0.0, f"change of {rule.change}"))
    national = {place: least for place, least in rule.national_ppm.items() if place in PLACES}
    found += [national_limit(rule, sums, place, least + margin_ppm) for place, least in national.items()]
    net = sums["net_cost"]
    if rule.metal_ppm:
        for metal in ("steel", "aluminium"):
            left = sums[f"{metal}_regional"] - sums[metal] * (rule.metal_ppm / PPM)
            found.append(left.at_least(0.0, f"regional {metal} of {rule.metal_ppm / 1e4:g} %"))
    if rule.labour_value_ppm and rule.wage_floor:
        if rule.labour_material_ppm:
            left = sums["high_wage"] - net * (rule.labour_material_ppm / PPM)
            found.append(left.at_least(0.0, f"high-wage material of {rule.labour_material_ppm / 1e4:g} %"))
        points = sums["labour_points"].own
        left = sums["high_wage"] + net * ((points - rule.labour_value_ppm) / PPM)
        found.append(left.at_least(0.0, f"labour value of {rule.labour_value_ppm / 1e4:g} %"))
    if rule.non_market_ppm < PPM:
        left = net * (rule.non_market_ppm / PPM) - sums["non_market"]
        found.append(left.at_least(0.0, f"non-market content within {rule.non_market_ppm / 1e4:g} %"))
    return tuple(found), _core_ways(rule, sums) if rule.core_parts_required else ()


def _core_ways(rule: OriginRule, sums: Sums) -> tuple[tuple[Limit, ...], ...]:
    core, asked = sums["core_net_cost"], core_threshold_ppm(rule) / PPM
    regional = core * (1 - asked)
    ways = [
        ((sums["core_fails"] * -1.0).at_least(0.0, "every core part by itself"),),
        ((regional - sums["core_foreign"]).at_least(0.0, f"core parts together {100 * asked:g} %"),),
    ]
    if rule.core_components:
        listed = (sums["core_fails_listed"] * -1.0).at_least(0.0, "every core part by its listed components")
        together = (regional - sums["core_listed"]).at_least(0.0, "core parts together by listed components")
        ways += [(listed,), (together,)]
    return tuple(ways)
