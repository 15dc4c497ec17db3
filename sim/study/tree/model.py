"""What a policy tree is: branches that chance or politics decide, choices that firms take, each on a day of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from sim.scenario import Scenario, Shock
from sim.scenario.conduct import Sources
from sim.units import PPM

When: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]  # branch or choice -> what of it lets the other exist
Steps: TypeAlias = tuple[tuple[str, str], ...]  # branch -> outcome, or choice -> option, in order of their days


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way in which a branch may go.

    Parameters
    ----------
    name : str
        Unlike that of any other outcome of the tree.
    chance_ppm : int
        Probability once the branch is reached, parts per million.
    source : str
        Where the probability comes from; ``assumption`` where nobody says it.
    reforms : tuple of str
        Laid over the law of what came before.
    shocks : tuple of Shock
        Besides those of what came before.
    """

    name: str
    chance_ppm: int
    title: str = ""
    source: str = "assumption"
    reforms: tuple[str, ...] = ()
    shocks: tuple[Shock, ...] = ()

    @property
    def chance(self) -> float:
        """Probability, 0 to 1."""
        return self.chance_ppm / PPM


@dataclass(frozen=True, slots=True)
class Branch:
    """Where the future parts.

    Parameters
    ----------
    on : date
        Day on which everybody knows which way it went.
    when : When
        Outcomes of earlier branches with which it is reached.
    """

    name: str
    on: dt.date
    outcomes: tuple[Outcome, ...]
    when: When = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """Something that firms may do.

    Parameters
    ----------
    shocks : tuple of Shock
        Stock built before a date.
    claims : str
        How firms claim from the day of the choice on; empty for as before.
    sources : Sources or None
        What the sources chosen on that day are planned for.
    """

    name: str
    title: str = ""
    shocks: tuple[Shock, ...] = ()
    claims: str = ""
    sources: Sources | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A day on which firms choose; its first option is to wait, or to go on as before.

    Parameters
    ----------
    when : When
        Outcomes of branches known by then, and options of earlier choices, with which there is anything to choose.
    """

    name: str
    on: dt.date
    options: tuple[Option, ...]
    when: When = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One way from the root to the end: an outcome of every branch that is reached."""

    steps: Steps
    chance: float

    @property
    def name(self) -> str:
        """Its outcomes, joined."""
        return "__".join(outcome for _, outcome in self.steps)


@dataclass(frozen=True, slots=True)
class Seen:
    """What firms know when they choose: plans may depend on nothing else.

    Parameters
    ----------
    choice : str
    known : Steps
        Outcomes of branches decided by that day.
    done : Steps
        Options taken before.
    """

    choice: str
    known: Steps
    done: Steps


@dataclass(frozen=True, slots=True)
class Plan:
    """What firms will do in every situation that the plan itself lets them come into.

    Parameters
    ----------
    does : mapping of Seen to str
        Option taken.
    """

    name: str
    does: Mapping[Seen, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "does", MappingProxyType(dict(self.does)))


@dataclass(frozen=True, slots=True)
class Tree:
    """A policy tree.

    Parameters
    ----------
    base : Scenario
        What all of it shares; its first measured day is the day on which the tree is seen.
    measure, item, vehicle : str
        The cost that plans are judged by.
    branches, choices : tuple
        In order of their days.
    plans : tuple of Plan
        Those that are judged, the first one being what others are compared with.
    is_whole : bool
        Whether these are all plans that there are.
    """

    name: str
    path: Path | None
    title: str
    question: str
    base: Scenario
    measure: str
    item: str
    vehicle: str
    branches: tuple[Branch, ...]
    choices: tuple[Choice, ...]
    plans: tuple[Plan, ...]
    is_whole: bool
    replications: int
    seed: int

    def outcome(self, branch: str, name: str) -> Outcome:
        """An outcome by its branch and name."""
        return next(x for own in self.branches if own.name == branch for x in own.outcomes if x.name == name)

    def option(self, choice: str, name: str) -> Option:
        """An option by its choice and name."""
        return next(x for own in self.choices if own.name == choice for x in own.options if x.name == name)
