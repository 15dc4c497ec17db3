"""United States programmes outside section 232: bans, gaps, trade remedies, refunds, and what was announced when."""

from __future__ import annotations

import csv
import datetime as dt

import numpy as np
import pytest

from sim.errors import LawError
from sim.law import LAW_FOLDER, LineFacts, load_law

LAW = load_law()
VALUE = {"customs_value": np.array([1_000_000.0])}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def standing(on: str, origin: str, code: str) -> dict[str, str]:
    found = LAW.programmes("US", origin, code, day(on))
    return {status.programme: status.state for status in found if status.kind == "duty"}


def test_a_banned_good_is_refused_and_not_charged() -> None:
    motorcycle = LineFacts("US", "CA", "CA", "8711.50.00", "CA", "usmca", originating=True, use="vehicle")
    with pytest.raises(LawError) as error:
        LAW.assess(motorcycle, day("2026-09-29"), VALUE)
    assert error.value.text() == (
        "entry of 8711.50.00 into US on 2026-09-29: us/section_338/canada_import_exclusion: prohibited: "
        "Motorcycle of Canada of more than 800 cubic centimetres "
        "(Proclamation 11063, 91 FR 58325: motorcycles of heading 8711.50 from 2026-09-29)."
    )
    steps = {step.programme: step.outcome for step in LAW.explain(motorcycle, day("2026-09-29"), VALUE).steps}
    assert steps["us/section_338/canada_import_exclusion"] == "prohibited"
    paid = {charge.programme: float(charge.amount[0]) for charge in LAW.assess(motorcycle, day("2026-09-28"), VALUE)}
    assert paid == {"us/section_338/canada_motor_vehicles": 500_000.0}


def test_goods_that_may_have_been_added_have_no_known_rate() -> None:
    furniture = LineFacts("US", "CA", "CA", "9403.30.40", "CA", "usmca", originating=True, use="other")
    assert LAW.assess(furniture, day("2026-09-14"), VALUE) == ()
    with pytest.raises(LawError) as error:
        LAW.assess(furniture, day("2026-09-20"), VALUE)
    assert error.value.source == "us/section_338/canada_motor_vehicles/unread"


def test_no_rate_is_known_for_excess_capacity() -> None:
    law = load_law(["excess_capacity_301"])
    battery = LineFacts("US", "MX", "MX", "8507.60.00", "MX", "usmca", originating=True)
    with pytest.raises(LawError) as error:
        law.assess(battery, day("2027-01-04"), VALUE)
    assert error.value.text() == (
        "us/proposals/excess_capacity/rate: is unknown from 2027-01-01 on (USTR opens the investigation, 2026-03-11; "
        "scope as reported, first day assumed [assumption]), so not known for 2027-01-04. "
        "Add the value with its reference."
    )


def test_potash_of_canada_has_its_own_rate() -> None:
    found = {s.programme: (s.heading, s.rate) for s in LAW.programmes("US", "CA", "3104.20.00", day("2025-03-10"))}
    assert found["us/ieepa/canada"] == ("9903.01.15", "10 % of dutiable value")
    found = {s.programme: (s.heading, s.rate) for s in LAW.programmes("US", "CA", "3104.20.00", day("2025-03-06"))}
    assert found["us/ieepa/canada"] == ("9903.01.10", "25 % of dutiable value")


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ("2026-02-19", 0),
        ("2026-02-20", 500_000),
        ("2026-03-03", 500_000),
        ("2026-03-04", 750_000),
        ("2026-04-13", 900_000),
    ],
)
def test_refund_follows_what_was_published(known: str, expected: int) -> None:
    entry = day("2025-05-15")
    assert LAW.value("us/ieepa/refund/probability", entry, day(known)) == expected
    low = LAW.value("us/ieepa/refund/probability_low", entry, day(known))
    high = LAW.value("us/ieepa/refund/probability_high", entry, day(known))
    assert isinstance(low, int)
    assert isinstance(high, int)
    assert low <= expected <= high


def test_upheld_tariffs_are_never_refunded() -> None:
    law = load_law(["ieepa_upheld"])
    assert law.value("us/ieepa/refund/probability", day("2025-05-15")) == 0
    assert not law.by_path["us/section_122"].in_force(day("2026-02-24"))
    assert law.by_path["us/section_122"].in_force(day("2026-02-24"), day("2026-02-19")) is False
    assert law.by_path["us/ieepa/mexico"].in_force(day("2026-08-01"))


def test_chance_of_the_surcharge_depends_on_the_judgment() -> None:
    entry, before, after = day("2026-03-10"), day("2026-05-06"), day("2026-05-07")
    assert LAW.value("us/section_122/refund_probability_party", entry, before) == 0
    assert LAW.value("us/section_122/refund_probability_party", entry, after) == 500_000
    assert LAW.value("us/section_122/refund_probability", entry, after) == 100_000
    law = load_law(["section_122_judgment"])
    assert law.value("us/section_122/refund_probability_party", entry, after) == 1_000_000


def test_panels_review_north_american_goods_until_a_reform_ends_them() -> None:
    here, there = "us/trade_remedies/north_america", "us/trade_remedies/elsewhere"
    for on in ("1994-01-01", "2017-09-01", "2026-09-01"):
        assert LAW.value(f"{here}/forum", day(on)) == "panel"
        assert LAW.value(f"{there}/forum", day(on)) == "court"
    law = load_law(["no_binational_panels"])
    assert law.value(f"{here}/forum", day("2017-08-15")) == "panel"
    assert law.value(f"{here}/forum", day("2017-08-16")) == "court"
    share = law.value(f"{here}/expected_refund_share", day("2018-01-01"))
    assert share == LAW.value(f"{there}/expected_refund_share", day("2018-01-01")) == 100_000
    assert LAW.value(f"{here}/expected_refund_share", day("2018-01-01")) == 150_000


