"""What firms decide before the run: which preference each good claims at each border."""

from __future__ import annotations

from dataclasses import dataclass

from sim.customs import Claims
from sim.law import Law
from sim.network.model import Network
from sim.parameters import Parameters, Regime
from sim.planning.claims import decide_claims
from sim.scenario import Scenario

UNCLAIMED = "no_preference"
IN_TRANSIT = "calm"  # assumption: goods in bond or under temporary import carry settled papers


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions of a scenario, the same in all its replications.

    Parameters
    ----------
    claims : Claims
        Agreement claimed by lane and position along the route, and the border regime that a claim leads to.
    parameters : Parameters
        Holds the regimes.
    """

    claims: Claims
    parameters: Parameters

    def regime_at(self, lane: str, position: int, movement: str) -> Regime:
        """How customs treats a load of a lane at the crossing at `position` of its route."""
        regimes = self.parameters.regimes
        if movement != "entry":
            return regimes[IN_TRANSIT]
        claimed = self.claims.agreements.get((lane, position), "")
        return regimes[self.claims.regime if claimed else UNCLAIMED]


def decide(scenario: Scenario, network: Network, law: Law, parameters: Parameters) -> Decisions:
    """Take the decisions of a scenario under the law that planners know at its start."""
    claims = decide_claims(
        network,
        law,
        scenario.law_as_of,
        scenario.firms,
        None,
        parameters,
        regime=scenario.claim_regime,
        on=scenario.start,
    )
    return Decisions(claims, parameters)
