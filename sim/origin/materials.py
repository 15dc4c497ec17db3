"""What one material brings to a good: to its total cost, its net cost and its value of non-originating materials.

An acquired material that originates brings no foreign value, whatever is inside it (roll-up); one that does not brings
all of its value (roll-down), unless its maker signed how much of it is regional (accumulation). A material the producer
makes himself brings what is inside it, unless he designates it and it originates.

References
----------
SOR/2020-155 s.7(4)-(5), s.8, s.9; SOR/94-14 s.6(8)-(9), s.7, s.14.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from sim.origin.agreement_terms import Context, Terms
from sim.origin.books.net_cost import Brought, Sheet, cost_sheet
from sim.origin.finding import Finding
from sim.origin.good import ZERO, Charges, Costs, Material, Statement
from sim.origin.numbers import show

NET_COST = "net_cost"
TRANSACTION_VALUE = "transaction_value"
NO_STATEMENT = "no_statement"  # treatment: the supplier's statement is not used
NO_ACCUMULATION = "no_accumulation"  # for tolerances, which count full values

# Terms of the agreement whose provision a finding cites.
_ACCUMULATION = "accumulation"
_DESIGNATION = "intermediate_limit"


def standing(material: Material, context: Context) -> tuple[bool | None, str, tuple[Finding, ...]]:
    """Whether a material originates, why, and the findings behind it; None where facts are missing."""
    if material.indirect:
        return True, "is used up in production and counts as originating", ()
    if material.recovered and context.terms.recovered_originate:
        return True, "is recovered for a remanufactured good and counts as originating", ()
    if material.status:
        return material.status == "originating", f"is {material.status.replace('_', '-')}", ()
    if from_outside(material, context.terms):
        return False, "comes from outside the region", ()
    judged = context.judge(material)
    if judged is not None:
        answer = {True: "originates by its own rule", False: "fails its own rule", None: "is unresolved"}
        return judged.passes, answer[judged.passes], (judged,)
    return None, "may originate or not", ()


def brought_by(materials: Sequence[Material], context: Context, method: str = NET_COST) -> tuple[Brought, ...]:
    """What each material brings to a good under one method of content; see `brought`."""
    return tuple(brought(material, context, method) for material in materials)


def found_by(items: Sequence[Brought], terms: Terms) -> tuple[Finding, ...]:
    """What materials bring as findings, each with its provision."""
    return tuple(item.finding(terms.reference(item.provision)) for item in items)


def brought(material: Material, context: Context, method: str = NET_COST) -> Brought:
    """What a material brings to a good under one method of content.

    Parameters
    ----------
    method : str
        ``net_cost`` or ``transaction_value``: a supplier's statement counts differently under each; or
        ``no_accumulation``: it does not count.
    """
    if material.packaging == "shipping":
        value = material.value or ZERO
        return Brought(material.name, value, ZERO, ZERO, "is packing for shipment: an excluded cost, no material")
    if material.self_produced:
        return _self_produced(material, context, method)
    originating, why, inner = standing(material, context)
    if originating is None:
        return _undecided(material, carried(material, context.terms), why, inner)
    if originating:
        provision = "recovered_originate" if material.recovered else "indirect" if material.indirect else ""
        return replace(_acquired(material, context.terms, ZERO, why, inner), provision=provision or "content")
    if accumulates(material, context.terms) and material.statement is not None and method != NO_ACCUMULATION:
        accumulated = _accumulated(material, material.statement, context.terms, method, inner)
        if accumulated is not None:
            return accumulated
        why += f"; its maker's statement says nothing that serves the {method.replace('_', ' ')} method"
    elif material.statement is not None and from_outside(material, context.terms):
        why += "; production outside the region does not accumulate"
    words = f"{why}: {_valued(material, context.terms)}"
    return _acquired(material, context.terms, foreign_value(material, context.terms), words, inner)


def from_outside(material: Material, terms: Terms) -> bool:
    """Whether it came from outside the region as it is."""
    return bool(material.imported) or bool(material.made_in and terms.parties and material.made_in not in terms.parties)


def accumulates(material: Material, terms: Terms) -> bool:
    """Whether the producer counts the production of the material's maker, by that maker's statement."""
    stated = material.statement is not None and not material.self_produced and not from_outside(material, terms)
    return stated and material.status != "originating" and material.treatment != NO_STATEMENT


def _acquired(
    material: Material, terms: Terms, vnm: Fraction | None, words: str, inner: tuple[Finding, ...]
) -> Brought:
    value = carried(material, terms)
    needs = (f"the value of '{material.name}'",)
    value_needs = needs if value is None else ()
    return Brought(material.name, value, value, vnm, words, value_needs, needs if vnm is None else (), inner)


def _undecided(material: Material, value: Fraction | None, why: str, inner: tuple[Finding, ...]) -> Brought:
    """A material that may originate or not: immaterial only where it has no value."""
    own = not inner and not material.hts and (bool(material.materials) or material.costs != Costs())
    how = " (its 'status', or 'hts' or 'rule' to test it by)" if own else ""
    needs = inner[0].needs if inner and inner[0].needs else (f"whether '{material.name}' originates{how}",)
    value_needs = (f"the value of '{material.name}'",) if value is None else ()
    return Brought(material.name, value, value, None, why, value_needs, needs, inner)


def _accumulated(
    material: Material, statement: Statement, terms: Terms, method: str, inner: tuple[Finding, ...]
) -> Brought | None:
    """With the supplier's production counted; None where the statement serves no purpose under the method."""
    value = carried(material, terms)
    value_needs = (f"the value of '{material.name}'",) if value is None else ()
    if method == NET_COST and statement.net_cost is not None and statement.vnm is not None:
        words = f"counts at its maker's net cost {show(statement.net_cost)} with foreign {show(statement.vnm)}"
        net = statement.net_cost + _costs_on_top(material, terms)
        return Brought(material.name, net, net, statement.vnm, words, inner=inner, provision=_ACCUMULATION)
    if statement.vnm is not None:
        words = f"its maker states {show(statement.vnm)} of non-originating materials in it"
        return Brought(material.name, value, value, statement.vnm, words, value_needs, (), inner, _ACCUMULATION)
    if method == NET_COST and statement.regional_value is not None:
        price = material.value if material.value is not None else material.customs_value
        if price is None:
            return Brought(material.name, None, None, None, "has no value stated", value_needs, value_needs, inner)
        vnm = max(price - statement.regional_value, ZERO)
        words = f"value {show(price)} - regional amount its maker states {show(statement.regional_value)} = {show(vnm)}"
        return Brought(material.name, value, value, vnm, words, (), (), inner, _ACCUMULATION)
    return None


