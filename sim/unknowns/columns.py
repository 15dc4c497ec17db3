"""Columns of network files whose rows have ranges: all rows moved to one end, in a copy that is checked."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.network import check_network
from sim.network.schema import FILES, OPTIONAL_FILES, Column

NEIGHBOURS = ("US", "CA", "MX")
OVERSEAS = "overseas"
BY_COUNTRY = ("recipes.csv", "sites.csv")  # costs and wages are estimated country by country
# Where something is, when it is open, in which order it comes, and what sums to a whole: no estimates of a size.
SKIPPED = (
    "lat_deg", "lon_deg", "range_pct", "share_pct", "tier", "step", "alternative", "open_hour", "close_hour",
    "year", "month", "weekday", "hour", "weekend_open_hour", "weekend_close_hour", "from_month", "from_day",
    "to_month", "to_day", "lines", "split_trucks",
)  # fmt: skip

Rows = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one column that are moved together.

    Parameters
    ----------
    country : str
        Only rows of this country; empty for all.
    least, most : float
        Smallest and largest range among the rows, in percent.
    bases : tuple of str
        How each row is known.
    """

    file: str
    column: str
    country: str
    least: float
    most: float
    bases: tuple[str, ...]

    @property
    def id(self) -> str:
        """Name, such as ``network/recipes/labour_usd/MX``."""
        return "/".join(filter(None, ("network", self.file.removesuffix(".csv"), self.column, self.country)))

    @property
    def meaning(self) -> str:
        """What it is, in words."""
        where = f" in {self.country}" if self.country else ""
        rows = f"{len(self.bases)} rows" if len(self.bases) > 1 else "one row"
        return f"{self.column.replace('_', ' ')} of {self.file.removesuffix('.csv').replace('_', ' ')}{where}, {rows}"

    def words(self, end: int) -> str:
        """One end of the range."""
        sign = "-" if end < 0 else "+"
        return f"{sign}{self.most:g} %" if self.least == self.most else f"{sign}{self.least:g} to {self.most:g} %"


def groups_of(folder: Path) -> Iterator[Group]:
    """Every group of rows that has a range and a number that is not nothing."""
    countries = {row["id"]: row["country"] for row in _read(folder / "sites.csv")}
    for file, columns in {**FILES, **OPTIONAL_FILES}.items():
        path = folder / file
        if not path.is_file() or "range_pct" not in {x.name for x in columns}:
            continue
        rows = _read(path)
        for column in columns:
            if column.kind == "text" or column.name in SKIPPED or column.name not in rows[0]:
                continue
            kept = [row for row in rows if float(row["range_pct"]) > 0 and float(row[column.name] or 0) != 0]
            for country, own in _split(file, kept, countries).items():
                ranges = [float(row["range_pct"]) for row in own]
                yield Group(file, column.name, country, min(ranges), max(ranges), tuple(row["basis"] for row in own))


def scaled_folder(folder: Path, group: Group, end: int, scratch: Path) -> Path | str:
    """A copy of a network with a group at one end of its range; what is wrong with it where it is no network.

    Each row is multiplied by 1 + its range, or 1 - its range; by 1 / (1 + range) where that would leave nothing.
    """
    columns = {**FILES, **OPTIONAL_FILES}[group.file]
    column = next(x for x in columns if x.name == group.column)
    name = group.id.replace("/", "_") + ("_low" if end < 0 else "_high")
    copy = scratch / name / folder.name  # the network keeps its name
    if copy.is_dir():
        return copy
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*.md"))
    rows = _read(folder / group.file)
    countries = {row["id"]: row["country"] for row in _read(folder / "sites.csv")}
    own = {id(row) for row in _split(group.file, rows, countries).get(group.country, [])}
    for row in rows:
        if id(row) in own and float(row["range_pct"]) > 0:
            row[group.column] = _moved(column, float(row[group.column] or 0), float(row["range_pct"]) / 100, end)
    _write(copy / group.file, rows)
    problems = check_network(copy)
    if not problems:
        return copy
    shutil.rmtree(copy.parent)
    which = "low" if end < 0 else "high"
    return f"at its {which} end the network would be refused: {str(problems[0]).removesuffix('.')}"


def _moved(column: Column, value: float, range_: float, end: int) -> str:
    factor = 1 + range_ if end > 0 else (1 - range_ if range_ < 1 else 1 / (1 + range_))
    moved = min(max(value * factor, column.least), column.most)
    return str(round(moved)) if column.kind == "whole" else f"{moved:.9g}"


def _split(file: str, rows: Rows, countries: Mapping[str, str]) -> dict[str, Rows]:
    """Rows by country where costs and wages are, all together elsewhere."""
    if file not in BY_COUNTRY:
        return {"": rows} if rows else {}
    found: dict[str, Rows] = {}
    for row in rows:
        country = countries[row["site"] if file == "recipes.csv" else row["id"]]
        found.setdefault(country if country in NEIGHBOURS else OVERSEAS, []).append(row)
    return dict(sorted(found.items()))


def _read(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _write(path: Path, rows: Rows) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="\n")
