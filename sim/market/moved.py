"""A network in which a vehicle is assembled somewhere else: at a plant of another country, or overseas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sim.market.ways import by_car_carrier, way_between
from sim.network.build.geography import NORTH_AMERICA
from sim.network.graph import daily_units, unit_costs
from sim.network.model import Lane, Network, Recipe, Route, Site
from sim.sourcing.facts import productivity
from sim.sourcing.trial import in_order

LAND_MODES = ("truck", "rail")


@dataclass(slots=True)
class _Draft:
    """Tables of the network in the making."""

    network: Network
    sites: dict[str, Site]
    recipes: dict[str, Recipe]
    lanes: dict[str, Lane]
    routes: dict[tuple[str, str, str], tuple[Route, ...]]
    left: dict[str, str] = field(default_factory=dict)  # recipe that is gone -> the one in its place

    def seal(self) -> Network:
        """The network, in order."""
        return replace(
            self.network,
            sites=in_order(self.sites),
            recipes=in_order(self.recipes),
            lanes=in_order(self.lanes),
            routes=in_order(self.routes),
            digest="",
        )


def destinations(network: Network, vehicle: str) -> dict[str, str]:
    """Where a vehicle could be assembled instead: one site a country, home left out.

    In North America the plant that builds the same part, the largest first, or else the largest plant; overseas the
    site with most works. Countries where the network has neither are left out.
    """
    made = network.recipes[vehicle]
    home = network.sites[made.site].country
    volume = daily_units(network)
    built: dict[str, list[tuple[bool, float, str]]] = {}
    works: dict[str, list[tuple[int, str]]] = {}
    for recipe in network.recipes.values():
        site = network.sites[recipe.site]
        if recipe.schedule and site.country != home:
            built.setdefault(site.country, []).append((recipe.part == made.part, volume[recipe.id], site.id))
        elif site.kind == "supplier" and site.country not in NORTH_AMERICA:
            works.setdefault(site.country, []).append((1, site.id))
    found = {country: max(plants)[2] for country, plants in built.items()}
    for country, sites in works.items():
        names = [name for _, name in sites]
        found.setdefault(country, max(sorted(set(names)), key=names.count))
    return dict(sorted(found.items()))


def move(network: Network, vehicles: Mapping[str, str]) -> tuple[Network, dict[str, str]]:
    """Assemble vehicles elsewhere; volumes and markets stay.

    Parameters
    ----------
    vehicles : mapping of str to str
        From an assembly recipe to a site; recipes for which there is no way to a market, or to an input, stay.

    Returns
    -------
    network : Network
        Not for running: its new plants have no crossings of their own.
    moved : dict of str to str
        From a recipe of before to that in its place; only those that could move.

    Notes
    -----
    *In North America* the vehicle is built as the same part is built there now, with those works' costs and sources.
    Where the part is not built there, its work costs what it did at home by the site's wage and its country's
    productivity, overhead stays, parts that the plant uses for another vehicle come from the same sources, and others
    from those of home. *Overseas* the plant buys every part in its country, at the cost of the largest source of home
    with its labour by wage and productivity there; vehicles come by car carrier. Both are assumptions.
    """
    draft = _Draft(network, dict(network.sites), dict(network.recipes), dict(network.lanes), dict(network.routes))
    for vehicle, site in vehicles.items():
        _move_one(draft, vehicle, site)
    return draft.seal(), draft.left


def _move_one(draft: _Draft, vehicle: str, to: str) -> None:
    network = draft.network
    made, there = network.recipes[vehicle], network.sites[to]
    site = replace(there, id=f"{to}_from_{made.site.split('/')[-1]}", kind="plant")
    recipe = replace(made, id=f"{site.id}/{made.part}", site=site.id, calendar=_calendar(network, there, made))
    routes = _cloned_routes(network, to, site.id)
    inputs: list[Lane] | None
    if there.country in NORTH_AMERICA:
        like = _like(network, to, made.part)
        labour = like.labour_usd if like else made.labour_usd * hour_cost(there) / hour_cost(network.sites[made.site])
        overhead = like.overhead_usd if like else made.overhead_usd
        recipe = replace(recipe, labour_usd=labour, overhead_usd=overhead)
        inputs = _inputs(network, made, like, site, recipe.id, routes)
    else:
        recipe = _overseas(network, made, recipe, there)
        inputs = []
    sales = _sales(network, made, site, recipe.id, routes)
    if inputs is None or sales is None:
        return
    draft.sites[site.id] = site
    del draft.recipes[vehicle]
    draft.recipes[recipe.id] = recipe
    gone = [lane.id for lane in network.lanes.values() if vehicle in (lane.from_recipe, lane.to_recipe)]
    for name in gone:
        del draft.lanes[name]
    draft.lanes |= {lane.id: lane for lane in (*inputs, *sales)}
    draft.routes |= routes
    draft.left[vehicle] = recipe.id


def hour_cost(site: Site) -> float:
    """What the output of an hour in the United States costs at a site, US dollars."""
    return site.wage_usd_h / productivity(site.country)


def _calendar(network: Network, there: Site, made: Recipe) -> str:
    own = [recipe for recipe in network.recipes.values() if recipe.site == there.id]
    return (sorted(own, key=lambda x: (x.schedule is None, x.id))[0] if own else made).calendar


def _cloned_routes(network: Network, to: str, site: str) -> dict[tuple[str, str, str], tuple[Route, ...]]:
    """The routes of a site once more, for a plant beside it."""
    found = {}
    for (start, end, mode), routes in network.routes.items():
        if to in (start, end):
            ends = (site if start == to else start, site if end == to else end)
            found[*ends, mode] = tuple(replace(x, from_site=ends[0], to_site=ends[1]) for x in routes)
    return found


def _like(network: Network, site: str, part: str) -> Recipe | None:
    return next((x for x in network.recipes.values() if x.site == site and x.part == part and x.schedule), None)


def _inputs(
    network: Network,
    made: Recipe,
    like: Recipe | None,
    site: Site,
    recipe: str,
    routes: dict[tuple[str, str, str], tuple[Route, ...]],
) -> list[Lane] | None:
    """Lanes of every input at a plant in North America; None where one cannot be had."""
    there = site.id.rsplit("_from_", 1)[0]
    others = [x for x in network.recipes.values() if x.site == there and x.schedule]
    beside = ([like] if like else []) + sorted(others, key=lambda x: x.id)
    found: list[Lane] = []
    for item in made.inputs:
        local = next((own for x in beside if (own := network.lanes_into(x.id, item.part))), ())
        kept = local or _from_home(network, made, item.part, site, routes)
        if not kept:
            return None
        total = sum(lane.share_pct for lane in kept)
        for lane in kept:
            name, share = f"{lane.from_recipe}..{recipe}", 100 * lane.share_pct / total
            found.append(
                replace(lane, id=name, to_recipe=recipe, to_site=site.id, share_pct=share, milk_run="", expedite="")
            )
    return found


def _from_home(
    network: Network, made: Recipe, part: str, site: Site, routes: dict[tuple[str, str, str], tuple[Route, ...]]
) -> tuple[Lane, ...]:
    """Sources of home, by ways that are there or that are laid now."""
    kept = []
    for lane in network.lanes_into(made.id, part):
        source = network.sites[network.recipes[lane.from_recipe].site]
        modes = (lane.mode, *(x for x in (*LAND_MODES, "ocean") if x != lane.mode))
        mode = next((x for x in modes if _has_way(network, source, site, x, routes)), "")
        if mode:
            kept.append(replace(lane, mode=mode))
    return tuple(kept)


def _has_way(
    network: Network, start: Site, end: Site, mode: str, routes: dict[tuple[str, str, str], tuple[Route, ...]]
) -> bool:
    """Whether there is a way; it is laid where there can be one."""
    key = (start.id, end.id, mode)
    if key in routes or key in network.routes:
        return True
    way = way_between(network, start, end, mode)
    if way is None:
        return False
    routes[key] = (way,)
    return True


def _overseas(network: Network, made: Recipe, recipe: Recipe, there: Site) -> Recipe:
    """A plant that buys everything in its country."""
    costs, hour = unit_costs(network), hour_cost(there)
    bought = 0.0
    for item in made.inputs:
        lanes = network.lanes_into(made.id, item.part)
        source = network.recipes[max(lanes, key=lambda x: (x.share_pct, x.id)).from_recipe]
        labour = source.labour_usd * (hour / hour_cost(network.sites[source.site]) - 1)
        bought += item.quantity_per * (costs[source.id] + labour)
    own = made.labour_usd * hour / hour_cost(network.sites[made.site])
    material = made.material_usd + bought
    return replace(recipe, labour_usd=own, material_usd=material, material_country=there.country, inputs=())


def _sales(
    network: Network, made: Recipe, site: Site, recipe: str, routes: dict[tuple[str, str, str], tuple[Route, ...]]
) -> list[Lane] | None:
    """Lanes to the markets of home; None where a market cannot be reached."""
    found = []
    for lane in network.lanes.values():
        if lane.from_recipe != made.id or lane.to_recipe:
            continue
        market = network.sites[lane.to_site]
        modes = ("truck", "rail", "ocean") if market.country == site.country else ("rail", "ocean", "truck")
        mode = next((x for x in modes if _has_way(network, site, market, x, routes)), "")
        if not mode:
            return None
        key = (site.id, market.id, mode)
        if mode == "ocean" and site.country not in NORTH_AMERICA:
            routes[key] = tuple(by_car_carrier(x, lane.load_units) for x in routes[key])
        found.append(replace(lane, id=f"{recipe}..{market.id}", from_recipe=recipe, mode=mode, expedite=""))
    return found
