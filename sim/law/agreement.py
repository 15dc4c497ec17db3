"""A trade agreement: its parties, its life, and the ordered rules that say what originates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.errors import LawError
from sim.law.conditions import Condition, Fact
from sim.law.dated import Dated, Plain, Vintage, governing
from sim.law.facts import GOOD_FACTS, GeneralRule, GoodFacts, OriginRule, digits
from sim.law.fiscal import fiscal_vintages, years_after
from sim.references import Reference

# Key of a rule -> type of the value it names, and field of `OriginRule` it fills.
RULE_VALUES = {
    "threshold": ("rate", "threshold_ppm"),
    "transaction_threshold": ("rate", "transaction_threshold_ppm"),
    "traced": ("list", "traced_prefixes"),
    "traced_items": ("text", "traced_items_of"),
    "national": ("shares", "national_ppm"),
    "national_base": ("text", "national_base"),
    "core_parts": ("flag", "core_parts_required"),
    "core_threshold": ("rate", "core_ppm"),
    "core_transaction_threshold": ("rate", "core_transaction_ppm"),
    "core_components": ("list", "core_components"),
    "roll_up_reading": ("text", "roll_up_reading"),
    "labour_value": ("rate", "labour_value_ppm"),
    "labour_material": ("rate", "labour_material_ppm"),
    "labour_technology": ("rate", "labour_technology_ppm"),
    "labour_assembly": ("rate", "labour_assembly_ppm"),
    "assembly_capacity": ("text", "assembly_capacity"),
    "labour_credit": ("rate", "labour_credit_ppm"),
    "metal": ("rate", "metal_ppm"),
    "steel": ("list", "steel_codes"),
    "aluminium": ("list", "aluminium_codes"),
    "stampings": ("list", "stampings"),
    "melt_rule": ("flag", "melt_rule"),
    "de_minimis": ("rate", "de_minimis_ppm"),
    "averaging": ("text", "averaging"),
    "averaging_periods": ("text", "averaging_periods"),
    "averaging_notice": ("text", "averaging_notice_days"),
    "averaging_notice_first": ("text", "averaging_notice_first"),
    "averaging_first": ("text", "averaging_first"),
    "averaging_windows": ("text", "averaging_windows"),
    "assembly_contract": ("text", "assembly_contract_years"),
    "non_market_limit": ("rate", "non_market_ppm"),
    "non_market": ("text", "non_market"),
    "value_base": ("text", "value_base"),
    "wage_credit": ("rate", "wage_credit_ppm"),
    "components": ("list", "components"),
    "listed_choice": ("flag", "listed_choice"),
}
# Key of the general rule -> type of the value it names; the field is the key, with the ending of its unit.
GENERAL_VALUES = {
    "de_minimis": ("rate", "de_minimis_ppm"),
    "de_minimis_base": ("text", "de_minimis_base"),
    "value_waiver": ("flag", "value_waiver"),
    "material_value": ("text", "material_value"),
    "accumulation_by_net_cost_only": ("flag", "accumulation_by_net_cost_only"),
    "intermediate_limit": ("flag", "intermediate_limit"),
    "intermediate_barred": ("text", "intermediate_barred"),
    "weight_minimis": ("rate", "weight_minimis_ppm"),
    "elastomeric": ("rate", "elastomeric_ppm"),
    "set": ("rate", "set_ppm"),
    "interest_limit": ("rate", "interest_limit_bp"),
    "fallback_net_cost": ("rate", "fallback_net_cost_ppm"),
    "fallback_transaction": ("rate", "fallback_transaction_ppm"),
    "related_sales": ("rate", "related_sales_ppm"),
    "recovered_originate": ("flag", "recovered_originate"),
    "weight_minimis_codes": ("list", "weight_minimis_codes"),
    "same_subheading_codes": ("list", "same_subheading_codes"),
}
_LISTED_TEXTS = (
    "assembly_capacity",
    "averaging",
    "averaging_periods",
    "averaging_windows",
    "non_market",
    "intermediate_barred",
)
_COUNTS = ("averaging_notice", "assembly_contract")  # texts that say a number of days or years
_PPM_IN_BASIS_POINT = 100
# Facts that rules may ask; the days and months among `GoodFacts` are used otherwise.
ASKABLE = tuple(name for name in GOOD_FACTS if name not in ("plant_since", "fiscal_year_begins"))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of origin; the first whose condition holds applies. `values` names dated values of the agreement.

    `within_years`: the rule ends that many years after the first prototype of the plant; 0 for never.
    """

    name: str
    when: Condition
    kind: str
    vnm: str
    values: Mapping[str, str]
    reference: Reference
    change: str = ""
    intermediate: str = "one_layer"
    within_years: int = 0


