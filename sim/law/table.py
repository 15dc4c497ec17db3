"""Rates by tariff code: rows of a CSV file, matched by the longest code in force on the day."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sim.errors import Problem, nearest
from sim.law.dated import UnknownValueError, Vintage, governing
from sim.law.facts import digits
from sim.reading import Node
from sim.references import Reference
from sim.units import parse_rate

COLUMNS = ("hts_code", "description", "rate_pct", "from", "published", "until", "reference")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


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
    try:
        text = read_csv(name)
    except OSError:
        node.fault(f"the table file '{name}' cannot be read.")
        text = ""
    reader = csv.DictReader(io.StringIO(text))
    if text and tuple(reader.fieldnames or ()) != COLUMNS:
        node.problems.append(Problem(f"{name} row 1", f"the columns must be {', '.join(COLUMNS)}."))
        return Table(path, title, {})
    for number, row in enumerate(reader, start=2):
        vintage = _read_row(f"{name} row {number}", row, references, node.problems)
        if vintage is None:
            continue
        same = rows.setdefault(digits(row["hts_code"]), [])
        if any((v.begins, v.published) == (vintage.begins, vintage.published) for v in same):
            message = f"a second rate for {row['hts_code']} from {row['from']}. Keep one."
            node.problems.append(Problem(f"{name} row {number}", message))
        same.append(vintage)
    return Table(path, title, {code: tuple(found) for code, found in rows.items()})


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
    days = {}
    for column in ("from", "published", "until"):
        text = row[column]
        days[column] = dt.date.fromisoformat(text) if _DATE.fullmatch(text) else None
        if days[column] is None and (text or column == "from"):
            problems.append(Problem(where, f"{column} '{text}' is not a date. Write it as 2025-04-03."))
    key = row["reference"]
    if key not in references:
        message = f"no reference named '{key}'. {nearest(key, references, 'references')}"
        problems.append(Problem(where, message))
    if len(problems) > before:
        return None
    begins = days["from"] or dt.date.max
    status = "verified" if references[key].status == "seen" else "provisional"
    return Vintage(begins, days["published"] or begins, days["until"], rate, status, references[key])
