"""From a study folder to what the report reads: comparisons, facts, scenarios, network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import DataError, NetworkError
from sim.measures.daily import BUILT, MOVING, WAIT
from sim.network import load_network
from sim.network.model import Network
from sim.report.source import Key, Panel, StudyData, Summary, first_of, read_folder, summarise
from sim.report.time_figure import MOST_SCENARIOS
from sim.scenario.own import find_carried
from sim.study import Study, load_study
from sim.study.inputs import INPUTS


def read_study(study_dir: Path) -> StudyData:
    """Read a finished study folder.

    Raises
    ------
    DataError
        The folder holds no finished study, or a file of it is damaged.
    """
    return study_data(load_study(study_dir))


def study_data(study: Study) -> StudyData:
    """Take from a study all that figures, tables and page need."""
    manifest = study.manifest
    resolved = read_folder(study.directory / "resolved")
    networks = [str(first_of(entry, ("network",), "")) for entry in resolved.values()]
    network_name = _at_hand(next(filter(None, networks), ""), study.directory / INPUTS)
    network = _loaded(network_name)
    names = {} if network is None else {crossing.id: crossing.name for crossing in network.crossings.values()}
    return StudyData(
        name=study.name,
        title=str(manifest.get("title") or study.name),
        question=str(manifest.get("question") or ""),
        summary=replace(summary_of(study), crossings=names),
        manifest=manifest,
        resolved=resolved,
        facts=read_folder(study.directory / "facts"),
        panels=tuple(panels_of(study)),
        drifts=tuple(study.warm_up()),
        network_name=network_name,
    )


def _at_hand(name: str, inputs: Path) -> str:
    """A shipped name, or the folder of a network of one's own among the study's inputs; as named if it is gone."""
    try:
        return find_carried(name, inputs)
    except DataError:
        return name


def summary_of(study: Study) -> Summary:
    """Compare every measure, vehicle and item of a study with its baseline."""
    keys: list[Key] = [
        (measure, vehicle, item)
        for measure in study.measures()
        for vehicle in ("all", *study.vehicles())
        for item in study.items(measure, vehicle)
    ]
    labels: dict[str, Any] = {}
    for entry in study.manifest.get("scenarios", []):
        if isinstance(entry, dict) and entry.get("label"):
            labels[str(entry["name"])] = str(entry["label"])
    return summarise(keys, study.compare, study.baseline, study.scenarios, labels)


def panels_of(study: Study) -> Iterator[Panel]:
    """What is drawn over time: waits at one crossing, vehicles built, loads on the way."""
    waited = most_waited(study)
    wanted = [(WAIT, waited)] if waited else []
    for series, item in [*wanted, (BUILT, ""), (MOVING, "")]:
        if item in study.band_items(series):
            yield panel_of(study, series, item)


def most_waited(study: Study) -> str:
    """The crossing where trucks of the baseline wait most hours in all, of those that trucks pass every day.

    The network's own trucks count; where none are told, the longest mean wait decides. Empty for a study without days.
    """
    told = {item: study.bands(WAIT, item)["median"] for item in study.band_items(WAIT)}
    most = max((values.size for values in told.values()), default=0)
    daily = [item for item, values in told.items() if values.size == most]  # the others rest at weekends, say

    def hours(item: str) -> tuple[float, float]:
        mean = _level(study, "border_wait_min", f"{item}|mean")
        return _level(study, "border_passages", item) * mean, float(told[item].mean())

    return max(daily, key=hours, default="")


def _level(study: Study, measure: str, item: str) -> float:
    """Mean of the baseline over replications; 0 where it has none."""
    if measure not in study.measures() or item not in study.items(measure):
        return 0.0
    values = study.series(measure, "all", item)[study.baseline]
    return float(np.nanmean(values)) if np.isfinite(values).any() else 0.0


def panel_of(study: Study, series: str, item: str) -> Panel:
    """One series over time: of the scenarios those that have it, since not every port is open in each.

    Raises
    ------
    DataError
        The baseline and all others lack it; names the nearest.
    """
    names = study.scenarios[:MOST_SCENARIOS]
    having = [name for name in names if item in study.band_items(series, name)]
    return series, item, {name: study.bands(series, item, name) for name in having or [study.baseline]}


def find_network(data: StudyData) -> Network | None:
    """Load the study's network by its name; None when it is not at hand any more."""
    return _loaded(data.network_name)


def _loaded(name: str) -> Network | None:
    try:
        return load_network(name) if name else None
    except NetworkError:
        return None
