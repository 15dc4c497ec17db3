"""Quantities as text and as integers: durations in seconds, rates in parts per million, money in cents."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

import numpy as np
from numpy.typing import ArrayLike, NDArray

PPM = 1_000_000
MINUTE = 60
HOUR = 3_600
DAY = 86_400
WEEK = 604_800

YEARS = range(1800, 2101)  # of dates that are read; assumption: whoever writes another has slipped

_DURATIONS = {
    "s": 1,
    "second": 1,
    "seconds": 1,
    "min": MINUTE,
    "minute": MINUTE,
    "minutes": MINUTE,
    "h": HOUR,
    "hour": HOUR,
    "hours": HOUR,
    "d": DAY,
    "day": DAY,
    "days": DAY,
    "w": WEEK,
    "week": WEEK,
    "weeks": WEEK,
}
EXACT = 2**53  # whole numbers beyond this have no exact double: money is refused above it
_NUMBER = r"[+-]?\d+(?:[ _]?\d{3})*(?:\.\d+)?"
_WITH_COMMAS = r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?"  # as answers print it
_QUANTITY = re.compile(rf"({_NUMBER})\s*([A-Za-z%]*)")


def parse_duration(text: str) -> int:
    """Read a duration such as ``36 h``, ``3 d`` or ``10 weeks`` as whole seconds.

    Raises
    ------
    ValueError
        No number, no unit, an unknown unit, a negative value, or a fraction of a second.

    Examples
    --------
    >>> parse_duration("36 h"), parse_duration("1.5 days")
    (129600, 129600)
    """
    amount, unit = _split(text, "a duration such as '72 h' or '3 d'")
    if not unit:
        raise ValueError(f"'{text}' has no unit. Write a duration such as '72 h' or '3 d'.")
    if unit not in _DURATIONS:
        raise ValueError(f"'{text}' has the unknown unit '{unit}'. Allowed units: s, min, h, d, weeks.")
    seconds = amount * _DURATIONS[unit]
    if seconds < 0:
        raise ValueError(f"'{text}' is negative. A duration is zero or more.")
    if seconds != seconds.to_integral_value():
        raise ValueError(f"'{text}' is not a whole number of seconds.")
    return int(seconds)


def parse_rate(text: str) -> int:
    """Read a rate such as ``25 %`` or ``0.3464 %`` as parts per million.

    Raises
    ------
    ValueError
        No number, no ``%``, a negative rate, or more than four decimals of a percent.

    Examples
    --------
    >>> parse_rate("0.3464 %")
    3464
    """
    amount, unit = _split(text, "a rate such as '25 %'")
    if unit != "%":
        raise ValueError(f"'{text}' has no unit. Write a rate with its sign, such as '25 %'.")
    if amount < 0:
        raise ValueError(f"'{text}' is negative. A rate is zero or more.")
    ppm = amount * 10_000
    if ppm != ppm.to_integral_value():
        raise ValueError(f"'{text}' is finer than a ten-thousandth of a percent.")
    return int(ppm)


def parse_money(text: str) -> tuple[str, int]:
    """Read an amount such as ``USD 12.50`` as a currency code and whole cents.

    Raises
    ------
    ValueError
        No three-letter currency in front, no number, or more than 2^53 cents, beyond which nothing is exact.

    Examples
    --------
    >>> parse_money("USD 12.50"), parse_money("USD 1,234.50")
    (('USD', 1250), ('USD', 123450))
    """
    match = re.fullmatch(rf"([A-Z]{{3}})\s*({_NUMBER}|{_WITH_COMMAS})", text.strip())
    if not match:
        raise ValueError(f"'{text}' is not an amount of money. Write the currency first, such as 'USD 12.50'.")
    cents = Decimal(re.sub("[ _,]", "", match[2])) * 100
    if cents != cents.to_integral_value():
        raise ValueError(f"'{text}' is finer than a cent.")
    if abs(cents) > EXACT:
        raise ValueError(f"'{text}' is beyond exact money. The most is {EXACT // 100} in any currency.")
    return match[1], int(cents)


def parse_plain(text: str) -> float:
    """Read a number without a unit, such as ``-18.5`` or ``2,154.5``.

    Raises
    ------
    ValueError
        It is none, or has no end.

    Examples
    --------
    >>> parse_plain("2,154.5")
    2154.5
    """
    if not re.fullmatch(r"[+-]?\d[\d,_ ]{0,40}(\.\d{1,40})?", text.strip()):
        raise ValueError(f"'{text}' is not a number. Write such as '-18.5' or '2,154.5'.")
    return float(re.sub("[,_ ]", "", text))


def parse_day(text: str) -> dt.date:
    """Read a date such as ``2025-04-03``.

    Raises
    ------
    ValueError
        It is none, or of a year so far away that it must be a slip.

    Examples
    --------
    >>> parse_day("2025-04-03")
    datetime.date(2025, 4, 3)
    """
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{text}' is not a date. Write it as 2025-04-03.") from None
    if day.year not in YEARS:
        raise ValueError(f"'{text}' is too far away. Allowed years: {YEARS[0]} to {YEARS[-1]}.")
    return day


def round_cents(amount: ArrayLike) -> NDArray[np.int64]:
    """Round money to whole cents, halves away from zero: the one rounding of entry lines.

    Parameters
    ----------
    amount : array_like of float
        Cents, unrounded. A tolerance of 1e-6 cent absorbs binary representation of exact halves.

    Returns
    -------
    ndarray of int64
        Whole cents.
    """
    cents = np.asarray(amount, dtype=np.float64)
    rounded: NDArray[np.int64] = (np.sign(cents) * np.floor(np.abs(cents) + 0.5 + 1e-6)).astype(np.int64)
    return rounded


def _split(text: str, wanted: str) -> tuple[Decimal, str]:
    match = _QUANTITY.fullmatch(text.strip())
    if not match:
        raise ValueError(f"'{text}' is not {wanted}.")
    try:
        return Decimal(match[1].replace(" ", "").replace("_", "")), match[2]
    except InvalidOperation as error:  # the pattern admits only digits, so this is out of range
        raise ValueError(f"'{text}' is not {wanted}.") from error
