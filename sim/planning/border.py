"""Crossings in the plan: hourly staffing and everybody else's trucks, the same in every scenario."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.clock import Clock
from sim.network.hours import open_hours
from sim.network.model import Crossing, Network
from sim.plan import Background, Crossings
from sim.planning.demand import Demand
from sim.streams import Streams
from sim.units import HOUR, MINUTE, PPM

TABLE_SLACK_H = 24 * 60  # hours of staffing planned past the end, so that late queues can drain

# Hour-of-day shapes, per cent of a day's trucks; an assumption in both cases, rescaled to the opening hours.
# Southern border: hardly any trucks in the first hours, plateau from 13:00 to 18:00 (anchors: Nuevo Laredo press,
# http://liderweb.mx/transfers-aceptan-cruzar-temprano/). Northern border: round the clock, flat top 10:00-18:00.
PROFILES = {
    "mexico": (0, 0, 0, 0, 0, 0, 2, 3, 4, 5, 5.5, 6, 6.5, 7.5, 7.5, 7.5, 7.5, 7.5, 7.5, 7, 6.5, 5.5, 4, 2),
    "canada": (
        2,
        2,
        2,
        2,
        2.5,
        3.5,
        4,
        4.5,
        5,
        5,
        5.5,
        5.5,
        5.7,
        5.7,
        5.7,
        5.7,
        5.5,
        5.5,
        5.2,
        4.5,
        4,
        3.5,
        3,
        2.5,
    ),
}
PATIENCE_CV = 0.5  # assumption: hardly anybody turns round for a short queue
SERVICE_FAST_CV = 0.5  # assumption: lognormal, as an empty or trusted truck varies less (see SOURCES of the network)


def hours_of(clock: Clock) -> int:
    """Columns of the hourly tables: the run and `TABLE_SLACK_H` more."""
    return -(-clock.end_s // HOUR) + TABLE_SLACK_H


@dataclass(frozen=True, slots=True)
class Traffic:
    """Expected trucks of one crossing, by hour since second 0.

    Parameters
    ----------
    total_per_hour : ndarray of float64, shape (hours,)
        All traffic that the staffing expects.
    background_per_hour : ndarray of float64, shape (hours,)
        The same less the planned loads of the network itself.
    is_open : ndarray of bool, shape (hours,)
    """

    total_per_hour: NDArray[np.float64]
    background_per_hour: NDArray[np.float64]
    is_open: NDArray[np.bool_]


def expected_traffic(crossing: Crossing, clock: Clock, own_week: float) -> Traffic:
    """Hourly expectation from weekday counts, weekend factor, hour-of-day profile and opening hours."""
    weekday, hour = clock.local_hours(crossing.time_zone, hours_of(clock))
    weekend = weekday >= 5
    is_open = open_hours(crossing, clock, hours_of(clock))
    shape = np.array(PROFILES[crossing.profile], dtype=np.float64)
    weight = np.where(is_open, shape[hour], 0.0)
    day_weight = np.where(weekend, _opened(shape, crossing, True), _opened(shape, crossing, False))
    trucks = crossing.background_weekday * np.where(weekend, crossing.background_weekend_pct / 100, 1.0)
    total = np.divide(trucks * weight, day_weight, out=np.zeros_like(weight), where=day_weight > 0)
    observed_week = crossing.background_weekday * (5 + 2 * crossing.background_weekend_pct / 100)
    others = max(0.0, 1 - own_week / observed_week) if observed_week else 0.0
    return Traffic(total, total * others, is_open)


def _opened(shape: NDArray[np.float64], crossing: Crossing, weekend: bool) -> float:
    if weekend:
        return float(shape[crossing.weekend_open_hour : crossing.weekend_close_hour].sum())
    return float(shape[crossing.open_hour : crossing.close_hour].sum())


def own_loads_per_week(network: Network, demand: Demand) -> dict[str, float]:
    """Planned loads of the network over each crossing in an ordinary week, by the usual routes."""
    loads = dict.fromkeys(network.crossings, 0.0)
    for lane in network.lanes.values():
        for step in network.routes_of(lane)[0].steps:
            if step.crossing:
                loads[step.crossing] += demand.lane_week[lane.id] / lane.load_units
    return loads


def plan_crossings(network: Network, clock: Clock, demand: Demand, posting_s: int) -> Crossings:
    """Staff every crossing: open enough booths for the expected traffic of the hour, up to those installed.

    Booths = ceil(trucks x cycle / aimed utilisation), by class, at least one standard booth while the port is open.
    """
    hours = hours_of(clock)
    crossings = list(network.crossings.values())
    own = own_loads_per_week(network, demand)
    open_standard = np.zeros((len(crossings), hours), dtype=np.int64)
    open_fast = np.zeros_like(open_standard)
    for row, crossing in enumerate(crossings):
        if not crossing.booths_standard:
            continue
        traffic = expected_traffic(crossing, clock, own[crossing.id])
        fast_part = crossing.background_fast_pct / 100 if crossing.booths_fast else 0.0
        aim = crossing.staffing_utilisation_pct / 100 * HOUR
        standard = np.ceil(traffic.total_per_hour * (1 - fast_part) * crossing.cycle_standard_s / aim)
        fast = np.ceil(traffic.total_per_hour * fast_part * crossing.cycle_fast_s / aim)
        open_standard[row] = np.where(traffic.is_open, np.clip(standard, 1, crossing.booths_standard), 0)
        open_fast[row] = np.where(traffic.is_open, np.clip(fast, 0, crossing.booths_fast), 0)
    return Crossings(
        ids=tuple(network.crossings),
        booths_standard=np.array([x.booths_standard for x in crossings], dtype=np.int64),
        booths_fast=np.array([x.booths_fast for x in crossings], dtype=np.int64),
        open_standard=open_standard,
        open_fast=open_fast,
        service_ppm=np.full((len(crossings), hours), PPM, dtype=np.int64),
        approach_s=np.array([round(x.approach_min * MINUTE + x.dwell_h * HOUR) for x in crossings], dtype=np.int64),
        split_trucks=np.array([x.split_trucks for x in crossings], dtype=np.int64),
        posting_s=np.full(len(crossings), max(1, posting_s), dtype=np.int64),
    )


def draw_background(network: Network, clock: Clock, demand: Demand, streams: Streams) -> Background:
    """Draw everybody else's trucks: over-dispersed Poisson arrivals by hour, service, class and patience."""
    own = own_loads_per_week(network, demand)
    parts = [_draw_crossing(crossing, clock, own[crossing.id], streams) for crossing in network.crossings.values()]
    first = np.cumsum([0, *(len(part[0]) for part in parts)]).astype(np.int64)
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Background(
        first,
        columns[0].astype(np.int32),
        columns[1].astype(np.int32),
        columns[2].astype(np.int8),
        columns[3].astype(np.int32),
    )


