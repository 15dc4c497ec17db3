"""Is a baseline fair? One whose lines stand still is badly set up, and is refused with its cause."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.errors import PlanError
from sim.ledger.ledger import Ledger
from sim.plan import Plan
from sim.units import HOUR

MOST_DOWN_PCT = 1.0  # share of its line hours that a baseline may lose (the model's own rule)
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Shortage:
    """How long assembly waited for the loads of one lane.

    Parameters
    ----------
    lane : str
    waited_h : float
        Hours between the moment a build slot could have begun and the receipt of this lane's load, summed.
    slots : int
        Build slots that this lane was the last to reach.
    """

    lane: str
    waited_h: float
    slots: int


def shortages(plan: Plan, ledger: Ledger) -> list[Shortage]:
    """Lanes that made build slots late, worst first, within the measured window.

    A slot is late when it began after it was due and after its line was free; the lane whose load came last of
    all that it was built from is the cause.
    """
    loads, uses = ledger.loads, ledger.uses
    lane_recipe = plan.lanes.recipe
    is_slot = (plan.recipes.is_assembly[lane_recipe] == 1)[loads.lane]
    rows = np.flatnonzero(is_slot & (loads.started_s >= plan.start_s))
    rows = rows[np.lexsort((loads.started_s[rows], lane_recipe[loads.lane[rows]]))]
    received = loads.received_s[uses.source]
    first_use = np.searchsorted(uses.consumer, rows, side="left")
    last_use = np.searchsorted(uses.consumer, rows, side="right")
    found: dict[int, list[int]] = {}
    free = -1
    previous = -1
    for row, first, last in zip(rows.tolist(), first_use.tolist(), last_use.tolist(), strict=True):
        recipe = int(lane_recipe[loads.lane[row]])
        ready = max(int(loads.ordered_s[row]), free if recipe == previous else -1)
        free, previous = int(loads.finished_s[row]), recipe
        if last > first:
            latest = first + int(np.argmax(received[first:last]))
            waited = int(received[latest]) - ready
            if waited > 0:
                found.setdefault(int(loads.lane[uses.source[latest]]), []).append(waited)
    listed = [Shortage(plan.lanes.ids[k], sum(v) / HOUR, len(v)) for k, v in found.items()]
    return sorted(listed, key=lambda item: (-item.waited_h, item.lane))


def require_fair(name: str, down_pct: float, plan: Plan, ledger: Ledger) -> None:
    """Refuse a baseline that loses more than `MOST_DOWN_PCT` of its line hours.

    Raises
    ------
    PlanError
        Names the lanes that the lines waited for.
    """
    if down_pct <= MOST_DOWN_PCT:
        return
    worst = shortages(plan, ledger)[:SHOWN]
    causes = "; ".join(f"{x.lane} ({x.slots} lots, {x.waited_h:.0f} h)" for x in worst) or "no input was short"
    raise PlanError(
        name,
        [
            f"as a baseline it loses {down_pct:.1f} % of its line hours; at most {MOST_DOWN_PCT:g} % is a fair "
            f"start. The lines waited for: {causes}. Give these inputs more hours of cover or their suppliers "
            f"more lines."
        ],
    )
