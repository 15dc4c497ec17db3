"""Credit accounts by hand: who draws first, what a month leaves, when it settles, which days and vehicles earn."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.clock import Clock
from sim.customs import ledger_flow
from sim.customs.book import Epochs, epochs_of, read_book
from sim.customs.credits import NEAR, NONE, Drawing, Scheme, _has_rate, _lots, open_drawing, read_schemes
from sim.errors import DataError
from sim.law import load_law
from sim.locate import data_dir
from sim.units import DAY
from tests.customs.test_credits import DAYS, JUNE, ran

RATE = "us/section_232/offset_account/rate"
KNOWN_LATE = dt.date(2025, 1, 1)  # before the account was announced
AUGUST = dt.date(2025, 8, 1)  # behind its first proclamation, before its second


def drawing(account: list[int], month: list[int], balance: list[list[float]], liability: list[float]) -> Drawing:
    found = Drawing((), np.array(account), np.array(month), np.array(balance), np.full(len(account), np.inf))
    found.liability[:] = liability
    return found


def flow_of(entry_s: list[int]) -> Any:
    return SimpleNamespace(entry_s=np.array(entry_s))


def test_what_a_month_leaves_is_carried_on() -> None:
    """100 in the first month less 30, then nothing less 10, leave 60 for the third."""
    made = drawing([0, 0, 0], [0, 1, 2], [[100.0, 0.0, 0.0]], [30.0, 10.0, 500.0])
    assert made.share_out(flow_of([1, 2, 3])).tolist() == [30.0, 10.0, 60.0]
    made = drawing([0, 0], [0, 1], [[100.0, 5.0]], [500.0, 500.0])
    assert made.share_out(flow_of([1, 2])).tolist() == [100.0, 5.0]


def test_the_earliest_draw_first_and_each_on_its_own_account() -> None:
    made = drawing([0, 1, 0, NONE], [0, 0, 0, 0], [[40.0], [7.0]], [30.0, 30.0, 30.0, 30.0])
    assert made.share_out(flow_of([9, 1, 2, 3])).tolist() == [10.0, 7.0, 30.0, 0.0]


def test_entries_of_one_second_draw_in_the_order_of_the_flow() -> None:
    """Forty of them: an order that is not stable would mix so many."""
    count = 40
    made = drawing([0] * count, [0] * count, [[35.0]], [10.0] * count)
    found = made.share_out(flow_of([k % 2 for k in range(count)]))  # the even ones first
    assert found.tolist() == [10.0, 0.0, 10.0, 0.0, 10.0, 0.0, 5.0] + [0.0] * 33


def test_it_settles_within_a_hundredth_of_a_cent() -> None:
    made = drawing([0, 0], [0, 0], [[9.0]], [5.0, 3.0])
    assert made.settles(np.array([5.0, 3.0])) is True
    assert made.settles(np.array([5.0, 3.0 + 0.02])) is False
    assert made.settles(np.array([0.0, 3.0])) is False
    assert drawing([0], [0], [[9.0]], [0.0]).settles(np.array([NEAR])) is True
    assert made.again(np.array([5.0, 1.0])).settles(np.array([5.0, 1.0])) is False  # the liability is told anew


def test_the_shipped_account_is_as_its_file_says() -> None:
    found = read_schemes(data_dir() / "credit_accounts.yaml")
    title = "Import adjustment offset of cars and light trucks"
    assert found == (Scheme(title, "US", RATE, ("passenger", "light_truck")),)


def test_an_account_that_is_no_yaml_is_told(tmp_path: Path) -> None:
    path = tmp_path / "accounts.yaml"
    path.write_text("cars: *a\n")
    with pytest.raises(DataError) as refused:
        read_schemes(path)
    assert str(refused.value) == "accounts.yaml: line 1: the alias '*a' is not allowed. Write the value out."
    path.write_text("cars: {}\n")
    with pytest.raises(DataError) as refused:
        read_schemes(path)
    keys = ("title", "importer", "rate", "vehicle_class")
    lines = "".join(f"\n  line 1, cars: the key '{key}' is missing." for key in keys)
    assert str(refused.value) == f"accounts.yaml: 4 problems{lines}"


def test_days_before_the_account_began_or_was_known_earn_nothing() -> None:
    law, june = load_law(), dt.date(2025, 6, 9)
    assert _has_rate(law, RATE, june, None)
    assert not _has_rate(law, RATE, dt.date(2025, 1, 1), None)
    assert not _has_rate(law, RATE, june, KNOWN_LATE)


def test_a_rate_that_was_changed_later_is_that_of_the_day_of_knowledge() -> None:
    """In April 2025 cars earned from the 3rd on; in October it was said that they did so from the 5th."""
    law, april = load_law(), dt.date(2025, 4, 4)
    assert _has_rate(law, RATE, april, AUGUST)
    assert not _has_rate(law, RATE, april, None)


def test_what_is_earned_and_its_source_are_those_of_the_day_of_knowledge() -> None:
    """In August 2025 the second year was to earn 2.5 %; in October it was said that it earns 3.75 % like the first."""
    built, made, ledger = ran(20_000.0, False)
    flow, law = ledger_flow(built, made, ledger, Clock(dt.date(2026, 6, 8), 0, DAYS * DAY)), load_law(())
    importers = ["US"] * len(flow.crossing_ids)
    credits = []
    for known in (AUGUST, None):
        drawing = open_drawing(flow, read_book(built), law, epochs_of(flow, law), importers, 1.0, known)
        assert drawing is not None
        credits += drawing.credits
    foreseen, in_force = credits
    assert foreseen.reference.title.startswith("Proclamation 10925 ")
    assert in_force.reference.title.startswith("Proclamation 10984 ")
    assert sum(in_force.by_month) > 0
    assert sum(foreseen.by_month) == pytest.approx(sum(in_force.by_month) * 2.5 / 3.75, abs=1)


CARS = Scheme("Cars", "US", RATE, ("passenger",))


def lots(day: dt.date, country: str = "US", known: dt.date | None = None) -> list[int]:
    """Units that earn: of a car with a schedule, of one without, and of an engine with one; all made on a day."""
    flow: Any = SimpleNamespace(
        exists=np.array([True, True, False, True, True, True]),
        is_seed=np.array([False, True, False, False, False, False]),
        finished_s=np.array([0, 5, 5, -1, 7, 8]),
        made_on=np.full(6, day.toordinal()),
        recipe=np.array([0, 0, 0, 0, 1, 2]),
        units=np.array([1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0]),
    )
    schedule = SimpleNamespace(msrp_usd=20_000.0)
    book: Any = SimpleNamespace(
        recipes=[SimpleNamespace(schedule=x) for x in (schedule, None, schedule)],
        country=[country] * 3,
        parts=[SimpleNamespace(vehicle_class=x) for x in ("passenger", "passenger", "")],
    )
    epochs = Epochs(np.array([], dtype=np.int64), (day,))
    found = tuple(_lots(CARS, flow, book, load_law(), epochs, known))
    assert {lot.on for lot in found} <= {day}
    assert {lot.msrp for lot in found} <= {2_000_000}
    return [int(lot.units) for lot in found]


def test_only_cars_finished_in_the_run_in_the_country_earn() -> None:
    """One of six: seeds, cars never made or not finished, without a schedule, and engines earn nothing."""
    june = JUNE
    assert lots(june) == [1]
    assert lots(june, country="MX") == []
    assert lots(dt.date(2025, 1, 6)) == []  # before any car earned
    assert lots(june, known=KNOWN_LATE) == []


@pytest.mark.parametrize(("importer", "account"), [("US", 0), ("MX", NONE), ("CA", NONE)])
def test_an_entry_of_another_country_draws_on_no_account(importer: str, account: int) -> None:
    """The account is that of the United States, whichever country the same entries are said to be of."""
    built, made, ledger = ran(20_000.0, False)
    flow, law = ledger_flow(built, made, ledger, Clock(JUNE, 0, DAYS * DAY)), load_law(())
    importers = [importer] * len(flow.crossing_ids)
    drawing = open_drawing(flow, read_book(built), law, epochs_of(flow, law), importers, 1.0, None)
    assert drawing is not None
    assert len(drawing.account) > 0
    assert (drawing.account == account).all()


def test_what_is_not_known_yet_opens_no_account() -> None:
    built, made, ledger = ran(20_000.0, False)
    flow, law = ledger_flow(built, made, ledger, Clock(JUNE, 0, DAYS * DAY)), load_law(())
    importers = ["US"] * len(flow.crossing_ids)
    assert open_drawing(flow, read_book(built), law, epochs_of(flow, law), importers, 1.0, KNOWN_LATE) is None
