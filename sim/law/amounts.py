"""Expressions of the law over the money columns of a group of lines: sums, bounds, shares, duty under another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from sim.errors import LawError, nearest
from sim.law.facts import Column
from sim.reading import Node, hint
from sim.units import PPM, parse_money, parse_rate

AMOUNTS = (
    "customs_value",
    "dutiable_value",
    "unreduced_value",
    "us_content",
    "us_activity_value",
    "regional_content",
    "ca_mx_content",
    "us_components",
    "repair_value",
    "processing_value",
    "steel_value",
    "aluminium_value",
    "copper_value",
    "offset_credit",
    "msrp",
    "antidumping_deposit",
    "countervailing_deposit",
)
DERIVED_AMOUNTS = ("dutiable_value", "unreduced_value")
_MANY = ("plus", "max", "min")
_OTHERS = ("duty_under", "base_under")
_FORMS = (*_MANY, "minus", "share", *_OTHERS, "proven")


class MissingAmountError(LawError):
    """A provision asks for a money column that was not given."""

    def needs(self) -> str:
        """What is needed, such as ``the amount 'us_content'``."""
        return self.problems[0].message.removeprefix("unresolved: needs ").split(". ")[0]


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may look at: columns, dated values of its programme, bases and duties of other programmes."""

    columns: Mapping[str, Column]
    value: Callable[[str], int]
    duty_under: Callable[[str], Column]
    base_under: Callable[[str], Column]


@dataclass(frozen=True, slots=True)
class Term:
    """A column, a dated value or a fixed number of cents."""

    kind: str  # column, proven, value, cents, duty_under, base_under
    name: str
    cents: int = 0

    def evaluate(self, scope: Scope) -> Column:
        """The amount in cents of each line."""
        size = scope.columns["customs_value"].shape
        if self.kind == "cents":
            return np.full(size, float(self.cents))
        if self.kind == "value":
            return np.full(size, float(scope.value(self.name)))
        if self.kind == "duty_under":
            return scope.duty_under(self.name)
        if self.kind == "base_under":
            return scope.base_under(self.name)
        if self.name in scope.columns:
            return scope.columns[self.name]
        if self.kind == "proven":
            return np.zeros(size)
        message = f"unresolved: needs the amount '{self.name}'. Give it as a column of cents, one value per line."
        raise MissingAmountError("assess", [message])

    def words(self) -> str:
        """The term in words."""
        if self.kind == "cents":
            return f"{self.cents / 100:.2f}"
        of = {"duty_under": "the duty under ", "base_under": "the value charged under "}.get(self.kind)
        return f"{of}{self.name}" if of else self.name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Combination:
    """Terms joined by plus, minus, max or min."""

    how: str
    parts: tuple[Expression, ...]

    def evaluate(self, scope: Scope) -> Column:
        """The amount in cents of each line."""
        result = self.parts[0].evaluate(scope)
        for part in self.parts[1:]:
            other = part.evaluate(scope)
            result = _JOIN[self.how](result, other)
        return result

    def words(self) -> str:
        """The expression in words."""
        sign = {"plus": " + ", "minus": " - "}.get(self.how)
        inner = [part.words() for part in self.parts]
        return f"({sign.join(inner)})" if sign else f"{self.how}({', '.join(inner)})"


@dataclass(frozen=True, slots=True)
class Share:
    """A rate of an amount; the rate is fixed or a dated value."""

    rate: int | str
    of: Expression

    def evaluate(self, scope: Scope) -> Column:
        """The amount in cents of each line."""
        rate = self.rate if isinstance(self.rate, int) else scope.value(self.rate)
        return self.of.evaluate(scope) * rate / PPM

    def words(self) -> str:
        """The expression in words."""
        rate = f"{self.rate / 10_000:g} %" if isinstance(self.rate, int) else self.rate.replace("_", " ")
        return f"{rate} of {self.of.words()}"


Expression = Term | Combination | Share


def constant(expression: Expression | None) -> bool:
    """Whether an expression is one sum for every line: fixed, or a dated value."""
    return isinstance(expression, Term) and expression.kind in ("cents", "value")


def referred(expression: Expression | None) -> tuple[str, ...]:
    """Paths of the programmes whose duty or base an expression looks at."""
    if isinstance(expression, Combination):
        return tuple(path for part in expression.parts for path in referred(part))
    if isinstance(expression, Share):
        return referred(expression.of)
    if isinstance(expression, Term) and expression.kind in _OTHERS:
        return (expression.name,)
    return ()


_JOIN: dict[str, Callable[[Column, Column], Column]] = {
    "plus": lambda a, b: a + b,
    "minus": lambda a, b: a - b,
    "max": np.maximum,
    "min": np.minimum,
}


def read_expression(node: Node, sums: Iterable[str], rates: Iterable[str]) -> Expression:
    """Read an expression such as ``{minus: [dutiable_value, us_content]}``.

    Parameters
    ----------
    node : Node
    sums, rates : iterable of str
        Names of the programme's dated values that are money, and of those that are rates.
    """
    known = (tuple(sums), tuple(rates))
    if isinstance(node.value, str):
        return _read_term(node, known[0])
    entries = node.fields(_FORMS)
    if len(entries) != 1:
        node.fault(f"an amount takes one of {', '.join(_FORMS)}, or the name of a column or value.")
        return Term("column", "customs_value")
    how, inner = next(iter(entries.items()))
    if how == "proven":
        return Term("proven", inner.text(AMOUNTS, "amounts"))
    if how in _OTHERS:
        return Term(how, inner.text())
    parts = inner.items()
    if len(parts) < 2 or (how in ("share", "minus") and len(parts) != 2):
        inner.fault(f"'{how}' takes {'two' if how in ('share', 'minus') else 'two or more'} items.")
        return Term("column", "customs_value")
    if how == "share":
        return Share(_read_rate(parts[0], known[1]), read_expression(parts[1], *known))
    return Combination(how, tuple(read_expression(part, *known) for part in parts))


def _read_rate(node: Node, values: tuple[str, ...]) -> int | str:
    text = node.text()
    if text in values:
        return text
    try:
        return parse_rate(text)
    except ValueError:
        node.fault(f"'{text}' is neither a rate such as '15 %' nor a value. {hint(text, values, 'rates')}")
        return 0


def _read_term(node: Node, values: tuple[str, ...]) -> Expression:
    text = node.text()
    if text in AMOUNTS:
        return Term("column", text)
    if text in values:
        return Term("value", text)
    try:
        return Term("cents", "", parse_money(text)[1])
    except ValueError:
        node.fault(f"no amount or value named '{text}'. {nearest(text, (*AMOUNTS, *values), 'amounts')}")
        return Term("column", "customs_value")
