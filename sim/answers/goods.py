"""What the law says of goods on a day: what is in force and finally charged, what is announced, what has ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Any

import numpy as np

from sim.answers.asked import MONEY, Asked, how_to_say
from sim.errors import LawError
from sim.law import Election, Explanation, ExplanationStep, Law, LineFacts, ProgrammeStatus
from sim.references import Reference
from sim.units import round_cents

AHEAD = 3_660  # days looked ahead for announced changes: ten years


@dataclass(frozen=True, slots=True)
class Row:
    """One programme on the day: what it says of the goods in the end.

    Parameters
    ----------
    outcome : str
        ``charge``, ``exempt``, ``gives way``, ``unresolved``, ``out``, or another word of the law's explanation.
    rate : str
        Rate and base in words, also where another programme takes its place; empty where there is none.
    cents : int, optional
        What is owed, rounded; None without a value, or where it cannot be told.
    """

    programme: str
    title: str
    kind: str
    outcome: str
    since: dt.date | None
    until: dt.date | None
    next_state: str
    rate: str
    heading: str
    reason: str
    arithmetic: str
    cents: int | None
    document: str
    citation: str
    href: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Something announced: from a day on, a programme will say otherwise."""

    begins: dt.date
    programme: str
    title: str
    before: str
    after: str
    document: str
    citation: str
    href: str


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that was found about goods on a day.

    Parameters
    ----------
    valuation : str
        The dutiable value: its rule and citation.
    rows : tuple of Row
        Programmes in force, those that charge first.
    changes : tuple of Change
        What the papers of the day announce.
    statuses : tuple of ProgrammeStatus
        Every programme that bears on such goods with its standing, by the papers of the day.
    elections : tuple of Election
        What the importer may choose otherwise; `sim duty` weighs them.
    unresolved : tuple of str
    """

    asked: Asked
    valuation: str
    rows: tuple[Row, ...]
    changes: tuple[Change, ...]
    statuses: tuple[ProgrammeStatus, ...]
    elections: tuple[Election, ...]
    unresolved: tuple[str, ...]
    notes: tuple[str, ...]


def find_goods(law: Law, asked: Asked) -> Found:
    """Ask the law about goods on a day.

    Raises
    ------
    LawError
        The law has no value for the day, or cannot read the facts.
    """
    line, on, known = asked.line, asked.on, asked.known
    told = known or on
    explained = _explain(law, asked, on, known)
    statuses = law.standing(line, on, known)
    standing = {status.programme: status for status in statuses}
    steps = [step for step in explained.steps if step.outcome != "base"]
    rows = [_row(law, asked, step, standing) for step in steps]
    valued = next((step for step in explained.steps if step.outcome == "base"), None)
    unresolved = [f"{row.programme} needs {_and_how(row.needs)}" for row in rows if row.outcome == "unresolved"]
    return Found(
        asked,
        f"{valued.reason} ({valued.citation})" if valued else "",
        tuple(sorted(rows, key=lambda row: (_ORDER.get(row.outcome, 0), row.kind != "duty", row.programme))),
        _changes(law, asked, told),
        statuses,
        law.elections(line, on, known),
        tuple(dict.fromkeys(unresolved)),
        (*asked.notes, *_closed(law, asked), *_hindsight(law, asked, rows)),
    )


_ORDER = {"charge": 1, "unresolved": 2, "gives way": 3, "exempt": 4, "out": 5}  # what is not named comes first


def _and_how(needs: tuple[str, ...]) -> str:
    """Missing facts, each with the option that gives it."""
    options = [(need, how_to_say(need.removeprefix("the amount ").strip("'"))) for need in needs]
    return ", ".join(f"{need} ({option})" if option else need for need, option in options)


def _explain(law: Law, asked: Asked, on: dt.date, known: dt.date | None) -> Explanation:
    """The law's explanation; without a value every amount is nothing, and only rates are told."""
    cents = {"customs_value": 0, **asked.amounts} if asked.amounts else dict.fromkeys(("customs_value", *MONEY), 0)
    columns = {name: np.array([float(value)]) for name, value in cents.items()}
    return law.explain(asked.line, on, columns, known)


