"""Deterministic lines: finish times and throughput that can be written down without simulating."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engines.reference import simulate
from sim.ledger.balance import check_balances
from tests.engines.plans import HOUR, PlanBuilder, Way

DAY = 24 * HOUR


@pytest.mark.parametrize("lines", [1, 2, 3])
def test_parallel_lines_that_never_starve(lines: int) -> None:
    """Order k of a backlog begins at floor(k / lines) x work, after the first."""
    b = PlanBuilder(100_000)
    b.recipe("plant", lines=lines, is_assembly=True)
    b.lane("plant..market", "plant", draws={"work_s": 700}, loads=20, ways=[Way((90,))])
    for _ in range(20):
        b.slot("plant..market", 1_000)
    ledger = simulate(b.build())
    started = [1_000 + k // lines * 700 for k in range(20)]
    assert ledger.loads.started_s.tolist() == started
    assert ledger.loads.received_s.tolist() == [t + 790 for t in started]


def test_line_on_shifts() -> None:
    """Shifts of 8 h and 1 h of work an order: eight orders a day, hour by hour."""
    b = PlanBuilder(10 * DAY)
    b.calendar("shift", *((d * DAY + 6 * HOUR, d * DAY + 14 * HOUR) for d in range(20)))
    b.recipe("plant", calendar="shift", is_assembly=True)
    b.lane("plant..market", "plant", draws={"work_s": HOUR}, loads=40)
    for _ in range(40):
        b.slot("plant..market", 0)
    ledger = simulate(b.build())
    assert ledger.loads.finished_s.tolist() == [k // 8 * DAY + 7 * HOUR + k % 8 * HOUR for k in range(40)]


def test_three_stage_chain_settles_at_its_bottleneck() -> None:
    """Raw -> part -> vehicle with work 50, 80 and 60 s: after the seeds the slowest stage paces everything."""
    b = PlanBuilder(40_000)
    b.recipe("plant", is_assembly=True)
    b.recipe("part")
    b.recipe("raw")
    b.stock("plant:part", "plant")
    b.stock("part:raw", "part", quantity_per=2)
    b.lane("part..plant", "part", "plant:part", reorder_units=4, seeds=[(1, 0)] * 5, loads=250,
           draws={"work_s": 80}, ways=[Way((10,))])  # fmt: skip
    b.lane("raw..part", "raw", "part:raw", load_units=2, reorder_units=18, seeds=[(2, 0)] * 10, loads=300,
           draws={"work_s": 50}, ways=[Way((10,))])  # fmt: skip
    b.lane("plant..market", "plant", draws={"work_s": 60}, loads=200)
    for _ in range(200):
        b.slot("plant..market", 0)
    plan = b.build()
    ledger = simulate(plan)
    check_balances(plan, ledger)
    finished = ledger.loads.finished_s[ledger.loads.lane == plan.lanes.ids.index("plant..market")]
    steps = np.diff(finished)
    # five seeds are built at 60 s; the part maker, busy from second 2 on, ends its k-th at 82 + 80 k
    assert finished[:5].tolist() == [60, 120, 180, 240, 300]
    expected = [82 + 80 * k + 10 + 60 for k in range(195)]
    late = [max(e, 300 + 60 * (k + 1)) for k, e in enumerate(expected)]
    assert finished[5:].tolist()[20:] == late[20:]
    assert set(steps[30:].tolist()) == {80}
