"""What the duty room asks the law: charges of one line, and the elections open to it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.errors import LawError
from sim.law import Charge, Explanation, Law, LineFacts
from sim.law.amounts import MissingAmountError
from sim.law.facts import FLAG_FACTS
from sim.law.programme import Programme
from sim.law.rights import Election
from sim.references import Reference
from sim.units import EXACT, PPM, round_cents

Columns = Mapping[str, NDArray[np.float64]]
CLAIM = "claim"
_AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True)
class Choice:
    """One alternative an importer may elect: it sets a fact.

    Parameters
    ----------
    name : str
        Its name in a file, such as ``claim``.
    fact, value : str, and str or bool
        Fact that it sets, and what it sets it to.
    title : str
        The alternative in words.
    paperwork_cents : int
        What it costs to elect it, once an entry however many lines do.
    amounts : tuple of str
        Money columns that it asks: it is open only where the line declares them.
    """

    name: str
    fact: str
    value: str | bool
    title: str
    paperwork_cents: int
    amounts: tuple[str, ...]
    reference: Reference

    @property
    def words(self) -> str:
        """The choice as a file would write it."""
        return f"{self.name} {flag_words(self.value)}"


def flag_words(value: str | bool) -> str:
    """A value of a fact as a file writes it."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


@dataclass(frozen=True, slots=True)
class Row:
    """One charge of one line, or one fee of one entry; rounded once, here.

    Parameters
    ----------
    base, amount : float
        Cents, unrounded.
    least, most : float, optional
        Floor and cap of a fee per entry, cents.
    cents : int
        What is owed, whole cents.
    """

    programme: str
    heading: str
    kind: str
    treasury: str
    rate_ppm: int
    base: float
    amount: float
    cents: int
    why: str
    reference: Reference
    least: float | None = None
    most: float | None = None

    @property
    def per_entry(self) -> bool:
        """Whether the charge is bounded per entry, so that lines share one."""
        return self.least is not None or self.most is not None

    @property
    def plain(self) -> float:
        """Rate times base, before any bound."""
        return self.base * self.rate_ppm / PPM


@dataclass(frozen=True, slots=True)
class LawView:
    """The law as one file asks it: with its date of knowledge, and without what the file leaves out.

    Parameters
    ----------
    left_out : tuple of str
        Paths of programmes, or beginnings of paths, that are not counted.
    only : tuple of str
        Likewise those that alone are counted; empty for all.
    """

    law: Law
    known: dt.date | None = None
    left_out: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    def rows(self, facts: LineFacts, on: dt.date, columns: Columns) -> tuple[Row, ...]:
        """Charges of one line, fees as if it were an entry by itself.

        Raises
        ------
        LawError
            A fact, amount or value is missing.
        """
        try:
            found = self.law.assess(facts, on, columns, self.known)
        except LawError as error:
            if not self.leaves_out(error.source):
                raise
            found = _without(self.law, self.left_out, self.only).assess(facts, on, columns, self.known)
        return tuple(_row(charge) for charge in found if not self.leaves_out(charge.programme))

    def fee_behind(self, error: LawError) -> str:
        """Path of the fee whose value is missing; empty where a refusal has another cause."""
        found = [path for path, x in self.law.by_path.items() if x.kind == "fee" and begins_with(error.source, (path,))]
        return found[0] if found else ""

    def without(self, path: str) -> LawView:
        """The law without one programme."""
        return replace(self, left_out=(*self.left_out, path))

    def leaves_out(self, path: str) -> bool:
        """Whether the file leaves a programme, or a value of it, out of the count."""
        if "/" not in path:
            return False
        return begins_with(path, self.left_out) or (bool(self.only) and not begins_with(path, self.only))

    def explain(self, facts: LineFacts, on: dt.date, columns: Columns) -> Explanation:
        """Every provision in order; see `Law.explain`."""
        try:
            return self.law.explain(facts, on, columns, self.known)
        except LawError as error:
            if not self.leaves_out(error.source):
                raise
            return _without(self.law, self.left_out, self.only).explain(facts, on, columns, self.known)

    def choices(self, facts: LineFacts, on: dt.date) -> tuple[Choice, ...]:
        """Elections open to a line, apart from what its facts say already."""
        found = _open(self.law, facts, on, self.known)
        return found if self.rules_on(facts.importer, _AGREEMENT) else (*found, *self._claim(facts, on))

    def rules_on(self, importer: str, fact: str) -> bool:
        """Whether a file of elections of an importer says when a fact may be elected."""
        return _rules_on(self.law, importer, fact)

    def _claim(self, facts: LineFacts, on: dt.date) -> tuple[Choice, ...]:
        """The claim itself, where no file of elections of this importer says it."""
        agreement = self.law.agreement(facts.importer, facts.exporter, on, self.known)
        if agreement is None or not facts.originating or facts.agreement:
            return ()
        reference = self.law.agreements[agreement].reference
        return (Choice(CLAIM, _AGREEMENT, agreement, f"Claim preference under {agreement}", 0, (), reference),)

    def source(self, path: str, on: dt.date) -> str:
        """Where a value of the law comes from, in brackets; empty for a rate that the file writes."""
        return f" ({self.law.vintage(path, on, self.known).reference})" if "/" in path else ""

    def at(self, known: dt.date | None) -> LawView:
        """The same law as known on another day."""
        return replace(self, known=known)


