"""The line of a recipe: build slots expire, orders start when a line is free and their inputs are there."""

from __future__ import annotations

from sim.engines.jit import inner, rule
from sim.engines.kernel.orders import credit
from sim.engines.kernel.pool import leave_place, ring, ring_start, write_load
from sim.engines.kernel.state import (
    AT_HOME_UNTIL_S,
    CREW_FIRST,
    EXPIRES_S,
    FINISH,
    FREE_LINES,
    HEAD,
    LACKING,
    LOADS_OUT,
    LOTS_HELD,
    NEXT,
    NEXT_EXPIRY_S,
    NONE,
    PENDING,
    QUEUED,
    ROW,
    RUNG_S,
    SEND_HOME_S,
    SHIFT_FIRST,
    SHIFT_LAST,
    STANDS_SINCE_S,
    STARTED_S,
    TAIL,
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
    line = st.recipes[recipe]
    pool = st.pool
    place, line[HEAD], line[TAIL] = int(line[HEAD]), NONE, NONE
    line[NEXT_EXPIRY_S] = NEVER
    while place != NONE:
        behind = int(pool[place, NEXT])
        if pool[place, EXPIRES_S] <= t:
            credit(place, recipe, tb, st)
            write_load(place, 1, st)
            leave_place(place, st)
            line[QUEUED] -= 1
        else:
            if line[HEAD] == NONE:
                line[HEAD] = place
            else:
                pool[line[TAIL], NEXT] = place
            line[TAIL] = place
            pool[place, NEXT] = NONE
            if pool[place, EXPIRES_S] < line[NEXT_EXPIRY_S]:
                line[NEXT_EXPIRY_S] = pool[place, EXPIRES_S]
        place = behind


@inner
def is_manned(recipe: int, t: int, tb: Tables, st: State) -> bool:
    """Whether a recipe that stood still works again at second `t`; if its crew is at home, the next shift does."""
    shop, line = tb.recipes[recipe], st.recipes[recipe]
    since_s = int(line[STANDS_SINCE_S])
    line[STANDS_SINCE_S] = NEVER
    first, last = int(shop[CREW_FIRST]), int(tb.recipes[recipe + 1, CREW_FIRST])
    back = back_at_work(t, since_s, int(shop[SEND_HOME_S]), first, last, tb.shift_s)
    line[AT_HOME_UNTIL_S] = back
    if t < back < tb.horizon_s:
        ring_start(recipe, back, st)
    return back <= t


@inner
def start(recipe: int, t: int, tb: Tables, st: State) -> bool:
    """Line clerk of a recipe: lose what has expired, then start what can be started. False if room is short."""
    shop, line = tb.recipes[recipe], st.recipes[recipe]
    pool, counts = st.pool, st.counts
    line[RUNG_S] = NOT_YET
    if t >= line[NEXT_EXPIRY_S]:
        if counts[LOADS_OUT] + line[QUEUED] > st.loads_out.shape[1]:
            return False
        expire(recipe, t, tb, st)
    line[LACKING] = NONE
    while line[HEAD] != NONE and line[FREE_LINES] > 0 and line[AT_HOME_UNTIL_S] <= t:
        place = int(line[HEAD])
        line[LACKING] = shortage(recipe, int(pool[place, UNITS]), tb, st)
        if line[LACKING] != NONE:
            if line[STANDS_SINCE_S] == NEVER:
                line[STANDS_SINCE_S] = t
            return True
        if counts[USES_OUT] + line[LOTS_HELD] > st.uses_out.shape[1] or counts[PENDING] + 2 >= st.heap.size:
            return False
        if line[STANDS_SINCE_S] != NEVER and not is_manned(recipe, t, tb, st):
            return True
        line[HEAD] = pool[place, NEXT]
        pool[place, NEXT] = NONE
        line[QUEUED] -= 1
        issue(place, recipe, tb, st)
        pool[place, STARTED_S] = t
        line[FREE_LINES] -= 1
        row = int(pool[place, ROW])
        done = work_until(
            t,
            int(tb.work_s[row]),
            shop[SHIFT_FIRST],
            shop[SHIFT_LAST],
            tb.opens_s,
            tb.closes_s,
            tb.done_s,
        )
        if done < tb.horizon_s:
            ring(done, FINISH, row, st)
    return True
