"""The sourcing decision: for each vehicle the plan of least landed cost, preference claimed or not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from sim.customs.claims import CLAIMS
from sim.customs.flow import Ints
from sim.customs.state import Batch, Rollup
from sim.errors import nearest
from sim.law import GoodFacts, Law, OriginRule
from sim.network.model import Network
from sim.parameters import Parameters
from sim.planning.claims import compare
from sim.sourcing.market import Market, open_market
from sim.sourcing.patterns import Pattern, Supply, patterns_of
from sim.sourcing.problem import Limit, Problem, SourcingError, solve
from sim.sourcing.rule import limits_of
from sim.sourcing.trial import Trial, build_trial
from sim.sourcing.vehicle import Sales, Vehicle, read_vehicle
from sim.units import PPM

FIRM = "claim_or_pay"  # how suppliers decide on their own entries


@dataclass(frozen=True, slots=True)
class Question:
    """What a sourcing decision is taken on.

    Parameters
    ----------
    network : Network
    law : Law
    on, known : date
        Day whose law is planned for, and day by which it was published.
    parameters : Parameters
    regime : str
        Border regime of claimed entries.
    """

    network: Network
    law: Law
    on: dt.date
    known: dt.date
    parameters: Parameters
    regime: str = "calm"


@dataclass(frozen=True, slots=True)
class Choice:
    """The plan of a vehicle.

    Parameters
    ----------
    vehicle : Vehicle
    chosen : int64[families]
        Pattern of each family.
    claims : frozenset of str
        Countries of entry in which preference is claimed, where the vehicle passes a border.
    cost_usd : float
        Landed cost of a vehicle, mean over its markets.
    today_usd : float
        The same with the sources of today, preference claimed where today's vehicle may and gains by it.
    unmet : str
        Why no plan claims preference anywhere; empty where one could.
    """

    vehicle: Vehicle
    chosen: Ints
    claims: frozenset[str]
    cost_usd: float
    today_usd: float
    unmet: str = ""

    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns chosen, by family."""
        return tuple(self.vehicle.patterns[row] for row in self.chosen.tolist())

    def changed(self) -> tuple[Pattern, ...]:
        """Those that are not today's."""
        return tuple(pattern for pattern in self.patterns() if not pattern.is_today)


@dataclass(frozen=True, slots=True)
class Opened:
    """A question with its market: the vehicles, ready to be solved under any limit."""

    question: Question
    trial: Trial
    vehicles: dict[str, Vehicle]
    market: Market

    def price(self, pattern: Pattern, supply: Supply) -> float:
        """Price ex works of one unit of a source, before what the pattern adds to it; US dollars."""
        return self.market.price(pattern.vehicle, pattern.part, supply)

    def lane_price(self, lane: str) -> float:
        """Price ex works of one unit on a lane of the trial network, US dollars."""
        names = self.market.assessment.flow.lane_ids
        return float(self.market.assessment.unit.price[names.index(lane)])

    def rules(self, vehicle: str) -> dict[str, OriginRule]:
        """Rule of origin of a vehicle by country of entry in which preference could be claimed."""
        question, network = self.question, self.question.network
        made = network.recipes[vehicle]
        part, exporter = network.parts[made.part], network.sites[made.site].country
        found = {}
        for importer in self.vehicles[vehicle].importers():
            agreement = question.law.agreement(importer, exporter, question.on, question.known)
            good = GoodFacts(part.hts_code, part.vehicle_class, part.core_class, "vehicle")
            if agreement:
                plain = question.law.origin_rule(agreement, good, question.on, question.known)
                good = replace(good, importer=importer) if plain.core_parts_required else good
                found[importer] = question.law.origin_rule(agreement, good, question.on, question.known)
        return found


def open_question(question: Question, vehicles: Iterable[str] = ()) -> Opened:
    """Lay out the market of a question: every source of every pattern, landed at its plant, assessed once.

    Parameters
    ----------
    vehicles : iterable of str
        Assembly recipes; all by default.

    Raises
    ------
    SourcingError
        The network builds no vehicle of that name.
    """
    network, parameters = question.network, question.parameters
    built = [recipe.id for recipe in network.recipes.values() if recipe.schedule]
    asked = list(vehicles) or built
    if unknown := sorted(set(asked) - set(built)):
        said = f"is no vehicle of network '{network.name}'."
        raise SourcingError("sourcing", [f"'{x}' {said} {nearest(x, built, 'vehicles')}" for x in unknown])
    trial = build_trial(network, parameters)
    patterns = {name: patterns_of(trial, name, parameters) for name in asked}
    sales = Sales(frozenset(asked))

    def choose(state: Rollup, batch: Batch) -> Ints:
        sales.watch(state, batch)
        verdicts = compare(state, batch, FIRM, None)
        claimed = np.array([verdict == CLAIMS for *_, verdict in verdicts], dtype=np.bool_)
        return np.where(claimed, batch.agreement, 0)

    every = (pattern for own in patterns.values() for family in own.values() for pattern in family)
    single = replace(parameters, entry_consolidation_loads=1.0)  # trial loads share no entry with any other
    market = open_market(trial, every, question.law, question.on, question.known, single, question.regime, choose)
    read = {name: read_vehicle(network, name, patterns[name], market, sales, single) for name in asked}
    return Opened(question, trial, read, market)


