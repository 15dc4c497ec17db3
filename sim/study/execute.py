"""Running a study: one task a replication, on any executor, resumed where it was, always the same bytes."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

from sim.engines import COMPILED
from sim.errors import DataError, PlanError, SimError, machine_fault, nearest
from sim.locate import find_scenario, is_folder, shown
from sim.scenario import Scenario, load_scenario
from sim.study.alone import alone_in
from sim.study.errors import RunError
from sim.study.failures import raise_first
from sim.study.inputs import carry_inputs, discard_inputs
from sim.study.load import StudyPlan, is_study, is_tree, load_study_file, single_study
from sim.study.manifest import describe, has_bands, read_manifest, sealed_files, write_manifest
from sim.study.pool import outcomes
from sim.study.precision import Precision, next_count, where_it_stands
from sim.study.result import Study, lacking_items, load_study
from sim.study.shown import bar_in_notebook
from sim.study.store import FORMAT, remove_stale, result_key, result_path
from sim.study.tree.cases import study_of
from sim.study.tree.load import load_tree
from sim.study.work import RUNNER, Failure, Task, ledger_path, no_room, pending, replicate

MOST_TOGETHER = 12  # scenarios of a task: few enough to share out, enough to share ledgers and background traffic


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a study is, by number of runs: `done` of `total`, `reused` from before, `failed` without a result."""

    done: int
    total: int
    reused: int
    failed: int = 0


Report: TypeAlias = Callable[[Progress], None]


def run(
    what: Scenario | StudyPlan | str | Path | Sequence[Scenario],
    *,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    executor: Executor | None = None,
    out: str | Path | None = None,
) -> Study:
    """Run a scenario or study and return its results.

    Parameters
    ----------
    what : Scenario, sequence of Scenario, StudyPlan, path or name
        A single scenario that names a baseline is compared with it; of several, the first is the baseline.
    replications, seed : int, optional
        Replace those written.
    jobs : int, optional
        Worker processes; by default one a core. 1 runs in this process.
    executor : concurrent.futures.Executor, optional
        Whoever shall run the tasks, such as that of a cluster; `jobs` is then ignored.
    out : path, optional
        Folder in which the study's folder is made; by default ``outputs`` in the working directory.

    Raises
    ------
    ScenarioError, NetworkError, LawError, PlanError
        The input is wrong.
    RunError
        A run failed.

    Notes
    -----
    Workers import the calling script: outside notebooks, call this below ``if __name__ == "__main__":``.
    """
    plan = as_plan(what).with_(replications, seed)
    tell = logging.getLogger("sim").warning  # shown wherever nobody set logging up, in notebooks too
    with bar_in_notebook(plan.name) as bar:
        show = None if bar is None else lambda progress: bar(progress.done, progress.total)
        place = Path(out or "outputs") / plan.name
        return run_study(plan, place, jobs=jobs, executor=executor, progress=show, tell=tell)


def as_plan(what: Scenario | StudyPlan | str | Path | Sequence[Scenario]) -> StudyPlan:
    """A study of whatever can be run."""
    if isinstance(what, StudyPlan):
        return what
    if isinstance(what, Scenario):
        return single_study([what])
    if isinstance(what, str | Path):
        path = find_scenario(what)
        if is_tree(path):
            return study_of(load_tree(path))
        return load_study_file(path) if is_study(path) else single_study([load_scenario(path)])
    return single_study(what)


def run_study(
    plan: StudyPlan,
    directory: Path,
    *,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Report | None = None,
    runner: str = RUNNER,
    engine: str = COMPILED,
    ledger: str = "none",
    tell: Callable[[str], None] | None = None,
) -> Study:
    """Run what is missing of a study, write its manifest, and load it.

    Parameters
    ----------
    directory : Path
        Output folder. Results there that have the same inputs, code and seed are kept and not run again.
    progress : callable, optional
        Called after each replication, possibly from another thread.
    runner : str
        Module with `prepare` and `run_once`.
    ledger : str
        Ledgers to store: ``all``, of the first replication (``sample``), or ``none``. It changes no other result.
    tell : callable, optional
        Told when something takes long: the engine is compiled once on a machine.

    Raises
    ------
    PlanError
        A scenario cannot be run as written; nothing is written then.
    DataError
        The output folder is a file or cannot be written; or precision is asked of an item that is not there.
    RunError
        A run failed for another reason; what succeeded stays and is not run again.
    """
    existed = is_folder(directory)
    how = _How(directory, jobs, executor, progress, runner, engine, ledger, tell, existed)
    if not existed:
        _require_ready(plan, runner)
        _make_place(directory)
    try:
        with alone_in(directory, tell):
            if plan.precision is None:
                return _run_fixed(plan, how)
            return _run_until_precise(plan, plan.precision, how)
    except PlanError:
        if not existed:
            shutil.rmtree(directory, ignore_errors=True)
        raise
    except Exception as error:
        if machine_fault(error):
            raise RunError(shown(directory), [no_room(machine_fault(error))]) from error
        raise


