"""Choices drawn from one named random stream by uniform numbers alone, which no release of NumPy changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from sim.streams import Streams

Item = TypeVar("Item")


class Draws:
    """A sequence of choices that seed and name fix.

    Parameters
    ----------
    streams : Streams
    name : str
        Of the stream, such as ``part/engine_001``.
    """

    __slots__ = ("_random",)

    def __init__(self, streams: Streams, name: str) -> None:
        self._random = streams.generator(name)

    def between(self, low: float, high: float) -> float:
        """A number from `low` to below `high`."""
        return low + (high - low) * float(self._random.random())

    def below(self, number: int) -> int:
        """A whole number from 0 to below `number`."""
        return min(number - 1, int(self.between(0, number)))

    def happens(self, chance: float) -> bool:
        """Whether something of a given chance happens."""
        return self.between(0, 1) < chance

    def pick(self, items: Sequence[Item]) -> Item:
        """One of some things, each as likely."""
        return items[self.below(len(items))]

    def weighted(self, items: Sequence[Item], weights: Sequence[float]) -> Item:
        """One of some things, as likely as it weighs."""
        left = self.between(0, sum(weights))
        for item, weight in zip(items, weights, strict=True):
            left -= weight
            if left < 0:
                return item
        return items[-1]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """All of some things in a drawn order."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed
