"""The figure of journeys draws each border and each duty that it is given."""

from __future__ import annotations

import numpy as np
import pytest

from sim.report.journey_figure import Border, Climb, borders_and_duty

CONTROL = [Border("US", "entry"), Border("MX", "temporary"), Border("US", "in_bond"), Border("CA", "entry")]
JOURNEYS = {"Seat control": CONTROL, "Harness": [Border("MX", "entry"), Border("US", "entry")]}
CLIMBS = [Climb("10 %", [0.0, 0.0, 0.0, 12.0], [0.0, 0.0, 0.0, 11.5]), Climb("25 %", [0, 0, 0, 33], [0, 0, 0, 32])]


def test_a_square_for_each_border_and_the_count_beside_it() -> None:
    left, _ = borders_and_duty(JOURNEYS, "Seat control", CLIMBS, "provenance").axes
    assert [text.get_text() for text in left.texts] == ["US", "MX", "US", "CA", "4", "MX", "US", "2"]
    squares = [(patch.get_x(), patch.get_hatch()) for patch in left.patches]
    assert squares == [
        (pytest.approx(k + 0.05), hatch) for k, hatch in [(0, ""), (1, "///"), (2, ""), (3, ""), (0, ""), (1, "")]
    ]
    assert left.patches[0].get_facecolor() != left.patches[2].get_facecolor()


def test_duty_climbs_to_what_was_found_and_the_closed_form_stands_beside_it() -> None:
    _, right = borders_and_duty(JOURNEYS, "Seat control", CLIMBS, "").axes
    found, formula = right.lines[0], right.lines[1]
    assert list(found.get_ydata()) == [0.0, 0.0, 0.0, 0.0, 12.0]
    assert list(formula.get_xdata()) == [1, 2, 3, 4]
    assert list(formula.get_ydata()) == [0.0, 0.0, 0.0, 11.5]
    assert [text.get_text() for text in right.texts] == ["10 %: +12.0 %", "25 %: +33.0 %"]
    assert right.get_ylim()[1] > 33
    assert right.get_xticklabels()[1].get_text() == "2\ninto MX\ntemporary\nimport"


def test_the_number_that_is_spoken_of_is_a_line() -> None:
    left, _ = borders_and_duty(JOURNEYS, "Harness", [Climb("10 %", [0, 0], [0, 0])], "", 8).axes
    assert np.asarray(left.lines[-1].get_xdata()).tolist() == [8, 8]
    assert left.get_xlim()[1] > 8
    assert left.texts[-1].get_text() == "as is said"
