"""The sections of an origin file besides goods, costs and materials: which module reads and which answers each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sim.origin import sets, textile
from sim.origin.books import allocation, assist, interest, inventory, unit_price
from sim.origin.vehicles import automotive
from sim.reading import Node

# Computations that need no product rule: each module has `read(node)` and `find(section, question, terms)`.
GENERAL = {
    "allocation": allocation,
    "assist": assist,
    "interest": interest,
    "inventory": inventory,
    "set": sets,
    "textile": textile,
    "unit_price": unit_price,
}

SECTIONS: Mapping[str, Callable[[Node], object]] = {
    **{name: module.read for name, module in GENERAL.items()},
    **automotive.SECTIONS,
}
