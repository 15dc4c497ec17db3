"""Which provisions decide a line: the heading of each programme, and who gives way to whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sim.law.conditions import Fact
from sim.law.dated import UnknownValueError, Vintage
from sim.law.precedence import Relation, members, ordered
from sim.law.programme import Heading, Programme
from sim.references import Reference


@dataclass(frozen=True, slots=True)
class Decision:
    """What one programme says about a line.

    Parameters
    ----------
    outcome : str
        ``charge``, ``exempt``, ``out``, ``prohibited``, ``base``, or ``unresolved`` when a fact is missing.
    rate_ppm : int
        Rate of a charge that stands; 0 otherwise.
    needs : tuple of str
        Facts that are missing.
    gives_way_to : Relation, optional
        Relation by which it is switched off on the whole value.
    parts : tuple of Relation
        Relations that take a part of the value from it.
    gap : UnknownValueError, optional
        Why the rate of a charge that stands cannot be told; the outcome is then ``unresolved``.
    """

    programme: Programme
    heading: Heading | None
    outcome: str
    needs: tuple[str, ...] = ()
    rate_ppm: int = 0
    rate_reference: Reference | None = None
    gives_way_to: Relation | None = None
    parts: tuple[Relation, ...] = ()
    gap: UnknownValueError | None = None

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
            return heading, (heading.asks,) if heading.asks else ()
    return None, ()


class DayLaw:
    """The duties of one importer on one day: what is in force, who may give way to whom, and values looked up once."""

    def __init__(
        self,
        programmes: Mapping[str, Programme],
        relations: Sequence[Relation],
        on: dt.date,
        known: dt.date | None,
    ) -> None:
        self.on, self.known = on, known
        self._values: dict[tuple[str, str], Vintage] = {}
        in_force = {path: x for path, x in programmes.items() if x.in_force(on, known)}
        self.headings = {
            path: (x, tuple(h for h in x.headings if h.stands(on, known)), self._lookup(x))
            for path, x in in_force.items()
        }
        self.pairs = [
            (over, under, relation)
            for relation in relations
            if relation.stands(on, known)
            for over in members(relation.over, in_force)
            for under in members(relation.under, in_force)
            if over != under
        ]

    def _lookup(self, programme: Programme) -> Callable[[str], Vintage]:
        def value(name: str) -> Vintage:
            key = (programme.path, name)
            if key not in self._values:
                self._values[key] = programme.value(name, self.on, self.known)
            return self._values[key]

        return value


def decide(day: DayLaw, facts: Mapping[str, Fact]) -> tuple[Decision, ...]:
    """Decide every programme in force, then settle who gives way, in order.

    Parameters
    ----------
    day : DayLaw
        Duties and fees of the importing country on the day, and their relations.
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
    first = {path: _first(*found, facts) for path, found in day.headings.items()}
    subject = {path: x for path, x in first.items() if x.outcome != "out"}
    pairs = [pair for pair in day.pairs if pair[0] in subject and pair[1] in subject]
    settled: dict[str, Decision] = {}
    for path in ordered(tuple(subject), [(over, under) for over, under, _ in pairs]):
        mine = [(over, relation) for over, under, relation in pairs if under == path]
        settled[path] = _settle(subject[path], mine, settled, str(facts["hts_code"]), day.on, day.known)
    out = [x for path, x in first.items() if path not in settled]
    return (*settled.values(), *out)


def _first(
    programme: Programme,
    headings: Sequence[Heading],
    lists: Callable[[str], Vintage],
    facts: Mapping[str, Fact],
) -> Decision:
    for heading in headings:
        found = heading.when.answer(facts, lists)
        if found.holds is None:
            return Decision(programme, heading, "unresolved", found.needs)
        if found.holds:
            return Decision(programme, heading, heading.outcome, (heading.asks,) if heading.asks else ())
    return Decision(programme, None, "out")


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
    try:
        rate, reference = decision.programme.rate(decision.heading, code, on, known)
    except UnknownValueError as error:
        return Decision(decision.programme, decision.heading, "unresolved", (error.source,), gap=error)
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
