"""Weights read from a CSV file: columns and values in many spellings, every problem at once with its line."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.errors import PopulationError, Problem, line_at, nearest, oddity
from sim.locate import data_dir, is_file
from sim.population.weights import ALL, OTHER_MEMBER, Weights

MAX_BYTES, SHOWN_PROBLEMS = 50_000_000, 40
MOST_LETTERS = 100_000  # of a line


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column that may be read: what it means, what else it may be called, and what its cells may hold."""

    name: str
    meaning: str
    aliases: tuple[str, ...] = ()
    least: float = 1.0
    most: float = 10.0
    values: Mapping[str, tuple[str, ...]] | None = None  # accepted spellings by the word that is kept
    needed: bool = False


_PLACES = {"CA": ("can", "canada"), "MX": ("mex", "mexico"), "US": ("usa", "united states", "unitedstates")}
_KINDS = {
    "cars": ("car", "passenger", "passenger car", "passenger cars", "pc", "mpv", "suv", "8703", "c"),
    "trucks": ("truck", "light truck", "light trucks", "pickup", "pickups", "lcv", "lt", "8704", "t"),
}
COLUMNS = (
    Column(
        "class",
        "cars or trucks",
        (
            "vehicle class",
            "vehicle type",
            "vehicle",
            "v type",
            "type",
            "kind",
            "segment",
            "category",
            "hs",
            "hs head",
            "hs4",
        ),
        values=_KINDS,
    ),
    Column(
        "assembly",
        "country of assembly: CA, MX or US",
        (
            "assembly country",
            "assembly location",
            "country",
            "country of assembly",
            "assembled in",
            "plant country",
            "location",
            "origin",
            "iso o",
            "iso3 o",
            "v iso o",
            "ell",
        ),
        values=_PLACES,
    ),
    Column(
        "weight",
        "how much the row counts; any unit",
        ("weights", "w", "wt", "n", "count", "freq", "frequency", "obs", "n obs", "carlines", "size", "share"),
        least=0.0,
        most=math.inf,
    ),
    Column("tau_D", "1 + the charge when paying from the plant at home", ("tau", "tau home"), needed=True),
    Column("tau_D_q", "the same for quantities", ("tau q", "tau q d", "tau d quantity")),
    Column("tau_R", "1 + the charge from another member", ("tau member",)),
    Column("tau_R_q", "the same for quantities", ("tau q r", "tau r quantity")),
    Column("tau_F", "1 + the charge from outside", ("tau outside", "tau foreign"), least=0.2),
    Column("tau_F_q", "the same for quantities", ("tau q f", "tau f quantity"), least=0.2),
    Column("moves_to", "the member from which tau_R is paid", ("chosen r", "tau r from"), values=_PLACES),
)
NOTES = ("model", "basis", "source", "note", "id", "vid", "row", "year", "chosenf")  # may be there, for people
_ROUNDING = 1e-6  # a charge may be below 1 by so much


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


_KNOWN = {_plain(name): column for column in COLUMNS for name in (column.name, *column.aliases)}


def load_weights(path: str | Path) -> Weights:
    """Read weights from a CSV file.

    Parameters
    ----------
    path : str or Path
        UTF-8; separated by commas, semicolons or tabs; names of columns in the first line, in any order and case
        (`COLUMNS`). Only `tau_D` must be there. Empty lines and lines that begin with ``#`` are left out.

    Returns
    -------
    Weights
        Weights normalised to sum 1; `told` says what was assumed for columns that are missing or not known.

    Raises
    ------
    PopulationError
        Every problem of the file at once, each with its line: no such file, columns missing or twice, cells empty,
        no number, not finite or out of range.
    """
    place = Path(path)
    if place.exists() and not is_file(place):
        raise PopulationError(str(path), ["is no file. `sim laffer --example` prints one to begin with."])
    try:
        if place.stat().st_size > MAX_BYTES:
            raise PopulationError(str(path), [f"is larger than {MAX_BYTES // 1_000_000} MB."])
        text = place.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise PopulationError(str(path), ["no such file. `sim laffer --example` prints one to begin with."]) from None
    except UnicodeDecodeError as error:
        raise PopulationError(str(path), [f"is not UTF-8 text (byte {error.start})."]) from None
    except OSError as error:
        raise PopulationError(str(path), [f"cannot be read ({error.strerror or error})."]) from None
    return read_weights(text, str(path))


