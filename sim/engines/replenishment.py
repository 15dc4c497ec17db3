"""Replenishment: which lane pays for an order's inputs, what each lane has coming, and when it orders again."""

from __future__ import annotations

import numpy as np

from sim.engines.rules import _is_blocked, _is_further_below_share, extra_units_plainly
from sim.engines.runnable import lacks_loads
from sim.plan import Plan


class Replenishment:
    """Inventory positions of all lanes.

    Notes
    -----
    Position of a lane = units received + units on order - units debited to it. When an order of u units is accepted,
    each stock of its recipe debits ``quantity_per * u`` to one of its lanes, the one furthest below its share. Stocks
    issue first-in first-out whichever lane was debited, so a position counts what a lane was asked to replace and not
    which of its lots are still on the shelf. Whatever the lane brings on arrival was in its position since it was
    ordered; receipts therefore change no position.

    Where a lane builds up stock, its reorder point is raised by the units of the interval that holds the second.
    """

    def __init__(self, plan: Plan) -> None:
        lanes, stocks, seeds = plan.lanes, plan.stocks, plan.seeds
        self._plan = plan
        count = len(lanes.ids)
        first = seeds.lane.searchsorted(np.arange(count + 1)).tolist()
        units = seeds.units.tolist()
        self._position = [sum(units[first[lane] : first[lane + 1]]) for lane in range(count)]
        self._next_n = [first[lane + 1] - first[lane] for lane in range(count)]
        self._first_row = lanes.load_first.tolist()
        self._load_units = lanes.load_units.tolist()
        self._reorder_units = lanes.reorder_units.tolist()
        self._share_ppm = lanes.share_ppm.tolist()
        self._debited = [0] * count
        self._blocked_first = lanes.blocked_first.tolist()
        self._blocked_from_s = lanes.blocked_from_s.tolist()
        self._blocked_until_s = lanes.blocked_until_s.tolist()
        buildup = plan.buildup
        self._buildup_first = buildup.first.tolist()
        self._buildup = (buildup.from_s.tolist(), buildup.until_s.tolist(), buildup.units.tolist())
        self._chosen: dict[int, list[int]] = {}
        feeding = [
            stocks.lane_index[stocks.lane_first[s] : stocks.lane_first[s + 1]].tolist() for s in range(len(stocks.ids))
        ]
        per = stocks.quantity_per.tolist()
        bounds = plan.recipes.stock_first.tolist()
        self._inputs = [
            [(per[s], feeding[s]) for s in range(bounds[r], bounds[r + 1]) if feeding[s]]
            for r in range(len(plan.recipes.ids))
        ]

    def opening_orders(self) -> list[int]:
        """Orders, as load rows, that the seeds leave to be placed at second 0."""
        placed: list[int] = []
        for inputs in self._inputs:
            for _, lanes in inputs:
                for lane in lanes:
                    self._reorder(lane, 0, placed)
        return placed

    def accept(self, row: int, recipe: int, units: int, t: int) -> list[int]:
        """Debit the inputs of an order of `units` accepted at second `t`; return the orders this calls for.

        Parameters
        ----------
        row : int
            Load row of the order, under which its debits are remembered.
        recipe, units, t : int
            Who makes it, how much, and when it was accepted.

        Returns
        -------
        list of int
            Load rows of the orders that lanes place.

        Raises
        ------
        PlanError
            A lane needs more loads than the plan has drawn.
        """
        placed: list[int] = []
        chosen: list[int] = []
        position = self._position
        for quantity_per, lanes in self._inputs[recipe]:
            quantity = quantity_per * units
            if len(lanes) == 1:
                lane = lanes[0]
            else:
                lane = self._share_out(quantity, lanes, t)
                self._debited[lane] += quantity
                chosen.append(lane)
            position[lane] -= quantity
            self._reorder(lane, t, placed)
        if chosen:
            self._chosen[row] = chosen
        return placed

    def forget(self, row: int) -> None:
        """Drop the memory of an order's debits once it is started."""
        self._chosen.pop(row, None)

    def credit(self, row: int, recipe: int, units: int) -> None:
        """Give back the debits of an order that is lost."""
        chosen = iter(self._chosen.pop(row, ()))
        for quantity_per, lanes in self._inputs[recipe]:
            lane = lanes[0]
            if len(lanes) > 1:
                lane = next(chosen)
                self._debited[lane] -= quantity_per * units
            self._position[lane] += quantity_per * units

    def _share_out(self, quantity: int, lanes: list[int], t: int) -> int:
        """The lane that pays for `quantity`: the one furthest below its share, the first of equals."""
        first, begins, ends = self._blocked_first, self._blocked_from_s, self._blocked_until_s
        chosen, chosen_is_blocked = -1, False
        for lane in lanes:
            is_blocked = _is_blocked(t, first[lane], first[lane + 1], begins, ends)
            if chosen < 0 or _is_further_below_share(
                self._debited[lane] + quantity,
                self._share_ppm[lane],
                self._debited[chosen] + quantity,
                self._share_ppm[chosen],
                is_blocked,
                chosen_is_blocked,
            ):
                chosen, chosen_is_blocked = lane, is_blocked
        return chosen

    def _reorder(self, lane: int, t: int, placed: list[int]) -> None:
        """Place orders of a lane at second `t` until its position is above its reorder point."""
        first, last = self._first_row[lane], self._first_row[lane + 1]
        reorder_units = self._reorder_units[lane]
        begin, end = self._buildup_first[lane], self._buildup_first[lane + 1]
        if begin < end:
            reorder_units += extra_units_plainly(t, begin, end, *self._buildup)
        while self._position[lane] <= reorder_units:
            row = first + self._next_n[lane]
            if row >= last:
                raise lacks_loads(self._plan, lane)
            self._next_n[lane] += 1
            self._position[lane] += self._load_units[lane]
            placed.append(row)
