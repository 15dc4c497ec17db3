"""The answer to a declaration: entries, accounts and what follows, as JSON and as a person reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.duty.entry import EntryResult
from sim.duty.entry_text import entry_section, totals
from sim.duty.reading import AT_ENTRY, Declaration
from sim.duty.section import Section, money, wrapped
from sim.errors import nearest
from sim.units import parse_money


@dataclass(frozen=True, slots=True)
class Check:
    """One figure that the file says should come out.

    Parameters
    ----------
    met : bool
        Whether what was found is what was expected: to the cent, or word for word.
    """

    name: str
    expected: str
    found: str
    met: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What a declaration owes, with everything that follows from it."""

    declaration: Declaration
    entries: tuple[EntryResult, ...]
    sections: tuple[Section, ...]
    _told: tuple[Section, ...] = field(init=False, repr=False, compare=False)  # the entries, told once

    def __post_init__(self) -> None:
        """Tell the entries once, however often the answer is read."""
        told = tuple(entry_section(x, self.declaration.currency) for x in self.entries)
        object.__setattr__(self, "_told", told)

    @property
    def values(self) -> dict[str, int | str]:
        """Main results by flat names, money in whole cents."""
        found = totals(self.entries)
        for section in (*self._told, *self.sections):
            found |= section.values
        return found

    @property
    def checks(self) -> tuple[Check, ...]:
        """Each expected figure beside the one found."""
        values, currency = self.values, self.declaration.currency
        return tuple(_check(name, text, values, currency) for name, text in self.declaration.expect.items())

    @property
    def met(self) -> bool:
        """Whether every expected figure came out."""
        return all(check.met for check in self.checks)

    @property
    def unresolved(self) -> tuple[str, ...]:
        """What is missing, line by line, then for the fees of each entry."""
        found: list[str] = []
        for entry in self.entries:
            found += [f"{entry.entry.path(line.line)}: {need}" for line in entry.lines for need in line.unresolved]
            found += [f"{entry.entry.name}: {need}" for need in entry.fee_needs]
        return tuple(found)

    def as_dict(self) -> dict[str, Any]:
        """The answer with stable keys; money in cents, no rounding but where a row is written."""
        said, currency = self.declaration, self.declaration.currency
        return {
            "question": said.question,
            "source": said.source,
            "reforms": list(said.reforms),
            "known": said.known.isoformat() if said.known else (AT_ENTRY if said.known_at_entry else None),
            "currency": currency,
            "left_out": list(said.left_out),
            "only": list(said.only),
            "entries": [section.data for section in self._told],
            **{section.name: section.data for section in self.sections},
            "unresolved": list(self.unresolved),
            "resolved": all(x.resolved for x in self.entries),
            "unresolved_entries": [x.entry.name for x in self.entries if not x.resolved],
            "values": self.values,
            "checks": [{"name": x.name, "expected": x.expected, "found": x.found, "met": x.met} for x in self.checks],
        }

    def text(self) -> str:
        """The answer as a person reads it."""
        said, currency = self.declaration, self.declaration.currency
        head = [wrapped(said.question, "")]
        if said.source:
            head.append(wrapped(f"Source: {said.source}", ""))
        if said.reforms:
            head.append(wrapped(f"Reforms: {', '.join(said.reforms)}", ""))
        if said.known:
            head.append(f"Law as published by {said.known}")
        if said.known_at_entry:
            head.append("Law as published by the day of each entry")
        if said.left_out:
            head.append(wrapped(f"Left out of the count: {', '.join(said.left_out)}", ""))
        if said.only:
            head.append(wrapped(f"Counted alone: {', '.join(said.only)}", ""))
        parts = ["\n".join(head)]
        parts += [section.text() for section in self._told]
        parts += [section.text() for section in self.sections]
        if len(self.entries) > 1:
            found = totals(self.entries)
            left = sum(not entry.resolved for entry in self.entries)
            words = f", of what is answered; {left} {'entry' if left == 1 else 'entries'} unresolved" if left else ""
            parts.append(f"Total of all entries: {money(int(found['total']), currency)}{words}")
        if self.checks:
            parts.append("\n".join(["Expected", *(wrapped(_check_text(x)) for x in self.checks)]))
        return "\n\n".join(parts)


def _check(name: str, expected: str, values: Mapping[str, int | str], currency: str) -> Check:
    if name not in values:
        return Check(name, expected, f"no figure of that name. {nearest(name, values, 'figures')}", False)
    found = values[name]
    if isinstance(found, str):
        return Check(name, expected, found, " ".join(expected.split()) == found)
    return Check(name, expected, money(found, currency), _cents(expected) == found)


def _cents(text: str) -> int | None:
    """Whole cents of an amount; a minus may stand before the number."""
    sign, plain = (-1, text.replace("-", "", 1)) if re.fullmatch(r"[A-Z]{3} ?-.*", text) else (1, text)
    try:
        return sign * parse_money(plain)[1]
    except ValueError:
        return None


def _check_text(check: Check) -> str:
    if check.met:
        return f"{check.name}: {check.expected}, met"
    return f"{check.name}: {check.expected}, NOT MET, found {check.found}"
