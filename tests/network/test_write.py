"""A network written to files is read again as the same network."""

import pytest

from sim.network import load_network
from sim.network.generate import Shape, write_generated
from sim.network.schema import OPTIONAL_FILES
from sim.network.write import _optional, save_network


@pytest.mark.parametrize("name", ["borders", "midsize", "seat_control", "north_america"])
def test_a_shipped_network_survives(name, tmp_path):
    network = load_network(name)
    save_network(network, tmp_path / name)
    again = load_network(tmp_path / name)
    assert again.digest == network.digest
    assert again == network


def test_every_file_that_a_network_may_have_is_written():
    assert set(_optional(load_network("seat_control"))) == set(OPTIONAL_FILES)


def test_a_network_with_milk_runs_survives(tmp_path):
    write_generated(tmp_path / "made", Shape(plants=3, parts=40, milk_runs=True), 3, force=False)
    network = load_network(tmp_path / "made")
    assert network.milk_runs
    save_network(network, tmp_path / "again")
    assert load_network(tmp_path / "again").digest == network.digest
