"""Opening hours of a port on the clock, against hours counted by hand."""

import datetime as dt
from dataclasses import replace

import numpy as np

from sim.clock import Clock
from sim.network import load_network
from sim.network.hours import open_hours, shut_seconds

HOUR = 3_600
NETWORK = load_network("midsize")
COLOMBIA = NETWORK.crossings["laredo_colombia/us"]
MONDAY = Clock(dt.date(2017, 11, 6), 0, 14 * 24 * HOUR)  # central standard time: UTC - 6


def test_hours_are_local():
    port = replace(COLOMBIA, open_hour=8, close_hour=24, weekend_open_hour=8, weekend_close_hour=16)
    works = open_hours(port, MONDAY, 7 * 24)
    # 00:00 UTC is Sunday 18:00 local, two hours after closing; Monday opens at 08:00 local = 14:00 UTC
    assert works[:24].tolist() == [False] * 14 + [True] * 10


def test_a_port_shut_on_sunday_evening_is_not_open_before_monday_morning():
    port = replace(COLOMBIA, open_hour=8, close_hour=24, weekend_open_hour=8, weekend_close_hour=16)
    sunday = open_hours(port, MONDAY, 7 * 24)[6 * 24 :]
    assert sunday.tolist() == [False] * 14 + [True] * 8 + [False] * 2


def test_seconds_of_rest_between_two_moments():
    ids = tuple(NETWORK.crossings)
    index = ids.index("laredo_colombia/us")
    crossing = np.array([index, index, ids.index("ambassador_bridge/us")])
    shut = shut_seconds(
        NETWORK, ids, MONDAY, crossing, np.array([5 * HOUR, 15 * HOUR, 0]), np.array([16 * HOUR, 16 * HOUR, 9 * HOUR])
    )
    opens = 6 + COLOMBIA.open_hour  # in UTC hours; at 05:00 UTC it is Sunday 23:00 and the port rests
    assert shut.tolist() == [(opens - 5) * HOUR, 0, 0]
    booths = np.zeros((len(ids), 8), dtype=np.int64)
    booths[index, 7] = 2  # a scenario opens two booths for an hour of the night
    opened = shut_seconds(NETWORK, ids, MONDAY, crossing[:1], np.array([5 * HOUR]), np.array([16 * HOUR]), booths)
    assert opened.tolist() == [(opens - 6) * HOUR]
