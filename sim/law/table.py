"""Rates by tariff code: rows of a CSV file, matched by the longest code in force on the day."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from sim.errors import Problem, line_at, nearest, oddity
from sim.law.dated import UnknownValueError, Vintage, governing
from sim.law.facts import digits
from sim.reading import Node
from sim.references import Reference
from sim.units import parse_day, parse_rate

COLUMNS = ("hts_code", "description", "rate_pct", "from", "published", "until", "reference")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of rates, by the digits of the tariff code."""

    path: str
    title: str
    rows: Mapping[str, tuple[Vintage, ...]]

    def at(self, code: str, on: dt.date, known: dt.date | None = None) -> Vintage:
        """The rate of the longest row that the code begins with and that covers the day.

        Raises
        ------
        LawError
            No such row: a rate is never guessed.
        """
        wanted = digits(code)
        for length in range(len(wanted), 1, -1):
            vintage = governing(self.rows.get(wanted[:length], ()), on, known)
            if vintage is not None:
                return vintage
        message = (
            f"no rate for the code '{code}' on {on}. Add a row for it, or for a shorter code that covers it, "
            "with its reference."
        )
        raise UnknownValueError(self.path, [message])

    def dates(self) -> set[dt.date]:
        """Every day at which a rate may change."""
        found = set()
        for vintages in self.rows.values():
            for vintage in vintages:
                found.add(vintage.begins)
                if vintage.until is not None:
                    found.add(vintage.until)
        return found


def read_table(path: str, node: Node, read_csv: Callable[[str], str], references: Mapping[str, Reference]) -> Table:
    """Read the CSV file that a programme names; its rows cite references of the programme's file."""
    entries = node.fields(("title", "file"), ("title", "file"))
    title = entries["title"].text() if "title" in entries else ""
    name = entries["file"].text() if "file" in entries else ""
    rows: dict[str, list[Vintage]] = {}
    for number, row in _rows_of(name, node, read_csv):
        vintage = _read_row(f"{name} row {number}", row, references, node.problems)
        if vintage is None:
            continue
        same = rows.setdefault(digits(row["hts_code"]), [])
        if any((v.begins, v.published) == (vintage.begins, vintage.published) for v in same):
            message = f"a second rate for {row['hts_code']} from {row['from']}. Keep one."
            node.problems.append(Problem(f"{name} row {number}", message))
        same.append(vintage)
    return Table(path, title, {code: tuple(found) for code, found in rows.items()})


def _rows_of(name: str, node: Node, read_csv: Callable[[str], str]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a table with their numbers; none where something is wrong with the table as a whole."""
    if name in ("", ".", "..") or PurePath(name).name != name:
        node.fault(f"'{name}' is no file beside this one. Write its name alone, such as 'rates.csv'.")
        return []
    try:
        text = read_csv(name)
    except (OSError, ValueError):  # UnicodeDecodeError is a ValueError
        node.fault(f"the table file '{name}' cannot be read as UTF-8 text.")
        return []
    odd = oddity(text)
    if odd is not None:
        node.problems.append(Problem(f"{name} row {line_at(text, odd[0])}", odd[1]))
        return []
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        head, *rows = [(reader.line_num, cells) for cells in reader if cells] or [(1, [])]
    except csv.Error as error:
        node.problems.append(Problem(f"{name} row {reader.line_num}", f"is not valid CSV ({error})."))
        return []
    if tuple(head[1]) != COLUMNS:
        node.problems.append(Problem(f"{name} row 1", f"the columns must be {', '.join(COLUMNS)}."))
        return []
    short = [number for number, cells in rows if len(cells) != len(COLUMNS)]
    node.problems.extend(Problem(f"{name} row {number}", f"has not {len(COLUMNS)} cells.") for number in short)
    return [] if short else [(number, dict(zip(COLUMNS, cells, strict=True))) for number, cells in rows]


def _read_row(
    where: str, row: Mapping[str, str], references: Mapping[str, Reference], problems: list[Problem]
) -> Vintage | None:
    before = len(problems)
    if not re.fullmatch(r"[\d.]{2,13}", row["hts_code"]):
        problems.append(Problem(where, f"hts_code '{row['hts_code']}' is not a tariff code."))
    rate = 0
    try:
        rate = parse_rate(f"{row['rate_pct']} %")
    except ValueError:
        problems.append(Problem(where, f"rate_pct '{row['rate_pct']}' is not a rate in percent, such as 2.5."))
    days: dict[str, dt.date | None] = {}
    for column in ("from", "published", "until"):
        text = row[column]
        days[column] = None
        if text or column == "from":
            try:
                days[column] = parse_day(text)
            except ValueError as error:
                problems.append(Problem(where, f"{column} {error}"))
    key = row["reference"]
    if key not in references:
        message = f"no reference named '{key}'. {nearest(key, references, 'references')}"
        problems.append(Problem(where, message))
    if len(problems) > before:
        return None
    begins = days["from"] or dt.date.max
    status = "verified" if references[key].status == "seen" else "provisional"
    return Vintage(begins, days["published"] or begins, days["until"], rate, status, references[key])
