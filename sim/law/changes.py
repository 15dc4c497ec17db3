"""What of a programme changes on a day: the documents behind an announced change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sim.law.dated import Spell, Vintage
from sim.law.precedence import Relation
from sim.law.programme import Programme
from sim.law.table import Table
from sim.references import Reference


def changed(
    programme: Programme, relations: Iterable[Relation], code: str, day: dt.date, known: dt.date | None
) -> tuple[Reference, ...]:
    """Sources of everything of a programme that begins or ends on a day, as known on another, each once.

    Parameters
    ----------
    relations : iterable of Relation
        Those by which the programme may give way.
    code : str
        Tariff code of the goods, in digits: rows of tables for other codes are left out.

    Returns
    -------
    tuple of Reference
        Its life first, then headings, then values, then rows of tables, then relations; empty where the change comes
        from another programme.
    """
    found = [v.reference for v in _moving(programme.life.vintages, day, known)]
    found += [heading.reference for heading in programme.headings if _turns(heading, day, known)]
    for dated in programme.values.values():
        found += [v.reference for v in _moving(dated.vintages, day, known)]
    for table in programme.tables.values():
        found += [v.reference for v in _moving(_rows(table, code), day, known)]
    found += [relation.reference for relation in relations if _turns(relation, day, known)]
    return tuple(dict.fromkeys(found))


def _turns(spell: Spell, day: dt.date, known: dt.date | None) -> bool:
    """Whether a heading or relation begins or ends on the day, and that was told."""
    if day == spell.begins:
        return _told(spell.published, known)
    return day == spell.until and _told(spell.until_published or spell.published, known)


def _moving(vintages: Iterable[Vintage], day: dt.date, known: dt.date | None) -> list[Vintage]:
    """Vintages that begin on the day, or else those that end on it."""
    told = [v for v in vintages if v.status != "expected" and _told(v.published, known)]
    begun = [v for v in told if v.begins == day]
    return begun or [v for v in told if v.until == day]


def _rows(table: Table, code: str) -> list[Vintage]:
    return [v for own, vintages in table.rows.items() if code.startswith(own) for v in vintages]


def _told(published: dt.date | None, known: dt.date | None) -> bool:
    return known is None or published is None or published <= known
