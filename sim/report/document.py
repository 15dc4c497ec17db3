"""The document: the report as a PDF for citation, with numbered figures and tables, references and the manifest."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.errors import DataError
from sim.network.model import Network
from sim.report.annex import STALE, Annex, sorted_annexes
from sim.report.answer import answer, close_calls
from sim.report.figures import Omission, Plate, draw_all
from sim.report.gather import find_network, read_study
from sim.report.page import all_tables, beside, shown_columns
from sim.report.source import StudyData
from sim.report.style import save_drawing
from sim.report.tables import DataTable
from sim.report.words import references_of, scenario_words, versions_of

NAME = "report.pdf"
TEMPLATE = Path(__file__).parent / "templates" / "document.typ"
MOST_ROWS = 40  # of a table in print; the CSV beside the report has all
_WANTED = ("by_vehicle", "content", "why_this_duty", "countries")  # tables in print, beside results and assumptions
_LEFT_OUT = ("kind", "reference", "href")  # columns: the list of references has them
_SPREAD = "± 95 %"  # in the head of a column: the half-width of the one before
_NARROW, _WIDE = 5, 30  # letters that a column is given at least and at most
_GAP, _BOLD = 2, 2  # letters beside those: for the room between columns, for a word in bold


def build_document(study_dir: Path) -> Path:
    """Write ``report.pdf`` of a finished study, the same bytes for the same study.

    Parameters
    ----------
    study_dir : Path
        Folder of a finished study.

    Raises
    ------
    DataError
        The folder holds no finished study, the package that sets type is not installed, or the file cannot be written.
    """
    folder = Path(study_dir)
    data = read_study(folder)
    return write_document(data, find_network(data), folder)


def write_document(data: StudyData, network: Network | None, folder: Path) -> Path:
    """Write the document of a study that has been read."""
    try:
        import typst
    except ImportError:
        wanted = "a PDF needs the package 'typst'. Install it with: pip install 'nafta-sim[pdf]'"
        raise DataError(str(folder / NAME), [wanted]) from None
    plates, left_out = draw_all(data, network, folder)
    added, stale = sorted_annexes(folder, str(data.manifest.get("digest")))
    left_out += [Omission(annex.heading, STALE) for annex in stale]
    content = content_of(data, plates, added, left_out)
    with tempfile.TemporaryDirectory() as work:
        place = Path(work)
        for plate in plates:
            save_drawing(plate.figure, place, plate.name)
        for annex in added:
            (place / f"{annex.name}.svg").write_bytes(annex.drawing)
        (place / "content.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        (place / "document.typ").write_bytes(TEMPLATE.read_bytes())
        printed = typst.compile(place / "document.typ", root=place, ignore_system_fonts=True, timestamp=0)
    return _written(folder / NAME, printed)


def content_of(
    data: StudyData, plates: Sequence[Plate], added: Sequence[Annex] = (), left_out: Sequence[Omission] = ()
) -> dict[str, Any]:
    """All words and numbers of the document, as the template reads them: plain texts, never markup.

    Parameters
    ----------
    added : sequence of Annex
        Figures that other commands added to the study, numbered after its own, with their tables.
    left_out : sequence of Omission
        Figures that could not be drawn, told after those that were.
    """
    tables = {table.name: table for table in all_tables(data)}
    drawn: list[Plate | Annex] = [*plates, *added]
    printed = [tables[name] for name in _WANTED if name in tables]
    return {
        "title": data.title,
        "question": data.question,
        "provenance": data.provenance,
        "sentences": list(answer(data.summary)),
        "close_calls": list(close_calls(data)),
        "replications": data.replications,
        "results": _results(data, tables["headline"]) if "headline" in tables else None,
        "scenarios": [scenario_words(data, name) for name in data.summary.scenarios],
        "figures": [
            {"file": f"{plate.name}.svg", "heading": plate.heading, "caption": plate.caption, "alt": plate.alt}
            for plate in drawn
        ],
        "left_out": [{"heading": one.heading, "reason": one.reason} for one in left_out],
        "tables": [_printed(table) for table in (*printed, *(table for annex in added for table in annex.tables))],
        "assumptions": _assumptions(tables.get("assumptions")),
        "references": references_of(data),
        "versions": [list(row) for row in versions_of(data)],
        "digests": [
            {"name": str(entry.get("name", "")), "digest": str(entry.get("digest", ""))}
            for entry in data.manifest.get("scenarios") or ()
        ],
    }


def _results(data: StudyData, headline: DataTable) -> dict[str, Any]:
    """The headline in print: the level of the baseline, the change of the others, each with its half-width."""
    cells = shown_columns(headline)
    starts = range(1, len(headline.columns) - 1, 4)
    rows = []
    for row, scenario in zip(cells, data.summary.scenarios, strict=True):
        first = 0 if scenario == data.summary.baseline else 2
        pairs = [(row[start + first][0], row[start + first + 1][0]) for start in starts]
        texts = [beside(value, half) for value, half in pairs]
        rows.append([row[0][0] + (" (level)" if first == 0 else ""), *texts])
    return {"title": headline.title, "columns": ["", *(headline.columns[start] for start in starts)], "rows": rows}


def _printed(table: DataTable) -> dict[str, Any]:
    """A table as it fits a page: half-widths joined to their numbers, columns as wide as what they hold."""
    shown = shown_columns(table)[:MOST_ROWS]
    rows = [[text for text, _, _ in row] for row in shown]
    kept = [n for n, name in enumerate(table.columns) if name not in _LEFT_OUT and _SPREAD not in name]
    joined = {n for n in kept if n + 1 < len(table.columns) and _SPREAD in table.columns[n + 1]}
    cells = [[beside(row[n], row[n + 1]) if n in joined else row[n] for n in kept] for row in rows]
    heads = [table.columns[n] for n in kept]
    words = [max(map(len, head.split()), default=0) + _BOLD for head in heads]
    widths = [min(_WIDE, max(_NARROW, word, *(len(row[n]) for row in cells))) for n, word in enumerate(words)]
    return {
        "title": table.title,
        "name": table.name,
        "columns": heads,
        "rows": cells,
        "widths": [width + _GAP for width in widths],
        "numbers": [any(row[n][2] for row in shown) for n in kept],
        "left": len(table.rows) - len(rows),
    }


def _assumptions(table: DataTable | None) -> list[dict[str, str]]:
    if table is None:
        return []
    rows = ([text for text, _, _ in row] for row in shown_columns(table))
    return [dict(zip(table.columns, row, strict=True)) for row in rows]


def _written(path: Path, content: bytes) -> Path:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        raise DataError(str(path), [f"cannot be written ({error.strerror or error})."]) from error
    return path
