"""Lines of crossings besides that of the booths, railways that queue, and substitutes, from their fact tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from sim.network.build.facts import BORDER
from sim.network.build.geography import Leg
from sim.network.build.tables import Cells, Fact, read_facts

# One to three trips of a transfer tractor a day were seen at Laredo:
# https://ops-dr.fhwa.dot.gov/freight/freight_analysis/world_trade_brdg/index.htm
TRIPS_A_DAY = 2
LEAST_TRACTORS = 3  # assumption: a carrier that serves a port at all has as many
RAILCARS_A_TRAIN = 100  # assumption
TRACK_USE = 0.75  # assumption: of what a railway could take over the border in an ordinary day
_HOURS = ("tractor_return_min", "yard_before_h", "yard_after_h", "yard_cv")


@lru_cache(maxsize=1)
def _lines() -> Mapping[tuple[str, str], Fact]:
    return {(row["port"], row["to_country"]): row for row in read_facts(BORDER / "lines.csv")}


def line_cells(port: Fact, to_country: str, loads_a_day: float) -> dict[str, object]:
    """Cells of ``crossings.csv`` for the lines of a crossing; zeros where the facts know of none.

    Parameters
    ----------
    loads_a_day : float
        The network's own on a working day: its pool of tractors is made for them.
    """
    if port["kind"] == "land_rail":
        return _rail_cells(port)
    row = _lines().get((port["port"], to_country))
    if row is None:
        return _no_lines()
    return {
        "export_modules": int(row["export_modules"]),
        "inspection_bays": int(row["inspection_bays"]),
        "tractors": max(LEAST_TRACTORS, math.ceil(loads_a_day / TRIPS_A_DAY)),
        **{name: float(row[name]) for name in _HOURS},
    }


def _no_lines() -> dict[str, object]:
    return dict.fromkeys(("export_modules", "inspection_bays", "tractors"), 0) | dict.fromkeys(_HOURS, 0.0)


def _rail_cells(port: Fact) -> dict[str, object]:
    """A railway takes its railcars one after the other, some more in a day than come."""
    entries = [port[name] for name in sorted(port) if name.startswith("entries_2") and port[name]]
    if not entries:
        return _no_lines()
    cars = float(entries[-1]) / 365 * (RAILCARS_A_TRAIN if port["entries_unit"] == "trains" else 1)
    return _no_lines() | {
        "booths_standard": 1,
        "cycle_standard_s": round(TRACK_USE * 24 * 3600 / cars, 1),
        "background_weekday": round(cars, 0),
        "background_weekend_pct": 100.0,
        "staffing_utilisation_pct": 100.0,
    }


def substitute_rows(crossings: Iterable[str]) -> Iterator[Cells]:
    """Rows of ``substitutes.csv`` among the crossings named, in both directions."""
    known = set(crossings)
    for row in read_facts(BORDER / "substitutes.csv"):
        for crossing in sorted(known):
            port, side = crossing.split("/")
            other = f"{row['substitute']}/{side}"
            if port == row["port"] and other in known:
                yield {
                    "crossing": crossing,
                    "substitute": other,
                    "hours": float(row["hours"]),
                    "share_pct": float(row["share_pct"]),
                    "basis": row["basis"],
                    "range_pct": 50.0,
                    "source": "substitutes",
                }


def loads_by_crossing(
    lanes: Sequence[Cells],
    runs: Sequence[Cells],
    daily_units: Callable[[Cells], float],
    ways: Callable[[Cells], Sequence[Sequence[Leg]]],
) -> dict[str, float]:
    """Trucks of the network itself that might come over each crossing on a working day; a milk run's is one.

    Parameters
    ----------
    daily_units : callable
        Units that a lane carries on a working day.
    ways : callable
        Legs of a lane's routes. The carriers of a town serve all its bridges: each is ready for all that may come.
    """
    trucks: dict[str, float] = {}
    shared: dict[str, Sequence[Sequence[Leg]]] = {}
    for lane in lanes:
        if lane["mode"] != "truck":
            continue
        if lane.get("milk_run"):
            shared[str(lane["milk_run"])] = ways(lane)
        else:
            _add(trucks, ways(lane), daily_units(lane) / float(str(lane["load_units"])))
    for row in runs:
        _add(trucks, shared[str(row["id"])], 1 / 5)
    return trucks


def _add(trucks: dict[str, float], ways: Sequence[Sequence[Leg]], more: float) -> None:
    for crossing in sorted({leg.crossing for legs in ways for leg in legs if leg.crossing}):
        trucks[crossing] = trucks.get(crossing, 0.0) + more
