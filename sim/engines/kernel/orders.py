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
from sim.engines.rules import extra_units, is_blocked, is_further_below_share
from sim.plan import LONGEST_S


@inner
def reorder(feed: int, t: int, tb: Tables, st: State) -> None:
    """Place orders of a feed at `t` until its position is above its reorder point; the supplier has them at `t` + 1."""
    lane = int(tb.feed_lane[feed])
    second, reorder_units = t + 1, int(tb.feed_reorder_units[feed])
    if tb.feed_most_units[feed] > reorder_units:
        reorder_units += extra_units(
            t,
            int(tb.buildup_first[lane]),
            int(tb.buildup_first[lane + 1]),
            tb.buildup_from_s,
            tb.buildup_until_s,
            tb.buildup_units,
        )
    while st.position[feed] <= reorder_units:
        row = int(tb.load_first[lane] + st.next_n[feed])
        if row >= tb.load_first[lane + 1]:
            if st.counts[LACKING_LANE] == NONE:
                st.counts[LACKING_LANE] = lane
            return
        st.next_n[feed] += 1
        st.position[feed] += tb.feed_load_units[feed]
        if second < tb.horizon_s:
            take_place(row, lane, int(tb.feed_load_units[feed]), LONGEST_S, st)
            ring(second, ORDER, row, st)


@inner
def is_blocked_feed(feed: int, t: int, tb: Tables) -> bool:
    """Whether demand is debited to the other feeds of the stock."""
    lane = tb.feed_lane[feed]
    return is_blocked(t, tb.blocked_first[lane], tb.blocked_first[lane + 1], tb.blocked_from_s, tb.blocked_until_s)


@inner
def share_out(quantity: int, first: int, last: int, t: int, tb: Tables, st: State) -> int:
    """The feed, of `first` to `last` - 1, that pays for a quantity: the one furthest below its share."""
    chosen, chosen_is_blocked = first, is_blocked_feed(first, t, tb)
    for feed in range(first + 1, last):
        feed_is_blocked = is_blocked_feed(feed, t, tb)
        if is_further_below_share(
            quantity, feed, chosen, st.debited, tb.feed_share_ppm, feed_is_blocked, chosen_is_blocked
        ):
            chosen, chosen_is_blocked = feed, feed_is_blocked
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
    several, units = 0, int(pool[place, UNITS])
    for stock in range(tb.stock_first[recipe], tb.stock_first[recipe + 1]):
        feed, last = int(tb.feed_first[stock]), int(tb.feed_first[stock + 1])
        if feed == last:
            continue
        quantity = int(tb.quantity_per[stock]) * units
        if last - feed > 1:
            feed = share_out(quantity, feed, last, t, tb, st)
            st.debited[feed] += quantity
            st.chosen[place, several] = feed
            several += 1
        st.position[feed] -= quantity
        if st.position[feed] <= tb.feed_most_units[feed]:
            reorder(feed, t, tb, st)
    return recipe


@inner
def credit(place: int, recipe: int, tb: Tables, st: State) -> None:
    """Give back the debits of an order that is lost."""
    several, units = 0, int(st.pool[place, UNITS])
    for stock in range(tb.stock_first[recipe], tb.stock_first[recipe + 1]):
        feed, last = int(tb.feed_first[stock]), int(tb.feed_first[stock + 1])
        if feed == last:
            continue
        quantity = int(tb.quantity_per[stock]) * units
        if last - feed > 1:
            feed = int(st.chosen[place, several])
            several += 1
            st.debited[feed] -= quantity
        st.position[feed] += quantity


@rule
def place_opening_orders(tb: Tables, st: State) -> int:
    """Before anything else in second 0: the orders that the seeds leave open. They are accepted in second 1."""
    for feed in range(tb.feed_lane.size):
        reorder(feed, 0, tb, st)
        if st.counts[LACKING_LANE] != NONE:
            return LACKS_LOADS
    return DONE
