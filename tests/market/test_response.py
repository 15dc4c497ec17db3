"""A reform's market: nothing moves without a change, sums hold, intervals are those of paired replications."""

from functools import lru_cache

import numpy as np
import pytest

from sim.customs.content import PLACES
from sim.market.response import planned_costs, respond
from sim.market.tables import NOT_DRAWN, ONE, PLANNED, figures, find, why_no_interval
from sim.replication import prepare, run_once
from sim.scenario import load_scenario

BASE, GONE = "nafta_as_it_stood", "nafta_withdrawal"
PICKUP = "plant/silao/pickup"


@lru_cache(maxsize=4)
def prepared(name):
    return prepare(load_scenario(name))


def response(after=GONE, before=BASE, **options):
    new, old = prepared(after), prepared(before)
    return respond(new, old, planned_costs(new), planned_costs(old), is_drawn=False, **options)


def test_a_scenario_against_itself_moves_nothing():
    for figure in figures(response(BASE, BASE)):
        assert figure.change.tolist() == [0.0], (figure.table, figure.item)


def test_costs_that_are_not_passed_on_sell_the_same():
    found = figures(response(pass_through_pct=0.0))
    assert all(x.change.tolist() == [0.0] for x in found if x.table in ("prices", "sales", "jobs", "balances"))


def test_the_price_rises_by_what_is_passed_on_and_sales_by_the_elasticity():
    whole, part = response(pass_through_pct=100.0), response(pass_through_pct=50.0, elasticity=1.0)
    for row, line in enumerate(whole.lines):
        rise = float(whole.price_usd[row, 0]) - line.price_usd
        assert rise == pytest.approx(float(line.change_usd[0]), abs=1e-9)
        assert float(part.price_usd[row, 0]) - line.price_usd == pytest.approx(rise / 2, abs=1e-9)
        expected = line.units * (float(whole.price_usd[row, 0]) / line.price_usd) ** -4
        assert float(whole.units[row, 0]) == pytest.approx(expected, rel=1e-12)
        spent = float(part.units[row, 0] * part.price_usd[row, 0])
        assert spent == pytest.approx(line.units * line.price_usd, rel=1e-12)


def test_planned_costs_are_near_what_replications_cost():
    """The plan has no queues and no standing lines: within 1 % of a run's mean at every market."""
    run = run_once(prepared(GONE), 0)
    drawn = {(x.vehicle, x.item): x.value for x in run.rows if x.measure == "cost_by_market_usd"}
    planned = planned_costs(prepared(GONE))
    assert drawn.keys() == planned.keys()
    for key, value in drawn.items():
        assert float(planned[key][0]) == pytest.approx(value, rel=0.01), key
    total = next(
        x.value for x in run.rows if (x.measure, x.vehicle, x.item) == ("cost_per_vehicle_usd", "all", "total")
    )
    assert min(drawn.values()) < total < max(drawn.values())


def test_parts_sum_to_wholes_and_pairs_to_nothing():
    found = figures(response())
    for vehicle in (PICKUP, "all"):
        kinds = [find(found, "sales", kind, vehicle) for kind in ("home", "export")]
        total = find(found, "sales", "all", vehicle)
        assert sum(x.before for x in kinds) == pytest.approx(total.before)
        assert sum(float(x.change[0]) for x in kinds) == pytest.approx(float(total.change[0]))
    for place in PLACES:
        total = find(found, "jobs", place)
        tiers = [find(found, "jobs", f"{place} {tier}") for tier in ("assembly", "tier 1", "tier 2", "tier 3")]
        assert sum(float(x.change[0]) for x in tiers) == pytest.approx(float(total.change[0]))
        gross, added = (find(found, "balances", f"{place}-all {kind}") for kind in ("gross", "value added"))
        assert gross.before == pytest.approx(added.before)
        assert float(gross.change[0]) == pytest.approx(float(added.change[0]))
    for kind in ("gross", "value added"):
        totals = [find(found, "balances", f"{place}-all {kind}") for place in PLACES]
        assert sum(x.before for x in totals) == pytest.approx(0.0, abs=1e-3)
        assert sum(float(x.change[0]) for x in totals) == pytest.approx(0.0, abs=1e-3)
        pair = find(found, "balances", f"US-MX {kind}")
        ways = [find(found, "trade", f"{x} {kind}") for x in ("US>MX", "MX>US")]
        assert pair.before == pytest.approx(ways[0].before - ways[1].before)


def test_withdrawal_costs_exports_of_pickups_most():
    """25 % on a pickup made in Mexico; exports fall, the deficit of the United States with Mexico too."""
    found = figures(response())
    lost = {x.vehicle: float(x.change[0]) for x in found if (x.table, x.item) == ("sales", "export")}
    assert min(lost, key=lambda name: lost[name] if name != "all" else 0.0) == PICKUP
    assert lost[PICKUP] < -0.4 * find(found, "sales", "export", PICKUP).before
    assert float(find(found, "balances", "US-MX gross").change[0]) > 0
    assert float(find(found, "jobs", "MX").change[0]) < float(find(found, "jobs", "CA").change[0]) < 0


def test_intervals_come_from_replications_and_a_reason_stands_where_there_is_none():
    new, old = prepared(GONE), prepared(BASE)
    before = planned_costs(old)
    dearer = {key: np.repeat(value, 3) + np.array([90.0, 100.0, 110.0]) for key, value in before.items()}
    same = {key: np.repeat(value, 3) for key, value in before.items()}
    drawn = respond(new, old, dearer, same, is_drawn=True)
    found = figures(drawn)
    price = find(found, "prices", "all", PICKUP)
    assert price.change.tolist() == pytest.approx([90.0, 100.0, 110.0])
    assert why_no_interval(drawn, price) == ""
    assert why_no_interval(drawn, find(found, "trade", "US>overseas gross")) == NOT_DRAWN
    single = respond(new, old, {k: v[:1] for k, v in dearer.items()}, before, is_drawn=True)
    assert why_no_interval(single, find(figures(single), "prices", "all")) == ONE
    planned = response()
    assert why_no_interval(planned, find(figures(planned), "prices", "all")) == PLANNED
