"""The plan as a whole: what a shock, a claim or another supplier may change, and what not."""

import datetime as dt
from dataclasses import fields, replace
from types import MappingProxyType

import numpy as np
import pytest

from sim.customs import Claims
from sim.engines.reference import simulate
from sim.errors import PlanError
from sim.ledger.balance import check_balances
from sim.planning import Decisions, build
from sim.scenario import Scenario, Shock

WEEK = 604_800
BRIDGE = "bridge/us"
CAR = "plant/michigan/car"
BRACKETS = f"supplier/ontario/bracket..{CAR}"


def scenario(**changes):
    plain = Scenario(
        name="tiny",
        path=None,
        question="Does it run?",
        source="a test",
        network="tiny",
        law_as_of=dt.date(2017, 8, 14),
        reforms=(),
        firms="fixed",
        warm_up_s=WEEK,
        start=dt.date(2017, 8, 14),
        run_s=2 * WEEK,
    )
    return replace(plain, **changes)


def plan_of(network, asked, claims=None, replication=0):
    decisions = Decisions(claims or Claims.none(), asked.values())
    return build(asked, network, decisions, asked.values(), replication)


def same(first, second, names):
    return all(
        np.array_equal(getattr(getattr(first, table), item.name), getattr(getattr(second, table), item.name))
        for table in names
        for item in fields(getattr(first, table))
        if isinstance(getattr(getattr(first, table), item.name), np.ndarray)
    )


def arrivals(plan, crossing):
    """Seconds at which other people's trucks arrive at a crossing, by its row."""
    first = plan.background.first
    return plan.background.arrive_s[first[crossing] : first[crossing + 1]]


def test_a_small_world_runs_and_balances(tiny):
    plan = plan_of(tiny, scenario())
    ledger = simulate(plan)
    check_balances(plan, ledger)
    built = (ledger.loads.started_s >= 0) & (ledger.loads.lane == plan.lanes.ids.index(f"{CAR}..market/us"))
    assert built.sum() >= 1_480  # 500 lots a week for three weeks; the last ones are still being built
    assert not ledger.loads.is_lost.any()


def test_the_same_question_gives_the_same_plan(tiny):
    assert plan_of(tiny, scenario()).digest() == plan_of(tiny, scenario()).digest()


def test_replications_differ(tiny):
    assert plan_of(tiny, scenario()).digest() != plan_of(tiny, scenario(), replication=1).digest()


def test_words_do_not_change_the_plan(tiny):
    reworded = scenario(question="And now?", source="elsewhere", expected="nothing", name="other")
    assert plan_of(tiny, scenario()).digest() == plan_of(tiny, reworded).digest()


def test_a_closure_opens_no_booth_and_moves_no_draw(tiny):
    shock = Shock("closure", BRIDGE, dt.datetime(2017, 8, 16, 6, tzinfo=dt.UTC), 6 * 3_600)
    alone = scenario(parameters={"round_trip_pct": "0 %"})  # trucks stay away from the way back of a closed way
    plain, shut = plan_of(tiny, alone), plan_of(tiny, replace(alone, shocks=(shock,)))
    row = plain.crossings.ids.index(BRIDGE)
    hour = (7 + 2) * 24 + 6
    changed = np.argwhere(plain.crossings.open_standard != shut.crossings.open_standard)
    assert {tuple(x) for x in changed} == {(row, hour + n) for n in range(6)}
    assert not shut.crossings.open_standard[row, hour : hour + 6].any()
    assert same(plain, shut, ("loads", "background", "schedule", "seeds", "lanes", "calendars"))


def test_a_closure_of_the_port_shuts_both_directions(tiny):
    shock = Shock("closure", "bridge", dt.datetime(2017, 8, 16, 6, tzinfo=dt.UTC), 3_600)
    shut = plan_of(tiny, scenario(shocks=(shock,)))
    assert not shut.crossings.open_standard[:, (7 + 2) * 24 + 6].any()


def test_an_outage_takes_the_hours_from_one_recipe(tiny):
    shock = Shock("outage", "supplier/ohio/steel", dt.datetime(2017, 8, 16, tzinfo=dt.UTC), 48 * 3_600)
    struck = plan_of(tiny, scenario(shocks=(shock,)))
    row = struck.recipes.ids.index("supplier/ohio/steel")
    first, last = struck.calendars.first[row : row + 2]
    gap = (9 * 24 * 3_600, 11 * 24 * 3_600)
    intervals = zip(struck.calendars.opens_s[first:last], struck.calendars.closes_s[first:last], strict=True)
    assert all(closes <= gap[0] or opens >= gap[1] for opens, closes in intervals)


def test_claims_reach_the_border(tiny):
    asked = scenario(claim_regime="hard")
    claimed = Claims({(BRACKETS, 0): "nafta"}, "hard")
    unclaimed, held = plan_of(tiny, asked), plan_of(tiny, asked, claimed)
    assert held.loads.hold_s.sum() > unclaimed.loads.hold_s.sum()
    assert same(unclaimed, held, ("background", "schedule", "seeds", "lanes", "crossings"))


