"""Fitted traffic of ports as rows of a network: trucks on a weekday by year, and the season, in both directions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sim.network.build.facts import BORDER, read_ports
from sim.network.build.tables import Cells, read_facts

FIT = BORDER / "fit.csv"
RANGE_PCT = 5.0  # assumption: twice the standard error of 75 in 100 fitted years; others have up to 8.3 (fit.csv)
RANGE_OTHER_WAY_PCT = 20.0  # assumption: nobody counts trucks that leave the United States


@dataclass(slots=True)
class PortFit:
    """What `sim calibrate` fitted for a port, see ``sim/data/border/README.md``."""

    weekday_trucks: dict[int, float] = field(default_factory=dict)
    season: dict[int, float] = field(default_factory=dict)
    weekend_pct: float = 0.0
    booths_standard: int | None = None  # up to which the port is staffed


def read_fits() -> dict[str, PortFit]:
    """Fits by port; none where the table has not been made yet."""
    found: dict[str, PortFit] = {}
    for row in read_facts(FIT) if FIT.is_file() else ():
        fit = found.setdefault(row["port"], PortFit())
        if row["quantity"] == "weekday_trucks":
            fit.weekday_trucks[int(row["at"])] = float(row["value"])
        elif row["quantity"] == "season_index":
            fit.season[int(row["at"])] = float(row["value"])
        elif row["quantity"] == "weekend_pct":
            fit.weekend_pct = float(row["value"])
        elif row["quantity"] == "booths_standard":
            fit.booths_standard = int(row["value"])
    return found


def traffic_rows(crossings: Iterable[str]) -> Iterator[Cells]:
    """Rows of ``traffic.csv`` for the crossings named whose ports have a fit; the other direction carries the same."""
    for crossing, fit in _fitted(crossings):
        for year, trucks in fit.weekday_trucks.items():
            yield {"crossing": crossing, "year": year, "weekday_trucks": trucks, **_evidence(crossing)}


def season_rows(crossings: Iterable[str]) -> Iterator[Cells]:
    """Rows of ``seasons.csv``, likewise."""
    for crossing, fit in _fitted(crossings):
        for month, index in fit.season.items():
            yield {"crossing": crossing, "month": month, "index": index, **_evidence(crossing)}


def _fitted(crossings: Iterable[str]) -> Iterator[tuple[str, PortFit]]:
    fits, ports = read_fits(), read_ports()
    for crossing in sorted(crossings):
        port = crossing.split("/")[0]
        if port in fits and ports[port]["kind"] == "land_truck":
            yield crossing, fits[port]


def _evidence(crossing: str) -> Cells:
    into_us = crossing.endswith("/us")
    return {
        "basis": "computed" if into_us else "assumption",
        "range_pct": RANGE_PCT if into_us else RANGE_OTHER_WAY_PCT,
        "source": "ports" if into_us else "ports_other_way",
    }
