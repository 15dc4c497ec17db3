"""One entry: its lines, the elections taken at least cost, duties by line and fees once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sim.duty.assumed import assumed
from sim.duty.declaration import VALUE, Amount, Entry, Line
from sim.duty.elections import FROZEN, Option, Options, Risk, fees_of, no_risk, options_of, shared_cents, total
from sim.duty.law_view import LawView, Row, needs
from sim.duty.least import Others, cheapest
from sim.errors import LawError
from sim.law import Explanation, LineFacts


@dataclass(frozen=True, slots=True)
class Alternative:
    """What the entry would have cost with another combination for one line.

    Parameters
    ----------
    total : Fraction, optional
        Cents of the entry with fees, paperwork and risk; None where it cannot be answered.
    needs : tuple of str
        What is missing then.
    """

    words: str
    total: Fraction | None
    taken: bool
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineResult:
    """What one line owes.

    Parameters
    ----------
    option : Option, optional
        The combination taken; None while unresolved.
    duties : tuple of Row
        Charges of the line itself, rounded once each.
    fee_shares : tuple of (str, Fraction)
        Its share of the entry's fees, cents, pro rata to base.
    unresolved : tuple of str
        What is missing.
    assumed : tuple of (str, str)
        Facts that the line does not write and that decide, with the value taken.
    """

    line: Line
    option: Option | None
    duties: tuple[Row, ...] = ()
    fee_shares: tuple[tuple[str, Fraction], ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    explanation: Explanation | None = None
    unresolved: tuple[str, ...] = ()
    assumed: tuple[tuple[str, str], ...] = ()

    @property
    def duty_cents(self) -> int:
        """Duties of the line."""
        return sum(row.cents for row in self.duties)

    @property
    def landed(self) -> Fraction:
        """Customs value with duties and fees, cents of the whole line."""
        return self.line.value + self.burden

    @property
    def burden(self) -> Fraction:
        """Duties and the line's share of fees, cents."""
        return self.duty_cents + sum((share for _, share in self.fee_shares), Fraction(0))


@dataclass(frozen=True, slots=True)
class EntryResult:
    """What one entry owes, of which there may be several copies.

    Parameters
    ----------
    fees : tuple of Row
        Once per entry.
    paperwork : int
        Cents of the elections taken.
    risk : Fraction
        Expected cents of verification.
    """

    entry: Entry
    lines: tuple[LineResult, ...]
    fees: tuple[Row, ...]

    @property
    def resolved(self) -> bool:
        """Whether every line is answered, and every fee."""
        return not self.fee_needs and not any(line.unresolved for line in self.lines)

    @property
    def fee_needs(self) -> tuple[str, ...]:
        """What is missing for the fees of the entry."""
        return tuple(dict.fromkeys(need for line in self.lines if line.option for need in line.option.fee_needs))

    @property
    def duty_cents(self) -> int:
        """Duties of one copy."""
        return sum(line.duty_cents for line in self.lines)

    @property
    def fee_cents(self) -> int:
        """Fees of one copy."""
        return sum(row.cents for row in self.fees)

    @property
    def owed_cents(self) -> int:
        """Duties and fees of one copy."""
        return self.duty_cents + self.fee_cents

    @property
    def paperwork(self) -> int:
        """Cents of paperwork of one copy."""
        options = [line.option for line in self.lines if line.option]
        return sum(option.paperwork for option in options) + shared_cents(options)

    @property
    def risk(self) -> Fraction:
        """Expected cents of verification of one copy."""
        return sum((line.option.risk for line in self.lines if line.option), Fraction(0))

    def line(self, name: str) -> LineResult:
        """A line by name."""
        return next(line for line in self.lines if line.line.name == name)


def assess_entry(
    view: LawView, entry: Entry, earlier: Mapping[str, Sequence[LineResult]] | None = None, risk: Risk = no_risk
) -> EntryResult:
    """Assess one entry, its elections taken at the least total.

    Parameters
    ----------
    view : LawView
        The law.
    entry : Entry
        As declared.
    earlier : mapping of str to sequence of LineResult
        Results of earlier lines by ``<entry>/<line>``, in parts where a quota split them, for goods built from them.
    risk : callable
        Expected cents of verification of a combination.

    Returns
    -------
    EntryResult
        Lines that miss a fact are unresolved; the others are answered, fees on the answered lines.
    """
    found: list[tuple[Line, Options | None, tuple[str, ...]]] = []
    for declared in entry.lines:
        line, missing = _with_inputs(declared, earlier or {})
        line = replace(line, note=(*line.note, *_idle_claim(view, line.facts, entry.on)))
        options, more = (None, missing) if missing else _options(view, line, entry, risk)
        found.append((line, options, more))
    open_options = [options for _, options, missing in found if options is not None and not missing]
    taken = cheapest(open_options)
    fees = fees_of(taken)
    others = Others(taken)
    number = 0
    lines = []
    for line, options, missing in found:
        if options is None or missing:
            lines.append(_unresolved(view, entry, line, options, missing))
            continue
        lines.append(_answered(view, entry, line, taken[number], options, (others, number), (taken, fees)))
        number += 1
    return EntryResult(entry, tuple(lines), fees)


