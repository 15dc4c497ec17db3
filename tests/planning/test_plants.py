"""Crews, alarms and stock built before a date, planned for a network that is reckoned by hand."""

import datetime as dt
import math
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import pytest

from sim.customs import ledger_flow
from sim.engines import compiled, reference
from sim.ledger.balance import check_balances
from sim.measures.stoppage import stoppages
from sim.network.expedite import expedite_routes, load_usd
from sim.network.model import Step
from sim.parameters import load_parameters
from sim.plan import NEVER
from sim.planning.demand import roll_down
from sim.planning.replenishment import plan_lanes
from sim.planning.stock_building import bring_ahead
from sim.scenario import Shock
from tests.planning.conftest import crossing, route
from tests.planning.test_build import BRACKETS, CAR, WEEK, plan_of, same, scenario

HOUR, DAY = 3_600, 86_400
ONTARIO, PLANT = "supplier/ontario", "plant/michigan"


def urgent(tiny):
    """The tiny network with a team truck over the bridge, and an aircraft that is cleared where it lands."""
    team = [Step(1.5, 100.0, 400.0, "bridge/us", "entry"), Step(0.7, 50.0, 200.0, "", "")]
    air = [Step(5.0, 90.0, 9_000.0, "airport/us", "entry"), Step(0.5, 10.0, 50.0, "", "")]
    lands = replace(
        crossing("airport/us", "US"), port="airport", kind="air", from_country="", booths_standard=0, booths_fast=0,
        background_weekday=0.0, approach_min=0.0, dwell_h=1.5, toll_usd=0.0, cycle_standard_s=0.0,
    )  # fmt: skip
    routes = dict(tiny.routes)
    for mode, steps in (("team_truck", team), ("air", air)):
        routes[ONTARIO, PLANT, mode] = (replace(route(ONTARIO, PLANT, steps), mode=mode),)
    lanes = dict(tiny.lanes)
    lanes[BRACKETS] = replace(lanes[BRACKETS], expedite="yes")
    crossings = {"airport/us": lands} | dict(tiny.crossings)
    tables = {"routes": routes, "lanes": lanes, "crossings": crossings}
    return replace(tiny, **{name: MappingProxyType(table) for name, table in tables.items()}, digest="urgent")


def test_crews_begin_with_each_shift_and_where_work_is_taken_up_again(tiny):
    """The plant works from 6 to 22 in one stretch; a strike from noon to 15 and one over Thursday's beginning."""
    struck = [(14, 12, 3), (17, 4, 4)]
    shocks = tuple(
        Shock("strike", PLANT, dt.datetime(2017, 8, day, hour + 4, tzinfo=dt.UTC), hours * HOUR)
        for day, hour, hours in struck
    )
    plan = plan_of(tiny, scenario(shocks=shocks))
    row = plan.recipes.ids.index(CAR)
    starts = plan.crews.shift_s[plan.crews.shift_first[row] : plan.crews.shift_first[row + 1]]
    local = (starts[(starts >= WEEK) & (starts < 2 * WEEK)] - WEEK) / HOUR - 4  # since Monday's midnight
    assert local.tolist() == [6, 15, 30, 54, 80, 102, 126]  # Thursday at 8; the last is Saturday's overtime
    assert plan.crews.send_home_s[row] == 2 * HOUR
    others = np.arange(len(plan.recipes.ids)) != row
    assert (plan.crews.send_home_s[others] == NEVER).all()
    assert len(plan.crews.shift_s) == len(starts)


def test_two_shifts_that_touch_are_two_crews(tiny):
    calendar = tiny.calendars["plant"]
    halves = tuple((day, *hours) for day in range(5) for hours in ((6.0, 14.0), (14.0, 22.0)))
    calendars = dict(tiny.calendars) | {"plant": replace(calendar, shifts=halves)}
    plan = plan_of(replace(tiny, calendars=MappingProxyType(calendars), digest="halves"), scenario())
    row = plan.recipes.ids.index(CAR)
    starts = plan.crews.shift_s[plan.crews.shift_first[row] : plan.crews.shift_first[row + 1]]
    local = (starts[(starts >= WEEK) & (starts < WEEK + 2 * DAY)] - WEEK) // HOUR - 4
    assert local.tolist() == [6, 14, 30, 38]
    assert same(plan, plan_of(tiny, scenario()), ("calendars", "loads", "schedule"))


