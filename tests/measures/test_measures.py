"""Measures on a chain whose every figure can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.customs import Claims, assess
from sim.measures import REGISTRY, measure
from sim.measures.cost import ITEMS
from sim.network.model import Network, Schedule
from sim.parameters import Parameters, load_parameters
from sim.units import DAY, HOUR
from tests.customs.hand import Hand, HandLaw, free_parameters
from tests.customs.recorded import run
from tests.customs.test_recorded import MARKET, three_stages

CAR = "site/2/car"
Key = tuple[str, str, str]
TEN_CARS = {MARKET: [HOUR * k for k in range(1, 11)]}


def figures(
    network: Network,
    slots: dict[str, list[int]],
    law: HandLaw,
    parameters: Parameters,
    claims: Claims | None = None,
    **rest: object,
) -> dict[Key, float]:
    """All measures of one small run, by (measure, vehicle, item)."""
    plan, ledger, flow, clock = run(network, slots, **rest)  # type: ignore[arg-type]
    assessment = assess(flow, network, law, claims or Claims.none(), parameters)
    rows = measure(network, plan, ledger, flow, assessment, clock, parameters)
    found = {(row.measure, row.vehicle, row.item): row.value for row in rows}
    assert len(found) == len(rows)
    return found


@pytest.fixture(scope="module")
def taxed() -> dict[Key, float]:
    """Ten cars at 10 % on every entry, nothing else costing anything."""
    with np.errstate(all="raise"):
        return figures(three_stages(), TEN_CARS, HandLaw(100_000), free_parameters())


def test_cost_of_a_vehicle(taxed: dict[Key, float]) -> None:
    """300 of labour; duty 10 on forgings, 21 on engines, 33.10 on cars."""
    assert taxed["cost_per_vehicle_usd", CAR, "labour"] == pytest.approx(300.0)
    assert taxed["cost_per_vehicle_usd", CAR, "duty"] == pytest.approx(64.1)
    assert taxed["cost_per_vehicle_usd", CAR, "total"] == pytest.approx(364.1)
    assert taxed["duty_per_vehicle_usd", CAR, "direct"] == pytest.approx(33.1)
    assert taxed["duty_per_vehicle_usd", CAR, "embedded"] == pytest.approx(31.0)
    assert taxed["duty_per_vehicle_usd", CAR, "us/general"] == pytest.approx(21.0)
    assert taxed["duty_per_vehicle_usd", CAR, "mx/general"] == pytest.approx(43.1)


def test_items_sum_to_the_total_whatever_the_parameters() -> None:
    found = figures(three_stages(), TEN_CARS, HandLaw(100_000, fee_cents=2_500.0), load_parameters())
    for vehicle in (CAR, "all"):
        parts = [found["cost_per_vehicle_usd", vehicle, item] for item in ITEMS]
        assert found["cost_per_vehicle_usd", vehicle, "total"] == pytest.approx(sum(parts), abs=1e-6)
    assert found["cost_per_vehicle_usd", CAR, "fees"] == pytest.approx(12.5 + 12.5 + 25.0)
    assert found["cost_per_vehicle_usd", CAR, "compliance"] == pytest.approx(45.0 + 45.0 + 90.0)


def test_crossings(taxed: dict[Key, float]) -> None:
    """Half a forging load, half an engine load and a car: two passages; dollars passed 3, 2 and 1 borders."""
    expected = {
        "physical": 2.0,
        "dutiable": 2.0,
        "value_weighted_mean": 2.0,
        "longest_chain": 3.0,
        "longest_entry_chain": 3.0,
    }
    found = {item: value for (name, vehicle, item), value in taxed.items()
             if name == "crossings_per_vehicle" and vehicle == CAR}  # fmt: skip
    assert found == pytest.approx(expected)


def test_border_hours_and_waits(taxed: dict[Key, float]) -> None:
    """Two passages of two minutes: approach and primary inspection, never a queue."""
    assert taxed["border_hours_per_vehicle", CAR, "total"] == pytest.approx(2 * 2 / 60)
    assert taxed["border_hours_per_vehicle", CAR, "beyond_free_flow"] == 0.0
    assert taxed["border_hours_per_vehicle", CAR, "value_weighted"] == pytest.approx(2 * 2 / 60)
    for item in ("mean", "median", "p95"):
        assert taxed["border_wait_min", "all", f"bridge/us|{item}"] == 0.0


def test_a_queue_is_waited_and_costs_truck_hours() -> None:
    """Two cars leave a US line ten seconds apart; at the one booth the second waits 50 s of the first one's 60."""
    hand = Hand()
    hand.site("plant/us", "US")
    hand.site("market/mx", "MX", "market")
    hand.crossing("laredo/mx", "US", "MX")
    car = hand.recipe("plant/us", "car", labour=100.0, tier=0, schedule=Schedule(8, 1, "", 30_000.0))
    lane = hand.lane(car, "market/mx", [("laredo/mx", "entry")])
    parameters = free_parameters(truck_hour_usd="60 USD/h")
    found = figures(hand.build(), {lane: [HOUR, HOUR]}, HandLaw(), parameters, booths=1)
    waits = [found["border_wait_min", "all", f"laredo/mx|{item}"] for item in ("mean", "median", "p95")]
    assert waits == pytest.approx([25 / 60, 25 / 60, 0.95 * 50 / 60])
    assert found["border_hours_per_vehicle", "plant/us/car", "total"] == pytest.approx((120 + 170) / 2 / 3_600)
    assert found["border_hours_per_vehicle", "plant/us/car", "beyond_free_flow"] == pytest.approx(25 / 3_600)
    assert found["cost_per_vehicle_usd", "plant/us/car", "border_time"] == pytest.approx(25 / 3_600 * 60)


