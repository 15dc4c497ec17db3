"""The facts a customs officer asks about a line or a good, and the answers the law gives about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from sim.errors import LawError, Problem, nearest
from sim.law.origin import GeneralRule as GeneralRule
from sim.law.origin import GoodFacts as GoodFacts
from sim.law.origin import OriginRule as OriginRule
from sim.law.spelling import code_problem, country_slip
from sim.references import Reference

Column = NDArray[np.float64]

USES = ("original_equipment", "aftermarket", "vehicle", "other")
CLOSED_FACTS: Mapping[str, tuple[str, ...]] = {
    "use": USES,
    "vehicle_class": ("", "passenger", "light_truck", "heavy_truck", "bus"),
    "part_of": ("light", "heavy", "other"),
    "opt_in": ("", "light_part", "heavy_part"),
    "metal_weight": ("under_15", "at_least_15"),
    "quota": ("", "inside", "outside"),
    "zone_status": ("", "privileged", "non_privileged", "domestic"),
    "relief": ("sector", "temporary", "remission", "exclusion", "none"),
}


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What is known about one line of an entry, numbers apart.

    A fact that is None is unknown: it matters only where a provision asks it, and then the answer is
    "unresolved: needs X", never a guess.

    Parameters
    ----------
    importer : str
        Country whose customs is asked (ISO 3166 alpha-2).
    exporter : str
        Country the goods are shipped from.
    origin : str
        Country of the last substantial transformation.
    hts_code : str
        Tariff code as printed, such as ``8544.30``; four to ten digits.
    origin_marking : str, optional
        Country under the marking rules of the agreement.
    agreement : str
        Agreement under which preference is claimed, such as ``usmca``; empty when nothing is claimed.
    originating : bool
        Whether the good meets the rule of origin of that agreement.
    vehicle_class : str
        ``passenger``, ``light_truck``, ``heavy_truck`` or ``bus`` for vehicles, empty otherwise.
    use : str
        ``original_equipment``, ``aftermarket``, ``vehicle`` or ``other``.
    model_approved : bool, optional
        Whether the authority has approved the United States content of the model.
    kit : bool
        Knock-down kit or compilation of parts.
    steel_melt, aluminium_smelt : str, optional
        Where the metal was melted and poured, smelted and cast; empty if there is none.
    chapter_98 : str
        Special provision declared, such as ``9802.00.80``; empty for none.
    returned_within_3_years : bool, optional
        Whether goods of another country come back within three years of their export.
    relief : str
        Duty relief the importer is entitled to: ``sector`` (a producers' programme; assumed of whoever imports
        production parts), ``temporary`` (temporary import), ``remission`` (inside a remission quota),
        ``exclusion`` (a product exclusion was granted), ``none``.
    part_of : str
        Class of vehicle the good is in fact a part of: ``light``, ``heavy``, ``other`` for none.
    opt_in : str
        ``light_part`` or ``heavy_part`` where the importer certifies an unlisted part; empty otherwise.
    metal_weight : str, optional
        Share of listed metal in the weight: ``under_15`` or ``at_least_15`` (percent).
    us_metal : bool
        Whether the metal was melted or cast in the importing country to the share the law asks.
    quota : str
        ``inside`` or ``outside`` a quantity that the law limits; empty where none is at issue.
    zone_status : str
        Foreign trade zone: ``privileged`` (assess as of admission), ``non_privileged``, ``domestic``; empty for none.
    preference_suspended : bool
        Whether preference is suspended for the plant, as labour enforcement may do.
    content_overstated : bool
        Whether customs found the content declared for the model overstated.
    over_25_years : bool
        Whether the vehicle was made 25 years or more before entry.
    advanced_chip : bool
        Whether the good meets the technical parameters of a duty on semiconductors.
    in_transit : bool
        Whether it was loaded on its last conveyance before the first day of the measure asked.
    transshipped : bool
        Whether customs found it transshipped to evade a duty.
    civil_aircraft : bool
        Whether it is for civil aircraft.
    plaintiff : bool
        Whether the importer is a party to a judgment against the measure.
    antidumping_order, countervailing_order : bool
        Whether the good lies in the scope of an order; scope is text, not codes.
    """

    importer: str
    exporter: str
    origin: str
    hts_code: str
    origin_marking: str | None = None
    agreement: str = ""
    originating: bool = False
    vehicle_class: str = ""
    use: str = "original_equipment"
    model_approved: bool | None = None
    kit: bool = False
    steel_melt: str | None = None
    aluminium_smelt: str | None = None
    chapter_98: str = ""
    returned_within_3_years: bool | None = None
    relief: str = "sector"
    part_of: str = "light"
    opt_in: str = ""
    metal_weight: str | None = None
    us_metal: bool = False
    quota: str = ""
    zone_status: str = ""
    preference_suspended: bool = False
    content_overstated: bool = False
    over_25_years: bool = False
    advanced_chip: bool = False
    in_transit: bool = False
    transshipped: bool = False
    civil_aircraft: bool = False
    plaintiff: bool = False
    antidumping_order: bool = False
    countervailing_order: bool = False


