"""Who runs the tasks of a study: this process, processes of this machine, or any executor that is given."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sim.study.errors import RunError
from sim.study.work import Failure, Task, replicate_all, watch_parent

MOST_AT_ONCE = 8  # replications of the same scenarios that one worker does in a row: it prepares these once
MOST_REBUILDS = 3  # of a pool whose worker died; a task that kills its worker each time is given up

Outcome = tuple[Task, tuple[Failure, ...]]


def outcomes(tasks: list[Task], jobs: int | None, executor: Executor | None) -> Iterator[Outcome]:
    """Each task as it is done, with what failed in it.

    Parameters
    ----------
    jobs : int, optional
        Worker processes; one a core by default.
    executor : Executor, optional
        Whoever shall run the tasks instead.

    Raises
    ------
    RunError
        A task's worker died again and again.
    """
    workers = min(jobs or _cores(), len(tasks))
    if executor is not None:
        yield from _submitted(executor, _bundled(tasks, workers), {})
    elif workers > 1 and _can_spawn():
        yield from _pooled(tasks, workers)
    else:
        with ThreadPoolExecutor(1) as here:  # in this process, but with failures kept like those of a worker
            yield from _submitted(here, _bundled(tasks, 1), {})


def _bundled(tasks: list[Task], workers: int) -> list[tuple[Task, ...]]:
    """Tasks of the same scenarios in a row, as far as every worker still has several bundles to choose from."""
    groups = len({task.scenarios for task in tasks})
    size = MOST_AT_ONCE if groups >= 2 * workers else 1
    found: list[list[Task]] = []
    for task in tasks:
        if found and found[-1][0].scenarios == task.scenarios and len(found[-1]) < size:
            found[-1].append(task)
        else:
            found.append([task])
    return [tuple(bundle) for bundle in found]


def _pooled(tasks: list[Task], workers: int) -> Iterator[Outcome]:
    """Run tasks on spawned processes; when a worker dies, a new pool does what is left."""
    left = {task.number: task for task in tasks}
    bundles = _bundled(tasks, workers)
    for _ in range(MOST_REBUILDS + 1):
        with _pool(workers) as pool:
            yield from _submitted(pool, bundles, left)
        if not left:
            return
        bundles = [(task,) for task in left.values()]  # alone, so that one that kills its worker takes no other along
    lost = sorted({task.replication for task in left.values()})
    problems = [f"replication {n}: its worker died {MOST_REBUILDS + 1} times" for n in lost]
    raise RunError("study", problems)


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=watch_parent)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _submitted(executor: Executor, bundles: list[tuple[Task, ...]], left: dict[int, Task]) -> Iterator[Outcome]:
    futures = {executor.submit(replicate_all, bundle): bundle for bundle in bundles}
    try:
        for future in as_completed(futures):
            error = future.exception()
            if isinstance(error, BrokenProcessPool) and left:
                continue  # stays among those left; the next pool runs it
            found = None if error is not None else future.result()
            for place, task in enumerate(futures[future]):
                left.pop(task.number, None)
                yield task, (_crash(task, error),) if error is not None else found[place] if found else ()
    finally:
        _cancel(futures)


def _cancel(futures: dict[Future[Any], tuple[Task, ...]]) -> None:
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
