"""Exchange rates in the roll-up: what costs made in a currency are worth on a day, and at which rate customs counts.

A maker's price is invoiced in the currency of its books (an assumption: many invoices of plants near the border are in
US dollars). Whoever makes something pays its labour, overhead and materials at the rate of the day on which it is made.
On import the price is turned into money of the importer at the official rate of the day of entry, taken for the day of
exportation: in the United States the rate certified for the quarter, unless that of the day departs from it by five
percent or more; elsewhere that of the day. Freight is paid in US dollars.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import numpy as np

from sim.currency import BOOKS, Worth
from sim.customs.book import ADDED, Book
from sim.customs.content import PLACES
from sim.customs.flow import Floats, Ints
from sim.duty.exchange import Exchange, Rate

MATERIALS = slice(0, len(PLACES))  # of the cost columns
MADE = slice(len(PLACES), ADDED.stop)  # labour and overhead


def own_cost(book: Book, worth: Worth, recipe: Ints, made_on: Ints) -> Floats:
    """Own cost of one unit by component, US dollars of the day on which it is made.

    Parameters
    ----------
    recipe, made_on : int64[n]
        Rows of the book, and proleptic ordinals.

    Returns
    -------
    float64[n, COST]
    """
    cost = book.added[recipe]
    for currency in worth.currencies:
        factor = worth.on(currency, made_on)
        for columns, currencies in ((MATERIALS, book.material_currency), (MADE, book.currency)):
            own = (currencies == currency)[recipe]
            cost[own, columns] *= factor[own, None]
    return cost


def official_ratio(book: Book, worth: Worth, recipe: Ints, is_us: bool, made_on: Ints, entered_on: Ints) -> Floats:
    """Customs value by unit of price, where the price is that of the day of making in the maker's currency.

    Parameters
    ----------
    is_us : bool
        Whether the importer is the United States.

    Returns
    -------
    float64[n]
        Official worth on the day of entry over worth on the day of making; 1 where nothing moved.
    """
    ratio = np.ones(len(recipe))
    for currency in worth.currencies:
        own = (book.currency == currency)[recipe]
        if own.any():
            official = _certified if is_us else Worth.on
            ratio[own] = official(worth, currency, entered_on[own]) / worth.on(currency, made_on[own])
    return ratio


def _certified(worth: Worth, currency: str, days: Ints) -> Floats:
    """Worth at which United States customs counts on some days."""
    distinct, inverse = np.unique(days, return_inverse=True)
    rates = np.array([float(_rate(worth, currency, dt.date.fromordinal(int(day)))) for day in distinct])
    return rates[inverse.reshape(-1)]


def _rate(worth: Worth, currency: str, day: dt.date) -> Fraction:
    quarter = dt.date(day.year, day.month - (day.month - 1) % 3, 1)
    both = worth.on(currency, np.array([quarter.toordinal(), day.toordinal()], dtype=np.int64))
    kinds = zip((quarter, day), both.tolist(), ("quarterly", "daily"), strict=True)
    rates = tuple(Rate(currency, begins, Fraction(value), kind, "scenario") for begins, value, kind in kinds)
    return Exchange(BOOKS, rates).rate(currency, day).rate
