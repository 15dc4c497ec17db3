"""Goods on a day, on a small made-up law: what is charged, gives way, is announced, has ended, and why."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sim.answers.asked import Typed, read_asked
from sim.answers.goods import Found, find_goods, goods_answer
from sim.answers.goods_text import goods_text
from sim.law import Law, load_law

CAR = {"on": "2025-04-10", "importer": "US", "origin": "MX", "hts": "8703.23", "value": "USD 100000"}


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law(folder=Path(__file__).parent / "law")


def ask(law: Law, **typed: object) -> Found:
    words = CAR | typed
    return find_goods(law, read_asked(law, Typed(**words)))  # type: ignore[arg-type]


def outcomes(found: Found) -> dict[str, tuple[str, int | None]]:
    return {row.programme: (row.outcome, row.cents) for row in found.rows}


def test_the_whole_answer_is_read_aloud(law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "90")
    found = ask(law, on="2025-03-05")
    assert goods_text(found).splitlines() == [
        "8703.23 of Mexico (MX) into United States (US) on 2025-03-05, nothing claimed",
        "Facts: origin marking MX, vehicle class passenger, use vehicle, relief sector, customs",
        "  value USD 100,000.00",
        "Dutiable value: The whole value is dutiable (Value Act section 1)",
        "",
        "In force: 3 programmes",
        "  charged  us/emergency  25 % of dutiable value                              USD 25,000.00",
        "      9903.01: Goods of Mexico",
        "      25 % x 100000.00 = 25000.00",
        "      Order 7 of 2025-02-01; in force since 2025-03-01",
        "  charged  us/ordinary   2.5 % of dutiable value                              USD 2,500.00",
        "      General: General rate",
        "      2.5 % x 100000.00 = 2500.00",
        "      Tariff Act column 1; in force since 1994-01-01",
        "  charged  us/fee        0.3464 % of customs value                              USD 346.40",
        "      Fee: Fee of a formal entry",
        "      0.3464 % x 100000.00 = 346.40",
        "      Fee Act section 5; in force since 1994-01-01",
        "  Owed in all: duties 27,500.00, fees 346.40                                 USD 27,846.40",
        "",
        "Announced, not yet in force: 1 change",
        "  from 2025-06-01  us/emergency: 25 % of dutiable value becomes 35 % of dutiable value",
        "      Order 7; Order 9 of 2025-02-20 [memory]",
        "",
        "pact is in force between the two countries: add --claim pact for goods that originate.",
    ]


def test_amounts_to_the_cent_and_who_gives_way(law: Law) -> None:
    found = ask(law)
    assert outcomes(found) == {
        "us/vehicles": ("charge", 2_500_000),
        "us/ordinary": ("charge", 250_000),
        "us/fee": ("charge", 34_640),
        "us/emergency": ("gives way", None),
    }
    assert goods_answer(found)["totals_cents"] == {"duty": 2_750_000, "fee": 34_640, "total": 2_784_640}


def test_papers_that_reach_back_are_told_and_can_be_left_out(law: Law) -> None:
    assert ask(law).notes == (
        "pact is in force between the two countries: add --claim pact for goods that originate.",
        "us/emergency: by the papers of 2025-04-10 itself, 25 % of dutiable value; later papers that reach back to it "
        "say gives way. --known 2025-04-10 answers as it was known.",
    )
    known = ask(law, known="2025-04-10")
    assert outcomes(known)["us/emergency"] == ("charge", 2_500_000)
    assert known.notes == ask(law).notes[:1]


def test_a_fee_keeps_within_its_bounds(law: Law) -> None:
    assert outcomes(ask(law, value="USD 1"))["us/fee"] == ("charge", 3_167)
    assert outcomes(ask(law, value="USD 1,000,000"))["us/fee"] == ("charge", 61_435)


def test_what_is_missing_is_asked_for_fact_by_fact(law: Law) -> None:
    claimed = ask(law, claim="pact")
    assert claimed.unresolved == ("us/vehicles needs model_approved (--fact model_approved=yes|no)",)
    assert outcomes(claimed)["us/ordinary"] == ("exempt", None)
    approved = ask(law, claim="pact", facts=("model_approved=yes",))
    assert approved.unresolved == ("us/vehicles needs the amount 'us_content' (--fact us_content='USD ...')",)
    assert outcomes(approved)["us/vehicles"] == ("unresolved", None)
    assert "Owed so far, open to what is unresolved: duties 0.00, fees 346.40" in goods_text(approved)
    whole = ask(law, claim="pact", facts=("model_approved=yes", "us_content=USD 40000"))
    assert whole.unresolved == ()
    assert outcomes(whole)["us/vehicles"] == ("charge", 1_500_000)  # 25 % of 60,000
    assert whole.notes[0] == "The goods are taken to originate under pact; `sim origin FILE` tests it."


def test_before_it_begins_a_duty_is_announced_once_published(law: Law) -> None:
    before = ask(law, on="2025-03-25", origin="JP")
    assert "us/vehicles" not in outcomes(before)
    assert before.changes == ()
    (change,) = ask(law, on="2025-03-26", origin="JP").changes
    assert (change.begins, change.programme) == (dt.date(2025, 4, 3), "us/vehicles")
    assert (change.before, change.after) == ("nothing", "25 % of dutiable value")
    assert change.citation == "Proclamation 3 of 2025-03-26"


def test_an_announced_end_is_told(law: Law) -> None:
    (change,) = ask(law, on="2026-01-15", hts="8544.30").changes
    assert (change.begins, change.before, change.after) == (
        dt.date(2026, 2, 1),
        "35 % of dutiable value",
        "nothing",
    )
    assert change.citation == "Judgment of 2026-01-10"


def test_what_ended_is_shown_on_request(law: Law) -> None:
    found = ask(law, on="2026-03-01", hts="8544.30")
    assert "Ended or suspended: 1 programme, shown with --all." in goods_text(found)
    text = goods_text(found, show_all=True)
    assert "  ended since 2026-02-01  us/emergency: 35 % of dutiable value" in text
    assert found.notes[1:] == (
        "2026-03-01 lies after the last document read, of 2026-01-10: values are those known then.",
    )


def test_without_a_value_there_are_rates_and_no_amounts(law: Law) -> None:
    found = ask(law, value="")
    assert {cents for _, cents in outcomes(found).values()} == {None}
    assert goods_answer(found)["totals_cents"] is None
    text = goods_text(found)
    assert "  charged    us/vehicles   25 % of dutiable value\n" in text
    assert text.endswith("Rates must not be added up: give --value for amounts.")


def test_a_value_that_the_law_lacks_hides_no_other_programme(law: Law) -> None:
    found = ask(law, on="2027-02-01", origin="BR")
    assert outcomes(found) == {
        "us/ordinary": ("charge", 250_000),
        "us/vehicles": ("charge", 2_500_000),
        "us/fee": ("charge", 34_640),
        "us/brazil": ("unresolved", None),
    }
    assert found.unresolved == ("us/brazil needs us/brazil/rate",)
    text = goods_text(found)
    assert "us/brazil/rate is unknown from 2027-01-01 on (Rate of 2027 not found [assumption])" in text
    assert ask(law, on="2026-12-01", origin="BR").changes == ()  # a gap is not announced as a change


def test_a_top_up_says_what_is_taken_off(law: Law) -> None:
    """4 % less the 2.5 % of the ordinary duty."""
    (row,) = [row for row in ask(law, origin="BR").rows if row.programme == "us/brazil"]
    assert (row.rate, row.cents) == ("4 % of dutiable value less the duty under us/ordinary", 150_000)


def test_what_the_importer_may_elect_is_told(law: Law) -> None:
    found = ask(law, origin="BR")
    (choice,) = goods_answer(found)["elections"]
    assert (choice["fact"], choice["value"], choice["cost_cents"], choice["needs"]) == (
        "chapter_98",
        "9802.00.80",
        2_500,
        ["us_components"],
    )
    lines = goods_text(found).splitlines()
    start = lines.index("May be elected instead: 1 choice; `sim duty` takes what costs least")
    assert lines[start + 1 : start + 3] == [
        "  Enter as assembled abroad: --fact chapter_98=9802.00.80 --fact us_components='USD ...'",
        "      Special provision 1",
    ]
    assert ask(law).elections == ()


def test_a_claim_under_an_agreement_not_in_force_counts_for_nothing(law: Law) -> None:
    found = ask(law, on="2030-01-01", claim="pact")
    assert outcomes(found)["us/ordinary"] == ("charge", 250_000)
    assert found.notes[0] == "pact is not in force on 2030-01-01: the claim counts for nothing."


def test_the_answer_as_json_has_stable_keys(law: Law) -> None:
    answer = goods_answer(ask(law))
    assert set(answer) == {
        *("on", "known", "importer", "exporter", "origin", "hts", "claim", "facts", "currency", "amounts_cents"),
        *("valuation", "programmes", "announced", "elections", "totals_cents", "unresolved", "notes"),
    }
    assert set(answer["programmes"][0]) == {
        *("programme", "title", "kind", "state", "since", "until", "next_state", "outcome", "rate", "heading"),
        *("reason", "arithmetic", "amount_cents", "document", "reference", "href", "needs"),
    }
    assert set(answer["announced"][0]) == {
        *("from", "programme", "title", "before", "after", "document", "reference", "href"),
    }
    assert answer["facts"]["vehicle_class"] == "passenger"
    assert answer["amounts_cents"] == {"customs_value": 10_000_000}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("8703.23", "passenger"),
        ("8704.31", "light_truck"),
        ("8704.22", "heavy_truck"),
        ("8702.10", "bus"),
        ("8708.40", ""),
    ],
)
def test_a_vehicle_is_known_by_its_code(law: Law, code: str, kind: str) -> None:
    line = ask(law, hts=code).asked.line
    assert (line.vehicle_class, line.use == "vehicle") == (kind, bool(kind))


def test_no_line_is_wider_than_the_terminal(law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    for columns in ("60", "80", "200"):
        monkeypatch.setenv("COLUMNS", columns)
        text = goods_text(ask(law, claim="pact"), show_all=True)
        assert max(map(len, text.splitlines())) <= min(110, int(columns))


def test_a_change_cites_the_document_that_makes_it() -> None:
    real = load_law()
    found = ask(real, on="2018-05-31", origin="CA", hts="7208.39")
    (change,) = [x for x in found.changes if x.programme.startswith("us/section")]
    assert (change.begins, change.before) == (dt.date(2018, 6, 1), "nothing")
    assert change.citation == "First day 2018-06-01; announcement of the day before seen [memory]"
    aluminium = ask(real, on="2020-08-10", origin="CA", hts="7601.10.30")
    assert [(x.begins, x.after) for x in aluminium.changes if x.programme.startswith("us/section")] == [
        (dt.date(2020, 8, 16), "10 % of unreduced value")
    ]


def test_a_status_that_the_law_closes_is_told() -> None:
    facts = ("zone_status=non_privileged",)
    found = ask(load_law(), on="2025-05-20", origin="JP", hts="8482.20.00", facts=facts)
    assert found.notes[0] == (
        "zone status non-privileged is not open on 2025-05-20 to goods that owe us/section_232/automobile_parts "
        "(Proclamations 10908, 10947, 11012: privileged foreign status required); "
        "it may stand from an earlier admission."
    )
