"""Events of the border: the law of every shipped event answers for all goods of the continent, whatever the year."""

from __future__ import annotations

import pytest

from sim.locate import find_scenario, scenario_names
from sim.replication.once import prepare, require_ready
from sim.scenario import load_scenario
from sim.scenario.sheet import read_sheet
from sim.study.load import is_study

EVENTS = [
    name
    for name in scenario_names()
    if not is_study(find_scenario(name)) and read_sheet(find_scenario(name)).value.get("network") == "north_america"
]


def test_there_are_events() -> None:
    assert len(EVENTS) >= 12


@pytest.mark.slow
@pytest.mark.parametrize("name", EVENTS)
def test_an_event_can_be_prepared(name: str) -> None:
    """Every entry of every lane is decided under the law of each stretch of its days: a gap in a rate would raise."""
    scenario = load_scenario(name)
    require_ready(scenario)
    assert len(prepare(scenario).decisions.claims.records) > 5_000
