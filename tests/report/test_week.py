"""The week on the map says where loads of a stored ledger were, counted by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.errors import LedgerError
from sim.network import load_network
from sim.report import week as module
from sim.report.page import write_report
from sim.report.paper import WIDTH, paper_of
from sim.report.source import StudyData
from sim.report.week import HOURS, week_of
from tests.report import ledger

NETWORK = load_network("midsize")
Make = Callable[..., StudyData]


def test_loads_have_the_stops_and_minutes_of_the_ledger(study_with: Make, tmp_path: Path) -> None:
    ledger.write(tmp_path)
    week = week_of(study_with(**ledger.fields()), NETWORK, tmp_path)
    assert week is not None
    assert (week.begins, week.hours) == (dt.date(2017, 10, 30), HOURS)
    (plan,) = week.data["plans"]
    assert plan["label"] == "NAFTA as it stood; US proposal"
    abroad, home, later = plan["loads"]  # the fourth came before the week
    assert abroad[1:] == [120, 360, 90, 24 * 60 + 30, 15, 345]
    assert home[1:] == [180, 120]
    assert later[1:] == [150 * 60, 360, HOURS * 60 - 156 * 60, 0]  # held at the crossing to the end
    path = plan["paths"][abroad[0]]
    assert path["stops"] == ["laredo_wtb/us", "ambassador_bridge/ca"]
    assert path["to"] == 1
    assert len(path["places"]) == 4
    assert plan["paths"][home[0]]["stops"] == []


def test_waits_are_means_by_hour_of_the_week(study_with: Make, tmp_path: Path) -> None:
    ledger.write(tmp_path)
    week = week_of(study_with(**ledger.fields()), NETWORK, tmp_path)
    assert week is not None
    waits = week.data["plans"][0]["waits"]
    assert {name: [(n, v) for n, v in enumerate(row) if v is not None] for name, row in waits.items()} == {
        "laredo_wtb/us": [(8, 41)],
        "ambassador_bridge/ca": [(34, 3)],
    }
    assert [(gate["id"], gate["port"]) for gate in week.data["gates"]] == [
        ("laredo_wtb/us", 1),
        ("ambassador_bridge/ca", 2),
    ]


def test_the_week_is_that_of_the_first_shock_inside_the_window(study_with: Make, tmp_path: Path) -> None:
    ledger.write(tmp_path)
    shocks = ({"from": "2017-10-01T00:00:00+00:00"}, {"from": "2017-11-01T06:00:00+00:00"})
    week = week_of(study_with(**ledger.fields(shocks)), NETWORK, tmp_path)
    assert week is not None
    assert week.begins == dt.date(2017, 10, 31)
    late = ({"from": "2017-11-08T06:00:00+00:00"},)  # a whole week does not follow: the last one is taken
    week = week_of(study_with(**ledger.fields(late)), NETWORK, tmp_path)
    assert week is not None
    assert week.begins == dt.date(2017, 11, 2)


def test_many_loads_are_thinned_and_that_is_told(
    study_with: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.write(tmp_path)
    monkeypatch.setattr(module, "MOST_LOADS", 2)
    week = week_of(study_with(**ledger.fields()), NETWORK, tmp_path)
    assert week is not None
    assert len(week.data["plans"][0]["loads"]) == 2
    assert week.words == ("NAFTA as it stood: one load in 2 is shown.",)


@pytest.mark.usefixtures("one_figure")
def test_a_study_without_a_ledger_says_what_to_run(study_with: Make, tmp_path: Path) -> None:
    data = study_with(**ledger.fields())
    assert week_of(data, NETWORK, tmp_path) is None
    text = write_report(data, None, tmp_path).read_text(encoding="utf-8")
    assert "<pre>sim run scenarios/synthetic.yaml --ledger sample</pre>" in text
    assert 'id="week-data"' not in text


def test_a_damaged_ledger_is_refused(study_with: Make, tmp_path: Path) -> None:
    (ledger.write(tmp_path) / "loads.parquet").write_bytes(b"PAR1")
    with pytest.raises(LedgerError, match="no whole ledger in that folder"):
        week_of(study_with(**ledger.fields()), NETWORK, tmp_path)


def test_paper_keeps_every_place_on_it_and_north_up() -> None:
    detroit, toronto, saltillo = (-83.05, 42.33), (-79.38, 43.65), (-101.0, 25.42)
    paper = paper_of([detroit, toronto, saltillo])
    spots = np.array([paper.spot(place) for place in (detroit, toronto, saltillo)])
    assert (spots >= 0).all()
    assert (spots <= [WIDTH, paper.height]).all()
    assert spots[1, 1] < spots[0, 1] < spots[2, 1]  # the north is up
    assert paper.inset
    assert all(path.startswith("M") for path in paper.drawn.values())
    assert paper_of([saltillo]).inset == []
