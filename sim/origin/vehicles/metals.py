"""Steel and aluminium: the share of a vehicle producer's purchases in the region that originates, metal by metal.

Purchases of all plants count, direct, through service centres and directed to suppliers; tooling and metal for other
vehicles stay out, and of stampings only the metal counts. From the day of the melt rule, steel originates only where it
was made in the region from first melt on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sim.law import OriginRule
from sim.origin.finding import Finding, Number, Plain
from sim.origin.good import ZERO, Question
from sim.origin.numbers import code, country, number, share, show, show_share
from sim.origin.vehicles.law_lookup import HUNDRED, cite, listed, parties, ppm
from sim.reading import Node

METALS = ("steel", "aluminium")
PERIODS = (
    "previous_fiscal_year",
    "previous_calendar_year",
    "month_to_date",
    "quarter_to_date",
    "fiscal_year_to_date",
    "calendar_year_to_date",
)
SCOPES = ("all_plants", "exports_only", "category")
_SCOPE_WORDS = {
    "all_plants": "for vehicles of all plants",
    "exports_only": "for vehicles that are exported",
    "category": "for one category of vehicles",
}
LEFT_OUT = ("tooling", "other_vehicles")


@dataclass(frozen=True, slots=True)
class Purchase:
    """One purchase of metal, or several alike.

    Parameters
    ----------
    value, metal_value : Fraction, optional
        Price, and the metal in it where it is a stamping.
    originating : bool, optional
        By its ordinary rule of origin.
    melted_in : str
        Country of first melt and pour.
    made_in_region : bool, optional
        Whether every step of steelmaking from first melt to coating was in the region.
    purpose : str
        ``tooling`` or ``other_vehicles`` (not counted), or empty.
    """

    name: str
    hts: str = ""
    value: Fraction | None = None
    metal_value: Fraction | None = None
    originating: bool | None = None
    melted_in: str = ""
    made_in_region: bool | None = None
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Metal:
    """Purchases of one metal: one by one, in sums, or as a share; `year_end` is what came true of an estimate."""

    purchases: tuple[Purchase, ...] = ()
    originating: Fraction | None = None
    total: Fraction | None = None
    melted_elsewhere: Fraction = ZERO
    share: Fraction | None = None
    year_end: Metal | None = None


@dataclass(frozen=True, slots=True)
class Metals:
    """The section ``metals``."""

    by_metal: Mapping[str, Metal]
    period: str = ""
    scope: str = ""
    estimate: bool = False
    exempt: bool = False
    met: bool | None = None


def read(node: Node) -> Metals:
    """Read ``metals: {steel: {originating: 720, total: 1000}, aluminium: {share: 75 %}, period: ...}``.

    A metal takes ``share``; or ``originating`` and ``total``, with ``melted_elsewhere`` (of the originating); or
    ``purchases``, one by one (a plain amount there is the same as ``total``). Further keys: ``period``, ``scope``,
    ``estimate``, ``exempt`` (a model excused), ``met`` (where only the outcome is known), and in a metal ``year_end``
    with the actual figures.
    """
    entries = node.fields((*METALS, "period", "scope", "estimate", "exempt", "met"))
    return Metals(
        {name: _read_metal(entries[name]) for name in METALS if name in entries},
        entries["period"].text(PERIODS, "periods") if "period" in entries else "",
        entries["scope"].text(SCOPES, "scopes") if "scope" in entries else "",
        entries["estimate"].flag() if "estimate" in entries else False,
        entries["exempt"].flag() if "exempt" in entries else False,
        entries["met"].flag() if "met" in entries else None,
    )


def _read_metal(node: Node) -> Metal:
    if isinstance(node.value, str):
        return Metal(share=share(node))
    entries = node.fields(("purchases", "originating", "total", "melted_elsewhere", "share", "year_end"))
    bought, whole = entries.get("purchases"), entries.get("total")
    if bought is not None and isinstance(bought.value, str):
        bought, whole = None, whole or bought
    return Metal(
        tuple(_read_purchase(item) for item in (bought.items() if bought else ())),
        number(entries["originating"]) if "originating" in entries else None,
        number(whole) if whole else None,
        number(entries["melted_elsewhere"]) if "melted_elsewhere" in entries else ZERO,
        share(entries["share"]) if "share" in entries else None,
        _read_metal(entries["year_end"]) if "year_end" in entries else None,
    )


_PURCHASE = ("name", "hts", "value", "metal_value", "originating", "melted_in", "made_in_region", "purpose")


def _read_purchase(node: Node) -> Purchase:
    entries = node.fields(_PURCHASE, ("value",))
    return Purchase(
        entries["name"].text() if "name" in entries else "a purchase",
        code(entries["hts"]) if "hts" in entries else "",
        number(entries["value"]) if "value" in entries else None,
        number(entries["metal_value"]) if "metal_value" in entries else None,
        entries["originating"].flag() if "originating" in entries else None,
        country(entries.get("melted_in")),
        entries["made_in_region"].flag() if "made_in_region" in entries else None,
        entries["purpose"].text(LEFT_OUT, "purposes") if "purpose" in entries else "",
    )


def find(section: Metals, question: Question, rule: OriginRule | None) -> Finding:
    """Whether enough of each metal originates.

    Returns
    -------
    Finding
        ``steel_pct`` and ``aluminium_pct``, whether each passes, and for estimates the actual share at the year's end.

    References
    ----------
    SOR/2020-155 s.17 and Table S.
    """
    reference = cite(rule, "section 17", "metal_ppm")
    asked = ppm(rule.metal_ppm) if rule else ZERO
    inner = tuple(_metal(name, section, question, rule, asked) for name in METALS)
    values: dict[str, Number | Plain] = {"metal_threshold_pct": asked * HUNDRED}
    for finding in inner:
        values |= finding.values
    values |= _together(section)
    needs = tuple(need for finding in inner for need in finding.needs)
    if section.met is not None and not section.by_metal:
        words = "The test is stated to be met." if section.met else "The test is stated not to be met."
        return Finding("steel and aluminium", section.met, words, "", {}, reference)
    if section.exempt:
        words = "The model is exempt from the test."
        return Finding("steel and aluminium", True, words, "", values, reference, (), inner)
    outcomes = [finding.passes for finding in inner]
    passes = False if False in outcomes else None if None in outcomes else True
    words = f"{show_share(asked)} of the purchases of steel, and of aluminium, must originate."
    if not asked:
        words = "No share of steel and of aluminium is asked."
    if rule is not None and rule.melt_rule:
        words += " Steel must be made in the region from first melt on."
    return Finding("steel and aluminium", passes, words + _over(section), "", values, reference, needs, inner)


def _over(section: Metals) -> str:
    """Which purchases were counted, where the file says so."""
    told = [_SCOPE_WORDS[section.scope]] if section.scope else []
    told += [section.period.replace("_", " ")] if section.period else []
    return f" Purchases counted: {', '.join(told)}." if told else ""


def _together(section: Metals) -> dict[str, Number | Plain]:
    """Both metals in one sum, for comparison: each is tested by itself (an assumption; section 17(1) names both)."""
    metals = [section.by_metal.get(name) for name in METALS]
    total = originating = ZERO
    for metal in metals:
        if metal is None or metal.originating is None or metal.total is None:
            return {}
        total += metal.total
        originating += metal.originating
    return {"both_metals_pct": originating / total * HUNDRED} if total else {}


def _metal(name: str, section: Metals, question: Question, rule: OriginRule | None, asked: Fraction) -> Finding:
    reference = cite(rule, "section 17 and Table S")
    metal = section.by_metal.get(name)
    if metal is None:
        return Finding(name, None, "Facts are missing.", "", {}, reference, (f"purchases of {name}",))
    found, shown, needs = _share(name, metal, question, rule)
    if found is None:
        return Finding(name, None, "Facts are missing.", shown, {}, reference, needs)
    if not asked:
        words = f"{show_share(found)} originates; no share is asked."
        return Finding(name, None, words, shown, {f"{name}_pct": found * HUNDRED}, reference, needs)
    values: dict[str, Number | Plain] = {f"{name}_pct": found * HUNDRED, f"{name}_passes": found >= asked}
    words = f"{show_share(found)} originates; {show_share(asked)} is asked."
    passes = found >= asked
    if metal.year_end is not None:
        actual, shown_actual, more = _share(name, metal.year_end, question, rule)
        needs += more
        if actual is not None:
            passes = actual >= asked
            values |= {f"{name}_year_end_pct": actual * HUNDRED, f"{name}_year_end_passes": passes}
            shown += f"; at the year's end {shown_actual}"
            words = f"Estimated {show_share(found)}, came out at {show_share(actual)}; {show_share(asked)} is asked."
    elif section.estimate and section.period.startswith("previous"):
        passes = False
        words += f" An estimate may rest only on a period to date, not on {section.period.replace('_', ' ')}."
    elif section.estimate:
        words += " It is an estimate, to be checked at the year's end."
    return Finding(name, passes, words, shown, values, reference, needs)


def _share(
    name: str, metal: Metal, question: Question, rule: OriginRule | None
) -> tuple[Fraction | None, str, tuple[str, ...]]:
    """Share of the metal that originates, its arithmetic, and what is missing."""
    if metal.share is not None:
        return metal.share, show_share(metal.share), ()
    if metal.purchases:
        return _counted(name, metal.purchases, question, rule)
    if metal.originating is None or not metal.total:
        return None, "", (f"originating and total purchases of {name}",)
    amount = metal.originating
    shown = show(amount)
    if name == "steel" and rule is not None and rule.melt_rule and metal.melted_elsewhere:
        amount -= metal.melted_elsewhere
        shown = f"({show(metal.originating)} - {show(metal.melted_elsewhere)} melted elsewhere)"
    found = amount / metal.total
    return found, f"{shown} / {show(metal.total)} = {show_share(found)}", ()


def _counted(
    name: str, purchases: Sequence[Purchase], question: Question, rule: OriginRule | None
) -> tuple[Fraction | None, str, tuple[str, ...]]:
    total = originating = ZERO
    needs: list[str] = []
    for purchase in purchases:
        if purchase.purpose or _off_table(name, purchase, rule):
            continue
        amount = _amount(purchase, rule)
        yes = _originates(name, purchase, question, rule)
        if amount is None:
            needs.append(f"value of the metal in {purchase.name}")
        elif yes is None:
            needs.append(f"whether {purchase.name} originates" + _melt_need(name, rule))
        else:
            total += amount
            originating += amount if yes else ZERO
    if needs or not total:
        return None, "", tuple(needs) or (f"purchases of {name}",)
    found = originating / total
    shown = f"{show(originating)} / {show(total)} = {show_share(found)}"
    foreign = [x for x in purchases if x.originating and not x.purpose and not _originates(name, x, question, rule)]
    if foreign:
        places = ", ".join(f"{x.name} (melted in {x.melted_in or 'another region'})" for x in foreign)
        shown += f"; not counted: {places}"
    return found, shown, ()


def _melt_need(name: str, rule: OriginRule | None) -> str:
    return " and where it was melted" if name == "steel" and rule is not None and rule.melt_rule else ""


def _off_table(name: str, purchase: Purchase, rule: OriginRule | None) -> bool:
    """Metal of a code that the table does not name is not counted."""
    if rule is None or not purchase.hts:
        return False
    table = rule.steel_codes if name == "steel" else rule.aluminium_codes
    return bool(table) and listed(purchase.hts, table) is False


def _amount(purchase: Purchase, rule: OriginRule | None) -> Fraction | None:
    """Of a stamping only the metal in it counts."""
    if purchase.metal_value is not None:
        return purchase.metal_value
    if rule is not None and rule.stampings and purchase.hts and listed(purchase.hts, rule.stampings):
        return None
    return purchase.value


def _originates(name: str, purchase: Purchase, question: Question, rule: OriginRule | None) -> bool | None:
    if name != "steel" or rule is None or not rule.melt_rule or purchase.originating is False:
        return purchase.originating
    if purchase.made_in_region is not None:
        return purchase.made_in_region
    if not purchase.melted_in:
        return None
    return purchase.originating if purchase.melted_in in parties(question) else False
