"""The stocks: lots in order of receipt, issued first-in first-out, each issue remembered with its source."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from sim.engines.records import USE_FIELDS
from sim.engines.rules import _lasts_s
from sim.plan import Plan


class Stockroom:
    """On-hand lots of every stock, and the record of what was used for what.

    Notes
    -----
    Lots are ordered by (second received, lane, n). Load rows ascend with (lane, n), so a lot is the pair
    (second, load row). Only the first lot of a stock can be partly used: lots of the present second may still be put
    in order, since nothing is issued before all receipts of a second are in.
    """

    def __init__(self, plan: Plan) -> None:
        self.on_hand = [0] * len(plan.stocks.ids)
        self.uses: list[int] = []  # source row, consumer row, stock, units; again and again
        self._alarm_units: list[int] = plan.expediting.alarm_units.tolist()
        self._alarm_s: list[int] = plan.expediting.alarm_s.tolist()
        self._lots: list[deque[tuple[int, int]]] = [deque() for _ in plan.stocks.ids]
        self._first_left = [0] * len(plan.stocks.ids)  # units left of the first lot
        per = plan.stocks.quantity_per.tolist()
        bounds = plan.recipes.stock_first.tolist()
        self._inputs = [[(s, per[s]) for s in range(bounds[r], bounds[r + 1])] for r in range(len(plan.recipes.ids))]

    def receive(self, stock: int, t: int, row: int, units: list[int]) -> None:
        """Put load `row` on the shelf at second `t`, in order among the receipts of that second."""
        lots = self._lots[stock]
        self.on_hand[stock] += units[row]
        lot = (t, row)
        later: list[tuple[int, int]] = []
        while lots and lots[-1] > lot:
            later.append(lots.pop())
        lots.append(lot)
        lots.extend(reversed(later))
        if lots[0] == lot:
            self._first_left[stock] = units[row]

    def lasts_s(self, stock: int) -> int:
        """Seconds for which a stock lasts where a shortage is foreseen; -1 where none is."""
        return _lasts_s(self.on_hand[stock], self._alarm_units[stock], self._alarm_s[stock])

    def shortage(self, recipe: int, units: int) -> int:
        """The first stock that holds too little for an order of `units`, -1 if all hold enough."""
        on_hand = self.on_hand
        for stock, per in self._inputs[recipe]:
            if on_hand[stock] < per * units:
                return stock
        return -1

    def issue(self, recipe: int, consumer: int, units: list[int]) -> None:
        """Take the inputs of load `consumer` from the shelves and remember which loads they came from."""
        ordered = units[consumer]
        record, on_hand, first_left = self.uses.extend, self.on_hand, self._first_left
        for stock, per in self._inputs[recipe]:
            need = per * ordered
            on_hand[stock] -= need
            left = first_left[stock]
            lots = self._lots[stock]
            while need >= left:
                record((lots.popleft()[1], consumer, stock, left))
                need -= left
                if not lots:
                    left = 0
                    break
                left = units[lots[0][1]]
            if need:
                record((lots[0][1], consumer, stock, need))
                left -= need
            first_left[stock] = left

    def use_columns(self) -> NDArray[np.int32]:
        """The uses, as `sim.engines.records.Rows` has them: an order takes its inputs in order of stock."""
        return np.array(self.uses, dtype=np.int32).reshape(-1, USE_FIELDS).T
