"""One scenario, one replication: plan, simulate, assess, measure, and the facts that pictures need."""

from sim.replication.once import ENGINES, Cache, Prepared, Run, prepare, require_ready, run_once, simulate

__all__ = ["ENGINES", "Cache", "Prepared", "Run", "prepare", "require_ready", "run_once", "simulate"]