def test_service(taxed: dict[Key, float]) -> None:
    assert taxed["vehicles_built", CAR, ""] == 10.0
    assert taxed["vehicles_lost", CAR, ""] == 0.0
    assert taxed["line_down_pct", "all", ""] == pytest.approx(100 * taxed["line_down_h", "all", ""] / 72, abs=1e-9)


def test_receipts_and_trade(taxed: dict[Key, float]) -> None:
    """Each treasury receives a tenth of what crossed into it."""
    into_us = taxed["trade_usd", "all", "MX>US"]
    into_mx = taxed["trade_usd", "all", "US>MX"]
    assert into_us > 0
    assert taxed["receipts_usd", "all", "US"] == pytest.approx(into_us / 10)
    assert taxed["receipts_usd", "all", "MX"] == pytest.approx(into_mx / 10)
    assert taxed["receipts_usd", "all", "US:us/general"] == taxed["receipts_usd", "all", "US"]
    assert taxed["receipts_usd", "all", "CA"] == 0.0
    assert taxed["trade_balance_usd", "all", "US-MX"] == pytest.approx(into_mx - into_us)
    assert taxed["trade_balance_usd", "all", "US-CA"] == 0.0


def test_labour(taxed: dict[Key, float]) -> None:
    """100 dollars at 20 an hour: five hours a stage."""
    assert taxed["labour_h_per_vehicle", CAR, "US"] == pytest.approx(10.0)
    assert taxed["labour_h_per_vehicle", CAR, "MX"] == pytest.approx(5.0)
    assert taxed["labour_h", "all", "CA"] == 0.0


