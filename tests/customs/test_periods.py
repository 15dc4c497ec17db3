"""Averaging periods by the calendar: their first and last days, and the days that fall into each."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from sim.customs import planned_flow
from sim.customs.flow import Flow
from sim.customs.periods import periods_of
from sim.errors import ScenarioError
from tests.customs.hand import DAY, Hand


def made_between(first: str, last: str, exists: tuple[bool, bool] = (True, True)) -> Flow:
    """Two loads, one made on the first day and one on the last, of a run that began on 20 December 2025."""
    hand = Hand()
    hand.site("supplier/us", "US")
    hand.site("market/us", "US", "market")
    for part in ("bolt", "nut"):
        hand.lane(hand.recipe("supplier/us", part, labour=1.0), "market/us")
    begins, ends = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    made_on = np.array([begins.toordinal(), ends.toordinal()], dtype=np.int64)
    flow = planned_flow(hand.build(), DAY)
    return replace(flow, begins=dt.date(2025, 12, 20), ends=ends, made_on=made_on, exists=np.array(exists))


@pytest.mark.parametrize(
    ("months", "told"),
    [
        (0, ["2025-11-20 to 2026-02-10"]),
        (1, ["2025-11-01 to 2025-11-30", "2025-12-01 to 2025-12-31", "2026-01-01 to 2026-01-31",
             "2026-02-01 to 2026-02-10"]),
        (3, ["2025-10-01 to 2025-12-31", "2026-01-01 to 2026-02-10"]),
        (12, ["2025-01-01 to 2025-12-31", "2026-01-01 to 2026-02-10"]),
    ],
)  # fmt: skip
def test_periods_of_the_calendar(months: int, told: list[str]) -> None:
    found = periods_of(made_between("2025-11-20", "2026-02-10"), months)
    assert [found.words(period) for period in range(len(found.begins))] == told
    for period, (begin, end) in enumerate(zip(found.begins, found.ends, strict=True)):
        assert found.of(np.array([begin.toordinal(), end.toordinal()])).tolist() == [period, period]


def test_periods_end_with_the_day_before_the_next() -> None:
    """A run that ends on the first day of a month has a period of one day; a load that was never made begins none."""
    found = periods_of(made_between("2025-12-31", "2026-01-01"), 1)
    assert [found.words(period) for period in (0, 1)] == ["2025-12-01 to 2025-12-31", "2026-01-01 to 2026-01-01"]
    late = periods_of(made_between("2025-11-20", "2026-02-10", (False, True)), 3)
    assert late.begins == (dt.date(2025, 10, 1), dt.date(2026, 1, 1))
    none = periods_of(made_between("2025-11-20", "2026-02-10", (False, False)), 0)
    assert none.words(0) == "2025-12-20 to 2026-02-10"


def test_another_length_is_refused() -> None:
    with pytest.raises(ScenarioError) as refused:
        periods_of(made_between("2025-11-20", "2026-02-10"), 2.5)
    assert refused.value.text() == ("parameters: averaging_months: 2.5 is not a period. Allowed: 0, 1, 3, 12 months.")
