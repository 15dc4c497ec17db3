"""Customs exchange rates by date: from the table of the file, never guessed.

The rate certified for the quarter holds, unless the rate of the day departs from it by five percent or more; where no
quarterly rate is given, the rate of the day holds. Both go by the day of shipment, not of entry.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sim.reading import Node
from sim.references import Reference
from sim.units import PPM

DEPARTURE = Fraction(5, 100)  # 31 USC 5151(c)(2), memory: daily rate where it varies by 5 % or more
RULE = Reference("31 USC 5151(c); day of exportation, 19 CFR 159.32", status="memory")
KINDS = ("quarterly", "daily")


@dataclass(frozen=True, slots=True)
class Rate:
    """A published rate: money of the file's currency for one unit of another.

    Parameters
    ----------
    kind : str
        ``quarterly`` (holds for the rest of its calendar quarter) or ``daily`` (holds on its day).
    """

    currency: str
    begins: dt.date
    rate: Fraction
    kind: str
    source: str

    def covers(self, day: dt.date) -> bool:
        """Whether the rate was published for a day."""
        if self.kind == "daily":
            return day == self.begins
        quarter = (self.begins.year, (self.begins.month - 1) // 3)
        return day >= self.begins and (day.year, (day.month - 1) // 3) == quarter


@dataclass(frozen=True, slots=True)
class Exchange:
    """The currency in which the file is counted, and what others are worth in it."""

    currency: str = "USD"
    rates: tuple[Rate, ...] = ()
    departure: Fraction = DEPARTURE

    def rate(self, currency: str, day: dt.date) -> Rate:
        """The rate that customs uses for a day of shipment.

        Raises
        ------
        ValueError
            No rate for that day; a rate is never guessed.
        """
        mine = [x for x in self.rates if x.currency == currency]
        daily = next((x for x in mine if x.kind == "daily" and x.covers(day)), None)
        certified = max((x for x in mine if x.kind == "quarterly" and x.covers(day)), key=_begins, default=None)
        if certified is None and daily is None:
            raise ValueError(
                f"no customs rate of {currency} in {self.currency} for {day}. "
                "Add it under 'exchange' with its source; a rate is not guessed."
            )
        if certified is None:
            return daily or mine[0]
        if daily is not None and abs(daily.rate - certified.rate) >= self.departure * certified.rate:
            return daily
        return certified

    def cents(self, currency: str, cents: Fraction, day: dt.date | None) -> tuple[Fraction, str]:
        """An amount in the currency of the file, and a remark on the rate used (empty for none).

        Raises
        ------
        ValueError
            The day of shipment is missing, or there is no rate for it.
        """
        if currency == self.currency:
            return cents, ""
        if day is None:
            raise ValueError(f"{currency} is converted at the day of shipment. Add 'shipped: <date>' to the line.")
        rate = self.rate(currency, day)
        remark = f"{currency} at {float(rate.rate):g} ({rate.kind} rate from {rate.begins}; {rate.source})"
        return cents * rate.rate, remark


def _begins(rate: Rate) -> dt.date:
    return rate.begins


def read_exchange(node: Node | None, currency: str) -> Exchange:
    """Read ``{departure: 5 %, rates: [{currency, from, rate, kind, source}]}``."""
    if node is None:
        return Exchange(currency)
    entries = node.fields(("departure", "rates"), ("rates",))
    rates = [_read_rate(item) for item in (entries["rates"].items() if "rates" in entries else [])]
    _refuse_twins(rates, node)
    departure = Fraction(entries["departure"].rate(), PPM) if "departure" in entries else DEPARTURE
    return Exchange(currency, tuple(rates), departure)


def _read_rate(node: Node) -> Rate:
    names = ("currency", "from", "rate", "kind", "source")
    entries = node.fields(names, names)
    currency = entries["currency"].text() if "currency" in entries else ""
    if currency and not re.fullmatch(r"[A-Z]{3}", currency):
        entries["currency"].fault(f"'{currency}' is not a currency. Write three capital letters, such as 'CAD'.")
    number = entries["rate"].text() if "rate" in entries else ""
    rate = Fraction(number) if re.fullmatch(r"\d+(\.\d+)?", number) else Fraction(0)
    if "rate" in entries and rate <= 0:
        entries["rate"].fault(f"{entries['rate'].quote()} is not a rate. Write a number above 0, such as 0.7312.")
    return Rate(
        currency,
        entries["from"].date() if "from" in entries else dt.date.max,
        rate,
        entries["kind"].text(KINDS, "kinds") if "kind" in entries else "daily",
        entries["source"].text() if "source" in entries else "",
    )


def _refuse_twins(rates: Sequence[Rate], node: Node) -> None:
    seen = set()
    for rate in rates:
        key = (rate.currency, rate.kind, rate.begins)
        if key in seen:
            node.fault(f"two {rate.kind} rates of {rate.currency} from {rate.begins}. Keep one.")
        seen.add(key)
