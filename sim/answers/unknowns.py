"""What `sim unknowns` answers: assumptions ranked by what they move, chance told from ignorance; table and figure."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from math import isnan
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError, nearest
from sim.locate import shown
from sim.measures import REGISTRY
from sim.report.style import save_figure
from sim.report.tables import DataTable, write_csv
from sim.report.tornado import tornado
from sim.scenario import Scenario
from sim.study import Progress, as_plan, run_study
from sim.study.result import whole_of
from sim.text import columns_of, count, significant, wrap
from sim.unknowns import Question, Ranking, ask, rank

MOST_SHOWN = 25
TRIFLE = 1e-9  # of the figure: what moves less moves nothing but the last digits


def unknowns_answer(
    name: str,
    *,
    measure: str,
    item: str | None,
    vehicle: str,
    scenario: str | None,
    level: bool,
    only: Sequence[str],
    replications: int,
    jobs: int | None,
    out: Path,
    bar: Callable[[Progress], None] | None,
    tell: Callable[[str], None],
) -> tuple[dict[str, Any], str]:
    """Run the study of what is not known and rank its assumptions.

    Raises
    ------
    ScenarioError
        The scenario is wrong, or the study has none of that name.
    DataError
        No such measure, item or vehicle.
    """
    if measure not in REGISTRY:
        raise ScenarioError("--measure", [f"no measure named '{measure}'. {nearest(measure, REGISTRY, 'measures')}"])
    chosen, against = _chosen(name, scenario)
    with tempfile.TemporaryDirectory(prefix="sim-unknowns-") as scratch:
        question = ask(chosen, None if level else against, Path(scratch).resolve(), replications, only)
        if not question.unknowns:
            raise ScenarioError("--only", [f"no assumption begins with {' or '.join(only)}."])
        study = run_study(question.plan, out / question.plan.name, jobs=jobs, progress=bar, tell=tell)
    whole = item if item is not None else whole_of(study.items(measure, vehicle)) or ""
    ranking = rank(study, question, measure, whole, vehicle)
    answer = _answer(question, ranking, vehicle)
    folder = study.directory
    write_csv(_table(answer), folder / "tables")
    about = f"{question.scenario}{f' against {question.against}' if question.against else ''}"
    provenance = f"study {study.name} · {ranking.replications} replications · digest {study.manifest['digest'][:12]}"
    figure = tornado(ranking, REGISTRY[measure].unit, about, provenance)
    png, _ = save_figure(figure, folder / "figures", "tornado")
    return answer | {"figure": str(png)}, f"{_text(answer)}\n\nfigure: {shown(png)}"


def _chosen(name: str, scenario: str | None) -> tuple[Scenario, Scenario | None]:
    """The scenario asked about, and its baseline where there is one."""
    plan = as_plan(name)
    by_name = {s.name: s for s in plan.scenarios}
    if scenario is not None and scenario not in by_name:
        raise ScenarioError(plan.name, [f"no scenario named '{scenario}'. {nearest(scenario, by_name, 'scenarios')}"])
    chosen = by_name[scenario] if scenario else plan.scenarios[-1]
    return chosen, None if chosen.name == plan.baseline else by_name[plan.baseline]


def _answer(question: Question, ranking: Ranking, vehicle: str) -> dict[str, Any]:
    return {
        "scenario": question.scenario,
        "against": question.against,
        "measure": ranking.measure,
        "item": ranking.item,
        "vehicle": vehicle,
        "unit": REGISTRY[ranking.measure].unit,
        "replications": ranking.replications,
        "warm_up_weeks": question.warm_up_weeks,
        "figure_as_assumed": ranking.figure,
        "chance_95": ranking.chance_95,
        "ignorance_95": ranking.ignorance_95,
        "assumptions": [
            {
                "id": row.unknown.id,
                "meaning": row.unknown.meaning,
                "basis": row.unknown.basis,
                "low": row.unknown.low,
                "high": row.unknown.high,
                "change_at_low": _figure(row.low),
                "change_at_high": _figure(row.high),
                "swing": _figure(row.swing),
                "swing_half_width_95": row.half_width_95,
                "share_of_ignorance_pct": row.share_pct,
                "told_from_chance": row.is_shown,
            }
            for row in ranking.rows
        ],
        "not_varied": [{"what": x.what, "why": x.why} for x in question.unvaried],
    }


def _table(answer: dict[str, Any]) -> DataTable:
    rows = answer["assumptions"]
    columns = tuple(rows[0])
    return DataTable("unknowns", "Assumptions by what they move", columns, tuple(tuple(r.values()) for r in rows))


def _text(answer: dict[str, Any]) -> str:
    name = f"{answer['measure']}{'/' + answer['item'] if answer['item'] else ''}"
    against = f" less that of {answer['against']}" if answer["against"] else ""
    half = answer["chance_95"]
    chance = "no interval (one replication)" if half is None else f"± {significant(half, 3)}"
    ignorance = significant(answer["ignorance_95"], 3)
    told = (
        f"{name} of {answer['scenario']}{against}: {significant(answer['figure_as_assumed'], 6)} {answer['unit']}. "
        f"Chance, {answer['replications']} replications: {chance}. Ignorance, all assumptions at once: "
        f"± {ignorance} (1.96 standard deviations, each anywhere in its range, independent). "
        f"Warm-up: {answer['warm_up_weeks']:g} weeks, enough for the lead times of every end."
    )
    rows = [["assumption", "low", "high", "at low", "at high", "swing", "share", "basis"]]
    moving = [row for row in answer["assumptions"] if _moves(row, answer["figure_as_assumed"])]
    for row in moving[:MOST_SHOWN]:
        half = row["swing_half_width_95"]
        spread = "" if half is None else f" ± {significant(half, 2)}"
        note = "" if row["told_from_chance"] else " (not told from chance)" if half is not None else ""
        cells = [_cell(row[key]) for key in ("change_at_low", "change_at_high", "swing")]
        share = f"{row['share_of_ignorance_pct']:.1f} %"
        rows.append([row["id"], row["low"], row["high"], *cells[:2], f"{cells[2]}{spread}{note}", share, row["basis"]])
    still = len(answer["assumptions"]) - len(moving)
    more = [f"{len(moving) - MOST_SHOWN} more move it less; the table has all."] if len(moving) > MOST_SHOWN else []
    if still:
        more.append(f"{count(still, 'assumption')} {'does' if still == 1 else 'do'} not move it at all.")
    lost = [row["id"] for row in moving if _is_lost(row)]
    more += [f"No replication has the figure at an end of {', '.join(lost)}: first, and in no share."] if lost else []
    lines = [*wrap(told), "", *columns_of(rows), *more, "", "Assumed, but not varied here:"]
    for entry in answer["not_varied"]:
        lines += wrap(f"{entry['what']}: {entry['why']}.", "  ", "    ")
    return "\n".join(lines)


def _moves(row: dict[str, Any], figure: float) -> bool:
    if _is_lost(row):
        return True
    reach: float = max(abs(row["change_at_low"]), abs(row["change_at_high"]))
    return reach > TRIFLE * max(1.0, abs(figure))


def _is_lost(row: dict[str, Any]) -> bool:
    """Whether no replication has the figure at one end of the range."""
    return row["change_at_low"] is None or row["change_at_high"] is None


def _figure(value: float) -> float | None:
    return None if isnan(value) else value


def _cell(value: float | None) -> str:
    return "no figure" if value is None else significant(value, 4, "+")
