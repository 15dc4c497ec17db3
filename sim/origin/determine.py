"""The origin of a good: asks the law for its rule, makes the tests, and says what follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from sim.errors import LawError, Problem
from sim.law import GoodFacts, OriginRule, load_law
from sim.origin import product_rule, sets
from sim.origin.agreement_terms import NO_TERMS, Context, Terms, terms_of
from sim.origin.answer import COMPUTED, NOT_ORIGINATING, ORIGINATING, UNRESOLVED, Answer, main_values
from sim.origin.books.interest import Loan
from sim.origin.books.net_cost import find as find_costs
from sim.origin.errors import OriginError
from sim.origin.finding import Finding
from sim.origin.good import ZERO, Costs, ProductRule, Question
from sim.origin.materials import NET_COST
from sim.origin.numbers import show
from sim.origin.product_rule import Extra, all_of, judging
from sim.origin.reading import read_questions
from sim.origin.regional_value import reckon
from sim.origin.sections import GENERAL
from sim.origin.vehicles import automotive
from sim.units import PPM

_OTHER_GOOD = "9999"  # a code on no list: the rule of any other good
_STATUS = {True: ORIGINATING, False: NOT_ORIGINATING, None: UNRESOLVED}


def determine_file(path: Path) -> tuple[Answer, ...]:
    """The origin of every good of an origin file.

    Raises
    ------
    OriginError
        The file cannot be understood, or asks an agreement that does not exist or is not in force; all problems at
        once.
    """
    answers, problems = [], []
    for question in read_questions(path):
        try:
            answers.append(determine(question))
        except LawError as error:
            name = question.good.name or question.title
            place = f"{question.where} ({name})" if name else question.where
            problems += [Problem(place, f"{error.source}: {problem.message}") for problem in error.problems]
    if problems:
        raise OriginError(str(path), problems)
    return tuple(answers)


def determine(question: Question) -> Answer:
    """The origin of one good; facts that are missing are listed, never guessed.

    Raises
    ------
    LawError
        An agreement that does not exist or is not in force on the day.
    """
    terms, law_needs = _terms(question)
    context = judging(question, terms, automotive.vnm)
    computed = tuple(
        GENERAL[name].find(section, question, terms) for name, section in question.sections.items() if name in GENERAL
    )
    if not _asks_origin(question):
        return _computed(question, context, computed)
    law_rule, rule, rule_needs = _rule(question)
    needs = (*law_needs, *rule_needs)
    if rule is None:
        sectional = _set(question, context) or next((x for x in computed if x.test == "weight de minimis"), None)
        if sectional is None or needs:
            return _computed(question, context, computed, needs)
        return _answer(question, "", (sectional, *_others(computed, (sectional.test,))), sectional)
    return _tested(question, context, computed, law_rule, rule, needs)


def _terms(question: Question) -> tuple[Terms, tuple[str, ...]]:
    if not question.agreement:
        return NO_TERMS, ()
    if question.on is None:
        return NO_TERMS, ("on (the day of importation)",)
    return terms_of(load_law(question.reforms), question.agreement, question.on), ()


def _asks_origin(question: Question) -> bool:
    """Whether anything asks for origin: a rule, a set, or a good under an agreement with facts to test."""
    if question.rule is not None or question.good.set_of_goods or {"set", "textile"} & set(question.sections):
        return True
    facts = bool(question.materials) or question.costs.net_cost is not None or bool(automotive_sections(question))
    costs = question.costs.non_originating_materials is not None
    bare = not question.sections and question.costs == Costs()
    return bool(question.agreement and question.good.hts) and (facts or costs or bare)


def automotive_sections(question: Question) -> tuple[str, ...]:
    """Sections of the file that belong to rules for vehicles and their parts."""
    return tuple(name for name in question.sections if name not in GENERAL)


def _rule(question: Question) -> tuple[OriginRule | None, ProductRule | None, tuple[str, ...]]:
    """The rule: as the file states it, otherwise of the law."""
    if question.rule is not None:
        return None, question.rule, ()
    if not question.agreement or question.on is None or not question.good.hts:
        return None, None, ()
    law = load_law(question.reforms)
    try:
        found = law.origin_rule(question.agreement, automotive.good_facts(question), question.on)
    except LawError as error:
        lacking = [str(problem.message) for problem in error.problems if "unresolved: needs " in problem.message]
        if not lacking:
            raise
        needs = (text.partition("unresolved: needs ")[2].rstrip(".") for text in lacking)
        return None, None, tuple(f"good.{need}" for need in needs)
    return found, product_rule.rule_of(found), ()


def _set(question: Question, context: Context) -> Finding | None:
    """The test of a set, where the good is one."""
    section = question.sections.get("set")
    if isinstance(section, sets.GoodsInSet):
        return sets.find(section, question, context.terms)
    return sets.find(sets.of_materials(question), question, context.terms) if question.good.set_of_goods else None


def _tested(
    question: Question,
    context: Context,
    computed: tuple[Finding, ...],
    law_rule: OriginRule | None,
    rule: ProductRule,
    needs: tuple[str, ...],
) -> Answer:
    """Answer with the tests that a rule asks."""
    governing = law_rule or _stated(question, rule)
    more = automotive.tests(question, governing) if governing is not None else ()
    own = product_rule.find(question, rule, context, _extra(question, context, computed, governing, more))
    if governing is not None:
        own = automotive.settled(question, governing, own, more)
    used = ("weight de minimis",) if "textile" in question.sections else ()
    whole = [own, *more]
    made = _made_in_region(question, context.terms) if rule.kind != product_rule.IMPORTED else None
    if made is not None:
        whole.insert(0, made)
    components = _set(question, context)
    if components is not None:
        whole = [components]
    verdict = all_of("origin", whole)
    name = product_rule.words(rule) if law_rule is None else f"{law_rule.name}: {product_rule.words(rule)}"
    findings = (*(_cited(item, law_rule) if item is own else item for item in whole), *_others(computed, used))
    answer = _answer(question, name, findings, verdict)
    return replace(answer, status=UNRESOLVED, unresolved=(*needs, *answer.unresolved)) if needs else answer


def _stated(question: Question, rule: ProductRule) -> OriginRule | None:
    """A rule of the file as one of the law, for sections on vehicles that read it; None where there are none."""
    if not automotive_sections(question) or rule.alternatives or not question.agreement or question.on is None:
        return None
    facts = GoodFacts(_OTHER_GOOD, core_class="none", use="other")
    general = load_law(question.reforms).origin_rule(question.agreement, facts, question.on)
    return replace(
        general,
        name="as stated",
        kind="regional_value" if rule.kind == "both" else rule.kind,
        change=rule.change,
        threshold_ppm=int((rule.net_cost or ZERO) * PPM),
        transaction_threshold_ppm=int((rule.transaction_value or ZERO) * PPM),
    )


def _cited(finding: Finding, law_rule: OriginRule | None) -> Finding:
    return finding if law_rule is None else replace(finding, reference=finding.reference or law_rule.reference)


def _extra(
    question: Question,
    context: Context,
    computed: tuple[Finding, ...],
    law_rule: OriginRule | None,
    more: tuple[Finding, ...],
) -> Extra:
    """What sections bring into the product rule: interest left out, foreign value by tracing or of core parts."""
    weight = next((item for item in computed if item.test == "weight de minimis"), None)
    core = next((item for item in more if "vnm_of_core_parts" in item.values), None)

    def foreign(asked: Question, method: str) -> Finding | None:
        if law_rule is None:
            return None
        special = automotive.vnm(asked, law_rule)
        if special is not None or core is None:
            return special
        return _with_core_parts(asked, context, method, core)

    return Extra(_interest(question, computed), foreign, weight)


def _interest(question: Question, computed: tuple[Finding, ...]) -> Fraction:
    """Interest that net cost leaves out, where the loan's interest is among the costs."""
    section = question.sections.get("interest")
    if not isinstance(section, Loan) or not section.in_costs:
        return ZERO
    found = [item.values.get("non_allowable") for item in computed if item.test == "non-allowable interest"]
    return sum((Fraction(value) for value in found if isinstance(value, int | Fraction)), ZERO)


