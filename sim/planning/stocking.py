"""A stocking rule of one's own: how many days of use a lane holds beyond the ordinary, day by day."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sim.clock import Clock
from sim.errors import PlanError
from sim.network.model import Network
from sim.parameters import Parameters
from sim.planning.demand import Demand
from sim.planning.replenishment import LanePlan
from sim.planning.stock_building import Rise, spare_week, sum_up
from sim.units import DAY, WEEK


@dataclass(frozen=True, slots=True)
class Stocked:
    """What a rule is told of a lane into a stock.

    Parameters
    ----------
    lane, part, part_class : str
    exporter, importer : str
        Countries of maker and stock, ISO 3166 alpha-2.
    week_units : float
        Used in an ordinary week.
    spare_week_units : float
        What its maker can make in a week beyond what it must, for all that it supplies.
    cover_h : float
        Hours of use held ordinarily besides what is on the way.
    lead_days : float
        Planned time from order to receipt.
    """

    lane: str
    part: str
    part_class: str
    exporter: str
    importer: str
    week_units: float
    spare_week_units: float
    cover_h: float
    lead_days: float


StockRule: TypeAlias = Callable[[Stocked, dt.date], float]  # days of use beyond the ordinary, on a day (UTC)


def own_rises(
    name: str,
    network: Network,
    clock: Clock,
    demand: Demand,
    plans: Mapping[str, LanePlan],
    rule: StockRule,
    parameters: Parameters,
) -> dict[str, list[Rise]]:
    """Rises of the reorder points of lanes by a rule, asked for every lane that is used and every day of the run.

    Parameters
    ----------
    name : str
        Of the scenario, for errors.

    Returns
    -------
    dict of str to list of (int, int, int)
        As `sim.planning.stock_building.bring_ahead` returns them.

    Raises
    ------
    PlanError
        A rule answers with something else than a number from 0 to the parameter ``yard_days``.

    Notes
    -----
    What is asked for is ordered on that day and arrives after the planned lead time, if its maker can follow; where
    less is asked for than before, stock is used up before anything is ordered again.
    """
    rises: dict[str, list[Rise]] = {}
    days = [clock.begins + dt.timedelta(days=n) for n in range(-(-clock.end_s // DAY))]
    for told in _told(network, demand, plans):
        asked = [_checked(name, rule, told, day, parameters.yard_days) for day in days]
        units = [round(x * told.week_units * DAY / WEEK) for x in asked]
        found = _joined(units)
        if found:
            rises[told.lane] = found
    return rises


def _told(network: Network, demand: Demand, plans: Mapping[str, LanePlan]) -> list[Stocked]:
    cover = {(x.id, item.part): item.cover_h for x in network.recipes.values() for item in x.inputs}
    country = {site.id: site.country for site in network.sites.values()}
    return [
        Stocked(
            lane=lane.id,
            part=lane.part,
            part_class=network.parts[lane.part].part_class,
            exporter=country[network.recipes[lane.from_recipe].site],
            importer=country[lane.to_site],
            week_units=demand.lane_week[lane.id],
            spare_week_units=spare_week(network, demand, lane),
            cover_h=cover[lane.to_recipe, lane.part],
            lead_days=plans[lane.id].lead_s / DAY,
        )
        for lane in network.lanes.values()
        if lane.to_recipe and demand.lane_week[lane.id] > 0
    ]


def _checked(name: str, rule: StockRule, told: Stocked, day: dt.date, most: float) -> float:
    days = rule(told, day)
    if isinstance(days, int | float) and not isinstance(days, bool) and math.isfinite(days) and 0 <= days <= most:
        return float(days)
    asked = f"the stocking rule asks for {days!r} days of use on lane '{told.lane}' on {day}"
    raise PlanError(name, [f"{asked}. Allowed: a number from 0 to {most:g} (parameter 'yard_days')."])


def _joined(units: Sequence[int]) -> list[Rise]:
    """Days on which the same is asked for, one after another, as one interval."""
    found: list[Rise] = []
    for n, rise in enumerate(units):
        if rise and found and found[-1][1] == n * DAY and found[-1][2] == rise:
            found[-1] = (found[-1][0], (n + 1) * DAY, rise)
        elif rise:
            found.append((n * DAY, (n + 1) * DAY, rise))
    return found


def laid_over(
    first: Mapping[str, list[Rise]], second: Mapping[str, list[Rise]], demand: Demand, parameters: Parameters
) -> dict[str, list[Rise]]:
    """Rises of two kinds together, at most the use of ``yard_days``."""
    found = {}
    for lane in sorted(first.keys() | second.keys()):
        most = round(parameters.yard_days * demand.lane_week[lane] * DAY / WEEK)
        found[lane] = sum_up([*first.get(lane, ()), *second.get(lane, ())], most)
    return {lane: rises for lane, rises in found.items() if rises}
