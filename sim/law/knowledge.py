"""What is known of a law and when: reforms reckoned with before they are told, and reforms that tell too early."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sim.law.agreement import Agreement
from sim.law.dated import Dated, governing
from sim.law.law import Law
from sim.law.load import load_law
from sim.law.programme import Heading, Programme
from sim.law.reform import lives, value_paths

Owner = TypeVar("Owner", Programme, Agreement)


def reckoned_with(law: Law, reforms: Sequence[str], day: dt.date) -> Law:
    """The law of somebody who reckons with reforms on a day, whether or not they have been told by then.

    What was told of them earlier keeps its day.

    Parameters
    ----------
    reforms : sequence of str
        Laid over those of `law`, in order; names, or paths of files.

    Raises
    ------
    LawError
        A reform is not found or wrong.
    """
    if not reforms:
        return law
    after, old = load_law((*law.reforms, *reforms)), len(law.reforms)
    programmes = {
        path: _early(own, old, day) if path in law.by_path else _early_programme(own, day)
        for path, own in after.by_path.items()
    }
    agreements = {name: _early(own, old, day) for name, own in after.agreements.items()}
    relations = tuple(x if x in law.relations else replace(x, published=min(x.published, day)) for x in after.relations)
    digest = hashlib.sha256(f"{after.digest} reckoned with on {day} from {old}".encode()).hexdigest()
    return Law(programmes, agreements, relations, after.reforms, digest)


def _early(owner: Owner, old: int, day: dt.date) -> Owner:
    """Layers above `old` known by the day."""
    values = {name: _told_by(dated, old, day) for name, dated in owner.values.items()}
    return replace(owner, life=_told_by(owner.life, old, day), values=values)


def _told_by(dated: Dated, old: int, day: dt.date) -> Dated:
    vintages = tuple(replace(x, published=day) if x.layer > old and x.published > day else x for x in dated.vintages)
    return dated if vintages == dated.vintages else replace(dated, vintages=vintages)


def _early_programme(programme: Programme, day: dt.date) -> Programme:
    """A programme that a reform adds, all of it known by the day."""
    headings = tuple(_early_heading(heading, day) for heading in programme.headings)
    return replace(_early(programme, -1, day), headings=headings)


def _early_heading(heading: Heading, day: dt.date) -> Heading:
    later = heading.published is not None and heading.published > day
    return replace(heading, published=day) if later else heading


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Something that a law tells before a day and another law does not.

    Parameters
    ----------
    path : str
        Value, programme, agreement, or the two sides of a relation.
    published : date
        Day on which it is told.
    """

    path: str
    published: dt.date


def foreseen(before: Law, after: Law, day: dt.date) -> tuple[Foreseen, ...]:
    """What the second law tells before a day of what is in force at any time, where the first does not say the same.

    Whoever decides before the day could know from it which of the two laws will come.
    """
    eve = day - dt.timedelta(days=1)
    first, second = before.parts(), after.parts()
    old, new = {**lives(first), **value_paths(first)}, {**lives(second), **value_paths(second)}
    found = []
    for path in sorted(new):
        dated = new[path]
        if path in old and old[path].vintages == dated.vintages:
            continue
        told = _first_difference(old.get(path), dated, eve)
        if told is not None:
            found.append(Foreseen(path, told))
    told_early = (x for x in after.relations if x not in before.relations and x.published <= eve)
    return (*found, *(Foreseen(f"{x.over} over {x.under}", x.published) for x in told_early))


def _first_difference(old: Dated | None, new: Dated, known: dt.date) -> dt.date | None:
    """Earliest day of publication of what two histories, as known on a day, say differently; None where they agree."""
    days = new.dates() | (old.dates() if old is not None else set())
    found = []
    for day in sorted(days):
        was = governing(old.vintages, day, known) if old is not None else None
        now = governing(new.vintages, day, known)
        if (was.value if was else None) != (now.value if now else None):
            found.append((now or was).published)  # type: ignore[union-attr]
    return min(found, default=None)
