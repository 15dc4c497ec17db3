"""Make the midsize network from its fact tables: ``python -m sim.network.make_midsize OUT``."""

from __future__ import annotations

import sys
from pathlib import Path

from sim.network.build.draft import Build, Draft, Need, add_chains, add_market_steps
from sim.network.build.facts import SHARED, PartFact, read_links, read_parts, read_sites
from sim.network.build.finish import Finisher
from sim.network.build.geography import NORTH_AMERICA
from sim.network.build.sourcing import country_shares, supplier_of
from sim.network.build.tables import Fact, read_facts

TITLE = "One vehicle family built in Michigan, Ontario and central Mexico"
MARKETS = ("us_midwest", "us_south", "canada", "mexico")
PICKUP_SWAPS = {"engine": "engine_v8", "subframes": "truck_chassis"}  # body on frame, larger engine


class Midsize:
    """The draft of the network, stage by stage from the vehicles up."""

    def __init__(self) -> None:
        parts = read_parts(SHARED / "parts.csv") | read_parts(SHARED / "chain_parts.csv")
        self.draft = Draft(parts)
        self.sourcing = {row["part"]: row for row in read_facts(SHARED / "sourcing.csv")}
        self.materials = read_facts(SHARED / "materials.csv")
        self.links = read_links(SHARED / "chains.csv")
        self.country = {site: row["country"] for site, row in read_sites().items()}
        # Recipes that a chain feeds below tier 1 take what the chain brings instead of the family's usual inputs.
        self.chained = {f"{link.site}/{link.part}" for link in self.links if link.part and parts[link.part].tier > 1}

    def make(self) -> Draft:
        """Vehicles, their families, what these are made of, and the documented chains."""
        for row in read_facts(SHARED / "builds.csv"):
            self._add_vehicle(row)
        add_chains(self.draft, self.links)
        add_market_steps(self.draft, self.links)
        self._apply_overrides()
        for recipe in list(self.draft.makers):
            self._add_inputs(recipe)
        add_chains(Draft(self.draft.parts, self.draft.makers), self.links)  # the chains have the last word
        self.draft.drop_unused()
        return self.draft

    def _add_vehicle(self, row: Fact) -> None:
        site, part = row["recipe"].rsplit("/", 1)
        recipe = self.draft.maker(site, part)
        shares = {f"market/{name}": int(row[f"{name}_pct"]) for name in MARKETS}
        markets = {name: share for name, share in shares.items() if share}
        self.draft.builds[recipe] = Build(int(row["vehicles_per_day"]), markets)
        variant = "BEV" if row["family"] == "BEV" else "ICE"
        for family in self._families(variant):
            name = PICKUP_SWAPS.get(family.id, family.id) if row["family"] == "PICKUP" else family.id
            if name in self.sourcing:
                self._source(recipe, name, 1)

    def _families(self, variant: str) -> list[PartFact]:
        found = []
        for name, row in self.sourcing.items():
            part = self.draft.parts[name]
            if part.tier == 1 and row["variant"] in (variant, "both"):
                found.append(part)
        return found

    def _source(self, recipe: str, part: str, quantity: int) -> None:
        """Set an input from the sourcing rule, making its suppliers and their inputs as needed."""
        row = self.sourcing[part]
        consumer = self.country[self.draft.makers[recipe].site]
        shares = country_shares(row, consumer, self.draft.parts[part].part_class)
        sources = {self.draft.maker(supplier_of(row, c), part): share for c, share in shares.items()}
        self.draft.need(recipe, part, quantity, sources)
        for source in sources:
            self._add_inputs(source)

    def _add_inputs(self, recipe: str) -> None:
        """Nested inputs of a North American recipe: parts with this parent, and its materials."""
        maker = self.draft.makers[recipe]
        if self.country[maker.site] not in NORTH_AMERICA or recipe in self.chained or maker.part not in self.sourcing:
            return
        wanted = {name: 1 for name, row in self.sourcing.items() if row["parent"] == maker.part}
        wanted |= {row["part"]: int(row["quantity_per"]) for row in self.materials if row["used_in"] == maker.part}
        for part, quantity in wanted.items():
            if part not in maker.needs:
                self._source(recipe, part, quantity)

    def _apply_overrides(self) -> None:
        chosen: dict[tuple[str, str], dict[str, int]] = {}
        for row in read_facts(SHARED / "overrides.csv"):
            sources = chosen.setdefault((row["recipe"], row["part"]), {})
            sources[self.draft.maker(*row["source"].rsplit("/", 1))] = int(row["share_pct"])
        for (recipe, part), sources in chosen.items():
            self.draft.makers[recipe].needs[part] = Need(1, sources)


def make_midsize(folder: Path) -> None:
    """Write the midsize network into a folder, replacing files of the same name.

    Parameters
    ----------
    folder : Path
    """
    Finisher(Midsize().make()).write(folder, TITLE)


if __name__ == "__main__":
    make_midsize(Path(sys.argv[1]))
