"""The scenarios of a finished study, made again from what it stored of them."""

from __future__ import annotations

from sim.errors import DataError, nearest
from sim.scenario import Scenario
from sim.scenario.restore import restore_scenario
from sim.study.inputs import INPUTS
from sim.study.result import Study
from sim.study.store import read_json


def stored_scenario(study: Study, name: str | None = None) -> Scenario:
    """A scenario of a study, the baseline by default, as it was run.

    Raises
    ------
    DataError
        No such scenario, or what was stored of it is missing, damaged or of another version.
    """
    chosen = study.baseline if name is None else name
    if chosen not in study.scenarios:
        near = nearest(chosen, study.scenarios, "scenarios")
        raise DataError(str(study.directory), [f"no scenario named '{chosen}'. {near}"])
    resolved = read_json(study.directory / "resolved" / f"{chosen}.json")
    if resolved is None:
        raise DataError(str(study.directory), [f"resolved/{chosen}.json is missing. Run the study again."])
    return restore_scenario(resolved, study.directory / INPUTS)
