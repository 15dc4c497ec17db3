"""Plans of one crossing and nothing else: Poisson arrivals, exponential service, a queue that theory knows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.trial import trial_plan
from sim.plan import LONGEST_S, NEVER, Background, Plan, Schedule
from sim.streams import Streams
from sim.units import HOUR, PPM

SERVICE_S = 100.0  # mean; seconds are whole, so that it must not be short
SLACK_H = 1_000  # hours of staffing beyond the last arrival

Ints = NDArray[np.int64]


def queue_plan(customers: int, servers: int, utilisation: float, *, as_loads: bool, seed: int = 1994) -> Plan:
    """A queue with exponential gaps and services (M/M/c).

    Parameters
    ----------
    customers : int
    servers : int
        Standard booths.
    utilisation : float
        Of the booths, below 1.
    as_loads : bool
        Customers are loads of our own, made in a second, each with its rows in the ledger; else other people's trucks.
    """
    streams = Streams(seed, 0)
    gaps = streams.generator("queue/gaps").exponential(SERVICE_S / (servers * utilisation), customers)
    arrive = np.floor(np.cumsum(gaps)).astype(np.int64) + 2
    service = np.maximum(1, np.rint(streams.generator("queue/service").exponential(SERVICE_S, customers)))
    return _plan(arrive, service.astype(np.int64), servers, as_loads)


def _plan(arrive: Ints, service: Ints, servers: int, as_loads: bool) -> Plan:
    """The trial plan with a booth for each server, and customers instead of its one load."""
    small = trial_plan()
    customers = arrive.size if as_loads else 0
    horizon_s = int(arrive[-1]) + SLACK_H * HOUR // 2
    hours = -(-horizon_s // HOUR) + SLACK_H
    slots = np.zeros(customers, dtype=np.int64)
    no_delay = np.zeros(customers, dtype=np.int32)
    bounds = np.array([0, customers])
    undrawn: dict[str, Any] = dict.fromkeys(
        (
            "divert_s",
            "yard_s",
            "before_s",
            "is_fast",
            "scan_s",
            "exam_s",
            "hold_s",
            "lot_bp",
            "inspection_s",
            "beyond_s",
        ),
        no_delay,
    )
    loads = replace(
        small.loads,
        work_s=no_delay + 1,
        leg_draw_first=2 * bounds,
        transit_ppm=np.full(2 * customers, PPM, dtype=np.int32),
        passage_draw_first=bounds,
        service_standard_s=service[:customers].astype(np.int32),
        service_fast_s=no_delay + 1,
        **undrawn,
    )
    closed = np.zeros((1, hours), dtype=np.int64)
    crossings = replace(
        small.crossings,
        booths_standard=np.array([servers]),
        open_standard=np.full((1, hours), servers, dtype=np.int64),
        open_fast=closed,
        service_ppm=np.full((1, hours), PPM, dtype=np.int64),
        open_bays=closed,
        inspect_bp=closed,
        shut_s=np.zeros((1, hours + 1), dtype=np.int64),
    )
    return replace(
        small,
        horizon_s=horizon_s,
        recipes=replace(small.recipes, lines=np.array([max(1, customers)])),
        lanes=replace(small.lanes, load_first=bounds),
        routes=replace(small.routes, nominal_s=np.array([2]), leg_s=np.array([1, 1])),
        loads=loads,
        crossings=crossings,
        background=_background(arrive[customers:], service[customers:]),
        schedule=Schedule(arrive[:customers] - 2, slots, np.arange(customers, dtype=np.int64), slots + NEVER),
    )


def _background(arrive: Ints, service: Ints) -> Background:
    nothing = np.zeros(arrive.size, dtype=np.int16)
    return Background(
        first=np.array([0, arrive.size]),
        arrive_s=arrive.astype(np.int32),
        service_s=service.astype(np.int16),
        is_fast=nothing.astype(np.int8),
        patience_s=np.full(arrive.size, LONGEST_S, dtype=np.int32),
        substitute=np.full(arrive.size, -1, dtype=np.int8),
        lot_bp=nothing,
        inspection_s=nothing,
    )
