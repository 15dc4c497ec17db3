"""The figure of tariffs by day draws standings and rates on the days on which they held."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import numpy as np
import pytest

from sim.report.tariff_figure import Charged, tariffs_by_day, turning_days

DAYS = [dt.date(2025, 3, 1) + dt.timedelta(k) for k in range(10)]
STANDINGS = {"Tariff": ["unheard of"] + 2 * ["announced"] + ["suspended"] + 4 * ["in force"] + 2 * ["ended"]}
QUALIFIES = Charged("qualifies", [0.0] * 4 + [25.0] * 2 + [0.0] * 4, [0.0] * 4 + [25.0] * 2 + [0.0] * 4)
OTHER = Charged("does not", [2.5] * 4 + [52.5] * 4 + [27.5] * 2, [2.5] * 4 + [27.5] * 6)


def test_days_on_which_something_turns() -> None:
    found = turning_days([STANDINGS["Tariff"], QUALIFIES.then, OTHER.then])
    assert found == [1, 3, 4, 6, 8]
    assert turning_days([[1] * 10, [1]]) == []


def test_a_bar_for_each_stretch_of_a_duty_that_was_heard_of() -> None:
    top, _ = tariffs_by_day(DAYS, STANDINGS, {"Car": [QUALIFIES, OTHER]}, "provenance").axes
    bars = [(bar.get_x(), bar.get_width(), bar.get_hatch()) for bar in top.patches]
    assert bars == [(1, 2, "///"), (3, 1, ""), (4, 4, "")]


def test_rates_are_steps_and_what_later_papers_say_is_drawn_where_it_differs() -> None:
    _, panel = tariffs_by_day(DAYS, STANDINGS, {"Car": [QUALIFIES, OTHER]}, "").axes
    values = [step.get_data().values.tolist() for step in panel.patches]
    assert len(values) == 4
    assert values[1] == QUALIFIES.then
    assert values[3] == OTHER.then
    assert all(np.isnan(values[0]))
    assert [v for v in values[2] if not np.isnan(v)] == [27.5] * 4
    edges = panel.patches[1].get_data().edges
    assert edges.tolist() == pytest.approx(list(range(11)))
    assert [t.get_text() for t in panel.texts[:4]] == ["0 %", "25 %", "27.5 %", "52.5 %"]
    assert panel.get_title(loc="left") == "Car"


def test_marked_days_are_written_apart() -> None:
    _, panel = tariffs_by_day(DAYS, STANDINGS, {"Car": [QUALIFIES, OTHER]}, "").axes
    dates = panel.texts[4:]
    assert [t.get_text() for t in dates] == ["2025-03-02", "2025-03-04", "2025-03-05", "2025-03-07", "2025-03-09"]
    places = [t.get_position()[0] for t in dates]
    assert all(after - before >= 10 / 55 for before, after in pairwise(places))
    uprights = {float(np.asarray(line.get_xdata())[0]) for line in panel.lines}
    assert uprights == {1, 3, 4, 6, 8}
