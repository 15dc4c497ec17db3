"""What the reader of a declaration says about a wrong file: every problem, its line, the nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.duty import DeclarationError, assess_file
from sim.errors import SimError

BAD = [
    (
        "names",
        """question: What is wrong here?
entries:
  - name: E
    importer: US
    on: 2025-06-16
    exporter: MX
    lines:
      - {name: engine, hts: 8407.34, orgin: MX, unit_value: USD 3000}
      - {name: gear, hts: 87084, origin: Mexico, relief: sectors, unit_value: 3000}
      - {name: box, hts: 8708.40, origin: MX, value: USD 1, elect: {clam: no, opt_in: light}, costs: {chapter98: USD 1}}
""",
        """names.yaml: 9 problems
  line 8, entries[0].lines[0].orgin: unknown key 'orgin'. Did you mean 'origin'?
  line 8, entries[0].lines[0]: the key 'origin' is missing.
  line 9, entries[0].lines[1].hts: '87084' is not a tariff code. Write four to ten digits, such as '8544.30'.
  line 9, entries[0].lines[1].origin: 'Mexico' is not a country by its letters. Did you mean 'MX' (Mexico)?
  line 9, entries[0].lines[1].relief: 'sectors' is not a value of 'relief'. Did you mean 'sector'?
  line 9, entries[0].lines[1].unit_value: '3000' is not an amount of money. Write the currency first, such as \
'USD 12.50'.
  line 10, entries[0].lines[2].elect.clam: unknown key 'clam'. Did you mean 'claim'?
  line 10, entries[0].lines[2].costs.chapter98: unknown key 'chapter98'. Did you mean 'chapter_98'?
  line 10, entries[0].lines[2].elect.opt_in: 'light' is no choice of 'opt_in'. Did you mean 'light_part'?""",
    ),
    (
        "money",
        """question: What is wrong here?
entries:
  - name: E
    importer: US
    on: 2025-06-16
    exporter: MX
    lines:
      - {name: a, hts: 8407.34, origin: MX, value: MXN 3000}
      - {name: a, hts: 8407.34, origin: MX, shipped: 2025-06-02, value: MXN 3000, unit_value: USD 2}
      - {name: c, hts: 8407.34, origin: MX, shipped: 2025-06-02, value: MXN 3000, quantity: "0", steel_value: USD -2}
""",
        """money.yaml: 6 problems
  line 7, entries[0].lines: 2 lines are named 'a'. Give each its own name.
  line 8, entries[0].lines[0].value: MXN is converted at the day of shipment. Add 'shipped: <date>' to the line.
  line 9, entries[0].lines[1]: a line has either 'unit_value' (all its money for one unit) or 'value' (for the whole \
line).
  line 10, entries[0].lines[2].quantity: '0' is not a quantity. Write a number above 0.
  line 10, entries[0].lines[2].value: no customs rate of MXN in USD for 2025-06-02. Add it under 'exchange' with its \
source; a rate is not guessed.
  line 10, entries[0].lines[2].steel_value: 'USD -2' is negative. Money of a line is zero or more.""",
    ),
    (
        "sections",
        """question: What is wrong here?
reforms: [border_tax_53]
entries:
  - {name: E, importer: US, on: 2025-06-16, exporter: MX, lines: [{name: a, hts: 8407.34, origin: MX, value: USD 1}]}
quotas:
  - {name: q, importer: US}
audit: {verified: 120 %, penalty: double, findings: [{lines: [E/b], facts: {originating: maybe}}]}
drawback:
  - {name: d, to: MX, inputs: [E/c], reading: per_goods}
break_even: {vary: rate, from: 10 %, to: 5 %, options: [{entry: F}]}
""",
        """sections.yaml: 12 problems
  line 2, reforms[0]: no reform named 'border_tax_53'. Did you mean 'border_tax_35'?
  line 6, quotas[0]: a quota has either an 'amount' or the path of a law value under 'from_law'.
  line 7, audit.penalty: 'double' is not a penalty. Write '200 % of duty', '20 % of value' or 'none'.
  line 7, audit.verified: '120 %' is above 100 %.
  line 7, audit.findings[0].lines[0]: 'E/b' is not allowed. Did you mean 'E/a'?
  line 7, audit.findings[0].facts.originating: 'maybe' is neither yes nor no.
  line 9, drawback[0].inputs[0]: 'E/c' is not allowed. Did you mean 'E/a'?
  line 9, drawback[0].reading: 'per_goods' is not allowed. Did you mean 'per_good'?
  line 10, break_even.options[0].entry: 'F' is not allowed. Allowed entries: E.
  line 10, break_even: 'of' names what varies: a law path, lines or options; a threshold has none.
  line 10, break_even.to: the range ends before it begins.
  line 10, break_even: a break-even compares two options or more.""",
    ),
]


BAD.append(
    (
        "law",
        """question: What is wrong here?
