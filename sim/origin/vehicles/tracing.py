"""Tracing: the value of listed imports counts as foreign in a light vehicle, however deep it sits.

A traced material was made outside the region, imported from outside, and stood on the list as it was imported. A part
made in the region is never traced, even where it fails its own rule; only the traced imports inside it count. An import
that is not on the list is deemed regional: it stands in net cost and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from sim.law import OriginRule
from sim.law.facts import digits
from sim.origin.finding import Finding
from sim.origin.good import ZERO, Charges, Material, Question
from sim.origin.numbers import show, show_share
from sim.origin.vehicles.law_lookup import cite, content_asked, is_imported, listed, parties

_COMMON = 6  # digits of a tariff code that all countries share
# What a producer may hold about an acquired part, by the clause that values the traced content then.
TREATMENTS = ("look_through", "statement", "stated_content", "requirement", "full_price")


@dataclass(frozen=True, slots=True)
class Traced:
    """What one material brings.

    Parameters
    ----------
    value : Fraction
        Value of traced materials counted.
    everything : Fraction
        The same if every import were traced.
    deemed : Fraction
        Imports that are not listed, deemed regional.
    """

    value: Fraction
    everything: Fraction
    deemed: Fraction
    findings: tuple[Finding, ...]
    needs: tuple[str, ...] = ()


def vnm(question: Question, rule: OriginRule) -> Finding:
    """Value of traced materials in a good.

    Returns
    -------
    Finding
        ``vnm``, ``deemed_regional`` (imports off the list) and ``vnm_if_all_traced``; one inner finding for
        each material.

    References
    ----------
    SOR/94-14 s.9.
    """
    reference = cite(rule, "section 9")
    stated = question.costs.non_originating_materials
    if not question.materials and stated is not None:
        words = "The value stated for foreign materials is taken as that of traced materials."
        shown = f"traced materials as stated {show(stated)}"
        return Finding("value of traced materials", None, words, shown, {"vnm": stated}, reference)
    found = [trace(material, question, rule) for material in question.materials]
    total = sum((x.value for x in found), ZERO)
    everything = sum((x.everything for x in found), ZERO)
    deemed = sum((x.deemed for x in found), ZERO)
    inner = tuple(finding for x in found for finding in x.findings)
    needs = tuple(dict.fromkeys(need for x in found for need in x.needs))
    counted = [show(x.value) for x in found if x.value]
    return Finding(
        test="value of traced materials",
        passes=None,
        words="Listed imports count wherever they sit; imports off the list and parts made in the region do not.",
        arithmetic=" + ".join(counted) + (f" = {show(total)}" if len(counted) > 1 else ""),
        values={"deemed_regional": deemed, "vnm_if_all_traced": everything} | ({} if needs else {"vnm": total}),
        reference=reference,
        needs=needs,
        inner=inner,
    )


def trace(material: Material, question: Question, rule: OriginRule) -> Traced:
    """Traced value in one material of the good, through any number of tiers."""
    imported = is_imported(material, parties(question))
    if imported is None and material.status == "non_originating":
        return Traced(ZERO, ZERO, ZERO, (), (f"whether {material.name} was imported (imported: yes or no)",))
    if imported:
        return _import(material, question, rule)
    return _regional(material, question, rule)


def _import(material: Material, question: Question, rule: OriginRule) -> Traced:
    value, clause, words = traced_value(material)
    if value is None:
        return Traced(ZERO, ZERO, ZERO, (), (f"value of {material.name}",))
    if rule.traced_prefixes and not material.hts:
        return Traced(ZERO, ZERO, ZERO, (), (f"hts of {material.name}",))
    on_list = _stands(material.hts, question, rule)
    if on_list is False:
        words = f"{material.hts} is not on the tracing list: its {show(value)} is deemed regional, in net cost only."
        values: dict[str, Fraction | bool] = {"in_vnm": False, "value": value}
        return Traced(
            ZERO,
            value,
            value,
            (Finding(f"import {material.name}", None, words, "", values, cite(rule, "section 9(1)")),),
        )
    if on_list is None:
        items = rule.traced_items_of or "more digits"
        words += f" The list goes down to items of {items}; read as listed (assumption)."
    stood = f"{material.hts} is on the tracing list" if rule.traced_prefixes else "every import is traced"
    finding = Finding(
        f"import {material.name}",
        None,
        f"{stood}; {show(value)} counts, {words}",
        "",
        {"in_vnm": True, "value": value},
        cite(rule, clause),
    )
    return Traced(value, value, ZERO, (finding,))


def _stands(code: str, question: Question, rule: OriginRule) -> bool | None:
    """Whether a code is on the list; None where only its first six digits can be compared with items of the list.

    Beyond six digits each country numbers its own items, so a longer code of another country tells nothing more.
    """
    found = listed(code, rule.traced_prefixes)
    if found is not False or not rule.traced_items_of:
        return found
    if rule.traced_items_of in (question.importer, question.good.made_in):
        return False
    return None if listed(digits(code)[:_COMMON], rule.traced_prefixes) is None else False


def traced_value(material: Material) -> tuple[Fraction | None, str, str]:
    """Value of a traced material by where title passed and by the papers held.

    Returns
    -------
    tuple
        Value (None where no price is told), clause, and words.

    References
    ----------
    SOR/94-14 s.9(2).
    """
    told = material.statement
    if told is not None and told.traced is not None:
        return told.traced, "section 9(2)(c)-(d)", "valued as the importer states."
    if told is not None and told.transaction is not None:
        return told.transaction, "section 9(2)(e)", "valued at the transaction the statement tells of."
    price = material.value if material.value is not None else material.customs_value
    no_papers = not material.charges.documented or material.treatment == "full_price"
    resold = not material.title and told is None and None not in (material.value, material.customs_value)
    if price is None:
        return None, "", ""
    if no_papers or resold:
        return price, "section 9(2)(i)", "no statement, so its full price counts."
    base = material.customs_value if material.customs_value is not None else price
    charges = material.charges
    if material.title == "inland":
        clause, words = "section 9(2)(b),(d)", "customs value, transport to where title passes, duties and brokerage."
        return base + _transport(charges) + _inland(charges), clause, words
    clause, words = (
        "section 9(2)(a),(c)",
        "customs value, transport to the first place in the region, duties and brokerage.",
    )
    return base + _transport(charges), clause, words


def _transport(charges: Charges) -> Fraction:
    if charges.included:
        return ZERO
    return charges.international_freight + charges.insurance + charges.packing + charges.duties + charges.brokerage


def _inland(charges: Charges) -> Fraction:
    return ZERO if charges.included else charges.inland_freight


def _regional(material: Material, question: Question, rule: OriginRule) -> Traced:
    """A part made in the region: only what is traced inside it, or what its papers say of that."""
    inside = [trace(inner, question, rule) for inner in material.materials]
    total = Traced(
        sum((x.value for x in inside), ZERO),
        sum((x.everything for x in inside), ZERO),
        sum((x.deemed for x in inside), ZERO),
        tuple(finding for x in inside for finding in x.findings),
        tuple(need for x in inside for need in x.needs),
    )
    if material.self_produced:
        words = "made by the producer; designation moves net cost only, the traced imports inside count."
        return _with(total, material, total.value, words, "section 9(9)(a)", rule)
    chosen, clause, words, needs = _by_papers(material, total, question, rule)
    if needs:
        return replace(total, needs=(*total.needs, *needs))
    return _with(total, material, chosen, words, clause, rule)


def _with(total: Traced, material: Material, value: Fraction, words: str, clause: str, rule: OriginRule) -> Traced:
    finding = Finding(
        f"part {material.name}",
        None,
        words,
        "",
        {"in_vnm": False, "traced_inside": value},
        cite(rule, clause),
        inner=total.findings,
    )
    return Traced(value, max(total.everything, value), total.deemed, (finding,), total.needs)


def _by_papers(
    material: Material, inside: Traced, question: Question, rule: OriginRule
) -> tuple[Fraction, str, str, tuple[str, ...]]:
    """Traced value in an acquired part of the region, the clause, words, and what is missing."""
    how = material.treatment or _held(material, inside)
    told, price = material.statement, material.value
    name = material.name
    if how not in TREATMENTS:
        allowed = ", ".join(TREATMENTS)
        return ZERO, "", "", (f"a treatment of {name} among {allowed} ('{how}' is not open where imports are traced)",)
    if how == "look_through":
        words = "made in the region, so never traced itself; the traced imports inside count."
        if not material.materials and _stands(material.hts, question, rule):
            return ZERO, "", "", (f"traced imports inside {name} (its materials, a statement, or documented: no)",)
        if not material.materials:
            words = (
                "made in the region and of a code off the list: no traced import is taken to be inside (assumption)."
            )
        return inside.value, "section 9(1)", words, ()
    if how == "statement" and told is not None:
        amount = told.traced if told.traced is not None else told.transaction if told.vnm is None else told.vnm
        missing = () if amount is not None else (f"what the statement for {name} passes on",)
        words = f"valued as the supplier's statement says, {show(amount or ZERO)}."
        return amount or ZERO, "section 9(2)(c)-(e)", words, missing
    if price is None:
        return ZERO, "", "", (f"value of {name}",)
    if how == "stated_content":
        rvc = told.rvc if told is not None else None
        if rvc is None:
            return ZERO, "", "", (f"regional value content of {name} (statement: rvc)",)
        words = f"originating with a stated content: {show(price)} x (1 - {show_share(rvc)})"
        words += f" = {show(price * (1 - rvc))}."
        return price * (1 - rvc), "section 9(2)(f),(h)", words, ()
    if how == "requirement":
        asked = content_asked(question, material)
        if asked is None:
            return ZERO, "", "", (f"content that the rule of {name} asks (its hts)",)
        words = f"originating without a stated content: {show(price)} x (1 - {show_share(asked)}),"
        words += f" the content its rule asks, = {show(price * (1 - asked))}."
        return price * (1 - asked), "section 9(2)(g),(h)", words, ()
    words = "no statement on the traced materials inside, so the full price of the part counts."
    return price, "section 9(2)(i)", words, ()


def _held(material: Material, inside: Traced) -> str:
    """Which papers the facts tell of, where no treatment is named."""
    told = material.statement
    if told is not None and (told.traced is not None or told.transaction is not None or told.vnm is not None):
        return "statement"
    if told is not None and told.rvc is not None:
        return "stated_content"
    if not material.charges.documented and (inside.value or not material.materials):
        return "full_price"
    if told is not None and material.status == "originating" and not material.materials:
        return "requirement"
    return "look_through"
