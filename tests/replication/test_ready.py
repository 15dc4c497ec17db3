"""What is refused before anything is run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.errors import ScenarioError
from sim.replication.once import prepare, require_ready, run_once
from sim.scenario import load_scenario


@pytest.mark.parametrize(
    ("reform", "path"),
    [("no_binational_panels", "us/trade_remedies/north_america")],
)
def test_a_reform_that_a_run_does_not_read_is_refused(reform: str, path: str) -> None:
    scenario = replace(load_scenario("nafta_as_it_stood"), name="asked", reforms=("threshold_75", reform))
    with pytest.raises(ScenarioError) as caught:
        require_ready(scenario)
    assert str(caught.value) == (
        f"asked: reform '{reform}' changes {path} only, which runs read only where goods are under an order: there is "
        "none. State one under 'goods', or ask 'sim duty'."
    )


def test_other_reforms_are_read() -> None:
    """None of those that come with the program is refused but those of what runs do not read."""
    scenario = load_scenario("nafta_as_it_stood")
    refused = []
    for reform in ("crossing_duty_10", "threshold_75", "border_adjustment_20", "no_binational_panels"):
        try:
            require_ready(replace(scenario, reforms=(reform,)))
        except ScenarioError:
            refused.append(reform)
    assert refused == ["no_binational_panels"]


def test_a_border_adjusted_tax_is_measured_on_trade() -> None:
    """20 %, of which the dollar takes half back: a tenth of what enters, less a tenth of what leaves."""
    scenario = load_scenario("crossings_free")
    taxed = replace(scenario, reforms=("border_adjustment_20",))
    plain, found = (
        {(row.measure, row.item): row.value for row in run_once(prepare(each), 0).rows if row.vehicle == "all"}
        for each in (scenario, taxed)
    )
    assert not [key for key in plain if key[0] == "border_tax_usd"]
    trade = {item: value for (measure, item), value in found.items() if measure == "trade_usd"}
    enters = sum(value for item, value in trade.items() if item.endswith(">US"))
    leaves = sum(value for item, value in trade.items() if item.startswith("US>"))
    assert found["border_tax_usd", "imports"] == pytest.approx(enters / 10)
    assert found["border_tax_usd", "exports"] == pytest.approx(-leaves / 10)
    assert found["border_tax_usd", "total"] == pytest.approx((enters - leaves) / 10)
    built = found["vehicles_built", ""]
    assert found["border_tax_usd", "per_vehicle"] == pytest.approx((enters - leaves) / 10 / built)
    assert found["cost_per_vehicle_usd", "total"] == plain["cost_per_vehicle_usd", "total"]
