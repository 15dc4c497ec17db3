"""Duty by day: what the law of a day charges by plan, programme by programme, and its picture."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

import sim
from sim.replication.duty_days import duty_by_day, planned_duty
from sim.report.duty_time_figure import REST, duty_over_time

DAY = dt.date(2017, 10, 30)
CROSSING = {"ca/proposals/crossing_duty", "mx/proposals/crossing_duty", "us/proposals/crossing_duty"}


def test_a_duty_at_every_crossing_grows_with_its_rate() -> None:
    low, high = (planned_duty(sim.load(name), DAY) for name in ("crossings_2_5", "crossings_10"))
    assert set(low) & CROSSING == set(high) & CROSSING == CROSSING
    for programme in CROSSING:
        assert 4 < high[programme] / low[programme] < 4.6  # four times, and the duty on duty


def test_a_day_before_the_duty_does_not_owe_it() -> None:
    before = dt.date(2017, 8, 15)  # the duty begins a day later
    found = duty_by_day(sim.load("crossings_10"), [before, DAY])
    assert [found[name][0] for name in sorted(CROSSING)] == [0, 0, 0]
    assert all(found[name][1] > 0 for name in CROSSING)
    assert all(len(values) == 2 for values in found.values())


def test_the_picture_stacks_to_the_sum_and_gathers_what_is_small() -> None:
    days = [dt.date(2025, month, 1) for month in (1, 2, 3)]
    duties = {f"us/p{n}": [float(n), 2.0 * n, 0.0] for n in range(10)}
    figure = duty_over_time(days, duties, "test")
    axes = figure.axes[0]
    assert np.asarray(axes.lines[0].get_ydata()) == pytest.approx([45, 90, 0])
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert len(words) == 8
    assert words[-1] == REST
