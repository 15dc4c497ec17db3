"""A ledger read as a flow: the duty cascade load by load, entries by day, and duty paid = duty embodied."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from sim.customs import Claims, assess, check_duties
from sim.network.model import Network, Schedule
from sim.units import DAY, HOUR
from tests.customs.hand import DAY as BEGINS
from tests.customs.hand import Hand, HandLaw, free_parameters
from tests.customs.recorded import run

MARKET = "site/2/car..site/3"


def three_stages(quantity: int = 1) -> Network:
    """US part -> MX part -> US car -> Mexican market; 100 dollars of labour at each stage."""
    hand = Hand()
    for stage, country in enumerate(("US", "MX", "US")):
        hand.site(f"site/{stage}", country)
    hand.site("site/3", "MX", "market")
    hand.crossing("bridge/mx", "US", "MX")
    hand.crossing("bridge/us", "MX", "US")
    first = hand.recipe("site/0", "forging", labour=100.0)
    second = hand.recipe("site/1", "engine", labour=100.0, inputs={"forging": quantity})
    schedule = Schedule(8, 1, "", 30_000.0)
    car = hand.recipe(
        "site/2", "car", hts="8703.23", labour=100.0, inputs={"engine": 1}, tier=0,
        vehicle_class="passenger", schedule=schedule,
    )  # fmt: skip
    hand.lane(first, second, [("bridge/mx", "entry")], units=2 * quantity)
    hand.lane(second, car, [("bridge/us", "entry")], units=2)
    hand.lane(car, "site/3", [("bridge/mx", "entry")], units=1)
    return hand.build()


@pytest.mark.parametrize("rate_ppm", [25_000, 100_000, 250_000])
def test_cascade_along_real_loads(rate_ppm: int) -> None:
    network = three_stages()
    _, _, flow, _ = run(network, {MARKET: [HOUR * k for k in range(1, 11)]})
    found = assess(flow, network, HandLaw(rate_ppm), Claims.none(), free_parameters())
    t = rate_ppm / 1e6
    expected = 100 * sum((1 + t) ** i for i in (1, 2, 3))
    delivered = np.flatnonzero((flow.lane == flow.lane_ids.index(MARKET)) & (flow.received_s >= 0))
    assert len(delivered) == 10
    # The first vehicles hold seeded engines, at their planned cost: the same closed form.
    np.testing.assert_allclose(found.unit.landed[delivered].sum(axis=1), expected, rtol=1e-12)
    assert found.chain[delivered].tolist() == [3] * 10
    assert found.entry_chain[delivered].tolist() == [3] * 10


def test_entries_to_the_cent() -> None:
    """At 10 %: forgings 2 x 100 -> 20.00; engines 2 x 210 -> 42.00; cars 100 + 231 -> 33.10."""
    network = three_stages()
    _, _, flow, _ = run(network, {MARKET: [HOUR * k for k in range(1, 11)]})
    rows = assess(flow, network, HandLaw(100_000), Claims.none(), free_parameters()).rows
    expected = {"forging": (20_000, 2_000), "engine": (42_000, 4_200), "car": (33_100, 3_310)}
    for part, (base, duty) in expected.items():
        lanes = [k for k, lane in enumerate(flow.lane_ids) if network.lanes[lane].part == part]
        own = np.isin(rows.lane, lanes)
        assert own.any()
        assert set(rows.base_cents[own].tolist()) == {base}
        assert set(rows.amount_cents[own].tolist()) == {duty}


@pytest.mark.parametrize("quantity", [1, 3])
def test_duty_paid_is_duty_embodied(quantity: int) -> None:
    network = three_stages(quantity)
    _, _, flow, _ = run(network, {MARKET: [HOUR * k for k in range(1, 30)]}, days=1)
    law = HandLaw(250_000)
    balances = check_duties(network, assess(flow, network, law, Claims.none(), free_parameters()))
    assert [x.programme for x in balances] == ["mx/general", "us/general"]
    for balance in balances:
        assert balance.paid > 0
        assert balance.in_seeds > 0
        assert balance.gap == pytest.approx(0.0, abs=1e-7)
    assert any(balance.on_the_way > 0 for balance in balances)


def test_entry_date_decides_the_rate() -> None:
    """The rate doubles on the second day; entries follow the day of clearance, not of dispatch."""
    network = three_stages()
    change = BEGINS + dt.timedelta(days=1)
    law = HandLaw(changes=(change,), rate_from={BEGINS: 100_000, change: 200_000})
    _, ledger, flow, _ = run(network, {MARKET: [HOUR * k for k in range(1, 47)]}, days=2)
    rows = assess(flow, network, law, Claims.none(), free_parameters()).rows
    late = flow.entry_s[rows.entry] >= DAY
    assert late.any()
    assert not late.all()
    assert set(rows.rate_ppm[late].tolist()) == {200_000}
    assert set(rows.rate_ppm[~late].tolist()) == {100_000}
    cleared = ledger.passages.cleared_s[ledger.passages.cleared_s >= 0]
    assert sorted(flow.entry_s.tolist()) == sorted(cleared.tolist())


def test_border_hours_and_freight_of_a_load() -> None:
    """Uncontended: an hour's leg, a minute at the booth, an hour's leg; nothing beyond free flow."""
    network = three_stages()
    _, ledger, flow, _ = run(network, {MARKET: [HOUR]})
    car = flow.lane_ids.index(MARKET)
    node = int(np.flatnonzero(flow.lane == car)[0])
    assert flow.passages[node] == 1
    assert flow.border_h[node] == pytest.approx(120 / 3600)  # approach 60 s + booth 60 s
    assert flow.border_extra_h[node] == 0.0
    assert flow.transit_h[node] == pytest.approx(2 + 120 / 3600)
    assert ledger.loads.received_s[node] - ledger.loads.finished_s[node] == 7_320


def test_rows_of_the_ledger_are_nodes() -> None:
    network = three_stages()
    _, ledger, flow, _ = run(network, {MARKET: [HOUR, 2 * HOUR]})
    assert flow.nodes == len(ledger.loads.lane)
    assert flow.is_seed.sum() == 2
    assert (flow.units == ledger.loads.units).all()
    assert (flow.use_source == ledger.uses.source).all()
