"""The crews of the reference engine: since when a recipe stands still, and until when its crew is at home."""

from __future__ import annotations

from itertools import pairwise

from sim.engines.rules import back_at_work_plainly
from sim.plan import NEVER, Plan


class Crews:
    """Crews of all recipes.

    Notes
    -----
    A recipe stands still from the second at which its head order first lacks an input until it next starts an order. A
    crew that has stood for more than ``send_home_s``, since then or since its shift began, is at home when the input
    comes: work begins with the next shift.
    """

    def __init__(self, plan: Plan) -> None:
        self._send_home_s: list[int] = plan.crews.send_home_s.tolist()
        self._shift_s: list[int] = plan.crews.shift_s.tolist()
        self._shifts = list(pairwise(plan.crews.shift_first.tolist()))
        self._stands_since = [NEVER] * len(plan.recipes.ids)
        self._at_home_until = [0] * len(plan.recipes.ids)

    def is_at_home(self, recipe: int, t: int) -> bool:
        """Whether nobody is there at second `t` to start an order."""
        return self._at_home_until[recipe] > t

    def stand(self, recipe: int, t: int) -> None:
        """Let a recipe stand still from second `t` on, unless it does so already."""
        self._stands_since[recipe] = min(self._stands_since[recipe], t)

    def work(self, recipe: int, t: int) -> int:
        """The second, `t` or later, from which a recipe works that has its inputs at `t`."""
        since_s = self._stands_since[recipe]
        if since_s == NEVER:
            return t
        self._stands_since[recipe] = NEVER
        first, last = self._shifts[recipe]
        back = back_at_work_plainly(t, since_s, self._send_home_s[recipe], first, last, self._shift_s)
        self._at_home_until[recipe] = back
        return back
