"""The page: one self-contained HTML file with figures, the tables behind them, assumptions and references."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from sim.measures.daily import SERIES
from sim.network.model import Network
from sim.parameters import load_parameters
from sim.report.answer import CLOSE_POINTS, answer, close_calls, finding
from sim.report.bibliography import bibtex
from sim.report.border_figures import WAIT
from sim.report.figures import Omission, Plate, draw_all
from sim.report.gather import find_network, read_study
from sim.report.source import StudyData, first_of
from sim.report.style import digits_for, save_figure
from sim.report.tables import (
    Cell,
    DataTable,
    cost_tables,
    fact_table,
    headline_table,
    measure_table,
    record_table,
    vehicle_table,
    write_csv,
)
from sim.report.trade_figures import BALANCE, RECEIPTS
from sim.scenario.own import short_name
from sim.study.warm_up import Drift

MOST_ROWS = 400  # of a table on the page; the CSV beside it has all
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as the template needs it: its words, its picture as a data address, its tables."""

    plate: Plate
    number: int
    source: str
    width: int
    height: int
    tables: tuple[DataTable, ...]


def build_report(study_dir: Path) -> Path:
    """Write the report of a finished study: ``report.html``, ``references.bib``, ``figures/`` and ``tables/``.

    Parameters
    ----------
    study_dir : Path
        Folder of a finished study.

    Returns
    -------
    Path
        The page, one file that needs no other and no network.

    Raises
    ------
    DataError
        The folder holds no finished study, or a file of it is damaged.
    """
    folder = Path(study_dir)
    data = read_study(folder)
    return write_report(data, find_network(data), folder)


def write_report(data: StudyData, network: Network | None, folder: Path) -> Path:
    """Write figures, tables and page of a study that has been read."""
    plates, omissions = draw_all(data, network)
    tables = {table.name: table for table in all_tables(data)}
    for table in tables.values():
        write_csv(table, folder / "tables")
    shown = [_shown(plate, number, folder, tables) for number, plate in enumerate(plates, start=1)]
    text = render(data, shown, omissions, tables)
    _write_whole(folder / "references.bib", bibtex(references_of(data)))
    return _write_whole(folder / "report.html", text)


def _write_whole(path: Path, text: str) -> Path:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(path)
    return path


def all_tables(data: StudyData) -> list[DataTable]:
    """Lay out every table of the report, those without rows left out."""
    summary = data.summary
    found: list[DataTable | None] = [vehicle_table(summary), headline_table(summary), *cost_tables(summary)]
    found += [
        measure_table(summary, RECEIPTS, "receipts", "Receipts by treasury and programme", "USD"),
        measure_table(summary, WAIT, "border_waits", "Wait at the border", "min"),
        measure_table(summary, BALANCE, "trade_balance", "Trade balance by pair of countries", "USD"),
        fact_table(data, "content", "content", "Content of vehicles, replication 0"),
        fact_table(data, "claims", "claims", "Claims of preference, replication 0"),
        fact_table(data, "provisions", "why_this_duty", "Why this duty? Provisions that charged, replication 0"),
        _passport_table(data),
        assumption_table(data),
        *_graph_tables(data),
    ]
    return [table for table in found if table is not None and table.rows]


def assumption_table(data: StudyData) -> DataTable | None:
    """Lay out the parameters in use with their range, basis and source."""
    known = load_parameters().ranges
    used: Mapping[str, Any] = data.resolved.get(data.summary.baseline, {}).get("parameters") or {}
    records = [
        {
            "parameter": name.replace("_", " "),
            "meaning": entry.meaning,
            "value": used.get(name, entry.value),
            "low": entry.low,
            "high": entry.high,
            "unit": entry.unit,
            "basis": entry.basis,
            "source": entry.source,
        }
        for name, entry in known.items()
    ]
    return record_table("assumptions", "Assumptions used", records)


def _passport_table(data: StudyData) -> DataTable | None:
    for scenario in data.summary.scenarios:
        records = [record for record in data.fact(scenario, "passports") or () if record.get("rows")]
        if records:
            rows = [
                {"load": record.get("title") or record.get("part") or "", **row}
                for record in records
                for row in record["rows"]
            ]
            return record_table("passport", "Passports of the loads followed, replication 0", rows)
    return None


