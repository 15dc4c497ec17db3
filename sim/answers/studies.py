"""The table that a run ends with, as JSON and as text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.locate import shown
from sim.study import Comparison, Study
from sim.text import columns_of


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
