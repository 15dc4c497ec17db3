"""Borders and entries of journeys of parts that newspapers and banks traced, counted on the network that holds them."""

from __future__ import annotations

from collections.abc import Iterator

from sim.network import load_journeys, load_network
from sim.network.graph import journey
from sim.validation.finding import Finding, exactly

NETWORK = "seat_control"  # its SOURCES.md names the page behind each journey
# Journey and branch: borders passed, and entries into the United States where the page tells them. A leg between Mexico
# and Canada passes two borders, a sea leg one.
TOLD = {
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


def traced_journeys() -> Iterator[Finding]:
    """Borders and entries of each journey, exactly."""
    network, lanes = load_network(NETWORK), load_journeys(NETWORK)
    for (name, branch), (borders, entries) in TOLD.items():
        found = journey(network, lanes[name, branch])
        item, source = f"{name} {branch}", f"networks/{NETWORK}/SOURCES.md, {name}"
        yield Finding("T04", f"{item} borders", found.physical, borders, "", *exactly(borders, 0), source)
        if entries is not None:
            ours = found.dutiable.get("US", 0)
            yield Finding("T04", f"{item} entries", ours, entries, "", *exactly(entries, 0), source)
