"""The executor of a dask cluster that the user already runs: the same tasks, somewhere else, by the same program."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from sim.errors import DataError
from sim.study.manifest import versions
from sim.study.work import Failure, Task, replicate_all

ANSWERS_S = 10.0  # in which a scheduler must answer
LOOKS_S = 5.0  # between looks whether any worker is left

Versions = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that is connected.

    Parameters
    ----------
    executor : Executor
        Runs tasks there. A worker that dies is none of its concern: the scheduler gives what it held to another.
    workers : int
        Tasks that it can do at once.
    """

    executor: Executor
    workers: int


@contextmanager
def connected(address: str | None, tell: Callable[[str], None] | None = None) -> Iterator[Cluster | None]:
    """Connect to the scheduler at an address; None for no address.

    Workers need the same program and packages, and see the output folder under the same path. Each writes its own
    results there; only tasks and failures go over the wire, to no address but the scheduler's.

    Parameters
    ----------
    tell : callable, optional
        Told when no worker is left: the study waits for one.

    Raises
    ------
    DataError
        The package ``distributed`` is missing, no scheduler answers, or its workers are none or of another program.
    """
    if address is None:
        yield None
        return
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        remedy = "Install it with: pip install 'nafta-sim[cluster]'."
        raise DataError("--cluster", [f"needs the package 'distributed', which is missing. {remedy}"]) from None
    try:
        client = distributed.Client(address, timeout=ANSWERS_S, set_as_default=False)
    except (OSError, ValueError):
        problem = f"no scheduler answers at '{address}' within {ANSWERS_S:g} s. Write its address, as tcp://host:8786."
        raise DataError("--cluster", [problem]) from None
    try:
        told = client.run(versions, on_error="return")
        _require_same(address, told)
        with _watching(client, address, tell):
            executor = client.get_executor(pure=False)  # equal calls are not one: pure would join them
            yield Cluster(executor, sum(client.ncores().values()))
    finally:
        client.close()


def replicate_there(tasks: tuple[Task, ...], here: Versions) -> list[tuple[Failure, ...]]:
    """Several tasks one after another in a worker that may be another machine's.

    Parameters
    ----------
    here : mapping
        Program and packages of whoever asks; results of others would not be the same.

    Raises
    ------
    DataError
        This worker has others.
    """
    problems = _differences("a worker", versions(), here)
    if problems:
        raise DataError("--cluster", problems)
    return replicate_all(tasks)


def deaths() -> tuple[type[BaseException], ...]:
    """What a cluster raises for a task whose workers died again and again."""
    loaded = sys.modules.get("distributed")
    return () if loaded is None else (loaded.KilledWorker,)


def _require_same(address: str, told: Mapping[str, Versions | Exception]) -> None:
    if not told:
        raise DataError("--cluster", [f"the scheduler at '{address}' has no workers. Start some first."])
    here, problems = versions(), []
    for worker, found in sorted(told.items()):
        if isinstance(found, Exception):
            problems.append(f"worker {worker} cannot load this program ({type(found).__name__}: {found}).")
        else:
            problems += _differences(f"worker {worker}", found, here)
    if problems:
        raise DataError("--cluster", problems)


def _differences(worker: str, there: Versions, here: Versions) -> list[str]:
    """Where a worker's program and packages are not those of the one who asks."""
    names = sorted({**here["packages"], **there["packages"]})
    pairs = [("python", there["python"], here["python"])]
    pairs += [(name, there["packages"].get(name), here["packages"].get(name)) for name in names]
    found = [f"{name} {other} (here {own})" for name, other, own in pairs if other != own]
    if there["code"] != here["code"]:
        found.insert(0, "another version of this program")
    remedy = "Install there what is here, and start it again."
    return [f"{worker} has {', '.join(found)}: its results would not be the same. {remedy}"] if found else []


@contextmanager
def _watching(client: Any, address: str, tell: Callable[[str], None] | None) -> Iterator[None]:
    """Tell, once each time, that no worker is left."""
    ended = threading.Event()

    def watch() -> None:
        was_empty = False
        while not ended.wait(LOOKS_S):
            is_empty = client.status == "running" and not client.scheduler_info()["workers"]
            if is_empty and not was_empty and tell is not None:
                tell(f"No worker is left at {address}. Waiting for one; what is done is kept.")
            was_empty = is_empty

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
