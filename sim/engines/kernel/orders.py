"""Orders: accepted, their inputs debited, loads ordered in turn; and debits given back for what is lost."""

from __future__ import annotations

from sim.engines.jit import inner, rule
from sim.engines.kernel.pool import ring, take_place
from sim.engines.kernel.state import (
    DONE,
    LACKING_LANE,
    LACKS_LOADS,
    LANE,
    NEXT,
    NONE,
    ORDER,
    ORDERED_S,
    UNITS,
    State,
    Tables,
)
from sim.engines.rules import is_blocked, is_further_below_share
from sim.plan import NEVER


@inner
def reorder(lane: int, second: int, tb: Tables, st: State) -> None:
    """Place orders of a lane until its position is above its reorder point; they reach the supplier in `second`."""
    while st.position[lane] <= tb.reorder_units[lane]:
        row = int(tb.load_first[lane] + st.next_n[lane])
        if row >= tb.load_first[lane + 1]:
            st.counts[LACKING_LANE] = lane
            return
        st.next_n[lane] += 1
        st.position[lane] += tb.load_units[lane]
        if second < tb.horizon_s:
            take_place(row, lane, int(tb.load_units[lane]), NEVER, st)
            ring(second, ORDER, row, st)


@inner
def share_out(quantity: int, stock: int, t: int, tb: Tables, st: State) -> int:
    """The lane that pays for `quantity` units of a stock: the one furthest below its share."""
    first = tb.lane_first[stock]
    chosen = int(tb.lane_index[first])
    chosen_is_blocked = is_blocked(
        t, tb.blocked_first[chosen], tb.blocked_first[chosen + 1], tb.blocked_from_s, tb.blocked_until_s
    )
    for i in range(first + 1, tb.lane_first[stock + 1]):
        lane = int(tb.lane_index[i])
        lane_is_blocked = is_blocked(
            t, tb.blocked_first[lane], tb.blocked_first[lane + 1], tb.blocked_from_s, tb.blocked_until_s
        )
        if is_further_below_share(quantity, lane, chosen, st.debited, tb.share_ppm, lane_is_blocked, chosen_is_blocked):
            chosen, chosen_is_blocked = lane, lane_is_blocked
    return chosen


@inner
def accept(place: int, t: int, tb: Tables, st: State) -> int:
    """Let a recipe accept an order: it queues, its inputs are debited, and lanes that run low order. Its recipe."""
    pool = st.pool
    recipe = int(tb.maker[pool[place, LANE]])
    pool[place, ORDERED_S] = t
    if st.head[recipe] == NONE:
        st.head[recipe] = place
    else:
        pool[st.tail[recipe], NEXT] = place
    st.tail[recipe] = place
    st.queued[recipe] += 1
    several = 0
    for stock in range(tb.stock_first[recipe], tb.stock_first[recipe + 1]):
        first, last = tb.lane_first[stock], tb.lane_first[stock + 1]
        if first == last:
            continue
        quantity = tb.quantity_per[stock] * pool[place, UNITS]
        lane = int(tb.lane_index[first])
        if last - first > 1:
            lane = share_out(quantity, stock, t, tb, st)
            st.debited[lane] += quantity
            st.chosen[place, several] = lane
            several += 1
        st.position[lane] -= quantity
        if st.position[lane] <= tb.reorder_units[lane]:
            reorder(lane, t + 1, tb, st)
    return recipe


@inner
def credit(place: int, recipe: int, tb: Tables, st: State) -> None:
    """Give back the debits of an order that is lost."""
    several = 0
    for stock in range(tb.stock_first[recipe], tb.stock_first[recipe + 1]):
        first, last = tb.lane_first[stock], tb.lane_first[stock + 1]
        if first == last:
            continue
        quantity = tb.quantity_per[stock] * st.pool[place, UNITS]
        lane = int(tb.lane_index[first])
        if last - first > 1:
            lane = int(st.chosen[place, several])
            several += 1
            st.debited[lane] -= quantity
        st.position[lane] += quantity


@rule
def place_opening_orders(tb: Tables, st: State) -> int:
    """Before anything else in second 0: the orders that the seeds leave open. They are accepted in second 1."""
    for at in range(tb.lane_index.size):
        reorder(int(tb.lane_index[at]), 1, tb, st)
        if st.counts[LACKING_LANE] != NONE:
            return LACKS_LOADS
    return DONE
