"""Events that pend: a binary heap of bare 64-bit keys, each a second, a phase and a load row or recipe.

Only so many events pend at a time as loads are being made or are on the road: some hundreds to some tens of thousands.
A key compares as one integer, so that events come out in order of (second, phase, load row), the order of the ledger.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from sim.engines.jit import inner

Array = NDArray[Any]

PHASE_BITS = 3
ENTITY_BITS = 31
SECOND_SHIFT = PHASE_BITS + ENTITY_BITS
PHASE_MASK = (1 << PHASE_BITS) - 1
ENTITY_MASK = (1 << ENTITY_BITS) - 1


@inner
def event_key(second: int, phase: int, entity: int) -> int:
    """The key of an event; seconds to 2^29, entities to 2^31 (`sim.plan` refuses more)."""
    return second << SECOND_SHIFT | phase << ENTITY_BITS | entity


@inner
def push(key: int, heap: Array, size: int) -> None:
    """Add a key to a heap that holds `size` of them."""
    at = size
    while at > 0:
        parent = (at - 1) >> 1
        above = heap[parent]
        if above <= key:
            break
        heap[at] = above
        at = parent
    heap[at] = key


@inner
def drop_least(heap: Array, size: int) -> None:
    """Take the least key, which stands at 0, from a heap that holds `size` of them."""
    last = size - 1
    key = heap[last]
    at = 0
    child = 1
    while child < last:
        if child + 1 < last and heap[child + 1] < heap[child]:
            child += 1
        below = heap[child]
        if below >= key:
            break
        heap[at] = below
        at = child
        child = 2 * at + 1
    heap[at] = key