@dataclass(frozen=True, slots=True)
class _How:
    """The arguments of `run_study` besides the plan."""

    directory: Path
    jobs: int | None
    executor: Executor | None
    progress: Report | None
    runner: str
    engine: str
    ledger: str
    tell: Callable[[str], None] | None
    existed: bool  # where it did not, scenarios are checked before the folder is made


def _run_until_precise(plan: StudyPlan, precision: Precision, how: _How) -> Study:
    """Run the replications written, then as many more as the intervals found ask for, until they ask for none."""
    plan = _resumed(replace(plan, replications_first=plan.replications), how.directory)
    while True:
        study = _run_fixed(plan, how)
        count = next_count(precision, where_it_stands(precision, study.whole), plan.replications)
        if count <= plan.replications:
            return study
        if how.tell is not None:
            how.tell(f"{plan.name}: {plan.replications} replications are not precise enough; {count} now.")
        plan = plan.with_(count)


def _resumed(plan: StudyPlan, directory: Path) -> StudyPlan:
    """The plan from where the same study stands already; the steps before it would find the same."""
    done = (read_manifest(directory) or {}).get("replications", 0)
    if done <= plan.replications:
        return plan
    further = plan.with_(done)
    keys = {scenario.name: result_key(scenario) for scenario in further.scenarios}
    return further if _is_finished(directory, further, keys) else plan


def _run_fixed(plan: StudyPlan, how: _How) -> Study:
    """Run what is missing of so many replications."""
    directory, engine, tell = how.directory, how.engine, how.tell
    keys = {scenario.name: result_key(scenario) for scenario in plan.scenarios}
    every = _tasks(plan, keys, how)
    sealed = sealed_files(directory)
    tasks = [task for task in every if pending(task, sealed)]
    if tasks and how.existed:
        _require_ready(plan, how.runner)
    if tasks or not _is_finished(directory, plan, keys):
        _make_place(directory)
        if tasks and engine == COMPILED:
            _compile(tell)  # workers that start together would each do it
        _finish(plan, keys, tasks, how)
    else:
        if how.progress is not None:
            total = len(plan.scenarios) * plan.replications
            how.progress(Progress(total, total, total))
        _tell_engine(directory, engine, tell)
    return load_study(directory)


def run_only(
    plan: StudyPlan,
    directory: Path,
    replication: int,
    scenario: str | None = None,
    *,
    engine: str = COMPILED,
    runner: str = RUNNER,
) -> int:
    """Run one replication again in this process, whatever is stored of it, and let any failure through as it is.

    Parameters
    ----------
    replication : int
        Number of the replication, from 0.
    scenario : str, optional
        Only this one.

    Returns
    -------
    int
        Runs done.

    Raises
    ------
    DataError
        The plan has no such replication or scenario.
    """
    names = [s.name for s in plan.scenarios]
    problems = []
    if scenario is not None and scenario not in names:
        problems.append(f"no scenario named '{scenario}'. {nearest(scenario, names, 'scenarios')}")
    if not 0 <= replication < plan.replications:
        problems.append(f"no replication {replication}. Allowed: 0 to {plan.replications - 1}.")
    if problems:
        raise DataError(plan.name, problems)
    _make_place(directory)
    with alone_in(directory):
        plan = carry_inputs(plan, directory)
        chosen = [s for s in plan.scenarios if scenario in (None, s.name)]
        members = tuple((s, result_key(s)) for s in chosen)
        for _, key in members:
            result_path(directory, key, replication).unlink(missing_ok=True)
        replicate(Task(directory, replication, members, _fair_starts(plan), engine, runner), lets_through=True)
    return len(members)


def _tasks(plan: StudyPlan, keys: dict[str, str], how: _How) -> list[Task]:
    """Tasks of a replication and up to a dozen scenarios each, those that may have equal plans together."""
    ordered = sorted(plan.scenarios, key=lambda s: s.name != plan.baseline)
    families = {_family(s): n for n, s in reversed(list(enumerate(ordered)))}
    ordered.sort(key=lambda s: families[_family(s)])
    members = [(scenario, keys[scenario.name]) for scenario in ordered]
    groups = [tuple(members[k : k + MOST_TOGETHER]) for k in range(0, len(members), MOST_TOGETHER)]
    fair = _fair_starts(plan)
    kept = {"all": plan.replications, "sample": 1}.get(how.ledger, 0)
    tasks = [
        Task(how.directory, n, group, fair, how.engine, how.runner, n < kept)
        for group in groups
        for n in range(plan.replications)
    ]
    if plan.precision is not None:  # what it asks for must be among the results of the first replication
        tasks.sort(key=lambda task: task.replication != 0)
    return tasks


def _family(scenario: Scenario) -> tuple[object, ...]:
    """What two scenarios share whose plans may be equal: all but law and parameters."""
    places = tuple((place, tuple(values.items())) for place, values in scenario.crossings.items())
    times = (scenario.start, scenario.warm_up_s, scenario.run_s)
    chosen = tuple((turn.from_, turn.sources) for turn in scenario.conduct if turn.sources is not None)
    return (scenario.network, *times, scenario.shocks, chosen, tuple(scenario.demand.items()), places)


