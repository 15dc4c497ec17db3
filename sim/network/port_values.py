"""What a network carries over each port in a year, by value: to be set beside the trade statistics of ports."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

from sim.network.graph import daily_units, unit_costs
from sim.network.model import Calendar, Lane, Network, Step

MODES = {"land_truck": "truck", "land_rail": "rail", "ocean": "vessel"}


def working_days(calendar: Calendar, year: int) -> int:
    """Days of a year on which a calendar has a shift."""
    weekdays = {weekday for weekday, _, _ in calendar.shifts}
    first = dt.date(year, 1, 1)
    days = (first + dt.timedelta(days=n) for n in range((dt.date(year + 1, 1, 1) - first).days))
    return sum(day.weekday() in weekdays and not calendar.is_shut(day) for day in days)


def port_values(network: Network, chapter: str, year: int) -> Mapping[tuple[str, str, str], float]:
    """Value of the goods of a tariff chapter at each port of the United States in a year, without disruptions.

    Parameters
    ----------
    network : Network
    chapter : str
        First digits of the tariff code, such as ``87``.
    year : int
        Whose working days count, those of the assembly plants' mean calendar.

    Returns
    -------
    mapping of (port, mode, direction) to float
        USD at production cost, without freight and duty. Modes are those of the statistics, ``truck``, ``rail`` and
        ``vessel``; directions ``us_import`` and ``us_export``. Goods that pass the United States in bond are in
        neither, as in the statistics.
    """
    units, costs = daily_units(network), unit_costs(network)
    days = mean_working_days(network, year)
    total: dict[tuple[str, str, str], float] = defaultdict(float)
    for lane in network.lanes.values():
        if not network.parts[lane.part].hts_code.startswith(chapter):
            continue
        value = days * units[lane.id] * costs[lane.from_recipe]
        for step in network.routes_of(lane)[0].steps:
            direction = _direction(network, lane, step)
            if direction:
                crossing = network.crossings[step.crossing]
                total[crossing.port, MODES[crossing.kind], direction] += value
    return dict(sorted(total.items()))


def mean_working_days(network: Network, year: int) -> float:
    """Days of a year on which assembly plants have a shift, on average over their vehicles' recipes."""
    plants = [recipe for recipe in network.recipes.values() if recipe.schedule]
    return sum(working_days(network.calendars[recipe.calendar], year) for recipe in plants) / len(plants)


def _direction(network: Network, lane: Lane, step: Step) -> str:
    if not step.crossing or step.movement == "in_bond":
        return ""
    crossing = network.crossings[step.crossing]
    if crossing.to_country == "US":
        return "us_import"
    made_in = network.sites[network.recipes[lane.from_recipe].site].country
    return "us_export" if made_in == "US" and crossing.from_country == "US" else ""
