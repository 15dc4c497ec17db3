"""Stock built before an announced date: by how many units a lane's reorder point is raised, and until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from sim.clock import Clock
from sim.network.model import Lane, Network
from sim.parameters import Parameters
from sim.plan import Buildup
from sim.planning.calendars import weekly_work_s
from sim.planning.demand import Demand
from sim.planning.replenishment import LanePlan
from sim.scenario import Shock
from sim.units import DAY, WEEK

Rise: TypeAlias = tuple[int, int, int]  # first second, first second after, units


def bring_ahead(
    network: Network,
    clock: Clock,
    demand: Demand,
    plans: Mapping[str, LanePlan],
    shocks: Sequence[Shock],
    parameters: Parameters,
) -> dict[str, list[Rise]]:
    """Rises of the reorder points of lanes that bring use ahead of a date, by lane.

    Parameters
    ----------
    plans : mapping of str to LanePlan
        Their lead times say until when an order arrives before the date.
    shocks : sequence of Shock
        Those of kind ``front_loading`` count: from announcement to date, for loads bound for a country.

    Returns
    -------
    dict of str to list of (int, int, int)
        Half-open intervals in seconds, ascending, that do not overlap, and units.

    Notes
    -----
    The rise grows in equal steps from day to day, so that suppliers are not asked for all of it at once, and ends
    when an order would come too late: date less planned lead time. Units = use of the days asked for, at most
    ``yard_days``, and no more than its supplier's lines can make in that time beyond ordinary weeks, which is shared
    among such lanes by volume. What of it is made in time, and what deeper tiers can follow, the run shows.
    Where another date is announced before all is used up, what is left is kept for it, and its rise stands on that.
    """
    steps: dict[str, list[list[Rise]]] = {}
    for shock in sorted(shocks, key=lambda shock: clock.second(shock.from_)):
        if shock.kind == "front_loading":
            begin_s, date_s = clock.second(shock.from_), clock.second(shock.until)
            lanes = _lanes_bound(network, shock)
            made: dict[str, float] = {}  # what each supplier makes for these lanes in an ordinary week
            for lane in lanes:
                made[lane.from_recipe] = made.get(lane.from_recipe, 0.0) + demand.lane_week[lane.id]
            for lane in lanes:
                week, last_s = demand.lane_week[lane.id], date_s - plans[lane.id].lead_s
                if week > 0 and begin_s < last_s:
                    spare = spare_week(network, demand, lane) * week / made[lane.from_recipe]
                    use = min(shock.ahead_s / DAY, parameters.yard_days) * week * DAY / WEEK
                    units = min(use, spare * (last_s - begin_s) / WEEK)
                    steps.setdefault(lane.id, []).append(_staircase(begin_s, last_s, units))
    rises = {}
    for name in sorted(steps):
        a_second = demand.lane_week[name] / WEEK
        most = round(parameters.yard_days * DAY * a_second)
        rises[name] = sum_up(_kept(steps[name], a_second, most), most)
    return {name: found for name, found in rises.items() if found}


def _lanes_bound(network: Network, shock: Shock) -> list[Lane]:
    """Lanes into stocks that lead into the country from another one, or from the one that is named."""
    country = {site.id: site.country for site in network.sites.values()}
    found = []
    for lane in network.lanes.values():
        origin = country[network.recipes[lane.from_recipe].site]
        into = lane.to_recipe and country[lane.to_site] == shock.at and origin != shock.at
        if into and shock.origin in ("", origin):
            found.append(lane)
    return found


def spare_week(network: Network, demand: Demand, lane: Lane) -> float:
    """Units that the maker of a lane can make in an ordinary week beyond what it must."""
    maker = network.recipes[lane.from_recipe]
    most = maker.lines * weekly_work_s(network.calendars[maker.calendar]) / maker.work_s
    return max(0.0, most - demand.recipe_week[maker.id])


def _staircase(begin_s: int, last_s: int, units: float) -> list[Rise]:
    """Equal steps from day to day, the whole of it on the last."""
    days = max(1, -(-(last_s - begin_s) // DAY))
    return [
        (max(0, begin_s + day * DAY), min(begin_s + (day + 1) * DAY, last_s), round(units * (day + 1) / days))
        for day in range(days)
        if begin_s + (day + 1) * DAY > 0 and last_s > 0
    ]


def _kept(staircases: Sequence[Sequence[Rise]], a_second: float, most: int) -> list[Rise]:
    """The steps of all announcements, in their order, and what is left of one when the next comes, kept until its end.

    Between the end of one and the next announcement nothing is ordered and `a_second` units are used up a second.
    """
    found: list[Rise] = []
    left, last_s = 0.0, 0
    for steps in staircases:
        if steps:
            begin_s, end_s = steps[0][0], max(last_s, steps[-1][1])
            left = max(0.0, left - a_second * max(0, begin_s - last_s))
            found += [(max(begin_s, last_s), end_s, round(left)), *steps]
            left, last_s = min(most, left + steps[-1][2]), end_s
    return [step for step in found if step[0] < step[1] and step[2] > 0]


def sum_up(steps: Sequence[Rise], most: int) -> list[Rise]:
    """Steps of several announcements laid over each other, at most so many units together."""
    turns = sorted({second for begin, end, _ in steps for second in (begin, end)})
    found: list[Rise] = []
    for begin, end in pairwise(turns):
        units = min(most, sum(step[2] for step in steps if step[0] <= begin < step[1]))
        if units > 0:
            found.append((begin, end, units))
    return found


def plan_buildup(network: Network, rises: Mapping[str, Sequence[Rise]]) -> Buildup:
    """The table of a Plan: lanes in id order."""
    each = [rises.get(lane, ()) for lane in network.lanes]
    first = np.cumsum([0, *(len(x) for x in each)]).astype(np.int64)
    table = np.array([rise for x in each for rise in x], dtype=np.int64).reshape(-1, 3)
    return Buildup(first, *(np.ascontiguousarray(table[:, k]) for k in range(3)))
