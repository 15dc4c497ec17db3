"""What a generated vehicle is made from: parts in tiers, each costed within its parent, some shared by many parents."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sim.network.build.draft import split_shares
from sim.network.build.facts import SHARED, PartFact, read_parts
from sim.network.build.tables import read_facts
from sim.network.generate.draws import Draws
from sim.network.generate.shape import Shape
from sim.streams import Streams

SOURCE = "generated"  # key of the entry in SOURCES.md that tells of every row
VEHICLES = ("crossover_ice", "pickup")
PARTS_USD = 25_500.0  # bought parts of a vehicle: 85 % of a factory cost of 30,000 USD, as in the reference networks
# Assumption: of what a part's own labour and overhead leave, this goes to the inputs that are made for it first, and
# with those that it shares with others no more than that.
FIRST_PCT, MOST_PCT = 60.0, 90.0
SHARED_CHANCE = 0.4  # assumption: part of the inputs that a second parent uses
MATERIAL_PARENTS = 4  # assumption: materials go into so many parts
MATERIAL_CHANCE = 0.5  # assumption: part of the deepest tier that is bought by the kilogram
QUANTITIES = (1, 1, 1, 2, 4)  # assumption: pieces of an input in one unit of its parent
SCRAP = 1.5  # assumption: at most so many kilograms of a material in a kilogram of part
CHILD_MASS = 0.8  # assumption: an input weighs at most so much of its parent
LEAST_KG, LEAST_M3 = 0.001, 0.000001


@dataclass(slots=True)
class Bill:
    """Parts by id, what each is made from, and the vehicles."""

    parts: dict[str, PartFact] = field(default_factory=dict)
    inputs: dict[str, dict[str, int]] = field(default_factory=dict)  # part -> quantity of each input
    tiers: list[list[str]] = field(default_factory=list)  # ids by tier, tier 1 first

    def bought_usd(self, part: str) -> float:
        """Cost of the inputs of one unit."""
        return sum(quantity * self.parts[name].unit_cost_usd for name, quantity in self.inputs[part].items())

    def left_usd(self, part: str, percent: float) -> float:
        """What inputs may still cost, at most a percentage of what labour and overhead leave."""
        fact = self.parts[part]
        rest = fact.unit_cost_usd * (100 - fact.labour_pct - fact.overhead_pct) / 100
        return rest * percent / 100 - self.bought_usd(part)


class Drafter:
    """Draws a bill tier by tier, from the vehicle down."""

    def __init__(self, shape: Shape, streams: Streams) -> None:
        self.shape = shape
        self.streams = streams
        known = read_parts(SHARED / "parts.csv")
        electric = {row["part"] for row in read_facts(SHARED / "sourcing.csv") if row["variant"] == "BEV"}
        families = [fact for name, fact in known.items() if name not in electric]
        self.first = [fact for fact in families if fact.tier == 1]
        self.deeper = [fact for fact in families if fact.tier > 1 and fact.part_class != "material"]
        self.materials = [fact for fact in families if fact.part_class == "material"]
        self.bill = Bill()

    def draft(self) -> Bill:
        """All tiers, then the vehicles that are built from the first."""
        counts = _tier_counts(self.shape)
        self._add_first(counts[0])
        for tier, count in enumerate(counts[1:], 2):
            self._add_tier(tier, count)
        self._add_vehicles()
        return self.bill

    def _add_first(self, count: int) -> None:
        """The parts that a vehicle is built from, scaled so that together they cost `PARTS_USD`."""
        draws = Draws(self.streams, "bill/tier/1")
        families = self._families(self.first, count, draws)
        scale = PARTS_USD / sum(fact.unit_cost_usd for fact in families)
        self.bill.tiers.append([self._add(fact, 1, scale, scale) for fact in families])

    def _families(self, known: Sequence[PartFact], count: int, draws: Draws) -> list[PartFact]:
        """Families in a drawn order; each comes again only when all have come."""
        found: list[PartFact] = []
        while len(found) < count:
            found += draws.shuffled(known)
        return found[:count]

    def _add(self, family: PartFact, tier: int, cost_scale: float, mass_scale: float, unit: str = "") -> str:
        number = len(self.bill.parts) + 1
        name = f"{family.id}_{number:0{len(str(self.shape.parts))}}"
        self.bill.inputs[name] = {}
        self.bill.parts[name] = replace(
            family,
            id=name,
            name=f"{family.name} {number}",
            tier=tier,
            unit=unit or family.unit,
            unit_cost_usd=family.unit_cost_usd * cost_scale,
            mass_kg=max(LEAST_KG, round(family.mass_kg * mass_scale, 6)),
            volume_m3=max(LEAST_M3, round(family.volume_m3 * mass_scale, 6)),
            steel_kg=round(family.steel_kg * mass_scale, 6),
            aluminium_kg=round(family.aluminium_kg * mass_scale, 6),
            basis="assumption",
            source=SOURCE,
        )
        return name

    def _add_tier(self, tier: int, count: int) -> None:
        """Inputs of the tier above: each made for one parent, some used by others as well."""
        draws = Draws(self.streams, f"bill/tier/{tier}")
        above = self.bill.tiers[-1]
        order = draws.shuffled(above)
        families = self._families(self.deeper, count, draws)
        is_last = tier == self.shape.tiers
        homes = [order[number % len(order)] for number in range(count)]
        made_for = Counter(homes)
        budget = {parent: self.bill.left_usd(parent, FIRST_PCT) / made_for[parent] for parent in made_for}
        added = []
        for number, (family, parent) in enumerate(zip(families, homes, strict=True)):
            by_weight = is_last and (number == 0 or draws.happens(MATERIAL_CHANCE))
            known = [fact for fact in self.materials if by_weight and fact.unit_cost_usd <= budget[parent]]
            if known:
                added.append(self._add_material(draws.pick(known), tier, parent, budget[parent]))
            else:
                added.append(self._add_piece(family, tier, parent, budget[parent], draws.pick(QUANTITIES)))
        higher = [part for names in self.bill.tiers for part in names]
        for name in added:
            self._share(name, higher, draws)
        self.bill.tiers.append(added)

    def _add_piece(self, family: PartFact, tier: int, parent: str, budget: float, quantity: int) -> str:
        """A part of which its first parent takes one or a few pieces, costed and weighed to fit it."""
        scale = budget / quantity / family.unit_cost_usd
        most_kg = CHILD_MASS * self.bill.parts[parent].mass_kg / quantity
        name = self._add(family, tier, scale, min(scale, most_kg / family.mass_kg), "piece")
        self.bill.inputs[parent][name] = quantity
        return name

    def _add_material(self, family: PartFact, tier: int, parent: str, budget: float) -> str:
        """A material by the kilogram, at the price and mass of its family."""
        name = self._add(family, tier, 1.0, 1.0)
        self.bill.inputs[parent][name] = self._kilograms(name, parent, budget)
        return name

    def _kilograms(self, material: str, parent: str, budget: float) -> int:
        fact = self.bill.parts[material]
        most = math.ceil(SCRAP * self.bill.parts[parent].mass_kg / fact.mass_kg)
        return max(1, min(most, math.floor(budget / fact.unit_cost_usd)))

    def _share(self, name: str, higher: Sequence[str], draws: Draws) -> None:
        """Let parts of any higher tier use an input as well, where it fits what they have left."""
        fact = self.bill.parts[name]
        by_weight = fact.part_class == "material"
        chances = MATERIAL_PARENTS - 1 if by_weight else int(draws.happens(SHARED_CHANCE))
        for _ in range(chances):
            parent = draws.pick(higher)
            left = self.bill.left_usd(parent, MOST_PCT)
            if name not in self.bill.inputs[parent] and fact.unit_cost_usd <= left:
                share = (MOST_PCT - FIRST_PCT) / MOST_PCT
                self.bill.inputs[parent][name] = self._kilograms(name, parent, left * share) if by_weight else 1

    def _add_vehicles(self) -> None:
        known = read_parts(SHARED / "chain_parts.csv")
        for name in VEHICLES:
            self.bill.parts[name] = replace(known[name], basis="assumption", source=SOURCE)
            self.bill.inputs[name] = dict.fromkeys(self.bill.tiers[0], 1)


def _tier_counts(shape: Shape) -> list[int]:
    """Parts in each tier: one at least, the rest halved from tier to tier."""
    weights = {f"{tier}": 0.5**tier for tier in range(1, shape.tiers + 1)}
    more: Mapping[str, int] = split_shares(weights, shape.parts - shape.tiers)
    return [1 + more[tier] for tier in weights]
