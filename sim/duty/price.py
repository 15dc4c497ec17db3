"""From duty to price: what of a change in duties is passed on to the buyer of a vehicle, and what joint entry saves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sim.duty.declaration import VALUE, Entry
from sim.duty.entry import EntryResult, assess_entry
from sim.duty.exchange import Exchange
from sim.duty.law_view import LawView
from sim.duty.lines import share
from sim.duty.offset import read_money
from sim.duty.section import Data, Section, money, percent, whole
from sim.reading import Node

Before = Callable[[tuple[str, ...]], LawView]


@dataclass(frozen=True, slots=True)
class Price:
    """A price that carries duties.

    Parameters
    ----------
    entries : tuple of str
        Entries whose duties and fees are in it.
    price : Fraction
        Cents before the change.
    passed_on : Fraction
        Share of the change of duties that reaches the price.
    add : Fraction
        Further rise as a share of the price, not scaled by `passed_on`.
    before_on, before_reforms : date, tuple of str
        Day and reforms of the law that was paid before; with neither, nothing was.
    """

    name: str
    entries: tuple[str, ...]
    price: Fraction
    passed_on: Fraction
    add: Fraction
    before_on: dt.date | None
    before_reforms: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Rise:
    """How a price rises, cents; nothing is told of it where an entry cannot be answered, now or before."""

    price: Price
    now: int
    before: int
    rise: Fraction
    unresolved: tuple[str, ...] = ()


def rises(prices: Sequence[Price], entries: Sequence[EntryResult], view: LawView, law_of: Before) -> tuple[Rise, ...]:
    """Each price with the duties of now and of before.

    Parameters
    ----------
    law_of : callable
        Gives the view of the law under other reforms.
    """
    found = []
    for price in prices:
        mine = [x for x in entries if x.entry.name in price.entries]
        now = sum(x.owed_cents * x.entry.copies for x in mine)
        before, missing = 0, [f"now: {need}" for x in mine for need in _missing(x)]
        if price.before_on is not None or price.before_reforms is not None:
            old = view if price.before_reforms is None else law_of(price.before_reforms)
            then = [_assessed(old, x, price.before_on) for x in mine]
            before = sum(x.owed_cents * x.entry.copies for x in then)
            missing += [f"before: {need}" for x in then for need in _missing(x)]
        rise = (now - before) * price.passed_on + price.add * price.price
        found.append(Rise(price, now, before, rise, tuple(missing)))
    return tuple(found)


def _assessed(view: LawView, result: EntryResult, on: dt.date | None) -> EntryResult:
    """The entry under another law, its goods at the value they had: what was built into them cost what it cost."""
    lines = tuple(
        replace(declared, inputs=(), amounts={**declared.amounts, VALUE: assessed.line.amounts[VALUE]})
        for declared, assessed in zip(result.entry.lines, result.lines, strict=True)
    )
    return assess_entry(view, replace(result.entry, on=on or result.entry.on, lines=lines))


def _missing(result: EntryResult) -> list[str]:
    found = [f"{result.entry.path(line.line)}: {need}" for line in result.lines for need in line.unresolved]
    return found + [f"{result.entry.name}: {need}" for need in result.fee_needs]


def price_section(found: Sequence[Rise], currency: str) -> Section:
    """Each price and its rise."""
    lines: list[str] = []
    data: list[Data] = []
    values: dict[str, int | str] = {}
    for x in found:
        of = x.rise / x.price.price if x.price.price else Fraction(0)
        extra = f" and {percent(x.price.add)} of the price" if x.price.add else ""
        if x.unresolved:
            lines.append(f"{x.price.name}: unresolved. {'; '.join(x.unresolved)}")
            values[x.price.name] = "; ".join(x.unresolved)
            data.append({"name": x.price.name, "price_cents": whole(x.price.price), "unresolved": list(x.unresolved)})
            continue
        lines.append(
            f"{x.price.name}: duties and fees {money(x.now, currency)}, before {money(x.before, currency)}; "
            f"{percent(x.price.passed_on)} passed on{extra}: {money(x.price.price, currency)} rises by "
            f"{money(x.rise, currency)} ({float(of) * 100:.1f} %)"
        )
        values[f"{x.price.name}.rise"] = whole(x.rise)
        data.append(
            {
                "name": x.price.name,
                "price_cents": whole(x.price.price),
                "now_cents": x.now,
                "before_cents": x.before,
                "rise_cents": whole(x.rise),
                "unresolved": [],
            }
        )
    return Section("price", "Prices", data, tuple(lines), values)


def read_price(node: Node, names: Sequence[str], exchange: Exchange) -> Price:
    """Read one price; `names` are the entries it may mention."""
    keys = ("name", "entries", "price", "passed_on", "add", "before")
    entries = node.fields(keys, ("name", "entries"))
    before = entries["before"].fields(("on", "reforms")) if "before" in entries else {}
    none: tuple[str, ...] | None = None
    return Price(
        entries["name"].text() if "name" in entries else "",
        tuple(x.text(names, "entries") for x in entries["entries"].items()) if "entries" in entries else (),
        read_money(entries["price"], exchange) if "price" in entries else Fraction(0),
        share(entries["passed_on"]) if "passed_on" in entries else Fraction(1),
        share(entries["add"]) if "add" in entries else Fraction(0),
        before["on"].date() if "on" in before else None,
        before["reforms"].texts() if "reforms" in before else none,
    )


@dataclass(frozen=True, slots=True)
class Joint:
    """Entries that might have been one: fees of each by itself, and on one entry."""

    name: str
    entries: tuple[str, ...]


def join(view: LawView, joint: Joint, entries: Sequence[EntryResult]) -> EntryResult:
    """The entries as one; the caller has seen to it that importer and day agree."""
    mine = [x.entry for x in entries if x.entry.name in joint.entries]
    lines = tuple(
        replace(line, name=f"{entry.name} {line.name}" + (f" {copy + 1}" if entry.copies > 1 else ""), inputs=())
        for entry in mine
        for copy in range(entry.copies)
        for line in (x.line for x in _result(entries, entry.name).lines)
    )
    return assess_entry(view, replace(mine[0], name=joint.name, lines=lines, copies=1))


def _result(entries: Sequence[EntryResult], name: str) -> EntryResult:
    return next(x for x in entries if x.entry.name == name)


def joint_section(view: LawView, joints: Sequence[Joint], entries: Sequence[EntryResult], currency: str) -> Section:
    """What consolidation saves."""
    lines: list[str] = []
    data: list[Data] = []
    values: dict[str, int | str] = {}
    for joint in joints:
        apart = sum(x.fee_cents * x.entry.copies for x in entries if x.entry.name in joint.entries)
        number = sum(x.entry.copies for x in entries if x.entry.name in joint.entries)
        together = join(view, joint, entries).fee_cents
        lines.append(
            f"{joint.name}: fees of {number} entries {money(apart, currency)}, on one entry "
            f"{money(together, currency)}; saved {money(apart - together, currency)}"
        )
        values |= {f"{joint.name}.apart": apart, f"{joint.name}.together": together}
        data.append({"name": joint.name, "apart_cents": apart, "together_cents": together})
    return Section("consolidation", "Consolidation", data, tuple(lines), values)


def read_joint(node: Node, entries: Sequence[Entry]) -> Joint:
    """Read one consolidation; its entries are of one importer and one day."""
    keys = node.fields(("name", "entries"), ("name", "entries"))
    names = [entry.name for entry in entries]
    chosen = tuple(x.text(names, "entries") for x in keys["entries"].items()) if "entries" in keys else ()
    mine = [entry for entry in entries if entry.name in chosen]
    if len({(x.importer, x.on) for x in mine}) > 1:
        node.fault("entries of several importers or days cannot be one entry.")
    if "entries" in keys and not mine:
        keys["entries"].fault("name at least one entry.")
    return Joint(keys["name"].text() if "name" in keys else "", chosen)
