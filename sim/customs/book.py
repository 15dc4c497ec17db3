"""The book: what the roll-up needs of a network and a law, laid out once by recipe and by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from sim.currency import currency_of
from sim.customs.content import PLACES
from sim.customs.flow import Floats, Flow, Ints
from sim.law import GoodFacts, Law, LineFacts, OriginRule
from sim.law.facts import digits
from sim.network.graph import supply_levels, supply_order
from sim.network.model import NORTH_AMERICA, Network, Part, Recipe
from sim.network.stated import Stated

COST = (
    *(f"materials:{place}" for place in PLACES),
    *(f"labour:{place}" for place in PLACES),
    *(f"overhead:{place}" for place in PLACES),
    "freight",
    "fees",
    "compliance",
    "border_time",
    "carrying",
    "expediting",
)
ADDED = slice(0, 12)  # materials, labour and overhead: value added
LABOUR = slice(4, 8)
FREIGHT, FEES, COMPLIANCE, BORDER_TIME, CARRYING, EXPEDITING = range(12, 18)
CARRIED = (
    *(f"labour_h:{place}" for place in PLACES),
    "us_content",  # price of what was made in the United States, at its last transformation there
    "passages",  # truck passages apportioned by units
    "entries",
    "border_h",
    "border_extra_h",
    "value_passages",  # value added x borders passed since
    "value_hours",  # value added x hours in transit and stock since
    "value_border_h",
    "offset_credit",  # credit drawn against duties, US dollars
    "drawback",  # duty on inputs that came back on export, US dollars
)
US_CONTENT, PASSAGES, ENTRIES, BORDER_H, BORDER_EXTRA_H, VALUE_PASSAGES, VALUE_H, VALUE_BORDER_H, CREDIT, DRAWBACK = (
    range(4, 14)
)
DEPOSITS = ("antidumping_deposit", "countervailing_deposit")  # amounts of the law, stated as shares of the value
OVERHEAD = {place: COST.index(f"overhead:{place}") for place in PLACES}
HOURS_PER_YEAR = 8_760
Names = np.ndarray[tuple[int], np.dtype[np.str_]]


def place_of(country: str) -> str:
    """Column of a country: itself in North America, otherwise ``overseas``."""
    return country if country in NORTH_AMERICA else "overseas"


@dataclass(frozen=True, slots=True)
class Epochs:
    """The stretches of days, between changes of the law, that a flow touches.

    Parameters
    ----------
    edges : int64[epochs - 1]
        First day (ordinal) of each stretch but the first.
    days : tuple of date
        A day in each stretch, at which the law is asked.
    """

    edges: Ints
    days: tuple[dt.date, ...]

    def of(self, ordinals: Ints) -> Ints:
        """Stretch of each day."""
        return np.searchsorted(self.edges, ordinals, side="right").astype(np.int64)


def epochs_of(flow: Flow, law: Law, turns: Collection[dt.date] = ()) -> Epochs:
    """Cut the days of a flow at every change of the law, and at turns of what customs holds of goods."""
    ordinals = np.concatenate((flow.made_on[flow.exists], flow.entry_on, [flow.begins.toordinal()]))
    begin, end = dt.date.fromordinal(int(ordinals.min())), dt.date.fromordinal(int(ordinals.max()))
    changes = law.change_dates(begin, end + dt.timedelta(days=1)) if end > begin else ()
    changes = tuple(sorted({*changes, *(day for day in turns if begin < day <= end)}))
    edges = np.array([day.toordinal() for day in changes], dtype=np.int64)
    return Epochs(edges, (begin, *changes))


@dataclass(frozen=True, slots=True)
class Book:
    """Facts by recipe (in the order of ``Flow.recipe_ids``).

    Parameters
    ----------
    level : int64[recipes]
    country : tuple of str
        Where the recipe works.
    origin : tuple of str
        Country of the last substantial transformation of its output.
    added : float64[recipes, COST]
        Own cost of one unit by component, US dollars.
    labour_h : float64[recipes, PLACES]
    currency, material_currency : str array [recipes]
        In which labour and overhead are paid, and in which bought materials are.
    steel, aluminium : float64[recipes]
    is_regional, is_core : bool[recipes]
    chapter, heading, subheading : int64[recipes]
        First two, four and six digits of the output's code.
    wage_usd_h : float64[recipes]
        Average base wage of those who do the direct labour.
    rd_share : float64[recipes]
        Wages of research and information technology at the works, as a part of those of production.
    steel_regional, aluminium_regional : bool[recipes]
        Whether the metal in it was melted or smelted in the region.
    consignees : mapping of str to str
        Site that each lane goes to: who enters its loads.
    stated : tuple of tuple of Stated
        What customs holds of the output of each recipe that no row of the network tells; a later word goes before an
        earlier one.
    """

    recipes: tuple[Recipe, ...]
    parts: tuple[Part, ...]
    level: Ints
    country: tuple[str, ...]
    origin: tuple[str, ...]
    added: Floats
    labour_h: Floats
    currency: Names
    material_currency: Names
    steel: Floats
    aluminium: Floats
    is_regional: np.ndarray[tuple[int], np.dtype[np.bool_]]
    is_core: np.ndarray[tuple[int], np.dtype[np.bool_]]
    chapter: Ints
    heading: Ints
    subheading: Ints
    wage_usd_h: Floats
    rd_share: Floats
    steel_regional: np.ndarray[tuple[int], np.dtype[np.bool_]]
    aluminium_regional: np.ndarray[tuple[int], np.dtype[np.bool_]]
    consignees: Mapping[str, str]
    stated: tuple[tuple[Stated, ...], ...]

    def good(self, recipe: int) -> GoodFacts:
        """What a rule of origin asks about a recipe's output."""
        part = self.parts[recipe]
        use = "vehicle" if part.tier == 0 else "original_equipment"
        return GoodFacts(part.hts_code, part.vehicle_class, part.core_class, use)

    def deposits_ppm(self, recipe: int, importer: str, day: dt.date) -> Mapping[str, int]:
        """Deposits on a recipe's output at a customs on a day, parts per million of the customs value, by amount."""
        told = {x.fact: int(x.value) for x in self.stated[recipe] if x.fact in DEPOSITS and x.holds(importer, day)}
        return MappingProxyType(told)

    def line(self, recipe: int, importer: str, agreement: str, originating: bool, day: dt.date) -> LineFacts:
        """What customs asks about a line of a recipe's output on a day.

        Notes
        -----
        Origin under the marking rules is taken to be the country of last substantial transformation; United
        States content of a model is approved where preference is claimed (both are assumptions).
        """
        part, made = self.parts[recipe], self.recipes[recipe]
        line = LineFacts(
            importer=importer,
            exporter=self.country[recipe],
            origin=self.origin[recipe],
            hts_code=part.hts_code,
            origin_marking=self.origin[recipe],
            agreement=agreement,
            originating=originating,
            vehicle_class=part.vehicle_class,
            use="vehicle" if part.tier == 0 else "original_equipment",
            model_approved=bool(agreement) if part.tier == 0 else None,
            steel_melt=made.steel_melt_country,
            aluminium_smelt=made.aluminium_smelt_country,
        )
        held = [x for x in self.stated[recipe] if x.fact not in DEPOSITS and x.holds(importer, day)]
        return replace(line, **{x.fact: x.value for x in held}) if held else line  # type: ignore[arg-type]


