"""Waits hour by hour are those of the stored ledgers, in local time and around the disruption; who pays adds up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.clock import Clock
from sim.network import load_network
from sim.report.graph_figures import crossings_histogram, supplier_tiers
from sim.report.hour_figures import queue_over_disruption, waits_by_hour
from sim.report.hours import Hours, first_shock, hours_of
from sim.report.payer_figure import ELSE, FEES, who_bears, who_pays, who_receives
from sim.report.source import StudyData, Summary
from sim.units import HOUR
from tests.report import ledger

NETWORK = load_network("midsize")
BRIDGE, LAREDO = "ambassador_bridge/us", "laredo_wtb/us"
CLOCK = Clock(dt.date(2017, 10, 29), 24 * HOUR, 240 * HOUR)


def test_waits_are_read_from_the_ledger(study_with: Callable[..., StudyData], tmp_path: Path) -> None:
    data = study_with(**ledger.fields())
    assert hours_of(data, tmp_path) == []
    ledger.write(tmp_path)
    (found,) = hours_of(data, tmp_path)
    assert found.clock == CLOCK
    assert len(found.scenarios) == 2
    waits = found.waits["laredo_wtb/us"]
    assert waits.shape == (1, 24 + 240)
    assert np.flatnonzero(np.isfinite(waits[0])).tolist() == [24 + 8]
    assert waits[0, 24 + 8] == 41


def test_hours_of_the_day_are_local_and_the_warm_up_is_left_out() -> None:
    waits = np.full((1, 264), np.nan)
    waits[0, 3] = 500.0  # in the warm-up
    waits[0, 24 + 12 :: 24] = np.arange(10.0)  # noon UTC is 7 in Detroit
    figure = waits_by_hour(Hours(("a",), CLOCK, {BRIDGE: waits}), NETWORK, "A", "test")
    (axes,) = [axes for axes in figure.axes if axes.get_visible()]
    line = axes.lines[0].get_ydata()
    local = [8 if day < 6 else 7 for day in range(10)]  # summer time ended on 5 November
    assert line[7] == np.median([v for v, h in zip(np.arange(10.0), local, strict=True) if h == 7])
    assert line[8] == np.median([v for v, h in zip(np.arange(10.0), local, strict=True) if h == 8])
    assert np.isnan(line[9])


def test_a_disruption_is_shown_where_waits_move_most() -> None:
    calm, shut = np.full((1, 264), 5.0), np.full((1, 264), 5.0)
    shut[0, 60:80] = 300.0
    runs = [
        Hours(("base",), CLOCK, {BRIDGE: calm, LAREDO: calm}),
        Hours(("closed",), CLOCK, {BRIDGE: shut, LAREDO: calm}),
    ]
    since = dt.datetime(2017, 10, 31, 12, tzinfo=dt.UTC)
    figure = queue_over_disruption(runs, {"base": "Base", "closed": "Closed"}, since, 20, "test")
    first = figure.axes[0]
    assert first.get_title(loc="left") == "Ambassador bridge, into US"
    assert max(first.lines[1].get_ydata()) == 300
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["Base", "Closed"]


def test_the_first_shock_with_an_end_is_taken(study_with: Callable[..., StudyData]) -> None:
    shocks = (
        {"from": "2017-11-09T06:00:00+00:00", "duration_s": 7200},
        {"from": "2017-11-01T06:00:00+00:00", "duration_s": 5400},
        {"from": "2017-10-01T06:00:00+00:00"},
    )
    found = first_shock(study_with(**ledger.fields(shocks)))
    assert found == (dt.datetime(2017, 11, 1, 6, tzinfo=dt.UTC), 2)
    assert first_shock(study_with(**ledger.fields())) is None


@pytest.mark.parametrize("pct", [0.0, 60.0, 100.0])
def test_what_is_borne_is_what_is_received(summary: Summary, pct: float) -> None:
    for scenario in summary.reforms:
        bears, receives = who_bears(summary, scenario, pct), who_receives(summary, scenario)
        assert sum(value for _, value in bears) == pytest.approx(sum(value for _, value in receives))
        assert [name for name, _ in receives] == ["United States", "Canada", "Mexico", FEES, ELSE]
    assert "60 %" in who_pays(summary, 60.0, "test").texts[0].get_text()


def test_graph_figures_show_every_vehicle_and_site() -> None:
    figure = crossings_histogram(NETWORK, "test")
    shown = [axes for axes in figure.axes if axes.get_visible()]
    assert len(shown) == 5
    assert all(sum(bar.get_height() for bar in axes.patches) == pytest.approx(100) for axes in shown)
    axes = supplier_tiers(NETWORK, "test").axes[0]
    sites = {recipe.site for recipe in NETWORK.recipes.values()}
    assert len(axes.texts) == len(sites)
    assert axes.get_xticklabels()[0].get_text().startswith("assembly")
