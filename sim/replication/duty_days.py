"""What a vehicle owes under the law of each day, programme by programme, when all goes to plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sim.customs import assess, planned_flow
from sim.network.graph import daily_units
from sim.replication.once import prepare
from sim.scenario.model import Scenario

_DUTY = "duty:"


def planned_duty(scenario: Scenario, day: dt.date) -> dict[str, float]:
    """Duty that the mean vehicle bears on a day by the papers of that day, parts upstream included.

    Parameters
    ----------
    scenario : Scenario
        Network, reforms and firms; its own dates, shocks and baseline are left aside. Claims are decided anew.

    Returns
    -------
    dict of str to float
        US dollars a vehicle by programme, vehicles and markets weighing as planned; only what is charged.
    """
    ready = prepare(scenario.with_(start=day, law_as_of=day, shocks=(), baseline=""))
    flow = planned_flow(ready.network, day)
    unit = assess(flow, ready.network, ready.law, ready.decisions.claims, ready.parameters).unit
    rates, lanes = daily_units(ready.network), ready.network.lanes
    sold = {
        node: rates[name]
        for node, name in enumerate(flow.lane_ids)
        if not lanes[name].to_recipe and ready.network.recipes[lanes[name].from_recipe].schedule
    }
    built = sum(sold.values())
    owed = {
        name.removeprefix(_DUTY): sum(float(unit.column(name)[node]) * rate for node, rate in sold.items()) / built
        for name in unit.columns
        if name.startswith(_DUTY)
    }
    return {name: usd for name, usd in sorted(owed.items()) if usd}


def duty_by_day(scenario: Scenario, days: Sequence[dt.date]) -> dict[str, list[float]]:
    """`planned_duty` of each day: programme to US dollars a vehicle, one for each day."""
    found = [planned_duty(scenario, day) for day in days]
    return {name: [owed.get(name, 0.0) for owed in found] for name in sorted({name for owed in found for name in owed})}
