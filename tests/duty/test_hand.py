"""Duties and what follows them, each reckoned by hand; every case tells one rule from its neighbours."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from sim.duty import Answer, DeclarationError, assess_file
from sim.duty.piecewise import Piece, Stretch, winners

HEAD = "question: What is owed?\nsource: closed form\nleave_out: [us/fees, us/section_122]\n"
HARNESS = "hts: 8544.30.00, origin: JP, origin_marking: JP"  # 5 % of value in 2024, as in drawback.yaml


def answer(folder: Path, text: str, head: str = HEAD) -> Answer:
    path = folder / "file.yaml"
    path.write_text(head + text)
    return assess_file(path)


def refusal(folder: Path, text: str, head: str = HEAD) -> str:
    with pytest.raises(DeclarationError) as refused:
        answer(folder, text, head)
    return str(refused.value).removeprefix(f"{folder}/")


def imports(*lines: str, more: str = "") -> str:
    told = "".join(f"\n      - {{{line}}}" for line in lines)
    return f"entries:\n  - name: in\n    importer: US\n    on: 2024-06-03\n    exporter: JP\n{more}    lines:{told}\n"


TWO = imports(f"name: one, {HARNESS}, value: USD 200", f"name: two, {HARNESS}, value: USD 400")


def test_the_lesser_of_two_duties_is_taken_line_by_line(tmp_path: Path) -> None:
    """10 and 20 owed, 15 abroad: 10 + 15 by input, 15 for the good; lines are not one input together."""
    text = TWO + (
        "drawback:\n  - {name: each, to: MX, inputs: [in/one, in/two], abroad: {duty: USD 15}, reading: per_input}\n"
        "  - {name: whole, to: MX, inputs: [in/one, in/two], abroad: {duty: USD 15}, reading: per_good}\n"
    )
    found = answer(tmp_path, text)
    assert (found.values["each.back"], found.values["each.due"]) == (2_500, 500)
    assert (found.values["whole.back"], found.values["whole.due"]) == (1_500, 1_500)
    told = " ".join(found.text().split())
    assert "each: duty on the inputs USD 30.00, on the finished good in MX USD 15.00" in told
    assert "back USD 25.00 (per input), kept USD 5.00" in told


def test_a_part_of_the_units_of_copies_is_used(tmp_path: Path) -> None:
    """Three entries of 10 units at 20 each owe 3 x 10; 15 of the 30 units went into the export: 15 comes back of 15."""
    text = imports(f"name: one, {HARNESS}, quantity: 10, unit_value: USD 20", more="    copies: 3\n") + (
        "drawback:\n  - {name: half, to: DE, inputs: [{line: in/one, units: 15}], abroad: {duty: USD 0}}\n"
    )
    found = answer(tmp_path, text)
    assert (found.values["half.owed"], found.values["half.back"]) == (1_500, 1_500)
    more = answer(tmp_path, text.replace("units: 15", "units: 31"))
    assert more.values["half"] == "in/one: 31 units are more than the 30 of the line."


def test_duty_abroad_is_that_of_a_line_of_the_file(tmp_path: Path) -> None:
    """The good owes 2.5 % of 1,200 = 30 on two copies of one unit of 600; half the units: 15, less than 20."""
    text = imports(f"name: one, {HARNESS}, value: USD 400") + (
        "  - {name: out, importer: US, on: 2024-06-03, exporter: JP, copies: 2, lines: [{name: good, hts: 8708.10.30,"
        " origin: JP, origin_marking: JP, quantity: 1, unit_value: USD 600}]}\n"
        "drawback:\n  - {name: x, to: MX, inputs: [in/one], abroad: {line: out/good, units: 1}}\n"
    )
    found = answer(tmp_path, text)
    (row,) = found.as_dict()["drawback"]
    assert (row["owed_cents"], row["abroad_cents"], row["back_cents"], row["due_cents"]) == (2_000, 1_500, 1_500, 500)


def test_what_the_file_counts_or_leaves_out_of_drawback(tmp_path: Path) -> None:
    text = TWO + "drawback:\n  - {name: x, to: DE, inputs: [in/one], counts: {us/mfn: no}, abroad: {duty: USD 0}}\n"
    found = answer(tmp_path, text)
    (row,) = found.as_dict()["drawback"]
    assert (row["back_cents"], row["due_cents"]) == (0, 1_000)
    assert [(x["way"], x["why"]) for x in row["inputs"]] == [("none", "left out by the file")]


def test_duties_that_never_come_back_stay_unless_the_file_counts_them(tmp_path: Path) -> None:
    """In 2025 an emergency tariff is owed besides; whatever way it has, the file's word makes it the lesser of two."""
    lines = imports(f"name: one, {HARNESS}, value: USD 200").replace("2024-06-03", "2025-03-10").replace("JP", "CN")
    plain = answer(tmp_path, lines + "drawback:\n  - {name: x, to: DE, inputs: [in/one], abroad: {duty: USD 0}}\n")
    (row,) = plain.as_dict()["drawback"]
    kept = [x for x in row["inputs"] if x["way"] == "none"]
    assert kept
    counted = ", ".join(f"{x['programme']}: yes" for x in kept)
    text = f"drawback:\n  - {{name: x, to: MX, inputs: [in/one], counts: {{{counted}}}, abroad: {{duty: USD 9999}}}}\n"
    (row,) = answer(tmp_path, lines + text).as_dict()["drawback"]
    ways = {x["programme"]: (x["way"], x["why"]) for x in row["inputs"]}
    assert all(ways[x["programme"]] == ("lesser_of_two", "counted by the file") for x in kept)
    assert row["back_cents"] == row["owed_cents"]  # the duty abroad is larger than any of them


