"""What firms do otherwise from a day within a run: claim by another habit, or choose their sources anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.scenario.bind import bound_reform
from sim.scenario.own import find_carried, named
from sim.scenario.parsers import parse_choice, parse_date
from sim.scenario.sheet import Reader
from sim.yaml_text import Location

CLAIMS = ("weighed", "every", "none")  # where it saves more than it costs, wherever a good originates, nowhere


@dataclass(frozen=True, slots=True)
class Sources:
    """A choice of sources.

    Parameters
    ----------
    law_of : date
        Day whose law the makers plan for.
    reforms : tuple of str
        Reforms that they reckon with besides the law as known on the day of the choice: names, or paths of files.
    """

    law_of: dt.date
    reforms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """What changes in the conduct of firms on a day.

    Parameters
    ----------
    from_ : date
        First day, UTC.
    claims : str
        One of `CLAIMS`; empty to leave claims as they are.
    sources : Sources or None
        Chosen on that day at least landed cost, in force family by family as new suppliers are qualified.
    """

    from_: dt.date
    claims: str = ""
    sources: Sources | None = None

    def resolved(self) -> dict[str, Any]:
        """What decides the results, as plain JSON values."""
        found: dict[str, Any] = {"from": self.from_.isoformat()}
        if self.claims:
            found["claims"] = self.claims
        if self.sources is not None:
            reforms = [named(name) for name in self.sources.reforms]
            found["sources"] = {"law_of": self.sources.law_of.isoformat(), "reforms": reforms}
        return found


def restore_turn(resolved: Mapping[str, Any], inputs: Any) -> Turn:
    """The turn that `Turn.resolved` described; reforms of one's own are found in a folder of inputs.

    Raises
    ------
    KeyError, TypeError, ValueError
        Something is missing or damaged.
    """
    told = resolved.get("sources")
    sources = None
    if told is not None:
        reforms = tuple(find_carried(name, inputs) for name in told["reforms"])
        sources = Sources(dt.date.fromisoformat(told["law_of"]), reforms)
    return Turn(dt.date.fromisoformat(resolved["from"]), resolved.get("claims", ""), sources)


def turn_problems(conduct: tuple[Turn, ...], firms: str) -> list[str]:
    """What is wrong with the turns of a scenario as a whole."""
    problems = []
    days = [turn.from_ for turn in conduct]
    if days != sorted(days):
        problems.append("conduct: its days are out of order. Write the earliest first.")
    choosing = [turn for turn in conduct if turn.sources is not None]
    if len(choosing) > 1:
        problems.append(f"conduct: sources are chosen {len(choosing)} times. Write one choice.")
    if choosing and firms in ("resource", "settled"):
        remedy = "Write 'firms: claim_or_pay' or leave 'sources' out."
        problems.append(f"conduct: sources are chosen although firms are '{firms}', who choose them already. {remedy}")
    if conduct and firms == "fixed":
        problems.append("conduct: firms are 'fixed' and do nothing otherwise. Write 'firms: claim_or_pay'.")
    return problems


def read_conduct(reader: Reader, at: Location, bounds: tuple[dt.date, dt.date] | None) -> tuple[Turn, ...]:
    """Read a list of turns; problems are noted in the reader.

    Parameters
    ----------
    bounds : tuple of date, or None
        First day of the warm-up and last of the run; None where they are not known.
    """
    found = (read_turn(reader, (*at, n), bounds) for n in range(reader.count(at)))
    return tuple(turn for turn in found if turn is not None)


def read_turn(reader: Reader, here: Location, bounds: tuple[dt.date, dt.date] | None) -> Turn | None:
    """Read one turn, with its day."""
    reader.keys(here, ("from", "claims", "sources"), required=("from",))
    day = reader.parsed((*here, "from"), parse_date, None)
    if day is not None and bounds is not None and not bounds[0] <= day <= bounds[1]:
        reader.add((*here, "from"), f"{day} is outside the horizon, {bounds[0]} to {bounds[1]}.")
    written = reader.sheet.get(here)
    if isinstance(written, dict) and not {"claims", "sources"} & set(written):
        reader.add(here, "changes nothing. Write 'claims: every', or 'sources: {}'.")
    return None if day is None else Turn(day, read_claims(reader, here), read_sources(reader, here, day))


def read_claims(reader: Reader, here: Location) -> str:
    """The habit of claiming that is written under ``claims``; empty for none."""
    return reader.parsed((*here, "claims"), parse_choice(CLAIMS, "habits"), "")


def read_sources(reader: Reader, here: Location, day: dt.date) -> Sources | None:
    """The choice of sources that is written under ``sources``; None where none is."""
    there = (*here, "sources")
    if reader.sheet.get(there) is None:
        return None
    reader.keys(there, ("law_of", "reforms"))
    law_of = reader.parsed((*there, "law_of"), parse_date, day)
    if law_of < day:
        reader.add(
            (*there, "law_of"), f"{law_of} is before {day}, the day of the choice. Plan for that day or a later one."
        )
    count = reader.count((*there, "reforms"))
    return Sources(law_of, tuple(bound_reform(reader, (*there, "reforms", n)) for n in range(count)))
