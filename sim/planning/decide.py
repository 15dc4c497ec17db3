"""What firms decide before the run: which preference each good claims at each border, law by law."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sim.customs import Claims
from sim.law import Law
from sim.network.model import Network
from sim.network.stated import days_of as days_stated
from sim.parameters import Parameters, Regime
from sim.planning.claims import ClaimRule, decide_claims
from sim.planning.transition import Transition, days_of
from sim.scenario import Scenario

UNCLAIMED = "no_preference"
DAY = dt.timedelta(days=1)
IN_TRANSIT = "calm"  # assumption: goods in bond or under temporary import carry settled papers


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions of a scenario, the same in all its replications.

    Parameters
    ----------
    claims : Claims
        Agreement claimed by lane, position along the route and day, and the border regime that a claim leads to.
    parameters : Parameters
        Holds the regimes.
    """

    claims: Claims
    parameters: Parameters

    def regime_at(self, lane: str, position: int, movement: str) -> Regime:
        """How customs treats a load of a lane at the crossing at `position` (from 0) of its route.

        Holds follow the claims of the first measured day throughout: a Plan draws its loads before it knows on
        which day each of them will cross. What is claimed and owed at the entry follows the day.
        """
        regimes = self.parameters.regimes
        if movement != "entry":
            return regimes[IN_TRANSIT]
        return regimes[self.claims.regime if self.claims.claimed(lane, position) else UNCLAIMED]


def decide(
    scenario: Scenario,
    network: Network,
    law: Law,
    parameters: Parameters,
    before: Law | None = None,
    transition: Transition | None = None,
    rule: ClaimRule | None = None,
) -> Decisions:
    """Take the decisions of a scenario, once for every stretch of days between changes of the law or of a currency.

    Parameters
    ----------
    law : Law
        With the scenario's reforms.
    before : Law, optional
        Without them. Where firms are ``fixed`` they claim only what they would claim under it: a reform may take a
        preference from them, but teaches them no new one.
    transition : Transition, optional
        Lanes that begin or end within the run: every stage is decided on its own network. What is on the way on a
        lane that has ended claims as it did.
    rule : callable, optional
        Whether a good that may claim does, instead of the comparison of costs.

    Notes
    -----
    Where the scenario's conduct changes how firms claim, a stretch begins on that day and its habit holds from then on.

    Each stretch is decided under the law of its first day, the warm-up included. The stretch of the first measured
    day is decided on that day, by what the scenario says was known. Earlier stretches know no more than that, nor
    what was published after them; later ones know also what was published since.
    """
    clock = scenario.clock()
    ends = clock.date(clock.end_s - 1) + DAY
    worth = parameters.worth
    moved = {day for currency in worth.currencies for day in worth.changes(currency) if clock.begins < day < ends}
    turned = {turn.from_ for turn in scenario.conduct if turn.claims and clock.begins < turn.from_ < ends}
    held = {day for day in days_stated(network.stated) if clock.begins < day < ends}
    changes = law.change_dates(clock.begins, ends)
    firsts = sorted({clock.begins, *changes, *moved, *turned, *held, *days_of(transition)})
    now = max(day for day in firsts if day <= scenario.start)
    claims = {}
    for first in firsts:
        day = scenario.start if first == now else first
        there = transition.on(day, network) if transition else network
        claims[first] = _decide_on(scenario, there, law, parameters, before, day, rule)
    if transition:
        claims = _carried(claims)
    return Decisions(claims[now].held_from(list(claims.items())), parameters)


def _carried(claims: dict[dt.date, Claims]) -> dict[dt.date, Claims]:
    """Claims of all stages, each with those of lanes that it does not know: of the stage before, or after."""
    found: dict[dt.date, Claims] = {}
    known = {day: {record.lane for record in own.records} for day, own in claims.items()}
    for order in (list(claims), list(reversed(claims))):
        carried: dict[tuple[str, int], str] = {}
        for day in order:
            own = found.get(day, claims[day])
            beside = {key: value for key, value in carried.items() if key[0] not in known[day]}
            found[day] = Claims({**beside, **own.agreements}, own.regime, own.records)
            carried = dict(found[day].agreements)
    return {day: found[day] for day in claims}


def _decide_on(
    scenario: Scenario,
    network: Network,
    law: Law,
    parameters: Parameters,
    before: Law | None,
    day: dt.date,
    rule: ClaimRule | None,
) -> Claims:
    known = _known_on(scenario, day)
    habit = next((turn.claims for turn in reversed(scenario.conduct) if turn.claims and turn.from_ <= day), "")
    firms = "fixed" if habit == "every" else scenario.firms  # who is fixed compares no costs
    own = (lambda good: False) if habit == "none" else rule

    def decided(under: Law, baseline: Claims | None) -> Claims:
        return decide_claims(network, under, known, firms, baseline, parameters, scenario.claim_regime, day, own)

    is_held = scenario.firms == "fixed" and before is not None and before.digest != law.digest
    return decided(law, decided(before, None) if is_held and before is not None else None)


def _known_on(scenario: Scenario, day: dt.date) -> dt.date:
    """Day by which the law that planners use on a day was published."""
    if day == scenario.start:
        return scenario.law_as_of
    choose = min if day < scenario.start else max
    return choose(scenario.law_as_of, day)
