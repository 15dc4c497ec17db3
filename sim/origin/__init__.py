"""Origin of one good: its costs, its materials, and the tests of the rule that applies on a day."""

from sim.origin.answer import Answer
from sim.origin.determine import determine, determine_file
from sim.origin.errors import OriginError

__all__ = ["Answer", "OriginError", "determine", "determine_file"]
