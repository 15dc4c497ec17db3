"""The roll-up: unit cost and content of every load, level by level from raw material to finished vehicle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array  # type: ignore[import-untyped]

from sim.customs.book import (
    ADDED,
    BORDER_EXTRA_H,
    BORDER_H,
    BORDER_TIME,
    CARRIED,
    CARRYING,
    COMPLIANCE,
    COST,
    ENTRIES,
    FEES,
    FREIGHT,
    HOURS_PER_YEAR,
    PASSAGES,
    US_CONTENT,
    VALUE_BORDER_H,
    VALUE_H,
    VALUE_PASSAGES,
    Book,
    Epochs,
    RuleBook,
)
from sim.customs.content import Origin
from sim.customs.entries import AMOUNTS, Lines, RowWriter, charge_lines
from sim.customs.flow import Flags, Floats, Flow, Ints
from sim.customs.tracing import Tracing, open_tracing
from sim.law import Law
from sim.parameters import Parameters

CENTS = 100.0


@dataclass(frozen=True, slots=True)
class Batch:
    """Entry lines of one level, with what a decision to claim needs.

    Parameters
    ----------
    lines : Lines
    lane, position : int64[lines]
    agreement : int64[lines]
        Index (in `Rollup.agreements`) of the agreement in force between importer and exporter, 0 for none.
    """

    lines: Lines
    lane: Ints
    position: Ints
    agreement: Ints


Chooser = Callable[["Rollup", Batch], Ints]


@dataclass(frozen=True, slots=True)
class Standard:
    """Planned unit values by lane, which seeds take: landed cost, carried values, duty, tracing."""

    lane_ids: tuple[str, ...]
    landed: Floats
    carried: Floats
    duty: Floats
    programmes: tuple[str, ...]
    tracing: Floats
    chain: Ints
    entry_chain: Ints
    origins: tuple[Origin, ...]


@dataclass(slots=True)
class Rollup:
    """Working state: per node, unit values ex works and landed. Columns as in `COST`, `CARRIED`.

    `duty_works` and `duty` hold duty embodied in one unit by programme, before and after the load's own
    entries. `claim` is by entry: the index in `agreements` of what was claimed.
    """

    flow: Flow
    book: Book
    law: Law
    rules: RuleBook
    parameters: Parameters
    regime: str
    importers: tuple[str, ...]
    agreements: tuple[str, ...]
    works: Floats
    landed: Floats
    carried_works: Floats
    carried: Floats
    duty_works: Floats
    duty: Floats
    claim: Ints
    agreement: Ints
    customs_cents: Floats
    chain: Ints
    entry_chain: Ints
    tracing: Tracing
    writer: RowWriter = field(default_factory=RowWriter)

    @property
    def epochs(self) -> Epochs:
        """Stretches of days between changes of the law."""
        return self.rules.epochs

    def value(self, nodes: Ints | slice, landed: bool = False) -> Floats:
        """Price of one unit, US dollars: production cost, and levies upstream at the pass-through.

        Time at borders and stock carrying are costs of the chain, but no supplier invoices them load by load.
        """
        cost, duty = (self.landed, self.duty) if landed else (self.works, self.duty_works)
        passed = self.parameters.pass_through_pct / 100
        levied = cost[nodes, FEES] + cost[nodes, COMPLIANCE] + duty[nodes].sum(axis=1)
        price: Floats = cost[nodes, : FREIGHT + 1].sum(axis=1) + passed * levied
        return price

    def duty_column(self, programme: int) -> None:
        """Make room for a programme met for the first time."""
        missing = programme + 1 - self.duty.shape[1]
        if missing > 0:
            self.duty = np.pad(self.duty, ((0, 0), (0, missing)))
            self.duty_works = np.pad(self.duty_works, ((0, 0), (0, missing)))


def open_rollup(
    flow: Flow,
    book: Book,
    law: Law,
    rules: RuleBook,
    parameters: Parameters,
    regime: str,
    importers: tuple[str, ...],
) -> Rollup:
    """Empty tables for a flow.

    Parameters
    ----------
    regime : str
        Border regime that a claim brings; its compliance cost is charged on claimed entries.
    importers : tuple of str
        Country of each crossing of the flow, in the order of ``flow.crossing_ids``; repeats allowed.
    """
    nodes, entries = flow.nodes, len(flow.entry_node)
    names = tuple(sorted({*importers}))
    regions = {rules.between(a, b, e) for a in names for b in book.country for e in range(len(rules.epochs.days))}
    return Rollup(
        flow=flow,
        book=book,
        law=law,
        rules=rules,
        parameters=parameters,
        regime=regime,
        importers=names,
        agreements=("", *sorted(regions - {""})),
        works=np.zeros((nodes, len(COST))),
        landed=np.zeros((nodes, len(COST))),
        carried_works=np.zeros((nodes, len(CARRIED))),
        carried=np.zeros((nodes, len(CARRIED))),
        duty_works=np.zeros((nodes, 0)),
        duty=np.zeros((nodes, 0)),
        claim=np.zeros(entries, dtype=np.int64),
        agreement=np.zeros(entries, dtype=np.int64),
        customs_cents=np.zeros(entries),
        chain=np.zeros(nodes, dtype=np.int64),
        entry_chain=np.zeros(nodes, dtype=np.int64),
        tracing=open_tracing(flow, book, rules),
    )


def roll_up(state: Rollup, crossing_country: tuple[str, ...], choose: Chooser, standard: Standard | None) -> None:
    """Fill the tables, one level of recipes after another.

    Parameters
    ----------
    state : Rollup
        Filled in place.
    crossing_country : tuple of str
        Importing country of each crossing.
    choose : callable
        Decides what is claimed on a batch of lines.
    standard : Standard or None
        Values of seeds; None where there are none.
    """
    flow = state.flow
    level_of = state.book.level[flow.recipe]
    order = np.argsort(level_of, kind="stable")
    bounds = np.searchsorted(level_of[order], np.arange(int(level_of.max(initial=0)) + 2))
    safe = np.where(flow.units > 0, flow.units, 1.0)
    weight = flow.use_units / safe[flow.use_consumer]
    shape = (flow.nodes, flow.nodes)
    cells = (flow.use_consumer, flow.use_source)
    inputs = csr_array((weight, cells), shape=shape)
    held = csr_array((weight * flow.use_hold_h, cells), shape=shape)
    if standard is not None:
        _take_standard(state, standard)
    entry_level = level_of[flow.entry_node]
    use_level = level_of[flow.use_consumer]
    for level, (first, last) in enumerate(pairwise(bounds)):
        nodes = order[first:last]
        nodes = nodes[flow.exists[nodes] & ~flow.is_seed[nodes]]
        _make(state, nodes, inputs[nodes], held[nodes])
        uses = np.flatnonzero(use_level == level)
        _lengthen(state, uses)
        state.tracing.close(nodes, state.value(nodes), _net_cost(state, nodes), state.works[nodes, ADDED], uses)
        _ship(state, nodes)
        own = np.flatnonzero((entry_level == level) & ~flow.is_seed[flow.entry_node])
        for batch in _batches(state, own, crossing_country):
            _enter(state, batch, choose(state, batch))
        state.tracing.land(nodes, state.value(nodes), _import_value(state, nodes))


def _take_standard(state: Rollup, standard: Standard) -> None:
    seeds = np.flatnonzero(state.flow.is_seed)
    row = {lane: index for index, lane in enumerate(standard.lane_ids)}
    lanes = np.array([row[lane] for lane in state.flow.lane_ids], dtype=np.int64)[state.flow.lane[seeds]]
    for name in standard.programmes:
        state.writer.programmes.setdefault(name, len(state.writer.programmes))
    state.duty_column(len(standard.programmes) - 1)
    state.landed[seeds] = standard.landed[lanes]
    state.works[seeds] = standard.landed[lanes]
    state.carried[seeds] = standard.carried[lanes]
    state.duty[seeds, : len(standard.programmes)] = standard.duty[lanes]
    state.chain[seeds] = standard.chain[lanes]
    state.entry_chain[seeds] = standard.entry_chain[lanes]
    state.tracing.take(seeds, standard.tracing[lanes], standard.origins)


def _make(state: Rollup, nodes: Ints, inputs: csr_array, held: csr_array) -> None:
    """Unit values ex works: the recipe's own cost and all that its inputs bring, landed."""
    book, recipe = state.book, state.flow.recipe[nodes]
    state.works[nodes] = book.added[recipe] + inputs @ state.landed
    state.duty_works[nodes] = inputs @ state.duty
    waiting = held @ np.column_stack((state.value(slice(None), landed=True), state.landed[:, ADDED].sum(axis=1)))
    rate = state.parameters.carrying_pct_year / 100 / HOURS_PER_YEAR
    state.works[nodes, CARRYING] += rate * waiting[:, 0]
    carried = inputs @ state.carried
    carried[:, :US_CONTENT] += book.labour_h[recipe]
    carried[:, US_CONTENT] += book.us_materials[recipe]
    carried[:, VALUE_H] += waiting[:, 1]
    in_us = np.array([country == "US" for country in book.country])[recipe]
    carried[in_us, US_CONTENT] = state.value(nodes)[in_us]
    state.carried_works[nodes] = carried


