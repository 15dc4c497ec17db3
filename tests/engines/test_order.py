"""Order is a rule, not an accident: nothing but the plan's keys may decide who goes first."""

from __future__ import annotations

import ast
import json
import os
import random
import subprocess
import sys
from heapq import heappush
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import simpy

from sim.engines.reference import simulate
from sim.ledger.balance import check_balances
from sim.ledger.ledger import Ledger
from sim.plan import Plan
from tests.engines.busy import busy_builder, busy_plan, digests
from tests.engines.plans import Way

ROOT = Path(__file__).resolve().parents[2]
ENGINES = sorted((ROOT / "sim" / "engines").rglob("*.py"))
SEEDS = range(12)


class ShuffledEnvironment(simpy.Environment):
    """Runs the events of one moment in random order."""

    shuffle = random.Random(0)

    def schedule(self, event: Any, priority: Any = 1, delay: Any = 0) -> None:
        heappush(self._queue, (self._now + delay, priority, self.shuffle.getrandbits(62), event))


def test_busy_plans_are_busy() -> None:
    """The cases are worth something only if they hold what they claim to hold."""
    seen: dict[str, int] = dict.fromkeys(
        ("lost", "waited", "fast", "diverted", "gave_up", "never", "tie", "shared_lot"), 0
    )
    for seed in SEEDS:
        plan = busy_plan(seed)
        ledger = simulate(plan)
        check_balances(plan, ledger)
        loads, rows = ledger.loads, ledger.passages
        shipped = loads.route >= 0
        usual = plan.lanes.route_first[loads.lane]
        seen["lost"] += int(loads.is_lost.sum())
        seen["waited"] += int((rows.started_s > rows.joined_s).sum())
        seen["fast"] += int(rows.used_fast.sum())
        seen["diverted"] += int((shipped & (loads.route != usual)).sum())
        seen["gave_up"] += int(ledger.hours.gave_up.sum())
        seen["never"] += int(((rows.joined_s >= 0) & (rows.started_s < 0)).sum())
        keys = rows.crossing * plan.horizon_s + rows.joined_s
        seen["tie"] += keys.size - np.unique(keys).size
        seen["shared_lot"] += int((np.bincount(ledger.uses.source) > 1).sum())
    assert min(seen.values()) > 5, str(seen)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_events_within_a_moment_changes_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = busy_plan(seed)
    straight = simulate(plan)
    monkeypatch.setattr(simpy, "Environment", ShuffledEnvironment)
    for shuffle in range(3):
        ShuffledEnvironment.shuffle = random.Random(shuffle)
        assert simulate(plan).digest() == straight.digest()


def named(plan: Plan, ledger: Ledger) -> dict[str, set[tuple[Any, ...]]]:
    """The rows of a ledger with ids in place of indices."""
    lanes, crossings, stocks = plan.lanes.ids, plan.crossings.ids, plan.stocks.ids
    loads, rows, uses = ledger.loads, ledger.passages, ledger.uses
    keys = [(lanes[lane], int(n)) for lane, n in zip(loads.lane, loads.n, strict=True)]
    way = np.where(loads.route < 0, -1, loads.route - plan.lanes.route_first[loads.lane])
    columns = (
        loads.units,
        loads.ordered_s,
        loads.started_s,
        loads.finished_s,
        way,
        loads.received_s,
        loads.is_lost,
        loads.shipped_s,
    )
    times = (rows.arrived_s, rows.joined_s, rows.started_s, rows.cleared_s, rows.left_s, rows.used_fast)
    return {
        "loads": {(*keys[i], *(int(column[i]) for column in columns)) for i in range(len(keys))},
        "passages": {
            (
                *keys[load],
                *keys[rows.truck[i]],
                int(rows.position[i]),
                crossings[rows.crossing[i]],
                *(int(x[i]) for x in times),
            )
            for i, load in enumerate(rows.load)
        },
        "uses": {
            (*keys[uses.source[i]], *keys[uses.consumer[i]], stocks[uses.stock[i]], int(uses.units[i]))
            for i in range(uses.source.size)
        },
        "hours": {
            (name, *ledger.hours.passed[k], *ledger.hours.gave_up[k], *ledger.hours.wait_s[k])
            for k, name in enumerate(crossings)
        },
        "left": {(name, int(ledger.stock_left[s])) for s, name in enumerate(stocks)},
    }


