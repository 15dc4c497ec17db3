"""A scenario made again from its resolved form, as a study keeps it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import DataError
from sim.parameters import load_parameters
from sim.scenario.conduct import restore_turn
from sim.scenario.goods import restore_stated
from sim.scenario.model import Scenario
from sim.scenario.own import find_carried
from sim.scenario.predictions import restore_prediction
from sim.scenario.shocks import restore_shock


def restore_scenario(resolved: Mapping[str, Any], inputs: Path | None = None) -> Scenario:
    """The scenario that `Scenario.resolved` described.

    Parameters
    ----------
    resolved : mapping
        JSON values; its ``digest``, if it has one, must be met again.
    inputs : Path, optional
        Folder that holds the networks and reforms of one's own which it names.

    Raises
    ------
    DataError
        A key is missing, a file of one's own is, or the scenario made is not the one that was described.
    """
    try:
        scenario = _restored(resolved, inputs or Path("inputs"))
    except (KeyError, TypeError, ValueError) as error:
        raise DataError("resolved scenario", [f"is damaged ({error}). Run the study again."]) from error
    if resolved.get("digest", scenario.digest) != scenario.digest:
        problem = "was resolved by another version of the program. Run the study again."
        raise DataError(f"scenario {scenario.name}", [problem])
    return scenario


def _restored(resolved: Mapping[str, Any], inputs: Path) -> Scenario:
    shipped = load_parameters().ranges
    overrides = {
        name: f"{float(value)!r} {shipped[name].unit}"
        for name, value in resolved["parameters"].items()
        if value != shipped[name].value
    }
    horizon = resolved["horizon"]
    return Scenario(
        name=resolved["name"],
        path=None,
        question=resolved["question"],
        title=resolved["title"],
        source=resolved["source"],
        network=find_carried(resolved["network"], inputs),
        law_as_of=dt.date.fromisoformat(resolved["law"]["as_of"]),
        reforms=tuple(find_carried(name, inputs) for name in resolved["law"]["reforms"]),
        firms=resolved["firms"],
        warm_up_s=horizon["warm_up_s"],
        start=dt.date.fromisoformat(horizon["start"]),
        run_s=horizon["run_s"],
        shocks=tuple(restore_shock(entry) for entry in resolved["shocks"]),
        conduct=tuple(restore_turn(entry, inputs) for entry in resolved["conduct"]),
        demand=resolved["demand_vehicles_per_day"],
        markets=resolved.get("markets_pct", {}),
        claim_regime=resolved["claim_regime"],
        expedite=resolved["expedite"],
        parameters=overrides,
        crossings=resolved["crossings"],
        open_ports=resolved["open_ports"],
        goods=tuple(restore_stated(entry) for entry in resolved.get("goods", ())),
        replications=resolved["replications"],
        seed=resolved["seed"],
        expected=resolved["expected"],
        predictions=tuple(restore_prediction(entry) for entry in resolved.get("predictions", ())),
        baseline=resolved["baseline"],
    )
