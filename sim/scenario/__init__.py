"""Scenarios: a question in YAML, read into a frozen Scenario or refused with all its problems."""

from sim.scenario.load import load_scenario
from sim.scenario.model import FIRMS, Scenario, Shock

__all__ = ["FIRMS", "Scenario", "Shock", "load_scenario"]
