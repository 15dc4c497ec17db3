"""Disruptions: stops, months, longest waits and clearing, each against a count done by hand or brute force."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.clock import Clock
from sim.customs import Claims, assess, ledger_flow
from sim.engines.reference import simulate
from sim.ledger.ledger import CrossingHours, Ledger
from sim.measures.context import Context, open_context
from sim.measures.disruption import background_trucks, first_stop, queue_clears, stopped, worst_wait
from sim.measures.stoppage import Stoppage, WorkingTime
from sim.network.hours import open_hours
from sim.network.model import Network
from sim.scenario import Shock
from sim.units import DAY, HOUR
from tests.customs.hand import HandLaw, free_parameters
from tests.customs.recorded import BEGINS, run
from tests.measures.test_stoppage import LANE, one_plant
from tests.planning.conftest import tiny  # noqa: F401 - a fixture
from tests.planning.test_build import BRIDGE, plan_of, scenario

MIDNIGHT = dt.datetime.combine(BEGINS, dt.time(), dt.UTC)


@given(
    shifts=st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), max_size=5),
    pieces=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), max_size=8),
    second=st.integers(0, 60),
    length_s=st.integers(1, 50),
)
def test_stopped_is_found_as_by_counting_seconds(
    shifts: list[tuple[int, int]], pieces: list[tuple[int, int]], second: int, length_s: int
) -> None:
    edges = np.cumsum([step for shift in shifts for step in shift]).reshape(-1, 2)
    work = WorkingTime(edges[:, 0], edges[:, 1])
    waits = np.array([(begun, begun + length) for begun, length in pieces], dtype=np.int64).reshape(-1, 2)
    found = Stoppage(0, 0, 0, 0, 0, 0, 0, waits, work).stopped_after(second, length_s)
    down = 0
    expected = None
    for t in range(second, 120):
        if any(opens <= t < closes for opens, closes in edges.tolist()):
            down += sum(begun <= t < ended for begun, ended in waits.tolist())
        if down >= length_s and expected is None:
            expected = t + 1
    assert found == expected


def context_of(network: Network, slots: list[int], *shocks: Shock, **rest: object) -> Context:
    plan, ledger, flow, clock = run(network, {LANE: slots}, **rest)  # type: ignore[arg-type]
    assessment = assess(flow, network, HandLaw(), Claims.none(), free_parameters())
    return open_context(network, plan, ledger, flow, assessment, clock, free_parameters(), shocks)


def strike(hours: float) -> Shock:
    return Shock("strike", "supplier/mx", MIDNIGHT + dt.timedelta(hours=hours), HOUR)


def test_a_line_that_waits_an_hour_has_stopped() -> None:
    """A slot due at hour 1 waits for an engine until second 7,331: an hour is full at hour 2."""
    context = context_of(one_plant(), [HOUR], strike(0.5), seeds=0, days=1)
    assert list(first_stop(context)) == [("plant/us/car", "", 1.5), ("all", "", 1.5)]
    assert list(stopped(context)) == [("plant/us/car", "", 100.0), ("all", "", 100.0)]


def test_a_line_that_waits_less_has_not() -> None:
    """Of the wait until second 7,331 only 0.54 hours lie after the shock."""
    context = context_of(one_plant(), [HOUR], strike(1.5), seeds=0, days=1)
    assert list(first_stop(context)) == []
    assert list(stopped(context)) == [("plant/us/car", "", 0.0), ("all", "", 0.0)]


def test_without_a_shock_nothing_is_said_of_stops() -> None:
    context = context_of(one_plant(), [HOUR], seeds=0, days=1)
    assert [*first_stop(context), *stopped(context)] == []


@pytest.fixture
def at_the_bridge(tiny: Network) -> Context:  # noqa: F811 - the fixture
    """Two weeks over the end of August, measured from the third day on."""
    asked = scenario(warm_up_s=7 * DAY, start=dt.date(2017, 8, 26), run_s=9 * DAY)
    plan = plan_of(tiny, asked)
    ledger = simulate(plan)
    clock = asked.clock()
    flow = ledger_flow(tiny, plan, ledger, clock)
    assessment = assess(flow, tiny, HandLaw(), Claims.none(), free_parameters())
    return open_context(tiny, plan, ledger, flow, assessment, clock, free_parameters())


def test_trucks_that_go_elsewhere_are_told_where_there_are_any(at_the_bridge: Context) -> None:
    """Seven leave for the other direction's id in an August hour and arrive there in the same month."""
    gone = np.zeros((2, hours_of(at_the_bridge.clock)), dtype=np.int64)
    come = np.zeros_like(gone)
    gone[1, 200], come[0, 201] = 7, 7
    context = with_hours(at_the_bridge, diverted=gone, came_over=come)
    found = {item: value for _, item, value in background_trucks(context)}
    assert (found["bridge/us|2017-08|diverted"], found["bridge/us|2017-09|diverted"]) == (7, 0)
    assert (found["bridge/ca|2017-08|came_over"], found["bridge/ca|2017-09|came_over"]) == (7, 0)
    assert "bridge/ca|2017-08|diverted" not in found


def with_hours(context: Context, **columns: np.ndarray) -> Context:
    ledger: Ledger = replace(context.ledger, hours=replace(context.ledger.hours, **columns))
    return replace(context, ledger=ledger)


