"""The run day by day against a plain count, load by load and truck by truck, of the same ledger."""

from __future__ import annotations

from collections import defaultdict

import pytest

from sim.measures import DayRow
from sim.measures.daily import BUILT, MOVING, SERIES, STOCKED, WAIT, daily
from sim.planning import build
from sim.replication import prepare, simulate
from sim.units import DAY, HOUR


@pytest.fixture(scope="module")
def ran(asked):
    prepared = prepare(asked)
    plan = build(asked, prepared.network, prepared.decisions, prepared.parameters, 0)
    return plan, simulate(plan), asked.clock()


@pytest.fixture(scope="module")
def found(ran) -> dict[tuple[str, str], dict[str, float]]:
    rows: list[DayRow] = daily(*ran)
    told: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in rows:
        assert row.vehicle == "all"
        assert row.day.isoformat() not in told[row.measure, row.item]
        told[row.measure, row.item][row.day.isoformat()] = row.value
    assert {measure for measure, _ in told} == set(SERIES)
    return told


def test_loads_on_the_way_and_in_stock(ran, found) -> None:
    plan, ledger, clock = ran
    loads, uses = ledger.loads, ledger.uses
    left = loads.units.tolist()
    emptied = [None] * len(left)
    for source, consumer, units in sorted(
        zip(uses.source.tolist(), uses.consumer.tolist(), uses.units.tolist(), strict=True),
        key=lambda use: loads.started_s[use[1]],
    ):
        left[source] -= units
        if left[source] == 0:
            emptied[source] = int(loads.started_s[consumer])
    for number, day in enumerate(clock.days()):
        if number % 9:  # some days are enough
            continue
        end = (number + 1) * DAY
        moving = stocked = 0
        for row in range(len(left)):
            is_seed = loads.ordered_s[row] == -1
            shipped = 0 if is_seed else loads.shipped_s[row]
            has_left, has_come = 0 <= shipped < end, 0 <= loads.received_s[row] < end
            moving += has_left and not has_come
            is_gone = emptied[row] is not None and emptied[row] < end
            stocked += has_come and plan.lanes.stock[loads.lane[row]] >= 0 and not is_gone
        assert found[MOVING, ""][day.isoformat()] == moving
        assert found[STOCKED, ""][day.isoformat()] == stocked
    assert sum(found[STOCKED, ""].values()) > 0


def test_vehicles_built(ran, found) -> None:
    plan, ledger, clock = ran
    expected = dict.fromkeys((day.isoformat() for day in clock.days()), 0)
    for lane, units, finished in zip(ledger.loads.lane, ledger.loads.units, ledger.loads.finished_s, strict=True):
        if plan.recipes.is_assembly[plan.lanes.recipe[lane]] and 0 <= finished < clock.end_s:
            expected[clock.date(finished).isoformat()] += int(units)
    assert found[BUILT, ""] == expected
    assert sum(expected.values()) > 0


def test_waits_of_everybody(ran, found) -> None:
    plan, ledger, clock = ran
    trucks: dict[tuple[str, str], int] = defaultdict(int)
    waited: dict[tuple[str, str], int] = defaultdict(int)
    rows = ledger.passages
    for row in range(rows.load.size):
        if rows.truck[row] == rows.load[row] and rows.started_s[row] >= 0:
            place = plan.crossings.ids[rows.crossing[row]], clock.date(rows.joined_s[row]).isoformat()
            trucks[place] += 1
            waited[place] += int(rows.started_s[row] - rows.joined_s[row])
    for crossing, name in enumerate(plan.crossings.ids):
        for hour in range(clock.end_s // HOUR):
            place = name, clock.date(hour * HOUR).isoformat()
            trucks[place] += int(ledger.hours.passed[crossing, hour])
            waited[place] += int(ledger.hours.wait_s[crossing, hour])
    booths = {name for name, count in zip(plan.crossings.ids, plan.crossings.booths_standard, strict=True) if count}
    checked = 0
    for (name, day), count in trucks.items():
        if name in booths and count:
            assert found[WAIT, name][day] == pytest.approx(waited[name, day] / count / 60, rel=1e-12)
            checked += 1
    assert checked == sum(len(told) for (measure, _), told in found.items() if measure == WAIT) > 0
