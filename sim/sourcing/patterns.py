"""Sourcing patterns: for each part family of a vehicle the mixes of sources that a plan may choose from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sim.network.build.cover import cover_hours
from sim.network.build.draft import split_shares
from sim.network.build.finish import load_units
from sim.network.capacity import CAPACITY
from sim.network.model import NORTH_AMERICA, Lane, Network, Recipe
from sim.parameters import Parameters
from sim.sourcing.costs import SPARE, WORKING_DAYS, mismatch, qualification, tooling
from sim.sourcing.facts import family_of
from sim.sourcing.trial import WITHIN, Trial

MOVED = (1 / 3, 2 / 3, 1.0)  # parts of a source's share that a pattern gives to another source
MOST_SOURCES = 3  # of a changed family
PER_COUNTRY = 1  # works considered in a country beside those that supply now


@dataclass(frozen=True, slots=True)
class Supply:
    """One source of a pattern.

    Parameters
    ----------
    recipe : str
        Of the trial network: a works as it is, or as it is asked to buy.
    base : str
        The works' recipe of today, or that of a newcomer.
    asked : str
        ``regional``, ``us`` or empty.
    share_pct : float
    mode : str
    load_units : int
    premium : float
        Part of its price that it costs more than its recipe says.
    """

    recipe: str
    base: str
    asked: str
    share_pct: float
    mode: str
    load_units: int
    premium: float


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to source an input of a vehicle; the first of each family is that of today."""

    vehicle: str
    part: str
    supplies: tuple[Supply, ...]
    cover_h: float
    is_today: bool = False


def patterns_of(trial: Trial, vehicle: str, parameters: Parameters) -> dict[str, tuple[Pattern, ...]]:
    """Patterns of every input of a vehicle recipe, by part; the first of each is that of today.

    Notes
    -----
    Sources are those of today, the largest other works of each country with a route to the plant, and newcomers.
    Mixes: today's; a third, two thirds or all of one source's share given to another; everything from within North
    America, or from the United States, in today's proportions; everything from one source. Each with works that buy
    as they do, or that all buy within the region, or within the United States. A changed mix keeps to the least and
    the most share, and to three sources unless there are more today. Sequenced parts stay where they are: they are
    made next door.
    """
    recipe = trial.base.recipes[vehicle]
    return {item.part: tuple(_patterns(trial, recipe, item.part, parameters)) for item in recipe.inputs}


def _patterns(trial: Trial, vehicle: Recipe, part: str, parameters: Parameters) -> Iterator[Pattern]:
    network = trial.base
    lanes = network.lanes_into(vehicle.id, part)
    today = {lane.from_recipe: lane.share_pct for lane in lanes}
    cover = next(item.cover_h for item in vehicle.inputs if item.part == part)
    as_now = tuple(Supply(x.from_recipe, x.from_recipe, "", x.share_pct, x.mode, x.load_units, 0.0) for x in lanes)
    yield Pattern(vehicle.id, part, as_now, cover, is_today=True)
    if network.parts[part].part_class == "sequenced":
        return
    makers = _reachable(trial, vehicle, part, today)
    anchors = _anchors(trial, part, today, makers, parameters)
    seen: set[tuple[tuple[str, int], ...]] = set()
    for shares in _mixes(trial, today, makers, parameters):
        key = tuple(sorted(shares.items()))
        if key in seen:
            continue
        seen.add(key)
        for asked in ("", *WITHIN):
            names = {name: trial.told.get((name, asked), name) for name in shares}
            if asked and all(name == own for name, own in names.items()):
                continue
            if not asked and shares == today:
                continue
            yield _pattern(trial, vehicle, part, shares, names, asked, anchors, lanes, cover, parameters)


def _reachable(trial: Trial, vehicle: Recipe, part: str, today: Mapping[str, float]) -> list[str]:
    """Works of today, then the largest of each country that has a route to the plant."""
    found, beside = [*today], {trial.country(name): 0 for name in trial.makers[part]}
    for name in trial.makers[part]:
        country = trial.country(name)
        if name not in today and beside[country] < PER_COUNTRY and trial.way(name, vehicle.site):
            beside[country] += 1
            found.append(name)
    return found


def _anchors(
    trial: Trial, part: str, today: Mapping[str, float], makers: list[str], parameters: Parameters
) -> dict[str, float]:
    natural = family_of(trial.base.parts[part]).share_pct
    least = parameters.newcomer_share_pct
    return {name: today.get(name) or max(least, natural.get(trial.country(name), 0.0)) for name in makers}


