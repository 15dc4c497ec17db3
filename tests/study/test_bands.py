"""Bands over time: quantiles over replications by hand, days that not every replication has, damage mended."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import numpy as np
import pytest

from sim.errors import DataError
from sim.report.gather import most_waited, panel_of, panels_of
from sim.study import Progress, run_study
from sim.study.store import read_bands, write_bands, write_result
from tests.study.fake_runner import DayRow, Row
from tests.study.test_execute import RUNNER, contents, plan


@pytest.fixture(autouse=True)
def _runner_is_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


def test_quantiles_by_hand(tmp_path: Path) -> None:
    """Of 0, 10, .., 40 the 5 % point lies a fifth of the way from the first to the second."""
    first, second = dt.date(2017, 1, 2), dt.date(2017, 1, 3)
    files = []
    for n in range(5):
        days = [DayRow("wait_min_by_day", "all", "gate", first, 10.0 * n)]
        days += [DayRow("wait_min_by_day", "all", "gate", second, 7.0)] if n < 2 else []
        path = tmp_path / f"{n}.parquet"
        write_result(path, [Row("vehicles_lost", "all", "", 1.0)], {}, days)
        files.append(("base", n, path))
    write_bands(tmp_path / "bands.parquet", files)
    found = read_bands(tmp_path / "bands.parquet", "base", "wait_min_by_day", "gate")
    assert found["day"].tolist() == ["2017-01-02", "2017-01-03"]
    assert found["n"].tolist() == [5, 2]
    assert found["low_5"].tolist() == pytest.approx([2.0, 7.0])
    assert found["median"].tolist() == [20.0, 7.0]
    assert found["high_95"].tolist() == pytest.approx([38.0, 7.0])


def test_a_study_has_them_and_its_measures_have_no_days(tmp_path: Path) -> None:
    study = run_study(plan(), tmp_path / "s", jobs=1, runner=RUNNER)
    assert "moving_by_day" not in study.measures()
    found = study.bands("moving_by_day", scenario="taxed")
    assert found["day"].size == 71
    assert found["n"].tolist() == [4] * 71
    assert np.all(found["low_5"] < found["median"])
    with duckdb.connect() as connection:  # opens as it is, in SQL
        rows = connection.execute(f"SELECT DISTINCT scenario, typeof(day) FROM '{tmp_path}/s/bands.parquet'").fetchall()
    assert sorted(rows) == [("base", "DATE"), ("taxed", "DATE")]


def test_a_port_that_another_scenario_opens_is_no_item_of_the_baseline(tmp_path: Path) -> None:
    study = run_study(plan("base", "opens"), tmp_path / "s", jobs=1, runner=RUNNER)
    assert study.band_items("wait_min_by_day") == ()
    assert study.band_items("wait_min_by_day", "opens") == ("new/ca",)
    with pytest.raises(DataError) as caught:
        study.bands("wait_min_by_day", "new/ca")
    assert str(caught.value) == f"{tmp_path / 's'}: no series named 'wait_min_by_day'. Did you mean 'moving_by_day'?"
    assert [series for series, _, _ in panels_of(study)] == ["moving_by_day"]
    _, _, bands = panel_of(study, "wait_min_by_day", "new/ca")
    assert list(bands) == ["opens"]


def test_the_crossing_over_time_is_passed_every_day_and_costs_most_hours() -> None:
    """Of one that rests at weekends, one with long waits and few trucks, and one with 300 trucks of 5 minutes."""
    days = {"rests/us": 5, "quiet/us": 7, "busy/us": 7}
    waits = {"rests/us": 60.0, "quiet/us": 40.0, "busy/us": 5.0}
    trucks = {"rests/us": 900.0, "quiet/us": 20.0, "busy/us": 300.0}
    rows = {("border_passages", name): trucks[name] for name in days}
    rows |= {("border_wait_min", f"{name}|mean"): waits[name] for name in days}

    def study(told: dict[tuple[str, str], float]) -> Any:
        return SimpleNamespace(
            baseline="base",
            band_items=lambda series: tuple(days),
            bands=lambda series, item: {"median": np.full(days[item], waits[item])},
            measures=lambda: tuple({measure for measure, _ in told}),
            items=lambda measure: tuple(item for name, item in told if name == measure),
            series=lambda measure, vehicle, item: {"base": np.array([told[measure, item]] * 2)},
        )

    assert most_waited(study(rows)) == "busy/us"
    assert most_waited(study({})) == "quiet/us"


def test_damage_is_found_and_mended_without_a_run(tmp_path: Path) -> None:
    run_study(plan(), tmp_path / "s", jobs=1, runner=RUNNER)
    before = contents(tmp_path / "s")
    (tmp_path / "s" / "bands.parquet").write_bytes(b"PAR1 no more")
    told: list[Progress] = []
    run_study(plan(), tmp_path / "s", jobs=1, runner="fake_runner", progress=told.append)
    assert told[-1] == Progress(8, 8, 8)
    assert contents(tmp_path / "s") == before


def test_wrong_names_are_answered_with_the_nearest(tmp_path: Path) -> None:
    study = run_study(plan(), tmp_path / "s", jobs=1, runner=RUNNER)
    for asked, said in (
        (("moving_by_days", "", None), "no series named 'moving_by_days'. Did you mean 'moving_by_day'?"),
        (("moving_by_day", "", "bass"), "no scenario named 'bass'. Did you mean 'base'?"),
        (("moving_by_day", "gate", None), "moving_by_day of base has no item 'gate'. Allowed items: ."),
    ):
        with pytest.raises(DataError) as caught:
            study.bands(*asked)
        assert str(caught.value) == f"{tmp_path / 's'}: {said}"
