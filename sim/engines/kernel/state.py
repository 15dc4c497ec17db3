"""All that the event loop reads and changes: the tables of a Plan, the state of a run, and the names of its fields."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray

from sim.ledger.events import Phase

RECEIVE, FINISH, DUE = int(Phase.RECEIVE), int(Phase.FINISH), int(Phase.DUE)
DEPART, ROAD = int(Phase.DEPART), int(Phase.ROAD)
GRANT, START, ORDER = int(Phase.GRANT), int(Phase.START), int(Phase.ORDER)
NONE = -1
ENDLESS = (1 << 63) - 1  # a key after every event

# why the loop returns
DONE = 0
NEEDS_ROOM = 1
LACKS_LOADS = 2

# counts of the state
PENDING = 0  # events in the heap
SCHEDULED_AT = 1  # next scheduled event
FREE_PLACE = 2  # head of the list of free places in the pool
PLACES_LEFT = 3
LOADS_OUT, PASSAGES_OUT, USES_OUT = 4, 5, 6  # rows written into the blocks
LACKING_LANE = 7  # the lane that needs more loads than were drawn
EVENTS = 8  # events so far
MOST_RIDERS = 9  # loads that stood on one dock together so far
STAGES_OUT = 10
NEXT_TICK_S = 11  # second of the next posting
COUNTS = 12

# fields of a place in the pool: one row a load, so that what is known of a load lies together
ROW, LANE, UNITS = 0, 1, 2
ORDERED_S, STARTED_S, FINISHED_S, RECEIVED_S = 3, 4, 5, 6
ROUTE = 7
POSITION = 8  # crossings behind it
ARRIVED_S = 9  # at the crossing where it is
EXPIRES_S = 10
NEXT = 11  # the place behind it: in its recipe's queue, on its dock or truck, on its shelf, or among the free ones
SHIPPED_S = 12
STAGE = 13  # at a crossing: what its next event there is
JOINED_S, BOOTH_S, CLEARED_S, USED_FAST = 14, 15, 16, 17  # at the crossing where it is; before, the second it is ready
GATE = 18  # the crossing where it is
POOL_FIELDS = 19
BEHIND = EXPIRES_S  # of a trailer, which no longer expires: the one behind it in its yard

# stages at a crossing
READY = 0  # a trailer comes to the end of its yard's line
WAITING = 1  # it stands in that line
LINE = 2  # a truck joins the first line
BAYS = 3  # it joins that of the bays
LOOKS = 4  # a truck has come to a crossing and sees whether to turn round

Array = NDArray[Any]


class Tables(NamedTuple):
    """What does not change: the columns of the Plan, with what is worked out from them once."""

    horizon_s: int
    posting_s: int
    crossings: int
    most_orders: int  # that accepting one order can call for
    most_passages: int  # of a route
    chosen_width: int  # stocks of a recipe that are fed by several lanes, at most
    scheduled_key: Array  # seeds' receipts and build slots, ascending
    scheduled_lane: Array
    scheduled_units: Array
    scheduled_expires_s: Array
    maker: Array
    stock: Array
    route_first: Array
    load_first: Array
    blocked_first: Array
    blocked_from_s: Array
    blocked_until_s: Array
    leg_columns: Array
    leg_draw_first: Array
    leg_column: Array
    passage_columns: Array
    passage_draw_first: Array
    passage_column: Array
    is_through: Array
    run: Array
    depart_first: Array
    depart_s: Array
    nominal_s: Array
    leg_first: Array
    leg_s: Array
    passage_first: Array
    crossing: Array
    work_s: Array
    divert_s: Array
    transit_ppm: Array
    yard_s: Array
    before_s: Array
    is_fast: Array
    standard_s: Array
    fast_s: Array
    scan_s: Array
    exam_s: Array
    hold_s: Array
    lot_bp: Array
    inspection_s: Array
    beyond_s: Array
    stock_first: Array
    shift_first: Array
    shift_last: Array
    opens_s: Array
    closes_s: Array
    done_s: Array
    stock_recipe: Array
    quantity_per: Array
    feed_first: Array  # by stock: its feeds, that is the lanes into it, lie next to each other
    feed_lane: Array
    feed_load_units: Array
    feed_reorder_units: Array
    feed_share_ppm: Array
    feed_most_units: Array  # reorder point at its highest, stock that is built up included
    buildup_first: Array
    buildup_from_s: Array
    buildup_until_s: Array
    buildup_units: Array
    alarm_units: Array
    alarm_s: Array
    urgent_first: Array
    send_home_s: Array
    crew_first: Array  # by recipe: its first shift among shift_s
    shift_s: Array
    approach_s: Array


class State(NamedTuple):
    """What changes, all of it."""

    counts: Array
    heap: Array
    place_of_row: Array  # of loads that have a place
    pool: Array  # [places, POOL_FIELDS]
    chosen: Array  # [places, chosen_width]: feeds debited by an order, where a stock has several
    position: Array  # by feed: units on hand and on order, less those debited
    debited: Array
    next_n: Array
    free_lines: Array  # by recipe
    head: Array
    tail: Array
    queued: Array
    lacking: Array  # the stock that the head order waits for
    stands_since: Array  # second since which it lacks inputs
    at_home_until: Array
    lots: Array  # on its shelves
    next_expiry: Array
    rung: Array  # second of the latest start asked for
    dock: Array  # by milk run: the place of the load that will lead, with the others behind it
    docked: Array  # how many stand there
    rung_expiry: Array  # second of the latest start asked for because of an expiry
    on_hand: Array  # by stock
    first_row: Array  # load row of the first lot
    first_left: Array  # units left of it
    lot_head: Array
    lot_tail: Array
    loads_out: Array  # [LOAD_FIELDS, rows]
    passages_out: Array  # [PASSAGE_FIELDS, rows]
    uses_out: Array  # [USE_FIELDS, rows]
    stages_out: Array  # [STAGE_FIELDS, rows]
    yard_head: Array  # by crossing: the trailer that waits longest for a tractor
    yard_tail: Array
