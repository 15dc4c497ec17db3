"""Running a study: one task a replication, on any executor, resumed where it was, always the same bytes."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeAlias

from sim.engines import COMPILED
from sim.errors import DataError, PlanError, Problem
from sim.locate import find_scenario, shown
from sim.scenario import Scenario, load_scenario
from sim.study.errors import RunError
from sim.study.inputs import carry_inputs, discard_inputs
from sim.study.load import StudyPlan, is_study, load_study_file, single_study
from sim.study.manifest import read_manifest, sealed_files, write_manifest
from sim.study.result import Study, load_study
from sim.study.store import remove_stale, result_key
from sim.study.work import RUNNER, Failure, Task, ledger_path, pending, replicate, watch_parent

MOST_REBUILDS = 3  # of a pool whose worker died; a task that kills its worker each time is given up


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a study is: `done` of `total` replications (each of all scenarios), `reused` of them before."""

    done: int
    total: int
    reused: int


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
    return run_study(plan, Path(out or "outputs") / plan.name, jobs=jobs, executor=executor, tell=tell)


def as_plan(what: Scenario | StudyPlan | str | Path | Sequence[Scenario]) -> StudyPlan:
    """A study of whatever can be run."""
    if isinstance(what, StudyPlan):
        return what
    if isinstance(what, Scenario):
        return single_study([what])
    if isinstance(what, str | Path):
        path = find_scenario(what)
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
        The output folder is a file or cannot be written.
    RunError
        A run failed for another reason; what succeeded stays and is not run again.
    """
    keys = {scenario.name: result_key(scenario) for scenario in plan.scenarios}
    existed = directory.is_dir()
    every = _tasks(plan, keys, directory, engine, runner, ledger)
    sealed = sealed_files(directory) if existed else {}
    tasks = [task for task in every if pending(task, sealed)] if existed else every
    for scenario in plan.scenarios if tasks else ():
        import_module(runner).require_ready(scenario)
    if tasks or not _is_finished(directory, plan, keys):
        _make_place(directory)
        if tasks and engine == COMPILED:
            _compile(tell)  # workers that start together would each do it
        try:
            _finish(plan, keys, directory, tasks, jobs, executor, progress, engine)
        except PlanError:
            if not existed:
                shutil.rmtree(directory, ignore_errors=True)
            raise
    else:
        if progress is not None:
            progress(Progress(len(every), len(every), len(every)))
        _tell_engine(directory, engine, tell)
    return load_study(directory)


def _tasks(plan: StudyPlan, keys: dict[str, str], directory: Path, engine: str, runner: str, ledger: str) -> list[Task]:
    """One task a replication, of all scenarios."""
    members = tuple((scenario, keys[scenario.name]) for scenario in plan.scenarios)
    fair = _is_fair_start(plan)
    return [
        Task(directory, n, members, fair, engine, runner, ledger == "all" or (ledger == "sample" and n == 0))
        for n in range(plan.replications)
    ]


def _finish(
    plan: StudyPlan,
    keys: dict[str, str],
    directory: Path,
    tasks: list[Task],
    jobs: int | None,
    executor: Executor | None,
    progress: Report | None,
    engine: str,
) -> None:
    """Run what is missing in a folder, remove what is stale there, and seal it with its manifest."""
    plan = carry_inputs(plan, directory)
    carried = tuple((scenario, keys[scenario.name]) for scenario in plan.scenarios)
    tasks = [replace(task, scenarios=carried) for task in tasks]
    (directory / "manifest.json").unlink(missing_ok=True)
    _run_all(tasks, plan.replications, jobs, executor, progress)
    remove_stale(directory, keys.values())
    discard_inputs(plan, directory)
    write_manifest(directory, plan, keys, engine)
    _remove_stale_ledgers(directory)


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
        (directory / ".place").unlink()
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


def _is_fair_start(plan: StudyPlan) -> str:
    """Name of the baseline that must not stand still by itself; one with shocks of its own may."""
    baseline = plan.scenarios[0]
    return "" if baseline.shocks else baseline.name


def _is_finished(directory: Path, plan: StudyPlan, keys: dict[str, str]) -> bool:
    manifest = read_manifest(directory)
    if manifest is None:
        return False
    same_words = all(manifest.get(k) == getattr(plan, k) for k in ("title", "question", "baseline"))
    words = ("name", "key", "label", "question", "source", "expected")
    stored = [tuple(entry.get(word) for word in words) for entry in manifest["scenarios"]]
    asked = [(s.name, keys[s.name], s.title, s.question, s.source, s.expected) for s in plan.scenarios]
    return same_words and stored == asked and manifest["replications"] == plan.replications


def _run_all(
    tasks: list[Task], total: int, jobs: int | None, executor: Executor | None, progress: Report | None
) -> None:
    done = reused = total - len(tasks)
    if progress is not None:
        progress(Progress(done, total, reused))
    failures: list[Failure] = []
    for found in _outcomes(tasks, jobs, executor):
        done += 1
        failures += found
        if progress is not None:
            progress(Progress(done, total, reused))
        if any(failure.is_input for failure in failures):
            break  # every other replication would fail alike
    if failures:
        _raise(failures)


def _raise(failures: list[Failure]) -> None:
    wrong = [failure for failure in failures if failure.is_input]
    if wrong:
        first = wrong[0]
        problems = [Problem("", text) for text in first.problems]
        named = "" if first.source == first.scenario else f": {first.source}"
        raise PlanError(f"scenario {first.scenario}{named}", problems)
    problems = [Problem(_place(failure), failure.text) for failure in failures]
    raise RunError("study", problems)


def _place(failure: Failure) -> str:
    scenario = f"scenario {failure.scenario}, " if failure.scenario else ""
    return f"{scenario}replication {failure.replication}, seed {failure.seed}"


def _outcomes(tasks: list[Task], jobs: int | None, executor: Executor | None) -> Iterator[tuple[Failure, ...]]:
    if executor is not None:
        yield from _submitted(executor, tasks, {})
        return
    workers = min(jobs or _cores(), len(tasks))
    if workers > 1 and _can_spawn():
        yield from _pooled(tasks, workers)
        return
    with ThreadPoolExecutor(1) as here:  # in this process, but with failures kept like those of a worker
        yield from _submitted(here, tasks, {})


def _pooled(tasks: list[Task], workers: int) -> Iterator[tuple[Failure, ...]]:
    """Run tasks on spawned processes; when a worker dies, a new pool does what is left."""
    left = {task.replication: task for task in tasks}
    for _ in range(MOST_REBUILDS + 1):
        with _pool(workers) as pool:
            yield from _submitted(pool, list(left.values()), left)
        if not left:
            return
    problems = [f"replication {n}: its worker died {MOST_REBUILDS + 1} times" for n in sorted(left)]
    raise RunError("study", problems)


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=watch_parent)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _submitted(executor: Executor, tasks: list[Task], left: dict[int, Task]) -> Iterator[tuple[Failure, ...]]:
    futures = {executor.submit(replicate, task): task for task in tasks}
    try:
        for future in as_completed(futures):
            task = futures[future]
            error = future.exception()
            if isinstance(error, BrokenProcessPool) and left:
                continue  # stays among those left; the next pool runs it
            left.pop(task.replication, None)
            yield (_crash(task, error),) if error is not None else future.result()
    finally:
        _cancel(futures)


def _cancel(futures: dict[Future[Any], Task]) -> None:
    for future in futures:
        future.cancel()


def _crash(task: Task, error: BaseException) -> Failure:
    seed = task.scenarios[0][0].seed
    text = "".join(traceback.format_exception(error)).rstrip()
    return Failure("", task.replication, seed, False, "study", text)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _can_spawn() -> bool:
    """Spawned workers import the main script again; one read from standard input cannot be found."""
    script = getattr(sys.modules["__main__"], "__file__", None)
    return script is None or Path(script).exists()
