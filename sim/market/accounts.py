"""What one vehicle holds of every country: value added, goods passed from country to country, hours of work by tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sim.customs.book import place_of
from sim.customs.content import PLACES
from sim.locate import data_dir
from sim.network.build.tables import read_facts
from sim.network.graph import supply_order
from sim.network.model import Network, Recipe

Floats = NDArray[np.float64]

TIERS = 4  # 0 assembly, 1 what vehicles are built from, 2 and 3 below
ROW: Mapping[str, int] = MappingProxyType({place: row for row, place in enumerate(PLACES)})


@dataclass(frozen=True, slots=True)
class Account:
    """What one unit of a recipe holds as it leaves its works, all tiers, at production cost.

    Parameters
    ----------
    added : float64[PLACES]
        Value added in each country, US dollars: labour, overhead, and materials that the network does not follow
        further, in the country they are bought in.
    passed : float64[PLACES, PLACES]
        Value of goods that went from one country (row) to another (column), US dollars: of a material when it is
        bought, of a part each time it is delivered. Nothing on the diagonal.
    jobs : float64[PLACES, TIERS]
        Years of work, by country and tier of what was made.
    """

    added: Floats
    passed: Floats
    jobs: Floats

    @property
    def value(self) -> float:
        """Production cost of the unit, US dollars."""
        return float(self.added.sum())

    def sold_in(self, made_in: str, place: str) -> Floats:
        """Goods passed from country to country by a unit that is sold somewhere, its own way there included."""
        found = self.passed.copy()
        if place != made_in:
            found[ROW[made_in], ROW[place]] += self.value
        return found

    def absorbed_in(self, place: str) -> Floats:
        """Value added of each country (row) that is used up where a unit is sold (column); diagonal left out."""
        found = np.zeros((len(PLACES), len(PLACES)))
        found[:, ROW[place]] = self.added
        np.fill_diagonal(found, 0.0)
        return found


def accounts(network: Network) -> Mapping[str, Account]:
    """The account of every recipe of a network, by the shares of its lanes.

    Notes
    -----
    Whatever the network, exports less imports of a country over all partners are the value added in it less what is
    sold in it, whether goods are counted each time they pass a border (gross) or value added once, where it is used
    up. The two differ by partner, not in total. Goods in transit are trade of the two ends.

    References
    ----------
    Value added absorbed abroad: R. Johnson and G. Noguera, Accounting for intermediates, Journal of International
    Economics 86 (2012) [memory].
    """
    found: dict[str, Account] = {}
    for name in supply_order(network):
        made = network.recipes[name]
        home = ROW[place_of(network.sites[made.site].country)]
        added, passed, jobs = _own(network, made, home)
        for item in made.inputs:
            for lane in network.lanes_into(name, item.part):
                units, part = item.quantity_per * lane.share_pct / 100, found[lane.from_recipe]
                added += units * part.added
                passed += units * part.passed
                jobs += units * part.jobs
                there = ROW[place_of(network.sites[network.recipes[lane.from_recipe].site].country)]
                passed[there, home] += units * part.value
        np.fill_diagonal(passed, 0.0)
        found[name] = Account(added, passed, jobs)
    return MappingProxyType(found)


def _own(network: Network, made: Recipe, home: int) -> tuple[Floats, Floats, Floats]:
    """What a recipe adds before its inputs."""
    site = network.sites[made.site]
    added, passed = np.zeros(len(PLACES)), np.zeros((len(PLACES), len(PLACES)))
    jobs = np.zeros((len(PLACES), TIERS))
    added[home] = made.labour_usd + made.overhead_usd
    if made.material_usd:
        bought = ROW[place_of(made.material_country or site.country)]
        added[bought] += made.material_usd
        passed[bought, home] += made.material_usd
    if site.wage_usd_h > 0:
        hours = made.labour_usd / site.wage_usd_h
        jobs[home, min(network.parts[made.part].tier, TIERS - 1)] = hours / hours_of_a_year(site.country)
    return added, passed, jobs


def hours_of_a_year(country: str) -> float:
    """Hours that one person works in a year, by country; those of the row ``other`` where nothing is known."""
    known = _hours()
    return known.get(country, known["other"])


@lru_cache(maxsize=1)
def _hours() -> Mapping[str, float]:
    rows = read_facts(data_dir() / "sourcing" / "hours.csv")
    return MappingProxyType({row["country"]: float(row["hours_year"]) for row in rows})
