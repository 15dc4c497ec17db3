"""A network of three recipes, written to a folder where a test may spoil one cell."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SEEN = {"basis": "assumption", "range_pct": "10", "source": "test"}


def site(name: str, country: str, zone: str, wage: str, lat: str, lon: str) -> dict[str, str]:
    return {
        "id": name,
        "kind": name.split("/")[0],
        "name": name,
        "country": country,
        "region": "X",
        "lat_deg": lat,
        "lon_deg": lon,
        "time_zone": zone,
        "owner_country": country,
        "currency": "USD",
        "wage_usd_h": wage,
        "rd_share_pct": "5",
        **SEEN,
    }


def part(name: str, tier: str, kind: str, hts: str, vehicle: str = "") -> dict[str, str]:
    return {
        "id": name,
        "name": name,
        "tier": tier,
        "system": "electrical",
        "hts_code": hts,
        "unit": "set",
        "part_class": kind,
        "core_class": "vehicle" if vehicle else "none",
        "vehicle_class": vehicle,
        "mass_kg": "10",
        "volume_m3": "0.1",
        **SEEN,
    }


def recipe(where: str, made: str, labour: str, overhead: str, material: str, country: str) -> dict[str, str]:
    return {
        "id": f"{where}/{made}",
        "site": where,
        "part": made,
        "lines": "1",
        "work_s": "60",
        "calendar": "always",
        "labour_usd": labour,
        "overhead_usd": overhead,
        "material_usd": material,
        "material_country": country,
        "steel_usd": "0",
        "steel_kg": "0",
        "steel_melt_country": "",
        "aluminium_usd": "0",
        "aluminium_kg": "0",
        "aluminium_smelt_country": "",
        **SEEN,
    }


def lane(start: str, end: str, made: str, units: str) -> dict[str, str]:
    to_market = end.startswith("market/")
    return {
        "id": f"{start}..{end}",
        "from_recipe": start,
        "to_recipe": "" if to_market else end,
        "to_site": end if to_market else end.rsplit("/", 1)[0],
        "part": made,
        "share_pct": "100",
        "load_units": units,
        "mode": "truck",
        "fast_pct": "0",
        "importer_country_use": "sale" if to_market else "production",
        **SEEN,
    }


def step(start: str, end: str, number: str, hours: str, crossing: str, movement: str) -> dict[str, str]:
    return {
        "from_site": start,
        "to_site": end,
        "mode": "truck",
        "alternative": "0",
        "step": number,
        "hours": hours,
        "distance_km": "100",
        "cost_usd": "200",
        "crossing": crossing,
        "movement": movement,
        "transit_cv": "0.1",
        **SEEN,
    }


def crossing(name: str, start: str, end: str) -> dict[str, str]:
    zeros = (
        "approach_min split_trucks background_weekday background_weekend_pct background_fast_pct dispersion_cv "
        "patience_h export_check_s red_light_pct red_light_min scan_pct scan_min exam_pct exam_fast_pct exam_min "
        "inspection_pct inspection_min dwell_h toll_usd booths_fast cycle_fast_s open_hour weekend_open_hour"
    )
    return {
        "id": name,
        "port": "ysleta",
        "name": name,
        "from_country": start,
        "to_country": end,
        "kind": "land_truck",
        "lat_deg": "31.7",
        "lon_deg": "-106.3",
        "time_zone": "America/Denver",
        "close_hour": "24",
        "weekend_close_hour": "24",
        "booths_standard": "2",
        "cycle_standard_s": "60",
        "cycle_cv": "0.5",
        "profile": "mexico",
        "staffing_utilisation_pct": "90",
        **dict.fromkeys(zeros.split(), "0"),
        **SEEN,
    }


WIRE, HARNESS, CAR = "supplier/ohio/wire", "supplier/juarez/harness", "plant/lansing/car"


def tiny_tables() -> dict[str, list[dict[str, str]]]:
    """Wire from Ohio goes to Juarez, the harness comes back to Lansing, the car is sold."""
    return {
        "network.csv": [{"title": "Three recipes"}],
        "sites.csv": [
            site("supplier/ohio", "US", "America/New_York", "20", "41", "-81"),
            site("supplier/juarez", "MX", "America/Ciudad_Juarez", "3", "31.7", "-106.4"),
            site("plant/lansing", "US", "America/Detroit", "30", "42.7", "-84.7"),
            site("market/us", "US", "America/Chicago", "0", "41.9", "-87.6"),
        ],
        "parts.csv": [
            part("wire", "2", "small", "8544.49"),
            part("harness", "1", "just_in_time", "8544.30"),
            part("car", "0", "vehicle", "8703.23", "passenger"),
        ],
        "recipes.csv": [
            recipe("supplier/ohio", "wire", "10", "20", "30", "CL"),
            recipe("supplier/juarez", "harness", "50", "10", "0", ""),
            recipe("plant/lansing", "car", "500", "500", "8820", "US"),
        ],
        "inputs.csv": [
            {"recipe": HARNESS, "part": "wire", "quantity_per": "2", "cover_h": "48"},
            {"recipe": CAR, "part": "harness", "quantity_per": "1", "cover_h": "8"},
        ],
        "schedules.csv": [
            {
                "recipe": CAR,
                "vehicles_per_day": "100",
                "lot_units": "10",
                "overtime_calendar": "always",
                "msrp_usd": "14000",
            }
        ],
        "lanes.csv": [
            lane(WIRE, HARNESS, "wire", "400"),
            lane(HARNESS, CAR, "harness", "50"),
            lane(CAR, "market/us", "car", "10"),
        ],
        "routes.csv": [
            step("supplier/ohio", "supplier/juarez", "0", "40", "ysleta/mx", "entry"),
            step("supplier/ohio", "supplier/juarez", "1", "2", "", ""),
            step("supplier/juarez", "plant/lansing", "0", "3", "ysleta/us", "entry"),
            step("supplier/juarez", "plant/lansing", "1", "30", "", ""),
            step("plant/lansing", "market/us", "0", "5", "", ""),
        ],
        "crossings.csv": [crossing("ysleta/us", "MX", "US"), crossing("ysleta/mx", "US", "MX")],
        "calendars.csv": [
            {"id": "always", "time_zone": "America/Detroit", "weekday": str(day), "from_hour": "0", "to_hour": "24"}
            for day in range(7)
        ],
    }


@dataclass
class Tiny:
    """The tables and the folder they are written to."""

    folder: Path
    tables: dict[str, list[dict[str, str]]]

    def set(self, file: str, row: int, **cells: str) -> None:
        """Change cells of a row; `row` counts as messages do, the header being 1."""
        self.tables[file][row - 2].update(cells)

    def write(self) -> Path:
        """Write every table; returns the folder."""
        self.folder.mkdir(exist_ok=True)
        for file, rows in self.tables.items():
            write_rows(self.folder / file, rows)
        return self.folder


def write_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    return Tiny(tmp_path / "tiny", tiny_tables())