def test_the_alarm_is_half_of_what_is_used_in_the_hours_of_cover(tiny):
    """1,000 cars in 16 hours of work and 24 hours of cover: 62.5 an hour, 750 in twelve hours."""
    network = urgent(tiny)
    plan = plan_of(network, scenario())
    stock = plan.stocks.ids.index(f"{CAR}<bracket")
    assert plan.expediting.alarm_units[stock] == 750
    asked = scenario(parameters={"expedite_alarm_pct": "20 %", "cover_just_in_time_pct": "200 %"})
    assert plan_of(network, asked).expediting.alarm_units[stock] == 600
    assert (plan_of(network, scenario(expedite=False)).expediting.alarm_units == -1).all()


def test_the_team_truck_shares_the_draws_of_the_bridge_and_the_aircraft_has_its_own(tiny):
    network = urgent(tiny)
    plain, plan = plan_of(tiny, scenario()), plan_of(network, scenario())
    lane = plan.lanes.ids.index(BRACKETS)
    first, last = plan.lanes.route_first[lane : lane + 2]
    assert (last - first, plan.expediting.route_first[lane] - first) == (3, 1)
    assert plan.routes.leg_column[first:last].tolist() == [0, 0, 2]
    assert plan.routes.passage_column[first:last].tolist() == [0, 0, 1]
    rows = plan.lanes.load_first[lane + 1] - plan.lanes.load_first[lane]
    passages = plan.loads.hold_s[plan.loads.passage_draw_first[lane] :][: 2 * rows].reshape(-1, 2)
    own = plain.loads.passage_draw_first[plain.lanes.ids.index(BRACKETS)]
    assert np.array_equal(passages[:, 0], plain.loads.hold_s[own:][:rows])
    assert [x.mode for x in expedite_routes(network, network.lanes[BRACKETS])] == ["team_truck", "air"]


@pytest.mark.parametrize("simulate", [reference.simulate, compiled.simulate], ids=["reference", "compiled"])
def test_a_closed_bridge_sends_loads_by_air_and_saves_vehicles(tiny, simulate):
    """The bridge into the United States is shut for six days; what a load by air pays beyond its usual way."""
    shut = (Shock("closure", "bridge/us", dt.datetime(2017, 8, 16, 6, tzinfo=dt.UTC), 6 * DAY),)
    network, parameters = urgent(tiny), load_parameters()
    down, found = {}, {}
    for expedite in (True, False):
        asked = scenario(shocks=shut, expedite=expedite)
        plan = plan_of(network, asked)
        ledger = simulate(plan)
        check_balances(plan, ledger)
        down[expedite] = stoppages(network, plan, ledger, asked.clock(), parameters)[CAR]
        found[expedite] = plan, ledger, ledger_flow(network, plan, ledger, asked.clock())
    assert down[True].down_h < down[False].down_h - 10
    assert down[True].lost < down[False].lost
    plan, ledger, flow = found[True]
    lane = plan.lanes.ids.index(BRACKETS)
    way = ledger.loads.route - plan.lanes.route_first[lane]
    mine = (ledger.loads.lane == lane) & (ledger.loads.route >= 0)
    assert (mine & (way == 2)).sum() >= 3
    # 500 brackets of 10 kg and 0.1 m3 fill 50 of 65 m3: 0.769 of a trailer, 1.5 times that and all of it on the usual
    # way; an aircraft of the room they take
    usual_usd, air_usd = 150.0 + 75.0 + 80.0, 9_050.0 * 50 / 65
    by_air = mine & (way == 2)
    assert flow.freight_usd[mine] == pytest.approx(usual_usd)
    assert flow.expediting_usd[by_air] == pytest.approx(air_usd - usual_usd)
    assert flow.expediting_usd[mine & (way == 1)] == pytest.approx(400.0 + 75.0 + 200.0 - usual_usd)
    assert not flow.expediting_usd[~(mine & (way > 0))].any()
    aircraft = expedite_routes(network, network.lanes[BRACKETS])[1]
    assert load_usd(network, network.lanes[BRACKETS], aircraft) == pytest.approx(air_usd)
    assert not found[False][2].expediting_usd.any()


