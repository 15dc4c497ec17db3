"""Rules of origin by date and good, against the tables of the two agreements."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from sim.errors import LawError
from sim.law import GoodFacts, LineFacts, list_reforms, load_law
from sim.law.fiscal import nearest_year_begin
from sim.law.load import LAW_FOLDER

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


@pytest.mark.parametrize(
    ("on", "core", "principal", "complementary"),
    [
        ("2020-07-01", 760_000, 725_000, 720_000),
        ("2021-07-01", 790_000, 750_000, 730_000),
        ("2022-07-01", 820_000, 775_000, 740_000),
        ("2023-06-30", 820_000, 775_000, 740_000),
        ("2023-07-01", 850_000, 800_000, 750_000),
    ],
)
def test_usmca_thresholds_by_transaction_value(on: str, core: int, principal: int, complementary: int) -> None:
    found = [
        LAW.origin_rule("usmca", GoodFacts(code, "", None), day(on)).transaction_threshold_ppm
        for code in ("8407.34", "9401.20", "8544.30", "8708.50")
    ]
    assert found == [core, principal, complementary, 0]  # axles of heading 8708: net cost alone


@pytest.mark.parametrize(
    ("code", "part_of", "name"),
    [
        ("8407.34", "light", "Core part"),
        ("8408.20", "light", "Core part"),
        ("8708.50", "light", "Core part of chapter 87"),
        ("8708.30", "light", "Principal part of heading 8708"),
        ("9401.20", "light", "Principal part"),
        ("8544.30", "light", "Complementary part"),
        ("7318.15", "light", "Any other good"),
        ("8708.99", "heavy", "Principal part of a heavy truck of heading 8708"),
        ("8507.60", "heavy", "Complementary part of a heavy truck"),
        ("8408.20", "heavy", "Engine of a heavy truck"),
        ("8708.40", "heavy", "Gear box or chassis frame of a heavy truck"),
        ("8707.90", "heavy", "Body of a heavy truck"),
        ("8706.00", "heavy", "Chassis of a heavy truck"),
        ("8706.00", "other", "Chassis of another vehicle or of the aftermarket"),
        ("8708.40", "other", "Engine or gear box of another light vehicle"),
        ("8708.80", "other_heavy", "Part of another vehicle"),
    ],
)
def test_usmca_class_of_a_part_from_its_code(code: str, part_of: str, name: str) -> None:
    facts = GoodFacts(code, core_class=None, part_of=part_of)
    assert LAW.origin_rule("usmca", facts, day("2024-01-01")).name == name


@pytest.mark.parametrize("code", ["8708.99", "8708.29", "8507.60", "8421.39", "8479.89"])
def test_usmca_class_that_the_code_does_not_tell(code: str) -> None:
    with pytest.raises(LawError) as error:
        LAW.origin_rule("usmca", GoodFacts(code, core_class=None), day("2024-01-01"))
    assert "is unresolved: needs core_class." in error.value.text()


@pytest.mark.parametrize(
    ("on", "principal", "complementary"),
    [
        ("2024-06-30", (600_000, 700_000), (500_000, 600_000)),
        ("2024-07-01", (640_000, 740_000), (540_000, 640_000)),
        ("2027-06-30", (640_000, 740_000), (540_000, 640_000)),
        ("2027-07-01", (700_000, 800_000), (600_000, 700_000)),
    ],
)
def test_usmca_parts_of_heavy_trucks(on: str, principal: tuple[int, int], complementary: tuple[int, int]) -> None:
    for code, expected in (("8413.30", principal), ("8482.10", complementary)):
        rule = LAW.origin_rule("usmca", GoodFacts(code, core_class=None, part_of="heavy"), day(on))
        assert (rule.threshold_ppm, rule.transaction_threshold_ppm) == expected


def test_usmca_alternative_staging_ends_and_waives_core_parts() -> None:
    facts = GoodFacts("8703.23", "passenger", "vehicle", "vehicle", regime="alternative_staging")
    rule = LAW.origin_rule("usmca", facts, day("2025-06-30"))
    assert (rule.threshold_ppm, rule.core_ppm, rule.core_transaction_ppm) == (625_000, 625_000, 725_000)
    assert (rule.labour_value_ppm, rule.labour_material_ppm, rule.core_parts_required) == (250_000, 100_000, False)
    with pytest.raises(LawError) as error:
        LAW.origin_rule("usmca", facts, day("2025-07-01"))
    assert error.value.text() == (
        "agreements/usmca/staging_threshold: no value for 2025-07-01; the last one ended on 2025-07-01. "
        "Add the later value with its reference."
    )
    battery = GoodFacts("8507.60", core_class="core", regime="alternative_staging")
    assert LAW.origin_rule("usmca", battery, day("2024-01-01")).kind == "either"


def test_usmca_wages_and_melt() -> None:
    before, after = (LAW.origin_rule("usmca", CAR, day(text)) for text in ("2027-06-30", "2027-07-01"))
    assert before.wage_floor == {"USD": 1600, "CAD": 2088, "MXN": 29422}
    assert (before.melt_rule, after.melt_rule) == (False, True)
    truck = GoodFacts("8704.23", "heavy_truck", "vehicle", "vehicle")
    credits = [LAW.origin_rule("usmca", truck, day(text)).labour_credit_ppm for text in ("2027-06-30", "2027-07-01")]
    assert credits == [600_000, 0]


def test_reading_of_roll_up_by_country_of_entry() -> None:
    argued = load_law(["us_litigated_roll_up"])
    for importer, expected in (("US", "us_litigated"), ("CA", "panel"), ("MX", "panel"), ("", "us_litigated")):
        facts = GoodFacts("8703.23", "passenger", "vehicle", "vehicle", importer=importer)
        assert LAW.origin_rule("usmca", facts, day("2024-01-01")).roll_up_reading == "panel"
        assert argued.origin_rule("usmca", facts, day("2024-01-01")).roll_up_reading == expected


@pytest.mark.parametrize(
    ("begins", "nearest"),
    [
        ("01-01", "1998-01-01"),
        ("10-01", "1997-10-01"),
        ("07-01", "1998-07-01"),
        ("07-03", "1997-07-03"),
        ("04-01", "1998-04-01"),
    ],
)
def test_fiscal_year_nearest_to_a_day(begins: str, nearest: str) -> None:
    assert nearest_year_begin(day("1998-01-01"), begins) == day(nearest)


def test_fiscal_year_that_is_no_day() -> None:
    with pytest.raises(LawError) as error:
        nearest_year_begin(day("1998-01-01"), "02-29")
    assert error.value.text() == (
        "fiscal_year_begins: '02-29' is not a day of every year. Write month and day, such as '10-01'."
    )


def test_nafta_heavy_parts_and_new_plants() -> None:
    on = day("2010-01-01")
    engine = LAW.origin_rule("nafta", GoodFacts("8408.20", part_of="heavy"), on)
    assert (engine.name, engine.threshold_ppm, engine.vnm_method) == (
        "Engine or gear box of a heavy vehicle",
        600_000,
        "heavy",
    )
    assert engine.components == ("8407", "8408", "870840")
    plant = GoodFacts("8703.23", "passenger", "vehicle", "vehicle", plant="new_model", plant_since=day("2005-01-02"))
    assert LAW.origin_rule("nafta", plant, on).threshold_ppm == 500_000
    assert LAW.origin_rule("nafta", plant, day("2010-01-02")).threshold_ppm == 625_000
    with pytest.raises(LawError) as error:
        LAW.origin_rule("nafta", GoodFacts("8703.23", plant="refit"), on)
    assert error.value.text() == (
        "agreements/nafta: rule 'Light vehicle from a refitted plant' is unresolved: needs plant_since."
    )


def test_general_rules() -> None:
    old, new = LAW.agreements["nafta"].general(day("2010-01-01")), LAW.agreements["usmca"].general(day("2024-01-01"))
    assert (old.de_minimis_ppm, new.de_minimis_ppm) == (70_000, 100_000)
    assert (old.de_minimis_base, new.de_minimis_base) == ("transaction_value_first", "either")
    assert (old.material_value, new.material_value) == ("additions", "deductions")
    assert (old.interest_limit_bp, new.interest_limit_bp) == (700, 700)
    assert (old.intermediate_barred, new.intermediate_barred) == (("engine", "gear_box"), ())
    assert old.related_sales_ppm == 850_000


@pytest.mark.parametrize("reform", sorted(set(list_reforms())))
def test_every_reform_of_an_agreement_shows_in_the_difference(reform: str) -> None:
    text = (LAW_FOLDER / "reforms" / f"{reform}.yaml").read_text()
    rows = LAW.difference(load_law([reform]))
    replaced = {line.split(": ", 1)[1] for line in text.splitlines() if line.startswith("  - replace: agreements/")}
    shown = {row.path for row in rows}
    assert rows
    unchanged = {
        path for path in replaced - shown if path.endswith(("national_base", "national_share", "heavy_threshold"))
    }
    assert replaced - unchanged <= shown


BROKEN = """\
kind: agreement
title: An agreement
parties: [CA, US]
reference: law
references:
  law: {title: The law, mark: seen}
