"""The line of a recipe: build slots expire, orders start when a line is free and their inputs are there."""

from __future__ import annotations

from sim.engines.jit import inner, rule
from sim.engines.kernel.orders import credit
from sim.engines.kernel.pool import leave_place, ring, ring_start, write_load
from sim.engines.kernel.state import (
    EXPIRES_S,
    FINISH,
    LOADS_OUT,
    NEXT,
    NONE,
    PENDING,
    ROW,
    STARTED_S,
    UNITS,
    USES_OUT,
    State,
    Tables,
)
from sim.engines.kernel.stocks import issue, shortage
from sim.engines.rules import back_at_work, work_until
from sim.ledger.ledger import NOT_YET
from sim.plan import NEVER


@rule
def expire(recipe: int, t: int, tb: Tables, st: State) -> None:
    """Lose the queued slots whose time is up, and note when the next one's is."""
    pool = st.pool
    place, st.head[recipe], st.tail[recipe] = int(st.head[recipe]), NONE, NONE
    st.next_expiry[recipe] = NEVER
    while place != NONE:
        behind = int(pool[place, NEXT])
        if pool[place, EXPIRES_S] <= t:
            credit(place, recipe, tb, st)
            write_load(place, 1, st)
            leave_place(place, st)
            st.queued[recipe] -= 1
        else:
            if st.head[recipe] == NONE:
                st.head[recipe] = place
            else:
                pool[st.tail[recipe], NEXT] = place
            st.tail[recipe] = place
            pool[place, NEXT] = NONE
            if pool[place, EXPIRES_S] < st.next_expiry[recipe]:
                st.next_expiry[recipe] = pool[place, EXPIRES_S]
        place = behind


@inner
def is_manned(recipe: int, t: int, tb: Tables, st: State) -> bool:
    """Whether a recipe that stood still works again at second `t`; if its crew is at home, the next shift does."""
    since_s = int(st.stands_since[recipe])
    st.stands_since[recipe] = NEVER
    first, last = int(tb.crew_first[recipe]), int(tb.crew_first[recipe + 1])
    back = back_at_work(t, since_s, int(tb.send_home_s[recipe]), first, last, tb.shift_s)
    st.at_home_until[recipe] = back
    if t < back < tb.horizon_s:
        ring_start(recipe, back, st)
    return back <= t


@inner
def start(recipe: int, t: int, tb: Tables, st: State) -> bool:
    """Line clerk of a recipe: lose what has expired, then start what can be started. False if room is short."""
    pool, counts = st.pool, st.counts
    st.rung[recipe] = NOT_YET
    if t >= st.next_expiry[recipe]:
        if counts[LOADS_OUT] + st.queued[recipe] > st.loads_out.shape[1]:
            return False
        expire(recipe, t, tb, st)
    st.lacking[recipe] = NONE
    while st.head[recipe] != NONE and st.free_lines[recipe] > 0 and st.at_home_until[recipe] <= t:
        place = int(st.head[recipe])
        st.lacking[recipe] = shortage(recipe, int(pool[place, UNITS]), tb, st)
        if st.lacking[recipe] != NONE:
            if st.stands_since[recipe] == NEVER:
                st.stands_since[recipe] = t
            return True
        if counts[USES_OUT] + st.lots[recipe] > st.uses_out.shape[1] or counts[PENDING] + 2 >= st.heap.size:
            return False
        if st.stands_since[recipe] != NEVER and not is_manned(recipe, t, tb, st):
            return True
        st.head[recipe] = pool[place, NEXT]
        pool[place, NEXT] = NONE
        st.queued[recipe] -= 1
        issue(place, recipe, tb, st)
        pool[place, STARTED_S] = t
        st.free_lines[recipe] -= 1
        row = int(pool[place, ROW])
        done = work_until(
            t, int(tb.work_s[row]), tb.shift_first[recipe], tb.shift_last[recipe], tb.opens_s, tb.closes_s, tb.done_s
        )
        if done < tb.horizon_s:
            ring(done, FINISH, row, st)
    return True
