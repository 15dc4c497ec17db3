"""Choosing one pattern for each part family at least cost under linear limits: the problem, solved exactly."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.errors import SimError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_PATTERNS = 200_000  # beyond it a problem is refused: memory, and no answer within minutes
SLACK = 1e-9  # of the size of a limit: what rounding may cost it
STEP_USD = 0.01  # plans whose costs differ by less count as equally cheap


class SourcingError(SimError):
    """No sourcing plan: a limit that no plan can meet, or a problem that cannot be asked."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A condition on a plan: the values of its patterns add up to `least` or more.

    Parameters
    ----------
    name : str
        What is asked, in words.
    values : float64[patterns]
    least : float
    """

    name: str
    values: Floats
    least: float


@dataclass(frozen=True, slots=True)
class Problem:
    """Choose one pattern of each group.

    Parameters
    ----------
    groups : tuple of str
        Part families.
    first : int64[groups + 1]
        Patterns of group g are ``first[g]:first[g + 1]``.
    cost : float64[patterns]
        US dollars a vehicle.
    limits : tuple of Limit
        All of them hold.
    ways : tuple of tuple of Limit
        Of these sets of limits at least one holds; empty for no such choice.
    """

    groups: tuple[str, ...]
    first: Ints
    cost: Floats
    limits: tuple[Limit, ...] = ()
    ways: tuple[tuple[Limit, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Solution:
    """A plan of least cost.

    Parameters
    ----------
    chosen : int64[groups]
        Pattern of each group.
    cost : float
        Sum of their costs.
    """

    chosen: Ints
    cost: float


def solve(problem: Problem, time_limit_s: float = 60.0) -> Solution:
    """The plan of least cost, to the cent a vehicle (more exactly, `STEP_USD` for each 1,000 USD of extra cost).

    Raises
    ------
    SourcingError
        A cost or value that is no finite number, a family without a pattern, too many patterns, a limit that no plan
        meets (with the most that can be reached), or no answer in the time given.

    Notes
    -----
    Limits that every plan meets are left out first, then patterns that another of their family beats in cost and in
    every limit: some best plan does without them. What remains is a mixed-integer programme with one binary a pattern,
    solved by HiGHS.
    """
    _require_sound(problem)
    _require_within_reach(problem)
    binding = _binding(problem)
    chosen = _milp(binding, _undominated(binding), time_limit_s)
    return Solution(chosen, float(problem.cost[chosen].sum()))


def most(problem: Problem, values: Floats) -> float:
    """Most that the values of a plan can add up to, limits aside."""
    return float(np.maximum.reduceat(values, problem.first[:-1]).sum()) if len(problem.groups) else 0.0


def _require_sound(problem: Problem) -> None:
    problems = []
    empty = [problem.groups[g] for g in np.flatnonzero(np.diff(problem.first) < 1).tolist()]
    problems += [f"'{name}' has no pattern to choose." for name in empty]
    if problem.first[-1] > MOST_PATTERNS:
        problems.append(f"{problem.first[-1]} patterns are too many; at most {MOST_PATTERNS} are solved.")
    if not np.isfinite(problem.cost).all():
        problems.append("a cost is not a finite number: the least cost would have no bound.")
    for limit in _all_limits(problem):
        if not (np.isfinite(limit.values).all() and np.isfinite(limit.least)):
            problems.append(f"{limit.name}: a value is not a finite number.")
    if problems:
        raise SourcingError("sourcing", problems)


def _all_limits(problem: Problem) -> list[Limit]:
    return [*problem.limits, *(limit for way in problem.ways for limit in way)]


def _tolerance(limit: Limit) -> float:
    return SLACK * max(1.0, abs(limit.least))


def _require_within_reach(problem: Problem) -> None:
    """Refuse a limit that no plan meets even alone, and ways of which none can be met."""
    problems = [_beyond(problem, limit) for limit in problem.limits if _is_beyond(problem, limit)]
    beyond = [[limit for limit in way if _is_beyond(problem, limit)] for way in problem.ways]
    if beyond and all(beyond):
        problems += [_beyond(problem, limits[0]) for limits in beyond]
    if problems:
        raise SourcingError("sourcing", problems)


def _is_beyond(problem: Problem, limit: Limit) -> bool:
    return most(problem, limit.values) < limit.least - _tolerance(limit)


def _beyond(problem: Problem, limit: Limit) -> str:
    return f"{limit.name}: no plan reaches {limit.least:,.2f}; the most is {most(problem, limit.values):,.2f}."


def _binding(problem: Problem) -> Problem:
    """The problem without limits that every plan meets, and without ways where one of them is always open."""

    def binds(limit: Limit) -> bool:
        fewest = float(np.minimum.reduceat(limit.values, problem.first[:-1]).sum()) if problem.groups else 0.0
        return fewest < limit.least

    ways = tuple(tuple(limit for limit in way if binds(limit)) for way in problem.ways)
    limits = tuple(limit for limit in problem.limits if binds(limit))
    return replace(problem, limits=limits, ways=ways if all(ways) else ())


def _undominated(problem: Problem) -> Ints:
    """Patterns that no other of their family beats or equals in cost and in all limits; of equal ones the first."""
    table = np.column_stack([-problem.cost, *(limit.values for limit in _all_limits(problem))])
    kept = []
    for first, last in zip(problem.first[:-1].tolist(), problem.first[1:].tolist(), strict=True):
        own = table[first:last]
        at_least = (own[:, None, :] >= own[None, :, :]).all(axis=2)  # [i, j]: i is nowhere behind j
        beats = at_least & ~(at_least.T & (np.arange(len(own))[:, None] > np.arange(len(own))[None, :]))
        np.fill_diagonal(beats, val=False)
        kept.append(first + np.flatnonzero(~beats.any(axis=0)))
    return np.concatenate([np.zeros(0, dtype=np.int64), *kept]).astype(np.int64)


def _milp(problem: Problem, kept: Ints, time_limit_s: float) -> Ints:
    from scipy.optimize import Bounds, LinearConstraint, milp  # type: ignore[import-untyped]  # late: SciPy is slow
    from scipy.sparse import csr_array, vstack  # type: ignore[import-untyped]

    count, ways = len(kept), len(problem.ways)
    group = np.searchsorted(problem.first, kept, side="right") - 1
    one_each = csr_array((np.ones(count), (group, np.arange(count))), shape=(len(problem.groups), count + ways))
    rows: list[Floats] = []
    least: list[float] = []
    ground = 1000.0  # a cost that every plan has: makes the solver's relative gap one in US dollars
    for limit, way in _rows(problem):
        row, scale = np.zeros(count + ways), max(1.0, float(np.abs(limit.values[kept]).max(initial=0.0)))
        row[:count] = limit.values[kept] / scale
        asked = (limit.least - _tolerance(limit)) / scale
        if way is not None:  # lifted where another way is taken
            slack = max(0.0, asked - float(np.minimum.reduceat(row[:count], _starts(group)).sum()))
            row[count + way] = -slack
            asked -= slack
        rows.append(row)
        least.append(asked)
    if ways:
        rows.append(np.concatenate((np.zeros(count), np.ones(ways))))
        least.append(1.0)
    table = vstack([one_each, csr_array(np.array(rows).reshape(-1, count + ways))])
    lower = np.concatenate((np.ones(len(problem.groups)), least))
    upper = np.concatenate((np.ones(len(problem.groups)), np.full(len(least), np.inf)))
    cheapest = np.minimum.reduceat(problem.cost, problem.first[:-1])
    objective = np.concatenate((problem.cost[kept] - cheapest[group], np.full(ways, 0.0)))
    objective += ground / len(problem.groups) * (np.arange(count + ways) < count)
    with _quiet():
        found = milp(
            objective,
            constraints=LinearConstraint(table, lower, upper),
            integrality=np.ones(count + ways),
            bounds=Bounds(0, 1),
            options={"time_limit": time_limit_s, "mip_rel_gap": STEP_USD / ground},
        )
    if found.status == 2:
        names = ", ".join(limit.name for limit in problem.limits) or "the ways allowed"
        raise SourcingError("sourcing", [f"no plan meets all limits together: {names}."])
    if found.status != 0 or found.x is None:
        raise SourcingError("sourcing", [f"no answer within {time_limit_s:g} s: {found.message}"])
    return _picked(found.x[:count], kept, group)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the solver's own code prints away from standard output, which holds results."""
    try:
        sys.stdout.flush()
        kept = os.dup(1)
    except OSError:  # no standard output
        yield
        return
    try:
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _rows(problem: Problem) -> list[tuple[Limit, int | None]]:
    """Every limit, with the way that it belongs to."""
    rows: list[tuple[Limit, int | None]] = [(limit, None) for limit in problem.limits]
    return rows + [(limit, number) for number, way in enumerate(problem.ways) for limit in way]


def _starts(group: Ints) -> Ints:
    """First row of each group among the kept patterns, which stand in order of groups."""
    return np.flatnonzero(np.concatenate(([True], np.diff(group) > 0)))


def _picked(x: Floats, kept: Ints, group: Ints) -> Ints:
    starts: Sequence[int] = _starts(group).tolist()
    ends = [*starts[1:], len(kept)]
    return kept[[first + int(np.argmax(x[first:last])) for first, last in zip(starts, ends, strict=True)]]
