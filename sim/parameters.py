"""Assumptions with ranges: cost and behaviour parameters, and how customs treats a load by its claim."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sim.currency import UNMOVED, Worth
from sim.errors import DataError, Problem, ScenarioError, nearest
from sim.locate import data_dir
from sim.yaml_text import Document, read_yaml

BASES = ("seen", "computed", "memory", "estimate", "assumption")
COVERED = ("sequenced", "just_in_time", "powertrain", "small", "material")  # classes of parts that stocks hold
AFTER_RUNS = (  # parameters of markets and plants, which follow a run and move nothing in it
    "price_pass_through_pct",
    "demand_elasticity",
    "plant_usd_per_vehicle",
    "plant_site_usd",
    "plant_months",
    "plant_years",
    "plant_discount_pct",
    "entrant_advantage_pct",
)
_STEPS = {  # parameters that take only some values
    "averaging_months": (0.0, 1.0, 3.0, 12.0),
    "entry_consolidation_loads": tuple(float(number) for number in range(1, 101)),
}
_NUMBER = re.compile(r"([+-]?(?:\d+(?:\.\d+)?|nan|inf))\s*(\S*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Assumption:
    """One parameter as it is known.

    Parameters
    ----------
    low, high : float
        Plausible range, for sensitivity; not limits.
    least, most : float
        Hard limits; a value beyond them is refused.
    basis : str
        ``seen``, ``computed``, ``memory``, ``estimate`` or ``assumption``.
    source : str
        Document and address, or why there is none.
    """

    name: str
    meaning: str
    unit: str
    value: float
    low: float
    high: float
    least: float
    most: float
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class Regime:
    """How customs treats loads that make a certain claim.

    Parameters
    ----------
    p_documents_missing : float
        Probability that no document is ready on arrival, 0 to 1.
    documents_delay_h : float
        Mean hours lost then.
    p_hold : float
        Probability of an origin or classification examination, 0 to 1.
    hold_h, hold_cv : float
        Mean hours of that hold and its coefficient of variation.
    extra_booth_s : float
        Added to each primary inspection.
    clerk_usd_per_entry, compliance_pct_of_value : float
        Cost of the claim: per entry, and in percent of customs value.
    """

    name: str
    meaning: str
    p_documents_missing: float
    documents_delay_h: float
    p_hold: float
    hold_h: float
    hold_cv: float
    extra_booth_s: float
    clerk_usd_per_entry: float
    compliance_pct_of_value: float
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class Parameters:
    """All parameters of a scenario, as plain numbers in the unit that their name says.

    Parameters
    ----------
    ranges : mapping of str to Assumption
        Every parameter with range, basis and source; its `value` is the one in use.
    regimes : mapping of str to Regime
        ``calm``, ``pressure``, ``hard``, ``no_preference``.
    worth : Worth
        What currencies are worth, where they move.
    """

    truck_hour_usd: float
    carrying_pct_year: float
    broker_fee_usd: float
    overtime_premium_pct: float
    contribution_pct_of_msrp: float
    pass_through_pct: float
    divert_threshold_min: float
    divertible_pct: float
    posting_interval_min: float
    averaging_months: float
    labour_technology_pct: float
    labour_assembly_pct: float
    entry_consolidation_loads: float
    offset_drawn_pct: float
    drawback_claimed_pct: float
    claim_cost_spread: float
    audit_probability_pct: float
    audit_rejected_pct: float
    audit_penalty_pct_of_duty: float
    audit_interest_pct_year: float
    parts_elasticity: float
    tooling_pct_of_year: float
    tooling_years: float
    capacity_step_units: float
    newcomer_share_pct: float
    least_share_pct: float
    most_share_pct: float
    regional_materials_pct: float
    qualification_pct: float
    qualification_usd: float
    send_home_h: float
    expedite_alarm_pct: float
    yard_days: float
    others_ahead_pct: float
    others_used_up_weeks: float
    round_trip_pct: float
    cover_sequenced_pct: float
    cover_just_in_time_pct: float
    cover_powertrain_pct: float
    cover_small_pct: float
    cover_material_pct: float
    content_margin_pct: float
    price_pass_through_pct: float
    demand_elasticity: float
    plant_usd_per_vehicle: float
    plant_site_usd: float
    plant_months: float
    plant_years: float
    plant_discount_pct: float
    entrant_advantage_pct: float
    ranges: Mapping[str, Assumption]
    regimes: Mapping[str, Regime]
    worth: Worth = UNMOVED

    def cover_factor(self, part_class: str) -> float:
        """Factor on the network's hours of cover of a class of parts; 1 for vehicles, which feed no stock."""
        return float(getattr(self, f"cover_{part_class}_pct")) / 100 if part_class in COVERED else 1.0

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (tuple(self.ranges.values()), tuple(self.regimes.values()), self.worth)


def parameter_names() -> tuple[str, ...]:
    """Names that a scenario may override, in the order of the data file."""
    return tuple(_shipped().ranges)


def regime_names() -> tuple[str, ...]:
    """Names of the border regimes."""
    return tuple(_shipped().regimes)