def shipped_text() -> str:
    """The text of the weights that come with the program, estimates (`sim.population.make_weights`)."""
    return (data_dir() / "population" / "weights.csv").read_text(encoding="utf-8")


def shipped_weights() -> Weights:
    """The weights that come with the program."""
    return read_weights(shipped_text(), "shipped weights (estimates)")


def read_weights(text: str, name: str) -> Weights:
    """Read weights from the text of a CSV file (`load_weights`).

    Raises
    ------
    PopulationError
        Every line and column that cannot be understood, the first `SHOWN_PROBLEMS` of them.
    """
    odd = oddity(text)
    if odd is not None:
        raise PopulationError(name, [Problem(f"line {line_at(text, odd[0])}", odd[1])])
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not lines:
        raise PopulationError(name, ["is empty. `sim laffer --example` prints a file to begin with."])
    long = next((number for number, line in lines if len(line) > MOST_LETTERS), None)
    if long is not None:
        raise PopulationError(name, [Problem(f"line {long}", f"has more than {MOST_LETTERS:,} letters.")])
    separator = max(",;\t", key=lines[0][1].count)
    header, *rows = [(number, _cells(line, separator)) for number, line in lines]
    columns, told, problems = _header(*header)
    if not rows:
        problems.append(Problem("", "has no row under its names of columns."))
    cells, wrong = _rows(rows, columns, separator == ";")
    problems += wrong
    if problems:
        if len(problems) > SHOWN_PROBLEMS:
            more = len(problems) - SHOWN_PROBLEMS
            problems = [*problems[:SHOWN_PROBLEMS], Problem("", f"and {more} more like these.")]
        raise PopulationError(name, problems)
    return _assemble(cells, name, told)


def _cells(line: str, separator: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader(io.StringIO(line), delimiter=separator))]


def _header(number: int, names: Sequence[str]) -> tuple[list[Column | None], list[str], list[Problem]]:
    columns = [_KNOWN.get(_plain(name)) for name in names]
    where, problems, told = f"line {number}", [], []
    allowed = [column.name for column in COLUMNS]
    for column in dict.fromkeys(column for column in columns if column is not None):
        called = [name for name, found in zip(names, columns, strict=True) if found is column]
        if len(called) > 1:
            problems.append(Problem(where, f"columns {_quoted(called)} all mean {column.name}. Keep one."))
    unknown = [
        name
        for name, column in zip(names, columns, strict=True)
        if column is None and _plain(name) and _plain(name) not in NOTES
    ]
    for column in COLUMNS:
        if column.needed and column not in columns:
            near = f" Not understood: {_quoted(unknown)}." if unknown else ""
            message = f"column '{column.name}' is missing: {column.meaning}.{near} {nearest('', allowed, 'columns')}"
            problems.append(Problem(where, message))
    if unknown:
        told.append(f"left out, not understood: column{'s' if len(unknown) > 1 else ''} {_quoted(unknown)}")
    return columns, told, problems


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _rows(
    rows: Sequence[tuple[int, list[str]]], columns: Sequence[Column | None], decimal_comma: bool
) -> tuple[dict[str, list[str | float]], list[Problem]]:
    found: dict[str, list[str | float]] = {column.name: [] for column in columns if column is not None}
    problems = []
    for number, cells in rows:
        if len(cells) != len(columns):
            problems.append(
                Problem(f"line {number}", f"has {len(cells)} cells where the first line has {len(columns)}.")
            )
            continue
        for column, cell in zip(columns, cells, strict=True):
            if column is None:
                continue
            value, message = _word(column, cell) if column.values else _number(column, cell, decimal_comma)
            if message:
                problems.append(Problem(f"line {number}, column {column.name}", message))
            found[column.name].append(value)
    return found, problems


