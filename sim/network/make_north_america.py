"""Make the continental network from its fact tables: ``python -m sim.network.make_north_america OUT``."""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from sim.network.build.content import ABROAD, HOME, MEXICO, Buyer, Family, fit_shares
from sim.network.build.draft import Build, Draft, split_shares
from sim.network.build.facts import NETWORKS, SHARED, place, read_gateways, read_parts, read_sites
from sim.network.build.finish import Finisher
from sim.network.build.geography import NORTH_AMERICA, ROAD_FACTOR, great_circle_km
from sim.network.build.layout import Layout
from sim.network.build.makers import Seats
from sim.network.build.sourcing import country_shares
from sim.network.build.tables import Fact, read_facts

TITLE = "Forty-two assembly plants of the United States, Canada and Mexico, their suppliers and their markets"
FACTS = NETWORKS / "north_america" / "facts"
WORKING_DAYS = 245  # of 2024: Mondays to Fridays less the shutdowns, which a test counts
ON_FRAME = {"pickup", "suv_large"}
SWAPS = {"engine": "engine_v8", "subframes": "truck_chassis"}  # body on frame, larger engine
LOT_VEHICLES = 30  # assumption: half an hour of a line; three railcars or trucks travel together
COMPACT = "_compact"
COMPACT_PARTS_USD = 17_850.0  # 85 % of a factory cost of 21,000 USD (estimate)
COMPACT_MATERIAL = 0.8  # assumption: kilograms and boards of a compact car, against the crossover of the bill
ONTARIO = "supplier/guelph"
# Assumption: a US plant buys from Ontario rather than at home in inverse proportion to its distance, one that is
# 900 km away as the bill says, and none more than three times as readily.
ONTARIO_KM, MOST_PULL = 900.0, 3.0
OFTEN_DAYS = 0.5  # assumption: just-in-time parts come twice a day or oftener
# Assumption, from what was seen: plants in Ontario were short 8 to 18 hours after the bridge was shut in February 2022
# (Stellantis Windsor within a day: https://www.crainsdetroit.com/transportation/blockade-ambassador-bridge-hits-trucking-companies-auto-industry).
# Allowances in planned lead times and part loads hold some ten hours of that.
ONTARIO_COVER_H = {"sequenced": 1.0, "just_in_time": 1.0, "powertrain": 4.0}
RAIL_KM = 1000.0  # assumption: materials go by rail from this distance on, over a border
ROAD_KM = 800.0  # assumption: vehicles travel so far by truck, 500 miles of road, and beyond by rail
# Assumption: of the overseas content that a label tells, three quarters are parts bought overseas; the rest are pieces
# inside parts made in North America, which the inputs of suppliers bring in.
DIRECT = 0.75
NO_RAILWAY = "road"  # of a plant whose vehicles leave by truck
BY_SEA = {"EU", "AS", "SA"}
AREAS = {"us": "US", "canada": "CA", "mexico": "MX", "europe": "EU", "asia": "AS", "south_america": "SA"}