def _self_produced(material: Material, context: Context, method: str) -> Brought:
    contents = brought_by(material.materials, context, method)
    sheet = cost_sheet(material.costs, contents)
    if not material.designated or barred(material, context.terms):
        return _looked_through(material, sheet, contents, context.terms)
    originating, why, inner = standing(material, context)
    value = material.value if material.value is not None else sheet.total
    words = f"is designated as an intermediate material and {why}"
    value_needs = sheet.needs if value is None else ()
    if originating is None:
        undecided = _undecided(material, value, words, inner)
        return Brought(material.name, value, value, None, words, value_needs, undecided.vnm_needs, inner)
    if value is not None:
        words += f": value {show(value)}"
    if originating:
        return Brought(material.name, value, value, ZERO, words, value_needs, (), inner, _DESIGNATION)
    return Brought(material.name, value, value, value, words, value_needs, value_needs, inner, _DESIGNATION)


def barred(material: Material, terms: Terms) -> bool:
    """Whether the agreement bars designating such a component."""
    return bool(material.component) and material.component in terms.intermediate_barred


def _looked_through(material: Material, sheet: Sheet, contents: Sequence[Brought], terms: Terms) -> Brought:
    words = "is made by the producer: what is inside it counts"
    if material.designated and barred(material, terms):
        words = f"may not be designated, being an {material.component.replace('_', ' ')}: what is inside it counts"
    total = sheet.total if sheet.total is not None else material.value
    net = sheet.net if sheet.net is not None else material.value
    needs = sheet.needs if total is None else ()
    vnm_needs = tuple(f"{need} of '{material.name}'" for need in sheet.vnm_needs)
    inner = found_by(contents, terms)
    provision = _DESIGNATION if material.designated else "material_value"
    return Brought(material.name, total, net, sheet.vnm, words, needs, vnm_needs, inner, provision)


