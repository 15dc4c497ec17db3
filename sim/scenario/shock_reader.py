"""The shocks of a scenario file, each read by the keys of its kind; what is wrong is noted with its place."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sim.errors import nearest
from sim.scenario.parsers import parse_choice, parse_length, parse_moment
from sim.scenario.sheet import Reader
from sim.scenario.shocks import FOR_GOOD_S, KINDS, Kind, Shock, kinds_with
from sim.units import HOUR
from sim.yaml_text import Location

COMMON = ("kind", "at", "from", "for", "until")
_PREFIXES = ("crossing/", "country/", "currency/")

Horizon = tuple[dt.datetime, dt.datetime]


def place_of(text: str) -> str:
    """A place without the word that says what it is, such as ``crossing/``."""
    for prefix in _PREFIXES:
        text = text.removeprefix(prefix)
    return text


def read_shocks(reader: Reader, horizon: Horizon | None, at: Location = ("shocks",)) -> tuple[Shock, ...]:
    """Read a list of shocks, by default those of a scenario.

    Parameters
    ----------
    horizon : tuple of datetime, or None
        First moment of the warm-up and first after the run; None where they are not known.

    Returns
    -------
    tuple of Shock
        Those that could be read, in order.
    """
    found = (_read(reader, (*at, n), horizon) for n in range(reader.count(at)))
    return tuple(shock for shock in found if shock is not None)


def _read(reader: Reader, here: Location, horizon: Horizon | None) -> Shock | None:
    written = reader.sheet.get(here)
    if not isinstance(written, dict):
        reader.keys(here, COMMON)
        return None
    _check_keys(reader, here, written)
    kind = KINDS.get(reader.parsed((*here, "kind"), parse_choice(tuple(KINDS), "kinds"), ""))
    at = place_of(reader.text((*here, "at")))
    from_ = reader.parsed((*here, "from"), parse_moment, None)
    duration_s = _duration(reader, here, kind, from_)
    if kind is None:
        return None
    values = _own_values(reader, here, kind)
    if from_ is None or duration_s is None:
        return None
    shock = Shock(kind.name, at, from_, duration_s, **values)
    _check_interval(reader, here, kind, shock, horizon)
    return shock


def _check_keys(reader: Reader, here: Location, written: dict[str, Any]) -> None:
    """Note keys that no kind has, that another kind has, and those that are missing."""
    kind = KINDS.get(str(written.get("kind")))
    own = tuple(key.name for key in kind.keys) if kind else ()
    for name in written:
        others = kinds_with(name)
        if name in (*COMMON, *own) or (kind is None and others):
            continue
        if others and kind is not None:
            remedy = " or ".join(f"'kind: {other}'" for other in others)
            reader.add((*here, name), f"has no meaning for a shock of kind '{kind.name}'. Remove it or write {remedy}.")
        else:
            reader.add((*here, name), f"unknown key '{name}'. {nearest(name, (*COMMON, *own), 'keys')}")
    for name in ("kind", "at", "from"):
        if written.get(name) is None:
            reader.add((*here, name), "is missing.")
    for key in kind.keys if kind else ():
        if key.wanted and written.get(key.name) is None:
            reader.add((*here, key.name), f"is missing. Write such as {key.wanted}.")
    if kind is not None and kind.needs_any and all(written.get(key.name) is None for key in kind.keys):
        first, second = (key.name for key in kind.keys)
        message = f"is missing. Write '{first}: 6' or '{second}: 2', how many booths are open."
        reader.add((*here, first), message)


def _own_values(reader: Reader, here: Location, kind: Kind) -> dict[str, Any]:
    """Fields of the kind that are written and right; the others keep their defaults."""
    values = {}
    for key in kind.keys:
        value = reader.parsed((*here, key.name), key.parse, None)
        if value is not None:
            values[key.field] = value
    return values


def _duration(reader: Reader, here: Location, kind: Kind | None, from_: dt.datetime | None) -> int | None:
    """Seconds from ``for`` or ``until``; None where neither says it."""
    length_s: int | None = reader.parsed((*here, "for"), parse_length, None)
    until: dt.datetime | None = reader.parsed((*here, "until"), parse_moment, None)
    has_for, has_until = (reader.sheet.get((*here, name)) is not None for name in ("for", "until"))
    if has_for and has_until:
        reader.add((*here, "until"), "stands beside 'for'. Write one of the two.")
        return None
    if not has_for and not has_until:
        if kind is not None and kind.for_good:
            return FOR_GOOD_S
        reader.add((*here, "for"), "is missing. Write such as 'for: 72 h', or 'until: 2017-11-07T20:00'.")
    if until is not None and from_ is not None:
        length_s = round((until - from_).total_seconds())
        if length_s <= 0:
            reader.add((*here, "until"), f"{until:%Y-%m-%dT%H:%M} is not after {from_:%Y-%m-%dT%H:%M}, when it begins.")
            return None
    return length_s


def _check_interval(reader: Reader, here: Location, kind: Kind, shock: Shock, horizon: Horizon | None) -> None:
    if horizon is not None and not horizon[0] <= shock.from_ < horizon[1]:
        allowed = f"{horizon[0]:%Y-%m-%d} to {horizon[1]:%Y-%m-%d}"
        reader.add((*here, "from"), f"{shock.from_:%Y-%m-%dT%H:%M} is outside the horizon, {allowed}.")
    if not kind.on_the_hour:
        return
    if shock.from_.minute or shock.from_.second or shock.from_.microsecond:
        message = f"{shock.from_:%H:%M:%S} is not on the hour. Booths open and close on the hour."
        reader.add((*here, "from"), message)
    if reader.sheet.get((*here, "until")) is not None:
        if shock.until.minute or shock.until.second or shock.until.microsecond:
            message = f"{shock.until:%H:%M:%S} is not on the hour. Booths open and close on the hour."
            reader.add((*here, "until"), message)
    elif shock.duration_s % HOUR:
        message = f"{shock.duration_s} s is not a whole number of hours. Booths open and close on the hour."
        reader.add((*here, "for"), message)
