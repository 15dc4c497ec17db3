"""Every figure of a study can be had by name, in each format, and what is missing is told with the remedy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from matplotlib import dates

from sim.errors import DataError
from sim.law import load_law
from sim.network import load_network
from sim.replication.duty_days import planned_duty
from sim.report.plots import Plots
from sim.report.source import StudyData
from sim.report.style import save_as
from sim.scenario import load_scenario
from sim.sourcing.curve import content_curve
from sim.sourcing.decide import open_question
from sim.sourcing.run import question_of
from sim.study import as_plan, load_study, run_study
from sim.study.stored import stored_scenario
from sim.unknowns import ask
from sim.unknowns import question_of as asked_of
from tests.report import ledger
from tests.report.conftest import SCENARIOS

NETWORK = load_network("midsize")
NAMES = [name for name in vars(Plots) if not name.startswith("_") and name not in ("data", "study")]
OF_RUNS = {
    "content_curve",
    "duty_over_time",
    "over_time",
    "tornado",
}  # of a study that was run: below, and in test_bands
CAR = "plant/lansing/crossover_ice"
OF_NETWORK = {"crossings_histogram", "network_map", "supplier_tiers", "waits_by_hour"}
STARTS = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF-"}
SHOCK = {"from": "2017-11-01T06:00:00+00:00", "duration_s": 5 * 3600}


def plots_of(data: StudyData, folder: Path) -> Plots:
    study: Any = SimpleNamespace(directory=folder, scenarios=SCENARIOS)
    return Plots(data, study)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in OF_RUNS])
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
        "content_curve",
        "content_thresholds",
        "cost_waterfall",
        "crossings_histogram",
        "duty_by_programme",
        "duty_over_time",
        "network_map",
        "over_time",
        "passport",
        "queue_over_disruption",
        "supplier_tiers",
        "tornado",
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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Studies run by the stand-in for `sim.replication`: a tax on cars, and what is not known of a plain run."""
    out = tmp_path_factory.mktemp("studies")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parents[1] / "study"))
        run_study(as_plan("crossings_10").with_(2), out / "taxed", jobs=1, runner="fake_runner")
        plain = load_scenario("nafta_as_it_stood")
        asked = ask(plain, None, out / "scratch", 2, ["parameters/truck", "parameters/carrying"])
        run_study(asked.plan, out / "unknowns", jobs=1, runner="fake_runner")
        yield out


def test_duty_over_time_asks_the_law_of_the_days_of_the_window(folder: Path) -> None:
    plot = load_study(folder / "taxed").plot
    (axes,) = plot.duty_over_time("crossings_10").axes
    asked = stored_scenario(load_study(folder / "taxed"), "crossings_10")
    first, last = (dates.num2date(x).date() for x in axes.get_xlim())
    assert (first, (last - first).total_seconds()) == (asked.start, asked.run_s)
    before = dt.date(2017, 8, 15)  # the duty begins a day later
    figure = plot.duty_over_time("crossings_10", [before, asked.start, asked.start + dt.timedelta(days=1)])
    owed = [sum(planned_duty(asked, day).values()) for day in (before, asked.start)]
    assert figure.axes[0].lines[0].get_ydata()[:2] == pytest.approx(owed)
    assert owed[1] > owed[0]
    with pytest.raises(DataError, match="one day makes no line"):
        plot.duty_over_time(days=[before])


def test_the_curve_of_content_is_that_of_sourcing(folder: Path) -> None:
    study = load_study(folder / "taxed")
    (axes,) = study.plot.content_curve(vehicles=[CAR], step_pct=10).axes
    asked = stored_scenario(study)
    question = question_of(asked, asked.load_network(), load_law(asked.reforms), asked.values())
    curve = content_curve(open_question(question, [CAR]), CAR, step_pct=10)
    assert axes.lines[0].get_xdata() == pytest.approx([point.content_pct for point in curve.points])
    assert axes.get_xlabel() == "regional content, %"


def test_the_tornado_is_that_of_what_is_not_known(folder: Path) -> None:
    study = load_study(folder / "unknowns")
    (axes,) = study.plot.tornado().axes
    found = asked_of(study)
    assert [x.id for x in found.unknowns] == ["parameters/truck_hour_usd", "parameters/carrying_pct_year"]
    assert axes.get_xlabel() == "USD/vehicle"
    assert axes.figure.texts[0].get_text() == "What we do not know: Cost per vehicle, total, nafta_as_it_stood"
    with pytest.raises(DataError) as caught:
        load_study(folder / "taxed").plot.tornado()
    remedy = "Run 'sim unknowns crossings_10' and load the study that it leaves."
    assert str(caught.value) == f"{folder / 'taxed'}: moves no assumption to the ends of its range. {remedy}"
