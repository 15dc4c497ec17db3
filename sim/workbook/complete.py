"""From the short form to all tables of a network: what is not written comes from the default network or is assumed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sim.errors import Problem, nearest
from sim.network import Network, load_network
from sim.network.build.cover import cover_hours
from sim.network.build.crossings import crossing_rows
from sim.network.build.facts import place, read_ports
from sim.network.build.finish import FAST_PCT, MSRP_FACTOR, load_units
from sim.network.build.geography import NORTH_AMERICA, Leg, Place, great_circle_km, routes_between
from sim.network.build.steps import step_cells
from sim.network.build.tables import Cells
from sim.network.build.traffic import season_rows, traffic_rows
from sim.network.build.working_times import calendar_of, calendar_rows, shutdown_rows, work_seconds
from sim.network.model import Evidence, Part, Site
from sim.workbook.short import Line, Lines

MODEL = "midsize"  # whose sites and parts fill in what is not written
LABOUR_PCT, OVERHEAD_PCT = 25.0, 25.0  # assumption: of what a maker adds; the rest is material bought
LOT_UNITS = 10  # assumption: vehicles of a lot, as in the default network
RANGE_PCT = 50.0  # assumption: how far filled-in figures may be off
DAYS_A_WEEK = 5  # assumption: plants build on so many, as in the default network
# Class, core class, kg, m3 and system of a part.
UNLIKE_ANY = ("small", "none", 5.0, 0.02, "other")  # assumption: of a heading that the default network does not know
VEHICLE = ("vehicle", "vehicle", 1_800.0, 12.0, "vehicle")  # assumption: mass and room of a passenger car
EVIDENCE = {"basis": "assumption", "range_pct": RANGE_PCT, "source": "workbook"}
_CURRENCY = {"US": "USD", "CA": "CAD", "MX": "MXN"}


@dataclass
class Filled:
    """Tables of a network, what was assumed for them (each once), and what is wrong."""

    tables: dict[str, list[Cells]] = field(default_factory=dict)
    assumed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    problems: list[Problem] = field(default_factory=list)

    def assume(self, what: str, where: str) -> None:
        """Note that something was filled in."""
        self.assumed[what].append(where)


class Completer:
    """Fills in a network from its short form."""

    def __init__(self, lines: Lines, title: str) -> None:
        self.lines = lines
        self.title = title
        self.out = Filled()
        self.model = _model()
        self.sites = {line.text("id"): line for line in lines["sites"]}
        self.parts = {line.text("id"): line for line in lines["parts"]}
        self.bill: dict[str, dict[str, Line]] = defaultdict(dict)
        for line in lines["bill"]:
            self.bill[line.text("part")][line.text("input")] = line
        self.vehicles = {f"{x.text('site')}/{x.text('part')}": x for x in lines["vehicles"]}
        self.routes: dict[tuple[str, str, str], list[list[Leg]]] = {}
        self.ports = {name: place(row, name) for name, row in read_ports().items()}

    def complete(self) -> Filled:
        """All tables; or, where names do not fit together, the problems alone."""
        self._check_names()
        if self.out.problems:
            return self.out
        links = self._links()
        self._check_supply(links)
        if self.out.problems:
            return self.out
        week = self._week(links)
        tables = self.out.tables
        tables["network.csv"] = [{"title": self.title}]
        tables["sites.csv"] = [self._site(line) for line in self.sites.values()]
        tables["parts.csv"] = [self._part(line) for line in self.parts.values()]
        tables["recipes.csv"] = [self._recipe(recipe, week[recipe]) for recipe in sorted(week)]
        tables["lanes.csv"] = [self._lane(source, to, line, share, week) for source, to, line, share in links]
        tables["inputs.csv"] = self._inputs(links, week)
        tables["schedules.csv"] = [self._schedule(recipe, line) for recipe, line in self.vehicles.items()]
        tables["routes.csv"] = [row for key, ways in sorted(self.routes.items()) for row in _route_rows(key, ways)]
        used = sorted({leg.crossing for ways in self.routes.values() for way in ways for leg in way if leg.crossing})
        sides = sorted({f"{name}/{side}" for name, here in (x.split("/") for x in used) for side in _sides(name, here)})
        tables["crossings.csv"] = crossing_rows(sides, self._loads_a_day(links, week))
        calendars = [(name, self._zone(_site_of(r))) for r in week for name in self._calendar(r) if name]
        tables["calendars.csv"] = calendar_rows(calendars)
        for file, rows in (
            ("shutdowns.csv", shutdown_rows(calendars)),
            ("traffic.csv", list(traffic_rows(sides))),
            ("seasons.csv", list(season_rows(sides))),
        ):
            if rows:
                tables[file] = rows
        self.out.assume(
            "ports on the way, their booths and traffic: as in the default network", f"{len(sides)} crossings"
        )
        self.out.assume("distance, hours and freight: from great circles", f"{len(self.routes)} ways")
        self.out.assume(
            "working hours: two shifts in plants, six days elsewhere, with the usual shutdowns", "all sites"
        )
        return self.out

    def _check_names(self) -> None:
        checks = (
            ("bill", "part", self.parts), ("bill", "input", self.parts), ("lanes", "part", self.parts),
            ("lanes", "from_site", self.sites), ("lanes", "to_site", self.sites),
            ("vehicles", "site", self.sites), ("vehicles", "part", self.parts),
        )  # fmt: skip
        for sheet, column, known in checks:
            for line in self.lines[sheet]:
                name = line.text(column)
                if name not in known:
                    near = nearest(name, known, column.replace("_site", "") + "s")
                    self.out.problems.append(
                        Problem(f"{line.where}, column {column}", f"'{name}' is in no sheet. {near}")
                    )

    def _links(self) -> list[tuple[str, str, Line, float]]:
        """Supplier recipe, consumer recipe or market, its line, and its share in percent."""
        makers = {f"{x.text('from_site')}/{x.text('part')}" for x in self.lines["lanes"]} | set(self.vehicles)
        found: list[tuple[str, str, Line]] = []
        for line in self.lines["lanes"]:
            source, to, part = f"{line.text('from_site')}/{line.text('part')}", line.text("to_site"), line.text("part")
            if to.startswith("market/"):
                if source not in self.vehicles:
                    near = nearest(source, self.vehicles, "vehicles")
                    message = f"'{source}' goes to a market, and only vehicles do. {near}"
                    self.out.problems.append(Problem(f"{line.where}, column part", message))
                found.append((source, to, line))
                continue
            users = [m for m in sorted(makers) if _site_of(m) == to and part in self.bill[_part_of(m)]]
            if not users:
                message = (
                    f"nothing made at '{to}' uses '{part}'. Add its use to the sheet 'bill', or the maker's own lane."
                )
                self.out.problems.append(Problem(line.where, message))
            found += [(source, user, line) for user in users]
        groups: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for source, to, line in found:
            groups[_group(source, to)].append(line)
        shared = []
        for source, to, line in found:
            own = groups[_group(source, to)]
            written = [x for x in own if "share_pct" in x.cells]
            left = 100 - sum(x.number("share_pct", 0) for x in written)
            share = line.number("share_pct", left / max(1, len(own) - len(written)))
            if "share_pct" not in line.cells and len(own) > 1:
                self.out.assume("shares of several sources or markets: what is left, in equal parts", line.where)
            shared.append((source, to, line, round(share, 9)))
        return shared

    def _check_supply(self, links: list[tuple[str, str, Line, float]]) -> None:
        supplied = {(to, line.text("part")) for _, to, line, _ in links}
        made = {source for source, _, _, _ in links} | set(self.vehicles)
        for recipe in sorted(made):
            for part in self.bill[_part_of(recipe)]:
                if (recipe, part) not in supplied:
                    message = f"'{recipe}' uses '{part}', which no lane brings to '{_site_of(recipe)}'. Add the lane."
                    self.out.problems.append(Problem("lanes", message))
        for vehicle, line in self.vehicles.items():
            if not any(source == vehicle for source, _, _, _ in links):
                self.out.problems.append(
                    Problem(line.where, "no lane brings this vehicle to a market. Add one or more.")
                )

    def _week(self, links: list[tuple[str, str, Line, float]]) -> dict[str, float]:
        """Units a week of every recipe, from the vehicles down."""
        week: dict[str, float] = {
            name: float(DAYS_A_WEEK) * line.number("vehicles_per_day", 0) for name, line in self.vehicles.items()
        }
        left = sorted(links, key=lambda link: self._tier(_part_of(link[0])))
        for source, to, line, share in left:
            if not to.startswith("market/"):
                quantity = self.bill[_part_of(to)][line.text("part")].number("quantity_per", 1)
                week[source] = week.get(source, 0.0) + week.get(to, 0.0) * quantity * share / 100
        return {name: units for name, units in week.items() if units > 0}

    def _tier(self, part: str, below: tuple[str, ...] = ()) -> int:
        users = [made for made, inputs in self.bill.items() if part in inputs and made not in below]
        return 0 if not users else 1 + max(self._tier(user, (*below, part)) for user in users)

    def _like(self, line: Line) -> Site:
        """The nearest site of the default network in the same country, of the same kind if there is one."""
        kind, country = line.text("id").split("/")[0], line.text("country")
        here = Place("", country, line.number("lat_deg", 0), line.number("lon_deg", 0))
        known = [s for s in self.model.sites.values() if s.country == country] or list(self.model.sites.values())
        best = [s for s in known if s.kind == kind] or known
        return min(best, key=lambda s: great_circle_km(here, Place("", s.country, s.lat_deg, s.lon_deg)))

    def _zone(self, site: str) -> str:
        line = self.sites[site]
        return line.text("time_zone") or self._like(line).time_zone

    def _site(self, line: Line) -> Cells:
        like, id_ = self._like(line), line.text("id")
        for name in ("region", "time_zone", "wage_usd_h"):
            if name not in line.cells:
                self.out.assume(
                    f"{name.replace('_', ' ')} of a site: as of the nearest one of the default network", id_
                )
        return {
            "id": id_,
            "kind": id_.split("/")[0],
            "name": line.text("name", id_.split("/")[1].replace("_", " ").title()),
            "country": line.text("country"),
            "region": line.text("region", like.region),
            "lat_deg": line.number("lat_deg", 0),
            "lon_deg": line.number("lon_deg", 0),
            "time_zone": self._zone(id_),
            "owner_country": line.text("owner_country", line.text("country")),
            "currency": _CURRENCY.get(line.text("country"), like.currency),
            "wage_usd_h": line.number("wage_usd_h", like.wage_usd_h),
            "rd_share_pct": 0.0,
            **EVIDENCE,
        }

    def _part_like(self, line: Line) -> Part | None:
        code = line.text("hts_code")
        return next((p for p in self.model.parts.values() if p.hts_code[:7] == code[:7]), None)

    def _part(self, line: Line) -> Cells:
        like, id_ = self._part_like(line), line.text("id")
        tier = self._tier(id_)
        is_vehicle = any(_part_of(vehicle) == id_ for vehicle in self.vehicles)
        if not {"mass_kg", "volume_m3", "part_class", "core_class"} <= set(line.cells) and not is_vehicle:
            told = "as one of the same heading of the default network"
            if like is None:
                told = f"{UNLIKE_ANY[2]:g} kg, {UNLIKE_ANY[3]:g} m3, small, no core part"
            self.out.assume(f"mass, volume and class of a part: {told}", id_)
        usual = UNLIKE_ANY if like is None else (
            like.part_class, like.core_class, like.mass_kg, like.volume_m3, like.system
        )  # fmt: skip
        if is_vehicle:
            usual = VEHICLE
        return {
            "id": id_,
            "name": line.text("name", id_.replace("_", " ").capitalize()),
            "tier": min(9, tier),
            "system": line.text("system", usual[4]),
            "hts_code": line.text("hts_code"),
            "unit": "piece",
            "part_class": line.text("part_class", usual[0]),
            "core_class": line.text("core_class", usual[1]),
            "vehicle_class": line.text("vehicle_class", "passenger") if is_vehicle else "",
            "mass_kg": line.number("mass_kg", usual[2]),
            "volume_m3": line.number("volume_m3", usual[3]),
            **EVIDENCE,
        }

    def _recipe(self, recipe: str, weekly: float) -> Cells:
        site, part = _site_of(recipe), _part_of(recipe)
        line, country = self.parts[part], self.sites[site].text("country")
        bought = sum(
            x.number("quantity_per", 1) * self.parts[n].number("cost_usd", 0) for n, x in self.bill[part].items()
        )
        own = line.number("cost_usd", 0) - bought
        if own <= 0:
            message = f"costs {line.number('cost_usd', 0):g} USD, but its inputs cost {bought:g}. Raise cost_usd."
            self.out.problems.append(Problem(line.where, message))
        labour_pct, overhead_pct = self._labour_and_overhead(recipe, line)
        labour, overhead = own * labour_pct / 100, own * overhead_pct / 100
        material = max(0.0, round(own - labour - overhead, 6))
        kind = site.split("/")[0] if country in NORTH_AMERICA else "overseas"
        return {
            "id": recipe,
            "site": site,
            "part": part,
            "lines": 1,
            "work_s": work_seconds(kind, weekly),
            "calendar": self._calendar(recipe)[0],
            "labour_usd": round(labour, 6),
            "overhead_usd": round(overhead, 6),
            "material_usd": material,
            "material_country": line.text("material_country", country) if material else "",
            **dict.fromkeys(("steel_usd", "steel_kg", "aluminium_usd", "aluminium_kg"), 0.0),
            "steel_melt_country": "",
            "aluminium_smelt_country": "",
            **EVIDENCE,
        }

    def _labour_and_overhead(self, recipe: str, line: Line) -> tuple[float, float]:
        """Percent of what the maker adds; the rest is material."""
        usual = {"labour": LABOUR_PCT, "overhead": OVERHEAD_PCT}
        missing = [name for name in usual if f"{name}_pct" not in line.cells]
        if len(missing) == 2:
            told = f"labour and overhead: {LABOUR_PCT:g} % each of what a maker adds, the rest material"
            self.out.assume(told, recipe)
        elif missing:
            self.out.assume(f"{missing[0]}: {usual[missing[0]]:g} % of what a maker adds", recipe)
        labour, overhead = (line.number(f"{name}_pct", value) for name, value in usual.items())
        if labour + overhead > 100:
            words = [
                f"{name}_pct {value:g}{' (assumed)' if name in missing else ''}"
                for name, value in zip(usual, (labour, overhead), strict=True)
            ]
            message = f"{' and '.join(words)} are more than all a maker adds. Write 100 together at most."
            self.out.problems.append(Problem(line.where, message))
        return labour, overhead

    def _calendar(self, recipe: str) -> tuple[str, str]:
        return calendar_of(_site_of(recipe), self._zone(_site_of(recipe)), str(self._part_class(_part_of(recipe))))

    def _part_class(self, part: str) -> str:
        like = self._part_like(self.parts[part])
        return self.parts[part].text("part_class", like.part_class if like else "small")

    def _lane(self, source: str, to: str, line: Line, share: float, week: dict[str, float]) -> Cells:
        is_market, part = to.startswith("market/"), line.text("part")
        site = to if is_market else _site_of(to)
        mode = self._mode(source, site, line)
        borders = len(self._ways(_site_of(source), site, mode)[0]) - 1
        units = LOT_UNITS if is_market else self._load(part, to, mode, share, week)
        if is_market:
            units = int(self.vehicles[source].number("lot_units", LOT_UNITS))
        return {
            "id": f"{source}..{to}",
            "from_recipe": source,
            "to_recipe": "" if is_market else to,
            "to_site": site,
            "part": part,
            "share_pct": share,
            "load_units": int(line.number("load_units", units)),
            "mode": mode,
            "fast_pct": line.number("fast_pct", FAST_PCT if mode == "truck" and borders and not is_market else 0.0),
            "importer_country_use": "sale" if is_market else "production",
            **EVIDENCE,
        }

    def _loads_a_day(self, links: list[tuple[str, str, Line, float]], week: dict[str, float]) -> dict[str, float]:
        """Own loads over each crossing on a working day, by the usual ways."""
        rows = {str(row["id"]): row for row in self.out.tables["lanes.csv"]}
        found: dict[str, float] = defaultdict(float)
        for source, to, line, share in links:
            row = rows[f"{source}..{to}"]
            use = self.bill[_part_of(to)][line.text("part")].number("quantity_per", 1) * week[to] if to in week else 0.0
            units = (use or week.get(source, 0.0)) * share / 100 / DAYS_A_WEEK
            ways = self._ways(_site_of(source), str(row["to_site"]), str(row["mode"]))
            for leg in ways[0]:
                if leg.crossing:
                    found[leg.crossing] += units / float(str(row["load_units"]))
        return found

    def _load(self, part: str, to: str, mode: str, share: float, week: dict[str, float]) -> int:
        quantity = self.bill[_part_of(to)][part].number("quantity_per", 1)
        row = next(r for r in self.out.tables["parts.csv"] if r["id"] == part)
        return load_units(_sized(row), mode, week[to] * quantity * share / 100 / DAYS_A_WEEK)

    def _mode(self, source: str, site: str, line: Line) -> str:
        ends = {self.sites[_site_of(source)].text("country"), self.sites[site].text("country")}
        return line.text("mode") or ("truck" if ends <= NORTH_AMERICA else "ocean")

    def _ways(self, a: str, b: str, mode: str) -> list[list[Leg]]:
        if (a, b, mode) not in self.routes:
            self.routes[a, b, mode] = routes_between(self._place(a), self._place(b), mode, self.ports, False)
        return self.routes[a, b, mode]

    def _place(self, site: str) -> Place:
        line = self.sites[site]
        return Place(site, line.text("country"), line.number("lat_deg", 0), line.number("lon_deg", 0))

    def _inputs(self, links: list[tuple[str, str, Line, float]], week: dict[str, float]) -> list[Cells]:
        cover: dict[tuple[str, str], float] = defaultdict(float)
        for source, to, line, share in links:
            if to in week:
                mode = self._mode(source, _site_of(to), line)
                borders = len(self._ways(_site_of(source), _site_of(to), mode)[0]) - 1
                country = self.sites[_site_of(to)].text("country")
                hours = cover_hours(self._part_class(line.text("part")), mode, borders, country)
                cover[to, line.text("part")] += hours * share / 100
        rows: list[Cells] = []
        for (recipe, part), hours in sorted(cover.items()):
            line = self.bill[_part_of(recipe)][part]
            if "cover_h" not in line.cells:
                self.out.assume("hours of cover: by class of part and borders passed", f"{recipe} of {part}")
            quantity = int(line.number("quantity_per", 1))
            kept = line.number("cover_h", round(hours, 1))
            rows.append({"recipe": recipe, "part": part, "quantity_per": quantity, "cover_h": kept})
        return rows

    def _schedule(self, recipe: str, line: Line) -> Cells:
        cost = self.parts[_part_of(recipe)].number("cost_usd", 0)
        if "msrp_usd" not in line.cells:
            self.out.assume(f"list price: {MSRP_FACTOR:g} times the cost", recipe)
        return {
            "recipe": recipe,
            "vehicles_per_day": int(line.number("vehicles_per_day", 1)),
            "lot_units": int(line.number("lot_units", LOT_UNITS)),
            "overtime_calendar": self._calendar(recipe)[1],
            "msrp_usd": line.number("msrp_usd", round(cost * MSRP_FACTOR)),
        }


def _sized(row: Cells) -> Part:
    """A row of parts.csv as a part."""
    texts = ("id", "name", "system", "hts_code", "unit", "part_class", "core_class", "vehicle_class")
    words: dict[str, Any] = {name: str(row[name]) for name in texts}
    size: dict[str, Any] = {name: float(str(row[name])) for name in ("mass_kg", "volume_m3")}
    return Part(**words, **size, tier=int(str(row["tier"])), evidence=Evidence("assumption", RANGE_PCT, "workbook"))


@lru_cache(maxsize=1)
def _model() -> Network:
    return load_network(MODEL)


def _site_of(recipe: str) -> str:
    return recipe.rpartition("/")[0]


def _part_of(recipe: str) -> str:
    return recipe.rpartition("/")[2]


def _group(source: str, to: str) -> tuple[str, str]:
    """Lanes that share a stock, or the markets of one vehicle."""
    return (source, "") if to.startswith("market/") else (to, _part_of(source))


def _sides(port: str, here: str) -> tuple[str, ...]:
    """Land ports come with both directions, so that a shock can name either."""
    neighbour = read_ports()[port]["us_neighbour"]
    return ("us", neighbour.lower()) if neighbour else (here,)


def _route_rows(key: tuple[str, str, str], ways: list[list[Leg]]) -> list[Cells]:
    return [
        {**step_cells(*key, alternative, step, leg), **EVIDENCE}
        for alternative, way in enumerate(ways)
        for step, leg in enumerate(way)
    ]
