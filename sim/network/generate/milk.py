"""Milk runs of a generated network: small parts of one site for one other share trucks that leave every working day."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.network.build.tables import Cells
from sim.network.generate.draws import Draws
from sim.network.model import Evidence, MilkRun
from sim.streams import Streams

MOST_ROOM = 0.3  # assumption: a part is small if a day's use of it takes no more of a trailer
FULL_ROOM = 0.9  # assumption: no more of a trailer is planned for a day's use of all that ride, so that it seldom lacks
DAYS = range(5)
HOURS = (6.0, 10.0, 14.0, 18.0)  # assumption: when a run leaves, local; which of them is drawn


@dataclass(frozen=True, slots=True)
class Rider:
    """A lane that may ride.

    Parameters
    ----------
    lane : str
    sites : tuple of str
        Where it begins and ends.
    daily : float
        Units used on a working day.
    room : float
        Share of a trailer that they take.
    """

    lane: str
    sites: tuple[str, str]
    daily: float
    room: float

    @property
    def load_units(self) -> int:
        """Units of a load that rides: a day's use, so that each departure takes one."""
        return max(1, math.floor(self.daily))


def share_out(riders: Sequence[Rider]) -> dict[str, list[Rider]]:
    """Put the small parts between two sites together on as few runs as hold them; nobody rides alone.

    Returns
    -------
    dict of str to list of Rider
        By the name of the run, such as ``mx_4_to_plant_us_1``.
    """
    between: dict[tuple[str, str], list[Rider]] = defaultdict(list)
    for rider in sorted(riders, key=lambda rider: rider.lane):
        if rider.room <= MOST_ROOM:
            between[rider.sites].append(rider)
    runs = {}
    for (start, end), group in sorted(between.items()):
        name = f"{start.split('/')[1]}_to_{end.replace('/', '_')}"
        shared = [trailer for trailer in _trailers(group) if len(trailer) > 1]
        for number, trailer in enumerate(shared, 1):
            runs[name if number == 1 else f"{name}_run_{number}"] = trailer
    return runs


def _trailers(riders: Sequence[Rider]) -> list[list[Rider]]:
    trailers: list[list[Rider]] = []
    room = 0.0
    for rider in riders:
        if not trailers or room + rider.room > FULL_ROOM:
            trailers.append([])
            room = 0.0
        trailers[-1].append(rider)
        room += rider.room
    return trailers


def departures(name: str, time_zone: str, streams: Streams) -> MilkRun:
    """When a run leaves: on every working day at one hour."""
    hour = Draws(streams, f"milk_run/{name}").pick(HOURS)
    return MilkRun(name, time_zone, tuple((day, hour) for day in DAYS), Evidence("assumption", 0.0, ""))


def departure_rows(run: MilkRun, told: Mapping[str, object]) -> Iterator[Cells]:
    """The rows of a run in ``milk_runs.csv``."""
    for weekday, hour in run.departures:
        yield {"id": run.id, "time_zone": run.time_zone, "weekday": weekday, "hour": hour, **told}
