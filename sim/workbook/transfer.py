"""Between a spreadsheet and a network folder, both ways; a folder is whole and checked, or not written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.errors import DataError, NetworkError, Problem
from sim.network import check_network, load_network, network_folder
from sim.network.build.tables import write_network
from sim.network.free import write_whole
from sim.network.schema import FILES, OPTIONAL_FILES
from sim.workbook.complete import Completer
from sim.workbook.short import read_short, with_whole_codes
from sim.workbook.xlsx import Sheet, from_csv, read_sheets, write_sheets

_SHOWN = 3
_WHOLE_CODES = "tariff codes with one place after the point, as a number loses a last zero: with the zero"


@dataclass(frozen=True, slots=True)
class Imported:
    """A network made from a spreadsheet.

    Parameters
    ----------
    folder : Path
    form : str
        ``short`` where something was filled in, ``full`` where all was written.
    assumed : tuple of (str, tuple of str)
        What was filled in, and where.
    """

    folder: Path
    form: str
    assumed: tuple[tuple[str, tuple[str, ...]], ...]


def import_network(book: Path, folder: Path, *, force: bool = False) -> Imported:
    """Make a network folder from a spreadsheet, or a folder of CSV sheets.

    With all the sheets of a network (as `export_network` writes them) every cell is taken as it is. Else the sheets are
    ``sites``, ``parts``, ``bill``, ``lanes`` and ``vehicles``, and what they do not say is filled in and told.

    Raises
    ------
    DataError
        The file cannot be read.
    NetworkError
        Every problem of the sheets, or of the network that they make; or the folder is not empty or cannot be written.
    """
    sheets, whole = with_whole_codes(read_sheets(book))
    if folder.is_dir() and any(folder.iterdir()) and not (force and (folder / "network.csv").is_file()):
        raise NetworkError(str(folder), ["is not empty. Name another folder, or replace a network with --force."])
    is_full = {file.removesuffix(".csv") for file in FILES} <= set(sheets)
    assumed: dict[str, list[str]] = {}

    def write(fresh: Path) -> None:
        if is_full:
            write_sheets(fresh, _full(sheets))
        else:
            assumed.update(_fill(book, sheets, fresh))
        if whole:
            assumed[_WHOLE_CODES] = whole
        problems = check_network(fresh)
        if problems:
            raise NetworkError(str(book), [Problem(p.where.replace(".csv", ""), p.message) for p in problems])
        (fresh / "SOURCES.md").write_text(_sources(book, assumed), encoding="utf-8")

    write_whole(folder, write, force=force)
    return Imported(folder, "full" if is_full else "short", tuple((k, tuple(v)) for k, v in assumed.items()))


def export_network(name: str, book: Path) -> int:
    """Write a network as a spreadsheet with a sheet for each file, all columns; the number of rows.

    Raises
    ------
    NetworkError
        There is no such network, or it is broken.
    DataError
        The spreadsheet cannot be written, or is of another kind.
    """
    load_network(name)
    if book.suffix.lower() not in ("", ".xlsx") and not book.is_dir():
        problem = f"{book.suffix} files are not written. Name an .xlsx file, or a folder without such an ending."
        raise DataError(str(book), [problem])
    folder = network_folder(name)
    sheets: dict[str, Sheet] = {}
    for file in (*FILES, *OPTIONAL_FILES, "journeys.csv"):
        if (folder / file).is_file():
            sheets[file.removesuffix(".csv")] = from_csv(folder / file)
    try:
        write_sheets(book, sheets)
    except OSError as error:
        raise DataError(str(book), [f"cannot be written ({error.strerror or error}). Name another."]) from error
    return sum(sum(map(any, rows)) - 1 for rows in sheets.values())


def _full(sheets: dict[str, Sheet]) -> dict[str, Sheet]:
    known = {file.removesuffix(".csv") for file in (*FILES, *OPTIONAL_FILES, "journeys.csv")}
    return {name: rows for name, rows in sheets.items() if name in known}


def _fill(book: Path, sheets: dict[str, Sheet], folder: Path) -> dict[str, list[str]]:
    lines, problems = read_short(sheets)
    if problems:
        raise NetworkError(str(book), problems)
    title = next((row[0] for row in sheets.get("network", [])[1:2] if row), "") or f"Network of {book.stem}"
    filled = Completer(lines, title).complete()
    if filled.problems:
        raise NetworkError(str(book), list(dict.fromkeys(filled.problems)))
    write_network(folder, filled.tables)
    return dict(filled.assumed)


def _sources(book: Path, assumed: dict[str, list[str]]) -> str:
    lines = [f"# Where the numbers of this network come from\n\n## workbook\nThe spreadsheet `{book.name}`."]
    if assumed:
        lines.append("What it does not say was filled in, and is an **assumption**:\n")
        lines += [f"- {what} ({_where(places)})" for what, places in assumed.items()]
    return "\n".join(lines) + "\n"


def _where(places: list[str]) -> str:
    more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
    return ", ".join(places[:_SHOWN]) + more
