"""Explain: what one load cost and why one entry owed what it owed, with provisions and arithmetic."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from sim.customs.assess import Assessment
from sim.customs.content import Origin
from sim.errors import SimError
from sim.network.model import Network


@dataclass(frozen=True, slots=True)
class ChargeExplanation:
    """One duty or fee of an entry.

    Parameters
    ----------
    arithmetic : str
        Base, rate and amount in words, US dollars.
    due : date
        Day on which it is owed: that of the entry, or the end of the averaging period for a true-up.
    is_true_up : bool
        Owed later because the claim failed: the rest of what is owed without it.
    is_credit : bool
        Credit drawn against the duty of another charge of the entry; below zero.
    is_drawback : bool
        Duty on inputs that the country of export gives back; below zero.
    """

    programme: str
    heading: str
    kind: str
    treasury: str
    base_cents: int
    rate_ppm: int
    amount_cents: int
    arithmetic: str
    reference: str
    href: str
    why: str
    due: dt.date
    is_true_up: bool
    is_credit: bool = False
    is_drawback: bool = False


@dataclass(frozen=True, slots=True)
class EntryExplanation:
    """One entry for consumption: the facts used, the origin test, what was claimed and what was owed.

    Parameters
    ----------
    entry : int
        Row of the flow's entries.
    agreement, claimed : str
        Agreement in force, and the one claimed; empty for none.
    value_cents : int
        Customs value, rounded.
    origin : Origin
        Test of the goods, by what was really made.
    """

    entry: int
    load: str
    part: str
    hts_code: str
    crossing: str
    on: dt.date
    exporter: str
    importer: str
    value_cents: int
    agreement: str
    claimed: str
    originates: bool
    origin: Origin
    charges: tuple[ChargeExplanation, ...]


@dataclass(frozen=True, slots=True)
class LoadExplanation:
    """One load: what a unit of it cost, where it was entered, what it was made from.

    Parameters
    ----------
    load : str
        ``<lane id>#<n>``.
    units : float
        Units of the part in it.
    borders_behind : int
        Number of borders that it and what it is made from have passed, on the longest chain.
    unit_total : float
        US dollars a unit.
    unit_cost : tuple of (str, float)
        Landed components that are not zero, US dollars a unit, largest first; they sum to `unit_total`.
    sources : tuple of (str, float)
        Loads it was made from, and the units taken from each.
    """

    load: str
    part: str
    made_by: str
    units: float
    is_seed: bool
    borders_behind: int
    unit_total: float
    unit_cost: tuple[tuple[str, float], ...]
    entries: tuple[EntryExplanation, ...]
    sources: tuple[tuple[str, float], ...]


def load_name(assessment: Assessment, node: int) -> str:
    """Name of a load: lane id and its number n within the lane."""
    flow = assessment.flow
    first = int(np.argmax(flow.lane == flow.lane[node]))
    return f"{flow.lane_ids[flow.lane[node]]}#{node - first}"


def find_load(assessment: Assessment, name: str) -> int:
    """Node of a load named ``<lane id>#<n>``.

    Raises
    ------
    SimError
        No such lane, or the lane has no such load.
    """
    lane, _, number = name.rpartition("#")
    flow = assessment.flow
    if lane not in flow.lane_ids or not number.isdigit():
        raise SimError("explain", [f"no load named '{name}'. Write it as '<lane id>#<n>'."])
    own = np.flatnonzero(flow.lane == flow.lane_ids.index(lane))
    if int(number) >= len(own):
        raise SimError("explain", [f"'{lane}' has {len(own)} loads, numbered from 0; found '#{number}'."])
    return int(own[int(number)])


def explain_entry(network: Network, assessment: Assessment, entry: int) -> EntryExplanation:
    """Say why an entry owed what it owed.

    Parameters
    ----------
    entry : int
        Row of the flow's entries, 0 or more.

    Raises
    ------
    SimError
        No such entry.
    """
    flow = assessment.flow
    if not 0 <= entry < len(flow.entry_node):
        raise SimError("explain", [f"no entry {entry}; entries are numbered 0 to {len(flow.entry_node) - 1}."])
    node = int(flow.entry_node[entry])
    recipe = network.recipes[flow.recipe_ids[flow.recipe[node]]]
    on = dt.date.fromordinal(int(flow.entry_on[entry]))
    made = dt.date.fromordinal(int(flow.made_on[node]))
    importer = assessment.importers[assessment.entry_importer[entry]]
    return EntryExplanation(
        entry=entry,
        load=load_name(assessment, node),
        part=recipe.part,
        hts_code=network.parts[recipe.part].hts_code,
        crossing=flow.crossing_ids[flow.entry_crossing[entry]],
        on=on,
        exporter=network.sites[recipe.site].country,
        importer=importer,
        value_cents=round(float(assessment.entry_value_cents[entry])),
        agreement=assessment.agreements[assessment.entry_agreement[entry]],
        claimed=assessment.agreements[assessment.entry_claim[entry]],
        originates=bool(assessment.entry_originates[entry]),
        origin=assessment.origin(recipe.id, on, made, importer),
        charges=_charges(assessment, entry),
    )


def explain_load(network: Network, assessment: Assessment, node: int) -> LoadExplanation:
    """Say what a load cost, where it was entered and what it was made from.

    Parameters
    ----------
    node : int
        Node of the flow (row of the ledger's loads); `find_load` turns a name into it.

    Raises
    ------
    SimError
        No such load.
    """
    flow, unit = assessment.flow, assessment.unit
    if not 0 <= node < flow.nodes:
        raise SimError("explain", [f"no load {node}; loads are numbered 0 to {flow.nodes - 1}."])
    recipe = network.recipes[flow.recipe_ids[flow.recipe[node]]]
    costs = [(name, float(usd)) for name, usd in zip(unit.columns, unit.landed[node], strict=True) if usd]
    uses = np.flatnonzero(flow.use_consumer == node)
    return LoadExplanation(
        load=load_name(assessment, node),
        part=recipe.part,
        made_by=recipe.id,
        units=float(flow.units[node]),
        is_seed=bool(flow.is_seed[node]),
        borders_behind=int(assessment.chain[node]),
        unit_total=float(unit.landed[node].sum()),
        unit_cost=tuple(sorted(costs, key=lambda cost: (-cost[1], cost[0]))),
        entries=tuple(explain_entry(network, assessment, int(e)) for e in flow.entries_of(node)),
        sources=tuple((load_name(assessment, int(flow.use_source[use])), float(flow.use_units[use])) for use in uses),
    )


def _charges(assessment: Assessment, entry: int) -> tuple[ChargeExplanation, ...]:
    rows = assessment.rows
    found = []
    for row in range(*np.searchsorted(rows.entry, (entry, entry + 1))):
        provision = rows.provisions[rows.provision[row]]
        base, amount = int(rows.base_cents[row]), int(rows.amount_cents[row])
        rate, is_true_up = int(rows.rate_ppm[row]), bool(rows.is_true_up[row])
        told = "credit drawn on a duty" if rows.is_credit[row] else ""
        told = "back of a duty on inputs" if rows.is_drawback[row] else told
        found.append(
            ChargeExplanation(
                programme=provision.programme,
                heading=provision.heading,
                kind=provision.kind,
                treasury=provision.treasury,
                base_cents=base,
                rate_ppm=rate,
                amount_cents=amount,
                arithmetic=_arithmetic(base, rate, amount, is_true_up, told),
                reference=str(provision.reference),
                href=provision.reference.href,
                why=provision.why,
                due=dt.date.fromordinal(int(rows.on[row])),
                is_true_up=is_true_up,
                is_credit=bool(rows.is_credit[row]),
                is_drawback=bool(rows.is_drawback[row]),
            )
        )
    return tuple(found)


def _arithmetic(base: int, rate: int, amount: int, is_true_up: bool, told: str) -> str:
    """How an amount comes about, US dollars."""
    if told:
        return f"{told} of {base / 100:,.2f} = {amount / 100:,.2f}"
    less = " less what was owed as claimed" if is_true_up else ""
    return f"{base / 100:,.2f} x {rate / 1e4:g} %{less} = {amount / 100:,.2f}"
