"""Stocks: lots come in, oldest lots go first, each issue is written with its source."""

from __future__ import annotations

from sim.engines.jit import inner
from sim.engines.kernel.pool import leave_place, ring_start, write_load, write_use
from sim.engines.kernel.state import (
    CONSUMER,
    FIRST_LEFT,
    FIRST_ROW,
    LACKING,
    LANE,
    LOT_HEAD,
    LOT_TAIL,
    LOTS_HELD,
    NEXT,
    NONE,
    ON_HAND,
    QUANTITY_PER,
    RECEIVED_S,
    ROW,
    STOCK,
    STOCK_FIRST,
    UNITS,
    State,
    Tables,
)


@inner
def take_in(place: int, t: int, tb: Tables, st: State) -> None:
    """Receiving clerk: put a load into the stock that it feeds, or count it at the market."""
    pool = st.pool
    pool[place, RECEIVED_S] = t
    write_load(place, 0, st)
    stock = int(tb.lanes[pool[place, LANE], STOCK])
    if stock < 0:
        leave_place(place, st)
        return
    recipe = int(tb.stocks[stock, CONSUMER])
    shelf, line = st.shelves[stock], st.recipes[recipe]
    shelf[ON_HAND] += pool[place, UNITS]
    if shelf[LOT_HEAD] == NONE:
        shelf[LOT_HEAD] = place
        shelf[FIRST_ROW], shelf[FIRST_LEFT] = pool[place, ROW], pool[place, UNITS]
    else:
        pool[shelf[LOT_TAIL], NEXT] = place
    pool[place, NEXT] = NONE
    shelf[LOT_TAIL] = place
    line[LOTS_HELD] += 1
    if line[LACKING] == stock:
        ring_start(recipe, t, st)


@inner
def shortage(recipe: int, units: int, tb: Tables, st: State) -> int:
    """The first stock that holds too little for an order of `units`, -1 if all hold enough."""
    for stock in range(tb.recipes[recipe, STOCK_FIRST], tb.recipes[recipe + 1, STOCK_FIRST]):
        if st.shelves[stock, ON_HAND] < tb.stocks[stock, QUANTITY_PER] * units:
            return stock
    return NONE


@inner
def issue(place: int, recipe: int, tb: Tables, st: State) -> None:
    """Take the inputs of an order from the shelves, oldest lots first."""
    pool = st.pool
    consumer, units = int(pool[place, ROW]), int(pool[place, UNITS])
    for stock in range(tb.recipes[recipe, STOCK_FIRST], tb.recipes[recipe + 1, STOCK_FIRST]):
        shelf = st.shelves[stock]
        need, left = int(tb.stocks[stock, QUANTITY_PER]) * units, int(shelf[FIRST_LEFT])
        shelf[ON_HAND] -= need
        while need >= left:
            write_use(int(shelf[FIRST_ROW]), consumer, stock, left, st)
            need -= left
            used_up = int(shelf[LOT_HEAD])
            lot = int(pool[used_up, NEXT])
            leave_place(used_up, st)
            st.recipes[recipe, LOTS_HELD] -= 1
            shelf[LOT_HEAD] = lot
            if lot == NONE:
                left = 0
                break
            shelf[FIRST_ROW], left = pool[lot, ROW], int(pool[lot, UNITS])
        if need > 0:
            write_use(int(shelf[FIRST_ROW]), consumer, stock, need, st)
        shelf[FIRST_LEFT] = left - need
