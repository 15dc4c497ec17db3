"""Exchange rates: what a fall of the peso does to cost, customs value and duty, reckoned by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.currency import UNMOVED, Move, Worth, currency_of
from sim.customs import Claims, assess, planned_flow
from sim.customs.book import read_book
from sim.customs.exchange import official_ratio
from sim.network.model import Network
from sim.parameters import load_parameters
from tests.customs.hand import FREE, Hand, HandLaw

FALL = dt.date(2017, 11, 8)
LATER = dt.date(2017, 12, 20)
NEXT_QUARTER = dt.date(2018, 1, 3)
EVER = dt.date(2030, 1, 1)


def peso(percent: int, from_: dt.date = FALL, until: dt.date = EVER) -> Worth:
    return Worth((Move("MXN", from_, until, (100 + percent) * 10_000),))


def part_with_60_percent_mexican_cost() -> Network:
    """A Mexican part of 45 labour, 15 overhead and 40 of US materials, in a US car that adds 900."""
    hand = Hand()
    hand.site("supplier/mx", "MX")
    hand.site("plant/us", "US")
    hand.site("market/us", "US", "market")
    hand.crossing("laredo/us", "MX", "US")
    part = hand.recipe("supplier/mx", "part", labour=45.0, overhead=15.0, material=40.0)
    car = hand.recipe("plant/us", "car", hts="8703.23", labour=900.0, inputs={"part": 1}, tier=0)
    hand.lane(part, car, [("laredo/us", "entry")], units=10, freight=20.0)
    hand.lane(car, "market/us")
    network = hand.build()
    mexican = replace(network.sites["supplier/mx"], currency="MXN")
    return replace(network, sites=MappingProxyType({**network.sites, "supplier/mx": mexican}))


def assessed(worth: Worth, day: dt.date) -> dict[str, float]:
    """Per part: cost ex works, customs value and duty at 2.5 %; and all that the car costs, item by item."""
    network = part_with_60_percent_mexican_cost()
    parameters = load_parameters(FREE, worth)
    found = assess(planned_flow(network, day), network, HandLaw(25_000), Claims.none(), parameters)
    part = found.flow.lane_ids.index("supplier/mx/part..plant/us/car")
    car = found.flow.lane_ids.index("plant/us/car..market/us")
    return {
        "works": float(found.unit.works[part].sum()),
        "labour": float(found.unit.column("labour:MX")[part]),
        "materials": float(found.unit.column("materials:US")[part]),
        "value": float(found.entry_value_cents[0]) / 100 / 10,
        "duty": float(found.rows.amount_cents.sum()) / 100 / 10,
        "car": float(found.unit.landed[car].sum()),
    }


def test_before_the_fall_nothing_moves() -> None:
    expected = {"works": 100.0, "labour": 45.0, "materials": 40.0, "value": 100.0, "duty": 2.5, "car": 1_006.5}
    for worth in (UNMOVED, peso(-15)):
        assert assessed(worth, FALL - dt.timedelta(days=1)) == pytest.approx(expected)


def test_a_fall_of_15_percent_cheapens_what_is_paid_in_pesos() -> None:
    """0.85 x 60 + 40 = 91; customs counts at the rate of the day, which departs from the quarter's by 5 % or more."""
    found = assessed(peso(-15), LATER)
    duty = 91 * 0.025
    assert found["works"] == pytest.approx(91.0)
    assert (found["labour"], found["materials"]) == pytest.approx((0.85 * 45, 40.0))
    assert found["value"] == pytest.approx(91.0)
    assert found["duty"] == pytest.approx(duty)
    assert found["car"] == pytest.approx(900 + 91 + 4 + duty)  # and two legs of 20 a load of ten


def test_a_small_fall_reaches_customs_with_the_next_quarter() -> None:
    """0.97 x 60 + 40 = 98.2 dollars, 98.2 / 0.97 in pesos of the quarter's beginning: 101.24 until it ends."""
    assert assessed(peso(-3), LATER)["works"] == pytest.approx(98.2)
    assert assessed(peso(-3), LATER)["value"] == pytest.approx(98.2 / 0.97)
    assert assessed(peso(-3), NEXT_QUARTER)["value"] == pytest.approx(98.2)


def test_a_rate_that_comes_back_is_as_before() -> None:
    assert assessed(peso(-15, until=LATER), LATER) == pytest.approx(assessed(UNMOVED, LATER))


def test_another_currency_leaves_the_part_alone() -> None:
    worth = Worth((Move("CAD", FALL, EVER, 500_000),))
    assert assessed(worth, LATER) == assessed(UNMOVED, LATER)


def test_goods_made_before_the_fall_and_entered_after_it() -> None:
    """The price in pesos was fixed at 1.00 and is counted at 0.85 by the US; at the daily rate elsewhere too."""
    book = read_book(part_with_60_percent_mexican_cost())
    part = np.array([next(row for row, recipe in enumerate(book.recipes) if recipe.site == "supplier/mx")])
    made, entered = (np.array([day.toordinal()]) for day in (FALL - dt.timedelta(days=3), FALL))
    for is_us in (True, False):
        assert official_ratio(book, peso(-15), part, is_us, made, entered).tolist() == pytest.approx([0.85])
    assert official_ratio(book, peso(-4), part, True, made, entered).tolist() == [1.0]  # still the quarter's rate
    assert official_ratio(book, peso(-4), part, False, made, entered).tolist() == pytest.approx([0.96])


@given(
    moves=st.lists(
        st.tuples(
            st.sampled_from(["MXN", "CAD"]), st.integers(0, 40), st.integers(1, 40), st.integers(100_000, 3_000_000)
        ),
        max_size=4,
    ),
    day=st.integers(0, 80),
)
def test_worth_is_the_product_of_the_moves_that_cover_the_day(moves: list[tuple[str, int, int, int]], day: int) -> None:
    days = [dt.date(2017, 8, 16) + dt.timedelta(days=n) for n in range(81)]
    worth = Worth(tuple(Move(name, days[first], days[first] + dt.timedelta(days=n), f) for name, first, n, f in moves))
    for currency in ("MXN", "CAD", "USD"):
        expected = 1.0
        for name, first, length, factor in moves:
            if name == currency and first <= day < first + length:
                expected *= factor / 1_000_000
        assert worth.on(currency, np.array([days[day].toordinal()]))[0] == pytest.approx(expected)


def test_currencies_of_countries() -> None:
    assert [currency_of(country) for country in ("US", "CA", "MX", "DE", "IT")] == ["USD", "CAD", "MXN", "EUR", "EUR"]
