"""Shocks in the plan: they change calendars and hourly tables for an interval, and never a draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sim.clock import Clock
from sim.network.model import Network
from sim.plan import Crossings
from sim.planning.calendars import Interval
from sim.scenario import Shock
from sim.units import HOUR, PPM


def interval_of(shock: Shock, clock: Clock) -> Interval:
    """Simulated seconds of a shock, half-open."""
    return clock.second(shock.from_), clock.second(shock.until)


def crossings_at(network: Network, place: str) -> tuple[str, ...]:
    """Crossing ids meant by a place: one direction (``port/us``) or a whole port."""
    return tuple(x.id for x in network.crossings.values() if place in (x.id, x.port))


def shock_crossings(tables: Crossings, network: Network, shocks: Sequence[Shock], clock: Clock) -> Crossings:
    """Close or slow crossings: a closure opens no booth in its hours, a slowdown multiplies service begun in them."""
    open_standard, open_fast = tables.open_standard.copy(), tables.open_fast.copy()
    service = tables.service_ppm.copy()
    for shock in shocks:
        first, last = (max(0, second // HOUR) for second in interval_of(shock, clock))
        for crossing in crossings_at(network, shock.at):
            row = tables.ids.index(crossing)
            if shock.kind == "closure":
                open_standard[row, first:last] = 0
                open_fast[row, first:last] = 0
            elif shock.kind == "slowdown":
                service[row, first:last] = service[row, first:last] * shock.factor_ppm // PPM
    return replace(
        tables,
        open_standard=open_standard,
        open_fast=open_fast,
        service_ppm=np.maximum(1, service),
    )


def outages(shocks: Sequence[Shock], clock: Clock) -> dict[str, list[Interval]]:
    """Intervals in which each struck recipe makes nothing."""
    found: dict[str, list[Interval]] = {}
    for shock in shocks:
        if shock.kind == "outage":
            found.setdefault(shock.at, []).append(interval_of(shock, clock))
    return found