@pytest.mark.parametrize("milk", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_entities_in_the_plan_changes_nothing(seed: int, milk: bool) -> None:
    straight = busy_plan(seed, milk=milk)
    expected = named(straight, simulate(straight))
    shuffle = random.Random(seed)
    b = busy_builder(seed, milk=milk)
    for table in ("recipes", "stocks", "crossings", "calendars", "runs"):
        items = list(getattr(b, table).items())
        shuffle.shuffle(items)
        setattr(b, table, dict(items))
    plan = b.build()
    assert plan.recipes.ids != straight.recipes.ids
    assert named(plan, simulate(plan)) == expected


@pytest.mark.parametrize("name", ["aa", "mm", "zz"])
def test_an_unrelated_supplier_leaves_every_other_row(name: str) -> None:
    plan = busy_plan(1)
    expected = named(plan, simulate(plan))
    b = busy_builder(1)
    b.crossing(f"{name}_gate")
    b.recipe(f"{name}_plant", is_assembly=True)
    b.pair(f"{name}_maker", f"{name}_plant", seeds=[(9, 0)], ways=[Way((60, 60), (f"{name}_gate",))])
    b.lane(f"{name}_plant..market", f"{name}_plant")
    for second in (600, 1_200, 1_800):
        b.slot(f"{name}_plant..market", second)
    larger = b.build()
    found = named(larger, simulate(larger))
    assert any(row[0].startswith(name) for row in found["loads"])
    for table, rows in found.items():
        assert {row for row in rows if not row[0].startswith(name)} == expected[table], table


def in_another_process(tmp_path: Path, **environment: str) -> list[str]:
    script = (
        f"import json, sys; sys.path.insert(0, {str(ROOT)!r}); "
        "from tests.engines.busy import digests; print(json.dumps(digests(range(6), 'compiled')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, **environment},
    )
    found: list[str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Kolkata"},
        {"PYTHONHASHSEED": "77", "NUMBA_DISABLE_JIT": "1"},
        pytest.param({"NUMBA_BOUNDSCHECK": "1"}, marks=pytest.mark.slow),  # compiles anew; `make proof` has it
    ],
    ids=["other process", "not compiled", "bounds checked"],
)
def test_the_compiled_engine_elsewhere_equals_the_reference_here(tmp_path: Path, environment: dict[str, str]) -> None:
    assert in_another_process(tmp_path, **environment) == digests(range(6))


def test_a_user_without_a_folder_for_machine_code_runs_all_the_same(tmp_path: Path) -> None:
    script = "from sim.engines.jit import cache_folder; print(cache_folder())"
    environment = {**os.environ, "NUMBA_CACHE_DIR": os.devnull, "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, cwd=ROOT)
    assert Path(done.stdout.strip()).is_relative_to(tmp_path), done.stderr


def test_machine_code_of_another_copy_does_not_serve(tmp_path: Path) -> None:
    script = (
        "from sim.engines.jit import is_compiled, rule; import sums; one = rule(sums.one)\n"
        "before = is_compiled(one); one(1); print(before, is_compiled(one))"
    )
    for copy in ("here", "there"):
        (tmp_path / copy).mkdir()
        (tmp_path / copy / "sums.py").write_text("def one(n):\n    return n + 1\n", encoding="utf-8")
    told = []
    for copy in ("here", "there", "here"):
        path = os.pathsep.join((str(tmp_path / copy), str(ROOT)))
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": path, "NUMBA_DISABLE_JIT": "0"}
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment)
        told.append(done.stdout.strip() or done.stderr)
    assert told == ["False True", "False True", "True True"]


def test_bounds_checking_checks() -> None:
    script = (
        "import numpy as np; from sim.engines.rules import work_until; "
        "z = np.zeros(3, dtype=np.int64); work_until(0, 1, 0, 9, z, z, z)"
    )
    environment = {**os.environ, "NUMBA_BOUNDSCHECK": "1"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, cwd=ROOT)
    assert "IndexError" in done.stderr


@pytest.mark.parametrize("path", ENGINES, ids=lambda path: path.stem)
def test_no_float_and_no_draw_inside_an_engine(path: Path) -> None:
    assert len(ENGINES) >= 15
    if path.name == "jit.py":  # holds no rule, and a division that joins paths
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        where = f"{path.name}:{getattr(node, 'lineno', 0)}"
        assert not isinstance(node, ast.Div), f"{where} divides"
        if isinstance(node, ast.Constant):
            assert not isinstance(node.value, float), f"{where} holds the float {node.value}"
        for name in (getattr(node, "id", ""), getattr(node, "attr", ""), getattr(node, "module", "") or ""):
            assert not any(word in str(name).lower() for word in ("float", "random", "mean")), f"{where}: {name}"
