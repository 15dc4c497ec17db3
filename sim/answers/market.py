"""What `sim market` answers: prices, sales, jobs and balances of a reform, as JSON, CSV and text."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sim.customs.content import PLACES
from sim.errors import DataError, ScenarioError, nearest
from sim.market.response import Costs, Response, planned_costs, respond
from sim.market.tables import ALL, EXPORT, HOME, PAIRS, TIER_NAMES, Figure, figures, find, why_no_interval
from sim.replication import Prepared, prepare
from sim.study import Study, as_plan, load_study, mean_interval
from sim.study.manifest import NAME
from sim.study.stored import stored_scenario
from sim.text import columns_of, not_a_formula, wrap

COST = "cost_by_market_usd"
COLUMNS = ("table", "vehicle", "item", "unit", "before", "after", "change", "change_half_width_95", "why_no_interval")
MILLION = 1e6


def market_answer(
    name: str,
    scenario: str | None,
    baseline: str | None,
    pass_through_pct: float | None,
    elasticity: float | None,
    tell: Callable[[str], None],
) -> tuple[dict[str, Any], str, Response]:
    """Prices, sales, jobs and trade before and after a reform.

    Parameters
    ----------
    name : str
        Folder of a finished study, whose replications give costs with their chance; or a scenario or study file, which
        is planned and not run.
    scenario, baseline : str, optional
        Of a study; by default its last scenario and its baseline.
    pass_through_pct, elasticity : float, optional
        Instead of the scenario's parameters.

    Raises
    ------
    ScenarioError, DataError, LawError, NetworkError
        Something is wrong with what was asked; a study without costs by market; a scenario without a baseline.
    """
    options = {"pass_through_pct": pass_through_pct, "elasticity": elasticity}
    folder = Path(name)
    if (folder / NAME).is_file():
        response = _of_study(load_study(folder), scenario, baseline, options, tell)
    else:
        response = _of_plan(name, scenario, baseline, options, tell)
    answer = {
        "scenario": response.scenario,
        "baseline": response.baseline,
        "network": response.network,
        "pass_through_pct": response.pass_through_pct,
        "elasticity": response.elasticity,
        "costs": "replications" if response.is_drawn else "plan",
        "figures": rows_of(response),
    }
    return answer, _text(answer, response), response


def _of_plan(
    name: str, scenario: str | None, baseline: str | None, options: dict[str, Any], tell: Callable[[str], None]
) -> Response:
    plan = as_plan(name)
    by_name = {x.name: x for x in plan.scenarios}
    after, before = _pair(plan.name, tuple(by_name), plan.baseline, scenario, baseline)
    prepared = []
    for chosen in (before, after):
        tell(f"planning {chosen}")
        prepared.append(prepare(by_name[chosen]))
    old, new = prepared
    _require_alike(new, old)
    return respond(new, old, planned_costs(new), planned_costs(old), is_drawn=False, **options)


def _of_study(
    study: Study, scenario: str | None, baseline: str | None, options: dict[str, Any], tell: Callable[[str], None]
) -> Response:
    after, before = _pair(study.name, study.scenarios, study.baseline, scenario, baseline)
    if COST not in study.measures():
        raise DataError(str(study.directory), [f"has no measure {COST}: run the study again."])
    tell(f"reading {study.name}")
    new, old = (prepare(stored_scenario(study, chosen)) for chosen in (after, before))
    _require_alike(new, old)
    return respond(new, old, _drawn(study, after), _drawn(study, before), is_drawn=True, **options)


def _require_alike(new: Prepared, old: Prepared) -> None:
    """Refuse scenarios that do not build the same vehicles for the same markets."""
    sold = [{(x.from_recipe, x.to_site) for x in one.network.lanes.values() if not x.to_recipe} for one in (new, old)]
    if sold[0] != sold[1]:
        names = f"{new.scenario.name} and {old.scenario.name}"
        raise ScenarioError(names, ["do not build the same vehicles for the same markets: nothing can be compared."])


def _pair(where: str, known: Sequence[str], usual: str, scenario: str | None, baseline: str | None) -> tuple[str, str]:
    """Names of the scenario asked about and of what it is compared with."""
    problems = [
        f"no scenario named '{x}'. {nearest(x, known, 'scenarios')}"
        for x in (scenario, baseline)
        if x is not None and x not in known
    ]
    if problems:
        raise ScenarioError(where, problems)
    before = baseline or usual
    after = scenario or known[-1]
    if after == before:
        said = f"'{after}' is compared with itself. Name another --scenario, or give the scenario a `baseline:`."
        raise ScenarioError(where, [said])
    return after, before


def _drawn(study: Study, scenario: str) -> Costs:
    return {
        (vehicle, market): study.series(COST, vehicle, market)[scenario]
        for vehicle in study.vehicles()
        for market in study.items(COST, vehicle)
    }


def rows_of(response: Response) -> list[dict[str, Any]]:
    """Every figure as one row with the columns `COLUMNS`; a half-width is None where `why_no_interval` says why."""
    return [_row(response, figure) for figure in figures(response)]


def _row(response: Response, figure: Figure) -> dict[str, Any]:
    mean, half = mean_interval(figure.change)
    why = why_no_interval(response, figure)
    change = 0.0 if mean is None else mean
    return {
        "table": figure.table,
        "vehicle": figure.vehicle,
        "item": figure.item,
        "unit": figure.unit,
        "before": round(figure.before, 4),
        "after": round(figure.before + change, 4),
        "change": round(change, 4),
        "change_half_width_95": None if why or half is None else round(half, 4),
        "why_no_interval": why,
    }


def write_table(answer: dict[str, Any], path: Path) -> Path:
    """Write the figures of an answer as CSV, columns `COLUMNS`.

    Raises
    ------
    DataError
        The file cannot be written.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: not_a_formula(cell) for key, cell in row.items()} for row in answer["figures"])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
    except OSError as error:
        raise DataError(str(path), [f"cannot be written: {error.strerror}."]) from error
    return path


