"""Shocks in the plan: they change calendars and hourly tables for an interval, and never a draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sim.clock import Clock
from sim.network.model import Network
from sim.plan import LOTS, Crossings
from sim.planning.calendars import Interval, merge
from sim.planning.schedule import Swing
from sim.scenario import Shock
from sim.units import HOUR, PPM


def interval_of(shock: Shock, clock: Clock) -> Interval:
    """Simulated seconds of a shock, half-open."""
    return clock.second(shock.from_), clock.second(shock.until)


def hours_of_shock(shock: Shock, clock: Clock) -> tuple[int, int]:
    """First hour of a shock in the tables of hours, and first hour after it; what lies before the run is cut off."""
    begins, ends = interval_of(shock, clock)
    return max(0, begins // HOUR), max(0, ends // HOUR)


def crossings_at(network: Network, place: str) -> tuple[str, ...]:
    """Crossing ids meant by a place: one direction (``port/us``) or a whole port."""
    return tuple(x.id for x in network.crossings.values() if place in (x.id, x.port))


def shock_crossings(tables: Crossings, network: Network, shocks: Sequence[Shock], clock: Clock) -> Crossings:
    """Change what crossings offer in the hours of a shock; shocks of one kind follow each other in their order.

    A closure opens no booth, lanes open so many booths of a class at most, a slowdown multiplies service begun then,
    an inspection sends a share of the trucks to so many bays. Where a crossing has no bays of its own,
    those of the shock stand open at other times too.
    """
    names = ("open_standard", "open_fast", "service_ppm", "inspect_bp", "open_bays", "bays")
    table = {name: getattr(tables, name).copy() for name in names}
    for shock in shocks:
        first, last = hours_of_shock(shock, clock)
        for crossing in crossings_at(network, shock.at):
            row = tables.ids.index(crossing)
            hours = {name: values[row, first:last] for name, values in table.items() if values.ndim == 2}
            if shock.kind == "closure":
                hours["open_standard"][:] = 0
                hours["open_fast"][:] = 0
            elif shock.kind == "lanes":
                for name, most in (("open_standard", shock.standard), ("open_fast", shock.fast)):
                    if most is not None:
                        np.minimum(hours[name], most, out=hours[name])
            elif shock.kind == "slowdown":
                hours["service_ppm"][:] = hours["service_ppm"] * shock.factor_ppm // PPM
            elif shock.kind == "inspection":
                hours["inspect_bp"][:] = shock.share_ppm * LOTS // PPM
                if shock.bays is not None:
                    if not table["bays"][row]:
                        table["open_bays"][row] = shock.bays
                    hours["open_bays"][:] = shock.bays
                    table["bays"][row] = max(table["bays"][row], shock.bays)
    table["service_ppm"] = np.maximum(1, table["service_ppm"])
    return replace(tables, **table)


def inspected_at(network: Network, shocks: Sequence[Shock]) -> frozenset[str]:
    """Crossings at which a shock brings bays for the state inspection."""
    asked = [shock for shock in shocks if shock.kind == "inspection" and shock.bays is not None]
    return frozenset(crossing for shock in asked for crossing in crossings_at(network, shock.at))


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