FAULTY = """drawback:
  - {name: a, to: MX, inputs: [in/one], abroad: {duty: USD 1, line: in/two}}
  - {name: b, to: MX, inputs: [{line: in/tow}], reading: per_inputs}
"""


def test_faults_of_an_export_are_told_together(tmp_path: Path) -> None:
    assert refusal(tmp_path, TWO + FAULTY) == (
        "file.yaml: 3 problems\n"
        "  line 13, drawback[0].abroad: the finished good abroad is either a 'line' of this file or a 'duty' in "
        "money.\n"
        "  line 14, drawback[1].inputs[0].line: 'in/tow' is not allowed. Did you mean 'in/two'?\n"
        "  line 14, drawback[1].reading: 'per_inputs' is not allowed. Did you mean 'per_input'?"
    )


AUDITED = """entries:
  - {name: E, importer: US, on: 2024-06-03, exporter: MX, copies: 3, lines: [{name: engine, hts: 8407.34.48, origin: MX,
     origin_marking: MX, originating: yes, value: USD 10 000, elect: {claim: usmca}}]}
audit:
  interest: 8 %
  penalty: 20 % of value
  after_days: 730
  findings: [{lines: [E/engine], facts: {originating: no}}]
"""


def test_a_finding_counts_every_copy(tmp_path: Path) -> None:
    """2.5 % of 10,000 lost thrice is 750; 8 % of it for two years 120; a penalty of 20 % of 30,000."""
    found = answer(tmp_path, AUDITED)
    (row,) = found.as_dict()["audit"]
    assert (row["declared_cents"], row["corrected_cents"]) == (0, 75_000)
    assert (row["interest_cents"], row["penalty_cents"], row["due_cents"]) == (12_000, 600_000, 687_000)
    assert found.values["audit.total"] == found.values["audit.E/engine"] == 687_000
    assert (
        "  E/engine: 750.00 instead of 0.00, paid 730 days late; interest USD 120.00, penalty USD 6,000.00; "
        "to pay USD 6,870.00"
    ) in " ".join(found.text().replace("\n    ", " ").split("\n")).replace("  E/engine", "  E/engine")


def test_a_finding_without_penalty(tmp_path: Path) -> None:
    found = answer(tmp_path, AUDITED.replace("20 % of value", "none"))
    assert found.values["audit.total"] == 87_000


def test_what_was_declared_and_paid_before_is_part_of_the_words(tmp_path: Path) -> None:
    """Not claimed: 250 a copy were paid; under its true code the line owes 500 a copy."""
    text = AUDITED.replace("elect: {claim: usmca}", "elect: {claim: no}").replace(
        "facts: {originating: no}", "facts: {hts: 8544.30}"
    )
    told = answer(tmp_path, text).text()
    assert "1,500.00 instead of 750.00, paid 730 days late" in told


