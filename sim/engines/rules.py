"""The integer rules that every engine shares, each written once for one case and compiled from that text.

A rule is a plain function ``_name`` on integers and on arrays or lists of integers, and ``name`` is the same function
compiled: the reference engine runs the first, the compiled engine the second. A rule that calls others is for the
reference ``name_plainly``, in which their names mean their plain forms. With ``NUMBA_DISABLE_JIT=1`` all are plain.
The lines at a crossing have a room of their own, `sim.engines.border`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from sim.engines.jit import compiled, plain
from sim.plan import NEVER

PPM = 1_000_000

Numbers = Sequence[int] | NDArray[Any]


def _place_after(t: int, first: int, last: int, seconds: Numbers) -> int:
    """Place, of `first` to `last` - 1, of the first of ascending seconds that is later than `t`; `last` if none is."""
    low, high = first, last
    while low < high:
        middle = (low + high) // 2
        if seconds[middle] > t:
            high = middle
        else:
            low = middle + 1
    return low


place_after = compiled(_place_after, is_inner=True)


def _work_until(t: int, work_s: int, first: int, last: int, opens: Numbers, closes: Numbers, done: Numbers) -> int:
    """Second at which `work_s` working seconds have passed since `t`; NEVER if the calendar ends before.

    The calendar is intervals `first` to `last` - 1; ``done[i]`` is its working time before interval i opens.
    """
    low = place_after(t, first, last, closes)
    if low == last:
        return NEVER
    target = int(done[low]) + work_s
    if t > opens[low]:
        target += t - int(opens[low])
    high = last
    while high - low > 1:  # the last interval before which less than the target is done
        middle = (low + high) // 2
        if done[middle] < target:
            low = middle
        else:
            high = middle
    finish = int(opens[low]) + target - int(done[low])
    if finish > closes[low]:
        return NEVER
    return finish


work_until = compiled(_work_until)
work_until_plainly = plain(_work_until)


def _is_blocked(t: int, first: int, last: int, begins: Numbers, ends: Numbers) -> bool:
    """Whether second `t` lies in one of the half-open intervals `first` to `last` - 1."""
    for i in range(first, last):  # noqa: SIM110 - a generator does not compile
        if begins[i] <= t < ends[i]:
            return True
    return False


is_blocked = compiled(_is_blocked, is_inner=True)


def _extra_units(t: int, first: int, last: int, begins: Numbers, ends: Numbers, units: Numbers) -> int:
    """Units of the half-open interval, of `first` to `last` - 1 in ascending order, that holds second `t`; else 0."""
    low = place_after(t, first, last, ends)
    if low < last and begins[low] <= t:
        return int(units[low])
    return 0


extra_units = compiled(_extra_units, is_inner=True)
extra_units_plainly = plain(_extra_units)


def _back_at_work(t: int, since_s: int, send_home_s: int, first: int, last: int, shift_s: Numbers) -> int:
    """Second from which a line works again that stood still since `since_s` and has its inputs at `t`.

    That is `t`, unless the crew of the shift has stood for more than `send_home_s` and is at home: then the next start
    of a shift after `t`, of `first` to `last` - 1; NEVER if there is none. A crew stands since its shift began.
    """
    low = place_after(t, first, last, shift_s)
    begun = since_s
    if low > first and shift_s[low - 1] > begun:
        begun = int(shift_s[low - 1])
    if t - begun <= send_home_s:
        return t
    return int(shift_s[low]) if low < last else NEVER


back_at_work = compiled(_back_at_work, is_inner=True)
back_at_work_plainly = plain(_back_at_work)


def _lasts_s(on_hand: int, alarm_units: int, alarm_s: int) -> int:
    """Seconds for which a stock lasts that foresees a shortage, by its alarm level; -1 where it foresees none."""
    if on_hand > alarm_units:
        return -1
    return on_hand * alarm_s // alarm_units if alarm_units > 0 else 0


lasts_s = compiled(_lasts_s, is_inner=True)


def _is_further_below_share(
    debited: int, share_ppm: int, other_debited: int, other_share_ppm: int, is_blocked: bool, other_is_blocked: bool
) -> bool:
    """Whether a lane is further below its share than another that comes before it, each if it were debited now.

    The lesser ``debited / share`` by cross-multiplication. Lanes that are not blocked go first, then lanes with a
    share; of two lanes without share the one debited less. Equal lanes are not further below.
    """
    if is_blocked != other_is_blocked:
        return other_is_blocked
    if share_ppm == 0 and other_share_ppm == 0:
        return debited < other_debited
    return debited * other_share_ppm < other_debited * share_ppm


is_further_below_share = compiled(_is_further_below_share, is_inner=True)


def _next_departure(t: int, first: int, last: int, depart_s: Numbers) -> int:
    """Place, of `first` to `last` - 1, of the first departure at second `t` or later; `last` if there is none."""
    return place_after(t - 1, first, last, depart_s)


next_departure = compiled(_next_departure, is_inner=True)
next_departure_plainly = plain(_next_departure)


def _leg_seconds(leg_s: int, transit_ppm: int) -> int:
    """Seconds of a leg by its drawn factor, at least one."""
    duration_s = leg_s * transit_ppm // PPM
    return duration_s if duration_s > 1 else 1


leg_seconds = compiled(_leg_seconds, is_inner=True)


def _is_worth_diverting(usual_s: int, quickest_s: int, divert_s: int) -> bool:
    """Whether a load leaves its usual route for the quickest one: only for a saving of more than `divert_s`."""
    return usual_s - quickest_s > divert_s


is_worth_diverting = compiled(_is_worth_diverting, is_inner=True)
