"""Currencies: in which one a country's works keep their books, and what it is worth from day to day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sim.units import PPM

BOOKS = "USD"  # currency in which networks state costs and results are told
OTHERS = "EUR"  # assumption: of every country that is not listed, the empty one too, whatever money it really has
_CURRENCIES: Mapping[str, str] = MappingProxyType(
    {"US": "USD", "CA": "CAD", "MX": "MXN", "JP": "JPY", "KR": "KRW", "CN": "CNY", "BR": "BRL"}
)


def currency_of(country: str) -> str:
    """Currency in which works of a country keep their books; `OTHERS` for a country not listed, or none.

    Examples
    --------
    >>> currency_of("MX"), currency_of("IN"), currency_of("")
    ('MXN', 'EUR', 'EUR')
    """
    return _CURRENCIES.get(country, OTHERS)


@dataclass(frozen=True, slots=True)
class Move:
    """A currency is worth another number of US dollars from a day on.

    Parameters
    ----------
    from_, until : date
        First day, and first day after.
    factor_ppm : int
        On its worth in US dollars, parts per million.
    """

    currency: str
    from_: dt.date
    until: dt.date
    factor_ppm: int


@dataclass(frozen=True, slots=True)
class Worth:
    """What currencies are worth against the day on which the network's costs were stated: 1 unless they move."""

    moves: tuple[Move, ...] = ()

    @property
    def currencies(self) -> tuple[str, ...]:
        """Those that move, in order."""
        return tuple(sorted({move.currency for move in self.moves}))

    def on(self, currency: str, days: NDArray[np.int64]) -> NDArray[np.float64]:
        """Worth of a currency on some days.

        Parameters
        ----------
        days : int64[n]
            Proleptic ordinals.

        Returns
        -------
        float64[n]
            Product of the factors of all moves that cover the day.
        """
        worth = np.ones(len(days))
        for move in self.moves:
            if move.currency == currency:
                inside = (days >= move.from_.toordinal()) & (days < move.until.toordinal())
                worth[inside] *= move.factor_ppm / PPM
        return worth

    def changes(self, currency: str) -> tuple[dt.date, ...]:
        """Days on which the worth of a currency may change, in order."""
        days = {day for move in self.moves if move.currency == currency for day in (move.from_, move.until)}
        return tuple(sorted(days))


UNMOVED = Worth()