def read_book(network: Network) -> Book:
    """Lay out a network by recipe, suppliers first."""
    order, level = supply_order(network), supply_levels(network)
    recipes = tuple(network.recipes[recipe] for recipe in order)
    parts = tuple(network.parts[recipe.part] for recipe in recipes)
    sites = [network.sites[recipe.site] for recipe in recipes]
    country = tuple(site.country for site in sites)
    added = np.zeros((len(recipes), len(COST)))
    hours = np.zeros((len(recipes), len(PLACES)))
    for row, (recipe, site) in enumerate(zip(recipes, sites, strict=True)):
        place = place_of(site.country)
        added[row, COST.index(f"materials:{place_of(recipe.material_country)}")] += recipe.material_usd
        added[row, COST.index(f"labour:{place}")] += recipe.labour_usd
        added[row, COST.index(f"overhead:{place}")] += recipe.overhead_usd
        hours[row, PLACES.index(place)] = recipe.labour_usd / site.wage_usd_h if site.wage_usd_h > 0 else 0.0
    return Book(
        recipes=recipes,
        parts=parts,
        level=np.array([level[recipe] for recipe in order], dtype=np.int64),
        country=country,
        origin=_origins(network, recipes, country),
        added=added,
        labour_h=hours,
        currency=np.array([site.currency for site in sites], dtype=np.str_),
        material_currency=np.array([currency_of(recipe.material_country) for recipe in recipes], dtype=np.str_),
        steel=np.array([recipe.steel_usd for recipe in recipes]),
        aluminium=np.array([recipe.aluminium_usd for recipe in recipes]),
        is_regional=np.array([code in NORTH_AMERICA for code in country], dtype=np.bool_),
        is_core=np.array([part.core_class == "core" for part in parts], dtype=np.bool_),
        chapter=_leading(parts, 2),
        heading=_leading(parts, 4),
        subheading=_leading(parts, 6),
        wage_usd_h=np.array([site.wage_usd_h for site in sites]),
        rd_share=np.array([site.rd_share_pct / 100 for site in sites]),
        steel_regional=np.array([x.steel_melt_country in NORTH_AMERICA for x in recipes], dtype=np.bool_),
        aluminium_regional=np.array([x.aluminium_smelt_country in NORTH_AMERICA for x in recipes], dtype=np.bool_),
        consignees=MappingProxyType({lane.id: lane.to_site for lane in network.lanes.values()}),
        stated=tuple(
            tuple(x for x in network.stated if x.is_about((recipe.id, recipe.site, recipe.part), site.country))
            for recipe, site in zip(recipes, sites, strict=True)
        ),
    )


