"""A closed rail gateway: loads that reach it wait until it opens, and none is lost."""

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from sim.engines.reference import simulate
from sim.ledger.balance import check_balances
from sim.scenario import Shock
from sim.units import DAY, HOUR
from tests.planning.test_build import plan_of, scenario

OPENS_S = 14 * DAY  # second at which the closure ends: 21 August, after five days from the 16th


@pytest.fixture
def railway(tiny):
    """The bridge into the United States as a rail tunnel without a queue: half an hour of approach, twelve of dwell."""
    tunnel = replace(
        tiny.crossings["bridge/us"],
        kind="land_rail",
        booths_standard=0,
        booths_fast=0,
        background_weekday=0.0,
        dwell_h=12.0,
    )
    lanes = {name: replace(x, mode="rail") if "ontario" in name.split("..")[0] else x for name, x in tiny.lanes.items()}
    routes = {
        (start, end, "rail" if "ontario" in start else mode): tuple(
            replace(way, mode="rail" if "ontario" in start else mode, transit_cv=0.0) for way in ways
        )
        for (start, end, mode), ways in tiny.routes.items()
    }
    return replace(
        tiny,
        crossings=MappingProxyType({**tiny.crossings, tunnel.id: tunnel}),
        lanes=MappingProxyType(lanes),
        routes=MappingProxyType(routes),
        digest="railway",
    )


def passages(ledger, plan):
    own = ledger.passages.crossing == plan.crossings.ids.index("bridge/us")
    return ledger.passages.arrived_s[own], ledger.passages.left_s[own]


def test_loads_wait_for_the_gateway_and_none_is_lost(railway):
    shut = Shock("closure", "bridge/us", dt.datetime(2017, 8, 16, tzinfo=dt.UTC), 5 * DAY)
    asked = scenario(run_s=3 * 7 * DAY)
    plan = plan_of(railway, replace(asked, shocks=(shut,)))
    calm_plan = plan_of(railway, asked)
    ledger, calm = simulate(plan), simulate(calm_plan)
    check_balances(plan, ledger)
    arrived, left = passages(ledger, plan)
    during = (arrived >= OPENS_S - 5 * DAY) & (arrived < OPENS_S - 13 * HOUR) & (left >= 0)
    assert during.sum() >= 1
    assert (left[during] >= OPENS_S).all()
    assert (left[during] < OPENS_S + DAY).all()
    others = (arrived < OPENS_S - 6 * DAY) | (arrived >= OPENS_S)
    assert len(np.unique((left - arrived)[others & (left >= 0)] // HOUR)) == 1  # but for the closure all take the same
    fewer = len(passages(calm, calm_plan)[0]) - len(arrived)
    unbuilt = int(ledger.loads.units[ledger.loads.is_lost == 1].sum())  # of cars that take a bracket each, 500 a load
    assert 0 <= fewer <= unbuilt // 500 + 1
