"""The error of a run that failed although its input is right."""

from __future__ import annotations

from sim.errors import SimError


class RunError(SimError):
    """A run of a study failed: a defect of the program or of the machine, not of the input."""
