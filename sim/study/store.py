"""Results on disk: one Parquet file per scenario and replication, written whole or not at all; checked."""

from __future__ import annotations

import atexit
import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from sim.errors import DataError, machine_fault
from sim.locate import data_dir, is_file
from sim.scenario import Scenario

if TYPE_CHECKING:
    import duckdb

FORMAT = 3  # of the study folder; a change makes older folders unreadable
BANDS = "bands.parquet"
QUANTILES = {"low_5": 0.05, "median": 0.5, "high_95": 0.95}  # over replications
_JOINED = "read_parquet([$PATHS], filename = true, file_row_number = true) r JOIN wanted w USING (filename)"
KEY_LENGTH = 20  # hex digits of a result's name: 80 bits, no accident


class MeasureRow(Protocol):
    """What a measure yields."""

    @property
    def measure(self) -> str:
        """Name of the measure, which carries its unit."""

    @property
    def vehicle(self) -> str:
        """Assembly recipe, or ``all``."""

    @property
    def item(self) -> str:
        """Part of the measure; empty for a single figure."""

    @property
    def value(self) -> float:
        """The figure."""


class DailyRow(MeasureRow, Protocol):
    """What a measure yields of one day."""

    @property
    def day(self) -> dt.date:
        """The UTC day."""


@lru_cache(maxsize=1)
def code_digest() -> str:
    """SHA-256 of everything in the package that can move a result: code below the report, and data."""
    package = data_dir().parent
    shown = (package / "report", package / "answers", package / "cli", data_dir() / "maps", data_dir() / "examples")
    skipped = (*shown, data_dir() / "scenarios")
    files = [
        path
        for path in sorted(package.rglob("*"))
        if path.suffix in (".py", ".yaml", ".csv") and not any(path.is_relative_to(s) for s in skipped)
    ]
    return _digest_of(files, package)


@lru_cache(maxsize=1)
def report_digest() -> str:
    """SHA-256 of what lays a report out: its code, templates and maps."""
    package = data_dir().parent
    folders = (package / "report", data_dir() / "maps")
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return _digest_of((path for path in files if path.suffix != ".pyc"), package)


def result_key(scenario: Scenario) -> str:
    """Name of a scenario's results: a digest of what it asks (own files by content), and of the code and data."""
    total = hashlib.sha256(f"{FORMAT} {scenario.digest} {code_digest()}".encode())
    return total.hexdigest()[:KEY_LENGTH]


def result_path(directory: Path, key: str, replication: int) -> Path:
    """Where the rows of one run are stored."""
    return directory / "results" / f"{key}-{replication:05d}.parquet"


def write_result(
    path: Path, rows: Sequence[MeasureRow], facts: Mapping[str, str], days: Sequence[DailyRow] = ()
) -> None:
    """Store the rows of one run: under a temporary name first, so that a file is whole or absent.

    Parameters
    ----------
    path : Path
        Final name.
    rows : sequence of measure rows
        Stored in the order given.
    facts : mapping of str to str
        Kept in the file's metadata beside a digest of the rows.
    days : sequence of daily rows
        Stored after them; the column ``day`` tells them apart.
    """
    every: list[MeasureRow] = [*rows, *days]
    columns = {
        "measure": np.array([row.measure for row in every], dtype=object),
        "vehicle": np.array([row.vehicle for row in every], dtype=object),
        "item": np.array([row.item for row in every], dtype=object),
        "day": np.array([""] * len(rows) + [row.day.isoformat() for row in days], dtype=object),
        "value": np.array([float(row.value) for row in every], dtype=np.float64),
    }
    kept = {**facts, "rows_digest": _rows_digest(columns)}
    pairs = ", ".join(f"{_quoted(k)}: {_quoted(v)}" for k, v in sorted(kept.items()))
    with _whole(path) as temporary, _connection().cursor() as connection:
        connection.register("columns", columns)
        connection.execute(
            "COPY (SELECT measure, vehicle, item, nullif(day, '')::DATE AS day, value FROM columns) "
            f"TO {_quoted(str(temporary))} "
            f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{pairs}}})"
        )


def read_facts(path: Path) -> dict[str, str] | None:
    """Metadata of a result file; None if it is missing, damaged or not what its digest says."""
    if not path.is_file():
        return None
    import duckdb

    try:
        with _connection().cursor() as connection:
            source = _quoted(str(path))
            pairs = connection.execute(f"SELECT key, value FROM parquet_kv_metadata({source})").fetchall()
            query = (
                f"SELECT measure, vehicle, item, coalesce(day::VARCHAR, '') AS day, value FROM read_parquet({source})"
            )
            columns = connection.execute(query).fetchnumpy()
    except duckdb.Error:
        return None
    facts = {bytes(key).decode(): bytes(value).decode() for key, value in pairs}
    return facts if facts.get("rows_digest") == _rows_digest(columns) else None


def read_values(files: Sequence[tuple[str, int, Path]]) -> dict[str, Any]:
    """Rows of many runs, days left out, as columns scenario, replication, measure, vehicle, item, value.

    Parameters
    ----------
    files : sequence of (scenario, replication, path)
        In the order the rows shall have.

    Raises
    ------
    DataError
        A file is missing or cannot be read.
    """
    columns = "w.scenario, w.replication, r.measure, r.vehicle, r.item, r.value"
    return _rows_of(files, f"SELECT {columns} FROM {_JOINED} WHERE r.day IS NULL ORDER BY w.place, r.file_row_number")