life:
  - {from: 1994-01-01, published: 1994-01-01, value: in_force, reference: law}
every_rule: {de_minimis: minimis}
general: {value_waiver: threshold}
by_importer: {reading: {US: threshold}}
by_fiscal_year: [treshold]
classes:
  - {class: core, part_of: [lite], whole: threshold}
values:
  threshold:
    title: Content
    type: rate
    vintages:
      - {from: 1994-01-01, published: 1994-01-01, value: 50 %, reference: law}
rules:
  - {rule: Car, when: {huts: cars}, kind: regional, vnm: rolled, threshold: treshold, within_years: five,
     reference: law}
"""


def test_every_fault_of_an_agreement_is_told(tmp_path: Path) -> None:
    (tmp_path / "agreements").mkdir()
    (tmp_path / "agreements" / "broken.yaml").write_text(BROKEN)
    with pytest.raises(LawError) as error:
        load_law(folder=tmp_path)
    assert error.value.text() == FAULTS


FAULTS = (
    "law: 11 problems\n"
    "  agreements/broken.yaml line 9, every_rule.de_minimis: no value named 'minimis'. Allowed values: "
    "threshold.\n"
    "  agreements/broken.yaml line 10, general.value_waiver: the value 'threshold' is a rate; "
    "'value_waiver' takes a flag.\n"
    "  agreements/broken.yaml line 11, by_importer.reading: no value named 'reading'. Allowed values: "
    "threshold.\n"
    "  agreements/broken.yaml line 12, by_fiscal_year[0]: no value named 'treshold'. Did you mean "
    "'threshold'?\n"
    "  agreements/broken.yaml line 14, classes[0].part_of: 'lite' is not allowed. Did you mean 'light'?\n"
    "  agreements/broken.yaml line 14, classes[0].whole: the value 'threshold' is a rate; here stands a list.\n"
    "  agreements/broken.yaml line 22, rules[0].when.huts: no fact named 'huts'. Did you mean 'hts'?\n"
    "  agreements/broken.yaml line 22, rules[0].kind: 'regional' is not allowed. Did you mean "
    "'regional_value'?\n"
    "  agreements/broken.yaml line 22, rules[0].vnm: 'rolled' is not allowed. Did you mean 'roll_up'?\n"
    "  agreements/broken.yaml line 22, rules[0].threshold: no value named 'treshold'. Did you mean "
    "'threshold'?\n"
    "  agreements/broken.yaml line 22, rules[0].within_years: 'five' is not a number of years."
)


def test_mexican_position_of_2026_is_fifteen_in_all() -> None:
    """General duty of 2.5 % and 12.5 % on top make 15 % of 10,000 dollars; vehicles that originate are left alone."""
    law = load_law(["mx_2026"])
    amounts = {"customs_value": np.array([1_000_000.0]), "us_content": np.array([400_000.0])}

    def duties(originating: bool) -> dict[str, float]:
        line = LineFacts(
            "US", "MX", "MX", "8703.23", origin_marking="MX", agreement="usmca", originating=originating,
            vehicle_class="passenger", use="vehicle", model_approved=True,
        )  # fmt: skip
        steps = law.explain(line, day("2027-02-01"), amounts).steps
        charged = [step for step in steps if step.outcome == "charge"]
        return {step.programme: step.amount_cents[0] for step in charged}

    assert duties(False) == {"us/mfn": 25_000.0, "us/proposals/mexico_vehicles_15": 125_000.0}
    assert duties(True) == {"us/section_232/automobiles": 150_000.0}