def _costs_on_top(material: Material, terms: Terms) -> Fraction:
    """Costs of purchase that a supplier's net cost does not hold: those the value does not hold either, and papers."""
    return ZERO if held(material, terms) else purchase_costs(material.charges)


def purchase_costs(charges: Charges) -> Fraction:
    """Freight to the producer, insurance, packing, duties, brokerage and waste less scrap."""
    freight = charges.international_freight + charges.inland_freight + charges.inland_freight_after
    return freight + charges.insurance + charges.packing + charges.duties + charges.brokerage + charges.waste_net


def proven_costs(charges: Charges) -> Fraction:
    """Those costs of purchase that papers prove: of the others nothing may be deducted."""
    if not charges.documented:
        return ZERO
    if charges.proven is None:
        return purchase_costs(charges)
    kept = {name: getattr(charges, name) for name in charges.proven}
    return sum(kept.values(), ZERO) - (2 * kept["scrap"] if "scrap" in kept else ZERO)


def held(material: Material, terms: Terms) -> bool:
    """Whether the stated value holds the costs of purchase already; the law's usual sense where not stated."""
    if material.charges.included is not None:
        return material.charges.included
    return terms.material_value == "deductions" and material.value is not None  # a customs value alone holds none


def carried(material: Material, terms: Terms) -> Fraction | None:
    """What a bought material puts into the costs of the good: its value, costs of purchase and assists."""
    value = material.value if material.value is not None else material.customs_value
    if value is None:
        return None
    return value + material.assists + (ZERO if held(material, terms) else purchase_costs(material.charges))


def foreign_value(material: Material, terms: Terms) -> Fraction | None:
    """The value at which a bought non-originating material counts as foreign."""
    value = _base(material, terms)
    if value is None:
        return None
    costs = purchase_costs(material.charges)
    if terms.material_value == "additions":
        adjusted = value if held(material, terms) else value + costs
    else:
        adjusted = value - proven_costs(material.charges) if held(material, terms) else value
    return adjusted + material.assists


def _base(material: Material, terms: Terms) -> Fraction | None:
    """What costs of purchase are added to (the customs value) or deducted from (the price)."""
    told = (material.customs_value, material.value)
    first, second = told if terms.material_value == "additions" else reversed(told)
    return first if first is not None else second


def _valued(material: Material, terms: Terms) -> str:
    """How the foreign value comes about."""
    value = _base(material, terms)
    foreign = foreign_value(material, terms)
    if value is None or foreign is None:
        return "its value is not stated"
    text = f"value {show(value)}"
    costs = purchase_costs(material.charges)
    if costs and not held(material, terms) and terms.material_value == "additions":
        text += f" + costs of bringing it in {show(costs)}"
    elif costs and held(material, terms) and terms.material_value == "deductions":
        proven = proven_costs(material.charges)
        text += f" - proven costs of bringing it in {show(proven)}" if proven else " (no papers prove a deduction)"
    if material.assists:
        text += f" + assists {show(material.assists)}"
    return text if text == f"value {show(foreign)}" else f"{text} = {show(foreign)}"
