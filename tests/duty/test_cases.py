"""Declarations that a broker can read: each YAML file says what should come out, to the cent."""

from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from sim.duty import assess_file
from sim.duty.declaration import VALUE, Amount, Entry, Line
from sim.duty.entry import assess_entry
from sim.duty.law_view import LawView
from sim.law import LineFacts, consolidate, load_law
from sim.units import parse_money, round_cents

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.yaml"))


def test_cases_were_found() -> None:
    assert len(FILES) >= 25


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    answer = assess_file(path)
    assert answer.declaration.source
    assert answer.declaration.expect
    assert [check for check in answer.checks if not check.met] == []
    shown = json.dumps(answer.as_dict(), allow_nan=False)
    assert json.loads(shown)["question"] == answer.declaration.question
    assert max(len(line) for line in answer.text().splitlines()) <= 112


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_explanation_and_amounts_agree(path: Path) -> None:
    """Duties of a line are the charges of its explanation, each rounded once; the fees stand apart."""
    for entry in assess_file(path).entries:
        for line in entry.lines:
            if (
                line.explanation is None
                or line.option is None
                or line.line.admitted
                or "offset_credit" in line.line.amounts
            ):
                continue
            told = {s.programme: s.amount_cents[0] for s in line.explanation.steps if s.amount_cents}
            for row in line.duties:
                assert abs(told[row.programme] - row.amount) < 1e-6
                assert abs(row.cents - row.amount) <= 0.5 + 1e-6


def test_sticker_prices_are_within_two_percent_of_the_printed() -> None:
    values = assess_file(FOLDER / "sticker_price.yaml").values
    printed = {"car_partly": 1_409, "car_wholly": 2_057, "suv_partly": 2_092, "suv_wholly": 3_066}
    for name, dollars in printed.items():
        assert abs(int(values[f"{name}.rise"]) / 100 - dollars) <= 0.02 * dollars


def test_offset_table_in_percent_of_retail_price() -> None:
    values = assess_file(FOLDER / "offset_as_first_published.yaml").values
    found = [int(values[f"{name}.duty"]) / 4_000_000 for name in ("first_85", "first_0", "second_85", "second_0")]
    assert found == [0.0, 0.2125, 0.0125, 0.225]


CASCADE = """question: duty on duty
source: closed form
reforms: [{reform}]
only: [us/trial, mx/trial]
entries:
"""


@pytest.mark.parametrize(
    ("rate", "percents"), [("2.5", (3.78, 6.41, 7.75)), ("10", (15.50, 27.63, 34.31)), ("25", (40.625, 80.18, 105.18))]
)
def test_table_of_duty_on_duty(tmp_path: Path, rate: str, percents: tuple[float, ...]) -> None:
    """Equal value added at each of n stages, n = 2, 4, 5: (1/n) sum (1 + t)^i, to a billionth."""
    reform = (FOLDER / "reforms" / "trial_rates.yaml").read_text().replace("25 %", f"{rate} %")
    (tmp_path / "trial.yaml").write_text(reform)
    text = CASCADE.format(reform="trial.yaml")
    for stage in range(1, 6):
        into, out_of = ("MX", "US") if stage % 2 else ("US", "MX")
        inputs = f", inputs: [{{line: s{stage - 1}/good}}]" if stage > 1 else ""
        text += (
            f"  - {{name: s{stage}, importer: {into}, on: 2024-03-01, exporter: {out_of}, lines: [{{name: good, "
            f"hts: 8708.29, origin: {out_of}, origin_marking: {out_of}, value: USD 10 000 000{inputs}}}]}}\n"
        )
    path = tmp_path / "cascade.yaml"
    path.write_text(text)
    values = assess_file(path).values
    t = float(rate) / 100
    for stages, percent in zip((2, 4, 5), percents, strict=True):
        factor = int(values[f"s{stages}/good.landed"]) / (stages * 1e9)
        assert factor == pytest.approx(sum((1 + t) ** i for i in range(1, stages + 1)) / stages, abs=1e-9)
        assert 100 * (factor - 1) == pytest.approx(percent, abs=0.005)


def test_burden_on_the_last_stage() -> None:
    """Half the value enters free: duty at the last border over the last value added is t / (1 - a) = 20 % at 10 %."""
    values = assess_file(FOLDER / "duty_on_duty.yaml").values
    assert int(values["half_1/good.landed"]) == parse_money("USD 625 000")[1]


def test_answer_reads_as_written() -> None:
    text = assess_file(FOLDER / "comply_or_pay.yaml").text()
    alternatives = """\
    elected: as declared
    alternatives, total of the entry:
      as declared: USD 625.00 (taken)
      claim nafta: USD 700.00
"""
    assert alternatives in text
    assert "cost of comply from USD 0.00 to USD 625.00: comply costs least" in text
    assert text.endswith("break_even: comply to pay at USD 625.00, met")


def test_keys_of_the_json_answer() -> None:
    found = assess_file(FOLDER / "audit.yaml").as_dict()
    assert list(found) == [
        "question",
        "source",
        "reforms",
        "known",
        "currency",
        "left_out",
        "only",
        "entries",
        "audit",
        "unresolved",
        "resolved",
        "unresolved_entries",
        "values",
        "checks",
    ]
    line = found["entries"][0]["lines"][0]
    assert line["elected"][0]["name"] == "claim"
    assert line["alternatives"][1] == {"elections": "claim usmca", "total_cents": 231_190, "taken": True, "needs": []}
    assert [step["outcome"] for step in line["steps"] if step["programme"] == "us/mfn"] == ["exempt"]


def test_fees_agree_with_the_consolidation_of_the_law() -> None:
    """The room takes a fee once an entry; the law's own routine, on arrays, comes to the same."""
    law = load_law()
    on = dt.date(2025, 6, 16)
    facts = LineFacts("US", "MX", "MX", "8407.34.48", origin_marking="MX")
    for cents in ((300_000, 200_000), (20_000, 30_000), (90_000_000, 100), (0, 0)):
        charges = law.assess(facts, on, {"customs_value": np.array(cents, dtype=np.float64)})
        fee = next(x for x in consolidate(charges, np.zeros(2, dtype=np.int64)) if x.kind == "fee")
        lines = tuple(Line(str(n), facts, Fraction(1), {VALUE: Amount(Fraction(c))}) for n, c in enumerate(cents))
        found = assess_entry(LawView(law), Entry("E", "US", on, lines))
        assert found.fee_cents == round_cents(fee.amount.sum())
        for line, amount in zip(found.lines, fee.amount, strict=True):
            assert abs(float(line.fee_shares[0][1]) - amount) <= 1


def test_a_written_fact_can_be_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "any.yaml"
    path.write_text(
        """question: Is the claim that is written worth making?
source: "2.5 % of 25,000 is 625 and the fee 86.60; paperwork of 800 is more"
entries:
  - name: E
    importer: US
    on: 2019-06-03
    exporter: MX
    lines:
      - name: car
        hts: 8703.23
        origin: MX
        origin_marking: MX
        originating: yes
        agreement: nafta
        use: vehicle
        vehicle_class: passenger
        value: USD 25 000
"""
    )
    assert assess_file(path).values["E.total"] == 0
    path.write_text(f"{path.read_text()}        elect: {{claim: any}}\n        costs: {{claim: USD 800}}\n")
    assert assess_file(path).values["E.total"] == 71_160
