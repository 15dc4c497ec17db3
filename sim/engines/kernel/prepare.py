"""From a Plan to the tables and the first state of the event loop; and more places when they run out."""

from __future__ import annotations

import numpy as np

from sim.engines.kernel.heap import ENTITY_BITS, SECOND_SHIFT
from sim.engines.kernel.state import (
    COUNTS,
    DUE,
    FREE_PLACE,
    LACKING_LANE,
    NEXT,
    NONE,
    PLACES_LEFT,
    POOL_FIELDS,
    RECEIVE,
    ROW,
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
    scheduled = _scheduled(plan)
    several = np.diff(stocks.lane_first) > 1
    return Tables(
        horizon_s=plan.horizon_s,
        posting_s=plan.posting_s,
        crossings=len(plan.crossings.ids),
        most_orders=_most_orders(plan),
        most_passages=int(np.diff(routes.passage_first).max(initial=0)) + 1,
        chosen_width=int(np.bincount(stocks.recipe[several], minlength=1).max(initial=0)),
        scheduled_key=scheduled[0],
        scheduled_lane=scheduled[1],
        scheduled_units=scheduled[2],
        scheduled_expires_s=scheduled[3],
        maker=lanes.recipe,
        stock=lanes.stock,
        route_first=lanes.route_first,
        load_first=lanes.load_first,
        blocked_first=lanes.blocked_first,
        blocked_from_s=lanes.blocked_from_s,
        blocked_until_s=lanes.blocked_until_s,
        leg_columns=loads.leg_columns,
        leg_draw_first=loads.leg_draw_first,
        leg_column=routes.leg_column,
        passage_columns=loads.passage_columns,
        passage_draw_first=loads.passage_draw_first,
        passage_column=routes.passage_column,
        is_through=routes.is_through,
        run=lanes.run,
        depart_first=plan.runs.depart_first,
        depart_s=plan.runs.depart_s,
        nominal_s=routes.nominal_s,
        leg_first=routes.leg_first,
        leg_s=routes.leg_s,
        passage_first=routes.passage_first,
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
        stock_first=recipes.stock_first,
        shift_first=calendars.first[recipes.calendar],
        shift_last=calendars.first[recipes.calendar + 1],
        opens_s=calendars.opens_s,
        closes_s=calendars.closes_s,
        done_s=np.cumsum(length) - length,
        stock_recipe=stocks.recipe,
        quantity_per=stocks.quantity_per,
        feed_first=stocks.lane_first,
        feed_lane=stocks.lane_index,
        feed_load_units=lanes.load_units[stocks.lane_index],
        feed_reorder_units=lanes.reorder_units[stocks.lane_index],
        feed_share_ppm=lanes.share_ppm[stocks.lane_index],
        feed_most_units=(lanes.reorder_units + _most_built_up(plan))[stocks.lane_index],
        buildup_first=plan.buildup.first,
        buildup_from_s=plan.buildup.from_s,
        buildup_until_s=plan.buildup.until_s,
        buildup_units=plan.buildup.units,
        alarm_units=plan.expediting.alarm_units,
        alarm_s=plan.expediting.alarm_s,
        urgent_first=plan.expediting.route_first,
        send_home_s=plan.crews.send_home_s,
        crew_first=plan.crews.shift_first,
        shift_s=plan.crews.shift_s,
        approach_s=plan.crossings.approach_s,
    )


def _scheduled(plan: Plan) -> tuple[Ints, Ints, Ints, Ints]:
    """Seeds' receipts and build slots in order of event: key, lane, units, expiry."""
    seeds, slots, lanes = plan.seeds, plan.schedule, plan.lanes
    row = np.concatenate((seed_rows(plan), lanes.load_first[slots.lane] + slots.n))
    second = np.minimum(np.concatenate((seeds.receive_s, slots.due_s)), plan.horizon_s)  # later ones never happen
    phase = np.repeat((RECEIVE, DUE), (seeds.lane.size, slots.lane.size))
    key = second << SECOND_SHIFT | phase << ENTITY_BITS | row
    order = np.argsort(key, kind="stable")
    return (
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
    lanes, count, stocks = len(plan.lanes.ids), len(plan.recipes.ids), len(plan.stocks.ids)
    seeded = np.diff(plan.seeds.lane.searchsorted(np.arange(lanes + 1)))
    position = np.zeros(lanes, dtype=np.int64)
    np.add.at(position, plan.seeds.lane, plan.seeds.units)
    position = position[tables.feed_lane]
    opening = np.maximum(0, (tables.feed_most_units - position) // tables.feed_load_units + 1)
    opening = np.minimum(opening, np.diff(plan.lanes.load_first)[tables.feed_lane])  # more than was drawn is refused
    places = max(FIRST_PLACES, 2 * (int(opening.sum()) + tables.most_orders))
    counts = np.zeros(COUNTS, dtype=np.int64)
    counts[PLACES_LEFT], counts[LACKING_LANE] = places, NONE

    def filled(size: int, value: int) -> Ints:
        return np.full(size, value, dtype=np.int64)

    return State(
        counts=counts,
        heap=filled(places + 8 * count + len(plan.runs.ids) + tables.most_orders + 4, 0),
        place_of_row=np.zeros(int(plan.lanes.load_first[-1]), dtype=np.int32),
        pool=_pool(places),
        chosen=np.zeros((places, max(1, tables.chosen_width)), dtype=np.int64),
        position=position,
        debited=filled(position.size, 0),
        next_n=seeded[tables.feed_lane].astype(np.int64),
        free_lines=plan.recipes.lines.copy(),
        head=filled(count, NONE),
        tail=filled(count, NONE),
        queued=filled(count, 0),
        lacking=filled(count, NONE),
        stands_since=filled(count, NEVER),
        at_home_until=filled(count, 0),
        lots=filled(count, 0),
        next_expiry=filled(count, NEVER),
        rung=filled(count, NOT_YET),
        dock=filled(len(plan.runs.ids), NONE),
        docked=filled(len(plan.runs.ids), 0),
        rung_expiry=filled(count, NOT_YET),
        on_hand=filled(stocks, 0),
        first_row=filled(stocks, NONE),
        first_left=filled(stocks, 0),
        lot_head=filled(stocks, NONE),
        lot_tail=filled(stocks, NONE),
        loads_out=np.empty((LOAD_FIELDS, block_rows), dtype=np.int32),
        passages_out=np.empty((PASSAGE_FIELDS, block_rows), dtype=np.int32),
        uses_out=np.empty((USE_FIELDS, block_rows), dtype=np.int32),
        stages_out=np.empty((STAGE_FIELDS, block_rows), dtype=np.int32),
        yard_head=filled(len(plan.crossings.ids), NONE),
        yard_tail=filled(len(plan.crossings.ids), NONE),
    )


def _pool(places: int, first: int = 0) -> Ints:
    """Empty places, each followed by the next; numbered from `first`."""
    pool = np.zeros((places, POOL_FIELDS), dtype=np.int64)  # as wide as all else: rules are compiled once
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
