"""A real network run for a short window: quick, yet every room takes part."""

import datetime as dt

import pytest

from sim.scenario import Scenario

WEEK = 604_800


@pytest.fixture(scope="session")
def asked() -> Scenario:
    """`seat_control` under NAFTA for one week after its warm-up."""
    return Scenario(
        name="asked",
        path=None,
        question="What do the traced journeys cost?",
        source="a test",
        network="seat_control",
        law_as_of=dt.date(2017, 8, 16),
        reforms=(),
        firms="claim_or_pay",
        warm_up_s=8 * WEEK,
        start=dt.date(2017, 11, 1),
        run_s=WEEK,
    )
