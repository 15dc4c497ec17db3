"""What the commands answer, each as JSON with stable keys and as the text a person reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.errors import ScenarioError
from sim.law import Law, load_law
from sim.locate import find_scenario, scenario_names, shown
from sim.network import list_networks, load_network
from sim.scenario.parsers import parse_date
from sim.scenario.sheet import read_sheet
from sim.study import Comparison, Study


def list_entries(kind: str) -> list[dict[str, str]]:
    """Entries of one kind: a name and a line about it."""
    if kind == "networks":
        return [{"name": name, "title": load_network(name).title} for name in list_networks()]
    if kind == "scenarios":
        sheets = ((name, read_sheet(find_scenario(name)).value) for name in scenario_names())
        return [
            {"name": name, "kind": "study" if "scenarios" in value else "scenario", "question": _line(value)}
            for name, value in sheets
        ]
    if kind == "law":
        law = load_law()
        return [{"path": path, "title": law.history(path).title} for path in law.paths()]
    from sim.measures import REGISTRY

    return [{"name": m.name, "unit": m.unit, "definition": m.definition} for m in _each(REGISTRY)]


def _each(registry: Any) -> list[Any]:
    return list(registry.values()) if hasattr(registry, "values") else list(registry)


def _line(value: dict[str, Any]) -> str:
    return " ".join(str(value.get("question") or "").split())


def law_history(law: Law, path: str) -> tuple[dict[str, Any], str]:
    """All values that one path of the law ever had, with dates and references."""
    found = law.history(path)
    rows = [
        {
            "from": v.begins.isoformat(),
            "until": v.until.isoformat() if v.until else None,
            "published": v.published.isoformat(),
            "value": _law_value(v.value, found.type),
            "status": v.status,
            "reference": v.reference.title,
            "href": v.reference.href,
        }
        for v in found.vintages
    ]
    head = ["from", "until", "published", "value", "status", "reference"]
    lines = columns_of([head, *([str(row[key] or "") for key in head] for row in rows)])
    return {"path": path, "title": found.title, "values": rows}, "\n".join([f"{path}: {found.title}", *lines])


def _law_value(value: Any, kind: str) -> str:
    if value is None:
        return "unknown"
    if kind == "rate":
        return f"{value / 10_000:g} %"
    if kind == "money":
        return f"{value / 100:,.2f}"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def law_on(law: Law, on: str, importer: str, origin: str, hts: str) -> tuple[dict[str, Any], str]:
    """Every programme that bears on goods on a day when nothing is claimed."""
    try:
        day = parse_date(on)
    except ValueError as error:
        raise ScenarioError("--on", [str(error)]) from None
    rows = [
        {
            "programme": s.programme,
            "title": s.title,
            "kind": s.kind,
            "state": s.state,
            "since": s.since.isoformat() if s.since else None,
            "until": s.until.isoformat() if s.until else None,
            "rate": s.rate,
            "heading": s.heading,
            "document": s.document,
            "reference": str(s.reference),
            "href": s.reference.href,
            "needs": list(s.unresolved),
        }
        for s in law.programmes(importer, origin, hts, day)
    ]
    head = ["programme", "state", "since", "rate", "document"]
    lines = columns_of([head, *([str(row[key] or "") for key in head] for row in rows)])
    title = f"{hts} of {origin} into {importer} on {day}, nothing claimed"
    answer = {"on": on, "importer": importer, "origin": origin, "hts": hts, "programmes": rows}
    return answer, "\n".join([title, *lines])


def study_answer(study: Study, page: Path | None) -> dict[str, Any]:
    """Headline results of a study, with stable keys."""
    headlines = study.headlines()
    scenarios = [
        {"name": name, **{headline.key: _figures(block[row]) for headline, block in headlines}}
        for row, name in enumerate(study.scenarios)
    ]
    return {
        "study": study.name,
        "directory": str(study.directory),
        "report": str(page) if page else None,
        "baseline": study.baseline,
        "replications": study.replications,
        "seed": study.manifest["seed"],
        "digest": study.manifest["digest"],
        "scenarios": scenarios,
    }


def _figures(row: Comparison) -> dict[str, float | int | None]:
    return {
        "mean": row.mean,
        "mean_half_width_95": row.mean_half_width_95,
        "difference": row.difference,
        "half_width_95": row.half_width_95,
        "n": row.n,
    }


def study_text(study: Study, page: Path | None) -> str:
    """The table that a run ends with: the baseline's levels, then each scenario's change."""
    headlines = study.headlines()
    rows = [["", *(f"{headline.title}, {headline.unit}" for headline, _ in headlines)]]
    for n, name in enumerate(study.scenarios):
        is_base = name == study.baseline
        cells = [_level(block[n]) if is_base else _change(block[n]) for _, block in headlines]
        rows.append([f"{name} (level)" if is_base else name, *cells])
    lines = [
        str(study.manifest["question"]),
        f"Change against {study.baseline}: mean of {study.replications} replications, ± half-width of the",
        "95 % interval of the paired difference.",
        "",
        *columns_of(rows, right=True),
        "",
        f"report: {shown(page)}" if page else f"results: {shown(study.directory)}",
    ]
    return "\n".join(lines)


def _level(row: Comparison) -> str:
    return "-" if row.mean is None else f"{row.mean:,.2f}{_spread(row.mean_half_width_95)}"


def _change(row: Comparison) -> str:
    if row.difference is None:
        return "-"
    if row.difference == 0 and row.half_width_95 == 0:
        return "0"
    return f"{row.difference:+,.2f}{_spread(row.half_width_95)}"


def _spread(half: float | None) -> str:
    return "" if half is None else f" ± {half:,.2f}"


def columns_of(rows: list[list[str]], right: bool = False) -> list[str]:
    """Rows as aligned text; with `right`, all but the first column flush right."""
    if not rows:
        return []
    widths = [max(len(str(row[k])) for row in rows) for k in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            str(cell).rjust(width) if right and k else str(cell).ljust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return lines
