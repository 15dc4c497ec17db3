"""How fast a study runs: runs a minute, memory of a process, what one more worker saves, and asking again."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from sim.study.execute import run_study
from sim.study.load import StudyPlan
from sim.study.work import keys_held, watch_parent


@dataclass(frozen=True, slots=True)
class Pace:
    """A study run from nothing by so many workers.

    Parameters
    ----------
    runs : int
        Scenarios times replications.
    seconds : float
        From the start to the loaded study, by the clock.
    cpu_s : float
        Processor time of all processes.
    again_s : float
        Asking for the finished study again in the same process.
    peak_mib : float or None
        Of the process that took most; None where the system does not tell.
    """

    workers: int
    runs: int
    seconds: float
    cpu_s: float
    again_s: float
    peak_mib: float | None

    @property
    def runs_a_minute(self) -> float:
        """By the clock."""
        return 60 * self.runs / self.seconds


def saved_s(slower: Pace, faster: Pace) -> float:
    """Seconds that each worker more has saved of a study."""
    return (slower.seconds - faster.seconds) / (faster.workers - slower.workers)


def measure_pace(plan: StudyPlan, workers: Sequence[int], tell: Callable[[str], None]) -> list[Pace]:
    """Run a study into a folder that is thrown away, once for each number of workers, each time from a new process."""
    found = []
    for count in workers:
        tell(f"{plan.name}: {len(plan.scenarios) * plan.replications:,} runs, workers: {count}")
        with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=watch_parent) as apart:
            with keys_held():
                measured = apart.submit(_measured, plan, count)
            found.append(measured.result())
    return found


def _measured(plan: StudyPlan, workers: int) -> Pace:
    with tempfile.TemporaryDirectory(prefix="sim-pace-") as folder:
        directory = Path(folder) / plan.name
        begun = time.perf_counter()
        run_study(plan, directory, jobs=workers)
        done = time.perf_counter()
        cpu_s, peak_mib = _used()
        asked = time.perf_counter()
        run_study(plan, directory, jobs=workers)
        again_s = time.perf_counter() - asked
    return Pace(workers, len(plan.scenarios) * plan.replications, done - begun, cpu_s, again_s, peak_mib)


def _used() -> tuple[float, float | None]:
    """Processor seconds of this process and the workers it had, and the most memory that one of them took (MiB)."""
    try:
        import resource
    except ImportError:  # not on Windows
        return time.process_time(), None
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10  # bytes there, KiB elsewhere
    return sum(x.ru_utime + x.ru_stime for x in both), max(x.ru_maxrss for x in both) / unit
