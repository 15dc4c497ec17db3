"""Origin: regional content of every recipe under an agreement, and whether its output originates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sim.customs.besides import checks, core_failing, wage_credit_ppm
from sim.customs.materials import PLACES, Materials
from sim.law.facts import OriginRule
from sim.units import PPM

__all__ = ["PLACES", "PPM", "Materials", "Origin", "Test", "apply_rule"]


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
    begins, ends : date, optional
        First and last day of the averaging period.
    importer : str
        Country of entry, where the agreement is read otherwise there; empty for the reading in general.
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
    begins: dt.date | None = None
    ends: dt.date | None = None
    importer: str = ""


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
    Regional value content = (net cost - foreign) / net cost; where a proposal takes the total value instead, the
    region's technology is added above and below. NAFTA counts as foreign the traced imports,
    whatever happened to them since: no roll-up and no roll-down (NAFTA Uniform Regulations s.9). CUSMA
    counts acquired materials that do not originate in full and the others not at all (CUSMA Uniform
    Regulations s.7(4), s.14(1)).

    References
    ----------
    SOR/94-14 s.9, s.5; SOR/2020-155 s.5, s.7, s.14.
    """
    foreign = good.traced if rule.vnm_method == "traced" else _rolled_up(rule, good)
    base = good.net_cost + (good.technology if rule.value_base == "total_value" else 0.0)
    content = PPM * (base - foreign) / base if base > 0 else 0.0
    credit = wage_credit_ppm(rule, good)
    content += credit
    kept = good.keeps(rule.change)
    shifted = kept <= rule.de_minimis_ppm / PPM * good.price + 1e-9
    enough = content >= rule.threshold_ppm - 1e-6
    if rule.kind == "tariff_shift":
        return Test(foreign, content, shifted, _shift_words(shifted, kept, rule.change))
    if rule.kind == "either" and shifted:
        return Test(foreign, content, True, _shift_words(True, kept, rule.change))
    margin = content - rule.threshold_ppm
    if not enough:
        words = f"content {content / 1e4:.2f} % is below {rule.threshold_ppm / 1e4:g} %"
        return Test(foreign, content, False, words, margin)
    if rule.kind == "regional_value" and rule.change and not shifted:
        return Test(foreign, content, False, _shift_words(False, kept, rule.change), margin)
    reached = f"content {content / 1e4:.2f} % reaches {rule.threshold_ppm / 1e4:g} %"
    for place, least in rule.national_ppm.items():
        share = _national_share(rule, good, place, foreign)
        margin = min(margin, share - least)
        if share < least - 1e-6:
            words = f"{place} share {share / 1e4:.2f} % is below {least / 1e4:g} %"
            return Test(foreign, content, False, words, margin)
        reached += f", {place} share {share / 1e4:.2f} % reaches {least / 1e4:g} %"
    if credit:
        reached += f" with {credit / 1e4:.2f} points for high-wage plants"
    for check in checks(rule, good):
        margin = min(margin, check.margin_ppm)
        if not check.passes:
            return Test(foreign, content, False, check.words, margin)
        reached += f", {check.words}"
    return Test(foreign, content, True, reached, margin)


def _rolled_up(rule: OriginRule, good: Materials) -> float:
    """Non-originating materials under the reading of the roll-up in use."""
    if not rule.core_parts_required:
        return good.non_originating
    if rule.roll_up_reading == "us_strict":
        return good.non_originating - good.core_failing + good.core_foreign
    if rule.roll_up_reading == "panel":
        return good.non_originating - good.core_failing + core_failing(rule, good)
    return good.non_originating


def _national_share(rule: OriginRule, good: Materials, place: str, foreign: float) -> float:
    base = good.net_cost - foreign if rule.national_base == "regional" else good.net_cost
    return PPM * good.by_place.get(place, 0.0) / base if base > 0 else 0.0


def _shift_words(shifted: bool, kept: float, change: str) -> str:
    level = change or "heading"
    if shifted and kept <= 0:
        return f"every foreign material changes {level}"
    if shifted:
        return f"foreign material that keeps its {level} is within the tolerance"
    return f"foreign material keeps the {level} of the good"