class Continent:
    """The draft of the network, stage by stage from the vehicles up."""

    def __init__(self) -> None:
        tables = (SHARED / "parts.csv", SHARED / "chain_parts.csv", FACTS / "vehicles.csv")
        self.draft = Draft({name: part for table in tables for name, part in read_parts(table).items()})
        self.sourcing = {row["part"]: row for row in _both("sourcing.csv")}
        self.materials = _both("materials.csv")
        self.places = {name: place(row, name) for name, row in read_sites(FACTS).items()}
        self.seats = Seats(read_facts(FACTS / "makers.csv"), self.places)
        self.content = {row["recipe"]: row for row in read_facts(FACTS / "content.csv")}
        self.markets = {row["recipe"]: row for row in read_facts(FACTS / "markets.csv")}
        told = read_facts(FACTS / "railways.csv")
        self.railways = {row["plant"]: row["railway"] for row in told}
        self.by_sea = {row["plant"]: set(row["by_sea"].split()) for row in told}
        self.regions: dict[str, dict[str, float]] = defaultdict(dict)
        for row in read_facts(FACTS / "regions.csv"):
            self.regions[row["country"]][row["market"]] = float(row["share_pct"])
        self._add_compact_parts()

    def make(self) -> Draft:
        """Vehicles, their families, and what these are made of."""
        for row in read_facts(FACTS / "builds.csv"):
            self._add_vehicle(row)
        self.draft.drop_unused()
        return self.draft

    def _add_compact_parts(self) -> None:
        """Families of a compact car: less material and less work, so that its parts come to `COMPACT_PARTS_USD`."""
        parts = self.draft.parts
        families = [parts[name] for name in self._families("compact_ice", base=True)]
        bought = {part.id: self._bought_usd(part.id, COMPACT_MATERIAL) for part in families}
        own = {part.id: part.unit_cost_usd - self._bought_usd(part.id, 1.0) for part in families}
        scale = (COMPACT_PARTS_USD - sum(bought.values())) / sum(own.values())
        for part in families:
            cost = round(bought[part.id] + scale * own[part.id], 4)
            parts[part.id + COMPACT] = replace(
                part,
                id=part.id + COMPACT,
                name=f"{part.name}, compact car",
                unit_cost_usd=cost,
                labour_pct=round(part.labour_pct * scale * part.unit_cost_usd / cost, 4),
                mass_kg=round(part.mass_kg * COMPACT_MATERIAL, 4),
                volume_m3=round(part.volume_m3 * COMPACT_MATERIAL, 4),
                steel_kg=round(part.steel_kg * COMPACT_MATERIAL, 4),
                aluminium_kg=round(part.aluminium_kg * COMPACT_MATERIAL, 4),
            )
        total = sum(parts[part.id + COMPACT].unit_cost_usd for part in families)
        parts["compact_ice"] = replace(parts["compact_ice"], unit_cost_usd=round(total / 0.85, 4))

    def _bought_usd(self, part: str, material: float) -> float:
        return sum(n * self.draft.parts[name].unit_cost_usd for name, n in self._inputs(part, material).items())

    def _inputs(self, part: str, material: float) -> dict[str, int]:
        """What one unit of a family is made of; materials and boards, several to a unit, by the factor given."""
        wanted = {name: 1 for name, row in self.sourcing.items() if row["parent"] == part}
        used = {row["part"]: int(row["quantity_per"]) for row in self.materials if row["used_in"] == part}
        return wanted | {name: max(1, round(n * material)) if n > 1 else n for name, n in used.items()}

    def _families(self, vehicle: str, *, base: bool = False) -> list[str]:
        """Parts that a vehicle is built from, by what they are called for it."""
        variant = "BEV" if vehicle.endswith("_bev") else "ICE"
        found = []
        for name, row in self.sourcing.items():
            if self.draft.parts[name].tier == 1 and row["variant"] in (variant, "both"):
                called = SWAPS.get(name, name) if vehicle in ON_FRAME else name
                found.append(called + COMPACT if vehicle.startswith("compact") and not base else called)
        return found

    def _add_vehicle(self, row: Fact) -> None:
        site, vehicle = row["recipe"].rsplit("/", 1)
        recipe = self.draft.maker(site, vehicle)
        markets, modes = self._sales(row["recipe"], site)
        self.draft.builds[recipe] = Build(round(int(row["annual_units"]) / WORKING_DAYS), markets, modes)
        consumer = self.places[site].country
        label = self.content[recipe]
        families = [self._family(name, label, consumer) for name in self._families(vehicle)]
        home, mexico = float(label["us_ca_pct"]), float(label["mx_pct"])
        abroad = (100.0 - home - mexico) * DIRECT
        bought_here = (100.0 - abroad) / (home + mexico)
        wanted = {HOME: home * bought_here, MEXICO: mexico * bought_here, ABROAD: abroad}
        away = great_circle_km(self.places[site], self.places[ONTARIO])
        buyer = Buyer(recipe, consumer, label["overseas"], min(MOST_PULL, ONTARIO_KM / away))
        shares = fit_shares(families, buyer, wanted)
        for family in families:
            self._source(recipe, family.part, 1, shares[family.part], row["maker"])

    def _family(self, name: str, label: Fact, consumer: str) -> Family:
        base = name.removesuffix(COMPACT)
        part = self.draft.parts[name]
        fixed: tuple[str, ...] = ()
        if part.part_class == "sequenced":
            fixed = (consumer,)
        elif base in ("engine", "engine_v8"):
            fixed = tuple(label["engine_from"].split())
        elif base == "transmission":
            fixed = tuple(label["transmission_from"].split())
        return Family(name, part.unit_cost_usd, self.sourcing[base], fixed)

    def _sales(self, recipe: str, site: str) -> tuple[dict[str, int], dict[str, str]]:
        """Shares of the markets, and how vehicles reach each."""
        weights: dict[str, float] = {}
        modes = {}
        for column, area in AREAS.items():
            percent = float(self.markets[recipe][f"{column}_pct"])
            for market, share in self.regions[area].items():
                if percent:
                    weights[market] = percent * share / 100
                    modes[market] = self._vehicle_mode(site, market, area)
        shares = {market: share for market, share in split_shares(weights, 100).items() if share}
        return shares, {market: modes[market] for market in shares}

    def _vehicle_mode(self, site: str, market: str, area: str) -> str:
        if area in BY_SEA or market in self.by_sea.get(site, ()):
            return "ocean"
        if self.railways.get(site) == NO_RAILWAY:
            return "truck"
        away = ROAD_FACTOR * great_circle_km(self.places[site], self.places[market])
        return "truck" if away <= ROAD_KM or area == self.places[site].country == "MX" else "rail"

    def _source(self, recipe: str, part: str, quantity: int, shares: dict[str, int], habits: str) -> None:
        """Set an input from the shares of countries, making its suppliers and their inputs as needed."""
        base, buyer = part.removesuffix(COMPACT), self.draft.makers[recipe].site
        sources: dict[str, int] = {}
        for country, share in shares.items():
            if self.draft.parts[part].part_class == "sequenced":
                sites = {self.seats.nearest(base, buyer): share}
            else:
                sites = self.seats.choose(base, country, buyer, habits, share)
            sources |= {self.draft.maker(site, part): given for site, given in sites.items()}
        self.draft.need(recipe, part, quantity, sources)
        for source in sources:
            self._add_inputs(source)

    def _add_inputs(self, recipe: str) -> None:
        """Nested inputs of a North American recipe: parts with this parent, and its materials."""
        maker = self.draft.makers[recipe]
        consumer = self.places[maker.site].country
        if consumer not in NORTH_AMERICA:
            return
        base = maker.part.removesuffix(COMPACT)
        for part, quantity in self._inputs(base, 1.0 if base == maker.part else COMPACT_MATERIAL).items():
            if part not in maker.needs:
                shares = country_shares(self.sourcing[part], consumer, self.draft.parts[part].part_class)
                self._source(recipe, part, quantity, shares, maker.site)


def _both(file: str) -> list[Fact]:
    """Rows of a table of facts that all networks share, and of this network's own."""
    return [*read_facts(SHARED / file), *read_facts(FACTS / file)]


def layout() -> Layout:
    """Facts, gateways and railways of this network."""
    rows = read_facts(FACTS / "railways.csv")
    railways = {row["plant"]: row["railway"] for row in rows if row["railway"] != NO_RAILWAY}
    return Layout(
        facts=(FACTS,),
        gateways=read_gateways(FACTS / "gateways.csv"),
        railways=railways,
        shares_trucks=True,
        keeps_pace=True,
        often_days=OFTEN_DAYS,
        covers_main_source=True,
        lean_cover_h={"CA": ONTARIO_COVER_H},
        rail_km=RAIL_KM,
        lot_units=LOT_VEHICLES,
    )


def make_north_america(folder: Path) -> None:
    """Write the continental network into a folder, replacing files of the same name.

    Parameters
    ----------
    folder : Path
    """
    Finisher(Continent().make(), layout()).write(folder, TITLE)


if __name__ == "__main__":
    make_north_america(Path(sys.argv[1]))
