"""The docks of milk runs: finished loads that wait for a departure, and who rides on which truck."""

from __future__ import annotations

from sim.engines.rules import next_departure_plainly
from sim.plan import NEVER, Plan


class Docks:
    """Loads, as load rows, on the dock of each run and on its trucks.

    Notes
    -----
    A load stands on the dock until the first departure of its run at or after the second in which it was finished. All
    loads on a dock leave together. Whoever stands there has therefore the same departure before him, and a dock that
    is not empty is waited for already. After the last departure of a run nothing leaves its dock.
    """

    def __init__(self, plan: Plan) -> None:
        runs = plan.runs
        self.run_of_lane: list[int] = plan.lanes.run.tolist()
        self.riders: dict[int, list[int]] = {}  # leader -> the others on its truck, in order of (lane, n)
        self._depart_first: list[int] = runs.depart_first.tolist()
        self._depart_s: list[int] = runs.depart_s.tolist()
        self._waiting: list[list[int]] = [[] for _ in runs.ids]

    def put(self, run: int, row: int, t: int) -> int:
        """Put load `row`, finished at second `t`, on the dock of its run.

        Returns
        -------
        int
            The departure that must be waited for; NEVER if there is none, or somebody waits for it already.
        """
        waiting = self._waiting[run]
        waiting.append(row)
        if len(waiting) > 1:
            return NEVER
        last = self._depart_first[run + 1]
        place = next_departure_plainly(t, self._depart_first[run], last, self._depart_s)
        return self._depart_s[place] if place < last else NEVER

    def leave(self, run: int) -> int:
        """Let all loads on the dock of a run leave on one truck; the load that leads: the least by (lane, n)."""
        leader, *others = sorted(self._waiting[run])
        self._waiting[run] = []
        self.riders[leader] = others
        return leader
