"""Measures of a border where loads share trucks: passages and waits are those of trucks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.engines.reference import simulate
from sim.ledger.ledger import Ledger
from sim.measures.border import border_passages, border_wait
from sim.network.model import Network
from sim.plan import Plan
from tests.planning.conftest import tiny  # noqa: F401 - a fixture
from tests.planning.test_build import BRIDGE, plan_of, scenario
from tests.planning.test_milk_runs import riding


@pytest.fixture
def context(tiny: Network) -> Any:  # noqa: F811
    network = riding(tiny, (0, 6.0), (2, 6.0), (4, 6.0))
    plan = plan_of(network, scenario())
    ledger = simulate(plan)
    clock = scenario().clock()
    return SimpleNamespace(
        network=network, plan=plan, ledger=ledger, clock=clock, in_window=lambda second: second >= clock.start_s
    )


def bridge(plan: Plan, ledger: Ledger) -> tuple[Any, Any]:
    """Which passages are over the bridge and in the window; which of them lead a truck."""
    rows = ledger.passages
    here = (rows.crossing == plan.crossings.ids.index(BRIDGE)) & (rows.started_s >= scenario().clock().start_s)
    return here, here & (rows.truck == rows.load)


def test_border_passages_count_trucks(context: Any) -> None:
    found = {name: value for _, name, value in border_passages(context)}
    here, lead = bridge(context.plan, context.ledger)
    assert found[BRIDGE] == lead.sum() == 6  # two weeks of three departures
    assert here.sum() > 15


def test_each_truck_waits_once(context: Any) -> None:
    found = {name: value for _, name, value in border_wait(context)}
    rows = context.ledger.passages
    _, lead = bridge(context.plan, context.ledger)
    waits = (rows.started_s - rows.joined_s)[lead] / 60
    assert found[f"{BRIDGE}|mean"] == pytest.approx(float(waits.mean()))
    assert found[f"{BRIDGE}|median"] == pytest.approx(float(np.median(waits)))
