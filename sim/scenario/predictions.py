"""What somebody said that a scenario would do, as a direction or a bound that a run can agree with or not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sim.scenario.parsers import parse_choice
from sim.scenario.sheet import Reader

MOVES = ("up", "down", "unchanged")  # against the baseline
BOUNDS = ("below", "above")  # of the scenario's own mean
KEYS = ("measure", "moves", *BOUNDS, "vehicle", "said")
_BOUND = re.compile(r"([+-]?\d[\d_]*(?:\.\d+)?)\s*([^\d\s._].*)")


@dataclass(frozen=True, slots=True)
class Prediction:
    """One direction or one bound, written down before the run.

    Parameters
    ----------
    measure, item : str
        As `sim list measures` names it; item empty for the measure as a whole.
    moves : str
        Which way it moves against the scenario's own baseline, one of `MOVES`; or on which side of `bound` the
        scenario's own mean lies, one of `BOUNDS`.
    vehicle : str
        Assembly recipe, or ``all``.
    said : str
        Who says so, and where.
    bound : float
        In `unit`, that of the measure; 0 for a direction.
    unit : str
        Empty for a direction.
    """

    measure: str
    item: str
    moves: str
    vehicle: str
    said: str
    bound: float = 0.0
    unit: str = ""

    def resolved(self) -> dict[str, Any]:
        """JSON-ready content."""
        name = f"{self.measure}/{self.item}" if self.item else self.measure
        words = {"measure": name, "moves": self.moves, "vehicle": self.vehicle, "said": self.said}
        return words | ({"bound": self.bound, "unit": self.unit} if self.moves in BOUNDS else {})


def read_predictions(reader: Reader) -> tuple[Prediction, ...]:
    """Read the predictions of a scenario; what is wrong is noted in the reader."""
    found = []
    for n in range(reader.count(("predictions",))):
        here = ("predictions", n)
        written = reader.keys(here, KEYS, required=("measure", "said"))
        name, _, item = reader.text((*here, "measure")).partition("/")
        moves = reader.parsed((*here, "moves"), parse_choice(MOVES, "directions"), "unchanged")
        bound, unit = 0.0, ""
        told = [key for key in ("moves", *BOUNDS) if key in written]
        if len(told) != 1:
            reader.add((*here, "moves"), _one_of(told))
        elif told[0] in BOUNDS:
            moves = told[0]
            bound, unit = reader.parsed((*here, moves), _parse_bound, (0.0, ""))
        vehicle, said = reader.text((*here, "vehicle"), "all"), reader.text((*here, "said"))
        found.append(Prediction(name, item, moves, vehicle, said, bound, unit))
    return tuple(found)


def restore_prediction(entry: dict[str, Any]) -> Prediction:
    """A prediction from its resolved content."""
    name, _, item = entry["measure"].partition("/")
    bound, unit = float(entry.get("bound", 0.0)), entry.get("unit", "")
    return Prediction(name, item, entry["moves"], entry["vehicle"], entry["said"], bound, unit)


def _one_of(told: list[str]) -> str:
    wanted = "Say one of moves (against the baseline), below, above (of its own mean)."
    return f"{' and '.join(told)} are said at once. {wanted}" if told else f"is missing. {wanted}"


def _parse_bound(text: str) -> tuple[float, str]:
    """Read a bound and its unit."""
    match = _BOUND.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"'{text}' is not a number with the unit of its measure. Write such as '48 h'.")
    return float(match[1].replace("_", "")), match[2]
