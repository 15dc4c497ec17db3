"""A ledger as a folder of Parquet files: whole or absent, with named columns, for any tool that knows Parquet."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import DataError, LedgerError
from sim.ledger.ledger import CrossingHours, Ledger, LoadRows, PassageRows, StageRows, UseRows
from sim.plan import Plan

if TYPE_CHECKING:
    import duckdb

# The files and the rows that each holds. Times are seconds since the run began, -1 = not within it; lanes, crossings,
# stocks and recipes are numbers whose ids stand in names.parquet.
TABLES: dict[str, type[LoadRows | PassageRows | StageRows | UseRows]] = {
    "loads": LoadRows,
    "passages": PassageRows,
    "stages": StageRows,
    "uses": UseRows,
}
HOURS = "hours"  # crossing, hour, and what `CrossingHours` tells of them
STOCKS = "stock_left"
NAMES = "names"  # kind, number, id; hours as well, so that their count is known where there is no crossing
MEMORY = "512MB"  # what sorting and writing may take


def write_ledger(plan: Plan, ledger: Ledger, folder: Path) -> None:
    """Store a ledger in a folder of its own: under a temporary name first, so that it is whole or absent.

    Parameters
    ----------
    plan : Plan
        The run, which names lanes, crossings, stocks and recipes.
    folder : Path
        Replaced if it exists.
    """
    tables = {name: _columns(getattr(ledger, name)) for name in TABLES}
    with fresh_folder(folder) as place, connected() as connection:
        for name, columns in tables.items():
            connection.register(name, columns)
            copy_table(connection, f"SELECT * FROM {name}", place / f"{name}.parquet")
        write_rest(connection, plan, ledger.hours, ledger.stock_left, place)


def read_ledger(folder: Path) -> Ledger:
    """Read a ledger that was stored.

    Raises
    ------
    LedgerError
        The folder holds no ledger, or a damaged one.
    """
    import duckdb

    try:
        with connected() as connection:
            tables = {name: kind(**_read(connection, folder, name)) for name, kind in TABLES.items()}
            stock_left = _read(connection, folder, STOCKS)["units"]
            hours = _read(connection, folder, HOURS)
            counted = "SELECT kind, count(*) FROM read_parquet(?) GROUP BY kind"
            found = dict(connection.execute(counted, [str(folder / f"{NAMES}.parquet")]).fetchall())
        shape = (int(found.get("crossing", 0)), int(found.get("hour", 0)))
        told = CrossingHours(*(hours[item.name].reshape(shape) for item in fields(CrossingHours)))
    except (duckdb.Error, TypeError, ValueError, KeyError) as error:
        raise LedgerError("ledger", [f"no whole ledger in that folder ({str(error).splitlines()[0]})"]) from error
    return Ledger(
        loads=tables["loads"],  # type: ignore[arg-type]
        passages=tables["passages"],  # type: ignore[arg-type]
        stages=tables["stages"],  # type: ignore[arg-type]
        uses=tables["uses"],  # type: ignore[arg-type]
        hours=told,
        stock_left=stock_left,
    )


def write_rest(
    connection: duckdb.DuckDBPyConnection, plan: Plan, hours: CrossingHours, stock_left: NDArray[np.int64], place: Path
) -> None:
    """Store what a ledger holds besides rows of loads: hourly totals, stocks, and the names behind the numbers."""
    crossings, columns = hours.passed.shape
    rest = {
        HOURS: {
            "crossing": np.repeat(np.arange(crossings), columns),
            "hour": np.tile(np.arange(columns), crossings),
            **{name: column.ravel() for name, column in _columns(hours).items()},
        },
        STOCKS: {"stock": np.arange(stock_left.size), "units": stock_left},
        NAMES: _names(plan, columns),
    }
    for name, table in rest.items():
        connection.register(name, table)
        copy_table(connection, f"SELECT * FROM {name}", place / f"{name}.parquet")


@contextmanager
def fresh_folder(folder: Path) -> Iterator[Path]:
    """A folder beside `folder` that takes its place once everything is in it.

    Raises
    ------
    DataError
        Nothing can be written there.
    """
    target = folder.resolve()
    place = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        yield place
        shutil.rmtree(target, ignore_errors=True)
        place.replace(target)
    except OSError as error:
        raise DataError("ledger", [f"no ledger can be written to '{target.name}' ({error.strerror})"]) from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def connected(database: str = ":memory:") -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that keeps to one core and little memory, and the order of rows."""
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": MEMORY,
        "preserve_insertion_order": True,
    }
    with duckdb.connect(database, config=config) as connection:
        yield connection


def _names(plan: Plan, hours: int) -> Mapping[str, NDArray[Any]]:
    ids = {
        "lane": plan.lanes.ids,
        "crossing": plan.crossings.ids,
        "stock": plan.stocks.ids,
        "recipe": plan.recipes.ids,
        "hour": tuple(f"{hour} h" for hour in range(hours)),
    }
    return {
        "kind": np.array([kind for kind, names in ids.items() for _ in names], dtype=object),
        "number": np.array([n for names in ids.values() for n in range(len(names))], dtype=np.int64),
        "id": np.array([name for names in ids.values() for name in names], dtype=object),
    }


def _columns(table: Any) -> dict[str, NDArray[np.int64]]:
    return {item.name: getattr(table, item.name) for item in fields(table)}


def _read(connection: duckdb.DuckDBPyConnection, folder: Path, name: str) -> dict[str, NDArray[np.int64]]:
    found = connection.execute("SELECT * FROM read_parquet(?)", [str(folder / f"{name}.parquet")]).fetchnumpy()
    return {column: np.ascontiguousarray(values, dtype=np.int64) for column, values in found.items()}


def copy_table(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write the rows of a query, in its order, to a Parquet file."""
    target = str(path).replace("'", "''")
    connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
