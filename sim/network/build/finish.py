"""From a draft to network files: costs rolled up, lines sized, loads filled, routes laid."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sim.currency import currency_of
from sim.network.build.cover import cover_hours
from sim.network.build.crossings import crossing_rows
from sim.network.build.draft import Draft
from sim.network.build.expedite import CLASSES, air_way, team_way
from sim.network.build.facts import PartFact, place, read_airports, read_ports, read_sites, read_wages
from sim.network.build.geography import NORTH_AMERICA, ROAD_FACTOR, Leg, Place, great_circle_km, routes_between
from sim.network.build.layout import LOT_UNITS, Layout
from sim.network.build.lines import loads_by_crossing, substitute_rows
from sim.network.build.milk import Rider, share_trucks
from sim.network.build.steps import step_cells
from sim.network.build.tables import Cells, write_network
from sim.network.build.traffic import season_rows, traffic_rows
from sim.network.build.working_times import calendar_of, calendar_rows, shutdown_rows, work_seconds
from sim.network.capacity import CAPACITY
from sim.network.expedite import LEAST_SHARE
from sim.network.model import Part

DAYS_PER_LOAD = {"truck": 2.0, "rail": 2.0, "ocean": 10.0}  # assumption: a load holds at most so many days' use
SMALL_DAYS_PER_LOAD = 4.0  # assumption: what fills a corner of a trailer, and tiers 2 and 3, go about once a week
FAST_PCT = 70.0  # assumption: 60 to 80 for trusted car-industry shippers
# Assumption: works that pay under 6 USD an hour spend a quarter of the bill's labour percentage, and keep the rest as
# overhead: a main harness then takes 20 hours in Juarez, where the full percentage would make it 80.
LOW_WAGE_USD_H, LOW_WAGE_PART = 6.0, 0.25
MSRP_FACTOR = 1.4  # assumption
STEEL_USD_KG, ALUMINIUM_USD_KG = 1050 / 900, 420 / 150  # bill of materials rows stl and alu, estimate


class Finisher:
    """Works out and writes every table of a draft."""

    def __init__(self, draft: Draft, layout: Layout | None = None) -> None:
        self.draft = draft
        self.layout = layout or Layout()
        self.sites = read_sites(*self.layout.facts)
        self.wages = read_wages()
        self.week = draft.weekly_units()
        self.country = {site: row["country"] for site, row in self.sites.items()}
        self.lanes = sorted(
            (source, recipe, part)
            for recipe, maker in draft.makers.items()
            for part, need in maker.needs.items()
            for source in need.sources
        )
        self.routes: dict[tuple[str, str, str], list[list[Leg]]] = {}
        self.used_sites = {maker.site for maker in draft.makers.values()} | {
            market for build in draft.builds.values() for market in build.markets
        }
        self.told = {lane: journey for journey, _, _, lane in reversed(draft.journeys)}

    def write(self, folder: Path, title: str) -> None:
        """Write the network's files into a folder."""
        lanes = self._lane_rows()
        riding = [lane for lane in lanes if lane["mode"] == "truck" and lane["to_recipe"]]
        zones = {site: row["time_zone"] for site, row in self.sites.items()}
        runs = share_trucks(lanes, map(self._rider, riding), zones) if self.layout.shares_trucks else []
        lanes = [{**lane, "expedite": "yes" if self._is_expedited(lane) else ""} for lane in lanes]
        routes = self._route_rows()
        crossings = {leg.crossing for ways in self.routes.values() for way in ways for leg in way if leg.crossing}
        both = {f"{x.split('/')[0]}/{side}" for x in crossings for side in self._sides(x)}
        journeys = ("journey", "branch", "step", "lane")
        tables: dict[str, list[Cells]] = {
            "network.csv": [{"title": title}],
            "sites.csv": [self._site_row(site) for site in sorted(self.used_sites)],
            "parts.csv": self._part_rows(),
            "recipes.csv": self._recipe_rows(),
            "inputs.csv": self._input_rows(),
            "schedules.csv": self._schedule_rows(),
            "lanes.csv": lanes,
            "routes.csv": routes,
            "crossings.csv": crossing_rows(both, loads_by_crossing(lanes, runs, self._daily_units, self._all_ways)),
            "calendars.csv": calendar_rows(self._calendars()),
            "shutdowns.csv": shutdown_rows(self._calendars()),
            "traffic.csv": list(traffic_rows(both)),
            "seasons.csv": list(season_rows(both)),
            "journeys.csv": [dict(zip(journeys, row, strict=True)) for row in self.draft.journeys],
        }
        substitutes = list(substitute_rows(both))
        if substitutes:
            tables["substitutes.csv"] = substitutes
        if runs:
            tables["milk_runs.csv"] = runs
        if not self.draft.journeys:
            del tables["journeys.csv"]
        write_network(folder, tables)

    def _daily_units(self, lane: Cells) -> float:
        """Units that a lane carries on a working day."""
        source, recipe, share = str(lane["from_recipe"]), str(lane["to_recipe"]), float(str(lane["share_pct"]))
        if not recipe:
            return self.week[source] * share / 100 / 5
        return self._daily_use(recipe, str(lane["part"]), share)

    def _daily_use(self, recipe: str, part: str, share_pct: float) -> float:
        """Units of a share of a part that a recipe uses on a working day."""
        return self.week[recipe] * self.draft.makers[recipe].needs[part].quantity * share_pct / 100 / 5

    def _all_ways(self, lane: Cells) -> Sequence[Sequence[Leg]]:
        return self._ways(self._site(str(lane["from_recipe"])), str(lane["to_site"]), str(lane["mode"]))

    def _rider(self, lane: Cells) -> Rider:
        source, recipe, part = str(lane["from_recipe"]), str(lane["to_recipe"]), str(lane["part"])
        daily = self._daily_units(lane)
        fact, (most_kg, most_m3) = self.draft.parts[part], CAPACITY["truck"]
        room = daily * max(fact.mass_kg / most_kg, fact.volume_m3 / most_m3)
        return Rider(str(lane["id"]), (self._site(source), self._site(recipe)), daily, room)

    def _sides(self, crossing: str) -> tuple[str, ...]:
        """Land ports come with both directions, so that a shock can name either."""
        name, here = crossing.split("/")
        port = (read_ports() | read_airports())[name]
        return ("us", port["us_neighbour"].lower()) if port["us_neighbour"] else (here,)

    def _site_row(self, site: str) -> Cells:
        row = self.sites[site]
        wage = self.wages[row["wage_group"]]
        return {
            "id": site,
            "kind": site.split("/")[0],
            "name": row["name"],
            "country": row["country"],
            "region": row["region"],
            "lat_deg": float(row["lat_deg"]),
            "lon_deg": float(row["lon_deg"]),
            "time_zone": row["time_zone"],
            "owner_country": row["owner_country"],
            "currency": currency_of(row["country"]),
            "wage_usd_h": float(wage["wage_usd_h"]),
            "rd_share_pct": float(wage["rd_share_pct"]),
            "basis": "estimate" if row["basis"] == "seen" else row["basis"],  # the wage is the weakest cell
            "range_pct": float(wage["range_pct"]),
            "source": "sites_and_wages",
        }

    def _used_parts(self) -> list[str]:
        return sorted({maker.part for maker in self.draft.makers.values()})

    def _part_rows(self) -> list[Cells]:
        names = (
            "id",
            "name",
            "tier",
            "system",
            "hts_code",
            "unit",
            "part_class",
            "core_class",
            "vehicle_class",
            "mass_kg",
            "volume_m3",
            "basis",
            "range_pct",
            "source",
        )
        return [{name: getattr(self.draft.parts[part], name) for name in names} for part in self._used_parts()]

    def _recipe_rows(self) -> list[Cells]:
        return [self._recipe_row(recipe) for recipe in sorted(self.draft.makers)]

    def _recipe_row(self, recipe: str) -> Cells:
        maker = self.draft.makers[recipe]
        part, country = self.draft.parts[maker.part], self.country[maker.site]
        bought = sum(n.quantity * self.draft.parts[p].unit_cost_usd for p, n in maker.needs.items())
        wage = float(self.wages[self.sites[maker.site]["wage_group"]]["wage_usd_h"])
        labour, overhead, material = split_cost(part, bought, wage)
        lines, work_s = self._lines(recipe)
        return {
            "id": recipe,
            "site": maker.site,
            "part": maker.part,
            "lines": lines,
            "work_s": work_s,
            "calendar": self._calendar(recipe)[0],
            "labour_usd": labour,
            "overhead_usd": overhead,
            "material_usd": material,
            "material_country": material_country(part, country) if material else "",
            **self._metal("steel", part.steel_kg, recipe, STEEL_USD_KG),
            **self._metal("aluminium", part.aluminium_kg, recipe, ALUMINIUM_USD_KG),
            "basis": "estimate" if part.basis in ("seen", "computed", "memory") else part.basis,
            "range_pct": part.range_pct,
            "source": part.source,
        }

    def _metal(self, metal: str, kg: float, recipe: str, usd_kg: float) -> dict[str, object]:
        melted = f"{metal}_melt_country" if metal == "steel" else f"{metal}_smelt_country"
        origin = self._metal_country(metal, recipe) if kg else ""
        return {f"{metal}_usd": round(kg * usd_kg, 4), f"{metal}_kg": kg, melted: origin}

    def _metal_country(self, metal: str, recipe: str) -> str:
        """Country that gives most of a recipe's metal through its inputs; its own where no input holds any."""
        weight: dict[str, float] = defaultdict(float)
        maker = self.draft.makers[recipe]
        for part, need in maker.needs.items():
            kg = getattr(self.draft.parts[part], f"{metal}_kg")
            for source, share in need.sources.items():
                if kg:
                    weight[self._metal_country(metal, source)] += kg * need.quantity * share
        if not weight:
            return self.country[maker.site]
        return max(sorted(weight), key=weight.__getitem__)

    def _lines(self, recipe: str) -> tuple[int, float]:
        """One line per 60 vehicles an hour and per supplier, working at the planned use of its calendar's hours."""
        maker = self.draft.makers[recipe]
        country = self.country[maker.site]
        kind = maker.site.split("/")[0] if country in NORTH_AMERICA else "overseas"
        is_paced = self.layout.keeps_pace and self.draft.parts[maker.part].part_class == "sequenced"
        return 1, work_seconds(kind, self.week[recipe], is_paced=is_paced)

    def _calendar(self, recipe: str) -> tuple[str, str]:
        maker = self.draft.makers[recipe]
        return calendar_of(maker.site, self.sites[maker.site]["time_zone"], self.draft.parts[maker.part].part_class)

    def _calendars(self) -> list[tuple[str, str]]:
        """All calendars and their time zones."""
        makers = self.draft.makers.items()
        return [
            (name, self.sites[maker.site]["time_zone"])
            for recipe, maker in makers
            for name in self._calendar(recipe)
            if name
        ]

    def _input_rows(self) -> list[Cells]:
        rows: list[Cells] = []
        for recipe, maker in sorted(self.draft.makers.items()):
            for part, need in sorted(maker.needs.items()):
                shares = dict(need.sources)
                if self.layout.covers_main_source:
                    shares = {max(sorted(shares), key=shares.__getitem__): 100}
                cover = sum(self._cover_h(source, recipe, part) * share for source, share in shares.items()) / 100
                rows.append({"recipe": recipe, "part": part, "quantity_per": need.quantity, "cover_h": round(cover, 1)})
        return rows

    def _cover_h(self, source: str, recipe: str, part: str) -> float:
        mode = self._mode(source, recipe)
        borders = len(self._ways(self._site(source), self._site(recipe), mode)[0]) - 1
        part_class = self.draft.parts[part].part_class
        country = self.country[self._site(recipe)]
        lean = self.layout.lean_cover_h.get(country, {})
        if part_class in lean and mode != "ocean" and borders <= 1:
            return lean[part_class]
        return cover_hours(part_class, mode, borders, country)

    def _schedule_rows(self) -> list[Cells]:
        return [
            {
                "recipe": recipe,
                "vehicles_per_day": build.vehicles_per_day,
                "lot_units": self.layout.lot_units,
                "overtime_calendar": self._calendar(recipe)[1],
                "msrp_usd": round(self.draft.parts[self.draft.makers[recipe].part].unit_cost_usd * MSRP_FACTOR, 0),
            }
            for recipe, build in sorted(self.draft.builds.items())
        ]

    def _site(self, recipe: str) -> str:
        return self.draft.makers[recipe].site

    def _mode(self, source: str, recipe: str) -> str:
        a, b = self._site(source), self._site(recipe)
        both = {self.country[a], self.country[b]}
        if len(both) == 1:
            return "truck"
        if not both <= NORTH_AMERICA:
            return "ocean"
        is_material = self.draft.parts[self.draft.makers[source].part].part_class == "material"
        return "rail" if is_material and 0 < self.layout.rail_km <= self._road_km(a, b) else "truck"

    def _road_km(self, a: str, b: str) -> float:
        return ROAD_FACTOR * great_circle_km(*self._ends(a, b))

    def _ways(self, a: str, b: str, mode: str, temporary: bool = False) -> list[list[Leg]]:
        key = (a, b, mode)
        if key not in self.routes:
            ports = {name: place(row, name) for name, row in read_ports().items()}
            railway = next((self.layout.railways[x] for x in (a, b) if x in self.layout.railways), "")
            gateways = self.layout.gateways
            ways = routes_between(*self._ends(a, b), mode, ports, temporary, gateways, railway)
            vehicles = self.layout.lot_units // LOT_UNITS if b.startswith("market/") else 1  # railcars or trucks a load
            self.routes[key] = [[replace(leg, cost_usd=leg.cost_usd * vehicles) for leg in way] for way in ways]
        return self.routes[key]

    def _ends(self, a: str, b: str) -> tuple[Place, Place]:
        start, end = (Place(site, self.country[site], *self._position(site)) for site in (a, b))
        return start, end

    def _is_expedited(self, lane: Cells) -> bool:
        """Whether loads of a lane may be expedited: over a border, on trucks of their own; lays the ways."""
        recipe, is_lone = str(lane["to_recipe"]), not lane.get("milk_run")
        if not (recipe and is_lone and lane["mode"] == "truck"):
            return False
        a, b = self._site(str(lane["from_recipe"])), self._site(recipe)
        usual = self._ways(a, b, "truck")
        if self.draft.parts[str(lane["part"])].part_class not in CLASSES or len(usual[0]) == 1:
            return False
        if (a, b, "air") not in self.routes:
            airports = {name: place(row, name) for name, row in read_airports().items()}
            self.routes[a, b, "team_truck"] = [team_way(*self._ends(a, b), way) for way in usual]
            self.routes[a, b, "air"] = [air_way(*self._ends(a, b), airports, usual[0][-2].movement)]
        return True

    def _position(self, site: str) -> tuple[float, float]:
        return float(self.sites[site]["lat_deg"]), float(self.sites[site]["lon_deg"])

    def _lane_rows(self) -> list[Cells]:
        for source, recipe in sorted(self.draft.temporary):  # first, so that their routes say so
            self._ways(self._site(source), self._site(recipe), self._mode(source, recipe), temporary=True)
        rows = [self._lane_row(*lane) for lane in self.lanes]
        for recipe, build in sorted(self.draft.builds.items()):
            rows += [self._market_row(recipe, market, share) for market, share in sorted(build.markets.items())]
        return rows

    def _lane_row(self, source: str, recipe: str, part: str) -> Cells:
        need = self.draft.makers[recipe].needs[part]
        mode = self._mode(source, recipe)
        borders = len(self._ways(self._site(source), self._site(recipe), mode)[0]) - 1
        daily = self._daily_use(recipe, part, need.sources[source])
        return {
            "id": f"{source}..{recipe}",
            "from_recipe": source,
            "to_recipe": recipe,
            "to_site": self._site(recipe),
            "part": part,
            "share_pct": need.sources[source],
            "load_units": load_units(self.draft.parts[part], mode, daily, self.layout.often_days),
            "mode": mode,
            "fast_pct": FAST_PCT if mode == "truck" and borders else 0.0,
            "importer_country_use": "production",
            "basis": "estimate",
            "range_pct": 50.0,
            "source": self.told.get(f"{source}..{recipe}", "sourcing"),
        }

    def _market_row(self, recipe: str, market: str, share: int) -> Cells:
        usual = "truck" if self.country[self._site(recipe)] == self.country[market] else "rail"
        mode = self.draft.builds[recipe].modes.get(market, usual)
        self._ways(self._site(recipe), market, mode)
        return {
            "id": f"{recipe}..{market}",
            "from_recipe": recipe,
            "to_recipe": "",
            "to_site": market,
            "part": self.draft.makers[recipe].part,
            "share_pct": share,
            "load_units": self.layout.lot_units,
            "mode": mode,
            "fast_pct": 0.0,
            "importer_country_use": "sale",
            "basis": "estimate",
            "range_pct": 30.0,
            "source": "markets",
        }

    def _route_rows(self) -> list[Cells]:
        rows: list[Cells] = []
        for (a, b, mode), ways in sorted(self.routes.items()):
            for alternative, legs in enumerate(ways):
                told = {
                    "basis": "assumption",
                    "range_pct": 50.0 if mode in LEAST_SHARE else 30.0,
                    "source": "expediting" if mode in LEAST_SHARE else "routes",
                }
                rows += [{**step_cells(a, b, mode, alternative, n, leg), **told} for n, leg in enumerate(legs)]
        return rows


