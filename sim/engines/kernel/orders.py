"""Orders: accepted, their inputs debited, loads ordered in turn; and debits given back for what is lost."""

from __future__ import annotations

from sim.engines.jit import inner, rule
from sim.engines.kernel.pool import ring, take_place
from sim.engines.kernel.state import (
    BLOCKED_FIRST,
    BUILDUP_FIRST,
    DEBITED,
    DONE,
    FEED_FIRST,
    FEED_LANE,
    HEAD,
    INVENTORY,
    LACKING_LANE,
    LACKS_LOADS,
    LANE,
    LOAD_FIRST,
    LOAD_UNITS,
    MAKER,
    MOST_UNITS,
    NEXT,
    NEXT_N,
    NONE,
    ORDER,
    ORDERED_S,
    QUANTITY_PER,
    QUEUED,
    REORDER_UNITS,
    SHARE_PPM,
    STOCK_FIRST,
    TAIL,
    UNITS,
    State,
    Tables,
)
from sim.engines.rules import extra_units, is_blocked, is_further_below_share
from sim.plan import LONGEST_S


@inner
def reorder(feed: int, t: int, tb: Tables, st: State) -> None:
    """Place orders of a feed at `t` until its position is above its reorder point; the supplier has them at `t` + 1."""
    lane = int(tb.feeds[feed, FEED_LANE])
    second, reorder_units = t + 1, int(tb.feeds[feed, REORDER_UNITS])
    if tb.feeds[feed, MOST_UNITS] > reorder_units:
        reorder_units += extra_units(
            t,
            int(tb.lanes[lane, BUILDUP_FIRST]),
            int(tb.lanes[lane + 1, BUILDUP_FIRST]),
            tb.buildup_from_s,
            tb.buildup_until_s,
            tb.buildup_units,
        )
    while st.supply[feed, INVENTORY] <= reorder_units:
        row = int(tb.lanes[lane, LOAD_FIRST] + st.supply[feed, NEXT_N])
        if row >= tb.lanes[lane + 1, LOAD_FIRST]:
            if st.counts[LACKING_LANE] == NONE:
                st.counts[LACKING_LANE] = lane
            return
        st.supply[feed, NEXT_N] += 1
        st.supply[feed, INVENTORY] += tb.feeds[feed, LOAD_UNITS]
        if second < tb.horizon_s:
            take_place(row, lane, int(tb.feeds[feed, LOAD_UNITS]), LONGEST_S, st)
            ring(second, ORDER, row, st)


@inner
def is_blocked_feed(feed: int, t: int, tb: Tables) -> bool:
    """Whether demand is debited to the other feeds of the stock."""
    lane = tb.feeds[feed, FEED_LANE]
    return is_blocked(
        t, tb.lanes[lane, BLOCKED_FIRST], tb.lanes[lane + 1, BLOCKED_FIRST], tb.blocked_from_s, tb.blocked_until_s
    )


@inner
def share_out(quantity: int, first: int, last: int, t: int, tb: Tables, st: State) -> int:
    """The feed, of `first` to `last` - 1, that pays for a quantity: the one furthest below its share."""
    chosen, chosen_is_blocked = first, is_blocked_feed(first, t, tb)
    for feed in range(first + 1, last):
        feed_is_blocked = is_blocked_feed(feed, t, tb)
        if is_further_below_share(
            quantity + int(st.supply[feed, DEBITED]),
            int(tb.feeds[feed, SHARE_PPM]),
            quantity + int(st.supply[chosen, DEBITED]),
            int(tb.feeds[chosen, SHARE_PPM]),
            feed_is_blocked,
            chosen_is_blocked,
        ):
            chosen, chosen_is_blocked = feed, feed_is_blocked
    return chosen


@inner
def accept(place: int, t: int, tb: Tables, st: State) -> int:
    """Let a recipe accept an order: it queues, its inputs are debited, and lanes that run low order. Its recipe."""
    pool = st.pool
    recipe = int(tb.lanes[pool[place, LANE], MAKER])
    line = st.recipes[recipe]
    pool[place, ORDERED_S] = t
    if line[HEAD] == NONE:
        line[HEAD] = place
    else:
        pool[line[TAIL], NEXT] = place
    line[TAIL] = place
    line[QUEUED] += 1
    several, units = 0, int(pool[place, UNITS])
    for stock in range(tb.recipes[recipe, STOCK_FIRST], tb.recipes[recipe + 1, STOCK_FIRST]):
        feed, last = int(tb.stocks[stock, FEED_FIRST]), int(tb.stocks[stock + 1, FEED_FIRST])
        if feed == last:
            continue
        quantity = int(tb.stocks[stock, QUANTITY_PER]) * units
        if last - feed > 1:
            feed = share_out(quantity, feed, last, t, tb, st)
            st.supply[feed, DEBITED] += quantity
            st.chosen[place, several] = feed
            several += 1
        st.supply[feed, INVENTORY] -= quantity
        if st.supply[feed, INVENTORY] <= tb.feeds[feed, MOST_UNITS]:
            reorder(feed, t, tb, st)
    return recipe


@inner
def credit(place: int, recipe: int, tb: Tables, st: State) -> None:
    """Give back the debits of an order that is lost."""
    several, units = 0, int(st.pool[place, UNITS])
    for stock in range(tb.recipes[recipe, STOCK_FIRST], tb.recipes[recipe + 1, STOCK_FIRST]):
        feed, last = int(tb.stocks[stock, FEED_FIRST]), int(tb.stocks[stock + 1, FEED_FIRST])
        if feed == last:
            continue
        quantity = int(tb.stocks[stock, QUANTITY_PER]) * units
        if last - feed > 1:
            feed = int(st.chosen[place, several])
            several += 1
            st.supply[feed, DEBITED] -= quantity
        st.supply[feed, INVENTORY] += quantity


@rule
def place_opening_orders(tb: Tables, st: State) -> int:
    """Before anything else in second 0: the orders that the seeds leave open. They are accepted in second 1."""
    for feed in range(len(tb.feeds)):
        reorder(feed, 0, tb, st)
        if st.counts[LACKING_LANE] != NONE:
            return LACKS_LOADS
    return DONE
