"""Days of a producer's fiscal year: steps of the law that begin with the year nearest to a printed day."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from sim.errors import LawError
from sim.law.dated import Dated, Vintage

_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def nearest_year_begin(day: dt.date, begins: str) -> dt.date:
    """The beginning of the fiscal year nearest to a day; the earlier of two equally near.

    Parameters
    ----------
    day : date
        Printed day, such as 1 January 1998.
    begins : str
        Month and day the fiscal year begins, such as ``10-01``.

    Raises
    ------
    LawError
        `begins` is not a month and day of every year.

    Examples
    --------
    >>> nearest_year_begin(dt.date(1998, 1, 1), "10-01")
    datetime.date(1997, 10, 1)
    >>> nearest_year_begin(dt.date(1998, 1, 1), "04-01")
    datetime.date(1998, 4, 1)
    """
    found = _MONTH_DAY.fullmatch(begins)
    try:
        if found is None:
            raise ValueError
        years = [dt.date(day.year + step, int(found[1]), int(found[2])) for step in (-1, 0, 1)]
    except ValueError:
        message = f"'{begins}' is not a day of every year. Write month and day, such as '10-01'."
        raise LawError("fiscal_year_begins", [message]) from None
    return min(years, key=lambda begin: (abs((begin - day).days), begin))


def fiscal_vintages(dated: Dated, begins: str) -> Dated:
    """The value with its steps moved to the producer's fiscal year; the first step and reforms stay."""
    if begins == "01-01":
        return dated
    first = min(vintage.begins for vintage in dated.vintages)

    def moved(vintage: Vintage) -> Vintage:
        if vintage.layer or vintage.begins == first:
            return vintage
        return replace(vintage, begins=nearest_year_begin(vintage.begins, begins))

    return replace(dated, vintages=tuple(moved(vintage) for vintage in dated.vintages))


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day some years later; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)
