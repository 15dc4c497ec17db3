"""The shipped network under the shipped law: what must hold whatever its figures are."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from sim.customs import Assessment, Claims, assess, planned_flow
from sim.customs.book import COST
from sim.customs.claims import CLAIMS, FAILS, NO_AGREEMENT
from sim.law import load_law
from sim.network import Network, load_network
from sim.parameters import load_parameters
from sim.planning.claims import decide_claims

TALKS = dt.date(2017, 8, 16)


@pytest.fixture(scope="module")
def network() -> Network:
    return load_network("midsize")


def planned(
    network: Network, *reforms: str, firms: str = "claim_or_pay", on: dt.date = TALKS
) -> tuple[Claims, Assessment]:
    law, parameters = load_law(reforms), load_parameters()
    claims = decide_claims(network, law, on, firms, None, parameters)
    return claims, assess(planned_flow(network, on), network, law, claims, parameters)


def by_market_lane(network: Network, found: Assessment, values: np.ndarray) -> dict[str, float]:
    ids = found.flow.lane_ids
    return {lane: float(values[k]) for k, lane in enumerate(ids) if not network.lanes[lane].to_recipe}


def test_nafta_as_it_stood(network: Network) -> None:
    """Every vehicle meets 62.5 % and no vehicle pays duty on its own crossing."""
    claims, found = planned(network)
    for recipe in network.recipes.values():
        if recipe.schedule:
            origin = found.origin(recipe.id)
            assert (origin.agreement, origin.threshold_pct, origin.originates) == ("nafta", 62.5, True)
    direct = by_market_lane(network, found, found.unit.duty() - found.unit.duty(landed=False))
    assert set(direct.values()) == {0.0}
    assert {record.verdict for record in claims.records} >= {CLAIMS, NO_AGREEMENT}


def test_one_decision_for_each_entry(network: Network) -> None:
    claims, found = planned(network)
    decided = {(record.lane, record.position) for record in claims.records}
    flow = found.flow
    entered = {
        (flow.lane_ids[flow.lane[node]], int(position))
        for node, position in zip(flow.entry_node, flow.entry_position, strict=True)
    }
    assert entered <= decided
    assert set(claims.agreements) <= decided


def test_costs_are_the_sum_of_their_components(network: Network) -> None:
    """Rows and unit costs tell the same duty: units x unit duty of own entries = rows, before rounding."""
    _, found = planned(network, "nafta_withdrawal")
    flow, unit, rows = found.flow, found.unit, found.rows
    own = (unit.duty() - unit.duty(landed=False)) * flow.units * 100
    paid = np.bincount(rows.node, weights=np.where(rows.is_duty(), rows.exact_cents, 0.0), minlength=flow.nodes)
    np.testing.assert_allclose(own, paid, rtol=1e-9, atol=1e-6)
    assert np.abs(rows.amount_cents - rows.exact_cents).max() <= 0.5 + 1e-6
    assert (unit.landed >= 0).all()
    assert unit.columns[: len(COST)] == COST


def test_withdrawal_costs_no_vehicle_less(network: Network) -> None:
    """Without the agreement nothing is claimed, and duty rises or stays on every vehicle and market."""
    _, before = planned(network)
    claims, after = planned(network, "nafta_withdrawal")
    assert dict(claims.agreements) == {}
    duty = by_market_lane(network, before, before.unit.duty())
    more = by_market_lane(network, after, after.unit.duty())
    assert all(more[lane] >= duty[lane] - 1e-9 for lane in duty)
    assert sum(more.values()) > sum(duty.values())


def test_a_stricter_rule_never_adds_an_originating_vehicle(network: Network) -> None:
    _, loose = planned(network, firms="fixed")
    claims, tight = planned(network, "us_2017_proposal", firms="fixed")
    for recipe in network.recipes.values():
        if recipe.schedule:
            assert loose.origin(recipe.id).originates >= tight.origin(recipe.id).originates
    assert any(record.verdict == FAILS for record in claims.records)


def test_paying_firms_never_pay_more_than_fixed_ones(network: Network) -> None:
    """Comparing costs saves: duty, fees and compliance of each vehicle are no higher than when all is claimed."""
    items = ("fees", "compliance")
    _, fixed = planned(network, firms="fixed")
    _, free = planned(network, firms="claim_or_pay")

    def burden(found: Assessment) -> dict[str, float]:
        values = found.unit.duty() + sum(found.unit.column(item) for item in items)
        return by_market_lane(network, found, values)

    most = burden(fixed)
    assert all(value <= most[lane] + 1e-6 for lane, value in burden(free).items())


def test_a_year_of_changing_law_is_assessed(network: Network) -> None:
    """In June 2025 metals, vehicles and emergencies all bear on this trade; every entry still finds its answer."""
    _, found = planned(network, on=dt.date(2025, 6, 10))
    assert "us/section_232/automobiles" in found.rows.programmes
    assert np.isfinite(found.unit.landed).all()
    for recipe in network.recipes.values():
        if recipe.schedule:
            assert found.origin(recipe.id).threshold_pct == 75.0