def _with_core_parts(question: Question, context: Context, method: str, core: Finding) -> Finding:
    """Foreign value of a vehicle: that of core parts as their own test counts it, and that of all other materials."""
    of_core = core.values["vnm_of_core_parts"]
    others = replace(question, materials=tuple(item for item in question.materials if not item.core))
    rest = reckon(others, context, method)
    lump = question.costs.non_originating_materials
    other = rest.vnm if rest.vnm is not None else lump or (ZERO if not others.materials else None)
    if not isinstance(of_core, int | Fraction) or other is None:
        return Finding("foreign value", None, "Not every value is known.", needs=(*core.needs, *rest.vnm_needs))
    total = Fraction(of_core) + other
    words = f"core parts {show(Fraction(of_core))} + other materials {show(other)} = {show(total)}"
    return Finding("foreign value", None, words, words, {"vnm": total}, core.reference, (), rest.inner)


def _made_in_region(question: Question, terms: Terms) -> Finding | None:
    """A good made or worked upon outside the region does not originate; nothing is said where neither is stated."""
    place = question.good.made_in
    if question.good.processed_outside:
        words = "Worked upon outside the region after its production."
        return Finding("production", False, words, reference=terms.reference("production"))
    if not place or not terms.parties or place in terms.parties:
        return None
    words = f"Made in {place}, outside the region."
    return Finding("production", False, words, reference=terms.reference("production"))


def _others(findings: Iterable[Finding], used: tuple[str, ...]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.test not in used)


def _answer(question: Question, rule: str, findings: tuple[Finding, ...], verdict: Finding) -> Answer:
    status = _STATUS[verdict.passes]
    return Answer(question, rule, status, findings, verdict.needs, main_values(findings))


def _computed(
    question: Question, context: Context, computed: tuple[Finding, ...], needs: tuple[str, ...] = ()
) -> Answer:
    """Answer where nothing asks for origin: the figures alone."""
    of_vehicles = (automotive.find(name, question) for name in automotive_sections(question))
    findings = [*_figures(question, context, computed), *computed, *of_vehicles]
    lacking = tuple(dict.fromkeys(need for finding in findings for need in finding.needs))
    status = UNRESOLVED if needs or lacking else COMPUTED
    found = tuple(findings)
    return Answer(question, "", status, found, (*needs, *lacking), main_values(found))


def _figures(question: Question, context: Context, computed: tuple[Finding, ...]) -> list[Finding]:
    """Costs and foreign value as far as they are stated."""
    found = []
    stated = question.costs != Costs()
    if not stated and not question.materials:
        return []
    item = reckon(question, context, NET_COST, more_excluded=_interest(question, computed))
    if stated:
        found.append(find_costs(question.costs, item.sheet, context.terms.reference("net_cost")))
    if question.materials:
        values = {"vnm": item.vnm} if item.vnm is not None else {}
        text = f"Value of non-originating materials: {item.vnm_words or 'not known'}."
        found.append(Finding("foreign value", None, text, item.vnm_words, values, None, item.vnm_needs, item.inner))
    elif item.vnm is not None:
        found.append(Finding("foreign value", None, f"Stated: {item.vnm_words}.", "", {"vnm": item.vnm}))
    return found
