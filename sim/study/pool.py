"""Who runs the tasks of a study: this process, processes of this machine, or any executor that is given."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any

from sim.errors import DataError
from sim.study.cluster import deaths, replicate_there
from sim.study.errors import RunError
from sim.study.manifest import versions
from sim.study.work import Failure, Task, keys_held, replicate_all, watch_parent

MOST_AT_ONCE = 8  # replications of the same scenarios that one worker does in a row: it prepares these once
MOST_POOLS = 4  # the first, and those that replace one whose worker died; a task that kills each time is given up
MOST_TRIES = 2  # on a cluster: each is given to another worker several times by the scheduler's own rule

Outcome = tuple[Task, tuple[Failure, ...]]
Work = Callable[[tuple[Task, ...]], list[tuple[Failure, ...]]]


def outcomes(tasks: list[Task], jobs: int | None, executor: Executor | None) -> Iterator[Outcome]:
    """Each task as it is done, with what failed in it.

    Parameters
    ----------
    jobs : int, optional
        Worker processes, of an executor that is given as well; one a core by default.
    executor : Executor, optional
        Whoever shall run the tasks instead, perhaps elsewhere: such workers must have the same program.

    Raises
    ------
    RunError
        A task's worker died again and again, or the executor was lost.
    DataError
        A worker elsewhere has another program.
    """
    workers = min(jobs or _cores(), len(tasks))
    if executor is not None:
        there = partial(replicate_there, here=versions())
        yield from _until_done(tasks, workers, lambda: nullcontext(executor), there, MOST_TRIES)
    elif workers > 1 and _can_spawn():
        yield from _until_done(tasks, workers, lambda: _pool(workers), replicate_all, MOST_POOLS)
    else:  # in this process, but with failures kept like those of a worker
        yield from _until_done(tasks, 1, lambda: ThreadPoolExecutor(1), replicate_all, 1)


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


def _until_done(
    tasks: list[Task], workers: int, opened: Callable[[], AbstractContextManager[Executor]], work: Work, most: int
) -> Iterator[Outcome]:
    """Run tasks; when a worker dies, what is left runs again, on a new pool where that was one of ours."""
    left = {task.number: task for task in tasks}
    bundles = _bundled(tasks, workers)
    for _ in range(most):
        with opened() as executor:
            yield from _submitted(executor, bundles, left, work)
        if not left:
            return
        bundles = [(task,) for task in left.values()]  # alone, so that one that kills its worker takes no other along
    lost = sorted({task.replication for task in left.values()})
    raise RunError("study", [f"replication {n}: its worker died again and again" for n in lost])


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    before = set(active_children())
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=watch_parent)
    try:
        yield pool
    except KeyboardInterrupt:  # what is being computed would go on for minutes; what is done is on disk
        own = set(active_children()) - before
        # First, as Python 3.11 falls over what is cancelled in a pool whose workers are dead.
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in own:
            worker.kill()
        for worker in own:
            worker.join()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _submitted(
    executor: Executor, bundles: list[tuple[Task, ...]], left: dict[int, Task], work: Work
) -> Iterator[Outcome]:
    with keys_held():
        futures = {executor.submit(work, tuple(map(_placed, bundle))): bundle for bundle in bundles}
    try:
        for future in as_completed(futures):
            try:
                error = future.exception()
            except CancelledError:
                lost = "whoever ran it is gone. What is done is kept: the same command goes on."
                raise RunError("study", [lost]) from None
            if isinstance(error, (BrokenProcessPool, *deaths())):
                continue  # stays among those left
            if isinstance(error, DataError):
                raise error
            found = None if error is not None else future.result()
            for place, task in enumerate(futures[future]):
                left.pop(task.number, None)
                yield task, (_crash(task, error),) if error is not None else found[place] if found else ()
    finally:
        _cancel(futures)


def _placed(task: Task) -> Task:
    """The task with a folder that is the same wherever its worker was started."""
    return replace(task, directory=task.directory.absolute())


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
