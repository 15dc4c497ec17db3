"""One case timed: engines take turns on the same plan, round by round; then their memory, and whether they agree."""

from __future__ import annotations

import ctypes
import gc
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from sim.bench.cases import Case
from sim.engines import compiled, reference
from sim.ledger.difference import first_difference
from sim.ledger.ledger import Ledger
from sim.plan import Plan

MIB = 1 << 20
QUICK_S = 30.0  # a run of that length is done once more for its memory

Tell = Callable[[str], None]


def _eager(plan: Plan) -> Ledger:
    return reference.simulate(plan, eager=True)


# The reference merges other people's trucks in a plain loop; `eager`, every truck is an event of its clock, as is
# usual in its idiom.
ENGINES: dict[str, Callable[[Plan], Ledger]] = {
    "compiled": compiled.simulate,
    "reference": reference.simulate,
    "eager": _eager,
}


@dataclass(frozen=True, slots=True)
class Counts:
    """What a plan asks of an engine.

    Parameters
    ----------
    loads, passages, uses : int
        Rows of the ledger.
    background : int
        Other people's trucks, those that gave up included.
    trucks : int
        Own passages of borders with a queue, loads of a milk run as one, and background.
    events : int
        Everything that happened at a second: orders, starts, ends of work, receipts, the steps of a passage; of other
        people's trucks arrival and end of service.
    """

    loads: int
    passages: int
    uses: int
    background: int
    trucks: int
    events: int


@dataclass(frozen=True, slots=True)
class Measured:
    """A case measured.

    Parameters
    ----------
    build_s : float
        Making the plan.
    seconds : dict of str to tuple of float
        By engine, one figure a round.
    peak_mib : dict of str to float or None
        Memory that the engine took beyond the plan, ledger included; None where the system does not tell, and where
        another run would take long.
    plan_mib : float
    difference : str
        Where the engines' ledgers part; empty if they are equal.
    """

    case: str
    about: str
    counts: Counts
    build_s: float
    seconds: dict[str, tuple[float, ...]]
    peak_mib: dict[str, float | None]
    plan_mib: float
    difference: str

    def typical_s(self, engine: str) -> float:
        """Median over the rounds."""
        return median(self.seconds[engine])

    def ratio(self, engine: str) -> float:
        """How many times as long as the compiled engine another one takes."""
        return self.typical_s(engine) / self.typical_s("compiled")


def measure_case(
    case: Case, engines: Sequence[str], rounds: int, *, length: float = 1.0, tell: Tell | None = None
) -> Measured:
    """Run a case on engines in turns.

    Parameters
    ----------
    engines : sequence of str
        Keys of `ENGINES`.
    rounds : int
        How many there are; each engine runs once a round. The compiled engine runs once before them, untimed.
    length : float
        Of the case, as a multiple of what it was made for.
    """
    say = tell or (lambda _: None)
    say(f"{case.name}: making the plan")
    begun = time.perf_counter()
    plan = case.make(length)
    build_s = time.perf_counter() - begun
    say(f"{case.name}: the first run")
    compiled.simulate(plan)  # machine code is loaded, memory has been touched once
    seconds: dict[str, list[float]] = {engine: [] for engine in engines}
    ledgers: dict[str, Ledger] = {}
    for number in range(rounds):
        for engine in engines:
            say(f"{case.name}: round {number + 1} of {rounds}, {engine}")
            begun = time.perf_counter()
            ledgers[engine] = ENGINES[engine](plan)
            seconds[engine].append(time.perf_counter() - begun)
    first = engines[0]
    parts = [first_difference(plan, ledgers[first], ledgers[x], (first, x)) for x in engines[1:]]
    counts = count(plan, ledgers[first])
    ledgers.clear()
    return Measured(
        case=case.name,
        about=case.about,
        counts=counts,
        build_s=build_s,
        seconds={engine: tuple(found) for engine, found in seconds.items()},
        peak_mib={engine: _peak_of(engine, plan, seconds[engine]) for engine in engines},
        plan_mib=plan_mib(plan),
        difference=next(filter(None, parts), ""),
    )


def _peak_of(engine: str, plan: Plan, seconds: Sequence[float]) -> float | None:
    return peak_mib(partial(ENGINES[engine], plan)) if min(seconds) < QUICK_S else None


def count(plan: Plan, ledger: Ledger) -> Counts:
    """What happened in a ledger."""
    loads, rows = ledger.loads, ledger.passages
    queued = (plan.crossings.booths_standard[rows.crossing] > 0) & (rows.truck == rows.load)
    background = int(ledger.hours.passed.sum() + ledger.hours.gave_up.sum())
    columns = (loads.ordered_s, loads.started_s, loads.finished_s, loads.received_s)
    steps = (rows.arrived_s, rows.joined_s, rows.started_s, rows.cleared_s, rows.left_s)
    events = sum(int((column >= 0).sum()) for column in (*columns, *steps))
    return Counts(
        loads=loads.lane.size,
        passages=rows.load.size,
        uses=ledger.uses.source.size,
        background=background,
        trucks=int(queued.sum()) + background,
        events=events + 2 * background,
    )


def plan_mib(plan: Plan) -> float:
    """Size of a plan's arrays."""
    tables: list[Any] = [getattr(plan, name) for name in plan.__slots__]
    arrays = (getattr(table, name) for table in tables if hasattr(table, "__slots__") for name in table.__slots__)
    return sum(array.nbytes for array in arrays if isinstance(array, np.ndarray)) / MIB


def peak_mib(work: Callable[[], object]) -> float | None:
    """Memory of this process that some work took at its peak, beyond what was in use before; None if not told."""
    status, reset = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    if not status.exists():
        work()
        return None
    gc.collect()
    _give_back()
    try:
        reset.write_text("5")  # the peak begins anew
    except OSError:
        return None
    before = _told_kib(status, "VmRSS")
    kept = work()
    peak = _told_kib(status, "VmHWM")
    del kept
    return max(0, peak - before) / 1024


def _give_back() -> None:
    """Return to the system what the allocator holds back; it would hide what is taken next."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _told_kib(status: Path, name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", status.read_text())
    return int(found[1]) if found else 0
