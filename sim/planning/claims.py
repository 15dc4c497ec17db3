"""Claim or pay: for every lane and entry, whether preference is asked for, from what is known and planned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from sim.customs.assess import Assessment, assess_choosing
from sim.customs.claiming import verification_part
from sim.customs.claims import (
    CHEAPER,
    CLAIMS,
    FAILS,
    NO_AGREEMENT,
    NOT_BEFORE,
    NOTHING,
    ClaimRecord,
    Claims,
)
from sim.customs.entering import compliance_usd, owed
from sim.customs.entries import Lines
from sim.customs.flow import Floats, Ints
from sim.customs.planned import planned_flow
from sim.customs.state import Batch, Rollup
from sim.errors import ScenarioError, nearest
from sim.law import Law
from sim.network.expedite import ways
from sim.network.model import Network
from sim.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a rule of one's own is told of a good that may claim preference at an entry, US dollars a load.

    Parameters
    ----------
    lane, part : str
    exporter, importer : str
        Countries, ISO 3166 alpha-2.
    value_usd : float
        Customs value.
    paying_usd, claiming_usd : float
        Duty and fees without the claim and with it.
    cost_usd : float
        What the claim costs beside that: its private cost, and what verification is expected to cost.
    """

    lane: str
    part: str
    exporter: str
    importer: str
    value_usd: float
    paying_usd: float
    claiming_usd: float
    cost_usd: float


ClaimRule = Callable[[Weighed], bool]
FIRMS = ("fixed", "claim_or_pay", "resource", "settled", "relocate")
CENT = 0.01  # savings below it count as none


def decide_claims(
    network: Network,
    law: Law,
    known_on: dt.date,
    firms: str,
    baseline: Claims | None,
    parameters: Parameters,
    regime: str = "calm",
    on: dt.date | None = None,
    rule: ClaimRule | None = None,
) -> Claims:
    """Decide for every lane and entry whether preference is claimed.

    Parameters
    ----------
    network : Network
    law : Law
    known_on : date
        Planners use what had been published by this day.
    firms : str
        ``fixed``: claim wherever the planned good originates, without comparing costs; with a baseline,
        only where the baseline claimed. Any other: claim where it originates and saves more than it costs.
    baseline : Claims or None
        Claims of the baseline scenario.
    parameters : Parameters
    regime : str
        Border regime of claimed entries; sets the compliance cost of claiming.
    on : date, optional
        Day whose law is planned for; by default `known_on`.
    rule : callable, optional
        Decides instead of the comparison of costs where a good originates; firms that are ``fixed`` have none.

    Returns
    -------
    Claims
        With one record per lane and entry.

    Raises
    ------
    ScenarioError
        Unknown behaviour of firms, or unknown regime.

    Notes
    -----
    Decisions are taken tier by tier, suppliers first, so that each sees the duty its own inputs really
    paid. Saved is duty and fees without the claim less duty and fees with it, per planned load on the usual
    route.
    """
    problems = []
    if firms not in FIRMS:
        problems.append(f"firms: no behaviour named '{firms}'. {nearest(firms, FIRMS, 'behaviours')}")
    if regime not in parameters.regimes:
        known = nearest(regime, parameters.regimes, "regimes")
        problems.append(f"claim_regime: no border regime named '{regime}'. {known}")
    if problems:
        raise ScenarioError("claims", problems)
    decided: dict[int, tuple[float, float, float, str]] = {}

    def choose(state: Rollup, batch: Batch) -> Ints:
        claims = compare(state, batch, firms, baseline, rule)
        for row, entry in enumerate(batch.lines.entry):
            decided[int(entry)] = claims[row]
        claimed = np.array([verdict == CLAIMS for *_, verdict in claims], dtype=np.bool_)
        return np.where(claimed, batch.agreement, 0)

    day = on or known_on
    flow = planned_flow(network, day)
    assessment = assess_choosing(flow, network, law, choose, regime, parameters, known_on)
    records = [_record(network, assessment, entry, decided[entry]) for entry in sorted(decided)]
    return Claims.of(_with_alternatives(network, records), regime)


