"""Verification: what a claim may cost later, what a finding costs, and what a voluntary correction saves."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from sim.duty.declaration import Line
from sim.duty.elections import Option, Risk, fees_of, no_risk, rows_of, rows_or_duties
from sim.duty.entry import EntryResult, LineResult
from sim.duty.facts import read_facts
from sim.duty.law_view import LawView, Row, needs
from sim.duty.section import Data, Section, money, whole
from sim.errors import LawError
from sim.law import LineFacts
from sim.reading import Node
from sim.references import Reference
from sim.units import PPM, parse_rate

CEILINGS = Reference("19 USC 1592(c): 2 x (negligence) or 4 x (gross negligence) the lost duty", status="memory")
CORRECTION = Reference(
    "19 CFR 182.121: no penalty where a false claim is corrected promptly and voluntarily",
    "https://govregs.com/regulations/expand/title19_chapterI-i1_part182_subpartK_section182.121",
)
_OF = ("duty", "value")
_YEAR = 365


@dataclass(frozen=True, slots=True)
class Penalty:
    """A share of the lost duty or of the customs value."""

    share: Fraction = Fraction(0)
    of: str = "duty"

    def cents(self, lost: Fraction, value: Fraction) -> Fraction:
        """Cents on duty lost and customs value, both in cents."""
        return self.share * (lost if self.of == "duty" else value)


@dataclass(frozen=True, slots=True)
class Finding:
    """What customs found, or the importer corrected.

    Parameters
    ----------
    lines : tuple of str
        Lines ``<entry>/<line>``; empty where `model` is given.
    model : str
        Vehicle model: every line of it is assessed again.
    facts : mapping
        Facts as they truly were.
    true_content : Fraction, optional
        True share of United States content of the model; above what was declared nothing follows.
    voluntary : bool
        Corrected by the importer: no penalty.
    paid : date, optional
        Day of payment, for interest.
    """

    lines: tuple[str, ...]
    model: str
    facts: Mapping[str, str | bool | None]
    true_content: Fraction | None
    voluntary: bool
    penalty: Penalty
    paid: dt.date | None


@dataclass(frozen=True, slots=True)
class Audit:
    """Verification of claims.

    Parameters
    ----------
    verified, fails : Fraction
        Probability that a claim is verified, and that a verified one falls; 0 to 1.
    interest : Fraction
        Simple yearly rate on duty paid late.
    after_days : int
        Days from entry to the outcome, for the expected interest.
    voluntary : bool
        Whether a doubtful claim is corrected before it is found: no penalty is then expected.
    """

    verified: Fraction = Fraction(0)
    fails: Fraction = Fraction(0)
    penalty: Penalty = field(default_factory=Penalty)
    interest: Fraction = Fraction(0)
    after_days: int = _YEAR
    voluntary: bool = False
    findings: tuple[Finding, ...] = ()

    def expected(self, lost: Fraction, value: Fraction) -> Fraction:
        """Expected cents of a claim that saved `lost` cents on goods of `value` cents."""
        if lost <= 0:
            return Fraction(0)
        penalty = Fraction(0) if self.voluntary else self.penalty.cents(lost, value)
        late = lost * self.interest * Fraction(self.after_days, _YEAR)
        return self.verified * self.fails * (lost + late + penalty)


@dataclass(frozen=True, slots=True)
class Correction:
    """One line, or the fees of one entry, assessed again with the true facts.

    Parameters
    ----------
    line : str
        ``<entry>/<line>``, or ``<entry>.fees``.
    declared, corrected : int
        Cents before and after.
    """

    line: str
    declared: int
    corrected: int
    interest: int
    penalty: int
    words: str
    unresolved: tuple[str, ...] = ()

    @property
    def due(self) -> int:
        """Cents to pay now."""
        return max(0, self.corrected - self.declared) + self.interest + self.penalty


def risk_of(view: LawView, audit: Audit | None, days: Mapping[str, dt.date]) -> Risk:
    """Expected cents of verification of a combination of elections.

    Parameters
    ----------
    days : mapping of str to date
        Entry date of each line name.
    """
    if audit is None or audit.verified * audit.fails == 0:
        return no_risk

    def risk(line: Line, facts: LineFacts, rows: tuple[Row, ...]) -> Fraction:
        del rows
        if not facts.agreement:
            return Fraction(0)
        on = days[line.name]
        without = replace(facts, agreement="", originating=False)
        owed = _sum(rows_or_duties(view, line, without, on)[0]) - _sum(rows_or_duties(view, line, facts, on)[0])
        return audit.expected(Fraction(owed), line.value)

    return risk


def _sum(rows: Sequence[Row]) -> int:
    return sum(row.cents for row in rows if not row.per_entry)


def corrections(view: LawView, audit: Audit, entries: Sequence[EntryResult]) -> tuple[Correction, ...]:
    """What the findings of a file cost: line by line, then the fees of each entry, times its copies."""
    found: list[Correction] = []
    for finding in audit.findings:
        for entry in entries:
            if any(_hit(finding, entry, line) for line in entry.lines):
                found += _of_entry(view, audit, finding, entry)
    return tuple(found)


def _hit(finding: Finding, entry: EntryResult, line: LineResult) -> bool:
    modelled = finding.model != "" and line.line.model == finding.model
    return modelled or entry.entry.declared(line.line) in finding.lines


def _of_entry(view: LawView, audit: Audit, finding: Finding, entry: EntryResult) -> list[Correction]:
    found: list[Correction] = []
    options: list[Option] = []
    for line in entry.lines:
        option = line.option
        if option is not None and _hit(finding, entry, line):
            option, correction = _of_line(view, audit, finding, entry, line, option)
            found.append(correction)
        elif _hit(finding, entry, line):
            found.append(Correction(entry.entry.path(line.line), 0, 0, 0, 0, "", line.unresolved))
        options += [option] if option is not None else []
    fees = sum(row.cents for row in fees_of(options))
    if fees != entry.fee_cents:
        # a penalty on value is counted with the lines, one on lost duty with each of its parts
        name = f"{entry.entry.name}.fees"
        found.append(_owed(audit, finding, entry, name, entry.fee_cents, fees, Fraction(0)))
    return found


def _of_line(
    view: LawView, audit: Audit, finding: Finding, entry: EntryResult, line: LineResult, option: Option
) -> tuple[Option, Correction]:
    path = entry.entry.path(line.line)
    facts = _true_facts(finding, line)
    if facts is None:
        owed = line.duty_cents * entry.entry.copies
        return option, Correction(path, owed, owed, 0, 0, "stand: the content declared is not above the true one")
    try:
        rows = rows_of(view, line.line, facts, entry.entry.on)
    except LawError as error:
        return option, Correction(path, 0, 0, 0, 0, "", needs(error))
    after = sum(row.cents for row in rows if not row.per_entry)
    correction = _owed(audit, finding, entry, path, line.duty_cents, after, line.line.value)
    return replace(option, facts=facts, rows=rows), correction


def _owed(
    audit: Audit, finding: Finding, entry: EntryResult, name: str, before: int, after: int, value: Fraction
) -> Correction:
    copies = entry.entry.copies
    lost = max(0, after - before) * copies
    days = (finding.paid - entry.entry.on).days if finding.paid else audit.after_days
    interest = whole(lost * audit.interest * Fraction(days, _YEAR))
    penalty = 0 if finding.voluntary else whole(finding.penalty.cents(Fraction(lost), value * copies))
    words = f"{after * copies / 100:,.2f} instead of {before * copies / 100:,.2f}, paid {days} days late"
    return Correction(name, before * copies, after * copies, interest, penalty, words)


def _true_facts(finding: Finding, result: LineResult) -> LineFacts | None:
    """Facts as they were; None where the finding changes nothing."""
    option = result.option
    facts = option.facts if option else result.line.facts
    if finding.true_content is not None:
        declared = result.line.amounts.get("us_content")
        if declared is None or declared.of(result.line.value) <= finding.true_content * result.line.value:
            return None
        return replace(facts, content_overstated=True)
    return replace(facts, **finding.facts)  # type: ignore[arg-type]


_AUDIT = ("verified", "fails", "penalty", "interest", "after_days", "voluntary_correction", "findings")
_FINDING = ("lines", "model", "facts", "true_us_content", "voluntary_correction", "penalty", "paid")


def read_audit(node: Node, lines: Sequence[str], models: Sequence[str]) -> Audit:
    """Read the ``audit`` section; `lines` and `models` are the names it may mention."""
    entries = node.fields(_AUDIT)

    def share(key: str) -> Fraction:
        found = Fraction(entries[key].rate(), PPM) if key in entries else Fraction(0)
        if found > 1 and key != "interest":
            entries[key].fault(f"'{entries[key].value}' is above 100 %.")
        return found

    penalty = read_penalty(entries["penalty"]) if "penalty" in entries else Penalty()
    items = entries["findings"].items() if "findings" in entries else []
    return Audit(
        share("verified"),
        share("fails"),
        penalty,
        share("interest"),
        _days(entries["after_days"]) if "after_days" in entries else _YEAR,
        entries["voluntary_correction"].flag() if "voluntary_correction" in entries else False,
        tuple(_read_finding(item, penalty, lines, models) for item in items),
    )


def _days(node: Node) -> int:
    text = node.text()
    if not re.fullmatch(r"\d+", text):
        node.fault(f"'{text}' is not a number of days.")
        return 0
    return int(text)


def read_penalty(node: Node) -> Penalty:
    """Read ``200 % of duty``, ``20 % of value`` or ``none``."""
    text = node.text()
    rate, _, of = text.partition(" of ")
    try:
        if text == "none":
            return Penalty()
        if of not in _OF:
            raise ValueError
        return Penalty(Fraction(parse_rate(rate), PPM), of)
    except ValueError:
        node.fault(f"'{text}' is not a penalty. Write '200 % of duty', '20 % of value' or 'none'.")
        return Penalty()


def _read_finding(node: Node, penalty: Penalty, lines: Sequence[str], models: Sequence[str]) -> Finding:
    entries = node.fields(_FINDING)
    named = [item.text(lines, "lines") for item in entries["lines"].items()] if "lines" in entries else []
    if ("lines" in entries) == ("model" in entries):
        node.fault("a finding names either 'lines' or a 'model'.")
    if ("facts" in entries) == ("true_us_content" in entries):
        node.fault("a finding says either the true 'facts' or the 'true_us_content'.")
    return Finding(
        tuple(named),
        entries["model"].text(models, "models") if "model" in entries else "",
        read_facts(entries["facts"].entries()) if "facts" in entries else {},
        Fraction(entries["true_us_content"].rate(), PPM) if "true_us_content" in entries else None,
        entries["voluntary_correction"].flag() if "voluntary_correction" in entries else False,
        read_penalty(entries["penalty"]) if "penalty" in entries else penalty,
        entries["paid"].date() if "paid" in entries else None,
    )


def audit_section(found: Sequence[Correction], currency: str) -> Section:
    """What the findings cost."""
    lines, values = [], {}
    for x in found:
        if x.unresolved:
            lines.append(f"{x.line}: {'; '.join(x.unresolved)}")
            continue
        lines.append(
            f"{x.line}: {x.words}; interest {money(x.interest, currency)}, "
            f"penalty {money(x.penalty, currency)}; to pay {money(x.due, currency)}"
        )
        values[f"audit.{x.line}"] = x.due
        values[f"audit.{x.line}.corrected"] = x.corrected
    values["audit.total"] = sum(x.due for x in found)
    data: list[Data] = [
        {
            "line": x.line,
            "declared_cents": x.declared,
            "corrected_cents": x.corrected,
            "interest_cents": x.interest,
            "penalty_cents": x.penalty,
            "due_cents": x.due,
            "unresolved": list(x.unresolved),
        }
        for x in found
    ]
    title = f"Verification ({CEILINGS}; {CORRECTION})"
    return Section("audit", title, data, tuple(lines) or ("no line is touched.",), values)