def _net_cost(state: Rollup, nodes: Ints) -> Floats:
    """Cost of one unit ex works, purchased materials with freight, duty and brokerage included."""
    cost = state.works[nodes]
    total: Floats = cost[:, : COMPLIANCE + 1].sum(axis=1) + state.duty_works[nodes].sum(axis=1)
    return total


def _import_value(state: Rollup, nodes: Ints) -> Floats:
    """Value of one unit on import: price, freight, duty and brokerage (SOR/94-14 s.9(2)(a))."""
    total: Floats = state.landed[nodes, : COMPLIANCE + 1].sum(axis=1) + state.duty[nodes].sum(axis=1)
    return total


def _lengthen(state: Rollup, uses: Ints) -> None:
    """Longest chain of borders behind each consumer: the longest of its inputs."""
    flow = state.flow
    consumer, source = flow.use_consumer[uses], flow.use_source[uses]
    np.maximum.at(state.chain, consumer, state.chain[source])
    np.maximum.at(state.entry_chain, consumer, state.entry_chain[source])


def _ship(state: Rollup, nodes: Ints) -> None:
    """Landed values before duty: freight, time at borders, carrying on the way, borders passed."""
    flow, parameters = state.flow, state.parameters
    units = flow.units[nodes]
    landed = state.works[nodes].copy()
    value = state.value(nodes)
    landed[:, FREIGHT] += flow.freight_usd[nodes] / units
    truck_h = flow.truck_share[nodes] * flow.border_extra_h[nodes]
    landed[:, BORDER_TIME] += truck_h * parameters.truck_hour_usd / units
    rate = parameters.carrying_pct_year / 100 / HOURS_PER_YEAR
    landed[:, CARRYING] += rate * value * flow.transit_h[nodes]
    carried = state.carried_works[nodes].copy()
    added = landed[:, ADDED].sum(axis=1)
    entries = np.bincount(flow.entry_node, minlength=flow.nodes)[nodes]
    carried[:, PASSAGES] += flow.passages[nodes] / units
    carried[:, ENTRIES] += entries / units
    carried[:, BORDER_H] += flow.border_h[nodes] / units
    carried[:, BORDER_EXTRA_H] += flow.border_extra_h[nodes] / units
    carried[:, VALUE_PASSAGES] += added * flow.passages[nodes]
    carried[:, VALUE_H] += added * flow.transit_h[nodes]
    carried[:, VALUE_BORDER_H] += added * flow.border_h[nodes]
    state.landed[nodes], state.carried[nodes] = landed, carried
    state.duty[nodes] = state.duty_works[nodes]
    state.chain[nodes] += flow.passages[nodes]
    state.entry_chain[nodes] += entries


