"""The shared integer rules against their plainest form, and compiled against uncompiled."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engines import rules
from sim.engines.border import queues as queue
from sim.plan import NEVER


@st.composite
def calendars(draw: st.DrawFn) -> list[tuple[int, int]]:
    cuts = sorted(draw(st.sets(st.integers(0, 60), max_size=10)))
    return [(cuts[i], cuts[i + 1]) for i in range(0, len(cuts) - 1, 2)]


def work_second_by_second(t: int, work_s: int, shifts: list[tuple[int, int]]) -> int:
    for second in range(t, 70):
        work_s -= any(a <= second < b for a, b in shifts)
        if work_s == 0:
            return second + 1
    return NEVER


@settings(max_examples=200, deadline=None)
@given(calendars(), st.integers(0, 65), st.integers(1, 70))
def test_work_until(shifts: list[tuple[int, int]], t: int, work_s: int) -> None:
    # other calendars before and after, which must not be read
    table = [(0, 5), *shifts, (0, 99)]
    opens, closes = np.array([a for a, _ in table]), np.array([b for _, b in table])
    done = np.cumsum(closes - opens) - (closes - opens)
    bounds = (1, 1 + len(shifts))
    expected = work_second_by_second(t, work_s, shifts)
    plain = rules.work_until_plainly(t, work_s, *bounds, opens.tolist(), closes.tolist(), done.tolist())
    assert plain == expected
    assert rules.work_until(t, work_s, *bounds, opens, closes, done) == expected


def test_touching_shifts_are_one() -> None:
    assert rules.work_until_plainly(0, 10, 0, 2, [0, 10], [10, 20], [0, 10]) == 10
    assert rules.work_until_plainly(0, 11, 0, 2, [0, 10], [10, 20], [0, 10]) == 11
    assert rules.work_until_plainly(0, 21, 0, 2, [0, 10], [10, 20], [0, 10]) == NEVER


lanes = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from([0, 100_000, 250_000, 600_000]), st.booleans()),
    min_size=1,
    max_size=4,
)


@settings(max_examples=200, deadline=None)
@given(lanes, st.integers(1, 9))
def test_further_below_share(table: list[tuple[int, int, bool]], quantity: int) -> None:
    debited, share, blocked = ([row[i] for row in table] for i in range(3))

    def key(place: int) -> tuple[bool, bool, Fraction, int]:
        over = Fraction(debited[place] + quantity, share[place] or 1)
        return (blocked[place], share[place] == 0, over, place)

    expected = min(range(len(table)), key=key)
    for rule in (rules._is_further_below_share, rules.is_further_below_share):
        chosen = 0
        for lane in range(1, len(table)):
            now, best = debited[lane] + quantity, debited[chosen] + quantity
            if rule(now, share[lane], best, share[chosen], blocked[lane], blocked[chosen]):
                chosen = lane
        assert chosen == expected


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 20))
def test_is_worth_diverting(usual: int, quickest: int, divert_s: int) -> None:
    assert rules._is_worth_diverting(usual, quickest, divert_s) == (usual > quickest + divert_s)
    assert rules.is_worth_diverting(usual, quickest, divert_s) == (usual > quickest + divert_s)


def test_a_leg_takes_a_second_at_least() -> None:
    for rule in (rules._leg_seconds, rules.leg_seconds):
        assert [rule(100, ppm) for ppm in (1_500_000, 19_999, 10_000, 1)] == [150, 1, 1, 1]


def test_blocked_intervals_are_half_open() -> None:
    begins, ends = [0, 10, 30], [99, 20, 40]
    found = [t for t in range(50) if rules._is_blocked(t, 1, 3, begins, ends)]
    assert found == [*range(10, 20), *range(30, 40)]
    assert [t for t in range(50) if rules.is_blocked(t, 1, 3, np.array(begins), np.array(ends))] == found


def test_opening_hours() -> None:
    opens = queue.opening_hours(np.array([[0, 2, 0, 1, 0], [0, 0, 0, 0, 0]], dtype=np.int32))
    assert opens.tolist() == [[1, 1, 3, 3, 5], [5, 5, 5, 5, 5]]


@pytest.mark.parametrize(
    ("on_hand", "alarm_units", "alarm_s", "lasts"),
    [
        (11, 10, 3_600, -1),  # more than alarms
        (10, 10, 3_600, 3_600),
        (5, 10, 3_600, 1_800),
        (1, 3, 100, 33),  # whole seconds
        (1, 1, 60, 60),
        (0, 10, 3_600, 0),
        (0, 0, 3_600, 0),  # nothing is used: an empty stock lasts no time
        (1, 0, 3_600, -1),
    ],
)
def test_how_long_a_stock_lasts(on_hand: int, alarm_units: int, alarm_s: int, lasts: int) -> None:
    assert rules._lasts_s(on_hand, alarm_units, alarm_s) == lasts
    assert isinstance(rules._lasts_s(on_hand, alarm_units, alarm_s), int)
    assert rules.lasts_s(on_hand, alarm_units, alarm_s) == lasts


@pytest.mark.parametrize(("t", "place"), [(0, 1), (10, 1), (11, 2), (20, 2), (21, 4), (30, 4), (31, 5)])
def test_the_next_departure_is_now_or_later(t: int, place: int) -> None:
    """Departures at 10, 20 (twice) and 30; those of other lanes before and after are not looked at."""
    departures = [99, 10, 20, 20, 30, 40]
    assert rules.next_departure_plainly(t, 1, 5, departures) == place
    assert rules.next_departure(t, 1, 5, np.array(departures)) == place


@pytest.mark.parametrize(
    ("leg_s", "ppm", "seconds"),
    [(10, 1_000_000, 10), (10, 1_259_999, 12), (2, 1_000_000, 2), (3, 500_000, 1), (1, 400_000, 1), (0, 1_000_000, 1)],
)
def test_a_leg_takes_whole_seconds_and_one_at_least(leg_s: int, ppm: int, seconds: int) -> None:
    assert rules._leg_seconds(leg_s, ppm) == rules.leg_seconds(leg_s, ppm) == seconds
