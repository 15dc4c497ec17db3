"""Reading facts of a line as a file writes them: countries, flags, closed words, and what is unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields

from sim.law import LineFacts
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
        if not empty and not re.fullmatch(r"[A-Z]{2}", text):
            node.fault(f"{node.quote()} is not a country. Write two capital letters, such as 'MX'.")
        return "" if empty else text
    if name == "hts_code":
        if not re.fullmatch(r"\d{4}(\.?\d{2}){0,3}", text):
            node.fault(f"{node.quote()} is not a tariff code. Write four to ten digits, such as '8544.30'.")
        return text
    if name in CLOSED_FACTS:
        allowed = CLOSED_FACTS[name]
        if text == _NONE and "" in allowed:
            return ""
        shown = [word or _NONE for word in allowed]
        if text not in allowed:
            node.fault(f"{node.quote()} is not a value of '{name}'. {hint(text, shown, 'values')}")
        return text
    return "" if text == _NONE else node.text()


def required(name: str) -> bool:
    """Whether a fact has no default."""
    return _DEFAULTS[name] is MISSING
