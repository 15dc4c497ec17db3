"""The reference engine's clerk at every crossing: trailers wait for tractors, trucks pass the lines, and go on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TypeAlias, cast

import simpy

from sim.engines.border.bays import inspect_plainly, is_sent_plainly
from sim.engines.border.booths import pass_trucks_plainly
from sim.engines.border.elsewhere import NONE, turn_round_plainly
from sim.engines.border.queues import (
    CURSOR,
    MERGE,
    N_BAYS,
    N_MODULES,
    N_STANDARD,
    N_TRACTORS,
    OVER_FIRST,
    OVER_LAST,
    SERVE,
    STATE_FIELDS,
    TRUCK_LAST,
    Queues,
)
from sim.engines.border.ticks import opening_plainly, tick_plainly
from sim.engines.border.tractors import back_s_plainly, set_out_plainly
from sim.engines.ways import Ways
from sim.ledger.events import Phase
from sim.ledger.ledger import EXPORT, INSPECTION, TRACTOR
from sim.plan import NEVER, Plan

PHASES = len(Phase)
RECEIVE, FINISH, ROAD = int(Phase.RECEIVE), int(Phase.FINISH), int(Phase.ROAD)
GRANT, START = int(Phase.GRANT), int(Phase.START)

Ring: TypeAlias = Callable[[int, Callable[[simpy.Event], None], int], None]  # moment, clerk, what it looks after
Claim: TypeAlias = tuple[int, int, list[int]]  # load row of the leader, passage draw, the note of its passage


class BorderClerk:
    """All crossings of a run.

    Parameters
    ----------
    ring : callable
        Wakes a clerk at a moment.
    go_on : callable
        Sends a truck on from a crossing: load row, crossings behind it, second.
    route_of_row : list of int
        The route on which the load of a row was sent.
    """

    def __init__(
        self,
        plan: Plan,
        queues: Queues,
        ways: Ways,
        env: simpy.Environment,
        ring: Ring,
        go_on: Callable[..., None],
        route_of_row: list[int],
    ) -> None:
        self.env, self.ring, self.go_on, self.queues, self.ways = env, ring, go_on, queues, ways
        self.route_of_row, self.is_through = route_of_row, plan.routes.is_through.tolist()
        self.horizon_s, self.posting_s = plan.horizon_s, plan.posting_s
        self.count = len(plan.crossings.ids)
        self.passages: list[list[int]] = []
        self.stages: list[list[int]] = []
        self.approach_s = plan.crossings.approach_s.tolist()
        self.coming: dict[int, tuple[int, int, int]] = {}  # load row -> position, crossing, passage draw
        self._read_draws(plan)
        self.joining: list[dict[int, list[Claim]]] = [{} for _ in range(self.count)]  # second -> trucks
        self.inspected: list[dict[int, list[Claim]]] = [{} for _ in range(self.count)]
        self.ready: list[dict[int, list[Claim]]] = [{} for _ in range(self.count)]
        self.yard: list[deque[tuple[Claim, list[int]]]] = [deque() for _ in range(self.count)]  # wait for a tractor

    def _read_draws(self, plan: Plan) -> None:
        loads = plan.loads
        self.yard_s, self.before_s = loads.yard_s.tolist(), loads.before_s.tolist()
        self.service_standard_s = loads.service_standard_s.tolist()
        self.service_fast_s = loads.service_fast_s.tolist()
        self.after_s = (loads.scan_s.astype("int64") + loads.exam_s + loads.hold_s).tolist()
        self.lot_bp = loads.lot_bp.tolist()
        self.inspection_s = loads.inspection_s.tolist()
        self.beyond_s = loads.beyond_s.tolist()

    def _of(self, crossing: int, field: int) -> int:
        return int(self.queues.state[crossing * STATE_FIELDS + field])

    def queued(self) -> list[int]:
        """Crossings that have booths."""
        return [k for k in range(self.count) if self._of(k, N_STANDARD)]

    def _second(self) -> int:
        return int(self.env.now) // PHASES

    # postings

    def ring_tick(self, second: int) -> None:
        """Wake the clerk for the posting at `second`, ahead of everything that sees or changes a line in it."""
        if second < self.horizon_s:
            self.ring(second * PHASES + RECEIVE, self._tick, second)

    def _tick(self, event: simpy.Event) -> None:
        t = _number(event)
        tick_plainly(t, self.count, self.queues)
        self.ring_tick(t + self.posting_s)

    def ring_truck(self, crossing: int) -> None:
        """Wake the clerk for the next truck of others, in the phase behind the grants of its second."""
        queues = self.queues
        truck = self._of(crossing, CURSOR)
        if truck < self._of(crossing, TRUCK_LAST) and queues.arrive_s[truck] < self.horizon_s:
            self.ring(int(queues.arrive_s[truck]) * PHASES + START, self._pass_truck, crossing)

    def _pass_truck(self, event: simpy.Event) -> None:
        """Pass the trucks of others that joined in this second."""
        crossing = _number(event)
        pass_trucks_plainly(crossing, self._second() + 1, MERGE, 0, 0, 0, self.queues)
        self.ring_truck(crossing)

    def close(self) -> None:
        """Pass all trucks of others that came before the horizon."""
        for crossing in self.queued():
            pass_trucks_plainly(crossing, self.horizon_s, MERGE, 0, 0, 0, self.queues)

    # our trucks, in the order of the chain

    def come(self, row: int, position: int, crossing: int, draw: int, t: int) -> None:
        """A truck comes to a crossing at second `t`; where that has substitutes, it sees then whether to turn round."""
        if self._of(crossing, OVER_FIRST) == self._of(crossing, OVER_LAST):
            self._arrive(row, position, crossing, draw, t)
        else:
            self.coming[row] = (position, crossing, draw)
            self.ring(t * PHASES + FINISH, self._look, row)

    def _look(self, event: simpy.Event) -> None:
        """Stay at the crossing, or turn round to its substitute."""
        row, t, queues = _number(event), self._second(), self.queues
        position, crossing, draw = self.coming.pop(row)
        over = turn_round_plainly(crossing, self.ways.is_fast[draw], self.ways.divert_s[row], queues)
        if over != NONE:
            crossing, t = int(queues.over_crossing[over]), t + int(queues.travel_s[over])
        if t < self.horizon_s:
            self._arrive(row, position, crossing, draw, t)

    def _arrive(self, row: int, position: int, crossing: int, draw: int, t: int) -> None:
        """A truck is at a crossing at second `t`; after papers it waits for a tractor or goes to the line."""
        note = [row, position, crossing, t, NEVER, NEVER, NEVER, NEVER, 0, row]
        self.passages.append(note)
        ready = t + self._dwell(row, self.yard_s[draw]) + self.before_s[draw]
        if self._of(crossing, N_TRACTORS) == 0:
            self._line_up(crossing, (row, draw, note), ready)
        elif ready < self.horizon_s:
            self._claim(self.ready, crossing, ready, ROAD, self._take_trailers, (row, draw, note))

    def _dwell(self, row: int, yard_s: int) -> int:
        """Seconds that a trailer stands in a yard: none where its truck is driven through."""
        return 0 if self.is_through[self.route_of_row[row]] else yard_s

    def _claim(
        self,
        claims: list[dict[int, list[Claim]]],
        crossing: int,
        second: int,
        phase: int,
        clerk: Callable[[simpy.Event], None],
        claim: Claim,
    ) -> None:
        """Collect a claim; its clerk is woken once in a moment."""
        if second in claims[crossing]:
            claims[crossing][second].append(claim)
        else:
            claims[crossing][second] = [claim]
            self.ring(second * PHASES + phase, clerk, crossing)

    def _take_trailers(self, event: simpy.Event) -> None:
        """Put the trailers that are ready in this second at the end of the yard's line, in order of (lane, n)."""
        crossing, t = _number(event), self._second()
        was_empty = not self.yard[crossing]
        for claim in sorted(self.ready[crossing].pop(t), key=_row_of_claim):
            stage = [claim[0], claim[2][1], TRACTOR, t, NEVER, NEVER]
            self.stages.append(stage)
            self.yard[crossing].append((claim, stage))
        self._hitch(crossing, t)
        if was_empty:
            self._ring_yard(crossing)

    def _ring_yard(self, crossing: int) -> None:
        """Wake the yard's clerk when a tractor is back for the first trailer that waits."""
        back = back_s_plainly(crossing, self.queues)
        if self.yard[crossing] and back < self.horizon_s:
            self.ring(back * PHASES + ROAD, self._take_back, crossing)

    def _take_back(self, event: simpy.Event) -> None:
        crossing = _number(event)
        self._hitch(crossing, self._second())
        self._ring_yard(crossing)

    def _hitch(self, crossing: int, t: int) -> None:
        """Give the tractors that are back to the trailers that wait, first-in first-out."""
        yard, queues = self.yard[crossing], self.queues
        while yard and back_s_plainly(crossing, queues) <= t:
            claim, stage = yard.popleft()
            set_out_plainly(crossing, t, self.ways.is_fast[claim[1]], queues)
            stage[4] = stage[5] = t
            self._line_up(crossing, claim, t)

    def _line_up(self, crossing: int, claim: Claim, t: int) -> None:
        """A truck sets out at `t` for the first line of a crossing."""
        note = claim[2]
        joined = t if self._of(crossing, N_MODULES) else t + self.approach_s[crossing]
        if joined >= self.horizon_s:
            return
        if self._of(crossing, N_STANDARD) == 0:
            opens = opening_plainly(crossing, joined, self.queues)
            note[4], note[5], note[6] = joined, opens, opens
            self._after(crossing, claim)
            return
        self._claim(self.joining, crossing, joined, GRANT, self._grant, claim)

    def _grant(self, event: simpy.Event) -> None:
        """Pass all trucks that joined in this second, in order of (lane, n)."""
        crossing, t = _number(event), self._second()
        has_modules = self._of(crossing, N_MODULES) > 0
        for claim in sorted(self.joining[crossing].pop(t), key=_row_of_claim):
            row, draw, note = claim
            own = (self.ways.is_fast[draw], self.service_standard_s[draw], self.service_fast_s[draw])
            checked, note[4], note[5], note[6], note[8] = pass_trucks_plainly(crossing, t, SERVE, *own, self.queues)
            if has_modules:
                self.stages.append([row, note[1], EXPORT, t, checked, note[4] - self.approach_s[crossing]])
            self._after(crossing, claim)

    def _after(self, crossing: int, claim: Claim) -> None:
        """A truck has passed the booths; after scan, exam and hold it is inspected or not, and goes on."""
        _, draw, note = claim
        t = note[6] + self.after_s[draw]
        if t >= self.horizon_s:
            return
        if not is_sent_plainly(crossing, t, self.lot_bp[draw], self.queues):
            self._leave(claim, t)
        elif self._of(crossing, N_BAYS) == 0:
            self._leave(claim, t + self.inspection_s[draw])
        else:
            self._claim(self.inspected, crossing, t, GRANT, self._inspect, claim)

    def _inspect(self, event: simpy.Event) -> None:
        """Let all trucks that came to the bays in this second join their line, in order of (lane, n)."""
        crossing, t = _number(event), self._second()
        pass_trucks_plainly(crossing, t, MERGE, 0, 0, 0, self.queues)
        for claim in sorted(self.inspected[crossing].pop(t), key=_row_of_claim):
            row, draw, note = claim
            start, end = inspect_plainly(crossing, t, self.inspection_s[draw], self.queues)
            self.stages.append([row, note[1], INSPECTION, t, start, end])
            self._leave(claim, end)

    def _leave(self, claim: Claim, t: int) -> None:
        """A truck goes on, when it has stood in the yard beyond."""
        row, draw, note = claim
        note[7] = left = t + self._dwell(row, self.beyond_s[draw])
        if left < self.horizon_s:
            self.go_on(row, note[1] + 1, left)


def _number(event: simpy.Event) -> int:
    return cast(int, event.value)


def _row_of_claim(claim: Claim) -> int:
    return claim[0]