@dataclass(frozen=True, slots=True)
class PartClass:
    """A table of parts: goods of the codes in `whole` belong to it, of those in `partly` only some goods do."""

    name: str
    part_of: tuple[str, ...]
    whole: str = ""
    partly: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement; its short name is the last word of its path.

    Parameters
    ----------
    general : mapping of str to str
        Value names behind `GeneralRule`.
    by_importer : mapping of str to mapping of str to str
        For a value name, the value that governs instead on entry into a country.
    by_fiscal_year : tuple of str
        Values whose steps begin with the producer's fiscal year nearest to the printed day.
    wage_floors : mapping of str to str
        Value name by currency.
    classes : tuple of PartClass
        Tables by which the class of a part is derived from its code.
    provisions : mapping of str to Reference
        Where the tests stand that the agreement's text describes and no value carries, by name of the test.
    """

    path: str
    title: str
    parties: tuple[str, ...]
    life: Dated
    values: Mapping[str, Dated]
    rules: tuple[Rule, ...]
    reference: Reference
    general_values: Mapping[str, str] = field(default_factory=dict)
    by_importer: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    by_fiscal_year: tuple[str, ...] = ()
    wage_floors: Mapping[str, str] = field(default_factory=dict)
    classes: tuple[PartClass, ...] = ()
    provisions: Mapping[str, Reference] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What lines and rules call it."""
        return self.path.rsplit("/", 1)[-1]

    def in_force(self, on: dt.date, known: dt.date | None = None) -> bool:
        """Whether it is in force on a day, as known on another."""
        vintage = governing(self.life.vintages, on, known)
        return vintage is not None and vintage.value == "in_force"

    def origin_rule(self, good: GoodFacts, on: dt.date, known: dt.date | None) -> OriginRule:
        """What a good must meet on a date.

        Raises
        ------
        LawError
            The agreement is not in force, no rule covers the good, or a value is missing for the day.
        """
        if not self.in_force(on, known):
            raise LawError(self.path, [f"is not in force on {on}, so it has no rule of origin for that day."])
        facts: dict[str, Fact] = {name: getattr(good, name) for name in ASKABLE}
        facts["core_class"] = self._class(good, on, known)
        for rule in self.rules:
            found = rule.when.answer(facts, lambda name: self.values[name].at(on, known))
            needs = found.needs
            if found.holds and rule.within_years:
                if good.plant_since is None:
                    needs = ("plant_since",)
                elif on >= years_after(good.plant_since, rule.within_years):
                    continue
            if found.holds is None or (found.holds and needs):
                raise self._unresolved(f"rule '{rule.name}'", needs)
            if found.holds:
                return self._resolved(rule, good, str(facts["core_class"] or ""), on, known)
        raise LawError(self.path, [f"no rule covers {good}. Add one with its reference."])

    def _unresolved(self, what: str, needs: tuple[str, ...]) -> LawError:
        """The refusal that names missing facts, as a file on one good calls them."""
        named = ", ".join(need.replace("hts_code", "hts") for need in needs)
        return LawError(self.path, [f"{what} is unresolved: needs {named}."])

    def general(self, on: dt.date, known: dt.date | None = None) -> GeneralRule:
        """What the agreement says of every good on a date, whatever its product rule.

        Raises
        ------
        LawError
            A value is missing for the day.
        """
        found = {key: self.values[name].at(on, known) for key, name in self.general_values.items()}
        values: dict[str, object] = {}
        references = dict(self.provisions)
        for key, vintage in found.items():
            target = GENERAL_VALUES[key][1]
            values[target] = _converted(key, vintage.value)
            if target.endswith("_bp") and isinstance(vintage.value, int):
                values[target] = vintage.value // _PPM_IN_BASIS_POINT
            references[target] = vintage.reference
        return GeneralRule(self.name, references=references, **values)  # type: ignore[arg-type]

    def _class(self, good: GoodFacts, on: dt.date, known: dt.date | None) -> str | None:
        """The class of a part as stated, or by the tables; None where the code alone does not tell.

        Raises
        ------
        LawError
            The code has too few digits to be looked up.
        """
        if good.core_class is not None:
            return good.core_class
        if good.use != "original_equipment":
            return "vehicle" if good.use == "vehicle" else "none"
        partly = short = False
        own = digits(good.hts_code)
        for table in (x for x in self.classes if good.part_of in x.part_of):
            whole, some = (self._codes(name, on, known) for name in (table.whole, table.partly))
            if own.startswith(whole):
                return table.name
            partly = partly or own.startswith(some)
            short = short or any(code.startswith(own) for code in (*whole, *some))
        if short and not partly:
            raise self._unresolved(f"the class of a part of {good.hts_code}", ("hts with more digits",))
        return None if partly else "none"

    def _codes(self, name: str, on: dt.date, known: dt.date | None) -> tuple[str, ...]:
        codes = self.values[name].at(on, known).value if name else ()
        return tuple(code for code in codes if isinstance(code, str)) if isinstance(codes, tuple) else ()

    def _resolved(self, rule: Rule, good: GoodFacts, part: str, on: dt.date, known: dt.date | None) -> OriginRule:
        found = {key: self._vintage(name, good, on, known) for key, name in rule.values.items()}
        values: dict[str, object] = {
            "threshold_ppm": 0,
            "traced_prefixes": (),
            "national_ppm": {},
            "national_base": "vehicle",
            "core_parts_required": False,
            "roll_up_reading": "",
            "labour_value_ppm": 0,
            "metal_ppm": 0,
            "de_minimis_ppm": 0,
        }
        values |= {RULE_VALUES[key][1]: _converted(key, vintage.value) for key, vintage in found.items()}
        if "labour_value" in found:
            floors = {currency: self.values[name].at(on, known).value for currency, name in self.wage_floors.items()}
            values["wage_floor"] = floors
        return OriginRule(
            agreement=self.name,
            name=rule.name,
            kind=rule.kind,
            vnm_method=rule.vnm,
            change=rule.change,
            intermediate=rule.intermediate,
            core_class=part,
            document=self.reference,
            references={RULE_VALUES[key][1]: vintage.reference for key, vintage in found.items()},
            reference=found["threshold"].reference if "threshold" in found else rule.reference,
            **values,  # type: ignore[arg-type]
        )

    def _vintage(self, name: str, good: GoodFacts, on: dt.date, known: dt.date | None) -> Vintage:
        name = self.by_importer.get(name, {}).get(good.importer, name)
        dated = self.values[name]
        if name in self.by_fiscal_year:
            dated = fiscal_vintages(dated, good.fiscal_year_begins)
        return dated.at(on, known)

    def dates(self) -> set[dt.date]:
        """Every day at which the agreement may change, fiscal years apart."""
        found = self.life.dates()
        for dated in self.values.values():
            found |= dated.dates()
        return found


def _converted(key: str, value: Plain | None) -> object:
    """A value as `OriginRule` holds it: shares as a mapping, lists of words as tuples."""
    kind = (RULE_VALUES.get(key) or GENERAL_VALUES[key])[0]
    if kind == "shares":
        pairs = value if isinstance(value, tuple) else ()
        return {pair[0]: pair[1] for pair in pairs if isinstance(pair, tuple)}
    if key in _LISTED_TEXTS:
        return tuple(word.strip() for word in str(value).split(",") if word.strip() not in ("", "none"))
    if key in _COUNTS:
        return int(str(value))
    return value
