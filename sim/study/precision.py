"""Running until precise: which half-widths are wanted, whether they are met, how many replications may do it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.study.compare import Comparison

MOST = 1_000  # replications, where a study names no cap of its own
FEWEST = 5  # replications before an interval is believed enough to plan with
MARGIN = 1.05  # a spread is itself an estimate: ask for a little more than it says
MOST_GROWTH = 4  # times as many replications at one step


@dataclass(frozen=True, slots=True)
class Target:
    """How narrow the 95 % interval of one figure shall be.

    Parameters
    ----------
    measure, item : str
        Of all vehicles.
    half_width : float
        In the measure's unit, or a share of the figure itself where `is_relative`.
    """

    measure: str
    item: str
    half_width: float
    is_relative: bool

    def wanted(self, value: float) -> float:
        """The half-width that is enough for a figure."""
        return self.half_width * abs(value) if self.is_relative else self.half_width


@dataclass(frozen=True, slots=True)
class Precision:
    """Replications are added until every target is met, or `most` is reached."""

    targets: tuple[Target, ...]
    most: int = MOST


@dataclass(frozen=True, slots=True)
class Reached:
    """Where one target stands after some replications.

    Parameters
    ----------
    scenario : str
        Whose interval is the widest against what is wanted of it.
    half_width, wanted : float
        None and 0 where there is no interval yet.
    """

    target: Target
    scenario: str
    half_width: float | None
    wanted: float

    @property
    def is_met(self) -> bool:
        """Whether the widest interval is narrow enough."""
        return self.half_width is not None and self.half_width <= self.wanted


Compare = Callable[[str, str], list[Comparison]]  # measure and item to one comparison a scenario, the baseline first


def where_it_stands(precision: Precision, compare: Compare) -> list[Reached]:
    """Each target with the scenario that is furthest from it.

    Of a study of several scenarios the intervals are those of the differences from the baseline; of one alone, that of
    its mean. A difference of exactly nothing in every replication is known exactly and meets any target.
    """
    return [_furthest(target, compare(target.measure, target.item)) for target in precision.targets]


def _furthest(target: Target, rows: list[Comparison]) -> Reached:
    is_alone = len(rows) == 1
    found = []
    for row in rows if is_alone else rows[1:]:
        value, half = (row.mean, row.mean_half_width_95) if is_alone else (row.difference, row.half_width_95)
        found.append(Reached(target, row.scenario, half, 0.0 if value is None else target.wanted(value)))
    return max(found, key=_excess)


def _excess(reached: Reached) -> float:
    if reached.half_width is None:
        return math.inf
    if not reached.half_width:
        return 0.0
    return reached.half_width / reached.wanted if reached.wanted else math.inf


def next_count(precision: Precision, stands: list[Reached], done: int) -> int:
    """How many replications to have next; `done` itself where the targets are met or the cap is reached.

    The half-width falls with the root of the number: n' = n (half-width / wanted)^2, with a margin, and no more than
    four times as many at once. It depends on the results of the first `done` replications alone, so that a study that
    is killed and resumed takes the same steps.

    References
    ----------
    Law, A. M. (2015), Simulation Modeling and Analysis, section 9.4.1: a specified precision [memory].
    """
    ratio = max((_excess(reached) for reached in stands), default=0.0)
    if ratio <= 1 or done >= precision.most:
        return done
    growth = min(float(MOST_GROWTH), ratio**2 * MARGIN)
    return min(precision.most, max(done + 1, FEWEST, math.ceil(done * growth)))


def as_record(precision: Precision) -> Mapping[str, object]:
    """What was asked, as plain JSON values for the manifest."""
    targets = [
        {"measure": x.measure, "item": x.item, "half_width": x.half_width, "relative": x.is_relative}
        for x in precision.targets
    ]
    return {"targets": targets, "most": precision.most}


def as_precision(record: Mapping[str, Any]) -> Precision:
    """The precision that a manifest describes."""
    targets = (Target(x["measure"], x["item"], x["half_width"], x["relative"]) for x in record["targets"])
    return Precision(tuple(targets), record["most"])
