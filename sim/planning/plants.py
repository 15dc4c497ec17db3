"""How plants meet trouble, in the Plan: crews that go home, shortages foreseen, stock built before a date."""

from __future__ import annotations

import numpy as np

from sim.network.model import Network
from sim.plan import NEVER, Buildup, Crews, Expediting, Lanes, Stocks


def plan_crews(network: Network) -> Crews:
    """Crews that stay, whatever they wait for."""
    count = len(network.recipes)
    none = np.zeros(count + 1, dtype=np.int64)
    return Crews(np.full(count, NEVER, dtype=np.int64), none, np.zeros(0, dtype=np.int64))


def plan_buildup(network: Network) -> Buildup:
    """Nobody builds stock ahead."""
    none = np.zeros(0, dtype=np.int64)
    return Buildup(np.zeros(len(network.lanes) + 1, dtype=np.int64), none, none, none)


def plan_expediting(stocks: Stocks, lanes: Lanes) -> Expediting:
    """Nobody foresees a shortage, and no lane has routes for it."""
    return Expediting(np.full(len(stocks.ids), -1, dtype=np.int64), lanes.route_first[1:].copy())
