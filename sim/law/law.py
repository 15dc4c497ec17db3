"""The law: every programme, agreement and relation, asked by date of force and date of knowledge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sim.errors import LawError, Problem, nearest
from sim.law.agreement import Agreement
from sim.law.alternatives import closed_choices, drawback_right, open_elections
from sim.law.amounts import Scope, Term
from sim.law.changes import changed
from sim.law.charge import Reckoner, as_columns
from sim.law.conditions import Fact
from sim.law.dated import Dated, Plain, Vintage
from sim.law.decide import DayLaw, Decision, decide, heading_of
from sim.law.explain import Explanation, explain_decisions
from sim.law.facts import (
    LINE_FACTS,
    Charge,
    Column,
    GoodFacts,
    LineFacts,
    OriginRule,
    ProgrammeStatus,
    digits,
    require_line,
)
from sim.law.precedence import Relation, members
from sim.law.programme import CHARGING, Programme
from sim.law.reform import Difference, Parts, differences, lives, value_paths
from sim.law.rights import ClosedChoice, DrawbackRight, Election
from sim.law.special import provision_problem
from sim.law.status import statuses
from sim.references import Reference

_Decided = tuple[tuple[Decision, ...], Decision]
_KEPT = 65_536  # decisions kept at most: bounds memory, changes no answer
_KEPT_DAYS = 4_096  # days kept at most, likewise


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """All law that a simulation may ask.

    Parameters
    ----------
    by_path : Mapping of str to Programme
        Duties, fees and valuation rules by path, in path order.
    agreements : Mapping of str to Agreement
        Agreements by their short name.
    relations : tuple of Relation
        Who gives way to whom.
    reforms : tuple of str
        Reforms laid over it, in order.
    digest : str
        Identifies the content: equal for laws that say the same.
    """

    by_path: Mapping[str, Programme]
    agreements: Mapping[str, Agreement]
    relations: tuple[Relation, ...]
    reforms: tuple[str, ...]
    digest: str
    _decided: dict[tuple[LineFacts, dt.date, dt.date | None], _Decided] = field(
        default_factory=dict, repr=False, compare=False
    )
    _days: dict[tuple[str, dt.date, dt.date | None], DayLaw] = field(default_factory=dict, repr=False, compare=False)

    def _repr_html_(self) -> str:
        from html import escape

        told = f"{len(self.by_path)} programmes, {len(self.relations)} relations between them, agreements "
        told += escape(", ".join(self.agreements))
        laid = escape(", ".join(self.reforms)) or "none"
        return f"<b>Law</b> {self.digest[:12]}<br><small>{told}; reforms: {laid}</small>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Law) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __reduce__(self) -> tuple[type[Law], tuple[object, ...]]:
        return (Law, (self.by_path, self.agreements, self.relations, self.reforms, self.digest))

    def assess(
        self, line: LineFacts, on: dt.date, amounts: Mapping[str, Column], known: dt.date | None = None
    ) -> tuple[Charge, ...]:
        """Duties and fees of a group of lines that share their facts and their day.

        Parameters
        ----------
        line : LineFacts
            Categorical facts of the group.
        on : date
            Entry date.
        amounts : Mapping of str to float64 array
            Money columns in cents, one value per line, unrounded; at least ``customs_value``.
        known : date, optional
            Law published by this day only; None for all that is known today, retroactive law included.

        Returns
        -------
        tuple of Charge
            Charges that stand, duties and fees, each with its provision. A fee per entry treats every row as one
            entry. Charges at a rate of nil are left out.

        Raises
        ------
        LawError
            A fact is missing ("unresolved: needs X"), the good may not enter ("prohibited"), a value is missing for
            the day, or an amount is wrong.

        Notes
        -----
        Nothing is rounded here: base and amount stay cents times parts per million. Entry lines are rounded once,
        by `sim.units.round_cents`, where the row is written.
        """
        decisions, columns = self._decisions(line, on, amounts, known)
        for decision in decisions:
            if decision.gap is not None:
                raise decision.gap
        problems = [problem for x in decisions if (problem := _obstacle(x))]
        if problems:
            raise LawError(f"entry of {line.hts_code} into {line.importer} on {on}", problems)
        reckoner = Reckoner(decisions, columns, on, known)
        found = (reckoner.charge(x.programme.path) for x in decisions if x.rate_ppm or _bounded(x))
        return tuple(charge for charge in found if charge is not None)

    def explain(
        self, line: LineFacts, on: dt.date, amounts: Mapping[str, Column], known: dt.date | None = None
    ) -> Explanation:
        """The reasons behind `assess` with the same arguments; missing facts are listed instead of raised."""
        decisions, columns = self._decisions(line, on, amounts, known)
        valuation = self._decided[line, on, known][1]
        return explain_decisions(line, (valuation, *decisions), columns, on, known)

    def elections(self, line: LineFacts, on: dt.date, known: dt.date | None = None) -> tuple[Election, ...]:
        """Alternatives that the law opens to a line: facts that the importer may set otherwise.

        Returns
        -------
        tuple of Election
            Only those that differ from the line as it stands. After setting one, ask again for what it opens.

        Raises
        ------
        LawError
            As `assess`, save that missing facts close the choices that rest on them.
        """
        own = self._programmes_of(line.importer)
        decisions = self._decided_for(line, on, known)[0]
        return open_elections(own.values(), self._facts(line, on, known), decisions, on, known)

    def closed_choices(self, line: LineFacts, on: dt.date, known: dt.date | None = None) -> tuple[ClosedChoice, ...]:
        """Facts that the line states although the law closes them to it, such as non-privileged status in a zone.

        For goods in a zone ask with the day and the tariff code of admission: what they owe then decides. Each fact is
        tried as if the line had not stated it.
        """
        own = self._programmes_of(line.importer)
        stated = {choice.fact for x in own.values() for choice in x.choices if choice.unless_subject}
        found: list[ClosedChoice] = []
        for fact in sorted(name for name in stated if getattr(line, name)):
            unstated: dict[str, Any] = {fact: ""}
            decisions = self._decided_for(replace(line, **unstated), on, known)[0]
            told = closed_choices(own.values(), self._facts(line, on, known), decisions, on, known)
            found += [closed for closed in told if closed.fact == fact]
        return tuple(found)

    def drawback(self, path: str, on: dt.date, known: dt.date | None = None) -> DrawbackRight:
        """What of the duty under a programme may be paid back on export, for goods that entered on a day.

        Raises
        ------
        LawError
            No such programme, or no rule of drawback names it.
        """
        if path not in self.by_path or self.by_path[path].kind not in CHARGING:
            paths = [name for name, x in self.by_path.items() if x.kind in CHARGING]
            raise LawError("law", [f"no duty or fee named '{path}'. {nearest(path, paths, 'programmes')}"])
        return drawback_right(self.by_path, path, on, known)

    def _decisions(
        self, line: LineFacts, on: dt.date, amounts: Mapping[str, Column], known: dt.date | None
    ) -> tuple[tuple[Decision, ...], dict[str, Column]]:
        columns = as_columns(amounts)
        decisions, valuation = self._decided_for(line, on, known)
        scope = Scope(columns, _no_value, _no_duty, _no_duty)
        if valuation.heading is not None and valuation.outcome == "base":
            columns["dutiable_value"] = valuation.heading.base.evaluate(scope)
            unreduced = valuation.heading.unreduced or Term("column", "dutiable_value")
            columns["unreduced_value"] = unreduced.evaluate(scope)
        return decisions, columns

    def _decided_for(self, line: LineFacts, on: dt.date, known: dt.date | None) -> _Decided:
        key = (line, on, known)
        if key not in self._decided:
            if len(self._decided) >= _KEPT:
                self._decided.clear()
            self._decided[key] = self._decide(line, on, known)
        return self._decided[key]

    def _decide(self, line: LineFacts, on: dt.date, known: dt.date | None) -> _Decided:
        facts = self._facts(line, on, known)
        rule = self._valuation(line.importer, on, known)
        heading, needs = heading_of(rule, facts, on, known)
        if heading is None or needs:
            message = f"no rule gives the dutiable value on {on}: needs {', '.join(needs) or 'a heading'}."
            raise LawError(rule.path, [message])
        valuation = Decision(rule, heading, heading.outcome)
        if heading.outcome == "prohibited":
            raise LawError(rule.path, [f"prohibited: {heading.title} ({heading.reference})."])
        if heading.outcome == "exempt":  # no import in the eyes of the law: nothing else is asked
            return (), valuation
        return decide(self._day(line.importer, on, known), facts), valuation

    def _day(self, importer: str, on: dt.date, known: dt.date | None) -> DayLaw:
        key = (importer, on, known)
        if key not in self._days:
            if len(self._days) >= _KEPT_DAYS:
                self._days.clear()
            own = {path: x for path, x in self._programmes_of(importer).items() if x.kind in CHARGING}
            self._days[key] = DayLaw(own, self.relations, on, known)
        return self._days[key]

    def _facts(self, line: LineFacts, on: dt.date, known: dt.date | None) -> dict[str, Fact]:
        require_line(line)
        own = self._programmes_of(line.importer)
        if line.chapter_98 and (wrong := provision_problem(own.values(), line.importer, line.chapter_98)):
            raise LawError("entry line", [Problem("chapter_98", wrong)])
        facts: dict[str, Fact] = {name: getattr(line, name) for name in LINE_FACTS}
        claimed = line.agreement
        if claimed and claimed not in self.agreements:
            message = f"no agreement named '{claimed}'. {nearest(claimed, self.agreements, 'agreements')}"
            raise LawError("entry line", [message])
        parties = self.agreements[claimed].parties if claimed else ()
        serves = bool(claimed) and self.agreements[claimed].in_force(on, known)
        both = line.importer in parties and line.exporter in parties
        facts["preferential"] = serves and both and line.originating and not line.preference_suspended
        facts["exporter_is_party"] = self.agreement(line.importer, line.exporter, on, known) is not None
        return facts

    def _programmes_of(self, importer: str) -> dict[str, Programme]:
        found = {path: x for path, x in self.by_path.items() if x.importer == importer}
        if not found:
            importers = {x.importer for x in self.by_path.values()}
            message = f"no law of the importer '{importer}'. {nearest(importer, importers, 'importers')}"
            raise LawError("law", [message])
        return found

    def _valuation(self, importer: str, on: dt.date, known: dt.date | None) -> Programme:
        found = [x for x in self._programmes_of(importer).values() if x.kind == "valuation" and x.in_force(on, known)]
        if len(found) != 1:
            raise LawError("law", [f"{len(found)} valuation rules of {importer} are in force on {on}; one must be."])
        return found[0]

    def value(self, path: str, on: dt.date, known: dt.date | None = None) -> Plain:
        """A dated value: rates as parts per million, money as cents, tariff lists as digits.

        Parameters
        ----------
        path : str
            Such as ``us/merchandise_processing/minimum``; for a table, its path and a code:
            ``us/mfn/rates/8708.29``.

        Raises
        ------
        LawError
            No such path (with the nearest), a day before the first vintage, or a gap.
        """
        value = self.vintage(path, on, known).value
        if value is None:  # `Dated.at` refuses unknown values, so this is a defect of the program
            raise LawError(path, [f"the value for {on} is unknown."])
        return value

    def vintage(self, path: str, on: dt.date, known: dt.date | None = None) -> Vintage:
        """The vintage behind `value`: with its dates, status and reference.

        Raises
        ------
        LawError
            No value has that path, or none of its vintages governs that day.
        """
        values = self._values() | lives(self.parts())
        if path in values:
            return values[path].at(on, known)
        owner, _, code = path.rpartition("/")
        for programme in self.by_path.values():
            for table in programme.tables.values():
                if table.path == owner:
                    return table.at(code, on, known)
        raise LawError("law", [f"no value named '{path}'. {nearest(path, values, 'values')}"])

    def history(self, path: str) -> Dated:
        """All vintages of a value, or of the life of a programme or agreement.

        Raises
        ------
        LawError
            No such path.
        """
        found = self._values() | lives(self.parts())
        if path not in found:
            raise LawError("law", [f"no value or programme named '{path}'. {nearest(path, found, 'paths')}"])
        return found[path]

    def paths(self) -> tuple[str, ...]:
        """Every path that `history` answers, in order."""
        return tuple(sorted([*self._values(), *lives(self.parts())]))

    def _values(self) -> dict[str, Dated]:
        return value_paths(self.parts())

    def parts(self) -> Parts:
        """Its programmes, agreements and relations, as reforms see them."""
        agreements = {x.path: x for x in self.agreements.values()}
        return Parts(self.by_path, agreements, self.relations)

    def change_dates(self, begin: dt.date, end: dt.date, importer: str | None = None) -> tuple[dt.date, ...]:
        """Every day strictly between two days at which any law may change, in order.

        Lines of one law epoch, between two neighbouring days of this list, may be assessed together.

        Parameters
        ----------
        importer : str, optional
            Only law that bears on entries into this country; None for the law of every country.
        """
        found: set[dt.date] = set()
        own = {path: x for path, x in self.by_path.items() if importer in (None, x.importer)}
        for programme in own.values():
            found |= programme.dates()
        for agreement in self.agreements.values():
            found |= agreement.dates()
        for relation in self.relations:
            if members(relation.over, own) and members(relation.under, own):
                found |= {day for day in (relation.begins, relation.until) if day is not None}
        return tuple(sorted(day for day in found if begin < day < end))

    def sources_of_change(
        self, path: str, code: str, day: dt.date, known: dt.date | None = None
    ) -> tuple[Reference, ...]:
        """Documents by which a programme says otherwise from a day on; empty where another programme is the cause.

        Parameters
        ----------
        code : str
            Tariff code of the goods asked about.
        """
        under = [x for x in self.relations if path in members(x.under, self.by_path)]
        return changed(self.by_path[path], under, digits(code), day, known)

    def agreement(self, importer: str, exporter: str, on: dt.date, known: dt.date | None = None) -> str | None:
        """Short name of the agreement in force between two countries; None if there is none.

        Raises
        ------
        LawError
            Two agreements would be in force at once.
        """
        found = [
            name
            for name, x in self.agreements.items()
            if importer != exporter and importer in x.parties and exporter in x.parties and x.in_force(on, known)
        ]
        if len(found) > 1:
            names = " and ".join(found)
            raise LawError("law", [f"{names} are both in force between {importer} and {exporter} on {on}."])
        return found[0] if found else None

    def origin_rule(self, agreement: str, good: GoodFacts, on: dt.date, known: dt.date | None = None) -> OriginRule:
        """What a good must meet to originate under an agreement on the day of importation.

        Raises
        ------
        LawError
            No such agreement, not in force on the day, no rule for the good, or a missing value.
        """
        if agreement not in self.agreements:
            message = f"no agreement named '{agreement}'. {nearest(agreement, self.agreements, 'agreements')}"
            raise LawError("law", [message])
        return self.agreements[agreement].origin_rule(good, on, known)

    def customs_base(self, importer: str, on: dt.date, known: dt.date | None = None) -> str:
        """Whether the customs value ``excludes_international_freight`` or ``includes_freight``."""
        return str(self._valuation(importer, on, known).value("freight", on, known).value)

    def programmes(
        self, importer: str, origin: str, hts_code: str, on: dt.date, known: dt.date | None = None
    ) -> tuple[ProgrammeStatus, ...]:
        """Standing on a day of every programme that bears on such goods when nothing is claimed.

        Parameters
        ----------
        known : date, optional
            Day whose papers may be used; by default the day asked, so that later papers are not foreseen.
        """
        return self.standing(LineFacts(importer, origin, origin, hts_code, origin_marking=origin), on, known)

    def standing(self, line: LineFacts, on: dt.date, known: dt.date | None = None) -> tuple[ProgrammeStatus, ...]:
        """`programmes` for a line with all its facts, a claim included."""
        told = known or on
        facts = self._facts(line, on, told)
        return statuses(self._programmes_of(line.importer).values(), facts, on, told)

    def difference(self, other: Law) -> tuple[Difference, ...]:
        """What another law says otherwise, row by row."""
        return differences(self.parts(), other.parts())


def _obstacle(decision: Decision) -> str:
    """Why a line cannot be assessed under a programme; empty if it can."""
    heading, path = decision.heading, decision.programme.path
    if not decision.stands or heading is None:
        return ""
    if decision.outcome == "unresolved":
        return f"{path} is unresolved: needs {', '.join(decision.needs)}."
    return f"{path}: prohibited: {heading.title} ({heading.reference})." if decision.outcome == "prohibited" else ""


def _bounded(decision: Decision) -> bool:
    return decision.heading is not None and decision.heading.at_least is not None


def _no_value(name: str) -> int:
    raise LawError("valuation", [f"a valuation rule may not use the value '{name}'."])


def _no_duty(path: str) -> Column:
    raise LawError("valuation", [f"a valuation rule may not use the duty under '{path}'."])
