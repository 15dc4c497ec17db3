"""The trial network: the network as it is, works that could make a part, and works that buy within the region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeVar

from sim.network.graph import daily_units, supply_order
from sim.network.model import NORTH_AMERICA, Lane, Network, Recipe
from sim.parameters import Parameters
from sim.sourcing.costs import annuity, mismatch
from sim.sourcing.facts import family_of, productivity

REGIONAL, US = "regional", "us"  # what a works may be asked to do: buy its inputs within these countries
WITHIN: Mapping[str, frozenset[str]] = MappingProxyType({REGIONAL: frozenset(NORTH_AMERICA), US: frozenset({"US"})})
Key = TypeVar("Key")
Item = TypeVar("Item")
MODES = ("truck", "rail", "ocean")  # as tried for a way from one site to another


@dataclass(frozen=True, slots=True)
class Trial:
    """A network with more recipes than it has today, which nobody asks for yet.

    Parameters
    ----------
    network : Network
        The network, newcomers, and works that buy otherwise, with their inbound lanes. Not for running: its recipes
        have ids that no network file allows.
    base : Network
        As it is.
    makers : mapping of str to tuple of str
        Recipes that make a part, newcomers among them, largest first.
    told : mapping of (recipe, asked) to str
        Recipe that stands for one asked to buy within ``regional`` or ``us``; none where it would change nothing.
    premium : mapping of str to float
        Inbound lanes of such recipes whose loads cost more than their maker's recipe says, by that part.
    costs : mapping of str to float
        Cost of a unit of each recipe of today, without freight and duty.
    """

    network: Network
    base: Network
    makers: Mapping[str, tuple[str, ...]]
    told: Mapping[tuple[str, str], str]
    premium: Mapping[str, float]
    costs: Mapping[str, float]

    def country(self, recipe: str) -> str:
        """Where a recipe works."""
        return self.network.sites[self.network.recipes[recipe].site].country

    def way(self, recipe: str, to_site: str) -> str:
        """Mode by which a recipe's output reaches a site, empty where the network has no route."""
        return mode_between(self.network, self.network.recipes[recipe].site, to_site)


def mode_between(network: Network, from_site: str, to_site: str) -> str:
    """First of truck, rail and sea by which there is a route; empty for none."""
    return next((mode for mode in MODES if (from_site, to_site, mode) in network.routes), "")


def build_trial(network: Network, parameters: Parameters) -> Trial:
    """Add to a network every works that a sourcing plan may choose.

    Notes
    -----
    A newcomer is a works in a country of North America where nobody makes the part: at a site of that country which
    has a route to a plant that uses the part, with the cost of the largest present maker, its labour by the site's
    wage and the country's productivity. Its inputs count as materials bought where that maker's are.
    A works asked to buy within the region keeps its sources there; where it has none of an input, it takes the
    largest maker in the region that has a route to it. Materials that it buys elsewhere come from its own country
    (from the United States, where only these count) and cost `regional_materials_pct` more.
    """
    recipes, lanes = dict(network.recipes), dict(network.lanes)
    volume = daily_units(network)
    makers = _makers(network, volume)
    costs = unit_costs(network)
    for newcomer in _newcomers(network, makers, costs):
        recipes[newcomer.id] = newcomer
        makers[newcomer.part] = (*makers[newcomer.part], newcomer.id)
    told: dict[tuple[str, str], str] = {}
    premium: dict[str, float] = {}
    plants = {recipe.id for recipe in network.recipes.values() if recipe.schedule}
    direct = {lane.from_recipe for lane in network.lanes.values() if lane.to_recipe in plants}
    parts = {recipes[name].part for name in direct}
    for name in sorted(x.id for x in recipes.values() if x.part in parts and not x.schedule):
        for asked in WITHIN:
            own = _told(network, recipes[name], asked, makers, parameters)
            if own is None:
                continue
            recipe, inbound, dearer = own
            recipes[recipe.id] = recipe
            lanes |= {lane.id: lane for lane in inbound}
            premium |= dearer
            told[name, asked] = recipe.id
    trial = replace(network, recipes=in_order(recipes), lanes=in_order(lanes), digest="")
    kept = (MappingProxyType(x) for x in (makers, told, premium, costs))
    return Trial(trial, network, *kept)


def in_order(items: Mapping[Key, Item]) -> MappingProxyType[Key, Item]:
    """A mapping of a network: read-only, in order of its keys."""
    return MappingProxyType({key: items[key] for key in sorted(items)})  # type: ignore[type-var]


