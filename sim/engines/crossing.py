"""One border crossing: the state of its queue, and our loads and other people's trucks passing it in order."""

from __future__ import annotations

import numpy as np

from sim.engines import rules
from sim.plan import Plan


class Crossing:
    """The queue of one crossing, resolved by the shared rules.

    Parameters
    ----------
    plan : Plan
        The run.
    index : int
        Which crossing; it must have standard booths.

    Notes
    -----
    Calls must come in order of time, as an engine's clock makes them. How often the queue is asked changes nothing.
    """

    __slots__ = ("_queue", "_state", "totals")

    def __init__(self, plan: Plan, index: int) -> None:
        table, traffic = plan.crossings, plan.background
        standard, fast = int(table.booths_standard[index]), int(table.booths_fast[index])
        opens = np.hstack(
            (
                rules.opening_hours(table.open_standard[index], standard),
                rules.opening_hours(table.open_fast[index], fast),
            )
        )
        self._state = np.zeros(rules.STATE_FIELDS, dtype=np.int64)
        self._state[rules.N_STANDARD] = standard
        self._state[rules.POSTING_S] = table.posting_s[index]
        self._state[rules.POSTED_AT] = -1
        self.totals = np.zeros((3, -(-plan.horizon_s // rules.HOUR_S)), dtype=np.int64)
        trucks = slice(int(traffic.first[index]), int(traffic.first[index + 1]))
        self._queue = (
            self._state,
            np.zeros(standard + fast, dtype=np.int64),
            np.ascontiguousarray(opens),
            np.zeros(int(table.split_trucks[index]) + 1, dtype=np.int64),
            table.service_ppm[index],
            traffic.arrive_s[trucks],
            traffic.service_s[trucks],
            traffic.is_fast[trucks],
            traffic.patience_s[trucks],
            self.totals,
        )

    def serve(self, t: int, is_fast: int, standard_s: int, fast_s: int) -> tuple[int, int, int]:
        """Pass one of our loads.

        Parameters
        ----------
        t : int
            Second at which it joins. Loads of one second come in order of (lane, n).
        is_fast : int
            1 if it may use FAST booths.
        standard_s, fast_s : int
            Drawn service, in seconds, at a booth of either class.

        Returns
        -------
        tuple of int
            Second at the booth, second cleared (NEVER where no booth opens again), 1 if a FAST booth was used.
        """
        found: tuple[int, int, int] = rules.serve(t, is_fast, standard_s, fast_s, *self._queue)
        return found

    def posted_wait(self, t: int, is_fast: int) -> int:
        """Wait in seconds that hung at the approach at second `t`: that of the latest posting at or before it."""
        rules.advance(t, *self._queue)
        return int(self._state[rules.POSTED_FAST if is_fast else rules.POSTED_STANDARD])

    def close(self, horizon_s: int) -> None:
        """Merge the background that arrives before the horizon, so that its hourly totals are whole."""
        rules.merge(horizon_s, *self._queue)
