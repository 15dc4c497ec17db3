"""The short form of a network: five sheets with few required columns, read and checked before anything is filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sim.errors import Problem, nearest
from sim.network.schema import COUNTRY, PART_ID, SITE_ID, Column
from sim.network.table import convert
from sim.workbook.xlsx import Sheet


def _text(name: str, pattern: str, example: str, *, optional: bool = False) -> Column:
    return Column(name, pattern=pattern, example=example, optional=optional)


_POSITIVE = {"kind": "number", "above_zero": True}
REQUIRED: Mapping[str, tuple[Column, ...]] = {
    "sites": (
        _text("id", SITE_ID, "supplier/saltillo"),
        _text("country", COUNTRY, "MX"),
        Column("lat_deg", "number", -90.0, 90.0),
        Column("lon_deg", "number", -180.0, 180.0),
    ),
    "parts": (
        _text("id", PART_ID, "main_harness"),
        Column("hts_code", pattern=r"\d{4}\.\d{2}(?:\.\d{2}(?:\.?\d{2})?)?", example="8544.30"),
        Column("cost_usd", "number", above_zero=True),
    ),
    "bill": (
        _text("part", PART_ID, "engine"),
        _text("input", PART_ID, "piston"),
        Column("quantity_per", "whole", 1),
    ),
    "lanes": (
        _text("from_site", SITE_ID, "supplier/saltillo"),
        _text("to_site", SITE_ID, "plant/lansing"),
        _text("part", PART_ID, "main_harness"),
    ),
    "vehicles": (
        _text("site", SITE_ID, "plant/lansing"),
        _text("part", PART_ID, "crossover"),
        Column("vehicles_per_day", "whole", 1),
    ),
}
OPTIONAL: Mapping[str, tuple[Column, ...]] = {
    "sites": (
        Column("name", optional=True),
        Column("region", optional=True),
        Column("time_zone", optional=True),
        _text("owner_country", COUNTRY, "US", optional=True),
        Column("wage_usd_h", "number"),
    ),
    "parts": (
        Column("name", optional=True),
        Column("system", optional=True),
        Column("part_class", allowed=("sequenced", "just_in_time", "powertrain", "small", "material", "vehicle"),
               optional=True),
        Column("core_class", allowed=("core", "principal", "complementary", "none", "vehicle"), optional=True),
        Column("vehicle_class", allowed=("passenger", "light_truck"), optional=True),
        Column("mass_kg", "number", above_zero=True),
        Column("volume_m3", "number", above_zero=True),
        Column("labour_pct", "number", 0.0, 100.0),
        Column("overhead_pct", "number", 0.0, 100.0),
        _text("material_country", COUNTRY, "US", optional=True),
    ),
    "bill": (Column("cover_h", "number"),),
    "lanes": (
        Column("share_pct", "number", 0.0, 100.0, above_zero=True),
        Column("load_units", "whole", 1),
        Column("mode", allowed=("truck", "rail", "ocean"), optional=True),
        Column("fast_pct", "number", 0.0, 100.0),
    ),
    "vehicles": (Column("msrp_usd", "number", above_zero=True), Column("lot_units", "whole", 1)),
}  # fmt: skip
KEYS: Mapping[str, tuple[str, ...]] = {
    "sites": ("id",),
    "parts": ("id",),
    "bill": ("part", "input"),
    "lanes": ("from_site", "to_site", "part"),
    "vehicles": ("site", "part"),
}  # what a sheet says once
_LOST_ZERO = re.compile(r"\d{4}\.\d")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet: its place and what is written in it, typed; what is not written is absent."""

    where: str
    cells: Mapping[str, str | float | int]

    def text(self, name: str, default: str = "") -> str:
        """A text, or the default where none is written."""
        return str(self.cells.get(name, default))

    def number(self, name: str, default: float) -> float:
        """A number, or the default where none is written."""
        return float(self.cells.get(name, default))


Lines = Mapping[str, tuple[Line, ...]]


def read_short(sheets: Mapping[str, Sheet]) -> tuple[Lines, list[Problem]]:
    """The lines of every sheet, and every problem: sheets, columns and cells."""
    found: dict[str, tuple[Line, ...]] = {}
    problems = [
        Problem(name, f"is not a sheet of a network. {nearest(name, REQUIRED, 'sheets')}")
        for name in sheets
        if name not in (*REQUIRED, "network")
    ]
    for name, required in REQUIRED.items():
        rows = sheets.get(name, [])
        if not any(text.strip() for row in rows[1:] for text in row):
            words = ", ".join(column.name for column in required)
            problems.append(Problem(name, f"has no rows. Add a sheet '{name}' with the columns {words}."))
            continue
        found[name] = tuple(_read(name, rows, required, OPTIONAL[name], problems))
        problems += _twice(name, found[name])
    return found, problems


def with_whole_codes(sheets: Mapping[str, Sheet]) -> tuple[dict[str, Sheet], list[str]]:
    """The sheets with tariff codes of two places, and where a spreadsheet had kept ``8544.30`` as the number 8544.3."""
    rows = sheets.get("parts", [])
    head = [name.strip().lower() for name in rows[0]] if rows else []
    if "hts_code" not in head:
        return dict(sheets), []
    place, parts, where = head.index("hts_code"), [], []
    for number, row in enumerate(rows, start=1):
        lost = len(row) > place and _LOST_ZERO.fullmatch(row[place].strip())
        parts.append([*row[:place], f"{row[place].strip()}0", *row[place + 1 :]] if lost else row)
        where += [f"parts row {number}"] if lost else []
    return {**sheets, "parts": parts}, where


def _twice(sheet: str, lines: tuple[Line, ...]) -> list[Problem]:
    first: dict[tuple[str, ...], Line] = {}
    problems = []
    for line in lines:
        key = tuple(line.text(name) for name in KEYS[sheet])
        if first.setdefault(key, line) is not line and all(key):
            named, row = " ".join(f"'{name}'" for name in key), first[key].where.removeprefix(f"{sheet} ")
            problems.append(Problem(line.where, f"{named} is written twice; first in {row}. Keep one."))
    return problems


def _read(
    sheet: str, rows: Sheet, required: tuple[Column, ...], optional: tuple[Column, ...], problems: list[Problem]
) -> list[Line]:
    head = [" ".join(name.split()).lower() for name in rows[0]]
    columns = {column.name: column for column in (*required, *optional)}
    problems += [
        Problem(f"{sheet} row 1", f"unknown column '{name}'. {nearest(name, columns, 'columns')}")
        for name in head
        if name and name not in columns
    ]
    problems += [
        Problem(f"{sheet} row 1", f"column '{name}' stands twice. Keep one.")
        for name in dict.fromkeys(head)
        if name in columns and head.count(name) > 1
    ]
    missing = [column.name for column in required if column.name not in head]
    problems += [Problem(f"{sheet} row 1", f"column '{name}' is missing. Add it.") for name in missing]
    needed = {column.name for column in required}
    lines = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(text.strip() for text in row):
            continue
        cells: dict[str, str | float | int] = {}
        for name, text in zip(head, row, strict=False):
            if name not in columns or (not text.strip() and name not in needed):
                continue
            value, message = convert(columns[name], text.strip())
            if message:
                problems.append(Problem(f"{sheet} row {number}, column {name}", message))
            cells[name] = value
        lines.append(Line(f"{sheet} row {number}", cells))
    return lines
