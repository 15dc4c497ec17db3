"""From a Plan to the tables and the first state of the event loop; and more places when they run out."""

from __future__ import annotations

import numpy as np

from sim.engines.kernel.heap import ENTITY_BITS, SECOND_SHIFT
from sim.engines.kernel.state import (
    COUNTS,
    DUE,
    FEED_LANE,
    FIRST_ROW,
    FREE_LINES,
    FREE_PLACE,
    HEAD,
    INVENTORY,
    LACKING,
    LACKING_LANE,
    LEADER,
    LOAD_UNITS,
    LOT_HEAD,
    LOT_TAIL,
    MOST_UNITS,
    NEXT,
    NEXT_EXPIRY_S,
    NEXT_N,
    NONE,
    PLACES_LEFT,
    POOL_FIELDS,
    RECEIVE,
    RECIPE_FIELDS,
    ROW,
    RUNG_EXPIRY_S,
    RUNG_S,
    SHELF_FIELDS,
    STANDS_SINCE_S,
    SUPPLY_FIELDS,
    TAIL,
    State,
    Tables,
)
from sim.engines.records import LOAD_FIELDS, PASSAGE_FIELDS, STAGE_FIELDS, USE_FIELDS, Ints, seed_rows
from sim.ledger.ledger import NOT_YET
from sim.plan import LONGEST_S, NEVER, Plan

FIRST_PLACES = 1 << 10  # of the pool; doubled when it is full


def open_tables(plan: Plan) -> Tables:
    """The columns of a plan as the event loop reads them; arrays of the plan are not copied."""
    lanes, routes, loads, recipes, stocks = plan.lanes, plan.routes, plan.loads, plan.recipes, plan.stocks
    calendars = plan.calendars
    length = calendars.closes_s - calendars.opens_s
    several = np.diff(stocks.lane_first) > 1
    lane = stocks.lane_index
    return Tables(
        horizon_s=plan.horizon_s,
        posting_s=plan.posting_s,
        crossings=len(plan.crossings.ids),
        most_orders=_most_orders(plan),
        most_passages=int(np.diff(routes.passage_first).max(initial=0)) + 1,
        chosen_width=int(np.bincount(stocks.recipe[several], minlength=1).max(initial=0)),
        scheduled=_scheduled(plan),
        recipes=_rows(
            recipes.stock_first,
            calendars.first[recipes.calendar],
            calendars.first[recipes.calendar + 1],
            plan.crews.shift_first,
            plan.crews.send_home_s,
        ),
        stocks=_rows(
            stocks.recipe,
            stocks.quantity_per,
            stocks.lane_first,
            plan.expediting.alarm_units,
            plan.expediting.alarm_s,
        ),
        feeds=_rows(
            lane,
            lanes.load_units[lane],
            lanes.reorder_units[lane],
            lanes.share_ppm[lane],
            (lanes.reorder_units + _most_built_up(plan))[lane],
        ),
        lanes=_rows(
            lanes.recipe,
            lanes.stock,
            lanes.run,
            lanes.route_first,
            plan.expediting.route_first,
            lanes.load_first,
            lanes.blocked_first,
            plan.buildup.first,
            loads.leg_columns,
            loads.leg_draw_first,
            loads.passage_columns,
            loads.passage_draw_first,
        ),
        routes=_rows(
            routes.nominal_s,
            routes.leg_first,
            routes.passage_first,
            routes.leg_column,
            routes.passage_column,
            routes.is_through,
        ),
        blocked_from_s=lanes.blocked_from_s,
        blocked_until_s=lanes.blocked_until_s,
        depart_first=plan.runs.depart_first,
        depart_s=plan.runs.depart_s,
        leg_s=routes.leg_s,
        crossing=routes.crossing,
        work_s=loads.work_s,
        divert_s=loads.divert_s,
        transit_ppm=loads.transit_ppm,
        yard_s=loads.yard_s,
        before_s=loads.before_s,
        is_fast=loads.is_fast,
        standard_s=loads.service_standard_s,
        fast_s=loads.service_fast_s,
        scan_s=loads.scan_s,
        exam_s=loads.exam_s,
        hold_s=loads.hold_s,
        lot_bp=loads.lot_bp,
        inspection_s=loads.inspection_s,
        beyond_s=loads.beyond_s,
        opens_s=calendars.opens_s,
        closes_s=calendars.closes_s,
        done_s=np.cumsum(length) - length,
        buildup_from_s=plan.buildup.from_s,
        buildup_until_s=plan.buildup.until_s,
        buildup_units=plan.buildup.units,
        shift_s=plan.crews.shift_s,
    )


def _rows(*columns: Ints) -> Ints:
    """Columns side by side, those that lack the row behind the last one filled up."""
    rows = np.full((max(column.size for column in columns), len(columns)), NONE, dtype=np.int64)
    for at, column in enumerate(columns):
        rows[: column.size, at] = column
    return rows


def _scheduled(plan: Plan) -> Ints:
    """Seeds' receipts and build slots in order of event: key, lane, units, expiry."""
    seeds, slots, lanes = plan.seeds, plan.schedule, plan.lanes
    row = np.concatenate((seed_rows(plan), lanes.load_first[slots.lane] + slots.n))
    second = np.minimum(np.concatenate((seeds.receive_s, slots.due_s)), plan.horizon_s)  # later ones never happen
    phase = np.repeat((RECEIVE, DUE), (seeds.lane.size, slots.lane.size))
    key = second << SECOND_SHIFT | phase << ENTITY_BITS | row
    order = np.argsort(key, kind="stable")
    return _rows(
        key[order],
        np.concatenate((seeds.lane, slots.lane))[order],
        np.concatenate((seeds.units, lanes.load_units[slots.lane]))[order],
        np.concatenate((np.full(seeds.lane.size, LONGEST_S), np.clip(slots.expires_s, -1, LONGEST_S)))[order],
    )