def _row(law: Law, asked: Asked, step: ExplanationStep, standing: Mapping[str, ProgrammeStatus]) -> Row:
    programme, status = law.by_path[step.programme], standing.get(step.programme)
    life = programme.state(asked.on, asked.known)
    is_owed = bool(asked.amounts) and step.outcome == "charge"
    return Row(
        programme=step.programme,
        title=programme.title,
        kind=programme.kind,
        outcome=step.outcome,
        since=life.begins if life else None,
        until=status.until if status else None,
        next_state=status.next_state if status else "",
        rate=_rate(law, step, asked.line, asked.on, asked.known),
        heading=step.heading,
        reason=step.reason,
        arithmetic=step.arithmetic if is_owed else "",
        cents=int(round_cents(step.amount_cents)[0]) if is_owed and step.amount_cents else None,
        document=programme.document,
        citation=step.citation,
        href=step.href,
        needs=step.needs,
    )


def _rate(law: Law, step: ExplanationStep, line: LineFacts, on: dt.date, known: dt.date | None) -> str:
    """Rate and base in words; that no number is known where the law has a gap."""
    programme = law.by_path[step.programme]
    wanted = (step.heading, step.title)
    heading = next((h for h in programme.headings if (h.name, h.title) == wanted and h.stands(on, known)), None)
    if heading is None or heading.outcome != "charge":
        return ""
    try:
        ppm, _ = programme.rate(heading, line.hts_code, on, known)
    except LawError:  # the law has no number for the day; the reason says so
        return ""
    less = f" less {heading.less.words()}" if heading.less is not None else ""
    return f"{ppm / 10_000:g} % of {heading.base.words()}{less}"


def _changes(law: Law, asked: Asked, told: dt.date) -> tuple[Change, ...]:
    """What the papers of a day let expect for such goods: every later day on which a programme says otherwise."""
    days = law.change_dates(asked.on, asked.on + dt.timedelta(days=AHEAD))
    before = _said(law, asked, asked.on, told)
    found = []
    for day in days:
        after = _said(law, asked, day, told, before)
        for path in sorted(set(before) | set(after)):
            old, new = before.get(path), after.get(path)
            if (old and new and old.words == new.words) or path not in law.by_path:
                continue
            programme = law.by_path[path]
            words = (old.words if old else "nothing", new.words if new else "nothing")
            cited = _cited(law.sources_of_change(path, asked.line.hts_code, day, told), new, old)
            found.append(Change(day, path, programme.title, *words, programme.document, *cited))
        before = after
    return tuple(found)


def _cited(sources: tuple[Reference, ...], new: _Said | None, old: _Said | None) -> tuple[str, str]:
    """Source of a change in words, and where to read it: its own document, where the law tells one.

    Among several of a day the one that the new words rest on goes before; where none is told, another programme begins
    or ends, and the words themselves are cited.
    """
    said = new or old
    told = next((x for x in sources if said and str(x) == said.citation), sources[0] if sources else None)
    if told is not None:
        return str(told), told.href
    return (said.citation, said.href) if said else ("", "")


@dataclass(frozen=True, slots=True)
class _Said:
    """What a programme says of goods on a day, in words."""

    words: str
    citation: str
    href: str


def _said(
    law: Law, asked: Asked, on: dt.date, told: dt.date, before: Mapping[str, _Said] = MappingProxyType({})
) -> dict[str, _Said]:
    """What each programme says on a day, by the papers of another; where the law has a gap, what it said `before`."""
    try:
        explained = _explain(law, asked, on, told)
    except LawError:
        return dict(before)
    said = {}
    for step in explained.steps:
        if step.is_gap and step.programme in before:
            said[step.programme] = before[step.programme]
        elif step.outcome not in ("base", "out") and not step.is_gap:
            rate = _rate(law, step, asked.line, on, told)
            word = {"charge": rate, "unresolved": f"{rate}, unresolved".lstrip(", ")}.get(step.outcome, step.outcome)
            said[step.programme] = _Said(word, step.citation, step.href)
    return said


def _closed(law: Law, asked: Asked) -> list[str]:
    """A note for each fact that was told although the law closes it to such goods on the day."""
    found = law.closed_choices(asked.line, asked.on, asked.known)
    return [
        f"{x.fact.replace('_', ' ')} {x.value.replace('_', '-')} is not open on {asked.on} to goods that owe "
        f"{', '.join(x.by)} ({x.reference}); it may stand from an earlier admission."
        for x in found
        if x.fact == "zone_status"
    ]