def test_a_warm_up_shorter_than_the_chain_is_refused(tiny):
    with pytest.raises(PlanError) as refusal:
        plan_of(tiny, scenario(warm_up_s=86_400))
    assert str(refusal.value) == (
        "tiny: horizon.warm_up: 1 days are shorter than the longest cumulative lead time of network 'tiny' (2 days). "
        "Write 1 weeks or more."
    )


def test_a_supplier_apart_changes_no_other_event(tiny):
    """A second plant's world beside the first: no shared crossing, recipe or truck, so not one other row moves."""
    ohio, michigan = tiny.sites["supplier/ohio"], tiny.sites["plant/michigan"]
    site = replace(ohio, id="supplier/zeeland")
    plant = replace(michigan, id="plant/zeeland")
    making = replace(tiny.recipes["supplier/ohio/steel"], id="supplier/zeeland/steel", site=site.id)
    building = replace(tiny.recipes[CAR], id="plant/zeeland/car", site=plant.id, inputs=())
    building = replace(building, inputs=(replace(tiny.recipes[CAR].inputs[0], part="steel"),))
    feeding = replace(
        tiny.lanes[BRACKETS],
        id=f"{making.id}..{building.id}",
        from_recipe=making.id,
        to_recipe=building.id,
        to_site=plant.id,
        part="steel",
    )
    selling = replace(tiny.lanes[f"{CAR}..market/us"], id=f"{building.id}..market/us", from_recipe=building.id)
    (near,) = tiny.routes["plant/michigan", "market/us", "truck"]
    routes = [
        replace(near, from_site=site.id, to_site=plant.id),
        replace(near, from_site=plant.id),
    ]

    def more(mapping, *items):
        joined = dict(mapping) | {item.id: item for item in items}
        return MappingProxyType(dict(sorted(joined.items())))

    wider = replace(
        tiny,
        sites=more(tiny.sites, site, plant),
        recipes=more(tiny.recipes, making, building),
        lanes=more(tiny.lanes, feeding, selling),
        routes=MappingProxyType(dict(tiny.routes) | {(x.from_site, x.to_site, x.mode): (x,) for x in routes}),
    )
    alone, beside = plan_of(tiny, scenario()), plan_of(wider, scenario())
    assert events(alone) == [row for row in events(beside) if "zeeland" not in row[0]]


def events(plan):
    """Every load and passage by name, without the indices that a new supplier shifts."""
    ledger = simulate(plan)
    loads, passages = ledger.loads, ledger.passages
    names = [plan.lanes.ids[lane] for lane in loads.lane]
    times = zip(
        names,
        loads.n.tolist(),
        loads.ordered_s.tolist(),
        loads.started_s.tolist(),
        loads.finished_s.tolist(),
        loads.received_s.tolist(),
        strict=True,
    )
    borders = zip(
        [names[row] for row in passages.load],
        loads.n[passages.load].tolist(),
        [plan.crossings.ids[x] for x in passages.crossing],
        passages.joined_s.tolist(),
        passages.started_s.tolist(),
        passages.left_s.tolist(),
        strict=True,
    )
    return [*times, *borders]


def test_a_lane_beside_an_outage_may_bring_the_others_part(tiny):
    """The struck lane's demand goes to the other lane of its stock, which must have loads enough for both."""
    ohio, second = "supplier/ohio/steel", "supplier/zeeland/steel"
    lane = tiny.lanes[f"{ohio}..supplier/ontario/bracket"]
    beside = replace(lane, id=f"{second}..supplier/ontario/bracket", from_recipe=second, share_pct=20.0)
    site = replace(tiny.sites["supplier/ohio"], id="supplier/zeeland")
    (way,) = tiny.routes["supplier/ohio", "supplier/ontario", "truck"]
    shared = replace(
        tiny,
        sites=MappingProxyType(dict(sorted({**tiny.sites, site.id: site}.items()))),
        recipes=MappingProxyType(
            dict(sorted({**tiny.recipes, second: replace(tiny.recipes[ohio], id=second, site=site.id)}.items()))
        ),
        lanes=MappingProxyType(
            dict(sorted({**tiny.lanes, lane.id: replace(lane, share_pct=80.0), beside.id: beside}.items()))
        ),
        routes=MappingProxyType(
            {**tiny.routes, (site.id, "supplier/ontario", "truck"): (replace(way, from_site=site.id),)}
        ),
        digest="two",
    )
    shock = Shock("outage", ohio, dt.datetime(2017, 8, 14, tzinfo=dt.UTC), 14 * 86_400)
    plan = plan_of(shared, scenario(shocks=(shock,)))
    ledger = simulate(plan)
    brought = ledger.loads.lane == plan.lanes.ids.index(beside.id)
    calm = simulate(plan_of(shared, scenario()))
    assert brought.sum() > 2 * (calm.loads.lane == plan.lanes.ids.index(beside.id)).sum()
