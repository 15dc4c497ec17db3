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

# what is known of a recipe
STOCK_FIRST, SHIFT_FIRST, SHIFT_LAST, CREW_FIRST, SEND_HOME_S = 0, 1, 2, 3, 4  # first shift among shift_s
# and what changes of it
FREE_LINES, HEAD, TAIL, QUEUED = 0, 1, 2, 3  # of its queue: the first order, the last, how many
LACKING = 4  # the stock that the first order waits for
STANDS_SINCE_S, AT_HOME_UNTIL_S = 5, 6  # it lacks inputs since; its crew is at home until
LOTS_HELD = 7  # on its shelves
NEXT_EXPIRY_S = 8  # of the queued build slots
RUNG_S, RUNG_EXPIRY_S = 9, 10  # the latest start asked for; the latest asked for because of an expiry
RECIPE_FIELDS = 11

# a stock
CONSUMER, QUANTITY_PER, FEED_FIRST, ALARM_UNITS, ALARM_S = 0, 1, 2, 3, 4
ON_HAND, FIRST_ROW, FIRST_LEFT, LOT_HEAD, LOT_TAIL = 0, 1, 2, 3, 4  # first lot: its load's row, units left of it
SHELF_FIELDS = 5

# a feed: a lane into a stock; those of a stock lie next to each other
FEED_LANE, LOAD_UNITS, REORDER_UNITS, SHARE_PPM = 0, 1, 2, 3
MOST_UNITS = 4  # reorder point at its highest, stock that is built up included
INVENTORY, DEBITED, NEXT_N = 0, 1, 2  # inventory position: units on hand and on order, less those debited
SUPPLY_FIELDS = 3

# a lane
MAKER, STOCK, RUN = 0, 1, 2
ROUTE_FIRST, URGENT_FIRST, LOAD_FIRST, BLOCKED_FIRST, BUILDUP_FIRST = 3, 4, 5, 6, 7
LEG_COLUMNS, LEG_DRAW_FIRST, PASSAGE_COLUMNS, PASSAGE_DRAW_FIRST = 8, 9, 10, 11

# a route
NOMINAL_S, LEG_FIRST, PASSAGE_FIRST, LEG_COLUMN, PASSAGE_COLUMN, IS_THROUGH = 0, 1, 2, 3, 4, 5

# a seed's receipt or a build slot
SLOT_KEY, SLOT_LANE, SLOT_UNITS, SLOT_EXPIRES_S = 0, 1, 2, 3

# a milk run's dock: the load that will lead, with the others behind it; how many stand there
LEADER, DOCKED = 0, 1
# a crossing's yard: the trailer that waits longest for a tractor, and the one that came last
YARD_HEAD, YARD_TAIL = 0, 1

Array = NDArray[Any]


class Tables(NamedTuple):
    """What does not change: the columns of the Plan, with what is worked out from them once.

    What is known of one thing lies together, in a row of as many columns as are named above; a row behind the last
    one holds where the last one's places end. Compiling takes longer with each array that there is.
    """

    horizon_s: int
    posting_s: int
    crossings: int
    most_orders: int  # that accepting one order can call for
    most_passages: int  # of a route
    chosen_width: int  # stocks of a recipe that are fed by several lanes, at most
    scheduled: Array  # seeds' receipts and build slots, ascending
    recipes: Array
    stocks: Array
    feeds: Array
    lanes: Array
    routes: Array
    blocked_from_s: Array
    blocked_until_s: Array
    depart_first: Array
    depart_s: Array
    leg_s: Array
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
    opens_s: Array
    closes_s: Array
    done_s: Array
    buildup_from_s: Array
    buildup_until_s: Array
    buildup_units: Array
    shift_s: Array


class State(NamedTuple):
    """What changes, all of it; rows as in `Tables`."""

    counts: Array
    heap: Array
    place_of_row: Array  # of loads that have a place
    pool: Array  # [places, POOL_FIELDS]
    chosen: Array  # [places, chosen_width]: feeds debited by an order, where a stock has several
    recipes: Array  # [recipes, RECIPE_FIELDS]
    shelves: Array  # [stocks, SHELF_FIELDS]
    supply: Array  # [feeds, SUPPLY_FIELDS]
    docks: Array  # [milk runs, 2]
    yards: Array  # [crossings, 2]
    loads_out: Array  # [LOAD_FIELDS, rows]
    passages_out: Array  # [PASSAGE_FIELDS, rows]
    uses_out: Array  # [USE_FIELDS, rows]
    stages_out: Array  # [STAGE_FIELDS, rows]