def test_border_adjustment_is_nil_without_its_reform() -> None:
    law = load_law(["border_adjustment_20"])
    on = day("2017-09-01")
    for name, expected in (("rate", 200_000), ("export_rebate", 200_000), ("exchange_offset", 500_000)):
        assert LAW.value(f"us/border_adjustment/{name}", on) == 0
        assert law.value(f"us/border_adjustment/{name}", on) == expected
        assert law.value(f"us/border_adjustment/{name}", day("2017-08-15")) == 0


def test_withdrawal_from_the_agreement_of_2020() -> None:
    law = load_law(["usmca_withdrawal"])
    assert law.agreement("US", "MX", day("2026-12-31")) == "usmca"
    assert law.agreement("US", "MX", day("2027-01-01")) is None
    assert law.agreement("MX", "CA", day("2027-01-01")) is None


def test_what_bears_on_a_harness_day_by_day() -> None:
    paths = ("us/ieepa/mexico", "us/section_122", "us/section_232/automobile_parts", "us/section_301/forced_labour")
    expected = {
        "2025-02-02": ("announced", "", "", ""),
        "2025-02-10": ("announced", "", "", ""),
        "2025-03-05": ("in force", "", "", ""),
        "2025-04-01": ("in force", "", "announced", ""),
        "2026-02-23": ("in force", "announced", "in force", ""),
        "2026-07-22": ("ended", "in force", "in force", ""),
        "2026-07-23": ("ended", "in force", "in force", "announced"),
        "2026-09-01": ("ended", "ended", "in force", "in force"),
    }
    for on, states in expected.items():
        found = standing(on, "MX", "8544.30")
        assert tuple(found.get(path, "") for path in paths) == states, on
        assert found["us/mfn"] == "in force"


def test_what_bears_on_boards_of_canada_day_by_day() -> None:
    path = "us/section_338/canada_motor_vehicles"
    expected = {"2026-07-19": "", "2026-07-20": "announced", "2026-08-18": "announced", "2026-08-22": "in force"}
    for on, state in expected.items():
        assert standing(on, "CA", "8534.00.00").get(path, "") == state, on
    (status,) = [s for s in LAW.programmes("US", "CA", "8534.00.00", day("2026-08-10")) if s.programme == path]
    assert (status.document, status.until) == ("Proclamation 11048", day("2026-08-19"))


def test_every_line_of_the_2025_schedule_is_marked_and_held_back() -> None:
    with (LAW_FOLDER / "us" / "mfn_rates.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    read = [row for row in rows if row["reference"] in ("etrs", "products", "stated")]
    assert len([row for row in read if row["reference"] == "etrs"]) == 90
    assert len(read) == len({row["hts_code"] for row in read}) == 90 + 206 + 6
    held = {row["hts_code"]: row["rate_pct"] for row in rows if row["reference"] == "held_back"}
    assert held == {row["hts_code"]: row["rate_pct"] for row in read}
    trucks = {row["rate_pct"] for row in rows if row["hts_code"].startswith(("8704.21", "8704.31"))}
    assert trucks == {"25"}


def test_lists_of_section_301_decide_every_motor_vehicle_line() -> None:
    on = day("2026-06-01")
    rates = {}
    for code in ("8708.80.65", "8544.30.00", "8507.60.00", "8542.31.00", "8703.80.00", "9401.99.10", "7210.49.00"):
        found = {s.programme: s.rate for s in LAW.programmes("US", "CN", code, on)}
        rates[code] = found["us/section_301/china"].split(" of ")[0]
    assert rates == {
        "8708.80.65": "25 %",
        "8544.30.00": "25 %",
        "8507.60.00": "25 %",
        "8542.31.00": "50 %",
        "8703.80.00": "100 %",
        "9401.99.10": "7.5 %",
        "7210.49.00": "25 %",
    }


def test_lists_of_section_338_hold_as_many_codes_as_the_annexes() -> None:
    baskets = "us/section_338/canada_"
    first, second = day("2026-08-22"), day("2026-09-15")

    def codes(path: str, on: dt.date) -> set[str]:
        found = LAW.value(baskets + path, on)
        assert isinstance(found, tuple)
        return {str(code) for code in found}

    assert len(codes("alcohol/goods", first)) == 63
    assert len(codes("dairy/goods", first)) == 52
    vehicles = ("motor_vehicles/goods", "motor_vehicles/motor_lines", "motor_vehicles/controllers")
    before = set().union(*(codes(name, first) for name in vehicles))
    after = set().union(*(codes(name, second) for name in vehicles))
    assert len(before) == 439
    # Eight provisions leave, fifteen of the 82 that join were read.
    assert (len(before - after), len(after - before)) == (8, 15)
    assert not any(code.startswith("8708") for code in before | after)


def test_lists_of_section_301_share_no_code() -> None:
    on, path = day("2026-06-01"), "us/section_301/china/"
    names = ("list_1", "list_2", "list_3", "list_4a", "finer_4a", "list_3_recalled", "batteries", "magnets", "vehicles")
    lists = {name: LAW.value(path + name, on) for name in names}
    for first in names:
        for second in names:
            mine, theirs = lists[first], lists[second]
            assert isinstance(mine, tuple)
            assert isinstance(theirs, tuple)
            assert first == second or not set(mine) & set(theirs), (first, second)
            assert len(mine) == len(set(mine)), first
