"""Differences between charges with and without a claim, and later levies carried from tier to tier."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array  # type: ignore[import-untyped]

from sim.customs.entries import Charged
from sim.customs.true_up import FEES, Difference, Late, differences
from sim.law import Charge
from sim.references import Reference


def charged(lines: list[int], programme: str, amounts: list[float], rate_ppm: int = 25_000) -> Charged:
    amount = np.array(amounts)
    base = amount * 1e6 / rate_ppm
    charge = Charge(programme, "rate", "duty", "US", rate_ppm, base, amount, Reference("hand"), "general")
    return Charged(np.array(lines, dtype=np.int64), charge)


def found(rows: list[int], size: int, claimed: list[Charged], plain: list[Charged]) -> dict[str, Difference]:
    return {x.charge.programme: x for x in differences(np.array(rows, dtype=np.int64), size, claimed, plain)}


def test_more_less_and_the_same() -> None:
    """Lines 1 and 3 of four fail: a is new, b asks 15 more, c no longer anything, d what it asked."""
    claimed = [
        charged([0, 1, 2, 3], "b", [10.0, 10.0, 10.0, 20.0]),
        charged([1, 2], "c", [7.0, 7.0]),
        charged([0, 1, 2, 3], "d", [5.0, 5.0, 5.0, 5.0]),
    ]
    plain = [charged([0, 1], "a", [30.0, 40.0]), charged([0, 1], "b", [25.0, 20.0]), charged([0, 1], "d", [5.0, 5.0])]
    late = found([1, 3], 4, claimed, plain)
    told = {name: (x.lines.tolist(), x.exact.tolist(), x.cents.tolist()) for name, x in late.items()}
    assert told == {
        "a": ([1, 3], [30.0, 40.0], [30, 40]),
        "b": ([1], [15.0], [15]),
        "c": ([1], [-7.0], [-7]),
    }
    assert late["b"].charge.base.tolist() == [1_000.0]  # the base without the claim: 25 at 2.5 %
    assert late["c"].charge.base.tolist() == [0.0]


def test_each_amount_is_rounded_on_its_own() -> None:
    """10.4 cents less 0.6 are 9.8, but 10 were owed and 1 was paid: 9."""
    late = found([0], 1, [charged([0], "b", [0.6])], [charged([0], "b", [10.4])])
    assert late["b"].exact.tolist() == [pytest.approx(9.8)]
    assert late["b"].cents.tolist() == [9]


def test_a_part_of_a_cent_is_owed_though_none_is_paid() -> None:
    """10.3 less 10.1 cents: 0.2 in unit cost, nothing on the entry."""
    late = found([0], 1, [charged([0], "b", [10.1])], [charged([0], "b", [10.3])])
    assert (late["b"].exact.tolist(), late["b"].cents.tolist()) == ([pytest.approx(0.2)], [0])


def test_what_one_programme_asked_in_two_charges_counts_in_full() -> None:
    """Ten and 5.6 (6 on the entry) were asked of a line: 25 asks 9.4 more, 9 on the entry."""
    late = found([0], 1, [charged([0], "b", [10.0]), charged([0], "b", [5.6])], [charged([0], "b", [25.0])])
    assert (late["b"].exact.tolist(), late["b"].cents.tolist()) == ([pytest.approx(9.4)], [9])


def test_later_levies_are_carried_into_what_is_made() -> None:
    """Two units at 1.5 of duty and 0.5 of fees in one: 3 and 1 before its own journey, 0.25 more after it."""
    late = Late(2)
    assert late.duty(1, landed=True).sum() == late.fees(landed=True).sum() == 0.0
    late.owe(0, np.array([0]), np.array([1.5]))
    late.owe(FEES, np.array([0]), np.array([0.5]))
    late.make(np.array([1]), csr_array(np.array([[0.0, 0.0], [2.0, 0.0]]))[[1]])
    late.owe(0, np.array([1]), np.array([0.25]))
    assert late.duty(1, landed=False)[:, 0].tolist() == [0.0, 3.0]
    assert late.duty(1, landed=True)[:, 0].tolist() == [1.5, 3.25]
    assert late.fees(landed=True).tolist() == [0.5, 1.0]
    assert late.fees(landed=False).tolist() == [0.0, 1.0]
