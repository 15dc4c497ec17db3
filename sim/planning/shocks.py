"""Shocks in the plan: they change calendars and hourly tables for an interval, and never a draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sim.clock import Clock
from sim.network.model import Network
from sim.plan import Crossings
from sim.planning.calendars import Interval, merge
from sim.planning.schedule import Swing
from sim.scenario import Shock
from sim.units import HOUR, PPM


def interval_of(shock: Shock, clock: Clock) -> Interval:
    """Simulated seconds of a shock, half-open."""
    return clock.second(shock.from_), clock.second(shock.until)


def crossings_at(network: Network, place: str) -> tuple[str, ...]:
    """Crossing ids meant by a place: one direction (``port/us``) or a whole port."""
    return tuple(x.id for x in network.crossings.values() if place in (x.id, x.port))


def shock_crossings(tables: Crossings, network: Network, shocks: Sequence[Shock], clock: Clock) -> Crossings:
    """Change what crossings offer in the hours of a shock.

    A closure opens no booth, lanes open so many booths of a class at most, a slowdown multiplies service begun then.
    """
    open_standard, open_fast = tables.open_standard.copy(), tables.open_fast.copy()
    service = tables.service_ppm.copy()
    for shock in shocks:
        first, last = (max(0, second // HOUR) for second in interval_of(shock, clock))
        for crossing in crossings_at(network, shock.at):
            row = tables.ids.index(crossing)
            if shock.kind == "closure":
                open_standard[row, first:last] = 0
                open_fast[row, first:last] = 0
            elif shock.kind == "lanes":
                for table, most in ((open_standard, shock.standard), (open_fast, shock.fast)):
                    if most is not None:
                        table[row, first:last] = np.minimum(table[row, first:last], most)
            elif shock.kind == "slowdown":
                service[row, first:last] = service[row, first:last] * shock.factor_ppm // PPM
    return replace(
        tables,
        open_standard=open_standard,
        open_fast=open_fast,
        service_ppm=np.maximum(1, service),
    )


def recipes_at(network: Network, place: str) -> tuple[str, ...]:
    """Recipe ids meant by a place: one recipe, all of a site, or all of a ``region/``."""
    sites = network.sites
    return tuple(
        recipe.id
        for recipe in network.recipes.values()
        if place in (recipe.id, recipe.site, f"region/{sites[recipe.site].region}")
    )


def outages(network: Network, shocks: Sequence[Shock], clock: Clock) -> dict[str, list[Interval]]:
    """Intervals in which each recipe that is struck, alone or with its site, makes nothing."""
    found: dict[str, list[Interval]] = {}
    for shock in shocks:
        if shock.kind in ("outage", "strike"):
            for recipe in recipes_at(network, shock.at):
                found.setdefault(recipe, []).append(interval_of(shock, clock))
    return {recipe: merge(intervals) for recipe, intervals in found.items()}


def swings(network: Network, shocks: Sequence[Shock], clock: Clock) -> dict[str, list[Swing]]:
    """Intervals in which more or fewer vehicles are asked of each assembly recipe, alone or with its plant."""
    found: dict[str, list[Swing]] = {}
    for shock in shocks:
        if shock.kind == "demand":
            for recipe in recipes_at(network, shock.at):
                if network.recipes[recipe].schedule is not None:
                    found.setdefault(recipe, []).append((*interval_of(shock, clock), shock.factor_ppm))
    return found
