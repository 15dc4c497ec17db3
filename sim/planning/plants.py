"""How plants meet trouble, in the Plan: crews that go home, and shortages that are foreseen."""

from __future__ import annotations

import math

import numpy as np

from sim.clock import Clock
from sim.network.model import Input, Network, Recipe
from sim.parameters import COVERED, Parameters
from sim.plan import NEVER, Calendars, Crews, Expediting, Lanes, Stocks
from sim.planning.calendars import shift_starts
from sim.planning.demand import Demand, units_per_working_second
from sim.units import HOUR


def plant_habits(parameters: Parameters) -> tuple[float, ...]:
    """What of the parameters decides how plants are planned."""
    covers = (parameters.cover_factor(part_class) for part_class in COVERED)
    return (parameters.send_home_h, parameters.expedite_alarm_pct, parameters.yard_days, *covers)


def plan_crews(network: Network, clock: Clock, calendars: Calendars, parameters: Parameters) -> Crews:
    """Crews of assembly lines go home when they have stood for ``send_home_h``; suppliers' crews stay.

    A crew begins where a shift, regular or overtime, begins on time, and where work begins after a break of any kind.

    Parameters
    ----------
    calendars : Calendars
        One for each recipe, in order, with what strikes it.
    """
    patience_s = np.full(len(network.recipes), NEVER, dtype=np.int64)
    starts = [np.zeros(0, dtype=np.int64)] * len(network.recipes)
    for row, recipe in enumerate(network.recipes.values()):
        if recipe.schedule is None:
            continue
        patience_s[row] = round(parameters.send_home_h * HOUR)
        names = (recipe.calendar, recipe.schedule.overtime_calendar)
        begun = np.array(
            sorted(second for name in names if name for second in shift_starts(network.calendars[name], clock)),
            dtype=np.int64,
        )
        own = slice(calendars.first[row], calendars.first[row + 1])
        opens, closes = calendars.opens_s[own], calendars.closes_s[own]
        within = np.searchsorted(opens, begun, side="right") - 1
        is_worked = (within >= 0) & (begun < closes[np.maximum(within, 0)]) if len(opens) else begun < 0
        starts[row] = np.unique(np.concatenate((opens, begun[is_worked])))
    first = np.cumsum([0, *(len(x) for x in starts)]).astype(np.int64)
    return Crews(patience_s, first, np.concatenate(starts) if starts else np.zeros(0, dtype=np.int64))


def plan_expediting(
    network: Network, demand: Demand, stocks: Stocks, lanes: Lanes, parameters: Parameters, *, expedite: bool
) -> Expediting:
    """Foresee a shortage where a stock holds no more than a part of its hours of cover; never, where nobody expedites.

    Alarm level = units used in ``expedite_alarm_pct`` of the input's cover, as its class is covered in the scenario.
    They last for so much working time; that the plant may rest before they are used up is left out.
    """
    usual = [len(network.routes_of(lane)) for lane in network.lanes.values()]
    alarms = [
        _alarm(network, demand, recipe, item, parameters)
        for recipe in network.recipes.values()
        for item in sorted(recipe.inputs, key=lambda item: item.part)
    ]
    assert len(alarms) == len(stocks.ids)
    units, seconds = np.array(alarms, dtype=np.int64).reshape(-1, 2).T
    return Expediting(
        units.copy() if expedite else np.full_like(units, -1),
        seconds.copy(),
        lanes.route_first[:-1] + np.array(usual, dtype=np.int64),
    )


def _alarm(network: Network, demand: Demand, recipe: Recipe, item: Input, parameters: Parameters) -> tuple[int, int]:
    """Units on hand at which a shortage of an input is foreseen, and the working seconds for which they last."""
    rate = units_per_working_second(network, demand, recipe, item)
    cover_s = item.cover_h * HOUR * parameters.cover_factor(network.parts[item.part].part_class)
    alarm_s = cover_s * parameters.expedite_alarm_pct / 100
    return math.floor(rate * alarm_s), round(alarm_s)
