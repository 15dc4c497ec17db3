"""A programme of duties or fees: its life, its dated values, and the ordered headings that decide a line."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from sim.errors import LawError, nearest
from sim.law.amounts import AMOUNTS, Expression, Term, read_expression
from sim.law.conditions import ALWAYS, Condition, read_condition
from sim.law.dated import STATUSES, Dated, Plain, Vintage, governing, stands
from sim.law.facts import DERIVED_FACTS, LINE_FACTS
from sim.law.rights import Choice
from sim.law.table import Table, read_table
from sim.reading import Node, hint
from sim.references import Reference

CHARGING = ("duty", "fee")
KINDS = (*CHARGING, "valuation", "schedule", "elections", "drawback", "precedence", "agreement")
STATES = ("in_force", "suspended", "ended")
MARKS = ("seen", "memory", "estimate", "assumption")
NOT_CITED = Reference("not cited", "", "assumption")
_STATUS_OF_MARK = {"seen": "verified", "memory": "provisional", "estimate": "assumption", "assumption": "assumption"}


def read_countries(node: Node) -> tuple[str, ...]:
    """Read a list of countries such as ``[CA, MX]``."""
    countries = node.items() if isinstance(node.value, list) else [node]
    for item in countries:
        if not re.fullmatch(r"[A-Z]{2}", item.text()):
            item.fault(f"{item.quote()} is not a country. Write two capital letters, such as 'MX'.")
    return tuple(item.text() for item in countries)


def read_number(node: Node) -> int:
    """Read a whole number such as ``2600000``."""
    try:
        return parse_number(node.text())
    except ValueError as error:
        node.fault(str(error))
        return 0


def parse_number(text: str) -> int:
    """Read a whole number such as ``2600000`` or ``2 600 000``; a ValueError says what is allowed."""
    digits = text.replace(" ", "")
    if not re.fullmatch(r"\d+", digits):
        raise ValueError(f"'{digits}' is not a whole number. Write it as 2600000.")
    return int(digits)


_READERS: dict[str, Callable[[Node], Plain]] = {
    "rate": Node.rate,
    "money": Node.money,
    "text": Node.text,
    "flag": Node.flag,
    "list": lambda node: tuple(sorted(node.codes())),
    "countries": read_countries,
    "number": read_number,
    "shares": Node.shares,
    "state": lambda node: node.text(STATES, "states"),
}
TYPES = tuple(sorted(set(_READERS) - {"state"}))
References = Mapping[str, Reference]


@dataclass(frozen=True, slots=True)
class TableRate:
    """A rate looked up by tariff code in a table of the programme."""

    table: str


@dataclass(frozen=True, slots=True)
class Heading:
    """One provision of a programme; the first whose condition holds decides.

    Parameters
    ----------
    outcome : str
        ``charge``, ``exempt`` (subject to the programme, nothing owed), ``out`` (not subject), ``prohibited`` (may
        not enter), ``unresolved`` (`asks` for a fact that was not told), ``base`` (valuation; there ``exempt`` frees
        from every duty and fee).
    rate : int, str, TableRate
        Parts per million, the name of a dated value, or a table.
    less : Expression, optional
        Taken from the amount, never below nil: a duty that tops another one up to a total.
    at_least, at_most : Expression, optional
        Floor and cap of the amount of each line (each entry, for a fee).
    unreduced : Expression, optional
        For a valuation rule: the value of duties whose base the provision does not reduce.
    begins, published, until, until_published : date, optional
        Dates of this heading within the life of the programme, and the days on which beginning and end were told.
    """

    name: str
    title: str
    when: Condition
    outcome: str
    rate: int | str | TableRate
    base: Expression
    less: Expression | None
    at_least: Expression | None
    at_most: Expression | None
    unreduced: Expression | None
    begins: dt.date | None
    published: dt.date | None
    until: dt.date | None
    until_published: dt.date | None
    reference: Reference
    asks: str = ""

    def stands(self, on: dt.date, known: dt.date | None) -> bool:
        """Whether this heading was in force on a day and known on another."""
        return stands(self, on, known)


@dataclass(frozen=True, slots=True)
class Programme:
    """One duty, fee, valuation rule, schedule, set of elections or right of drawback of one importing country.

    Its path is its name everywhere. `choices` belong to elections; `of` says whose drawback is ruled.
    """

    path: str
    kind: str
    title: str
    importer: str
    authority: str
    document: str
    groups: tuple[str, ...]
    life: Dated
    values: Mapping[str, Dated]
    tables: Mapping[str, Table]
    headings: tuple[Heading, ...]
    reference: Reference
    choices: tuple[Choice, ...] = ()
    of: tuple[str, ...] = ()

    def state(self, on: dt.date, known: dt.date | None = None) -> Vintage | None:
        """The governing vintage of its life; None before it begins: no such programme."""
        return governing(self.life.vintages, on, known)

    def in_force(self, on: dt.date, known: dt.date | None = None) -> bool:
        """Whether it is in force on a day, as known on another."""
        vintage = self.state(on, known)
        return vintage is not None and vintage.value == "in_force"

    def value(self, name: str, on: dt.date, known: dt.date | None) -> Vintage:
        """The governing vintage of one of its values."""
        if name not in self.values:
            raise LawError(self.path, [f"no value named '{name}'. {nearest(name, self.values, 'values')}"])
        return self.values[name].at(on, known)

    def rate(self, heading: Heading, code: str, on: dt.date, known: dt.date | None) -> tuple[int, Reference]:
        """The rate of a heading in parts per million and the source of the number."""
        if isinstance(heading.rate, int):
            return heading.rate, heading.reference
        if isinstance(heading.rate, TableRate):
            vintage = self.tables[heading.rate.table].at(code, on, known)
        else:
            vintage = self.value(heading.rate, on, known)
        return cast("int", vintage.value), vintage.reference  # read as a rate

    def dates(self) -> set[dt.date]:
        """Every day at which anything in the programme may change."""
        found = self.life.dates()
        for dated in self.values.values():
            found |= dated.dates()
        for table in self.tables.values():
            found |= table.dates()
        parts: tuple[Heading | Choice, ...] = (*self.headings, *self.choices)
        for part in parts:
            found |= {day for day in (part.begins, part.until) if day is not None}
        return found


_KEYS = ("kind", "title", "importer", "authority", "document", "groups", "note", "references", "reference")
_PROGRAMME_KEYS = (*_KEYS, "life", "values", "tables", "headings", "choices", "of")
_BODY = {"schedule": "values", "elections": "choices", "drawback": "of"}  # what each kind must say; others: headings


def read_programme(path: str, node: Node, read_csv: Callable[[str], str]) -> Programme:
    """Read a programme; problems are collected in the node.

    Parameters
    ----------
    path : str
        Its path, such as ``us/mfn``.
    node : Node
        The root of its document.
    read_csv : callable
        Gives the text of a table file that stands beside the programme.
    """
    kind = str(node.value.get("kind")) if isinstance(node.value, dict) else ""
    required = ("kind", "title", "importer", "authority", "reference", "life", _BODY.get(kind, "headings"))
    entries = node.fields(_PROGRAMME_KEYS, required)
    references = read_references(entries.get("references"))
    reference = read_reference(entries.get("reference"), references)
    values = read_values(path, entries.get("values"), references)
    tables = {
        name: read_table(f"{path}/{name}", child, read_csv, references)
        for name, child in (entries["tables"].entries() if "tables" in entries else {}).items()
    }
    headings = entries["headings"].items() if "headings" in entries else []
    choices = entries["choices"].items() if "choices" in entries else []
    return Programme(
        path,
        entries["kind"].text(KINDS, "kinds") if "kind" in entries else "duty",
        _text(entries, "title"),
        _text(entries, "importer"),
        _text(entries, "authority"),
        _text(entries, "document") or _text(entries, "authority"),
        entries["groups"].texts() if "groups" in entries else (),
        read_life(path, _text(entries, "title"), entries.get("life"), references),
        values,
        tables,
        tuple(_read_heading(item, values, tables, references) for item in headings),
        reference,
        tuple(_read_choice(item, values, references) for item in choices),
        entries["of"].texts() if "of" in entries else (),
    )


def _text(entries: Mapping[str, Node], key: str) -> str:
    return entries[key].text() if key in entries else ""


def read_references(node: Node | None) -> dict[str, Reference]:
    """Read the references of a file: ``key: {title, href, mark}``."""
    found = {}
    for key, child in (node.entries() if node else {}).items():
        entries = child.fields(("title", "href", "mark"), ("title", "mark"))
        mark = entries["mark"].text(MARKS, "marks") if "mark" in entries else "assumption"
        found[key] = Reference(_text(entries, "title"), _text(entries, "href"), mark)
    return found


def read_reference(node: Node | None, references: References) -> Reference:
    """Read the key of a reference of the same file."""
    if node is None:
        return NOT_CITED
    key = node.text()
    if key and key not in references:
        node.fault(f"no reference named '{key}'. {nearest(key, references, 'references')}")
    return references.get(key, NOT_CITED)


def read_life(path: str, title: str, node: Node | None, references: References) -> Dated:
    """Read the states of a programme or agreement; they answer to its own path and title."""
    vintages = tuple(read_vintage(x, "state", references) for x in (node.items() if node else []))
    if node is not None:
        check_order(vintages, node)
    return Dated(path, title, "state", vintages)


def read_values(path: str, node: Node | None, references: References) -> dict[str, Dated]:
    """Read the dated values of a file: ``name: {title, type, vintages}``."""
    found = {}
    for name, child in (node.entries() if node else {}).items():
        entries = child.fields(("title", "type", "vintages"), ("title", "type", "vintages"))
        kind = entries["type"].text(TYPES, "types") if "type" in entries else "text"
        items = entries["vintages"].items() if "vintages" in entries else []
        vintages = tuple(read_vintage(item, kind, references) for item in items)
        check_order(vintages, child)
        found[name] = Dated(f"{path}/{name}", _text(entries, "title"), kind, vintages)
    return found


def check_order(vintages: tuple[Vintage, ...], node: Node) -> None:
    """Two vintages of one day and one publication leave it open which governs: a problem."""
    seen = set()
    for vintage in vintages:
        key = (vintage.begins, vintage.published, vintage.status == "expected")
        if key in seen:
            node.fault(f"two entries from {vintage.begins}, both published {vintage.published}. Keep one.")
        seen.add(key)


_VINTAGE_KEYS = ("from", "published", "until", "value", "status", "reference", "short_codes", "note")


def read_vintage(node: Node, kind: str, references: References, layer: int = 0) -> Vintage:
    """Read one vintage: ``{from, published, value, reference}`` and, if need be, ``until``, ``status``."""
    entries = node.fields(_VINTAGE_KEYS, ("from", "published", "value", "reference"))
    reference = read_reference(entries.get("reference"), references)
    begins = entries["from"].date() if "from" in entries else dt.date.max
    until = entries["until"].date() if "until" in entries else None
    if until is not None and until <= begins:
        entries["until"].fault(f"'{until}' does not come after from '{begins}'.")
    status = _STATUS_OF_MARK.get(reference.status, "assumption")
    return Vintage(
        begins,
        entries["published"].date() if "published" in entries else dt.date.max,
        until,
        _read_value(entries.get("value"), kind),
        entries["status"].text(STATUSES, "statuses") if "status" in entries else status,
        reference,
        layer,
        entries["short_codes"].text(("listed", "unlisted", "unresolved")) if "short_codes" in entries else "unresolved",
    )


def _read_value(node: Node | None, kind: str) -> Plain | None:
    if node is None or node.value == "unknown" or kind not in _READERS:
        return None
    return _READERS[kind](node)


_DAYS = ("from", "published", "until", "until_published")
_PLAIN_OUTCOMES = ("exempt", "out", "prohibited")
_BOUNDS = ("less", "at_least", "at_most", "unreduced")
_HEADING_KEYS = (
    "heading",
    "title",
    "when",
    "rate",
    "base",
    "less",
    "at_least",
    "at_most",
    "unreduced",
    *_PLAIN_OUTCOMES,
    "asks",
    "from",
    "published",
    "until",
    "until_published",
    "reference",
)


def _read_heading(node: Node, values: Mapping[str, Dated], tables: Iterable[str], references: References) -> Heading:
    entries = node.fields(_HEADING_KEYS, ("heading", "title", "reference"))
    outcome = _outcome(node, entries)
    when = _read_when(entries.get("when"), values)
    sums, rates = _of_type(values, "money"), _of_type(values, "rate")
    base = read_expression(entries["base"], sums, rates) if "base" in entries else Term("column", "dutiable_value")
    bounds = [read_expression(entries[k], sums, rates) if k in entries else None for k in _BOUNDS]
    days = _read_days(entries, "heading")
    return Heading(
        _text(entries, "heading"),
        _text(entries, "title"),
        when,
        outcome,
        _read_rate(entries["rate"], rates, tuple(tables)) if "rate" in entries else 0,
        base,
        bounds[0],
        bounds[1],
        bounds[2],
        bounds[3],
        days[0],
        days[1],
        days[2],
        days[3],
        read_reference(entries.get("reference"), references),
        entries["asks"].text(LINE_FACTS, "facts") if "asks" in entries else "",
    )


_CHOICE_KEYS = (
    "choice",
    "title",
    "when",
    "fact",
    "value",
    "cost",
    "amounts",
    "unless_subject",
    "from",
    "published",
    "until",
    "until_published",
    "reference",
)


def _read_choice(node: Node, values: Mapping[str, Dated], references: References) -> Choice:
    entries = node.fields(_CHOICE_KEYS, ("choice", "title", "fact", "value", "reference"))
    days = _read_days(entries, "choice")
    value = _text(entries, "value")
    amounts = entries["amounts"].items() if "amounts" in entries else []
    return Choice(
        _text(entries, "choice"),
        _text(entries, "title"),
        _read_when(entries.get("when"), values),
        entries["fact"].text(LINE_FACTS, "facts") if "fact" in entries else "",
        "" if value == "none" else value,
        _read_cost(entries["cost"], values) if "cost" in entries else 0,
        tuple(item.text(AMOUNTS, "amounts") for item in amounts),
        entries["unless_subject"].texts() if "unless_subject" in entries else (),
        days[0],
        days[1],
        days[2],
        days[3],
        read_reference(entries.get("reference"), references),
    )


def _read_cost(node: Node, values: Mapping[str, Dated]) -> int | str:
    text = node.text()
    return text if text in values else node.money()


def _read_when(node: Node | None, values: Mapping[str, Dated]) -> Condition:
    named = [_of_type(values, kind) for kind in ("list", "countries", "flag")]
    return ALWAYS if node is None else read_condition(node, (*LINE_FACTS, *DERIVED_FACTS), *named)


def _of_type(values: Mapping[str, Dated], kind: str) -> tuple[str, ...]:
    return tuple(name for name, dated in values.items() if dated.type == kind)


def _read_days(entries: Mapping[str, Node], what: str) -> list[dt.date | None]:
    days = [entries[k].date() if k in entries else None for k in _DAYS]
    if days[0] is not None and days[1] is None:
        entries["from"].fault(f"a {what} with 'from' must say when it was published.")
    return days


def _outcome(node: Node, entries: Mapping[str, Node]) -> str:
    found = [key for key in _PLAIN_OUTCOMES if key in entries and entries[key].flag()]
    if "asks" in entries:
        found.append("unresolved")
    if "rate" in entries:
        found.append("charge")
    elif "base" in entries:
        found.append("base")
    if len(found) != 1:
        plain = "'exempt: yes', 'out: yes', 'prohibited: yes'"
        node.fault(f"a heading says exactly one of 'rate', 'base' alone, {plain} or 'asks'.")
    return found[0] if found else "out"


def _read_rate(node: Node, values: tuple[str, ...], tables: tuple[str, ...]) -> int | str | TableRate:
    if isinstance(node.value, dict):
        entries = node.fields(("table",), ("table",))
        return TableRate(entries["table"].text(tables, "tables") if "table" in entries else "")
    text = node.text()
    if text in values:
        return text
    if "%" in text:
        return node.rate()
    node.fault(f"no rate named '{text}'. {hint(text, values, 'rates')}")
    return 0
