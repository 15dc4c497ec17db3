"""Named random streams: each uncertain thing draws from a generator that only its name, seed and replication fix."""

from __future__ import annotations

import hashlib

import numpy as np


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
    """

    def __init__(self, seed: int, replication: int) -> None:
        self._root = f"{seed}/{replication}/"
        self._taken: set[str] = set()

    def generator(self, name: str) -> np.random.Generator:
        """A fresh generator for `name` (Philox, keyed by a hash of seed, replication and name).

        Raises
        ------
        ValueError
            The name was handed out before.
        """
        if name in self._taken:
            raise ValueError(f"stream '{name}' is drawn twice")
        self._taken.add(name)
        digest = hashlib.sha256((self._root + name).encode()).digest()
        return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))
