"""Both engines on what is shipped: every scenario, and every case of the benchmark, cut short."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.bench import CASES
from sim.bench.cases import Case, generated_network, network_plan
from sim.engines import compiled, reference
from sim.ledger.difference import first_difference
from sim.network.generate import Shape
from sim.plan import Plan
from sim.planning import build
from sim.replication import prepare
from sim.scenario import load_scenario
from sim.study import as_plan, is_study
from sim.units import DAY, WEEK
from tests.network.shapes import shapes

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
FILES = sorted(path for path in SCENARIOS.glob("*.yaml") if not path.name.startswith("_"))
SINGLE = [path for path in FILES if not is_study(path)]
CUT_S = 2 * WEEK  # the warm-up runs under the same rules as the rest
LARGE, LARGE_CUT_S = 5_000, DAY  # lanes from which the reference is given little to do
LENGTHS = {"five_servers": 0.02, "five_servers_loads": 0.02}


def difference(plan: Plan) -> str:
    return first_difference(plan, reference.simulate(plan), compiled.simulate(plan), ("reference", "compiled"))


@lru_cache(maxsize=1)
def shipped_plans() -> dict[str, Plan]:
    """One plan for each digest among those of all scenarios; networks and draws are shared through the caches."""
    plans: dict[str, Plan] = {}
    for path in SINGLE:
        prepared = prepare(load_scenario(path))
        plan = build(prepared.scenario, prepared.network, prepared.decisions, prepared.parameters, 0)
        plans.setdefault(plan.digest(), plan)
    return plans


def is_large(plan: Plan) -> bool:
    return len(plan.lanes.ids) > LARGE


def cut(plan: Plan) -> Plan:
    return replace(plan, horizon_s=min(plan.horizon_s, LARGE_CUT_S if is_large(plan) else CUT_S))


def test_every_study_names_scenarios_that_are_tried() -> None:
    held = {scenario.name for path in FILES if is_study(path) for scenario in as_plan(path).scenarios}
    assert held <= {path.stem for path in SINGLE}
    assert len(SINGLE) >= 8


def test_shipped_scenarios() -> None:
    plans = shipped_plans()
    assert len(plans) >= 2
    assert [difference(cut(plan)) for plan in plans.values()] == [""] * len(plans)


@pytest.mark.slow
def test_shipped_scenarios_to_their_end() -> None:
    plans = [plan for plan in shipped_plans().values() if not is_large(plan)]  # a large one would take half an hour
    assert [difference(plan) for plan in plans] == [""] * len(plans)


@pytest.mark.slow
def test_the_continent_for_a_fortnight() -> None:
    plan = next(case for case in CASES if case.name == "north_america").make(0.01)
    assert is_large(plan)
    assert difference(replace(plan, horizon_s=2 * WEEK)) == ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_cases_of_the_benchmark(case: Case) -> None:
    assert difference(cut(case.make(LENGTHS.get(case.name, 0.01)))) == ""


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    shapes(
        plants=st.integers(1, 4),
        parts=st.integers(4, 25),
        crossings=st.integers(2, 5),
        vehicles_per_day=st.integers(10, 400),
        background=st.sampled_from([0, 20, 200]),
        milk_runs=st.booleans(),
    ),
    st.integers(0, 99),
)
def test_generated_networks(shape: Shape, seed: int) -> None:
    assert difference(cut(network_plan(generated_network(shape, seed), 1, 12))) == ""
