"""The market: what every source of every pattern costs landed at the plant, and what it brings to the content."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.customs import planned_flow
from sim.customs.assess import Assessment, assess_choosing
from sim.customs.book import ADDED, COMPLIANCE, FEES, FREIGHT, US_CONTENT
from sim.customs.flow import Floats, Flow, Ints, RouteFacts, route_facts
from sim.customs.state import Batch, Rollup
from sim.law import Law
from sim.network.capacity import share_paid
from sim.network.model import Lane, Network
from sim.parameters import Parameters
from sim.sourcing.patterns import Pattern, Supply
from sim.sourcing.trial import Trial

DEARER = 0.25  # premium at which a second price is asked; what lies between or beyond is on the line through both
_Key = tuple[str, str, str, int, str]  # vehicle, part, recipe of the trial network, units of a load, mode


# Columns of a market's table: values of one unit of a source, US dollars. COST is all that it costs landed at the
# plant, PRICE what it adds to the vehicle's price ex works (its stock is carried at that), NET what it adds to net
# cost. Then what was made in the United States, value added by place, and the columns of `sim.customs.tracing`.
COST, PRICE, NET, US_MADE = range(4)
PLACED = slice(4, 8)
TRACED = 8


@dataclass(frozen=True, slots=True)
class Market:
    """Landed values by source, and the assessment of the plan of today behind them."""

    assessment: Assessment
    rows: Mapping[_Key, int]
    table: Floats  # [keys, 2, columns]: at the recipe's price, and with the premium `DEARER`

    def values(self, patterns: Sequence[Pattern], quantity: Mapping[str, int]) -> tuple[Floats, Ints, Floats]:
        """Every source of some patterns, premium included.

        Parameters
        ----------
        quantity : mapping of str to int
            Units of each part in a vehicle.

        Returns
        -------
        values : float64[sources, columns]
            Of one unit.
        pattern : int64[sources]
            Place of the pattern that it belongs to, ascending.
        weight : float64[sources]
            Units of the source in a vehicle.
        """
        sources = [(n, x, supply) for n, x in enumerate(patterns) for supply in x.supplies]
        row = np.array([self.rows[_key(x.vehicle, x.part, supply)] for _, x, supply in sources], dtype=np.int64)
        premium = np.array([supply.premium for *_, supply in sources]) / DEARER
        low, high = self.table[row, 0], self.table[row, 1]
        weight = np.array([supply.share_pct / 100 * quantity[x.part] for _, x, supply in sources])
        return low + (high - low) * premium[:, None], np.array([n for n, *_ in sources], dtype=np.int64), weight

    def price(self, vehicle: str, part: str, supply: Supply) -> float:
        """Price ex works of one unit of a source at the price of its recipe, US dollars."""
        first = len(self.assessment.flow.lane_ids) - self.table.shape[0] * 2
        return float(self.assessment.unit.price[first + 2 * self.rows[_key(vehicle, part, supply)]])


def _key(vehicle: str, part: str, supply: Supply) -> _Key:
    return vehicle, part, supply.recipe, supply.load_units, supply.mode


Watcher = Callable[[Rollup, Batch, Ints], None]


def open_market(
    trial: Trial,
    patterns: Iterable[Pattern],
    law: Law,
    on: dt.date,
    known: dt.date,
    parameters: Parameters,
    regime: str,
    choose: Callable[[Rollup, Batch], Ints],
) -> Market:
    """Assess a trial flow: the planned flow of the network, and one load of every source that a pattern names.

    Parameters
    ----------
    on, known : date
        Day whose law holds, and day by which it was published.
    choose : callable
        What is claimed on a batch of entry lines, as in `sim.customs.assess.assess_choosing`.

    Notes
    -----
    Duty paid on a source's inputs is in its price, duty and fees on its own entries in its landed cost, under the
    claims that `choose` makes tier by tier. Each source is assessed at the price of its recipe and once more dearer;
    values between are on the line, which the fees with a least and a most per entry bend a little.
    """
    wanted: dict[_Key, int] = {}
    for pattern in patterns:
        for supply in pattern.supplies:
            wanted.setdefault(_key(pattern.vehicle, pattern.part, supply), len(wanted))
    flow = _trial_flow(trial, planned_flow(trial.network, on), tuple(wanted))
    assessment = assess_choosing(flow, trial.network, law, choose, regime, parameters, known)
    first = len(trial.network.lanes)
    table = _columns(assessment, slice(first, None), parameters).reshape(len(wanted), 2, -1)
    return Market(assessment, wanted, table)


def _columns(assessment: Assessment, nodes: slice, parameters: Parameters) -> Floats:
    standard = assessment.standard
    assert standard is not None  # the flow is a planned one
    landed, duty = standard.landed[nodes], standard.duty[nodes].sum(axis=1)
    levied = landed[:, FEES] + landed[:, COMPLIANCE] + duty
    price = landed[:, : FREIGHT + 1].sum(axis=1) + parameters.pass_through_pct / 100 * levied
    added = np.stack([landed[:, ADDED][:, place::4].sum(axis=1) for place in range(4)], axis=1)
    found = (
        landed.sum(axis=1) + duty,
        price,
        landed[:, : COMPLIANCE + 1].sum(axis=1) + duty,
        standard.carried[nodes, US_CONTENT],
        added,
        standard.tracing[nodes],
    )
    return np.column_stack(found)


def _trial_flow(trial: Trial, flow: Flow, keys: Sequence[_Key]) -> Flow:
    """The planned flow with two loads of each source behind it, the second dearer."""
    network, count = trial.network, len(flow.lane_ids)
    twice = [key for key in keys for _ in (0, 1)]
    facts = [_facts(trial, key) for key in keys]
    both = [fact for fact in facts for _ in (0, 1)]
    ids = tuple(f"{key[2]}..{key[0]}?{number}" for number, key in enumerate(twice))
    recipe_of = {name: row for row, name in enumerate(flow.recipe_ids)}
    paid = np.array([fact.paid for fact in both])
    crossing_of = {name: row for row, name in enumerate(flow.crossing_ids)}
    entries = [
        (count + row, position, crossing_of[crossing], fact.route.freight_to_usd[position] * fact.paid)
        for row, fact in enumerate(both)
        for position, crossing in enumerate(fact.route.crossings)
        if fact.route.is_entry[position]
    ]
    added = np.array(entries, dtype=np.float64).reshape(-1, 4)
    uses = np.array(_uses(network, twice, count), dtype=np.float64).reshape(-1, 4)
    premium = np.zeros(count + len(twice))
    row_of = {lane: row for row, lane in enumerate(flow.lane_ids)}
    for lane, extra in trial.premium.items():
        premium[row_of[lane]] = extra
    premium[count + 1 :: 2] = DEARER
    day = int(flow.made_on[0])

    def longer(values: Floats, more: Sequence[float] | Floats) -> Floats:
        return np.concatenate((values, np.asarray(more, dtype=values.dtype)))

    def repeated(values: Ints, value: int, size: int) -> Ints:
        return np.concatenate((values, np.full(size, value, dtype=values.dtype)))

    size = len(twice)
    return replace(
        flow,
        lane_ids=(*flow.lane_ids, *ids),
        lane=np.arange(count + size, dtype=np.int64),
        recipe=np.concatenate((flow.recipe, np.array([recipe_of[key[2]] for key in twice], dtype=np.int64))),
        units=longer(flow.units, [key[3] for key in twice]),
        exists=np.ones(count + size, dtype=np.bool_),
        is_seed=np.zeros(count + size, dtype=np.bool_),
        is_shipped=np.ones(count + size, dtype=np.bool_),
        made_on=repeated(flow.made_on, day, size),
        finished_s=repeated(flow.finished_s, 0, size),
        received_s=repeated(flow.received_s, 0, size),
        transit_h=longer(flow.transit_h, [fact.route.transit_h for fact in both]),
        passages=np.concatenate((flow.passages, np.array([len(x.route.crossings) for x in both], dtype=np.int64))),
        border_h=longer(flow.border_h, [fact.route.free_h for fact in both]),
        border_extra_h=longer(flow.border_extra_h, np.zeros(size)),
        truck_share=longer(flow.truck_share, np.where([key[4] == "truck" for key in twice], paid, 0.0)),
        freight_usd=longer(flow.freight_usd, np.array([fact.route.freight_usd for fact in both]) * paid),
        expediting_usd=longer(flow.expediting_usd, np.zeros(size)),
        entry_node=np.concatenate((flow.entry_node, added[:, 0].astype(np.int64))),
        entry_position=np.concatenate((flow.entry_position, added[:, 1].astype(np.int64))),
        entry_crossing=np.concatenate((flow.entry_crossing, added[:, 2].astype(np.int64))),
        entry_on=repeated(flow.entry_on, day, len(added)),
        entry_s=repeated(flow.entry_s, 0, len(added)),
        entry_freight_usd=longer(flow.entry_freight_usd, added[:, 3]),
        use_source=np.concatenate((flow.use_source, uses[:, 0].astype(np.int64))),
        use_consumer=np.concatenate((flow.use_consumer, uses[:, 1].astype(np.int64))),
        use_units=longer(flow.use_units, uses[:, 2]),
        use_hold_h=longer(flow.use_hold_h, uses[:, 3]),
        premium=premium,
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    route: RouteFacts
    paid: float


def _facts(trial: Trial, key: _Key) -> _Facts:
    vehicle, part, recipe, units, mode = key
    network = trial.network
    lane = trial_lane(network, recipe, vehicle, part, units, mode)
    return _Facts(route_facts(network, network.routes_of(lane)[0]), share_paid(network, lane))


def trial_lane(network: Network, recipe: str, vehicle: str, part: str, units: int, mode: str) -> Lane:
    """A lane from a works to a vehicle's stock, as a plan would have it."""
    into = network.lanes_into(vehicle, part)
    like = next((lane for lane in into if lane.mode == mode), into[0])
    return replace(like, id=f"{recipe}..{vehicle}", from_recipe=recipe, load_units=units, mode=mode, milk_run="")


def _uses(network: Network, keys: Sequence[_Key], count: int) -> list[tuple[int, int, float, float]]:
    """What each trial load was made from: the planned loads of its maker's inbound lanes."""
    row_of = {lane: row for row, lane in enumerate(network.lanes)}
    rows = []
    for number, key in enumerate(keys):
        maker = network.recipes[key[2]]
        for item in maker.inputs:
            for lane in network.lanes_into(maker.id, item.part):
                units = key[3] * item.quantity_per * lane.share_pct / 100
                rows.append((row_of[lane.id], count + number, units, item.cover_h))
    return rows
