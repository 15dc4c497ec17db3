"""A network being put together: who makes what from whom, before volumes, loads and routes are worked out."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from itertools import pairwise

from sim.network.build.facts import Link, PartFact


@dataclass(slots=True)
class Need:
    """One input of a recipe: how much of it, and from which recipes by share (percent, adding up to 100)."""

    quantity: int
    sources: dict[str, int]


@dataclass(slots=True)
class Maker:
    """A recipe in the making."""

    site: str
    part: str
    needs: dict[str, Need] = field(default_factory=dict)

    def sources(self) -> Iterator[str]:
        """Recipes that supply it, once for each lane."""
        for need in self.needs.values():
            yield from need.sources


@dataclass(frozen=True, slots=True)
class Build:
    """The schedule of an assembly recipe.

    Parameters
    ----------
    vehicles_per_day : int
        On a working day.
    markets : mapping of str to int
        Shares in percent by market.
    modes : mapping of str to str
        How vehicles travel to a market; where it is not told, by truck within the country and else by rail.
    """

    vehicles_per_day: int
    markets: Mapping[str, int]
    modes: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Draft:
    """Parts, makers and schedules; `temporary` holds the lanes whose last border is a temporary import."""

    parts: dict[str, PartFact]
    makers: dict[str, Maker] = field(default_factory=dict)
    builds: dict[str, Build] = field(default_factory=dict)
    temporary: set[tuple[str, str]] = field(default_factory=set)
    journeys: list[tuple[str, str, int, str]] = field(default_factory=list)

    def maker(self, site: str, part: str) -> str:
        """Id of the recipe of a part at a site, which is made when it is new."""
        recipe = f"{site}/{part}"
        self.makers.setdefault(recipe, Maker(site, part))
        return recipe

    def need(self, recipe: str, part: str, quantity: int, sources: Mapping[str, int]) -> None:
        """Set an input of a recipe and where it comes from."""
        self.makers[recipe].needs[part] = Need(quantity, dict(sources))

    def order(self) -> list[str]:
        """Recipes from raw materials to vehicles, ties by id."""
        sorter = TopologicalSorter(
            {recipe: sorted(self._suppliers(recipe)) for recipe in sorted(self.makers)},
        )
        return list(sorter.static_order())

    def _suppliers(self, recipe: str) -> set[str]:
        return {source for need in self.makers[recipe].needs.values() for source in need.sources}

    def weekly_units(self) -> dict[str, float]:
        """Units that each recipe makes in a week of five working days."""
        week = dict.fromkeys(self.makers, 0.0)
        for recipe, build in self.builds.items():
            week[recipe] = build.vehicles_per_day * 5.0
        for recipe in reversed(self.order()):
            for need in self.makers[recipe].needs.values():
                for source, share in need.sources.items():
                    week[source] += week[recipe] * need.quantity * share / 100
        return week

    def drop_unused(self) -> None:
        """Remove recipes that nothing asks for."""
        while unused := [recipe for recipe, units in self.weekly_units().items() if units == 0]:
            for recipe in unused:
                del self.makers[recipe]


def add_chains(draft: Draft, links: Sequence[Link]) -> None:
    """Lay the documented chains into a draft: each stop takes the product of the stop before it.

    Parameters
    ----------
    draft : Draft
        Changed in place.
    links : sequence of Link
        In order of journey, branch and step; stops without a part (markets) are left to `add_market_steps`.
    """
    before: Link | None = None
    for link in links:
        if not link.part:
            continue
        recipe = draft.maker(link.site, link.part)
        if before is not None and (before.journey, before.branch) == (link.journey, link.branch):
            source = f"{before.site}/{before.part}"
            if link.share_pct:
                _force_source(draft, recipe, before.part, link, source)
            if link.recorded:
                draft.journeys.append((link.journey, link.branch, before.step, f"{source}..{recipe}"))
            if link.movement == "temporary":
                draft.temporary.add((source, recipe))
        before = link


def add_market_steps(draft: Draft, links: Sequence[Link]) -> None:
    """The last step of a journey that ends in a sale (a stop without a part) is the lane to that market."""
    for before, link in pairwise(links):
        if not link.part:
            lane = f"{before.site}/{before.part}..{link.site}"
            draft.journeys.append((link.journey, link.branch, before.step, lane))


def _force_source(draft: Draft, recipe: str, part: str, link: Link, source: str) -> None:
    """Give one source its share of an input; the others keep their proportions in what is left."""
    needs = draft.makers[recipe].needs
    others = dict(needs[part].sources) if part in needs else {}
    others.pop(source, None)
    rest = 100 - link.share_pct if others else 0
    sources = {name: share for name, share in split_shares(others, rest).items() if share}
    needs[part] = Need(link.quantity_per, {source: 100 - sum(sources.values()), **sources})


def split_shares(weights: Mapping[str, float], total: int) -> dict[str, int]:
    """Whole percents in proportion to weights, adding up to `total` (largest remainder, ties by name).

    Examples
    --------
    >>> split_shares({"a": 1, "b": 1, "c": 1}, 100)
    {'a': 34, 'b': 33, 'c': 33}
    """
    scale = sum(weights.values())
    if not scale or not total:
        return dict.fromkeys(weights, 0)
    exact = {name: weight * total / scale for name, weight in weights.items()}
    shares = {name: int(value) for name, value in exact.items()}
    short = total - sum(shares.values())
    for name in sorted(exact, key=lambda n: (shares[n] - exact[n], n))[:short]:
        shares[name] += 1
    return shares


def chance_of(name: str) -> float:
    """Between 0 and 1; looks drawn, but is the same for a name wherever it is asked for."""
    return zlib.crc32(name.encode()) / 0xFFFFFFFF
