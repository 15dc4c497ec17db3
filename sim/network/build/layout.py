"""What a network chooses for itself when a draft of it is finished: its facts, gateways, railways and milk runs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sim.network.build.geography import FEW_GATEWAYS, Gateways

LOT_UNITS = 10  # assumption: vehicles of a railcar or of a truck


@dataclass(frozen=True, slots=True)
class Layout:
    """What a network chooses for itself.

    Parameters
    ----------
    facts : tuple of Path
        Folders with facts besides those that all networks share.
    gateways : Gateways
        Ports that its routes may use.
    railways : mapping of str to str
        Railway by site, a key of ``gateways.rail``, where only one serves it.
    shares_trucks : bool
        Small parts of one site for one other ride on milk runs.
    keeps_pace : bool
        Works of sequenced modules can make them as fast as the lines beside them build; else as fast as their own
        longer week asks, and what they lack by day comes from stock.
    often_days : float
        Days' use that a truck of just-in-time or powertrain parts holds at most.
    covers_main_source : bool
        A stock holds the hours of cover of its largest source, else the mean of its sources by share: overseas sources
        have allowances of their own in their planned lead times.
    lean_cover_h : mapping of str to mapping of str to float
        Hours of cover by country of the consumer and class of part, in place of the usual ones, for what comes by land
        over one border at most.
    rail_km : float
        Materials for works so far away, over a border, go in containers by rail; 0 = everything goes by truck.
    lot_units : int
        Vehicles of a build slot, which travel together: `LOT_UNITS` to a railcar or truck, so a multiple of it.
    """

    facts: tuple[Path, ...] = ()
    gateways: Gateways = FEW_GATEWAYS
    railways: Mapping[str, str] = field(default_factory=dict)
    shares_trucks: bool = False
    keeps_pace: bool = False
    often_days: float = math.inf
    covers_main_source: bool = False
    lean_cover_h: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    rail_km: float = 0.0
    lot_units: int = LOT_UNITS
