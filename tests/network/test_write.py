"""A network written to files is read again as the same network."""

import csv
from pathlib import Path

import pytest

from sim.network import load_network
from sim.network.generate import Shape, write_generated
from sim.network.load import NETWORKS as SHIPPED
from sim.network.schema import OPTIONAL_FILES
from sim.network.write import _optional, save_network


def read(path: Path) -> list[tuple[str, str, float, str, str, str]]:
    """Rows of a file of traffic or seasons: where, when, how much, and how it is known."""
    with path.open(newline="") as file:
        head, *rows = csv.reader(file)
    assert head[3:] == ["basis", "range_pct", "source"]
    return sorted((row[0], row[1], float(row[2]), row[3], row[4].removesuffix(".0"), row[5]) for row in rows)


@pytest.mark.parametrize("name", ["borders", "midsize", "seat_control", "north_america"])
def test_a_shipped_network_survives(name, tmp_path):
    network = load_network(name)
    save_network(network, tmp_path / name)
    again = load_network(tmp_path / name)
    assert again.digest == network.digest
    assert again == network


def test_how_traffic_is_known_survives(tmp_path):
    network = load_network("borders")
    told = network.told["traffic.csv", "laredo_wtb/us", 2024]
    assert told != network.crossings["laredo_wtb/us"].evidence
    save_network(network, tmp_path / "again")
    for file in ("traffic.csv", "seasons.csv"):
        theirs, ours = (read(folder / file) for folder in (SHIPPED / "borders", tmp_path / "again"))
        assert ours == theirs


def test_every_file_that_a_network_may_have_is_written():
    assert set(_optional(load_network("seat_control"))) == set(OPTIONAL_FILES)


def test_a_network_with_milk_runs_survives(tmp_path):
    write_generated(tmp_path / "made", Shape(plants=3, parts=40, milk_runs=True), 3, force=False)
    network = load_network(tmp_path / "made")
    assert network.milk_runs
    save_network(network, tmp_path / "again")
    assert load_network(tmp_path / "again").digest == network.digest
