"""Goods of a network under two laws: what each is asked, claims and owes at each border, as planned on one day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.customs import Assessment, assess
from sim.customs.claims import ClaimRecord
from sim.customs.flow import Floats
from sim.customs.planned import planned_flow
from sim.law import Law
from sim.network.model import Network
from sim.parameters import load_parameters
from sim.planning.claims import decide_claims

FIRMS, REGIME = "claim_or_pay", "calm"
CENT = 0.005  # US dollars a unit, or percentage points: less is no move
Key = tuple[str, str, str]  # part, exporter, importer


@dataclass(frozen=True, slots=True)
class Standing:
    """A good at a border under one law, over all lanes that bring it there.

    Parameters
    ----------
    content_pct, threshold_pct : float
        Least planned regional content of its makers, and what the rule asks; threshold 0 where it asks none.
    claimed : tuple of str
        Agreements claimed, sorted; an empty name where some pay.
    verdicts, reasons : tuple of str
        Why, sorted: what firms decided, and how the test of origin came out.
    owed_usd : float
        Duties and fees a unit, US dollars.
    provisions : tuple of (programme, heading, citation)
        What charges something.
    """

    content_pct: float
    threshold_pct: float
    claimed: tuple[str, ...]
    verdicts: tuple[str, ...]
    reasons: tuple[str, ...]
    owed_usd: float
    provisions: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A good at a border before and after a reform.

    Parameters
    ----------
    makers : tuple of str
        Sites that ship it there.
    lanes : int
        Lanes that bring it there.
    """

    part: str
    name: str
    hts_code: str
    exporter: str
    importer: str
    makers: tuple[str, ...]
    lanes: int
    before: Standing
    after: Standing

    @property
    def rise_usd(self) -> float:
        """Change of duties and fees, US dollars a unit."""
        return self.after.owed_usd - self.before.owed_usd

    @property
    def is_moved(self) -> bool:
        """Whether anything differs: what is asked, content, claim, or what is owed."""
        old, new = self.before, self.after
        numbers = (self.rise_usd, new.content_pct - old.content_pct, new.threshold_pct - old.threshold_pct)
        return (old.claimed, old.verdicts) != (new.claimed, new.verdicts) or max(map(abs, numbers)) >= CENT


def goods_between(network: Network, before: Law, after: Law, on: dt.date) -> tuple[Move, ...]:
    """Every good of a network at every border it is entered at, under two laws; largest change first.

    Notes
    -----
    One planned load on each lane, on its usual route: nothing is simulated. Firms claim where it saves more than it
    costs. A duty on what a good is made of raises its value, and so what it owes itself.
    """
    first, second = _standings(network, before, on), _standings(network, after, on)
    makers = _makers(network, before, on)
    moves = []
    for key in sorted(set(first) & set(second)):
        part = network.parts[key[0]]
        sites, lanes = makers[key]
        moves.append(Move(part.id, part.name, part.hts_code, *key[1:], sites, lanes, first[key], second[key]))
    return tuple(sorted(moves, key=lambda move: -abs(move.rise_usd)))


def _standings(network: Network, law: Law, on: dt.date) -> dict[Key, Standing]:
    parameters = load_parameters()
    claims = decide_claims(network, law, on, FIRMS, None, parameters, REGIME, on)
    assessment = assess(planned_flow(network, on), network, law, claims, parameters)
    records = {(record.lane, record.position): record for record in claims.records}
    entries: dict[Key, list[int]] = defaultdict(list)
    told: dict[Key, list[ClaimRecord]] = defaultdict(list)
    flow = assessment.flow
    for entry, node in enumerate(flow.entry_node.tolist()):
        lane = flow.lane_ids[flow.lane[node]]
        record = records[lane, int(flow.entry_position[entry])]
        key = (network.lanes[lane].part, record.exporter, record.importer)
        entries[key].append(entry)
        told[key].append(record)
    owed = np.bincount(assessment.rows.entry, assessment.rows.amount_cents, len(flow.entry_node)) / 100
    return {key: _standing(network, assessment, told[key], entries[key], owed, on) for key in entries}


def _standing(
    network: Network,
    assessment: Assessment,
    records: list[ClaimRecord],
    entries: list[int],
    owed: Floats,
    on: dt.date,
) -> Standing:
    rows, flow = assessment.rows, assessment.flow
    units = float(flow.units[flow.entry_node[entries]].sum())
    charging = np.isin(rows.entry, entries) & (rows.amount_cents > 0)
    provisions = {rows.provisions[index] for index in np.unique(rows.provision[charging]).tolist()}
    return Standing(
        content_pct=min(record.content_pct for record in records),
        threshold_pct=max(record.threshold_pct for record in records),
        claimed=tuple(sorted({record.claimed for record in records})),
        verdicts=tuple(sorted({record.verdict for record in records})),
        reasons=tuple(sorted({assessment.origin(network.lanes[x.lane].from_recipe, on).reason for x in records})),
        owed_usd=float(owed[entries].sum()) / units if units else 0.0,
        provisions=tuple(sorted((x.programme, x.heading, str(x.reference)) for x in provisions)),
    )


def _makers(network: Network, law: Law, on: dt.date) -> Mapping[Key, tuple[tuple[str, ...], int]]:
    """Sites and number of lanes behind each good at each border."""
    flow = planned_flow(network, on)
    found: dict[Key, dict[str, str]] = defaultdict(dict)
    for node, crossing in zip(flow.entry_node.tolist(), flow.entry_crossing.tolist(), strict=True):
        lane = network.lanes[flow.lane_ids[flow.lane[node]]]
        site = network.recipes[lane.from_recipe].site
        key = (lane.part, network.sites[site].country, network.crossings[flow.crossing_ids[crossing]].to_country)
        found[key][lane.id] = site
    return {key: (tuple(sorted(set(lanes.values()))), len(lanes)) for key, lanes in found.items()}


def owner_of(law: Law, path: str) -> str:
    """The programme that a path of the law belongs to; empty for none."""
    return max((own for own in law.by_path if path == own or path.startswith(f"{own}/")), key=len, default="")


def without(law: Law, path: str) -> Law:
    """The law without a programme; decisions taken with it are not kept."""
    kept = {own: programme for own, programme in law.by_path.items() if own != path}
    return Law(kept, law.agreements, law.relations, law.reforms, f"{law.digest} without {path}")
