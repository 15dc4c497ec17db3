"""Foreign value in heavy-duty vehicles and their parts: components and listed materials answer by their own options.

The producer chooses among the options the law gives; the least is taken unless the file names a treatment, and all are
shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sim.law import OriginRule
from sim.origin.finding import Finding
from sim.origin.good import ZERO, Material, Question
from sim.origin.numbers import show
from sim.origin.vehicles.law_lookup import cite, content_asked, is_imported, listed, parties, ppm

# Options for an acquired component, and for a material that fails its own rule.
OPTIONS = ("by_statement", "stated_content", "requirement", "full_value")
_LISTED = (
    "Schedule V; of engines: cast block or head, fuel nozzle, injector pump, glow plug, turbocharger or supercharger, "
    "electronic control, manifold, valve, crankshaft, camshaft, alternator, starter, air cleaner assembly, piston, "
    "connecting rod, rotor assembly, flywheel, flexplate, oil pan, oil pump, pressure regulator, water pump, "
    "crankshaft or camshaft gear, radiator assembly, charge-air cooler; of gear boxes: case, housing of clutch or "
    "converter, clutch, shifting mechanism, gear set, synchronizer, shaft, torque converter, electronic control"
)


@dataclass(frozen=True, slots=True)
class Part:
    """What one material brings: the value counted, every option open, and what is missing."""

    value: Fraction
    options: Mapping[str, Fraction]
    clause: str
    words: str
    needs: tuple[str, ...] = ()


def vnm(question: Question, rule: OriginRule) -> Finding:
    """Value of non-originating materials in a heavy-duty vehicle, its component or part.

    Returns
    -------
    Finding
        ``vnm``; for each material an inner finding with the options open.

    References
    ----------
    SOR/94-14 s.10.
    """
    reference = cite(rule, "section 10")
    stated = question.costs.non_originating_materials
    if not question.materials and stated is not None:
        told = f"foreign materials as stated {show(stated)}"
        return Finding("value of foreign materials", None, "As stated.", told, {"vnm": stated}, reference)
    findings: list[Finding] = []
    needs: list[str] = []
    total = ZERO
    for material in question.materials:
        part = count(material, question, rule)
        total += part.value
        needs += part.needs
        values = {name: amount for name, amount in part.options.items()} | {"vnm": part.value}
        findings.append(
            Finding(
                f"material {material.name}",
                None,
                part.words,
                "",
                values,
                cite(rule, part.clause or "section 10"),
                part.needs,
            )
        )
    shown = [show(x.values["vnm"]) for x in findings if isinstance(x.values["vnm"], Fraction) and x.values["vnm"]]
    values = _named(question.materials, findings) | ({} if needs else {"vnm": total})
    return Finding(
        test="value of foreign materials",
        passes=None,
        words="Counted material by material; where the producer may choose, the least unless a treatment is named.",
        arithmetic=" + ".join(shown) + (f" = {show(total)}" if len(shown) > 1 else ""),
        values=values,
        reference=reference,
        needs=tuple(dict.fromkeys(needs)),
        inner=tuple(findings),
    )


def _named(materials: Iterable[Material], findings: Iterable[Finding]) -> dict[str, Fraction]:
    """The options of materials that have several, by the name of the material."""
    found: dict[str, Fraction] = {}
    for material, finding in zip(materials, findings, strict=True):
        options = {key: value for key, value in finding.values.items() if key in OPTIONS}
        if len(options) > 1:
            word = material.name.replace(" ", "_")
            found |= {f"{word}_{key}": value for key, value in options.items() if isinstance(value, Fraction)}
    return found


def count(material: Material, question: Question, rule: OriginRule) -> Part:
    """What one material of a heavy vehicle, component or part brings to foreign value."""
    imported = is_imported(material, parties(question))
    if imported is None and not material.status:
        return Part(ZERO, {}, "", "", (f"status of {material.name}",))
    if imported:
        return _whole(material, "section 10(1)(c)", "imported from outside, so its value counts:")
    if _is_component(material, rule) and not material.self_produced:
        return _component(material, question, rule)
    if material.self_produced and (not material.designated or _is_component(material, rule)):
        return _self_made(material, question, rule)
    if material.status == "originating":
        return Part(ZERO, {}, "section 10(1)", "originates and brings nothing.")
    if material.heavy_listed is None:
        return _unlisted_yet(material)
    if material.heavy_listed:
        return _choice(
            material, _failed_options(material, question, rule), "section 10(1)(a)-(b)", "a listed material that fails"
        )
    return _whole(material, "section 10(1)(f)", "fails and is not listed, so its full value counts:")


def _unlisted_yet(material: Material) -> Part:
    """A material of which the file does not say whether it is listed: the list goes by names, not by codes."""
    needs = (f"whether {material.name} is a listed material (heavy_listed: yes or no)",)
    return Part(ZERO, {}, "section 10(1)", f"Is it on the list? {_LISTED}.", needs)


def _is_component(material: Material, rule: OriginRule) -> bool:
    by_code = bool(material.hts and rule.components) and listed(material.hts, rule.components) is True
    return bool(material.component) or by_code


def _whole(material: Material, clause: str, words: str) -> Part:
    amount = material.value if material.value is not None else material.customs_value
    if amount is None:
        return Part(ZERO, {}, clause, "", (f"value of {material.name}",))
    charges = material.charges
    if not charges.included:
        amount += charges.international_freight + charges.insurance + charges.packing
        amount += charges.duties + charges.brokerage + charges.inland_freight + charges.waste_net
    return Part(amount, {"full_value": amount}, clause, f"{words} {show(amount)}.")


def _component(material: Material, question: Question, rule: OriginRule) -> Part:
    """An acquired engine, gear box or assembly of the region."""
    if material.status not in ("originating", "non_originating"):
        return Part(ZERO, {}, "", "", (f"status of {material.name}",))
    if material.status == "originating":
        _, lacking = _listed_inside(material, question, rule)
        if lacking and material.treatment == "by_statement":
            return Part(ZERO, {}, "section 10(1)(d)(i)", "", lacking)
        return _choice(
            material, _originating_options(material, question, rule), "section 10(1)(d)", "an originating component"
        )
    return _choice(material, _failed_options(material, question, rule), "section 10(1)(e)", "a component that fails")


def _originating_options(material: Material, question: Question, rule: OriginRule) -> dict[str, Fraction]:
    """Listed and imported content by statement; by the stated content; by the content asked; full value."""
    options: dict[str, Fraction] = {}
    told, price = material.statement, material.value
    stated, needs = _listed_inside(material, question, rule)
    if not needs:
        options["by_statement"] = stated
    if price is None:
        return options
    if told is not None and told.rvc is not None:
        options["stated_content"] = price * (1 - told.rvc)
    elif told is not None and told.net_cost and told.vnm is not None:
        options["stated_content"] = price * told.vnm / told.net_cost
    asked = content_asked(question, material, "heavy")
    if asked is None and material.component and not material.hts:
        asked = ppm(rule.threshold_ppm)
    if asked is not None:
        options["requirement"] = price * (1 - asked)
    options["full_value"] = price
    return options


def _listed_inside(material: Material, question: Question, rule: OriginRule) -> tuple[Fraction, tuple[str, ...]]:
    """Listed and imported content of an originating component: as a statement says, or as far as it is looked into."""
    told = material.statement
    if told is not None and told.traced is not None:
        return told.traced, ()
    if told is not None and told.vnm is not None and told.net_cost is None:
        return told.vnm, ()
    if not material.materials:
        return ZERO, (f"listed and imported content of {material.name} (statement: vnm, or its materials)",)
    inner = [_inside_originating(x, question, rule) for x in material.materials]
    needs = tuple(need for part in inner for need in part.needs)
    return sum((part.value for part in inner), ZERO), needs


def _inside_originating(material: Material, question: Question, rule: OriginRule) -> Part:
    """Inside an originating component only listed and imported materials keep their foreign value.

    An originating component inside it brings what is foreign inside itself, never a share of its price.
    """
    component = _is_component(material, rule)
    if material.heavy_listed is None and material.status != "originating" and not component:
        return _unlisted_yet(material)
    if not material.heavy_listed and not component:
        return Part(ZERO, {}, "section 10(1)(d)", f"{material.name} is not listed and rolls up.")
    if component and material.status == "originating" and not is_imported(material, parties(question)):
        amount, needs = _listed_inside(material, question, rule)
        words = f"{material.name} originates: only what is foreign inside it counts."
        return Part(amount, {}, "section 10(1)(d)(i)", words, needs)
    return count(material, question, rule)


def _failed_options(material: Material, question: Question, rule: OriginRule) -> dict[str, Fraction]:
    """The foreign content inside by statement, or the full value."""
    options: dict[str, Fraction] = {}
    told = material.statement
    amount = told.vnm if told is not None and told.vnm is not None else None
    if amount is None and told is not None:
        amount = told.traced
    if amount is not None:
        options["by_statement"] = amount
    elif material.materials:
        inner = [count(x, question, rule) for x in material.materials]
        if not any(part.needs for part in inner):
            options["by_statement"] = sum((part.value for part in inner), ZERO)
    total = material.costs.total_cost if material.self_produced else None
    full = total if total is not None else material.value
    if full is not None:
        options["full_value"] = full
    return options


def _self_made(material: Material, question: Question, rule: OriginRule) -> Part:
    """A self-made part that is not designated passes on what is inside it; a listed one that fails, by choice."""
    if material.heavy_listed and material.status != "originating":
        return _choice(
            material,
            _failed_options(material, question, rule),
            "section 10(1)(a)",
            "a self-made listed material that fails",
        )
    inner = [count(x, question, rule) for x in material.materials]
    total = sum((part.value for part in inner), ZERO)
    needs = tuple(need for part in inner for need in part.needs)
    words = "made by the producer: the foreign materials inside count."
    if material.designated:
        words += " An engine or gear box may not be designated."
    return Part(total, {}, "section 10(1)", words, needs)


def _choice(material: Material, options: Mapping[str, Fraction], clause: str, what: str) -> Part:
    """The named option, or the least."""
    if not options:
        return Part(ZERO, {}, clause, "", (f"value of {material.name}, or a statement on it",))
    if material.treatment and material.treatment not in options:
        named = ", ".join(options)
        return Part(
            ZERO,
            options,
            clause,
            "",
            (f"facts for the treatment '{material.treatment}' of {material.name} (open: {named})",),
        )
    chosen = material.treatment or min(options, key=lambda name: (options[name], OPTIONS.index(name)))
    shown = ", ".join(f"{name.replace('_', ' ')} {show(value)}" for name, value in options.items())
    why = "as named" if material.treatment else "the least"
    words = f"{what}: {shown}; counted {chosen.replace('_', ' ')}, {why}."
    return Part(options[chosen], dict(options), clause, words)