def _mixes(
    trial: Trial, today: Mapping[str, float], makers: list[str], parameters: Parameters
) -> Iterator[dict[str, int]]:
    """Shares in whole percents by works."""
    yield _whole(today)
    for within in (frozenset(NORTH_AMERICA), frozenset({"US"})):
        kept = {name: share for name, share in today.items() if trial.country(name) in within}
        if kept and len(kept) < len(today):
            yield from _allowed(_whole(kept), today, parameters)
    for taker in makers:
        yield from _allowed({taker: 100}, today, parameters)
        for giver in today:
            if giver != taker:
                for moved in MOVED:
                    shares = dict(today)
                    shares[taker] = shares.get(taker, 0.0) + moved * today[giver]
                    shares[giver] = (1 - moved) * today[giver]
                    yield from _allowed(_whole(shares), today, parameters)


def _whole(shares: Mapping[str, float]) -> dict[str, int]:
    return {name: share for name, share in split_shares(shares, 100).items() if share}


def _allowed(shares: dict[str, int], today: Mapping[str, float], parameters: Parameters) -> Iterator[dict[str, int]]:
    """The shares, if they keep to the least, the most and the number of sources; today's shares always do."""
    for name, share in shares.items():
        kept = name in today and share == round(today[name])
        if not kept and not parameters.least_share_pct <= share <= max(parameters.most_share_pct, today.get(name, 0)):
            return
    if len(shares) <= max(MOST_SOURCES, len(today)):
        yield shares


def _pattern(
    trial: Trial,
    vehicle: Recipe,
    part: str,
    shares: Mapping[str, int],
    names: Mapping[str, str],
    asked: str,
    anchors: Mapping[str, float],
    lanes: tuple[Lane, ...],
    cover: float,
    parameters: Parameters,
) -> Pattern:
    network = trial.base
    by_maker = {lane.from_recipe: lane for lane in lanes}
    quantity = next(item.quantity_per for item in vehicle.inputs if item.part == part)
    yearly = yearly_vehicles(vehicle) * quantity
    price = trial.costs[lanes[0].from_recipe]
    less_choice = mismatch(shares, anchors, parameters.parts_elasticity) + qualification(yearly * price, parameters)
    supplies = []
    for name, share in sorted(shares.items()):
        now = by_maker.get(name)
        mode = now.mode if now else trial.way(name, vehicle.site)
        free = now.share_pct * SPARE if now else 0.0
        tools = tooling(share, free, yearly, parameters)
        units = _load_units(network, part, mode, yearly / WORKING_DAYS * share / 100, now, share)
        own = asked if names[name] != name else ""
        supplies.append(Supply(names[name], name, own, float(share), mode, units, less_choice + tools))
    hours = cover + sum(_cover(trial, x, vehicle, part) * (x.share_pct - _share(by_maker, x)) for x in supplies) / 100
    gone = [lane for lane in lanes if lane.from_recipe not in shares]
    hours -= sum(_lane_cover(network, lane, vehicle) * lane.share_pct for lane in gone) / 100
    return Pattern(vehicle.id, part, tuple(supplies), max(0.0, round(hours, 1)))


def yearly_vehicles(vehicle: Recipe) -> float:
    """Vehicles that a recipe is asked to build in a year of 250 working days."""
    return float(vehicle.schedule.vehicles_per_day * WORKING_DAYS) if vehicle.schedule else 0.0


def _share(by_maker: Mapping[str, Lane], supply: Supply) -> float:
    lane = by_maker.get(supply.base)
    return lane.share_pct if lane else 0.0


def _cover(trial: Trial, supply: Supply, vehicle: Recipe, part: str) -> float:
    site = trial.network.recipes[supply.recipe].site
    return _cover_between(trial.base, site, vehicle, part, supply.mode)


def _lane_cover(network: Network, lane: Lane, vehicle: Recipe) -> float:
    return _cover_between(network, network.recipes[lane.from_recipe].site, vehicle, lane.part, lane.mode)


def _cover_between(network: Network, site: str, vehicle: Recipe, part: str, mode: str) -> float:
    borders = len(network.routes[site, vehicle.site, mode][0].steps) - 1
    country = network.sites[vehicle.site].country
    return cover_hours(network.parts[part].part_class, mode, min(borders, 2), country)


def _load_units(network: Network, part: str, mode: str, daily: float, now: Lane | None, share: float) -> int:
    """Units of a load: today's in proportion to the share, else so many days' use; no more than a vehicle holds."""
    if now is None:
        return load_units(network.parts[part], mode, daily)
    kg, m3 = CAPACITY[mode]
    item = network.parts[part]
    room = max(item.mass_kg / kg, item.volume_m3 / m3)
    most = max(now.load_units, int(1 / room)) if room else now.load_units
    return max(1, min(most, int(now.load_units * share / now.share_pct)))
