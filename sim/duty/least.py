"""The least total of an entry: one combination of elections for each line, fees and shared paperwork included.

Duties add up line by line. The fee does not: it is a rate on the summed base between a floor and a cap, and paperwork
of one election is owed once however many lines take it. For each set of elections that may be paid for, the least of
duties alone and the least of duties and uncapped fee are found line by line; where one of them meets the lower bound
that both give, it is the answer. What is left, entries whose fee lies about its floor, is searched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from sim.duty.elections import Bounded, Option, Options, total, with_rows
from sim.errors import LawError

_MOST_SHARED = 10
_WIDTH = 4_000  # ways kept in the search; beyond it the answer lies within the floor of a fee of the least
_ROUNDING = Fraction(1, 2)  # a fee is rounded once


@dataclass(frozen=True, slots=True)
class _Cell:
    """One option with its sums: cents of its own, fee before bounds, elections."""

    option: Option
    own: Fraction
    plain: Fraction
    fees: Mapping[str, Bounded]

    @property
    def elections(self) -> int:
        return len(self.option.choices)


def cheapest(lines: Sequence[Options]) -> tuple[Option, ...]:
    """One option for each line, so that the entry costs least; ties go to fewer elections, line by line.

    Parameters
    ----------
    lines : sequence of Options
        Each with at least one open combination.

    Raises
    ------
    LawError
        More than ten elections with paperwork of their own.
    """
    each = [[_cell(option) for option in line.open] for line in lines]
    best: tuple[Option, ...] | None = None
    for kept in _allowed(each):
        found = _least(kept)
        if best is None or _key(found) < _key(best):
            best = found
    return _plainest(best or (), lines)


def _plainest(taken: tuple[Option, ...], lines: Sequence[Options]) -> tuple[Option, ...]:
    """The same total with fewer elections, line by line: a lower fee may vanish in the rounding."""
    found = list(taken)
    while True:
        others = Others(found)
        for number, line in enumerate(lines):
            now = others.total(number, found[number])
            fewer = [x for x in line.open if len(x.choices) < len(found[number].choices)]
            same = [x for x in fewer if others.total(number, x) == now]
            if same:
                found[number] = min(same, key=lambda x: len(x.choices))
                break
        else:
            return tuple(found)


def _cell(option: Option) -> _Cell:
    plain = sum((Fraction(row.plain) for row in option.rows if row.per_entry), Fraction(0))
    return _Cell(option, option.own, plain, with_rows({}, option.rows))


def _key(options: Sequence[Option]) -> tuple[Fraction, int]:
    return total(options), sum(len(option.choices) for option in options)


def _allowed(each: Sequence[Sequence[_Cell]]) -> Iterator[list[list[_Cell]]]:
    """The options left to each line, for each set of elections whose paperwork may be owed."""
    shared = sorted({item for cells in each for cell in cells for item in cell.option.shared})
    if len(shared) > _MOST_SHARED:
        names = ", ".join(words for words, _ in shared)
        raise LawError(
            "elections", [f"more than {_MOST_SHARED} kinds of elections: {names}. Settle some with 'elect'."]
        )
    for number in range(len(shared) + 1):
        for chosen in combinations(shared, number):
            kept = [[cell for cell in cells if set(cell.option.shared) <= set(chosen)] for cells in each]
            if all(kept):
                yield kept


def _least(each: Sequence[Sequence[_Cell]]) -> tuple[Option, ...]:
    """The least of duties, own paperwork and fees."""
    duty = [min(cells, key=lambda x: (x.own, x.plain, x.elections)) for cells in each]
    whole = [min(cells, key=lambda x: (x.own + x.plain, x.elections)) for cells in each]
    free = [[x for x in cells if not x.fees] for cells in each]
    ways = [duty, whole]
    if all(free):
        ways.append([min(cells, key=lambda x: (x.own, x.elections)) for cells in free])
    best = min(ways, key=_cells_key)
    bounds = {(path, fee.least, fee.most) for cells in each for x in cells for path, fee in x.fees.items()}
    if len(bounds) <= 1:
        low = _lower_bound(duty, whole, ways[2] if all(free) else None, next(iter(bounds), None))
        if _cells_key(best)[0] <= low + _ROUNDING:
            return tuple(x.option for x in best)
    return _searched(each, best)


def _cells_key(cells: Sequence[_Cell]) -> tuple[Fraction, int]:
    fees = _summed(cells)
    own = sum((x.own for x in cells), Fraction(0))
    return own + sum(fee.cents for fee in fees.values()), sum(x.elections for x in cells)


def _summed(cells: Sequence[_Cell]) -> dict[str, Bounded]:
    found: dict[str, Bounded] = {}
    for x in cells:
        found = joined(found, x.fees)
    return found


def joined(fees: Mapping[str, Bounded], more: Mapping[str, Bounded]) -> dict[str, Bounded]:
    """Fees of two groups of lines on one entry, by programme."""
    found = dict(fees)
    for path, fee in more.items():
        found[path] = found[path].plus(fee) if path in found else fee
    return found


class Others:
    """What the other lines of an entry come to, for each line in turn: to try one line's options against them."""

    def __init__(self, taken: Sequence[Option]) -> None:
        cells = [_cell(option) for option in taken]
        self._own = [x.own for x in cells]
        self._all = sum(self._own, Fraction(0))
        self._before: list[dict[str, Bounded]] = [{}]
        for x in cells:
            self._before.append(joined(self._before[-1], x.fees))
        self._after: list[dict[str, Bounded]] = [{}]
        for x in reversed(cells):
            self._after.append(joined(self._after[-1], x.fees))
        self._after.reverse()
        self._shared = Counter(item for option in taken for item in set(option.shared))
        self._mine = [set(option.shared) for option in taken]

    def total(self, number: int, option: Option) -> Fraction:
        """Cents of the entry if the line at a place took another option."""
        cell = _cell(option)
        fees = joined(joined(self._before[number], self._after[number + 1]), cell.fees)
        kept = {item for item, count in self._shared.items() if count > (item in self._mine[number])}
        paper = sum(cents for _, cents in kept | set(option.shared))
        own = self._all - self._own[number] + cell.own
        return own + paper + sum(fee.cents for fee in fees.values())


