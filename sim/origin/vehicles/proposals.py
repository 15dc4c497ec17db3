"""Tests that proposals would add: a share of single countries, a limit on non-market content, and other values counted.

The share of a country has two readings, of the whole vehicle or of its regional value: press reports do not settle
which is meant. Technology and software may count as value, and high-wage plants may earn points, where a reform says
so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from sim.law import OriginRule
from sim.origin.finding import Finding, Number, Plain
from sim.origin.good import ZERO, Material, Question
from sim.origin.numbers import by_country, number, share, show, show_share
from sim.origin.vehicles.law_lookup import HUNDRED, cite, ppm
from sim.reading import Node

BASES = ("vehicle", "regional")
_BASE_WORDS = {"vehicle": "vehicle", "regional": "regional value"}
_COUNTED = ("technology", "software", "research")


@dataclass(frozen=True, slots=True)
class National:
    """The section ``national``.

    Parameters
    ----------
    net_cost, regional_value, total_value : Fraction, optional
        Of the vehicle; net cost and regional value default to those of the file.
    by_country : mapping of str to Fraction
        Value made in each country.
    counted : mapping of str to Fraction
        Regional value of technology, software and research, counted where the law counts them.
    counted_abroad : Fraction
        The same from outside the region.
    high_wage : Fraction
        Value made in high-wage plants.
    non_market : mapping of str to Fraction
        Foreign value by non-market economy.
    limit, base : Fraction, str
        Limit on non-market content and base of the national share, where the file sets them.
    asked : mapping of str to Fraction
        Share asked of countries, where the file sets it.
    """

    net_cost: Fraction | None = None
    regional_value: Fraction | None = None
    total_value: Fraction | None = None
    by_country: Mapping[str, Fraction] = field(default_factory=dict)
    counted: Mapping[str, Fraction] = field(default_factory=dict)
    counted_abroad: Fraction = ZERO
    high_wage: Fraction = ZERO
    non_market: Mapping[str, Fraction] = field(default_factory=dict)
    limit: Fraction | None = None
    base: str = ""
    asked: Mapping[str, Fraction] = field(default_factory=dict)


_AMOUNTS = ("net_cost", "regional_value", "total_value")
_KEYS = (*_AMOUNTS, *_COUNTED, "by_country", "counted_abroad", "high_wage", "non_market", "limit", "base", "asked")


def read(node: Node) -> National:
    """Read ``national: {net_cost: 30000, regional_value: 25200, by_country: {US: 12600}, base: regional}``."""
    entries = node.fields(_KEYS)
    amounts = {key: number(entries[key]) if key in entries else None for key in _AMOUNTS}
    return National(
        amounts["net_cost"],
        amounts["regional_value"],
        amounts["total_value"],
        by_country(entries.get("by_country")),
        {key: number(entries[key]) for key in _COUNTED if key in entries},
        number(entries["counted_abroad"]) if "counted_abroad" in entries else ZERO,
        number(entries["high_wage"]) if "high_wage" in entries else ZERO,
        by_country(entries.get("non_market")),
        share(entries["limit"]) if "limit" in entries else None,
        entries["base"].text(BASES, "bases") if "base" in entries else "",
        by_country(entries.get("asked"), share),
    )


def find(section: National | None, question: Question, rule: OriginRule | None) -> Finding:
    """Shares of single countries in both readings, non-market content, and points of high-wage plants.

    Returns
    -------
    Finding
        ``US_share_of_vehicle_pct``, ``US_share_of_regional_pct`` and so on, and whether each reading is met.
    """
    section = section or National()
    cost = section.net_cost if section.net_cost is not None else question.costs.net_cost
    inner = [*_shares(section, question, rule, cost), *_non_market(section, question, rule, cost)]
    inner += _credit(section, rule, cost)
    values: dict[str, Number | Plain] = {}
    for finding in inner:
        values |= finding.values
    needs = tuple(need for finding in inner for need in finding.needs)
    outcomes = [finding.passes for finding in inner]
    passes: bool | None = None
    if False in outcomes:
        passes = False
    elif True in outcomes and not needs:
        passes = True
    words = "What proposals ask beside the regional value content."
    return Finding("national content", passes, words, "", values, None, needs, tuple(inner))


def _shares(section: National, question: Question, rule: OriginRule | None, cost: Fraction | None) -> list[Finding]:
    asked = dict(section.asked) or {c: ppm(x) for c, x in (rule.national_ppm if rule else {}).items()}
    decides = section.base or (rule.national_base if rule else BASES[0])
    told = section.by_country or _from_materials(question, cost)
    reference = cite(rule, "rules of origin", "national_ppm")
    found = []
    for country in sorted({*asked, *section.by_country}):
        amount = told.get(country)
        regional = section.regional_value if section.regional_value is not None else _regional(question, cost)
        if amount is None or not cost or not regional:
            if country in asked:
                needs = (f"value made in {country} (national: by_country), net cost and regional value",)
                found.append(Finding(f"share of {country}", None, "Facts are missing.", "", {}, reference, needs))
            continue
        shares = {"vehicle": amount / cost, "regional": amount / regional}
        values: dict[str, Number | Plain] = {f"{country}_share_of_{k}_pct": x * HUNDRED for k, x in shares.items()}
        values["regional_pct"] = regional / cost * HUNDRED
        shown = f"{show(amount)} / {show(cost)} = {show_share(shares['vehicle'])} of the vehicle; "
        shown += f"{show(amount)} / {show(regional)} = {show_share(shares['regional'])} of its regional value"
        passes: bool | None = None
        words = "No share is asked."
        if country in asked:
            values |= {f"{country}_passes_of_{k}": x >= asked[country] for k, x in shares.items()}
            passes = shares[decides] >= asked[country]
            words = (
                f"{show_share(asked[country])} of the {decides}{' value' if decides == 'regional' else ''} is asked."
            )
        found.append(Finding(f"share of {country}", passes, words, shown, values, reference))
    return found


def _regional(question: Question, cost: Fraction | None) -> Fraction | None:
    foreign = question.costs.non_originating_materials
    return cost - foreign if cost is not None and foreign is not None else None


def _from_materials(question: Question, cost: Fraction | None) -> dict[str, Fraction]:
    """Value by country: of each material as stated or where it was made, of the rest where the good is made."""
    found: dict[str, Fraction] = {}
    rest = cost if cost is not None else ZERO
    for material in question.materials:
        value = material.value or ZERO
        rest -= value
        for country, amount in (material.by_country or {material.made_in: value}).items():
            if country:
                found[country] = found.get(country, ZERO) + amount
    if cost is not None and question.good.made_in:
        found[question.good.made_in] = found.get(question.good.made_in, ZERO) + max(rest, ZERO)
    return found if question.materials else {}


def _non_market(section: National, question: Question, rule: OriginRule | None, cost: Fraction | None) -> list[Finding]:
    limit = section.limit
    if limit is None and rule is not None and rule.non_market_ppm < HUNDRED * 10_000:
        limit = ppm(rule.non_market_ppm)
    economies = tuple(section.non_market) or (rule.non_market if rule else ())
    if limit is None and not section.non_market:
        return []
    reference = cite(rule, "rules of origin", "non_market_ppm")
    amount = sum(section.non_market.values(), ZERO)
    if not section.non_market:
        amount = sum((_inside(x, economies) for x in question.materials), ZERO)
    if not cost:
        return [Finding("non-market content", None, "Facts are missing.", "", {}, reference, ("net cost",))]
    part = amount / cost
    values: dict[str, Number | Plain] = {"non_market_pct": part * HUNDRED}
    shown = f"{show(amount)} / {show(cost)} = {show_share(part)}"
    if limit is None:
        return [Finding("non-market content", None, "No limit is set.", shown, values, reference)]
    values["non_market_passes"] = part <= limit
    words = f"At most {show_share(limit)} may come from {', '.join(economies) or 'non-market economies'}."
    return [Finding("non-market content", part <= limit, words, shown, values, reference)]


def _inside(material: Material, economies: tuple[str, ...]) -> Fraction:
    """Value from some economies in a material: as stated by country, all of an import, or what is inside."""
    if material.by_country:
        return sum((x for country, x in material.by_country.items() if country in economies), ZERO)
    if material.made_in in economies:
        return material.value or ZERO
    return sum((_inside(inner, economies) for inner in material.materials), ZERO)


def _credit(section: National, rule: OriginRule | None, cost: Fraction | None) -> list[Finding]:
    """Points for value made in high-wage plants, up to the cap the law sets."""
    if rule is None or not rule.wage_credit_ppm or not section.high_wage or not cost:
        return []
    credit = min(section.high_wage / cost, ppm(rule.wage_credit_ppm))
    words = f"Value of high-wage plants earns up to {show_share(ppm(rule.wage_credit_ppm))}."
    shown = f"{show(section.high_wage)} / {show(cost)} = {show_share(section.high_wage / cost)}"
    values: dict[str, Number | Plain] = {"rvc_credit_pct": credit * HUNDRED, "credit_floor_pct": ZERO}
    reference = cite(rule, "rules of origin", "wage_credit_ppm")
    return [Finding("high-wage credit", None, words, shown, values, reference)]


def total_value(section: National, question: Question, rule: OriginRule, vnm: Fraction | None) -> Finding | None:
    """Content as a share of the whole value, technology and software counted; None where the facts are not told.

    Regional value is net cost less foreign materials, plus regional technology, software and research; the base is the
    total value if told, else net cost and all of those.
    """
    cost = section.net_cost if section.net_cost is not None else question.costs.net_cost
    regional = section.regional_value
    if regional is None and cost is not None and vnm is not None:
        regional = cost - vnm
    if cost is None or regional is None:
        return None
    counted = sum(section.counted.values(), ZERO)
    base = section.total_value if section.total_value is not None else cost + counted + section.counted_abroad
    if base <= 0:
        return None
    content = (regional + counted) / base
    asked = ppm(rule.threshold_ppm)
    passes = content >= asked
    shown = f"({show(regional)} + {show(counted)}) / {show(base)} = {show_share(content)}"
    words = f"Of the total value, technology and software counted, {show_share(asked)} is asked."
    values: dict[str, Number | Plain] = {"rvc_pct": content * HUNDRED, "content_passes": passes}
    reference = cite(rule, "rules of origin", "value_base")
    return Finding("regional value content", passes, words, shown, values, reference)
