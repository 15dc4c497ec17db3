"""Where each programme stands on a day: in force, announced, suspended or ended, as the papers of that day tell it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from sim.errors import LawError
from sim.law.conditions import Fact
from sim.law.dated import Vintage
from sim.law.decide import heading_of
from sim.law.facts import ProgrammeStatus
from sim.law.programme import CHARGING, Heading, Programme
from sim.references import Reference

_WORDS = {"in_force": "in force", "suspended": "suspended", "ended": "ended"}


def statuses(
    programmes: Iterable[Programme], facts: Mapping[str, Fact], on: dt.date, known: dt.date | None
) -> tuple[ProgrammeStatus, ...]:
    """Standing of every programme that such goods are, or would be, subject to.

    Parameters
    ----------
    programmes : iterable of Programme
        Those of one importing country.
    facts : Mapping of str to fact
        Facts of the goods; unknown ones are None.
    on, known : date
        Day asked, and day whose papers may be used (None: all of today).
    """
    found = [_status(programme, facts, on, known) for programme in programmes if programme.kind in CHARGING]
    return tuple(status for status in found if status is not None)


def _status(
    programme: Programme, facts: Mapping[str, Fact], on: dt.date, known: dt.date | None
) -> ProgrammeStatus | None:
    now = programme.state(on, known)
    coming = _coming(programme, on, known)
    if now is None and coming is None:
        return None
    state = _WORDS[str(now.value)] if now else "announced"
    if state == "suspended" and coming is not None:
        state = "announced"
    asked = _asked(now, coming, on)
    try:
        heading, needs = heading_of(programme, facts, asked, known)
    except LawError:
        return None  # the list that would tell did not exist yet
    if heading is None or (heading.outcome == "out" and not needs):
        return None
    rate, reference = _rate(programme, heading, str(facts["hts_code"]), asked, known)
    return ProgrammeStatus(
        programme.path,
        programme.title,
        programme.kind,
        state,
        now.begins if now else None,
        coming.begins if coming else None,
        _WORDS[str(coming.value)] if coming else "",
        programme.document,
        heading.name,
        rate,
        reference,
        needs,
    )


def _rate(
    programme: Programme, heading: Heading, code: str, on: dt.date, known: dt.date | None
) -> tuple[str, Reference]:
    """The rate in words, or the gap in the law that hides it."""
    if heading.outcome != "charge":
        return heading.outcome, heading.reference
    try:
        ppm, reference = programme.rate(heading, code, on, known)
    except LawError as error:
        return f"unknown ({error.problems[0].message})", heading.reference
    return f"{ppm / 10_000:g} % of {heading.base.words()}", reference


def _asked(now: Vintage | None, coming: Vintage | None, on: dt.date) -> dt.date:
    """Day whose headings tell what such goods pay: the day asked, the announced start, or the last day in force."""
    if now is not None and now.value == "ended":
        return now.begins - dt.timedelta(days=1)
    waiting = now is None or now.value != "in_force"
    return coming.begins if coming is not None and waiting else on


def _coming(programme: Programme, on: dt.date, known: dt.date | None) -> Vintage | None:
    """The next announced change of state after a day."""
    later = [
        v
        for v in programme.life.vintages
        if v.begins > on and v.status != "expected" and (known is None or v.published <= known)
    ]
    days = sorted({v.begins for v in later})
    now = programme.state(on, known)
    for day in days:
        then = programme.state(day, known)
        if then is not None and (now is None or then.value != now.value):
            return then
    return None