def hours_of(clock: Clock) -> int:
    return clock.end_s // HOUR


def test_trucks_are_counted_by_local_month(at_the_bridge: Context) -> None:
    """Detroit is four hours behind UTC: its September begins with hour 4 of the UTC day."""
    hours: CrossingHours = at_the_bridge.ledger.hours
    found = {item: value for _, item, value in background_trucks(at_the_bridge)}
    assert {item.split("|")[1] for item in found} == {"2017-08", "2017-09"}
    start, turn = 7 * 24, (7 + 6) * 24 + 4
    for row, name in enumerate(at_the_bridge.plan.crossings.ids):
        assert found[f"{name}|2017-08|passed"] == hours.passed[row, start:turn].sum()
        assert found[f"{name}|2017-09|passed"] == hours.passed[row, turn:].sum()
        assert found[f"{name}|2017-08|lost"] == hours.gave_up[row, start:turn].sum()
    assert found[f"{BRIDGE}|2017-08|passed"] > 5_000


def test_the_longest_wait_is_that_of_the_worst_hour_in_the_window(at_the_bridge: Context) -> None:
    passed = np.full((2, hours_of(at_the_bridge.clock)), 10)
    wait_s = np.zeros_like(passed)
    wait_s[0, 100] = 10 * 9 * HOUR  # before the window
    wait_s[0, 200] = 10 * 2 * HOUR
    wait_s[1, 300] = 10 * 3 * HOUR
    context = with_hours(at_the_bridge, passed=passed, wait_s=wait_s)
    assert list(worst_wait(context)) == [("all", "bridge/ca", 2.0), ("all", "bridge/us", 3.0)]
    inspected, wait_bay_s = np.zeros_like(passed), np.zeros_like(passed)
    inspected[1, 250], wait_bay_s[1, 250] = 4, 4 * 6 * HOUR
    queued = with_hours(context, inspected=inspected, wait_bay_s=wait_bay_s)
    assert list(worst_wait(queued)) == [
        ("all", "bridge/ca", 2.0),
        ("all", "bridge/us", 3.0),
        ("all", "bridge/us|inspection", 6.0),
    ]


def test_hours_in_which_a_port_rests_are_no_wait(at_the_bridge: Context) -> None:
    """Open from 6 to 22 at Detroit, four hours behind UTC: a night rests eight hours of the ten between."""
    shut = {"open_hour": 6, "close_hour": 22, "weekend_open_hour": 6, "weekend_close_hour": 22}
    network = at_the_bridge.network
    crossings = {name: replace(crossing, **shut) for name, crossing in network.crossings.items()}
    passed = np.full((2, hours_of(at_the_bridge.clock)), 10)
    wait_s = np.zeros_like(passed)
    noon, night = 10 * 24 + 16, 10 * 24 + 2  # of UTC; the second is 22 o'clock of the day before
    wait_s[0, noon] = 10 * 3 * HOUR  # served at half past 15
    wait_s[1, night - 1] = 10 * 10 * HOUR  # from half past 21 until half past 7
    wait_s[1, night + 3] = 10 * 5 * HOUR  # from half past one at night until half past 6
    plan = at_the_bridge.plan
    count = plan.crossings.open_standard.shape[1]
    works = [open_hours(crossings[name], at_the_bridge.clock, count) for name in plan.crossings.ids]
    plan = replace(plan, crossings=replace(plan.crossings, open_standard=np.array(works, dtype=np.int64)))
    shut_at_night = replace(at_the_bridge, network=replace(network, crossings=crossings), plan=plan)
    context = with_hours(shut_at_night, passed=passed, wait_s=wait_s)
    assert list(worst_wait(context)) == [("all", "bridge/ca", 3.0), ("all", "bridge/us", 2.0)]
    wait_s = wait_s.copy()
    wait_s[1, night - 1] = 0
    assert list(worst_wait(with_hours(context, wait_s=wait_s)))[1] == ("all", "bridge/us", 0.5)


def test_a_queue_clears_when_it_is_like_the_week_before(at_the_bridge: Context) -> None:
    """Ten minutes before the shock, hours of waiting during and six hours after it, forty minutes then."""
    clock = at_the_bridge.clock
    first, last = 200, 210
    passed = np.full((2, hours_of(clock)), 10)
    wait_s = np.full_like(passed, 10 * 600)
    passed[:, first:last] = 0
    wait_s[:, first:last] = 0
    wait_s[:, last : last + 6] = 10 * 5 * HOUR
    wait_s[:, last + 6 :] = 10 * 2_399
    shut = Shock("closure", "bridge/us", clock.moment(first * HOUR), (last - first) * HOUR)
    context = replace(with_hours(at_the_bridge, passed=passed, wait_s=wait_s), shocks=(shut,))
    assert list(queue_clears(context)) == [("all", "bridge/us", 6.0)]
    wait_s = wait_s.copy()
    wait_s[:, last + 6 :] = 10 * 2_401
    assert list(queue_clears(replace(with_hours(context, wait_s=wait_s), shocks=(shut,)))) == []
    both = replace(context, shocks=(replace(shut, at="bridge"),))
    assert list(queue_clears(both)) == [("all", "bridge/ca", 6.0), ("all", "bridge/us", 6.0)]
