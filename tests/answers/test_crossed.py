"""A part at its borders: every border of a chain counted, and duty on duty as the closed form has it."""

from __future__ import annotations

import pytest

import sim
from sim.answers.crossed import Followed, borders_of, climb, stage_of, why_free
from sim.network.graph import most_crossed_path


def test_duty_on_the_whole_worth_at_every_entry_grows_as_its_power() -> None:
    network = sim.load_network("seat_control")
    path, count = most_crossed_path(network)
    borders = [borders_of(network, [lane]) for lane in path]
    assert sum(map(len, borders)) == count == len(borders_of(network, path))
    duties, owed = [], 0.0
    for found in borders:
        pays = any(border.movement == "entry" for border in found)
        duties.append(0.1 * (100.0 + owed) if pays else 0.0)
        owed += duties[-1]
    worth = (100.0,) * len(path)
    taxed = Followed(worth, tuple(duties))
    found = climb(network, path, Followed(worth, (0.0,) * len(path)), taxed, 0.1)
    assert len(found.found) == count
    assert found.found == pytest.approx(found.closed_form)
    assert found.found[-1] == pytest.approx(100 * (1.1 ** taxed.paying() - 1))
    assert taxed.paying() == 5  # entries for use, as the journey was told
    free = {border.movement: why_free(border) for border in borders_of(network, path) if border.movement != "entry"}
    assert free == {"temporary": "a temporary import", "in_bond": "in bond"}
    assert 0 < stage_of(network, path, "seat_actuator") < len(path)
