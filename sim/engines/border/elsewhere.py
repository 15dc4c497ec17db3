"""Trucks that would wait too long: other people's stay, give up or go to a substitute; ours stay or turn round."""

from __future__ import annotations

from sim.engines.border.queues import (
    DIVERT_PPM,
    HOUR_S,
    INTO_FIRST,
    INTO_LAST,
    NEXT_OVER,
    NEXT_OVER_S,
    OVER_FIRST,
    OVER_LAST,
    POSTED_BEYOND,
    POSTED_STANDARD,
    STATE_FIELDS,
    Queues,
)
from sim.engines.jit import compiled, plain
from sim.engines.rules import PPM
from sim.plan import LONGEST_S, NEVER

STAYS = 0
GIVES_UP = 1
GOES_OVER = 2
NONE = -1


def _shut_before(k: int, t: int, q: Queues) -> int:
    """Seconds before `t` in which a crossing was ordinarily shut."""
    hour, row = t // HOUR_S, k * (q.hours + 1)
    if hour >= q.hours:
        return int(q.shut_s[row + q.hours])
    shut = int(q.shut_s[row + hour + 1]) - int(q.shut_s[row + hour])
    return int(q.shut_s[row + hour]) + shut * (t - hour * HOUR_S) // HOUR_S


shut_before = compiled(_shut_before)


def _find_next_over(k: int, q: Queues) -> None:
    """Note which truck on its way to crossing `k` arrives next: of one second, by the id of where it comes from."""
    best_s, best = NEVER, NONE
    own = k * STATE_FIELDS
    for at in range(int(q.state[own + INTO_FIRST]), int(q.state[own + INTO_LAST])):
        row = int(q.into_row[at])
        if q.gone_from[row] < q.gone_until[row]:
            arrives_s = int(q.arrive_s[q.gone[q.gone_from[row]]]) + int(q.travel_s[row])
            if arrives_s < best_s:
                best_s, best = arrives_s, row
    q.state[own + NEXT_OVER_S] = best_s
    q.state[own + NEXT_OVER] = best


find_next_over = compiled(_find_next_over)


def _take_over(k: int, q: Queues) -> int:
    """Take the next truck that comes over to crossing `k`; its number."""
    row = int(q.state[k * STATE_FIELDS + NEXT_OVER])
    truck = int(q.gone[q.gone_from[row]])
    q.gone_from[row] += 1
    find_next_over(k, q)
    return truck


take_over = compiled(_take_over)


def _decide(k: int, truck: int, t: int, start: int, wait_s: int, is_own: int, q: Queues) -> int:
    """What a truck does that would wait `wait_s` before the booths of crossing `k`, to start there at `start`.

    It looks at the whole of what it expects, the bays included, less the hours in which the crossing is ordinarily
    shut: those who come late wait overnight. Beyond the crossing's part of its patience it goes to its substitute
    where travel and the wait that hangs posted there are less than the wait here; who has come over (`is_own` 0)
    does not go on. Beyond its patience it gives up.
    """
    beyond_s, patience_s = int(q.state[k * STATE_FIELDS + POSTED_BEYOND]), int(q.patience_s[truck])
    tried_s = wait_s + beyond_s
    if start != NEVER:
        tried_s -= shut_before(k, start, q) - shut_before(k, t, q)
    choice = int(q.substitute[truck])
    is_impatient = start == NEVER or tried_s * PPM > patience_s * q.state[k * STATE_FIELDS + DIVERT_PPM]
    if is_own != 0 and choice != NONE and is_impatient:
        row = int(q.state[k * STATE_FIELDS + OVER_FIRST]) + choice
        other = int(q.over_crossing[row])
        there_s = int(q.travel_s[row]) + int(q.state[other * STATE_FIELDS + POSTED_STANDARD + int(q.is_fast[truck])])
        if there_s < wait_s + beyond_s:
            q.gone[q.gone_until[row]] = truck
            q.gone_until[row] += 1
            if q.gone_until[row] - q.gone_from[row] == 1:
                find_next_over(other, q)
            return GOES_OVER
    if start == NEVER or (tried_s > patience_s and patience_s != LONGEST_S):
        return GIVES_UP
    return STAYS


decide = compiled(_decide)


def _turn_round(k: int, is_fast: int, divert_s: int, q: Queues) -> int:
    """The row of the substitute to which one of our trucks turns that has come to crossing `k`; NONE where it stays.

    It turns to the one that is reached and passed soonest by the waits now posted, of equal ones the first, if that
    saves more than `divert_s`. Who has turned does not turn again.
    """
    best, best_s = NONE, NEVER
    own = k * STATE_FIELDS
    for row in range(int(q.state[own + OVER_FIRST]), int(q.state[own + OVER_LAST])):
        other = int(q.over_crossing[row])
        there_s = int(q.travel_s[row]) + int(q.state[other * STATE_FIELDS + POSTED_STANDARD + is_fast])
        if there_s < best_s:
            best, best_s = row, there_s
    if int(q.state[own + POSTED_STANDARD + is_fast]) - best_s > divert_s:
        return best
    return NONE


turn_round = compiled(_turn_round)
turn_round_plainly = plain(_turn_round)
