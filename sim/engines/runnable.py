"""What every engine relies on in a Plan and the Plan itself does not check, refused before the run begins."""

from __future__ import annotations

import numpy as np

from sim.errors import PlanError
from sim.plan import Plan


def require_runnable(plan: Plan) -> None:
    """Refuse a plan whose quantities or draws an engine would run over.

    Parameters
    ----------
    plan : Plan
        The run.

    Raises
    ------
    PlanError
        All that is wrong with it.
    """
    problems = list(_problems(plan))
    if problems:
        raise PlanError("plan", problems)


def _problems(plan: Plan) -> list[str]:
    slots, lanes, traffic = plan.schedule, plan.lanes, plan.background
    drawn = np.diff(lanes.load_first)
    seeded = np.bincount(plan.seeds.lane, minlength=len(lanes.ids))
    problems = [
        f"{name} holds {int(values.min())}; the least is {least}"
        for name, values, least in (
            ("quantity_per", plan.stocks.quantity_per, 1),
            ("lines", plan.recipes.lines, 1),
            ("seed units", plan.seeds.units, 1),
            ("background arrive_s", traffic.arrive_s, 0),
            ("due_s", slots.due_s, 0),
            ("slot n", slots.n, 0),
        )
        if values.size and int(values.min()) < least
    ]
    problems += [
        f"lane '{lanes.ids[lane]}' has {int(seeded[lane])} seeds but {int(drawn[lane])} loads drawn"
        for lane in np.flatnonzero(seeded > drawn)
    ]
    problems += [
        f"lane '{lanes.ids[int(slots.lane[i])]}' has slot {int(slots.n[i])} but {int(drawn[slots.lane[i]])} loads drawn"
        for i in np.flatnonzero(slots.n >= drawn[slots.lane])[:5]
    ]
    problems += [
        f"lane '{lanes.ids[lane]}' has build slots but feeds a stock"
        for lane in np.unique(slots.lane[lanes.stock[slots.lane] >= 0])
    ]
    inside = (slots.n >= 0) & (slots.n < drawn[slots.lane])
    times = np.bincount(lanes.load_first[slots.lane[inside]] + slots.n[inside], minlength=1)
    for row in np.flatnonzero(times > 1)[:5].tolist():
        lane = int(np.searchsorted(lanes.load_first, row, side="right")) - 1
        problems.append(f"lane '{lanes.ids[lane]}' has slot {row - int(lanes.load_first[lane])} {times[row]} times")
    problems += [
        f"lane '{lanes.ids[lane]}' has both seeds and build slots"
        for lane in np.unique(slots.lane[seeded[slots.lane] > 0])
    ]
    return problems


def lacks_loads(plan: Plan, lane: int) -> PlanError:
    """What to raise when a lane needs more loads than the plan has drawn."""
    first, last = plan.lanes.load_first[lane : lane + 2].tolist()
    problem = (
        f"lane '{plan.lanes.ids[lane]}' needs more than the {last - first} loads drawn for it. "
        "Draw more, or look for a reorder point or demand that is too high."
    )
    return PlanError("plan", [problem])
