"""Scenarios: a question in YAML, read into a frozen Scenario or refused with all its problems."""

from sim.scenario.load import load_scenario
from sim.scenario.model import FIRMS, Scenario
from sim.scenario.shocks import KINDS, Shock

__all__ = ["FIRMS", "KINDS", "Scenario", "Shock", "load_scenario"]
