"""Entries in the answer: rows for a machine and the explanation a broker reads."""

from __future__ import annotations

from collections.abc import Sequence

from sim.duty.entry import Alternative, EntryResult, LineResult
from sim.duty.law_view import Row
from sim.duty.section import Data, Section, cited, money, units, whole
from sim.law import ExplanationStep

_SILENT = ("exempt", "gives way", "prohibited", "unresolved")


def entry_section(result: EntryResult, currency: str) -> Section:
    """One entry as a section: lines with elections, charges and reasons, then fees once."""
    entry = result.entry
    copies = f", {entry.copies} like entries" if entry.copies > 1 else ""
    title = f"Entry {entry.name}: into {entry.importer} on {entry.on}{copies}"
    lines: list[str] = []
    for line in result.lines:
        lines += _line_text(line, currency)
    lines += [f"Fee: {_row_text(row, currency, 'of this entry')}" for row in result.fees]
    lines += [f"Fee unresolved: {need}" for need in result.fee_needs]
    lines.append(_total_text(result, currency))
    return Section(f"entry {entry.name}", title, _entry_data(result), tuple(lines), _values(result))


def _total_text(result: EntryResult, currency: str) -> str:
    copies = result.entry.copies
    owed = money(result.owed_cents * copies, currency)
    words = (
        f"Total of {result.entry.name}: {owed} "
        f"(duties {money(result.duty_cents * copies, currency)}, fees {money(result.fee_cents * copies, currency)})"
    )
    if not result.resolved:
        words += ", of what is answered"
    if result.paperwork:
        words += f"; paperwork {money(result.paperwork * copies, currency)}"
    if result.risk:
        words += f"; expected cost of verification {money(result.risk * copies, currency)}"
    return f"{words}."


def _line_text(result: LineResult, currency: str) -> list[str]:
    line, facts = result.line, result.line.facts
    head = (
        f"Line {line.name}: {facts.hts_code}, origin {facts.origin}, from {facts.exporter}, "
        f"{units(line.quantity)}, value {money(line.value, currency)}"
    )
    found = [head, *(f"  remark: {note}" for note in line.note)]
    if _facts(result):
        found.append(f"  facts: {_facts(result)}")
    found += [f"  {name.replace('_', ' ')} taken as {value} (assumption)" for name, value in result.assumed]
    if result.option is None:
        found += [f"  {_need(need)}" for need in result.unresolved]
    else:
        found.append(f"  elected: {result.option.words}")
    if len(result.alternatives) > 1:
        found.append("  alternatives, total of the entry:")
        found += [f"    {_alternative_text(x, currency)}" for x in result.alternatives]
    found += [f"  {text}" for text in _provisions(result, currency)]
    if result.option is not None:
        found.append(f"  duties of the line: {money(result.duty_cents, currency)}")
    return found


def _need(need: str) -> str:
    told = any(word in need for word in ("unresolved", "prohibited", "is not open"))
    return need if told else f"unresolved: {need}"


def _alternative_text(alternative: Alternative, currency: str) -> str:
    if alternative.total is None:
        return f"{alternative.words}: {'; '.join(alternative.needs)}"
    mark = " (taken)" if alternative.taken else ""
    return f"{alternative.words}: {money(alternative.total, currency)}{mark}"


def _row_text(row: Row, currency: str, of: str = "") -> str:
    bounds = ""
    if row.per_entry and abs(row.amount - row.plain) > 0.5:
        bounds = f", bounded to {money(row.amount, currency)}"
    joint = f" {of}" if of else ""
    return (
        f"{row.programme} [{row.heading}]: {row.rate_ppm / 10_000:g} % x {money(row.base, currency)}{joint}"
        f"{bounds} = {money(row.cents, currency)}. {row.why} ({row.reference})"
    )


def _facts(result: LineResult) -> str:
    """Facts used beside those of the first line; what was taken for granted stands apart."""
    shown = ("hts_code", "origin", "exporter", "importer", *(name for name, _ in result.assumed))
    told = result.explanation.facts if result.explanation else ()
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in told if name not in shown)


