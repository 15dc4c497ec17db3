"""A trade agreement: its parties, its life, and the ordered rules that say what originates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sim.errors import LawError, nearest
from sim.law.conditions import ALWAYS, Condition, Fact, read_condition
from sim.law.dated import Dated, Plain, Vintage, governing
from sim.law.facts import GOOD_FACTS, GoodFacts, OriginRule
from sim.law.programme import read_life, read_reference, read_references, read_values
from sim.reading import Node
from sim.references import Reference

_VALUE_KEYS = {
    "threshold": "rate",
    "traced": "list",
    "national": "shares",
    "national_base": "text",
    "core_parts": "flag",
    "roll_up_reading": "text",
    "labour_value": "rate",
    "metal": "rate",
    "de_minimis": "rate",
}
_RULE_KEYS = ("rule", "when", "kind", "vnm", "reference", *_VALUE_KEYS)
_RULE_KINDS = ("regional_value", "tariff_shift", "either")
_METHODS = ("traced", "roll_up")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of origin; the first whose condition holds applies. `values` names dated values of the agreement."""

    name: str
    when: Condition
    kind: str
    vnm: str
    values: Mapping[str, str]
    reference: Reference


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement; its short name is the last word of its path."""

    path: str
    title: str
    parties: tuple[str, ...]
    life: Dated
    values: Mapping[str, Dated]
    rules: tuple[Rule, ...]
    reference: Reference

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
        facts: dict[str, Fact] = {name: getattr(good, name) for name in GOOD_FACTS}
        for rule in self.rules:
            found = rule.when.answer(facts, lambda name: self.values[name].at(on, known))
            if found.holds is None:
                needs = ", ".join(found.needs)
                raise LawError(self.path, [f"rule '{rule.name}' is unresolved: needs {needs}."])
            if found.holds:
                return self._resolved(rule, on, known)
        raise LawError(self.path, [f"no rule covers {good}. Add one with its reference."])

    def _resolved(self, rule: Rule, on: dt.date, known: dt.date | None) -> OriginRule:
        found: dict[str, Vintage] = {key: self.values[name].at(on, known) for key, name in rule.values.items()}
        plain: dict[str, Plain | None] = {key: vintage.value for key, vintage in found.items()}
        threshold = found.get("threshold")
        return OriginRule(
            self.name,
            rule.name,
            rule.kind,
            _whole(plain.get("threshold")),
            rule.vnm,
            _codes(plain.get("traced")),
            _shares(plain.get("national")),
            str(plain.get("national_base", "vehicle")),
            plain.get("core_parts") is True,
            str(plain.get("roll_up_reading", "")),
            _whole(plain.get("labour_value")),
            _whole(plain.get("metal")),
            _whole(plain.get("de_minimis")),
            threshold.reference if threshold else rule.reference,
        )

    def dates(self) -> set[dt.date]:
        """Every day at which the agreement may change."""
        found = self.life.dates()
        for dated in self.values.values():
            found |= dated.dates()
        return found


def _whole(value: Plain | None) -> int:
    return value if isinstance(value, int) else 0


def _codes(value: Plain | None) -> tuple[str, ...]:
    return tuple(x for x in value if isinstance(x, str)) if isinstance(value, tuple) else ()


def _shares(value: Plain | None) -> dict[str, int]:
    pairs = value if isinstance(value, tuple) else ()
    return {pair[0]: pair[1] for pair in pairs if isinstance(pair, tuple)}


def read_agreement(path: str, node: Node) -> Agreement:
    """Read an agreement; problems are collected in the node."""
    required = ("kind", "title", "parties", "reference", "life", "values", "rules")
    entries = node.fields((*required, "references", "note"), required)
    references = read_references(entries.get("references"))
    values = read_values(path, entries.get("values"), references)
    rules = entries["rules"].items() if "rules" in entries else []
    title = entries["title"].text() if "title" in entries else ""
    return Agreement(
        path,
        title,
        entries["parties"].texts() if "parties" in entries else (),
        read_life(path, title, entries.get("life"), references),
        values,
        tuple(_read_rule(item, values, references) for item in rules),
        read_reference(entries.get("reference"), references),
    )


def _read_rule(node: Node, values: Mapping[str, Dated], references: Mapping[str, Reference]) -> Rule:
    entries = node.fields(_RULE_KEYS, ("rule", "kind", "vnm", "reference"))
    lists = [name for name, dated in values.items() if dated.type == "list"]
    when = read_condition(entries["when"], GOOD_FACTS, lists) if "when" in entries else ALWAYS
    named = {}
    for key, kind in _VALUE_KEYS.items():
        if key not in entries:
            continue
        name = entries[key].text()
        if name not in values:
            entries[key].fault(f"no value named '{name}'. {nearest(name, values, 'values')}")
        elif values[name].type != kind:
            entries[key].fault(f"the value '{name}' is a {values[name].type}; '{key}' takes a {kind}.")
        else:
            named[key] = name
    return Rule(
        entries["rule"].text() if "rule" in entries else "",
        when,
        entries["kind"].text(_RULE_KINDS, "kinds") if "kind" in entries else "regional_value",
        entries["vnm"].text(_METHODS, "methods") if "vnm" in entries else "roll_up",
        named,
        read_reference(entries.get("reference"), references),
    )
