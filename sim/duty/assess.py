"""From a declaration file to its answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sim.duty.answer import Answer
from sim.duty.border_adjustment import adjustment_section
from sim.duty.break_even import break_even, break_even_section
from sim.duty.declaration import Entry
from sim.duty.drawback import draw_back, drawback_section
from sim.duty.entry import EntryResult, LineResult, assess_entry
from sim.duty.later import deposit_section, refund_section, repayments, true_ups
from sim.duty.law_view import LawView
from sim.duty.offset import offset_section, spend
from sim.duty.penalty import audit_section, corrections, risk_of
from sim.duty.price import joint_section, price_section, rises
from sim.duty.quota import fill, quota_section
from sim.duty.reading import Declaration, read_declaration
from sim.duty.section import Section
from sim.law import load_law


def assess_file(path: Path | str) -> Answer:
    """Answer a declaration file.

    Parameters
    ----------
    path : Path or str
        YAML file; see the README for its keys.

    Raises
    ------
    SimError
        The file is wrong (every problem at once), or the law cannot answer a question that is not of one line.
    """
    return assess(read_declaration(Path(path)))


def assess(declaration: Declaration) -> Answer:
    """Answer a declaration that was read."""
    view = LawView(load_law(declaration.reforms), declaration.known, declaration.left_out, declaration.only)
    filled, uses = fill(view, declaration.quotas, declaration.entries)
    gross = assess_entries(view, declaration, filled)
    entries, spendings = spend(view, declaration.accounts, gross)
    sections: list[Section] = []
    currency = declaration.currency
    if declaration.quotas:
        sections.append(quota_section(view, declaration.quotas, uses, currency))
    if declaration.joints:
        sections.append(joint_section(view, declaration.joints, entries, currency))
    if declaration.accounts:
        sections.append(offset_section(view, declaration.accounts, spendings, currency))
    return Answer(declaration, entries, (*sections, *_aftermath(view, declaration, entries)))


def _aftermath(view: LawView, declaration: Declaration, entries: tuple[EntryResult, ...]) -> Iterator[Section]:
    """What follows from the entries, one section for each part of the file."""
    currency = declaration.currency
    if declaration.drawback:
        yield drawback_section([draw_back(view, x, entries) for x in declaration.drawback], currency)
    deposits = true_ups(view, entries)
    if deposits:
        yield deposit_section(deposits, currency)
    if declaration.refund is not None:
        yield refund_section(repayments(view, declaration.refund, entries), currency)
    if declaration.audit is not None and declaration.audit.findings:
        yield audit_section(corrections(view, declaration.audit, entries), currency)
    if declaration.adjustments:
        yield adjustment_section(view, declaration.adjustments, currency)
    if declaration.prices:
        found = rises(declaration.prices, entries, view, lambda reforms: replace(view, law=load_law(reforms)))
        yield price_section(found, currency)
    if declaration.break_even is not None:
        yield break_even_section(break_even(view, declaration.break_even, entries), currency)


def assess_entries(view: LawView, declaration: Declaration, entries: tuple[Entry, ...]) -> tuple[EntryResult, ...]:
    """Each entry in the order of the file, with what earlier lines cost in the value of later ones."""
    earlier: dict[str, list[LineResult]] = {}
    found = []
    for entry in entries:
        days: dict[str, dt.date] = {line.name: entry.on for line in entry.lines}
        seen = view.at(entry.on) if declaration.known_at_entry else view
        result = assess_entry(seen, entry, earlier, risk_of(seen, declaration.audit, days))
        for line in result.lines:
            earlier.setdefault(entry.declared(line.line), []).append(line)
        found.append(result)
    return tuple(found)
