"""Crossings in the plan: what each offers by hour when nothing happens, the same in every scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from sim.clock import Clock
from sim.network.model import Crossing, Network
from sim.plan import LOTS, Crossings, Substitutes
from sim.planning.staffing import booths_wanted
from sim.planning.traffic import Traffic, hours_of
from sim.units import HOUR, MINUTE, PPM

DIVERT_PPM = PPM // 4  # assumption: who would give up after six hours looks at a substitute after one and a half

Ints = NDArray[np.int64]


def plan_crossings(network: Network, clock: Clock, traffic: Mapping[str, Traffic]) -> Crossings:
    """Staff every crossing: open enough booths for the expected traffic of the hour, up to those installed.

    Booths = ceil(trucks x cycle / aimed utilisation), by class, at least one standard booth while the port is open.
    A crossing without booths lets through at all hours, and bays of the state inspection stand open at all hours.
    """
    hours = hours_of(clock)
    crossings = list(network.crossings.values())
    open_standard = np.ones((len(crossings), hours), dtype=np.int64)
    open_fast = np.zeros_like(open_standard)
    shut_s = np.zeros((len(crossings), hours + 1), dtype=np.int64)
    for row, crossing in enumerate(crossings):
        if crossing.id not in traffic:
            continue
        expected = traffic[crossing.id]
        open_standard[row], open_fast[row] = booths_open(crossing, expected.total_per_hour, expected.is_open)
        shut_s[row, 1:] = np.cumsum(~expected.is_open) * HOUR
    bays = _whole(x.inspection_bays for x in crossings)
    inspect_bp = _whole(round(x.inspection_pct / 100 * LOTS) for x in crossings)
    return Crossings(
        ids=tuple(network.crossings),
        tractors=_whole(x.tractors for x in crossings),
        round_trip_s=_whole(round(_through_s(x) + x.tractor_return_min * MINUTE) for x in crossings),
        export_modules=_whole(x.export_modules for x in crossings),
        export_check_s=_whole(round(x.export_check_s) for x in crossings),
        booths_standard=_whole(x.booths_standard for x in crossings),
        booths_fast=_whole(x.booths_fast for x in crossings),
        open_standard=open_standard,
        open_fast=open_fast,
        service_ppm=np.full((len(crossings), hours), PPM, dtype=np.int64),
        approach_s=_whole(round(x.approach_min * MINUTE + dwell_before_h(x) * HOUR) for x in crossings),
        split_trucks=_whole(x.split_trucks for x in crossings),
        bays=bays,
        open_bays=np.repeat(bays[:, None], hours, axis=1),
        inspect_bp=np.repeat(inspect_bp[:, None], hours, axis=1),
        shut_s=shut_s,
        divert_ppm=np.full(len(crossings), DIVERT_PPM, dtype=np.int64),
    )


def booths_open(
    crossing: Crossing, total_per_hour: NDArray[np.float64], is_open: NDArray[np.bool_]
) -> tuple[Ints, Ints]:
    """Booths that are open in each hour, standard and FAST, by the trucks that are expected in it."""
    standard, fast = booths_wanted(crossing, total_per_hour)
    standard = np.where(is_open, np.clip(standard, 1, crossing.booths_standard), 0)
    return standard, np.where(is_open, np.clip(fast, 0, crossing.booths_fast), 0)


def plan_substitutes(network: Network, posting_s: int) -> Substitutes:
    """Where trucks may go instead, in the order of `Network.substitutes_of`.

    Whoever goes over is there with the next posting at the earliest, as a Plan wants it.
    """
    index = {crossing: row for row, crossing in enumerate(network.crossings)}
    each = [network.substitutes_of(crossing) for crossing in network.crossings]
    return Substitutes(
        first=_whole(np.cumsum([0, *(len(rows) for rows in each)]).tolist()),
        crossing=_whole(index[row.substitute] for rows in each for row in rows),
        travel_s=_whole(max(posting_s, round(row.hours * HOUR)) for rows in each for row in rows),
    )


def dwell_before_h(crossing: Crossing) -> float:
    """Dwell ahead of passing: of a crossing without a line, such as a terminal."""
    return 0.0 if crossing.booths_standard else crossing.dwell_h


def dwell_after_h(crossing: Crossing) -> float:
    """Dwell behind the line, such as the interchange of a railway."""
    return crossing.dwell_h if crossing.booths_standard else 0.0


def _through_s(crossing: Crossing) -> float:
    """From the yard to the road beyond when nobody waits."""
    check_s = crossing.export_check_s if crossing.export_modules else 0.0
    return crossing.approach_min * MINUTE + check_s + crossing.cycle_standard_s


def _whole(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)
