"""What the reference engine notes about every possible load while it runs, and the columns this becomes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engines.records import PASSAGE_FIELDS, STAGE_FIELDS, seed_rows
from sim.ledger.ledger import NOT_YET
from sim.plan import Plan


class LoadNotes:
    """Lists of integers by load row, -1 = did not happen."""

    __slots__ = (
        "finished_s",
        "is_known",
        "is_lost",
        "ordered_s",
        "received_s",
        "route",
        "shipped_s",
        "started_s",
        "units",
    )

    def __init__(self, plan: Plan) -> None:
        lanes, seeds = plan.lanes, plan.seeds
        rows = int(lanes.load_first[-1])
        units = np.repeat(lanes.load_units, np.diff(lanes.load_first))
        known = np.zeros(rows, dtype=np.int64)
        seeded = seed_rows(plan)
        units[seeded] = seeds.units
        known[seeded] = 1
        self.units: list[int] = units.tolist()
        self.is_known: list[int] = known.tolist()  # seeded, or accepted by its supplier
        self.ordered_s = [NOT_YET] * rows
        self.started_s = [NOT_YET] * rows
        self.finished_s = [NOT_YET] * rows
        self.route = [-1] * rows
        self.received_s = [NOT_YET] * rows
        self.is_lost = [0] * rows
        self.shipped_s = [NOT_YET] * rows

    def columns(self) -> NDArray[np.int32]:
        """The loads that exist, as `sim.engines.records.Rows` has them."""
        known = np.flatnonzero(self.is_known)
        columns = (
            self.units,
            self.ordered_s,
            self.started_s,
            self.finished_s,
            self.route,
            self.received_s,
            self.is_lost,
            self.shipped_s,
        )
        return np.stack([known, *(np.array(column)[known] for column in columns)]).astype(np.int32)


def passage_columns(notes: list[list[int]], riders: dict[int, list[int]], horizon_s: int) -> NDArray[np.int32]:
    """The passages, as `sim.engines.records.Rows` has them; what lies beyond the horizon did not come.

    Parameters
    ----------
    notes : list of list of int
        One for each passage of a truck, in order of time; first the load that leads it.
    riders : dict of int to list of int
        The other loads on the truck of each leader that has any: they have the passages of the truck as well.
    """
    table = _for_all_who_ride(notes, riders, PASSAGE_FIELDS)
    times = table[3:8]
    times[times >= horizon_s] = NOT_YET
    table[8][table[5] == NOT_YET] = 0
    return table.astype(np.int32)


def stage_columns(notes: list[list[int]], riders: dict[int, list[int]], horizon_s: int) -> NDArray[np.int32]:
    """The lines other than that of the booths, as `sim.engines.records.Rows` has them; parameters as for passages."""
    table = _for_all_who_ride(notes, riders, STAGE_FIELDS)
    times = table[3:]
    times[times >= horizon_s] = NOT_YET
    return table.astype(np.int32)


def _for_all_who_ride(notes: list[list[int]], riders: dict[int, list[int]], fields: int) -> NDArray[np.int64]:
    """Notes of trucks as columns, once for the leader and once for each who rides with it."""
    ridden = [[rider, *note[1:]] for note in notes for rider in riders.get(note[0], ())]
    flat = [number for note in notes + ridden for number in note]
    return np.array(flat, dtype=np.int64).reshape(-1, fields).T.copy()