def _draw_crossing(
    crossing: Crossing, clock: Clock, own_week: float, streams: Streams
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8], NDArray[np.int32]]:
    if not crossing.booths_standard:
        return (np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int8), np.empty(0, np.int32))
    name = f"crossing/{crossing.id}/background"
    hours = -(-clock.end_s // HOUR)
    rate = expected_traffic(crossing, clock, own_week).background_per_hour[:hours]
    shape = 1 / max(crossing.dispersion_cv, 1e-6) ** 2
    rate = rate * streams.generator(f"{name}/rate").gamma(shape, 1 / shape, hours)
    counts = streams.generator(f"{name}/count").poisson(rate)
    trucks = int(counts.sum())
    hour = np.repeat(np.arange(hours, dtype=np.int32), counts)
    within = streams.generator(f"{name}/moment").random(trucks, dtype=np.float32)
    arrive = hour * np.int32(HOUR) + np.minimum(within * HOUR, HOUR - 1).astype(np.int32)
    arrive.sort()
    fast_part = crossing.background_fast_pct / 100 if crossing.booths_fast else 0.0
    is_fast = (streams.generator(f"{name}/class").random(trucks, dtype=np.float32) < fast_part).astype(np.int8)
    normal = streams.generator(f"{name}/service").standard_normal(trucks, dtype=np.float32)
    standard = lognormal(normal, crossing.cycle_standard_s, crossing.cycle_cv)
    service = np.where(is_fast, lognormal(normal, crossing.cycle_fast_s, SERVICE_FAST_CV), standard)
    spread = streams.generator(f"{name}/patience").standard_normal(trucks, dtype=np.float32)
    patience = np.minimum(lognormal(spread, crossing.patience_h * HOUR, PATIENCE_CV), 2**30)
    return arrive, np.maximum(1, np.rint(service)).astype(np.int32), is_fast, patience.astype(np.int32)


def lognormal(normal: NDArray[np.floating], mean: float, cv: float) -> NDArray[np.float64]:
    """Lognormal values of a given mean and coefficient of variation from standard normal draws."""
    variance = math.log(1 + cv * cv)
    values: NDArray[np.float64] = mean * np.exp(math.sqrt(variance) * normal - variance / 2)
    return values
