"""When milk runs of a generated network leave: every working day at an hour that is drawn."""

from __future__ import annotations

from sim.network.build.milk import DAYS, HOURS
from sim.network.generate.draws import Draws
from sim.network.model import Evidence, MilkRun
from sim.streams import Streams


def departures(name: str, time_zone: str, streams: Streams) -> MilkRun:
    """When a run leaves: on every working day at one hour."""
    hour = Draws(streams, f"milk_run/{name}").pick(HOURS)
    return MilkRun(name, time_zone, tuple((day, hour) for day in DAYS), Evidence("assumption", 0.0, ""))
