"""What can be named: networks, scenarios, law and measures, each with a line about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.law import LAW_FOLDER, list_reforms, load_law
from sim.locate import find_scenario, is_file, scenario_names
from sim.network import list_networks, load_network
from sim.scenario.sheet import read_sheet
from sim.study.load import TREE
from sim.yaml_text import read_yaml


def list_entries(kind: str) -> list[dict[str, str]]:
    """Entries of one kind: a name and a line about it."""
    if kind == "networks":
        return [{"name": name, "title": load_network(name).title} for name in list_networks()]
    if kind == "scenarios":
        sheets = ((name, read_sheet(find_scenario(name)).value) for name in scenario_names())
        return [{"name": name, "kind": _kind(value), "question": _line(value)} for name, value in sheets]
    if kind == "law":
        law = load_law()
        return [{"path": path, "title": law.history(path).title} for path in law.paths()]
    if kind == "reforms":
        return [{"name": name, "title": told_of(name)["title"]} for name in list_reforms()]
    from sim.measures import REGISTRY

    return [{"name": m.name, "unit": m.unit, "definition": m.definition} for m in _each(REGISTRY)]


def is_reform(name: str) -> bool:
    """Whether a file is a reform of the law: it says what changes."""
    path = Path(name)
    document, _ = read_yaml(path) if path.suffix in (".yaml", ".yml") and is_file(path) else (None, [])
    return document is not None and isinstance(document.value, dict) and "changes" in document.value


def told_of(reform: str) -> dict[str, str]:
    """Name, title and description of a reform, shipped or in a file of one's own, as its file says them."""
    own = reform.endswith((".yaml", ".yml"))
    path = Path(reform) if own else LAW_FOLDER / "reforms" / f"{reform}.yaml"
    document, _ = read_yaml(path)
    value = document.value if document is not None and isinstance(document.value, dict) else {}
    words = {key: " ".join(str(value.get(key) or "").split()) for key in ("title", "description")}
    return {"name": path.stem, **words}


def _each(registry: Any) -> list[Any]:
    return list(registry.values()) if hasattr(registry, "values") else list(registry)


def _kind(value: dict[str, Any]) -> str:
    """What a file among the scenarios is."""
    return "tree" if TREE in value else "study" if "scenarios" in value else "scenario"


def _line(value: dict[str, Any]) -> str:
    return " ".join(str(value.get("question") or "").split())
