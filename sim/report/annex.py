"""Figures that other commands add to a study: kept in its folder with their words and tables, shown on its page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from sim.report.source import read_json
from sim.report.style import save_figure
from sim.report.tables import DataTable

FOLDER = "annexes"
STALE = "it was made from other results; ask for it again"


@dataclass(frozen=True, slots=True)
class Annex:
    """A figure that a command such as ``sim market`` added.

    Parameters
    ----------
    name : str
        File stem and anchor.
    heading, caption, alt : str
        Words above, words below, and the content in words for who cannot see it.
    digest : str
        Of the study it was made from; of other results it is not shown.
    tables : tuple of DataTable
        What is behind it.
    picture : bytes
        PNG.
    drawing : bytes
        SVG, for print.
    """

    name: str
    heading: str
    caption: str
    alt: str
    digest: str
    tables: tuple[DataTable, ...]
    picture: bytes
    drawing: bytes


def keep_annex(
    study_dir: Path, name: str, words: Mapping[str, str], figure: Figure, tables: Sequence[DataTable], digest: str
) -> Path:
    """Add a figure to a study, in place of one of the same name.

    Parameters
    ----------
    words : mapping of str to str
        ``heading``, ``caption`` and ``alt``.
    digest : str
        Of the study's results.

    Returns
    -------
    Path
        The file with its words; picture and tables are beside it.
    """
    folder = study_dir / FOLDER
    save_figure(figure, folder, name)
    told = [{"name": t.name, "title": t.title, "columns": t.columns, "rows": t.rows} for t in tables]
    path = folder / f"{name}.json"
    whole = {key: words[key] for key in ("heading", "caption", "alt")} | {"digest": digest, "tables": told}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8", newline="\n")
    return path


def annexes_of(study_dir: Path) -> list[Annex]:
    """Read the figures added to a study, by name.

    Raises
    ------
    DataError
        A file is damaged.
    """
    return [_read(path) for path in sorted((study_dir / FOLDER).glob("*.json"))]


def sorted_annexes(study_dir: Path, digest: str) -> tuple[list[Annex], list[Annex]]:
    """The figures added to a study: those made from its results of this digest, and those made from other results.

    Raises
    ------
    DataError
        A file is damaged.
    """
    found = annexes_of(study_dir)
    return [one for one in found if one.digest == digest], [one for one in found if one.digest != digest]


def _read(path: Path) -> Annex:
    found: dict[str, Any] = read_json(path)
    tables = tuple(
        DataTable(t["name"], t["title"], tuple(t["columns"]), tuple(tuple(row) for row in t["rows"]))
        for t in found.get("tables", ())
    )
    words = {key: str(found.get(key, "")) for key in ("heading", "caption", "alt", "digest")}
    picture, drawing = (path.with_suffix(kind).read_bytes() for kind in (".png", ".svg"))
    return Annex(name=path.stem, **words, tables=tables, picture=picture, drawing=drawing)
