"""Engines: a Plan in, a Ledger out; they know neither network nor law nor dates."""

from sim.engines.named import COMPILED, ENGINES, REFERENCE, engine_named

__all__ = ["COMPILED", "ENGINES", "REFERENCE", "engine_named"]
