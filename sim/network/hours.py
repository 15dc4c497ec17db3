"""Opening hours of ports on the simulated clock, and how long a port was shut between two moments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.clock import Clock
from sim.network.model import Crossing, Network
from sim.units import HOUR

Ints = NDArray[np.int64]


def open_hours(crossing: Crossing, clock: Clock, hours: int) -> NDArray[np.bool_]:
    """Whether the port works in each of the first `hours` UTC hours, by its ordinary local opening hours."""
    weekday, hour = clock.local_hours(crossing.time_zone, hours)
    weekend = weekday >= 5
    opens = np.where(weekend, crossing.weekend_open_hour, crossing.open_hour)
    closes = np.where(weekend, crossing.weekend_close_hour, crossing.close_hour)
    works: NDArray[np.bool_] = (hour >= opens) & (hour < closes)
    return works


def shut_seconds(
    network: Network,
    ids: Sequence[str],
    clock: Clock,
    crossing: Ints,
    first_s: Ints,
    last_s: Ints,
    booths: Ints | None = None,
) -> Ints:
    """Seconds within ``[first_s, last_s)`` in which a port rests by its ordinary hours.

    A closure that a scenario imposes is no rest: those hours count as waiting. Nor is an hour that it opens.

    Parameters
    ----------
    ids : sequence of str
        Crossings behind the indices in `crossing`.
    crossing, first_s, last_s : int64[n]
        Index of the crossing and the two moments, second 0 or later.
    booths : int64[crossings, hours], optional
        Booths open by hour: where one is, the port works whatever its ordinary hours.

    Returns
    -------
    int64[n]
    """
    found = np.zeros(len(crossing), dtype=np.int64)
    if not len(crossing):
        return found
    hours = int(last_s.max()) // HOUR + 2
    for index in np.unique(crossing).tolist():
        port = network.crossings[ids[index]]
        shut = ~open_hours(port, clock, hours)
        if booths is not None:
            known = min(hours, booths.shape[1])
            shut[:known] &= booths[index, :known] == 0
        before = np.concatenate(([0], np.cumsum(shut))) * HOUR
        own = crossing == index
        found[own] = _until(before, shut, last_s[own]) - _until(before, shut, first_s[own])
    return found


def _until(before: Ints, shut: NDArray[np.bool_], second: Ints) -> Ints:
    hour = second // HOUR
    total: Ints = before[hour] + np.where(shut[hour], second % HOUR, 0)
    return total
