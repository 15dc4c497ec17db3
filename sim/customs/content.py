"""Origin: regional content of every recipe under an agreement, and whether its output originates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sim.law.facts import OriginRule

PPM = 1_000_000
PLACES = ("US", "CA", "MX", "overseas")


@dataclass(frozen=True, slots=True)
class Materials:
    """Average values of one unit of a good and of what went into it, US dollars.

    Parameters
    ----------
    price : float
        Ex-works value.
    net_cost : float
        Costs of making it, purchased materials with their freight and duties included.
    traced : float
        Listed materials imported from outside the region, at their value on import, through every tier.
    non_originating : float
        Acquired materials that do not originate, at their full price (roll-down); nothing for those that do
        (roll-up).
    unshifted : float
        The part of it classified in the good's own heading.
    core_net_cost, core_foreign : float
        Net cost of all core parts inside, and the foreign materials in them.
    core_failing : float
        Full price of the core parts among `non_originating`.
    core_fails : bool
        Whether a core part inside does not originate by itself.
    by_place : mapping of str to float
        Value added by place: ``US``, ``CA``, ``MX``, ``overseas``.
    """

    price: float
    net_cost: float
    traced: float
    non_originating: float
    unshifted: float
    core_net_cost: float
    core_foreign: float
    core_failing: float
    core_fails: bool
    by_place: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of one recipe's output under one agreement, averaged over what was made.

    Parameters
    ----------
    recipe, part : str
    on : date
        Day whose rule was applied.
    agreement : str
        Empty when no agreement was in force.
    kind : str
        Kind of rule: ``regional_value``, ``tariff_shift``, ``either``, or ``outside`` for goods made
        elsewhere.
    content_pct, threshold_pct : float
        Regional value content, and what the rule asks (0 for none). Without an agreement, the three countries' share
        of the value added stands for content.
    net_cost_usd, foreign_usd : float
        Net cost and value of non-originating (or traced) materials behind the content.
    share_pct : mapping of str to float
        Share of the value added by place: ``US``, ``CA``, ``MX``, ``overseas``.
    originates : bool
    reason : str
        The test that decided, in words.
    margin_pct : float
        Percentage points between the content (or national share) and what is asked, whichever is nearer or falls
        further short; 100 where nothing is.
    """

    recipe: str
    part: str
    on: dt.date
    agreement: str
    kind: str
    content_pct: float
    threshold_pct: float
    net_cost_usd: float
    foreign_usd: float
    share_pct: Mapping[str, float]
    originates: bool
    reason: str
    margin_pct: float = 100.0


@dataclass(frozen=True, slots=True)
class Test:
    """Outcome of a rule of origin: foreign value counted, content, and whether it is met.

    `margin_ppm` is the least distance of a content or national share from what is asked of it, negative where it
    falls short; `PPM` where no share is asked.
    """

    foreign: float
    content_ppm: float
    passes: bool
    reason: str
    margin_ppm: float = float(PPM)


def apply_rule(rule: OriginRule, good: Materials) -> Test:
    """Decide whether a good originates.

    Parameters
    ----------
    rule : OriginRule
        Thresholds and methods in force.
    good : Materials
        Average values of the good over the averaging period.

    Returns
    -------
    Test
        With the value of non-originating materials that the rule counts and the content in parts per million.

    Notes
    -----
    Regional value content = (net cost - foreign) / net cost. NAFTA counts as foreign the traced imports,
    whatever happened to them since: no roll-up and no roll-down (NAFTA Uniform Regulations s.9). CUSMA
    counts acquired materials that do not originate in full and the others not at all (CUSMA Uniform
    Regulations s.7(4), s.14(1)).

    References
    ----------
    SOR/94-14 s.9, s.5; SOR/2020-155 s.5, s.7, s.14.
    """
    core_ok = not good.core_fails or _super_core(rule, good)
    foreign = good.traced if rule.vnm_method == "traced" else _rolled_up(rule, good, core_ok)
    content = PPM * (good.net_cost - foreign) / good.net_cost if good.net_cost > 0 else 0.0
    shifted = good.unshifted <= rule.de_minimis_ppm / PPM * good.price + 1e-9
    enough = content >= rule.threshold_ppm - 1e-6
    if rule.kind == "tariff_shift":
        return Test(foreign, content, shifted, _shift_words(shifted, good))
    if rule.kind == "either" and shifted:
        return Test(foreign, content, True, _shift_words(True, good))
    margin = content - rule.threshold_ppm
    if not enough:
        words = f"content {content / 1e4:.2f} % is below {rule.threshold_ppm / 1e4:g} %"
        return Test(foreign, content, False, words, margin)
    reached = f"content {content / 1e4:.2f} % reaches {rule.threshold_ppm / 1e4:g} %"
    for place, least in rule.national_ppm.items():
        share = _national_share(rule, good, place, foreign)
        margin = min(margin, share - least)
        if share < least - 1e-6:
            words = f"{place} share {share / 1e4:.2f} % is below {least / 1e4:g} %"
            return Test(foreign, content, False, words, margin)
        reached += f", {place} share {share / 1e4:.2f} % reaches {least / 1e4:g} %"
    if rule.core_parts_required and not core_ok:
        return Test(foreign, content, False, "a core part does not originate, nor do all core parts together", margin)
    return Test(foreign, content, True, reached, margin)


def _super_core(rule: OriginRule, good: Materials) -> bool:
    """All core parts taken as one: SOR/2020-155 s.14(10)(a)."""
    if not rule.core_parts_required or good.core_net_cost <= 0:
        return False
    return PPM * (good.core_net_cost - good.core_foreign) / good.core_net_cost >= rule.threshold_ppm - 1e-6


def _rolled_up(rule: OriginRule, good: Materials, core_ok: bool) -> float:
    """Non-originating materials under the reading of the roll-up in use."""
    if not rule.core_parts_required:
        return good.non_originating
    if rule.roll_up_reading == "us_strict":
        return good.non_originating - good.core_failing + good.core_foreign
    if rule.roll_up_reading == "panel" and core_ok:
        return good.non_originating - good.core_failing
    return good.non_originating


def _national_share(rule: OriginRule, good: Materials, place: str, foreign: float) -> float:
    base = good.net_cost - foreign if rule.national_base == "regional" else good.net_cost
    return PPM * good.by_place.get(place, 0.0) / base if base > 0 else 0.0


def _shift_words(shifted: bool, good: Materials) -> str:
    if shifted and good.unshifted <= 0:
        return "every foreign material changes heading"
    if shifted:
        return "foreign material that keeps its heading is within the tolerance"
    return "foreign material keeps the heading of the good"
