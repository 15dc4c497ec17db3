"""What somebody said that a scenario would do, as a direction that a run can agree with or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.scenario.parsers import parse_choice
from sim.scenario.sheet import Reader

MOVES = ("up", "down", "unchanged")
KEYS = ("measure", "moves", "vehicle", "said")


@dataclass(frozen=True, slots=True)
class Prediction:
    """One direction, written down before the run.

    Parameters
    ----------
    measure, item : str
        As `sim list measures` names it; item empty for the measure as a whole.
    moves : str
        Which way it moves against the scenario's own baseline: one of `MOVES`.
    vehicle : str
        Assembly recipe, or ``all``.
    said : str
        Who says so, and where.
    """

    measure: str
    item: str
    moves: str
    vehicle: str
    said: str

    def resolved(self) -> dict[str, Any]:
        """JSON-ready content."""
        name = f"{self.measure}/{self.item}" if self.item else self.measure
        return {"measure": name, "moves": self.moves, "vehicle": self.vehicle, "said": self.said}


def read_predictions(reader: Reader) -> tuple[Prediction, ...]:
    """Read the predictions of a scenario; what is wrong is noted in the reader."""
    found = []
    for n in range(reader.count(("predictions",))):
        here = ("predictions", n)
        reader.keys(here, KEYS, required=("measure", "moves", "said"))
        name, _, item = reader.text((*here, "measure")).partition("/")
        moves = reader.parsed((*here, "moves"), parse_choice(MOVES, "directions"), "unchanged")
        found.append(
            Prediction(name, item, moves, reader.text((*here, "vehicle"), "all"), reader.text((*here, "said")))
        )
    return tuple(found)


def restore_prediction(entry: dict[str, str]) -> Prediction:
    """A prediction from its resolved content."""
    name, _, item = entry["measure"].partition("/")
    return Prediction(name, item, entry["moves"], entry["vehicle"], entry["said"])
