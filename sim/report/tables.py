"""The tables behind the figures: rows laid out once, written as CSV and shown on the page."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.report.cost_figures import COST, DUTY, TOTAL
from sim.report.source import ALL, Comparison, StudyData, Summary, as_words
from sim.text import Cell, not_a_formula


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table: file stem, title, column heads with their units, and rows of plain values."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def headline_table(summary: Summary) -> DataTable:
    """Lay out the result in one table: cost, duty, border hours and vehicles lost by scenario."""
    heads = (
        ("cost per vehicle", "USD", summary.row(COST, ALL, TOTAL)),
        ("duty per vehicle", "USD", summary.row(COST, ALL, "duty")),
        ("border hours per vehicle", "h", summary.headline("border_hours_per_vehicle")),
        ("vehicles lost", "vehicles", summary.headline("vehicles_lost")),
    )
    present = [(name, unit, {row.scenario: row for row in rows}) for name, unit, rows in heads if rows]
    columns = ["scenario"]
    for name, unit, _ in present:
        columns += [f"{name} ({unit})", f"± 95 % ({unit})", f"change ({unit})", f"change ± 95 % ({unit})"]
    rows: list[tuple[Cell, ...]] = []
    for scenario in summary.scenarios:
        cells: list[Cell] = [summary.label(scenario)]
        for _, _, found in present:
            cells += _figures(found.get(scenario), scenario == summary.baseline)
        notes = (row.reason for _, _, found in present if (row := found.get(scenario)) is not None)
        rows.append((*cells, "; ".join(dict.fromkeys(filter(None, notes)))))
    return DataTable("headline", "Results by scenario", (*_distinct(columns), "note"), tuple(rows))


def vehicle_table(summary: Summary) -> DataTable | None:
    """Lay out the change in cost by vehicle, one column each; None for a study of a single vehicle."""
    vehicles = summary.vehicles(COST)
    if len(vehicles) < 2:
        return None
    rows: list[tuple[Cell, ...]] = []
    for scenario in summary.scenarios:
        found = [summary.one(scenario, COST, vehicle, TOTAL) for vehicle in vehicles]
        is_base = scenario == summary.baseline
        cells = [cell for x in found for cell in _level_or_change(x, is_base)]
        rows.append((f"{summary.label(scenario)}{' (level)' if is_base else ''}", *cells))
    names = (f"{as_words(v.rpartition('/')[2])}, {as_words(v.split('/')[1])}" for v in vehicles)
    heads = (f"{name}{words} (USD)" for name in names for words in ("", ", ± 95 %"))
    return DataTable("by_vehicle", "Change in cost by vehicle", ("scenario", *heads), tuple(rows))


def measure_table(
    summary: Summary, measure: str, name: str, title: str, unit: str, items: Iterable[str] | None = None
) -> DataTable:
    """Lay out every vehicle and item of one measure, scenario by scenario, with change and interval."""
    wanted = None if items is None else set(items)
    rows: list[tuple[Cell, ...]] = []
    for vehicle in (ALL, *summary.vehicles(measure)):
        for item in summary.items(measure, vehicle):
            if wanted is not None and item not in wanted:
                continue
            for row in summary.row(measure, vehicle, item):
                cells = _figures(row, row.scenario == summary.baseline)
                rows.append((summary.label(row.scenario), vehicle, item, *cells, row.reason))
    heads = (f"mean ({unit})", f"± 95 % ({unit})", f"change ({unit})", f"change ± 95 % ({unit})")
    columns = ("scenario", "vehicle", "item", *heads, "note")
    return DataTable(name, title, columns, tuple(rows))


def cost_tables(summary: Summary) -> list[DataTable]:
    """Lay out cost and duty per vehicle."""
    return [
        measure_table(summary, COST, "cost_per_vehicle", "Cost per vehicle by component", "USD"),
        measure_table(summary, DUTY, "duty_per_vehicle", "Duty per vehicle by programme", "USD"),
    ]


def record_table(name: str, title: str, records: Sequence[Mapping[str, Any]]) -> DataTable | None:
    """Lay out a list of JSON records as a table; None when there is none."""
    if not records:
        return None
    columns = tuple(dict.fromkeys(key for record in records for key in record))
    rows = tuple(tuple(_plain(record.get(column)) for column in columns) for record in records)
    return DataTable(name, title, tuple(column.replace("_", " ") for column in columns), rows)


def fact_table(data: StudyData, key: str, name: str, title: str) -> DataTable | None:
    """Lay out one list of facts over all scenarios, the scenario in the first column."""
    records = [
        {"scenario": data.summary.label(scenario), **record}
        for scenario in data.summary.scenarios
        for record in data.fact(scenario, key) or ()
        if isinstance(record, Mapping)
    ]
    return record_table(name, title, records)


def write_csv(table: DataTable, folder: Path) -> Path:
    """Write a table as UTF-8 CSV with every digit; text that a spreadsheet might run is quoted with ``'``."""
    folder.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([not_a_formula(column) for column in table.columns])
    writer.writerows([[not_a_formula(cell) for cell in row] for row in table.rows])
    path = folder / f"{table.name}.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="\n")
    return path


def _figures(row: Comparison | None, is_baseline: bool) -> list[Cell]:
    """Mean and change, each with the half-width of its interval; no change for the baseline itself."""
    if row is None:
        return [None, None, None, None]
    level: list[Cell] = [row.mean, _known(row.mean_half_width_95)]
    return [*level, None, None] if is_baseline else [*level, row.difference, _known(row.half_width_95)]


def _level_or_change(row: Comparison | None, is_baseline: bool) -> list[Cell]:
    figures = _figures(row, is_baseline)
    return figures[:2] if is_baseline else figures[2:]


def _known(half: float) -> float | None:
    return None if math.isnan(half) else half


def _distinct(columns: Sequence[str]) -> tuple[str, ...]:
    """Say in the head of each change what it is the change of."""
    named, current = [], ""
    for column in columns:
        if column.startswith(("change", "±")):
            named.append(f"{current}, {column}")
        else:
            current = column.rsplit(" (", 1)[0]
            named.append(column)
    return tuple(named)


def _plain(value: Any) -> Cell:
    if value is None or isinstance(value, str | int | float):
        return "yes" if value is True else "no" if value is False else value
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(part)}" for key, part in value.items())
    return " → ".join(str(part) for part in value)
