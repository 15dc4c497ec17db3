"""Break-even: the tariff, threshold, value or cost at which claiming, paying and re-sourcing change places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from sim.duty.declaration import VALUE, Amount, Entry
from sim.duty.elections import Option, fees_of, options_of, shared_cents
from sim.duty.entry import EntryResult
from sim.duty.exchange import Exchange
from sim.duty.law_view import LawView, other_law
from sim.duty.lines import share
from sim.duty.offset import read_money
from sim.duty.piecewise import Piece, Stretch, pieces, winners
from sim.duty.section import Data, Section, money, percent
from sim.errors import LawError, nearest
from sim.law import Law
from sim.law.dated import Vintage
from sim.law.facts import digits
from sim.reading import Node
from sim.references import Reference
from sim.units import PPM

VARY = ("rate", "threshold", "value", "cost")
COUNT = ("landed", "duties")
_TRIED = Reference("varied to find the break-even", status="assumption")
_ABOVE_ALL = 1_000_000  # layer: governs over every reform
_MOST = 256


@dataclass(frozen=True, slots=True)
class Way:
    """One option: an entry of the file, and what it costs besides.

    Parameters
    ----------
    cost : Fraction
        Cents, once.
    schedule : tuple of (Fraction, Fraction)
        Points (x, cents) of a further cost that runs in straight lines between them; empty for none.
    """

    name: str
    entry: str
    cost: Fraction
    schedule: tuple[tuple[Fraction, Fraction], ...]

    def further(self, x: Fraction) -> Fraction:
        """The further cost at a point of the range of its schedule."""
        for (left, low), (right, high) in zip(self.schedule, self.schedule[1:], strict=False):
            if left <= x <= right:
                return low + (high - low) * (x - left) / (right - left)
        return Fraction(0)


@dataclass(frozen=True, slots=True)
class BreakEven:
    """A question of break-even.

    Parameters
    ----------
    vary : str
        ``rate`` (a law value), ``threshold`` (of the schedules), ``value`` (unit value of lines), ``cost`` (of a way).
    of : tuple of str
        Law path, lines ``<entry>/<line>``, or names of ways; empty for a threshold.
    begin, end : Fraction
        Range: parts per million for rates and thresholds, cents for money.
    count : str
        ``landed`` counts the goods with their duties and fees, ``duties`` only those.
    """

    vary: str
    of: tuple[str, ...]
    begin: Fraction
    end: Fraction
    count: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class BreakEvenResult:
    """Totals of each way as lines, and which is least on which stretch."""

    question: BreakEven
    totals: Mapping[str, tuple[Piece, ...]]
    stretches: tuple[Stretch, ...]

    @property
    def switches(self) -> tuple[tuple[Fraction, str, str], ...]:
        """Points at which the winner changes: where, from, to."""
        pairs = zip(self.stretches, self.stretches[1:], strict=False)
        return tuple((right.begin, left.winner, right.winner) for left, right in pairs)


def break_even(view: LawView, question: BreakEven, entries: Sequence[EntryResult]) -> BreakEvenResult:
    """Solve a question of break-even.

    Raises
    ------
    LawError
        A law path does not exist or holds no rate, or a way cannot be answered.
    """
    declared = {x.entry.name: _with_values(x) for x in entries}

    def total(way: Way, x: Fraction) -> Fraction:
        entry, seen = declared[way.entry], view
        if question.vary == "rate":
            for path in question.of:
                seen = replace(seen, law=with_value(seen.law, path, int(x)))
        if question.vary == "value":
            entry = _with_unit_value(entry, question.of, x)
        cost = way.cost + way.further(x)
        if question.vary == "cost" and way.name in question.of:
            cost += x
        return unrounded(seen, entry, question.count == "landed") * entry.copies + cost

    found = {
        way.name: pieces(lambda x, way=way: total(way, x), question.begin, question.end)  # type: ignore[misc]
        for way in question.ways
    }
    return BreakEvenResult(question, found, winners(found))


def _with_values(result: EntryResult) -> Entry:
    """The entry as assessed: what was built into its lines is in their values."""
    return replace(result.entry, lines=tuple(replace(x.line, inputs=()) for x in result.lines))


def _with_unit_value(entry: Entry, paths: Sequence[str], x: Fraction) -> Entry:
    lines = []
    for line in entry.lines:
        amounts = {**line.amounts, VALUE: Amount(x * line.quantity)}
        lines.append(replace(line, amounts=amounts) if entry.path(line) in paths else line)
    return replace(entry, lines=tuple(lines))


def unrounded(view: LawView, entry: Entry, landed: bool) -> Fraction:
    """Least cents of one copy of an entry, not rounded, so that it runs in straight lines.

    Raises
    ------
    LawError
        A line is unresolved, or there are too many combinations of elections.
    """
    each = [options_of(view, line, entry.on) for line in entry.lines]
    for line, options in zip(entry.lines, each, strict=True):
        missing = (*options.unresolved, *(need for option in options.open for need in option.fee_needs))
        if missing or not options.open:
            raise LawError(entry.path(line), missing)
    number = 1
    for options in each:
        number *= len(options.open)
    if number > _MOST:
        raise LawError(entry.name, [f"{number} combinations of elections; settle some with 'elect'."])
    least = min(_unrounded(chosen) for chosen in product(*(options.open for options in each)))
    return least + (sum((line.value for line in entry.lines), Fraction(0)) if landed else Fraction(0))


def _unrounded(chosen: Sequence[Option]) -> Fraction:
    own = Fraction(shared_cents(chosen))
    for option in chosen:
        own += option.paperwork + option.risk
        own += sum((Fraction(row.amount) for row in option.rows if not row.per_entry), Fraction(0))
    return own + sum((Fraction(fee.amount) for fee in fees_of(chosen)), Fraction(0))


def with_value(law: Law, path: str, ppm: int) -> Law:
    """The law with one rate replaced on every day.

    Parameters
    ----------
    path : str
        Dated value, or a table and a code such as ``us/mfn/rates/8703.23``.

    Raises
    ------
    LawError
        No such value, or it is no rate.
    """
    first = dt.date(1900, 1, 1)
    vintage = Vintage(first, first, None, ppm, "assumption", _TRIED, _ABOVE_ALL)
    owner, _, name = path.rpartition("/")
    for programme in law.by_path.values():
        for key, dated in programme.values.items():
            if dated.path == path:
                if dated.type != "rate":
                    raise LawError(path, [f"is a {dated.type}, not a rate."])
                values = {**programme.values, key: replace(dated, vintages=(*dated.vintages, vintage))}
                return _changed(law, replace(programme, values=values).path, path, ppm, values=values)
        for key, table in programme.tables.items():
            if table.path == owner:
                code = digits(name)
                rows = {**table.rows, code: (*table.rows.get(code, ()), vintage)}
                tables = {**programme.tables, key: replace(table, rows=rows)}
                return _changed(law, programme.path, path, ppm, tables=tables)
    raise LawError("break_even", [f"no rate named '{path}'. {nearest(path, law.paths(), 'rates')}"])


def _changed(law: Law, owner: str, path: str, ppm: int, **parts: object) -> Law:
    programme = replace(law.by_path[owner], **parts)  # type: ignore[arg-type]
    return other_law(law, {**law.by_path, owner: programme}, f"with {path} {ppm}")


def break_even_section(found: BreakEvenResult, currency: str) -> Section:
    """Which way wins where, and the points at which they change places."""
    question = found.question

    def shown(x: Fraction) -> str:
        return percent(x / PPM) if question.vary in ("rate", "threshold") else money(x, currency)

    def stretch(x: Stretch) -> str:
        jump = x.end - x.begin < 1  # less than the grid on which totals are known: the law changes by a leap there
        return f"at {shown(x.begin)} alone" if jump else f"from {shown(x.begin)} to {shown(x.end)}"

    of = f" of {', '.join(question.of)}" if question.of else ""
    lines = [f"{question.vary}{of} {stretch(x)}: {x.winner} costs least" for x in found.stretches]
    lines += [
        f"  {name}: {money(piece.value, currency)} at {shown(piece.begin)}, "
        f"{money(piece.at(piece.end), currency)} at {shown(piece.end)}"
        for name, each in found.totals.items()
        for piece in each
    ]
    values: dict[str, int | str] = {
        "break_even": "; ".join(f"{before} to {after} at {shown(x)}" for x, before, after in found.switches) or "none",
        "break_even.first": found.stretches[0].winner,
    }
    data: Data = {
        "vary": question.vary,
        "of": list(question.of),
        "unit": "share" if question.vary in ("rate", "threshold") else "cents",
        "intervals": [
            {"from": _plain(question, x.begin), "to": _plain(question, x.end), "winner": x.winner}
            for x in found.stretches
        ],
        "switches": [{"at": _plain(question, x), "from": before, "to": after} for x, before, after in found.switches],
        "totals": {
            name: [
                {
                    "from": _plain(question, piece.begin),
                    "to": _plain(question, piece.end),
                    "cents_at_from": float(piece.value),
                    "cents_at_to": float(piece.at(piece.end)),
                }
                for piece in each
            ]
            for name, each in found.totals.items()
        },
    }
    return Section("break_even", "Break-even", data, tuple(lines), values)


def _plain(question: BreakEven, x: Fraction) -> float:
    return float(x / PPM) if question.vary in ("rate", "threshold") else float(x)


def read_break_even(node: Node, entries: Sequence[Entry], exchange: Exchange) -> BreakEven:
    """Read ``{vary, of, from, to, count, options: [{name, entry, cost, schedule}]}``."""
    keys = node.fields(("vary", "of", "from", "to", "count", "options"), ("vary", "from", "to", "options"))
    vary = keys["vary"].text(VARY, "quantities") if "vary" in keys else "cost"
    items = keys["options"].items() if "options" in keys else []
    names = [entry.name for entry in entries]
    ways = tuple(_read_way(item, names, exchange) for item in items)
    lines = [entry.path(line) for entry in entries for line in entry.lines]
    allowed = {"value": lines, "cost": [way.name for way in ways]}.get(vary)
    of: tuple[str, ...] = keys["of"].texts() if "of" in keys else ()
    for name in of:
        if allowed is not None and name not in allowed:
            keys["of"].fault(f"'{name}' is not allowed. {nearest(name, allowed, 'names')}")
    if (vary == "threshold") != (not of):
        node.fault("'of' names what varies: a law path, lines or options; a threshold has none.")
    begin, end = (_point(keys.get(key), vary, exchange) for key in ("from", "to"))
    if begin >= end and "to" in keys:
        keys["to"].fault("the range ends before it begins.")
    if len(ways) < 2:
        node.fault("a break-even compares two options or more.")
    for way in ways:
        if way.schedule and (way.schedule[0][0] > begin or way.schedule[-1][0] < end):
            node.fault(f"the schedule of '{way.name}' does not cover the range.")
    count = keys["count"].text(COUNT, "counts") if "count" in keys else "landed"
    return BreakEven(vary, of, begin, end, count, ways)


def _point(node: Node | None, vary: str, exchange: Exchange) -> Fraction:
    if node is None:
        return Fraction(0)
    return share(node) * PPM if vary in ("rate", "threshold") else read_money(node, exchange)


def _read_way(node: Node, names: Sequence[str], exchange: Exchange) -> Way:
    keys = node.fields(("name", "entry", "cost", "schedule"), ("entry",))
    entry = keys["entry"].text(names, "entries") if "entry" in keys else ""
    points = []
    for item in keys["schedule"].items() if "schedule" in keys else []:
        point = item.fields(("at", "cost"), ("at", "cost"))
        if len(point) == 2:
            points.append((share(point["at"]) * PPM, read_money(point["cost"], exchange)))
    if [x for x, _ in points] != sorted({x for x, _ in points}):
        keys["schedule"].fault("the points of a schedule rise from one to the next.")
    return Way(
        keys["name"].text() if "name" in keys else entry,
        entry,
        read_money(keys["cost"], exchange) if "cost" in keys else Fraction(0),
        tuple(points),
    )
