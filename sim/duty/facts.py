"""Reading facts of a line as a file writes them: countries, flags, closed words, and what is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from sim.law import LineFacts
from sim.law.checks import code_problem, country_problem
from sim.law.facts import CLOSED_FACTS, COUNTRY_FACTS, FLAG_FACTS
from sim.reading import Node, hint

ALIASES = {"hts": "hts_code"}
FACTS = (*ALIASES, *(f.name for f in fields(LineFacts) if f.name not in ("hts_code", "importer")))
_DEFAULTS = {f.name: f.default for f in fields(LineFacts)}
_UNKNOWN = "unknown"
_NONE = "none"


def read_facts(entries: Mapping[str, Node]) -> dict[str, str | bool | None]:
    """Facts by their names in the law; wrong ones are problems of the file.

    Parameters
    ----------
    entries : mapping of str to Node
        Fact name (``hts`` for the code) to what is written; ``unknown`` is a fact not known.
    """
    found: dict[str, str | bool | None] = {}
    for key, node in entries.items():
        name = ALIASES.get(key, key)
        if name not in _DEFAULTS:
            node.fault(f"no fact named '{key}'. {hint(key, FACTS, 'facts')}")
            continue
        found[name] = _read(name, node)
    return found


def _read(name: str, node: Node) -> str | bool | None:
    text = node.value if isinstance(node.value, str) else ""
    if text == _UNKNOWN and _DEFAULTS[name] is None:
        return None
    if name in FLAG_FACTS:
        return node.flag()
    if name in COUNTRY_FACTS:
        empty = text == _NONE and name in ("steel_melt", "aluminium_smelt")
        return "" if empty else country(node)
    if name == "hts_code":
        return code(node)
    if name in CLOSED_FACTS:
        allowed = CLOSED_FACTS[name]
        if text == _NONE and "" in allowed:
            return ""
        shown = [word or _NONE for word in allowed]
        if text not in allowed:
            node.fault(f"{node.quote()} is not a value of '{name}'. {hint(text, shown, 'values')}")
        return text
    return "" if text == _NONE else node.text()


def country(node: Node) -> str:
    """Read a country; one that does not exist is a problem of the file."""
    text = node.text()
    if isinstance(node.value, str) and (message := country_problem(text)):
        node.fault(message)
    return text


def code(node: Node) -> str:
    """Read the tariff code of a good; a special provision, or a chapter that no good is in, is a problem."""
    text = node.text()
    if isinstance(node.value, str) and (message := code_problem(text)):
        node.fault(message)
    return text
