"""What `sim compare` answers: measures of a study against any of its scenarios, with what pairing was worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.answers.studies import figure, figures_of
from sim.study import Comparison, Study
from sim.study.result import whole_of
from sim.text import columns_of, wrap


def compare_answer(
    study: Study, measure: str, item: str | None, vehicle: str, baselines: Sequence[str]
) -> tuple[dict[str, Any], str]:
    """Compare one measure, its whole or every item, with each baseline.

    Parameters
    ----------
    item : str or None
        One item; None for the whole where the measure has one, else for all items.

    Raises
    ------
    DataError
        No such measure, item, vehicle or scenario; names the nearest.
    """
    study.series(measure, vehicle, study.items(measure, vehicle)[0] if study.items(measure, vehicle) else "")
    against = tuple(baselines) or study.baselines
    items = [item] if item is not None else _items(study, measure, vehicle)
    blocks = [
        (baseline, name, study.compare(measure, vehicle, name, baseline)) for baseline in against for name in items
    ]
    answer = {
        "study": study.name,
        "measure": measure,
        "vehicle": vehicle,
        "replications": study.replications,
        "comparisons": [
            {"baseline": baseline, "item": name, "scenario": row.scenario, **figures_of(row)}
            for baseline, name, rows in blocks
            for row in rows
        ],
    }
    return answer, "\n\n".join(_text(measure, vehicle, *block) for block in blocks)


def _items(study: Study, measure: str, vehicle: str) -> list[str]:
    known = study.items(measure, vehicle)
    whole = whole_of(known)
    return list(known) if whole is None else [whole]


def _text(measure: str, vehicle: str, baseline: str, item: str, rows: list[Comparison]) -> str:
    name = f"{measure}{'/' + item if item else ''}{'' if vehicle == 'all' else ' of ' + vehicle}"
    decimals = _decimals(rows)
    lines = [["", "mean", "change", "unpaired ±", "variance / paired", "n", ""]]
    for row in rows:
        unpaired = "" if row.unpaired_half_width_95 is None else f"{row.unpaired_half_width_95:,.{decimals}f}"
        ratio = "" if row.variance_reduction is None else f"{row.variance_reduction:,.1f}"
        cells = [figure(row, decimals, True), figure(row, decimals, False), unpaired, ratio]
        is_base = row.scenario == baseline
        shown = [cells[0], "", "", ""] if is_base else cells
        lines.append([row.scenario, *shown, str(row.n), row.reason])
    head = wrap(f"{name} against {baseline}: mean, change and half-width of its 95 % interval, paired by replication")
    return "\n".join([*head, *columns_of(lines, right=True)])


def _decimals(rows: list[Comparison]) -> int:
    largest = max((abs(row.mean) for row in rows if row.mean is not None), default=0.0)
    return 2 if largest >= 100 else 4
