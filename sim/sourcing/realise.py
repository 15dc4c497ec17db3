"""A sourcing plan as a network: works of their own for every changed family, the rest as it is today."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from sim.network.expedite import LEAST_SHARE
from sim.network.graph import daily_units
from sim.network.load import digest
from sim.network.model import Evidence, Lane, Network, Recipe, Route, Site
from sim.sourcing.costs import USE
from sim.sourcing.decide import Opened
from sim.sourcing.patterns import Pattern, Supply
from sim.sourcing.trial import in_order

MOST_DAYS = 10.0  # of use in an inbound load of a programme: assumption
DAYS = 5.0  # working days of a week behind `daily_units`
TOLD = Evidence("assumption", 50.0, "resourced")


@dataclass(slots=True)
class _Draft:
    """Tables of the network in the making."""

    sites: dict[str, Site]
    recipes: dict[str, Recipe]
    lanes: dict[str, Lane]
    routes: dict[tuple[str, str, str], tuple[Route, ...]]
    made: set[str] = field(default_factory=set)  # recipes of the plan
    part_of: dict[str, str] = field(default_factory=dict)  # site of a programme -> the works that it is part of


def realise(opened: Opened, patterns: Iterable[Pattern]) -> Network:
    """The network once some changed patterns are in force.

    Parameters
    ----------
    opened : Opened
        The question that they answer.
    patterns : iterable of Pattern
        Such as `Choice.changed` of some vehicles.

    Returns
    -------
    Network
        Valid as a network of files: ``supplier/saltillo_for_lansing_crossover_ice`` is the part of the Saltillo works
        that supplies one programme. Its price holds the tools and the loss of choice of the plan; its lines are sized
        for the programme at today's planned use. Works that nobody asks any more are gone; works that more is asked
        of are quicker in proportion. The same network where nothing changes.
    """
    network = opened.question.network
    draft = _Draft(dict(network.sites), dict(network.recipes), dict(network.lanes), dict(network.routes))
    changed = list(patterns)
    if not changed:
        return network
    for pattern in changed:
        _replace_family(opened, draft, pattern)
    _drop_unasked(draft)
    return _sealed(network, draft)


def _replace_family(opened: Opened, draft: _Draft, pattern: Pattern) -> None:
    vehicle = draft.recipes[pattern.vehicle]
    for lane in opened.question.network.lanes_into(vehicle.id, pattern.part):
        del draft.lanes[lane.id]
    inputs = tuple(
        replace(item, cover_h=pattern.cover_h) if item.part == pattern.part else item for item in vehicle.inputs
    )
    draft.recipes[vehicle.id] = replace(vehicle, inputs=inputs)
    for supply in pattern.supplies:
        recipe = _programme(opened, draft, pattern, supply)
        today = opened.question.network.lanes_into(vehicle.id, pattern.part)
        like = next((lane for lane in today if lane.mode == supply.mode), today[0])
        _add_lane(
            draft,
            replace(
                like,
                from_recipe=recipe,
                share_pct=supply.share_pct,
                load_units=supply.load_units,
                mode=supply.mode,
                milk_run="",
                evidence=TOLD,
            ),
        )


def _programme(opened: Opened, draft: _Draft, pattern: Pattern, supply: Supply) -> str:
    """The part of a works that supplies one family of one vehicle; returns its recipe."""
    trial = opened.trial.network
    made = trial.recipes[supply.recipe]
    tag = pattern.vehicle.removeprefix("plant/").replace("/", "_")
    price = opened.price(pattern, supply)
    recipe = _copy(draft, made, f"{made.site}_for_{tag}", pattern.vehicle, supply.premium * price)
    for item in made.inputs:
        for lane in trial.lanes_into(made.id, item.part):
            extra = opened.trial.premium.get(lane.id, 0.0)
            source = lane.from_recipe
            if extra:
                inner = trial.recipes[source]
                own = opened.lane_price(lane.id) / (1 + extra)
                site = f"{inner.site}_for_{tag}_{pattern.part}"
                source = _copy(draft, inner, site, pattern.vehicle, extra * own)
                for deeper in inner.inputs:
                    for inbound in trial.lanes_into(inner.id, deeper.part):
                        _add_lane(draft, replace(inbound, to_recipe=source, to_site=site, milk_run="", evidence=TOLD))
            kept = replace(lane, from_recipe=source, to_recipe=recipe, to_site=draft.recipes[recipe].site)
            _add_lane(draft, replace(kept, milk_run="", evidence=TOLD))
    return recipe


def _copy(draft: _Draft, made: Recipe, site: str, vehicle: str, dearer_usd: float) -> str:
    """Add a works like another, dearer by some US dollars a unit; returns its recipe."""
    base = draft.sites[made.site]
    draft.sites.setdefault(site, replace(base, id=site, name=f"{base.name}, for {vehicle}"))
    recipe = f"{site}/{made.part}"
    overhead = round(made.overhead_usd + dearer_usd, 6)
    own = replace(made, id=recipe, site=site, overhead_usd=overhead, evidence=TOLD)
    draft.recipes[recipe] = own
    draft.made.add(recipe)
    draft.part_of[site] = made.site
    return recipe


def _add_lane(draft: _Draft, lane: Lane) -> None:
    """Add a lane under the id that its ends give it, and its route, as of the works that its ends are part of."""
    name = f"{lane.from_recipe}..{lane.to_recipe}"
    ends = (draft.recipes[lane.from_recipe].site, lane.to_site)
    if (*ends, lane.mode) not in draft.routes:
        here, there = (draft.part_of.get(site, site) for site in ends)
        for mode in (lane.mode, *LEAST_SHARE):  # with the routes for emergencies
            for route in draft.routes.get((here, there, mode), ()):
                known = draft.routes.get((*ends, mode), ())
                draft.routes[*ends, mode] = (*known, replace(route, from_site=ends[0], to_site=ends[1]))
    hurried = any((*ends, mode) in draft.routes for mode in LEAST_SHARE)
    draft.lanes[name] = replace(lane, id=name, expedite=lane.expedite if hurried else "")


def _drop_unasked(draft: _Draft) -> None:
    """Remove recipes whose output nobody takes, with their inbound lanes, and sites where nothing is left."""
    while True:
        asked = {lane.from_recipe for lane in draft.lanes.values()}
        gone = [name for name, recipe in draft.recipes.items() if name not in asked and recipe.schedule is None]
        if not gone:
            break
        for name in gone:
            del draft.recipes[name]
        dead = set(gone)
        draft.lanes = {name: lane for name, lane in draft.lanes.items() if lane.to_recipe not in dead}
    used = {recipe.site for recipe in draft.recipes.values()} | {lane.to_site for lane in draft.lanes.values()}
    draft.sites = {name: site for name, site in draft.sites.items() if name in used}
    ways = {(draft.recipes[x.from_recipe].site, x.to_site) for x in draft.lanes.values()}
    draft.routes = {key: routes for key, routes in draft.routes.items() if key[:2] in ways}


def _sealed(network: Network, draft: _Draft) -> Network:
    """Size lines and loads for the volumes of the plan, put everything in order, and close the network."""
    ordered = _ordered(network, draft)
    before, after = daily_units(network), daily_units(ordered)
    recipes = {}
    for name, recipe in draft.recipes.items():
        own = recipe
        if name in draft.made:
            own = replace(recipe, work_s=_work_s(ordered, recipe, after[name]))
        elif before.get(name, 0.0) < after[name]:
            own = replace(recipe, work_s=recipe.work_s * before[name] / after[name])
        recipes[name] = own
    lanes = {name: _sized(network, lane, after) for name, lane in draft.lanes.items()}
    draft.recipes, draft.lanes = recipes, lanes
    sealed = _ordered(network, draft)
    return replace(sealed, digest=digest(sealed))


def _work_s(network: Network, recipe: Recipe, daily: float) -> float:
    hours = sum(end - begin for _, begin, end in network.calendars[recipe.calendar].shifts)
    return float(f"{recipe.lines * hours * 3600 * USE / (daily * DAYS):.6g}")


def _sized(network: Network, lane: Lane, after: Mapping[str, float]) -> Lane:
    """Inbound loads of a programme are those of its works, of which it takes a part, up to so many days' use."""
    if lane.id in network.lanes or not lane.to_recipe or lane.to_recipe in network.recipes:
        return lane
    return replace(lane, load_units=max(1, min(lane.load_units, math.ceil(MOST_DAYS * after[lane.id]))))


def _ordered(network: Network, draft: _Draft) -> Network:
    runs: dict[str, int] = defaultdict(int)
    for lane in draft.lanes.values():
        runs[lane.milk_run] += 1
    return replace(
        network,
        sites=in_order(draft.sites),
        recipes=in_order(draft.recipes),
        lanes=in_order(draft.lanes),
        routes=in_order(draft.routes),
        milk_runs=MappingProxyType({name: run for name, run in network.milk_runs.items() if runs[name]}),
        digest="",
    )
