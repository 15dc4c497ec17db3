"""The product rule of a good: where it comes from, its tests, and how they combine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sim.law import OriginRule
from sim.origin import regional_value, tariff_shift
from sim.origin.agreement_terms import Context, Terms, share_of
from sim.origin.answer import main_values
from sim.origin.finding import Finding
from sim.origin.good import ZERO, Costs, Good, Material, ProductRule, Question
from sim.origin.numbers import printed, show_share
from sim.origin.textile import NOT_COVERED
from sim.origin.vehicles.law_lookup import part_rule

IMPORTED = "imported"
_VALUE_KINDS = ("regional_value", "both", "either")


@dataclass(frozen=True, slots=True)
class Extra:
    """What other sections bring into the tests of a good."""

    more_excluded: Fraction = ZERO
    foreign: regional_value.ForeignValue = regional_value.no_other_method
    weight: Finding | None = None


NO_EXTRA = Extra()

OwnMethod = Callable[[Question, OriginRule], Finding | None]


def rule_of(law_rule: OriginRule) -> ProductRule:
    """A rule of the law as a product rule: exact shares, and a change of heading where it names no level."""
    kind = law_rule.kind
    change = law_rule.change
    if kind == "regional_value" and change:
        kind = "both"
    if kind in ("tariff_shift", "either") and not change:
        change = "heading"
    net_cost = share_of(law_rule.threshold_ppm)
    return ProductRule(kind, change, (), (), net_cost, share_of(law_rule.transaction_threshold_ppm))


def words(rule: ProductRule) -> str:
    """A product rule in words."""
    if rule.kind == IMPORTED:
        return "importation from a country of the agreement"
    if rule.alternatives:
        return ", or ".join(words(item) for item in rule.alternatives)
    change = f"a change from any other {rule.change}"
    if rule.only_from:
        change = f"a change of {rule.change} from {', '.join(map(printed, rule.only_from))}"
        change += f" or any other {rule.or_other}" if rule.or_other else ""
    if rule.excepted:
        change += f", except from {', '.join(map(printed, rule.excepted))}"
    asked = {"net cost": rule.net_cost, "transaction value": rule.transaction_value}
    value = " or ".join(f"{show_share(least)} by {name}" for name, least in asked.items() if least is not None)
    value = f"a regional value content of {value}"
    if rule.kind == "tariff_shift":
        return change
    if rule.kind == "regional_value":
        return value
    return f"{change}, {'or' if rule.kind == 'either' else 'and'} {value}"


def find(question: Question, rule: ProductRule, context: Context, extra: Extra = NO_EXTRA) -> Finding:
    """Whether a good meets a product rule."""
    if rule.alternatives:
        ways = [find(question, item, context, extra) for item in rule.alternatives]
        return any_of("alternative rules", ways)
    if rule.kind == IMPORTED:
        return _from_a_party(question, context.terms)
    tests = []
    if rule.kind in ("tariff_shift", "both", "either"):
        tests.append(_shift(question, rule, context, extra))
    if rule.kind in _VALUE_KINDS:
        tests.append(
            regional_value.find(question, rule, context, more_excluded=extra.more_excluded, foreign=extra.foreign)
        )
    if len(tests) == 1:
        return tests[0]
    return any_of("product rule", tests) if rule.kind == "either" else all_of("product rule", tests)


def _from_a_party(question: Question, terms: Terms) -> Finding:
    """Goods that originate wherever they were made, once they are imported from a country of the agreement."""
    reference = terms.reference("production")
    if not question.exporter:
        return Finding("importation", None, "Not stated where from.", reference=reference, needs=("exporter",))
    passes = question.exporter in terms.parties
    words = f"Imported from {question.exporter}, {'' if passes else 'not '}a country of the agreement."
    return Finding("importation", passes, words, reference=reference)


def _shift(question: Question, rule: ProductRule, context: Context, extra: Extra) -> Finding:
    """Change of classification; the tolerance by weight may stand in for the one by value."""
    if extra.weight is None:
        return tariff_shift.find(question, rule, context)
    if not question.materials:
        return extra.weight
    if NOT_COVERED in extra.weight.values:  # what must be made in the region is asked beside the change
        return all_of("tariff shift", (tariff_shift.find(question, rule, context), extra.weight))
    return any_of("tariff shift", (tariff_shift.find(question, rule, context), extra.weight))


def all_of(test: str, findings: Sequence[Finding]) -> Finding:
    """A finding that is met where all of several are."""
    passes = _all(finding.passes for finding in findings)
    needs = _needs(findings, None) if passes is None else ()
    said = [x for x in findings if x.passes is passes] if passes is not True else list(findings)
    text = " ".join(finding.words for finding in said)
    return Finding(test, passes, text, "", main_values(tuple(findings)), None, needs, tuple(findings))


def any_of(test: str, findings: Sequence[Finding]) -> Finding:
    """A finding that is met where one of several is."""
    met = [finding for finding in findings if finding.passes]
    passes = True if met else None if any(finding.passes is None for finding in findings) else False
    needs = _needs(findings, None) if passes is None else ()
    said = met[:1] or list(findings)
    ranked = tuple(sorted(findings, key=lambda finding: finding.passes is not True))
    text = " ".join(finding.words for finding in said)
    return Finding(test, passes, text, "", main_values(ranked), None, needs, tuple(findings))


def _all(outcomes: Iterable[bool | None]) -> bool | None:
    found = list(outcomes)
    if any(outcome is False for outcome in found):
        return False
    return None if any(outcome is None for outcome in found) else True


def _needs(findings: Sequence[Finding], outcome: bool | None) -> tuple[str, ...]:
    lists = (finding.needs for finding in findings if finding.passes is outcome)
    return tuple(dict.fromkeys(need for needs in lists for need in needs))


def _rolls_up(question: Question, rule: OriginRule) -> None:
    """No method of its own: materials roll up."""


def judging(question: Question, terms: Terms, special: OwnMethod = _rolls_up) -> Context:
    """The context of a question: materials with facts of their own are judged as goods, by their own rules.

    Parameters
    ----------
    special : callable
        Foreign value by a method of the law, given a good and its rule; None where materials roll up.
    """

    def own_rule(material: Material) -> tuple[ProductRule | None, OriginRule | None]:
        if material.rule is not None or not _has_facts(material):
            return material.rule, None
        law_rule = part_rule(question, material)
        return (rule_of(law_rule), law_rule) if law_rule is not None else (None, None)

    def judge(material: Material) -> Finding | None:
        rule, law_rule = own_rule(material)
        if rule is None:
            return None

        def foreign(asked: Question, method: str) -> Finding | None:
            return special(asked, law_rule) if law_rule is not None else None

        found = find(_as_good(question, material, rule), rule, context, Extra(foreign=foreign))
        verdict = {True: "originates", False: "does not originate", None: "is unresolved"}[found.passes]
        needs = tuple(f"{need} (of '{material.name}')" for need in found.needs)
        reference = found.reference or (law_rule.reference if law_rule is not None else None)
        name = f"origin of {material.name}"
        return replace(found, test=name, words=f"{verdict}. {found.words}", needs=needs, reference=reference)

    def asks_value(material: Material) -> bool:
        rule, _ = own_rule(material)
        return rule is not None and _asks_value(rule)

    context = Context(terms, judge, asks_value)
    return context


def _asks_value(rule: ProductRule) -> bool:
    return rule.kind in _VALUE_KINDS or any(_asks_value(item) for item in rule.alternatives)


def _has_facts(material: Material) -> bool:
    """Whether enough is told of a material to test it as a good."""
    return bool(material.hts) and (bool(material.materials) or material.costs != Costs())


def _as_good(question: Question, material: Material, rule: ProductRule) -> Question:
    """A material as the good of a question of its own, under the same agreement on the same day."""
    return replace(
        question,
        good=Good(material.name, material.hts, made_in=material.made_in),
        rule=rule,
        method="",
        transaction_value=None if material.self_produced else material.value,
        costs=material.costs,
        materials=material.materials,
        sections={},
    )
