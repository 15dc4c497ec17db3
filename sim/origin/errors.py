"""Error of this room: an origin file that cannot be understood."""

from sim.errors import SimError


class OriginError(SimError):
    """An origin file cannot be understood; carries every problem with its line."""
