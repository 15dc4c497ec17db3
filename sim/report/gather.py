"""From a study folder to what the report reads: comparisons, facts, scenarios, network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
    return StudyData(
        name=study.name,
        title=str(manifest.get("title") or study.name),
        question=str(manifest.get("question") or ""),
        summary=summary_of(study),
        manifest=manifest,
        resolved=resolved,
        facts=read_folder(study.directory / "facts"),
        panels=tuple(panels_of(study)),
        drifts=tuple(study.warm_up()),
        network_name=_at_hand(next(filter(None, networks), ""), study.directory / INPUTS),
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
    """What is drawn over time: waits where the baseline waits longest, vehicles built, loads on the way."""
    waits = {item: float(study.bands(WAIT, item)["median"].mean()) for item in study.band_items(WAIT)}
    wanted = [(WAIT, max(waits, key=lambda item: waits[item]))] if waits else []
    for series, item in [*wanted, (BUILT, ""), (MOVING, "")]:
        if item in study.band_items(series):
            yield panel_of(study, series, item)


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
    try:
        return load_network(data.network_name) if data.network_name else None
    except NetworkError:
        return None
