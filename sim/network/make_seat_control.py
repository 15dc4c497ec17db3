"""Make the network of documented journeys from its fact tables: ``python -m sim.network.make_seat_control OUT``."""

from __future__ import annotations

import sys
from pathlib import Path

from sim.network.build.draft import Build, Draft, add_chains, add_market_steps
from sim.network.build.facts import NETWORKS, SHARED, read_links, read_parts
from sim.network.build.finish import Finisher
from sim.network.build.tables import read_facts

TITLE = "Documented journeys of car parts across North American borders"
FACTS = NETWORKS / "seat_control" / "facts"
MARKETS = ("us_midwest", "us_south", "canada", "mexico")


def make_seat_control(folder: Path) -> None:
    """Write the network of documented journeys into a folder, replacing files of the same name.

    Parameters
    ----------
    folder : Path
    """
    known = [read_parts(path) for path in (SHARED / "parts.csv", SHARED / "chain_parts.csv", FACTS / "parts.csv")]
    draft = Draft({name: part for table in known for name, part in table.items()})
    links = read_links(FACTS / "chains.csv")
    for row in read_facts(FACTS / "builds.csv"):
        recipe = draft.maker(*row["recipe"].rsplit("/", 1))
        shares = {f"market/{name}": int(row[f"{name}_pct"]) for name in MARKETS}
        markets = {name: share for name, share in shares.items() if share}
        draft.builds[recipe] = Build(int(row["vehicles_per_day"]), markets)
    add_chains(draft, links)
    add_market_steps(draft, links)
    Finisher(draft).write(folder, TITLE)


if __name__ == "__main__":
    make_seat_control(Path(sys.argv[1]))
