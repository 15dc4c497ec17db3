"""What a declaration owes: lines, elections at least cost, fees per entry, accounts and refunds."""

from __future__ import annotations

from sim.duty.answer import Answer
from sim.duty.assess import assess, assess_file
from sim.duty.reading import Declaration, DeclarationError, read_declaration

__all__ = ["Answer", "Declaration", "DeclarationError", "assess", "assess_file", "read_declaration"]
