"""One queue of a plan, passed by the plain rule and by the compiled one at once, which must agree on every call."""

from __future__ import annotations

import numpy as np

from sim.engines.queue import (
    MERGE,
    POST,
    POSTED_STANDARD,
    SERVE,
    STATE_FIELDS,
    TOTAL_ROWS,
    _pass_trucks,
    open_queues,
    pass_trucks,
)
from sim.plan import Plan


class Crossing:
    def __init__(self, plan: Plan, index: int) -> None:
        self.index = index
        self.plain, self.compiled = open_queues(plan, as_lists=True), open_queues(plan)

    def ask(self, t: int, *words: int) -> tuple[int, int, int]:
        plain = _pass_trucks(self.index, t, *words, self.plain)  # type: ignore[call-arg]
        assert pass_trucks(self.index, t, *words, self.compiled) == plain  # type: ignore[call-arg]
        for name in ("state", "free", "ring", "totals"):
            assert getattr(self.compiled, name).tolist() == getattr(self.plain, name), name
        return plain

    def serve(self, t: int, is_fast: int, standard_s: int, fast_s: int) -> tuple[int, int, int]:
        return self.ask(t, SERVE, is_fast, standard_s, fast_s)

    def posted_wait(self, t: int, is_fast: int) -> int:
        self.ask(t, POST, 0, 0, 0)
        return int(self.plain.state[self.index * STATE_FIELDS + POSTED_STANDARD + is_fast])

    def close(self, horizon_s: int) -> None:
        self.ask(horizon_s, MERGE, 0, 0, 0)

    @property
    def totals(self) -> np.ndarray:
        totals = np.array(self.plain.totals).reshape(-1, TOTAL_ROWS, self.plain.run_hours)
        return totals[self.index]
