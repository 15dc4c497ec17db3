"""Round trips: who cannot go home by a closed way stays away, or goes round by a substitute both ways."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from sim.clock import Clock
from sim.network.model import Network
from sim.parameters import Parameters
from sim.planning.round_trips import way_back_factors
from sim.planning.traffic import ordinary_traffic
from sim.scenario import Shock
from sim.units import DAY, HOUR
from tests.planning.test_build import BRIDGE, arrivals, plan_of, same, scenario

OUT, BACK = "ambassador_bridge/us", "ambassador_bridge/ca"
ROUND, ROUND_BACK = "blue_water_bridge/us", "blue_water_bridge/ca"


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock(dt.date(2017, 10, 30), 0, 14 * DAY)


def closure(clock: Clock, at: str, day: int, days: int) -> Shock:
    return Shock("closure", at, clock.moment(day * DAY), days * DAY)


def factors(network: Network, clock: Clock, *shocks: Shock, **parameters: str) -> dict[str, np.ndarray]:
    asked: Parameters = scenario(parameters=parameters).values()
    return way_back_factors(network, ordinary_traffic(network, clock), shocks, clock, asked)


def test_half_of_four_fifths_go_round_and_the_others_are_lost(midsize: Network, clock: Clock) -> None:
    """Substitutes of the bridge in this network: half would go by the Blue Water Bridge."""
    found = factors(midsize, clock, closure(clock, BACK, 2, 3))
    assert set(found) == {OUT, ROUND}
    usual = {name: traffic.background_per_hour for name, traffic in ordinary_traffic(midsize, clock).items()}
    shut = slice(2 * 24, 5 * 24)
    assert found[OUT][shut] == pytest.approx(0.2)
    come = (found[ROUND] - 1) * usual[ROUND]
    assert come[shut] == pytest.approx(0.8 * 0.5 * usual[OUT][shut])
    for factor in found.values():
        assert (np.delete(factor, range(2 * 24, 5 * 24)) == 1).all()


def test_a_port_shut_both_ways_is_left_to_those_who_come(midsize: Network, clock: Clock) -> None:
    assert not factors(midsize, clock, closure(clock, "ambassador_bridge", 2, 3))
    longer = factors(midsize, clock, closure(clock, BACK, 2, 3), closure(clock, OUT, 1, 2))
    assert (longer[OUT][: 3 * 24] == 1).all()
    assert longer[OUT][3 * 24 : 5 * 24] == pytest.approx(0.2)
    assert longer[BACK][24 : 2 * 24] == pytest.approx(0.2)
    assert (longer[BACK][2 * 24 :] == 1).all()


@pytest.mark.parametrize("other", [ROUND, ROUND_BACK])
def test_nobody_goes_round_by_what_is_shut_itself(midsize: Network, clock: Clock, other: str) -> None:
    found = factors(midsize, clock, closure(clock, BACK, 2, 2), closure(clock, other, 3, 2))
    assert (found[ROUND][3 * 24 : 4 * 24] <= 1).all()
    assert (found[ROUND][2 * 24 : 3 * 24] > 1).all()


def test_cars_wait_for_their_railway(midsize: Network, clock: Clock) -> None:
    assert not factors(midsize, clock, closure(clock, "laredo_rail/us", 2, 3))


def test_where_nobody_goes_home_the_same_way_a_closure_moves_no_truck(tiny: Network) -> None:
    shock = Shock("closure", BRIDGE, dt.datetime(2017, 8, 16, 6, tzinfo=dt.UTC), 6 * HOUR)
    plain = plan_of(tiny, scenario())
    nobody = plan_of(tiny, scenario(shocks=(shock,), parameters={"round_trip_pct": "0 %"}))
    assert same(plain, nobody, ("background",))
    everybody = plan_of(tiny, scenario(shocks=(shock,), parameters={"round_trip_pct": "100 %"}))
    way_back = 1 - plain.crossings.ids.index(BRIDGE)
    arrive = {name: arrivals(plan, way_back) for name, plan in (("plain", plain), ("everybody", everybody))}
    begin = ((7 + 2) * 24 + 6) * HOUR
    inside = (arrive["plain"] >= begin) & (arrive["plain"] < begin + 6 * HOUR)
    assert inside.any()
    assert np.array_equal(arrive["everybody"], arrive["plain"][~inside])
    assert np.array_equal(arrivals(everybody, 1 - way_back), arrivals(plain, 1 - way_back))
