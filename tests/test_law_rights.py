"""Elections open to a line, rights of drawback, accounts and quotas as dated values, and prohibited goods."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim.law
from sim.errors import LawError
from sim.law import DrawbackRight, Election, LineFacts, load_law
from tests.test_law_programmes import LIFE, LINE, ON, REF, made_up, programme

LAW = load_law()
REFORMS = Path(sim.law.__file__).parents[1] / "data" / "law" / "reforms"
ENGINE = LineFacts("US", "MX", "MX", "8407.34.48", "MX", originating=True)
PISTON = LineFacts("US", "MX", "MX", "8409.91.50", "MX", chapter_98="9802.00.80")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def names(line: LineFacts, on: str, known: str | None = None) -> list[str]:
    found = LAW.elections(line, day(on), day(known) if known else None)
    return [x.choice.removeprefix("us/elections/") for x in found]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("1993-12-31", None),
        ("2017-06-01", ["assembly_abroad/assembled", "preference_claim/nafta"]),
        ("2020-06-30", ["assembly_abroad/assembled", "preference_claim/nafta"]),
        ("2020-07-01", ["assembly_abroad/assembled", "preference_claim/usmca"]),
        ("2026-08-10", ["assembly_abroad/assembled", "preference_claim/usmca"]),
    ],
)
def test_a_claim_is_open_to_originating_goods_under_the_agreement_of_the_day(
    on: str, expected: list[str] | None
) -> None:
    if expected is None:
        with pytest.raises(LawError, match="0 valuation rules of US are in force on 1993-12-31"):
            names(ENGINE, on)
    else:
        assert names(ENGINE, on) == expected


def test_elections_tell_fact_value_cost_and_source() -> None:
    (assembled, claim) = LAW.elections(ENGINE, day("2025-06-16"))
    assert isinstance(claim, Election)
    assert (claim.fact, claim.value, claim.cost_cents, claim.amounts) == ("agreement", "usmca", 2_500, ())
    assert claim.title == "Claim preference under USMCA"
    assert claim.reference.href.startswith("https://")
    assert (assembled.fact, assembled.value, assembled.amounts) == ("chapter_98", "9802.00.80", ("us_components",))
    claimed = replace(ENGINE, agreement="usmca")
    assert names(claimed, "2025-06-16") == ["assembly_abroad/assembled", "preference_claim/no_claim"]
    assert LAW.elections(claimed, day("2025-06-16"))[1].value == ""


def test_nothing_to_claim_where_the_good_does_not_originate_or_the_plant_is_suspended() -> None:
    assert names(replace(ENGINE, originating=False), "2025-06-16") == ["assembly_abroad/assembled"]
    assert names(replace(ENGINE, preference_suspended=True), "2025-06-16") == ["assembly_abroad/assembled"]


@pytest.mark.parametrize(
    ("on", "known", "is_open"),
    [
        ("2025-10-31", None, False),
        ("2025-11-01", None, True),
        ("2025-11-01", "2025-10-16", False),
        ("2025-11-01", "2025-10-17", True),
        ("2026-08-10", None, True),
    ],
)
def test_certified_parts_open_on_their_day(on: str, known: str | None, is_open: bool) -> None:
    assert ("certified_parts/light" in names(PISTON, on, known)) is is_open


def test_certification_is_closed_to_listed_parts_metal_chapters_and_other_goods() -> None:
    on = "2025-11-15"
    assert "certified_parts/light" not in names(replace(PISTON, hts_code="8544.30.00"), on)
    assert "certified_parts/light" not in names(replace(PISTON, hts_code="7318.15.80"), on)
    assert "certified_parts/light" not in names(replace(PISTON, use="other"), on)
    assert "certified_parts/light" not in names(replace(PISTON, part_of="other"), on)
    assert "certified_parts/heavy" in names(replace(PISTON, part_of="heavy"), on)
    assert names(replace(PISTON, opt_in="light_part"), on) == ["assembly_abroad/plain", "certified_parts/none"]


def test_non_privileged_zone_status_closes_when_additional_duties_apply() -> None:
    part = replace(ENGINE, originating=False, zone_status="privileged")
    assert "trade_zone/non_privileged" in names(part, "2017-06-01")
    assert "trade_zone/non_privileged" in names(part, "2025-03-03")
    for on in ("2025-03-04", "2025-05-03", "2026-03-01", "2026-08-10"):
        assert "trade_zone/non_privileged" not in names(part, on)
    free = replace(part, hts_code="8409.91.10.40", part_of="other", zone_status="privileged", use="other")
    assert "trade_zone/non_privileged" in names(free, "2026-07-30")


def test_domestic_status_and_returned_goods_owe_nothing() -> None:
    for facts in ({"zone_status": "domestic"}, {"chapter_98": "9801.00.10"}):
        line = LineFacts("US", "MX", "US", "8537.10.91", "US", **facts)  # type: ignore[arg-type]
        for on in ("2017-06-01", "2025-03-05", "2025-12-01", "2026-08-10"):
            charges = LAW.assess(line, day(on), {"customs_value": np.array([1e6])})
            assert sum(float(x.amount[0]) for x in charges) == 0


@pytest.mark.parametrize(
    ("path", "on", "right", "mexico"),
    [
        ("us/mfn", "1995-01-01", "full", "full"),
        ("us/mfn", "2000-12-31", "full", "full"),
        ("us/mfn", "2001-01-01", "full", "lesser_of_two"),
        ("us/mfn", "2025-01-01", "full", "lesser_of_two"),
        ("us/ieepa/mexico", "2025-03-05", "none", "none"),
        ("us/section_232/steel_2018", "2018-06-01", "none", "none"),
        ("us/section_232/steel_2025", "2026-04-05", "none", "none"),
        ("us/section_232/metals_2026", "2026-04-06", "limited_manufacturing", "lesser_of_two"),
        ("us/section_232/automobile_parts", "2025-10-31", "none", "none"),
        ("us/section_232/automobile_parts", "2025-11-01", "manufacturing_only", "lesser_of_two"),
        ("us/section_232/heavy_vehicle_parts", "2025-11-01", "manufacturing_only", "lesser_of_two"),
        ("us/section_122", "2026-03-10", "full", "lesser_of_two"),
        ("us/antidumping_duty", "2026-03-10", "none", "none"),
        ("us/section_338/canada_motor_vehicles", "2026-08-25", "full", "lesser_of_two"),
    ],
)
def test_right_of_drawback_by_programme_and_day(path: str, on: str, right: str, mexico: str) -> None:
    found = LAW.drawback(path, day(on))
    assert isinstance(found, DrawbackRight)
    assert (found.right, found.towards_country("MX")) == (right, mexico)
    assert found.towards_country("JP") == right
    assert found.reference.title


def test_drawback_switches_and_metal_countries() -> None:
    found = LAW.drawback("us/mfn", day("2025-01-01"))
    assert (found.reading, found.comparison) == ("per_input", "column_1")
    assert found.towards_country("CA", same_condition=True) == "full"
    assert found.towards_country("CA") == "lesser_of_two"
    metals = LAW.drawback("us/section_232/metals_2026", day("2026-04-06"))
    assert {"CA", "MX", "GB", "JP", "KR", "DE", "SE"} <= set(metals.metal_of)
    assert "CN" not in metals.metal_of


def test_a_reform_changes_the_reading_of_drawback(tmp_path: Path) -> None:
    path = tmp_path / "reading.yaml"
    path.write_text(
        "title: Per good\ndescription: The lesser of two duties is taken per finished good.\n"
        "references:\n  me: {title: made up, mark: assumption}\n"
        "changes:\n  - replace: us/drawback/ordinary/reading\n    vintages:\n"
        "      - {from: 2020-07-01, published: 2020-07-01, value: per_good, reference: me}\n",
        encoding="utf-8",
    )
    law = load_law([path])
    assert law.drawback("us/mfn", day("2025-01-01")).reading == "per_good"
    assert law.drawback("us/mfn", day("2019-01-01")).reading == "per_input"
    assert law.digest != LAW.digest
    (row,) = LAW.difference(law)
    assert (row.path, row.before, row.after) == ("us/drawback/ordinary/reading", "per input", "per good")


def test_every_duty_of_the_united_states_has_one_right_of_drawback() -> None:
    for path, found in LAW.by_path.items():
        charges = any(heading.outcome == "charge" for heading in found.headings)
        if found.importer == "US" and found.kind in ("duty", "fee") and charges and found.in_force(day("2026-08-25")):
            assert LAW.drawback(path, day("2026-08-25")).right


@pytest.mark.parametrize("reform", [None, *sorted(path.stem for path in REFORMS.glob("*.yaml"))])
def test_every_duty_has_one_right_of_drawback_on_each_of_its_days(reform: str | None) -> None:
    law = load_law([REFORMS / f"{reform}.yaml"] if reform else [])
    for path, found in law.by_path.items():
        if found.kind == "duty" and found.importer in ("US", "CA", "MX") and found.headings:
            for begun in found.life.dates():
                on = max(begun, day("2017-08-16"))
                if found.in_force(on) and any(heading.outcome == "charge" for heading in found.headings):
                    assert law.drawback(path, on).right, (path, on)


def test_wrong_paths_of_drawback_are_told() -> None:
    with pytest.raises(LawError) as error:
        LAW.drawback("us/mfm", ON)
    assert error.value.text() == "law: no duty or fee named 'us/mfm'. Did you mean 'us/mfn'?"


def test_the_latest_publication_of_the_offset_governs() -> None:
    path = "us/section_232/offset_account/rate"
    assert LAW.value(path, day("2026-04-30")) == 37_500
    assert LAW.value(path, day("2026-05-01")) == 37_500
    assert LAW.value(path, day("2026-05-01"), known=day("2025-10-16")) == 25_000
    assert LAW.value(path, day("2025-04-03"), known=day("2025-05-01")) == 37_500
    assert LAW.value(path, day("2025-04-03")) == 0
    assert LAW.value(path, day("2025-04-05")) == 37_500
    assert LAW.value(path, day("2030-04-30")) == 37_500
    assert LAW.value(path, day("2030-05-01")) == 0


def test_quotas_are_dated_numbers_and_sums() -> None:
    assert LAW.value("us/section_232/side_letters/cars", day("2025-07-20")) == 2_600_000
    assert LAW.value("us/section_232/side_letters/parts_canada", day("2025-07-20")) == 3_240_000_000_000
    assert LAW.value("us/section_232/automobiles/quota_kingdom", day("2025-12-31")) == 65_205
    assert LAW.value("us/section_232/automobiles/quota_kingdom", day("2026-01-01")) == 100_000


def test_prohibited_goods_are_refused_and_explained(tmp_path: Path) -> None:
    law = made_up(tmp_path, a=programme("prohibited: yes"), b=programme("rate: 10 %"))
    amounts = {"customs_value": np.array([1000.0])}
    with pytest.raises(LawError) as error:
        law.assess(LINE, ON, amounts)
    assert error.value.text() == (
        "entry of 8708.30 into XX on 2020-01-01: xx/a: prohibited: Duty (made up [assumption])."
    )
    assert [step.outcome for step in law.explain(LINE, ON, amounts).steps][-2:] == ["prohibited", "charge"]


def test_wrong_elections_and_drawback_tell_every_problem(tmp_path: Path) -> None:
    elections = (
        f"kind: elections\ntitle: Choices\nimporter: XX\nauthority: none\n{REF}{LIFE}choices:\n"
        "  - {choice: c, title: Choose, fact: opt, value: yes, cost: much, amounts: [steel], reference: me}\n"
    )
    drawback = f"kind: drawback\ntitle: Back\nimporter: XX\nauthority: none\n{REF}{LIFE}of: [xx/b]\n"
    with pytest.raises(LawError) as error:
        made_up(tmp_path, a=programme("rate: 10 %"), c=elections, d=drawback)
    assert error.value.text().splitlines() == [
        "law: 4 problems",
        "  xx/c.yaml line 11, choices[0].fact: 'opt' is not allowed. Did you mean 'opt_in'?",
        "  xx/c.yaml line 11, choices[0].cost: 'much' is not an amount of money. "
        "Write the currency first, such as 'USD 12.50'.",
        "  xx/c.yaml line 11, choices[0].amounts[0]: 'steel' is not allowed. Did you mean 'steel_value'?",
        "  xx/d: no programme or group named 'xx/b'. Did you mean 'xx/d'?",
    ]


def test_wrong_values_of_closed_facts_are_refused() -> None:
    with pytest.raises(LawError) as error:
        LAW.assess(replace(ENGINE, part_of="lite", quota="in", opt_in="x"), ON, {"customs_value": np.array([1.0])})
    assert error.value.text() == (
        "entry line: 3 problems\n"
        "  part_of: 'lite' is not a value of part_of. Did you mean 'light'?\n"
        "  opt_in: 'x' is not a value of opt_in. Allowed values: heavy_part, light_part, none.\n"
        "  quota: 'in' is not a value of quota. Allowed values: inside, none, outside."
    )


def test_drawback_of_section_232_is_capped_towards_the_parties_unless_a_reform_says_otherwise() -> None:
    uncapped = load_law(("us_232_drawback_uncapped",))
    for path, on, whole in (
        ("us/section_232/opt_in_parts", "2025-11-01", "manufacturing_only"),
        ("us/section_232/metals_2026", "2026-04-06", "limited_manufacturing"),
    ):
        for country in ("CA", "MX"):
            assert LAW.drawback(path, day(on)).towards_country(country) == "lesser_of_two"
            assert uncapped.drawback(path, day(on)).towards_country(country) == whole
        assert LAW.drawback(path, day(on)).towards_country("DE") == whole
        assert (LAW.drawback(path, day(on)).reading, LAW.drawback(path, day(on)).comparison) == (
            "per_input",
            "column_1",
        )
