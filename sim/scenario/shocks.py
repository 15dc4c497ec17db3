"""Shocks: what may happen to a place for a while, which keys each kind has, and how they are read and written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sim.scenario.parsers import (
    LONGEST_S,
    parse_change,
    parse_count,
    parse_country,
    parse_factor,
    parse_length,
    parse_share,
)
from sim.units import DAY, PPM

MOST_BOOTHS = 60  # as in crossings.csv
MOST_BAYS = 255  # assumption: more is a slip of the pen


@dataclass(frozen=True, slots=True)
class Shock:
    """Something that happens to a place for a while. What a kind does not have stays at its default.

    Parameters
    ----------
    kind : str
        A name in `KINDS`.
    at : str
        The place, as its kind wants it: a crossing (``ambassador_bridge/us``) or a port for all its directions, a
        recipe, a site or ``region/ON``, an assembly recipe or its plant, a country, a currency.
    from_ : datetime
        First moment, UTC.
    duration_s : int
        Seconds; the interval is half-open.
    factor_ppm : int
        In parts per million: on service times (``slowdown``), on other people's trucks (``surge``), on vehicles asked
        for (``demand``), on the US dollars that the currency is worth (``exchange_rate``).
    standard, fast : int or None
        ``lanes``: most booths of the class that open; ``relief``: so many open at least, at all hours; None leaves
        the class to the staffing.
    share_ppm : int
        ``inspection``: share of trucks sent to state inspection.
    bays : int or None
        ``inspection``: trucks inspected at once; None as the crossing has.
    ahead_s : int
        ``front_loading``: seconds of use brought ahead of the date on which the shock ends.
    origin : str
        ``front_loading``: only loads from this country; empty for all.
    """

    kind: str
    at: str
    from_: dt.datetime
    duration_s: int
    factor_ppm: int = PPM
    standard: int | None = None
    fast: int | None = None
    share_ppm: int = 0
    bays: int | None = None
    ahead_s: int = 0
    origin: str = ""

    @property
    def until(self) -> dt.datetime:
        """First moment after the shock, UTC."""
        return self.from_ + dt.timedelta(seconds=self.duration_s)

    @property
    def days(self) -> float:
        """Days of use brought ahead."""
        return self.ahead_s / DAY

    def resolved(self) -> dict[str, Any]:
        """What decides the results, as plain JSON values with units in the keys."""
        own = {key.field: getattr(self, key.field) for key in KINDS[self.kind].keys}
        times = {"from": self.from_.isoformat(), "duration_s": self.duration_s}
        return {"kind": self.kind, "at": self.at, **times, **own}


def restore_shock(resolved: Mapping[str, Any]) -> Shock:
    """The shock that `Shock.resolved` described.

    Raises
    ------
    KeyError, TypeError, ValueError
        Something is missing or damaged.
    """
    kind = KINDS[resolved["kind"]]
    own = {key.field: resolved[key.field] for key in kind.keys}
    moment = dt.datetime.fromisoformat(resolved["from"])
    return Shock(kind.name, resolved["at"], moment, resolved["duration_s"], **own)


@dataclass(frozen=True, slots=True)
class Key:
    """A key that a kind of shock has besides ``kind``, ``at``, ``from`` and ``for`` (or ``until``).

    Parameters
    ----------
    name : str
        As written in a scenario.
    field : str
        Of `Shock`.
    parse : callable
        From text to the field's value; ValueError says what is allowed.
    wanted : str
        What to write where the key is missing, as the end of a sentence; empty where it may be left out.
    """

    name: str
    field: str
    parse: Callable[[str], Any]
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of shock is.

    Parameters
    ----------
    place : str
        What `at` names: ``crossing``, ``queue`` (a crossing that has one), ``recipe``, ``site``, ``assembly``,
        ``country`` or ``currency``.
    keys : tuple of Key
    needs_any : bool
        One of its keys must be written.
    on_the_hour : bool
        Begins and ends on whole hours, as the tables of crossings have one column an hour.
    for_good : bool
        May lack its end: it then lasts beyond any run.
    """

    name: str
    place: str
    keys: tuple[Key, ...] = ()
    needs_any: bool = False
    on_the_hour: bool = False
    for_good: bool = False


FOR_GOOD_S = LONGEST_S  # longer than any run
_BOOTHS = tuple(Key(name, name, parse_count(0, MOST_BOOTHS)) for name in ("standard", "fast"))
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("closure", "crossing", on_the_hour=True),
            Kind(
                "slowdown",
                "queue",
                (Key("factor", "factor_ppm", parse_factor(10), "'factor: 200 %' to double each inspection"),),
                on_the_hour=True,
            ),
            Kind("lanes", "queue", _BOOTHS, needs_any=True, on_the_hour=True),
            Kind("relief", "queue", _BOOTHS, needs_any=True, on_the_hour=True),
            Kind(
                "inspection",
                "queue",
                (
                    Key("share", "share_ppm", parse_share, "'share: 100 %' to inspect every truck"),
                    Key("bays", "bays", parse_count(1, MOST_BAYS)),
                ),
                on_the_hour=True,
            ),
            Kind(
                "surge",
                "queue",
                (Key("factor", "factor_ppm", parse_factor(0), "'factor: 110 %' for a tenth more trucks"),),
                on_the_hour=True,
            ),
            Kind("outage", "recipe"),
            Kind("strike", "site"),
            Kind(
                "demand",
                "assembly",
                (Key("factor", "factor_ppm", parse_factor(0), "'factor: 90 %' for a tenth fewer vehicles"),),
            ),
            Kind(
                "front_loading",
                "country",
                (
                    Key("days", "ahead_s", parse_length, "'days: 10 d' for what is used in ten days"),
                    Key("origin", "origin", parse_country),
                ),
            ),
            Kind(
                "exchange_rate",
                "currency",
                (Key("change", "factor_ppm", parse_change, "'change: -15 %' for a fall against the US dollar"),),
                for_good=True,
            ),
        )
    }
)


def kinds_with(key: str) -> tuple[str, ...]:
    """Kinds of shock that have a key of this name."""
    return tuple(kind.name for kind in KINDS.values() if any(own.name == key for own in kind.keys))
