"""Every figure of a study can be had by name, in each format, and what is missing is told with the remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sim.errors import DataError
from sim.network import load_network
from sim.report.plots import Plots
from sim.report.source import StudyData
from sim.report.style import save_as
from tests.report import ledger
from tests.report.conftest import SCENARIOS

NETWORK = load_network("midsize")
NAMES = [name for name in vars(Plots) if not name.startswith("_") and name not in ("data", "study")]
OF_NETWORK = {"crossings_histogram", "network_map", "supplier_tiers", "waits_by_hour"}
STARTS = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF-"}
SHOCK = {"from": "2017-11-01T06:00:00+00:00", "duration_s": 5 * 3600}


def plots_of(data: StudyData, folder: Path) -> Plots:
    study: Any = SimpleNamespace(directory=folder, scenarios=SCENARIOS)
    return Plots(data, study)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "over_time"])  # the days of a run are none of these
def test_a_figure_is_written_in_every_format(name: str, study_with: Callable[..., StudyData], tmp_path: Path) -> None:
    ledger.write(tmp_path)
    data = study_with(**ledger.fields((SHOCK,)))
    asked = {"network": NETWORK} if name in OF_NETWORK else {}
    figure = getattr(plots_of(data, tmp_path), name)(**asked)
    for ending, start in STARTS.items():
        assert save_as(figure, tmp_path / f"{name}.{ending}").read_bytes().startswith(start)


def test_those_asked_for_are_there() -> None:
    wanted = {
        "border_hours",  # and vehicles lost
        "border_waits",
        "content_thresholds",
        "cost_waterfall",
        "crossings_histogram",
        "duty_by_programme",
        "network_map",
        "over_time",
        "passport",
        "queue_over_disruption",
        "supplier_tiers",
        "trade_balance",
        "treasury_receipts",
        "waits_by_hour",
        "who_pays",
    }
    assert set(NAMES) == wanted


def test_without_ledgers_or_network_the_remedy_is_told(study_with: Callable[..., StudyData], tmp_path: Path) -> None:
    plots = plots_of(study_with(**ledger.fields((SHOCK,)), network_name="nowhere"), tmp_path)
    told = {
        "waits_by_hour": f"the ledger of {SCENARIOS[0]} was not stored. Run it again with --ledger all.",
        "queue_over_disruption": "no ledger was stored. Run it again with --ledger sample, or all.",
        "supplier_tiers": "no network named 'nowhere'. Pass one.",
    }
    for name, words in told.items():
        with pytest.raises(DataError) as caught:
            getattr(plots, name)()
        assert str(caught.value) == f"{plots.data.name}: {words}"
    with pytest.raises(DataError, match="Did you mean 'us_proposal'"):
        plots.waits_by_hour("us_propsal")
