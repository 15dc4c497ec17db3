"""Canada and Mexico as importers: what stood announced, what may be chosen and refunded, and the cost of deferral."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from sim.errors import LawError
from sim.law import LineFacts, load_law
from sim.units import round_cents

LAW = load_law()
DAY = dt.timedelta(days=1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def owed(line: LineFacts, on: str, value: float) -> Mapping[str, int]:
    charges = LAW.assess(line, day(on), {"customs_value": np.array([value])})
    return {c.programme: int(round_cents(c.amount)[0]) for c in charges}


def standing(importer: str, origin: str, code: str, on: str) -> dict[str, tuple[str, str, str]]:
    found = LAW.programmes(importer, origin, code, day(on))
    return {s.programme: (s.state, str(s.until), s.next_state) for s in found}


OWN = sorted(path for path in LAW.by_path if path.startswith(("ca/", "mx/")))


@pytest.mark.parametrize("path", OWN)
def test_a_programme_begins_and_ends_on_its_days(path: str) -> None:
    programme = LAW.by_path[path]
    first = min(vintage.begins for vintage in programme.life.vintages)
    assert not programme.in_force(first - DAY)
    assert programme.in_force(first)
    for vintage in programme.life.vintages:
        if vintage.value == "ended" and not programme.in_force(vintage.begins):
            assert programme.in_force(vintage.begins - DAY)
    if programme.kind in ("duty", "fee"):  # only relief reached back
        assert all(vintage.published <= vintage.begins for vintage in programme.life.vintages)


@pytest.mark.parametrize(
    ("importer", "origin", "code", "on", "path", "expected"),
    [
        ("CA", "US", "8703.23", "2025-04-07", "ca/vehicle_surtax", None),
        ("CA", "US", "8703.23", "2025-04-08", "ca/vehicle_surtax", ("announced", "2025-04-09", "in force")),
        ("CA", "US", "8703.23", "2025-04-09", "ca/vehicle_surtax", ("in force", "None", "")),
        ("CA", "US", "7210.49", "2025-03-12", "ca/metal_surtax_2025", ("announced", "2025-03-13", "in force")),
        ("CA", "CN", "8703.80", "2024-09-25", "ca/electric_vehicle_surtax", ("announced", "2024-10-01", "in force")),
        ("CA", "CN", "8703.80", "2026-02-25", "ca/electric_vehicle_surtax", ("in force", "2026-03-01", "ended")),
        ("CA", "CN", "8703.80", "2026-03-01", "ca/electric_vehicle_surtax", ("ended", "None", "")),
        ("CA", "US", "7210.49", "2018-06-29", "ca/metal_surtax_2018", ("announced", "2018-07-01", "in force")),
        ("CA", "US", "7210.49", "2019-05-18", "ca/metal_surtax_2018", ("in force", "2019-05-20", "ended")),
        ("MX", "US", "7210.49", "2018-06-05", "mx/retaliation_2018", ("in force", "None", "")),
        ("MX", "US", "7210.49", "2019-05-20", "mx/retaliation_2018", ("ended", "None", "")),
    ],
)
def test_what_stood_announced_in_force_or_ended(
    importer: str, origin: str, code: str, on: str, path: str, expected: tuple[str, str, str] | None
) -> None:
    assert standing(importer, origin, code, on).get(path) == expected


def test_seventh_crossing_to_the_cent() -> None:
    car = LineFacts("CA", "US", "US", "8703.23", origin_marking="US", use="vehicle")
    claimed = LineFacts("CA", "US", "US", "8703.23", "US", "usmca", True, use="vehicle")
    on, value, proven = (
        day("2025-07-01"),
        4_000_000,
        1_400_000,
    )  # cents: USD 40,000, of which 14,000 are Canadian or Mexican
    columns = {"customs_value": np.array([float(value)]), "ca_mx_content": np.array([float(proven)])}
    (surtax,) = LAW.assess(claimed, on, columns)
    assert surtax.amount[0] == 0.25 * (value - max(0.15 * value, proven))
    (general, whole) = LAW.assess(car, on, columns)
    assert (general.amount[0], whole.amount[0]) == (0.061 * value, 0.25 * value)


@pytest.mark.parametrize(
    ("path", "on", "towards", "expected"),
    [
        ("ca/mfn", "1995-12-31", "US", "full"),
        ("ca/mfn", "1996-01-01", "US", "lesser_of_two"),
        ("ca/mfn", "2000-12-31", "MX", "full"),
        ("ca/mfn", "2001-01-01", "MX", "lesser_of_two"),
        ("ca/mfn", "2026-09-30", "US", "lesser_of_two"),
        ("ca/mfn", "2026-09-30", "JP", "full"),
        ("ca/vehicle_surtax", "2025-07-01", "US", "lesser_of_two"),
        ("ca/special_import_measures", "2025-07-01", "US", "none"),
        ("mx/mfn", "2000-12-31", "US", "full"),
        ("mx/mfn", "2001-01-01", "US", "lesser_of_two"),
        ("mx/mfn", "2001-01-01", "CA", "lesser_of_two"),
        ("mx/mfn", "2026-09-30", "DE", "full"),
        ("mx/temporary_import", "2026-09-30", "US", "lesser_of_two"),
        ("mx/compensatory_quotas", "2026-09-30", "CA", "none"),
    ],
)
def test_rights_of_refund_by_day_and_destination(path: str, on: str, towards: str, expected: str) -> None:
    assert LAW.drawback(path, day(on)).towards_country(towards) == expected


def test_goods_exported_as_they_came_are_not_limited() -> None:
    for path in ("ca/mfn", "mx/mfn"):
        assert LAW.drawback(path, day("2026-01-05")).towards_country("US", same_condition=True) == "full"


@pytest.mark.parametrize(
    ("abroad", "due"),
    [
        (0.0, 500_000),  # the module originates: nothing is paid in the United States, all falls due in Mexico
        (200_000.0, 300_000),
        (500_000.0, 0),
        (900_000.0, 0),
    ],
)
def test_deferred_duty_falls_due_beyond_the_lesser_of_two(abroad: float, due: int) -> None:
    """A harness of China worth USD 100,000, built into a module for the United States; 5 % in Mexico."""
    declared = LineFacts("MX", "CN", "CN", "8544.30", origin_marking="CN", relief="temporary")
    definitive = LineFacts("MX", "CN", "CN", "8544.30", origin_marking="CN", relief="none")
    assert "mx/mfn" not in owed(declared, "2025-05-05", 10_000_000.0)
    full = owed(definitive, "2025-05-05", 10_000_000.0)["mx/mfn"]
    assert full == 500_000
    assert LAW.drawback("mx/mfn", day("2025-05-05")).towards_country("US") == "lesser_of_two"
    assert full - min(full, abroad) == due


def test_a_sectoral_rate_of_nil_leaves_nothing_to_fall_due() -> None:
    registered = LineFacts("MX", "CN", "CN", "8544.30", origin_marking="CN", relief="sector")
    assert owed(registered, "2025-05-05", 10_000_000.0) == {"mx/fees/customs_processing": 2_300}


def test_producers_pay_eight_per_mille_where_they_do_not_defer(tmp_path: Path) -> None:
    reform = tmp_path / "reform.yaml"
    reform.write_text(
        "title: Definitive imports\ndescription: Producers import definitively.\n"
        "references:\n  me: {title: made up, mark: assumption}\n"
        "changes:\n  - replace: mx/fees/customs_processing/producers_defer\n"
        "    vintages: [{from: 2017-01-01, published: 2017-01-01, value: no, reference: me}]\n",
        encoding="utf-8",
    )
    line = LineFacts("MX", "CN", "CN", "8544.30", origin_marking="CN")
    charges = load_law([reform]).assess(line, day("2017-09-01"), {"customs_value": np.array([10_000_000.0])})
    assert {c.programme: float(c.amount[0]) for c in charges} == {"mx/fees/customs_processing": 80_000.0}


def choices(line: LineFacts, on: str, known: str | None = None) -> set[tuple[str, str]]:
    found = LAW.elections(line, day(on), day(known) if known else None)
    return {(x.fact, x.value) for x in found}


def test_what_an_importer_into_canada_may_choose() -> None:
    coil = LineFacts("CA", "US", "US", "7210.49", origin_marking="US", originating=True)
    assert choices(coil, "2019-05-06") == {("agreement", "nafta")}
    assert choices(coil, "2020-07-01") == {("agreement", "usmca")}
    assert choices(coil, "2025-05-05") == {("agreement", "usmca"), ("relief", "remission")}
    assert choices(coil, "2025-05-05", known="2025-04-15") == {("agreement", "usmca")}
    claimed = LineFacts("CA", "US", "US", "8708.29", origin_marking="US", agreement="usmca", originating=True)
    assert choices(claimed, "2021-05-05") == {("agreement", "")}
    car = LineFacts("CA", "US", "US", "8703.23", origin_marking="US", use="vehicle", originating=True)
    assert choices(car, "2025-05-05") == {("agreement", "usmca")}
    suspended = LineFacts(
        "CA", "MX", "MX", "8703.23", origin_marking="MX", use="vehicle", originating=True, preference_suspended=True
    )
    assert choices(suspended, "2025-05-05") == set()


def test_remission_is_worth_its_paperwork() -> None:
    coil = LineFacts("CA", "US", "US", "7210.49", origin_marking="US")
    assert owed(coil, "2025-05-05", 10_000_000.0) == {"ca/metal_surtax_2025": 2_500_000}
    (choice,) = LAW.elections(coil, day("2025-05-05"))
    remitted = LineFacts("CA", "US", "US", "7210.49", origin_marking="US", relief=choice.value)
    assert owed(remitted, "2025-05-05", 10_000_000.0) == {}
    assert choice.cost_cents == 2_500


def test_what_an_importer_into_mexico_may_choose() -> None:
    bumper = LineFacts("MX", "US", "US", "8708.10", origin_marking="US", originating=True, relief="temporary")
    assert choices(bumper, "2017-09-01") == {("agreement", "nafta"), ("relief", "sector")}
    foreign = LineFacts("MX", "CN", "CN", "8708.10", origin_marking="CN", relief="none")
    assert choices(foreign, "2026-01-05") == set()


@pytest.mark.parametrize("importer", ["CA", "MX"])
@pytest.mark.parametrize("origin", ["US", "CN", "JP"])
def test_every_carried_code_has_an_answer_on_every_day_since_2010(importer: str, origin: str) -> None:
    """Without a claim or a programme, on each day of change and the day before; road tractors stop with 2025."""
    table = LAW.by_path[f"{importer.lower()}/mfn"].tables["rates"]
    changes = LAW.change_dates(day("2010-01-01"), day("2026-11-22"), importer)
    days = sorted({day("2010-01-01"), *changes, *(change - DAY for change in changes)})
    for code in sorted(table.rows)[::6]:
        use = "vehicle" if code.startswith("87") and code[:4] < "8706" else "aftermarket"
        line = LineFacts(importer, origin, origin, code, origin_marking=origin, use=use, relief="none")
        for on in days:
            if (importer, code) == ("MX", "870121") and on >= day("2026-01-01"):
                continue
            charges = LAW.assess(line, on, {"customs_value": np.array([100_000.0])})
            assert all(0 <= c.amount[0] <= 100_000 for c in charges)


@pytest.mark.parametrize(("importer", "last"), [("CA", "1998-12-31"), ("MX", "2009-12-31")])
def test_a_day_without_a_carried_rate_is_told_not_passed_free(importer: str, last: str) -> None:
    line = LineFacts(importer, "CN", "CN", "8708.10", origin_marking="CN", use="aftermarket", relief="none")
    table = f"{importer.lower()}/mfn/rates"
    with pytest.raises(LawError) as error:
        LAW.assess(line, day(last), {"customs_value": np.array([100_000.0])})
    assert error.value.text() == (
        f"{table}: no rate for the code '8708.10' on {last}. Add a row for it, or for a shorter code that covers it, "
        "with its reference."
    )


def test_quota_cuts_of_october_2025() -> None:
    for name, share in (("general_motors_cut", 242_000), ("stellantis_cut", 500_000)):
        path = f"ca/vehicle_remission_quota/{name}"
        assert LAW.value(path, day("2025-10-22")) == 0
        assert LAW.value(path, day("2025-10-23")) == share
    assert LAW.value("ca/electric_vehicle_surtax/quota_vehicles", day("2026-03-01")) == 49_000
