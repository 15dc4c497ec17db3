"""A tree run to the end: every scenario of it, the check that nobody looked ahead, and the verdict on its plans."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from sim.errors import DataError, nearest
from sim.study.execute import Report, run_study
from sim.study.result import Study, whole_of
from sim.study.store import read_json, write_json
from sim.study.tree.cases import Case, cases_of, study_of
from sim.study.tree.foresight import Checked, check_foresight
from sim.study.tree.judge import Costs, Verdict, judge
from sim.study.tree.model import Tree
from sim.study.work import RUNNER

CHECKED = "foresight.json"


@dataclass(frozen=True, slots=True)
class Grown:
    """A tree that was run.

    Parameters
    ----------
    item : str
        Of the measure that plans were judged by.
    checked : Checked or None
        What was compared to see that nobody acts on what is not known yet; None where that was left out.
    """

    tree: Tree
    study: Study
    verdict: Verdict
    item: str
    checked: Checked | None


def run_tree(
    tree: Tree,
    directory: Path,
    *,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Report | None = None,
    tell: Callable[[str], None] | None = None,
    runner: str = RUNNER,
    checks: bool = True,
) -> Grown:
    """Run what is missing of a tree, check it, and judge its plans.

    Parameters
    ----------
    directory : Path
        Folder of its results; they are those of a study, and kept when only probabilities or plans change.
    checks : bool
        Compare runs up to the days on which they part; done once for a set of results.

    Raises
    ------
    PlanError, DataError
        A scenario cannot be run, or the measure has no such vehicle or item.
    RunError
        A run failed, or something looked ahead.
    """
    cases = cases_of(tree)
    study = run_study(
        study_of(tree), directory, jobs=jobs, executor=executor, progress=progress, tell=tell, runner=runner
    )
    costs, item = read_costs(tree, cases, study)
    checked = _checked(tree, cases, study, tell) if checks else None
    return Grown(tree, study, judge(tree.branches, tree.choices, tree.plans, costs), item, checked)


def read_costs(tree: Tree, cases: tuple[Case, ...], study: Study) -> tuple[Costs, str]:
    """Costs of all cases by replication, and the item of the measure that they are.

    Raises
    ------
    DataError
        No such measure, vehicle or item; or a run without a value.
    """
    items = study.items(tree.measure, tree.vehicle)
    item = tree.item or whole_of(items) or ""
    if items and item not in items:
        near = nearest(item, items, "items")
        raise DataError(tree.name, [f"{tree.measure} has no item '{item}'. {near}" if item else _no_whole(tree, items)])
    series = study.series(tree.measure, tree.vehicle, item)
    missing = [name for name, values in series.items() if bool(np.isnan(values).any())]
    if missing:
        problem = f"{tree.measure} has no value in some runs of '{missing[0]}'. Judge by another measure."
        raise DataError(tree.name, [problem])
    return {case.key: series[case.scenario.name] for case in cases}, item


def _no_whole(tree: Tree, items: tuple[str, ...]) -> str:
    return f"{tree.measure} has no whole. Write 'item:' with one of: {', '.join(sorted(items))}."


def _checked(tree: Tree, cases: tuple[Case, ...], study: Study, tell: Callable[[str], None] | None) -> Checked:
    """What was compared when these results were checked, now or before."""
    place, digest = study.directory / CHECKED, str(study.manifest["digest"])
    kept = read_json(place)
    if kept is not None and kept.get("digest") == digest:
        return Checked(**{name: int(count) for name, count in kept["compared"].items()})
    if tell is not None:
        tell(f"{tree.name}: comparing runs up to the days on which they part.")
    checked = check_foresight(tree, cases)
    write_json(place, {"digest": digest, "compared": asdict(checked)})
    return checked
