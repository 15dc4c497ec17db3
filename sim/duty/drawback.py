"""Drawback: what of the duty on inputs comes back, or stays owed, when they are exported in a finished good.

Towards a partner the least of two duties comes back: that on the input here, and that on the finished good there. The
words allow two readings, input by input or for the finished good as a whole; the law gives the one in force and a file
may switch it. Under deferral the duty was not paid at import, and what does not come back falls due on export.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sim.duty.elections import rows_of
from sim.duty.entry import EntryResult, LineResult
from sim.duty.exchange import Exchange
from sim.duty.facts import country
from sim.duty.law_view import LawView, Row, needs
from sim.duty.lines import number
from sim.duty.offset import read_money
from sim.duty.section import Data, Section, cited, money, whole
from sim.errors import LawError
from sim.law.rights import DrawbackRight
from sim.reading import Node
from sim.references import Reference

Lines = Mapping[str, Sequence[tuple[EntryResult, LineResult]]]
REGIMES = ("refund", "deferred")
READINGS = ("per_input", "per_good")
COMPARISONS = ("column_1", "all_duties")
LESSER = "lesser_of_two"
DEFERRING = "temporary"  # relief of the goods under which duty is not paid at import


@dataclass(frozen=True, slots=True)
class Used:
    """Units of a line that went into the export: all of it where `units` is None."""

    line: str
    units: Fraction | None


@dataclass(frozen=True, slots=True)
class Drawback:
    """One export of goods made of imported inputs, or of the inputs as they came.

    Parameters
    ----------
    regime : str
        ``refund`` (duty was paid) or ``deferred`` (it was not, and may fall due); empty to go by the relief of the
        inputs: what came in under temporary relief is deferred.
    relief : str
        Relief under which a deferred duty would have been owed: ``none``, or ``sector``.
    to : str
        Country of export.
    abroad : Used, optional
        Line of the finished good there; `abroad_cents` is used where it is None.
    counts : mapping of str to bool
        Switch by programme: whether its duty counts as a customs duty that comes back.
    """

    name: str
    regime: str
    relief: str
    to: str
    inputs: tuple[Used, ...]
    abroad: Used | None
    abroad_cents: Fraction
    same_condition: bool
    manufactured: bool
    reading: str
    comparison: str
    counts: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class InputDuty:
    """Duty on one input under one programme, and how it comes back.

    Parameters
    ----------
    way : str
        ``full``, ``lesser_of_two`` or ``none``.
    """

    line: str
    programme: str
    cents: Fraction
    way: str
    why: str
    reference: Reference | None


@dataclass(frozen=True, slots=True)
class DrawbackResult:
    """What comes back of the duty on the inputs.

    Parameters
    ----------
    owed, abroad, back : Fraction
        Cents: duty on the inputs, duty on the finished good there, and what comes back.
    """

    claim: Drawback
    inputs: tuple[InputDuty, ...]
    reading: str
    comparison: str
    owed: Fraction
    abroad: Fraction
    back: Fraction
    unresolved: tuple[str, ...] = ()
    regime: str = ""

    @property
    def due(self) -> Fraction:
        """Cents that stay with the treasury; under deferral, what falls due on export."""
        return max(Fraction(0), self.owed - self.back)


def draw_back(view: LawView, claim: Drawback, entries: Sequence[EntryResult]) -> DrawbackResult:
    """What comes back for one export; missing facts are told, not raised."""
    lines: dict[str, list[tuple[EntryResult, LineResult]]] = {}
    for entry in entries:
        for line in entry.lines:
            lines.setdefault(entry.entry.declared(line.line), []).append((entry, line))
    try:
        return _draw_back(view, claim, lines)
    except LawError as error:
        zero = Fraction(0)
        told = (claim.reading, claim.comparison)
        return DrawbackResult(claim, (), *told, zero, zero, zero, needs(error), claim.regime)


def _draw_back(view: LawView, claim: Drawback, lines: Lines) -> DrawbackResult:
    found: list[InputDuty] = []
    readings, comparisons = [], []
    parts = [(used, entry, line) for used in claim.inputs for entry, line in lines[used.line]]
    claim = replace(claim, regime=_regime(claim, [line for _, _, line in parts]))
    for used, entry, line in parts:
        part = _part(used, lines)
        for row in (x for x in _input_rows(view, claim, entry, line) if x.kind == "duty"):
            way, why, right = _way(view, claim, entry, line, row.programme)
            found.append(
                InputDuty(
                    used.line,
                    row.programme,
                    row.cents * entry.entry.copies * part,
                    way,
                    why,
                    right.reference if right else None,
                )
            )
            if right is not None and way == LESSER:
                readings.append(right.reading)
                comparisons.append(right.comparison)
    reading = claim.reading or next((x for x in readings if x), "per_input")
    comparison = claim.comparison or next((x for x in comparisons if x), "all_duties")
    abroad = _abroad(view, claim, comparison, lines)
    owed = sum((x.cents for x in found), Fraction(0))
    back = sum((x.cents for x in found if x.way == "full"), Fraction(0)) + _lesser(found, abroad, reading)
    return DrawbackResult(claim, tuple(found), reading, comparison, owed, abroad, back, regime=claim.regime)


def _regime(claim: Drawback, inputs: Sequence[LineResult]) -> str:
    """Whether duty was paid or deferred: as written, else by the relief of the inputs.

    Raises
    ------
    LawError
        What is written cannot be, or some inputs were deferred and others not.
    """
    deferred = {x.option.facts.relief == DEFERRING for x in inputs if x.option is not None}
    if claim.regime == "deferred" or not any(deferred):
        return claim.regime or "refund"
    if claim.regime == "refund":
        message = f"no duty was paid on goods under relief: {DEFERRING}, so none comes back. Write regime: deferred."
        raise LawError("drawback", [f"unresolved: {message}"])
    if len(deferred) > 1:
        message = f"some inputs came in under relief: {DEFERRING}, others not. Write two exports, or a regime."
        raise LawError("drawback", [f"unresolved: {message}"])
    return "deferred"


def _lesser(found: Sequence[InputDuty], abroad: Fraction, reading: str) -> Fraction:
    """The least of the two duties, input by input or for the finished good as a whole."""
    by_line: dict[str, Fraction] = {}
    for x in found:
        if x.way == LESSER:
            by_line[x.line] = by_line.get(x.line, Fraction(0)) + x.cents
    if reading == "per_input":
        return sum((min(cents, abroad) for cents in by_line.values()), Fraction(0))
    return min(sum(by_line.values(), Fraction(0)), abroad)


def _part(used: Used, lines: Lines) -> Fraction:
    """Share of a line that was used."""
    quantity = sum((line.line.quantity * entry.entry.copies for entry, line in lines[used.line]), Fraction(0))
    if used.units is None:
        return Fraction(1)
    if used.units > quantity:
        message = f"{used.line}: {float(used.units):g} units are more than the {float(quantity):g} of the line."
        raise LawError("drawback", [message])
    return used.units / quantity


def _input_rows(view: LawView, claim: Drawback, entry: EntryResult, line: LineResult) -> tuple[Row, ...]:
    if line.option is None:
        raise LawError(line.line.name, list(line.unresolved))
    if claim.regime == "refund":
        return line.duties
    facts = replace(line.option.facts, relief=claim.relief)
    return rows_of(view, line.line, facts, entry.entry.on)


def _way(
    view: LawView, claim: Drawback, entry: EntryResult, line: LineResult, path: str
) -> tuple[str, str, DrawbackRight | None]:
    """How a duty comes back, why, and the right it rests on."""
    if path in claim.counts and not claim.counts[path]:
        return "none", "left out by the file", None
    try:
        right = view.law.drawback(path, entry.entry.on, view.known)
    except LawError:
        if path not in claim.counts:
            raise
        return LESSER, "counted by the file; the law has no rule of drawback for it", None
    towards = right.towards_country(claim.to, claim.same_condition)
    if path in claim.counts and right.right == "none":
        return LESSER if towards in (LESSER, "none") else towards, "counted by the file", right
    if right.right == "none" or towards == "none":
        return "none", right.title, right
    made = claim.manufactured and not claim.same_condition
    if right.right in ("manufacturing_only", "limited_manufacturing") and not made:
        return "none", f"{right.title}: only for goods manufactured", right
    if right.right == "limited_manufacturing" and not _metal(line, right):
        return "none", f"{right.title}: only for metal of {', '.join(right.metal_of)}", right
    return (LESSER if towards == LESSER else "full"), right.title, right


def _metal(line: LineResult, right: DrawbackRight) -> bool:
    facts = line.line.facts
    told = [country for country in (facts.steel_melt, facts.aluminium_smelt) if country]
    return bool(told) and all(country in right.metal_of for country in (*told, facts.origin))


def _abroad(view: LawView, claim: Drawback, comparison: str, lines: Lines) -> Fraction:
    if claim.abroad is None:
        return claim.abroad_cents
    cents = 0
    for entry, line in lines[claim.abroad.line]:
        if line.option is None:
            raise LawError(claim.abroad.line, list(line.unresolved))
        for row in line.duties:
            ordinary = "column_1" in view.law.by_path[row.programme].groups
            if row.kind == "duty" and (ordinary or comparison != "column_1"):
                cents += row.cents * entry.entry.copies
    return cents * _part(claim.abroad, lines)


def drawback_section(results: Sequence[DrawbackResult], currency: str) -> Section:
    """Each export: duty here, duty there, what comes back and what is due."""
    lines: list[str] = []
    data: list[Data] = []
    values: dict[str, int | str] = {}
    for x in results:
        name = x.claim.name
        if x.unresolved:
            lines.append(f"{name}: {'; '.join(x.unresolved)}")
            values[name] = "; ".join(x.unresolved)
        else:
            lines += _result_text(x, currency)
            values |= {f"{name}.back": whole(x.back), f"{name}.due": whole(x.due), f"{name}.owed": whole(x.owed)}
        data.append(
            {
                "name": name,
                "regime": x.regime,
                "reading": x.reading,
                "comparison": x.comparison,
                "owed_cents": whole(x.owed),
                "abroad_cents": whole(x.abroad),
                "back_cents": whole(x.back),
                "due_cents": whole(x.due),
                "inputs": [_input_data(each) for each in x.inputs],
                "unresolved": list(x.unresolved),
            }
        )
    return Section("drawback", "Drawback", data, tuple(lines), values)


def _result_text(x: DrawbackResult, currency: str) -> list[str]:
    found = [
        f"{x.claim.name}: duty on the inputs {money(x.owed, currency)}, on the finished good in {x.claim.to} "
        f"{money(x.abroad, currency)} ({x.comparison.replace('_', ' ')}); back {money(x.back, currency)} "
        f"({x.reading.replace('_', ' ')}), "
        + (f"due on export {money(x.due, currency)}" if x.regime == "deferred" else f"kept {money(x.due, currency)}")
    ]
    found += [
        f"  {each.line}, {each.programme}: {money(each.cents, currency)}, {each.way.replace('_', ' ')}. {each.why}"
        + (f" ({each.reference})" if each.reference else "")
        for each in x.inputs
    ]
    return found


def _input_data(each: InputDuty) -> Data:
    return {
        "line": each.line,
        "programme": each.programme,
        "duty_cents": float(each.cents),
        "way": each.way,
        "why": each.why,
        "reference": cited(each.reference) if each.reference else None,
    }


_KEYS = ("name", "regime", "without_relief", "to", "inputs", "abroad", "reading", "comparison", "counts")
_FLAGS = ("same_condition", "manufactured")


def read_drawback(node: Node, lines: Sequence[str], exchange: Exchange) -> Drawback:
    """Read one export; `lines` are the names it may mention."""
    entries = node.fields((*_KEYS, *_FLAGS), ("name", "to", "inputs"))
    abroad, cents = _read_abroad(entries["abroad"], lines, exchange) if "abroad" in entries else (None, Fraction(0))

    def word(key: str, allowed: tuple[str, ...], default: str) -> str:
        return entries[key].text(allowed, f"{key}s") if key in entries else default

    def flag(key: str, default: bool) -> bool:
        return entries[key].flag() if key in entries else default

    counts = entries["counts"].entries() if "counts" in entries else {}
    return Drawback(
        entries["name"].text() if "name" in entries else "",
        word("regime", REGIMES, ""),
        entries["without_relief"].text(("none", "sector"), "reliefs") if "without_relief" in entries else "none",
        country(entries["to"]) if "to" in entries else "",
        tuple(_read_used(item, lines) for item in entries["inputs"].items()) if "inputs" in entries else (),
        abroad,
        cents,
        flag("same_condition", False),
        flag("manufactured", True),
        word("reading", READINGS, ""),
        word("comparison", COMPARISONS, ""),
        {key: child.flag() for key, child in counts.items()},
    )


def _read_used(node: Node, lines: Sequence[str]) -> Used:
    if isinstance(node.value, str):
        return Used(node.text(lines, "lines"), None)
    entries = node.fields(("line", "units"), ("line",))
    line = entries["line"].text(lines, "lines") if "line" in entries else ""
    return Used(line, number(entries["units"]) if "units" in entries else None)


def _read_abroad(node: Node, lines: Sequence[str], exchange: Exchange) -> tuple[Used | None, Fraction]:
    entries = node.fields(("line", "units", "duty"))
    if ("line" in entries) == ("duty" in entries):
        node.fault("the finished good abroad is either a 'line' of this file or a 'duty' in money.")
        return None, Fraction(0)
    if "duty" in entries:
        return None, read_money(entries["duty"], exchange)
    units = number(entries["units"]) if "units" in entries else None
    return Used(entries["line"].text(lines, "lines"), units), Fraction(0)
