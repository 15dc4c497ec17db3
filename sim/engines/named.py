"""The engines by name; each is loaded when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from sim.ledger.ledger import Ledger
from sim.plan import Plan

COMPILED = "compiled"  # the one that everybody uses
REFERENCE = "reference"  # its specification, in SimPy
ENGINES = (COMPILED, REFERENCE)


def engine_named(name: str) -> Callable[[Plan], Ledger]:
    """The `simulate` of an engine.

    Raises
    ------
    ValueError
        No engine of that name.
    """
    if name not in ENGINES:
        raise ValueError(f"no engine named '{name}'. Allowed engines: {', '.join(ENGINES)}.")
    simulate: Callable[[Plan], Ledger] = import_module(f"sim.engines.{name}").simulate
    return simulate
