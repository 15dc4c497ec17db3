"""Reading entries and their lines: facts, quantities and money, every problem with its place."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction

from sim.duty.declaration import VALUE, Amount, Deposit, Entry, Input, Line
from sim.duty.exchange import Exchange
from sim.duty.facts import ALIASES, FACTS, code, read_facts
from sim.law import LineFacts
from sim.law.amounts import AMOUNTS
from sim.law.facts import CLOSED_FACTS, LINE_FACTS
from sim.reading import Node, hint
from sim.units import EXACT, PPM, parse_money, parse_rate

_DEPOSIT = "_deposit"
DEPOSITS = tuple(name.removesuffix(_DEPOSIT) for name in AMOUNTS if name.endswith(_DEPOSIT))
MONEY = tuple(
    name
    for name in AMOUNTS
    if name not in (VALUE, "dutiable_value", "unreduced_value", "offset_credit") and not name.endswith(_DEPOSIT)
)
_OWN = ("name", "quantity", "unit_value", "value", "elect", "costs", "inputs", "model", "shipped")
_ZONE = ("admitted", "admitted_hts")
LINE_KEYS = (*_OWN, *_ZONE, *FACTS, *MONEY, *DEPOSITS)
_COMMON = ("exporter", "origin", "origin_marking")  # an entry may write them for all of its lines
_ENTRY_KEYS = ("name", "importer", "on", "at", "copies", *_COMMON, "shipped", "importer_of_record", "lines")
_DEPOSIT_KEYS = ("rate", "final_rate", "final_on", "interest", "supplier", "reviewed_by")
_NONE = "none"
ANY = "any"  # written under 'elect': the fact that the line writes is open again
ELECTIONS = ("claim", *(name for name in LINE_FACTS if name not in ("importer", "exporter", "origin", "hts_code")))
_WORDS = {"yes": True, "no": False}
_NUMBER = re.compile(r"\d+(?:[ _]\d{3})*(?:\.\d+)?")
_EMPTY = tuple(f.name for f in fields(LineFacts) if f.default == "")  # facts that say nothing unless written
_ZONED = "zone_status"
_IN_ZONE = "non_privileged"  # where a line leaves its status open, it starts from the one that freezes nothing


def read_entries(node: Node, exchange: Exchange) -> tuple[Entry, ...]:
    """Read the list of entries.

    Parameters
    ----------
    exchange : Exchange
        Currency of the file and rates of others.
    """
    entries = [_read_entry(item, exchange) for item in node.items()]
    if not entries:
        node.fault("no entry is written. Write at least one, with its lines.")
    _refuse_twins([x.name for x in entries], node, "entries")
    return tuple(entries)


def _refuse_twins(names: list[str], node: Node, plural: str) -> None:
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            node.fault(f"{names.count(name)} {plural} are named '{name}'. Give each its own name.")


def _read_entry(node: Node, exchange: Exchange) -> Entry:
    entries = node.fields(_ENTRY_KEYS, ("name", "importer", "on", "lines"))
    importer = entries["importer"].text() if "importer" in entries else ""
    name = entries["name"].text() if "name" in entries else ""
    if "/" in name:
        entries["name"].fault(f"'{name}' holds a '/', which parts entry from line.")
    shipped = entries["shipped"].date() if "shipped" in entries else None
    common: dict[str, Node] = {key: entries[key] for key in _COMMON if key in entries}
    items = entries["lines"].items() if "lines" in entries else []
    lines = tuple(_read_line(item, importer, common, shipped, exchange) for item in items)
    on = entries["on"].date() if "on" in entries else dt.date.max
    for item, line in zip(items, lines, strict=True):
        if line.admitted is not None and line.admitted > on:
            item.fault(f"the line was admitted to its zone on {line.admitted}, after its entry on {on}.")
    if "lines" in entries and not lines:
        entries["lines"].fault("an entry has at least one line.")
    _refuse_twins([x.name for x in lines], entries.get("lines", node), "lines")
    at = entries["at"].text() if "at" in entries else ""
    if at and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", at):
        entries["at"].fault(f"'{at}' is not an hour. Write it as 08:30.")
    copies = number(entries["copies"]) if "copies" in entries else Fraction(1)
    if copies.denominator != 1 or copies < 1:
        entries["copies"].fault(f"{entries['copies'].quote()} is not a number of copies. Write 1 or more.")
        copies = Fraction(1)
    record = entries["importer_of_record"].text() if "importer_of_record" in entries else ""
    return Entry(name, importer, on, lines, at, int(copies), record)


def number(node: Node) -> Fraction:
    """Read a number of 0 or more, such as ``200`` or ``1 500.5``."""
    text = node.value if isinstance(node.value, str) else ""
    if not _NUMBER.fullmatch(text):
        node.fault(f"{node.quote()} is not a number.")
        return Fraction(1)
    found = Fraction(text.replace(" ", "").replace("_", ""))
    if found > EXACT:
        node.fault(f"'{text}' is beyond exact numbers. The most is {EXACT}.")
        return Fraction(1)
    return found


def _read_line(
    node: Node, importer: str, common: Mapping[str, Node], shipped: dt.date | None, exchange: Exchange
) -> Line:
    entries = node.fields(LINE_KEYS, ("name",))
    written = {key: entries[key] for key in FACTS if key in entries}
    facts = read_facts({**common, **written})
    missing = [key for key in ("hts", "exporter", "origin") if key not in common and key not in written]
    for key in missing:
        if key != "hts" or "hts_code" not in written:
            node.fault(f"the key '{key}' is missing.")
    defaults = {"exporter": "XX", "origin": "XX", "hts_code": "0000", "importer": importer or "XX"}
    deposits = tuple(_read_deposit(entries[key], key) for key in DEPOSITS if key in entries)
    orders = {name: True for x in deposits if (name := x.column.replace(_DEPOSIT, "_order")) in LINE_FACTS}
    if "shipped" in entries:
        shipped = entries["shipped"].date()
    quantity = number(entries["quantity"]) if "quantity" in entries else Fraction(1)
    if quantity <= 0:
        entries["quantity"].fault(f"{entries['quantity'].quote()} is not a quantity. Write a number above 0.")
        quantity = Fraction(1)
    amounts, remarks = _read_amounts(node, entries, quantity, shipped, exchange)
    fixed, costs = _elections(entries)
    opened = frozenset(fact_of(name) for name in fixed)
    for name in [name for name, value in fixed.items() if value is False]:
        declared = facts.get(fact_of(name))
        if declared and fact_of(name) in _EMPTY:
            entries["elect"].fault(f"'{name}: no' contradicts '{fact_of(name)}: {declared}' of the line. Keep one.")
    for name in [name for name, value in fixed.items() if value == ANY]:
        fact = fact_of(name)
        declared = facts.pop(fact, None)
        written.pop(fact, None)
        del fixed[name]
        if fact == _ZONED and (declared or "admitted" in entries):
            facts[fact] = declared if declared == "domestic" else _IN_ZONE
    line = Line(
        entries["name"].text() if "name" in entries else "",
        LineFacts(**{**defaults, **orders, **facts}),  # type: ignore[arg-type]
        quantity,
        amounts,
        frozenset(ALIASES.get(key, key) for key in written),
        fixed,
        costs,
        tuple(_read_input(x) for x in entries["inputs"].items()) if "inputs" in entries else (),
        deposits,
        entries["model"].text() if "model" in entries else "",
        entries["admitted"].date() if "admitted" in entries else None,
        code(entries["admitted_hts"]) if "admitted_hts" in entries else "",
        remarks,
        opened=opened,
    )
    for message in () if line.inputs else line.excess():
        node.fault(message)
    return line


def fact_of(name: str) -> str:
    """The fact that an election of this name sets."""
    return "agreement" if name == "claim" else name


def _elections(entries: Mapping[str, Node]) -> tuple[dict[str, str | bool], dict[str, int]]:
    chosen = entries["elect"].fields(ELECTIONS) if "elect" in entries else {}
    costs = entries["costs"].fields(ELECTIONS) if "costs" in entries else {}
    return {key: _choice(key, x) for key, x in chosen.items()}, {key: x.money() for key, x in costs.items()}


def _choice(name: str, node: Node) -> str | bool:
    text = node.text()
    allowed = CLOSED_FACTS.get(fact_of(name))
    if allowed is not None:
        shown = [word or _NONE for word in allowed]
        if text not in (*_WORDS, ANY, *shown):
            node.fault(f"'{text}' is no choice of '{name}'. {hint(text, (*_WORDS, ANY, *shown), 'choices')}")
    if text == _NONE and (allowed is None or text not in allowed):
        return ""  # the word for a fact that is empty
    return _WORDS.get(text, text)


def _read_amounts(
    node: Node, entries: Mapping[str, Node], quantity: Fraction, shipped: dt.date | None, exchange: Exchange
) -> tuple[dict[str, Amount], tuple[str, ...]]:
    """Money of the whole line; with a unit value, all money is written for one unit."""
    if ("unit_value" in entries) == ("value" in entries):
        node.fault("a line has either 'unit_value' (all its money for one unit) or 'value' (for the whole line).")
        return {VALUE: Amount()}, ()
    each = quantity if "unit_value" in entries else Fraction(1)
    remarks: dict[str, None] = {}

    def cents(child: Node, is_share: bool = False) -> Fraction:
        try:
            currency, found = parse_money(child.text())
            value, remark = exchange.cents(currency, Fraction(found), shipped)
        except ValueError as error:
            bare = is_share and isinstance(child.value, str) and _NUMBER.fullmatch(child.value)
            child.fault(f"{error} A share is written with its sign, such as '40 %'." if bare else str(error))
            return Fraction(0)
        if value * each > EXACT:
            most = f"The most is {EXACT // 100} in all."
            child.fault(f"{child.quote()} is beyond exact money for {quantity} units. {most}")
            return Fraction(0)
        if found < 0:
            child.fault(f"{child.quote()} is negative. Money of a line is zero or more.")
        if remark:
            remarks[remark] = None
        return value * each

    amounts = {VALUE: Amount(cents(entries["unit_value" if "unit_value" in entries else "value"]))}
    for name in MONEY:
        child = entries.get(name)
        if child is None:
            continue
        if isinstance(child.value, str) and "%" in child.value:
            amounts[name] = Amount(share=share(child))
        else:
            amounts[name] = Amount(cents(child, True))
    return amounts, tuple(remarks)


def share(node: Node) -> Fraction:
    """Read a share such as ``35 %``."""
    try:
        return Fraction(parse_rate(node.text()), PPM)
    except ValueError as error:
        node.fault(str(error))
        return Fraction(0)


def _read_deposit(node: Node, name: str) -> Deposit:
    entries = node.fields(_DEPOSIT_KEYS, ("rate",))
    final = share(entries["final_rate"]) if "final_rate" in entries else None
    return Deposit(
        f"{name}{_DEPOSIT}",
        share(entries["rate"]) if "rate" in entries else Fraction(0),
        final,
        entries["final_on"].date() if "final_on" in entries else None,
        share(entries["interest"]) if "interest" in entries else Fraction(0),
        entries["supplier"].text() if "supplier" in entries else "",
        entries["reviewed_by"].text() if "reviewed_by" in entries else "",
    )


def _read_input(node: Node) -> Input:
    entries = node.fields(("line", "units", "passed_on"), ("line",))
    return Input(
        entries["line"].text() if "line" in entries else "",
        number(entries["units"]) if "units" in entries else Fraction(1),
        share(entries["passed_on"]) if "passed_on" in entries else Fraction(1),
    )
