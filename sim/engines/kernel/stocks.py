"""Stocks: lots come in, oldest lots go first, each issue is written with its source."""

from __future__ import annotations

from sim.engines.jit import inner
from sim.engines.kernel.pool import leave_place, ring_start, write_load, write_use
from sim.engines.kernel.state import LANE, NEXT, NONE, RECEIVED_S, ROW, UNITS, State, Tables


@inner
def take_in(place: int, t: int, tb: Tables, st: State) -> None:
    """Receiving clerk: put a load into the stock that it feeds, or count it at the market."""
    pool = st.pool
    pool[place, RECEIVED_S] = t
    write_load(place, 0, st)
    stock = int(tb.stock[pool[place, LANE]])
    if stock < 0:
        leave_place(place, st)
        return
    recipe = int(tb.stock_recipe[stock])
    st.on_hand[stock] += pool[place, UNITS]
    if st.lot_head[stock] == NONE:
        st.lot_head[stock] = place
        st.first_row[stock], st.first_left[stock] = pool[place, ROW], pool[place, UNITS]
    else:
        pool[st.lot_tail[stock], NEXT] = place
    pool[place, NEXT] = NONE
    st.lot_tail[stock] = place
    st.lots[recipe] += 1
    if st.lacking[recipe] == stock:
        ring_start(recipe, t, st)


@inner
def shortage(recipe: int, units: int, tb: Tables, st: State) -> int:
    """The first stock that holds too little for an order of `units`, -1 if all hold enough."""
    for stock in range(tb.stock_first[recipe], tb.stock_first[recipe + 1]):
        if st.on_hand[stock] < tb.quantity_per[stock] * units:
            return stock
    return NONE


@inner
def issue(place: int, recipe: int, tb: Tables, st: State) -> None:
    """Take the inputs of an order from the shelves, oldest lots first."""
    pool = st.pool
    consumer, units = int(pool[place, ROW]), int(pool[place, UNITS])
    for stock in range(tb.stock_first[recipe], tb.stock_first[recipe + 1]):
        need, left = int(tb.quantity_per[stock]) * units, int(st.first_left[stock])
        st.on_hand[stock] -= need
        while need >= left:
            write_use(int(st.first_row[stock]), consumer, stock, left, st)
            need -= left
            used_up = int(st.lot_head[stock])
            lot = int(pool[used_up, NEXT])
            leave_place(used_up, st)
            st.lots[recipe] -= 1
            st.lot_head[stock] = lot
            if lot == NONE:
                left = 0
                break
            st.first_row[stock], left = pool[lot, ROW], int(pool[lot, UNITS])
        if need > 0:
            write_use(int(st.first_row[stock]), consumer, stock, need, st)
        st.first_left[stock] = left - need