leave_out: [us/fee]
entries:
  - {name: E, importer: UK, on: 2025-06-16, exporter: MX, lines: [{name: a, hts: 8407.34, origin: MX, value: USD 1}]}
accounts:
  offset: [{name: a, rate: us/section_232/offset_account/rates, built: [], importers: [a], against: [us/section_23]}]
refund: {known: 2026-10-10, rulings: [{of: us/iepa, probability: us/ieepa/refund/probabilty}]}
break_even: {vary: rate, of: us/mfn/rate/8703, from: 0 %, to: 1 %, options: [{entry: E}, {name: F, entry: E}]}
""",
        """law.yaml: 7 problems
  line 2, leave_out[0]: no programme of the law named 'us/fee'. Did you mean 'us/fees'?
  line 4, entries[0].importer: no law of the importer 'UK'. Allowed importers: CA, MX, US.
  line 6, accounts.offset[0].against[0]: no programme of the law named 'us/section_23'. Did you mean 'us/section_232'?
  line 6, accounts.offset[0].rate: no value of the law named 'us/section_232/offset_account/rates'. Did you mean \
'us/section_232/offset_account/rate'?
  line 7, refund.rulings[0].of: no programme of the law named 'us/iepa'. Did you mean 'us/ieepa'?
  line 7, refund.rulings[0].probability: no value of the law named 'us/ieepa/refund/probabilty'. Did you mean \
'us/ieepa/refund/probability'?
  line 8, break_even.of: no value of the law named 'us/mfn/rate/8703'. Did you mean 'us/mfn/rates'?""",
    )
)

BAD.append(
    (
        "checks",
        """question: What is wrong here?
known: 1890-05-01
entries:
  - name: E
    importer: US
    on: 2025-06-16
    exporter: EU
    lines:
      - {name: a, hts: 0001.00, origin: UK, value: USD 1}
      - {name: b, hts: 9903.94.05, origin: ZZ, value: USD 1, agreement: usmac}
      - {name: c, hts: 8544.30, origin: MX, value: USD 1, chapter_98: 9802.0080, elect: {claim: usmac}}
      - {name: d, hts: 8544.30, origin: MX, value: USD 1, chapter_98: banana, admitted: 2025-07-20}
      - {name: e, hts: 8544.30, origin: MX, value: USD 1, us_content: 0.4, agreement: usmca, elect: {claim: no}}
  - {name: F, importer: CA, on: 2095-06-16, exporter: MX, lines: [
     {name: a, hts: 8544.30, origin: MX, value: USD 1, chapter_98: 9802.00.80}]}
accounts:
  offset: [{name: x, rate: 3.75 %, built: [], importers: [m]}]
drawback: [{name: d, to: Mexico, inputs: [E/a]}]
""",
        """checks.yaml: 17 problems
  line 2, known: 1890-05-01 is before the law. The earliest is 1994-01-01.
  line 7, entries[0].exporter: 'EU' is not a country. Write the member state, such as 'DE'.
  line 9, entries[0].lines[0].hts: '0001.00': chapter 00 does not exist. Allowed chapters: 01 to 97, but not 77.
  line 9, entries[0].lines[0].origin: 'UK' is not a country. Did you mean 'GB'?
  line 10, entries[0].lines[1].hts: '9903.94.05' is a special provision, not a good. Give the good's own code, and \
the provision as chapter_98.
  line 10, entries[0].lines[1].origin: 'ZZ' is not a country. Write two capital letters (ISO 3166), such as 'MX'.
  line 10, entries[0].lines[1].agreement: no agreement named 'usmac'. Did you mean 'usmca'?
  line 11, entries[0].lines[2].elect.claim: no agreement named 'usmac'. Did you mean 'usmca'?
  line 11, entries[0].lines[2].chapter_98: '9802.0080' is no special provision of the law of US. Did you mean \
'9802.00.80'?
  line 12, entries[0].lines[3]: the line was admitted to its zone on 2025-07-20, after its entry on 2025-06-16.
  line 12, entries[0].lines[3].chapter_98: 'banana' is no special provision of the law of US. Allowed provisions: \
9801.00.10, 9802.00.40, 9802.00.50, 9802.00.60, 9802.00.80, none.
  line 13, entries[0].lines[4].us_content: '0.4' is not an amount of money. Write the currency first, such as \
'USD 12.50'. A share is written with its sign, such as '40 %'.
  line 13, entries[0].lines[4].elect: 'claim: no' contradicts 'agreement: usmca' of the line. Keep one.
  line 14, entries[1].on: 2095-06-16 is beyond the law. The last document is of 2026-09-14, the last change takes \