def _provisions(result: LineResult, currency: str) -> list[str]:
    """Provisions in the order of the law: valuation, charges, and what bears on the line and charges nothing."""
    left = {row.programme: row for row in result.duties}
    special = result.option is not None and result.option.facts.chapter_98 != ""
    found = []
    for step in result.explanation.steps if result.explanation else ():
        row = left.pop(step.programme, None)
        if row is not None:
            found.append(f"{_row_text(row, currency)}{_parts(step)}")
        elif step.outcome in _SILENT or (step.outcome == "base" and special):
            outcome = "" if step.outcome == "base" else f"{step.outcome}. "
            found.append(f"{step.programme} [{step.heading}]: {outcome}{step.reason} ({step.citation})")
    return [*found, *(_row_text(row, currency) for row in left.values())]


def _parts(step: ExplanationStep) -> str:
    """Relations by which other duties take a part of the value."""
    _, _, reasons = step.reason.partition("; ")
    return f"; {reasons}" if reasons else ""


def _values(result: EntryResult) -> dict[str, int | str]:
    name, copies = result.entry.name, result.entry.copies
    found: dict[str, int | str] = {
        f"{name}.duty": result.duty_cents * copies,
        f"{name}.fees": result.fee_cents * copies,
        f"{name}.total": result.owed_cents * copies,
        f"{name}.paperwork": result.paperwork * copies,
        f"{name}.risk": whole(result.risk * copies),
    }
    for row in result.fees:
        found[f"{name}.{row.programme}"] = row.cents * copies
    for line in result.lines:
        path = result.entry.path(line.line)
        if line.option is None:
            found[path] = "; ".join(line.unresolved)
            continue
        found[f"{path}.duty"] = line.duty_cents * copies
        found[f"{path}.elected"] = line.option.words
        found[f"{path}.landed"] = whole(line.landed * copies)
        for row in line.duties:
            found[f"{path}.{row.programme}"] = row.cents * copies
    return found


def _entry_data(result: EntryResult) -> dict[str, Data]:
    entry = result.entry
    return {
        "name": entry.name,
        "importer": entry.importer,
        "on": entry.on.isoformat(),
        "copies": entry.copies,
        "resolved": result.resolved,
        "lines": [_line_data(line) for line in result.lines],
        "fees": [_row_data(row) for row in result.fees],
        "fees_unresolved": list(result.fee_needs),
        "duty_cents": result.duty_cents * entry.copies,
        "fee_cents": result.fee_cents * entry.copies,
        "total_cents": result.owed_cents * entry.copies,
        "paperwork_cents": result.paperwork * entry.copies,
        "risk_cents": whole(result.risk * entry.copies),
    }


def _line_data(result: LineResult) -> dict[str, Data]:
    line, option = result.line, result.option
    steps = result.explanation.steps if result.explanation else ()
    return {
        "name": line.name,
        "hts_code": line.facts.hts_code,
        "origin": line.facts.origin,
        "exporter": line.facts.exporter,
        "quantity": float(line.quantity),
        "customs_value_cents": whole(line.value),
        "unresolved": list(result.unresolved),
        "elected": [
            {"name": x.name, "value": x.value, "title": x.title, "reference": cited(x.reference)}
            for x in (option.choices if option else ())
        ],
        "alternatives": [
            {
                "elections": x.words,
                "total_cents": None if x.total is None else whole(x.total),
                "taken": x.taken,
                "needs": list(x.needs),
            }
            for x in result.alternatives
        ],
        "charges": [_row_data(row) for row in result.duties],
        "duty_cents": result.duty_cents,
        "fee_share_cents": {path: float(share) for path, share in result.fee_shares},
        "facts": dict(result.explanation.facts) if result.explanation else {},
        "assumed": dict(result.assumed),
        "remarks": list(line.note),
        "steps": [
            {
                "programme": step.programme,
                "heading": step.heading,
                "outcome": step.outcome,
                "reason": step.reason,
                "arithmetic": step.arithmetic,
                "citation": step.citation,
                "href": step.href,
            }
            for step in steps
        ],
    }


def _row_data(row: Row) -> dict[str, Data]:
    return {
        "programme": row.programme,
        "heading": row.heading,
        "kind": row.kind,
        "treasury": row.treasury,
        "rate_ppm": row.rate_ppm,
        "base_cents": row.base,
        "amount_cents": row.cents,
        "why": row.why,
        "reference": cited(row.reference),
    }


def totals(entries: Sequence[EntryResult]) -> dict[str, int | str]:
    """Totals of the file by flat names."""
    duty = sum(x.duty_cents * x.entry.copies for x in entries)
    fees = sum(x.fee_cents * x.entry.copies for x in entries)
    return {"duty": duty, "fees": fees, "total": duty + fees}
