"""The roll-up of cost by hand: what waits before it is used, what is bought dearer, content and hours tier by tier."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.customs import Assessment, Claims, assess, planned_flow
from sim.network.model import Network
from tests.customs.hand import DAY, Hand, HandLaw, free_parameters

CELL, MODULE, CAR = "supplier/mx/cell..plant/us/module", "plant/us/module..plant/mx/car", "plant/mx/car..market/mx"
PER_HOUR = 0.365 / 8_760  # of the value, at 36.5 % a year


def three_tiers() -> Network:
    """Two Mexican cells of 50 wait 24 h for a US module of 40 more, which waits 10 h for a Mexican car of 100 more."""
    hand = Hand()
    hand.site("supplier/mx", "MX", wage=5.0)
    hand.site("plant/us", "US", wage=20.0)
    hand.site("plant/mx", "MX", wage=4.0)
    hand.site("market/mx", "MX", "market")
    hand.crossing("laredo/us", "MX", "US")
    hand.crossing("laredo/mx", "US", "MX")
    cell = hand.recipe("supplier/mx", "cell", hts="8507.90", labour=30.0, material=20.0, material_country="US")
    module = hand.recipe(
        "plant/us", "module", hts="8507.60", labour=40.0, inputs={"cell": 2}, cover_h=24.0, material=0.0
    )
    car = hand.recipe(
        "plant/mx", "car", hts="8703.80", labour=60.0, overhead=33.0, material=7.0, inputs={"module": 1},
        cover_h=10.0, tier=0,
    )  # fmt: skip
    hand.lane(cell, module, [("laredo/us", "entry")], units=10, freight=15.0)
    hand.lane(module, car, [("laredo/mx", "entry")])
    hand.lane(car, "market/mx")
    return hand.build()


def rolled(facts: dict[str, dict[str, float]] | None = None, **changed: str) -> Assessment:
    """The chain at a duty of 10 %, with facts of its loads by name and lane."""
    network = three_tiers()
    flow = planned_flow(network, DAY)
    told = {
        name: np.array([of_lane.get(lane, 0.0) for lane in flow.lane_ids]) for name, of_lane in (facts or {}).items()
    }
    flow = replace(flow, **told)
    parameters = free_parameters(carrying_pct_year="36.5 %", **changed)
    return assess(flow, network, HandLaw(100_000), Claims.none(), parameters)


def of(found: Assessment, name: str, lane: str, landed: bool = True) -> float:
    return float(found.unit.column(name, landed=landed)[found.flow.lane_ids.index(lane)])


def test_stock_before_use_is_carried_at_its_landed_price() -> None:
    """A cell lands at 50 + 3 of freight + 5 of duty: two of them for 24 h; the module, 156 + 15.6, for 10 h more."""
    found = rolled()
    way = {lane: found.flow.transit_h[found.flow.lane_ids.index(lane)] for lane in (CELL, MODULE, CAR)}
    cell = 50 * way[CELL] * PER_HOUR
    assert of(found, "carrying", CELL) == pytest.approx(cell)
    module = 2 * cell + 2 * 58 * 24 * PER_HOUR
    assert of(found, "carrying", MODULE, landed=False) == pytest.approx(module)
    car = module + 156 * way[MODULE] * PER_HOUR + (156 + 15.6) * 10 * PER_HOUR
    assert of(found, "carrying", CAR, landed=False) == pytest.approx(car)


def test_hours_content_and_value_are_those_of_all_tiers() -> None:
    """12 h of Mexican labour in two cells and 15 in the car, 2 in the module; US content: module and material."""
    found = rolled()
    way = {lane: found.flow.transit_h[found.flow.lane_ids.index(lane)] for lane in (CELL, MODULE, CAR)}
    assert of(found, "labour_h:MX", CAR) == pytest.approx(2 * 30 / 5 + 60 / 4)
    assert of(found, "labour_h:US", CAR) == pytest.approx(40 / 20)
    assert of(found, "us_content", CELL) == pytest.approx(20)
    assert of(found, "us_content", MODULE) == pytest.approx(156)  # all of it, where it is made in the United States
    assert of(found, "us_content", CAR) == pytest.approx(156 + 7)
    hours = 2 * 50 * (way[CELL] + 24) + 140 * (way[MODULE] + 10) + 240 * way[CAR]
    assert of(found, "value_hours", CAR) == pytest.approx(hours)


def test_a_dearer_source_costs_more_overhead_where_it_works() -> None:
    """A tenth more for the module: 15.6 of overhead in the United States, beside the 33 of the car in Mexico."""
    found = rolled({"premium": {MODULE: 0.1, CAR: 0.02}})
    assert of(found, "overhead:US", MODULE) == pytest.approx(15.6)
    assert of(found, "overhead:US", CAR) == pytest.approx(15.6)
    price = 40 + 106 + 10 + 15.6  # of the module; 10 % of it is duty in Mexico
    assert of(found, "overhead:MX", CAR) == pytest.approx(33 + 0.02 * (1.1 * price + 100))


def test_hours_of_trucks_and_hurry_are_shared_by_the_units_of_a_load() -> None:
    """Ten cells wait 2 h at 60 an hour, 25 is paid for hurry: 12 and 2.50 a cell; the module 60 and 8 of its own."""
    found = rolled(
        {
            "border_extra_h": {CELL: 2.0, MODULE: 1.0},
            "border_h": {CELL: 3.0, MODULE: 1.5},
            "expediting_usd": {CELL: 25.0, MODULE: 8.0},
        },
        truck_hour_usd="60 USD/h",
    )
    assert of(found, "border_time", CELL) == pytest.approx(12)
    assert of(found, "border_time", MODULE) == pytest.approx(2 * 12 + 60)
    assert of(found, "expediting", CELL) == pytest.approx(2.5)
    assert of(found, "expediting", MODULE) == pytest.approx(2 * 2.5 + 8)
    told = {"border_extra_h": 2 * 0.2 + 1, "border_h": 2 * 0.3 + 1.5, "passages": 1.2, "entries": 1.2}
    for name, value in told.items():
        assert of(found, name, MODULE) == pytest.approx(value), name
    assert of(found, "value_passages", MODULE) == pytest.approx(2 * 50 + 140)
    assert of(found, "value_border_h", MODULE) == pytest.approx(2 * 50 * 3 + 140 * 1.5)
    way = found.flow.transit_h[found.flow.lane_ids.index(MODULE)]
    carried = of(found, "carrying", MODULE) - of(found, "carrying", MODULE, landed=False)
    assert carried == pytest.approx(156 * way * PER_HOUR)


@pytest.mark.parametrize("fee_cents", [0.0, 2_000.0])
def test_net_cost_holds_fees_and_brokerage_but_no_hours_at_borders(fee_cents: float) -> None:
    """A Japanese cell of 50 lands with 3 of freight, 5 of duty, 9 of brokerage, a fee of 0 or 2; 40 are added."""
    hand = Hand()
    hand.site("supplier/jp", "JP")
    hand.site("plant/us", "US")
    hand.site("market/us", "US", "market")
    hand.crossing("port/us", "JP", "US")
    cell = hand.recipe("supplier/jp", "cell", hts="8507.90", labour=50.0)
    module = hand.recipe("plant/us", "module", hts="8507.60", labour=40.0, inputs={"cell": 1})
    hand.lane(cell, module, [("port/us", "entry")], units=10, freight=15.0)
    hand.lane(module, "market/us")
    network = hand.build()
    flow = planned_flow(network, DAY)
    flow = replace(flow, border_extra_h=np.full(flow.nodes, 4.0))
    law = HandLaw(100_000, agreed="nafta", fee_cents=fee_cents)
    parameters = free_parameters(broker_fee_usd="90 USD", truck_hour_usd="60 USD/h", carrying_pct_year="36.5 %")
    found = assess(flow, network, law, Claims.none(), parameters).origin(module)
    assert found.content_pct == pytest.approx(100 * 40 / (107 + fee_cents / 1_000))


def test_loads_of_one_level_carry_each_their_own_value() -> None:
    hand = Hand()
    hand.site("supplier/mx", "MX")
    hand.site("market/us", "US", "market")
    hand.crossing("laredo/us", "MX", "US")
    for part, value in (("bolt", 1.0), ("engine", 800.0)):
        hand.lane(hand.recipe("supplier/mx", part, labour=value), "market/us", [("laredo/us", "entry")])
    network = hand.build()
    found = assess(planned_flow(network, DAY), network, HandLaw(), Claims.none(), free_parameters())
    told = dict(zip(found.flow.lane_ids, found.unit.column("value_passages").tolist(), strict=True))
    assert told == {"supplier/mx/bolt..market/us": 1.0, "supplier/mx/engine..market/us": 800.0}
