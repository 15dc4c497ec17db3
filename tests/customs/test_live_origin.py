"""Live origin: an overseas substitute takes the preference of a quarter, and the quarter's end asks for the rest."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from sim.clock import Clock
from sim.customs import Assessment, Claims, assess, check_duties, explain_entry, ledger_flow
from sim.engines.reference import simulate
from sim.errors import ScenarioError
from sim.ledger.ledger import Ledger
from sim.measures import measure
from sim.network.model import Network, Schedule
from sim.parameters import load_parameters
from sim.plan import Plan
from sim.units import DAY, HOUR
from tests.customs.hand import DAY as BEGINS
from tests.customs.hand import FREE, Hand, HandLaw, rule
from tests.engines.plans import PlanBuilder, Way

CAR = "plant/mx/car"
AT_HOME, OVERSEAS = f"supplier/mx/gear..{CAR}", f"supplier/cn/gear..{CAR}"
MARKET = f"{CAR}..market/us"
CLAIMED = Claims({(MARKET, 0): "nafta"})
DAYS = 75  # 16 August to 29 October 2017: 46 days of the third quarter, 29 of the fourth
OUTAGE = (10 * DAY, 40 * DAY)  # 26 August to 24 September
LAW = HandLaw(100_000, agreed="nafta")


def network() -> Network:
    """A Mexican car: labour of 30 and a gear of 70 made nearby, or in need brought from China."""
    hand = Hand()
    for site, country in (("supplier/mx", "MX"), ("supplier/cn", "CN"), ("plant/mx", "MX")):
        hand.site(site, country)
    hand.site("market/us", "US", "market")
    hand.crossing("port/mx", "CN", "MX")
    hand.crossing("laredo/us", "MX", "US")
    home = hand.recipe("supplier/mx", "gear", hts="8483.40", overhead=70.0)
    away = hand.recipe("supplier/cn", "gear", hts="8483.40", overhead=70.0)
    daily = Schedule(1, 1, "", 1_000.0)
    car = hand.recipe("plant/mx", "car", hts="8703.23", labour=30.0, inputs={"gear": 1}, tier=0, schedule=daily)
    hand.lane(home, car, share=100.0)
    hand.lane(away, car, [("port/mx", "entry")], share=0.0)
    hand.lane(car, "market/us", [("laredo/us", "entry")])
    return hand.build()


def plan(built: Network, outage: bool) -> Plan:
    """One car at noon of every day; a gear is ordered for each one used."""
    builder = PlanBuilder(DAYS * DAY)
    for crossing in built.crossings:
        builder.crossing(crossing, standard=9)
    for recipe in built.recipes:
        builder.recipe(recipe, is_assembly=recipe == CAR)
    builder.stock(f"{CAR}:gear", CAR)
    for lane in built.lanes.values():
        crossings = [step.crossing for step in built.routes_of(lane)[0].steps if step.crossing]
        way = Way([HOUR] * (len(crossings) + 1), crossings)
        builder.lane(
            lane.id,
            lane.from_recipe,
            f"{CAR}:gear" if lane.to_recipe else "",
            reorder_units={AT_HOME: 1, OVERSEAS: -1}.get(lane.id, 0),
            share_ppm=round(lane.share_pct * 10_000),
            ways=(way,),
            loads=2 * DAYS,
            seeds=[(1, 0)] * (2 if lane.id == AT_HOME else 0),
            blocked=[OUTAGE] if outage and lane.id == AT_HOME else (),
        )
    for day in range(DAYS):
        builder.slot(MARKET, day * DAY + DAY // 2)
    return builder.build()


def run(outage: bool) -> tuple[Network, Plan, Ledger, Clock]:
    built = network()
    made = plan(built, outage)
    return built, made, simulate(made), Clock(BEGINS, 0, DAYS * DAY)


def assessed(
    ran: tuple[Network, Plan, Ledger, Clock], months: str, claims: Claims = CLAIMED, law: HandLaw = LAW
) -> Assessment:
    built, made, ledger, clock = ran
    flow = ledger_flow(built, made, ledger, clock)
    return assess(flow, built, law, claims, load_parameters(FREE | {"averaging_months": months}))


@pytest.fixture(scope="module")
def struck() -> tuple[Network, Plan, Ledger, Clock]:
    with np.errstate(all="raise"):
        return run(outage=True)


def gears_from_china(found: Assessment, first: dt.date, last: dt.date) -> tuple[int, int]:
    """Cars made between two days, and how many of them hold a Chinese gear, straight from the uses."""
    flow = found.flow
    lanes = np.array(flow.lane_ids, dtype=object)
    foreign = flow.use_consumer[lanes[flow.lane[flow.use_source]] == OVERSEAS]
    cars = np.flatnonzero((lanes[flow.lane] == MARKET) & flow.exists)
    made = cars[(flow.made_on[cars] >= first.toordinal()) & (flow.made_on[cars] <= last.toordinal())]
    return len(made), int(np.isin(made, foreign).sum())


def test_the_quarter_that_fails_owes_the_rest(struck: tuple[Network, Plan, Ledger, Clock]) -> None:
    """Quarter: 46 cars, 30 with a gear of 70 that paid 7: content 1 - 30 x 77 / (46 x 100 + 30 x 7) = 51.98 %.

    Without the claim the cars owe 10 % of 107 and of 100.
    """
    found = assessed(struck, "3 months")
    assert gears_from_china(found, BEGINS, dt.date(2017, 9, 30)) == (46, 30)
    assert gears_from_china(found, dt.date(2017, 10, 1), dt.date(2017, 10, 29)) == (29, 0)
    rows = found.rows
    late = rows.is_true_up
    assert sorted(rows.amount_cents[late].tolist()) == [1_000] * 16 + [1_070] * 30
    assert {str(dt.date.fromordinal(day)) for day in rows.on[late].tolist()} == {"2017-09-30"}
    assert set(rows.rate_ppm[late].tolist()) == {100_000}
    provision = rows.provisions[rows.provision[np.flatnonzero(late)[0]]]
    assert (provision.programme, provision.kind, provision.treasury) == ("us/general", "duty", "US")
    assert provision.why == (
        "true-up, the claim fails: content 51.98 % is below 62.5 % (2017-07-01 to 2017-09-30); general"
    )


def test_the_period_decides(struck: tuple[Network, Plan, Ledger, Clock]) -> None:
    """By months only September fails, by the year nothing does: 30 Chinese gears in 75 cars leave 70.0 %."""
    months = assessed(struck, "1 months")
    made, foreign = gears_from_china(months, dt.date(2017, 9, 1), dt.date(2017, 9, 30))
    _, august = gears_from_china(months, BEGINS, dt.date(2017, 8, 31))
    assert (made, foreign, august) == (30, 26, 4)
    owed = months.rows.amount_cents[months.rows.is_true_up]
    assert int(owed.sum()) == 26 * 1_070 + 4 * 1_000
    for whole in ("12 months", "0 months"):
        found = assessed(struck, whole)
        assert not found.rows.is_true_up.any()
        assert found.origin(CAR).content_pct == pytest.approx(100 * (1 - 30 * 77 / (7_500 + 30 * 7)))


def test_without_a_substitute_nothing_is_owed_later() -> None:
    ran = run(outage=False)
    found = assessed(ran, "3 months")
    assert gears_from_china(found, BEGINS, dt.date(2017, 10, 29)) == (75, 0)
    assert not found.rows.is_true_up.any()
    assert float(found.unit.column("true_up_duty").sum()) == 0.0
    assert len(found.rows.amount_cents) == 0


def test_nothing_claimed_nothing_owed_later(struck: tuple[Network, Plan, Ledger, Clock]) -> None:
    assert not assessed(struck, "3 months", Claims.none()).rows.is_true_up.any()


def test_true_ups_are_duty_paid_and_embodied(struck: tuple[Network, Plan, Ledger, Clock]) -> None:
    """Treasury and vehicles agree; a fee of 25, which the gear paid at the port, is owed for each of the 46 cars."""
    built, made, ledger, clock = struck
    found = assessed(struck, "3 months", law=HandLaw(100_000, agreed="nafta", fee_cents=2_500.0))
    balances = {x.programme: x for x in check_duties(built, found)}
    assert balances["us/general"].paid == pytest.approx(30 * 13.2 + 16 * 10.0)
    rows = measure(built, made, ledger, found.flow, found, clock, load_parameters(FREE))
    figures = {(row.measure, row.vehicle, row.item): row.value for row in rows}
    delivered = 75
    duty = (30 * (107 + 25) * 0.1 + 16 * 100 * 0.1) / delivered
    assert figures["true_up_duty_usd", CAR, "duty"] == pytest.approx(duty)
    assert figures["true_up_duty_usd", CAR, "fees"] == pytest.approx(46 * 25 / delivered)
    assert figures["receipts_usd", "all", "US"] == pytest.approx(delivered * duty + 46 * 25)
    assert figures["duty_per_vehicle_usd", CAR, "us/general"] == pytest.approx(duty)


def test_a_true_up_is_explained(struck: tuple[Network, Plan, Ledger, Clock]) -> None:
    found = assessed(struck, "3 months")
    row = int(np.flatnonzero(found.rows.is_true_up & (found.rows.amount_cents == 1_070))[0])
    entry = explain_entry(struck[0], found, int(found.rows.entry[row]))
    assert (entry.claimed, entry.originates) == ("nafta", False)
    assert entry.origin.content_pct == pytest.approx(100 * (1 - 30 * 77 / (4_600 + 30 * 7)))
    (charge,) = entry.charges
    assert (charge.is_true_up, str(charge.due)) == (True, "2017-09-30")
    assert charge.arithmetic == "107.00 x 10 % less what was owed as claimed = 10.70"


def test_another_period_is_refused(struck: tuple[Network, Plan, Ledger, Clock]) -> None:
    with pytest.raises(ScenarioError) as refused:
        assessed(struck, "5 months")
    assert "'5 months' is none of the values that this parameter takes. Allowed: 0, 1, 3, 12 months." in str(
        refused.value
    )


def test_content_is_measured_by_the_period_of_each_vehicle(struck: tuple[Network, Plan, Ledger, Clock]) -> None:
    """By quarters 46 of 75 cars fail at 51.98 %, 29 are wholly regional."""
    built, made, ledger, clock = struck
    found = assessed(struck, "3 months")
    rows = measure(built, made, ledger, found.flow, found, clock, load_parameters(FREE))
    figures = {(row.measure, row.vehicle, row.item): row.value for row in rows}
    third = 100 * (1 - 30 * 77 / (4_600 + 30 * 7))
    assert figures["originating_pct", CAR, ""] == pytest.approx(100 * 29 / 75)
    assert figures["content_pct", CAR, "nafta"] == pytest.approx((46 * third + 29 * 100) / 75)
    assert figures["claim_pct", "all", "claimed_in_vain"] == pytest.approx(100 * (4_600 + 210) / (7_500 + 210))


def in_a_us_car() -> tuple[Network, Plan, Clock]:
    """The same car as an engine: it crosses, duty-free as claimed, into a US car of 400 that is sold at home."""
    hand = Hand()
    for site, country in (("supplier/mx", "MX"), ("supplier/cn", "CN"), ("plant/mx", "MX"), ("plant/us", "US")):
        hand.site(site, country)
    hand.site("market/us", "US", "market")
    hand.crossing("port/mx", "CN", "MX")
    hand.crossing("laredo/us", "MX", "US")
    home = hand.recipe("supplier/mx", "gear", hts="8483.40", overhead=70.0)
    away = hand.recipe("supplier/cn", "gear", hts="8483.40", overhead=70.0)
    engine = hand.recipe("plant/mx", "engine", hts="8407.34", labour=30.0, inputs={"gear": 1})
    daily = Schedule(1, 1, "", 1_000.0)
    car = hand.recipe("plant/us", "car", hts="8703.23", labour=400.0, inputs={"engine": 1}, tier=0, schedule=daily)
    hand.lane(home, engine, share=100.0)
    hand.lane(away, engine, [("port/mx", "entry")], share=0.0)
    hand.lane(engine, car, [("laredo/us", "entry")])
    hand.lane(car, "market/us")
    built = hand.build()
    builder = PlanBuilder(DAYS * DAY)
    for crossing in built.crossings:
        builder.crossing(crossing, standard=9)
    for recipe in built.recipes.values():
        builder.recipe(recipe.id, is_assembly=recipe.id == car)
        for item in recipe.inputs:
            builder.stock(f"{recipe.id}:{item.part}", recipe.id)
    for lane in built.lanes.values():
        crossings = [step.crossing for step in built.routes_of(lane)[0].steps if step.crossing]
        is_home = lane.from_recipe == home
        builder.lane(
            lane.id,
            lane.from_recipe,
            f"{lane.to_recipe}:{lane.part}" if lane.to_recipe else "",
            reorder_units={home: 1, away: -1, engine: 1}.get(lane.from_recipe, 0),
            share_ppm=round(lane.share_pct * 10_000),
            ways=(Way([HOUR] * (len(crossings) + 1), crossings),),
            loads=2 * DAYS,
            seeds=[(1, 0)] * (0 if lane.from_recipe in (away, car) else 2),
            blocked=[OUTAGE] if is_home else (),
        )
    for day in range(DAYS):
        builder.slot(f"{car}..market/us", day * DAY + DAY // 2)
    return built, builder.build(), Clock(BEGINS, 0, DAYS * DAY)


def test_a_part_that_fails_taxes_the_car_around_it_but_not_its_price() -> None:
    """Engines of the third quarter fail: their true-up sits in the cars they went into, and counts in none's value."""
    built, made, clock = in_a_us_car()
    ledger = simulate(made)
    flow = ledger_flow(built, made, ledger, clock)
    engine_lane = "plant/mx/engine..plant/us/car"
    claims = Claims({(engine_lane, 0): "nafta"})
    law = HandLaw(100_000, agreed="nafta", origin=lambda good: rule(vnm_method="roll_up"))
    found = assess(flow, built, law, claims, load_parameters(FREE | {"averaging_months": "3 months"}))
    lanes = np.array(flow.lane_ids, dtype=object)[flow.lane]
    engines = np.flatnonzero((lanes == engine_lane) & flow.exists & ~flow.is_seed)
    foreign = np.unique(flow.use_consumer[lanes[flow.use_source] == "supplier/cn/gear..plant/mx/engine"])
    failed = engines[flow.made_on[engines] <= dt.date(2017, 9, 30).toordinal()]
    assert 0.6 < np.isin(failed, foreign).mean() < 0.7  # 40 % content at best: 1 - 0.65 x 77 / 104.6
    owed = {int(node): 10.7 if node in foreign else 10.0 for node in failed}
    rows = found.rows
    assert {
        int(n): cents / 100 for n, cents in zip(rows.node, rows.amount_cents, strict=True) if lanes[n] == engine_lane
    } == owed
    cars = flow.use_consumer[np.isin(flow.use_source, failed)]
    source = flow.use_source[np.isin(flow.use_source, failed)]
    late = found.unit.column("true_up_duty")
    assert late[cars].tolist() == pytest.approx([owed[int(node)] for node in source])
    duty = found.unit.duty(landed=False)[cars]
    paid_at_port = np.where(np.isin(source, foreign), 7.0, 0.0)
    assert duty.tolist() == pytest.approx((late[cars] + paid_at_port).tolist())
    price = 400.0 + 100.0 + paid_at_port + found.unit.column("compliance")[cars]
    assert found.unit.price[cars].tolist() == pytest.approx(price.tolist())
    third, fourth = (found.origin("plant/us/car", made=day) for day in (BEGINS, dt.date(2017, 10, 2)))
    # A failed engine counts in full (roll-down): nearly all engines of 46 cars, and the two of stock in October's 29.
    assert third.foreign_usd == pytest.approx((44 * 100.0 + 7.0 * np.isin(source[:44], foreign).sum()) / 46)
    assert fourth.foreign_usd == pytest.approx(2 * 100.0 / 29)
    check_duties(built, found)
