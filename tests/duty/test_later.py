"""What follows an entry says so where the entry itself is not answered, and never counts it as nothing."""

from __future__ import annotations

from pathlib import Path

from sim.duty import Answer, assess_file

HEAD = "question: What follows?\nsource: closed form\nleave_out: [us/fees, mx/fees]\n"


def answer(folder: Path, text: str) -> Answer:
    path = folder / "file.yaml"
    path.write_text(HEAD + text)
    return assess_file(path)


BUILT = """entries:
  - {name: part, importer: US, on: 2019-06-03, exporter: JP, origin: JP,
     lines: [{name: cable, hts: 8544.30, value: USD 1 000}]}
  - {name: car, importer: US, on: 2025-06-16, exporter: JP, origin: JP, lines: [{name: car, hts: 8703.23,
     origin_marking: JP, use: vehicle, vehicle_class: passenger, value: USD 950, inputs: [{line: part/cable}]}]}
price: [{name: sticker, entries: [car], price: USD 4 000, before: {on: 2019-06-03}}]
"""


def test_duties_before_count_what_was_built_in(tmp_path: Path) -> None:
    """1,050 landed (5 %) and 950 more: 27.5 % of 2,000 now, 2.5 % before."""
    assert answer(tmp_path, BUILT).values["sticker.rise"] == 50_000


def test_a_price_is_not_told_where_duties_before_are_unresolved(tmp_path: Path) -> None:
    """A bolt owes on its whole value in 2026; in 2025 on its steel, of which the line says nothing."""
    text = """entries:
  - {name: E, importer: US, on: 2026-06-08, exporter: JP, origin: JP,
     lines: [{name: bolt, hts: 7318.15.20, value: USD 1 000}]}
price: [{name: box, entries: [E], price: USD 4 000, before: {on: 2025-06-16}}]
"""
    found = answer(tmp_path, text)
    assert "box.rise" not in found.values
    assert str(found.values["box"]).startswith("before: E/bolt: unresolved: needs 'steel_value'.")
    assert "  box: unresolved. before: E/bolt: unresolved" in found.text()


def test_a_deposit_of_an_unresolved_line_is_unresolved(tmp_path: Path) -> None:
    text = """entries:
  - {name: E, importer: US, on: 2025-06-16, exporter: CA, origin: CA,
     lines: [{name: wheel, hts: 7318.15.20, value: USD 100 000, antidumping: {rate: 5 %, final_rate: 7 %}}]}
"""
    found = answer(tmp_path, text)
    assert "E/wheel.antidumping_deposit.due" not in found.values
    assert "  E/wheel: antidumping deposit at 5 % unresolved with its line" in found.text()
    row = found.as_dict()["deposits"][0]
    assert (row["paid_cents"], row["due_cents"], len(row["unresolved"])) == (None, None, 1)


DEFERRED = """entries:
  - {name: in, importer: MX, on: 2026-02-16, exporter: CN, origin: CN,
     lines: [{name: bumper, hts: 8708.10, relief: temporary, value: USD 10 000},
             {name: other, hts: 8708.10, relief: none, value: USD 10 000}]}
drawback: [{name: out, to: US, inputs: [in/bumper], abroad: {duty: USD 1 000}}]
"""


def test_temporary_import_is_deferred_without_a_word(tmp_path: Path) -> None:
    """25 % of 10,000 falls due less the 1,000 paid abroad: the lesser of the two is let off."""
    found = answer(tmp_path, DEFERRED)
    assert (found.values["out.owed"], found.values["out.due"]) == (250_000, 150_000)
    assert found.as_dict()["drawback"][0]["regime"] == "deferred"


def test_regimes_that_cannot_be_are_refused(tmp_path: Path) -> None:
    refund = answer(tmp_path, DEFERRED.replace("to: US,", "to: US, regime: refund,"))
    assert refund.values["out"] == (
        "unresolved: no duty was paid on goods under relief: temporary, so none comes back. Write regime: deferred."
    )
    mixed = answer(tmp_path, DEFERRED.replace("[in/bumper]", "[in/bumper, in/other]"))
    assert mixed.values["out"] == (
        "unresolved: some inputs came in under relief: temporary, others not. Write two exports, or a regime."
    )


def test_an_account_says_that_later_credit_meets_earlier_entries(tmp_path: Path) -> None:
    text = """entries:
  - {name: E, importer: US, on: 2025-06-10, exporter: DE, origin: DE, importer_of_record: Maker,
     lines: [{name: brakes, hts: 8708.30.50, origin_marking: DE, value: USD 40 000}]}
accounts:
  offset:
    - {name: credit, rate: us/section_232/offset_account/rate, importers: [Maker],
       built: [{on: 2025-07-02, msrp: USD 40 000}]}
"""
    found = answer(tmp_path, text)
    assert found.values["credit.used"] == found.values["credit.earned"] == 150_000
    assert "vehicles built later also meet duties of earlier entries (assumption;" in " ".join(found.text().split())
    assert found.as_dict()["offset"][0]["carried_back"] is True
    before = answer(tmp_path, text.replace("2025-07-02", "2025-05-02"))
    assert "meet duties of earlier entries" not in before.text()


def test_a_refund_names_the_lines_it_cannot_tell(tmp_path: Path) -> None:
    text = """entries:
  - {name: E, importer: US, on: 2025-06-16, exporter: MX, origin: MX, origin_marking: MX,
     lines: [{name: bolt, hts: 7318.15.20, value: USD 1 000}]}
refund: {known: 2025-10-01}
"""
    found = answer(tmp_path, text)
    assert str(found.values["refund.E/bolt"]).startswith("unresolved: needs 'steel_value'.")
    assert "  E/bolt: unresolved: needs 'steel_value'." in found.text()


def test_a_leap_of_the_law_is_named_at_its_point(tmp_path: Path) -> None:
    """At a rate of nothing the emergency duty of 25 % returns: 10,000 on 40,000, more than the claim costs."""
    car = "hts: 8703.23.01, originating: yes, use: vehicle, vehicle_class: passenger, model_approved: yes"
    text = f"""entries:
  - {{name: pay, importer: US, on: 2025-07-20, exporter: MX, origin: MX, origin_marking: MX,
     lines: [{{name: a, {car}, value: USD 40 000, elect: {{claim: no}}}}]}}
  - {{name: claim, importer: US, on: 2025-07-20, exporter: MX, origin: MX, origin_marking: MX,
     lines: [{{name: a, {car}, value: USD 40 000, us_content: 40 %, elect: {{claim: usmca}},
              costs: {{claim: USD 3000}}}}]}}
break_even: {{vary: rate, of: us/section_232/automobiles/rate, from: 0 %, to: 50 %, options: [{{entry: pay}},
  {{entry: claim}}]}}
"""
    told = answer(tmp_path, text).text()
    assert "  rate of us/section_232/automobiles/rate at 0 % alone: claim costs least\n" in told
    assert "e-0" not in told


def test_a_quota_takes_one_code_with_its_dot(tmp_path: Path) -> None:
    text = """quotas: [{name: q, amount: 1, importer: US, hts: 87.03}]
entries:
  - {name: E, importer: US, on: 2019-06-17, exporter: DE, origin: DE, lines: [
     {name: car, hts: 8703.23, use: vehicle, vehicle_class: passenger, quantity: 2, unit_value: USD 100},
     {name: part, hts: 8544.30, value: USD 100}]}
"""
    found = answer(tmp_path, text)
    assert [line.line.name for line in found.entries[0].lines] == ["car (inside)", "car (outside)", "part"]
