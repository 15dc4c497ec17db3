"""Elections: every combination open to a line, what each owes, and what an entry of such lines comes to."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction

from sim.duty.declaration import Line
from sim.duty.law_view import CLAIM, Choice, Columns, LawView, Row, flag_words, needs, with_choices
from sim.errors import LawError
from sim.law import LineFacts
from sim.units import round_cents

_MOST_COMBINATIONS = 512
FROZEN = "privileged"  # zone status: duty and code as of admission
_DEFAULTS = {f.name: f.default for f in fields(LineFacts)}
# a certificate states something of the good: nobody makes the statement for a line that does not write one of these
CERTIFIED = {"opt_in": ("opt_in", "use", "part_of")}

Risk = Callable[[Line, LineFacts, tuple[Row, ...]], Fraction]


def no_risk(line: Line, facts: LineFacts, rows: tuple[Row, ...]) -> Fraction:
    """No audit: a claim costs nothing more."""
    del line, facts, rows
    return Fraction(0)


@dataclass(frozen=True, slots=True)
class Option:
    """One combination of elections of one line, and what it owes.

    Parameters
    ----------
    rows : tuple of Row
        Charges; those per entry as if the line were an entry by itself.
    paperwork : int
        Cents of paperwork of this line alone, where the file says so.
    shared : tuple of (str, int)
        Elections whose paperwork is owed once an entry, and their cents.
    risk : Fraction
        Expected cents of verification.
    fee_needs : tuple of str
        What is missing for a fee of the entry; its duties are answered all the same.
    """

    choices: tuple[Choice, ...]
    facts: LineFacts
    rows: tuple[Row, ...]
    paperwork: int
    shared: tuple[tuple[str, int], ...]
    risk: Fraction
    fee_needs: tuple[str, ...] = ()

    @property
    def own(self) -> Fraction:
        """Cents that do not depend on other lines: duties rounded, paperwork and risk of the line."""
        return sum((Fraction(row.cents) for row in self.rows if not row.per_entry), self.risk + self.paperwork)

    @property
    def words(self) -> str:
        """The combination as a file would write it."""
        return ", ".join(choice.words for choice in self.choices) or "as declared"


@dataclass(frozen=True, slots=True)
class Options:
    """All combinations open to a line, and those that cannot be answered.

    Parameters
    ----------
    open : tuple of Option
        Answered combinations.
    closed : tuple of (str, tuple of str)
        Combination in words, and what it needs.
    """

    open: tuple[Option, ...]
    closed: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def unresolved(self) -> tuple[str, ...]:
        """What stands in the way of an answer; empty if there is one.

        An alternative that cannot be answered might cost less than any that can, unless one of those is free.
        """
        if not self.closed or any(option.own == 0 and not option.rows for option in self.open):
            return ()
        found = dict.fromkeys(
            need if words == "as declared" else f"{need} (with {words})" for words, each in self.closed for need in each
        )
        return tuple(found)


def options_of(view: LawView, line: Line, on: dt.date, risk: Risk = no_risk) -> Options:
    """Every admissible combination of elections of a line.

    Parameters
    ----------
    view : LawView
        The law.
    on : date
        Entry date.
    risk : callable
        Expected cents of verification of a combination.
    """
    answered, closed = [], []
    for choices in combinations(view, line, on):
        facts = with_choices(line.facts, choices)
        words = ", ".join(choice.words for choice in choices) or "as declared"
        try:
            rows, missing = rows_or_duties(view, line, facts, on)
            expected = risk(line, facts, rows)
        except LawError as error:
            closed.append((words, needs(error)))
            continue
        own = sum(line.costs[choice.name] for choice in choices if choice.name in line.costs)
        shared = tuple((x.words, x.paperwork_cents) for x in choices if x.name not in line.costs and x.paperwork_cents)
        answered.append(Option(choices, facts, rows, own, shared, expected, missing))
    return Options(tuple(answered), tuple(closed))


def rows_or_duties(view: LawView, line: Line, facts: LineFacts, on: dt.date) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """Charges of a line; where only a fee of the entry is unknown, its duties and what the fee needs.

    Raises
    ------
    LawError
        A fact or amount is missing, or a value of another charge.
    """
    try:
        return rows_of(view, line, facts, on), ()
    except LawError as error:
        fee = view.fee_behind(error)
        if not fee:
            raise
        return rows_of(view.without(fee), line, facts, on), needs(error)


def rows_of(
    view: LawView, line: Line, facts: LineFacts, on: dt.date, columns: Columns | None = None
) -> tuple[Row, ...]:
    """Charges of a line with these facts; zone status freezes duties at admission, fees stay with the entry.

    Raises
    ------
    LawError
        A fact, amount or value is missing.
    """
    money = line.columns() if columns is None else columns
    if facts.zone_status != FROZEN:
        return view.rows(facts, on, money)
    if line.admitted is None:
        raise LawError("entry line", ["unresolved: needs admitted, the day of admission to the zone."])
    frozen = replace(facts, hts_code=line.admitted_hts or facts.hts_code)
    duties = view.rows(frozen, line.admitted, money)
    fees = view.rows(facts, on, money)
    return (*(row for row in duties if row.kind == "duty"), *(row for row in fees if row.kind == "fee"))


def combinations(view: LawView, line: Line, on: dt.date) -> list[tuple[Choice, ...]]:
    """Combinations of elections, fewest first, without what the file settles otherwise.

    The law is asked again after each choice, because one may open or close another.

    Raises
    ------
    LawError
        The file asks an election that is not open, or there are too many combinations.
    """
    found: dict[frozenset[tuple[str, str | bool]], tuple[Choice, ...]] = {frozenset(): ()}
    waiting: list[tuple[Choice, ...]] = [()]
    while waiting:
        taken = waiting.pop()
        facts = with_choices(line.facts, taken)
        for choice in view.choices(facts, on):
            if not _may(line, choice) or choice.fact in {x.fact for x in taken}:
                continue
            more = (*taken, choice)
            key = frozenset((x.fact, x.value) for x in more)
            if key not in found:
                found[key] = more
                waiting.append(more)
        if len(found) > _MOST_COMBINATIONS:
            raise LawError("elections", [f"more than {_MOST_COMBINATIONS} combinations; settle some with 'elect'."])
    every = sorted(found.values(), key=lambda choices: (len(choices), [x.words for x in choices]))
    for name, value in line.fixed.items():
        every = _settled(line.facts, name, value, every)
    refused = {choices: _refused(view, line, with_choices(line.facts, choices), on) for choices in every}
    lawful = [choices for choices in every if not refused[choices]]
    if every and not lawful:
        raise LawError("elections", [refused[every[0]]])
    return lawful


def _refused(view: LawView, line: Line, facts: LineFacts, on: dt.date) -> str:
    """Why the law does not let goods have a status or certificate that they are said to have; empty where it does.

    In a zone what the goods owed on admission decides, by the code they had then.
    """
    admitted = line.admitted if facts.zone_status else None
    before = replace(facts, hts_code=line.admitted_hts or facts.hts_code) if admitted else facts
    for closed in view.law.closed_choices(before, admitted or on, view.known):
        value = f"{closed.fact} '{closed.value}' is not open to goods that are subject to {', '.join(closed.by)}"
        return f"{value} ({closed.reference})."
    return ""


def _may(line: Line, choice: Choice) -> bool:
    """Whether the line leaves a choice open: its fact is not written, and its amounts are."""
    settled = [value for name, value in line.fixed.items() if name in (choice.name, choice.fact)]
    if settled:
        return settled[0] is True or settled[0] == choice.value
    if choice.fact in CERTIFIED and not line.opened.union(line.written).intersection(CERTIFIED[choice.fact]):
        return False
    zone = choice.fact == "zone_status" and choice.value == FROZEN and line.admitted is None
    return not zone and choice.fact not in line.written and set(choice.amounts) <= set(line.amounts)


def _settled(
    facts: LineFacts, name: str, value: str | bool, every: list[tuple[Choice, ...]]
) -> list[tuple[Choice, ...]]:
    """Combinations that take an election as the file settles it; it may be taken already by the facts as declared."""
    if value is False:
        return every
    fact = "agreement" if name == CLAIM else name

    def meets(choices: tuple[Choice, ...]) -> bool:
        found = getattr(with_choices(facts, choices), fact)
        return found not in ("", False, _DEFAULTS[fact]) if value is True else found == value

    kept = [choices for choices in every if meets(choices)]
    if not kept:
        offered = ", ".join(dict.fromkeys(x.words for choices in every for x in choices)) or "none"
        raise LawError(
            "elections", [f"the election '{name} {flag_words(value) or 'none'}' is not open. Open: {offered}."]
        )
    return kept


@dataclass(frozen=True, slots=True)
class Bounded:
    """A fee of an entry in the making: rate times base of the lines so far, and its bounds, in cents."""

    plain: float
    least: float
    most: float

    @property
    def cents(self) -> int:
        """The fee, rounded once."""
        return int(round_cents(self.amount))

    @property
    def amount(self) -> float:
        """The fee, unrounded."""
        return min(max(self.plain, self.least), self.most)

    @classmethod
    def of(cls, row: Row) -> Bounded:
        """The fee of one line."""
        return cls(row.plain, row.least or 0.0, math.inf if row.most is None else row.most)

    def plus(self, more: Bounded) -> Bounded:
        """With more lines; where lines have unlike bounds, the higher ones hold."""
        return Bounded(self.plain + more.plain, max(self.least, more.least), max(self.most, more.most))

    def no_more(self, other: Bounded) -> bool:
        """Whether it cannot come out higher than another, whatever lines follow."""
        return self.plain <= other.plain and self.least <= other.least and self.most <= other.most


def with_rows(fees: Mapping[str, Bounded], rows: Iterable[Row]) -> dict[str, Bounded]:
    """Fees of an entry with more lines, by programme; charges that are not per entry are passed over."""
    found = dict(fees)
    for row in rows:
        if row.per_entry:
            more = Bounded.of(row)
            found[row.programme] = found[row.programme].plus(more) if row.programme in found else more
    return found


def fees_of(options: Sequence[Option]) -> tuple[Row, ...]:
    """Fees of an entry whose lines take these options: once each, on the summed base.

    Where lines pay at unlike rates, the row tells the highest and the base that pays it.
    """
    rows = [row for option in options for row in option.rows if row.per_entry]
    found = []
    for path, fee in with_rows({}, rows).items():
        mine = [row for row in rows if row.programme == path]
        told = max(mine, key=lambda row: row.rate_ppm)
        base = sum(row.base for row in mine if row.rate_ppm == told.rate_ppm)
        found.append(replace(told, base=base, amount=fee.amount, cents=fee.cents))
    return tuple(found)


def total(options: Sequence[Option]) -> Fraction:
    """Cents of an entry, with fees, paperwork and risk."""
    own = sum((option.own for option in options), Fraction(0))
    return own + shared_cents(options) + sum(row.cents for row in fees_of(options))


def shared_cents(options: Sequence[Option]) -> int:
    """Paperwork that an entry owes once for each election, whichever lines take it."""
    return sum(cents for _, cents in {x for option in options for x in option.shared})