def begins_with(path: str, names: Iterable[str]) -> bool:
    """Whether a path is one of some names, or lies under one."""
    return any(path == name or path.startswith(f"{name}/") for name in names)


@lru_cache(maxsize=65_536)
def _open(law: Law, facts: LineFacts, on: dt.date, known: dt.date | None) -> tuple[Choice, ...]:
    return tuple(_choice(x) for x in law.elections(facts, on, known))


@lru_cache(maxsize=256)
def _rules_on(law: Law, importer: str, fact: str) -> bool:
    mine = [x for x in law.by_path.values() if x.importer == importer]
    return any(choice.fact == fact for x in mine for choice in x.choices)


@lru_cache(maxsize=16)
def _without(law: Law, left_out: tuple[str, ...], only: tuple[str, ...]) -> Law:
    """The law without the duties and fees that a file leaves out: only for what fails for want of a value of theirs."""
    view = LawView(law, None, left_out, only)
    kept = {path: x for path, x in law.by_path.items() if x.kind not in ("duty", "fee") or not view.leaves_out(path)}
    return other_law(law, kept, f"without {left_out}, with {only}")


def other_law(law: Law, by_path: Mapping[str, Programme], change: str) -> Law:
    """The law with other programmes; what it remembers of its answers is not taken over."""
    return Law(by_path, law.agreements, law.relations, law.reforms, f"{law.digest} {change}")


def needs(error: LawError) -> tuple[str, ...]:
    """The problems of a refusal, each with the place in the law where there is one."""
    place = f"{error.source}: " if re.fullmatch(r"[a-z]{2}/\S+", error.source) else ""
    if isinstance(error, MissingAmountError):
        name = error.needs().removeprefix("the amount ").strip("'")
        return (f"{place}unresolved: needs '{name}'. Write it on the line as money, or as a share such as '40 %'.",)
    return tuple(f"{place}{problem.message}" for problem in error.problems)


def _choice(found: Election) -> Choice:
    value = found.value == "yes" if found.fact in FLAG_FACTS else found.value
    name = CLAIM if found.fact == _AGREEMENT else found.fact
    amounts = tuple(found.amounts)
    return Choice(name, found.fact, value, found.title, found.cost_cents, amounts, found.reference)


def with_choices(facts: LineFacts, choices: Iterable[Choice]) -> LineFacts:
    """Facts with elections taken."""
    changes = {choice.fact: choice.value for choice in choices}
    return replace(facts, **changes) if changes else facts  # type: ignore[arg-type]


def _row(charge: Charge) -> Row:
    amount = float(charge.amount[0])
    if not abs(amount) <= EXACT:
        raise LawError(charge.programme, [f"the charge is beyond exact money. The most is {EXACT // 100}."])
    return Row(
        charge.programme,
        charge.heading,
        charge.kind,
        charge.treasury,
        charge.rate_ppm,
        float(charge.base[0]),
        amount,
        int(round_cents(amount)),
        charge.why,
        charge.reference,
        getattr(charge, "least", None),
        getattr(charge, "most", None),
    )
