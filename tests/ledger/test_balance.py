"""Ledgers that were tampered with are refused, with the row, its neighbours and what is wrong."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from sim.engines.records import Rows, build_ledger
from sim.engines.reference import simulate
from sim.errors import LedgerError
from sim.ledger.balance import check_balances
from sim.ledger.ledger import Ledger
from sim.plan import Plan
from tests.engines.busy import busy_plan
from tests.engines.plans import PlanBuilder, Way


def small() -> tuple[Plan, Ledger]:
    b = PlanBuilder(5_000)
    b.crossing("gate", approach_s=5)
    b.recipe("plant", is_assembly=True)
    b.pair("maker", "plant", reorder_units=1, seeds=[(1, 0), (1, 0)], ways=[Way((10, 20), ("gate",))])
    b.lane("plant..market", "plant", ways=[Way((30,))], draws={"work_s": 60})
    for due in (100, 200, 300, 400):
        b.slot("plant..market", due, due + 50)
    plan = b.build()
    ledger = simulate(plan)
    check_balances(plan, ledger)
    return plan, ledger


def changed(ledger: Ledger, table: str, column: str, row: int, value: int) -> Ledger:
    rows: Any = getattr(ledger, table)
    values = getattr(rows, column).copy()
    values[row] = value
    return dataclasses.replace(ledger, **{table: dataclasses.replace(rows, **{column: values})})


# loads 0, 1 are seeds, 2 ... 5 orders of the maker, 6 ... 9 slots
TAMPERED = [
    ("loads", "n", 3, 9, "not in order of (lane, n)"),
    ("loads", "started_s", 0, 5, "a seed has started_s"),
    ("loads", "received_s", 6, 5_000, "received_s is outside the run of 5000 s"),
    ("loads", "ordered_s", 2, -1, "neither seeded nor ordered"),
    ("loads", "ordered_s", 2, 102, "started before it was ordered, or an order in its own second"),
    ("loads", "finished_s", 6, 100, "finished less than a second after its start"),
    ("loads", "received_s", 6, 110, "received less than a second after it was shipped"),
    ("loads", "route", 6, -1, "shipped without a route, or routed and not shipped"),
    ("loads", "shipped_s", 0, 5, "a seed has shipped_s"),
    ("loads", "shipped_s", 6, -1, "shipped without being finished, or finished and not shipped"),
    ("passages", "truck", 0, 10, "no load leads this truck"),
    ("passages", "truck", 0, 3, "not on the truck of the first load shipped"),
    ("loads", "is_lost", 6, 1, "lost, but started or not a build slot"),
    ("loads", "units", 6, 2, "not what the consumer's recipe needs of this stock"),
    ("loads", "received_s", 1, 401, "used before it was received"),
    ("loads", "units", 1, 2, "received 7 units, but used 4 and left 2"),
    ("passages", "joined_s", 0, 5, "joined_s before the step ahead of it"),
    ("passages", "cleared_s", 0, 127, "cleared_s before the step ahead of it"),
    ("passages", "arrived_s", 0, 112, "arrived before it left the place ahead"),
    ("passages", "position", 0, 1, "more passages than its route has"),
    ("passages", "left_s", 0, -1, "received without all passages of its route"),
    ("passages", "left_s", 0, 207, "received before it left its last crossing"),
    ("uses", "units", 1, 0, "nothing was used"),
    ("uses", "source", 1, 6, "the source does not feed this stock"),
    ("uses", "source", 1, 0, "more was used of this load than it held"),
    ("uses", "consumer", 0, 7, "started without all inputs, or used inputs unstarted"),
    ("loads", "started_s", 7, 250, "started although the slot had expired"),
    ("loads", "ordered_s", 7, 199, "not ordered in the second it was due"),
]


@pytest.mark.parametrize(("table", "column", "row", "value", "message"), TAMPERED)
def test_tampered(table: str, column: str, row: int, value: int, message: str) -> None:
    plan, ledger = small()
    assert int(getattr(getattr(ledger, table), column)[row]) != value
    with pytest.raises(LedgerError) as caught:
        check_balances(plan, changed(ledger, table, column, row, value))
    assert message in str(caught.value)


def test_text_of_a_violation() -> None:
    plan, ledger = small()
    with pytest.raises(LedgerError) as caught:
        check_balances(plan, changed(ledger, "loads", "started_s", 0, 5))
    tail = "finished_s -1, route -1, received_s 0, is_lost 0, shipped_s -1"
    third = "started_s 102, finished_s 112, route 0, received_s 207, is_lost 0, shipped_s 112"
    assert str(caught.value) == (
        "ledger: loads row 0: a seed has started_s\n"
        f"      > 0: lane 0, n 0, units 1, ordered_s -1, started_s 5, {tail}\n"
        f"        1: lane 0, n 1, units 1, ordered_s -1, started_s -1, {tail}\n"
        f"        2: lane 0, n 2, units 1, ordered_s 101, {third}"
    )


def test_stock_that_vanished() -> None:
    plan, ledger = small()
    with pytest.raises(LedgerError) as caught:
        check_balances(plan, dataclasses.replace(ledger, stock_left=ledger.stock_left - 1))
    assert str(caught.value) == "ledger: stock 'plant:maker': received 6 units, but used 4 and left 1"


def test_order_and_lot_queues() -> None:
    plan, ledger = small()
    # the third order of the maker (301, started 302) claims to be older than the second (201, started 202)
    with pytest.raises(LedgerError, match="started before an order that was accepted earlier"):
        check_balances(plan, changed(ledger, "loads", "ordered_s", 4, 200))
    # the vehicles of 100 and 200 take the two seeds in the wrong order
    with pytest.raises(LedgerError, match="a newer lot was issued first"):
        check_balances(plan, changed(changed(ledger, "uses", "source", 0, 1), "uses", "source", 1, 0))


def test_booths() -> None:
    b = PlanBuilder(5_000, hours=2)
    b.crossing("gate", open_standard=[1, 0])
    b.push("x", [10, 20], ways=[Way((10, 10), ("gate",))])
    plan = b.build()
    ledger = simulate(plan)
    check_balances(plan, ledger)
    assert ledger.passages.started_s.tolist() == [20, 80]
    for row, begins, message in (
        (1, 79, "more loads in booths than the crossing has"),
        (0, 70, "served before a load that joined earlier"),
        (1, 3_600, "served while no booth was open"),
    ):
        late = ledger
        for column, seconds in (("started_s", 0), ("cleared_s", 60), ("left_s", 60)):
            late = changed(late, "passages", column, row, begins + seconds)
        if row == 0:
            late = changed(changed(late, "passages", "started_s", 1, 30), "passages", "cleared_s", 1, 50)
        late = changed(late, "loads", "received_s", row, 4_000)
        with pytest.raises(LedgerError, match=message):
            check_balances(plan, late)


def test_a_missing_slot() -> None:
    plan, ledger = small()
    keep = np.arange(ledger.loads.lane.size) != 9
    loads = dataclasses.replace(
        ledger.loads, **{f.name: getattr(ledger.loads, f.name)[keep] for f in dataclasses.fields(ledger.loads)}
    )
    uses = dataclasses.replace(
        ledger.uses, **{f.name: getattr(ledger.uses, f.name)[:-1] for f in dataclasses.fields(ledger.uses)}
    )
    tampered = dataclasses.replace(ledger, loads=loads, uses=uses, stock_left=ledger.stock_left + 1)
    with pytest.raises(LedgerError) as caught:
        check_balances(plan, tampered)
    assert str(caught.value) == "ledger: slot 3: slot 3 of 'plant..market', due at 400 s, is missing"


@pytest.mark.parametrize("seed", range(12))
def test_busy_plans_balance(seed: int) -> None:
    plan = busy_plan(seed)
    check_balances(plan, simulate(plan))


def riding() -> tuple[Plan, Ledger]:
    """Loads 0, 1 of a and 2, 3 of b; those finished at 20 and 30 leave together at 100, the others at 200."""
    b = PlanBuilder(5_000)
    b.crossing("gate", standard=2)
    b.run("milk", 100, 200)
    for name, finished in (("a", [20, 150]), ("b", [30, 160])):
        b.push(name, finished, ways=[Way((10, 20), ("gate",))], run="milk")
    plan = b.build()
    return plan, simulate(plan)


RIDERS_TAMPERED = [
    ("loads", "shipped_s", 0, 90, "not shipped at the first departure of its milk run"),
    ("loads", "shipped_s", 3, 201, "not shipped at the first departure of its milk run"),
    ("loads", "shipped_s", 0, -1, "shipped without a route, or routed and not shipped"),
    ("loads", "received_s", 2, 191, "not where its truck is"),
    ("passages", "truck", 2, 2, "not on the truck of the first load shipped"),
    ("passages", "truck", 0, 2, "not on the truck of the first load shipped"),
    ("passages", "started_s", 2, 111, "not at the border with its truck"),
    ("passages", "used_fast", 2, 1, "not at the border with its truck"),
]


@pytest.mark.parametrize(("table", "column", "row", "value", "message"), RIDERS_TAMPERED)
def test_riders_tampered(table: str, column: str, row: int, value: int, message: str) -> None:
    plan, ledger = riding()
    check_balances(plan, ledger)
    assert int(getattr(getattr(ledger, table), column)[row]) != value
    with pytest.raises(LedgerError) as caught:
        check_balances(plan, changed(ledger, table, column, row, value))
    assert message in str(caught.value)


def test_a_truck_fills_one_booth_however_many_ride() -> None:
    plan, ledger = riding()
    crossings = dataclasses.replace(plan.crossings, booths_standard=np.array([1]))
    check_balances(dataclasses.replace(plan, crossings=crossings), ledger)
    assert ledger.passages.started_s.tolist() == [110, 210, 110, 210]


def test_an_engine_that_names_no_truck_is_refused() -> None:
    plan, _ = riding()
    none = np.zeros((6, 0), dtype=np.int32)
    rows = Rows(np.zeros((9, 1), dtype=np.int32), np.full((10, 1), -7, dtype=np.int32), none[:4], none)
    rows.passages[:9] = 0
    with pytest.raises(LedgerError) as caught:
        build_ledger(plan, [rows], np.zeros(0, np.int64), np.zeros((1, 3, 2), np.int64))
    assert str(caught.value) == "ledger: a truck is led by load row -7, which is none of 4"
