"""What the commands answer, each as JSON with stable keys and as the text a person reads."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError
from sim.law import Law, load_law
from sim.locate import find_scenario, scenario_names, shown
from sim.network import list_networks, load_network
from sim.scenario.parsers import parse_date
from sim.scenario.sheet import read_sheet
from sim.study import Comparison, Study
from sim.study.text import columns_of


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


def law_history(law: Law, path: str, on: str | None = None) -> tuple[dict[str, Any], str]:
    """All values that one path of the law ever had, or the one that governs on a day, with references."""
    if on is None:
        found = law.history(path)
        vintages, kind, title = found.vintages, found.type, found.title
    else:
        vintages, kind, title = (law.vintage(path, _day(on)),), "", f"on {on}"
    rows = [
        {
            "from": v.begins.isoformat(),
            "until": v.until.isoformat() if v.until else None,
            "published": v.published.isoformat(),
            "value": _law_value(v.value, kind or _kind_of(law, path)),
            "status": v.status,
            "reference": v.reference.title,
            "href": v.reference.href,
        }
        for v in vintages
    ]
    head = ["from", "until", "published", "value", "status", "reference"]
    lines = columns_of([head, *([str(row[key] or "") for key in head] for row in rows)])
    return {"path": path, "title": title, "values": rows}, "\n".join([f"{path}: {title}", *lines])


def _kind_of(law: Law, path: str) -> str:
    """Type of a value; a row of a table of codes is a rate."""
    return law.history(path).type if path in law.paths() else "rate"


def _day(text: str) -> dt.date:
    try:
        return parse_date(text)
    except ValueError as error:
        raise ScenarioError("--on", [str(error)]) from None


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
    day = _day(on)
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
    note = "Some programmes give way to others: rates must not be added up."
    answer = {"on": on, "importer": importer, "origin": origin, "hts": hts, "programmes": rows}
    return answer, "\n".join([title, *lines, note])


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
        cells = [_shown(block[n], headline.decimals, is_base) for headline, block in headlines]
        rows.append([f"{name} (level)" if is_base else name, *cells])
    lines = [
        str(study.manifest["question"]),
        f"Change against {study.baseline}, {_times(study.replications)}",
        "",
        *columns_of(rows, right=True),
        "",
        f"report: {shown(page)}" if page else f"results: {shown(study.directory)}",
    ]
    return "\n".join(lines)


def _times(replications: int) -> str:
    if replications == 1:
        return "one replication: no interval can be given."
    return f"mean of {replications} replications ± half-width of the 95 % interval of the paired difference."


def _shown(row: Comparison, decimals: int, is_level: bool) -> str:
    """A mean, or with its sign a change, and the half-width of its interval; 0 where nothing changes at all."""
    value = row.mean if is_level else row.difference
    half = row.mean_half_width_95 if is_level else row.half_width_95
    if value is None:
        return "-"
    if not is_level and value == 0 and not half:
        return "0"
    while half and not round(half, decimals) and decimals < 6:
        decimals += 1  # an interval that is not nothing is not printed as nothing
    sign = "" if is_level else "+"
    spread = "" if half is None else f" ± {half:,.{decimals}f}"
    return f"{value:{sign},.{decimals}f}{spread}"
