"""What a vehicle of each mode carries, and the share of one that a load takes."""

from __future__ import annotations

from sim.network.model import Lane, Network

# Kilograms and cubic metres of one load: a 53-foot trailer (estimate), a trailer's worth of a rail container
# (assumption), a forty-foot container (from memory).
CAPACITY = {"truck": (19_000.0, 65.0), "rail": (19_000.0, 65.0), "ocean": (22_000.0, 60.0)}
PART_LOAD_PREMIUM = 1.5  # assumption: room on a shared trailer costs half as much again as on one's own; 1.2 to 2


def room_taken(network: Network, lane: Lane) -> float:
    """Share of a vehicle that one load of a lane fills, by mass or volume whichever is more, 0 to 1.

    Finished vehicles travel by the carrier-load and fill it; so does a part whose mass and volume are not known.
    """
    part = network.parts[lane.part]
    if part.vehicle_class or not (part.mass_kg or part.volume_m3):
        return 1.0
    most_kg, most_m3 = CAPACITY[lane.mode]
    return min(1.0, lane.load_units * max(part.mass_kg / most_kg, part.volume_m3 / most_m3))


def share_paid(network: Network, lane: Lane) -> float:
    """Share of a vehicle's cost that one load of a lane pays: the room it takes, dearer by the part-load premium."""
    return min(1.0, PART_LOAD_PREMIUM * room_taken(network, lane))
