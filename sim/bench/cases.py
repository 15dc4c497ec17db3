"""The cases on which engines are compared: one table for the tests of equality and for the benchmark."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from sim.bench.queues import queue_plan
from sim.customs import Claims
from sim.errors import PlanError, nearest
from sim.locate import find_scenario
from sim.network import Network, load_network
from sim.network.generate import Shape, write_generated
from sim.plan import LONGEST_S, Plan
from sim.planning import Decisions, build
from sim.scenario import Scenario, load_scenario
from sim.units import WEEK

YEAR_WEEKS = 52
MIDSIZE = "nafta_as_it_stood"
START = dt.date(2017, 10, 30)
WARM_UP_WEEKS = 20  # longer than the longest chain of the smaller shipped networks
CONTINENT_WARM_UP_WEEKS = 8  # longer than the longest chain of the continental network, which has no traced journeys


@dataclass(frozen=True, slots=True)
class Case:
    """A plan to run, as long as one likes.

    Parameters
    ----------
    name, about : str
    make : callable
        From the length (1 is what the benchmark runs, tests run less) to the plan.
    """

    name: str
    about: str
    make: Callable[[float], Plan]


def case_named(name: str) -> Case:
    """A case by name.

    Raises
    ------
    PlanError
        There is none.
    """
    found = next((case for case in CASES if case.name == name), None)
    if found is None:
        raise PlanError("bench", [f"no case named '{name}'. {nearest(name, [x.name for x in CASES], 'cases')}"])
    return found


def network_plan(network: Network, run_weeks: int, warm_up_weeks: int = WARM_UP_WEEKS) -> Plan:
    """A plan of a network in which nobody claims a preference: replication 0 of a run without reforms."""
    scenario = Scenario(
        name=network.name,
        path=None,
        question="How fast?",
        source="",
        network="midsize",  # one that can be found; what is planned is the network given
        law_as_of=START,
        reforms=(),
        firms="fixed",
        warm_up_s=warm_up_weeks * WEEK,
        start=START,
        run_s=run_weeks * WEEK,
    )
    parameters = scenario.values()
    return build(scenario, network, Decisions(Claims.none(), parameters), parameters, 0)


@lru_cache(maxsize=2)
def generated_network(shape: Shape, seed: int = 1) -> Network:
    """A network made for the occasion and kept in memory only."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "generated"
        write_generated(place, shape, seed)
        return load_network(str(place))


def _midsize(length: float) -> Plan:
    scenario = load_scenario(find_scenario(MIDSIZE))
    warm_up_weeks = scenario.warm_up_s // WEEK
    return network_plan(scenario.load_network(), _weeks(length), warm_up_weeks)


def _midsize_fifo(length: float) -> Plan:
    """Nobody may use FAST booths, and nobody leaves the usual route: whoever comes first goes first."""
    plan = _midsize(length)
    crossings = replace(
        plan.crossings,
        booths_standard=plan.crossings.booths_standard + plan.crossings.booths_fast,
        booths_fast=np.zeros_like(plan.crossings.booths_fast),
        open_standard=plan.crossings.open_standard + plan.crossings.open_fast,
        open_fast=np.zeros_like(plan.crossings.open_fast),
    )
    loads = replace(
        plan.loads, is_fast=np.zeros_like(plan.loads.is_fast), divert_s=np.full_like(plan.loads.divert_s, LONGEST_S)
    )
    background = replace(plan.background, is_fast=np.zeros_like(plan.background.is_fast))
    return replace(plan, crossings=crossings, loads=loads, background=background)


def _seat_control(length: float) -> Plan:
    return network_plan(load_network("seat_control"), _weeks(length))


def _north_america(length: float) -> Plan:
    return network_plan(load_network("north_america"), _weeks(length), CONTINENT_WARM_UP_WEEKS)


def _generated(length: float) -> Plan:
    return network_plan(generated_network(Shape(plants=6, parts=80, makers=4, milk_runs=True)), _weeks(length), 12)


def _weeks(length: float) -> int:
    return max(1, round(YEAR_WEEKS * length))


def _customers(length: float) -> int:
    return max(100, round(1_000_000 * length))


CASES = (
    Case(
        "five_servers",
        "a plain queue: a million customers, five servers, 80 % busy; other people's trucks",
        lambda length: queue_plan(_customers(length), 5, 0.8, as_loads=False),
    ),
    Case(
        "five_servers_loads",
        "the same queue with a fifth of the customers, each a load of our own",
        lambda length: queue_plan(_customers(length / 5), 5, 0.8, as_loads=True),
    ),
    Case("seat_control", "a year of the network of traced journeys", _seat_control),
    Case("midsize", "a year of the default network: FAST lanes, port choice, closing hours, rail and sea", _midsize),
    Case("midsize_fifo", "the same without FAST lanes and port choice: crossings first-in first-out", _midsize_fifo),
    Case("north_america", "a year of the continental network: 42 plants, 11,000 lanes, 23 ports", _north_america),
    Case("generated", "a year of a generated network of six plants and 80 parts, with milk runs", _generated),
)
