"""The facts a customs officer asks about a line or a good, and the answers the law gives about them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from sim.errors import LawError, Problem, nearest
from sim.references import Reference

Column = NDArray[np.float64]

USES = ("original_equipment", "aftermarket", "vehicle", "other")


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
        ``passenger`` or ``light_truck`` for vehicles, empty otherwise.
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
    relief : str
        Duty relief the importer is entitled to: ``sector`` (a producers' programme; assumed of whoever imports
        production parts), ``temporary`` (temporary import), ``remission`` (inside a remission quota), ``none``.
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
    relief: str = "sector"


@dataclass(frozen=True, slots=True)
class GoodFacts:
    """What a rule of origin asks about a good.

    Parameters
    ----------
    hts_code : str
        Tariff code as printed.
    vehicle_class : str
        ``passenger`` or ``light_truck`` for vehicles, empty otherwise.
    core_class : str
        Place in the tables of the agreement: ``core``, ``principal``, ``complementary``, ``none``, ``vehicle``.
    use : str
        ``original_equipment``, ``aftermarket``, ``vehicle`` or ``other``.
    """

    hts_code: str
    vehicle_class: str = ""
    core_class: str = "none"
    use: str = "original_equipment"


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


@dataclass(frozen=True, slots=True)
class OriginRule:
    """What a good must meet to originate under an agreement on a date.

    Parameters
    ----------
    agreement, name : str
        The agreement and the rule of it that decided.
    kind : str
        ``regional_value``, ``tariff_shift`` or ``either``.
    threshold_ppm : int
        Regional value content asked, parts per million of net cost; 0 for a pure tariff shift.
    vnm_method : str
        ``traced``: the value of listed imports counts as foreign however deep it sits; ``roll_up``: foreign value
        inside an originating part vanishes.
    traced_prefixes : tuple of str
        For ``traced``: digits of the codes that are traced; empty when every foreign material is traced.
    national_ppm : Mapping of str to int
        Least share of single countries, such as ``{"US": 500000}``; empty for none.
    national_base : str
        ``vehicle``: share of net cost; ``regional``: share of the regional value.
    core_parts_required : bool
        Whether every core part must originate by itself.
    roll_up_reading : str
        ``panel``, ``us_litigated`` or ``us_strict``; empty where nothing rolls up.
    labour_value_ppm, metal_ppm : int
        Labour value content, and share of steel and of aluminium bought in the region; 0 for no such test.
    de_minimis_ppm : int
        Share of value that may fail the tariff shift.
    """

    agreement: str
    name: str
    kind: str
    threshold_ppm: int
    vnm_method: str
    traced_prefixes: tuple[str, ...]
    national_ppm: Mapping[str, int]
    national_base: str
    core_parts_required: bool
    roll_up_reading: str
    labour_value_ppm: int
    metal_ppm: int
    de_minimis_ppm: int
    reference: Reference


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
FLAG_FACTS = ("originating", "model_approved", "kit", "preferential", "exporter_is_party")
LINE_FACTS = tuple(f.name for f in fields(LineFacts))
GOOD_FACTS = tuple(f.name for f in fields(GoodFacts))
DERIVED_FACTS = ("preferential", "exporter_is_party")


def require_line(line: LineFacts) -> None:
    """Refuse facts that no law could read.

    Raises
    ------
    LawError
        A country that is not two capital letters, a tariff code without four to ten digits, or an unknown use.
    """
    problems = []
    for name in COUNTRY_FACTS:
        country = getattr(line, name)
        empty = country is None or (country == "" and name in ("steel_melt", "aluminium_smelt"))
        if not empty and not re.fullmatch(r"[A-Z]{2}", country):
            problems.append(Problem(name, f"'{country}' is not a country. Write two capital letters, such as 'MX'."))
    if not re.fullmatch(r"\d{4}(\.?\d{2}){0,3}", line.hts_code):
        message = f"'{line.hts_code}' is not a tariff code. Write four to ten digits, such as '8544.30'."
        problems.append(Problem("hts_code", message))
    if line.use not in USES:
        problems.append(Problem("use", f"'{line.use}' is not a use. {nearest(line.use, USES, 'uses')}"))
    if problems:
        raise LawError("entry line", problems)


def digits(code: str) -> str:
    """The digits of a tariff code: ``8544.30`` -> ``854430``.

    Examples
    --------
    >>> digits("8544.30")
    '854430'
    """
    return "".join(character for character in code if character.isdigit())
