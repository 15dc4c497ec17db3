"""Crossings as a scenario changes them: what it may set and in which unit, and the network that results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from sim.errors import Problem, nearest
from sim.network.load import digest
from sim.network.model import Crossing, Network
from sim.network.route_checks import check_crossings
from sim.network.schema import FILES, Column
from sim.network.table import Row, Table
from sim.units import HOUR, MINUTE, PPM, parse_duration, parse_money, parse_plain, parse_rate

_FIXED = ("lat_deg", "lon_deg", "range_pct")  # where a crossing is and how its row is known
_SECONDS = {"_s": 1, "_min": MINUTE, "_h": HOUR}
_RENAMED = {"background_weekday": "weekday_trucks"}

Overrides = Mapping[str, Mapping[str, float]]  # crossing or port -> column of crossings.csv -> value


@dataclass(frozen=True, slots=True)
class Setting:
    """Something of a crossing that a scenario may set.

    Parameters
    ----------
    key : str
        As written in a scenario: the column without its unit, which stands with the value.
    column : Column
        Of ``crossings.csv``, with its bounds.
    """

    key: str
    column: Column

    def parse(self, text: str) -> float:
        """Read a value with its unit, in the unit of the column.

        Raises
        ------
        ValueError
            No number, no or another unit, or out of bounds.
        """
        value = _number(self.column, text)
        problem = self.problem(value)
        if problem:
            raise ValueError(f"'{text}' {problem}")
        return value

    def problem(self, value: float) -> str:
        """What is wrong with a value in the unit of the column; empty for nothing."""
        column = self.column
        if column.kind == "whole" and value != int(value):
            return "is not a whole number."
        if not column.least <= value <= column.most or (column.above_zero and value == 0):
            most = f" to {column.most:g}" if column.most != float("inf") else " or more"
            return f"is out of bounds. Allowed: {column.least:g}{most}{_unit_words(column)}."
        return ""


def _number(column: Column, text: str) -> float:
    """The number behind a text, in the unit that the column's name ends in."""
    name = column.name
    if name.endswith("_pct"):
        return parse_rate(text) / (PPM / 100)
    if name.endswith("_usd"):
        currency, cents = parse_money(text)
        if currency != "USD":
            raise ValueError(f"'{text}' is in {currency}. Write US dollars, such as 'USD 15'.")
        return cents / 100
    for suffix, seconds in _SECONDS.items():
        if name.endswith(suffix):
            return parse_duration(text) / seconds
    return parse_plain(text)


def _unit_words(column: Column) -> str:
    words = {"_pct": " %", "_usd": " USD", "_min": " min", "_h": " h", "_s": " s"}
    return next((word for suffix, word in words.items() if column.name.endswith(suffix)), "")


def _stem(name: str) -> str:
    for suffix in ("_pct", "_usd", *_SECONDS):
        if name.endswith(suffix):
            return name.removesuffix(suffix)
    return name


def _settings() -> Iterator[Setting]:
    columns = [x for x in FILES["crossings.csv"] if x.kind != "text" and x.name not in _FIXED]
    stems = [_stem(column.name) for column in columns]
    for column, stem in zip(columns, stems, strict=True):
        is_share = stems.count(stem) > 1 and column.name.endswith("_pct")  # beside the time of the same thing
        key = f"{stem}_share" if is_share else stem
        yield Setting(_RENAMED.get(key, key), column)


SETTINGS: Mapping[str, Setting] = MappingProxyType({setting.key: setting for setting in _settings()})
_BY_COLUMN: Mapping[str, Setting] = MappingProxyType({x.column.name: x for x in SETTINGS.values()})


def override_problems(overrides: Overrides) -> list[str]:
    """Columns that cannot be set and values out of bounds, whatever the network."""
    problems = []
    for place, values in overrides.items():
        for name, value in values.items():
            where = f"crossings.{place}.{name}"
            if name not in _BY_COLUMN:
                problems.append(f"{where}: no such column. {nearest(name, _BY_COLUMN, 'columns')}")
            elif problem := _BY_COLUMN[name].problem(value):
                problems.append(f"{where}: {value:g} {problem}")
    return problems


def with_crossings(network: Network, overrides: Overrides) -> tuple[Network, list[Problem]]:
    """A network with some columns of its crossings replaced, and what is wrong with it.

    Parameters
    ----------
    overrides : mapping of str to mapping of str to float
        Crossing id, or port for all its directions, to column and value. What is said of a direction goes before
        what is said of its port.

    Returns
    -------
    Network
        Its digest tells it from the one that was given.
    list of Problem
        Each with its place, such as ``crossings.ambassador_bridge/us.close_hour``.
    """
    key = tuple((place, tuple(sorted(values.items()))) for place, values in sorted(overrides.items()))
    return _remembered(_ByDigest(network), key) if network.digest else _change(network, key)


_Key = tuple[tuple[str, tuple[tuple[str, float], ...]], ...]


class _ByDigest:
    """A network as a key of a cache: equal where the content is."""

    __slots__ = ("network",)

    def __init__(self, network: Network) -> None:
        self.network = network

    def __hash__(self) -> int:
        return hash(self.network.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByDigest) and self.network.digest == other.network.digest


@lru_cache(maxsize=16)
def _remembered(kept: _ByDigest, key: _Key) -> tuple[Network, list[Problem]]:
    return _change(kept.network, key)


def _change(network: Network, key: _Key) -> tuple[Network, list[Problem]]:
    crossings = dict(network.crossings)
    ports = {crossing.port for crossing in crossings.values()}
    problems = []
    touched: dict[str, str] = {}
    levels = dict(network.traffic)
    for place, values in sorted(key, key=lambda item: item[0] not in ports):  # ports first: directions go before them
        own = [name for name, crossing in crossings.items() if place in (name, crossing.port)]
        if not own:
            near = nearest(place, {*crossings, *ports}, "crossings")
            problems.append(Problem(f"crossings.{place}", f"no crossing named '{place}'. {near}"))
        for name in own:
            crossings[name] = _with_values(crossings[name], dict(values))
            touched[name] = place
            if "background_weekday" in dict(values):
                levels.pop(name, None)  # goes before the counts by year; the season stays
    for name, place in touched.items():
        problems += [Problem(f"crossings.{place}.{column}", text) for column, text in _contradictions(crossings[name])]
    changed = replace(network, crossings=MappingProxyType(crossings), traffic=MappingProxyType(levels))
    return replace(changed, digest=digest(changed) if network.digest else ""), list(dict.fromkeys(problems))


def _with_values(crossing: Crossing, values: Mapping[str, float]) -> Crossing:
    typed = {n: int(value) if _BY_COLUMN[n].column.kind == "whole" else float(value) for n, value in values.items()}
    return replace(crossing, **typed)  # type: ignore[arg-type]


def _contradictions(crossing: Crossing) -> Iterator[tuple[str, str]]:
    """Column and message of what does not fit together, by the checks of ``crossings.csv``."""
    table = Table("crossings.csv", (Row(0, asdict(crossing)),))
    for problem in check_crossings({"crossings.csv": table}):
        yield problem.where.rpartition("column ")[2], problem.message