@dataclass(frozen=True, slots=True)
class Charge:
    """One duty or fee on a group of lines that share their facts.

    Parameters
    ----------
    programme : str
        Path of the programme, such as ``us/section_232/automobiles``.
    heading : str
        Tariff heading or name of the provision that decided.
    kind : str
        ``duty`` or ``fee``.
    treasury : str
        Country that receives it.
    rate_ppm : int
        Rate in parts per million of the base.
    base, amount : float64 arrays
        Cents, unrounded, one value per line.
    reference : Reference
        The provision.
    why : str
        The decision in words.
    least, most : float, optional
        Bounds of a fee per entry, in cents; None where the provision sets none. See `sim.law.consolidate`.
    """

    programme: str
    heading: str
    kind: str
    treasury: str
    rate_ppm: int
    base: Column
    amount: Column
    reference: Reference
    why: str
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class ProgrammeStatus:
    """Where one programme stands on a date, as the documents published by then tell it.

    Parameters
    ----------
    state : str
        ``in force``, ``announced``, ``suspended`` or ``ended``.
    since, until : date, optional
        Day the state began, and the announced day on which it changes.
    next_state : str
        State that is announced for `until`; empty if none is.
    heading, rate : str
        Provision that would decide for such goods without a claim, and its rate in words.
    unresolved : tuple of str
        Facts that would have to be known for a firm answer.
    """

    programme: str
    title: str
    kind: str
    state: str
    since: dt.date | None
    until: dt.date | None
    next_state: str
    document: str
    heading: str
    rate: str
    reference: Reference
    unresolved: tuple[str, ...] = field(default=())


COUNTRY_FACTS = ("importer", "exporter", "origin", "origin_marking", "steel_melt", "aluminium_smelt")
FLAG_FACTS = (
    "originating",
    "model_approved",
    "kit",
    "us_metal",
    "returned_within_3_years",
    "preference_suspended",
    "content_overstated",
    "over_25_years",
    "advanced_chip",
    "in_transit",
    "transshipped",
    "civil_aircraft",
    "plaintiff",
    "antidumping_order",
    "countervailing_order",
    "preferential",
    "exporter_is_party",
)
LINE_FACTS = tuple(f.name for f in fields(LineFacts))
GOOD_FACTS = tuple(f.name for f in fields(GoodFacts))
DERIVED_FACTS = ("preferential", "exporter_is_party")


def require_line(line: LineFacts) -> None:
    """Refuse facts that no law could read.

    Raises
    ------
    LawError
        A country that is not two capital letters or is a well-known slip, a tariff code that no good has (see
        `sim.law.spelling`), or a value outside the closed set of its fact.
    """
    problems = []
    for name in COUNTRY_FACTS:
        country = getattr(line, name)
        empty = country is None or (country == "" and name in ("steel_melt", "aluminium_smelt"))
        if not empty and (message := country_slip(country)):
            problems.append(Problem(name, message))
    if message := code_problem(line.hts_code):
        problems.append(Problem("hts_code", message))
    for name, allowed in CLOSED_FACTS.items():
        value = getattr(line, name)
        if value is not None and value not in allowed:
            problems.append(Problem(name, not_allowed(name, value)))
    if problems:
        raise LawError("entry line", problems)


def not_allowed(fact: str, value: str) -> str:
    """Say that a closed fact has no such value, with the nearest it may have."""
    allowed = [name or "none" for name in CLOSED_FACTS[fact]]
    plural = "uses" if fact == "use" else "values"
    noun = "a use" if fact == "use" else f"a value of {fact}"
    return f"'{value}' is not {noun}. {nearest(value, allowed, plural)}"


def digits(code: str) -> str:
    """The digits of a tariff code: ``8544.30`` -> ``854430``.

    Examples
    --------
    >>> digits("8544.30")
    '854430'
    """
    return "".join(character for character in code if character.isdigit())