def _batches(state: Rollup, entries: Ints, crossing_country: tuple[str, ...]) -> Iterator[Batch]:
    """Entries of a level in order along the route, so that a second entry knows of the first."""
    flow = state.flow
    earlier = entries - np.searchsorted(flow.entry_node, flow.entry_node[entries])  # 0 for a load's first entry
    country = np.array([state.importers.index(c) for c in crossing_country], dtype=np.int64)
    for turn in range(int(earlier.max(initial=-1)) + 1):
        yield _batch(state, entries[earlier == turn], country)


def _batch(state: Rollup, entries: Ints, country: Ints) -> Batch:
    flow, book = state.flow, state.book
    nodes = flow.entry_node[entries]
    recipe, importer = flow.recipe[nodes], country[flow.entry_crossing[entries]]
    epoch = state.epochs.of(flow.entry_on[entries])
    agreement = np.zeros(len(entries), dtype=np.int64)
    includes = np.zeros(len(entries), dtype=np.bool_)
    keys = np.stack((importer, recipe, epoch))
    distinct, inverse = np.unique(keys, axis=1, return_inverse=True)
    for index, (i, r, e) in enumerate(distinct.T):
        here = inverse.reshape(-1) == index
        agreement[here] = state.agreements.index(state.rules.between(state.importers[i], book.country[r], int(e)))
        includes[here] = state.rules.includes_freight(state.importers[i], int(e))
    originates = state.tracing.status(recipe, epoch) & (agreement > 0)
    value = _entered_value(state, nodes) + np.where(includes, flow.entry_freight_usd[entries] / flow.units[nodes], 0)
    amounts = _amounts(state, nodes, value)
    state.agreement[entries] = agreement
    state.customs_cents[entries] = amounts[:, 0]
    lines = Lines(entries, recipe, importer, epoch, originates, amounts)
    return Batch(lines, flow.lane[nodes], flow.entry_position[entries], agreement)


