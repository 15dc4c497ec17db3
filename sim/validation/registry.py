"""All that the program is held to, one line a target: its name, what it is, and the function that compares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sim.errors import SimError, nearest
from sim.validation.content_rules import labels, makers
from sim.validation.crossing_times import crossing_times, delays
from sim.validation.events import event_months
from sim.validation.finding import Finding
from sim.validation.journeys import traced_journeys
from sim.validation.own import compare_all, read_targets
from sim.validation.snapshots import snapshot_waits
from sim.validation.trade import trade_by_pair
from sim.validation.usual_waits import usual_waits
from sim.validation.year import weekday_trucks


@dataclass(frozen=True, slots=True)
class Block:
    """Targets that are compared together.

    Parameters
    ----------
    name : str
        What `sim validate NAME` asks for.
    about : str
        One sentence.
    compare : callable
        Yields one finding for each number.
    most : bool
        Whether it is enough that most of its numbers lie in their bands.
    """

    name: str
    about: str
    compare: Callable[[], Iterator[Finding]]
    most: bool = False


BLOCKS: tuple[Block, ...] = (
    Block("weekday_trucks", "Trucks on a weekday of 2024 by port, simulated, against counts", weekday_trucks),
    Block("crossing_times", "Crossing times of 2001, base time and wait, with that year's lanes", crossing_times),
    Block("delays", "Delay beyond free flow of 2001, northern bridges", delays),
    Block("makers", "Closed forms of makers under a content rule", makers),
    Block("labels", "Carlines whose label reaches a content rule, counted", labels),
    Block("journeys", "Borders and entries of traced journeys of parts", traced_journeys),
    Block("snapshots", "Waits of two days in CBP's feed, by port and class", snapshot_waits, most=True),
    Block(
        "events", "Trucks of a month lost or gained by an event, with and without its shocks", event_months, most=True
    ),
    Block(
        "trade", "Vehicles and parts over US borders in a year, by pair, and jobs in parts", trade_by_pair, most=True
    ),
    Block("usual_waits", "Usual waits and crossing times as told by agencies and press", usual_waits, most=True),
)


def blocks_named(names: Iterable[str]) -> list[Block]:
    """Blocks by name; all of them where no name is given.

    Raises
    ------
    SimError
        Every name that no block has.
    """
    asked = list(names)
    known = {block.name: block for block in BLOCKS}
    unknown = [f"no target named '{name}'. {nearest(name, known, 'targets')}" for name in asked if name not in known]
    if unknown:
        raise SimError("sim validate", unknown)
    return [known[name] for name in dict.fromkeys(asked)] or list(BLOCKS)


def own_blocks(files: Iterable[Path]) -> list[Block]:
    """A block for each file of targets of one's own.

    Raises
    ------
    ScenarioError
        Every problem of a file.
    """
    read = [(path, read_targets(path)) for path in files]
    return [Block(path.stem, f"Targets of {path.name}", partial(compare_all, path, found)) for path, found in read]
