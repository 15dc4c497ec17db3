"""Customs: border passages become entries, entries owe duties and fees, and both become part of unit cost."""

from __future__ import annotations

from sim.customs.assess import Assessment, assess
from sim.customs.balance import check_duties
from sim.customs.claims import ClaimRecord, Claims
from sim.customs.explain import EntryExplanation, LoadExplanation, explain_entry, explain_load
from sim.customs.flow import Flow
from sim.customs.planned import planned_flow
from sim.customs.recorded import ledger_flow

__all__ = [
    "Assessment",
    "ClaimRecord",
    "Claims",
    "EntryExplanation",
    "Flow",
    "LoadExplanation",
    "assess",
    "check_duties",
    "explain_entry",
    "explain_load",
    "ledger_flow",
    "planned_flow",
]
