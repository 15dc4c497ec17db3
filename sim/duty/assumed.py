"""Facts that a line does not write and that decide all the same: told beside the answer, never passed over.

A fact decides where another of its values would be charged otherwise. Only facts whose default says
something of the goods or of their importer are asked; a flag that is not written claims nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import lru_cache

import numpy as np

from sim.duty.declaration import VALUE, Line
from sim.duty.elections import CERTIFIED, Option
from sim.duty.law_view import LawView
from sim.errors import LawError
from sim.law import LineFacts
from sim.law.facts import CLOSED_FACTS

_OTHERWISE: Mapping[str, tuple[str, ...]] = {
    "use": CLOSED_FACTS["use"],
    "part_of": CLOSED_FACTS["part_of"],
    "vehicle_class": CLOSED_FACTS["vehicle_class"],
    "relief": ("sector", "none"),  # the other reliefs are claimed, not taken for granted
}
_DEFAULTS = {f.name: f.default for f in fields(LineFacts)}
_PROBE = 1_000_000.0  # cents; any value shows which provisions decide


def assumed(view: LawView, line: Line, option: Option, on: dt.date) -> tuple[tuple[str, str], ...]:
    """Facts taken at their defaults that decide what a line owes, with the value taken.

    Parameters
    ----------
    option : Option
        The combination that was taken; what it elects is no assumption.
    """
    elected = {choice.fact for choice in option.choices}
    silent = tuple(
        name
        for name in _OTHERWISE
        if name not in line.written | elected and getattr(option.facts, name) == _DEFAULTS[name]
    )
    columns = tuple(sorted({*line.amounts, *(deposit.column for deposit in line.deposits)}))
    deciding = {*_deciding(view, option.facts, on, silent, columns)}
    for fact in elected.intersection(CERTIFIED):
        deciding |= set(CERTIFIED[fact]).intersection(silent)
    return tuple((name, str(getattr(option.facts, name)) or "none told") for name in silent if name in deciding)


@lru_cache(maxsize=8_192)
def _deciding(
    view: LawView, facts: LineFacts, on: dt.date, silent: tuple[str, ...], columns: tuple[str, ...]
) -> tuple[str, ...]:
    found = _charged(view, facts, on, columns)
    return tuple(
        name
        for name in silent
        if any(
            _charged(view, replace(facts, **{name: value}), on, columns) != found  # type: ignore[arg-type]
            for value in _OTHERWISE[name]
            if value != getattr(facts, name)
        )
    )


def _charged(view: LawView, facts: LineFacts, on: dt.date, columns: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """Programme and amount of each charge of a probe; what is missing, where it cannot be answered."""
    money = {name: np.array([_PROBE if name == VALUE else _PROBE / 4]) for name in {VALUE, *columns}}
    try:
        rows = view.rows(facts, on, money)
    except LawError as error:
        return tuple((problem.message, 0.0) for problem in error.problems)
    return tuple((row.programme, row.amount) for row in rows)
