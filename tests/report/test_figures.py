"""Figures draw the numbers they are given: asserted on what is drawn, not on pixels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report import border_figures, cost_figures, passport_figure, trade_figures
from sim.report.flowmap import network_map
from sim.report.flows import MapPicture
from sim.report.source import Comparison, StudyData, Summary
from sim.report.style import ShownFigure, digits_for, save_figure, shortened, signed, with_interval, wrapped


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def widths(axes: Axes) -> list[float]:
    return [patch.get_width() for patch in axes.patches]


def visible(figure: Figure) -> list[Axes]:
    return [axes for axes in figure.axes if axes.get_visible()]


def test_waterfall_bars_are_the_components_and_end_at_the_total(summary: Summary) -> None:
    figure = cost_figures.cost_waterfall(summary, "provenance line")
    panels = visible(figure)
    assert [axes.get_title(loc="left") for axes in panels] == [
        "US proposal",
        "Modern tracing list",
        "Border tax 35",
        "NAFTA withdrawal",
        "Ambassador closure",
    ]
    first = panels[0]
    # materials 60 - 40 - 10, labour and overhead 0, freight 0, then as made up, expediting 0
    assert widths(first) == [10.0, 0.0, 0.0, 402.0, 9.0, 180.0, 4.0, 31.0, 0.0, 14.0, 650.0]
    assert sum(widths(first)[:-1]) == widths(first)[-1]
    assert texts(first)[-1] == "+650 ± 38"
    assert [patch.get_x() for patch in first.patches][:5] == [0.0, 10.0, 10.0, 10.0, 412.0]


def test_waterfall_shares_one_scale_and_names_its_unit(summary: Summary) -> None:
    panels = visible(cost_figures.cost_waterfall(summary, ""))
    assert len({axes.get_xlim() for axes in panels}) == 1
    assert [axes.get_xlabel() for axes in panels[-3:]] == ["USD per vehicle, change"] * 3


def test_falling_component_differs_by_colour_and_by_hatch(summary: Summary) -> None:
    withdrawal = visible(cost_figures.cost_waterfall(summary, ""))[3]
    rises, falls = withdrawal.patches[3], withdrawal.patches[5]
    assert (falls.get_width(), falls.get_hatch(), rises.get_hatch()) == (-61.0, "", "///")
    assert rises.get_facecolor() != falls.get_facecolor()


def test_one_replication_draws_no_interval(summary: Summary) -> None:
    rows = {
        key: tuple(Comparison(c.scenario, c.mean, c.difference, float("nan"), 1) for c in row)
        for key, row in summary.rows.items()
    }
    alone = Summary(summary.baseline, summary.scenarios, rows)
    assert texts(visible(cost_figures.cost_waterfall(alone, ""))[0])[-1] == "+650"


def test_duty_stack_adds_up(summary: Summary) -> None:
    axes = cost_figures.duty_by_programme(summary, "").axes[0]
    per_scenario = np.array(widths(axes)).reshape(len(summary.scenarios), -1).sum(axis=1)
    assert per_scenario.tolist() == [96.0, 498.0, 356.0, 3406.0, 751.0, 96.0]
    assert texts(axes)[0] == "96"
    assert texts(axes)[3].startswith("3,406")


def test_programmes_beyond_six_are_gathered(summary: Summary) -> None:
    extra = {
        ("duty_per_vehicle_usd", "all", f"us/extra_{n}"): tuple(
            Comparison(name, float(n + 1), 0.0, 0.0, 20) for name in summary.scenarios
        )
        for n in range(4)
    }
    named, rest = cost_figures.programmes_drawn(Summary(summary.baseline, summary.scenarios, {**summary.rows, **extra}))
    assert named[:4] == ["us/border_tax", "us/mfn", "mx/mfn", "ca/mfn"]
    assert named[4:] == ["us/extra_3", "us/extra_2"]
    assert rest == ["us/extra_1", "us/extra_0"]


def test_border_hours_points_and_words(summary: Summary) -> None:
    hours, lost = border_figures.border_hours(summary, "").axes
    assert "14.00  (+2.10 ± 0.11)" in texts(hours)
    assert "643  (+640 ± 9)" in texts(lost)
    assert hours.get_xlabel() == "load-hours at crossings per vehicle built"


def test_waits_are_ordered_and_banded(summary: Summary) -> None:
    assert border_figures.crossings_drawn(summary) == [
        "laredo_wtb/us",
        "otay_mesa/us",
        "ambassador_bridge/us",
        "ambassador_bridge/ca",
    ]
    axes = border_figures.border_waits(summary, "").axes[0]
    band = axes.patches[0]
    assert (band.get_x(), band.get_x() + band.get_width()) == pytest.approx((0.6 * 31.0, 3.1 * 31.0))
    means = [float(np.asarray(line.get_xdata())[0]) for line in axes.lines[: len(summary.scenarios)]]
    assert means == pytest.approx([31.0, 31 * 1.21, 31 * 1.1, 31.0, 31 * 1.02, 31 * 1.3])
    assert axes.get_xlabel().endswith("minutes")


def test_passport_borders_carry_their_hours(passport_record: dict[str, Any]) -> None:
    places, money = passport_figure.passport(passport_record, "").axes
    assert texts(places) == ["2.5 h", "7.4 h", "1.1 h"]
    assert [label.get_text() for label in places.get_yticklabels()] == [
        "supplier kokomo (US)",
        "border: Laredo wtb, into MX",
        "supplier juarez (MX)",
        "border: Laredo wtb, into US",
        "border: Ambassador bridge, into CA",
        "plant oakville (CA)",
        "market us midwest (US)",
    ]
    value = money.lines[0]
    assert np.asarray(value.get_ydata())[-1] == 30_000.0
    assert np.asarray(value.get_xdata())[-1] == pytest.approx(260 / 24)


def test_passport_bars_last_as_long_as_the_stays(passport_record: dict[str, Any]) -> None:
    places = passport_figure.passport(passport_record, "").axes[0]
    drawn = [(patch.get_x() * 24, patch.get_width() * 24) for patch in places.patches]
    wanted = [(0, 10), (10, 20), (58.5, 2.5), (70, 60), (130, 20), (160, 7.4), (200, 1.1), (210, 16), (226, 1)]
    assert drawn[:9] == [pytest.approx(pair) for pair in wanted]


def test_passport_without_money_or_rows_is_drawn(passport_record: dict[str, Any]) -> None:
    bare = [{k: v for k, v in row.items() if k != "value_usd"} for row in passport_record["rows"]]
    assert len(passport_figure.passport({**passport_record, "rows": bare}, "").axes) == 1
    assert len(passport_figure.passport({"title": "empty", "rows": []}, "").axes) == 1


def test_content_marks_what_fails(study: StudyData) -> None:
    found = {name: study.fact(name, "content") for name in study.summary.scenarios}
    panels = visible(trade_figures.content_thresholds(found, study.summary, ""))
    assert [axes.get_title(loc="left") for axes in panels] == [
        "Lansing, crossover ICE",
        "Oakville, crossover ICE",
        "Saltillo, pickup ICE",
    ]
    lansing = panels[0]
    assert widths(lansing) == [71.0, 71.0, 67.0, 71.0, 71.0]
    assert [patch.get_hatch() for patch in lansing.patches] == ["", "///", "", "", ""]
    assert "71.0 of 85" in texts(lansing)
    assert "no agreement in force" in texts(lansing)


def test_trade_balance_is_in_millions(summary: Summary) -> None:
    panels = visible(trade_figures.trade_balance(summary, ""))
    assert [axes.get_title(loc="left") for axes in panels] == [
        "Canada with Mexico",
        "United States with Canada",
        "United States with Mexico",
    ]
    assert widths(panels[2]) == [4.0, 1.0, 31.0, 9.0, -2.0]


def test_receipts_stack_by_treasury(summary: Summary) -> None:
    axes = trade_figures.treasury_receipts(summary, "").axes[0]
    stacked = np.array(widths(axes)).reshape(3, len(summary.scenarios))
    assert stacked[:, 0].tolist() == pytest.approx([6.1, 1.2, 2.0])
    assert stacked[0, 3] == pytest.approx(96.1)
    assert {patch.get_hatch() for patch in axes.patches} == {"", "///", "..."}


def test_map_draws_every_stretch_and_names_every_port(map_picture: MapPicture) -> None:
    axes = network_map(map_picture, "").axes[0]
    lines = [c for c in axes.collections if c.get_zorder() == 3]
    assert sum(len(c.get_paths()) for c in lines) == len(map_picture.stretches)
    inset = axes.child_axes[0]
    named = {*texts(axes), *texts(inset)}
    assert named == {gate.name for gate in map_picture.gates}


def test_figures_leave_global_style_alone_and_bytes_repeat(summary: Summary, tmp_path: Any) -> None:
    before = dict(matplotlib.rcParams)
    for name in ("one", "two"):
        save_figure(border_figures.border_hours(summary, "p"), tmp_path, name)
    assert dict(matplotlib.rcParams) == before
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


def test_figures_show_themselves_in_a_notebook(summary: Summary) -> None:
    figure = trade_figures.treasury_receipts(summary, "")
    assert isinstance(figure, ShownFigure)
    assert figure._repr_png_().startswith(b"\x89PNG")


def test_every_figure_carries_its_provenance(study: StudyData, study_with: Callable[..., StudyData]) -> None:
    line = study.provenance
    assert line == (
        "study synthetic · baseline NAFTA as it stood · 20 replications · nafta-sim 0.1.0 · digest 0123456789ab"
    )
    figure = trade_figures.treasury_receipts(study.summary, line)
    assert line in [text.get_text() for text in figure.texts]


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [
        (signed(0.004, 2), "0.00"),
        (signed(-1234.5, 0), "−1,234"),
        (with_interval(5.0, 1.25, 2), "+5.00 ± 1.25"),
        (wrapped("one two three", 7), "one two\nthree"),
        (shortened("abcdef", 4), "abc…"),
        (digits_for([]), 0),
        (digits_for([12.0, -3.0]), 1),
    ],
)
def test_words_for_numbers(shown: object, wanted: object) -> None:
    assert shown == wanted
