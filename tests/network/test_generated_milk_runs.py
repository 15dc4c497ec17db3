"""Milk runs of generated networks: small parts of one site share trucks, on request, and nothing else moves."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.bench.cases import generated_network, network_plan
from sim.engines import compiled
from sim.engines.reference import simulate
from sim.ledger.balance import check_balances
from sim.ledger.difference import first_difference
from sim.network import check_network, load_network
from sim.network.build.milk import FULL_ROOM, MOST_ROOM, Rider, share_out
from sim.network.build.tables import write_network
from sim.network.capacity import room_taken
from sim.network.generate import Shape, generate, write_generated
from sim.network.graph import daily_units
from sim.network.model import Lane, Network
from tests.network.shapes import shapes

SHARED = Shape(parts=30, makers=2, suppliers=8, background=200, vehicles_per_day=100, milk_runs=True)
APART = Shape(parts=30, makers=2, suppliers=8, background=200, vehicles_per_day=100)


def riders(network: Network) -> dict[str, list[Lane]]:
    found: dict[str, list[Lane]] = defaultdict(list)
    for lane in network.lanes.values():
        if lane.milk_run:
            found[lane.milk_run].append(lane)
    return found


def test_small_parts_of_one_site_for_one_other_ride_together() -> None:
    network = generated_network(SHARED)
    found, daily = riders(network), daily_units(network)
    assert found.keys() == network.milk_runs.keys()
    assert len(found) > 5
    for lanes in found.values():
        assert len(lanes) > 1
        assert len({(network.recipes[lane.from_recipe].site, lane.to_site, lane.mode) for lane in lanes}) == 1
        rooms = [room_taken(network, lane) * daily[lane.id] / lane.load_units for lane in lanes]
        assert max(rooms) <= MOST_ROOM
        assert sum(rooms) <= FULL_ROOM
        assert all(daily[lane.id] / lane.load_units < 2 for lane in lanes)  # a load a day, or nearly so
    assert {len(run.departures) for run in network.milk_runs.values()} == {5}
    assert len({run.departures for run in network.milk_runs.values()}) > 1


def test_nothing_moves_but_those_who_ride_and_the_booths_they_need() -> None:
    plain, shared = generate(APART, 1), generate(SHARED, 1)
    assert "milk_runs.csv" not in plain
    assert not any("milk_run" in row for row in plain["lanes.csv"])
    for name in plain:
        if name not in ("lanes.csv", "crossings.csv"):
            assert plain[name] == shared[name], name
    pairs = list(zip(plain["lanes.csv"], shared["lanes.csv"], strict=True))
    assert all(one == other for one, other in pairs if "milk_run" not in other)
    for one, other in pairs:
        if "milk_run" in other:
            assert {name for name in one if one[name] != other[name]} <= {"load_units"}


def test_who_rides_with_whom_by_hand() -> None:
    def rider(name: str, room: float, end: str = "plant/us_1") -> Rider:
        return Rider(name, ("supplier/mx_4", end), 10.4, room)

    asked = [rider(name, 0.3) for name in "fedcba"] + [rider("big", 0.31), rider("alone", 0.1, "plant/us_2")]
    runs = share_out(asked)
    assert {name: [x.lane for x in trailer] for name, trailer in runs.items()} == {
        "mx_4_to_plant_us_1": ["a", "b", "c"],
        "mx_4_to_plant_us_1_run_2": ["d", "e", "f"],
    }
    assert asked[0].load_units == 10
    assert share_out([rider("a", 0.3), rider("b", 0.3), rider("c", 0.3), rider("d", 0.1)]).keys() == {
        "mx_4_to_plant_us_1"
    }


def test_trucks_are_fewer_than_loads_and_no_vehicle_is_lost() -> None:
    plan = network_plan(generated_network(SHARED), 2, 8)
    ledger = simulate(plan)
    check_balances(plan, ledger)
    difference = first_difference(plan, ledger, compiled.simulate(plan), ("reference", "compiled"))
    assert not difference, difference
    loads, rows = ledger.loads, ledger.passages
    rides = (plan.lanes.run[loads.lane] >= 0) & (loads.shipped_s >= 0)
    left = np.unique(plan.lanes.run[loads.lane[rides]] * plan.horizon_s + loads.shipped_s[rides]).size
    assert left < 0.6 * rides.sum()
    assert 0 < (rows.truck != rows.load).sum() < rows.load.size / 2
    assert not loads.is_lost.any()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shape=shapes(
        suppliers=st.integers(1, 5),
        vehicles_per_day=st.integers(1, 800),
        milk_runs=st.just(True),
    ),
    seed=st.integers(0, 99),
)
def test_every_shape_is_sound(tmp_path_factory: pytest.TempPathFactory, shape: Shape, seed: int) -> None:
    where = tmp_path_factory.mktemp("made")
    write_network(where, generate(shape, seed))
    assert check_network(where) == ()


def test_the_options_make_the_same_files_again_and_a_folder_is_replaced(tmp_path: Path) -> None:
    for _ in range(2):
        write_generated(tmp_path / "made", SHARED, 2, force=True)
    told = (tmp_path / "made" / "SOURCES.md").read_text()
    assert "--background 200 --suppliers 8 --milk-runs --seed 2`" in told
    assert load_network(tmp_path / "made").milk_runs
    write_generated(tmp_path / "made", APART, 2, force=True)
    assert not (tmp_path / "made" / "milk_runs.csv").exists()