def test_faults_of_an_audit_are_told_together(tmp_path: Path) -> None:
    text = AUDITED.replace("interest: 8 %", "verified: 120 %").replace("20 % of value", "20 % of worth")
    text = (
        text.replace("730", "two years")
        .replace("lines: [E/engine], ", "")
        .replace("facts: {originating: no}", "paid: 2025-01-02")
    )
    assert refusal(tmp_path, text) == (
        "file.yaml: 5 problems\n"
        "  line 8, audit.verified: '120 %' is above 100 %.\n"
        "  line 9, audit.penalty: '20 % of worth' is not a penalty. Write '200 % of duty', '20 % of value' or 'none'.\n"
        "  line 10, audit.after_days: 'two years' is not a number of days.\n"
        "  line 11, audit.findings[0]: a finding names either 'lines' or a 'model'.\n"
        "  line 11, audit.findings[0]: a finding says either the true 'facts' or the 'true_us_content'."
    )


def test_a_line_without_units_is_one(tmp_path: Path) -> None:
    """A value of one unit is the value of the line: 5 % of 200."""
    found = answer(tmp_path, imports(f"name: one, {HARNESS}, unit_value: USD 200"))
    assert found.values["in.total"] == 1_000


def test_shared_account_credit_meets_entries_of_its_own_day(tmp_path: Path) -> None:
    """Credit of cars built on the day of the entry meets it without being carried back."""
    text = """entries:
  - {name: E, importer: US, on: 2025-06-10, exporter: DE, origin: DE, importer_of_record: Maker,
     lines: [{name: brakes, hts: 8708.30.50, origin_marking: DE, value: USD 40 000}]}
accounts:
  offset:
    - {name: credit, rate: us/section_232/offset_account/rate, importers: [Maker],
       built: [{on: 2025-06-10, units: 2, msrp: USD 40 000}]}
"""
    found = answer(tmp_path, text)
    assert found.values["credit.used"] == found.values["credit.earned"] == 300_000  # 2 x 3.75 % of 40,000
    (row,) = found.as_dict()["offset"]
    assert row["carried_back"] is False
    assert [use["programmes"] for use in row["uses"]] == [
        ["us/section_232/automobile_parts"]
    ]  # and not the ordinary duty
    assert "meet duties of earlier entries" not in found.text()
    copies = text.replace("importer_of_record", "copies: 2, importer_of_record")
    with pytest.raises(Exception, match=r"credit: touches 'E', which stands for several entries\. Write them out\."):
        answer(tmp_path, copies)


EXCHANGE = """exchange:
  rates:
    - {currency: peso, from: 2024-01-01, rate: 0.05, kind: daily, source: made up}
    - {from: 2024-01-01, kind: quarterly, source: made up}
    - {currency: CAD, from: 2024-01-01, rate: none, kind: daily, source: made up}
    - {currency: CAD, from: 2024-01-01, rate: 0.7, kind: daily, source: made up}
"""


def test_faults_of_exchange_rates_are_told_together(tmp_path: Path) -> None:
    assert refusal(tmp_path, EXCHANGE + TWO) == (
        "file.yaml: 5 problems\n"
        "  line 4, exchange: two daily rates of CAD from 2024-01-01. Keep one.\n"
        "  line 6, exchange.rates[0].currency: 'peso' is not a currency. Write three capital letters, such as 'CAD'.\n"
        "  line 7, exchange.rates[1]: the key 'currency' is missing.\n"
        "  line 7, exchange.rates[1]: the key 'rate' is missing.\n"
        "  line 8, exchange.rates[2].rate: 'none' is not a rate. Write a number above 0, such as 0.7312."
    )


ENTRIES = """entries:
  - {name: a/b, importer: US, on: 2024-06-03, exporter: JP, at: "25:00", copies: 1.5, lines: []}
  - {name: z, importer: US, on: 2024-06-03, exporter: JP, at: "23:59", lines: [{name: one, hts: 8544.30.00, origin: JP,
     value: USD 200, quantity: 99999999999999999, zone_status: privileged, admitted: 2024-06-04,
     admitted_hts: 8544.30}]}
"""


def test_faults_of_entries_are_told_together(tmp_path: Path) -> None:
    assert refusal(tmp_path, ENTRIES) == (
        "file.yaml: 6 problems\n"
        "  line 5, entries[0].name: 'a/b' holds a '/', which parts entry from line.\n"
        "  line 5, entries[0].lines: an entry has at least one line.\n"
        "  line 5, entries[0].at: '25:00' is not an hour. Write it as 08:30.\n"
        "  line 5, entries[0].copies: '1.5' is not a number of copies. Write 1 or more.\n"
        "  line 6, entries[1].lines[0]: the line was admitted to its zone on 2024-06-04, after its entry on "
        "2024-06-03.\n"
        "  line 7, entries[1].lines[0].quantity: '99999999999999999' is beyond exact numbers. The most is "
        "9007199254740992."
    )
    assert refusal(tmp_path, "entries: []\n") == (
        "file.yaml: line 4, entries: no entry is written. Write at least one, with its lines."
    )


