"""What a target of one's own may be compared with: a run's measure, a crossing's times, a month's trucks, makers."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Protocol

import numpy as np

from sim.errors import DataError, ScenarioError, nearest
from sim.locate import is_file
from sim.network import load_network
from sim.population.assumptions import RANGES, assumptions
from sim.population.outcome import outcome
from sim.population.summary import Summary, summarise
from sim.population.weights import ALL
from sim.population.weights_file import load_weights
from sim.replication import prepare, run_once
from sim.scenario import load_scenario
from sim.scenario.bind import read_settings
from sim.scenario.parsers import parse_choice, parse_count, parse_date
from sim.scenario.sheet import Reader
from sim.units import PPM, parse_plain, parse_rate
from sim.validation.events import change_of_month
from sim.validation.survey import BORDERS, Met, Question, mean_of, quantile, survey
from sim.yaml_text import Location

CLASSES = ("standard", "fast")
FIGURES = ("wait_mean", "wait_p95", "crossing_mean", "crossing_p95")
MOST_DAYS, MOST_REPLICATIONS = 400, 1_000
PLACES = ("fixed", "moving")
POPULATION = tuple(entry.name for entry in fields(Summary) if entry.type == "float" and entry.name not in ("rule",))
_HOURS = re.compile(r"(\d\d?) to (\d\d?)")
_MONTH = re.compile(r"(\d{4})-(\d\d)")


class Asked(Protocol):
    """What ours is."""

    @property
    def unit(self) -> str:
        """Of ours, where the file names none."""

    def words(self) -> str:
        """In words, for a table."""

    def ours(self) -> float:
        """Reckon it; nan where there is nothing to reckon it from."""


@dataclass(frozen=True, slots=True)
class MeasureAsked:
    """A measure of a scenario, or its change against another: mean over replications."""

    scenario: str
    against: str
    measure: str
    item: str
    vehicle: str
    replications: int
    unit: str = ""

    def words(self) -> str:
        """In words, for a table."""
        name = f"{self.measure}/{self.item}" if self.item else self.measure
        against = f" against {Path(self.against).stem}" if self.against else ""
        return f"{name}{'' if self.vehicle == ALL else ' of ' + self.vehicle}, {Path(self.scenario).stem}{against}"

    def ours(self) -> float:
        """Mean over replications, of the difference where there is another scenario."""
        sides = [prepare(load_scenario(name)) for name in (self.scenario, self.against) if name]
        found = []
        for replication in range(self.replications):
            values = [self._value(run_once(side, replication).rows) for side in sides]
            found.append(values[0] - values[1] if len(values) > 1 else values[0])
        return float(np.mean(found))

    def _value(self, rows: object) -> float:
        table = {(row.measure, row.vehicle, row.item): row.value for row in rows}  # type: ignore[attr-defined]
        items = [item for measure, vehicle, item in table if (measure, vehicle) == (self.measure, self.vehicle)]
        if not items:
            known = sorted({measure for measure, _, _ in table})
            if self.measure in known:
                vehicles = sorted({vehicle for measure, vehicle, _ in table if measure == self.measure})
                hint = nearest(self.vehicle, vehicles, "vehicles")
                raise DataError(self.scenario, [f"no '{self.measure}' of '{self.vehicle}'. {hint}"])
            raise DataError(self.scenario, [f"no measure '{self.measure}'. {nearest(self.measure, known, 'measures')}"])
        whole = next((item for item in ("", "total", "mean") if item in items), items[0])
        item = self.item or whole
        if item not in items:
            raise DataError(self.scenario, [f"'{self.measure}' has no '{item}'. {nearest(item, items, 'items')}"])
        return float(table[self.measure, self.vehicle, item])


@dataclass(frozen=True, slots=True)
class CrossingAsked:
    """What trucks of a class wait, or how long they take to cross, in some hours of some days."""

    crossing: str
    kind: str
    first: dt.date
    days: int
    hours: tuple[int, int]
    figure: str
    changes: Mapping[str, float]
    replications: int
    unit: str = "min"

    def words(self) -> str:
        """In words, for a table."""
        return f"{self.crossing} {self.kind} {self.figure}, {self.first} ({self.days} d)"

    def ours(self) -> float:
        """Minutes, over trucks of everybody."""
        changes = {self.crossing: self.changes} if self.changes else {}
        found = survey(Question((self.crossing,), self.first, self.days + 1, self.replications, changes))
        met = found.met.get((self.crossing, self.kind))
        if met is None:
            return float("nan")
        chosen = self._chosen(met)
        if not len(chosen.weight) or chosen.weight.sum() == 0:
            return float("nan")
        values = chosen.wait_min if self.figure.startswith("wait") else chosen.crossing_min
        if self.figure.endswith("mean"):
            return mean_of(values, chosen.weight)
        return quantile(values, chosen.weight, 0.95)

    def _chosen(self, met: Met) -> Met:
        first = self.first.toordinal()
        days = (met.date >= first) & (met.date < first + self.days)
        return met.where(days & (met.hour >= self.hours[0]) & (met.hour < self.hours[1]))


@dataclass(frozen=True, slots=True)
class MonthAsked:
    """Change of a month's trucks into the United States at some ports by the shocks of a scenario, percent."""

    scenario: str
    ports: tuple[str, ...]
    month: tuple[int, int]
    unit: str = "%"

    def words(self) -> str:
        """In words, for a table."""
        return f"{Path(self.scenario).stem} {', '.join(self.ports)} {self.month[0]}-{self.month[1]:02}"

    def ours(self) -> float:
        """Percent, with and without its shocks."""
        return change_of_month(self.scenario, self.ports, self.month)


