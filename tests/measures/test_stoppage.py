"""Line stoppage: down time between ready and start, lost vehicles, overtime, and their cost."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from sim.clock import Clock
from sim.currency import Move, Worth
from sim.engines.reference import simulate
from sim.measures.stoppage import Stoppage, WorkingTime, regular_time, stoppages
from sim.network.model import Calendar, Evidence, Network, Schedule, Shutdown
from sim.parameters import Parameters
from sim.plan import Crews
from sim.units import DAY, HOUR
from tests.customs.hand import Hand, free_parameters
from tests.customs.recorded import BEGINS, plan_of, run

LANE = "plant/us/car..market/us"


def one_plant(**rest: object) -> Network:
    """A Mexican engine into a US car: 500 dollars of labour in 10 working seconds, list price 30,000."""
    hand = Hand()
    hand.site("supplier/mx", "MX")
    hand.site("plant/us", "US")
    hand.site("market/us", "US", "market")
    hand.crossing("laredo/us", "MX", "US")
    engine = hand.recipe("supplier/mx", "engine", labour=100.0)
    car = hand.recipe(
        "plant/us", "car", hts="8703.23", labour=500.0, inputs={"engine": 1}, tier=0,
        schedule=Schedule(8, 1, str(rest.pop("overtime", "")), 30_000.0), **rest,  # type: ignore[arg-type]
    )  # fmt: skip
    hand.lane(engine, car, [("laredo/us", "entry")], units=1)
    hand.lane(car, "market/us")
    week = Calendar("weekdays", "America/Detroit", tuple((day, 6.0, 14.0) for day in range(5)))
    saturday = Calendar("saturday", "America/Detroit", ((5, 6.0, 14.0),))
    return hand.build(week, saturday)


def stopped(network: Network, slots: list[int], parameters: Parameters, **rest: object) -> Stoppage:
    plan, ledger, flow, clock = run(network, {LANE: slots}, **rest)  # type: ignore[arg-type]
    assert flow.nodes == len(ledger.loads.lane)
    return stoppages(network, plan, ledger, clock, parameters)["plant/us/car"]


def test_working_time() -> None:
    work = WorkingTime(np.array([10, 40]), np.array([20, 60]))
    assert [work.until(t) for t in (0, 10, 15, 20, 30, 40, 50, 60, 99)] == [0, 0, 5, 10, 10, 10, 20, 30, 30]
    assert work.between(15, 45) == 10
    assert work.between(45, 15) == 0


def test_regular_time_follows_local_hours() -> None:
    """Wednesday 16 August 2017: Detroit is four hours behind UTC, so 6 to 14 is 10 to 18."""
    calendar = Calendar("x", "America/Detroit", ((2, 6.0, 14.0),))
    work = regular_time(calendar, Clock(dt.date(2017, 8, 16), 0, DAY))
    assert (work.opens.tolist(), work.closes.tolist()) == ([10 * HOUR], [18 * HOUR])


def test_regular_time_knows_shutdowns() -> None:
    closed = (Shutdown("closed", (8, 16), (8, 22), Evidence("assumption", 0.0, "test")),)
    calendar = Calendar("x", "America/Detroit", ((2, 6.0, 14.0),), closed)
    work = regular_time(calendar, Clock(dt.date(2017, 8, 16), 0, 8 * DAY))
    assert (work.opens.tolist(), work.closes.tolist()) == ([(7 * 24 + 10) * HOUR], [(7 * 24 + 18) * HOUR])


def test_a_line_that_never_waits_costs_nothing() -> None:
    found = stopped(one_plant(), [5 * HOUR], free_parameters())
    assert (found.down_h, found.built, found.lost, found.total_usd) == (0.0, 1.0, 0.0, 0.0)


def test_waiting_for_an_input() -> None:
    """No engine on hand. Ordered at second 0 and made by 11, it travels an hour, two minutes and an hour.

    It arrives at second 7,331; a slot due at 3,600 has waited 3,731 s, at 50 dollars of labour a second.
    """
    found = stopped(one_plant(), [HOUR], free_parameters(), seeds=0, days=1)
    assert found.down_h == pytest.approx(3_731 / 3_600, abs=2 / 3_600)
    assert found.idle_usd == pytest.approx(found.down_h * 3_600 * 500 / 10)
    assert found.line_h == 24.0
    assert (found.contribution_usd, found.overtime_usd) == (0.0, 0.0)


def test_the_idle_rest_of_a_shift_is_down_time() -> None:
    """The engine comes at 7,331, after an hour of waiting: the crew has gone, the car is begun with the next shift."""
    network, recipe = one_plant(), "plant/us/car"
    plan = plan_of(network, {LANE: [HOUR]}, seeds=0, days=1)
    row, count = plan.recipes.ids.index(recipe), len(plan.recipes.ids)
    first = np.zeros(count + 1, dtype=np.int64)
    first[row + 1 :] = 2
    plan = replace(plan, crews=Crews(np.full(count, HOUR), first, np.array([0, 8 * HOUR])))
    found = stoppages(network, plan, simulate(plan), Clock(BEGINS, 0, DAY), free_parameters())[recipe]
    assert found.down_h == 7.0
    assert found.idle_usd == 7 * HOUR * 50
    assert (found.built, found.lost) == (1.0, 0.0)


def test_each_second_of_waiting_counts_once() -> None:
    """Three slots due together wait for the same engines: the line is down once, not three times."""
    one = stopped(one_plant(), [HOUR], free_parameters(), seeds=0, days=1)
    three = stopped(one_plant(), [HOUR] * 3, free_parameters(), seeds=0, days=1)
    assert three.built == 3.0
    assert three.down_h < one.down_h + 3 * 60 / 3_600  # later engines come a minute apart, from one booth


def test_a_slot_that_expires_is_lost() -> None:
    """Due at hour 1, expired at 1.5 h: half an hour down and 10 % of 30,000 lost."""
    found = stopped(one_plant(), [HOUR], free_parameters(), seeds=0, days=1, expires_s=5_400)
    assert (found.built, found.lost) == (0.0, 1.0)
    assert found.down_h == pytest.approx(0.5)
    assert found.contribution_usd == pytest.approx(3_000.0)
    assert found.total_usd == pytest.approx(3_000.0 + 1_800 * 50)


def test_down_time_counts_working_time_only() -> None:
    """The line works from hour 0 to hour 1.5: of the wait from hour 1, half an hour is working time."""
    shifts = {"plant/us/car": ((0, 5_400), (20 * HOUR, 22 * HOUR))}
    found = stopped(one_plant(), [HOUR], free_parameters(), seeds=0, days=1, shifts=shifts)
    assert found.down_h == pytest.approx(0.5)
    assert found.line_h == pytest.approx(3.5)


def test_overtime_premium() -> None:
    """Regular hours are 10 to 18 UTC; a car built at 20:00 takes ten seconds of overtime: half of 500 more."""
    network = one_plant(calendar="weekdays", overtime="saturday")
    shifts = {"plant/us/car": ((10 * HOUR, 18 * HOUR), (20 * HOUR, 22 * HOUR))}
    found = stopped(network, [12 * HOUR, 20 * HOUR], free_parameters(), days=1, shifts=shifts)
    assert found.built == 2.0
    assert found.overtime_usd == pytest.approx(0.5 * 500)
    assert found.down_h == 0.0


def test_the_window_cuts_down_time() -> None:
    """Down from 3,600 to about 7,331; a window from 5,400 sees the rest."""
    found = stopped(one_plant(), [HOUR], free_parameters(), seeds=0, days=1, warm_up_s=5_400)
    assert found.down_h == pytest.approx(1_931 / 3_600, abs=2 / 3_600)


def test_idle_labour_is_paid_at_the_rate_of_the_day() -> None:
    """The engine is made from 22:00 on: a slot due at 23:00 waits an hour, and two minutes of the next day."""
    network = one_plant()
    plant = replace(network.sites["plant/us"], currency="MXN")
    network = replace(network, sites=MappingProxyType({**network.sites, "plant/us": plant}))
    tomorrow = BEGINS + dt.timedelta(days=1)
    worth = Worth((Move("MXN", tomorrow, tomorrow + dt.timedelta(days=9), 500_000),))
    rest = {"seeds": 0, "days": 2, "shifts": {"supplier/mx/engine": ((22 * HOUR, 40 * HOUR),)}}
    plain = stopped(network, [23 * HOUR], free_parameters(), **rest)
    fallen = stopped(network, [23 * HOUR], replace(free_parameters(), worth=worth), **rest)
    late_s = plain.down_h * HOUR - HOUR
    assert 120 < late_s < 140
    assert fallen.down_h == plain.down_h
    assert plain.idle_usd == pytest.approx((HOUR + late_s) * 50)
    assert fallen.idle_usd == pytest.approx((HOUR + late_s / 2) * 50)