def read_days(files: Sequence[tuple[str, int, Path]], measures: Sequence[str]) -> dict[str, Any]:
    """Days of many runs as columns scenario, replication, measure, item, day (ISO text), value.

    Raises
    ------
    DataError
        A file is missing or cannot be read.
    """
    columns = "w.scenario, w.replication, r.measure, r.item, r.day::VARCHAR AS day, r.value"
    listed = ", ".join(map(_quoted, measures))
    wanted = f"WHERE r.day IS NOT NULL AND r.measure IN ({listed})"
    return _rows_of(files, f"SELECT {columns} FROM {_JOINED} {wanted} ORDER BY w.place, r.file_row_number")


def write_bands(path: Path, files: Sequence[tuple[str, int, Path]]) -> None:
    """Store, for each scenario, series, item and day, how the replications lie: how many, 5 %, 50 % and 95 %."""
    quantiles = ", ".join(f"quantile_cont(r.value, {share}) AS {name}" for name, share in QUANTILES.items())
    with _whole(path) as temporary:
        _rows_of(
            files,
            f"COPY (SELECT w.scenario, r.measure, r.item, r.day, count(*)::INTEGER AS n, {quantiles} FROM {_JOINED} "
            "WHERE r.day IS NOT NULL GROUP BY w.scenario, r.measure, r.item, r.day "
            "ORDER BY min(w.place), r.measure, r.item, r.day) "
            f"TO {_quoted(str(temporary))} (FORMAT parquet, COMPRESSION zstd)",
        )


def read_bands(path: Path, scenario: str, measure: str, item: str) -> dict[str, Any]:
    """Columns day (ISO text), n and the quantiles of one series.

    Raises
    ------
    DataError
        The file is missing or cannot be read.
    """
    import duckdb

    names = ", ".join(QUANTILES)
    query = (
        f"SELECT day::VARCHAR AS day, n, {names} FROM read_parquet(?) WHERE scenario = ? AND measure = ? AND item = ?"
    )
    with _connection().cursor() as connection:
        try:
            return dict(connection.execute(f"{query} ORDER BY day", [str(path), scenario, measure, item]).fetchnumpy())
        except duckdb.Error as error:
            raise _unreadable(path.name, error) from error


def read_series(path: Path, scenario: str) -> list[tuple[str, str]]:
    """Series and items of which a scenario has bands, sorted."""
    with _connection().cursor() as connection:
        query = "SELECT DISTINCT measure, item FROM read_parquet(?) WHERE scenario = ? ORDER BY ALL"
        found = connection.execute(query, [str(path), scenario]).fetchall()
        return [(str(measure), str(item)) for measure, item in found]


def _rows_of(files: Sequence[tuple[str, int, Path]], query: str) -> dict[str, Any]:
    """Columns that a query of `_JOINED` yields, in which `files` stand in their order."""
    import duckdb

    with _connection().cursor() as connection:
        wanted = {
            "place": np.arange(len(files), dtype=np.int64),
            "scenario": np.array([name for name, _, _ in files], dtype=object),
            "replication": np.array([n for _, n, _ in files], dtype=np.int64),
            "filename": np.array([str(path) for _, _, path in files], dtype=object),
        }
        connection.register("wanted", wanted)
        paths = ", ".join(_quoted(name) for name in sorted({str(path) for _, _, path in files}))
        try:
            result = connection.execute(query.replace("$PATHS", paths)).fetchnumpy()
        except duckdb.Error as error:
            if machine_fault(error) and query.startswith("COPY"):
                raise
            raise _unreadable("results", error) from error
    return {name: np.asarray(column) for name, column in result.items()}


def _unreadable(what: str, error: Exception) -> DataError:
    return DataError(what, [f"cannot be read ({str(error).splitlines()[0]}). Run the study again."])


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Store JSON under a temporary name first; the same content always gives the same bytes."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    with _whole(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A temporary name beside a file, which takes its place once written; what fails leaves nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read_json(path: Path) -> dict[str, Any] | None:
    """JSON of a file; None if it is missing, damaged or no file."""
    if not is_file(path):
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def remove_stale(directory: Path, keys: Iterable[str]) -> None:
    """Remove results of other inputs or code, and what a killed writer left behind."""
    kept = set(keys)
    for path in sorted((directory / "results").glob("*")):
        temporary = path.name.startswith(".")
        if temporary or (path.suffix == ".parquet" and path.name.split("-")[0] not in kept):
            path.unlink(missing_ok=True)


@lru_cache(maxsize=1)
def _connection() -> duckdb.DuckDBPyConnection:
    """One connection a process, closed before the interpreter ends: DuckDB complains of one left open."""
    import duckdb

    connection = duckdb.connect(config={"threads": 1})
    atexit.register(_close, connection)
    return connection


def _close(connection: duckdb.DuckDBPyConnection) -> None:
    connection.close()
    _connection.cache_clear()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _rows_digest(columns: Mapping[str, Any]) -> str:
    total = hashlib.sha256()
    for name in ("measure", "vehicle", "item", "day"):
        total.update("\n".join(columns[name]).encode())
        total.update(b"\0")
    total.update(np.ascontiguousarray(columns["value"], dtype="<f8").tobytes())
    return total.hexdigest()


def _digest_of(files: Iterable[Path], root: Path) -> str:
    total = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        total.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()
