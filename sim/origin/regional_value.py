"""Regional value content by net cost and by transaction value, and when it need not be met at all.

References
----------
SOR/2020-155 s.5(4), s.7, s.9; SOR/94-14 s.5(4), s.6, s.14.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from sim.origin.agreement_terms import Context, Terms
from sim.origin.books.net_cost import Sheet, cost_sheet
from sim.origin.books.net_cost import find as find_costs
from sim.origin.finding import Finding, Plain
from sim.origin.good import ZERO, Material, ProductRule, Question
from sim.origin.materials import (
    NET_COST,
    NO_ACCUMULATION,
    NO_STATEMENT,
    TRANSACTION_VALUE,
    accumulates,
    brought_by,
    found_by,
)
from sim.origin.numbers import HUNDRED, show, show_share
from sim.origin.tariff_shift import bases

_METHODS = (NET_COST, TRANSACTION_VALUE)

# A method of the law that gives the foreign value itself (tracing); None where materials roll up.
ForeignValue = Callable[[Question, str], Finding | None]


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Costs and foreign value of a good under one method."""

    sheet: Sheet
    vnm: Fraction | None
    vnm_needs: tuple[str, ...]
    vnm_words: str
    inner: tuple[Finding, ...]


def no_other_method(question: Question, method: str) -> None:
    """Materials roll up: no method of the law gives the foreign value by itself."""


def reckon(
    question: Question,
    context: Context,
    method: str,
    *,
    more_excluded: Fraction = ZERO,
    foreign: ForeignValue = no_other_method,
) -> Reckoning:
    """Costs and foreign value of a good under one method; `foreign` may give the latter by another rule."""
    materials = brought_by(question.materials, context, method)
    sheet = cost_sheet(question.costs, materials, more_excluded)
    special = foreign(question, method)
    inner = found_by(materials, context.terms)
    if special is None:
        return Reckoning(sheet, sheet.vnm, sheet.vnm_needs, sheet.vnm_arithmetic + _unused(question), inner)
    vnm = special.values.get("vnm")
    counted = Fraction(vnm) if isinstance(vnm, int | Fraction) else None
    return Reckoning(sheet, counted, special.needs, special.arithmetic or special.words, (special,))


def _unused(question: Question) -> str:
    """Treatments that the file names and that change nothing, since materials roll up."""
    named = [item.name for item in question.materials if item.treatment not in ("", NO_STATEMENT)]
    return f" (treatment of {', '.join(named)} not used: materials roll up)" if named else ""


def find(
    question: Question,
    rule: ProductRule,
    context: Context,
    *,
    more_excluded: Fraction = ZERO,
    foreign: ForeignValue = no_other_method,
) -> Finding:
    """Whether the content reaches what the rule asks, by any method that is open, or need not.

    Parameters
    ----------
    rule : ProductRule
        Its `net_cost` and `transaction_value` apply; None closes a method.
    more_excluded : Fraction
        Excluded costs found elsewhere (interest that is not allowable).
    foreign : callable
        A method of the law that gives the foreign value by itself, such as tracing.
    """
    closed = _closed(question, rule, context)
    wanted = [question.method] if question.method in _METHODS else list(_METHODS)
    tried = [m for m in wanted if m not in closed] or [m for m in _METHODS if m not in closed]
    told = [m for m in tried if _told(question, m)] or tried
    found = {m: reckon(question, context, m, more_excluded=more_excluded, foreign=foreign) for m in told}
    tests = [_by_method(question, rule, method, item) for method, item in found.items()] or [_no_method(closed)]
    waiver = _waived(question, context, foreign)
    result = _best(tests, waiver, context.terms)
    if not result.passes:
        other = _also(question, wanted, closed, [m for m in tried if m not in told])
        result = replace(result, words=result.words + other)
    if NET_COST in found:
        costs = find_costs(question.costs, found[NET_COST].sheet, context.terms.reference("net_cost"))
        result = replace(result, inner=(costs, *result.inner))
    designated = designations(question, context)
    return result if designated is None else _with(result, designated)


