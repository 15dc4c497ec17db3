"""The page: one self-contained HTML file with figures, the tables behind them, assumptions and references."""

from __future__ import annotations

import base64
import hashlib
import io
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from PIL import Image

from sim.network.model import Network
from sim.parameters import load_parameters
from sim.report.annex import FOLDER as ANNEXES
from sim.report.annex import STALE, Annex, sorted_annexes
from sim.report.answer import CLOSE_POINTS, answer, close_calls
from sim.report.bibliography import bibtex
from sim.report.border_figures import WAIT
from sim.report.charts import charts_of
from sim.report.figures import Omission, Plate, draw_all
from sim.report.gather import find_network, read_study
from sim.report.source import StudyData, undirected
from sim.report.style import digits_for, save_figure
from sim.report.tables import (
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
from sim.report.week import Week, week_of
from sim.report.words import counts_of, drift_words, graph_words, references_of, scenario_words, versions_of
from sim.text import Cell

SCRIPTS = ("sort.js", "marks.js", "charts.js", "week.js")
INTERVAL = "± 95 %"  # in the head of a column that holds half-widths of the one before it
MOST_ROWS = 400  # of a table on the page; the CSV beside it has all


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a data address, its size in dots, and the stem of the files beside the page that hold it."""

    source: str
    width: int
    height: int
    files: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as the template needs it: its words, its picture, its tables."""

    plate: Plate | Annex
    number: int
    picture: Picture
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
    plates, omissions = draw_all(data, network, folder)
    tables = {table.name: table for table in all_tables(data)}
    for table in tables.values():
        write_csv(table, folder / "tables")
    shown = [_shown(plate, number, folder, tables) for number, plate in enumerate(plates, start=1)]
    kept, stale = sorted_annexes(folder, str(data.manifest.get("digest")))
    added = [_added(annex, number, folder) for number, annex in enumerate(kept, start=len(shown) + 1)]
    omissions += [Omission(annex.heading, STALE) for annex in stale]
    week = week_of(data, network, folder)
    text = render(data, shown, omissions, tables, added, week, has_network=network is not None)
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
    behind = tuple(tables[name] for name in plate.tables if name in tables)
    return Shown(plate, number, _picture(png.read_bytes(), f"figures/{plate.name}"), behind)


def _added(annex: Annex, number: int, folder: Path) -> Shown:
    """A figure that another command added to the study."""
    for table in annex.tables:
        write_csv(table, folder / "tables")
    return Shown(annex, number, _picture(annex.picture, f"{ANNEXES}/{annex.name}"), annex.tables)


def _picture(png: bytes, place: str) -> Picture:
    """A picture for the page, in 256 colours: a third of the bytes; the file beside the page keeps all."""
    with Image.open(io.BytesIO(png)) as found:
        width, height = found.size
        few = found.convert("RGB").quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    packed = io.BytesIO()
    few.save(packed, "PNG", optimize=True)
    source = "data:image/png;base64," + base64.b64encode(packed.getvalue()).decode("ascii")
    return Picture(source, width, height, place)


def render(
    data: StudyData,
    figures: Sequence[Shown],
    omissions: Sequence[Omission],
    tables: Mapping[str, DataTable],
    added: Sequence[Shown] = (),
    week: Week | None = None,
    *,
    has_network: bool = True,
) -> str:
    """Fill the template; everything is escaped, and a name the template does not know is an error.

    Only the page's own style and script may run: the policy in its head names their digests.
    """
    environment = Environment(
        loader=PackageLoader("sim.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown_text,
    )
    environment.filters["joined"] = joined_columns
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "ensure_ascii": False}
    behind = {table.name for figure in figures for table in figure.tables}
    placed = behind | {"assumptions", "headline", "by_vehicle"}
    apart = [table for name, table in tables.items() if name not in placed]
    style, script = _packaged("page.css"), "".join(map(_packaged, SCRIPTS))
    return environment.get_template("report.html.j2").render(
        data=data,
        style=Markup(style),  # the package's own words
        script=Markup(script),
        style_hash=_source_hash(style),
        script_hash=_source_hash(script),
        charts=charts_of(data),
        week=week,
        has_network=has_network,
        sentences=answer(data.summary),
        close_calls=close_calls(data),
        close_points=CLOSE_POINTS,
        headline=tables.get("headline"),
        by_vehicle=tables.get("by_vehicle"),
        figures=figures,
        added=added,
        omissions=omissions,
        other_tables=apart,
        assumptions=tables.get("assumptions"),
        scenarios=[scenario_words(data, name) for name in data.summary.scenarios],
        graph=graph_words(data),
        counts=counts_of(data),
        references=references_of(data),
        versions=versions_of(data),
        most_rows=MOST_ROWS,
        warm_up=[drift_words(drift, data.summary.label(drift.scenario)) for drift in data.drifts],
        one_replication=data.replications < 2,
    )


def _shown_text(value: Any) -> Any:
    """What the template writes: a name may not turn the direction of the sentence that it stands in."""
    return undirected(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _packaged(name: str) -> str:
    return files("sim.report").joinpath("templates", name).read_text(encoding="utf-8")


def _source_hash(text: str) -> str:
    """What a content security policy calls a style or a script by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def shown_columns(table: DataTable) -> list[list[tuple[str, Cell, bool]]]:
    """Write a table's cells for reading: one number of decimals a column, thousands apart, a dash for nothing.

    A figure has the decimals of its interval: two digits of the widest one.

    Returns
    -------
    list of rows
        Each cell as its text, its value for sorting (None for text), and whether its column holds numbers.
    """
    columns = list(zip(*table.rows, strict=True))
    decimals = [_decimals(column, head) for column, head in zip(columns, table.columns, strict=True)]
    for n, head in enumerate(table.columns):
        if INTERVAL in head and n and decimals[n - 1] is not None:
            decimals[n - 1] = decimals[n] = _decimals_of_interval(columns[n], decimals[n - 1] or 0)
    return [
        [
            _signed(_cell(value, digits), table, number, head)
            for value, digits, head in zip(row, decimals, table.columns, strict=True)
        ]
        for number, row in enumerate(table.rows[:MOST_ROWS])
    ]


def joined_columns(table: DataTable) -> tuple[list[str], list[list[tuple[str, Cell, bool]]]]:
    """A table for reading with each half-width beside its number; a column of notes without a word is left out.

    Returns
    -------
    tuple
        Heads, and rows of cells as those of `shown_columns`: joined cells are sorted by their number.
    """
    cells, heads = shown_columns(table), table.columns
    joined = {n for n in range(len(heads) - 1) if INTERVAL in heads[n + 1]}
    kept = [n for n, head in enumerate(heads) if INTERVAL not in head]
    kept = [n for n in kept if heads[n] != "note" or any(row[n][0] != "–" for row in cells)]
    rows = [[(beside(row[n][0], row[n + 1][0]), *row[n][1:]) if n in joined else row[n] for n in kept] for row in cells]
    return [f"{heads[n]} {INTERVAL}" if n in joined else heads[n] for n in kept], rows


def beside(value: str, half: str) -> str:
    """A number with its half-width, where it has one; nothing that is sure to be nothing is ``0``."""
    if half == "–":
        return value
    return f"{value} ± {half}" if (value + half).strip("0.") else "0"


def _signed(cell: tuple[str, Cell, bool], table: DataTable, number: int, head: str) -> tuple[str, Cell, bool]:
    """A cell, with its sign where it tells a change that is more than nothing."""
    text, value, is_number = cell
    is_change = "change" in head or (table.name == "by_vehicle" and number > 0)
    if not is_change or "±" in head or not isinstance(value, int | float) or value <= 0 or not text.strip("0.,"):
        return cell
    return f"+{text}", value, is_number


def _decimals(column: Sequence[Cell], head: str) -> int | None:
    """Choose the decimals of a column of numbers; None for a column that holds text."""
    numbers = [value for value in column if isinstance(value, int | float)]
    if any(isinstance(value, str) and value for value in column):
        return None
    if all(float(value).is_integer() for value in numbers):
        return 0
    if "usd" in head.lower() and max(map(abs, numbers)) >= 10_000:
        return 0
    if all(round(float(value), 2) == value for value in numbers):  # written by hand: show what was written
        return None
    return {0: 1, 1: 2, 2: 3, 3: 4}[digits_for(numbers)] if max(map(abs, numbers)) < 10_000 else 0


def _decimals_of_interval(halves: Sequence[Cell], otherwise: int) -> int:
    """Choose decimals that show two digits of the widest interval, at most four; `otherwise` where all are whole."""
    numbers = [float(x) for x in halves if isinstance(x, int | float)]
    if all(x.is_integer() for x in numbers):
        return otherwise
    return min(max(1 - math.floor(math.log10(max(map(abs, numbers)))), 0), 4)


def _cell(value: Cell, digits: int | None) -> tuple[str, Cell, bool]:
    if value is None or value == "":
        return "–", None, digits is not None
    if isinstance(value, str):
        return value, None, False
    if digits is None:
        return f"{value:,.0f}" if abs(value) >= 1_000_000 else f"{value:,.6g}", value, True
    return f"{value:,.{digits}f}", value, True
