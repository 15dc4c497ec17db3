"""The continental network runs: its baseline is fair, its year fits into little memory, all its gateways pass loads."""

import numpy as np
import pytest

from sim.bench.cases import CONTINENT_WARM_UP_WEEKS, network_plan
from sim.bench.measure import plan_mib
from sim.engines import compiled
from sim.network import load_network
from sim.planning.build import SPARE_ORDERS, SPARE_ROWS, spare_rows
from sim.replication.baseline import MOST_DOWN_PCT, shortages

SHIFT_HOURS_A_WEEK = 80


def test_short_runs_have_ample_rows_and_long_ones_fewer() -> None:
    assert SPARE_ROWS > 0
    assert spare_rows(100.0, 8.0) == 100.0 * SPARE_ORDERS
    assert spare_rows(100.0, 16.0) == 100.0 * SPARE_ORDERS
    assert spare_rows(520.0, 52.0) == pytest.approx(520 * (0.6 * 16 / 52 + 0.05 * 36 / 52))


@pytest.mark.slow
def test_ordinary_weeks_hardly_stop_a_line() -> None:
    network = load_network("north_america")
    plan = network_plan(network, 2, CONTINENT_WARM_UP_WEEKS)
    ledger = compiled.simulate(plan)
    lines = int(plan.recipes.is_assembly.sum())
    waited_h = sum(found.waited_h for found in shortages(plan, ledger))
    assert 100 * waited_h / (lines * 2 * SHIFT_HOURS_A_WEEK) < MOST_DOWN_PCT
    passed = set(np.unique(ledger.passages.crossing).tolist())
    for row, name in enumerate(plan.crossings.ids):
        if row not in passed:
            assert not _is_usual(network, name), name


@pytest.mark.slow
def test_a_year_of_the_continent_is_planned_and_run_in_two_gibibytes() -> None:
    plan = network_plan(load_network("north_america"), 52, CONTINENT_WARM_UP_WEEKS)
    loads = []
    compiled.stream(plan, lambda rows: loads.append(rows.loads.shape[1]))
    assert 4e6 < sum(loads) * 52 / 60 < 7e6
    assert 15e6 < plan.background.arrive_s.size * 52 / 60 < 25e6
    assert plan_mib(plan) < 1024  # what else the engine takes is bounded by what is alive: see sim/engines/README.md


def _is_usual(network, crossing: str) -> bool:
    """Whether some lane's usual way leads over it: by air only what is late comes."""
    steps = (step for lane in network.lanes.values() for step in network.routes_of(lane)[0].steps)
    return any(step.crossing == crossing for step in steps)
