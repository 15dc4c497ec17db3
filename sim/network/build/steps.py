"""Rows of ``routes.csv``: one for each step of a way."""

from __future__ import annotations

from sim.network.build.geography import Leg

TRANSIT_CV = {"truck": 0.15, "rail": 0.2, "ocean": 0.08, "team_truck": 0.15, "air": 0.2}  # assumption


def step_cells(a: str, b: str, mode: str, alternative: int, step: int, leg: Leg) -> dict[str, object]:
    """Cells of a step of a way in ``routes.csv``, but how it is known."""
    return {
        "from_site": a,
        "to_site": b,
        "mode": mode,
        "alternative": alternative,
        "step": step,
        "hours": leg.hours,
        "distance_km": leg.distance_km,
        "cost_usd": leg.cost_usd,
        "crossing": leg.crossing,
        "movement": leg.movement,
        "transit_cv": TRANSIT_CV[mode],
    }
