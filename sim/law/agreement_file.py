"""Reading an agreement from its file; problems are collected in the node."""

from __future__ import annotations

from collections.abc import Mapping

from sim.errors import nearest
from sim.law.agreement import ASKABLE, GENERAL_VALUES, RULE_VALUES, Agreement, PartClass, Rule
from sim.law.conditions import ALWAYS, read_condition
from sim.law.dated import Dated
from sim.law.programme import read_life, read_reference, read_references, read_values
from sim.reading import Node
from sim.references import Reference

_REQUIRED = ("kind", "title", "parties", "reference", "life", "values", "rules")
_OPTIONAL = (
    "references",
    "note",
    "general",
    "every_rule",
    "by_importer",
    "by_fiscal_year",
    "wage_floors",
    "classes",
    "provisions",
)
_RULE_PLAIN = ("rule", "when", "kind", "vnm", "reference", "change", "intermediate", "within_years")
_RULE_KINDS = ("regional_value", "tariff_shift", "either", "imported")
_METHODS = ("traced", "roll_up", "heavy", "listed_choice")
_CHANGES = ("chapter", "heading", "subheading")
_INTERMEDIATE = ("one_layer", "cost_only", "no_components")
_VEHICLES = ("light", "heavy", "other", "other_heavy")

Values = Mapping[str, Dated]


def read_agreement(path: str, node: Node) -> Agreement:
    """Read an agreement.

    Parameters
    ----------
    path : str
        Where it stands in the law; the last word is its short name.
    node : Node
        Root of its document.
    """
    entries = node.fields((*_REQUIRED, *_OPTIONAL), _REQUIRED)
    references = read_references(entries.get("references"))
    values = read_values(path, entries.get("values"), references)
    title = entries["title"].text() if "title" in entries else ""
    shared = _named(entries.get("every_rule"), RULE_VALUES, values)
    rules = entries["rules"].items() if "rules" in entries else []
    return Agreement(
        path,
        title,
        entries["parties"].texts() if "parties" in entries else (),
        read_life(path, title, entries.get("life"), references),
        values,
        tuple(_read_rule(item, values, references, shared) for item in rules),
        read_reference(entries.get("reference"), references),
        _named(entries.get("general"), GENERAL_VALUES, values),
        _read_importers(entries.get("by_importer"), values),
        _names(entries.get("by_fiscal_year"), values),
        _read_floors(entries.get("wage_floors"), values),
        tuple(_read_class(item, values) for item in (entries["classes"].items() if "classes" in entries else [])),
        _read_provisions(entries.get("provisions"), references),
    )


def _read_rule(node: Node, values: Values, references: Mapping[str, Reference], shared: Mapping[str, str]) -> Rule:
    entries = node.fields((*_RULE_PLAIN, *RULE_VALUES), ("rule", "kind", "vnm", "reference"))
    lists = [name for name, dated in values.items() if dated.type == "list"]
    own = {key: child for key, child in entries.items() if key in RULE_VALUES}
    return Rule(
        entries["rule"].text() if "rule" in entries else "",
        read_condition(entries["when"], ASKABLE, lists) if "when" in entries else ALWAYS,
        entries["kind"].text(_RULE_KINDS, "kinds") if "kind" in entries else "regional_value",
        entries["vnm"].text(_METHODS, "methods") if "vnm" in entries else "roll_up",
        {**shared, **{key: name for key, child in own.items() if (name := _value(key, child, RULE_VALUES, values))}},
        read_reference(entries.get("reference"), references),
        entries["change"].text(_CHANGES, "changes") if "change" in entries else "",
        entries["intermediate"].text(_INTERMEDIATE, "limits") if "intermediate" in entries else "one_layer",
        _read_years(entries.get("within_years")),
    )


def _named(node: Node | None, keys: Mapping[str, tuple[str, str]], values: Values) -> dict[str, str]:
    entries = node.fields(keys) if node else {}
    return {key: name for key, child in entries.items() if (name := _value(key, child, keys, values))}


def _value(key: str, node: Node, keys: Mapping[str, tuple[str, str]], values: Values) -> str:
    """The name of a value of the type that the key takes; empty, with a problem, for any other."""
    name, kind = node.text(), keys[key][0]
    if name not in values:
        node.fault(f"no value named '{name}'. {nearest(name, values, 'values')}")
    elif values[name].type != kind:
        node.fault(f"the value '{name}' is a {values[name].type}; '{key}' takes a {kind}.")
    else:
        return name
    return ""


def _known(node: Node, values: Values, kind: str = "") -> str:
    """The name of a value, of a type if one is asked."""
    name = node.text()
    if name not in values:
        node.fault(f"no value named '{name}'. {nearest(name, values, 'values')}")
    elif kind and values[name].type != kind:
        node.fault(f"the value '{name}' is a {values[name].type}; here stands a {kind}.")
    return name


def _names(node: Node | None, values: Values) -> tuple[str, ...]:
    return tuple(_known(item, values) for item in (node.items() if node else []))


def _read_importers(node: Node | None, values: Values) -> dict[str, dict[str, str]]:
    found = {}
    for name, child in (node.entries() if node else {}).items():
        if name not in values:
            child.fault(f"no value named '{name}'. {nearest(name, values, 'values')}")
        found[name] = {country: _known(item, values) for country, item in child.entries().items()}
    return found


def _read_floors(node: Node | None, values: Values) -> dict[str, str]:
    return {currency: _known(item, values, "money") for currency, item in (node.entries() if node else {}).items()}


def _read_provisions(node: Node | None, references: Mapping[str, Reference]) -> dict[str, Reference]:
    return {name: read_reference(child, references) for name, child in (node.entries() if node else {}).items()}


def _read_class(node: Node, values: Values) -> PartClass:
    entries = node.fields(("class", "part_of", "whole", "partly"), ("class", "part_of"))
    vehicles = entries["part_of"].texts() if "part_of" in entries else ()
    for name in vehicles:
        if name not in _VEHICLES:
            entries["part_of"].fault(f"'{name}' is not allowed. {nearest(name, _VEHICLES, 'vehicles')}")
    return PartClass(
        entries["class"].text() if "class" in entries else "",
        vehicles,
        _known(entries["whole"], values, "list") if "whole" in entries else "",
        _known(entries["partly"], values, "list") if "partly" in entries else "",
    )


def _read_years(node: Node | None) -> int:
    text = node.text() if node else "0"
    if node is not None and not text.isdigit():
        node.fault(f"'{text}' is not a number of years.")
        return 0
    return int(text)
