"""Everything decided before the first event: demand, replenishment, claims, shocks, draws, and the Plan."""

from sim.planning.build import build, lead_days, require_warm_up
from sim.planning.decide import Decisions, decide

__all__ = ["Decisions", "build", "decide", "lead_days", "require_warm_up"]
