"""Relief: booths that open beyond what is usual, whatever is installed, before closures and caps take any away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.clock import Clock
from sim.network.model import Network
from sim.plan import Crossings
from sim.planning.shocks import crossings_at, hours_of_shock
from sim.scenario import Shock

Ints = NDArray[np.int64]


def relieve(tables: Crossings, network: Network, shocks: Sequence[Shock], clock: Clock) -> Crossings:
    """Open at least so many booths of a class in the hours of a relief, closed hours included."""
    if not any(shock.kind == "relief" for shock in shocks):
        return tables
    open_standard, open_fast = tables.open_standard.copy(), tables.open_fast.copy()
    for shock in shocks:
        if shock.kind == "relief":
            first, last = hours_of_shock(shock, clock)
            for crossing in crossings_at(network, shock.at):
                row = tables.ids.index(crossing)
                for table, least in ((open_standard, shock.standard), (open_fast, shock.fast)):
                    if least is not None and tables.booths_standard[row]:
                        table[row, first:last] = np.maximum(table[row, first:last], least)
    return replace(
        tables,
        booths_standard=np.maximum(tables.booths_standard, _most(open_standard)),
        booths_fast=np.maximum(tables.booths_fast, _most(open_fast)),
        open_standard=open_standard,
        open_fast=open_fast,
    )


def _most(is_open: Ints) -> Ints:
    """Most booths of each crossing that are ever open."""
    most: Ints = is_open.max(axis=1, initial=0)
    return most
