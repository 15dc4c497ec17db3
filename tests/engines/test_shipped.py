"""Both engines on what is shipped: every scenario, and every case of the benchmark, cut short."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from sim.study.load import is_tree
from sim.study.tree.load import load_tree
from sim.units import DAY, WEEK
from tests.network.shapes import shapes

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
FILES = sorted(path for path in SCENARIOS.glob("*.yaml") if not path.name.startswith("_"))
SINGLE = [path for path in FILES if not is_study(path)]
CUT_S = 2 * WEEK  # the warm-up runs under the same rules as the rest
LONGEST_S = 16 * WEEK  # of a run of years the reference is given its beginning
LARGE, LARGE_CUT_S = 5_000, DAY  # lanes from which the reference is given little to do
LENGTHS = {"five_servers": 0.02, "five_servers_loads": 0.02}


@lru_cache(maxsize=1)
def kinds() -> tuple[list[Path], list[Path], list[Path]]:
    """One scenario for each small network, start, conduct of firms and set of shocks; the rest; the continent's."""
    found: dict[object, Path] = {}
    continental = []
    for path in SINGLE:
        s = load_scenario(path)
        if Path(s.network).name == "north_america":
            continental.append(path)
        else:
            found.setdefault((s.network, s.start, s.firms, s.claim_regime, s.shocks, str(s.crossings)), path)
    few = list(found.values())
    return few, [path for path in SINGLE if path not in few and path not in continental], continental


def difference(plan: Plan) -> str:
    return first_difference(plan, reference.simulate(plan), compiled.simulate(plan), ("reference", "compiled"))


def shipped_plans(paths: Iterable[Path]) -> Iterator[Plan]:
    """One plan for each digest among those of scenarios, one at a time: those of the continent fill a gigabyte."""
    seen: set[str] = set()
    for path in paths:
        scenario = load_scenario(path)
        prepared = prepare(scenario.with_(run_s=min(scenario.run_s, LONGEST_S)))
        plan = build(prepared.scenario, prepared.network, prepared.decisions, prepared.parameters, 0)
        if plan.digest() not in seen:
            seen.add(plan.digest())
            yield plan


def is_large(plan: Plan) -> bool:
    return len(plan.lanes.ids) > LARGE


def cut(plan: Plan, cut_s: int = CUT_S) -> Plan:
    return replace(plan, horizon_s=min(plan.horizon_s, LARGE_CUT_S if is_large(plan) else cut_s))


def test_every_study_names_scenarios_that_are_tried() -> None:
    """Points of a sweep are a scenario with another law; leaves of a tree one with more law and shocks."""
    studies = [as_plan(path) for path in FILES if is_study(path) and not is_tree(path)]
    swept = {name for study in studies for sweep in study.sweeps for name in sweep.names}
    held = {scenario.name for study in studies for scenario in study.scenarios} - swept
    held |= {load_tree(path).base.name for path in FILES if is_tree(path)}
    assert held <= {path.stem for path in SINGLE}
    assert len(SINGLE) >= 8


@pytest.mark.slow
def test_every_shipped_scenario() -> None:
    """Those of small networks that differ from others by law alone, and one event of the continent."""
    _, rest, continental = kinds()
    plans = shipped_plans([*rest, continental[-1]])
    differences = [difference(cut(plan, WEEK)) for plan in plans]
    assert len(differences) >= 10
    assert set(differences) == {""}


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_shipped_scenarios_to_their_end(part: int) -> None:
    """A quarter of them, so that all workers have their share; a large one would take half an hour."""
    differences = [difference(plan) for plan in shipped_plans(kinds()[0][part::4])]
    assert len(differences) >= 2
    assert set(differences) == {""}


@pytest.mark.slow
def test_the_continent_for_four_days() -> None:
    plan = next(case for case in CASES if case.name == "north_america").make(0.01)
    assert is_large(plan)
    assert difference(replace(plan, horizon_s=4 * DAY)) == ""


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