@dataclass(frozen=True, slots=True)
class PopulationAsked:
    """A figure of the population of makers under a content rule."""

    weights: str
    rule: float
    location: str
    figure: str
    vehicle_class: str
    assembly: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    printed: bool = False
    unit: str = "%"

    def words(self) -> str:
        """In words, for a table."""
        group = ", ".join(name for name in (self.vehicle_class, self.assembly) if name != ALL)
        return f"{self.figure} at {100 * self.rule:g} %{' of ' + group if group else ''}, {self.location}"

    def ours(self) -> float:
        """In the unit of `sim.population.Summary`."""
        weights = load_weights(Path(self.weights))
        assumed = assumptions(**self.parameters, printed_condition=self.printed)
        found = outcome(weights, self.rule, assumed, "moving" if self.location == "moving" else "fixed")
        return float(getattr(summarise(found, self.vehicle_class, self.assembly), self.figure))


def _measure(reader: Reader, here: Location) -> Asked | None:
    name, _, item = reader.text((*here, "measure")).partition("/")
    scenario, against = (_scenario(reader, (*here, key)) for key in ("scenario", "against"))
    count = reader.parsed((*here, "replications"), parse_count(1, MOST_REPLICATIONS), 1)
    return MeasureAsked(scenario, against, name, item, reader.text((*here, "vehicle"), ALL), count)


def _scenario(reader: Reader, here: Location) -> str:
    name = reader.text(here)
    if not name:
        return ""
    beside = reader.sheet.folder(here) / name
    asked = str(beside) if is_file(beside) else name
    try:
        load_scenario(asked)
    except ScenarioError as error:
        reader.add(here, "; ".join(problem.message for problem in error.problems))
    return asked


def _crossing(reader: Reader, here: Location) -> Asked | None:
    known = tuple(load_network(BORDERS).crossings)
    crossing = reader.parsed((*here, "crossing"), parse_choice(known, "crossings"), "")
    first = reader.parsed((*here, "on"), parse_date, None)
    days = reader.parsed((*here, "days"), parse_count(1, MOST_DAYS), 1)
    hours = reader.parsed((*here, "hours"), _parse_hours, (0, 24))
    kind = reader.parsed((*here, "class"), parse_choice(CLASSES, "classes"), "standard")
    figure = reader.parsed((*here, "figure"), parse_choice(FIGURES, "figures"), "")
    count = reader.parsed((*here, "replications"), parse_count(1, MOST_REPLICATIONS), 20)
    changes = read_settings(reader, (*here, "changes"))
    if first is None or not crossing or not figure:
        return None
    return CrossingAsked(crossing, kind, first, days, hours, figure, changes, count)