def test_claims_and_content(taxed: dict[Key, float]) -> None:
    assert taxed["claim_pct", "all", "paid"] == 100.0
    assert taxed["content_pct", CAR, "us"] == pytest.approx(200 / 3)
    assert taxed["content_pct", CAR, "mx"] == pytest.approx(100 / 3)
    assert taxed["content_pct", CAR, "regional"] == pytest.approx(100.0)
    assert not any(name == "threshold_pct" for name, *_ in taxed)
    law = HandLaw(100_000, agreed="nafta")
    claims = Claims({(MARKET, 0): "nafta"})
    found = figures(three_stages(), TEN_CARS, law, free_parameters(), claims)
    assert found["threshold_pct", CAR, "nafta"] == 62.5
    assert found["content_pct", CAR, "nafta"] == pytest.approx(100.0)
    assert found["originating_pct", CAR, ""] == 100.0
    claimed, paid = found["claim_pct", "all", "claimed"], found["claim_pct", "all", "paid"]
    assert found["claim_pct", "all", "failed"] == 0.0
    assert claimed + paid == pytest.approx(100.0)
    assert claimed > 0
    assert found["duty_per_vehicle_usd", CAR, "direct"] == 0.0


def test_only_vehicles_delivered_in_the_window_count() -> None:
    """Ten cars due hourly from hour 1; with eight hours of warm-up those delivered before are not measured."""
    found = figures(three_stages(), TEN_CARS, HandLaw(), free_parameters(), warm_up_s=8 * HOUR)
    assert found["vehicles_built", CAR, ""] == 3.0  # due at 8, 9 and 10
    assert found["cost_per_vehicle_usd", CAR, "total"] == pytest.approx(300.0)


def test_lead_time_is_journeys_and_waiting() -> None:
    network = three_stages()
    plan, ledger, flow, clock = run(network, TEN_CARS)
    law, parameters = HandLaw(), free_parameters()
    assessment = assess(flow, network, law, Claims.none(), parameters)
    rows = measure(network, plan, ledger, flow, assessment, clock, parameters)
    value = next(r.value for r in rows if (r.measure, r.vehicle, r.item) == ("lead_time_h", CAR, "total"))
    assert value > 2 * (2 + 2 / 60)  # the mean dollar passes two lanes of two hours and two minutes each


def test_every_measure_is_defined() -> None:
    assert len(REGISTRY) >= 20
    for name, item in REGISTRY.items():
        assert item.name == name
        assert item.unit
        assert item.better in ("", "less", "more")
        assert item.definition.endswith(".")
        assert item.reference.title


def test_a_run_without_vehicles_has_no_cost_rows() -> None:
    found = figures(three_stages(), {MARKET: [2 * DAY]}, HandLaw(), free_parameters(), days=1)
    assert not any(name == "cost_per_vehicle_usd" for name, *_ in found)
    assert found["vehicles_built", "all", ""] == 0.0


def test_markets_weigh_as_planned_whatever_arrives_in_the_window() -> None:
    """Of four cars three go abroad and pay 10 each, where half should: the mean duty is 5, not 7.50."""
    hand = Hand()
    hand.site("plant/us", "US")
    hand.site("market/us", "US", "market")
    hand.site("market/mx", "MX", "market")
    hand.crossing("laredo/mx", "US", "MX")
    car = hand.recipe("plant/us", "car", labour=100.0, tier=0, schedule=Schedule(8, 1, "", 30_000.0))
    abroad = hand.lane(car, "market/mx", [("laredo/mx", "entry")], share=50.0)
    home = hand.lane(car, "market/us", [], share=50.0)
    slots = {abroad: [HOUR, 2 * HOUR, 3 * HOUR], home: [4 * HOUR]}
    found = figures(hand.build(), slots, HandLaw(100_000), free_parameters())
    assert found["vehicles_built", "plant/us/car", ""] == 4.0
    assert found["cost_per_vehicle_usd", "plant/us/car", "duty"] == pytest.approx(5.0)
    assert found["duty_per_vehicle_usd", "all", "total"] == pytest.approx(5.0)
    assert found["cost_per_vehicle_usd", "all", "total"] == pytest.approx(105.0)
    assert found["crossings_per_vehicle", "all", "physical"] == pytest.approx(0.5)
