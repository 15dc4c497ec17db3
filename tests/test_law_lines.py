"""Many lines at once: equal to one by one, fast enough for a million, and fees taken once per entry."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace

import numpy as np
import pytest

from sim.errors import LawError
from sim.law import Charge, LineFacts, assess_lines, consolidate, load_law

LAW = load_law()
MEXICO = LineFacts("US", "MX", "MX", "8544.30", "MX", steel_melt="", aluminium_smelt="", metal_weight="under_15")
CANADA = LineFacts("CA", "US", "US", "8703.23", "US", use="vehicle")
KINDS = [
    replace(MEXICO, hts_code=code, agreement=agreement, originating=bool(agreement), model_approved=True, use=use)
    for code, use in (("8544.30", "original_equipment"), ("8703.23", "vehicle"), ("8537.10", "original_equipment"))
    for agreement in ("", "usmca")
] + [CANADA]


def drawn(count: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    generator = np.random.default_rng(seed)
    which = generator.integers(0, len(KINDS), count)
    on = generator.integers(dt.date(2025, 1, 1).toordinal(), dt.date(2026, 8, 1).toordinal(), count)
    value = generator.uniform(1e4, 1e7, count)
    return which, on, {"customs_value": value, "us_content": value * 0.4}


def test_many_lines_are_assessed_as_one_by_one() -> None:
    which, on, amounts = drawn(400)
    together: list[dict[str, float]] = [{} for _ in which]
    for rows, charge in assess_lines(LAW, KINDS, which, on, amounts):
        assert list(rows) == sorted(rows)
        for row, amount in zip(rows, charge.amount, strict=True):
            together[row][charge.programme] = float(amount)
    for row in range(len(which)):
        one = {name: column[row : row + 1] for name, column in amounts.items()}
        charges = LAW.assess(KINDS[which[row]], dt.date.fromordinal(int(on[row])), one)
        assert together[row] == {c.programme: float(c.amount[0]) for c in charges}


def test_known_date_is_respected() -> None:
    on = np.array([dt.date(2025, 4, 3).toordinal()])
    amounts = {"customs_value": np.array([1000.0]), "us_content": np.array([0.0])}
    line = replace(MEXICO, hts_code="8703.23", use="vehicle")
    for known, count in ((dt.date(2025, 4, 3), 4), (None, 3)):
        assert len(list(assess_lines(LAW, [line], np.array([0]), on, amounts, known))) == count


def test_half_a_million_lines_take_seconds() -> None:
    which, on, amounts = drawn(500_000)
    begin = time.perf_counter()
    total = sum(float(charge.amount.sum()) for _, charge in assess_lines(LAW, KINDS, which, on, amounts))
    assert total > 0
    assert time.perf_counter() - begin < 20  # about one second on an idle machine


def test_no_lines_and_wrong_lines() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert list(assess_lines(LAW, KINDS, none, none, {"customs_value": np.zeros(0)})) == []
    with pytest.raises(LawError) as error:
        list(assess_lines(LAW, KINDS, np.array([0, 9]), np.array([1]), {"customs_value": np.zeros(3)}))
    assert error.value.text() == (
        "assess_lines: 3 problems\n  'customs_value' has 3 rows, which 2.\n  'on' has 1 rows, which 2.\n"
        "  'which' must lie between 0 and 6."
    )


def charges(line: LineFacts, on: dt.date, *values: float) -> tuple[Charge, ...]:
    return LAW.assess(line, on, {"customs_value": np.array(values) * 100})


def fee(found: tuple[Charge, ...]) -> Charge:
    return next(x for x in found if x.kind == "fee")


def test_a_fee_names_its_bounds_and_a_duty_has_none() -> None:
    found = charges(MEXICO, dt.date(2025, 6, 16), 200_000.0)
    assert [(x.kind, x.least, x.most) for x in found] == [
        ("fee", 3_271.0, 63_462.0),
        ("duty", None, None),
        ("duty", None, None),
    ]


def test_one_fee_per_entry_shared_by_base() -> None:
    on = dt.date(2025, 6, 16)
    found = charges(MEXICO, on, 100.0, 300.0, 100_000.0, 200_000.0)
    assert fee(found).amount.tolist() == pytest.approx([3_271.0, 3_271.0, 34_640.0, 63_462.0])
    entries = np.array([7, 7, 5, 5])
    shared = fee(consolidate(found, entries)).amount
    assert shared.tolist() == pytest.approx([3_271 / 4, 3_271 * 3 / 4, 63_462 / 3, 63_462 * 2 / 3])
    others = [x for x in consolidate(found, entries) if x.kind == "duty"]
    assert [x.amount.tolist() for x in others] == [x.amount.tolist() for x in found if x.kind == "duty"]


def test_one_fee_over_lines_of_different_facts() -> None:
    on = dt.date(2025, 6, 16)
    first, second = charges(MEXICO, on, 1_000.0), charges(replace(MEXICO, hts_code="8537.10"), on, 2_000.0, 5_000.0)
    together = (*first, *second)
    ids = [np.array([1])] * len(first) + [np.array([1, 2])] * len(second)
    fees = [x.amount.tolist() for x in consolidate(together, ids) if x.kind == "fee"]
    assert fees[0] == pytest.approx([3_271 / 3])
    assert fees[1] == pytest.approx([3_271 * 2 / 3, 3_271])


def test_a_worthless_entry_pays_the_floor_evenly() -> None:
    found = charges(MEXICO, dt.date(2025, 6, 16), 0.0, 0.0)
    assert fee(consolidate(found, np.array([1, 1]))).amount.tolist() == pytest.approx([3_271 / 2, 3_271 / 2])


def test_consolidation_by_chance_never_passes_the_bounds_and_keeps_sums() -> None:
    generator = np.random.default_rng(5)
    value = generator.uniform(1, 4e5, 300)
    entries = generator.integers(0, 60, 300)
    found = charges(MEXICO, dt.date(2025, 6, 16), *value)
    shared = fee(consolidate(found, entries)).amount
    for entry in np.unique(entries):
        lines = entries == entry
        owed = min(max(float(value[lines].sum()) * 100 * 0.003464, 3_271.0), 63_462.0)
        assert float(shared[lines].sum()) == pytest.approx(owed)


def test_wrong_entry_ids_are_told() -> None:
    found = charges(MEXICO, dt.date(2025, 6, 16), 1.0, 2.0)
    with pytest.raises(LawError) as error:
        consolidate(found[:1], np.array([1]))
    assert error.value.text() == "consolidate: us/fees/merchandise_processing has 2 lines but 1 entry ids."
