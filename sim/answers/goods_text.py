"""Goods on a day, as a person reads them: in force, announced, and on request what ended or does not bear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from sim.answers.asked import Asked, how_to_say, written
from sim.answers.countries import country_name
from sim.answers.goods import Change, Found, Row, totals
from sim.law import Election, LineFacts, ProgrammeStatus
from sim.text import count, money, width, wrap

_WORDS = {"charge": "charged", "out": "not subject"}
_HIDDEN = ("importer", "exporter", "origin", "hts_code", "agreement")
_ALWAYS = ("use", "origin_marking", "relief")  # taken for granted where nothing is said, so they are told
_USUAL = {item.name: item.default for item in fields(LineFacts)}
_DEEP = "      "


def goods_text(found: Found, show_all: bool = False) -> str:
    """The answer in blocks; what ended and what does not bear on the goods only with `show_all`."""
    asked = found.asked
    lines = [*wrap(_head(asked)), *wrap(_facts(asked), "", "  ")]
    if found.valuation:
        lines += wrap(f"Dutiable value: {found.valuation}", "", "  ")
    standing = [row for row in found.rows if row.outcome != "out"]
    lines += ["", f"In force: {count(len(standing), 'programme')}", *_rows(standing, asked)]
    lines += _totals(found)
    lines += ["", *_announced(found.changes), *_elections(found.elections)]
    if show_all:
        lines += ["", *_ended(found.statuses), "", *_not_subject([x for x in found.rows if x.outcome == "out"])]
    if found.unresolved:
        lines += ["", *(line for need in found.unresolved for line in wrap(f"unresolved: {need}", "", "  "))]
    notes = [*found.notes, *([] if asked.amounts else ["Rates must not be added up: give --value for amounts."])]
    hidden = sum(status.state in ("ended", "suspended") for status in found.statuses)
    if hidden and not show_all:
        notes.append(f"Ended or suspended: {count(hidden, 'programme')}, shown with --all.")
    lines += ["", *(line for note in notes for line in wrap(note))]
    return "\n".join(lines)


def _head(asked: Asked) -> str:
    line = asked.line
    by_way = "" if line.exporter == line.origin else f", shipped from {country_name(line.exporter)},"
    claim = f"{line.agreement} claimed" if line.agreement else "nothing claimed"
    known = f", as known on {asked.known}" if asked.known else ""
    goods = f"{line.hts_code} of {country_name(line.origin)}{by_way} into {country_name(line.importer)}"
    return f"{goods} on {asked.on}, {claim}{known}"


def _facts(asked: Asked) -> str:
    shown = []
    for name in asked.line.__slots__:
        value = getattr(asked.line, name)
        if name in _HIDDEN or value in ("", False, None) or (name not in _ALWAYS and value == _USUAL[name]):
            continue
        shown.append((name, "yes" if value is True else str(value)))
    amounts = [(name, money(cents, asked.currency)) for name, cents in asked.amounts.items()]
    return f"Facts: {written([*shown, *amounts])}"


def _rows(rows: Sequence[Row], asked: Asked) -> list[str]:
    """A line for each programme in columns, and its reason and citation below."""
    if not rows:
        return ["  none"]
    names = max(len(row.programme) for row in rows)
    outcomes = max(len(_WORDS.get(row.outcome, row.outcome)) for row in rows)
    lines = []
    for row in rows:
        head = f"  {_WORDS.get(row.outcome, row.outcome):<{outcomes}}  {row.programme:<{names}}"
        rate = row.rate if row.outcome in ("charge", "unresolved") else ""
        amount = money(row.cents, asked.currency) if row.cents is not None else ""
        room = width() - len(head) - len(amount) - 4
        if len(rate) <= room:
            lines.append(f"{head}  {rate:<{room}}  {amount}".rstrip())
        else:
            lines += [head.rstrip(), *wrap(f"{rate}: {amount}" if amount else rate, _DEEP)]
        lines += [line for text in _details(row) for line in wrap(text, _DEEP, _DEEP + "  ")]
    return lines


def _details(row: Row) -> list[str]:
    ends = f", announced to be {row.next_state} from {row.until}" if row.until and row.next_state else ""
    since = f"; in force since {row.since}{ends}" if row.since else ends
    cited = row.citation if row.document in row.citation else f"{row.document}; {row.citation}"
    is_named = row.heading and row.outcome != "gives way"
    texts = [f"{row.heading}: {row.reason}" if is_named else row.reason]
    if row.arithmetic:
        texts.append(row.arithmetic)
    return [*texts, f"{cited}{since}".lstrip("; ")]


def _totals(found: Found) -> list[str]:
    sums = totals(found)
    if sums is None:
        return []
    words = {"duty": "duties", "fee": "fees"}
    parts = [f"{words.get(kind, kind)} {money(cents)}" for kind, cents in sums.items() if kind != "total"]
    is_open = any(row.outcome == "unresolved" for row in found.rows)
    known = "so far, open to what is unresolved" if is_open else "in all"
    label = f"  Owed {known}: {', '.join(parts)}"
    total = money(sums["total"], found.asked.currency)
    room = width() - len(label) - 2
    return [f"{label}  {total:>{room}}"] if len(total) <= room else wrap(f"{label}; {total}".strip(), "  ", _DEEP)


def _announced(changes: Sequence[Change]) -> list[str]:
    if not changes:
        return ["Announced, not yet in force: nothing"]
    lines = [f"Announced, not yet in force: {count(len(changes), 'change')}"]
    for change in changes:
        lines += wrap(f"from {change.begins}  {change.programme}: {change.before} becomes {change.after}", "  ", _DEEP)
        cited = change.citation if change.document in change.citation else f"{change.document}; {change.citation}"
        lines += wrap(cited, _DEEP, _DEEP + "  ")
    return lines


def _elections(elections: Sequence[Election]) -> list[str]:
    if not elections:
        return []
    lines = ["", f"May be elected instead: {count(len(elections), 'choice')}; `sim duty` takes what costs least"]
    for election in elections:
        options = [
            f"--fact {election.fact}={election.value or 'none'}",
            *(how_to_say(name) for name in election.amounts),
        ]
        lines += wrap(f"{election.title}: {' '.join(options)}", "  ", _DEEP)
        lines += wrap(str(election.reference), _DEEP, _DEEP + "  ")
    return lines


def _ended(statuses: Sequence[ProgrammeStatus]) -> list[str]:
    gone = [status for status in statuses if status.state in ("ended", "suspended")]
    lines = [f"Ended or suspended: {count(len(gone), 'programme')}"]
    for status in gone:
        lines += wrap(f"{status.state} since {status.since}  {status.programme}: {status.rate}", "  ", _DEEP)
        cited = str(status.reference)
        cited = cited if status.document in cited else f"{status.document}; {cited}"
        lines += wrap(cited, _DEEP, _DEEP + "  ")
    return lines


def _not_subject(rows: Sequence[Row]) -> list[str]:
    lines = [f"In force, but not on such goods: {count(len(rows), 'programme')}"]
    for row in rows:
        lines += wrap(f"{row.programme}: {row.reason} ({row.citation})", "  ", _DEEP)
    return lines
