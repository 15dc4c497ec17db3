"""A vehicle as a problem: its patterns, what they cost and bring, and what its sales owe claimed or not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sim.customs.book import ADDED, HOURS_PER_YEAR, LABOUR, Book, RuleBook
from sim.customs.content import PLACES
from sim.customs.entering import compliance_usd
from sim.customs.entries import AMOUNTS
from sim.customs.exchange import own_cost
from sim.customs.flow import Floats, route_facts
from sim.customs.state import Batch, Rollup
from sim.customs.tracing import (
    CORE_FAILS,
    CORE_FAILS_LISTED,
    CORE_FOREIGN,
    CORE_LISTED,
    CORE_NET,
    COUNTED,
    HIGH_WAGE,
    NON_MARKET,
    STEEL,
    TRACED,
    Tracing,
)
from sim.network.capacity import share_paid
from sim.network.model import Network
from sim.parameters import Parameters
from sim.planning.claims import weigh
from sim.sourcing import market as market_columns
from sim.sourcing.market import Market
from sim.sourcing.patterns import Pattern
from sim.sourcing.problem import Ints
from sim.sourcing.rule import Sum

BUMP = 0.01  # by which amounts are raised to find what duty follows them
METALS = {"steel": 0, "steel_regional": 1, "aluminium": 2, "aluminium_regional": 3}


@dataclass(frozen=True, slots=True)
class Course:
    """What an entry of a vehicle costs on one course (paying, or claiming): linear around today's vehicle.

    Parameters
    ----------
    today : float
        US dollars a vehicle: duty, fees, compliance and the expected cost of verification.
    slope : float64[AMOUNTS]
        US dollars for one more US dollar of each amount that duty may follow.
    """

    today: float
    slope: Floats


@dataclass(frozen=True, slots=True)
class Sale:
    """Entries of a vehicle on its way to one market."""

    importer: str
    agreement: str  # that would be claimed; empty for none
    pays: Course
    claims: Course


@dataclass(slots=True)
class Sales:
    """Collects what vehicles would owe at their entries, while the market is assessed."""

    vehicles: frozenset[str]
    found: dict[tuple[str, int], Sale] = field(default_factory=dict)
    books: list[tuple[Book, RuleBook, Tracing]] = field(default_factory=list)

    def watch(self, state: Rollup, batch: Batch) -> None:
        """Note the courses of every line of a vehicle in a batch."""
        flow, lines = state.flow, batch.lines
        if not self.books:
            self.books.append((state.book, state.rules, state.tracing))
        mine = [row for row, r in enumerate(lines.recipe.tolist()) if flow.recipe_ids[r] in self.vehicles]
        if not mine:
            return
        base = self._costs(state, batch)
        slopes = []
        for column in range(len(AMOUNTS)):
            raised = lines.amounts.copy()
            step = BUMP * lines.amounts[:, 0]
            raised[:, column] += step
            more = self._costs(state, replace(batch, lines=replace(lines, amounts=raised)))
            slopes.append([(b - a) / np.where(step > 0, step / 100, 1.0) for a, b in zip(base, more, strict=True)])
        for row in mine:
            units = flow.units[flow.entry_node[lines.entry[row]]]
            courses = [
                Course(float(base[k][row] / units), np.array([float(slope[k][row]) for slope in slopes]))
                for k in (0, 1)
            ]
            sale = Sale(state.importers[lines.importer[row]], state.agreements[batch.agreement[row]], *courses)
            self.found[flow.lane_ids[batch.lane[row]], int(batch.position[row])] = sale

    def _costs(self, state: Rollup, batch: Batch) -> tuple[Floats, Floats]:
        """Cost of each line paying and claiming, US dollars a load."""
        lines = batch.lines
        paying, claiming, extra = weigh(state, lines, batch.agreement)
        entry = compliance_usd(state, lines, np.zeros(len(lines.entry), dtype=np.bool_))
        return paying + entry, claiming + entry + extra


@dataclass(frozen=True, slots=True)
class Vehicle:
    """One vehicle recipe, its patterns and what they add up to.

    Parameters
    ----------
    recipe : str
    patterns : tuple of Pattern
        By family, in order of parts.
    first : int64[families + 1]
    parts : tuple of str
    today : int64[families]
        Pattern of today in each family.
    sums : mapping of str to Sum
        ``cost`` (landed at the plant's gate, own work included), and what rules of origin ask.
    sales : tuple of (share, carrying, courses)
        Of each market: share of the builds (0 to 1), what a US dollar of price costs to carry there, its entries.
    freight_usd : float
        Of finished vehicles, mean over the markets.
    """

    recipe: str
    patterns: tuple[Pattern, ...]
    first: Ints
    parts: tuple[str, ...]
    today: Ints
    sums: Mapping[str, Sum]
    sales: tuple[tuple[float, float, tuple[Sale, ...]], ...]
    freight_usd: float

    def importers(self) -> tuple[str, ...]:
        """Countries of entry in which preference could be claimed."""
        return tuple(sorted({x.importer for *_, sales in self.sales for x in sales if x.agreement}))

    def objective(self, claims: frozenset[str]) -> Sum:
        """Landed cost of a vehicle, mean over its markets, where preference is claimed in some countries."""
        total = self.sums["cost"] + Sum(self.freight_usd, np.zeros(len(self.patterns)))
        amounts = self._amounts()
        for share, carrying, sales in self.sales:
            total = total + self.sums["price"] * (share * carrying)
            for sale in sales:
                course = sale.claims if sale.agreement and sale.importer in claims else sale.pays
                total = total + Sum(course.today * share, np.zeros(len(self.patterns)))
                for column, amount in enumerate(amounts):
                    change = amount - Sum(amount.of(self.today), np.zeros(len(self.patterns)))
                    total = total + change * (share * float(course.slope[column]))
        return total

    def _amounts(self) -> tuple[Sum, ...]:
        """Amounts of an entry line in the order of `AMOUNTS`; metals do not change with the supplier."""
        nothing = Sum(0.0, np.zeros(len(self.patterns)))
        return self.sums["price"], self.sums["us_content"], nothing, nothing, self.sums["regional_value"]


def read_vehicle(
    network: Network,
    recipe: str,
    patterns: Mapping[str, Sequence[Pattern]],
    market: Market,
    sales: Sales,
    parameters: Parameters,
) -> Vehicle:
    """Add up what each pattern of a vehicle costs and brings.

    Parameters
    ----------
    patterns : mapping of str to sequence of Pattern
        By part; the first of each is that of today.
    """
    parts = tuple(sorted(patterns))
    listed = tuple(pattern for part in parts for pattern in patterns[part])
    first = np.cumsum([0, *(len(patterns[part]) for part in parts)]).astype(np.int64)
    quantity = {item.part: item.quantity_per for item in network.recipes[recipe].inputs}
    book, _, tracing = sales.books[0]
    row = [made.id for made in book.recipes].index(recipe)
    codes = {part.id: n for n, part in reversed(list(enumerate(book.parts)))}
    code = np.array([codes[x.part] for x in listed], dtype=np.int64)
    table = _columns(listed, quantity, market, book, code, row, parameters)
    own = _own(book, row, tracing, market.assessment.flow.begins, parameters)
    sums = {name: Sum(own.get(name, 0.0), values) for name, values in table.items()}
    today = first[:-1].copy()
    made = network.recipes[recipe]
    for metal in ("steel", "aluminium"):  # the row states all tiers: what no input brings is added by the plant
        inside = float(table[metal][today].sum())
        stated = max(0.0, (made.steel_usd if metal == "steel" else made.aluminium_usd) - inside)
        of_region = stated if (book.steel_regional if metal == "steel" else book.aluminium_regional)[row] else 0.0
        sums[metal] = Sum(stated, table[metal])
        sums[f"{metal}_regional"] = Sum(of_region, table[f"{metal}_regional"])
    zero = np.zeros(len(listed))
    sums["labour_points"] = Sum(own["labour_points"], zero)
    net, price = sums["net_cost"].of(today), sums["price"].of(today)
    sums["regional_value"] = (sums["net_cost"] - sums["non_originating"]) * (price / net if net else 0.0)
    if book.country[row] == "US":
        sums["us_content"] = sums["price"]
    return Vehicle(recipe, listed, first, parts, today, sums, *_sales_of(network, recipe, sales, parameters))


def _columns(
    patterns: Sequence[Pattern],
    quantity: Mapping[str, int],
    market: Market,
    book: Book,
    code: Ints,
    vehicle: int,
    parameters: Parameters,
) -> dict[str, Floats]:
    """What each pattern adds to a vehicle; `code` is a recipe of the book that makes its part."""
    values, pattern, weight = market.values(patterns, quantity)
    starts = np.searchsorted(pattern, np.arange(len(patterns)))

    def summed(column: Floats) -> Floats:
        return np.bincount(pattern, weights=weight * column, minlength=len(patterns)).astype(np.float64)

    def traced(column: int) -> Floats:
        return summed(values[:, market_columns.TRACED + column])

    def most(column: int) -> Floats:
        return np.maximum.reduceat((values[:, market_columns.TRACED + column] > 0).astype(np.float64), starts)

    price = summed(values[:, market_columns.PRICE])
    held = parameters.carrying_pct_year / 100 / HOURS_PER_YEAR * np.array([x.cover_h for x in patterns]) * price
    counted, core = traced(COUNTED), book.is_core[code]
    fails_listed = values[:, market_columns.TRACED + CORE_FAILS_LISTED] > 0
    failing_listed = summed(values[:, market_columns.TRACED + COUNTED] * fails_listed)
    found = {
        "cost": summed(values[:, market_columns.COST]) + held,
        "price": price,
        "net_cost": summed(values[:, market_columns.NET]),
        "us_content": summed(values[:, market_columns.US_MADE]),
        "traced": traced(TRACED),
        "non_originating": counted,
        "unshifted": np.where(book.heading[code] == book.heading[vehicle], counted, 0.0),
        "unshifted_chapter": np.where(book.chapter[code] == book.chapter[vehicle], counted, 0.0),
        "unshifted_subheading": np.where(book.subheading[code] == book.subheading[vehicle], counted, 0.0),
        "core_net_cost": traced(CORE_NET),
        "core_foreign": traced(CORE_FOREIGN),
        "core_listed": traced(CORE_LISTED),
        "core_failing": np.where(core, counted, 0.0),
        "core_failing_listed": np.where(core, failing_listed, 0.0),
        "core_fails": most(CORE_FAILS),
        "core_fails_listed": most(CORE_FAILS_LISTED),
        "high_wage": traced(HIGH_WAGE),
        "non_market": traced(NON_MARKET),
        **{name: traced(STEEL + column) for name, column in METALS.items()},
    }
    places = values[:, market_columns.PLACED]
    return found | {place: summed(places[:, k]) for k, place in enumerate(PLACES)}


def _own(book: Book, row: int, tracing: Tracing, on: dt.date, parameters: Parameters) -> dict[str, float]:
    """What the vehicle has before any input."""
    made_on = np.array([on.toordinal()], dtype=np.int64)
    added = own_cost(book, parameters.worth, np.array([row], dtype=np.int64), made_on)[0]
    total = float(added[ADDED].sum())
    bought = float(added[PLACES.index("overseas")])
    rule = tracing.vehicle_rules[0]
    points = 0.0
    if rule is not None:
        technology = min(parameters.labour_technology_pct * 1e4, rule.labour_technology_ppm)
        points = technology + min(parameters.labour_assembly_pct * 1e4, rule.labour_assembly_ppm)
    places = {place: float(added[ADDED][k::4].sum()) for k, place in enumerate(PLACES)}
    return {
        "cost": total,
        "price": total,
        "net_cost": total,
        "us_content": float(added[PLACES.index("US")]),
        "traced": bought if tracing.traces_all[0] else 0.0,
        "non_originating": bought,
        "high_wage": float(added[LABOUR].sum()) if tracing.is_high_wage[row, 0] else 0.0,
        "non_market": bought if tracing.buys_non_market[row, 0] else 0.0,
        "labour_points": points,
        **places,
    }


def _sales_of(
    network: Network, recipe: str, sales: Sales, parameters: Parameters
) -> tuple[tuple[tuple[float, float, tuple[Sale, ...]], ...], float]:
    rows, freight = [], 0.0
    for lane in network.lanes.values():
        if lane.from_recipe != recipe or lane.to_recipe:
            continue
        facts, share = route_facts(network, network.routes_of(lane)[0]), lane.share_pct / 100
        own = tuple(sale for (name, _), sale in sorted(sales.found.items()) if name == lane.id)
        carrying = parameters.carrying_pct_year / 100 / HOURS_PER_YEAR * facts.transit_h
        rows.append((share, carrying, own))
        freight += share * facts.freight_usd * share_paid(network, lane) / lane.load_units
    return tuple(rows), freight
