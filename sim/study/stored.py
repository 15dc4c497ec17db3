"""The scenarios of a finished study, made again from what it stored of them."""

from __future__ import annotations

from sim.scenario import Scenario
from sim.scenario.restore import restore_scenario
from sim.study.inputs import INPUTS
from sim.study.result import Study


def stored_scenario(study: Study, name: str | None = None) -> Scenario:
    """A scenario of a study, the baseline by default, as it was run.

    Raises
    ------
    DataError
        No such scenario, or what was stored of it is missing, damaged or of another version.
    """
    return restore_scenario(study.resolved(name), study.directory / INPUTS)
