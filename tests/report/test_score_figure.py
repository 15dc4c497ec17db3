"""The score sheet: where a number lies in its band, and that every finding is drawn once."""

from __future__ import annotations

import math

import pytest

from sim.report.score_figure import FARTHEST, place_in_band, score_sheet
from sim.validation.finding import Finding, within_factor, within_pct


def finding(ours: float, theirs: float = 10.0, low: float = 8.0, high: float = 14.0) -> Finding:
    return Finding("t", "i", ours, theirs, "min", low, high, "band", "source")


@pytest.mark.parametrize(
    ("ours", "place"),
    [
        (10.0, 0.0),
        (14.0, 1.0),
        (8.0, -1.0),
        (9.0, -0.5),
        (12.0, 0.5),
        (18.0, 2.0),
        (900.0, FARTHEST),
        (-90.0, -FARTHEST),
    ],
)
def test_ends_of_the_band_are_one_away(ours: float, place: float) -> None:
    assert place_in_band(finding(ours)) == pytest.approx(place)


def test_a_band_without_width_and_a_number_that_is_not_there() -> None:
    assert place_in_band(finding(10.0, 10.0, 10.0, 10.0)) == 0.0
    assert place_in_band(finding(10.1, 10.0, 10.0, 10.0)) == FARTHEST
    assert math.isnan(place_in_band(finding(float("nan"))))


def test_every_finding_is_drawn_once() -> None:
    wide = Finding("t", "i", 30.0, 10.0, "min", *within_factor(10.0, 2.0), "s")
    close = Finding("t", "i", 10.1, 10.0, "min", *within_pct(10.0, 3.0), "s")
    figure = score_sheet({"one": [wide, close], "two": [finding(float("nan"))]}, "provenance")
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.get_yticklabels()] == ["one: 1 of 2", "two: 0 of 1"]
    points = [line for line in axes.lines if line.get_marker() in ("o", "X")]
    assert sorted(float(line.get_xdata()[0]) for line in points) == pytest.approx([1 / 3, 2.0])
