"""Rules of origin by date and good, against the tables of the two agreements."""

from __future__ import annotations

import datetime as dt

import pytest

from sim.errors import LawError
from sim.law import GoodFacts, load_law

LAW = load_law()
CAR = GoodFacts("8703.23", "passenger", "vehicle", "vehicle")
PICKUP = GoodFacts("8704.31", "light_truck", "vehicle", "vehicle")
ENGINE = GoodFacts("8407.34", "", "core")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("on", "vehicle", "listed"),
    [
        ("1997-12-31", 500_000, 500_000),
        ("1998-01-01", 560_000, 550_000),
        ("2001-12-31", 560_000, 550_000),
        ("2002-01-01", 625_000, 600_000),
        ("2020-06-30", 625_000, 600_000),
    ],
)
def test_nafta_thresholds(on: str, vehicle: int, listed: int) -> None:
    for good in (CAR, PICKUP, ENGINE):
        rule = LAW.origin_rule("nafta", good, day(on))
        assert (rule.threshold_ppm, rule.vnm_method, rule.kind) == (vehicle, "traced", "regional_value")
        assert not rule.core_parts_required
        assert rule.national_ppm == {}
    assert LAW.origin_rule("nafta", GoodFacts("8708.80"), day(on)).threshold_ppm == listed
    assert LAW.origin_rule("nafta", GoodFacts("8701.21"), day(on)).threshold_ppm == listed


def test_nafta_tracing_list_names_parts_and_not_raw_materials() -> None:
    rule = LAW.origin_rule("nafta", CAR, day("2017-09-01"))
    traced = rule.traced_prefixes
    for code in ("854430", "870840", "940120", "840734"):
        assert any(code.startswith(prefix) for prefix in traced)
    for code in ("721049", "760120", "731815", "852859", "854231", "700529"):
        assert not any(code.startswith(prefix) for prefix in traced)
    assert rule.de_minimis_ppm == 70_000


def test_nafta_other_goods() -> None:
    on = day("2017-09-01")
    aftermarket = LAW.origin_rule("nafta", GoodFacts("8708.80", use="aftermarket"), on)
    assert (aftermarket.kind, aftermarket.threshold_ppm) == ("either", 500_000)
    bearing = LAW.origin_rule("nafta", GoodFacts("8482.10", "", "principal"), on)
    assert (bearing.kind, bearing.threshold_ppm) == ("either", 500_000)
    steel = LAW.origin_rule("nafta", GoodFacts("7210.49"), on)
    assert (steel.kind, steel.threshold_ppm, steel.name) == ("tariff_shift", 0, "Any other good")


@pytest.mark.parametrize(
    ("on", "vehicle", "principal", "complementary", "labour"),
    [
        ("2020-07-01", 660_000, 625_000, 620_000, 300_000),
        ("2021-06-30", 660_000, 625_000, 620_000, 300_000),
        ("2021-07-01", 690_000, 650_000, 630_000, 330_000),
        ("2022-07-01", 720_000, 675_000, 640_000, 360_000),
        ("2023-06-30", 720_000, 675_000, 640_000, 360_000),
        ("2023-07-01", 750_000, 700_000, 650_000, 400_000),
        ("2026-08-01", 750_000, 700_000, 650_000, 400_000),
    ],
)
def test_usmca_phase_in(on: str, vehicle: int, principal: int, complementary: int, labour: int) -> None:
    car, pickup = (LAW.origin_rule("usmca", good, day(on)) for good in (CAR, PICKUP))
    assert car.threshold_ppm == pickup.threshold_ppm == vehicle
    assert (car.labour_value_ppm, pickup.labour_value_ppm) == (labour, 450_000)
    assert car.core_parts_required
    assert (car.vnm_method, car.roll_up_reading) == ("roll_up", "panel")
    assert (car.metal_ppm, car.de_minimis_ppm) == (700_000, 100_000)
    engine = LAW.origin_rule("usmca", ENGINE, day(on))
    assert (engine.threshold_ppm, engine.kind, engine.core_parts_required) == (
        vehicle,
        "regional_value",
        False,
    )
    brake = LAW.origin_rule("usmca", GoodFacts("8708.30", "", "principal"), day(on))
    harness = LAW.origin_rule("usmca", GoodFacts("8544.30", "", "complementary"), day(on))
    assert (brake.threshold_ppm, brake.kind) == (principal, "either")
    assert (harness.threshold_ppm, harness.kind) == (complementary, "either")


@pytest.mark.parametrize(
    ("on", "expected"), [("2024-06-30", 600_000), ("2024-07-01", 640_000), ("2027-07-01", 700_000)]
)
def test_usmca_heavy_trucks(on: str, expected: int) -> None:
    rule = LAW.origin_rule("usmca", GoodFacts("8701.21"), day(on))
    assert rule.threshold_ppm == expected
    assert not rule.core_parts_required


def test_usmca_diesel_car_is_an_other_vehicle() -> None:
    rule = LAW.origin_rule("usmca", GoodFacts("8703.32", "passenger", "vehicle", "vehicle"), day("2024-01-01"))
    assert rule.threshold_ppm == 625_000
    assert (rule.core_parts_required, rule.labour_value_ppm, rule.metal_ppm) == (False, 0, 0)


def test_agreement_outside_its_life_raises() -> None:
    with pytest.raises(LawError) as error:
        LAW.origin_rule("nafta", CAR, day("2020-07-01"))
    assert error.value.text() == (
        "agreements/nafta: is not in force on 2020-07-01, so it has no rule of origin for that day."
    )
    with pytest.raises(LawError) as error:
        LAW.origin_rule("nafat", CAR, day("2017-07-01"))
    assert error.value.text() == "law: no agreement named 'nafat'. Did you mean 'nafta'?"
