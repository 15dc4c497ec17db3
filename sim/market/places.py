"""What each vehicle would cost at home and at every other place, under the law known on the day of the decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sim.customs import assess, planned_flow
from sim.law import Law
from sim.market.moved import destinations, move
from sim.market.relocate import Candidate, Decision, Place, Terms, decide, opens_on, terms_of
from sim.market.response import yearly_builds
from sim.network.model import Network
from sim.planning.claims import decide_claims
from sim.replication import Prepared
from sim.sourcing.decide import Question, choose_plan, open_question
from sim.sourcing.run import DATED, SETTLED

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plant:
    """One assembly plant and what it decides.

    Parameters
    ----------
    candidates : tuple of Candidate
        Its vehicles with every place that was weighed.
    anyway : mapping of str to tuple of str
        By vehicle, sites left out because they would pay under the baseline's law too: something that the model
        does not know keeps the vehicle at home.
    """

    site: str
    country: str
    candidates: tuple[Candidate, ...]
    anyway: Mapping[str, tuple[str, ...]]
    decision: Decision


@dataclass(frozen=True, slots=True)
class Weighed:
    """All plants of a scenario."""

    plants: tuple[Plant, ...]
    terms: Terms
    decided: dt.date
    opens: dt.date
    resourced: bool


def weigh_plants(reform: Prepared, baseline: Prepared | None, tell: Tell) -> Weighed:
    """Decide for every plant of a scenario whether its vehicles stay or move.

    Parameters
    ----------
    baseline : Prepared or None
        A place that is worth moving to under its law already is left out, as in Head, Mayer and Melitz (2024), who drop
        such makers; None leaves out nothing.

    Notes
    -----
    The decision falls on the day by which the scenario's law is known. Costs are those under the law that, as known
    then, holds on the day the new plant would open: later announcements change nothing. Where firms change sources
    (``resource``, ``settled``), every place has its own best sources, at home too.
    """
    scenario, network = reform.scenario, reform.scenario.load_network()
    terms = terms_of(reform.parameters)
    opens = opens_on(scenario.law_as_of, terms)
    costs = _Costs(reform, opens)
    before = _Costs(baseline, opens) if baseline is not None else None
    vehicles = [recipe.id for recipe in network.recipes.values() if recipe.schedule]
    places: dict[str, list[tuple[str, str, float, float]]] = {name: [] for name in vehicles}
    tell("costs at home")
    stay = costs.of(network, vehicles)
    stayed = before.of(network, vehicles) if before else {}
    targets = {name: destinations(network, name) for name in vehicles}
    for country in sorted({x for own in targets.values() for x in own}):
        tell(f"costs in {country}")
        there, left = move(network, {name: own[country] for name, own in targets.items() if country in own})
        now = costs.of(there, list(left.values()))
        then = before.of(there, list(left.values())) if before else {}
        for vehicle, name in left.items():
            places[vehicle].append((targets[vehicle][country], country, now[name], then.get(name, float("inf"))))
    plants = []
    for site in sorted({network.recipes[name].site for name in vehicles}):
        own = [name for name in vehicles if network.recipes[name].site == site]
        plants.append(_plant(reform, network, site, own, stay, stayed, places, terms))
    return Weighed(tuple(plants), terms, scenario.law_as_of, opens, costs.resourced)


def _plant(
    reform: Prepared,
    network: Network,
    site: str,
    vehicles: list[str],
    stay: Mapping[str, float],
    stayed: Mapping[str, float],
    places: Mapping[str, list[tuple[str, str, float, float]]],
    terms: Terms,
) -> Plant:
    built = {recipe.site for recipe in network.recipes.values() if recipe.schedule}
    candidates, anyway = [], {}
    for vehicle in vehicles:
        yearly = yearly_builds(reform, network, vehicle)
        kept, out = [], []
        for where, country, cost, then in places[vehicle]:
            place = Place(where, country, cost, where not in built)
            if stayed:
                of_law_before = Candidate(vehicle, yearly, stayed[vehicle], ())
                if decide([_with(of_law_before, Place(where, country, then, place.is_new))], terms).moves:
                    out.append(where)
                    continue
            kept.append(place)
        candidates.append(Candidate(vehicle, yearly, stay[vehicle], tuple(kept)))
        anyway[vehicle] = tuple(out)
    found = decide(candidates, terms)
    return Plant(site, network.sites[site].country, tuple(candidates), MappingProxyType(anyway), found)


def _with(candidate: Candidate, place: Place) -> Candidate:
    return Candidate(candidate.vehicle, candidate.yearly, candidate.stay_usd, (place,))


class _Costs:
    """Landed cost of vehicles under one law on one day."""

    def __init__(self, prepared: Prepared, on: dt.date) -> None:
        self.prepared, self.on = prepared, on
        self.resourced = prepared.scenario.firms in (DATED, SETTLED)

    def of(self, network: Network, vehicles: list[str]) -> dict[str, float]:
        """Mean over the markets of each vehicle, US dollars."""
        scenario, law, parameters = self.prepared.scenario, self.prepared.law, self.prepared.parameters
        known, regime = scenario.law_as_of, scenario.claim_regime
        found = {}
        own = [name for name in vehicles if network.recipes[name].inputs] if self.resourced else []
        if own:
            opened = open_question(Question(network, law, self.on, known, parameters, regime), own)
            found = {name: choose_plan(opened, name).cost_usd for name in own}
        rest = [name for name in vehicles if name not in found]
        return found | (self._planned(network, law, rest) if rest else {})

    def _planned(self, network: Network, law: Law, vehicles: list[str]) -> dict[str, float]:
        scenario, parameters = self.prepared.scenario, self.prepared.parameters
        known = scenario.law_as_of
        claims = decide_claims(network, law, known, scenario.firms, None, parameters, scenario.claim_regime, on=self.on)
        flow = planned_flow(network, self.on)
        landed = assess(flow, network, law, claims, parameters, known).unit.landed.sum(axis=1)
        found = dict.fromkeys(vehicles, 0.0)
        for node, name in enumerate(flow.lane_ids):
            lane = network.lanes[name]
            if not lane.to_recipe and lane.from_recipe in found:
                found[lane.from_recipe] += float(landed[node]) * lane.share_pct / 100
        return found
