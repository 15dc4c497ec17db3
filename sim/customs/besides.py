"""What rules ask of vehicles besides regional content: core parts, labour value, steel and aluminium."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.customs.materials import Materials
from sim.law.facts import OriginRule
from sim.units import PPM

NEAR = 1e-6  # parts per million lost to floating point


@dataclass(frozen=True, slots=True)
class Check:
    """Outcome of one test.

    Parameters
    ----------
    passes : bool
        Also where it was not tested.
    words : str
    margin_ppm : float
        Distance from what is asked; `PPM` where no share is asked or none was tested.
    """

    passes: bool
    words: str
    margin_ppm: float = float(PPM)


def core_threshold_ppm(rule: OriginRule) -> int:
    """Content asked of core parts inside a vehicle."""
    return rule.core_ppm or rule.threshold_ppm


def super_core(rule: OriginRule, good: Materials) -> bool:
    """All core parts taken as one, with all their foreign materials or with listed components alone.

    References
    ----------
    SOR/2020-155 s.14(10).
    """
    if not rule.core_parts_required or good.core_net_cost <= 0:
        return False
    foreign = min(good.core_foreign, good.core_listed) if rule.core_components else good.core_foreign
    return PPM * (good.core_net_cost - foreign) / good.core_net_cost >= core_threshold_ppm(rule) - NEAR


def core_parts_pass(rule: OriginRule, good: Materials) -> bool:
    """Whether the core parts originate by any of the four methods.

    Each by itself, counting all its foreign materials or listed components alone; or all as one, either way.

    References
    ----------
    SOR/2020-155 s.14(7), (8), (10).
    """
    alone = not good.core_fails or (bool(rule.core_components) and not good.core_fails_listed)
    return alone or super_core(rule, good)


def core_failing(rule: OriginRule, good: Materials) -> float:
    """Price of the core parts that originate by none of the four methods."""
    if core_parts_pass(rule, good):
        return 0.0
    return good.core_failing_listed if rule.core_components else good.core_failing


def checks(rule: OriginRule, good: Materials) -> Iterator[Check]:
    """Tests besides content and national shares, in the order of the regulations.

    What the network carries no facts for is said in words and not held against the good.
    """
    if rule.core_parts_required and not core_parts_pass(rule, good):
        yield Check(False, "a core part does not originate, nor do all core parts together")
    if rule.metal_ppm:
        yield _metal(rule.metal_ppm, "steel", good.steel_regional, good.steel)
        yield _metal(rule.metal_ppm, "aluminium", good.aluminium_regional, good.aluminium)
    if rule.labour_value_ppm:
        yield from _labour(rule, good)
    if rule.non_market_ppm < PPM:
        share = PPM * good.non_market / good.net_cost if good.net_cost > 0 else 0.0
        verb = "is within" if share <= rule.non_market_ppm + NEAR else "is above"
        words = f"non-market content {share / 1e4:.2f} % {verb} {rule.non_market_ppm / 1e4:g} %"
        yield Check(verb == "is within", words, rule.non_market_ppm - share)
    if rule.wage_credit_ppm and not good.knows_wages:
        yield Check(True, "credit for high-wage plants not counted: the network carries no wages")
    if rule.value_base == "total_value":
        yield Check(True, _technology_words(good))


def _technology_words(good: Materials) -> str:
    if good.technology <= 0 or good.net_cost <= 0:
        return "technology and software not counted: the network carries none"
    share = 100 * good.technology / (good.net_cost + good.technology)
    return f"technology and software are {share:.2f} % of the value"


def wage_credit_ppm(rule: OriginRule, good: Materials) -> float:
    """Points of content for value made in high-wage plants, up to what the rule gives."""
    if not rule.wage_credit_ppm or not good.knows_wages or good.net_cost <= 0:
        return 0.0
    return min(float(rule.wage_credit_ppm), PPM * (good.high_wage + good.high_wage_labour) / good.net_cost)


def _metal(asked_ppm: int, metal: str, regional: float, total: float) -> Check:
    """Regional share of the metal in a vehicle, all tiers.

    The rule asks for the producer's purchases; what the vehicles hold stands in for them, and regional melting for
    origin (assumptions; SOR/2020-155 s.17).
    """
    if total <= 0:
        return Check(True, f"{metal} not tested: the network carries no purchases of {metal}")
    return _reached(f"regional {metal}", PPM * regional / total, asked_ppm)


def _labour(rule: OriginRule, good: Materials) -> Iterator[Check]:
    """Labour value content by net cost: high-wage materials at their full price, high-wage labour, points.

    References
    ----------
    SOR/2020-155 s.18.
    """
    if not good.knows_wages or not rule.wage_floor:
        yield Check(True, "labour value not tested: the network carries no wages")
        return
    material = PPM * (good.high_wage + good.high_wage_labour) / good.net_cost if good.net_cost > 0 else 0.0
    points = min(good.technology_ppm, rule.labour_technology_ppm) + min(good.assembly_ppm, rule.labour_assembly_ppm)
    if rule.labour_material_ppm:
        yield _reached("high-wage material and labour", material, rule.labour_material_ppm)
    yield _reached("labour value", material + points, rule.labour_value_ppm)


def _reached(what: str, share_ppm: float, asked_ppm: int) -> Check:
    passes = share_ppm >= asked_ppm - NEAR
    verb = "reaches" if passes else "is below"
    return Check(passes, f"{what} {share_ppm / 1e4:.2f} % {verb} {asked_ppm / 1e4:g} %", share_ppm - asked_ppm)
