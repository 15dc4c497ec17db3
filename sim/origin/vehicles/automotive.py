"""Rules for vehicles and their parts: tests they add, how foreign value is counted, what may mend a shortfall."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from sim.errors import LawError
from sim.law import OriginRule
from sim.origin.agreement_terms import terms_of
from sim.origin.books.net_cost import cost_sheet
from sim.origin.finding import Finding, Number, Plain
from sim.origin.good import ZERO, Question
from sim.origin.materials import brought_by
from sim.origin.numbers import share, show_share
from sim.origin.product_rule import all_of, any_of, judging
from sim.origin.vehicles import (
    averaging,
    core_parts,
    heavy_vehicles,
    labour,
    metals,
    other_vehicles,
    proposals,
    tracing,
)
from sim.origin.vehicles.labour_file import LabourValue
from sim.origin.vehicles.labour_file import read as read_labour
from sim.origin.vehicles.law_lookup import HUNDRED, cite, good_facts, is_vehicle, law_of, parties, ppm
from sim.reading import Node
from sim.units import PPM

__all__ = ["SECTIONS", "find", "good_facts", "settled", "tests", "vnm"]

CONTENT = "regional value content"
_METHODS = ("value of traced materials", "value of foreign materials")
# Codes that stand for a class of vehicles where the file states the class alone (an assumption).
_CODES = {"passenger": "8703.23", "light_truck": "8704.31", "heavy_truck": "8704.23"}


@dataclass(frozen=True, slots=True)
class Staging:
    """The section ``staging``: whether and until when the model is approved, the content of its parts of Table A.1."""

    approved: bool | None = None
    core_parts_rvc: Fraction | None = None
    approved_until: dt.date | None = None


def read_staging(node: Node) -> Staging:
    """Read ``staging: {approved: yes, approved_until: 2025-06-30, core_parts_rvc: 63 %}``."""
    entries = node.fields(("approved", "core_parts_rvc", "approved_until"))
    return Staging(
        entries["approved"].flag() if "approved" in entries else None,
        share(entries["core_parts_rvc"]) if "core_parts_rvc" in entries else None,
        entries["approved_until"].date() if "approved_until" in entries else None,
    )


SECTIONS: Mapping[str, Callable[[Node], object]] = {
    "core_parts": core_parts.read,
    "labour_value": read_labour,
    "metals": metals.read,
    "averaging": averaging.read,
    "national": proposals.read,
    "staging": read_staging,
}


def find(name: str, question: Question) -> Finding:
    """Answer one section by itself, with the rule of the good where the law gives one."""
    return _section(name, question.sections[name], question, _rule(question))


def _rule(question: Question) -> OriginRule | None:
    good = question.good
    if not good.hts and good.vehicle_class in _CODES:
        question = replace(question, good=replace(good, hts=_CODES[good.vehicle_class], use="vehicle"))
    if not question.agreement or question.on is None or not question.good.hts:
        return None
    try:
        return law_of(question).origin_rule(question.agreement, good_facts(question), question.on)
    except LawError:
        return None


def _section(name: str, section: object, question: Question, rule: OriginRule | None) -> Finding:
    if isinstance(section, core_parts.CoreParts):
        return core_parts.find(section, question, rule)
    if isinstance(section, LabourValue):
        return labour.find(section, question, rule)
    if isinstance(section, metals.Metals):
        return metals.find(section, question, rule)
    if isinstance(section, averaging.Averaging):
        return averaging.find(section, question, rule)
    if isinstance(section, proposals.National):
        return proposals.find(section, question, rule)
    if isinstance(section, Staging):
        return _staging(section, rule)
    raise TypeError(f"no section named {name}")


def _staging(section: Staging, rule: OriginRule | None) -> Finding:
    """Whether the core parts of an approved model reach the content asked of them under its staging."""
    reference = cite(rule, "section 19(4)")
    values: dict[str, Number | Plain] = {}
    if section.approved is not None:
        values["approved"] = section.approved
    standard = rule is not None and rule.core_parts_required
    words = "Not approved on that day: the standard rules apply." if standard else "Alternative staging."
    asked = ppm(rule.core_ppm) if rule else ZERO
    if section.core_parts_rvc is None or not asked or standard:
        return Finding("alternative staging", True, words, "", values, reference)
    passes = section.core_parts_rvc >= asked
    values |= {"core_parts_rvc_pct": section.core_parts_rvc * HUNDRED, "core_parts_rvc_passes": passes}
    words += f" Core parts have {show_share(section.core_parts_rvc)}; {show_share(asked)} is asked of them."
    return Finding("alternative staging", passes, words, "", values, reference)


def vnm(question: Question, rule: OriginRule) -> Finding | None:
    """Foreign value under a method of its own: tracing, or that of heavy vehicles; None where materials roll up."""
    if rule.vnm_method == "traced":
        return tracing.vnm(question, rule)
    if rule.vnm_method == "heavy":
        return heavy_vehicles.vnm(question, rule)
    if rule.vnm_method == "listed_choice":
        return other_vehicles.vnm(question, rule)
    return None


def _figured(question: Question, rule: OriginRule) -> Question:
    """The question with net cost and foreign value in sum, reckoned from its parts where the file tells only those."""
    if not question.agreement or question.on is None:
        return question
    costs = question.costs
    terms = terms_of(law_of(question), question.agreement, question.on)
    sheet = cost_sheet(costs, brought_by(question.materials, judging(question, terms)))
    special = vnm(question, rule)
    foreign = special.values.get("vnm") if special is not None else sheet.vnm
    net = costs.net_cost if costs.net_cost is not None else sheet.net
    counted = Fraction(foreign) if isinstance(foreign, int | Fraction) else None
    return replace(question, costs=replace(costs, net_cost=net, non_originating_materials=counted))


def tests(question: Question, rule: OriginRule) -> tuple[Finding, ...]:
    """Tests that a rule asks beside change of classification and content, and sections that only inform.

    Notes
    -----
    A section that the rule does not ask is answered and marked as met: it cannot stand in the way of origin.
    """
    asked = {
        "core_parts": rule.core_parts_required,
        "metals": rule.metal_ppm > 0,
        "labour_value": rule.labour_value_ppm > 0,
        "national": bool(rule.national_ppm) or rule.non_market_ppm < PPM,
    }
    found = []
    section = question.sections.get("core_parts")
    if isinstance(section, core_parts.CoreParts):
        core_parts.check_once(section, question)
    question = _figured(question, rule)
    for name in ("core_parts", "metals", "labour_value", "national", "staging"):
        section = question.sections.get(name)
        needed = asked.get(name, False)
        if section is None and not needed:
            continue
        if section is None:
            found.append(_unstated(name, question, rule))
            continue
        answer = _section(name, section, question, rule)
        found.append(answer if needed or _binds(name, answer, question) else _informs(answer, rule))
    chosen = question.sections.get("averaging")
    if isinstance(chosen, averaging.Averaging) and not chosen.rows:
        found.append(replace(averaging.find(chosen, question, rule), passes=True, needs=()))
    return tuple(found)


def _assumed_use(question: Question, rule: OriginRule) -> str:
    """A word on the vehicles a part is taken to be for, where that is not told and another use has another rule."""
    good = question.good
    told = good.vehicle or good.vehicle_class or is_vehicle(good) or good.use == "aftermarket"
    if told or not question.agreement or question.on is None:
        return ""
    facts, law = good_facts(question), law_of(question)
    for other in (replace(facts, part_of="heavy"), replace(facts, use="aftermarket")):
        try:
            found = law.origin_rule(question.agreement, other, question.on)
        except LawError:
            continue
        if (found.kind, found.change, found.threshold_ppm) != (rule.kind, rule.change, rule.threshold_ppm):
            return " Taken as original equipment of a light vehicle (assumption); say 'for' and 'use' where it is not."
    return ""


def _binds(name: str, answer: Finding, question: Question) -> bool:
    """Limits that the file itself sets, a part that crosses alone, and conditions of staging bind too."""
    if name == "national":
        section = question.sections["national"]
        return isinstance(section, proposals.National) and (section.limit is not None or bool(section.asked))
    return name == "staging"


def _unstated(name: str, question: Question, rule: OriginRule) -> Finding:
    """A test the rule asks and the file has no section for."""
    if name == "core_parts":
        return core_parts.find(None, question, rule)
    if name == "national":
        return proposals.find(None, question, rule)
    titles = {"metals": "steel and aluminium", "labour_value": "labour value content"}
    return Finding(titles[name], None, "Facts are missing.", "", {}, rule.document, (name,))


def _informs(answer: Finding, rule: OriginRule) -> Finding:
    """A section the rule does not ask: told, and without effect on what the rule counts."""
    values = answer.values
    if not rule.core_ppm:
        values = {name: value for name, value in values.items() if name != "vnm_of_core_parts"}
    return replace(answer, passes=True, words=f"Not asked by this rule. {answer.words}", values=values, needs=())


def settled(question: Question, rule: OriginRule, own: Finding, more: tuple[Finding, ...]) -> Finding:
    """The product rule's finding, its content replaced where an average, the total value or a credit governs.

    Parameters
    ----------
    own : Finding
        What change of classification and content gave.
    more : tuple of Finding
        The tests of `tests`, some of which bring points.
    """
    if rule.kind == "imported":
        return _imported(question, rule)
    found = _governed(question, rule, own, more)
    return replace(found, words=found.words + _assumed_use(question, rule))


def _governed(question: Question, rule: OriginRule, own: Finding, more: tuple[Finding, ...]) -> Finding:
    own = _with_figures(_shifted(question, own))
    content = next((x for x in (own, *own.inner) if x.test == CONTENT), None)
    if content is None:
        return own
    better = _averaged(question, rule) or _of_total_value(question, rule, content) or content
    if better.passes is None:
        better = _alone(question, rule) or better
    better = _credited(_by_readings(better, more), rule, more)
    if better is content:
        return own
    if own is content:
        return better
    parts = tuple(better if x is content else x for x in own.inner)
    return any_of(own.test, parts) if rule.kind == "either" else all_of(own.test, parts)


def _imported(question: Question, rule: OriginRule) -> Finding:
    """A good that originates when imported from a party, wherever it was made and whatever is in it."""
    test, members = "import from a party", parties(question)
    if not question.exporter:
        return Finding(test, None, "Facts are missing.", "", {}, rule.reference, ("exporter",))
    passes = question.exporter in members
    words = f"Imported from {question.exporter}, a party: it originates wherever it was made."
    if not passes:
        words = f"Imported from {question.exporter}, which is no party: {', '.join(members)} are."
    return Finding(test, passes, words, "", {}, rule.reference)


def _with_figures(own: Finding) -> Finding:
    """Figures of tracing and of the options for heavy vehicles, told with the result."""
    deep, found = [own], dict[str, Number | Plain]()
    while deep:
        finding = deep.pop()
        deep += finding.inner
        if finding.test in _METHODS:
            found |= finding.values
    return replace(own, values={**found, **own.values}) if found else own


def _shifted(question: Question, own: Finding) -> Finding:
    """A vehicle whose materials are told only in sum: none of them is a vehicle of its own heading (an assumption)."""
    shift = next((x for x in own.inner if x.test == "tariff shift" and x.passes is None), None)
    if shift is None or not is_vehicle(question.good):
        return own
    if any(material.hts for material in question.materials):
        return own
    words = "No material of the vehicle's own heading is told of, so all are taken to change heading (assumption)."
    met = replace(shift, passes=True, words=words, needs=())
    return all_of(own.test, tuple(met if x is shift else x for x in own.inner))


def _averaged(question: Question, rule: OriginRule) -> Finding | None:
    section = question.sections.get("averaging")
    if not isinstance(section, averaging.Averaging) or not section.rows:
        return None
    return replace(averaging.find(section, question, rule), test=CONTENT)


def _alone(question: Question, rule: OriginRule) -> Finding | None:
    """A core part that crosses on its own and whose figures stand in the section on core parts alone."""
    section = question.sections.get("core_parts")
    if rule.core_parts_required or not isinstance(section, core_parts.CoreParts) or len(section.parts) != 1:
        return None
    found = core_parts.find(section, question, rule)
    content = found.values.get(f"{section.parts[0].name}_rvc_pct")
    values = found.values if content is None else {**found.values, "rvc_pct": content}
    return replace(found, test=CONTENT, values=values)


def _of_total_value(question: Question, rule: OriginRule, content: Finding) -> Finding | None:
    if rule.value_base != "total_value":
        return None
    section = question.sections.get("national")
    told = section if isinstance(section, proposals.National) else proposals.National()
    vnm_known = content.values.get("vnm")
    foreign = Fraction(vnm_known) if isinstance(vnm_known, int | Fraction) else None
    cost = content.values.get("net_cost")
    if told.net_cost is None and isinstance(cost, int | Fraction):
        told = replace(told, net_cost=Fraction(cost))
    return proposals.total_value(told, question, rule, foreign)


def _by_readings(content: Finding, more: tuple[Finding, ...]) -> Finding:
    """Content under each reading of roll-up, where core parts are told."""
    core = next((x.values for x in more if "vnm_of_core_parts" in x.values), {})
    cost, vnm_found, counted = (
        x.get(k) for x, k in ((content.values, "net_cost"), (content.values, "vnm"), (core, "vnm_of_core_parts"))
    )
    if not isinstance(cost, Fraction) or not isinstance(vnm_found, Fraction) or not isinstance(counted, Fraction):
        return content
    values = dict(content.values)
    for reading in core_parts.READINGS:
        other = core.get(f"vnm_of_core_parts_{reading}")
        if isinstance(other, Fraction) and cost:
            values[f"rvc_{reading}_pct"] = (cost - vnm_found + counted - other) / cost * HUNDRED
    return replace(content, values=values)


def _credited(content: Finding, rule: OriginRule, more: tuple[Finding, ...]) -> Finding:
    """Points of labour value or of high-wage plants, added to a content that falls short but reaches the floor."""
    rvc = content.values.get("rvc_pct")
    if not isinstance(rvc, int | Fraction):
        return content
    for finding in (inner for test in more for inner in (test, *test.inner)):
        credit, floor = finding.values.get("rvc_credit_pct"), finding.values.get("credit_floor_pct")
        if not isinstance(credit, int | Fraction) or not isinstance(floor, int | Fraction) or credit <= 0:
            continue
        asked = ppm(rule.threshold_ppm) * HUNDRED
        total = Fraction(rvc) + credit if rvc >= floor else Fraction(rvc)
        passes = content.passes or total >= asked
        values = {**content.values, "rvc_with_credit_pct": total, "content_passes": passes}
        if content.passes:
            return replace(content, values=values)
        own, added, summed = (show_share(Fraction(x) / HUNDRED) for x in (rvc, credit, total))
        shown = f"{own} + {added} = {summed}"
        if rvc < floor:
            shown = f"none, {own} is below the floor of {show_share(Fraction(floor) / HUNDRED)}"
        words = f"{content.words} With the credit: {shown}."
        return replace(content, passes=passes, words=words, values=values, inner=(*content.inner, finding))
    return content
