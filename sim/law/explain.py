"""The reasons behind an assessment: facts used, each provision in order, its arithmetic and its citation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields

from sim.law.amounts import MissingAmountError
from sim.law.charge import Reckoner
from sim.law.dated import UnknownValueError
from sim.law.decide import Decision
from sim.law.facts import Column, LineFacts
from sim.units import PPM

_SHOWN_LINES = 3
_ALWAYS_TOLD = ("use", "relief")  # the others only where they differ from what goes without saying


@dataclass(frozen=True, slots=True)
class ExplanationStep:
    """One provision: what it says about the line.

    Parameters
    ----------
    outcome : str
        ``charge``, ``exempt``, ``out``, ``gives way``, or ``unresolved``.
    arithmetic : str
        The computation, for charges.
    amount_cents : tuple of float
        Amount of each line, unrounded; empty unless charged.
    title : str
        What the provision is called.
    rate_ppm : int
        Rate that stands; 0 where nothing is charged.
    base : str
        The base in words; empty unless the provision charges.
    needs : tuple of str
        What must be known for a firm answer.
    is_gap : bool
        Whether it is the law that lacks a value for the day, and no fact of the line.
    """

    programme: str
    heading: str
    outcome: str
    reason: str
    arithmetic: str
    amount_cents: tuple[float, ...]
    citation: str
    href: str
    title: str = ""
    rate_ppm: int = 0
    base: str = ""
    needs: tuple[str, ...] = ()
    is_gap: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that leads from the facts of a line to what it owes."""

    on: dt.date
    facts: tuple[tuple[str, str], ...]
    steps: tuple[ExplanationStep, ...]
    unresolved: tuple[str, ...]

    @property
    def total_cents(self) -> float:
        """Sum of all charges on all lines, unrounded."""
        return sum(amount for step in self.steps for amount in step.amount_cents)

    def text(self) -> str:
        """The explanation as a reader sees it, one provision a line."""
        shown = ", ".join(f"{name} {value}" for name, value in self.facts)
        lines = [f"On {self.on}: {shown}"]
        for step in self.steps:
            sums = f": {step.arithmetic}" if step.arithmetic else ""
            lines.append(f"- {step.programme} [{step.heading}] {step.outcome}: {step.reason}{sums} ({step.citation})")
        lines += [f"- unresolved: {need}" for need in self.unresolved]
        return "\n".join(lines)


def explain_decisions(
    line: LineFacts,
    decisions: tuple[Decision, ...],
    columns: Mapping[str, Column],
    on: dt.date,
    known: dt.date | None,
) -> Explanation:
    """Tell the decisions of a group of lines; see `Law.explain`."""
    reckoner = Reckoner(decisions, columns, on, known)
    told = (f for f in fields(LineFacts) if f.name in _ALWAYS_TOLD or getattr(line, f.name) != f.default)
    facts = tuple((f.name, _fact(getattr(line, f.name))) for f in told)
    steps = tuple(_step(decision, reckoner) for decision in decisions if decision.heading is not None)
    unresolved = tuple(f"{x.programme} needs {', '.join(x.needs)}" for x in steps if x.needs)
    return Explanation(on, tuple(x for x in facts if x[1]), steps, unresolved)


def _fact(value: str | bool | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return value or ""


def _step(decision: Decision, reckoner: Reckoner) -> ExplanationStep:
    heading, programme = decision.heading, decision.programme
    name = heading.name if heading else ""
    reference = decision.rate_reference or (heading.reference if heading else programme.reference)
    outcome, reason, sums = decision.outcome, heading.title if heading else "", ""
    title, needs = reason, decision.needs if decision.stands else ()
    amounts: tuple[float, ...] = ()
    charge, gap = None, decision.gap
    try:
        charge = reckoner.charge(programme.path)
    except MissingAmountError as error:
        outcome, needs = "unresolved", (error.needs(),)
    except UnknownValueError as error:
        outcome, needs, gap = "unresolved", (error.source,), error
    if decision.gives_way_to is not None:
        outcome, reason = "gives way", decision.gives_way_to.words()
        reference = decision.gives_way_to.reference
    elif gap is not None:
        reason = f"{gap.source} {gap.problems[0].message}"
    elif needs:
        reason = f"{reason}; needs {', '.join(needs)}"
    if charge is not None:
        amounts = tuple(float(x) for x in charge.amount)
        sums = _arithmetic(charge.rate_ppm, charge.base, charge.amount)
        reason = "; ".join([reason, *(relation.words() for relation in decision.parts)])
    base = heading.base.words() if heading and outcome == "charge" else ""
    cited = (str(reference), reference.href)
    return ExplanationStep(
        programme.path,
        name,
        outcome,
        reason,
        sums,
        amounts,
        *cited,
        title,
        decision.rate_ppm,
        base,
        needs,
        gap is not None and decision.stands,
    )


def _arithmetic(rate_ppm: int, base: Column, amount: Column) -> str:
    rate = f"{rate_ppm / 10_000:g} %"
    if len(base) > _SHOWN_LINES:
        return f"{rate} x {base.sum() / 100:.2f} on {len(base)} lines, in all {amount.sum() / 100:.2f}"
    return "; ".join(_one_line(rate, rate_ppm, b, a) for b, a in zip(base, amount, strict=True))


def _one_line(rate: str, rate_ppm: int, base: float, amount: float) -> str:
    plain = base * rate_ppm / PPM
    bounded = abs(amount - plain) > 1e-6
    joint = f"= {plain / 100:.2f}, bounded to" if bounded else "="
    return f"{rate} x {base / 100:.2f} {joint} {amount / 100:.2f}"