def load_parameters(overrides: Mapping[str, str] = MappingProxyType({}), worth: Worth = UNMOVED) -> Parameters:
    """The shipped parameters, with some values replaced.

    Parameters
    ----------
    overrides : mapping of str to str
        Name to a number with its unit, such as ``{"truck_hour_usd": "100 USD/h"}``.
    worth : Worth
        What currencies are worth, where they move.

    Raises
    ------
    ScenarioError
        Every override that is unknown, lacks its unit, is no finite number or lies beyond the hard limits.
    """
    shipped = _shipped()
    problems, values = [], {}
    for name, text in overrides.items():
        value, message = read_override(name, text)
        if message:
            problems.append(Problem(f"parameters.{name}", message))
        values[name] = value
    if problems:
        raise ScenarioError("parameters", problems)
    ranges = [replace(a, value=values.get(a.name, a.value)) for a in shipped.ranges.values()]
    return _rebuild(tuple(ranges), tuple(shipped.regimes.values()), worth)


def read_override(name: str, text: str | None) -> tuple[float, str]:
    """Read one override; returns its value and an empty message, or 0 and what is wrong with it."""
    known = _shipped().ranges.get(name)
    if known is None:
        return 0.0, f"no parameter named '{name}'. {nearest(name, parameter_names(), 'parameters')}"
    example = f"Write it as '{known.value:g} {known.unit}'."
    match = _NUMBER.fullmatch((text or "").strip())
    if match is None:
        return 0.0, f"'{text or ''}' is not a number with its unit. {example}"
    value, unit = float(match[1]), match[2]
    if not math.isfinite(value):
        return 0.0, f"'{text}' is not a finite number. {example}"
    if unit != known.unit:
        found = f"has the unit '{unit}'" if unit else "has no unit"
        return 0.0, f"'{text}' {found}. {example}"
    if not known.least <= value <= known.most:
        return 0.0, f"'{text}' is out of bounds. Allowed: {known.least:g} to {known.most:g} {known.unit}."
    if name in _STEPS and value not in _STEPS[name]:
        steps = _STEPS[name] if len(_STEPS[name]) < 10 else ()
        allowed = ", ".join(f"{step:g}" for step in steps) or "whole numbers of"
        return 0.0, f"'{text}' is none of the values that this parameter takes. Allowed: {allowed} {known.unit}."
    return value, ""


def nearest_value(name: str, value: float) -> float:
    """The value nearest to one given that a parameter may take."""
    known = _shipped().ranges[name]
    inside = min(max(value, known.least), known.most)
    return min(_STEPS[name], key=lambda step: abs(step - inside)) if name in _STEPS else inside


def _rebuild(ranges: tuple[Assumption, ...], regimes: tuple[Regime, ...], worth: Worth = UNMOVED) -> Parameters:
    return Parameters(
        **{a.name: a.value for a in ranges},
        ranges=MappingProxyType({a.name: a for a in ranges}),
        regimes=MappingProxyType({r.name: r for r in regimes}),
        worth=worth,
    )


@lru_cache(maxsize=1)
def _shipped() -> Parameters:
    ranges = _read(data_dir() / "parameters.yaml", Assumption)
    regimes = _read(data_dir() / "border_regimes.yaml", Regime)
    expected = {f.name for f in fields(Parameters)} - {"ranges", "regimes", "worth"}
    found = {a.name for a in ranges}
    if found != expected:
        raise DataError("parameters.yaml", [f"holds {sorted(found ^ expected)} too many or too few"])
    return _rebuild(ranges, regimes)


def _read(path: Path, kind: type[Any]) -> tuple[Any, ...]:
    document, problems = read_yaml(path)
    if document is None or not isinstance(document.value, dict):
        raise DataError(path.name, problems or ["is not a mapping of names"])
    rows = []
    for name in document.value:
        row, found = _row(document, name, kind)
        problems += found
        rows.append(row)
    if problems:
        raise DataError(path.name, problems)
    return tuple(rows)


def _row(document: Document, name: str, kind: type[Any]) -> tuple[Any, list[Problem]]:
    assert isinstance(document.value, dict)
    written = document.value[name]
    given = dict(written) if isinstance(written, dict) else {}
    problems: list[Problem] = []
    values: dict[str, Any] = {"name": name}
    for item in fields(kind)[1:]:
        text = given.pop(item.name, None)
        where = document.where((name, item.name))
        if not isinstance(text, str):
            problems.append(Problem(where, "is missing"))
        elif item.type == "float":
            values[item.name] = _finite(text, where, problems)
        else:
            values[item.name] = text
    problems += [Problem(document.where((name, key)), "is not a known key") for key in given]
    if values.get("basis") not in BASES:
        problems.append(Problem(document.where((name, "basis")), f"is none of {', '.join(BASES)}"))
    return (None if problems else kind(**values)), problems


def _finite(text: str, where: str, problems: list[Problem]) -> float:
    match = _NUMBER.fullmatch(text)
    value = float(match[1]) if match and not match[2] else math.nan
    if not math.isfinite(value):
        problems.append(Problem(where, f"'{text}' is not a number"))
    return value
