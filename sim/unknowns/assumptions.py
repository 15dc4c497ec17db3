"""Every assumption behind a scenario that has a range: parameters, and numbers of the network column by column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sim.network import network_folder
from sim.parameters import AFTER_RUNS, nearest_value
from sim.scenario import Scenario
from sim.unknowns.columns import Group, groups_of, scaled_folder

LOW, HIGH = -1, 1


@dataclass(frozen=True, slots=True)
class Unknown:
    """One assumption, or many rows of one kind that are wrong together.

    Parameters
    ----------
    id : str
        ``parameters/pass_through_pct`` or ``network/recipes/labour_usd/MX``.
    meaning : str
    basis : str
        How it is known; of rows, the bases with their numbers.
    low, high : str
        The ends of the range, in words.
    change : callable
        From a scenario, and `LOW` or `HIGH`, to the scenario at that end.
    """

    id: str
    meaning: str
    basis: str
    low: str
    high: str
    change: Callable[[Scenario, int], Scenario]


@dataclass(frozen=True, slots=True)
class Unvaried:
    """What is assumed but not varied here, and why."""

    what: str
    why: str


def gather_unknowns(scenario: Scenario, scratch: Path) -> tuple[list[Unknown], list[Unvaried]]:
    """All that is assumed for a scenario.

    Parameters
    ----------
    scratch : Path
        Folder for changed copies of the network.

    Returns
    -------
    list of Unknown
        Those with a range; all rows of a column (of a country, for costs and wages) go to the same end together, each
        by its own range: what a shared error of estimation would do. Errors of single rows would cancel in part.
    list of Unvaried
    """
    unknowns, unvaried = _parameters(scenario)
    folder = network_folder(scenario.network)
    for group in groups_of(folder):
        made = _of_network(group, folder, scratch)
        if isinstance(made, Unvaried):
            unvaried.append(made)
        else:
            unknowns.append(made)
    unvaried += [
        Unvaried("border regimes (border_regimes.yaml)", "they have no ranges; compare `claim_regime` in a sweep"),
        Unvaried("values of the law marked memory or assumption", "no value of the law has a range; sweep `law/PATH`"),
        Unvaried("shares of sources and markets (lanes.csv, share_pct)", "they sum to 100 % for each stock and market"),
        Unvaried("hours of cover, shifts and schedules", "inputs.csv, calendars.csv and schedules.csv have no ranges"),
    ]
    return unknowns, unvaried


def _parameters(scenario: Scenario) -> tuple[list[Unknown], list[Unvaried]]:
    unknowns, unvaried = [], []
    for x in scenario.values().ranges.values():
        if x.name in AFTER_RUNS:
            unvaried.append(Unvaried(f"parameter {x.name}", "it moves nothing in a run: `sim market`, `sim relocate`"))
            continue
        if x.low == x.high:
            unvaried.append(Unvaried(f"parameter {x.name}", "its range is one value"))
            continue
        low, high = (f"{nearest_value(x.name, end):.12g} {x.unit}" for end in (x.low, x.high))
        ends = {LOW: low, HIGH: high}

        def change(s: Scenario, end: int, name: str = x.name, ends: dict[int, str] = ends) -> Scenario:
            return s.with_(parameters={**s.parameters, name: ends[end]})

        unknowns.append(Unknown(f"parameters/{x.name}", x.meaning, x.basis, ends[LOW], ends[HIGH], change))
    return unknowns, unvaried


def _of_network(group: Group, folder: Path, scratch: Path) -> Unknown | Unvaried:
    made: dict[int, Path] = {}
    for end in (LOW, HIGH):
        found = scaled_folder(folder, group, end, scratch)
        if isinstance(found, str):
            return Unvaried(f"{group.file}, {group.column}{' in ' + group.country if group.country else ''}", found)
        made[end] = found
    bases = Counter(group.bases)
    basis = ", ".join(f"{name} {count}" if len(bases) > 1 else name for name, count in sorted(bases.items()))

    def change(scenario: Scenario, end: int) -> Scenario:
        return scenario.with_(network=str(made[end]))

    return Unknown(group.id, group.meaning, basis, group.words(LOW), group.words(HIGH), change)
