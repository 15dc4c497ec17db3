"""Who rides on milk runs: small parts of one site for one other share as few trucks as hold them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.network.build.tables import Cells
from sim.network.model import MilkRun, evidence_of

MOST_ROOM = 0.3  # assumption: a part is small if a day's use of it takes no more of a trailer
FULL_ROOM = 0.9  # assumption: no more of a trailer is planned for a day's use of all that ride, so that it seldom lacks
DAYS = range(5)  # assumption: milk runs leave on working days
HOURS = (6.0, 10.0, 14.0, 18.0)  # assumption: at one of these hours, local, taken in turns
TOLD: Mapping[str, object] = {"basis": "assumption", "range_pct": 0.0, "source": "sourcing"}


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


def departure_rows(run: MilkRun, told: Mapping[str, object]) -> Iterator[Cells]:
    """The rows of a run in ``milk_runs.csv``."""
    for weekday, hour in run.departures:
        yield {"id": run.id, "time_zone": run.time_zone, "weekday": weekday, "hour": hour, **told}


def share_trucks(lanes: list[Cells], riders: Iterable[Rider], zones: Mapping[str, str]) -> list[Cells]:
    """Put lanes that may ride on milk runs.

    Parameters
    ----------
    lanes : list of rows of ``lanes.csv``
        Changed in place: a lane that rides is told so, and a load of it is a day's use.
    riders : iterable of Rider
    zones : mapping of str to str
        Time zone by site.

    Returns
    -------
    list of rows of ``milk_runs.csv``
    """
    rows = {str(lane["id"]): number for number, lane in enumerate(lanes)}
    told: list[Cells] = []
    for number, (name, riding) in enumerate(share_out(list(riders)).items()):
        leaves = tuple((day, HOURS[number % len(HOURS)]) for day in DAYS)
        run = MilkRun(name, zones[riding[0].sites[0]], leaves, evidence_of(TOLD))
        told += departure_rows(run, TOLD)
        for rider in riding:
            lane = lanes[rows[rider.lane]]
            units = min(int(str(lane["load_units"])), rider.load_units)
            lanes[rows[rider.lane]] = {**lane, "load_units": units, "milk_run": name}
    return told
