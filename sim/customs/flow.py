"""The flow: loads, what each was made from, where each was entered; one shape for plans and ledgers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array  # type: ignore[import-untyped]

from sim.network.model import NORTH_AMERICA, Network, Route

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Flow:
    """Loads as nodes of a graph, with arrays of equal length for nodes, entries and uses.

    A planned flow has one load for each lane, in lane order. A recorded flow has one node for each row of the
    ledger's loads, in the same order; rows whose work never began exist only to keep the numbering.

    Parameters
    ----------
    begins : date
        Day of second 0; seeds take the planned cost and content of that day.
    ends : date
        Last day of the run; it closes the averaging period that is open then.
    is_planned : bool
    lane_ids, recipe_ids, crossing_ids : tuple of str
        Names behind the indices; recipes in supply order, suppliers first.
    lane, recipe : int64[nodes]
    units : float64[nodes]
    exists : bool[nodes]
        Work began, or the load is a seed.
    is_seed, is_shipped : bool[nodes]
    made_on : int64[nodes]
        Day (proleptic ordinal) the work ended, or began where it did not end; day of second 0 for seeds.
    finished_s, received_s : int64[nodes]
        -1 = not within the run; all 0 in a planned flow.
    transit_h : float64[nodes]
        Hours from the end of work to receipt, with the wait for a milk run; 0 while under way.
    passages : int64[nodes]
        Borders passed, in bond or not.
    border_h, border_extra_h : float64[nodes]
        Hours spent at them, and the part of it beyond free flow.
    truck_share : float64[nodes]
        Share of a truck's time that the load pays; 0 for loads by rail or sea.
    freight_usd : float64[nodes]
        Free-flow freight and tolls that the load pays, part loads by the room they take; 0 until shipped. Of an
        expedited load those of its usual route.
    expediting_usd : float64[nodes]
        What an expedited load pays beyond that: a truck of its own with two drivers, or room on a chartered aircraft.
    entry_node, entry_position, entry_crossing, entry_on, entry_s : int64[entries]
        Entries for consumption, sorted by node and position; `entry_position` is the place of the crossing
        along the route, `entry_on` the day and `entry_s` the second of primary clearance.
    entry_freight_usd : float64[entries]
        The load's freight up to that crossing, on the way that it took.
    use_source, use_consumer : int64[uses]
        Nodes.
    use_units, use_hold_h : float64[uses]
        Units taken, and hours between the source's receipt and their use.
    premium : float64[nodes], optional
        Part of its price that a load costs beyond what its recipe says, as overhead of its maker; trial flows only.
    """

    begins: dt.date
    ends: dt.date
    is_planned: bool
    lane_ids: tuple[str, ...]
    recipe_ids: tuple[str, ...]
    crossing_ids: tuple[str, ...]
    lane: Ints
    recipe: Ints
    units: Floats
    exists: Flags
    is_seed: Flags
    is_shipped: Flags
    made_on: Ints
    finished_s: Ints
    received_s: Ints
    transit_h: Floats
    passages: Ints
    border_h: Floats
    border_extra_h: Floats
    truck_share: Floats
    freight_usd: Floats
    expediting_usd: Floats
    entry_node: Ints
    entry_position: Ints
    entry_crossing: Ints
    entry_on: Ints
    entry_s: Ints
    entry_freight_usd: Floats
    use_source: Ints
    use_consumer: Ints
    use_units: Floats
    use_hold_h: Floats
    premium: Floats | None = None

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @property
    def nodes(self) -> int:
        """Number of loads."""
        return len(self.lane)

    def inputs(self, times: Floats | float = 1.0) -> csr_array:
        """Units of each load in one unit of each that was made from it, times something of each use.

        Parameters
        ----------
        times : float64[uses] or float
            Such as the hours held.

        Returns
        -------
        csr_array[nodes, nodes]
            Rows are consumers, columns sources.
        """
        made = np.where(self.units > 0, self.units, 1.0)[self.use_consumer]
        cells = (self.use_consumer, self.use_source)
        return csr_array((self.use_units / made * times, cells), shape=(self.nodes, self.nodes))

    def entries_of(self, node: int) -> Ints:
        """Rows of the entry arrays that belong to one load.

        Parameters
        ----------
        node : int
            Row of the load among the nodes, from 0.

        Returns
        -------
        int64[entries of the load]
        """
        return np.arange(*np.searchsorted(self.entry_node, (node, node + 1)), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """What customs and freight need of one route; tuples have one item per crossing of the route.

    Parameters
    ----------
    freight_usd : float
        Legs and tolls of a full vehicle.
    crossings : tuple of str
    is_entry : tuple of bool
        Whether the passage is an entry for consumption (not in bond, not temporary) into a country whose law is kept:
        what markets overseas charge on vehicles sold there is outside the model.
    freight_to_usd : tuple of float
        Legs up to the crossing, and the tolls of those before it.
    free_h : float
        Free-flow hours at crossings with a queue together.
    transit_h : float
        Free-flow hours of the route, crossings included.
    """

    freight_usd: float
    crossings: tuple[str, ...]
    is_entry: tuple[bool, ...]
    freight_to_usd: tuple[float, ...]
    free_h: float
    transit_h: float


def route_facts(network: Network, route: Route) -> RouteFacts:
    """Sum a route's freight and free-flow hours, and note where its goods are entered."""
    cost = hours = free = 0.0
    crossings, is_entry, freight_to = [], [], []
    for step in route.steps:
        cost += step.cost_usd
        hours += step.hours
        if step.crossing:
            crossing = network.crossings[step.crossing]
            crossings.append(step.crossing)
            is_entry.append(step.movement == "entry" and crossing.to_country in NORTH_AMERICA)
            freight_to.append(cost)
            cost += crossing.toll_usd
            hours += crossing.dwell_h
            seconds = crossing.export_check_s + (crossing.cycle_standard_s if crossing.booths_standard else 0.0)
            passing_h = crossing.approach_min / 60 + seconds / 3600
            hours += passing_h
            free += passing_h if crossing.booths_standard or crossing.booths_fast else 0.0
    return RouteFacts(cost, tuple(crossings), tuple(is_entry), tuple(freight_to), free, hours)
