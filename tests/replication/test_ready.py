"""What is refused before anything is run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.errors import ScenarioError
from sim.replication.once import require_ready
from sim.scenario import load_scenario


@pytest.mark.parametrize(
    ("reform", "path"),
    [("border_adjustment_20", "us/border_adjustment"), ("no_binational_panels", "us/trade_remedies/north_america")],
)
def test_a_reform_that_runs_do_not_read_is_refused(reform: str, path: str) -> None:
    scenario = replace(load_scenario("nafta_as_it_stood"), name="asked", reforms=("threshold_75", reform))
    with pytest.raises(ScenarioError) as caught:
        require_ready(scenario)
    assert str(caught.value) == (
        f"asked: reform '{reform}' changes {path} only, which runs do not read: they would show no effect. Ask it of "
        "declarations with 'sim duty'."
    )


def test_other_reforms_are_read() -> None:
    require_ready(replace(load_scenario("nafta_as_it_stood"), reforms=("crossing_duty_10", "threshold_75")))