effect on 2030-11-01; ask a day up to 2040-11-01.
  line 15, entries[1].lines[0].chapter_98: '9802.00.80' is no special provision of the law of CA. Did you mean \
'9989.00.00'?
  line 17, accounts.offset[0].rate: '3.75 %' is not the path of a law value: programme and name, parted by '/'.
  line 18, drawback[0].to: 'Mexico' is not a country by its letters. Did you mean 'MX' (Mexico)?""",
    )
)
BAD.append(
    (
        "sums",
        """question: What is wrong here?
entries:
  - name: E
    importer: US
    on: 2025-06-16
    exporter: MX
    origin: MX
    lines:
      - {name: a, hts: 8544.30, value: USD 99999999999999999999999999}
      - {name: b, hts: 8544.30, value: USD 1, quantity: "100000000000000000000"}
      - {name: c, hts: 8544.30, unit_value: USD 90000000000000, quantity: "2"}
      - {name: d, hts: 8703.23, value: USD 1, us_content: 140 %}
      - {name: e, hts: 8544.30, value: USD 40000, us_components: USD 300000}
      - {name: f, hts: 7318.15, value: USD 40000, steel_value: USD 30000, aluminium_value: 30 %}
""",
        """sums.yaml: 6 problems
  line 9, entries[0].lines[0].value: 'USD 99999999999999999999999999' is beyond exact money. The most is \
90071992547409 in any currency.
  line 10, entries[0].lines[1].quantity: '100000000000000000000' is beyond exact numbers. The most is 9007199254740992.
  line 11, entries[0].lines[2].unit_value: 'USD 90000000000000' is beyond exact money for 2 units. The most is \
90071992547409 in all.
  line 12, entries[0].lines[3]: 'us_content' is more than the customs value it is a part of.
  line 13, entries[0].lines[4]: 'us_components' is more than the customs value it is a part of.
  line 14, entries[0].lines[5]: steel_value and aluminium_value together are more than the customs value they are \
parts of.""",
    )
)


@pytest.mark.parametrize(("name", "text", "message"), BAD, ids=[name for name, _, _ in BAD])
def test_every_problem_is_told(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / f"{name}.yaml"
    path.write_text(text)
    with pytest.raises(DeclarationError) as error:
        assess_file(path)
    assert str(error.value) == message.replace(f"{name}.yaml:", f"{path}:", 1)


def test_an_election_that_is_not_open_leaves_the_other_line_answered(tmp_path: Path) -> None:
    path = tmp_path / "closed.yaml"
    path.write_text(
        """question: Can a good that does not originate be claimed?
entries:
  - name: E
    importer: US
    on: 2024-06-17
    exporter: MX
    lines:
      - {name: no, hts: 8407.34, origin: MX, origin_marking: MX, value: USD 1000, elect: {claim: yes}}
      - {name: yes, hts: 8407.34, origin: MX, origin_marking: MX, value: USD 1000}
"""
    )
    answer = assess_file(path)
    assert answer.unresolved == ("E/no: the election 'claim yes' is not open. Open: none.",)
    assert answer.values["E/yes.duty"] == 2_500


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SimError) as error:
        assess_file(tmp_path / "none.yaml")
    assert str(error.value) == f"{tmp_path / 'none.yaml'}: cannot be read (No such file or directory)"


def test_a_quota_refuses_copies(tmp_path: Path) -> None:
    path = tmp_path / "copies.yaml"
    path.write_text(
        """question: How many are inside?
quotas: [{name: q, amount: 1, importer: US}]
entries:
  - name: E
    importer: US
    on: 2024-06-17
    exporter: MX
    copies: 2
    lines: [{name: a, hts: 8407.34, origin: MX, value: USD 1}]
"""
    )
    with pytest.raises(SimError) as error:
        assess_file(path)
    assert str(error.value) == "q: touches 'E', which stands for several entries. Write them out."


def test_a_fee_that_is_not_known_leaves_the_duties_answered(tmp_path: Path) -> None:
    path = tmp_path / "later.yaml"
    path.write_text(
        """question: What is owed when the fee of the year was not found?
entries:
  - name: E
    importer: US
    on: 2026-10-05
    exporter: CA
    lines:
      - {name: part, hts: 8708.29.51, origin: CA, origin_marking: CA, value: USD 100}
      - {name: claimed, hts: 8708.29.51, origin: CA, origin_marking: CA, originating: yes, value: USD 900}
"""
    )
    answer = assess_file(path)
    assert answer.values["E/part.duty"] == 2_750
    assert answer.values["E/claimed.duty"] == 0
    assert [need.split(": ")[:2] for need in answer.unresolved] == [["E", "us/fees/merchandise_processing/minimum"]]
    assert "Fee unresolved: us/fees/merchandise_processing/minimum: " in " ".join(answer.text().split())
    assert "of what is answered" in answer.text()
