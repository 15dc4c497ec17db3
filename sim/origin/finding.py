"""What a test of origin found: question, arithmetic, answer and source, ready to print or to compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from sim.references import Reference

Plain = str | int | float | bool | None
Number = Fraction


@dataclass(frozen=True, slots=True)
class Finding:
    """One test or computation.

    Parameters
    ----------
    test : str
        Its name, such as ``regional value content`` or ``tariff shift``.
    passes : bool, optional
        Whether it is met; None for a computation that is no test, or where a fact is missing (see `needs`).
    words : str
        The answer in one sentence.
    arithmetic : str
        The computation as a reader would write it; empty where there is none.
    values : mapping of str to number
        Named results, exact: shares as fractions of one under names ending in ``_pct`` are percentages.
    reference : Reference, optional
        The provision.
    needs : tuple of str
        Facts that are missing; each becomes "unresolved: needs X".
    inner : tuple of Finding
        Findings that this one rests on, in order.
    """

    test: str
    passes: bool | None
    words: str
    arithmetic: str = ""
    values: Mapping[str, Number | Plain] = field(default_factory=dict)
    reference: Reference | None = None
    needs: tuple[str, ...] = ()
    inner: tuple[Finding, ...] = ()
