"""Re-sourcing in a run: which changes are in force, which come within the run, and the network that holds them all."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from sim.law import Law
from sim.law.knowledge import reckoned_with
from sim.network.model import Lane, Network, Recipe
from sim.parameters import Parameters
from sim.planning.transition import Transition
from sim.scenario import Scenario
from sim.sourcing.decide import Choice, Opened, Question, choose_plan, open_question
from sim.sourcing.patterns import Pattern
from sim.sourcing.qualify import qualified_on
from sim.sourcing.realise import realise
from sim.sourcing.trial import in_order

DATED, SETTLED = "resource", "settled"  # behaviours of firms that change sources
SourcingRule = Callable[[Opened, str], Choice]
_KEPT: dict[str, Resourced] = {}  # of the scenarios of a study, over its replications
_MOST_KEPT = 8


@dataclass(frozen=True, slots=True)
class Resourced:
    """What re-sourcing makes of a run.

    Parameters
    ----------
    network : Network
        As the run begins, and with the lanes that come within it.
    transition : Transition
        What changes within the run; no stages where nothing does.
    told : tuple of dict
        One row a changed family, as plain JSON: vehicle, part, sources, day of qualification, and whether it is ``in
        force``, comes ``within the run`` or ``after the run``.
    """

    network: Network
    transition: Transition
    told: tuple[Mapping[str, Any], ...]


def resource(
    scenario: Scenario,
    network: Network,
    law: Law,
    parameters: Parameters,
    choose: SourcingRule = choose_plan,
) -> Resourced:
    """Choose sources on the day by which the law is known, and date what changes.

    Parameters
    ----------
    choose : callable
        From the opened question and a vehicle to its plan.

    Notes
    -----
    Plans are made for the law of the first measured day, or as the scenario's conduct says: on a day within the run,
    for the law of a day as known then and with the reforms that makers reckon with. Under ``resource``, and by
    conduct, a family changes on the day on which its new suppliers are qualified: what is qualified before the warm-up
    is in force throughout, what is qualified after the run changes nothing in it. Under ``settled`` every change is in
    force throughout, whatever the dates.
    """
    if choose is not choose_plan:
        return _resource(scenario, network, law, parameters, choose)
    key = scenario.digest
    if key not in _KEPT:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[key] = _resource(scenario, network, law, parameters, choose)
    return _KEPT[key]


def _resource(
    scenario: Scenario, network: Network, law: Law, parameters: Parameters, choose: SourcingRule
) -> Resourced:
    question = question_of(scenario, network, law, parameters)
    opened = open_question(question)
    changed = [pattern for vehicle in opened.vehicles for pattern in choose(opened, vehicle).changed()]
    clock = scenario.clock()
    first, after = clock.begins, clock.date(clock.end_s - 1) + dt.timedelta(days=1)
    settled = scenario.firms == SETTLED
    dates = {id(pattern): qualified_on(question, pattern) for pattern in changed}
    standing = [x for x in changed if settled or dates[id(x)] <= first]
    coming = [x for x in changed if not settled and first < dates[id(x)] < after]
    told = tuple(_told(network, x, dates[id(x)], x in standing, x in coming) for x in changed)
    begins = realise(opened, standing)
    stages = [
        (day, realise(opened, [*standing, *(x for x in coming if dates[id(x)] <= day)]))
        for day in sorted({dates[id(x)] for x in coming})
    ]
    if not stages:
        return Resourced(begins, Transition(network), told)
    days = {(x.vehicle, x.part): dates[id(x)] for x in coming}
    merged, transition = _merged(network, begins, tuple(stages), days)
    return Resourced(merged, transition, told)


def changes_sources(scenario: Scenario) -> bool:
    """Whether firms of a scenario choose their sources, throughout or on a day."""
    return scenario.firms in (DATED, SETTLED) or any(turn.sources is not None for turn in scenario.conduct)


def question_of(scenario: Scenario, network: Network, law: Law, parameters: Parameters) -> Question:
    """What makers choose their sources on, the reforms that they reckon with laid over the law as known."""
    for turn in scenario.conduct:
        if turn.sources is not None:
            on, known = turn.sources.law_of, turn.from_
            reckoned = reckoned_with(law, turn.sources.reforms, known)
            return Question(network, reckoned, on, known, parameters, scenario.claim_regime)
    return Question(network, law, scenario.start, scenario.law_as_of, parameters, scenario.claim_regime)


def _merged(
    ordinary: Network,
    before: Network,
    stages: tuple[tuple[dt.date, Network], ...],
    days: Mapping[tuple[str, str], dt.date],
) -> tuple[Network, Transition]:
    """Lanes and works of all stages in one network; lanes that come have a share of 0 in it."""
    last = stages[-1][1]
    begins: dict[str, dt.date] = {}
    waiting = [lane for lane in last.lanes.values() if lane.id not in before.lanes]
    while waiting:  # a lane into works that begin on a day begins on that day
        left = []
        for lane in waiting:
            day = days.get((lane.to_recipe, lane.part)) or _day_of(last, lane, begins)
            if day is None:
                left.append(lane)
            else:
                begins[lane.id] = day
        assert len(left) < len(waiting), "a new lane leads to works that never begin"
        waiting = left
    ends = {
        lane.id: days[lane.to_recipe, lane.part]
        for lane in before.lanes.values()
        if (lane.to_recipe, lane.part) in days
    }
    lanes = {**{name: replace(last.lanes[name], share_pct=0.0) for name in begins}, **before.lanes}
    recipes = {**last.recipes, **{name: _quicker(made, last.recipes) for name, made in before.recipes.items()}}
    merged = replace(
        before,
        sites=in_order({**last.sites, **before.sites}),
        recipes=in_order(recipes),
        lanes=in_order(lanes),
        routes=in_order({**last.routes, **before.routes}),
    )
    dated = f"{before.digest} {last.digest} {sorted(begins.items())} {sorted(ends.items())}"
    merged = replace(merged, digest=hashlib.sha256(dated.encode()).hexdigest())
    return merged, Transition(ordinary, stages, MappingProxyType(begins), MappingProxyType(ends))


def _day_of(network: Network, lane: Lane, begins: Mapping[str, dt.date]) -> dt.date | None:
    """Day on which the works that a lane leads to are first asked."""
    found = [begins[x.id] for x in network.lanes.values() if x.from_recipe == lane.to_recipe and x.id in begins]
    return min(found, default=None)


def _quicker(made: Recipe, later: Mapping[str, Recipe]) -> Recipe:
    """Works of which more is asked later have the lines for it from the beginning."""
    return replace(made, work_s=min(made.work_s, later[made.id].work_s)) if made.id in later else made


def _told(network: Network, pattern: Pattern, day: dt.date, stands: bool, comes: bool) -> Mapping[str, Any]:
    lanes: Iterable[Lane] = network.lanes_into(pattern.vehicle, pattern.part)
    return {
        "vehicle": pattern.vehicle,
        "part": pattern.part,
        "today": {lane.from_recipe: lane.share_pct for lane in lanes},
        "sources": {supply.base: supply.share_pct for supply in pattern.supplies},
        "qualified_on": day.isoformat(),
        "when": "in force" if stands else "within the run" if comes else "after the run",
    }
