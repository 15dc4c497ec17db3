"""Both directions of every port that a network's routes use, from the port and process fact tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sim.network.build.facts import read_airports, read_border_process, read_ports
from sim.network.build.lines import line_cells
from sim.network.build.tables import Cells, Fact
from sim.network.build.traffic import PortFit, read_fits

LEVEL_YEAR = 2017  # whose trucks hold where a year has none of its own
DISPERSION_CV = 0.2  # assumption: needed to reach observed 95th percentiles
PATIENCE_H = 6.0  # assumption: mean wait at which somebody else's truck gives up
STAFFING_PCT = 95.0  # assumption: booths are opened for this use
_STAGES = (
    "cycle_standard_s",
    "cycle_fast_s",
    "cycle_cv",
    "approach_min",
    "export_check_s",
    "red_light_pct",
    "red_light_min",
    "scan_pct",
    "scan_min",
    "exam_pct",
    "exam_fast_pct",
    "exam_min",
    "inspection_pct",
    "inspection_min",
)


def crossing_rows(used: Iterable[str], loads_a_day: Mapping[str, float]) -> list[Cells]:
    """Rows of ``crossings.csv`` for the crossings named, such as ``laredo_wtb/us``; the network's loads by crossing."""
    ports, process = read_ports() | read_airports(), read_border_process()
    rows: list[Cells] = []
    for crossing in sorted(used):
        port, to_country = crossing.split("/")
        lines = line_cells(ports[port], to_country.upper(), loads_a_day.get(crossing, 0.0))
        rows.append(crossing_row(ports[port], to_country.upper(), process) | lines)
    return rows


def crossing_row(port: Fact, to_country: str, process: Mapping[str, Fact]) -> dict[str, object]:
    """One row of ``crossings.csv``: a port in the direction of a country, with the stages of that direction."""
    from_country = _other_side(port, to_country)
    stages: dict[str, object] = dict.fromkeys(_STAGES, 0.0)
    profile = "canada"  # flat; only queues read it
    if port["kind"] == "land_truck":
        found = process[f"{from_country}-{to_country}"]
        stages = {name: float(found[name]) for name in _STAGES}
        if to_country == "US" and port.get("cycle_standard_s"):
            stages["cycle_standard_s"] = float(port["cycle_standard_s"])
        profile = found["profile"]
    queued = port["kind"] == "land_truck"
    fit = read_fits().get(port["port"], PortFit()) if queued else PortFit()
    bound = f"into {to_country}"
    return {
        "id": f"{port['port']}/{to_country.lower()}",
        "port": port["port"],
        "name": f"{port['name']}, {bound}",
        "from_country": from_country,
        "to_country": to_country,
        "kind": port["kind"],
        "lat_deg": float(port["lat_deg"]),
        "lon_deg": float(port["lon_deg"]),
        "time_zone": port["time_zone"],
        **{name: int(port[name]) for name in ("open_hour", "close_hour", "weekend_open_hour", "weekend_close_hour")},
        "booths_standard": fit.booths_standard or int(port["booths_standard"]),
        "booths_fast": int(port["booths_fast"]),
        **stages,
        "split_trucks": int(port["split_trucks"]),
        "background_weekday": round(fit.weekday_trucks.get(LEVEL_YEAR, 0.0), 0),
        "background_weekend_pct": fit.weekend_pct if queued else 100.0,
        "background_fast_pct": float(port["fast_pct"]),
        "profile": profile,
        "dispersion_cv": DISPERSION_CV if queued else 0.0,
        "patience_h": PATIENCE_H if queued else 0.0,
        "staffing_utilisation_pct": STAFFING_PCT if queued else 0.0,
        "dwell_h": float(port["dwell_h"]),
        "toll_usd": float(port["toll_usd"]),
        "basis": "seen" if queued and to_country == "US" else "assumption",
        "range_pct": 20.0,
        "source": "expediting" if port["kind"] == "air" else "ports" if to_country == "US" else "ports_other_way",
    }


def _other_side(port: Fact, to_country: str) -> str:
    """Where a crossing comes from; a sea port or airport is reached from any country, so it names none."""
    if port["kind"] in ("ocean", "air"):
        return ""
    return port["us_neighbour"] if to_country == "US" else "US"
