"""Change of tariff classification: which non-originating materials miss it, and whether the tolerance saves them.

References
----------
SOR/2020-155 s.3(8), s.5, s.9(7); SOR/94-14 s.4(8), s.5, s.14.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sim.law.facts import digits
from sim.origin.agreement_terms import Context, Terms
from sim.origin.books.net_cost import cost_sheet
from sim.origin.finding import Finding, Plain
from sim.origin.good import ZERO, Material, ProductRule, Question
from sim.origin.materials import NO_ACCUMULATION, accumulates, brought, brought_by, standing
from sim.origin.numbers import HUNDRED, printed, show, show_share, within

_BASES = {
    True: "transaction value or total cost",
    False: "transaction value, or total cost where no acceptable price is known",
}
_WIDTH = {"chapter": 2, "heading": 4, "subheading": 6}


@dataclass(frozen=True, slots=True)
class Changed:
    """Whether one material changes classification, and why; `failing` are the materials that do not."""

    passes: bool | None
    words: str
    needs: tuple[str, ...] = ()
    failing: tuple[Material, ...] = ()


def find(question: Question, rule: ProductRule, context: Context) -> Finding:
    """Whether every non-originating material changes classification, or those that do not are within the tolerance.

    Parameters
    ----------
    rule : ProductRule
        Its `change`, `excepted` and `only_from` apply.
    """
    if not question.materials:
        lacking = ("materials with their tariff codes",)
        return Finding("tariff shift", None, "No materials are listed.", _asked(rule), needs=lacking)
    results = [(material, _changed(material, question, rule, context)) for material in question.materials]
    lines = "; ".join(f"{material.name}: {result.words}" for material, result in results)
    failing = tuple(item for _, result in results for item in result.failing)
    needs = tuple(need for _, result in results for need in result.needs)
    if not failing and not needs:
        words = "Every non-originating material changes classification as the rule asks."
        reference = context.terms.reference("tariff_shift")
        return Finding("tariff shift", True, words, f"{_asked(rule)}. {lines}", {"shift_waived": False}, reference)
    if not failing:
        return Finding("tariff shift", None, "A classification is missing.", f"{_asked(rule)}. {lines}", needs=needs)
    inner = tolerance(question, failing, context)
    passes = inner.passes if not needs or inner.passes is False else None  # what is missing can only make it worse
    names = ", ".join(item.name for item in failing)
    verdict = {
        True: ", but is within the tolerance",
        False: ", and no tolerance saves it",
        None: "; whether a tolerance saves it is unresolved",
    }
    words = f"{names} does not change classification{verdict[passes]}."
    values = {**inner.values, "shift_waived": bool(passes)}
    return Finding(
        "tariff shift",
        passes,
        words,
        f"{_asked(rule)}. {lines}",
        values,
        context.terms.reference("de_minimis"),
        (*needs, *inner.needs) if passes is None else (),
        (inner,),
    )


def _asked(rule: ProductRule) -> str:
    text = f"Asked: a change from any other {rule.change}"
    if rule.only_from:
        text = f"Asked: a change from {', '.join(map(printed, rule.only_from))}"
        text += f" or any other {rule.or_other}" if rule.or_other else ""
    return text + (f", except from {', '.join(map(printed, rule.excepted))}" if rule.excepted else "")


def _changed(material: Material, question: Question, rule: ProductRule, context: Context) -> Changed:
    """Whether a material changes, itself or by what is inside it where the producer may choose."""
    if material.packaging:
        kind = "an accessory" if material.packaging == "accessory" else "packing"
        return Changed(True, f"{kind}, which the change of classification disregards")
    originating, why, _ = standing(material, context)
    if originating:
        return Changed(True, why)
    itself = _differs(material, question, rule)
    if itself.passes:
        words = "made by the producer and tested itself: " if material.self_produced else ""
        return Changed(True, words + itself.words)
    if originating is None and not material.self_produced and not itself.needs:
        return Changed(None, why, (f"whether '{material.name}' originates",))
    contents = _contents(material, question, rule, context)
    if contents is None:
        return itself
    if contents.passes or (contents.passes is False and itself.passes is None):
        return contents
    if contents.passes is None and itself.passes is False:
        return contents
    # Neither way passes: the way with less in the wrong class is the producer's choice.
    ways = [way for way in (itself, contents) if way.failing]
    return min(ways, key=lambda way: _sum_of(way.failing, context) or ZERO) if ways else itself


def _contents(material: Material, question: Question, rule: ProductRule, context: Context) -> Changed | None:
    """Test what is inside: of a self-made material, or of one whose maker signed the classifications; else None."""
    if material.self_produced and material.materials:
        inner = [_changed(item, question, rule, context) for item in material.materials]
        pairs = zip(material.materials, inner, strict=True)
        words = "; ".join(f"{item.name}: {result.words}" for item, result in pairs)
        needs = tuple(need for result in inner for need in result.needs)
        failing = tuple(item for result in inner for item in result.failing)
        passes = False if failing else None if needs else True
        return Changed(passes, f"made by the producer, of which {words}", needs, failing)
    if accumulates(material, context.terms) and material.statement and material.statement.classifications:
        codes = material.statement.classifications
        tests = [_code_differs(code, question, rule) for code in codes]
        words = f"its maker signed what went in: {', '.join(map(printed, codes))}"
        if all(test.passes for test in tests):
            return Changed(True, f"{words}, which all change")
        failed = any(test.passes is False for test in tests)
        needs = () if failed else tuple(need for test in tests for need in test.needs)
        return Changed(False if failed else None, words, needs, (material,) if failed else ())
    return None


def _differs(material: Material, question: Question, rule: ProductRule) -> Changed:
    if not material.hts and material.same_class is not None:
        if material.same_class:
            return Changed(False, f"in the same {rule.change} as the good", failing=(material,))
        return Changed(True, f"from another {rule.change}")
    if not material.hts:
        return Changed(None, "its tariff code is not stated", (f"the tariff code of '{material.name}'",))
    result = _code_differs(digits(material.hts), question, rule)
    failing = (material,) if result.passes is False else ()
    return Changed(result.passes, result.words, result.needs, failing)


def _code_differs(found: str, question: Question, rule: ProductRule) -> Changed:
    """Whether a code counts as changed under a rule."""
    more = (f"more digits of the tariff code {printed(found)}",)
    excepted = within(found, rule.excepted)
    if excepted:
        return Changed(False, f"{printed(found)} is excepted by the rule")
    good = digits(question.good.hts)
    if not rule.only_from:
        return _at_level(found, good, rule.change, excepted is None)
    inside = within(found, rule.only_from)
    if inside:
        return _at_level(found, good, rule.change, excepted is None)
    if rule.or_other:
        other = _at_level(found, good, rule.or_other, excepted is None)
        return replace(other, passes=None, needs=more) if inside is None and other.passes is False else other
    if inside is None:
        return Changed(None, f"{printed(found)} is too short", more)
    return Changed(False, f"{printed(found)} is not among the codes the change may come from")


def _at_level(found: str, good: str, level: str, maybe_excepted: bool) -> Changed:
    """Whether a code is of another chapter, heading or subheading than the good."""
    width = _WIDTH[level]
    more = (f"more digits of the tariff code {printed(found)}",)
    shared = min(len(found), len(good), width)
    if found[:shared] != good[:shared]:
        if maybe_excepted:
            return Changed(None, f"{printed(found)} may be excepted", more)
        return Changed(True, f"{printed(found[:width])} is another {level} than {printed(good[:width])}")
    if len(good) < width:
        return Changed(None, "the good's code is missing", (f"the good's tariff code to the {level}",))
    if len(found) < width:
        return Changed(None, f"{printed(found)} is too short", more)
    return Changed(False, f"{printed(found[:width])} is the {level} of the good")


def _sum_of(materials: Sequence[Material], context: Context) -> Fraction | None:
    """Value of materials that do not change: in full, whatever their makers state."""
    total = ZERO
    for material in materials:
        item = brought(material, context, NO_ACCUMULATION)
        value = item.total if material.self_produced else item.vnm
        if value is None:
            return None
        total += value
    return total


def bases(question: Question, context: Context) -> tuple[list[tuple[str, Fraction]], tuple[str, ...]]:
    """What a tolerance may be measured on, in the order of the law; with what would have to be known for more."""
    price = question.transaction_value if question.acceptable else None
    sheet = cost_sheet(question.costs, brought_by(question.materials, context))
    found = [("transaction value", price)] if price is not None else []
    if sheet.total is not None and (not found or context.terms.de_minimis_base == "either"):
        found.append(("total cost", sheet.total))
    known = [(name, value) for name, value in found if value is not None and value > 0]
    needs = () if known else ("transaction_value, or costs that give the total cost",)
    return known, needs


def tolerance(question: Question, failing: Sequence[Material], context: Context) -> Finding:
    """Whether materials that do not change classification are few enough to be disregarded."""
    terms = context.terms
    limit = terms.de_minimis
    if limit is None:
        lacking = ("agreement and on (whose tolerance applies)",)
        return Finding("de minimis", None, "No agreement gives a tolerance.", needs=lacking)
    base_words = _BASES[terms.de_minimis_base == "either"]
    values: dict[str, Fraction | Plain] = {"de_minimis_limit_pct": limit * HUNDRED, "de_minimis_base": base_words}
    reference = terms.reference("de_minimis")
    barred = _barred(question, failing, terms)
    if barred:
        return Finding("de minimis", False, barred, "", values, reference)
    amount = _sum_of(failing, context)
    if amount is None:
        names = [f"the value of '{item.name}'" for item in failing if _sum_of((item,), context) is None]
        words = f"Met if their value is at most {show_share(limit)} of the {base_words}."
        return Finding("de minimis", None, words, "", values, reference, tuple(names))
    known, needs = bases(question, context)
    values["non_shifting_value"] = amount
    if not amount:
        return Finding("de minimis", True, "What does not change has no value.", "", values, reference)
    net = cost_sheet(question.costs, brought_by(question.materials, context)).net
    if not known and net and amount <= limit * net:
        known = [("net cost, which total cost is never below", net)]
    if not known:
        words = f"{show(amount)} does not change classification; the base is not known."
        return Finding("de minimis", None, words, "", values, reference, needs)
    base_name, base = max(known, key=lambda item: item[1])
    part = amount / base
    values |= {"non_shifting_pct": part * HUNDRED, "within_de_minimis": part <= limit}
    arithmetic = f"{show(amount)} / {base_name} {show(base)} = {show_share(part)}; limit {show_share(limit)}"
    words = f"{show_share(part)} of the {base_name} does not change classification."
    return Finding("de minimis", part <= limit, words, arithmetic, values, reference)


def _barred(question: Question, failing: Sequence[Material], terms: Terms) -> str:
    """Why no tolerance by value applies to such a good; empty where it does."""
    good = digits(question.good.hts)
    if good and within(good, terms.weight_codes):
        return "For this good the tolerance goes by weight: see the section 'textile'."
    if good and within(good, terms.same_subheading_codes):
        for item in failing:
            if item.hts and digits(item.hts)[:6] == good[:6]:
                return f"The tolerance does not cover {item.name}, which is of the subheading of the good."
    return ""
