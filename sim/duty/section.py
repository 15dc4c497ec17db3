"""One part of an answer: figures under stable names, rows for a machine, and sentences for a reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from sim.references import Reference
from sim.text import wrap

Plain = str | int | float | bool | None
Data = Plain | Mapping[str, "Data"] | Sequence["Data"]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an answer.

    Parameters
    ----------
    name : str
        Key in the JSON answer, such as ``drawback``.
    title : str
        Its heading for a reader.
    data : Data
        What JSON shows; money in cents under names ending in ``_cents``.
    lines : tuple of str
        What a person reads, a statement each.
    values : mapping of str to int or str
        Main results by flat names, money as whole cents: what ``expect`` compares.
    """

    name: str
    title: str
    data: Data
    lines: tuple[str, ...]
    values: Mapping[str, int | str] = field(default_factory=dict)

    def text(self) -> str:
        """The section as a person reads it."""
        return "\n".join([wrapped(self.title, ""), *(wrapped(line) for line in self.lines)])


def money(cents: float | Fraction, currency: str) -> str:
    """Money as a reader sees it: ``USD 1,234.56``.

    Examples
    --------
    >>> money(123456, "USD")
    'USD 1,234.56'
    """
    return f"{currency} {float(cents) / 100:,.2f}"


def percent(share: Fraction | float) -> str:
    """A share as a reader sees it, in plain digits: ``2.5 %``."""
    shown = f"{float(share) * 100:.6g}"
    if "e" in shown:
        shown = f"{float(share) * 100:.10f}".rstrip("0").rstrip(".")
    return f"{shown} %"


def units(quantity: Fraction) -> str:
    """A number of units as a reader sees it: ``1 unit``, ``2,600,000 units``."""
    return f"{float(quantity):,.10g} {'unit' if quantity == 1 else 'units'}"


def cited(reference: Reference) -> dict[str, Data]:
    """A reference for JSON."""
    return {"title": reference.title, "href": reference.href, "mark": reference.status}


def wrapped(line: str, indent: str = "  ") -> str:
    """A statement wrapped to the width of the answer; leading blanks are kept as indent, numbers keep their unit."""
    lead = indent + line[: len(line) - len(line.lstrip())]
    return "\n".join(wrap(line.strip(), lead, f"{lead}  "))


def whole(cents: Fraction) -> int:
    """Cents rounded once, halves away from zero."""
    sign = -1 if cents < 0 else 1
    return sign * int(abs(cents) + Fraction(1, 2))