def _text(answer: dict[str, Any], response: Response) -> str:
    found = figures(response)
    chance = (
        "± is the 95 % interval of replications; figures before the reform are planned."
        if response.is_drawn
        else "Costs are those of the plan, not drawn: no intervals. Those of a finished study have them."
    )
    told = (
        f"{response.scenario} against {response.baseline}, network {response.network}, once sales have followed "
        f"prices: {response.pass_through_pct:g} % of a change in landed cost reaches the price, and demand has the "
        f"elasticity {response.elasticity:g}. A year's vehicles. {chance}"
    )
    return "\n\n".join(
        [
            "\n".join(wrap(told)),
            _vehicles(response, found),
            _jobs(response, found),
            _balances(response, found),
        ]
    )


def _change(response: Response, figure: Figure, scale: float = 1.0, digits: int = 0) -> str:
    """A change with its interval where it has one; an interval that is not nothing is not printed as nothing."""
    mean, half = mean_interval(figure.change / scale)
    value = mean or 0.0
    has_interval = half is not None and not why_no_interval(response, figure)
    while has_interval and half and not round(half, digits) and digits < 6:
        digits += 1
    shown = f"{value:+,.{digits}f}" if round(value, digits) else f"{0:.{digits}f}"
    return f"{shown} ± {half:,.{digits}f}" if has_interval else shown


def _vehicles(response: Response, found: list[Figure]) -> str:
    rows: list[list[object]] = [["vehicle", "price, USD", "change", "at home", "change", "exported", "change"]]
    names = dict.fromkeys(figure.vehicle for figure in found if figure.table == "sales")
    by_key = {(x.table, x.vehicle, x.item): x for x in found}
    for vehicle in names:
        cells: list[object] = [vehicle]
        for table, item in (("prices", ALL), ("sales", HOME), ("sales", EXPORT)):
            figure = by_key.get((table, vehicle, item))
            cells += ["-", "-"] if figure is None else [f"{figure.before:,.0f}", _change(response, figure)]
        rows.append(cells)
    return "\n".join(["Prices and vehicles sold in a year:", *columns_of(rows, right=True)])


def _jobs(response: Response, found: list[Figure]) -> str:
    rows: list[list[object]] = [["country", "jobs", "change", *TIER_NAMES]]
    for place in PLACES:
        total = find(found, "jobs", place)
        tiers = [_change(response, find(found, "jobs", f"{place} {tier}")) for tier in TIER_NAMES]
        rows.append([place, f"{total.before:,.0f}", _change(response, total), *tiers])
    told = "Jobs of direct labour behind these vehicles; change by tier (materials bought have no jobs here):"
    return "\n".join([*wrap(told), *columns_of(rows, right=True)])


def _balances(response: Response, found: list[Figure]) -> str:
    rows: list[list[object]] = [["balance", "gross", "change", "value added", "change"]]
    for item in (*("-".join(pair) for pair in PAIRS), *(f"{place}-all" for place in PLACES)):
        cells: list[object] = [item]
        for kind in ("gross", "value added"):
            figure = find(found, "balances", f"{item} {kind}")
            cells += [f"{figure.before / MILLION:,.1f}", _change(response, figure, MILLION, 1)]
        rows.append(cells)
    told = "Balances, million USD a year at production cost: the first country's exports less its imports."
    return "\n".join([*wrap(told), *columns_of(rows, right=True)])
