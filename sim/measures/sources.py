"""Luck of the sources: what vehicles cost for holding parts of other suppliers than the plan has them hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array  # type: ignore[import-untyped]

from sim.customs.assess import Assessment, UnitTable
from sim.customs.book import COST, FEES
from sim.customs.flow import Flags, Floats, Flow, Ints
from sim.customs.planned import planned_flow
from sim.network.graph import supply_levels
from sim.network.model import Network


@dataclass(frozen=True, slots=True)
class Luck:
    """What some loads cost above the plan's shares of sources, US dollars a unit.

    Parameters
    ----------
    nodes : int64[loads]
        Rows of the flow.
    landed : float64[loads, columns]
        By column of the `UnitTable`.
    duty_works : float64[loads]
        Of it duty paid before the load itself went on its way.
    """

    nodes: Ints
    landed: Floats
    duty_works: Floats

    def taken_from(self, unit: UnitTable, name: str) -> Floats:
        """A landed column of all loads, with the luck of these loads taken from it."""
        values = unit.column(name)
        if name in unit.columns:
            values = values.copy()
            values[self.nodes] -= self.landed[:, unit.columns.index(name)]
        return values


@dataclass(frozen=True, slots=True)
class _Costs:
    """What each lane adds to one unit: an amount, and for duty and fees a part of what the unit had cost until then."""

    amount: Floats  # [lanes, columns]
    rate: Floats  # [lanes, columns]


def luck_of_sources(network: Network, flow: Flow, assessment: Assessment, since_s: int, wanted: Flags) -> Luck | None:
    """Compare what loads hold with what the plan's shares have them hold, at what each lane cost in this run.

    Orders keep to the shares of suppliers, but a window begins and ends in the middle of loads, so that its vehicles
    hold more of some. Both sides are priced alike: a lane adds its mean amount, or its mean part of the cost in duty
    and fees, over loads received since `since_s`, else in the run, else in the plan. What prices and law really do
    stays in the measure; only how much of which source there was is put right.

    Parameters
    ----------
    assessment : Assessment
        Of the flow, with the standard values of its lanes.
    since_s : int
        Second from which lanes are priced.
    wanted : bool[nodes]
        Loads that are asked about.

    Returns
    -------
    Luck or None
        None where suppliers change within the run: no shares hold throughout.

    References
    ----------
    Difference estimator of survey sampling, by known totals: W. G. Cochran, Sampling Techniques, 3rd ed., chapter 7
    [memory].
    """
    nodes = np.flatnonzero(wanted)
    if not network.is_settled or not len(nodes) or assessment.standard is None:
        return None
    plan = planned_flow(network, flow.begins)
    row = {lane: index for index, lane in enumerate(plan.lane_ids)}
    of_lane = np.array([row[lane] for lane in flow.lane_ids], dtype=np.int64)[flow.lane]
    columns = assessment.unit.columns
    costs = _lane_costs(flow, of_lane, assessment.unit.landed, since_s, _standard_costs(plan, assessment))
    level = supply_levels(network)
    expected = np.column_stack(list(_priced(plan, plan.lane, level, costs, np.empty((0, len(columns))))))
    lane, duty = of_lane[nodes], slice(len(COST), None)
    landed = np.empty((len(nodes), len(columns)))
    for column, values in enumerate(_priced(flow, of_lane, level, costs, expected)):
        landed[:, column] = values[nodes] - expected[lane, column]
    # What the load's own duty makes of the luck in its cost: its rate on what it had cost before.
    own = costs.rate[lane]
    before = (landed.sum(axis=1) / (1 + own.sum(axis=1)))[:, None]
    return Luck(nodes, landed, (landed[:, duty] - own[:, duty] * before).sum(axis=1))


def _standard_costs(plan: Flow, assessment: Assessment) -> _Costs:
    """What each lane adds as planned, by the standard values of the run's first day."""
    standard, columns = assessment.standard, assessment.unit.columns
    assert standard is not None
    landed = np.zeros((plan.nodes, len(columns)))  # lanes stand in one order in every plan of a network
    landed[:, : len(COST)] = standard.landed
    for column, name in enumerate(standard.programmes):
        landed[:, columns.index(f"duty:{name}")] = standard.duty[:, column]
    nothing = _Costs(np.zeros_like(landed), np.zeros_like(landed))
    return _lane_costs(plan, plan.lane, landed, 0, nothing)


def _lane_costs(flow: Flow, lane: Ints, landed: Floats, since_s: int, otherwise: _Costs) -> _Costs:
    """Mean over the loads received on each lane since a second, else ever; `otherwise` for a lane without loads."""
    inputs, count = flow.inputs(), len(otherwise.amount)
    came = flow.exists & ~flow.is_seed & (flow.received_s >= 0)
    recent = came & (flow.received_s >= since_s)
    has_recent = np.bincount(lane[recent], minlength=count) > 0
    units = np.where(np.where(has_recent[lane], recent, came), flow.units, 0.0)

    def by_lane(values: Floats) -> Floats:
        return np.bincount(lane, weights=units * values, minlength=count).astype(np.float64)

    amount, rate = otherwise.amount.copy(), otherwise.rate.copy()
    priced = np.bincount(lane, weights=units, minlength=count) > 0
    made = by_lane(np.ones(flow.nodes))[priced]
    cost = inputs @ landed.sum(axis=1)  # before duty and fees of the load itself
    levies = [FEES, *range(len(COST), landed.shape[1])]
    for column in [x for x in range(len(COST)) if x != FEES]:
        added = landed[:, column] - inputs @ landed[:, column]
        cost += added
        amount[priced, column] = by_lane(added)[priced] / made
    base = by_lane(cost)[priced]
    for column in levies:
        added = by_lane(landed[:, column] - inputs @ landed[:, column])[priced]
        rate[priced, column] = np.divide(added, base, out=np.zeros(len(base)), where=base > 0)
    return _Costs(amount, rate)


def _priced(flow: Flow, lane: Ints, level: dict[str, int], costs: _Costs, seeds: Floats) -> Iterator[Floats]:
    """Each column of every load's cost, from raw materials on, at what lanes add; seeds cost what `seeds` has."""
    rows = list(_by_level(flow, level))
    amounts, rates = costs.amount.sum(axis=1), costs.rate.sum(axis=1)
    total, before = np.zeros(flow.nodes), np.zeros(flow.nodes)
    own = np.flatnonzero(flow.is_seed)
    total[own] = seeds[lane[own]].sum(axis=1)
    for nodes, inputs in rows:
        before[nodes] = inputs @ total + amounts[lane[nodes]]
        total[nodes] = before[nodes] * (1 + rates[lane[nodes]])
    for column in range(costs.amount.shape[1]):
        values = np.zeros(flow.nodes)
        values[own] = seeds[lane[own], column]
        for nodes, inputs in rows:
            there = lane[nodes]
            values[nodes] = inputs @ values + costs.amount[there, column] + costs.rate[there, column] * before[nodes]
        yield values


def _by_level(flow: Flow, level: dict[str, int]) -> Iterator[tuple[Ints, csr_array]]:
    """Loads of one level after another, seeds left out, with their inputs."""
    inputs = flow.inputs()
    of_node = np.array([level[recipe] for recipe in flow.recipe_ids], dtype=np.int64)[flow.recipe]
    order = np.argsort(of_node, kind="stable")
    bounds = np.searchsorted(of_node[order], np.arange(int(of_node.max(initial=0)) + 2))
    for first, last in pairwise(bounds):
        nodes = order[first:last]
        nodes = nodes[flow.exists[nodes] & ~flow.is_seed[nodes]]
        yield nodes, inputs[nodes]
