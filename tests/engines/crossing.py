"""One queue of a plan, passed by the plain rule and by the compiled one at once, which must agree on every call."""

from __future__ import annotations

import numpy as np

from sim.engines.border.booths import pass_trucks, pass_trucks_plainly
from sim.engines.border.queues import MERGE, POSTED_STANDARD, SERVE, STATE_FIELDS, TOTAL_ROWS, open_queues
from sim.engines.border.ticks import tick, tick_plainly
from sim.plan import Plan


class Crossing:
    def __init__(self, plan: Plan, index: int) -> None:
        self.index = index
        self.count, self.posting_s, self.next_tick_s = len(plan.crossings.ids), plan.posting_s, 0
        self.plain, self.compiled = open_queues(plan, as_lists=True), open_queues(plan)

    def ask(self, t: int, *words: int) -> tuple[int, ...]:
        self.tick_until(t)
        plain = pass_trucks_plainly(self.index, t, *words, self.plain)  # type: ignore[call-arg]
        assert pass_trucks(self.index, t, *words, self.compiled) == plain  # type: ignore[call-arg]
        self.compare()
        return plain

    def tick_until(self, t: int) -> None:
        """All postings due at second `t` or before."""
        while self.next_tick_s <= t:
            for rule, queues in ((tick_plainly, self.plain), (tick, self.compiled)):
                rule(self.next_tick_s, self.count, queues)
            self.next_tick_s += self.posting_s

    def compare(self) -> None:
        for name in ("state", "free", "ring", "module_ring", "bay_free", "gone_from", "gone_until", "totals"):
            assert getattr(self.compiled, name).tolist() == getattr(self.plain, name), name

    def serve(self, t: int, is_fast: int, standard_s: int, fast_s: int) -> tuple[int, ...]:
        """Second at the booth, second cleared, 1 if a FAST booth was used."""
        return self.ask(t, SERVE, is_fast, standard_s, fast_s)[2:]

    def posted_wait(self, t: int, is_fast: int) -> int:
        self.tick_until(t)
        self.compare()
        return int(self.plain.state[self.index * STATE_FIELDS + POSTED_STANDARD + is_fast])

    def close(self, horizon_s: int) -> None:
        self.ask(horizon_s, MERGE, 0, 0, 0)

    @property
    def totals(self) -> np.ndarray:
        totals = np.array(self.plain.totals).reshape(-1, TOTAL_ROWS, self.plain.run_hours)
        return totals[self.index]
