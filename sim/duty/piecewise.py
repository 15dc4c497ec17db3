"""Piecewise linear functions of one number, found by evaluation, and which of several is least where."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

_TOLERANCE = Fraction(1, 10_000)  # of a cent: what binary arithmetic may leave
_PROBES = (Fraction(1, 2), Fraction(1, 4), Fraction(3, 4), Fraction(3, 10), Fraction(9, 10))
_LEAST_STEP = Fraction(1)  # the grid on which functions are evaluated

Function = Callable[[Fraction], Fraction]


@dataclass(frozen=True, slots=True)
class Piece:
    """A linear stretch: value and slope from `begin` to `end`."""

    begin: Fraction
    end: Fraction
    value: Fraction
    slope: Fraction

    def at(self, x: Fraction) -> Fraction:
        """Value at a point of it, or of its line beyond it."""
        return self.value + self.slope * (x - self.begin)


def pieces(function: Function, begin: Fraction, end: Fraction) -> tuple[Piece, ...]:
    """Linear stretches of a function that is evaluated at whole numbers only.

    A stretch is taken for linear where probes within it lie on its line; otherwise it is halved. Kinks between two
    whole numbers are placed where the neighbouring lines meet.
    """
    known: dict[Fraction, Fraction] = {}

    def at(x: Fraction) -> Fraction:
        if x not in known:
            known[x] = function(x)
        return known[x]

    rough = _split(at, begin, end)
    return _joined(rough)


def _split(at: Function, begin: Fraction, end: Fraction) -> list[Piece]:
    line = _line(at, begin, end)
    if end - begin <= _LEAST_STEP or all(_on(line, at, begin + _floor((end - begin) * p)) for p in _PROBES):
        return [line]
    middle = begin + _floor((end - begin) / 2)
    return [*_split(at, begin, middle), *_split(at, middle, end)]


def _floor(x: Fraction) -> Fraction:
    return Fraction(x.numerator // x.denominator)


def _line(at: Function, begin: Fraction, end: Fraction) -> Piece:
    slope = (at(end) - at(begin)) / (end - begin) if end > begin else Fraction(0)
    return Piece(begin, end, at(begin), slope)


def _on(line: Piece, at: Function, x: Fraction) -> bool:
    return abs(at(x) - line.at(x)) <= _TOLERANCE


def _joined(rough: Sequence[Piece]) -> tuple[Piece, ...]:
    """Neighbours on one line are one; a stretch of one step between two lines is their meeting point."""
    merged: list[Piece] = []
    for piece in rough:
        last = merged[-1] if merged else None
        if last is not None and abs(last.at(piece.end) - piece.at(piece.end)) <= _TOLERANCE:
            merged[-1] = Piece(last.begin, piece.end, last.value, last.slope)
        else:
            merged.append(piece)
    found: list[Piece] = []
    for number, piece in enumerate(merged):
        after = merged[number + 1] if number + 1 < len(merged) else None
        narrow = piece.end - piece.begin <= _LEAST_STEP and found and after is not None
        if narrow and after is not None and found[-1].slope != after.slope:
            before = found[-1]
            meet = before.begin + (after.at(before.begin) - before.value) / (before.slope - after.slope)
            if piece.begin <= meet <= piece.end:
                found[-1] = Piece(before.begin, meet, before.value, before.slope)
                merged[number + 1] = Piece(meet, after.end, after.at(meet), after.slope)
                continue
        found.append(piece)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where one option costs least, ties going to the one written first."""

    begin: Fraction
    end: Fraction
    winner: str


def winners(functions: Mapping[str, tuple[Piece, ...]]) -> tuple[Stretch, ...]:
    """Which function is least on which stretch, switch points solved exactly from the lines."""
    cuts = sorted({x for each in functions.values() for piece in each for x in (piece.begin, piece.end)})
    found: list[Stretch] = []
    for begin, end in itertools.pairwise(cuts):
        lines = {name: _covering(each, begin, end) for name, each in functions.items()}
        inner = sorted({begin, end, *_crossings(tuple(lines.values()), begin, end)})
        for left, right in itertools.pairwise(inner):
            middle = (left + right) / 2
            best = min(lines, key=lambda name: (lines[name].at(middle), list(lines).index(name)))
            if found and found[-1].winner == best:
                found[-1] = Stretch(found[-1].begin, right, best)
            else:
                found.append(Stretch(left, right, best))
    return tuple(found)


def _covering(each: Sequence[Piece], begin: Fraction, end: Fraction) -> Piece:
    return next(piece for piece in each if piece.begin <= begin and end <= piece.end)


def _crossings(lines: Sequence[Piece], begin: Fraction, end: Fraction) -> list[Fraction]:
    found = []
    for number, one in enumerate(lines):
        for other in lines[number + 1 :]:
            if one.slope == other.slope:
                continue
            x = begin + (other.at(begin) - one.at(begin)) / (one.slope - other.slope)
            if begin < x < end:
                found.append(x)
    return found
