"""Trade law as dated data: duty programmes, agreements and reforms, and what they make of one border crossing."""

from __future__ import annotations

from sim.law.explain import Explanation, ExplanationStep
from sim.law.facts import Charge, GoodFacts, LineFacts, OriginRule, ProgrammeStatus
from sim.law.law import Law
from sim.law.lines import assess_lines, consolidate
from sim.law.load import LAW_FOLDER, list_reforms, load_law
from sim.law.reform import Difference
from sim.law.rights import ClosedChoice, DrawbackRight, Election

__all__ = [
    "LAW_FOLDER",
    "Charge",
    "ClosedChoice",
    "Difference",
    "DrawbackRight",
    "Election",
    "Explanation",
    "ExplanationStep",
    "GoodFacts",
    "Law",
    "LineFacts",
    "OriginRule",
    "ProgrammeStatus",
    "assess_lines",
    "consolidate",
    "list_reforms",
    "load_law",
]
