"""Which provisions decide a line: the heading of each programme, and who gives way to whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.law.conditions import Fact
from sim.law.precedence import Relation, members, ordered
from sim.law.programme import Heading, Programme
from sim.references import Reference


@dataclass(frozen=True, slots=True)
class Decision:
    """What one programme says about a line.

    Parameters
    ----------
    outcome : str
        ``charge``, ``exempt``, ``out``, ``base``, or ``unresolved`` when a fact is missing.
    rate_ppm : int
        Rate of a charge that stands; 0 otherwise.
    needs : tuple of str
        Facts that are missing.
    gives_way_to : Relation, optional
        Relation by which it is switched off on the whole value.
    parts : tuple of Relation
        Relations that take a part of the value from it.
    """

    programme: Programme
    heading: Heading | None
    outcome: str
    needs: tuple[str, ...] = ()
    rate_ppm: int = 0
    rate_reference: Reference | None = None
    gives_way_to: Relation | None = None
    parts: tuple[Relation, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether the programme keeps its say: the good is subject to it and nothing switches it off."""
        return self.outcome != "out" and self.gives_way_to is None


def heading_of(
    programme: Programme, facts: Mapping[str, Fact], on: dt.date, known: dt.date | None
) -> tuple[Heading | None, tuple[str, ...]]:
    """The first heading that stands on the day and whose condition holds.

    Returns
    -------
    tuple of Heading or None, and tuple of str
        The heading, or None; facts that are missing when it cannot be told.
    """
    for heading in programme.headings:
        if not heading.stands(on, known):
            continue
        found = heading.when.answer(facts, lambda name: programme.value(name, on, known))
        if found.holds is None:
            return heading, found.needs
        if found.holds:
            return heading, ()
    return None, ()


def decide(
    programmes: Mapping[str, Programme],
    relations: Sequence[Relation],
    facts: Mapping[str, Fact],
    on: dt.date,
    known: dt.date | None,
) -> tuple[Decision, ...]:
    """Decide every programme in force, then settle who gives way, in order.

    Parameters
    ----------
    programmes : Mapping of str to Programme
        Those of the importing country, valuation apart.
    relations : sequence of Relation
        All relations of the law.
    facts : Mapping of str to fact
        Facts of the line, with the derived ones.

    Returns
    -------
    tuple of Decision
        One per programme in force, each after all that it may give way to. A programme that is switched off
        switches nothing off.

    Raises
    ------
    LawError
        A value or rate is missing for the day and the line is liable, or the relations run in a circle.
    """
    first = {}
    for path, programme in programmes.items():
        if programme.in_force(on, known):
            first[path] = _first_decision(programme, facts, on, known)
    subject = {path: x for path, x in first.items() if x.outcome != "out"}
    pairs = _pairs(programmes, relations, tuple(subject), on, known)
    settled: dict[str, Decision] = {}
    for path in ordered(tuple(subject), [(over, under) for over, under, _ in pairs]):
        mine = [(over, relation) for over, under, relation in pairs if under == path]
        settled[path] = _settle(subject[path], mine, settled, str(facts["hts_code"]), on, known)
    out = [x for path, x in first.items() if path not in settled]
    return (*settled.values(), *out)


def _first_decision(programme: Programme, facts: Mapping[str, Fact], on: dt.date, known: dt.date | None) -> Decision:
    heading, needs = heading_of(programme, facts, on, known)
    if needs:
        return Decision(programme, heading, "unresolved", needs)
    return Decision(programme, heading, heading.outcome if heading else "out")


def _pairs(
    programmes: Mapping[str, Programme],
    relations: Sequence[Relation],
    subject: Sequence[str],
    on: dt.date,
    known: dt.date | None,
) -> list[tuple[str, str, Relation]]:
    found = []
    for relation in relations:
        if not relation.stands(on, known):
            continue
        unders = [path for path in members(relation.under, programmes) if path in subject]
        overs = [path for path in members(relation.over, programmes) if path in subject]
        found += [(over, under, relation) for over in overs for under in unders if over != under]
    return found


def _settle(
    decision: Decision,
    mine: Sequence[tuple[str, Relation]],
    settled: Mapping[str, Decision],
    code: str,
    on: dt.date,
    known: dt.date | None,
) -> Decision:
    parts = []
    for over, relation in mine:
        other = settled[over]
        counts = other.stands and (relation.counts == "subject" or other.rate_ppm > 0)
        if counts and relation.part is None:
            return _changed(decision, gives_way_to=relation)
        if counts:
            parts.append(relation)
    if decision.outcome != "charge" or decision.heading is None:
        return decision
    rate, reference = decision.programme.rate(decision.heading, code, on, known)
    return _changed(decision, rate_ppm=rate, rate_reference=reference, parts=tuple(parts))


def _changed(
    decision: Decision,
    gives_way_to: Relation | None = None,
    rate_ppm: int = 0,
    rate_reference: Reference | None = None,
    parts: tuple[Relation, ...] = (),
) -> Decision:
    return Decision(
        decision.programme,
        decision.heading,
        decision.outcome,
        decision.needs,
        rate_ppm,
        rate_reference,
        gives_way_to,
        parts,
    )