def test_nobody_expedites_while_all_goes_well(tiny):
    network = urgent(tiny)
    plan = plan_of(network, scenario())
    ledger = compiled.simulate(plan)
    assert (ledger.loads.route < plan.expediting.route_first[ledger.loads.lane]).all()
    assert compiled.simulate(plan_of(network, scenario(expedite=False))).digest() == ledger.digest()


def test_cover_is_scaled_by_class_and_moves_no_draw(tiny):
    """Brackets are just in time and steel a material: doubling the one leaves the other's reorder point."""
    plain, doubled = plan_of(tiny, scenario()), plan_of(tiny, scenario(parameters={"cover_just_in_time_pct": "200 %"}))
    lanes = {name: row for row, name in enumerate(plain.lanes.ids)}
    rise = doubled.lanes.reorder_units - plain.lanes.reorder_units
    assert rise[lanes[BRACKETS]] == 24 * 62.5  # another 24 hours of use
    assert not np.delete(rise, lanes[BRACKETS]).any()
    assert same(plain, doubled, ("loads", "background", "schedule", "crossings", "routes"))


def test_overtime_recovers_what_its_hours_hold_and_the_rest_is_lost(tiny):
    """A strike on Monday costs 1,000 cars at a takt of 57.6 s. Saturday's eight hours hold 500: the others are lost."""
    monday = Shock("strike", PLANT, dt.datetime(2017, 8, 14, 4, tzinfo=dt.UTC), DAY)
    without = dict(tiny.recipes)
    without[CAR] = replace(tiny.recipes[CAR], schedule=replace(tiny.recipes[CAR].schedule, overtime_calendar=""))
    for network, lost, premium_usd in (
        (tiny, 500, 0.5 * 8 * HOUR * 10 / 57.6),  # half as much again for eight hours at 10 dollars a car
        (replace(tiny, recipes=MappingProxyType(without), digest="no overtime"), 1_000, 0.0),
    ):
        asked = scenario(shocks=(monday,))
        plan = plan_of(network, asked)
        ledger = compiled.simulate(plan)
        check_balances(plan, ledger)
        found = stoppages(network, plan, ledger, asked.clock(), load_parameters())[CAR]
        assert found.lost == lost
        assert found.built == 10_000 - lost  # two weeks of 5,000
        assert found.overtime_usd == pytest.approx(premium_usd, rel=1e-3)
        assert found.contribution_usd == lost * 3_000.0
        assert found.down_h == 0.0  # nobody waited for a part


def announced(ahead_days, first=14, last=28, origin=""):
    moments = (dt.datetime(2017, 8, day, tzinfo=dt.UTC) for day in (first, last))
    begin, end = moments
    span = round((end - begin).total_seconds())
    return Shock("front_loading", "US", begin, span, ahead_s=round(ahead_days * DAY), origin=origin)


def rises(network, *shocks, **parameters):
    clock, demand = scenario().clock(), roll_down(network, {})
    plans = plan_lanes(network, demand)
    return bring_ahead(network, clock, demand, plans, shocks, load_parameters(parameters)), plans


def test_what_is_brought_ahead_grows_by_the_day_and_ends_with_the_lead_time(tiny):
    """5,000 brackets a week: 3.5 days are 2,500. Only the lane into the United States, while orders come in time."""
    found, plans = rises(tiny, announced(3.5))
    assert list(found) == [BRACKETS]
    steps, lead_s = found[BRACKETS], plans[BRACKETS].lead_s
    assert steps[0][0] == WEEK
    assert steps[-1][1] == WEEK + 14 * DAY - lead_s
    days = math.ceil((14 * DAY - lead_s) / DAY)
    assert [units for *_, units in steps] == [round(2_500 * (day + 1) / days) for day in range(days)]
    assert all(end - begin == DAY for begin, end, _ in steps[:-1])


def test_a_yard_holds_no_more(tiny):
    assert rises(tiny, announced(30), yard_days="2 d")[0][BRACKETS][-1][2] == round(2 * 5_000 / 7)