def _parse_hours(text: str) -> tuple[int, int]:
    found = _HOURS.fullmatch(text.strip())
    if not found or not 0 <= int(found[1]) < int(found[2]) <= 24:
        raise ValueError(f"'{text}' are no hours of a day. Write local hours such as '7 to 19'.")
    return int(found[1]), int(found[2])


def _month(reader: Reader, here: Location) -> Asked | None:
    scenario = _scenario(reader, (*here, "scenario"))
    month = reader.parsed((*here, "month"), _parse_month, None)
    known = sorted({x.port for x in load_network(BORDERS).crossings.values() if x.to_country == "US"})
    port = parse_choice(tuple(known), "ports")
    ports = [reader.parsed((*here, "ports", n), port, "") for n in range(reader.count((*here, "ports")))]
    if month is None or not scenario or not ports or "" in ports:
        return None
    return MonthAsked(scenario, tuple(ports), month)


def _parse_month(text: str) -> tuple[int, int]:
    found = _MONTH.fullmatch(text.strip())
    if not found or not 1 <= int(found[2]) <= 12:
        raise ValueError(f"'{text}' is no month. Write such as '2017-05'.")
    return int(found[1]), int(found[2])


def _population(reader: Reader, here: Location) -> Asked | None:
    rule = reader.parsed((*here, "rule"), _parse_share, None)
    figure = reader.parsed((*here, "figure"), parse_choice(POPULATION, "figures"), "")
    location = reader.parsed((*here, "location"), parse_choice(PLACES, "places"), "fixed")
    parameters = {}
    for name in reader.names((*here, "parameters")):
        place = (*here, "parameters", name)
        if name not in RANGES:
            reader.add(place, f"unknown parameter '{name}'. {nearest(name, tuple(RANGES), 'parameters')}")
        value = reader.parsed(place, _parse_parameter, None)
        if value is not None:
            parameters[name] = value
    weights = reader.text((*here, "weights"))
    beside = reader.sheet.folder((*here, "weights")) / weights
    if weights and not is_file(beside):
        reader.add((*here, "weights"), f"there is no file '{weights}' beside this one.")
    if rule is None or not figure or not weights:
        return None
    group = (reader.text((*here, "class"), ALL), reader.text((*here, "assembly"), ALL))
    return PopulationAsked(str(beside), rule, location, figure, *group, parameters)


def _parse_share(text: str) -> float:
    share = parse_rate(text) / PPM
    if not 0 <= share <= 1:
        raise ValueError(f"'{text}' is no share. Write 0 % to 100 %.")
    return share


def _parse_parameter(text: str) -> float:
    return math.inf if text == "inf" else parse_plain(text)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of target: its keys beside those that all have, and the function that reads them."""

    keys: tuple[str, ...]
    required: tuple[str, ...]
    read: Callable[[Reader, Location], Asked | None]


KINDS: Mapping[str, Kind] = {
    "measure": Kind(("scenario", "against", "measure", "vehicle", "replications"), ("scenario", "measure"), _measure),
    "crossing": Kind(
        ("crossing", "class", "on", "days", "hours", "figure", "changes", "replications"),
        ("crossing", "on", "figure"),
        _crossing,
    ),
    "month": Kind(("scenario", "ports", "month"), ("scenario", "ports", "month"), _month),
    "population": Kind(
        ("weights", "rule", "location", "figure", "class", "assembly", "parameters"),
        ("weights", "rule", "figure"),
        _population,
    ),
}
