"""Room on a trailer, and what a part load pays for it."""

from dataclasses import replace

import pytest

from sim.network import load_network
from sim.network.capacity import room_taken, share_paid

NETWORK = load_network("midsize")
HARNESS = next(x for x in NETWORK.lanes.values() if x.part == "main_harness" and x.mode == "truck")


# A set of harnesses has 28 kg and 0.22 m3: 100 sets take 2,800 / 19,000 of a trailer by mass, 22 / 65 by volume.
@pytest.mark.parametrize(("units", "room", "paid"), [(100, 22 / 65, 33 / 65), (250, 55 / 65, 1.0), (5_000, 1.0, 1.0)])
def test_a_part_load_pays_for_its_room_and_half_as_much_again(units, room, paid):
    lane = replace(HARNESS, load_units=units)
    assert room_taken(NETWORK, lane) == pytest.approx(room)
    assert share_paid(NETWORK, lane) == pytest.approx(paid)


def test_finished_vehicles_fill_their_carrier():
    market = next(x for x in NETWORK.lanes.values() if not x.to_recipe)
    assert room_taken(NETWORK, market) == share_paid(NETWORK, market) == 1.0