def test_a_supplier_makes_no_more_than_its_lines_can(tiny):
    """One line, always at work: 604,800 s at 110 s make 5,498 a week, 498 more than are used."""
    recipes = dict(tiny.recipes)
    maker = f"{ONTARIO}/bracket"
    recipes[maker] = replace(recipes[maker], work_s=110.0)
    slow = replace(tiny, recipes=MappingProxyType(recipes))
    found, plans = rises(slow, announced(30))
    weeks = (14 * DAY - plans[BRACKETS].lead_s) / WEEK
    assert found[BRACKETS][-1][2] == round((WEEK / 110 - 5_000) * weeks)
    recipes[maker] = replace(recipes[maker], work_s=130.0)  # behind already
    assert not rises(replace(slow, recipes=MappingProxyType(recipes)), announced(30))[0]


def test_who_is_too_late_or_not_meant_brings_nothing_ahead(tiny):
    assert not rises(tiny, announced(5, 27, 28, origin="MX"))[0]
    assert not rises(tiny, announced(0))[0]
    short, plans = rises(tiny, Shock("front_loading", "US", dt.datetime(2017, 8, 14, tzinfo=dt.UTC), HOUR, ahead_s=DAY))
    assert plans[BRACKETS].lead_s > HOUR
    assert not short


def test_two_dates_are_laid_over_each_other_and_share_the_yard(tiny):
    found = rises(tiny, announced(2, 14, 24), announced(2, 20, 28), yard_days="3 d")[0][BRACKETS]
    assert all(before[1] == after[0] for before, after in pairwise(found))
    assert max(units for *_, units in found) == round(3 * 5_000 / 7)
    assert found[-1][2] == round(3 * 5_000 / 7)


def test_what_is_left_is_kept_for_a_second_date(tiny):
    """Two days ahead of the 22nd, less the six hours between the last order and the second announcement."""
    plans = rises(tiny, announced(2))[1]
    lead_s = plans[BRACKETS].lead_s
    last_s = WEEK + 8 * DAY - lead_s
    again = Shock(
        "front_loading",
        "US",
        dt.datetime(2017, 8, 7, tzinfo=dt.UTC) + dt.timedelta(seconds=last_s + 6 * HOUR),
        lead_s + DAY,
        ahead_s=DAY,
    )
    found = rises(tiny, again, announced(2, 14, 22))[0][BRACKETS]
    assert found[-2][1] == last_s
    assert found[-1] == (last_s + 6 * HOUR, last_s + 30 * HOUR, round(1.75 * 5_000 / 7) + round(5_000 / 7))


def test_stock_is_there_on_the_date_and_runs_down_after_it(tiny):
    alone = scenario(parameters={"others_ahead_pct": "0 %"})
    plain, ahead = plan_of(tiny, alone), plan_of(tiny, replace(alone, shocks=(announced(3.5),)))
    assert same(plain, ahead, ("background", "schedule", "seeds", "crossings", "routes"))
    day = {}
    for name, plan in (("plain", plain), ("ahead", ahead)):
        ledger = compiled.simulate(plan)
        check_balances(plan, ledger)
        lane, stock = plan.lanes.ids.index(BRACKETS), plan.stocks.ids.index(f"{CAR}<bracket")
        loads, uses = ledger.loads, ledger.uses
        used_s = loads.started_s[uses.consumer[uses.stock == stock]]
        used = uses.units[uses.stock == stock]
        come = (loads.lane == lane) & (loads.received_s >= 0)
        day[name] = [
            int(loads.units[come & (loads.received_s < at)].sum() - used[used_s < at].sum())
            for at in (WEEK + 13 * DAY, WEEK + 14 * DAY)
        ]
    assert day["ahead"][1] - day["plain"][1] == pytest.approx(2_500, abs=600)  # a load is 500
    late = plan_of(tiny, scenario(shocks=(announced(3.5, 14, 21),)))
    ledger = compiled.simulate(late)
    lane = late.lanes.ids.index(BRACKETS)
    per_day = np.bincount(ledger.loads.ordered_s[ledger.loads.lane == lane].clip(0) // DAY, minlength=21)
    assert per_day[14:17].sum() <= 2  # after the date stock is used up first
    assert per_day[7:14].sum() >= 13  # ten loads a week, and five ahead
