"""What `sim sensitivity` answers: the factors of every sweep of a study, ranked by what they do to a measure."""

from __future__ import annotations

from typing import Any

from sim.errors import DataError
from sim.study import Study
from sim.study.result import whole_of
from sim.study.sensitivity import Influence, influences, meaning
from sim.study.sweep import Sweep
from sim.text import columns_of, significant, wrap


def sensitivity_answer(study: Study, measure: str, item: str | None, vehicle: str) -> tuple[dict[str, Any], str]:
    """Rank the factors of each sweep.

    Raises
    ------
    DataError
        The study has no sweep, or no such measure, vehicle or item.
    """
    if not study.sweeps:
        raise DataError(str(study.directory), ["has no sweep: nothing is varied. Add `sweeps:` to the study file."])
    chosen = item if item is not None else whole_of(study.items(measure, vehicle)) or ""
    found = [(sweep, influences(study, sweep, measure, chosen, vehicle)) for sweep in study.sweeps]
    answer = {
        "study": study.name,
        "measure": measure,
        "item": chosen,
        "vehicle": vehicle,
        "replications": study.replications,
        "sweeps": [_sweep(sweep, rows) for sweep, rows in found],
    }
    name = f"{measure}/{chosen}" if chosen else measure
    return answer, "\n\n".join(_text(name, sweep, rows) for sweep, rows in found)


def _sweep(sweep: Sweep, rows: list[Influence]) -> dict[str, Any]:
    factors = [
        {"factor": row.factor, **{name: {"value": value, "half_width_95": half} for name, value, half in row.figures}}
        for row in rows
    ]
    return {"of": sweep.of, "design": sweep.design, "points": len(sweep.names), "factors": factors}


def _text(name: str, sweep: Sweep, rows: list[Influence]) -> str:
    against = ", as difference from the baseline at the same values" if sweep.twins else ""
    told = f"{sweep.of}, {sweep.design}, {len(sweep.names)} points: {name}{against}. {meaning(sweep.design)}."
    heads = ["", *(figure for figure, _, _ in rows[0].figures)]
    lines = [heads, *([row.factor, *(_shown(value, half) for _, value, half in row.figures)] for row in rows)]
    return "\n".join([*wrap(told), "", *columns_of(lines, right=True)])


def _shown(value: float | None, half: float | None) -> str:
    if value is None:
        return "-"
    return significant(value, 4) + ("" if half is None else f" ± {significant(half, 2)}")
