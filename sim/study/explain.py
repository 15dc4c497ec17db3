"""Answers about one vehicle, load or entry of a finished study: replication 0 is run again and looked into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np

from sim.clock import Clock
from sim.customs import Assessment, assess, explain_entry, explain_load, ledger_flow
from sim.customs.explain import find_load
from sim.errors import DataError, nearest
from sim.ledger.ledger import Ledger
from sim.ledger.passport import passport
from sim.measures.context import Context, open_context
from sim.network import Network
from sim.plan import Plan
from sim.planning import build
from sim.replication import prepare, simulate
from sim.replication.facts import passport_record
from sim.study.explain_text import LINES
from sim.study.provisions import TRIFLE, provisions_of
from sim.study.result import Study
from sim.study.stored import stored_scenario
from sim.text import wrap

KINDS = ("vehicle", "load", "entry")


@dataclass(frozen=True, slots=True)
class Replay:
    """One replication of a scenario, whole; `measured` is what measures look at, the vehicles of the window."""

    scenario: str
    network: Network
    clock: Clock
    plan: Plan
    ledger: Ledger
    assessment: Assessment
    measured: Context

    def passport(self, lane: str, n: int) -> dict[str, Any]:
        """The passport of any load, in the form of the fact ``passports``, which keeps three; see `passport_record`."""
        return passport_record(self.network, self.plan, self.ledger, self.assessment, self.clock, lane, n)


def replay(study: Study, scenario: str | None = None) -> Replay:
    """Run replication 0 of a scenario again, and see that it gives the ledger it gave.

    Raises
    ------
    DataError
        No such scenario, or the program or its data have changed since.
    """
    prepared = prepare(stored_scenario(study, scenario))
    name = prepared.scenario.name
    clock = prepared.scenario.clock()
    plan = build(prepared.scenario, prepared.network, prepared.decisions, prepared.parameters, 0)
    ledger = simulate(plan, str(study.manifest["engine"]))
    run = next(r for r in study.manifest["runs"] if r["scenario"] == name and r["replication"] == 0)
    if ledger.digest() != run["ledger_digest"]:
        problem = f"scenario {name} now gives another ledger: program or data changed. Run the study again."
        raise DataError(str(study.directory), [problem])
    flow = ledger_flow(prepared.network, plan, ledger, clock)
    assessment = assess(flow, prepared.network, prepared.law, prepared.decisions.claims, prepared.parameters)
    context = open_context(prepared.network, plan, ledger, flow, assessment, clock, prepared.parameters)
    return Replay(name, prepared.network, clock, plan, ledger, assessment, context)


def explain_fact(study: Study, kind: str, name: str, scenario: str | None = None) -> tuple[dict[str, Any], str]:
    """What is known of one vehicle, load or entry.

    Parameters
    ----------
    kind : str
        ``vehicle`` (an assembly recipe), ``load`` (``<lane id>#<n>``) or ``entry`` (its number).
    scenario : str, optional
        The baseline by default.

    Returns
    -------
    tuple of dict and str
        The same content as JSON values and as text.

    Raises
    ------
    DataError, SimError
        Nothing has that name.
    """
    found = {"vehicle": _vehicle, "load": _load, "entry": _entry}[kind](study, name, scenario)
    content = _plain(found)
    named = study.baseline if scenario is None else scenario
    answer = {"scenario": named, "replication": 0, "kind": kind, "id": name, **content}
    head = f"{kind} {name}, scenario {named}, replication 0"
    return answer, "\n".join([*wrap(head), *LINES[kind](content)])


def _vehicle(study: Study, name: str, scenario: str | None) -> dict[str, Any]:
    """Mean cost by component over all replications; content, claims and provisions of replication 0."""
    if name not in study.vehicles():
        near = nearest(name, study.vehicles(), "vehicles")
        raise DataError(str(study.directory), [f"no vehicle named '{name}'. {near}"])
    facts = study.facts(scenario)
    row = study.scenarios.index(facts["scenario"])
    cost = "cost_per_vehicle_usd"
    means = {item: study.compare(cost, name, item)[row].mean for item in study.items(cost, name)}
    lanes = f"{name}.."
    try:
        duties, changed = _duties(replay(study, scenario), name), ""
    except DataError as error:  # the rest is kept in the folder and can be told
        duties, changed = None, str(error)
    return {
        f"mean_{cost}": {item: None if mean is None else round(mean, 2) for item, mean in means.items()},
        "content": [entry for entry in facts.get("content", []) if entry["vehicle"] == name],
        "claims": [entry for entry in facts.get("claims", []) if entry["lane"].startswith(lanes)],
        "duties_and_fees": duties,
        "not_told": changed,
    }


def _duties(run: Replay, vehicle: str) -> dict[str, Any]:
    """What each provision charged for the vehicles delivered in the window, on them and on what is in them."""
    flow, unit, measured = run.assessment.flow, run.assessment.unit, run.measured
    weight = np.where(flow.recipe == flow.recipe_ids.index(vehicle), measured.weight, 0.0)
    names = {recipe.id: run.network.parts[recipe.part].name for recipe in run.network.recipes.values()}
    shares, opening = provisions_of(run.assessment, weight, names)
    held, planned = unit.duty() + unit.column("fees"), measured.duty() + measured.column("fees")
    mean, luck = (float(np.average(x, weights=weight)) if weight.any() else 0.0 for x in (planned, planned - held))
    return {
        "vehicles": int(flow.units[weight > 0].sum()),
        "total_usd": round(mean, 4),
        "opening_stocks_usd": round(opening, 4),
        "sources_usd": round(luck, 4),
        "provisions": [_plain(share) | {"usd": share.usd} for share in shares if share.usd >= TRIFLE],
    }


def _load(study: Study, name: str, scenario: str | None) -> dict[str, Any]:
    run = replay(study, scenario)
    node = find_load(run.assessment, name)
    lane, _, number = name.rpartition("#")
    stays = [
        {
            "load": f"{stay.lane}#{stay.n}",
            "what": stay.what,
            "place": stay.place,
            "from": _moment(run.clock, stay.from_s),
            "until": _moment(run.clock, stay.until_s),
            "queued_min": round(stay.queued_s / 60, 1) if stay.queued_s >= 0 else None,
        }
        for stay in passport(run.plan, run.ledger, lane, int(number))
    ]
    return {"passport": stays, "cost": explain_load(run.network, run.assessment, node)}


def _entry(study: Study, name: str, scenario: str | None) -> dict[str, Any]:
    if not name.isdigit():
        raise DataError("explain", [f"no entry '{name}'. Entries are numbered; a load's answer names its own."])
    run = replay(study, scenario)
    return {"entry": explain_entry(run.network, run.assessment, int(name))}


def _moment(clock: Clock, second: int) -> str | None:
    return clock.moment(second).isoformat() if second >= 0 else None


def _plain(value: Any) -> Any:
    """JSON of what the rooms below answer with: dataclasses, mappings, dates, NumPy numbers."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return value.item() if isinstance(value, np.generic) else value
