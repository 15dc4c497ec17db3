"""Quotas and value caps: filled in order of crossing, lines split where a quota ends in the middle of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sim.duty.declaration import Entry, Line
from sim.duty.exchange import Exchange
from sim.duty.facts import read_facts
from sim.duty.law_view import LawView
from sim.duty.lines import number
from sim.duty.section import Data, Section, money, units
from sim.errors import LawError
from sim.law.facts import digits
from sim.reading import Node
from sim.units import parse_money

UNITS = ("number", "value")
_BEGINNING = re.compile(r"\d{2}(\.?\d{2}){0,4}")


@dataclass(frozen=True, slots=True)
class Quota:
    """A quantity or a value that may enter under better terms.

    Parameters
    ----------
    amount : Fraction, optional
        Units, or cents; None where the law says it.
    path : str
        Path of the law value that says the amount; empty where the file does.
    used : Fraction
        Taken before the first line of the file.
    unit : str
        ``number`` or ``value``.
    codes : tuple of str
        Digits of tariff codes that it covers, by their beginning; empty for all.
    match : mapping
        Facts that a line must have.
    importers : tuple of str
        Importers of record who may use it; empty for all.
    begins, until : date, optional
        Days of entry that count.
    inside, outside : mapping
        Facts of goods within it and beyond it.
    """

    name: str
    amount: Fraction | None
    path: str
    used: Fraction
    unit: str
    codes: tuple[str, ...]
    importer: str
    match: Mapping[str, str | bool | None]
    importers: tuple[str, ...]
    begins: dt.date | None
    until: dt.date | None
    inside: Mapping[str, str | bool | None]
    outside: Mapping[str, str | bool | None]

    def covers(self, entry: Entry, line: Line) -> bool:
        """Whether a line counts against it."""
        code = digits(line.facts.hts_code)
        coded = not self.codes or any(code.startswith(prefix) for prefix in self.codes)
        begun = self.begins is None or entry.on >= self.begins
        ended = self.until is not None and entry.on >= self.until
        alike = all(getattr(line.facts, name) == value for name, value in self.match.items())
        named = not self.importers or entry.importer_of_record in self.importers
        return coded and begun and not ended and alike and named and entry.importer == self.importer

    def size(self, line: Line) -> Fraction:
        """How much of it a line takes: units, or cents of customs value."""
        return line.quantity if self.unit == "number" else line.value

    def limit(self, view: LawView, on: dt.date) -> Fraction:
        """Its whole size on a day.

        Raises
        ------
        LawError
            The law does not say it.
        """
        if self.amount is not None:
            return self.amount
        value = view.law.value(self.path, on, view.known)
        if not isinstance(value, int) or isinstance(value, bool):
            raise LawError(self.path, ["is not a number."])
        return Fraction(value)


@dataclass(frozen=True, slots=True)
class Use:
    """What one line took of a quota."""

    quota: str
    line: str
    on: dt.date
    inside: Fraction
    outside: Fraction
    left: Fraction


def fill(view: LawView, quotas: Sequence[Quota], entries: Sequence[Entry]) -> tuple[tuple[Entry, ...], tuple[Use, ...]]:
    """Give each line its place inside or outside the quotas.

    Lines go by day and hour of entry, then by their order in the file. A line counts against the first quota that
    covers it. Copies of an entry cross one after the other, so an entry of several copies that a quota touches must
    be written out.

    Returns
    -------
    tuple of Entry, and tuple of Use
        Entries with lines split where a quota ends in the middle of them.

    Raises
    ------
    LawError
        The law does not say the size of a quota, or a quota touches an entry of several copies.
    """
    used = {quota.name: quota.used for quota in quotas}
    uses: list[Use] = []
    parts: dict[tuple[int, int], tuple[Line, ...]] = {}
    order = sorted(
        ((entry.on, entry.at, number, row) for number, entry in enumerate(entries) for row in range(len(entry.lines)))
    )
    for _, _, position, row in order:
        entry, line = entries[position], entries[position].lines[row]
        quota = next((quota for quota in quotas if quota.covers(entry, line)), None)
        if quota is None:
            continue
        if entry.copies > 1:
            raise LawError(quota.name, [f"touches '{entry.name}', which stands for several entries. Write them out."])
        room = max(Fraction(0), quota.limit(view, entry.on) - used[quota.name])
        size = quota.size(line)
        inside = min(size, room)
        used[quota.name] += inside
        parts[position, row] = _split(line, quota, inside / size if size else Fraction(1))
        uses.append(Use(quota.name, entry.path(line), entry.on, inside, size - inside, room - inside))
    filled = tuple(
        replace(entry, lines=tuple(x for row, line in enumerate(entry.lines) for x in parts.get((n, row), (line,))))
        for n, entry in enumerate(entries)
    )
    return filled, tuple(uses)


def _split(line: Line, quota: Quota, part: Fraction) -> tuple[Line, ...]:
    inside = replace(line.facts, **quota.inside)  # type: ignore[arg-type]
    outside = replace(line.facts, **quota.outside)  # type: ignore[arg-type]
    if part == 1:
        return (replace(line, facts=inside),)
    if part == 0:
        return (replace(line, facts=outside),)
    return (line.part(part, " (inside)", inside), line.part(1 - part, " (outside)", outside))


def quota_section(view: LawView, quotas: Sequence[Quota], uses: Sequence[Use], currency: str) -> Section:
    """What each line took, in order of crossing."""
    kinds = {quota.name: quota.unit for quota in quotas}

    def shown(amount: Fraction, name: str) -> str:
        return money(amount, currency) if kinds[name] == "value" else units(amount)

    rows: list[Data] = [
        {
            "quota": use.quota,
            "line": use.line,
            "on": use.on.isoformat(),
            "unit": "cents" if kinds[use.quota] == "value" else "number",
            "inside": float(use.inside),
            "outside": float(use.outside),
            "left": float(use.left),
        }
        for use in uses
    ]
    first = {use.quota: use.on for use in reversed(uses)}
    limits = [
        f"{x.name}: {shown(x.limit(view, first[x.name]), x.name)}{view.source(x.path, first[x.name])}, "
        f"{shown(x.used, x.name)} used before"
        for x in quotas
        if x.name in first
    ]
    lines = tuple(
        f"{use.quota}: {use.line} on {use.on}, {shown(use.inside, use.quota)} inside, "
        f"{shown(use.outside, use.quota)} outside; {shown(use.left, use.quota)} left"
        for use in uses
    )
    return Section("quotas", "Quotas, in order of crossing", rows, (*limits, *lines) or ("no line is covered.",))


_KEYS = (
    "name",
    "amount",
    "from_law",
    "used",
    "hts",
    "importer",
    "importers",
    "match",
    "from",
    "until",
    "inside",
    "outside",
)


def read_quota(node: Node, exchange: Exchange) -> Quota:
    """Read one quota: its amount is a number of units or money."""
    entries = node.fields((*_KEYS, "unit"), ("name", "importer"))
    if ("amount" in entries) == ("from_law" in entries):
        node.fault("a quota has either an 'amount' or the path of a law value under 'from_law'.")
    unit, amount = "number", None
    if "amount" in entries:
        unit, amount = _amount(entries["amount"], exchange)
    if "unit" in entries:
        unit = entries["unit"].text(UNITS, "units")
    used = _amount(entries["used"], exchange)[1] if "used" in entries else Fraction(0)
    return Quota(
        entries["name"].text() if "name" in entries else "",
        amount,
        entries["from_law"].text() if "from_law" in entries else "",
        used,
        unit,
        _codes(entries["hts"]) if "hts" in entries else (),
        entries["importer"].text() if "importer" in entries else "",
        read_facts(entries["match"].entries()) if "match" in entries else {},
        entries["importers"].texts() if "importers" in entries else (),
        entries["from"].date() if "from" in entries else None,
        entries["until"].date() if "until" in entries else None,
        read_facts(entries["inside"].entries()) if "inside" in entries else {"quota": "inside"},
        read_facts(entries["outside"].entries()) if "outside" in entries else {"quota": "outside"},
    )


def _codes(node: Node) -> tuple[str, ...]:
    """Beginnings of tariff codes, one or a list, with or without dots: ``87.03``, ``8703``."""
    found = []
    for item in [node] if isinstance(node.value, str) else node.items():
        text = item.text()
        if not _BEGINNING.fullmatch(text):
            item.fault(f"'{text}' is not the beginning of a tariff code. Write two to ten digits, such as '8708.30'.")
        found.append(digits(text))
    return tuple(found)


def _amount(node: Node, exchange: Exchange) -> tuple[str, Fraction]:
    text = node.value if isinstance(node.value, str) else ""
    if not text[:1].isalpha():
        return "number", number(node)
    try:
        currency, cents = parse_money(text)
        if currency != exchange.currency:
            node.fault(f"a quota is counted in {exchange.currency}, the currency of the file.")
        return "value", Fraction(cents)
    except ValueError as error:
        node.fault(str(error))
        return "value", Fraction(0)
