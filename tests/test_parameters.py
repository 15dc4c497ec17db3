"""Parameters: the shipped ones are sound, overrides are checked."""

from __future__ import annotations

import pickle

import pytest

from sim.errors import ScenarioError
from sim.parameters import BASES, load_parameters, parameter_names, regime_names


def test_every_value_lies_in_its_range_and_every_range_in_its_limits() -> None:
    ranges = load_parameters().ranges
    assert len(ranges) == len(parameter_names()) >= 8
    for known in ranges.values():
        assert known.least <= known.low <= known.value <= known.high <= known.most, known.name
        assert known.basis in BASES
        assert known.source


def test_only_what_was_seen_has_an_address() -> None:
    seen = [known for known in load_parameters().ranges.values() if known.basis == "seen"]
    assert [known.name for known in seen] == [
        "truck_hour_usd", "audit_rejected_pct", "parts_elasticity", "demand_elasticity", "entrant_advantage_pct",
    ]  # fmt: skip
    assert all("https://" in known.source for known in seen)


def test_the_figures_agreed_on() -> None:
    parameters = load_parameters()
    assert parameters.truck_hour_usd == 90.89
    assert parameters.carrying_pct_year == 15
    assert parameters.broker_fee_usd == 90
    assert parameters.pass_through_pct == 100


def test_harder_regimes_hold_more_and_cost_more() -> None:
    regimes = load_parameters().regimes
    assert regime_names() == ("calm", "pressure", "hard", "no_preference", "cost_usmca", "cost_nafta")
    calm, pressure, hard = (regimes[name] for name in ("calm", "pressure", "hard"))
    assert calm.p_hold < pressure.p_hold < hard.p_hold
    assert calm.compliance_pct_of_value < pressure.compliance_pct_of_value < hard.compliance_pct_of_value
    assert regimes["no_preference"].compliance_pct_of_value == 0
    assert (hard.p_documents_missing, hard.hold_h, hard.extra_booth_s) == (0.01, 24, 10)
    assert all(0 <= r.p_hold <= 1 and 0 <= r.p_documents_missing <= 1 for r in regimes.values())


def test_an_override_changes_its_value_and_keeps_its_range() -> None:
    changed = load_parameters({"truck_hour_usd": "100.5 USD/h"})
    assert changed.truck_hour_usd == 100.5
    assert changed.ranges["truck_hour_usd"].value == 100.5
    assert changed.ranges["truck_hour_usd"].low == 71.57
    assert changed.broker_fee_usd == load_parameters().broker_fee_usd
    assert pickle.loads(pickle.dumps(changed)) == changed


def test_every_wrong_override_is_told() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_parameters({"truck_hour": "3", "carrying_pct_year": "inf %", "broker_fee_usd": "9"})
    assert str(caught.value) == (
        "parameters: 3 problems\n"
        "  parameters.truck_hour: no parameter named 'truck_hour'. Did you mean 'truck_hour_usd'?\n"
        "  parameters.carrying_pct_year: 'inf %' is not a finite number. Write it as '15 %'.\n"
        "  parameters.broker_fee_usd: '9' has no unit. Write it as '90 USD'."
    )