def _leading(parts: tuple[Part, ...], count: int) -> Ints:
    """First digits of each part's code."""
    return np.array([int(digits(part.hts_code)[:count]) for part in parts], dtype=np.int64)


def _origins(network: Network, recipes: tuple[Recipe, ...], country: tuple[str, ...]) -> tuple[str, ...]:
    """Country of last substantial transformation.

    A recipe whose only input has the very code of its output does not transform it: the origin stays that
    of the input's first supplier (a distributor, a warehouse, a finishing step).
    """
    found: dict[str, str] = {}
    for recipe, own in zip(recipes, country, strict=True):
        found[recipe.id] = own
        if len(recipe.inputs) == 1:
            item = recipe.inputs[0]
            code = network.parts[item.part].hts_code
            lanes = network.lanes_into(recipe.id, item.part)
            if lanes and digits(code) == digits(network.parts[recipe.part].hts_code):
                found[recipe.id] = found[lanes[0].from_recipe]
    return tuple(found[recipe.id] for recipe in recipes)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """What a law says about agreements, origin and valuation, by stretch of days, as known on a day."""

    law: Law
    epochs: Epochs
    known: dt.date | None

    def region(self, epoch: int) -> str:
        """Agreement of the region in a stretch of days: the first found between two of its countries."""
        for importer, exporter in (("US", "MX"), ("US", "CA"), ("CA", "MX")):
            found = self.between(importer, exporter, epoch)
            if found:
                return found
        return ""

    def between(self, importer: str, exporter: str, epoch: int) -> str:
        """Agreement in force between two countries in a stretch of days; empty for none."""
        return _agreement(self.law, importer, exporter, self.epochs.days[epoch], self.known)

    def rule(self, agreement: str, good: GoodFacts, epoch: int) -> OriginRule:
        """Rule of origin of a good in a stretch of days."""
        return _rule(self.law, agreement, good, self.epochs.days[epoch], self.known)

    def includes_freight(self, importer: str, epoch: int) -> bool:
        """Whether a country's customs value holds the freight to its border."""
        return _base(self.law, importer, self.epochs.days[epoch], self.known) == "includes_freight"


# A law never changes, so its answers are kept from one roll-up to the next; the limits bound memory only.
@lru_cache(maxsize=65_536)
def _agreement(law: Law, importer: str, exporter: str, on: dt.date, known: dt.date | None) -> str:
    return law.agreement(importer, exporter, on, known) or ""


@lru_cache(maxsize=65_536)
def _rule(law: Law, agreement: str, good: GoodFacts, on: dt.date, known: dt.date | None) -> OriginRule:
    return law.origin_rule(agreement, good, on, known)


@lru_cache(maxsize=8_192)
def _base(law: Law, importer: str, on: dt.date, known: dt.date | None) -> str:
    return law.customs_base(importer, on, known)


def is_listed(code: str, prefixes: tuple[str, ...]) -> bool:
    """Whether a code begins with a listed prefix; an empty list lists everything.

    A code with fewer digits than an entry that begins with it counts as listed: networks carry six digits
    where a list goes to eight (an assumption that favours tracing).

    Examples
    --------
    >>> is_listed("8409.91", ("8409",)), is_listed("7601.10", ("8409",)), is_listed("7601.10", ())
    (True, False, True)
    """
    own = digits(code)
    return not prefixes or any(own.startswith(p) or p.startswith(own) for p in prefixes)
