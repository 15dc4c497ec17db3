"""From a shape and a seed to the tables of a network: balanced so that lines have time and booths suffice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from sim.currency import currency_of
from sim.errors import NetworkError
from sim.network.build.cover import BORDER_COVER_H, COVER_H, OCEAN_COVER_H
from sim.network.build.crossings import crossing_row
from sim.network.build.draft import Draft
from sim.network.build.facts import read_border_process, read_ports, read_wages
from sim.network.build.finish import (
    ALUMINIUM_USD_KG,
    MSRP_FACTOR,
    STEEL_USD_KG,
    load_units,
    material_country,
    split_cost,
)
from sim.network.build.geography import Leg
from sim.network.build.layout import LOT_UNITS
from sim.network.build.milk import Rider, departure_rows, share_out
from sim.network.build.steps import step_cells
from sim.network.build.tables import Cells
from sim.network.capacity import CAPACITY
from sim.network.generate.bill import SOURCE, Bill, Drafter
from sim.network.generate.booths import booths_for
from sim.network.generate.draws import Draws
from sim.network.generate.milk import departures
from sim.network.generate.places import NIGHT_REST_H, Ground, in_north_america, land_ports, port_places, settle
from sim.network.generate.shape import MOST_LANES, Shape
from sim.network.generate.supply import Supplier, temporary_sites
from sim.network.generate.ways import Ways, mode_between
from sim.network.milk_runs import trucks_per_week
from sim.streams import Streams

TOLD: Mapping[str, object] = {"basis": "assumption", "range_pct": 30.0, "source": SOURCE}
# Hours of a working day, and the days of the week on which they are worked.
SHIFTS = {
    "two_shifts": (((6.0, 14.0), (14.0, 22.0)), range(5)),
    "late_shifts": (((7.0, 15.0), (15.5, 23.5)), range(5)),
    "six_days": (((0.0, 24.0),), range(6)),
    "five_days": (((0.0, 24.0),), range(5)),
    "two_shifts_six_days": (((6.0, 14.0), (14.0, 22.0)), range(6)),
}
OVERTIME = {"two_shifts": "saturday_two_shifts", "late_shifts": "saturday_late_shifts"}
# Assumption: planned use of the lines' hours, in percent.
USE_PCT = {"two_shifts": 80.0, "late_shifts": 80.0, "six_days": 75.0, "five_days": 70.0, "two_shifts_six_days": 60.0}
OVERSEAS_USE_PCT = 40.0  # assumption, as in the reference networks: large loads, made in time
TWO_LINES_FROM = 3  # assumption: recipes that feed so many others have two lines, each half as fast
FAST_PCT = 50.0  # assumption: of own loads and of everybody else's, so that booths of both classes suffice
RAIL_CHANCE = 0.5  # assumption: part of the material lanes over a border that go by rail
LEAST_COVER_H = 12.0  # assumption: works are shared more than real ones, so that nothing comes in sequence
RAIL_COVER_H = 24.0  # assumption: trains come when they come
RESTING_COVER_H = 16.0  # assumption: added where a maker rests at night


def generate(shape: Shape, seed: int) -> dict[str, list[Cells]]:
    """Make a network of a shape.

    Parameters
    ----------
    shape : Shape
    seed : int
        0 or more. The same shape and seed give the same rows; another seed gives another network of the shape.

    Returns
    -------
    dict of str to list of mapping
        Rows by file name, as `sim.network.schema` has them.

    Raises
    ------
    NetworkError
        The seed is negative, the shape comes to more lanes than a network may have, or to more traffic than the
        booths of a port can pass.

    Examples
    --------
    >>> tables = generate(Shape(plants=2, parts=10), seed=1)
    >>> len(tables["recipes.csv"])
    27
    """
    if seed < 0:
        raise NetworkError("generated network", [f"seed: {seed} is negative. Write a whole number of 0 or more."])
    return Maker(shape, seed).tables()


class Maker:
    """Draws a network of a shape, stage by stage, and writes its rows."""

    def __init__(self, shape: Shape, seed: int) -> None:
        self.streams = streams = Streams(seed, 0)
        self.shape = shape
        self.title = f"Generated: {shape.plants} plants, {shape.parts} parts in {shape.tiers} tiers, seed {seed}"
        self.wages = read_wages()
        self.grounds = settle(shape, streams)
        self.bill: Bill = Drafter(shape, streams).draft()
        _require_size(shape.plants * len(self.bill.tiers[0]))  # at least; the rest takes long to draw
        self.draft: Draft = Supplier(shape, self.bill, self.grounds, streams).draft_supply()
        self.lanes_from = Counter(source for maker in self.draft.makers.values() for source in maker.sources())
        markets = sum(len(build.markets) for build in self.draft.builds.values())
        _require_size(self.lanes_from.total() + markets)
        self.week = self.draft.weekly_units()
        self.land = land_ports(shape)
        sites = {name: ground.place for name, ground in self.grounds.items()}
        temporary = temporary_sites(self.grounds, streams)
        self.ways = Ways(sites, port_places(self.land), self.land, temporary, streams)
        self.rail = Draws(streams, "lanes/rail")
        self.own_week: dict[str, float] = defaultdict(float)  # own trucks by crossing, on usual routes

    def tables(self) -> dict[str, list[Cells]]:
        """Every table; lanes before routes, and routes before the crossings that they use."""
        lanes = list(self._lane_rows())
        run_rows = self._milk_runs(lanes) if self.shape.milk_runs else []
        tables: dict[str, list[Cells]] = {
            "network.csv": [{"title": self.title}],
            "sites.csv": [self._site_row(ground) for ground in self._used_grounds()],
            "parts.csv": list(self._part_rows()),
            "recipes.csv": [self._recipe_row(recipe) for recipe in sorted(self.draft.makers)],
            "inputs.csv": list(self._input_rows(lanes)),
            "schedules.csv": [self._schedule_row(recipe) for recipe in sorted(self.draft.builds)],
            "lanes.csv": lanes,
            "routes.csv": list(self._route_rows()),
            "crossings.csv": list(self._crossing_rows()),
            "calendars.csv": list(self._calendar_rows()),
        }
        return tables | ({"milk_runs.csv": run_rows} if run_rows else {})

    def _used_grounds(self) -> list[Ground]:
        used = {maker.site for maker in self.draft.makers.values()}
        used |= {market for build in self.draft.builds.values() for market in build.markets}
        return [self.grounds[site] for site in sorted(used)]

    def _site_row(self, ground: Ground) -> Cells:
        wage = self.wages[ground.wage_group]
        return {
            "id": ground.id,
            "kind": ground.kind,
            "name": ground.name,
            "country": ground.country,
            "region": ground.region,
            "lat_deg": ground.lat_deg,
            "lon_deg": ground.lon_deg,
            "time_zone": ground.time_zone,
            "owner_country": ground.owner_country,
            "currency": currency_of(ground.country),
            "wage_usd_h": float(wage["wage_usd_h"]),
            "rd_share_pct": float(wage["rd_share_pct"]),
            **TOLD,
        }

    def _part_rows(self) -> Iterator[Cells]:
        plain = ("id", "name", "tier", "system", "hts_code", "unit", "part_class", "core_class", "vehicle_class")
        for part in sorted({maker.part for maker in self.draft.makers.values()}):
            fact = self.bill.parts[part]
            yield {name: getattr(fact, name) for name in (*plain, "mass_kg", "volume_m3")} | dict(TOLD)

    def _recipe_row(self, recipe: str) -> Cells:
        maker = self.draft.makers[recipe]
        part, ground = self.bill.parts[maker.part], self.grounds[maker.site]
        bought = self.bill.bought_usd(maker.part) if maker.needs else 0.0
        labour, overhead, material = split_cost(part, bought, float(self.wages[ground.wage_group]["wage_usd_h"]))
        lines = 2 if self.lanes_from[recipe] >= TWO_LINES_FROM else 1
        hours, days = SHIFTS[ground.rhythm]
        use_pct = USE_PCT[ground.rhythm] if in_north_america(ground) else OVERSEAS_USE_PCT
        work_h = len(days) * sum(closes - opens for opens, closes in hours) * use_pct / 100
        return {
            "id": recipe,
            "site": maker.site,
            "part": maker.part,
            "lines": lines,
            "work_s": float(f"{lines * work_h * 3600 / self.week[recipe]:.6g}"),
            "calendar": _calendar(ground.rhythm, ground),
            "labour_usd": labour,
            "overhead_usd": overhead,
            "material_usd": material,
            "material_country": material_country(part, ground.country) if material else "",
            "steel_usd": round(part.steel_kg * STEEL_USD_KG, 6),
            "steel_kg": part.steel_kg,
            "steel_melt_country": ground.country if part.steel_kg else "",
            "aluminium_usd": round(part.aluminium_kg * ALUMINIUM_USD_KG, 6),
            "aluminium_kg": part.aluminium_kg,
            "aluminium_smelt_country": ground.country if part.aluminium_kg else "",
            **TOLD,
        }

    def _schedule_row(self, recipe: str) -> Cells:
        fact, ground = self.bill.parts[self.draft.makers[recipe].part], self._ground(recipe)
        return {
            "recipe": recipe,
            "vehicles_per_day": self.shape.vehicles_per_day,
            "lot_units": self._lot(),
            "overtime_calendar": _calendar(OVERTIME[ground.rhythm], ground),
            "msrp_usd": round(fact.unit_cost_usd * MSRP_FACTOR, 0),
        }

    def _lot(self) -> int:
        return min(LOT_UNITS, self.shape.vehicles_per_day)

    def _lane_rows(self) -> Iterator[Cells]:
        for recipe, maker in sorted(self.draft.makers.items()):
            for part, need in sorted(maker.needs.items()):
                for source, share in sorted(need.sources.items()):
                    yield self._lane_row(source, recipe, part, share)
        for recipe, build in sorted(self.draft.builds.items()):
            for market, share in sorted(build.markets.items()):
                yield self._market_row(recipe, market, share)

    def _lane_row(self, source: str, recipe: str, part: str, share: int) -> Cells:
        fact, start, end = self.bill.parts[part], self._ground(source), self._ground(recipe)
        by_rail = fact.part_class == "material" and self.rail.happens(RAIL_CHANCE)
        mode = mode_between(start.country, end.country, by_rail)
        week = self.week[recipe] * self.draft.makers[recipe].needs[part].quantity * share / 100
        units = load_units(fact, mode, week / 5)
        borders = self._count(start.id, end.id, mode, week / units)
        return {
            "id": f"{source}..{recipe}",
            "from_recipe": source,
            "to_recipe": recipe,
            "to_site": end.id,
            "part": part,
            "share_pct": share,
            "load_units": units,
            "mode": mode,
            "fast_pct": FAST_PCT if mode == "truck" and borders else 0.0,
            "importer_country_use": "production",
            **TOLD,
        }

    def _milk_runs(self, lanes: list[Cells]) -> list[Cells]:
        """Rows of milk runs; the lanes that ride are told so in their rows, have smaller loads, and share trucks."""
        rows = {str(lane["id"]): number for number, lane in enumerate(lanes)}
        told: list[Cells] = []
        runs = share_out([self._rider(lane) for lane in lanes if lane["mode"] == "truck" and lane["to_recipe"]])
        for name, riders in runs.items():
            start, end = riders[0].sites
            run = departures(name, self.grounds[start].time_zone, self.streams)
            told += departure_rows(run, TOLD)
            loads = 0.0
            for rider in riders:
                lane = lanes[rows[rider.lane]]
                units = min(int(str(lane["load_units"])), rider.load_units)
                lanes[rows[rider.lane]] = {**lane, "load_units": units, "milk_run": name}
                loads += 5 * rider.daily / units
                self._count(start, end, "truck", -5 * rider.daily / int(str(lane["load_units"])))
            self._count(start, end, "truck", trucks_per_week(run, loads))
        return told

    def _rider(self, lane: Cells) -> Rider:
        source, recipe, part = str(lane["from_recipe"]), str(lane["to_recipe"]), str(lane["part"])
        quantity = self.draft.makers[recipe].needs[part].quantity
        daily = self.week[recipe] * quantity * float(str(lane["share_pct"])) / 100 / 5
        fact, (most_kg, most_m3) = self.bill.parts[part], CAPACITY["truck"]
        room = daily * max(fact.mass_kg / most_kg, fact.volume_m3 / most_m3)
        return Rider(str(lane["id"]), (self._ground(source).id, self._ground(recipe).id), daily, room)

    def _market_row(self, recipe: str, market: str, share: int) -> Cells:
        start, end = self._ground(recipe), self.grounds[market]
        mode = mode_between(start.country, end.country, True)
        self._count(start.id, market, mode, self.week[recipe] * share / 100 / self._lot())
        return {
            "id": f"{recipe}..{market}",
            "from_recipe": recipe,
            "to_recipe": "",
            "to_site": market,
            "part": self.draft.makers[recipe].part,
            "share_pct": share,
            "load_units": self._lot(),
            "mode": mode,
            "fast_pct": 0.0,
            "importer_country_use": "sale",
            **TOLD,
        }

    def _count(self, a: str, b: str, mode: str, loads: float) -> int:
        """Add the trucks of a week to what passes each crossing of the usual route; how many crossings it has."""
        crossings = [leg.crossing for leg in self.ways.between(a, b, mode)[0] if leg.crossing]
        for crossing in crossings:
            self.own_week[crossing] += loads
        return len(crossings)

    def _ground(self, recipe: str) -> Ground:
        return self.grounds[self.draft.makers[recipe].site]

    def _input_rows(self, lanes: list[Cells]) -> Iterator[Cells]:
        """Quantities, and the cover that the slowest and least sure of a stock's lanes needs."""
        cover: dict[tuple[str, str], float] = defaultdict(float)
        for lane in lanes:
            source, recipe, part = str(lane["from_recipe"]), str(lane["to_recipe"]), str(lane["part"])
            if recipe:
                hours = self._cover_h(source, recipe, part, str(lane["mode"]))
                cover[recipe, part] = max(cover[recipe, part], hours)
        for (recipe, part), hours in sorted(cover.items()):
            quantity = self.draft.makers[recipe].needs[part].quantity
            yield {"recipe": recipe, "part": part, "quantity_per": quantity, "cover_h": hours}

    def _cover_h(self, source: str, recipe: str, part: str, mode: str) -> float:
        start, end = self._ground(source), self._ground(recipe)
        usual = self.ways.between(start.id, end.id, mode)[0]
        hours = max(LEAST_COVER_H, COVER_H[self.bill.parts[part].part_class], BORDER_COVER_H[len(usual) - 1])
        if mode == "ocean":
            hours = OCEAN_COVER_H
        if mode == "rail":
            hours = max(hours, RAIL_COVER_H)
        if any(self._rests(leg) for leg in usual):
            hours += NIGHT_REST_H
        return hours + (RESTING_COVER_H if start.rhythm == "two_shifts_six_days" else 0.0)

    def _rests(self, leg: Leg) -> bool:
        port = self.land.get(leg.crossing.split("/")[0])
        return port is not None and port["close_hour"] != "24"

    def _route_rows(self) -> Iterator[Cells]:
        for (a, b, mode), ways in sorted(self.ways.routes.items()):
            for alternative, legs in enumerate(ways):
                for number, leg in enumerate(legs):
                    yield {**step_cells(a, b, mode, alternative, number, leg), **TOLD}

    def _crossing_rows(self) -> Iterator[Cells]:
        """Ports with booths in both directions; of the others, what the routes use."""
        process, delays = read_border_process(), read_ports()
        for name, port in self.land.items():
            for country in ("US", port["us_neighbour"]):
                row = crossing_row(port, country, process)
                own_week = self.own_week[f"{name}/{country.lower()}"]
                yield {**row, **booths_for(row, self.shape.background, own_week, FAST_PCT), **TOLD}
        for crossing in sorted(self.own_week):
            name, country = crossing.split("/")
            if name not in self.land:
                yield {**crossing_row(delays[name], country.upper(), process), **TOLD}

    def _calendar_rows(self) -> Iterator[Cells]:
        wanted = {(ground.rhythm, ground.time_zone) for ground in self._used_grounds() if ground.rhythm}
        for rhythm, zone in sorted(wanted):
            hours, days = SHIFTS[rhythm]
            names = [(rhythm, day) for day in days]
            if rhythm in OVERTIME:
                names.append((OVERTIME[rhythm], 5))
            for name, day in names:
                for opens, closes in hours:
                    row = {"id": f"{name}_{_slug(zone)}", "time_zone": zone, "weekday": day}
                    yield row | {"from_hour": opens, "to_hour": closes}


def _require_size(lanes: int) -> None:
    if lanes > MOST_LANES:
        problem = f"comes to {lanes:,} lanes or more; at most {MOST_LANES:,} are allowed."
        raise NetworkError("generated network", [f"{problem} Ask for fewer plants or parts."])


def _calendar(rhythm: str, ground: Ground) -> str:
    return f"{rhythm}_{_slug(ground.time_zone)}"


def _slug(zone: str) -> str:
    return zone.split("/")[-1].lower()
