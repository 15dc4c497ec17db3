"""The ways of the reference engine's loads: where the draws of a load stand, and which route it takes."""

from __future__ import annotations

from sim.engines.border.queues import POSTED_STANDARD, STATE_FIELDS, Queues
from sim.engines.rules import _is_worth_diverting
from sim.plan import Plan


class Ways:
    """Routes, legs and passages of the lanes, and the draws on them, as lists.

    Notes
    -----
    A truck takes the usual route unless the quickest of the lane's alternatives, by nominal time plus the waits posted
    at its crossings for the load's class, saves more than ``divert_s``. If the stock that the load feeds holds
    no more than its ``alarm_units`` in that second, its receipts included, a shortage is foreseen: what is on hand
    lasts for its part of ``alarm_s``. A load that would not come before that goes by the first of its lane's expedite
    routes that by the same reckoning does; if none does, by the quickest of them, provided it is quicker than the
    route chosen.
    """

    def __init__(self, plan: Plan, queues: Queues) -> None:
        lanes, routes, loads = plan.lanes, plan.routes, plan.loads
        self.queues = queues
        self.first_row: list[int] = lanes.load_first.tolist()
        self.route_first: list[int] = lanes.route_first.tolist()
        self.nominal_s: list[int] = routes.nominal_s.tolist()
        self.leg_first: list[int] = routes.leg_first.tolist()
        self.leg_s: list[int] = routes.leg_s.tolist()
        self.passage_first: list[int] = routes.passage_first.tolist()
        self.crossing: list[int] = routes.crossing.tolist()
        self.divert_s: list[int] = loads.divert_s.tolist()
        self.is_fast: list[int] = loads.is_fast.tolist()
        self.urgent_first: list[int] = plan.expediting.route_first.tolist()
        self._leg_columns: list[int] = loads.leg_columns.tolist()
        self._leg_draw_first: list[int] = loads.leg_draw_first.tolist()
        self._leg_column: list[int] = routes.leg_column.tolist()
        self._passage_columns: list[int] = loads.passage_columns.tolist()
        self._passage_draw_first: list[int] = loads.passage_draw_first.tolist()
        self._passage_column: list[int] = routes.passage_column.tolist()

    def draws(self, row: int, lane: int, route: int) -> tuple[int, int]:
        """Where the draws of a load on a route begin: those of its legs, those of its passages."""
        n = row - self.first_row[lane]
        leg_draw = self._leg_draw_first[lane] + n * self._leg_columns[lane] + self._leg_column[route]
        draw = self._passage_draw_first[lane] + n * self._passage_columns[lane] + self._passage_column[route]
        return leg_draw, draw

    def choose(self, row: int, lane: int, lasts_s: int) -> int:
        """The route of a load that is shipped now to a stock that lasts so long; -1 where no shortage is foreseen."""
        first, urgent, last = self.route_first[lane], self.urgent_first[lane], self.route_first[lane + 1]
        is_urgent = lasts_s >= 0 and urgent < last
        if urgent - first == 1 and not is_urgent:
            return first
        estimates = [self._estimate(row, lane, route) for route in range(first, urgent)]
        quickest = min(estimates)
        is_better = _is_worth_diverting(estimates[0], quickest, self.divert_s[row])
        place = estimates.index(quickest) if is_better else 0
        if not is_urgent or estimates[place] <= lasts_s:
            return first + place
        best, best_s = first + place, estimates[place]
        for route in range(urgent, last):
            estimate = self._estimate(row, lane, route)
            if estimate < best_s:
                best, best_s = route, estimate
            if best_s <= lasts_s:
                break
        return best

    def _estimate(self, row: int, lane: int, route: int) -> int:
        """Seconds that a route takes by what is known: nominal time and the waits now posted."""
        estimate = self.nominal_s[route]
        _, draw = self.draws(row, lane, route)
        for passage in range(self.passage_first[route], self.passage_first[route + 1]):
            estimate += self._posted_wait(self.crossing[passage], self.is_fast[draw])
            draw += 1
        return estimate

    def _posted_wait(self, crossing: int, is_fast: int) -> int:
        """Wait that hangs at a crossing for a class: that of the latest tick."""
        return int(self.queues.state[crossing * STATE_FIELDS + POSTED_STANDARD + is_fast])
