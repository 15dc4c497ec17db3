"""Lines of crossings and substitutes in a network's files: read, written again, shown, and refused where wrong."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from sim.errors import NetworkError
from sim.network import load_network
from sim.network.load import load_network as load
from sim.network.write import save_network

HEAD = "crossing,substitute,hours,share_pct,basis,range_pct,source\n"
LAREDO = "laredo_wtb/us,laredo_colombia/us,0.5,75,computed,20,ports\n"


def folder(tmp_path: Path, substitutes: str = "", **cells: str) -> Path:
    """The default network with other substitutes and, in rows of ``crossings.csv`` by id, cells `column=value`."""
    place = tmp_path / "changed"
    save_network(load_network("midsize"), place)
    if substitutes:
        (place / "substitutes.csv").write_text(HEAD + substitutes, encoding="utf-8")
    path = place / "crossings.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        if row["id"] in cells:
            column, value = cells[row["id"]].split("=")
            row[column] = value
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return place


def test_lines_and_substitutes_are_read_written_and_shown(tmp_path: Path) -> None:
    rows = LAREDO + "laredo_colombia/us,laredo_wtb/us,0.5,40,assumption,50,ports\n"
    changes = {"laredo_wtb/us": "export_modules=8", "ysleta/us": "yard_cv=1"}
    network = load(folder(tmp_path, rows, **changes))
    assert network.crossings["laredo_wtb/us"].export_modules == 8
    assert network.crossings["ysleta/us"].yard_cv == 1
    assert [(x.substitute, x.hours, x.share_pct) for x in network.substitutes_of("laredo_wtb/us")] == [
        ("laredo_colombia/us", 0.5, 75)
    ]
    assert network.substitutes_of("ysleta/us") == ()
    alone = {"laredo_wtb/us": network.crossings["laredo_wtb/us"]}
    assert replace(network, crossings=MappingProxyType(alone)).substitutes_of("laredo_wtb/us") == ()
    save_network(network, tmp_path / "again")
    assert load(tmp_path / "again").digest == network.digest
    edge = network.to_networkx().edges["laredo_wtb/us", "laredo_colombia/us", "substitute"]
    assert edge == {"kind": "substitute", "hours": 0.5, "share_pct": 75}


@pytest.mark.parametrize(
    ("substitutes", "message"),
    [
        (
            LAREDO.replace("colombia/us", "wtb/us"),
            "column substitute: 'laredo_wtb/us' is the crossing itself. Name another.",
        ),
        (
            LAREDO.replace("laredo_colombia/us", "laredo_wtb/mx"),
            "column substitute: 'laredo_wtb/mx' leads from US to MX by land_truck, 'laredo_wtb/us' from MX to US by "
            "land_truck. Name one that leads the same way.",
        ),
        (
            LAREDO.replace("75", "60") + LAREDO.replace("laredo_colombia", "ysleta").replace("75", "41"),
            "column share_pct: the shares of 'laredo_wtb/us' add up to 101 %. Trucks go to one place: at most 100 %.",
        ),
        (LAREDO.replace("0.5", "0"), "column hours: '0' is too small. Write a number above 0."),
    ],
)
def test_substitutes_that_are_none(tmp_path: Path, substitutes: str, message: str) -> None:
    with pytest.raises(NetworkError) as caught:
        load(folder(tmp_path, substitutes))
    assert str(caught.value).endswith(f"substitutes.csv row 2, {message}")


def test_lines_where_nobody_queues(tmp_path: Path) -> None:
    with pytest.raises(NetworkError) as caught:
        load(folder(tmp_path, **{"port_la_lb/us": "export_modules=3"}))
    assert str(caught.value).endswith(
        "column export_modules: '3' stand where nobody queues. Write 0, or give the crossing booths."
    )
    with pytest.raises(NetworkError) as caught:
        load(folder(tmp_path, **{"laredo_rail/us": "cycle_standard_s=0"}))
    assert str(caught.value).endswith("column cycle_standard_s: is 0, but railcars queue here. Write a number above 0.")
