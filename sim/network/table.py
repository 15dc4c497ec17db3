"""Strict reading of one CSV table: every cell typed by its column, every problem with file, row and column."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from sim.errors import MOST_TOLD, Problem, line_at, nearest, oddity
from sim.locate import is_file
from sim.network.schema import Column

MAX_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One typed row: `number` is its line in the file as a spreadsheet counts it (the header is 1)."""

    number: int
    cells: Mapping[str, str | float | int]

    def text(self, column: str) -> str:
        """A cell of a text column."""
        return str(self.cells[column])

    def number_of(self, column: str) -> float:
        """A cell of a number column."""
        return float(self.cells[column])

    def whole(self, column: str) -> int:
        """A cell of a whole-number column."""
        return int(self.cells[column])


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one file."""

    file: str
    rows: tuple[Row, ...]

    def where(self, row: Row, column: str = "") -> str:
        """Place of a cell for a message: ``lanes.csv row 12, column share_pct``."""
        place = f"{self.file} row {row.number}"
        return f"{place}, column {column}" if column else place

    def problem(self, row: Row, column: str, message: str) -> Problem:
        """A problem at a cell."""
        return Problem(self.where(row, column), message)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)


Tables: TypeAlias = Mapping[str, Table]  # by file name


def read_table(path: Path, columns: Sequence[Column]) -> tuple[Table, list[Problem]]:
    """Read a CSV file whose header must name exactly the given columns, in any order; some may be left out.

    Parameters
    ----------
    path : Path
        The file; UTF-8, comma separated, header in row 1.
    columns : sequence of Column
        What must be there.

    Returns
    -------
    tuple of Table and list of Problem
        Rows without a problem, and every problem found.
    """
    empty = Table(path.name, ())
    if path.exists() and not is_file(path):
        return empty, [Problem(path.name, "is no file.")]
    try:
        if path.stat().st_size > MAX_BYTES:
            return empty, [Problem(path.name, f"is larger than {MAX_BYTES // 1_000_000} MB")]
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        names = ", ".join(column.name for column in columns)
        return empty, [Problem(path.name, f"is missing. Add it with the columns {names}.")]
    except UnicodeDecodeError as error:
        return empty, [Problem(path.name, f"is not UTF-8 text (byte {error.start}).")]
    except OSError as error:
        return empty, [Problem(path.name, f"cannot be read ({error.strerror or error}).")]
    return _parse(path.name, text, columns)


def _parse(file: str, text: str, columns: Sequence[Column]) -> tuple[Table, list[Problem]]:
    odd = oddity(text)
    if odd is not None:
        return Table(file, ()), [Problem(f"{file} row {line_at(text, odd[0])}", odd[1])]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    problems: list[Problem] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        problems.extend(_header_problems(file, header, columns))
        if problems:
            return Table(file, ()), problems
        by_name = {column.name: column for column in columns}
        ordered = [by_name[name] for name in header]
        lacking = {x.name: "" if x.kind == "text" else 0 for x in columns if x.name not in header}
        line = reader.line_num + 1
        for cells in reader:
            number, line = line, reader.line_num + 1
            if len(problems) >= MOST_TOLD:
                break
            if any(cell.strip() for cell in cells):
                _read_row(file, number, cells, ordered, lacking, rows, problems)
    except csv.Error as error:
        problems.append(Problem(f"{file} row {reader.line_num}", f"is not valid CSV ({error})."))
    return Table(file, tuple(rows)), problems


def _header_problems(file: str, header: Sequence[str], columns: Sequence[Column]) -> list[Problem]:
    names = [column.name for column in columns]
    where = f"{file} row 1"
    problems = []
    for name in dict.fromkeys(header):
        if name not in names:
            free = [known for known in names if known not in header] or names
            problems.append(Problem(where, f"unknown column '{name}'. {nearest(name, free, 'columns')}"))
        elif header.count(name) > 1:
            problems.append(Problem(where, f"column '{name}' stands twice. Keep one."))
    needed = [column.name for column in columns if not column.may_lack]
    problems.extend(Problem(where, f"column '{name}' is missing. Add it.") for name in needed if name not in header)
    return problems


def _read_row(
    file: str,
    number: int,
    cells: Sequence[str],
    columns: Sequence[Column],
    lacking: Mapping[str, str | int],
    rows: list[Row],
    problems: list[Problem],
) -> None:
    if len(cells) != len(columns):
        message = f"has {len(cells)} cells where the header has {len(columns)}. Quote commas inside a cell."
        problems.append(Problem(f"{file} row {number}", message))
        return
    typed: dict[str, str | float | int] = dict(lacking)
    for column, cell in zip(columns, cells, strict=True):
        value, message = convert(column, cell.strip())
        if message:
            problems.append(Problem(f"{file} row {number}, column {column.name}", message))
        typed[column.name] = value
    if not problems or not problems[-1].where.startswith(f"{file} row {number},"):
        rows.append(Row(number, typed))


def convert(column: Column, cell: str) -> tuple[str | float | int, str]:
    """Type one cell.

    Returns
    -------
    tuple of value and str
        The value and an empty text, or a stand-in and what is wrong.
    """
    if column.kind == "text":
        return cell, _text_message(column, cell)
    if not cell:
        return 0, f"is empty. Write {_wanted(column)}."
    try:
        number = float(cell)
    except ValueError:
        return 0, f"'{cell}' is not a number. Write {_wanted(column)}."
    if not math.isfinite(number) or "_" in cell:
        return 0, f"'{cell}' is not a number. Write {_wanted(column)}."
    if column.kind == "whole" and number != int(number):
        return 0, f"'{cell}' is not a whole number. Write {_wanted(column)}."
    if number < column.least or (column.above_zero and number <= 0):
        name = "negative" if number < 0 <= column.least else "too small"
        return 0, f"'{cell}' is {name}. Write {_wanted(column)}."
    if number > column.most:
        return 0, f"'{cell}' is too large. Write {_wanted(column)}."
    return (int(number) if column.kind == "whole" else number), ""


def _text_message(column: Column, cell: str) -> str:
    if not cell:
        return "" if column.optional else f"is empty. Write {_wanted(column)}."
    if column.allowed and cell not in column.allowed:
        return f"unknown value '{cell}'. {nearest(cell, column.allowed, 'values')}"
    if column.pattern and not _compiled(column.pattern).fullmatch(cell):
        return f"'{cell}' has the wrong form. Write it like '{column.example}'."
    return ""


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _wanted(column: Column) -> str:
    if column.allowed:
        return f"one of {', '.join(column.allowed)}"
    if column.kind == "text":
        return f"a text such as '{column.example}'" if column.example else "a text"
    noun = "a whole number" if column.kind == "whole" else "a number"
    low = "above 0" if column.above_zero else f"{column.least:g}"
    if math.isinf(column.most):
        return f"{noun} {low}" if column.above_zero else f"{noun} of {low} or more"
    if column.above_zero:
        return f"{noun} {low}, at most {column.most:g}"
    return f"{noun} from {low} to {column.most:g}"