def _options(view: LawView, line: Line, entry: Entry, risk: Risk) -> tuple[Options | None, tuple[str, ...]]:
    try:
        options = options_of(view, line, entry.on, risk)
    except LawError as error:
        return None, needs(error)
    return options, options.unresolved


def _answered(
    view: LawView,
    entry: Entry,
    line: Line,
    option: Option,
    options: Options,
    beside: tuple[Others, int],
    owed: tuple[Sequence[Option], tuple[Row, ...]],
) -> LineResult:
    others, number = beside
    alternatives = [Alternative(x.words, others.total(number, x), x is option) for x in options.open]
    alternatives += [Alternative(words, None, False, missing) for words, missing in options.closed]
    line = replace(line, note=(*line.note, *_frozen_beyond_end(view, option, entry.on)))
    return LineResult(
        line,
        option,
        tuple(row for row in option.rows if not row.per_entry),
        _shares(option, *owed),
        tuple(alternatives),
        _explained(view, entry, line, option),
        assumed=assumed(view, line, option, entry.on),
    )


def _explained(view: LawView, entry: Entry, line: Line, option: Option) -> Explanation | None:
    """The reasons of the law; None where it cannot tell any for want of a fee's value."""
    try:
        return view.explain(option.facts, entry.on, line.columns())
    except LawError as error:
        fee = view.fee_behind(error)
        return view.without(fee).explain(option.facts, entry.on, line.columns()) if fee else None


def _unresolved(
    view: LawView, entry: Entry, line: Line, options: Options | None, missing: tuple[str, ...]
) -> LineResult:
    alternatives = []
    if options is not None:
        alternatives += [Alternative(x.words, total([x]), False) for x in options.open]
        alternatives += [Alternative(words, None, False, each) for words, each in options.closed]
    try:
        explanation = view.explain(line.facts, entry.on, line.columns())
    except LawError:
        explanation = None
    return LineResult(line, None, (), (), tuple(alternatives), explanation, missing)


def _shares(option: Option, taken: Sequence[Option], fees: tuple[Row, ...]) -> tuple[tuple[str, Fraction], ...]:
    """The line's share of each fee, pro rata to its base; alike where no line has any value."""
    found = []
    owed = {row.programme: row.cents for row in fees}
    for row in option.rows:
        if row.per_entry:
            payers = [x.base for other in taken for x in other.rows if x.programme == row.programme]
            base = sum(payers)
            part = Fraction(row.base) / Fraction(base) if base > 0 else Fraction(1, len(payers))
            found.append((row.programme, owed[row.programme] * part))
    return tuple(found)


def _with_inputs(line: Line, earlier: Mapping[str, Sequence[LineResult]]) -> tuple[Line, tuple[str, ...]]:
    """The line with the landed cost of what was built into it in its customs value."""
    if not line.inputs:
        return line, ()
    value = line.value
    for item in line.inputs:
        before = earlier.get(item.line, ())
        if not before or any(part.unresolved for part in before):
            return line, (f"unresolved: needs the landed cost of {item.line}.",)
        cost = sum((part.line.value + item.passed_on * part.burden for part in before), Fraction(0))
        unit = cost / sum((part.line.quantity for part in before), Fraction(0))
        value += unit * item.units * line.quantity
    whole = replace(line, amounts={**line.amounts, VALUE: Amount(value)})
    return whole, whole.excess()


def _frozen_beyond_end(view: LawView, option: Option, on: dt.date) -> tuple[str, ...]:
    """Duties that are owed as of admission to a zone although they have ended before the entry: which reading it is."""
    if option.facts.zone_status != FROZEN:
        return ()
    ended = [x.programme for x in option.rows if not view.law.by_path[x.programme].in_force(on, view.known)]
    if not ended:
        return ()
    reading = "is owed as of admission to the zone, though not in force on the day of entry"
    return (f"{', '.join(ended)} {reading} (assumption: privileged status freezes a duty beyond its end)",)


def _idle_claim(view: LawView, facts: LineFacts, on: dt.date) -> tuple[str, ...]:
    """Why a claim that the line writes counts for nothing, and what could be claimed; empty where it may count."""
    claimed = view.law.agreements.get(facts.agreement)
    if claimed is None:
        return ()
    between = f"{facts.importer} and {facts.exporter}"
    other = view.law.agreement(facts.importer, facts.exporter, on, view.known)
    instead = f"In force between {between} is {other}." if other else f"None is in force between {between}."
    if not claimed.in_force(on, view.known):
        return (f"the claim under {facts.agreement} counts for nothing: it is not in force on {on}. {instead}",)
    if other != facts.agreement:
        return (f"the claim under {facts.agreement} counts for nothing: it does not bind {between}. {instead}",)
    if not facts.originating:
        return (f"the claim under {facts.agreement} counts for nothing: the line does not say originating: yes.",)
    return ()
