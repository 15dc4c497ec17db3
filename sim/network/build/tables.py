"""Reading fact tables and writing network files: rows as plain mappings, numbers in a fixed form."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from sim.network.schema import FILES, JOURNEYS, OPTIONAL_FILES

Fact: TypeAlias = Mapping[str, str]
Cells: TypeAlias = Mapping[str, object]

# What a file's rows are sorted by, so that a new lane changes one place in the file.
_ORDER: Mapping[str, tuple[str, ...]] = {
    "inputs.csv": ("recipe", "part"),
    "schedules.csv": ("recipe",),
    "routes.csv": ("from_site", "to_site", "mode", "alternative", "step"),
    "calendars.csv": ("id", "weekday", "from_hour"),
    "milk_runs.csv": ("id", "weekday", "hour"),
    "traffic.csv": ("crossing", "year"),
    "seasons.csv": ("crossing", "month"),
    "shutdowns.csv": ("calendar", "from_month", "from_day"),
    "substitutes.csv": ("crossing", "substitute"),
    "journeys.csv": ("journey", "branch", "step"),
    "network.csv": ("title",),
}


def read_facts(path: Path) -> list[Fact]:
    """Rows of a fact table, as text by column."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def format_number(value: object) -> str:
    """Write a number without noise: at most six significant decimals, no trailing zeros.

    Examples
    --------
    >>> format_number(2.50), format_number(3.0), format_number(1 / 3), format_number("US")
    ('2.5', '3', '0.333333', 'US')
    """
    if isinstance(value, float):
        text = f"{value:.6f}".rstrip("0").rstrip(".")
        return "0" if text in ("", "-0") else text
    return str(value)


def write_network(folder: Path, tables: Mapping[str, Iterable[Cells]]) -> None:
    """Write network files, each sorted by its key, with the columns of the schema; those that may lack, if used.

    Parameters
    ----------
    folder : Path
        Made when it does not exist; files of the same name are replaced.
    tables : mapping of str to iterable of mapping
        Rows by file name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    all_files = {**FILES, **OPTIONAL_FILES, "journeys.csv": JOURNEYS}
    for file, given in tables.items():
        rows = _sorted(given, _ORDER.get(file, ("id",)))
        names = [x.name for x in all_files[file] if not x.may_lack or any(row.get(x.name) for row in rows)]
        known = {x.name for x in all_files[file]}
        for row in rows:
            extra = {name for name in set(row) - known if row[name] != ""}
            if extra:
                raise KeyError(f"{file} has no column {sorted(extra)}")
        _write(folder / file, names, rows)


def _sorted(rows: Iterable[Cells], key: Sequence[str]) -> list[Cells]:
    def order(row: Cells) -> tuple[Any, ...]:
        return tuple(row[name] for name in key)

    return sorted(rows, key=order)


def _write(path: Path, names: Sequence[str], rows: Iterable[Cells]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(names)
        for row in rows:
            writer.writerow([format_number(row.get(name, "")) for name in names])