def load_units(part: PartFact | Part, mode: str, daily: float, often_days: float = math.inf) -> int:
    """Units of a load: what a trailer or container holds, or so many days' use if that is less.

    Parameters
    ----------
    part : PartFact
    mode : str
        ``truck``, ``rail`` or ``ocean``.
    daily : float
        Units that the lane carries on a working day.
    often_days : float
        Days' use that a truck of just-in-time or powertrain parts holds at most, where that is less.
    """
    most_kg, most_m3 = CAPACITY[mode]
    is_small = mode == "truck" and (part.tier > 1 or part.part_class == "small")
    days = SMALL_DAYS_PER_LOAD if is_small else DAYS_PER_LOAD[mode]
    if mode == "truck" and part.part_class in ("just_in_time", "powertrain"):
        days = min(days, often_days)
    return max(1, math.floor(min(most_kg / part.mass_kg, most_m3 / part.volume_m3, days * daily)))


def split_cost(part: PartFact, bought_usd: float, wage_usd_h: float) -> tuple[float, float, float]:
    """Labour, overhead and bought materials of one unit of a part, in USD, where its inputs cost `bought_usd`.

    Raises
    ------
    ValueError
        The inputs leave too little for labour.
    """
    own = part.unit_cost_usd - bought_usd
    full_labour = part.unit_cost_usd * part.labour_pct / 100
    labour = full_labour * (LOW_WAGE_PART if wage_usd_h < LOW_WAGE_USD_H else 1.0)
    overhead = part.unit_cost_usd * part.overhead_pct / 100 + full_labour - labour
    overhead = min(overhead, own - labour)
    material = own - labour - overhead
    if overhead < 0 or material < -1e-9:
        raise ValueError(f"{part.id}: inputs of {bought_usd:.2f} leave {own:.2f} for labour of {labour:.2f}")
    return round(labour, 6), round(overhead, 6), round(material, 6) if material > 5e-5 else 0.0


def material_country(part: PartFact, country: str) -> str:
    """Where the materials come from that a part's maker buys and the network does not follow.

    Assumption: overseas for families of which a quarter or more is made overseas; else works in Mexico and
    Canada buy them in the United States (54 % of Mexico's parts imports, seen), other works at home.
    """
    if country not in NORTH_AMERICA or part.system == "material":
        return country
    return part.material_from or "US"
