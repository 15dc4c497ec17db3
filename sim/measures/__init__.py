"""Measures: one function and one definition for each figure that a study reports."""

from __future__ import annotations

from sim.measures.context import Row
from sim.measures.daily import SERIES, DayRow, daily
from sim.measures.registry import REGISTRY, Measure, measure

__all__ = ["REGISTRY", "SERIES", "DayRow", "Measure", "Row", "daily", "measure"]