def _graph_tables(data: StudyData) -> list[DataTable | None]:
    graph = data.fact(data.summary.baseline, "graph") or {}
    return [
        record_table("chokepoints", "Chokepoints of the supplier graph", _records(graph.get("chokepoints"))),
        record_table("exposure", "Crossings by the value that passes them", _records(graph.get("exposure"))),
        record_table("countries", "Where a vehicle's cost is added (%)", _records(graph.get("countries"))),
    ]


def _records(found: Any) -> list[Mapping[str, Any]]:
    return [entry for entry in found or () if isinstance(entry, Mapping)]


def _shown(plate: Plate, number: int, folder: Path, tables: Mapping[str, DataTable]) -> Shown:
    png, _ = save_figure(plate.figure, folder / "figures", plate.name)
    picture = png.read_bytes()
    width, height = int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")  # PNG header
    source = "data:image/png;base64," + base64.b64encode(picture).decode("ascii")
    behind = tuple(tables[name] for name in plate.tables if name in tables)
    return Shown(plate, number, source, width, height, behind)


def render(
    data: StudyData, figures: Sequence[Shown], omissions: Sequence[Omission], tables: Mapping[str, DataTable]
) -> str:
    """Fill the template; everything is escaped, and a name the template does not know is an error."""
    environment = Environment(
        loader=PackageLoader("sim.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["cells"] = shown_columns
    behind = {table.name for figure in figures for table in figure.tables}
    placed = behind | {"assumptions", "headline", "by_vehicle"}
    apart = [table for name, table in tables.items() if name not in placed]
    return environment.get_template("report.html.j2").render(
        data=data,
        sentences=answer(data.summary),
        close_calls=close_calls(data),
        close_points=CLOSE_POINTS,
        headline=tables.get("headline"),
        by_vehicle=tables.get("by_vehicle"),
        figures=figures,
        omissions=omissions,
        other_tables=apart,
        assumptions=tables.get("assumptions"),
        scenarios=[scenario_words(data, name) for name in data.summary.scenarios],
        graph=_graph_words(data),
        counts=_counts(data),
        references=references_of(data),
        versions=versions_of(data),
        most_rows=MOST_ROWS,
        warm_up=[_drift_words(drift, data.summary.label(drift.scenario)) for drift in data.drifts],
        one_replication=data.replications < 2,
    )


def _drift_words(drift: Drift, label: str) -> str:
    """How the warm-up of a baseline was found by one series."""
    name = f"{label}, {SERIES[drift.series].title.lower()}"
    if drift.is_settled is None:
        return f"Warm-up of {name}: cannot be judged ({drift.reason})."
    change = f"{drift.pct_a_week:+.1f} ± {drift.half_width_95:.1f} % a week in the window"
    before = f"{drift.pct_a_week_before:+.1f} % in the second half of the warm-up"
    verdict = "long enough" if drift.is_settled else "MAY BE TOO SHORT: it still changes as it did before"
    return f"Warm-up of {name}: {verdict} ({change}, {before})."


def shown_columns(table: DataTable) -> list[list[tuple[str, Cell, bool]]]:
    """Write a table's cells for reading: one number of decimals a column, thousands apart, a dash for nothing.

    Returns
    -------
    list of rows
        Each cell as its text, its value for sorting (None for text), and whether its column holds numbers.
    """
    columns = list(zip(*table.rows, strict=True))
    decimals = [_decimals(column) for column in columns]
    return [
        [_cell(value, digits) for value, digits in zip(row, decimals, strict=True)] for row in table.rows[:MOST_ROWS]
    ]


def _decimals(column: Sequence[Cell]) -> int | None:
    """Choose the decimals of a column of numbers; None for a column that holds text."""
    numbers = [value for value in column if isinstance(value, int | float)]
    if any(isinstance(value, str) and value for value in column):
        return None
    if all(float(value).is_integer() for value in numbers):
        return 0
    if all(round(float(value), 2) == value for value in numbers):  # written by hand: show what was written
        return None
    return {0: 1, 1: 2, 2: 3, 3: 4}[digits_for(numbers)] if max(map(abs, numbers)) < 10_000 else 0


def _cell(value: Cell, digits: int | None) -> tuple[str, Cell, bool]:
    if value is None or value == "":
        return "–", None, digits is not None
    if isinstance(value, str):
        return value, None, False
    if digits is None:
        return f"{value:,.6g}", value, True
    return f"{value:,.{digits}f}", value, True


def scenario_words(data: StudyData, name: str) -> dict[str, Any]:
    """What a scenario asks, expects and found, and what it assumes, as texts."""
    resolved = data.resolved.get(name, {})
    law = resolved.get("law") or {}
    horizon = resolved.get("horizon") or {}
    run_s = horizon.get("run_s") or 0
    return {
        "label": data.summary.label(name),
        "name": name,
        "is_baseline": name == data.summary.baseline,
        "question": resolved.get("question") or "",
        "expected": resolved.get("expected") or "",
        "found": finding(data.summary, name),
        "source": resolved.get("source") or "",
        "reforms": ", ".join(short_name(str(name)) for name in law.get("reforms") or ()) or "none",
        "as_of": law.get("as_of") or "",
        "firms": resolved.get("firms") or "",
        "regime": resolved.get("claim_regime") or "",
        "window": f"{run_s / _DAY:g} days from {horizon.get('start', '')}" if run_s else "",
        "shocks": "; ".join(_shock_words(shock) for shock in resolved.get("shocks") or ()) or "none",
        "crossings": _crossing_words(resolved.get("open_ports"), resolved.get("crossings")),
    }


def _shock_words(shock: Any) -> str:
    if not isinstance(shock, Mapping):
        return str(shock)
    return ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in shock.items() if value is not None)


def _crossing_words(opened: Any, changed: Any) -> str:
    """What a scenario opens and sets, such as ``laredo_wtb/us: booths standard 6``; empty for nothing."""
    ports = [f"{port} open beside {beside}" for port, beside in opened.items()] if isinstance(opened, Mapping) else []
    places = changed.items() if isinstance(changed, Mapping) else ()
    words = {
        place: ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in x.items()) for place, x in places
    }
    return "; ".join([*ports, *(f"{place}: {text}" for place, text in words.items())])


