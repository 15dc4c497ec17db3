"""Plans of one crossing and nothing else: Poisson arrivals, exponential service, a queue that theory knows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.plan import (
    NEVER,
    Background,
    Calendars,
    Crossings,
    Lanes,
    Loads,
    Plan,
    Recipes,
    Routes,
    Runs,
    Schedule,
    Seeds,
    Stocks,
)
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
    loads = arrive.size if as_loads else 0
    none, one = np.zeros(0, dtype=np.int64), np.ones(1, dtype=np.int64)
    zero, slots = np.zeros(1, dtype=np.int64), np.zeros(loads, dtype=np.int64)
    rows = np.zeros(loads, dtype=np.int32)
    horizon_s = int(arrive[-1]) + SLACK_H * HOUR // 2
    hours = -(-horizon_s // HOUR) + SLACK_H
    return Plan(
        horizon_s=horizon_s,
        start_s=0,
        calendars=Calendars(("always",), np.array([0, 1]), zero, np.array([NEVER])),
        recipes=Recipes(("maker",), np.array([max(1, loads)]), zero, one, np.zeros(2, dtype=np.int64)),
        stocks=Stocks((), none, none, zero, none),
        lanes=Lanes(
            ids=("maker..market",),
            recipe=zero,
            stock=-one,
            load_units=one,
            reorder_units=-one,
            share_ppm=one * PPM,
            route_first=np.array([0, 1]),
            seed_first=np.zeros(2, dtype=np.int64),
            load_first=np.array([0, loads]),
            blocked_first=np.zeros(2, dtype=np.int64),
            blocked_from_s=none,
            blocked_until_s=none,
            run=-one,
        ),
        routes=Routes(zero, np.array([2]), np.array([0, 2]), np.array([1, 1]), np.array([0, 1]), zero),
        runs=Runs((), zero, none),
        seeds=Seeds(none, none, none),
        loads=Loads(
            work_s=rows + 1,
            divert_s=rows,
            leg_draw_first=np.array([0, 2 * loads]),
            transit_ppm=np.full(2 * loads, PPM, dtype=np.int32),
            passage_draw_first=np.array([0, loads]),
            before_s=rows,
            is_fast=rows,
            service_standard_s=service[:loads].astype(np.int32),
            service_fast_s=rows + 1,
            scan_s=rows,
            exam_s=rows,
            hold_s=rows,
            inspection_s=rows,
        ),
        crossings=Crossings(
            ids=("gate",),
            booths_standard=np.array([servers]),
            booths_fast=zero,
            open_standard=np.full((1, hours), servers, dtype=np.int64),
            open_fast=np.zeros((1, hours), dtype=np.int64),
            service_ppm=np.full((1, hours), PPM, dtype=np.int64),
            approach_s=zero,
            split_trucks=zero,
            posting_s=np.array([HOUR]),
        ),
        background=_background(arrive[loads:], service[loads:]),
        schedule=Schedule(arrive[:loads] - 2, slots, np.arange(loads, dtype=np.int64), slots + NEVER),
    )


def _background(arrive: Ints, service: Ints) -> Background:
    return Background(
        first=np.array([0, arrive.size]),
        arrive_s=arrive.astype(np.int32),
        service_s=service.astype(np.int32),
        is_fast=np.zeros(arrive.size, dtype=np.int8),
        patience_s=np.full(arrive.size, 2**31 - 1, dtype=np.int32),
    )