def _most_orders(plan: Plan) -> int:
    """Most orders that accepting one order can call for.

    Before, every position is above its usual reorder point; a debit of q units, and what is built up, is made good by
    so many loads.
    """
    lanes, stocks, recipes = plan.lanes, plan.stocks, plan.recipes
    if not stocks.lane_index.size:
        return 1
    largest = np.zeros(len(recipes.ids), dtype=np.int64)
    np.maximum.at(largest, lanes.recipe, lanes.load_units)
    stock_of = np.repeat(np.arange(len(stocks.ids)), np.diff(stocks.lane_first))
    debit = stocks.quantity_per[stock_of] * largest[stocks.recipe[stock_of]] + _most_built_up(plan)[stocks.lane_index]
    orders = np.zeros(len(stocks.ids), dtype=np.int64)
    called = -(-debit // lanes.load_units[stocks.lane_index])
    np.maximum.at(orders, stock_of, np.minimum(called, np.diff(lanes.load_first)[stocks.lane_index]))
    total = np.zeros(len(recipes.ids), dtype=np.int64)
    np.add.at(total, stocks.recipe, orders)
    return int(total.max()) + 1


def _most_built_up(plan: Plan) -> Ints:
    """The most units by which each lane's reorder point is ever raised."""
    most = np.zeros(len(plan.lanes.ids), dtype=np.int64)
    lane = np.repeat(np.arange(most.size), np.diff(plan.buildup.first))
    np.maximum.at(most, lane, plan.buildup.units)
    return most


def open_state(plan: Plan, tables: Tables, block_rows: int) -> State:
    """The state before second 0, with room for the orders that the seeds leave open."""
    lane, load_units = tables.feeds[:, FEED_LANE], tables.feeds[:, LOAD_UNITS]
    lanes, stocks = len(plan.lanes.ids), len(plan.stocks.ids)
    inventory = np.zeros(lanes, dtype=np.int64)
    np.add.at(inventory, plan.seeds.lane, plan.seeds.units)
    supply = _table(len(lane), SUPPLY_FIELDS)
    supply[:, INVENTORY] = inventory[lane]
    supply[:, NEXT_N] = np.diff(plan.seeds.lane.searchsorted(np.arange(lanes + 1)))[lane]
    opening = np.maximum(0, (tables.feeds[:, MOST_UNITS] - supply[:, INVENTORY]) // load_units + 1)
    opening = np.minimum(opening, np.diff(plan.lanes.load_first)[lane])  # more than was drawn is refused
    places = max(FIRST_PLACES, 2 * (int(opening.sum()) + tables.most_orders))
    counts = np.zeros(COUNTS, dtype=np.int64)
    counts[PLACES_LEFT], counts[LACKING_LANE] = places, NONE
    recipes = _table(len(plan.recipes.ids), RECIPE_FIELDS)
    recipes[:, FREE_LINES] = plan.recipes.lines
    recipes[:, [HEAD, TAIL, LACKING]] = NONE
    recipes[:, [STANDS_SINCE_S, NEXT_EXPIRY_S]] = NEVER
    recipes[:, [RUNG_S, RUNG_EXPIRY_S]] = NOT_YET
    shelves = _table(stocks, SHELF_FIELDS)
    shelves[:, [FIRST_ROW, LOT_HEAD, LOT_TAIL]] = NONE
    docks, yards = _table(len(plan.runs.ids), 2), _table(len(plan.crossings.ids), 2)
    docks[:, LEADER], yards[:] = NONE, NONE
    return State(
        counts=counts,
        heap=np.zeros(places + 8 * len(recipes) + len(docks) + tables.most_orders + 4, dtype=np.int64),
        place_of_row=np.zeros(int(plan.lanes.load_first[-1]), dtype=np.int32),
        pool=_pool(places),
        chosen=_table(places, max(1, tables.chosen_width)),
        recipes=recipes,
        shelves=shelves,
        supply=supply,
        docks=docks,
        yards=yards,
        loads_out=np.empty((LOAD_FIELDS, block_rows), dtype=np.int32),
        passages_out=np.empty((PASSAGE_FIELDS, block_rows), dtype=np.int32),
        uses_out=np.empty((USE_FIELDS, block_rows), dtype=np.int32),
        stages_out=np.empty((STAGE_FIELDS, block_rows), dtype=np.int32),
    )


def _table(rows: int, fields: int) -> Ints:
    return np.zeros((rows, fields), dtype=np.int64)


def _pool(places: int, first: int = 0) -> Ints:
    """Empty places, each followed by the next; numbered from `first`."""
    pool = _table(places, POOL_FIELDS)  # as wide as all else: rules are compiled once
    pool[:, ROW] = NONE
    pool[:, NEXT] = first + 1 + np.arange(places)
    return pool


def grown(state: State) -> State:
    """Twice the places in the pool, with the heap that they need."""
    counts, places = state.counts, len(state.pool)
    added = _pool(places, first=places)
    added[-1, NEXT] = counts[FREE_PLACE]
    counts[FREE_PLACE] = places
    counts[PLACES_LEFT] += places
    return state._replace(
        pool=np.concatenate((state.pool, added)),
        chosen=np.concatenate((state.chosen, np.zeros_like(state.chosen))),
        heap=np.concatenate((state.heap, np.zeros_like(state.heap))),
    )
