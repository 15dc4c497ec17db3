"""The answer about one good: its status, the main figures, the findings behind them, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sim.origin.expected import Check, checks
from sim.origin.finding import Finding, Plain
from sim.origin.good import Costs, Question
from sim.text import wrap

ORIGINATING = "originating"
NOT_ORIGINATING = "not originating"
UNRESOLVED = "unresolved"
COMPUTED = "computed"

_VERDICTS = {True: "met", False: "not met"}


@dataclass(frozen=True, slots=True)
class Answer:
    """The origin of one good under an agreement on a day.

    Parameters
    ----------
    question : Question
        The facts asked about.
    rule : str
        The rule that applied, in words; empty where nothing asked for origin.
    status : str
        ``originating``, ``not originating``, ``unresolved``, or ``computed`` where nothing asked for origin.
    findings : tuple of Finding
        Tests and computations, in order.
    unresolved : tuple of str
        Facts that would have to be known, each as "needs X".
    values : mapping of str to number or text
        Main results under plain names; names ending in ``_pct`` are percentages.
    """

    question: Question
    rule: str
    status: str
    findings: tuple[Finding, ...]
    unresolved: tuple[str, ...]
    values: Mapping[str, Fraction | Plain]

    @property
    def checks(self) -> tuple[Check, ...]:
        """What the file expects beside what was found."""
        return checks(self.question.expect, self.status, self.values, self.findings, self.unresolved)

    @property
    def met(self) -> bool:
        """Whether everything expected came out."""
        return all(check.met for check in self.checks)

    def as_dict(self) -> dict[str, Any]:
        """The answer as plain data with stable keys, safe for JSON."""
        return {
            "id": self.question.id,
            "name": self.question.good.name,
            "question": self.question.title,
            "source": self.question.source,
            "agreement": self.question.agreement,
            "on": str(self.question.on) if self.question.on else "",
            "rule": self.rule,
            "status": self.status,
            "values": {name: plain(value) for name, value in self.values.items()},
            "unresolved": list(self.unresolved),
            "findings": [finding_dict(finding) for finding in self.findings],
            "checks": [{"name": x.name, "expected": x.expected, "found": x.found, "met": x.met} for x in self.checks],
        }

    def text(self) -> str:
        """The answer as a person reads it."""
        asked = self.question
        head = asked.good.name or asked.title or "this good"
        if asked.id and asked.id != head:
            head = f"{asked.id}, {head}"
        place = f" under {asked.agreement} on {asked.on}" if asked.agreement and asked.on else ""
        lines = [f"{head}{place}: {self.status}"]
        if asked.title:
            lines += wrap(asked.title, "  ", "    ")
        if self.status == COMPUTED and asked.agreement and (asked.materials or asked.costs != Costs()):
            lines.append("  Figures only: no rule was asked. State 'hts' under 'good', or 'rule'.")
        if self.rule:
            lines += wrap(f"Rule: {self.rule}", "  ", "    ")
        for need in self.unresolved:
            lines += wrap(f"unresolved: needs {need}", "  ", "    ")
        for finding in self.findings:
            lines += _finding_lines(finding, 1)
        if asked.source:
            lines += wrap(f"Source: {asked.source}", "  ", "    ")
        for check in self.checks:
            lines += wrap(check.text(), "  ", "    ")
        return "\n".join(lines)


def plain(value: Fraction | Plain) -> int | float | str | bool | None:
    """An exact number as an integer or the nearest float; anything else as it is."""
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else float(value)
    return value


def finding_dict(finding: Finding) -> dict[str, Any]:
    """A finding as plain data."""
    return {
        "test": finding.test,
        "passes": finding.passes,
        "words": finding.words,
        "arithmetic": finding.arithmetic,
        "values": {name: plain(value) for name, value in finding.values.items()},
        "reference": str(finding.reference) if finding.reference else "",
        "needs": list(finding.needs),
        "findings": [finding_dict(item) for item in finding.inner],
    }


def _finding_lines(finding: Finding, depth: int) -> list[str]:
    indent = "  " * depth
    verdict = f" [{_VERDICTS[finding.passes]}]" if finding.passes is not None else ""
    lines = wrap(f"{finding.test}{verdict}: {finding.words}", indent, indent + "  ")
    if finding.arithmetic:
        lines += wrap(finding.arithmetic, indent + "  ", indent + "    ")
    if finding.reference is not None:
        lines += wrap(f"[{finding.reference}]", indent + "  ", indent + "    ")
    for inner in finding.inner:
        lines += _finding_lines(inner, depth + 1)
    return lines


def main_values(findings: tuple[Finding, ...]) -> dict[str, Fraction | Plain]:
    """Named results of all findings; of two with one name the first stands."""
    values: dict[str, Fraction | Plain] = {}
    for finding in findings:
        values = {**finding.values, **values} if not values else {**values, **_new(finding.values, values)}
    return values


def _new(found: Mapping[str, Fraction | Plain], known: Mapping[str, Fraction | Plain]) -> dict[str, Fraction | Plain]:
    return {name: value for name, value in found.items() if name not in known}