def _makers(network: Network, volume: Mapping[str, float]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for recipe in network.recipes.values():
        found[recipe.part].append(recipe.id)
    return {part: tuple(sorted(own, key=lambda name: (-volume[name], name))) for part, own in found.items()}


def _newcomers(network: Network, makers: Mapping[str, tuple[str, ...]], costs: Mapping[str, float]) -> list[Recipe]:
    """Works of a tier-1 part in each country of North America that has none, where a site of it has the routes."""
    used: dict[str, set[str]] = defaultdict(set)  # part -> plants that build it in
    for lane in network.lanes.values():
        if lane.to_recipe and network.recipes[lane.to_recipe].schedule:
            used[lane.part].add(lane.to_site)
    reach: dict[str, set[str]] = defaultdict(set)  # supplier site -> sites that it has a route to
    for from_site, to_site, _ in network.routes:
        reach[from_site].add(to_site)
    found = []
    for part, plants in sorted(used.items()):
        if network.parts[part].part_class == "sequenced":
            continue
        largest = network.recipes[makers[part][0]]
        made_in = {network.sites[network.recipes[name].site].country for name in makers[part]}
        for country in sorted(set(NORTH_AMERICA) - made_in):
            sites = [s for s in network.sites.values() if s.kind == "supplier" and s.country == country]
            able = sorted((-len(reach[site.id] & plants), site.id) for site in sites if reach[site.id] & plants)
            if able:
                found.append(_newcomer(network, largest, able[0][1], costs[largest.id]))
    return found


def _newcomer(network: Network, like: Recipe, site: str, cost_usd: float) -> Recipe:
    """A works as `like`, at another site: labour by wage and productivity there, inputs bought as materials."""
    bought = cost_usd - like.labour_usd - like.overhead_usd - like.material_usd
    there, here = network.sites[site], network.sites[like.site]
    hour = {x.id: x.wage_usd_h / productivity(x.country) for x in (there, here)}
    material = like.material_usd + bought
    country = like.material_country or there.country
    return replace(
        like,
        id=f"{site}/{like.part}",
        site=site,
        labour_usd=like.labour_usd * hour[there.id] / hour[here.id],
        material_usd=material,
        material_country=country if material else "",
        inputs=(),
    )


def unit_costs(network: Network) -> dict[str, float]:
    """Cost of a unit ex works of every recipe: own and that of its inputs, without freight and duty."""
    found: dict[str, float] = {}
    for name in supply_order(network):
        made = network.recipes[name]
        total = made.labour_usd + made.overhead_usd + made.material_usd
        for item in made.inputs:
            lanes = network.lanes_into(name, item.part)
            total += item.quantity_per * sum(found[x.from_recipe] * x.share_pct / 100 for x in lanes)
        found[name] = total
    return found


def _told(
    network: Network, recipe: Recipe, asked: str, makers: Mapping[str, tuple[str, ...]], parameters: Parameters
) -> tuple[Recipe, list[Lane], dict[str, float]] | None:
    """A works that buys within some countries: recipe, lanes and what they cost more; None if nothing changes."""
    within = WITHIN[asked]
    if network.sites[recipe.site].country not in within:
        return None
    name = f"{recipe.id}~{asked}"
    inbound: list[Lane] = []
    dearer: dict[str, float] = {}
    changed = False
    for item in recipe.inputs:
        today = network.lanes_into(recipe.id, item.part)
        lanes = _bought_within(network, today, recipe, within, makers)
        changed |= lanes != today
        extra = _dearer(network, today, lanes, parameters)
        for lane in lanes:
            inbound.append(replace(lane, id=f"{lane.from_recipe}..{name}", to_recipe=name))
            dearer[inbound[-1].id] = extra[lane.id]
    own = replace(recipe, id=name)
    if recipe.material_usd and recipe.material_country not in within:
        changed = True
        usd = recipe.material_usd * (1 + parameters.regional_materials_pct / 100)
        country = network.sites[recipe.site].country
        own = replace(own, material_usd=usd, material_country=country if asked == REGIONAL else "US")
    return (own, inbound, {lane: part for lane, part in dearer.items() if part}) if changed else None


def _bought_within(
    network: Network,
    today: tuple[Lane, ...],
    recipe: Recipe,
    within: frozenset[str],
    makers: Mapping[str, tuple[str, ...]],
) -> tuple[Lane, ...]:
    """Lanes of an input from within some countries; those of today where nobody there can be reached."""

    def inside(name: str) -> bool:
        return name in network.recipes and network.sites[network.recipes[name].site].country in within

    kept = [lane for lane in today if inside(lane.from_recipe)]
    if kept:
        total = sum(lane.share_pct for lane in kept)
        return tuple(replace(lane, share_pct=100 * lane.share_pct / total) for lane in kept)
    for maker in makers[today[0].part]:
        mode = mode_between(network, network.recipes[maker].site, recipe.site) if inside(maker) else ""
        if mode:
            lane = replace(max(today, key=lambda x: x.share_pct), from_recipe=maker, share_pct=100.0, mode=mode)
            return (replace(lane, id=f"{maker}..{recipe.id}", milk_run=""),)
    return today


def _dearer(
    network: Network, today: tuple[Lane, ...], lanes: tuple[Lane, ...], parameters: Parameters
) -> dict[str, float]:
    """Part of its price that each lane of a changed input costs more: less choice, and tools for what is added."""
    if lanes == today:
        return dict.fromkeys((lane.id for lane in lanes), 0.0)
    before = {lane.from_recipe: lane.share_pct for lane in today}
    shares = {lane.from_recipe: lane.share_pct for lane in lanes}
    part = network.parts[today[0].part]
    natural = family_of(part).share_pct
    anchors = {
        name: before.get(name)
        or max(parameters.newcomer_share_pct, natural.get(network.sites[network.recipes[name].site].country, 0.0))
        for name in shares
    }
    less_choice = mismatch(shares, anchors, parameters.parts_elasticity)
    yearly = annuity(parameters) * parameters.tooling_pct_of_year / 100
    return {
        lane.id: less_choice + yearly * max(0.0, lane.share_pct - before.get(lane.from_recipe, 0.0)) / lane.share_pct
        for lane in lanes
    }