def _entered_value(state: Rollup, nodes: Ints) -> Floats:
    """Price ex works, with duty and fees already paid on this very load at an earlier border."""
    passed = state.parameters.pass_through_pct / 100
    earlier = (state.landed - state.works)[nodes][:, (FEES, COMPLIANCE)].sum(axis=1)
    earlier += (state.duty[nodes] - state.duty_works[nodes]).sum(axis=1)
    entered: Floats = state.value(nodes) + passed * earlier
    return entered


def _amounts(state: Rollup, nodes: Ints, value: Floats) -> Floats:
    flow, book = state.flow, state.book
    recipe = flow.recipe[nodes]
    amounts = np.empty((len(nodes), len(AMOUNTS)))
    amounts[:, 0] = value
    amounts[:, 1] = np.minimum(state.carried_works[nodes, US_CONTENT], value)
    amounts[:, 2] = np.minimum(book.steel[recipe], value)
    amounts[:, 3] = np.minimum(book.aluminium[recipe], value - amounts[:, 2])
    amounts[:, 4] = value * state.tracing.regional_share(nodes)
    scaled: Floats = amounts * (flow.units[nodes] * CENTS)[:, None]
    return scaled


def _enter(state: Rollup, batch: Batch, claims: Ints) -> None:
    """Charge a batch as claimed: rows for the entries, duty and fees onto the unit values."""
    flow, lines = state.flow, batch.lines
    state.claim[lines.entry] = claims
    names = (state.importers, state.agreements)
    nodes = flow.entry_node[lines.entry]
    for charged in charge_lines(lines, claims, names, state.book, state.law, state.epochs, state.rules.known):
        own = nodes[charged.lines]
        programme = state.writer.add(lines.entry[charged.lines], charged.charge)
        per_unit = charged.charge.amount / CENTS / flow.units[own]
        state.duty_column(programme)
        if charged.charge.kind == "duty":
            state.duty[own, programme] += per_unit
        else:
            state.landed[own, FEES] += per_unit
    state.landed[nodes, COMPLIANCE] += compliance_usd(state, lines, claims > 0) / flow.units[nodes]


def compliance_usd(state: Rollup, lines: Lines, is_claimed: Flags) -> Floats:
    """Private cost of each entry (per load): the broker, and what the claim or its absence costs.

    Returns
    -------
    float64[lines]
        US dollars.
    """
    claimed, plain = state.parameters.regimes[state.regime], state.parameters.regimes["no_preference"]
    rate = np.where(is_claimed, claimed.compliance_pct_of_value, plain.compliance_pct_of_value) / 100
    clerk = np.where(is_claimed, claimed.clerk_usd_per_entry, plain.clerk_usd_per_entry)
    cost: Floats = state.parameters.broker_fee_usd + clerk + rate * lines.amounts[:, 0] / CENTS
    return cost