def _best(tests: list[Finding], waiver: tuple[Finding, ...], terms: Terms) -> Finding:
    """Met where one method or the waiver meets it; a single method needs no finding of its own."""
    passing = [test for test in (*tests, *waiver) if test.passes]
    lacking = [test for test in tests if test.passes is None]
    passes = True if passing else None if lacking else False
    needs = tuple(dict.fromkeys(need for test in lacking for need in test.needs)) if passes is None else ()
    words = (passing or tests)[0].words
    values = _values(tests, waiver)
    if passes is None and terms.value_waiver and terms.de_minimis is not None:
        values["value_waiver_limit_pct"] = terms.de_minimis * HUNDRED
        words += f" No content is asked where all non-originating materials are at most {show_share(terms.de_minimis)}"
        words += " of the transaction value or total cost."
    alone = len(tests) == 1 and not waiver
    arithmetic = tests[0].arithmetic if alone else ""
    inner = tests[0].inner if alone else (*tests, *waiver)
    return Finding(
        "regional value content", passes, words, arithmetic, values, terms.reference("content"), needs, inner
    )


def _no_method(closed: dict[str, str]) -> Finding:
    """What is found where the law leaves no method open."""
    reasons = tuple(f"a method that is open ({reason})" for reason in closed.values())
    return Finding("content", None, "No method is open.", needs=reasons)


def _also(question: Question, wanted: list[str], closed: dict[str, str], untold: list[str]) -> str:
    """Why the method asked for was not used, and which other could be."""
    refused = [f" {_name(m)} is not open: {closed[m]}." for m in wanted if m in closed and question.method == m]
    return "".join([*refused, *(f" {_name(m)} is open too, but its base is not told." for m in untold)])


def _with(found: Finding, designated: Finding) -> Finding:
    """The content with what was found about designations: it is unresolved where they may not stand together."""
    inner = (*found.inner, designated)
    values = {**found.values, **designated.values}
    if designated.passes:
        return replace(found, values=values, inner=inner)
    needs = (*found.needs, *designated.needs)
    return replace(found, passes=None, words=designated.words, values=values, inner=inner, needs=needs)


def _name(method: str) -> str:
    return "The " + method.replace("_", " ") + " method"


def _told(question: Question, method: str) -> bool:
    """Whether the base of a method is told, at least in part."""
    if method == TRANSACTION_VALUE:
        return question.transaction_value is not None
    costs = question.costs
    return any(
        x is not None for x in (costs.net_cost, costs.total_cost, costs.other_product, costs.period, costs.other)
    )


def _closed(question: Question, rule: ProductRule, context: Context) -> dict[str, str]:
    """Methods that the law does not open, with the reason."""
    closed = {}
    if rule.net_cost is None:
        closed[NET_COST] = "the rule has no net cost threshold"
    if rule.transaction_value is None:
        closed[TRANSACTION_VALUE] = "the rule has no transaction value threshold"
        return closed
    terms = context.terms
    if not question.acceptable:
        closed[TRANSACTION_VALUE] = "customs valuation does not accept the price"
    elif terms.related_sales and question.related_sales and question.related_sales > terms.related_sales:
        part = show_share(question.related_sales)
        closed[TRANSACTION_VALUE] = f"{part} of sales go to related persons, above {show_share(terms.related_sales)}"
    elif terms.accumulation_by_net_cost_only and any(accumulates(item, terms) for item in question.materials):
        closed[TRANSACTION_VALUE] = "a good that counts a supplier's production must use net cost"
    return closed