def choose_plan(opened: Opened, vehicle: str, *, is_fixed: bool = False) -> Choice:
    """The plan of least landed cost of a vehicle, over every set of countries in which it may claim preference.

    Parameters
    ----------
    is_fixed : bool
        Keep the sources of today, and decide only where to claim.

    Notes
    -----
    A changed plan keeps a margin (`content_margin_pct`) above the content that the rule asks: what is really built
    differs from what is planned. Today's plan stays possible where it meets the rule without one.

    Raises
    ------
    SourcingError
        The problem is too large, or was not solved in time.
    """
    made, rules = opened.vehicles[vehicle], opened.rules(vehicle)
    today = _best(made, rules, 0.0, lambda problem: _hold(problem, made.today))
    if is_fixed:
        return today
    margin_ppm = opened.question.parameters.content_margin_pct / 100 * PPM
    found = _best(made, rules, margin_ppm, lambda problem: solve(problem).chosen)
    best = found if found.cost_usd < today.cost_usd else replace(today, unmet=found.unmet)
    return replace(best, today_usd=today.cost_usd)


def choose_all(opened: Opened) -> dict[str, Choice]:
    """`choose_plan` for every vehicle of a question."""
    return {name: choose_plan(opened, name) for name in opened.vehicles}


def problem_of(
    vehicle: Vehicle, rules: dict[str, OriginRule], claims: frozenset[str], margin_ppm: float = 0.0
) -> Problem:
    """The problem of a vehicle that claims preference in some countries: it meets the rule as each reads it."""
    limits: list[Limit] = []
    ways: tuple[tuple[Limit, ...], ...] = ()
    for rule in {repr(rule): rule for name, rule in sorted(rules.items()) if name in claims}.values():
        own, ways = limits_of(
            rule, vehicle.sums, margin_ppm
        )  # readings differ in what counts as foreign, not in the ways
        limits += own
    return Problem(vehicle.parts, vehicle.first, vehicle.objective(claims).values, tuple(limits), ways)


def _best(
    vehicle: Vehicle, rules: dict[str, OriginRule], margin_ppm: float, solved: Callable[[Problem], Ints]
) -> Choice:
    """The least over all sets of countries in which preference is claimed, sets that cannot win left out."""
    everywhere = frozenset(rules)
    nowhere = solved(problem_of(vehicle, rules, frozenset()))
    cost = vehicle.objective(frozenset()).of(nowhere)
    best = Choice(vehicle, nowhere, frozenset(), cost, cost)
    unmet, floor = "", -np.inf
    for claims in sorted(_subsets(everywhere), key=lambda x: (-len(x), sorted(x))):
        problem = problem_of(vehicle, rules, claims, margin_ppm)
        if claims != everywhere and _least(vehicle, claims, everywhere) + floor >= best.cost_usd:
            continue
        try:
            chosen = solved(problem)
        except SourcingError as error:
            unmet = "; ".join(item.message for item in error.problems)
            floor = np.inf if claims == everywhere and _read_alike(rules) else floor
            continue
        cost = vehicle.objective(claims).of(chosen)
        if claims == everywhere and _read_alike(rules):
            floor = cost
        if cost < best.cost_usd - 1e-9:
            best = Choice(vehicle, chosen, claims, cost, cost)
    return replace(best, unmet="" if best.claims else unmet)


def _subsets(names: frozenset[str]) -> list[frozenset[str]]:
    return [frozenset(x) for size in range(1, len(names) + 1) for x in combinations(sorted(names), size)]


def _read_alike(rules: dict[str, OriginRule]) -> bool:
    """Whether every country of entry asks the same of the vehicle, so that a plan meets the rule of all or of none."""
    return len(set(map(repr, rules.values()))) <= 1


def _least(vehicle: Vehicle, claims: frozenset[str], everywhere: frozenset[str]) -> float:
    """Least that claiming in some countries only can cost more than claiming in all, whatever is sourced where."""
    more = vehicle.objective(claims) - vehicle.objective(everywhere)
    return more.own + float(np.minimum.reduceat(more.values, vehicle.first[:-1]).sum())


def _hold(problem: Problem, today: Ints) -> Ints:
    """Today's plan, if it meets the limits of a problem.

    Raises
    ------
    SourcingError
        It does not.
    """

    def holds(limit: Limit) -> bool:
        return bool(limit.values[today].sum() >= limit.least - 1e-6 * max(1.0, abs(limit.least)))

    failed = [limit.name for limit in problem.limits if not holds(limit)]
    if problem.ways and not any(all(holds(limit) for limit in way) for way in problem.ways):
        failed.append("core parts")
    if failed:
        raise SourcingError("sourcing", [f"today's plan does not meet: {', '.join(failed)}."])
    return today
