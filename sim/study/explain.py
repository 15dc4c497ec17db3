"""Answers about single things of a finished study, from the facts kept of replication 0."""

from __future__ import annotations

import json
from typing import Any

from sim.errors import DataError, nearest
from sim.study.result import Study

# Where the facts of a run hold each kind of thing, as a mapping of id to what is known of it.
PLACES = {"vehicle": "vehicles", "load": "passports", "entry": "entries"}


def explain_fact(study: Study, kind: str, name: str, scenario: str | None = None) -> tuple[dict[str, Any], str]:
    """What is known of one vehicle, load or entry.

    Parameters
    ----------
    kind : str
        ``vehicle``, ``load`` or ``entry``.
    name : str
        Its id.
    scenario : str, optional
        The baseline by default.

    Returns
    -------
    tuple of dict and str
        The facts as JSON values, and as text.

    Raises
    ------
    DataError
        Nothing of that id was kept; names the nearest.
    """
    facts = study.facts(scenario)
    held = facts.get(PLACES[kind]) or {}
    if name not in held:
        kept = nearest(name, held, f"{kind} ids") if held else f"This run kept no {kind}."
        raise DataError(str(study.directory), [f"no {kind} '{name}' in replication 0. {kept}"])
    answer = {"scenario": facts["scenario"], "replication": 0, kind: name, "facts": held[name]}
    head = f"{kind} {name}, scenario {facts['scenario']}, replication 0"
    return answer, "\n".join([head, *_lines(held[name])])


def _lines(value: Any, indent: str = "  ") -> list[str]:
    """Nested facts as indented lines; a list of alike rows as one line each."""
    if isinstance(value, dict):
        lines = []
        for key, inner in value.items():
            if isinstance(inner, dict | list):
                lines += [f"{indent}{key}:", *_lines(inner, indent + "  ")]
            else:
                lines.append(f"{indent}{key}: {inner}")
        return lines
    if isinstance(value, list):
        return [f"{indent}{_row(entry)}" for entry in value]
    return [f"{indent}{value}"]


def _row(entry: Any) -> str:
    if isinstance(entry, dict):
        return ", ".join(f"{key} {_row(inner)}" for key, inner in entry.items() if inner not in ("", None))
    return entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False)
