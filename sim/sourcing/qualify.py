"""When new suppliers are qualified: months after the decision, family by family."""

from __future__ import annotations

import calendar
import datetime as dt
import math

from sim.sourcing.decide import Question
from sim.sourcing.facts import family_of
from sim.sourcing.patterns import Pattern


def qualified_on(question: Question, pattern: Pattern) -> dt.date:
    """First day on which a changed family comes from its new sources.

    The decision falls on the day by which the law is known; a new supplier, and new lines of an old one, take the
    months of the family (assumption: the same for both).
    """
    months = family_of(question.network.parts[pattern.part]).months(question.parameters.qualification_pct)
    return months_after(question.known, months)


def months_after(day: dt.date, months: float) -> dt.date:
    """The day some months later: whole calendar months, then the rest of a month in days, rounded up.

    Examples
    --------
    >>> months_after(dt.date(2017, 8, 16), 12), months_after(dt.date(2017, 8, 31), 1.5)
    (datetime.date(2018, 8, 16), datetime.date(2017, 10, 15))
    """
    whole = int(months)
    year, month = divmod(day.year * 12 + day.month - 1 + whole, 12)
    last = calendar.monthrange(year, month + 1)[1]
    reached = dt.date(year, month + 1, min(day.day, last))
    return reached + dt.timedelta(days=math.ceil((months - whole) * 30))