def test_the_value_is_part_of_what_is_compared_where_it_is_landed(tmp_path: Path) -> None:
    """At a rate of r an engine of 10,000 lands at 10,000 (1 + r); one of 10,300 free of duty is cheaper above 3 %."""
    text = """entries:
  - {name: pay, importer: US, on: 2024-06-03, exporter: JP, lines: [{name: a, hts: 8407.34.48, origin: JP,
     value: USD 10 000}]}
  - {name: free, importer: US, on: 2024-06-03, exporter: MX, lines: [{name: a, hts: 8407.34.48, origin: MX,
     origin_marking: MX, originating: yes, value: USD 10 300, elect: {claim: usmca}, costs: {claim: USD 0}}]}
break_even: {vary: rate, of: us/mfn/rates/8407.34.48, from: 0 %, to: 10 %, options: [{entry: pay}, {entry: free}]}
"""
    found = answer(tmp_path, text)
    assert found.values["break_even"] == "pay to free at 3 %"
    duty_alone = answer(tmp_path, text.replace("to: 10 %,", "to: 10 %, count: duties,"))
    assert [x["winner"] for x in duty_alone.as_dict()["break_even"]["intervals"]][-1] == "free"
    assert duty_alone.values["break_even"] in ("none", "pay to free at 0 %")


def test_the_least_of_four_lines_is_found_between_any_two() -> None:
    """1 + x and 4 - 2 x meet at 1; two dear lines stand between them in the list."""
    begin, end = Fraction(0), Fraction(3)
    lines = {"up": (1, 1), "dear": (90, 0), "down": (4, -2), "dearer": (99, 0)}
    functions = {name: (Piece(begin, end, Fraction(v), Fraction(slope)),) for name, (v, slope) in lines.items()}
    assert winners(functions) == (Stretch(begin, Fraction(1), "up"), Stretch(Fraction(1), end, "down"))


def test_the_ordinary_duty_alone_abroad_where_the_file_says_so(tmp_path: Path) -> None:
    """The good owes 2.5 % of 600 = 15 by column 1, emergency and section 301 tariffs of 45 % besides: 285."""
    text = imports(f"name: one, {HARNESS}, value: USD 400") + (
        "  - {name: out, importer: US, on: 2025-03-10, exporter: CN, lines: [{name: good, hts: 8708.10.30, origin: CN,"
        " value: USD 600}]}\n"
        "drawback:\n"
        "  - {name: all, to: MX, inputs: [in/one], abroad: {line: out/good}, comparison: all_duties}\n"
        "  - {name: column, to: MX, inputs: [in/one], abroad: {line: out/good}, comparison: column_1}\n"
    )
    found = answer(tmp_path, text)
    both = {row["name"]: (row["abroad_cents"], row["back_cents"]) for row in found.as_dict()["drawback"]}
    assert both == {"all": (28_500, 2_000), "column": (1_500, 1_500)}
    assert ": 2.5 % x USD 600.00 = USD 15.00. " in " ".join(found.text().split())


def test_a_finding_on_an_unresolved_line_counts_nothing(tmp_path: Path) -> None:
    text = """entries:
  - {name: E, importer: US, on: 2025-06-16, exporter: MX, origin: MX, origin_marking: MX,
     lines: [{name: bolt, hts: 7318.15.20, value: USD 1 000}]}
audit: {findings: [{lines: [E/bolt], facts: {originating: no}}]}
"""
    found = answer(tmp_path, text)
    (row,) = found.as_dict()["audit"]
    told = (
        row["declared_cents"],
        row["corrected_cents"],
        row["interest_cents"],
        row["penalty_cents"],
        row["due_cents"],
    )
    assert told == (0, 0, 0, 0, 0)
    assert found.values["audit.total"] == 0
    assert str(row["unresolved"][0]).startswith("unresolved: needs 'steel_value'.")


def test_a_day_of_admission_beyond_the_law_is_refused(tmp_path: Path) -> None:
    line = f"name: one, {HARNESS}, value: USD 200, zone_status: privileged, admitted: 1980-01-01, admitted_hts: 8544.30"
    assert "entries[0].lines[0].admitted: " in refusal(tmp_path, imports(line))
