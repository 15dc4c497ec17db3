"""Where the network breaks, and what a second crossing is worth."""

from dataclasses import replace

import numpy as np
import pytest

from sim.customs import Claims
from sim.errors import ScenarioError
from sim.planning import Decisions
from sim.replication.once import Prepared
from sim.resilience import Calm, Fault, crossing, crossing_worth, faults_of, find_breaks, harm_of
from sim.resilience.crossing import without_port
from sim.scenario.ports import with_ports
from tests.planning.test_build import arrivals, scenario
from tests.resilience.conftest import SHUT, closure, passed

CAR = "plant/michigan/car"
DAYS_4 = 4 * 86_400


def test_places_come_by_the_vehicles_that_they_put_at_risk(tiny):
    """Brackets last 24 hours and one of road beyond the bridge; steel 25 hours, and then brackets and their road."""
    into_us, into_ca = 1_000 * (96 - 25) / 24, 1_000 * (96 - 25 - 27) / 24
    assert faults_of(tiny, ("crossing", "port"), 9, DAYS_4) == [
        Fault("crossing", "bridge/us", into_us, 1_000.0),
        Fault("crossing", "bridge/ca", into_ca, 1_000.0),
        Fault("port", "bridge", into_us, 1_000.0),
    ]
    assert [x.place for x in faults_of(tiny, ("site",), 1, DAYS_4)] == ["supplier/ontario"]
    assert [x.vehicles_at_risk for x in faults_of(tiny, ("crossing",), 9, DAYS_4 // 4)] == [0, 0]  # stocks outlast it


def test_breaks_are_ranked_by_vehicles_lost_and_agree_with_a_single_run(prepared):
    faults = faults_of(prepared.network, ("crossing",), 9, DAYS_4)
    found = find_breaks(prepared, faults, SHUT, DAYS_4, 1)
    assert [x.fault.place for x in found] == ["bridge/us", "bridge/ca"]
    calm = Calm.of(prepared, 0)
    since = calm.clock.second(SHUT)
    harm = harm_of(calm.run, calm.disturbed((closure(96),)), since)[CAR]
    assert found[0].vehicles_lost == harm.lost
    assert found[0].lost_by_line == {CAR: harm.lost}
    assert found[0].first_stop_h == pytest.approx((harm.first_stop_s - since) / 3_600)
    assert (found[0].first_line, found[0].lines_stopped) == (CAR, 1)


def test_a_second_crossing_is_worth_the_vehicles_that_it_saves(two_bridges):
    ordinary, disturbed = crossing_worth(two_bridges, "tunnel", 1)
    assert (ordinary.setting, ordinary.vehicles) == ("ordinary", 0)
    calm = Calm.of(two_bridges, 0)
    stuck = calm.disturbed(two_bridges.scenario.shocks, without_port(two_bridges.network, "tunnel"))
    having = calm.disturbed(two_bridges.scenario.shocks)
    assert passed(stuck, "tunnel/us") == 0 < passed(having, "tunnel/us")
    row = calm.run.plan.crossings.ids.index("bridge/us")
    for run in (stuck, having):  # other people's trucks come all the same, but where they could not go home
        calm_s, found_s = (arrivals(each.plan, row) for each in (calm.run, run))
        assert np.array_equal(found_s, calm_s)
        assert run.plan.background.arrive_s.size < calm.run.plan.background.arrive_s.size
    lost = sum(x.lost for x in stuck.stoppages.values())
    assert disturbed.vehicles == lost > 0
    # 10 % of the list price of 30,000
    assert disturbed.contribution_usd == pytest.approx(lost * 3_000)
    assert disturbed.trucks > 0
    assert disturbed.total_usd > ordinary.total_usd


def test_without_shocks_only_ordinary_times_are_compared(two_bridges):
    calm = replace(two_bridges, scenario=replace(two_bridges.scenario, shocks=()))
    assert [x.setting for x in crossing_worth(calm, "tunnel", 1)] == ["ordinary"]


def test_a_port_that_is_opened_is_set_against_the_same_without_it(tiny, monkeypatch):
    """Other people's trucks, half of whom it takes, all come to its neighbour where it stays shut."""
    opened, _ = with_ports(tiny, {"gordie_howe": "bridge"})
    shocks = (closure(96), closure(24, "gordie_howe/us"))
    lanes = {"gordie_howe/us": {"booths_standard": 3.0}, "bridge/us": {"booths_standard": 2.0}}
    asked = scenario(shocks=shocks, open_ports={"gordie_howe": "bridge"}, crossings=lanes)
    plain = Decisions(Claims.none(), asked.values())
    having = Prepared(asked, opened, None, asked.values(), plain)
    told = []

    def prepare(shut, stocking):
        told.append(shut)
        return Prepared(shut, tiny, None, shut.values(), plain, None, stocking)

    monkeypatch.setattr(crossing, "prepare", prepare)
    ordinary, disturbed = crossing_worth(having, "gordie_howe", 1)
    (shut,) = told
    assert (dict(shut.open_ports), dict(shut.crossings)) == ({}, {"bridge/us": {"booths_standard": 2.0}})
    alone, both = Calm.of(prepare(shut, None), 0), Calm.of(having, 0)
    trucks = [run.run.plan.background.arrive_s.size for run in (alone, both)]
    assert trucks[0] == pytest.approx(trucks[1], rel=0.05)
    here = [
        np.diff(run.run.plan.background.first)[list(run.run.plan.crossings.ids).index("bridge/us")]
        for run in (alone, both)
    ]
    assert here[1] == pytest.approx(here[0] / 2, rel=0.05)
    stuck, free = alone.disturbed(shocks[:1]), both.disturbed(shocks)
    lost = [sum(x.lost for x in run.stoppages.values()) for run in (stuck, free)]
    assert disturbed.vehicles == lost[0] - lost[1] > 0
    assert ordinary.vehicles == 0


def test_a_port_must_be_there_and_be_one_of_several_ways(tiny):
    with pytest.raises(ScenarioError) as wrong:
        without_port(tiny, "brigde")
    assert str(wrong.value) == "crossing: no port 'brigde' in network 'tiny'. Did you mean 'bridge'?"
    with pytest.raises(ScenarioError) as alone:
        without_port(tiny, "bridge")
    assert str(alone.value) == "crossing: no lane of network 'tiny' has 'bridge' as one of several ways"
