"""Runs of the network of ports alone: what its survey trucks met, and what everybody else waited, hour by hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.customs import Claims
from sim.engines import engine_named
from sim.errors import ScenarioError, nearest
from sim.ledger.ledger import Ledger
from sim.network import Network
from sim.network.build.borders import survey_lane
from sim.network.load import digest
from sim.network.model import Substitute
from sim.plan import Plan
from sim.planning import Decisions, build
from sim.scenario import Scenario, Shock
from sim.units import DAY, HOUR, MINUTE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Item = TypeVar("Item")

BORDERS = "borders"
WARM_UP_DAYS = 8  # a queue of the week before has gone by then, or never goes
SEED = 2001


@dataclass(frozen=True, slots=True)
class Question:
    """Which ports, when, and what is other than the network has it.

    Parameters
    ----------
    crossings : tuple of str
        Crossings of the network ``borders``; empty for all.
    start : date
        First day, from midnight UTC.
    days : int
    replications : int
    changes : mapping
        Columns of crossings that differ, as the key ``crossings`` of a scenario.
    shocks : tuple of Shock
    """

    crossings: tuple[str, ...]
    start: dt.date
    days: int
    replications: int
    changes: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    shocks: tuple[Shock, ...] = ()


@dataclass(frozen=True, slots=True)
class Met:
    """What survey trucks of one crossing and class met in all replications, one entry a truck.

    Parameters
    ----------
    replication, date, hour : int64[trucks]
        Local date (proleptic ordinal) and hour at which the truck joined the queue.
    minute : int64[trucks]
        Local minute of the day of the same moment.
    wait_min : float64[trucks]
        From the end of the queue to the booth.
    crossing_min : float64[trucks]
        From the end of the road to the exit: documents, checks, queue, booth, exams.
    weight : float64[trucks]
        Everybody else's trucks of that hour, for means over trucks instead of hours.
    """

    replication: Ints
    date: Ints
    hour: Ints
    minute: Ints
    wait_min: Floats
    crossing_min: Floats
    weight: Floats

    def where(self, chosen: NDArray[np.bool_]) -> Met:
        """The trucks chosen."""
        return Met(*(getattr(self, name)[chosen] for name in self.__slots__))

    @property
    def is_weekday(self) -> NDArray[np.bool_]:
        """Whether each truck joined from Monday to Friday."""
        return _is_weekday(self.date)


@dataclass(frozen=True, slots=True)
class Hours:
    """Everybody else's trucks of a crossing by replication and local hour.

    Parameters
    ----------
    date, hour : int64[hours]
    passed, gave_up, wait_min : float64[replications, hours]
        Trucks that queued, trucks lost, and the mean wait of those that queued.
    """

    date: Ints
    hour: Ints
    passed: Floats
    gave_up: Floats
    wait_min: Floats

    @property
    def is_weekday(self) -> NDArray[np.bool_]:
        """Whether each hour is one from Monday to Friday."""
        return _is_weekday(self.date)


@dataclass(frozen=True, slots=True)
class Survey:
    """Answers to a question, by crossing; survey trucks also by class (``standard``, ``fast``)."""

    met: Mapping[tuple[str, str], Met]
    hours: Mapping[str, Hours]

    def trucks(self, crossing: str, first: dt.date, last: dt.date, *, weekdays: bool = False) -> float:
        """Trucks that passed a crossing in all replications, everybody else's and survey trucks.

        Parameters
        ----------
        first, last : date
            Local days, both counted.
        weekdays : bool
            From Monday to Friday alone.
        """
        hours = self.hours[crossing]
        trucks = float(hours.passed[:, _within(hours, first, last, weekdays)].sum())
        for kind in ("standard", "fast"):
            met = self.met.get((crossing, kind))
            if met is not None:
                trucks += float(_within(met, first, last, weekdays).sum())
        return trucks


def _within(told: Hours | Met, first: dt.date, last: dt.date, weekdays: bool) -> NDArray[np.bool_]:
    inside = (told.date >= first.toordinal()) & (told.date <= last.toordinal())
    return inside & told.is_weekday if weekdays else inside


def _is_weekday(date: Ints) -> NDArray[np.bool_]:
    return (date + 6) % 7 < 5


def survey(question: Question) -> Survey:
    """Play the network of ports alone and gather what happened after the warm-up.

    Raises
    ------
    ScenarioError
        A crossing or a column that does not exist.
    """
    scenario = _scenario(question)
    network = only(scenario.load_network(), question.crossings)
    parameters = scenario.values()
    simulate = engine_named("compiled")
    met: dict[tuple[str, str], list[Met]] = {}
    hours: dict[str, list[tuple[Ints, Ints, Ints]]] = {}
    for replication in range(question.replications):
        plan = build(scenario, network, Decisions(Claims.none(), parameters), parameters, replication)
        ledger = simulate(plan)
        for crossing in network.crossings:
            hours.setdefault(crossing, []).append(_totals(plan, ledger, crossing))
            for kind in ("standard", "fast"):
                lane = survey_lane(network.crossings[crossing], kind == "fast")
                if lane in network.lanes:
                    found = _met(scenario, network, plan, ledger, crossing, lane, replication)
                    met.setdefault((crossing, kind), []).append(found)
    return Survey(
        MappingProxyType({key: _joined(each) for key, each in met.items()}),
        MappingProxyType({name: _hours(scenario, network, name, each) for name, each in hours.items()}),
    )


def _scenario(question: Question) -> Scenario:
    return Scenario(
        name="survey",
        path=None,
        question="What do trucks meet at the border?",
        source="sim validate",
        network=BORDERS,
        law_as_of=question.start,
        reforms=(),
        firms="fixed",
        warm_up_s=WARM_UP_DAYS * DAY,
        start=question.start,
        run_s=question.days * DAY,
        seed=SEED,
        crossings=MappingProxyType(dict(question.changes)),
        shocks=question.shocks,
    )


def only(network: Network, crossings: Sequence[str]) -> Network:
    """A network of ports with some of its crossings alone; all of them where none is named.

    Raises
    ------
    ScenarioError
        A crossing that the network does not have.
    """
    if not crossings:
        return network
    unknown = [name for name in crossings if name not in network.crossings]
    if unknown:
        hints = [nearest(name, network.crossings, "crossings") for name in unknown]
        told = [f"no crossing named '{name}'. {hint}" for name, hint in zip(unknown, hints, strict=True)]
        raise ScenarioError("survey", told)
    asked = [network.crossings[name] for name in crossings]
    lanes = {survey_lane(crossing, fast) for crossing in asked for fast in (False, True)} & set(network.lanes)
    plants = {network.lanes[lane].from_recipe for lane in lanes}
    kept = {name: lane for name, lane in network.lanes.items() if name in lanes or lane.to_recipe in plants}
    recipes = {lane.from_recipe for lane in kept.values()}
    sites = {network.recipes[recipe].site for recipe in recipes} | {lane.to_site for lane in kept.values()}
    smaller = replace(
        network,
        sites=_some(network.sites, sites),
        recipes=_some(network.recipes, recipes),
        lanes=MappingProxyType(kept),
        routes=MappingProxyType({key: way for key, way in network.routes.items() if set(key[:2]) <= sites}),
        crossings=_some(network.crossings, crossings),
        traffic=_some(network.traffic, crossings),
        seasons=_some(network.seasons, crossings),
        substitutes=_ways_over(network, set(crossings)),
    )
    return replace(smaller, digest=digest(smaller))


def _ways_over(network: Network, kept: set[str]) -> MappingProxyType[str, tuple[Substitute, ...]]:
    """Substitutes between crossings that are kept."""
    ways = {x: tuple(y for y in network.substitutes_of(x) if y.substitute in kept) for x in sorted(kept)}
    return MappingProxyType({crossing: over for crossing, over in ways.items() if over})


def _some(items: Mapping[str, Item], names: Iterable[str]) -> MappingProxyType[str, Item]:
    chosen = set(names)
    return MappingProxyType({name: item for name, item in items.items() if name in chosen})


def _met(
    scenario: Scenario, network: Network, plan: Plan, ledger: Ledger, crossing: str, lane: str, replication: int
) -> Met:
    passages, clock = ledger.passages, scenario.clock()
    own = ledger.loads.lane[passages.load] == plan.lanes.ids.index(lane)
    chosen = np.flatnonzero(own & (passages.joined_s >= clock.start_s) & (passages.left_s >= 0))
    joined_s = passages.joined_s[chosen]
    date, hour = _local(scenario, network.crossings[crossing].time_zone, joined_s // HOUR)
    row = plan.crossings.ids.index(crossing)
    return Met(
        np.full(chosen.size, replication),
        date,
        hour,
        60 * hour + joined_s % HOUR // MINUTE,
        (passages.started_s[chosen] - joined_s) / MINUTE,
        (passages.left_s[chosen] - passages.arrived_s[chosen]) / MINUTE,
        ledger.hours.passed[row][joined_s // HOUR].astype(np.float64),
    )


def _local(scenario: Scenario, zone: str, hours: Ints) -> tuple[Ints, Ints]:
    """Local date and hour of UTC hours since second 0."""
    clock = scenario.clock()
    weekday, hour = clock.local_hours(zone, int(hours.max(initial=0)) + 1)
    ordinal = clock.begins.toordinal() + hours // 24
    utc_weekday = (ordinal + 6) % 7
    shift = (weekday[hours] - utc_weekday + 3) % 7 - 3  # the local day is the day before, the same or the next
    return ordinal + shift, hour[hours]


def _joined(each: Sequence[Met]) -> Met:
    return Met(*(np.concatenate([getattr(met, name) for met in each]) for name in Met.__slots__))


def _totals(plan: Plan, ledger: Ledger, crossing: str) -> tuple[Ints, Ints, Ints]:
    row = plan.crossings.ids.index(crossing)
    return ledger.hours.passed[row], ledger.hours.gave_up[row], ledger.hours.wait_s[row]


def _hours(scenario: Scenario, network: Network, crossing: str, each: Sequence[tuple[Ints, Ints, Ints]]) -> Hours:
    first = scenario.clock().start_s // HOUR
    passed, gave_up, wait_s = (np.array(table, dtype=np.float64)[:, first:] for table in zip(*each, strict=True))
    numbers = np.arange(first, first + passed.shape[1])
    date, hour = _local(scenario, network.crossings[crossing].time_zone, numbers)
    mean = np.divide(wait_s / MINUTE, passed, out=np.zeros_like(passed), where=passed > 0)
    return Hours(date, hour, passed, gave_up, mean)


def quantile(values: Floats, weight: Floats, share: float) -> float:
    """Quantile of weighted values: the least that so much of the weight does not exceed.

    Examples
    --------
    >>> quantile(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 8.0]), 0.5)
    2.0
    """
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(below, share * below[-1])])


def mean_of(values: Floats, weight: Floats) -> float:
    """Weighted mean."""
    return float((values * weight).sum() / weight.sum())
