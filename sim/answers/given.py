"""What the files and folders given to a command are: studies, scenarios, networks, reforms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import ScenarioError, SimError
from sim.locate import is_file, is_folder

if TYPE_CHECKING:
    from sim.study import StudyPlan


def yaml_of(files: Sequence[str]) -> Iterator[str]:
    """The files, a folder replaced by the YAML files in it; a folder of CSV is a network and stays."""
    for name in files:
        inside = sorted(Path(name).glob("*.yaml")) if is_folder(Path(name)) else []
        yield from (str(path) for path in inside) if inside else [name]


def plans_of(files: Sequence[str]) -> Iterator[StudyPlan]:
    """Studies of the files; of a folder its studies and trees, and its scenarios that none of these runs.

    A scenario with which another of the folder is compared is run beside that one, the trunk of a tree with its leaves.
    """
    from sim.scenario.sheet import read_sheet
    from sim.study import as_plan, is_study
    from sim.study.load import is_tree

    for name in files:
        folder = Path(name)
        if not is_folder(folder):
            yield as_plan(name)
            continue
        inside = [path for path in sorted(folder.glob("*.yaml")) if not path.name.startswith("_") and is_file(path)]
        if not inside:
            raise ScenarioError(name, ["holds no scenario or study (a file *.yaml whose name does not begin with _)."])
        studies = [as_plan(path) for path in inside if is_study(path)]
        held = {scenario.name for study in studies for scenario in study.scenarios}
        held |= {Path(str(read_sheet(path).value.get("scenario"))).stem for path in inside if is_tree(path)}
        alone = [as_plan(path) for path in inside if not is_study(path) and path.stem not in held]
        beside = {scenario.name for plan in alone for scenario in plan.scenarios if scenario.name != plan.name}
        yield from studies
        yield from (plan for plan in alone if plan.name not in beside)


def check_file(name: str) -> None:
    """Refuse a scenario, study, network folder or reform with all its problems.

    Raises
    ------
    SimError
        Something is wrong with it.
    """
    from sim.answers.lists import is_reform
    from sim.law import load_law
    from sim.network import load_network
    from sim.replication import require_ready
    from sim.scenario.sheet import read_sheet
    from sim.study import as_plan

    if is_folder(Path(name)):
        load_network(Path(name).resolve())
        return
    if Path(name).name.startswith("_"):
        read_sheet(Path(name))  # a base: what it says is checked with each file that extends it
        return
    if is_reform(name):
        load_law((name,))
        return
    for scenario in as_plan(name).scenarios:
        try:
            require_ready(scenario)
        except SimError as error:
            raise error.within(name) from error
