"""How time and memory of the compiled engine grow with the size of a plan."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sim.bench.cases import generated_network, network_plan
from sim.bench.measure import Tell, count, peak_mib, plan_mib
from sim.engines import compiled
from sim.engines.records import Rows
from sim.network.generate import Shape
from sim.plan import Plan

WARM_UP_WEEKS = 12

# The networks and weeks that give about as many trucks, own and others'.
SIZES: dict[int, tuple[Shape, int]] = {
    10_000: (Shape(1, 2, 20, 1, crossings=3, vehicles_per_day=30, background=20), 2),
    100_000: (Shape(3, 3, 40, 2, crossings=4, vehicles_per_day=100, background=90), 10),
    1_000_000: (Shape(6, 3, 80, 3, crossings=6, vehicles_per_day=200, background=450), 18),
    10_000_000: (Shape(24, 3, 120, 5, crossings=12, vehicles_per_day=300, background=1_500), 34),
}


@dataclass(frozen=True, slots=True)
class Growth:
    """What one size took.

    Parameters
    ----------
    trucks, loads, uses : int
        Passages of own loads and of others; rows of the ledger.
    build_s, seconds : float
        Making the plan; running it, the least of a few runs.
    plan_mib : float
    kept_mib, blocks_mib : float or None
        Memory beyond the plan with the ledger kept, and with its rows handed over in blocks and dropped; None where
        the system does not tell.
    """

    trucks: int
    loads: int
    uses: int
    build_s: float
    seconds: float
    plan_mib: float
    kept_mib: float | None
    blocks_mib: float | None

    @property
    def unit_ns(self) -> float:
        """Nanoseconds per n log2 n, n the trucks: it falls or stays where time grows no faster than that."""
        return self.seconds / (self.trucks * math.log2(max(2, self.trucks))) * 1e9


def measure_growth(sizes: Sequence[int], rounds: int, tell: Tell | None = None) -> list[Growth]:
    """Make the network of each size, plan it, run it.

    Parameters
    ----------
    sizes : sequence of int
        Trucks, keys of `SIZES`.
    rounds : int
        Runs of each, of which the quickest counts.
    """
    say = tell or (lambda _: None)
    found = []
    for size in sizes:
        say(f"{size:,} trucks: making network and plan")
        shape, weeks = SIZES[size]
        network = generated_network(shape)
        begun = time.perf_counter()
        plan = network_plan(network, weeks, WARM_UP_WEEKS)
        build_s = time.perf_counter() - begun
        say(f"{size:,} trucks: running")
        found.append(_measure(plan, build_s, rounds))
    return found


def _measure(plan: Plan, build_s: float, rounds: int) -> Growth:
    ledger = compiled.simulate(plan)
    counts = count(plan, ledger)
    del ledger
    seconds = []
    for _ in range(rounds):
        begun = time.perf_counter()
        compiled.simulate(plan)
        seconds.append(time.perf_counter() - begun)
    return Growth(
        trucks=counts.trucks,
        loads=counts.loads,
        uses=counts.uses,
        build_s=build_s,
        seconds=min(seconds),
        plan_mib=plan_mib(plan),
        kept_mib=peak_mib(partial(compiled.simulate, plan)),
        blocks_mib=peak_mib(partial(compiled.stream, plan, _drop)),
    )


def _drop(_: Rows) -> None:
    """Take a block of rows and keep nothing."""
