"""Tables of a reform's market, one row a figure: prices, sales, jobs and balances before and after, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from sim.customs.content import PLACES
from sim.market.accounts import ROW, TIERS, Floats
from sim.market.response import Line, Response

ALL, HOME, EXPORT = "all", "home", "export"
TIER_NAMES = ("assembly", "tier 1", "tier 2", "tier 3")
PAIRS = tuple(combinations(PLACES, 2))
PLANNED = "planned, not drawn: costs are those of the plan, without queues and standing lines"
NOT_DRAWN = "the same in every replication"
ONE = "one replication: no interval"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure before and after a reform.

    Parameters
    ----------
    table : str
        ``prices``, ``sales``, ``jobs``, ``trade`` or ``balances``.
    vehicle : str
        Assembly recipe, or ``all``.
    item : str
        Of prices and sales ``all``, ``home``, ``export`` or a country of sale; of jobs ``US`` or ``US tier 1``; of
        trade ``MX>US gross`` or ``MX>US value added``; of balances ``US-MX gross`` or ``US-MX value added``.
    unit : str
    before : float
        In a year; planned, so without an interval.
    change : float64[draws]
        Change by the reform; the figure after it is the sum of both.
    """

    table: str
    vehicle: str
    item: str
    unit: str
    before: float
    change: Floats


def figures(response: Response) -> list[Figure]:
    """Every figure of a response, table by table."""
    return [
        *_prices(response),
        *_sales(response),
        *_jobs(response),
        *_trade(response),
    ]


def why_no_interval(response: Response, figure: Figure) -> str:
    """Why a figure has no interval; empty where it has one."""
    if not response.is_drawn:
        return PLANNED
    if len(figure.change) < 2:
        return ONE
    return NOT_DRAWN if np.ptp(figure.change) == 0 else ""


def _kinds(line: Line) -> tuple[str, ...]:
    return (ALL, HOME if line.place == line.made_in else EXPORT, line.place)


def _groups(response: Response) -> Iterator[tuple[str, str, list[int]]]:
    """Rows of each vehicle, and of all, by where they are sold."""
    lines = response.lines
    vehicles = list(dict.fromkeys(line.vehicle for line in lines))
    for vehicle in (*vehicles, ALL):
        rows = [row for row, line in enumerate(lines) if vehicle in (ALL, line.vehicle)]
        for kind in (ALL, HOME, EXPORT, *PLACES):
            own = [row for row in rows if kind in _kinds(lines[row])]
            if own:
                yield vehicle, kind, own


def _prices(response: Response) -> Iterator[Figure]:
    """Mean price, weighted by the sales before: what the same basket of vehicles costs afterwards."""
    for vehicle, kind, rows in _groups(response):
        weight = np.array([response.lines[row].units for row in rows])
        old = np.array([response.lines[row].price_usd for row in rows])
        if weight.sum() > 0:
            mean = weight @ (response.price_usd[rows] - old[:, None]) / weight.sum()
            yield Figure("prices", vehicle, kind, "USD/vehicle", float(weight @ old / weight.sum()), mean)


def _sales(response: Response) -> Iterator[Figure]:
    for vehicle, kind, rows in _groups(response):
        old = np.array([response.lines[row].units for row in rows])
        yield Figure("sales", vehicle, kind, "vehicles/year", float(old.sum()), _less(response.units[rows], old))


def _less(after: Floats, before: Floats) -> Floats:
    found: Floats = (after - before[:, None]).sum(axis=0)
    return found


def _totals(response: Response, of: Callable[[Line, bool], Floats]) -> tuple[Floats, Floats]:
    """A table of each vehicle times sales, over all lines: before, and the change by draw (exactly 0 for no change)."""
    old = np.array([line.units * of(line, False) for line in response.lines])
    held = np.array([of(line, True) for line in response.lines])
    change = response.units[..., None, None] * held[:, None] - old[:, None]
    return old.sum(axis=0), change.sum(axis=0)


def _jobs(response: Response) -> Iterator[Figure]:
    """Years of work behind the vehicles sold, by country and tier."""

    def held(line: Line, is_after: bool) -> Floats:
        return (response.after if is_after else response.before)[line.vehicle].jobs

    old, change = _totals(response, held)
    for place in PLACES:
        row = ROW[place]
        yield Figure("jobs", ALL, place, "jobs", float(old[row].sum()), change[:, row].sum(axis=1))
        for tier in range(TIERS):
            item = f"{place} {TIER_NAMES[tier]}"
            yield Figure("jobs", ALL, item, "jobs", float(old[row, tier]), change[:, row, tier])


def _trade(response: Response) -> Iterator[Figure]:
    """Goods from country to country and balances of every pair, gross and in value added."""

    def gross(line: Line, is_after: bool) -> Floats:
        held = (response.after if is_after else response.before)[line.vehicle]
        return held.sold_in(line.made_in, line.place)

    def added(line: Line, is_after: bool) -> Floats:
        return (response.after if is_after else response.before)[line.vehicle].absorbed_in(line.place)

    kinds = (("gross", gross), ("value added", added))
    totals = [(name, *_totals(response, of)) for name, of in kinds]
    for name, old, change in totals:
        for there, here in ((a, b) for a in PLACES for b in PLACES if a != b):
            row, column = ROW[there], ROW[here]
            item = f"{there}>{here} {name}"
            yield Figure("trade", ALL, item, "USD/year", float(old[row, column]), change[:, row, column])
    for name, old, change in totals:
        yield from _balances(name, old - old.T, change - change.transpose(0, 2, 1))


def _balances(name: str, old: Floats, change: Floats) -> Iterable[Figure]:
    """The first country's exports to the second less its imports from it; then of each country with all."""
    for first, second in PAIRS:
        row, column = ROW[first], ROW[second]
        item = f"{first}-{second} {name}"
        yield Figure("balances", ALL, item, "USD/year", float(old[row, column]), change[:, row, column])
    for place in PLACES:
        row = ROW[place]
        yield Figure(
            "balances", ALL, f"{place}-all {name}", "USD/year", float(old[row].sum()), change[:, row].sum(axis=1)
        )


def find(found: Sequence[Figure], table: str, item: str, vehicle: str = ALL) -> Figure:
    """One figure by name.

    Raises
    ------
    KeyError
        There is none.
    """
    for figure in found:
        if (figure.table, figure.vehicle, figure.item) == (table, vehicle, item):
            return figure
    raise KeyError((table, vehicle, item))
