"""Crossings in the plan: hourly staffing and draws of everybody else's trucks, the same in every scenario."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.clock import Clock
from sim.network.model import Crossing, Network
from sim.plan import Background, Crossings
from sim.planning.traffic import Traffic, hours_of
from sim.streams import Streams
from sim.units import HOUR, MINUTE, PPM

AnyFloat = TypeVar("AnyFloat", np.float32, np.float64)

TOGETHER = 1 << 15  # trucks reckoned at once: few enough to stay in a processor's cache

PATIENCE_CV = 0.5  # assumption: hardly anybody turns round for a short queue
SERVICE_FAST_CV = 0.5  # assumption: lognormal, as an empty or trusted truck varies less (see SOURCES of the network)


def plan_crossings(network: Network, clock: Clock, traffic: Mapping[str, Traffic], posting_s: int) -> Crossings:
    """Staff every crossing: open enough booths for the expected traffic of the hour, up to those installed.

    Booths = ceil(trucks x cycle / aimed utilisation), by class, at least one standard booth while the port is open.
    """
    hours = hours_of(clock)
    crossings = list(network.crossings.values())
    open_standard = np.zeros((len(crossings), hours), dtype=np.int64)
    open_fast = np.zeros_like(open_standard)
    for row, crossing in enumerate(crossings):
        if crossing.id not in traffic:
            continue
        total, is_open = traffic[crossing.id].total_per_hour, traffic[crossing.id].is_open
        fast_part = _fast_part(crossing)
        aim = crossing.staffing_utilisation_pct / 100 * HOUR
        standard = np.ceil(total * (1 - fast_part) * crossing.cycle_standard_s / aim)
        fast = np.ceil(total * fast_part * crossing.cycle_fast_s / aim)
        open_standard[row] = np.where(is_open, np.clip(standard, 1, crossing.booths_standard), 0)
        open_fast[row] = np.where(is_open, np.clip(fast, 0, crossing.booths_fast), 0)
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


def _fast_part(crossing: Crossing) -> float:
    """Share of background trucks that may use FAST booths."""
    return crossing.background_fast_pct / 100 if crossing.booths_fast else 0.0


def draw_background(network: Network, clock: Clock, traffic: Mapping[str, Traffic], streams: Streams) -> Background:
    """Draw everybody else's trucks: over-dispersed Poisson arrivals by hour, service, class and patience."""
    hours = -(-clock.end_s // HOUR)
    crossings = list(network.crossings.values())
    counts = [_draw_counts(x, traffic[x.id], hours, streams) if x.id in traffic else None for x in crossings]
    first = np.cumsum([0, *(0 if count is None else count.sum() for count in counts)]).astype(np.int64)
    trucks = int(first[-1])
    arrive_s, service_s, patience_s = (np.empty(trucks, dtype=np.int32) for _ in range(3))
    is_fast = np.zeros(trucks, dtype=np.int8)
    for row, (crossing, count) in enumerate(zip(crossings, counts, strict=True)):
        if count is not None:
            own = slice(first[row], first[row + 1])
            name = f"crossing/{crossing.id}/background"
            _draw_arrivals(name, count, arrive_s[own], streams)
            _draw_service(name, crossing, service_s[own], is_fast[own], streams)
            _draw_patience(name, crossing, patience_s[own], streams)
    return Background(first, arrive_s, service_s, is_fast, patience_s)


def _draw_counts(crossing: Crossing, traffic: Traffic, hours: int, streams: Streams) -> NDArray[np.int64]:
    """Trucks that arrive in each hour."""
    name = f"crossing/{crossing.id}/background"
    shape = 1 / max(crossing.dispersion_cv, 1e-6) ** 2
    surge = streams.generator(f"{name}/rate").gamma(shape, 1 / shape, hours)
    counts: NDArray[np.int64] = streams.generator(f"{name}/count").poisson(traffic.background_per_hour[:hours] * surge)
    return counts


def _draw_arrivals(name: str, counts: NDArray[np.int64], arrive_s: NDArray[np.int32], streams: Streams) -> None:
    """Spread the trucks of each hour over its seconds, in order of arrival."""
    arrive_s[:] = np.repeat(np.arange(len(counts), dtype=np.int32) * np.int32(HOUR), counts)
    moment = streams.generator(f"{name}/moment")
    for part in _parts(arrive_s.size):
        within = moment.random(arrive_s[part].size, dtype=np.float32)
        within *= HOUR
        arrive_s[part] += np.minimum(within, HOUR - 1, out=within).astype(np.int32)
    arrive_s.sort()


def _draw_service(
    name: str, crossing: Crossing, service_s: NDArray[np.int32], is_fast: NDArray[np.int8], streams: Streams
) -> None:
    """Draw class and booth time of each truck; `is_fast` comes as zeros and stays so where no booth is FAST."""
    fast_part = _fast_part(crossing)
    chance, duration = (streams.generator(f"{name}/{what}") for what in ("class", "service"))
    for part in _parts(service_s.size):
        trucks = service_s[part].size
        normal = duration.standard_normal(trucks, dtype=np.float32)
        service = lognormal(normal, crossing.cycle_standard_s, crossing.cycle_cv)
        if fast_part > 0:
            trusted = chance.random(trucks, dtype=np.float32) < fast_part
            is_fast[part] = trusted
            fast = np.flatnonzero(trusted)
            service[fast] = lognormal(normal[fast], crossing.cycle_fast_s, SERVICE_FAST_CV)
        service_s[part] = np.maximum(1, np.rint(service, out=service), out=service)


def _draw_patience(name: str, crossing: Crossing, patience_s: NDArray[np.int32], streams: Streams) -> None:
    spread = streams.generator(f"{name}/patience")
    for part in _parts(patience_s.size):
        normal = spread.standard_normal(patience_s[part].size, dtype=np.float32)
        patience = lognormal(normal, crossing.patience_h * HOUR, PATIENCE_CV)
        patience_s[part] = np.minimum(patience, 2**30, out=patience)


def _parts(trucks: int) -> Iterator[slice]:
    return (slice(first, min(first + TOGETHER, trucks)) for first in range(0, trucks, TOGETHER))


def log_variance(cv: float) -> float:
    """Variance of the logarithm of lognormal values of a given coefficient of variation."""
    return math.log(1 + cv * cv)


def lognormal(normal: NDArray[AnyFloat], mean: float | NDArray[np.float64], cv: float) -> NDArray[AnyFloat]:
    """Lognormal values of a given mean and coefficient of variation from standard normal draws."""
    variance = log_variance(cv)
    values: NDArray[AnyFloat] = normal * math.sqrt(variance)
    values -= variance / 2
    np.exp(values, out=values)
    values *= mean
    return values
