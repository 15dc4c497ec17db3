"""Counts by month: which series a crossing has, and which months an event takes from it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.calibration.counts import event_months, members, read_counts, working_days
from sim.network.build.facts import read_ports


@given(st.integers(1990, 2100), st.integers(1, 12))
def test_working_days_by_counting(year, month):
    day, found = dt.date(year, month, 1), [0, 0]
    while day.month == month:
        found[day.weekday() >= 5] += 1
        day += dt.timedelta(days=1)
    assert working_days((year, month)) == tuple(found)


def test_every_open_truck_crossing_has_five_years_of_months():
    counts = read_counts()
    trucks = {port for port, row in read_ports().items() if row["kind"] == "land_truck"}
    assert set(counts) == trucks - {"gordie_howe"}
    for port, found in counts.items():
        assert len(found.months) + len(found.left_out) == 60, port
        assert {year for year, _ in found.months} == {2015, 2016, 2017, 2018, 2024}


def test_months_of_events_are_left_out():
    counts = read_counts()
    left_out = {port: found.left_out for port, found in counts.items() if found.left_out}
    storm = ((2017, 5), (2017, 6), (2017, 7), (2017, 8))
    assert left_out == {"laredo_wtb": storm, "laredo_colombia": storm}
    months = event_months()
    assert (2019, 4) in months["laredo_wtb"] & months["ysleta"] & months["otay_mesa"]  # laredo and el_paso are groups
    assert (2022, 4) in months["pharr"]
    assert (2022, 4) not in months.get("santa_teresa", frozenset())  # not in Texas


@pytest.mark.parametrize(
    ("place", "ports"),
    [
        ("nogales", ("nogales",)),
        ("laredo", ("laredo_wtb", "laredo_colombia")),
        ("el_paso", ("bota", "ysleta")),
        ("brownsville", ("brownsville_veterans", "los_indios")),
        ("canadian_rail", ()),
        ("eagle_pass_rail", ()),
    ],
)
def test_groups_of_ports(place, ports):
    assert members(place) == ports


def test_texas_bridges_are_nine():
    assert len(members("texas_bridges")) == 9
