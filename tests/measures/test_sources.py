"""Sources put right: vehicles that hold more of one supplier cost what the shares of the plan cost, to the cent."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from sim.clock import Clock
from sim.customs import Claims, assess
from sim.customs.assess import Assessment
from sim.customs.flow import Flow
from sim.measures.sources import luck_of_sources
from sim.network.model import Network, Schedule
from sim.units import DAY, HOUR
from tests.customs.hand import DAY as BEGINS
from tests.customs.hand import Hand, HandLaw, free_parameters
from tests.customs.recorded import run
from tests.measures.test_measures import figures

CAR = "plant/us/car"
MARKET = f"{CAR}..market/mx"
SLOTS = {MARKET: [HOUR * k for k in range(1, 41)]}
# Steel of 100 dollars goes into every engine; engines take 100 of labour in Mexico, 150 in the United States.
MX_ENGINE, US_ENGINE, TAX = (100 * 1.1 + 100) * 1.1, 100 + 150.0, 0.1
PLANNED = 0.6 * MX_ENGINE + 0.4 * US_ENGINE + 50  # of a car ex works, 60 % of engines from Mexico


def two_sources() -> Network:
    """Steel from the United States, engines from Mexico (60 %) and at home, a car that is sold in Mexico."""
    hand = Hand()
    for site, country in (("mill/us", "US"), ("works/mx", "MX"), ("works/us", "US"), ("plant/us", "US")):
        hand.site(site, country)
    hand.site("market/mx", "MX", "market")
    hand.crossing("bridge/mx", "US", "MX")
    hand.crossing("bridge/us", "MX", "US")
    steel = hand.recipe("mill/us", "steel", labour=100.0)
    far = hand.recipe("works/mx", "engine", labour=100.0, inputs={"steel": 1})
    near = hand.recipe("works/us", "engine", labour=150.0, inputs={"steel": 1})
    car = hand.recipe(
        "plant/us", "car", hts="8703.23", labour=50.0, inputs={"engine": 1}, tier=0, vehicle_class="passenger",
        schedule=Schedule(8, 1, "", 30_000.0),
    )  # fmt: skip
    hand.lane(steel, far, [("bridge/mx", "entry")], units=5)
    hand.lane(steel, near, units=5)
    hand.lane(far, car, [("bridge/us", "entry")], units=7, share=60.0)
    hand.lane(near, car, units=4, share=40.0)
    hand.lane(car, "market/mx", [("bridge/mx", "entry")])
    return hand.build()


def assessed(law: HandLaw) -> tuple[Network, Flow, Assessment, Clock]:
    network = two_sources()
    _, _, flow, clock = run(network, SLOTS, days=3, warm_up_s=DAY)
    return network, flow, assess(flow, network, law, Claims.none(), free_parameters()), clock


def sold(flow: Flow, clock: Clock) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    own = flow.lane == flow.lane_ids.index(MARKET)
    return own & (flow.received_s >= clock.start_s) & (flow.received_s < clock.end_s)


def test_a_window_costs_what_the_shares_of_the_plan_cost() -> None:
    law = HandLaw(100_000)
    network, flow, found, clock = assessed(law)
    plain = float(found.unit.landed[sold(flow, clock)].sum(axis=1).mean())
    assert abs(plain - PLANNED * 1.1) > 0.05  # the loads of this window are not sixty to forty
    measured = figures(network, SLOTS, law, free_parameters(), days=3, warm_up_s=DAY)
    duty = 0.6 * (100 * TAX + 210 * TAX)  # on steel into Mexico, on engines out of it
    assert measured["cost_per_vehicle_usd", CAR, "total"] == pytest.approx(PLANNED * 1.1, rel=1e-12)
    assert measured["cost_per_vehicle_usd", CAR, "labour"] == pytest.approx(100 + 0.6 * 100 + 0.4 * 150 + 50, rel=1e-12)
    assert measured["duty_per_vehicle_usd", CAR, "embedded"] == pytest.approx(duty, rel=1e-12)
    assert measured["duty_per_vehicle_usd", CAR, "direct"] == pytest.approx(PLANNED * TAX, rel=1e-12)
    assert measured["duty_per_vehicle_usd", CAR, "us/general"] == pytest.approx(0.6 * 210 * TAX, rel=1e-12)
    assert measured["cost_by_market_usd", CAR, "market/mx"] == pytest.approx(PLANNED * 1.1, rel=1e-12)


def test_what_moves_within_the_window_stays() -> None:
    """Of a duty that begins within the window only the share of each source is put right: a figure for each engine."""
    on = BEGINS + dt.timedelta(days=2)
    network = two_sources()
    _, _, flow, clock = run(network, {MARKET: [HOUR * k for k in range(12, 60)]}, days=3, warm_up_s=DAY)
    law = HandLaw(0, changes=(on,), rate_from={on: 100_000})
    found = assess(flow, network, law, Claims.none(), free_parameters())
    cars = sold(flow, clock)
    luck = luck_of_sources(network, flow, found, clock.start_s, cars)
    assert luck is not None
    assert set(found.unit.duty()[cars].round(6)) == {0.0, 25.0}  # the last cars, all with engines from Mexico
    assert len(np.unique(luck.landed.sum(axis=1).round(6))) == 2
    held = 1 + luck.landed[:, found.unit.columns.index("labour:US")] / 150  # 0.6 above for an engine made there
    assert set(held.round(6)) == {1.6, 0.6}


def test_sources_that_cost_the_same_bring_no_luck() -> None:
    network, flow, _, clock = assessed(HandLaw(0))
    one = replace(network.recipes["works/us/engine"], labour_usd=100.0)
    same = replace(network, recipes=MappingProxyType({**network.recipes, "works/us/engine": one}))
    found = assess(flow, same, HandLaw(0), Claims.none(), free_parameters())
    luck = luck_of_sources(same, flow, found, clock.start_s, sold(flow, clock))
    assert luck is not None
    assert np.abs(luck.landed).max() == pytest.approx(60.0)  # of labour, between countries
    assert np.abs(luck.landed.sum(axis=1)).max() < 1e-9


def test_nothing_is_put_right_where_sources_change_within_the_run() -> None:
    network, flow, found, clock = assessed(HandLaw(0))
    lane = next(x for x in network.lanes.values() if x.from_recipe == "works/us/engine")
    coming = replace(network, lanes=MappingProxyType({**network.lanes, lane.id: replace(lane, share_pct=0.0)}))
    assert luck_of_sources(coming, flow, found, clock.start_s, sold(flow, clock)) is None


def test_a_lane_without_loads_is_priced_as_planned() -> None:
    """Cars that hold only engines from Mexico, and none of the others came: these cost what the plan says."""
    network, flow, found, clock = assessed(HandLaw(100_000))
    near = flow.lane == flow.lane_ids.index("works/us/engine..plant/us/car")
    never = replace(flow, received_s=np.where(near, -1, flow.received_s))
    cars = sold(flow, clock)
    luck = luck_of_sources(network, never, found, clock.start_s, cars)
    known = luck_of_sources(network, flow, found, clock.start_s, cars)
    assert luck is not None
    assert known is not None
    np.testing.assert_allclose(luck.landed, known.landed, atol=1e-9)
