"""What one worker does: one replication of every scenario of a study, its results written as they come."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing import resource_tracker
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sim.engines import COMPILED
from sim.errors import LedgerError, SimError, machine_fault
from sim.scenario import Scenario
from sim.study.store import KEY_LENGTH, file_digest, read_facts, read_json, result_path, write_json, write_result

RUNNER = "sim.replication"  # module with `prepare(scenario)` and `run_once(prepared, replication, cache)`


@dataclass(frozen=True, slots=True)
class Task:
    """One replication of some scenarios of a study.

    Parameters
    ----------
    scenarios : tuple of (Scenario, str)
        Each with the key of its results.
    baselines : tuple of str
        Names of the scenarios that must be a fair start.
    runner : str
        Module that prepares and runs; another than `sim.replication` only in tests.
    keeps_ledgers : bool
        Store the ledgers, one for all scenarios whose Plans are equal.
    number : int
        Tells tasks apart: a replication of many scenarios is several.
    """

    directory: Path
    replication: int
    scenarios: tuple[tuple[Scenario, str], ...]
    baselines: tuple[str, ...] = ()
    engine: str = COMPILED
    runner: str = RUNNER
    keeps_ledgers: bool = False
    number: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that could not be done: `is_input` where the user can mend it, or else a defect."""

    scenario: str
    replication: int
    seed: int
    is_input: bool
    source: str
    text: str
    problems: tuple[str, ...] = ()


def facts_path(directory: Path, scenario: str) -> Path:
    """Where the facts of a scenario's replication 0 are stored: passports, claims, contents, counts."""
    return directory / "facts" / f"{scenario}.json"


def ledger_path(directory: Path, plan_digest: str) -> Path:
    """Folder of the ledger of a plan."""
    return directory / "ledgers" / plan_digest[:KEY_LENGTH]


def pending(task: Task, sealed: Mapping[Path, str] = MappingProxyType({})) -> tuple[tuple[Scenario, str], ...]:
    """The scenarios of a task whose results are missing or damaged.

    Parameters
    ----------
    sealed : mapping of Path to str
        SHA-256 of files that a finished study vouches for; others are read and checked row by row.
    """
    return tuple((s, key) for s, key in task.scenarios if not _is_done(task, s, key, sealed))


def replicate(task: Task, *, lets_through: bool = False) -> tuple[Failure, ...]:
    """Run what is pending of one replication; runs with equal Plans share their ledger through one cache.

    A run that fails is told and the others go on, unless the failure shall be let through.
    """
    cache = importlib.import_module(task.runner).Cache()
    failures = []
    for scenario, key in pending(task):
        try:
            _run_one(task, scenario, key, cache)
        except Exception as error:
            if lets_through:
                raise
            failures.append(_failure(task, scenario, error))
    return tuple(failures)


def replicate_all(tasks: tuple[Task, ...]) -> list[tuple[Failure, ...]]:
    """Several tasks one after another in one worker."""
    return [replicate(task) for task in tasks]


def _failure(task: Task, scenario: Scenario, error: Exception) -> Failure:
    n, seed = task.replication, scenario.seed
    if machine_fault(error):
        return Failure(scenario.name, n, seed, False, "study", no_room(machine_fault(error)))
    if not isinstance(error, SimError):
        text = "".join(traceback.format_exception(error)).rstrip()
        return Failure(scenario.name, n, seed, False, "study", text)
    problems = tuple(str(p) for p in error.problems)
    return Failure(scenario.name, n, seed, not isinstance(error, LedgerError), error.source, str(error), problems)


def no_room(said: str) -> str:
    """What to tell of a disk that refuses, with what it said."""
    return f"cannot be written ({said}). What is done is kept: make room, and the same command goes on."


@contextmanager
def keys_held() -> Iterator[None]:
    """Start workers deaf to Ctrl-C from their first instruction; one pressed meanwhile reaches this process behind it.

    What a worker would say of it, half begun, would stand between the words of the process that started it.
    """
    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        yield
        return
    resource_tracker.ensure_running()  # where it is started with the first worker, it lets keys through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def watch_parent() -> None:
    """End this worker when the process that started it is gone, and leave keys pressed at the terminal to that."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _is_done(task: Task, scenario: Scenario, key: str, sealed: Mapping[Path, str]) -> bool:
    path = result_path(task.directory, key, task.replication)
    is_sealed = path in sealed and path.is_file() and file_digest(path) == sealed[path]
    facts = None if is_sealed and not task.keeps_ledgers else read_facts(path)
    if facts is None and (task.keeps_ledgers or not is_sealed):
        return False
    if facts is not None and task.keeps_ledgers and not ledger_path(task.directory, facts["plan_digest"]).is_dir():
        return False
    if task.replication != 0:
        return True
    told = read_json(facts_path(task.directory, scenario.name))
    return told is not None and told.get("key") == key


@lru_cache(maxsize=32)
def _prepared(runner: str, scenario: Scenario, key: str) -> Any:
    """What all replications of a scenario share, made once a process; `key` changes when a file behind it does."""
    return importlib.import_module(runner).prepare(scenario)


def _run_one(task: Task, scenario: Scenario, key: str, cache: Any) -> None:
    run = importlib.import_module(task.runner).run_once(
        _prepared(task.runner, scenario, key),
        task.replication,
        cache,
        engine=task.engine,
        is_baseline=scenario.name in task.baselines,
        **({"ledgers": partial(ledger_path, task.directory)} if task.keeps_ledgers else {}),
    )
    if task.replication == 0:
        facts = {"scenario": scenario.name, "key": key, **run.facts}
        write_json(facts_path(task.directory, scenario.name), facts)
    metadata = {
        "key": key,
        "scenario_digest": scenario.digest,
        "seed": str(scenario.seed),
        "replication": str(task.replication),
        "plan_digest": run.plan_digest,
        "ledger_digest": run.ledger_digest,
    }
    write_result(result_path(task.directory, key, task.replication), run.rows, metadata, run.days)
