"""Named random streams: each uncertain thing draws from a generator that only its name, seed and replication fix."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Streams:
    """Hands out one generator per name; asking twice for a name is an error, since it would repeat draws.

    Streams are named by path, such as ``lane/x/transit``, and drawn in full before a run, indexed by load and
    occurrence. A scenario that adds or skips a stream therefore shifts no other.

    Parameters
    ----------
    seed : int
        Seed of the study.
    replication : int
        Number of the replication, from 0.

    Notes
    -----
    `draw_uniform`, `draw_normal` and `draw_exponential` take a whole stream at once: the first values that
    `generator` would give. They set one generator to the beginning of each stream in turn, which costs a tenth of
    making one: a large plan has more streams than draws in most of them.
    """

    def __init__(self, seed: int, replication: int) -> None:
        self._root = hashlib.sha256(f"{seed}/{replication}/".encode())
        self._taken: set[str] = set()
        self._philox = np.random.Philox(key=0)
        self._beginning = self._philox.state
        self._reused = np.random.Generator(self._philox)

    def generator(self, name: str) -> np.random.Generator:
        """A fresh generator for `name` (Philox, keyed by a hash of seed, replication and name).

        Raises
        ------
        ValueError
            The name was handed out before.
        """
        return np.random.Generator(np.random.Philox(key=self._key(name)))

    def draw_uniform(self, name: str, out: Floats) -> None:
        """Fill a contiguous array with uniform draws from [0, 1) of the stream `name`."""
        self._at(name).random(out=out)

    def draw_normal(self, name: str, out: Floats) -> None:
        """Fill a contiguous array with standard normal draws of the stream `name`."""
        self._at(name).standard_normal(out=out)

    def draw_exponential(self, name: str, out: Floats) -> None:
        """Fill a contiguous array with exponential draws of mean 1 of the stream `name`."""
        self._at(name).standard_exponential(out=out)

    def _at(self, name: str) -> np.random.Generator:
        """The reused generator at the beginning of a stream; it must not leave this class."""
        self._beginning["state"]["key"] = self._key(name)
        self._philox.state = self._beginning
        return self._reused

    def _key(self, name: str) -> NDArray[np.uint64]:
        if name in self._taken:
            raise ValueError(f"stream '{name}' is drawn twice")
        self._taken.add(name)
        digest = self._root.copy()
        digest.update(name.encode())
        return np.frombuffer(digest.digest(), dtype="<u8", count=2)
