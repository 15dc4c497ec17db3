"""Reforms laid over the law: what they change, what they leave alone, and how they say so."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sim.errors import LawError
from sim.law import GoodFacts, list_reforms, load_law

LAW = load_law()
CAR = GoodFacts("8703.23", "passenger", "vehicle", "vehicle")
START = dt.date(2017, 8, 16)
OF_2017 = {
    "border_tax_35",
    "modern_tracing_list",
    "nafta_withdrawal",
    "threshold_70",
    "threshold_75",
    "threshold_80",
    "us_2017_proposal",
    "us_2017_proposal_us_share_of_regional",
}


def write(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_every_shipped_reform_loads_and_changes_something() -> None:
    names = list_reforms()
    assert set(names) >= OF_2017
    digests = {load_law([name]).digest for name in names}
    assert len(digests | {LAW.digest}) == len(names) + 1
    for name in names:
        rows = LAW.difference(load_law([name]))
        assert rows
        assert all(row.source for row in rows)
        if name in OF_2017:
            assert all(row.begins == START for row in rows)


def test_null_reform_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, "title: Nothing\ndescription: Changes nothing.\nchanges: []\n")
    same = load_law([path])
    assert same == LAW
    assert same.digest == LAW.digest
    assert LAW.difference(same) == ()
    assert same.by_path == LAW.by_path
    assert same.agreements == LAW.agreements
    assert same.relations == LAW.relations


def test_withdrawal_ends_the_agreement() -> None:
    law = load_law(["nafta_withdrawal"])
    assert law.agreement("US", "MX", dt.date(2017, 8, 15)) == "nafta"
    assert law.agreement("US", "MX", START) is None
    assert law.agreement("US", "MX", START, known=dt.date(2017, 8, 15)) == "nafta"
    assert law.agreement("US", "MX", dt.date(2020, 7, 1)) == "usmca"
    (row,) = LAW.difference(law)
    assert (row.path, row.what, row.begins, row.before, row.after) == (
        "agreements/nafta",
        "state",
        START,
        "in force",
        "ended",
    )


@pytest.mark.parametrize(
    ("name", "base"),
    [("us_2017_proposal", "vehicle"), ("us_2017_proposal_us_share_of_regional", "regional")],
)
def test_united_states_proposal(name: str, base: str) -> None:
    law = load_law([name])
    rule = law.origin_rule("nafta", CAR, START)
    assert (rule.threshold_ppm, rule.national_ppm, rule.national_base) == (850_000, {"US": 500_000}, base)
    assert rule.traced_prefixes == LAW.origin_rule("nafta", CAR, START).traced_prefixes
    assert rule.reference.status == "assumption"
    before = law.origin_rule("nafta", CAR, dt.date(2017, 8, 15))
    assert (before.threshold_ppm, before.national_ppm) == (625_000, {})
    assert law.origin_rule("nafta", GoodFacts("8407.34"), START).threshold_ppm == 625_000


def test_modern_list_traces_everything_and_keeps_which_parts_have_a_value_rule() -> None:
    law = load_law(["modern_tracing_list"])
    rule = law.origin_rule("nafta", CAR, START)
    assert rule.traced_prefixes == ()
    assert (rule.vnm_method, rule.threshold_ppm) == ("traced", 625_000)
    assert law.origin_rule("nafta", GoodFacts("7210.49"), START).name == "Any other good"
    assert law.origin_rule("nafta", GoodFacts("8708.80"), START).name == "Listed part"


def test_reforms_stack_and_the_later_governs() -> None:
    both = load_law(["us_2017_proposal", "modern_tracing_list"])
    rule = both.origin_rule("nafta", CAR, START)
    assert (rule.threshold_ppm, rule.traced_prefixes) == (850_000, ())
    law = load_law(["us_2017_proposal", "threshold_75"])
    assert law.origin_rule("nafta", CAR, START).threshold_ppm == 750_000
    law = load_law(["threshold_75", "us_2017_proposal"])
    assert law.origin_rule("nafta", CAR, START).threshold_ppm == 850_000


def test_suspension_has_an_end(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "title: Pause\ndescription: A pause.\n"
        "references:\n  me: {title: made up, mark: assumption}\n"
        "changes:\n  - {suspend: us/section_232/automobiles, from: 2025-06-01, published: 2025-05-01, "
        "until: 2025-07-01, reference: me}\n",
    )
    law = load_law([path])
    programme = law.by_path["us/section_232/automobiles"]
    days = [dt.date(2025, 5, 31), dt.date(2025, 6, 1), dt.date(2025, 6, 30), dt.date(2025, 7, 1)]
    assert [programme.in_force(on) for on in days] == [True, False, False, True]


def test_wrong_reform_tells_every_problem(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """title: Wrong
description: Everything is wrong.
references:
  me: {title: made up, mark: asumption}
changes:
  - replace: agreements/nafta/light_vehicle_treshold
    vintages:
      - {from: 2017-08-16, published: 2017-08-16, value: 85 %, reference: me}
  - replace: agreements/nafta/light_vehicle_threshold
    vintages:
      - {from: 2017-8-16, published: 2017-08-16, value: 85, reference: you}
  - {end: agreements/nafat, from: 2017-08-16, published: 2017-08-16, reference: me}
  - {stop: agreements/nafta}
""",
    )
    with pytest.raises(LawError) as error:
        load_law([path])
    assert error.value.text() == (
        "mine.yaml: 7 problems\n"
        "  line 4, references.me.mark: 'asumption' is not allowed. Did you mean 'assumption'?\n"
        "  line 6, changes[0]: no value named 'agreements/nafta/light_vehicle_treshold'. "
        "Did you mean 'agreements/nafta/light_vehicle_threshold'?\n"
        "  line 11, changes[1].vintages[0].reference: no reference named 'you'. Allowed references: me.\n"
        "  line 11, changes[1].vintages[0].from: '2017-8-16' is not a date. Write it as 2025-04-03.\n"
        "  line 11, changes[1].vintages[0].value: '85' has no unit. "
        "Write a rate with its sign, such as '25 %'.\n"
        "  line 12, changes[2]: no programme or agreement named 'agreements/nafat'. "
        "Did you mean 'agreements/nafta'?\n"
        "  line 13, changes[3]: a change takes exactly one of replace, begin, suspend, end, add, relate."
    )


def test_unknown_reform_names_the_nearest() -> None:
    with pytest.raises(LawError) as error:
        load_law(["nafta_withdrawl"])
    assert error.value.text() == "law: no reform named 'nafta_withdrawl'. Did you mean 'nafta_withdrawal'?"


def test_missing_reform_file(tmp_path: Path) -> None:
    with pytest.raises(LawError) as error:
        load_law([tmp_path / "gone.yaml"])
    assert error.value.text() == "gone.yaml: cannot be read (No such file or directory)"
