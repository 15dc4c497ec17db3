"""Use of preference is a share: many pay on a car at 2.5 %, hardly anyone on a pickup at 25 %."""

import math
from dataclasses import replace

import pytest

from sim.parameters import load_parameters
from sim.sourcing.utilisation import beside, published, utilisation

SPREAD = {"claim_cost_spread": "1 log"}


@pytest.fixture(scope="module")
def question(resourced):
    return resourced()[0].question


def shares(question, **changed):
    asked = replace(question, **changed)
    return {(x.group, x.exporter, x.importer): x for x in utilisation(asked)}


def test_as_shipped_a_good_claims_or_it_does_not(question):
    found = shares(question)
    assert found["cars", "MX", "US"].claimed_pct == pytest.approx(100)
    assert all(x.claimed_pct == pytest.approx(x.expected_pct) for x in found.values())


def test_use_becomes_a_share(question):
    found = shares(question, parameters=load_parameters(SPREAD), regime="cost_usmca")
    cars, trucks = found["cars", "MX", "US"], found["light trucks", "MX", "US"]
    assert 40 < cars.expected_pct < 80  # many pay
    assert trucks.expected_pct > 98  # hardly anyone
    # Duty of 2.5 % and the processing fee of at most 485.00 a load of ten against 1.95 %: Phi(ln(saved / cost) / 1).
    value = 29_100.0  # about, a vehicle
    by_hand = 50 * (1 + math.erf(math.log((0.025 + 48.5 / value) / 0.0195) / math.sqrt(2)))
    assert cars.expected_pct == pytest.approx(by_hand, abs=1.0)
    parts = found["other parts", "MX", "US"]
    assert 0 < parts.claimed_pct < 100


def test_a_dearer_claim_is_made_less_often(question):
    parameters = load_parameters(SPREAD)
    cheap = shares(question, parameters=parameters, regime="cost_usmca")
    dear = shares(question, parameters=parameters, regime="cost_nafta")
    audited = shares(
        question, parameters=load_parameters(SPREAD | {"audit_probability_pct": "40 %"}), regime="cost_usmca"
    )
    for key in (("cars", "MX", "US"), ("all", "CA", "US"), ("parts", "MX", "US")):
        assert dear[key].expected_pct < cheap[key].expected_pct
        assert audited[key].expected_pct < cheap[key].expected_pct


def test_published_shares_stand_beside_ours(question):
    uses = utilisation(question)
    rows = published()
    assert {row.used_pct for row in rows} >= {99.5, 91.8, 97, 90.7, 79.5}
    assert all(row.source.startswith("https://") for row in rows)
    assert beside(uses, rows[0])["no_duty_pct"] == pytest.approx(100)
    assert beside(uses, replace(rows[0], exporters=("DE",))) is None