def _hindsight(law: Law, asked: Asked, rows: list[Row]) -> list[str]:
    """A note for each programme of which the papers of the day itself told otherwise."""
    if asked.known is not None:
        return []
    said = _said(law, asked, asked.on, asked.on)
    gaps = {row.programme for row in rows if any(need.startswith(f"{row.programme}/") for need in row.needs)}
    now = {row.programme: row for row in rows if row.outcome != "out" and row.programme not in gaps}
    notes = []
    for path in sorted((set(said) | set(now)) - gaps):
        then = said[path].words if path in said else "nothing"
        row = now.get(path)
        today = "nothing" if row is None else row.rate if row.outcome in ("charge", "unresolved") else row.outcome
        if then.removesuffix(", unresolved") != today:
            notes.append(
                f"{path}: by the papers of {asked.on} itself, {then}; later papers that reach back to it say {today}. "
                f"--known {asked.on} answers as it was known."
            )
    return notes


def goods_answer(found: Found) -> dict[str, Any]:
    """What was found, as JSON with stable keys; money in cents."""
    asked = found.asked
    rows = [_as_json(row) for row in found.rows]
    named = {row.programme for row in found.rows}
    rows += [_status_json(status) for status in found.statuses if status.programme not in named]
    line = asked.line
    return {
        "on": asked.on.isoformat(),
        "known": asked.known.isoformat() if asked.known else None,
        "importer": line.importer,
        "exporter": line.exporter,
        "origin": line.origin,
        "hts": line.hts_code,
        "claim": line.agreement or None,
        "facts": {name: getattr(line, name) for name in line.__slots__},
        "currency": asked.currency or None,
        "amounts_cents": dict(asked.amounts),
        "valuation": found.valuation,
        "programmes": rows,
        "announced": [_change_json(change) for change in found.changes],
        "elections": [_election_json(election) for election in found.elections],
        "totals_cents": totals(found),
        "unresolved": list(found.unresolved),
        "notes": list(found.notes),
    }


def totals(found: Found) -> dict[str, int] | None:
    """Cents owed by kind and in all; None without a value."""
    if not found.asked.amounts:
        return None
    charged = sorted((row.kind, row.cents) for row in found.rows if row.cents is not None)
    sums = {kind: sum(cents for _, cents in group) for kind, group in groupby(charged, key=lambda item: item[0])}
    return {"duty": 0, "fee": 0, **sums, "total": sum(sums.values())}


def _as_json(row: Row) -> dict[str, Any]:
    return {
        "programme": row.programme,
        "title": row.title,
        "kind": row.kind,
        "state": "in force",
        "since": row.since.isoformat() if row.since else None,
        "until": row.until.isoformat() if row.until else None,
        "next_state": row.next_state or None,
        "outcome": row.outcome,
        "rate": row.rate or row.outcome,
        "heading": row.heading,
        "reason": row.reason,
        "arithmetic": row.arithmetic or None,
        "amount_cents": row.cents,
        "document": row.document,
        "reference": row.citation,
        "href": row.href,
        "needs": list(row.needs),
    }


def _status_json(status: ProgrammeStatus) -> dict[str, Any]:
    return {
        "programme": status.programme,
        "title": status.title,
        "kind": status.kind,
        "state": status.state,
        "since": status.since.isoformat() if status.since else None,
        "until": status.until.isoformat() if status.until else None,
        "next_state": status.next_state or None,
        "outcome": "none",
        "rate": status.rate,
        "heading": status.heading,
        "reason": "",
        "arithmetic": None,
        "amount_cents": None,
        "document": status.document,
        "reference": str(status.reference),
        "href": status.reference.href,
        "needs": list(status.unresolved),
    }


def _election_json(election: Election) -> dict[str, Any]:
    return {
        "choice": election.choice,
        "title": election.title,
        "fact": election.fact,
        "value": election.value,
        "cost_cents": election.cost_cents,
        "needs": list(election.amounts),
        "reference": str(election.reference),
        "href": election.reference.href,
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "from": change.begins.isoformat(),
        "programme": change.programme,
        "title": change.title,
        "before": change.before,
        "after": change.after,
        "document": change.document,
        "reference": change.citation,
        "href": change.href,
    }
