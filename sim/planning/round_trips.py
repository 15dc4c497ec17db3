"""Round trips: where one direction of a port is shut, other people's trucks stay away from the other direction too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.clock import Clock
from sim.network.model import Network
from sim.parameters import Parameters
from sim.planning.shocks import crossings_at, hours_of_shock
from sim.planning.traffic import Traffic
from sim.scenario import Shock

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def way_back_factors(
    network: Network,
    traffic: Mapping[str, Traffic],
    shocks: Sequence[Shock],
    clock: Clock,
    parameters: Parameters,
) -> dict[str, Floats]:
    """Factor on other people's trucks in each hour, by crossing that is open while the way back of its trucks is shut.

    Parameters
    ----------
    traffic : mapping of str to Traffic
        What crossings with a queue expect, by id.

    Returns
    -------
    dict of str to float64[hours]
        From 0; only crossings that a closure reaches so.

    Notes
    -----
    A truck that goes out comes home. Of those that would go home by the closed direction (``round_trip_pct``), as many
    as have a substitute there go round by it both ways; the others do not set out, and their trips are lost. Nobody
    turns to a crossing that is shut itself or has no trucks at that hour. What goes by a direction that is shut itself
    is decided there, truck by truck, and not here.
    """
    shut = _shut_hours(network, traffic, shocks, clock)
    factors: dict[str, Floats] = {}

    def add(name: str, more: Floats) -> None:
        factors[name] = factors.get(name, np.ones(more.size)) + more

    for name, hours in shut.items():
        out = _other_way(network, traffic, name)
        if not out or not network.crossings[out].patience_h:  # nobody stays away for ever, as at a railway
            continue
        away = np.where(hours & ~shut.get(out, np.False_), parameters.round_trip_pct / 100, 0.0)
        if not away.any():
            continue
        add(out, -away)
        for row in network.substitutes_of(name):
            round_by = _other_way(network, traffic, row.substitute)
            if round_by:
                usual = traffic[round_by].background_per_hour
                free = (usual > 0) & ~shut.get(round_by, np.False_) & ~shut.get(row.substitute, np.False_)
                trucks = away * traffic[out].background_per_hour * row.share_pct / 100
                add(round_by, np.divide(trucks, usual, out=np.zeros_like(usual), where=free))
    return factors


def _shut_hours(
    network: Network, traffic: Mapping[str, Traffic], shocks: Sequence[Shock], clock: Clock
) -> dict[str, Flags]:
    """Hours in which closures shut crossings that have other people's trucks."""
    shut: dict[str, Flags] = {}
    for shock in shocks:
        if shock.kind == "closure":
            first, last = hours_of_shock(shock, clock)
            for name in crossings_at(network, shock.at):
                if name in traffic:
                    shut.setdefault(name, np.zeros(traffic[name].is_open.size, dtype=np.bool_))[first:last] = True
    return shut


def _other_way(network: Network, traffic: Mapping[str, Traffic], name: str) -> str:
    """The crossing of the same port that leads the other way, where it has other people's trucks; else empty."""
    crossing = network.crossings[name]
    way = (crossing.port, crossing.to_country, crossing.from_country)
    found = (x.id for x in network.crossings.values() if (x.port, x.from_country, x.to_country) == way)
    return next((x for x in found if x in traffic), "")
