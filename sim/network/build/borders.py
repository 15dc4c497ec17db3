"""A network of ports alone: everybody's trucks at every crossing, and survey trucks that show what they meet there."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.network.build.crossings import crossing_rows
from sim.network.build.facts import read_ports
from sim.network.build.lines import substitute_rows
from sim.network.build.tables import Cells, Fact
from sim.network.build.traffic import PortFit, read_fits, season_rows, traffic_rows
from sim.network.model import Crossing

TITLE = "Every truck crossing of the United States with Canada and Mexico that has counts, and survey trucks"
TRUCK, PERMIT = "survey_truck", "permit"
SURVEY_PCT = 2.5  # assumption: survey trucks, of all trucks of a weekday: enough to see every hour, too few to matter
FEWEST, MOST = 40, 120  # assumption: survey trucks a day and direction
NIGHT_H = 5  # assumption: survey trucks rest so long at the least, so that each day is a working day of its own
LAST_H = 1  # assumption: the last leave an hour before closing
LEAST_WEEKEND_PCT = 15.0  # assumption: with quieter weekends survey trucks rest on Saturdays; on Sundays always
SATURDAY = 5
ROAD_H = 0.1  # assumption: from the road to the crossing, and again behind it
PERMITS = 4_000  # assumption: a load of what survey trucks need; nobody runs out
DRIVEN: Cells = dict.fromkeys(  # survey trucks come with their tractors and stand in no yard
    ("tractors", "tractor_return_min", "yard_before_h", "yard_after_h", "yard_cv"), 0
)
ASSUMED = {"basis": "assumption", "range_pct": 0.0, "source": "survey"}


def border_tables() -> dict[str, list[Cells]]:
    """Tables of the network, by file name: both directions of every truck crossing of ``ports.csv``."""
    fits = read_fits()
    ways = [
        Way(port, start, end, fits.get(port["port"], PortFit()))
        for port in read_ports().values()
        if port["kind"] == "land_truck"
        for start, end in ((port["us_neighbour"], "US"), ("US", port["us_neighbour"]))
    ]
    crossings = [way.crossing for way in ways]
    return {
        "network.csv": [{"title": TITLE}],
        "sites.csv": [row for way in ways for row in way.sites()],
        "parts.csv": _parts(),
        "recipes.csv": [row for way in ways for row in way.recipes()],
        "inputs.csv": [{"recipe": way.recipe, "part": PERMIT, "quantity_per": 1, "cover_h": 240.0} for way in ways],
        "schedules.csv": [way.schedule() for way in ways],
        "lanes.csv": [row for way in ways for row in way.lanes()],
        "routes.csv": [row for way in ways for row in way.routes()],
        "crossings.csv": [{**row, **DRIVEN} for row in crossing_rows(crossings, {})],
        "substitutes.csv": list(substitute_rows(crossings)),
        "traffic.csv": list(traffic_rows(crossings)),
        "seasons.csv": list(season_rows(crossings)),
        "calendars.csv": [row for way in ways if way.end == "US" for row in way.calendar()],
    }


def _parts() -> list[Cells]:
    shared = {"unit": "truck", "mass_kg": 1_000.0, "volume_m3": 1.0, "system": "survey", **ASSUMED}
    vehicle = {"part_class": "vehicle", "core_class": "vehicle", "vehicle_class": "passenger"}
    paper = {"part_class": "small", "core_class": "none", "vehicle_class": ""}
    return [
        {"id": PERMIT, "name": "Permit to cross", "tier": 1, "hts_code": "8708.29", **shared, **paper},
        {"id": TRUCK, "name": "Survey truck", "tier": 0, "hts_code": "8703.23", **shared, **vehicle},
    ]


class Way:
    """One direction of a port with its survey trucks: they are sent out on one side and counted on the other."""

    def __init__(self, port: Fact, start: str, end: str, fit: PortFit) -> None:
        self.port, self.start, self.end = port, start, end
        name = port["port"]
        self.crossing = f"{name}/{end.lower()}"
        self.plant = f"plant/{name}_{start.lower()}"
        self.office = f"supplier/{name}_{start.lower()}"
        self.recipe = f"{self.plant}/{TRUCK}"
        self.markets = {0: f"market/{name}_{end.lower()}"}
        if int(port["booths_fast"]):
            self.markets[100] = f"market/{name}_{end.lower()}_fast"
        self.weekend_pct = fit.weekend_pct
        trucks = max(fit.weekday_trucks.values(), default=0.0)
        self.per_day = math.ceil(min(MOST, max(FEWEST, trucks * SURVEY_PCT / 100)))

    def sites(self) -> Iterator[Cells]:
        """The side that sends survey trucks, and the sides that count them by class."""
        place = {name: float(self.port[name]) for name in ("lat_deg", "lon_deg")}
        for site, country in ((self.plant, self.start), (self.office, self.start), *self._counted()):
            yield {
                "id": site,
                "kind": site.split("/")[0],
                "name": f"{self.port['name']}, {country} side",
                "country": country,
                "region": self.port["port_code"],
                **place,
                "time_zone": self.port["time_zone"],
                "owner_country": country,
                "currency": "USD",
                "wage_usd_h": 0.0 if site.startswith("market/") else 20.0,
                "rd_share_pct": 0.0,
                **ASSUMED,
            }

    def _counted(self) -> list[tuple[str, str]]:
        return [(market, self.end) for market in self.markets.values()]

    def recipes(self) -> Iterator[Cells]:
        """Survey trucks, and permits for them, at no cost that matters."""
        nothing = {
            "material_usd": 0.0,
            "material_country": "",
            "steel_usd": 0.0,
            "steel_kg": 0.0,
            "steel_melt_country": "",
            "aluminium_usd": 0.0,
            "aluminium_kg": 0.0,
            "aluminium_smelt_country": "",
        }
        for site, part in ((self.plant, TRUCK), (self.office, PERMIT)):
            yield {
                "id": f"{site}/{part}",
                "site": site,
                "part": part,
                "lines": 10,
                "work_s": 1.0,
                "calendar": self._calendar_name(),
                "labour_usd": 1.0,
                "overhead_usd": 0.0,
                **nothing,
                **ASSUMED,
            }

    def schedule(self) -> Cells:
        """So many survey trucks a day, one by one."""
        return {
            "recipe": self.recipe,
            "vehicles_per_day": self.per_day,
            "lot_units": 1,
            "overtime_calendar": self._calendar_name(),
            "msrp_usd": 1.0,
        }

    def lanes(self) -> Iterator[Cells]:
        """Half of the survey trucks may use FAST lanes where there are any."""
        for fast_pct, market in self.markets.items():
            yield self._lane(self.recipe, "", market, TRUCK, 100.0 / len(self.markets), 1, float(fast_pct))
        yield self._lane(f"{self.office}/{PERMIT}", self.recipe, self.plant, PERMIT, 100.0, PERMITS, 0.0)

    def _lane(self, source: str, target: str, site: str, part: str, share: float, units: int, fast_pct: float) -> Cells:
        return {
            "id": f"{source}..{target or site}",
            "from_recipe": source,
            "to_recipe": target,
            "to_site": site,
            "part": part,
            "share_pct": share,
            "load_units": units,
            "mode": "truck",
            "fast_pct": fast_pct,
            "importer_country_use": "production" if target else "sale",
            **ASSUMED,
        }

    def routes(self) -> Iterator[Cells]:
        """Six minutes of road on either side of the crossing."""
        for market in self.markets.values():
            yield self._step(self.plant, market, 0, self.crossing, "entry")
            yield self._step(self.plant, market, 1, "", "")
        yield self._step(self.office, self.plant, 0, "", "")

    def _step(self, start: str, end: str, step: int, crossing: str, movement: str) -> Cells:
        return {
            "from_site": start,
            "to_site": end,
            "mode": "truck",
            "alternative": 0,
            "step": step,
            "hours": ROAD_H,
            "distance_km": 5.0,
            "cost_usd": 5.0,
            "crossing": crossing,
            "movement": movement,
            "transit_cv": 0.0,
            **ASSUMED,
        }

    def calendar(self) -> Iterator[Cells]:
        """When survey trucks leave: while the port is open, but for Sundays, the night and the last hour."""
        for weekday in range(SATURDAY + (self.weekend_pct >= LEAST_WEEKEND_PCT)):
            opens, closes = self._hours("weekend_" if weekday == SATURDAY else "")
            if closes > opens:
                row = {"id": self._calendar_name(), "time_zone": self.port["time_zone"], "weekday": weekday}
                yield row | {"from_hour": float(opens), "to_hour": float(closes)}

    def _hours(self, days: str) -> tuple[int, int]:
        opens, closes = int(self.port[f"{days}open_hour"]), int(self.port[f"{days}close_hour"])
        return max(opens, NIGHT_H - LAST_H), closes - LAST_H

    def _calendar_name(self) -> str:
        return f"hours_{self.port['port']}"


def survey_lane(crossing: Crossing, fast: bool) -> str:
    """The lane whose loads are the survey trucks of a crossing in a class.

    Examples
    --------
    >>> from sim.network import load_network
    >>> survey_lane(load_network("borders").crossings["laredo_wtb/us"], fast=True)
    'plant/laredo_wtb_mx/survey_truck..market/laredo_wtb_us_fast'
    """
    port, start, end = crossing.port, crossing.from_country.lower(), crossing.to_country.lower()
    return f"plant/{port}_{start}/{TRUCK}..market/{port}_{end}{'_fast' if fast else ''}"