def _lower_bound(
    duty: Sequence[_Cell],
    whole: Sequence[_Cell],
    free: Sequence[_Cell] | None,
    fee: tuple[str, float, float] | None,
) -> Fraction:
    """Nothing costs less: with C duties and S the fee before bounds, min(C + cap, max(C + S, C + floor)) or no fee."""
    least_duty = sum((x.own for x in duty), Fraction(0))
    if fee is None:
        return least_duty
    _, floor, cap = fee
    least_whole = sum((x.own + x.plain for x in whole), Fraction(0))
    charged = max(least_whole, least_duty + Fraction(floor))
    if cap < float("inf"):
        charged = min(charged, least_duty + Fraction(cap))
    return charged if free is None else min(charged, sum((x.own for x in free), Fraction(0)))


@dataclass(frozen=True, slots=True)
class _Way:
    """Choices for the lines so far, newest first in a chain."""

    own: Fraction
    elections: int
    fees: Mapping[str, Bounded]
    chain: tuple[Option, _Way] | None

    def no_worse(self, other: _Way) -> bool:
        """Whether nothing to come can make the other way better."""
        fees = all(path in other.fees and fee.no_more(other.fees[path]) for path, fee in self.fees.items())
        return fees and (self.own, self.elections) <= (other.own, other.elections)


def _searched(each: Sequence[Sequence[_Cell]], best: Sequence[_Cell]) -> tuple[Option, ...]:
    """Way by way over the lines, without what cannot beat the best known nor another way."""
    ceiling = _cells_key(best)[0] + _ROUNDING
    ways = [_Way(Fraction(0), 0, {}, None)]
    rest = [min(x.own for x in cells) for cells in each]
    later = [sum(rest[n + 1 :], Fraction(0)) for n in range(len(rest))]
    for number, cells in enumerate(each):
        grown = [_grown(way, cell) for way in ways for cell in cells]
        ways = _kept([way for way in grown if way.own + _floor(way) + later[number] <= ceiling])
    found = min(ways, key=lambda way: (way.own + sum(fee.cents for fee in way.fees.values()), way.elections))
    options: list[Option] = []
    chain = found.chain
    while chain is not None:
        options.append(chain[0])
        chain = chain[1].chain
    return tuple(reversed(options))


def _floor(way: _Way) -> Fraction:
    return sum((Fraction(fee.amount) for fee in way.fees.values()), Fraction(0))


def _grown(way: _Way, cell: _Cell) -> _Way:
    return _Way(way.own + cell.own, way.elections + cell.elections, joined(way.fees, cell.fees), (cell.option, way))


def _kept(ways: list[_Way]) -> list[_Way]:
    kept: list[_Way] = []
    for way in sorted(ways, key=lambda x: (x.own, x.elections, _floor(x))):
        if not any(other.no_worse(way) for other in kept):
            kept.append(way)
    return kept[:_WIDTH] if len(kept) <= _WIDTH else sorted(kept, key=lambda x: x.own + _floor(x))[:_WIDTH]
