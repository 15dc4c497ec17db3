"""Archives: a finished study in one file with all that another person needs to get the same digests."""

from sim.archive.pack import pack_study
from sim.archive.reproduce import Reproduced, reproduce

__all__ = ["Reproduced", "pack_study", "reproduce"]
