"""Who makes what in a generated network, and who supplies whom: every works is asked for something by somebody."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from sim.network.build.draft import Build, Draft
from sim.network.generate.bill import VEHICLES, Bill
from sim.network.generate.draws import Draws
from sim.network.generate.places import Ground, in_north_america
from sim.network.generate.shape import Shape
from sim.streams import Streams

DUAL_CHANCE = 0.3  # assumption: part of the stocks that two works supply although one could
SPLITS = ((50, 50), (60, 40), (70, 30), (80, 20))  # assumption: shares of two sources, in percent
NEAR = {"home": 4.0, "region": 1.0, "overseas": 0.5}  # assumption: how readily a source is chosen by where it is
TEMPORARY_CHANCE = 0.25  # assumption: part of the works in Mexico whose inputs come under temporary import
# Assumption: where vehicles are sold, in percent; their own country takes something more.
MARKETS = {"market/us_midwest": 40, "market/us_south": 30, "market/canada": 10, "market/mexico": 8}
HOME_MARKET = 12  # assumption: what is added to the weight of a plant's own country among its markets


class Supplier:
    """Puts parts to works and works to works, tier by tier from the vehicles down."""

    def __init__(self, shape: Shape, bill: Bill, grounds: Mapping[str, Ground], streams: Streams) -> None:
        self.shape = shape
        self.bill = bill
        self.grounds = grounds
        self.streams = streams
        self.draft = Draft(bill.parts)
        self.users: dict[str, list[str]] = {part: [] for part in bill.parts}  # part -> recipes that use it
        works = [ground.id for ground in grounds.values() if ground.kind == "supplier"]
        self.waiting = deque(Draws(streams, "supply/works").shuffled(works))  # who was given work goes to the end

    def draft_supply(self) -> Draft:
        """The whole draft: vehicles, makers of every part, and sources of every input."""
        self._add_vehicles()
        counts = self._maker_counts()
        for names in self.bill.tiers:
            for part in names:
                self._supply(part, counts[part])
        return self.draft

    def _add_vehicles(self) -> None:
        for number, ground in enumerate(g for g in self.grounds.values() if g.kind == "plant"):
            crossover, pickup = VEHICLES
            recipe = self.draft.maker(ground.id, pickup if number % 3 == 1 else crossover)
            home = {"US": "market/us_midwest", "CA": "market/canada", "MX": "market/mexico"}[ground.country]
            markets = MARKETS | {home: MARKETS[home] + HOME_MARKET}
            self.draft.builds[recipe] = Build(self.shape.vehicles_per_day, markets)
            self._use_inputs(recipe)

    def _use_inputs(self, recipe: str) -> None:
        maker = self.draft.makers[recipe]
        if in_north_america(self.grounds[maker.site]):
            for part in self.bill.inputs[maker.part]:
                self.users[part].append(recipe)

    def _maker_counts(self) -> dict[str, int]:
        """How many works make each part: the mean is the one asked for, some have more and others as many less."""
        draws = Draws(self.streams, "supply/counts")
        order = draws.shuffled([part for names in self.bill.tiers for part in names])
        counts = dict.fromkeys(order, self.shape.makers)
        for more, less in zip(order[::2], order[1::2], strict=False):
            moved = draws.below(self.shape.makers)
            counts[more] += moved
            counts[less] -= moved
        return counts

    def _supply(self, part: str, count: int) -> None:
        """Choose the works that make a part, and from which of them each recipe that uses it takes how much."""
        users = self.users[part]
        makers = [self.draft.maker(site, part) for site in self._works(part, min(count, 2 * len(users)))]
        sources = self._sources(Draws(self.streams, f"part/{part}"), makers, users)
        for recipe, chosen in sources.items():
            quantity = self.bill.inputs[self.draft.makers[recipe].part][part]
            self.draft.need(recipe, part, quantity, chosen)
        for maker in makers:
            self._use_inputs(maker)

    def _works(self, part: str, count: int) -> list[str]:
        """The next works in turn; one at least in North America where the part has inputs that must be used."""
        chosen: list[str] = []
        for _ in range(min(count, len(self.waiting))):
            at_home = bool(self.bill.inputs[part]) and not chosen
            following = next(
                site
                for site in self.waiting
                if site not in chosen and (not at_home or in_north_america(self.grounds[site]))
            )
            chosen.append(following)
        for site in chosen:
            self.waiting.remove(site)
            self.waiting.append(site)
        return chosen

    def _sources(self, draws: Draws, makers: Sequence[str], users: Sequence[str]) -> dict[str, dict[str, int]]:
        """One or two makers for each user, shares in percent; no maker is left without a user."""
        idle = draws.shuffled(makers)
        chosen: dict[str, list[str]] = {}
        order = draws.shuffled(users)
        for user in order:
            first = self._nearest(draws, idle or makers, user)
            chosen[user] = [first]
            if first in idle:
                idle.remove(first)
        for user in order:
            others = [maker for maker in makers if maker not in chosen[user]]
            if idle:
                chosen[user].append(idle.pop())
            elif others and draws.happens(DUAL_CHANCE):
                chosen[user].append(self._nearest(draws, others, user))
        return {user: self._shares(draws, chosen[user]) for user in sorted(chosen)}

    def _shares(self, draws: Draws, chosen: Sequence[str]) -> dict[str, int]:
        if len(chosen) == 1:
            return {chosen[0]: 100}
        return dict(zip(chosen, draws.pick(SPLITS), strict=True))

    def _nearest(self, draws: Draws, makers: Sequence[str], user: str) -> str:
        here = self._ground(user).country
        weights = []
        for maker in makers:
            ground = self._ground(maker)
            region = "region" if in_north_america(ground) else "overseas"
            weights.append(NEAR["home" if ground.country == here else region])
        return draws.weighted(makers, weights)

    def _ground(self, recipe: str) -> Ground:
        return self.grounds[self.draft.makers[recipe].site]


def temporary_sites(grounds: Mapping[str, Ground], streams: Streams) -> frozenset[str]:
    """Works in Mexico that bring their inputs in under temporary import."""
    draws = Draws(streams, "supply/temporary")
    works = [ground.id for ground in grounds.values() if ground.kind == "supplier" and ground.country == "MX"]
    return frozenset(site for site in works if draws.happens(TEMPORARY_CHANCE))