def compare(
    state: Rollup, batch: Batch, firms: str, baseline: Claims | None, rule: ClaimRule | None = None
) -> list[tuple[float, float, float, str]]:
    """Per line: duty paying, duty claiming, cost of the claim (US dollars a load) and the verdict."""
    lines = batch.lines
    possible = lines.originates & (batch.agreement > 0)
    paying, claiming, extra = weigh(state, lines, np.where(possible, batch.agreement, 0))
    found = []
    for row in range(len(lines.entry)):
        saved, cost = float(paying[row] - claiming[row]), float(extra[row])
        key = (state.flow.lane_ids[batch.lane[row]], int(batch.position[row]))
        if not batch.agreement[row]:
            verdict = NO_AGREEMENT
        elif not possible[row]:
            verdict = FAILS
        elif firms == "fixed":
            verdict = CLAIMS if baseline is None or baseline.claimed(*key) else NOT_BEFORE
        elif rule is not None:
            verdict = CLAIMS if rule(_weighed(state, batch, row, (paying, claiming, extra))) else CHEAPER
        elif saved < CENT:
            verdict = NOTHING
        else:
            verdict = CLAIMS if saved > cost else CHEAPER
        found.append((float(paying[row]), float(claiming[row]), cost, verdict))
    return found


def _weighed(state: Rollup, batch: Batch, row: int, costs: tuple[Floats, Floats, Floats]) -> Weighed:
    recipe = int(batch.lines.recipe[row])
    return Weighed(
        lane=state.flow.lane_ids[batch.lane[row]],
        part=state.book.parts[recipe].id,
        exporter=state.book.country[recipe],
        importer=state.importers[batch.lines.importer[row]],
        value_usd=float(batch.lines.amounts[row, 0]) / 100,
        paying_usd=float(costs[0][row]),
        claiming_usd=float(costs[1][row]),
        cost_usd=float(costs[2][row]),
    )


def weigh(state: Rollup, lines: Lines, claims: Ints) -> tuple[Floats, Floats, Floats]:
    """What lines owe without a claim and with it, and what the claim costs beside that; US dollars a load.

    The cost of a claim is its private cost, and what verification is expected to cost.

    Parameters
    ----------
    claims : int64[lines]
        Agreement (index in `Rollup.agreements`) that would be claimed, 0 where none can be.
    """
    paying = _owed_usd(state, lines, np.zeros(len(lines.entry), dtype=np.int64))
    claiming = _owed_usd(state, lines, claims)
    everywhere = np.ones(len(lines.entry), dtype=np.bool_)
    extra = compliance_usd(state, lines, everywhere) - compliance_usd(state, lines, ~everywhere)
    part = verification_part(state.parameters)
    return paying, claiming, extra + part * np.maximum(paying - claiming, 0.0) if part else extra


def _owed_usd(state: Rollup, lines: Lines, claims: Ints) -> Floats:
    """Duty and fees of each line under given claims, US dollars a load."""
    total = np.zeros(len(lines.entry))
    for charged in owed(state, lines, claims):
        total[charged.lines] += charged.charge.amount / 100
    return total


def _record(
    network: Network,
    assessment: Assessment,
    entry: int,
    decided: tuple[float, float, float, str],
) -> ClaimRecord:
    flow = assessment.flow
    lane = network.lanes[flow.lane_ids[flow.lane[flow.entry_node[entry]]]]
    importer = assessment.importers[assessment.entry_importer[entry]]
    origin = assessment.origin(lane.from_recipe, importer=importer)
    paying, claiming, compliance, verdict = decided
    return ClaimRecord(
        lane=lane.id,
        position=int(flow.entry_position[entry]),
        importer=importer,
        exporter=network.sites[network.recipes[lane.from_recipe].site].country,
        agreement=assessment.agreements[assessment.entry_agreement[entry]],
        claimed=assessment.agreements[assessment.entry_claim[entry]],
        content_pct=origin.content_pct,
        threshold_pct=origin.threshold_pct,
        duty_paying_usd=paying,
        duty_claiming_usd=claiming,
        compliance_usd=compliance,
        verdict=verdict,
        value_usd=float(assessment.entry_value_cents[entry]) / 100,
    )


def _with_alternatives(network: Network, records: list[ClaimRecord]) -> list[ClaimRecord]:
    """Add the entries of alternative routes that come at another place along the way, decided alike."""
    usual: dict[tuple[str, str], ClaimRecord] = {}
    for record in records:
        usual.setdefault((record.lane, record.importer), record)
    found = {(record.lane, record.position): record for record in records}
    for (lane_id, importer), record in usual.items():
        for route in ways(network, network.lanes[lane_id])[1:]:
            crossings = [step for step in route.steps if step.crossing]
            for position, step in enumerate(crossings):
                same = network.crossings[step.crossing].to_country == importer
                if step.movement == "entry" and same and (lane_id, position) not in found:
                    found[lane_id, position] = replace(record, position=position)
    return list(found.values())
