"""What a writer may get wrong before the law is asked: countries, tariff codes and days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from sim.law.agreement import Agreement
from sim.law.dated import Vintage
from sim.law.law import Law
from sim.law.programme import Programme
from sim.law.spelling import code_problem, country_names, country_problem

__all__ = ["LAW_BEGINS", "Span", "code_problem", "country_names", "country_problem", "span_of"]
LAW_BEGINS = dt.date(1994, 1, 1)  # NAFTA in force; no shipped law is older
_YEARS_BEYOND = 10  # assumption: later than this after the last change, a date is a slip of the pen


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a law speaks of: its last document, and the last day at which it changes."""

    published: dt.date
    changes: dt.date

    def problem(self, day: dt.date) -> str:
        """Why the law cannot be asked about a day; empty where it can."""
        if day < LAW_BEGINS:
            return f"{day} is before the law. The earliest is {LAW_BEGINS}."
        latest = self.changes.replace(year=self.changes.year + _YEARS_BEYOND, day=1)
        if day > latest:
            told = f"The last document is of {self.published}, the last change takes effect on {self.changes}"
            return f"{day} is beyond the law. {told}; ask a day up to {latest}."
        return ""


@lru_cache(maxsize=16)
def span_of(law: Law) -> Span:
    """The last document of a law and the last day at which it changes."""
    published, changes = [LAW_BEGINS], [LAW_BEGINS]
    owners: list[Programme | Agreement] = [*law.by_path.values(), *law.agreements.values()]
    for owner in owners:
        vintages: list[Vintage] = list(owner.life.vintages)
        vintages += [v for dated in owner.values.values() for v in dated.vintages]
        tables = getattr(owner, "tables", {})  # an agreement has none
        vintages += [v for table in tables.values() for row in table.rows.values() for v in row]
        published += [v.published for v in vintages if v.published != dt.date.max]
        changes += [day for day in owner.dates() if day != dt.date.max]
    published += [relation.published for relation in law.relations]
    return Span(max(published), max(changes))
