"""Asking the law about a good or a part of a question: its facts, its rule, and the countries of the agreement."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from sim.errors import LawError
from sim.law import GoodFacts, Law, OriginRule, load_law
from sim.law.facts import digits
from sim.origin.good import Good, Material, Question
from sim.references import Reference
from sim.units import PPM

# Headings of motor vehicles in the Harmonized System; 87.06 (chassis) and what follows are parts.
_VEHICLES = ("8701", "8702", "8703", "8704", "8705")
_HEADING = 4
# Codes of the nomenclature that tell the class of a vehicle by themselves.
_CLASS_OF = {
    "passenger": ("8703",),
    "light_truck": ("870421", "870431", "870441", "870451", "870460"),
    "heavy_truck": ("87012", "870422", "870423", "870432", "870442", "870443", "870452", "870490"),
}
_SMALL_BUS = 15  # persons
_ELECTRIC = ("870380", "870460")  # with an electric motor alone
# Vehicles a part is for, where the file states the class of the vehicle on the part (an assumption).
_FOR = {"passenger": "light", "light_truck": "light", "heavy_truck": "heavy"}
HUNDRED = Fraction(100)


def ppm(value: int) -> Fraction:
    """Parts per million as a share of one."""
    return Fraction(value, PPM)


def law_of(question: Question) -> Law:
    """The law a question asks, with its reforms."""
    return load_law(question.reforms)


def parties(question: Question) -> tuple[str, ...]:
    """Countries of the agreement; empty where none is asked."""
    agreement = law_of(question).agreements.get(question.agreement)
    return agreement.parties if agreement else ()


def is_vehicle(good: Good) -> bool:
    """Whether a good is a vehicle: as stated, unless its code is that of a part."""
    stated = good.use == "vehicle" or bool(good.vehicle_class)
    own = digits(good.hts)
    return stated and (len(own) < _HEADING or own.startswith(_VEHICLES))


def is_electric(good: Good) -> bool:
    """Whether a vehicle has an electric motor alone: by its code, or as stated."""
    return digits(good.hts).startswith(_ELECTRIC) or good.details.get("fuel") == "electric"


def _persons(text: str | None) -> str | None:
    """Seats as the rules compare them: a number becomes the group it falls in."""
    if text is None or not text.isdigit():
        return text
    return "up_to_15" if int(text) <= _SMALL_BUS else "16_or_more"


def wrong_class(good: Good) -> str:
    """What is wrong with the class stated for a vehicle, where its code tells of another; empty where nothing is."""
    own = digits(good.hts)
    told = next((name for name, codes in _CLASS_OF.items() if own.startswith(codes)), good.vehicle_class)
    if not is_vehicle(good) or good.vehicle_class not in _CLASS_OF or told == good.vehicle_class:
        return ""
    classes = (name.replace("_", " ").replace("passenger", "passenger vehicle") for name in (told, good.vehicle_class))
    return f"{good.hts} is the code of a {', not of a '.join(classes)}."


def _part_of(good: Good) -> str:
    """The vehicles a part is for: as stated, otherwise by a class of vehicle stated on it, otherwise light ones."""
    if good.vehicle:
        return good.vehicle
    if good.vehicle_class == "bus":
        return "other_heavy" if _persons(good.details.get("persons")) == "16_or_more" else "other"
    return _FOR.get(good.vehicle_class, "light")


def good_facts(question: Question) -> GoodFacts:
    """What the law asks about the good of a question.

    Raises
    ------
    ValueError
        A date among the facts that is none; the reader of files refuses it before.
    """
    good = question.good
    told = good.details
    vehicle = is_vehicle(good)
    use = "original_equipment" if good.use == "vehicle" else good.use
    return GoodFacts(
        hts_code=good.hts,
        vehicle_class=good.vehicle_class if vehicle else "",
        core_class=good.core_class or None,
        use="vehicle" if vehicle else use,
        part_of=good.vehicle or "light" if vehicle else _part_of(good),
        importer=question.importer,
        regime=_regime(question),
        persons=_persons(told.get("persons")),
        fuel=told.get("fuel", ""),
        special=told.get("special", ""),
        plant=told.get("plant", ""),
        plant_since=_day(told.get("plant_since")),
        fiscal_year_begins=told.get("fiscal_year_begins", "01-01"),
        presentation=told.get("presentation", ""),
    )


def _regime(question: Question) -> str:
    """The regime claimed, or the standard one where the model is not approved or its approval has ended."""
    section = question.sections.get("staging")
    until = getattr(section, "approved_until", None)
    ended = until is not None and question.on is not None and question.on > until
    return "standard" if ended or getattr(section, "approved", None) is False else question.regime


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def part_rule(question: Question, material: Material, vehicle: str = "light") -> OriginRule | None:
    """The rule of origin a part has for itself, as original equipment of a `vehicle`; None where the law has none."""
    if question.on is None or not material.hts:
        return None
    core = "core" if material.core else None
    facts = GoodFacts(
        material.hts,
        core_class=core,
        part_of=question.good.vehicle or vehicle,
        importer=question.importer,
        regime=_regime(question),
    )
    try:
        return law_of(question).origin_rule(question.agreement, facts, question.on)
    except LawError:
        return None


def content_asked(question: Question, material: Material, vehicle: str = "light") -> Fraction | None:
    """Content by net cost that a part's own rule asks: the rule stated for it, otherwise that of the law."""
    if material.rule is not None:
        return material.rule.net_cost
    own = part_rule(question, material, vehicle)
    return ppm(own.threshold_ppm) if own is not None and own.threshold_ppm else None


def is_imported(material: Material, members: tuple[str, ...]) -> bool | None:
    """Whether a material came from outside the region as it is; None where nothing tells.

    Parameters
    ----------
    members : tuple of str
        Countries of the agreement.
    """
    if material.imported is not None:
        return material.imported
    if material.made_in:
        return material.made_in not in members
    if material.status == "originating" or material.self_produced or material.materials or material.designated:
        return False
    return True if material.title or material.customs_value is not None else None


def listed(code: str, prefixes: tuple[str, ...]) -> bool | None:
    """Whether a code stands on a list; None where it is too short to tell; an empty list lists everything.

    Examples
    --------
    >>> listed("8409.91", ("8409",)), listed("7601.10", ("8409",)), listed("8708.99", ("87089914",))
    (True, False, None)
    """
    if not prefixes:
        return True
    own = digits(code)
    if any(own.startswith(prefix) for prefix in prefixes):
        return True
    return None if any(prefix.startswith(own) for prefix in prefixes) else False


def cite(rule: OriginRule | None, provision: str, value: str = "") -> Reference | None:
    """A provision of the regulations behind a rule, or the source of one of its values where a proposal changed it.

    Parameters
    ----------
    provision : str
        Such as ``section 9(2)(a)``.
    value : str
        Field of `OriginRule` that decides.
    """
    if rule is None or rule.document is None:
        return None
    source = rule.references.get(value)
    if source is not None and source.status != "seen":
        return source
    title = rule.document.title.partition(", section")[0]
    return Reference(f"{title}, {provision}", rule.document.href, rule.document.status)
