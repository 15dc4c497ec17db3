"""A network as its files: the tables that `sim.network.build.tables.write_network` writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sim.network.build.milk import departure_rows
from sim.network.build.tables import Cells, write_network
from sim.network.model import Evidence, Network, Route

_NESTED = ("inputs", "schedule", "evidence", "shifts", "departures", "steps")


def save_network(network: Network, folder: Path) -> None:
    """Write a network into a folder, from which `load_network` reads the same network again."""
    write_network(folder, tables_of(network))


def tables_of(network: Network) -> Mapping[str, list[Cells]]:
    """Rows of every file of a network, by file name."""
    recipes = list(network.recipes.values())
    return {
        "network.csv": [{"title": network.title}],
        "sites.csv": [_row(x) for x in network.sites.values()],
        "parts.csv": [_row(x) for x in network.parts.values()],
        "recipes.csv": [_row(x) for x in recipes],
        "inputs.csv": [{"recipe": recipe.id, **asdict(item)} for recipe in recipes for item in recipe.inputs],
        "schedules.csv": [{"recipe": x.id, **asdict(x.schedule)} for x in recipes if x.schedule],
        "lanes.csv": [_row(x) for x in network.lanes.values()],
        "routes.csv": [row for routes in network.routes.values() for route in routes for row in _steps(route)],
        "crossings.csv": [_row(x) for x in network.crossings.values()],
        "calendars.csv": [
            {"id": x.id, "time_zone": x.time_zone, "weekday": day, "from_hour": float(begin), "to_hour": float(end)}
            for x in network.calendars.values()
            for day, begin, end in x.shifts
        ],
        **{name: rows for name, rows in _optional(network).items() if rows},
    }


def _optional(network: Network) -> dict[str, list[Cells]]:
    """Files that a network may lack. Traffic that came without a row of a file is known as its crossing is."""

    def told(file: str, crossing: str, when: int) -> dict[str, object]:
        return _told(network.told.get((file, crossing, when), network.crossings[crossing].evidence))

    return {
        "milk_runs.csv": [row for x in network.milk_runs.values() for row in departure_rows(x, _told(x.evidence))],
        "traffic.csv": [
            {"crossing": crossing, "year": year, "weekday_trucks": trucks, **told("traffic.csv", crossing, year)}
            for crossing, years in network.traffic.items()
            for year, trucks in years.items()
        ],
        "seasons.csv": [
            {"crossing": crossing, "month": month, "index": index, **told("seasons.csv", crossing, month)}
            for crossing, months in network.seasons.items()
            for month, index in enumerate(months, start=1)
        ],
        "substitutes.csv": [_row(x) for rows in network.substitutes.values() for x in rows],
        "shutdowns.csv": [
            {
                "calendar": calendar.id,
                **{f"from_{name}": value for name, value in zip(("month", "day"), shutdown.first, strict=True)},
                **{f"to_{name}": value for name, value in zip(("month", "day"), shutdown.last, strict=True)},
                "name": shutdown.name,
                **_told(shutdown.evidence),
            }
            for calendar in network.calendars.values()
            for shutdown in calendar.shutdowns
        ],
    }


def _row(item: Any) -> Cells:
    """Own cells of a row, and how it is known."""
    cells = {name: getattr(item, name) for name in item.__dataclass_fields__ if name not in _NESTED}
    return cells | _told(item.evidence)


def _told(evidence: Evidence) -> dict[str, object]:
    return {"basis": evidence.basis, "range_pct": evidence.range_pct, "source": evidence.source}


def _steps(route: Route) -> list[Cells]:
    ends = {"from_site": route.from_site, "to_site": route.to_site, "mode": route.mode}
    shared = {**ends, "alternative": route.alternative, "transit_cv": route.transit_cv, **_told(route.evidence)}
    return [{**shared, "step": number, **asdict(step)} for number, step in enumerate(route.steps)]