def _by_method(question: Question, rule: ProductRule, method: str, item: Reckoning) -> Finding:
    """Content by one method."""
    threshold = rule.net_cost if method == NET_COST else rule.transaction_value
    base = item.sheet.net if method == NET_COST else question.transaction_value
    symbol = "NC" if method == NET_COST else "TV"
    base_needs = item.sheet.needs if method == NET_COST else ("transaction_value",)
    needs = (*(base_needs if base is None else ()), *item.vnm_needs)
    named = {
        "net_cost": item.sheet.net,
        "total_cost": item.sheet.total,
        "vnm": item.vnm,
        "excluded_costs": item.sheet.excluded,
    }
    if method == TRANSACTION_VALUE:
        named = {"transaction_value": question.transaction_value, "vnm": item.vnm}
    values = {name: value for name, value in named.items() if value is not None}
    test = f"content by {method.replace('_', ' ')}"
    if base is None and item.vnm == 0 and question.materials and threshold is not None:
        values |= {"rvc_pct": HUNDRED, "threshold_pct": threshold * HUNDRED}
        return Finding(test, True, "No foreign material counts: content is 100 %.", "", values, None, (), item.inner)
    if base is None or item.vnm is None or threshold is None:
        return Finding(test, None, "Not every figure is known.", item.vnm_words, values, None, needs, item.inner)
    if base <= 0:
        return Finding(test, None, f"{symbol} is zero.", "", values, None, (f"a {test[11:]} above zero",), item.inner)
    content = (base - item.vnm) / base
    # The foreign value at which the content would just be reached tells how much room is left.
    values |= {"rvc_pct": content * HUNDRED, "threshold_pct": threshold * HUNDRED, "vnm_limit": base * (1 - threshold)}
    verdict = "reaches" if content >= threshold else "is below"
    words = f"Regional value content {show_share(content)} {verdict} {show_share(threshold)} of {test[11:]}."
    arithmetic = (
        f"VNM: {item.vnm_words}. ({symbol} {show(base)} - VNM {show(item.vnm)}) / {symbol} {show(base)} "
        f"= {show_share(content)}; asked {show_share(threshold)}"
    )
    return Finding(test, content >= threshold, words, arithmetic, values, None, (), item.inner)


def _waived(question: Question, context: Context, foreign: ForeignValue) -> tuple[Finding, ...]:
    """Whether all non-originating materials are so few that no content is asked; nothing where that cannot be."""
    terms = context.terms
    item = reckon(question, context, NO_ACCUMULATION, foreign=foreign)
    if not terms.value_waiver or terms.de_minimis is None or item.vnm is None:
        return ()
    known, _ = bases(question, context)
    if not known:
        return ()
    name, base = max(known, key=lambda pair: pair[1])
    part = item.vnm / base
    if part > terms.de_minimis:
        return ()
    limit = show_share(terms.de_minimis)
    arithmetic = f"VNM {show(item.vnm)} / {name} {show(base)} = {show_share(part)}; limit {limit}"
    words = f"All non-originating materials are {show_share(part)} of the {name}: no content is asked."
    values: dict[str, Fraction | Plain] = {"value_waived": True, "vnm_share_pct": part * HUNDRED, "vnm": item.vnm}
    return (Finding("content waived", True, words, arithmetic, values, terms.reference("value_waiver")),)


def _values(tests: list[Finding], waiver: tuple[Finding, ...]) -> dict[str, Fraction | Plain]:
    """Results of the deciding method under plain names, and of each under its own."""
    values: dict[str, Fraction | Plain] = {}
    for finding in waiver:
        values |= finding.values
    for test in tests:
        if "rvc_pct" in test.values:
            values[f"rvc_{test.test.removeprefix('content by ').replace(' ', '_')}_pct"] = test.values["rvc_pct"]
    ranked = sorted(reversed(tests), key=lambda test: (test.passes is True, "rvc_pct" in test.values))
    for test in ranked:
        values |= test.values
    return values


def designations(question: Question, context: Context) -> Finding | None:
    """Whether the designations of intermediate materials may stand together; None where nothing is designated.

    Of materials that carry a value rule and lie one inside the other, a producer may designate only one.
    """
    designated = [item for top in question.materials for item in _walk(top) if item.designated]
    if not designated:
        return None
    clash = [
        f"'{inner.name}' inside '{outer.name}'"
        for outer in designated
        for inner in _inside(outer)
        if inner.designated and context.asks_value(outer) and context.asks_value(inner)
    ]
    names = ", ".join(item.name for item in designated)
    allowed = not (clash and context.terms.intermediate_limit)
    words = f"Designated as intermediate materials: {names}."
    if not allowed:
        words += f" Only one of nested materials with a value rule may be: {'; '.join(clash)}."
    reference = context.terms.reference("intermediate_limit")
    needs = () if allowed else (f"which designation stands: {'; '.join(clash)}",)
    passes = True if allowed else None
    return Finding("designation", passes, words, "", {"designation_allowed": allowed}, reference, needs)


def _walk(material: Material) -> list[Material]:
    return [material, *_inside(material)]


def _inside(material: Material) -> list[Material]:
    """All materials inside that count as the producer's own production: self-made, or of an accumulated supplier."""
    own = material.self_produced or material.statement is not None
    return [deeper for item in material.materials for deeper in _walk(item)] if own else []
