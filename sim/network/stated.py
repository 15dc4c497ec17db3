"""What customs holds of goods beyond the rows of a network: a fact or a deposit, of whose goods, where and when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stated:
    """One fact of some goods at the customs of some country, over some days.

    Parameters
    ----------
    of : str
        Recipe, site or part whose goods are meant; empty for all that is made in a country.
    fact : str
        As the law names it, such as ``preference_suspended``; or an amount that is a share of the customs value, such
        as ``antidumping_deposit``.
    value : str, bool or int
        Of a fact; parts per million of the customs value for an amount.
    made_in : str
        Only goods made in that country; empty for all.
    into : str
        Only at the customs of that country; empty for all.
    from_, until : date, optional
        First day, and first day after it; None for always.
    """

    of: str
    fact: str
    value: str | bool | int
    made_in: str = ""
    into: str = ""
    from_: dt.date | None = None
    until: dt.date | None = None

    def is_about(self, names: tuple[str, ...], country: str) -> bool:
        """Whether goods that go by some names (recipe, site, part) and are made in a country are meant."""
        return self.of in ("", *names) and self.made_in in ("", country)

    def holds(self, importer: str, day: dt.date) -> bool:
        """Whether it holds at the customs of a country on a day."""
        begun = self.from_ is None or self.from_ <= day
        return self.into in ("", importer) and begun and (self.until is None or day < self.until)


def days_of(stated: tuple[Stated, ...]) -> frozenset[dt.date]:
    """Days on which something stated begins or ends to hold."""
    return frozenset(day for item in stated for day in (item.from_, item.until) if day is not None)