def _finish(plan: StudyPlan, keys: dict[str, str], tasks: list[Task], how: _How) -> None:
    """Run what is missing in a folder, remove what is stale there, and seal it with its manifest."""
    directory = how.directory
    if not any(task.replication == 0 for task in tasks):
        problems = _lacking(plan, directory, keys)
        if problems:
            raise DataError(shown(directory), problems)
    plan = carry_inputs(plan, directory)
    carried = {scenario.name: (scenario, keys[scenario.name]) for scenario in plan.scenarios}
    numbered = [
        replace(task, number=n, scenarios=tuple(carried[s.name] for s, _ in task.scenarios))
        for n, task in enumerate(tasks)
    ]
    (directory / "manifest.json").unlink(missing_ok=True)
    _run_all(plan, numbered, how, keys)
    remove_stale(directory, keys.values())
    discard_inputs(plan, directory)
    write_manifest(directory, plan, keys, how.engine, _fair_starts(plan))
    _remove_stale_ledgers(directory)


def _require_ready(plan: StudyPlan, runner: str) -> None:
    for scenario in plan.scenarios:
        try:
            import_module(runner).require_ready(scenario)
        except SimError as error:
            raise error.within(scenario.name) from error


def _compile(tell: Callable[[str], None] | None) -> None:
    from sim.engines.compiled import compile_once

    compile_once(tell)


def _tell_engine(directory: Path, engine: str, tell: Callable[[str], None] | None) -> None:
    """Say so where nothing was run although another engine was asked for than the one that ran."""
    kept = (read_manifest(directory) or {}).get("engine")
    if tell is not None and kept != engine:
        tell(f"{shown(directory)}: kept from engine '{kept}'. To run it on '{engine}', name another folder with --out.")


def _make_place(directory: Path) -> None:
    """Make the output folder, or refuse one that cannot be made or written."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        (directory / ".place").touch()
        (directory / ".place").unlink(missing_ok=True)  # another run that begins in this moment has the same
    except OSError as error:
        problem = f"no results can be written there ({error.strerror}). Name another folder with --out."
        raise DataError(shown(directory), [problem]) from error


def _remove_stale_ledgers(directory: Path) -> None:
    """Remove ledgers of plans that no run of the study has any more."""
    runs = (read_manifest(directory) or {}).get("runs", [])
    kept = {ledger_path(directory, str(run["plan_digest"])) for run in runs}
    for path in (directory / "ledgers").glob("*"):
        if path not in kept:
            shutil.rmtree(path, ignore_errors=True)


def _fair_starts(plan: StudyPlan) -> tuple[str, ...]:
    """Names of the baselines that must not stand still by themselves; one with shocks of its own may."""
    named = plan.baselines or (plan.baseline,)
    return tuple(s.name for s in plan.scenarios if s.name in named and not s.shocks)


def _is_finished(directory: Path, plan: StudyPlan, keys: dict[str, str]) -> bool:
    manifest = read_manifest(directory)
    if manifest is None or manifest.get("format") != FORMAT or not has_bands(directory, manifest):
        return False
    words = ("name", "key", "label", "question", "source", "expected", "predictions")
    stored = [tuple(entry.get(word) for word in words) for entry in manifest["scenarios"]]
    asked = [
        (s.name, keys[s.name], s.title, s.question, s.source, s.expected, [p.resolved() for p in s.predictions])
        for s in plan.scenarios
    ]
    described = describe(plan)
    return stored == asked and all(manifest.get(name) == value for name, value in described.items())


def _lacking(plan: StudyPlan, directory: Path, keys: dict[str, str]) -> list[str]:
    """Which targets of precision the first replication does not hold; later ones would not reach them."""
    if plan.precision is None:
        return []
    files = [(s.name, 0, result_path(directory, keys[s.name], 0)) for s in plan.scenarios]
    return lacking_items(files, ((target.measure, target.item) for target in plan.precision.targets))


def _run_all(plan: StudyPlan, tasks: list[Task], how: _How, keys: dict[str, str]) -> None:
    total = len(plan.scenarios) * plan.replications
    left = {task.number: len(pending(task)) for task in tasks}
    done = reused = total - sum(left.values())
    failures: list[Failure] = []
    problems: list[str] = []
    first = {task.number for task in tasks if task.replication == 0}

    def show() -> None:
        if how.progress is not None:
            how.progress(Progress(done, total, reused, len(failures)))

    show()
    for task, found in outcomes(tasks, how.jobs, how.executor):
        done += left[task.number]
        failures += found
        show()
        if any(failure.is_input for failure in failures):
            break  # every other replication would fail alike
        if task.number in first:
            first.remove(task.number)
            if not (first or failures):
                problems = _lacking(plan, how.directory, keys)
                if problems:
                    break
    if failures:
        raise_first(failures, plan)
    if problems:
        raise DataError(shown(how.directory), problems)