def _graph_words(data: StudyData) -> dict[str, Any]:
    graph = data.fact(data.summary.baseline, "graph") or {}
    chain = graph.get("longest_chain")
    crossed = graph.get("most_crossed")
    crossed = crossed if isinstance(crossed, Mapping) else {}
    path = crossed.get("path")
    return {
        "longest_chain": _stops(chain),
        "most_crossed": _stops(path),
        "crossings": crossed.get("crossings"),
    }


def _stops(lanes: Any) -> list[str]:
    """Lay out the recipes along a chain of lanes, each once."""
    ends = [end for lane in lanes for end in str(lane).split("..")] if isinstance(lanes, list) else []
    return [end for number, end in enumerate(ends) if number == 0 or end != ends[number - 1]]


def _counts(data: StudyData) -> list[tuple[str, int]]:
    found = data.fact(data.summary.baseline, "counts")
    if not isinstance(found, Mapping):
        return []
    return [(str(key).replace("_", " "), int(value)) for key, value in found.items() if isinstance(value, int)]


def references_of(data: StudyData) -> list[dict[str, str]]:
    """Lay out the references; only web addresses become links."""
    shown = []
    for entry in first_of(data.manifest, ("references",), []):
        record = entry if isinstance(entry, Mapping) else {"title": str(entry)}
        is_parameter = str(record.get("used_for") or "").startswith("parameter ")
        if is_parameter and not record.get("href"):  # a word about an assumption; its table has it
            continue
        href = str(record.get("href") or "")
        shown.append(
            {
                "title": str(record.get("title") or href),
                "href": href if href.startswith(("https://", "http://")) else "",
                "status": str(record.get("status") or ""),
                "used_for": str(record.get("used_for") or ""),
            }
        )
    return shown


def versions_of(data: StudyData) -> list[tuple[str, str]]:
    """Lay out versions, engine, seed and digests, those that are not known left out."""
    versions = data.manifest.get("versions")
    versions = versions if isinstance(versions, Mapping) else {}
    packages = versions.get("packages")
    listed = " ".join(f"{name} {found}" for name, found in packages.items()) if isinstance(packages, Mapping) else ""
    rows = [
        ("nafta-sim", str(first_of(data.manifest, ("version",), ""))),
        ("Python", str(versions.get("python") or "")),
        ("packages", listed),
        ("engine", str(data.manifest.get("engine") or "")),
        ("seed", str(data.manifest.get("seed") or "")),
        ("study digest", str(data.manifest.get("digest") or "")),
        ("code digest", str(versions.get("code") or "")),
    ]
    return [(name, value) for name, value in rows if value]
