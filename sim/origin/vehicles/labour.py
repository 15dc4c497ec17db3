"""Labour value content: high-wage labour and materials, and credits for technology and assembly, against the rule.

Materials of a high-wage plant count at their full value, originating or not: labour value and regional value are apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from sim.law import OriginRule
from sim.origin.finding import Finding, Number, Plain
from sim.origin.good import ZERO, Question
from sim.origin.numbers import show, show_share
from sim.origin.vehicles.labour_file import LabourValue, Plant
from sim.origin.vehicles.law_lookup import HUNDRED, cite, ppm

WEEKS_IN_YEAR = 52
MONTHS_IN_YEAR = 12


@dataclass(frozen=True, slots=True)
class Points:
    """Points by source, as shares of one; `needs` where a source cannot be reckoned."""

    material: Fraction | None
    technology: Fraction
    assembly: Fraction
    arithmetic: str = ""
    needs: tuple[str, ...] = ()
    values: Mapping[str, Number | Plain] = field(default_factory=dict)

    @property
    def total(self) -> Fraction:
        """All points together."""
        return (self.material or ZERO) + self.technology + self.assembly


def find(section: LabourValue, question: Question, rule: OriginRule | None) -> Finding:
    """Labour value content of a vehicle, and whether it reaches what the rule asks.

    Returns
    -------
    Finding
        ``lvc_pct`` and its points, with and without the optional labour term where purchases are the base, and
        ``rvc_credit_pct``: points that heavy trucks may add to their regional value content.

    References
    ----------
    SOR/2020-155 s.18.
    """
    reference = cite(rule, "section 18", "labour_value_ppm")
    if section.met is not None:
        words = "The content is stated to be reached." if section.met else "The content is stated not to be reached."
        return Finding("labour value content", section.met, words, "", {}, reference)
    wages = tuple(wage_test(plant, rule, question.on) for plant in section.plants)
    technology = _technology(section, rule)
    assembly, assembly_finding = _assembly(section, rule)
    points = _best(section, question, rule, wages, technology, assembly)
    inner = (*wages, *((assembly_finding,) if assembly_finding else ()))
    needs = points.needs + tuple(need for finding in inner for need in finding.needs)
    if points.material is None:
        return Finding("labour value content", None, "Facts are missing.", "", {}, reference, needs, inner)
    values: dict[str, Number | Plain] = {
        "lvc_pct": points.total * HUNDRED,
        "material_points": points.material * HUNDRED,
        "technology_points": points.technology * HUNDRED,
        "assembly_points": points.assembly * HUNDRED,
        **points.values,
    }
    asked = ppm(rule.labour_value_ppm) if rule else ZERO
    least = ppm(rule.labour_material_ppm) if rule else ZERO
    passes: bool | None = None
    words = "No labour value content is asked."
    if asked:
        passes = points.total >= asked and points.material >= least
        values |= {"lvc_threshold_pct": asked * HUNDRED, "min_points": least * HUNDRED, "lvc_passes": passes}
        words = f"{show_share(points.total)} in all, {show_share(points.material)} of it material and labour; "
        words += f"asked are {show_share(asked)} and {show_share(least)}."
        if needs and passes is False:
            passes = None
    if rule is not None and rule.labour_credit_ppm:
        credit = max(ZERO, points.material - least) if points.total > asked else ZERO
        values |= {"rvc_credit_pct": credit * HUNDRED, "credit_floor_pct": ppm(rule.labour_credit_ppm) * HUNDRED}
    return Finding("labour value content", passes, words, points.arithmetic, values, reference, needs, inner)


def _best(
    section: LabourValue,
    question: Question,
    rule: OriginRule | None,
    wages: tuple[Finding, ...],
    technology: Fraction,
    assembly: Fraction,
) -> Points:
    """Points by whichever formula is named, or gives the more where both can be reckoned."""
    if section.material_points is not None or section.total is not None:
        return _stated(section, technology, assembly, rule)
    high = {plant.name for plant, wage in zip(section.plants, wages, strict=True) if wage.passes}
    plants = [plant for plant in section.plants if plant.name in high]
    labour = (section.labour or ZERO) + sum((plant.labour for plant in plants), ZERO)
    found = []
    if section.formula in ("", "net_cost"):
        found.append(_by_net_cost(section, question, plants, labour))
    if section.formula in ("", "purchases"):
        found.append(_by_purchases(section, plants, labour))
    solved = [x for x in found if x.material is not None]
    if not solved:
        needs = () if not found else found[0].needs
        return Points(None, technology, assembly, needs=needs)
    best = max(solved, key=lambda x: x.material or ZERO)
    shown = f"{best.arithmetic}; + {show_share(technology)} technology + {show_share(assembly)} assembly"
    other = next((x for x in solved if x is not best), None)
    if other is not None:
        shown = f"{best.arithmetic}, which serves better than {other.arithmetic}"
        shown += f"; + {show_share(technology)} technology + {show_share(assembly)} assembly"
    values = {key: value for x in solved for key, value in x.values.items()}
    for key in ("with_labour_pct", "without_labour_pct"):
        material = values.get(key)
        if isinstance(material, Fraction):
            values[f"lvc_{key}"] = material + (technology + assembly) * HUNDRED
    shown += f" = {show_share((best.material or ZERO) + technology + assembly)}"
    return Points(best.material, technology, assembly, shown, (), values)


def _stated(section: LabourValue, technology: Fraction, assembly: Fraction, rule: OriginRule | None) -> Points:
    """Points as stated; what a stated total leaves beside the material points is technology, then assembly."""
    material = section.material_points
    if material is None:
        material = max(ZERO, (section.total or ZERO) - technology - assembly)
    if section.total is not None:
        rest = max(ZERO, section.total - material)
        cap = ppm(rule.labour_technology_ppm) if rule and rule.labour_technology_ppm else rest
        technology = min(rest, technology if section.technology_told else cap)
        assembly = rest - technology
    shown = f"{show_share(material)} material and labour + {show_share(technology)} technology"
    shown += f" + {show_share(assembly)} assembly = {show_share(material + technology + assembly)}"
    return Points(material, technology, assembly, shown)


def _by_net_cost(section: LabourValue, question: Question, plants: list[Plant], labour: Fraction) -> Points:
    """(HWLC + HWM) / NC: SOR/2020-155 s.18(6)(a)."""
    base = section.net_cost if section.net_cost is not None else question.costs.net_cost
    materials = [plant.materials for plant in plants if plant.materials]
    if section.materials is None and not section.plants and not labour:
        return Points(None, ZERO, ZERO, needs=("high_wage_materials",))
    if not base:
        return Points(None, ZERO, ZERO, needs=("net_cost",))
    material = (section.materials or ZERO) + sum(materials, ZERO) + section.freight
    share = (labour + material) / base
    shown = f"({show(labour)} + {show(material)}) / {show(base)} = {show_share(share)}"
    values: dict[str, Number | Plain] = {"net_cost_formula_pct": share * HUNDRED}
    return Points(share, ZERO, ZERO, shown, (), values)


def _by_purchases(section: LabourValue, plants: list[Plant], labour: Fraction) -> Points:
    """(APV + HWLC) / (TAPV + HWLC), the labour in both places or in neither: SOR/2020-155 s.18(6)(b)."""
    bought = [plant.purchases for plant in plants if plant.purchases]
    total = section.total_purchases
    if section.purchases is None and not bought and not (section.plants and total):
        return Points(None, ZERO, ZERO, needs=("high_wage_purchases",))
    if not total:
        return Points(None, ZERO, ZERO, needs=("total_purchases",))
    amount = (section.purchases or ZERO) + sum(bought, ZERO) + section.freight
    without = amount / total
    with_labour = (amount + labour) / (total + labour)
    values: dict[str, Number | Plain] = {"without_labour_pct": without * HUNDRED}
    if labour:
        values["with_labour_pct"] = with_labour * HUNDRED
    counted = section.count_labour if section.count_labour is not None else with_labour > without
    share = with_labour if counted and labour else without
    shown = f"{show(amount)} / {show(total)} = {show_share(without)}"
    if labour:
        shown += f"; with labour ({show(amount)} + {show(labour)}) / ({show(total)} + {show(labour)})"
        shown += f" = {show_share(with_labour)}"
    return Points(share, ZERO, ZERO, shown, (), values)


def _technology(section: LabourValue, rule: OriginRule | None) -> Fraction:
    """Wages of research, development and information technology over wages of production, up to the cap."""
    share = section.technology_share
    if share is None:
        if not section.production_wages or section.technology_wages is None:
            return ZERO
        share = section.technology_wages / section.production_wages
    return min(share, ppm(rule.labour_technology_ppm)) if rule and rule.labour_technology_ppm else share


def _assembly(section: LabourValue, rule: OriginRule | None) -> tuple[Fraction, Finding | None]:
    """The credit for an engine, transmission or battery plant of enough capacity that pays high wages."""
    credit = ppm(rule.labour_assembly_ppm) if rule else ZERO
    if section.assembly_points is not None:
        return min(section.assembly_points, credit) if rule else section.assembly_points, None
    plant = section.assembly
    if plant is None:
        return (credit if section.assembly_credit else ZERO), None
    least = _capacity(rule, plant.product)
    wage = wage_test(plant, rule)
    reference = cite(rule, "section 18(1)")
    if least is None:
        needs = (f"capacity asked of a plant of {plant.product or 'engines, transmissions or batteries'}",)
        return ZERO, Finding("high-wage assembly", None, "Facts are missing.", "", {}, reference, needs, (wage,))
    enough = plant.capacity >= least
    years = rule.assembly_contract_years if rule else 0
    contract = plant.contract_years is None or plant.contract_years >= years
    passes = enough and contract and wage.passes is True
    words = f"Yearly capacity ({plant.product}): {show(plant.capacity)}, asked {show(least)}"
    words += f", and a contract of {years} years." if plant.contract_years is not None else "."
    finding = Finding("high-wage assembly", passes, words, "", {"assembly_credit": passes}, reference, (), (wage,))
    return (credit if passes else ZERO), finding


def _capacity(rule: OriginRule | None, product: str) -> Fraction | None:
    for item in rule.assembly_capacity if rule else ():
        name, _, units = item.partition(" ")
        if name == product:
            return Fraction(units)
    return None


def wage_test(plant: Plant, rule: OriginRule | None, on: dt.date | None = None) -> Finding:
    """Whether a plant pays a high wage: the base wage of direct production workers by the hour, against the floor.

    Notes
    -----
    Benefits, bonuses, shift and overtime premiums stay out; part-time and temporary workers stay in. Pay that is not by
    the hour is divided by the hours it is for. A certification holds, after the period it rests on, for as long again.

    References
    ----------
    SOR/2020-155 s.12 and s.18; 29 CFR 810.105, 810.125, 810.135.
    """
    reference = cite(rule, "sections 12 and 18")
    test = f"wage of {plant.name}"
    if plant.high_wage is not None:
        words = f"{plant.name} is stated to be a high-wage plant." if plant.high_wage else f"{plant.name} is not one."
        return Finding(test, plant.high_wage, words, "", {}, reference)
    if on is not None and plant.certified_from is not None and plant.certified_to is not None:
        last = _as_long_again(plant.certified_from, plant.certified_to)
        if not plant.certified_from <= on <= last:
            words = f"The certification of {plant.name} holds from {plant.certified_from} to {last}, not on {on}."
            return Finding(test, False, words, "", {}, cite(rule, "section 18(5)"))
    wage, shown = hourly(plant)
    floor = rule.wage_floor.get(plant.currency) if rule else None
    if wage is None:
        return Finding(test, None, "Facts are missing.", "", {}, reference, (f"wage of {plant.name}",))
    if floor is None:
        known = ", ".join(rule.wage_floor) if rule else "none"
        needs = (f"wage of {plant.name} in a currency with a floor ({known}), not {plant.currency or 'none'}",)
        return Finding(test, None, "Facts are missing.", shown, {"hourly_wage": wage}, reference, needs)
    asked = Fraction(floor, 100)
    passes = wage >= asked
    words = f"{plant.currency} {show(wage)} an hour; {plant.currency} {show(asked)} are asked."
    values: dict[str, Number | Plain] = {"hourly_wage": wage, "wage_floor": asked, "high_wage": passes}
    return Finding(test, passes, words, shown, values, reference)


def _as_long_again(first: dt.date, last: dt.date) -> dt.date:
    """Last day of the period of the same length that follows one: in months where it runs over whole months."""
    after = last + dt.timedelta(days=1)
    if after.day != first.day:
        return after + (last - first)
    months = after.month - 1 + (after.year - first.year) * MONTHS_IN_YEAR + after.month - first.month
    end = dt.date(after.year + months // MONTHS_IN_YEAR, months % MONTHS_IN_YEAR + 1, 1)
    return end + dt.timedelta(days=after.day - 2)


def hourly(plant: Plant) -> tuple[Fraction | None, str]:
    """Base wage by the hour and its arithmetic; None where hours or pay are missing."""
    if plant.wage is not None:
        return plant.wage, ""
    if plant.pay is None:
        return None, ""
    hours = plant.hours
    if plant.per != "total" and hours is not None:
        weeks = {"week": Fraction(1), "month": Fraction(WEEKS_IN_YEAR, MONTHS_IN_YEAR), "year": Fraction(WEEKS_IN_YEAR)}
        hours *= weeks[plant.per]
    if not hours:
        return None, ""
    return plant.pay / hours, f"{show(plant.pay)} / {show(hours)} hours = {show(plant.pay / hours)}"
