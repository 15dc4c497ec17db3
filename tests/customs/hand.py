"""Small networks and laws written by hand, with a default for everything a test does not speak of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sim.law.facts import Charge, Column, GoodFacts, LineFacts, OriginRule
from sim.law.programme import Programme
from sim.network.model import (
    Calendar,
    Crossing,
    Evidence,
    Input,
    Lane,
    Network,
    Part,
    Recipe,
    Route,
    Schedule,
    Site,
    Step,
)
from sim.parameters import Parameters, load_parameters
from sim.references import Reference

KNOWN = Evidence("assumption", 0.0, "hand")
DAY = dt.date(2017, 8, 16)
FREE = {"truck_hour_usd": "0 USD/h", "carrying_pct_year": "0 %", "broker_fee_usd": "0 USD"}


def free_parameters(**changed: str) -> Parameters:
    """Parameters under which only making, freight and duty cost anything."""
    return load_parameters(FREE | changed)


@dataclass
class Hand:
    """Collects sites, recipes and lanes, then writes a Network."""

    sites: dict[str, Site] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    recipes: dict[str, Recipe] = field(default_factory=dict)
    lanes: dict[str, Lane] = field(default_factory=dict)
    routes: dict[tuple[str, str, str], tuple[Route, ...]] = field(default_factory=dict)
    crossings: dict[str, Crossing] = field(default_factory=dict)

    def site(self, id: str, country: str, kind: str = "supplier", wage: float = 20.0) -> str:
        self.sites[id] = Site(id, kind, id, country, "", 0.0, 0.0, "UTC", country, "USD", wage, 0.0, KNOWN)
        return id

    def crossing(self, id: str, from_country: str, to_country: str, toll_usd: float = 0.0) -> str:
        self.crossings[id] = Crossing(
            id, id.split("/")[0], id, from_country, to_country, "land_truck", 0.0, 0.0, "UTC",
            0, 24, 0, 24, 1, 0, 60.0, 60.0, 0.0, 1.0, 0, 0.0, 0.0, 0.0, "canada", 0.0, 0.0, 80.0,
            0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, toll_usd, KNOWN,
        )  # fmt: skip
        return id

    def recipe(
        self,
        site: str,
        part: str,
        *,
        hts: str = "8708.99",
        labour: float = 0.0,
        overhead: float = 0.0,
        material: float = 0.0,
        material_country: str = "US",
        inputs: Mapping[str, int] = MappingProxyType({}),
        cover_h: float = 0.0,
        core: str = "none",
        tier: int = 1,
        vehicle_class: str = "",
        schedule: Schedule | None = None,
        work_s: float = 10.0,
        steel: float = 0.0,
        calendar: str = "always",
    ) -> str:
        part_class = "vehicle" if tier == 0 else "just_in_time"
        self.parts[part] = Part(part, part, tier, "", hts, "set", part_class, core, vehicle_class, 0.0, 0.0, KNOWN)
        lines = tuple(Input(name, count, cover_h) for name, count in inputs.items())
        id = f"{site}/{part}"
        self.recipes[id] = Recipe(
            id, site, part, 1, work_s, calendar, labour, overhead, material, material_country,
            steel, 0.0, "US" if steel else "", 0.0, 0.0, "", lines, schedule, KNOWN,
        )  # fmt: skip
        return id

    def lane(
        self,
        supplier: str,
        consumer: str,
        passages: Sequence[tuple[str, str]] = (),
        *,
        units: int = 1,
        share: float = 100.0,
        freight: float = 0.0,
        hours: float = 1.0,
        mode: str = "truck",
    ) -> str:
        """A lane to a recipe, or to a market if `consumer` is a market site; every leg costs `freight`."""
        recipe = self.recipes[supplier]
        to_recipe = consumer if consumer in self.recipes else ""
        to_site = self.recipes[consumer].site if to_recipe else consumer
        id = f"{supplier}..{consumer}"
        self.lanes[id] = Lane(
            id, supplier, to_recipe, to_site, recipe.part, share, units, mode, 0.0, "production", KNOWN
        )
        steps = [Step(hours, 0.0, freight, crossing, movement) for crossing, movement in passages]
        steps.append(Step(hours, 0.0, freight, "", ""))
        key = (recipe.site, to_site, mode)
        self.routes[key] = (Route(*key, 0, 0.0, tuple(steps), KNOWN),)
        return id

    def build(self, *calendars: Calendar) -> Network:
        def tidy(table: Mapping[str, Any]) -> MappingProxyType[str, Any]:
            return MappingProxyType(dict(sorted(table.items())))

        always = Calendar("always", "UTC", tuple((day, 0.0, 24.0) for day in range(7)))
        return Network(
            "hand", "hand", tidy(self.sites), tidy(self.parts), tidy(self.recipes), tidy(self.lanes),
            MappingProxyType(self.routes), tidy(self.crossings), tidy({x.id: x for x in (always, *calendars)}),
        )  # fmt: skip


def rule(**changed: object) -> OriginRule:
    """A rule of origin: 62.5 % of net cost, everything traced, unless changed."""
    values: dict[str, object] = {
        "agreement": "nafta", "name": "hand", "kind": "regional_value", "threshold_ppm": 625_000,
        "vnm_method": "traced", "traced_prefixes": (), "national_ppm": {}, "national_base": "vehicle",
        "core_parts_required": False, "roll_up_reading": "", "labour_value_ppm": 0, "metal_ppm": 0,
        "de_minimis_ppm": 70_000, "reference": Reference("hand"),
    }  # fmt: skip
    return OriginRule(**(values | changed))  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class HandLaw:
    """A rate on customs value at every entry, free of duty where preference is claimed and due."""

    rate_ppm: int = 0
    agreed: str | None = None
    origin: Callable[[GoodFacts], OriginRule] = lambda good: rule()
    freight: str = "excludes_international_freight"
    fee_cents: float = 0.0
    changes: tuple[dt.date, ...] = ()
    rate_from: Mapping[dt.date, int] = field(default_factory=dict)
    digest: str = "hand"
    by_path: Mapping[str, Programme] = field(default_factory=dict)

    def change_dates(self, begin: dt.date, end: dt.date, importer: str | None = None) -> tuple[dt.date, ...]:
        return tuple(day for day in self.changes if begin < day < end)

    def agreement(self, importer: str, exporter: str, on: dt.date, known: dt.date | None = None) -> str | None:
        regional = {"US", "CA", "MX"}
        return self.agreed if importer != exporter and {importer, exporter} <= regional else None

    def origin_rule(self, agreement: str, good: GoodFacts, on: dt.date, known: dt.date | None = None) -> OriginRule:
        return self.origin(good)

    def customs_base(self, importer: str, on: dt.date, known: dt.date | None = None) -> str:
        return self.freight

    def assess(
        self, line: LineFacts, on: dt.date, amounts: Mapping[str, Column], known: dt.date | None = None
    ) -> tuple[Charge, ...]:
        if line.agreement and line.originating:
            return ()
        value = amounts["customs_value"]
        begun = [rate for day, rate in sorted(self.rate_from.items()) if day <= on]
        rate = begun[-1] if begun else self.rate_ppm
        treasury = line.importer
        path = f"{treasury.lower()}/general"
        reference = Reference("hand law")
        found = []
        if rate:
            found.append(Charge(path, "rate", "duty", treasury, rate, value, value * rate / 1e6, reference, "general"))
        if self.fee_cents:
            fee = value * 0 + self.fee_cents
            path = f"{treasury.lower()}/fee"
            found.append(Charge(path, "fee", "fee", treasury, 0, value, fee, reference, "per entry"))
        return tuple(found)
