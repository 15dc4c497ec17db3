"""Usual waits and delays: means of survey trucks made up by hand, and what the shipped networks show."""

import datetime as dt

import numpy as np
import pytest

from sim.validation import crossing_times, usual_waits
from sim.validation.survey import Met, Survey

FRIDAY = dt.date(2024, 6, 14).toordinal()
PUBLISHED = {
    "V5 pharr/us crossing mean": 52.3,
    "V6 laredo_wtb/us wait mean": 21.0,
    "V6 blue_water_bridge/us wait mean": 25.0,
    "V9 pharr/us wait mean": 63.0,
    "V9 laredo_colombia/us wait mean": 26.0,
    "V9 ysleta/us wait mean": 52.0,
    "V10 eagle_pass/us crossing mean": 34.0,
    "V10 del_rio/us crossing mean": 20.0,
}


def met(days, waits, crossings, weights):
    """One survey truck a wait, all of them at noon."""
    size = len(waits)
    noon = np.full(size, 12)
    each = (np.array(numbers, dtype=float) for numbers in (waits, crossings, weights))
    return Met(np.zeros(size, dtype=int), np.array(days), noon, 60 * noon, *each)


def test_usual_waits_are_means_over_trucks_of_weekdays(monkeypatch):
    """Waits of 10 and 20 min with one and three trucks behind them: 17.5; crossings of 30 and 42: 39; no Saturday."""
    asked = []

    def survey(question):
        asked.append(question)
        trucks = met([FRIDAY, FRIDAY, FRIDAY + 1], [10, 20, 500], [30, 42, 600], [1, 3, 50])
        return Survey({(crossing, "standard"): trucks for crossing in question.crossings}, {})

    monkeypatch.setattr(usual_waits, "survey", survey)
    found = {f"{x.target} {x.item}": x for x in usual_waits.usual_waits()}
    assert {name: x.theirs for name, x in found.items()} == PUBLISHED
    for name, x in found.items():
        assert x.ours == pytest.approx(39.0 if name.endswith("crossing mean") else 17.5)
        assert (x.low, x.high, x.unit) == (x.theirs / 2, x.theirs * 2, "min")
    assert [(question.start, question.days) for question in asked] == [
        (dt.date(2012, 10, 1), 14),
        (dt.date(2004, 10, 4), 14),
        (dt.date(2022, 4, 18), 14),
        (dt.date(2023, 5, 1), 14),
    ]


def test_delays_are_the_mean_over_ways_of_the_means_over_trucks(monkeypatch):
    """Ways with means of 17.5, 2 and four times 6 min: 43.5 over 6, however many trucks each of them has."""
    waits = {("ambassador_bridge", "US"): ([10, 20], [1, 3]), ("peace_bridge", "CA"): ([2], [1_000])}
    ways = []

    def surveyed(way):
        ways.append(way)
        told, weights = waits.get(way, ([6], [1]))
        return met([FRIDAY] * len(told), told, told, weights)

    monkeypatch.setattr(crossing_times, "_met", surveyed)
    (found,) = crossing_times.delays()
    ports = ("ambassador_bridge", "blue_water_bridge", "peace_bridge")
    assert sorted(ways) == [(port, country) for port in ports for country in ("CA", "US")]
    assert found.ours == pytest.approx((17.5 + 2 + 4 * 6) / 6)
    assert (found.target, found.theirs, found.low, found.high) == ("V4", 9.8, 4.9, 19.6)


def test_the_delay_of_2001_is_in_its_band():
    (found,) = crossing_times.delays()
    assert found.is_met
    assert found.ours == pytest.approx(7.63, abs=0.01)


def test_most_usual_waits_are_missed_and_none_is_hidden():
    """Agencies and newspapers tell of busy days; ours are means of a fortnight."""
    found = {f"{x.target} {x.item}": x for x in usual_waits.usual_waits()}
    assert set(found) == set(PUBLISHED)
    assert {name: round(x.ours, 1) for name, x in found.items() if x.is_met} == {
        "V9 laredo_colombia/us wait mean": 18.0,
        "V10 eagle_pass/us crossing mean": 20.5,
        "V10 del_rio/us crossing mean": 19.2,
    }
    assert all(x.ours < x.low for x in found.values() if not x.is_met)
