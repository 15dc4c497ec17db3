"""Shared entries: loads of one consignee over one border on one day pay the floor of a fee, and the broker, once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

import numpy as np
import pytest

from sim.customs import Assessment, Claims, assess, check_duties
from sim.errors import ScenarioError
from sim.law.facts import Charge, Column, LineFacts
from sim.network.model import Network, Schedule
from sim.parameters import load_parameters
from sim.planning.claims import decide_claims
from sim.references import Reference
from sim.units import HOUR
from tests.customs.hand import DAY, FREE, Hand, HandLaw, rule
from tests.customs.recorded import run

LANE = "supplier/mx/harness..plant/us/car"
MARKET = "plant/us/car..market/us"
FLOOR, CAP, RATE_PPM = 2_500.0, 48_500.0, 3_464


@dataclass(frozen=True, eq=False)
class FeeLaw(HandLaw):
    """A processing fee of 0.3464 %, at least 25 and at most 485 dollars an entry; claimed goods do not pay it."""

    def assess(
        self, line: LineFacts, on: dt.date, amounts: Mapping[str, Column], known: dt.date | None = None
    ) -> tuple[Charge, ...]:
        if line.agreement and line.originating:
            return ()
        value = amounts["customs_value"]
        fee = np.clip(value * RATE_PPM / 1e6, FLOOR, CAP)
        reference = Reference("hand law")
        return (Charge("us/fee", "fee", "fee", "US", RATE_PPM, value, fee, reference, "fee", FLOOR, CAP),)


FEE, NOTHING = FeeLaw(), Claims.none()


def network(price: float = 250.0) -> Network:
    """A Mexican harness in a US car, two a load."""
    hand = Hand()
    hand.site("supplier/mx", "MX")
    hand.site("plant/us", "US")
    hand.site("market/us", "US", "market")
    hand.crossing("laredo/us", "MX", "US")
    harness = hand.recipe("supplier/mx", "harness", hts="8544.30", labour=price)
    daily = Schedule(24, 1, "", 1_000.0)
    car = hand.recipe("plant/us", "car", hts="8703.23", labour=900.0, inputs={"harness": 1}, tier=0, schedule=daily)
    hand.lane(harness, car, [("laredo/us", "entry")], units=2)
    hand.lane(car, "market/us")
    return hand.build()


def assessed(
    loads: str, price: float = 250.0, law: HandLaw = FEE, claims: Claims = NOTHING, **changed: str
) -> Assessment:
    """Three days with a car every hour and a half."""
    built = network(price)
    _, _, flow, _ = run(built, {MARKET: [HOUR * 3 * k // 2 for k in range(1, 46)]})
    parameters = load_parameters(FREE | {"entry_consolidation_loads": loads} | changed)
    found = assess(flow, built, law, claims, parameters)
    check_duties(built, found)
    return found


def loads_by_day(found: Assessment) -> Counter[int]:
    return Counter(found.flow.entry_on.tolist())


@pytest.mark.parametrize(("loads", "most"), [("1 loads", 1), ("2 loads", 2), ("100 loads", 100)])
def test_the_floor_is_paid_once_an_entry(loads: str, most: int) -> None:
    """Loads of 500: 0.3464 % of all of a day's stays below 25, so each entry pays the floor."""
    found = assessed(loads)
    days = loads_by_day(found)
    assert sum(days.values()) > 8
    assert max(days.values()) * 500 * 0.003464 < 25
    entries = sum(ceil(count / most) for count in days.values())
    assert found.rows.exact_cents.sum() == pytest.approx(entries * FLOOR)
    assert set(found.rows.rate_ppm.tolist()) == {RATE_PPM}


def test_the_cap_is_reached_together() -> None:
    """Loads of 50,000: 173.20 each, but no more than 485 for the loads of a day."""
    found = assessed("100 loads", 25_000.0)
    expected = sum(min(count * 17_320.0, CAP) for count in loads_by_day(found).values())
    assert found.rows.exact_cents.sum() == pytest.approx(expected)
    alone = assessed("1 loads", 25_000.0)
    assert alone.rows.exact_cents.sum() == pytest.approx(sum(loads_by_day(alone).values()) * 17_320.0)


def test_the_broker_is_shared() -> None:
    found = assessed("2 loads", broker_fee_usd="90 USD")
    entries = sum(ceil(count / 2) for count in loads_by_day(found).values())
    own = np.flatnonzero(np.array(found.flow.lane_ids, dtype=object)[found.flow.lane] == LANE)
    entered = own[np.isin(own, found.flow.entry_node)]
    paid = found.unit.column("compliance") * found.flow.units
    assert float(paid[entered].sum()) == pytest.approx(90.0 * entries)


@pytest.mark.parametrize(("loads", "most"), [("1 loads", 1), ("3 loads", 3)])
def test_claims_that_fail_owe_the_fee_of_their_shared_entry(loads: str, most: int) -> None:
    """Claimed free of the fee, but the rule asks more than all: each entry owes its floor later, in all its loads."""
    law = FeeLaw(agreed="nafta", origin=lambda good: rule(threshold_ppm=1_000_001))
    found = assessed(loads, law=law, claims=Claims({(LANE, 0): "nafta"}))
    assert found.rows.is_true_up.all()
    assert len(found.rows.entry) == len(found.flow.entry_node)
    entries = sum(ceil(count / most) for count in loads_by_day(found).values())
    assert found.rows.exact_cents.sum() == pytest.approx(entries * FLOOR)


def test_a_plan_of_one_lane_is_not_shared() -> None:
    """One load of the lane crosses in a plan: the saving of a claim is that of an entry of its own."""
    parameters = load_parameters(FREE | {"entry_consolidation_loads": "10 loads"})
    law = FeeLaw(agreed="nafta")
    claims = decide_claims(network(), law, DAY, "claim_or_pay", None, parameters)
    record = next(x for x in claims.records if x.lane == LANE)
    assert (record.duty_paying_usd, record.duty_claiming_usd, record.verdict) == (25.0, 0.0, "claims")


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("2.5 loads", "'2.5 loads' is none of the values that this parameter takes. Allowed: whole numbers of loads."),
        ("0 loads", "'0 loads' is out of bounds. Allowed: 1 to 100 loads."),
    ],
)
def test_only_whole_numbers_of_loads(written: str, message: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        load_parameters({"entry_consolidation_loads": written})
    assert message in str(refused.value)
