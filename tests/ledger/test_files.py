"""Stored ledgers: what is read is what was written, whether it was held or handed over in blocks."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from sim.engines import compiled
from sim.engines.blocks import stream_to_files
from sim.errors import DataError, LedgerError
from sim.ledger.files import read_ledger, write_ledger
from tests.engines.busy import busy_plan
from tests.engines.plans import PlanBuilder


@pytest.mark.parametrize("seed", range(3))
def test_a_ledger_is_read_as_it_was_written(tmp_path: Path, seed: int) -> None:
    plan = busy_plan(seed, milk=seed == 1)
    ledger = compiled.simulate(plan)
    write_ledger(plan, ledger, tmp_path / "whole")
    assert read_ledger(tmp_path / "whole").digest() == ledger.digest()


@pytest.mark.parametrize("seed", range(6))
def test_rows_streamed_to_files_are_the_same_ledger(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "BLOCK_ROWS", 50)
    plan = busy_plan(seed, milk=seed % 2 == 1)
    ending = stream_to_files(plan, tmp_path / "streamed")
    assert read_ledger(tmp_path / "streamed").digest() == compiled.simulate(plan).digest()
    assert ending.stock_left.size == len(plan.stocks.ids)
    assert sorted(path.name for path in (tmp_path / "streamed").iterdir()) == [
        "hours.parquet",
        "loads.parquet",
        "names.parquet",
        "passages.parquet",
        "stages.parquet",
        "stock_left.parquet",
        "uses.parquet",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["streamed"]


def test_a_ledger_in_which_nothing_happens(tmp_path: Path) -> None:
    builder = PlanBuilder(5_000)
    builder.crossing("gate")
    plan = builder.build()
    stream_to_files(plan, tmp_path / "empty")
    assert read_ledger(tmp_path / "empty").digest() == compiled.simulate(plan).digest()


@pytest.mark.parametrize("horizon", [0, 5_000])
def test_a_ledger_without_a_crossing(tmp_path: Path, horizon: int) -> None:
    plan = PlanBuilder(horizon).build()
    ledger = compiled.simulate(plan)
    write_ledger(plan, ledger, tmp_path / "empty")
    assert read_ledger(tmp_path / "empty").digest() == ledger.digest()


def test_columns_have_names_and_numbers_have_ids(tmp_path: Path) -> None:
    plan = busy_plan(0)
    write_ledger(plan, compiled.simulate(plan), tmp_path / "whole")
    query = (
        f"SELECT id, count(*) FROM read_parquet('{tmp_path}/whole/loads.parquet') "
        f"JOIN read_parquet('{tmp_path}/whole/names.parquet') ON kind = 'lane' AND number = lane "
        "WHERE received_s >= 0 GROUP BY id ORDER BY id"
    )
    found = duckdb.sql(query).fetchall()
    assert [lane for lane, _ in found] == sorted(set(plan.lanes.ids) & {lane for lane, _ in found})
    assert len(found) > 10


def test_a_folder_without_a_ledger_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=r"^ledger: no whole ledger in that folder \("):
        read_ledger(tmp_path)
    plan = busy_plan(0)
    write_ledger(plan, compiled.simulate(plan), tmp_path / "damaged")
    shutil.copy(tmp_path / "damaged" / "names.parquet", tmp_path / "damaged" / "stock_left.parquet")
    with pytest.raises(LedgerError, match=r"^ledger: no whole ledger in that folder \("):
        read_ledger(tmp_path / "damaged")
    (tmp_path / "damaged" / "uses.parquet").write_bytes(b"PAR1")
    with pytest.raises(LedgerError, match=r"^ledger: no whole ledger in that folder \("):
        read_ledger(tmp_path / "damaged")


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    plan = busy_plan(0)
    for place, name in ((tmp_path / "file" / "ledger", "ledger"), (tmp_path / "file", "file")):
        with pytest.raises(DataError) as caught:
            write_ledger(plan, compiled.simulate(plan), place)
        assert str(caught.value) == f"ledger: no ledger can be written to '{name}' (Not a directory)"
    assert (tmp_path / "file").read_text() == ""