def _word(column: Column, cell: str) -> tuple[str | float, str]:
    assert column.values is not None
    for kept, spellings in column.values.items():
        if _plain(cell) in (_plain(kept), *map(_plain, spellings)):
            return kept, ""
    if not cell:
        return "", f"is empty. Write {' or '.join(column.values)}."
    return "", f"unknown value '{cell}'. {nearest(cell, column.values, 'values')}"


def _number(column: Column, cell: str, decimal_comma: bool) -> tuple[str | float, str]:
    wanted = (
        "a number of 0 or more" if math.isinf(column.most) else f"a number from {column.least:g} to {column.most:g}"
    )
    if not cell:
        return 0.0, f"is empty. Write {wanted}."
    try:
        value = float(cell.replace(",", ".") if decimal_comma else cell)
    except ValueError:
        return 0.0, f"'{cell}' is not a number. Write {wanted}."
    if not math.isfinite(value) or "_" in cell:
        return 0.0, f"'{cell}' is not a number. Write {wanted}."
    if column.least - _ROUNDING <= value < column.least and column.least > 0:
        return column.least, ""
    if column.least <= value <= column.most:
        return value, ""
    if column.least == 1.0 and 0.0 <= value < 1.0:
        return 0.0, f"'{cell}' is below 1. Write one plus the charge, such as {1 + value:g} for {100 * value:g} %."
    return 0.0, f"'{cell}' is out of range. Write {wanted}."


def _assemble(cells: Mapping[str, list[str | float]], name: str, told: list[str]) -> Weights:
    count = len(cells["tau_D"])

    def numbers(column: str) -> np.ndarray | None:
        return np.array(cells[column], dtype=float) if column in cells else None

    def words(column: str, otherwise: Callable[[int], str]) -> list[str]:
        return [str(value) for value in cells[column]] if column in cells else [otherwise(row) for row in range(count)]

    weight = numbers("weight")
    if weight is None:
        weight = np.ones(count)
        told.append("no column 'weight': every row counts the same")
    if weight.sum() <= 0:
        raise PopulationError(name, [Problem("column weight", "all rows weigh nothing. Write one above 0.")])
    kept = weight > 0
    lacking = [column for column in ("class", "assembly") if column not in cells]
    told.extend(f"no column '{column}': rows are not told apart by it" for column in lacking)
    charges: dict[str, np.ndarray | None] = {}
    for place in ("D", "R", "F"):
        charge, quantity = numbers(f"tau_{place}"), numbers(f"tau_{place}_q")
        if charge is not None and quantity is None:
            quantity = charge
            told.append(f"no column 'tau_{place}_q': quantities take tau_{place}")
        charges[place], charges[f"{place}_q"] = charge, quantity
    if charges["R"] is None or charges["F"] is None:
        missing = [f"'tau_{place}'" for place in "RF" if charges[place] is None]
        told.append(f"no column{'s' if len(missing) > 1 else ''} {' and '.join(missing)}: assembly stays where it is")
        charges |= dict.fromkeys(("R", "R_q", "F", "F_q"))
    assembly = words("assembly", lambda row: ALL)
    chosen = {place: values if values is None else values[kept] for place, values in charges.items()}
    assert chosen["D"] is not None
    assert chosen["D_q"] is not None
    rows = [row for row in range(count) if kept[row]]
    vehicle_class, moves_to = (
        words("class", lambda row: ALL),
        words("moves_to", lambda row: OTHER_MEMBER[assembly[row]]),
    )
    return Weights(
        tuple(vehicle_class[row] for row in rows),
        tuple(assembly[row] for row in rows),
        weight[kept] / weight.sum(),
        chosen["D"],
        chosen["D_q"],
        chosen["R"],
        chosen["R_q"],
        chosen["F"],
        chosen["F_q"],
        tuple(moves_to[row] for row in rows),
        name,
        tuple(told),
    )
