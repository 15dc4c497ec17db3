"""Contract 2, the Ledger: what happened, as one wide row per load and the rows that hang on it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
NOT_YET = -1  # a time that did not come within the horizon

# lines of a crossing besides that of the booths, in the order of the chain
TRACTOR, EXPORT, INSPECTION = 0, 1, 2
STAGES = ("tractor", "export check", "inspection")


@dataclass(frozen=True, slots=True)
class LoadRows:
    """One row per load that was ordered or seeded, sorted by (lane, n). Times in seconds, -1 = not within the run."""

    lane: Ints
    n: Ints
    units: Ints
    ordered_s: Ints  # order accepted by the supplier (a slot: its due second); -1 for seeds
    started_s: Ints  # inputs consumed, work begun; -1 for seeds
    finished_s: Ints  # work done; -1 for seeds
    route: Ints  # index into the Plan's routes; -1 = not shipped
    received_s: Ints  # in the stock or at the market
    is_lost: Ints  # 1 = a build slot that expired
    shipped_s: Ints  # left its maker: when it was finished, or at the departure of its milk run; -1 for seeds


@dataclass(frozen=True, slots=True)
class PassageRows:
    """One row per load and crossing reached, sorted by (load row, position).

    Loads of a milk run that share a truck have rows of their own with equal times; the truck is the row of its leader.
    """

    load: Ints  # row of LoadRows
    position: Ints  # 0, 1, ... along the route
    crossing: Ints  # that its route has here, or the substitute to which it turned
    arrived_s: Ints  # there: end of the leg, and of the way over where it turned round
    joined_s: Ints  # at the end of the booths' line: after documents, yard, tractor, export check and approach
    started_s: Ints  # at the booth
    cleared_s: Ints  # primary inspection done
    left_s: Ints  # scan, exam, hold, inspection and yard beyond done
    used_fast: Ints  # 1 = a FAST booth
    truck: Ints  # row of LoadRows of the load that leads the truck; its own where it has a truck of its own


@dataclass(frozen=True, slots=True)
class StageRows:
    """One row per load and line joined at a crossing besides that of the booths, sorted by (load row, position, stage).

    A truck whose trailer is fetched by a tractor started and cleared when the tractor set out with it.
    """

    load: Ints  # row of LoadRows
    position: Ints  # of the passage
    stage: Ints  # index into STAGES
    joined_s: Ints
    started_s: Ints
    cleared_s: Ints


@dataclass(frozen=True, slots=True)
class UseRows:
    """Which load fed which order, sorted by (consumer row, stock, order of issue)."""

    source: Ints  # row of LoadRows
    consumer: Ints  # row of LoadRows
    stock: Ints
    units: Ints


@dataclass(frozen=True, slots=True)
class CrossingHours:
    """Background traffic by crossing and hour of arrival (at the bays: hour of joining), each [crossings, hours].

    A truck arrives at a crossing for itself or comes over from another; there it passes, gives up or is diverted.
    """

    passed: Ints  # trucks that stayed in the line
    gave_up: Ints  # trucks lost
    wait_s: Ints  # summed wait at the booths of those that passed
    diverted: Ints  # trucks that went to a substitute
    came_over: Ints  # trucks that came because this is a substitute
    passed_fast: Ints  # of those that passed, trucks that may use FAST booths
    wait_fast_s: Ints  # their part of the wait
    wait_export_s: Ints  # summed wait at the export check of those that passed
    inspected: Ints  # trucks that joined the bays
    wait_bay_s: Ints  # their summed wait there


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything an engine reports, sealed.

    Parameters
    ----------
    loads, passages, stages, uses, hours
        See the row types. Arrays are int64 and read-only.
    stock_left : ndarray of int64, shape (stocks,)
        Units on hand when the run ends.
    """

    loads: LoadRows
    passages: PassageRows
    stages: StageRows
    uses: UseRows
    hours: CrossingHours
    stock_left: Ints

    def __post_init__(self) -> None:
        for table in (self.loads, self.passages, self.stages, self.uses, self.hours):
            for item in fields(table):
                getattr(table, item.name).setflags(write=False)
        self.stock_left.setflags(write=False)

    def passage_of_stage(self) -> Ints:
        """Row of the passage that each row of `stages` belongs to."""
        places: Ints = self.passages.load.searchsorted(self.stages.load) + self.stages.position
        return places

    def digest(self) -> str:
        """SHA-256 over all rows."""
        total = hashlib.sha256()
        for table in (self.loads, self.passages, self.stages, self.uses, self.hours):
            for item in fields(table):
                value = getattr(table, item.name)
                total.update(f"{item.name}{value.shape}".encode())
                total.update(np.ascontiguousarray(value).data)
        total.update(np.ascontiguousarray(self.stock_left).data)
        return total.hexdigest()
