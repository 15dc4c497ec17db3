"""Blocks of rows into a stored ledger: a run of any length in little memory, sorted on disk at its end."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.engines.compiled import Ending, stream
from sim.engines.records import Ints, Rows, hours_of_totals
from sim.ledger.files import connected, copy_table, fresh_folder, write_rest
from sim.ledger.ledger import LoadRows, PassageRows, StageRows, UseRows
from sim.plan import Plan

if TYPE_CHECKING:
    import duckdb

# Fields of `Rows` as tables; `row`, `source` and `consumer` name loads by their row among those that might exist.
_LOADS = ("row", "units", "ordered_s", "started_s", "finished_s", "route", "received_s", "is_lost", "shipped_s")
_PASSAGES = (
    *("row", "position", "crossing", "arrived_s", "joined_s", "started_s", "cleared_s", "left_s", "used_fast"),
    "truck",
)
_USES = ("source", "consumer", "stock", "units")
_STAGES = ("row", "position", "stage", "joined_s", "started_s", "cleared_s")
_TABLES = (("loads", _LOADS), ("passages", _PASSAGES), ("uses", _USES), ("stages", _STAGES))


def stream_to_files(plan: Plan, folder: Path) -> Ending:
    """Run a plan on the compiled engine and store its ledger without ever holding it.

    Parameters
    ----------
    folder : Path
        Replaced if it exists; `sim.ledger.files.read_ledger` reads what it then holds.

    Returns
    -------
    Ending
        What is left when the run ends.

    Raises
    ------
    PlanError
        As `sim.engines.compiled.simulate`.
    DataError
        Nothing can be written there.
    """
    with fresh_folder(folder) as place:
        database = place.joinpath("rows.duckdb")
        with connected(str(database)) as connection:
            writer = _Writer(connection)
            ending = stream(plan, writer.take)
            writer.finish(plan, place)
            write_rest(connection, plan, hours_of_totals(ending.totals), ending.stock_left, place)
        database.unlink()
        return ending


class _Writer:
    """Takes blocks into tables on disk."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        for name, columns in _TABLES:
            told = ", ".join(f"{column} INTEGER" for column in columns)
            connection.execute(f"CREATE TABLE written_{name} (place BIGINT, {told})")
        self._places = dict.fromkeys((name for name, _ in _TABLES), 0)

    def take(self, rows: Rows) -> None:
        """Append a block; `place` keeps the order in which rows were written."""
        for name, columns in _TABLES:
            block = getattr(rows, name)
            if not block.shape[1]:
                continue
            first = self._places[name]
            self._places[name] = first + block.shape[1]
            self._connection.register(
                "block",
                {"place": np.arange(first, self._places[name]), **dict(zip(columns, block, strict=True))},
            )
            self._connection.execute(f"INSERT INTO written_{name} SELECT * FROM block")
            self._connection.unregister("block")

    def finish(self, plan: Plan, place: Path) -> None:
        """Number the loads that exist, sort all rows and write the files."""
        connection = self._connection
        connection.execute(
            "CREATE TABLE numbered AS SELECT row, row_number() OVER (ORDER BY row) - 1 AS load FROM written_loads"
        )
        first: Ints = plan.lanes.load_first
        lanes = {"lane": np.arange(first.size - 1), "first_row": first[:-1], "last_row": first[1:] - 1}
        connection.register("lanes", lanes)
        queries = {
            "loads": (
                LoadRows,
                {"lane": "lane", "n": "row - first_row"},
                "written_loads JOIN lanes ON row BETWEEN first_row AND last_row",
                "row",
            ),
            "passages": (
                PassageRows,
                {"load": "a.load", "truck": "b.load"},
                "written_passages w JOIN numbered a ON a.row = w.row JOIN numbered b ON b.row = w.truck",
                "w.row, position",
            ),
            "stages": (
                StageRows,
                {"load": "a.load"},
                "written_stages w JOIN numbered a ON a.row = w.row",
                "w.row, position, stage",
            ),
            "uses": (
                UseRows,
                {"source": "a.load", "consumer": "b.load"},
                "written_uses JOIN numbered a ON a.row = source JOIN numbered b ON b.row = consumer",
                "consumer, place",
            ),
        }
        for name, (kind, told, source, order) in queries.items():
            columns = ", ".join(
                f"CAST({told.get(item.name, item.name)} AS BIGINT) AS {item.name}" for item in fields(kind)
            )
            copy_table(
                connection, f"SELECT {columns} FROM {source} ORDER BY {order}", place.joinpath(f"{name}.parquet")
            )
