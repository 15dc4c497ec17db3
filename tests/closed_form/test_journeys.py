"""Border counts of documented journeys: a Mexico-Canada leg is two borders, a sea leg one; in bond is no entry.

Counts are those of the traced journeys J01 to J09: a capacitor in a seat control (Bloomberg, 2 February 2017), pistons
and rods (Reuters, 18 November 2019), a door striker (NBC News, 30 April 2025), a crankshaft (MarketWatch, February
2025), a rear suspension (APMA), a wiring harness and a breakaway kit (NPR, 5 June 2019), a frame and an engine
(Dallas Fed, 2019).
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.customs import Claims, assess, planned_flow
from sim.network import load_journeys, load_network
from sim.network.graph import journey as walk
from tests.customs.hand import DAY, HandLaw, free_parameters

# (journey, branch): borders passed, entries into the United States (None: the source tells no number)
COUNTS = {
    ("J01", "us_branch"): (5, 3),
    ("J01", "ca_branch"): (6, 2),
    ("J02", "all"): (4, 1),
    ("J04", "all"): (4, 2),
    ("J05", "all"): (4, 2),
    ("J06", "springs"): (2, None),
    ("J06", "differential"): (5, None),
    ("J06", "bushing_control_arm"): (2, None),
    ("J07", "all"): (2, 1),
    ("J08", "all"): (2, 1),
    ("J09", "frame"): (4, None),
    ("J09", "engine"): (2, None),
}


@pytest.mark.parametrize("journey", COUNTS, ids=" ".join)
def test_counts_of_a_journey(journey: tuple[str, str]) -> None:
    physical, entries_us = COUNTS[journey]
    found = walk(load_network("seat_control"), load_journeys("seat_control")[journey])
    assert found.physical == physical
    if entries_us is not None:
        assert found.dutiable.get("US", 0) == entries_us


def test_every_journey_told_is_in_the_network() -> None:
    assert set(COUNTS) <= set(load_journeys("seat_control"))


@pytest.mark.parametrize("journey", COUNTS, ids=" ".join)
def test_the_flow_counts_the_same(journey: tuple[str, str]) -> None:
    """Walking the journey's loads in the planned flow passes as many borders, and makes as many entries."""
    network = load_network("seat_control")
    flow = planned_flow(network, DAY)
    lanes = load_journeys("seat_control")[journey]
    nodes = [flow.lane_ids.index(lane) for lane in lanes]
    path = walk(network, lanes)
    assert int(flow.passages[nodes].sum()) == path.physical
    assert int(np.isin(flow.entry_node, nodes).sum()) == sum(path.dutiable.values())


def test_longest_chain_is_at_least_every_journey() -> None:
    """What the roll-up calls the longest chain behind a lane is no shorter than a documented path to it."""
    network = load_network("seat_control")
    found = assess(planned_flow(network, DAY), network, HandLaw(), Claims.none(), free_parameters())
    for journey, lanes in load_journeys("seat_control").items():
        last = found.flow.lane_ids.index(lanes[-1])
        assert found.chain[last] >= walk(network, lanes).physical, journey
