"""The roll-up: unit cost and content of every load, level by level from raw material to finished vehicle."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array  # type: ignore[import-untyped]

from sim.customs.book import (
    ADDED,
    BORDER_EXTRA_H,
    BORDER_H,
    BORDER_TIME,
    CARRYING,
    COMPLIANCE,
    ENTRIES,
    EXPEDITING,
    FREIGHT,
    HOURS_PER_YEAR,
    OVERHEAD,
    PASSAGES,
    US_CONTENT,
    VALUE_BORDER_H,
    VALUE_H,
    VALUE_PASSAGES,
    place_of,
)
from sim.customs.content import PLACES
from sim.customs.entering import batches, enter
from sim.customs.exchange import own_cost
from sim.customs.flow import Floats, Ints
from sim.customs.state import Chooser, Rollup, Standard


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
        Values of seeds, and content as documented; None for a plan.
    """
    flow = state.flow
    level_of = state.book.level[flow.recipe]
    order = np.argsort(level_of, kind="stable")
    bounds = np.searchsorted(level_of[order], np.arange(int(level_of.max(initial=0)) + 2))
    inputs, held = flow.inputs(), flow.inputs(flow.use_hold_h)
    if standard is not None:
        _take_standard(state, standard)
    entry_level = level_of[flow.entry_node]
    use_level = level_of[flow.use_consumer]
    for level, (first, last) in enumerate(pairwise(bounds)):
        nodes = order[first:last]
        nodes = nodes[flow.exists[nodes] & ~flow.is_seed[nodes]]
        own, carried = _make(state, nodes, inputs[nodes], held[nodes])
        uses = np.flatnonzero(use_level == level)
        _lengthen(state, uses)
        added = state.works[nodes, ADDED]
        state.tracing.close(nodes, state.value(nodes), _net_cost(state, nodes), added, own, uses)
        _ship(state, nodes, carried)
        entries = np.flatnonzero((entry_level == level) & ~flow.is_seed[flow.entry_node])
        for batch in batches(state, entries, crossing_country):
            enter(state, batch, choose(state, batch))
        if state.refunds is not None:
            state.refunds.close()
        state.tracing.land(nodes, state.value(nodes), _import_value(state, nodes))


def _take_standard(state: Rollup, standard: Standard) -> None:
    seeds = np.flatnonzero(state.flow.is_seed)
    row = {lane: index for index, lane in enumerate(standard.lane_ids)}
    of_lane = np.array([row[lane] for lane in state.flow.lane_ids], dtype=np.int64)
    lanes = of_lane[state.flow.lane[seeds]]
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
    state.documented = standard.us_share[of_lane]


def _make(state: Rollup, nodes: Ints, inputs: csr_array, held: csr_array) -> tuple[Floats, Floats]:
    """Unit values ex works: the recipe's own cost, and all that its inputs bring, landed.

    Own cost and carried values are returned.
    """
    book, recipe = state.book, state.flow.recipe[nodes]
    own = own_cost(book, state.parameters.worth, recipe, state.flow.made_on[nodes])
    state.works[nodes] = own + inputs @ state.landed
    state.duty_works[nodes] = inputs @ state.duty
    state.late.make(nodes, inputs)
    if state.refunds is not None:
        state.refunds.make(nodes, inputs)
    waiting = held @ np.column_stack((state.value(slice(None), landed=True), state.landed[:, ADDED].sum(axis=1)))
    rate = state.parameters.carrying_pct_year / 100 / HOURS_PER_YEAR
    state.works[nodes, CARRYING] += rate * waiting[:, 0]
    if state.flow.premium is not None:
        place = np.array([OVERHEAD[place_of(country)] for country in book.country], dtype=np.int64)[recipe]
        state.works[nodes, place] += state.flow.premium[nodes] * state.value(nodes)
    carried = inputs @ state.carried
    carried[:, :US_CONTENT] += book.labour_h[recipe]
    carried[:, US_CONTENT] += own[:, PLACES.index("US")]
    carried[:, VALUE_H] += waiting[:, 1]
    in_us = np.array([country == "US" for country in book.country])[recipe]
    carried[in_us, US_CONTENT] = state.value(nodes)[in_us]
    return own, carried


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


def _ship(state: Rollup, nodes: Ints, carried: Floats) -> None:
    """Landed values before duty: freight, time at borders, carrying on the way, borders passed."""
    flow, parameters = state.flow, state.parameters
    units = flow.units[nodes]
    landed = state.works[nodes].copy()
    value = state.value(nodes)
    landed[:, FREIGHT] += flow.freight_usd[nodes] / units
    landed[:, EXPEDITING] += flow.expediting_usd[nodes] / units
    truck_h = flow.truck_share[nodes] * flow.border_extra_h[nodes]
    landed[:, BORDER_TIME] += truck_h * parameters.truck_hour_usd / units
    rate = parameters.carrying_pct_year / 100 / HOURS_PER_YEAR
    landed[:, CARRYING] += rate * value * flow.transit_h[nodes]
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
