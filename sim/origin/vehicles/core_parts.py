"""Core parts of a vehicle: whether each originates, by four methods, and what they bring to its foreign value.

A vehicle originates only if every core part in it does. Each may be tested alone or all as one super-core, and its
foreign value taken whole or as that of the listed components only. A part that crosses a border on its own is tested
alone and whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from sim.errors import LawError
from sim.law import OriginRule
from sim.law.facts import digits
from sim.origin.finding import Finding, Number, Plain
from sim.origin.good import CORE_PARTS, ZERO, Material, Question
from sim.origin.numbers import show, show_share
from sim.origin.vehicles.core_parts_file import METHODS, READINGS, CorePart, CoreParts, read
from sim.origin.vehicles.law_lookup import HUNDRED, cite, is_electric, is_vehicle, listed, part_rule, ppm

__all__ = ["METHODS", "READINGS", "CorePart", "CoreParts", "find", "read"]

_ALWAYS = CORE_PARTS[:-1]  # the battery is a core part of electric vehicles alone
_ENGINES = ("8407", "8408")  # headings of the nomenclature
_LEVELS = {"chapter": 2, "heading": 4, "subheading": 6}  # digits compared
_ELECTRIC = tuple(name for name in CORE_PARTS if name not in ("engine", "transmission"))
_WORDS = {
    "each": "each part, all foreign materials",
    "each_listed": "each part, foreign listed components only",
    "super_core": "all parts as one, all foreign materials",
    "super_core_listed": "all parts as one, foreign listed components only",
}
_READ = {
    "panel": "a core part that originates by any method brings nothing foreign",
    "us_litigated": "a core part brings nothing foreign only if it originates alone, all its foreign materials counted",
    "us_strict": "a core part brings the foreign materials in it even where it originates",
}
_CLAUSE = {
    "each": "section 14(7)(a)",
    "each_listed": "section 14(7)(b)",
    "super_core": "section 14(10)(a)",
    "super_core_listed": "section 14(10)(b)",
}


def find(section: CoreParts | None, question: Question, rule: OriginRule | None) -> Finding:
    """Whether the core parts of a vehicle originate, and the foreign value they bring.

    Returns
    -------
    Finding
        ``core_parts_pass``, content of each part and of the super-core by method, the parts that fail alone, and
        ``vnm_of_core_parts`` under the reading in force and under each of the three.

    References
    ----------
    SOR/2020-155 s.14(4)-(12).
    """
    section = section or CoreParts()
    parts = section.parts or _from_materials(question, rule)
    threshold = section.threshold if section.threshold is not None else _threshold(rule, section.value)
    if section.met is not None and not parts:
        words = "Every core part originates." if section.met else "A core part does not originate."
        values: dict[str, Number | Plain] = {"core_parts_pass": section.met}
        return Finding("core parts", section.met, words, "", values, cite(rule, "section 14(4)"))
    needs = _missing(parts, threshold)
    if needs or threshold is None:
        return Finding("core parts", None, "Facts are missing.", "", {}, cite(rule, "section 14(4)"), needs)
    alone = section.alone or _crosses_alone(question)
    outcomes = {method: _outcome(method, parts, threshold, section.averaged) for method in METHODS}
    known = {method: found for method, found in outcomes.items() if found is not None}
    open_methods = ("each",) if alone else (section.method,) if section.method else METHODS
    saved = {name for method, found in known.items() if method in open_methods for name in found}
    untold = () if alone else _untold(section, parts, question)
    failing = [part.name for part in parts if part.name not in saved]
    passes = False if failing else None if untold else True
    values = _contents(parts, threshold)
    values |= {f"{method}_passes": len(found) == len(parts) for method, found in known.items()}
    if passes is not None:
        values |= {"core_parts_pass": passes, "all_parts_originating": passes}
    reading = section.reading or (rule.roll_up_reading if rule else "") or READINGS[0]
    brought, missing = _brought(parts, saved, known.get("each", set()), reading)
    values |= brought
    sign = "exceed" if section.averaged else "reach"
    inner = tuple(_method_finding(method, parts, threshold, found, rule, sign) for method, found in known.items())
    if not alone:
        inner = (*inner, _reading_finding(reading, values, question, rule))
    if not any(method in known for method in open_methods):
        missing = (*missing, f"foreign materials for the method {open_methods[0]}")
    words = f"Not originating: {', '.join(failing)}." if failing else "Every core part originates."
    if passes is None:
        words = "Every core part that is told of originates; all of those in the vehicle must."
        missing = (*missing, *untold)
    if alone:
        values["vehicle_requirement_met"] = any(len(found) == len(parts) for found in known.values())
        words += " A part that crosses on its own is tested alone, with all its foreign materials."
    return Finding("core parts", passes, words, "", values, cite(rule, "section 14(4)-(12)"), missing, inner)


def _untold(section: CoreParts, parts: Sequence[CorePart], question: Question) -> tuple[str, ...]:
    """What is not told of the core parts that every vehicle has, as one entry."""
    named = {part.name for part in parts}
    asked = _ELECTRIC if is_electric(question.good) else _ALWAYS
    lacking = [name for name in asked if name not in named and name not in section.absent and not section.others]
    if not lacking:
        return ()
    names = ", ".join(name.replace("_", " ") for name in lacking)
    return (f"core_parts: {names} (originating, their figures, or none where the vehicle has none)",)


def check_once(section: CoreParts, question: Question) -> None:
    """Refuse a core part that the section names and that stands among the other materials too.

    Raises
    ------
    LawError
        It would count twice.
    """
    named = {part.name for part in section.parts}
    faults = []
    for material in question.materials:
        key = material.name.strip().lower().replace(" ", "_")
        if "engine" in named and digits(material.hts).startswith(_ENGINES):
            key = "engine"
        if key in named and not material.core:
            faults.append(
                f"{key} is told of twice: as the material '{material.name}' too. Write 'core: {key}' on that material."
            )
    if faults:
        raise LawError("core_parts", faults)


def _crosses_alone(question: Question) -> bool:
    good = question.good
    return good.use in ("original_equipment", "vehicle") and not is_vehicle(good) and bool(good.hts)


def _threshold(rule: OriginRule | None, value: str) -> Fraction | None:
    if rule is None:
        return None
    if value == "transaction_value":
        found = rule.core_transaction_ppm or rule.transaction_threshold_ppm
    else:
        found = rule.core_ppm or rule.threshold_ppm
    return ppm(found) if found else None


def _missing(parts: Sequence[CorePart], threshold: Fraction | None) -> tuple[str, ...]:
    needs = [] if parts else ["core_parts"]
    if threshold is None:
        needs.append("content asked of core parts")
    for part in parts:
        if part.originating is None and not part.base:
            needs.append(f"net cost of {part.name}")
        if part.originating is None and part.foreign is None and part.foreign_listed is None:
            needs.append(f"foreign materials in {part.name}")
    return tuple(needs)


def _foreign(part: CorePart, method: str) -> Fraction | None:
    return part.foreign_listed if method.endswith("_listed") else part.foreign


def _content(base: Fraction, foreign: Fraction) -> Fraction:
    return (base - foreign) / base


def _outcome(method: str, parts: Sequence[CorePart], threshold: Fraction, averaged: bool) -> set[str] | None:
    """Names of the parts that originate by a method; None where its facts are not told."""
    stated = {part.name for part in parts if part.originating}
    tested = [part for part in parts if part.originating is None]
    if any(_foreign(part, method) is None for part in tested):
        return None
    if not method.startswith("super_core"):
        found = {part.name for part in tested if _reaches(_of(part, method), threshold, averaged)}
        return stated | found
    if not tested or any(part.originating is False for part in parts):
        return stated
    whole = _super_core(tested, method)
    return stated | {part.name for part in tested} if _reaches(whole, threshold, averaged) else stated


def _reaches(content: Fraction, threshold: Fraction, averaged: bool) -> bool:
    """An average must exceed what is asked (section 14(12)); otherwise not less than it is enough, for each and all."""
    return content > threshold if averaged else content >= threshold


def _of(part: CorePart, method: str) -> Fraction:
    return _content(part.base or Fraction(1), _foreign(part, method) or ZERO)


def _super_core(parts: Sequence[CorePart], method: str) -> Fraction:
    base = sum((part.base or ZERO for part in parts), ZERO)
    return _content(base, sum((_foreign(part, method) or ZERO for part in parts), ZERO))


def _contents(parts: Sequence[CorePart], threshold: Fraction) -> dict[str, Number | Plain]:
    """Content of each part and of the super-core, in percent, by every method whose facts are told."""
    values: dict[str, Number | Plain] = {"core_threshold_pct": threshold * HUNDRED}
    tested = [part for part in parts if part.base]
    for part in tested:
        for method, ending in (("each", "rvc_pct"), ("each_listed", "listed_rvc_pct")):
            if _foreign(part, method) is not None:
                values[f"{part.name}_{ending}"] = _of(part, method) * HUNDRED
    for method, ending in (("super_core", "rvc_pct"), ("super_core_listed", "listed_rvc_pct")):
        if tested and all(_foreign(part, method) is not None for part in tested):
            values[f"super_core_{ending}"] = _super_core(tested, method) * HUNDRED
    failing = [x.name for x in tested if x.foreign is not None and _of(x, "each") < threshold]
    values["single_fail"] = ", ".join(failing)
    values["sum_net_cost"] = sum((part.base or ZERO for part in tested), ZERO)
    values["sum_vnm"] = sum((part.foreign or ZERO for part in tested), ZERO)
    return values


def _brought(
    parts: Sequence[CorePart], saved: set[str], whole: set[str], reading: str
) -> tuple[dict[str, Number | Plain], tuple[str, ...]]:
    """Foreign value the core parts bring to the vehicle under each reading of roll-up.

    ``panel``: none from a part that originates by any method. ``us_litigated``: none only where the part passes alone
    with all its foreign materials. ``us_strict``: the foreign materials of every part.
    """
    values: dict[str, Number | Plain] = {}
    needs: tuple[str, ...] = ()
    for name in READINGS:
        amounts = [_one(part, name, saved, whole) for part in parts]
        missing = tuple(_lacking(p, saved) for p, x in zip(parts, amounts, strict=True) if x is None)
        if not missing:
            values[f"vnm_of_core_parts_{name}"] = sum((x for x in amounts if x is not None), ZERO)
        if name == reading:
            needs = missing
            if not missing:
                values["vnm_of_core_parts"] = values[f"vnm_of_core_parts_{name}"]
    values["reading"] = reading
    return values, needs


def _lacking(part: CorePart, saved: set[str]) -> str:
    if part.name in saved:
        return f"foreign materials in {part.name}"
    return f"price of {part.name}, or that the maker makes it"


def _one(part: CorePart, reading: str, saved: set[str], whole: set[str]) -> Fraction | None:
    free = whole if reading == "us_litigated" else saved
    if part.name in free:
        return part.foreign if reading == "us_strict" else ZERO
    return part.foreign if part.self_produced else part.price


def _reading_finding(
    reading: str, values: Mapping[str, Number | Plain], question: Question, rule: OriginRule | None
) -> Finding:
    """Which reading of roll-up governs on this entry, its source, and what it makes the core parts bring."""
    place = f"On entry into {question.importer}" if question.importer else "With no country of entry told"
    words = f"{place} the reading is {reading}: {_READ[reading]}."
    counted = values.get("vnm_of_core_parts")
    others = [
        f"{name} {show(amount)}"
        for name in READINGS
        if isinstance(amount := values.get(f"vnm_of_core_parts_{name}"), Fraction)
    ]
    if isinstance(counted, Fraction):
        words += f" Those told of bring {show(counted)}."
    source = rule.references.get("roll_up_reading") if rule else None
    return Finding("roll-up of core parts", None, words, "; ".join(others), {}, source)


def _method_finding(
    method: str,
    parts: Sequence[CorePart],
    threshold: Fraction,
    found: set[str],
    rule: OriginRule | None,
    sign: str,
) -> Finding:
    tested = [part for part in parts if part.originating is None]
    if method.startswith("super_core") and tested:
        base = sum((part.base or ZERO for part in tested), ZERO)
        foreign = sum((_foreign(part, method) or ZERO for part in tested), ZERO)
        shown = f"({show(base)} - {show(foreign)}) / {show(base)} = {show_share(_super_core(tested, method))}"
    else:
        shown = ", ".join(f"{part.name} {show_share(_of(part, method))}" for part in tested)
    words = f"{_WORDS[method].capitalize()}: must {sign} {show_share(threshold)}."
    test = f"core parts, {_WORDS[method]}"
    return Finding(test, len(found) == len(parts), words, shown, {}, cite(rule, _CLAUSE[method]))


def _from_materials(question: Question, rule: OriginRule | None) -> tuple[CorePart, ...]:
    """Core parts among the materials of a vehicle; a battery may originate by a change of classification alone."""
    parts = [(material, _part_of(material, rule)) for material in question.materials if material.core]
    shifted = {x.core for x, _ in parts if x.core == "battery" and _changes_class(x, question)}
    return tuple(replace(part, originating=True) if part.name in shifted else part for _, part in parts)


def _changes_class(material: Material, question: Question) -> bool:
    """Whether all foreign materials in a part change classification, where its own rule asks that or the content.

    References
    ----------
    SOR/2020-155 s.14(3), (6): batteries alone among the core parts.
    """
    own = part_rule(question, material)
    if own is None or own.kind != "either" or not material.materials:
        return False
    level = _LEVELS.get(own.change, 0)
    outside = [digits(x.hts)[:level] for x in material.materials if x.status != "originating"]
    return level > 0 and all(len(code) == level and code != digits(material.hts)[:level] for code in outside)


def _part_of(material: Material, rule: OriginRule | None) -> CorePart:
    told = material.statement
    base = material.costs.net_cost if material.costs.net_cost is not None else told.net_cost if told else None
    foreign = told.vnm if told is not None and told.vnm is not None else material.costs.non_originating_materials
    from_list: Fraction | None = None
    if material.materials:
        outside = [x for x in material.materials if x.status == "non_originating"]
        foreign = sum((x.value or ZERO for x in outside), ZERO)
        on_list = [_is_listed(x, rule) for x in outside]
        if None not in on_list:
            from_list = sum((x.value or ZERO for x, yes in zip(outside, on_list, strict=True) if yes), ZERO)
    states = {"originating": True, "non_originating": False}
    known = base is None or (foreign is None and from_list is None)
    return CorePart(
        material.core,
        base,
        foreign,
        from_list,
        material.value,
        material.self_produced,
        states.get(material.status) if known else None,
    )


def _is_listed(material: Material, rule: OriginRule | None) -> bool | None:
    """Whether a material is a listed component: as stated, or not where no listed component has its code."""
    if material.listed_component is not None:
        return material.listed_component
    if rule is not None and rule.core_components and material.hts:
        return False if listed(material.hts, rule.core_components) is False else None
    return None
