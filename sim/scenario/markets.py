"""Where a scenario has vehicles sold: shares of the markets of assembly recipes, and the network that results."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from sim.errors import Problem, nearest
from sim.scenario.parsers import parse_share
from sim.scenario.sheet import Reader
from sim.units import PPM
from sim.yaml_text import Location

if TYPE_CHECKING:
    from sim.network.model import Lane, Network

Markets = Mapping[str, Mapping[str, float]]  # assembly recipe -> market -> percent of what it builds
CLOSE = 1e-6  # percent; shares are written in parts per million


def read_markets(reader: Reader, network: Network | None) -> dict[str, dict[str, float]]:
    """Read the mapping ``markets``; what is wrong, or names what the network lacks, is noted in the reader."""
    found: dict[str, dict[str, float]] = {}
    for recipe in reader.names(("markets",)):
        here: Location = ("markets", recipe)
        shares = {name: reader.parsed((*here, name), parse_share, None) for name in reader.names(here)}
        if None not in shares.values():
            found[recipe] = {name: 100 * ppm / PPM for name, ppm in shares.items() if ppm is not None}
    if network is not None:
        for location, message in _wrong(network, found):
            reader.add(location, message)
    return found


def with_markets(network: Network, markets: Markets) -> tuple[Network, list[Problem]]:
    """A network whose vehicles go to their markets in other shares, and what is wrong with it.

    Parameters
    ----------
    markets : mapping of str to mapping of str to float
        Assembly recipe to the percent of its vehicles that go to each of its markets, all of them named.

    Returns
    -------
    Network
        Its digest tells it from the one that was given.
    list of Problem
        Each with its place, such as ``markets.plant/lansing/crossover_ice.market/canada``.
    """
    problems = [Problem(".".join(map(str, location)), message) for location, message in _wrong(network, markets)]
    if problems or not markets:
        return network, problems
    from sim.network.load import digest  # late: `sim --help` must not wait for it

    lanes = {
        name: replace(lane, share_pct=float(markets[lane.from_recipe][lane.to_site]))
        if not lane.to_recipe and lane.from_recipe in markets
        else lane
        for name, lane in network.lanes.items()
    }
    changed = replace(network, lanes=MappingProxyType(lanes))
    return replace(changed, digest=digest(changed) if network.digest else ""), []


def _wrong(network: Network, markets: Markets) -> Iterator[tuple[Location, str]]:
    sold: dict[str, list[Lane]] = {name: [] for name, recipe in network.recipes.items() if recipe.schedule}
    for lane in network.lanes.values():
        if not lane.to_recipe and lane.from_recipe in sold:
            sold[lane.from_recipe].append(lane)
    for recipe, shares in markets.items():
        here: Location = ("markets", recipe)
        if recipe not in sold:
            yield here, f"no assembly recipe named '{recipe}'. {nearest(recipe, sold, 'assembly recipes')}"
            continue
        known = {lane.to_site for lane in sold[recipe]}
        for name, share in shares.items():
            if name not in known:
                yield (*here, name), f"'{recipe}' has no market named '{name}'. {nearest(name, known, 'markets')}"
            elif not 0 < share <= 100:
                yield (*here, name), f"{share:g} % is out of bounds. Allowed: above 0 % to 100 %."
        missing = sorted(known - set(shares))
        if missing:
            yield here, f"says nothing of {', '.join(missing)}. Name all markets of the recipe."
        elif set(shares) == known and abs(math.fsum(shares.values()) - 100) > CLOSE:
            yield here, f"shares add up to {math.fsum(shares.values()):.6g} %. Write such as add up to 100 %."
