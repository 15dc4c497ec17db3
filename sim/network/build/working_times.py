"""When the works of a reference network are open: shifts of plants and suppliers, and the weeks in which they close."""

from __future__ import annotations

from collections.abc import Iterable

from sim.network.build.facts import SHARED
from sim.network.build.tables import Cells, read_facts

SHIFTS = ((6.0, 14.0), (14.0, 22.0))  # assumption: local hours of the two shifts of a plant
PLANT_WEEK_H = 5 * sum(ends - begins for begins, ends in SHIFTS)
SUPPLIER_WEEK_H = 6 * 24.0  # assumption: of everybody else
USE_PCT = {"plant": 80.0, "supplier": 80.0, "overseas": 40.0}  # assumption: planned use of the lines
FOLLOW_PLANTS = ("sequenced", "just_in_time")  # assumption: who makes these closes with his customers


def calendar_of(site: str, time_zone: str, part_class: str) -> tuple[str, str]:
    """Calendar of a recipe and of its overtime, by where it works and what it makes; no overtime for suppliers."""
    zone = time_zone.split("/")[1].lower()
    if site.startswith("plant/"):
        return f"two_shifts_{zone}", f"saturday_{zone}"
    if part_class in FOLLOW_PLANTS and time_zone.startswith("America/"):
        return f"six_days_with_plants_{zone}", ""
    return f"six_days_{zone}", ""


def calendar_rows(used: Iterable[tuple[str, str]]) -> list[Cells]:
    """Rows of ``calendars.csv`` for calendars and their time zones."""
    rows: list[Cells] = []
    for name, zone in sorted(set(used)):
        if name.startswith("six_days"):
            shifts = [(day, 0.0, 24.0) for day in range(6)]
        else:
            days = [5] if name.startswith("saturday") else range(5)
            shifts = [(day, *hours) for day in days for hours in SHIFTS]
        rows += [
            {"id": name, "time_zone": zone, "weekday": day, "from_hour": begins, "to_hour": ends}
            for day, begins, ends in shifts
        ]
    return rows


def shutdown_rows(used: Iterable[tuple[str, str]]) -> list[Cells]:
    """Rows of ``shutdowns.csv``: plants close for some weeks of the year, and with them who follows them."""
    closing = sorted({name for name, _ in used if not name.startswith("six_days") or "_with_plants_" in name})
    return [{"calendar": name, **row} for name in closing for row in read_facts(SHARED / "shutdowns.csv")]


def work_seconds(kind: str, weekly: float, *, is_paced: bool = False) -> float:
    """Work of a unit on one line that works at the planned use of its calendar's hours.

    Parameters
    ----------
    kind : str
        ``plant``, ``supplier`` or ``overseas``.
    weekly : float
        Units of a week.
    is_paced : bool
        Whether a supplier keeps the pace of a plant: its hours instead of his own longer week.
    """
    hours = PLANT_WEEK_H if kind == "plant" or is_paced else SUPPLIER_WEEK_H
    return float(f"{hours * 3600 * USE_PCT[kind] / 100 / weekly:.6g}")
