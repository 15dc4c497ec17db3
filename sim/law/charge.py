"""The arithmetic of charges: base and amount of each decision, on the money columns of a group of lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np

from sim.errors import LawError
from sim.law.amounts import Scope, constant
from sim.law.decide import Decision
from sim.law.facts import Charge, Column
from sim.law.programme import Heading
from sim.units import PPM


def as_columns(amounts: Mapping[str, Column]) -> dict[str, Column]:
    """Check the money columns of a group of lines.

    Raises
    ------
    LawError
        ``customs_value`` is missing, lengths differ, or a value is negative or not finite.
    """
    columns = {name: np.asarray(column, dtype=np.float64) for name, column in amounts.items()}
    if "customs_value" not in columns:
        raise LawError("assess", ["unresolved: needs the amount 'customs_value'."])
    problems = []
    shape = columns["customs_value"].shape
    for name, column in columns.items():
        if column.shape != shape or column.ndim != 1:
            problems.append(f"the amount '{name}' has shape {column.shape}, customs_value {shape}.")
        elif not bool(np.all(np.isfinite(column) & (column >= 0))):
            problems.append(f"the amount '{name}' holds a negative or infinite value.")
    if problems:
        raise LawError("assess", problems)
    return columns


class Reckoner:
    """Works out the charges of one group of lines; a duty that others refer to is worked out once."""

    def __init__(
        self,
        decisions: Sequence[Decision],
        columns: Mapping[str, Column],
        on: dt.date,
        known: dt.date | None,
    ) -> None:
        self._decisions = {decision.programme.path: decision for decision in decisions}
        self._columns = columns
        self._on, self._known = on, known
        self._done: dict[str, Charge] = {}
        self._open: list[str] = []

    def charge(self, path: str) -> Charge | None:
        """The charge of a programme; None if it charges nothing."""
        decision = self._decisions.get(path)
        if decision is None or decision.heading is None or decision.outcome != "charge" or not decision.stands:
            return None
        if path not in self._done:
            if path in self._open:
                circle = ", ".join([*self._open, path])
                raise LawError(path, [f"the amounts run in a circle: {circle}."])
            self._open.append(path)
            try:
                self._done[path] = self._reckon(decision, decision.heading)
            finally:
                self._open.pop()
        return self._done[path]

    def _reckon(self, decision: Decision, heading: Heading) -> Charge:
        programme = decision.programme
        scope = Scope(self._columns, lambda name: self._value(decision, name), self._duty_under, self._base_under)
        base = heading.base.evaluate(scope)
        for relation in decision.parts:
            if relation.part is not None:
                base = base - relation.part.evaluate(scope)
        base = np.maximum(base, 0.0)
        amount = base * decision.rate_ppm / PPM
        if heading.less is not None:
            amount = np.maximum(amount - heading.less.evaluate(scope), 0.0)
        least, most = None, None
        if heading.at_least is not None:
            floor = heading.at_least.evaluate(scope)
            amount = np.maximum(amount, floor)
            least = _bound(floor, programme.kind == "fee" and constant(heading.at_least))
        if heading.at_most is not None:
            cap = heading.at_most.evaluate(scope)
            amount = np.minimum(amount, cap)
            most = _bound(cap, programme.kind == "fee" and constant(heading.at_most))
        return Charge(
            programme.path,
            heading.name,
            programme.kind,
            programme.importer,
            decision.rate_ppm,
            base,
            amount,
            decision.rate_reference or heading.reference,
            f"{heading.title}: {decision.rate_ppm / 10_000:g} % of {heading.base.words()}",
            least,
            most,
        )

    def _value(self, decision: Decision, name: str) -> int:
        return cast("int", decision.programme.value(name, self._on, self._known).value)  # read as money or a rate

    def _duty_under(self, path: str) -> Column:
        charge = self.charge(path)
        return np.zeros_like(self._columns["customs_value"]) if charge is None else charge.amount

    def _base_under(self, path: str) -> Column:
        charge = self.charge(path)
        return np.zeros_like(self._columns["customs_value"]) if charge is None else charge.base


def _bound(column: Column, applies: bool) -> float | None:
    return float(column[0]) if applies and len(column) else None
