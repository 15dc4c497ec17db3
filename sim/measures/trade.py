"""Trade: treasury receipts, trade by country pair, and what was claimed."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from sim.customs.book import place_of
from sim.measures.context import ALL, Context, Figure
from sim.network.model import NORTH_AMERICA

PAIRS = (("US", "CA"), ("US", "MX"), ("CA", "MX"))


def receipts(context: Context) -> Iterator[Figure]:
    """Duties and fees on entries cleared in the window, US dollars, by treasury and by programme of each.

    What such entries owe later, by way of true-up, is counted with them; credit that they draw is not, and drawback of
    the country of export is taken off with the entry elsewhere.
    """
    rows = context.assessment.rows
    inside = context.in_window(context.flow.entry_s[rows.entry])
    for country in ("US", "CA", "MX"):
        own = inside & rows.of_treasury(country)
        yield ALL, country, float(rows.amount_cents[own].sum()) / 100
        for index, programme in sorted(enumerate(rows.programmes), key=lambda x: x[1]):
            mine = own & (rows.programme == index)
            if mine.any():
                yield ALL, f"{country}:{programme}", float(rows.amount_cents[mine].sum()) / 100


def _flows(context: Context) -> dict[tuple[str, str], float]:
    """Customs value entered for consumption in the window, US dollars, by (exporter, importer)."""
    flow, assessment = context.flow, context.assessment
    country = [context.network.sites[context.network.recipes[recipe].site].country for recipe in flow.recipe_ids]
    inside = np.flatnonzero(context.in_window(flow.entry_s))
    found: dict[tuple[str, str], float] = {}
    recipe, importer = flow.recipe[flow.entry_node[inside]], assessment.entry_importer[inside]
    order = np.lexsort((importer, recipe))
    edges = np.flatnonzero((np.diff(np.stack((recipe, importer))[:, order]) != 0).any(axis=0)) + 1
    for rows in np.split(order, edges) if len(order) else ():
        value = float(assessment.entry_value_cents[inside[rows]].sum()) / 100
        key = (place_of(country[recipe[rows[0]]]), assessment.importers[importer[rows[0]]])
        found[key] = found.get(key, 0.0) + value
    return {key: value for key, value in sorted(found.items()) if value}


def trade(context: Context) -> Iterator[Figure]:
    """Customs value of goods entered for consumption in the window, US dollars, ``exporter>importer``."""
    for (exporter, importer), value in _flows(context).items():
        yield ALL, f"{exporter}>{importer}", value


def trade_balance(context: Context) -> Iterator[Figure]:
    """First country's exports to the second less its imports from it, US dollars, in the window."""
    flows = _flows(context)
    for first, second in PAIRS:
        yield ALL, f"{first}-{second}", flows.get((first, second), 0.0) - flows.get((second, first), 0.0)


def border_tax(context: Context) -> Iterator[Figure]:
    """What a border-adjusted tax of the United States costs makers beside duty, US dollars, on trade in the window.

    ``imports``: on goods that enter the United States for consumption; ``exports``: less, on its goods that enter
    Canada and Mexico; ``total``; and ``per_vehicle`` built. Only where the law has such a tax. It is no part of the
    cost of a vehicle: it is owed on a maker's books, not on an entry.
    """
    tax = context.border_tax
    if not tax.on_imports and not tax.off_exports:
        return
    flows = _flows(context)
    into = math.fsum(value for (_, importer), value in flows.items() if importer == "US")
    out = math.fsum(value for (exporter, importer), value in flows.items() if exporter == "US" != importer)
    bought, sold = into * tax.on_imports, out * tax.off_exports
    yield ALL, "imports", bought
    yield ALL, "exports", -sold
    yield ALL, "total", bought - sold
    built = sum(stoppage.built for stoppage in context.stoppages.values())
    if built:
        yield ALL, "per_vehicle", (bought - sold) / built


def deposits(context: Context) -> Iterator[Figure]:
    """Deposits under antidumping and countervailing orders on entries into the United States in the window, US dollars.

    ``paid`` at entry; ``expected_back`` at the final rate, by who reviews it, with ``expected_back_low`` and
    ``expected_back_high``; ``expected_net`` of it. Only where a scenario puts goods under an order. Duty and cost of a
    vehicle hold what is paid.
    """
    rows, flow, network = context.assessment.rows, context.flow, context.network
    wanted = [n for n, name in enumerate(rows.programmes) if name in context.deposits.programmes]
    own = np.isin(rows.programme, wanted) & context.in_window(flow.entry_s[rows.entry])
    if not own.any():
        return
    country = [network.sites[network.recipes[recipe].site].country for recipe in flow.recipe_ids]
    regional = np.array([code in NORTH_AMERICA for code in country], dtype=np.bool_)[flow.recipe[rows.node]]
    paid = rows.amount_cents / 100
    back = np.zeros(3)
    for where, place in ((own & regional, "region"), (own & ~regional, "elsewhere")):
        back += float(paid[where].sum()) * np.array(context.deposits.back[place])
    yield ALL, "paid", float(paid[own].sum())
    for item, value in zip(("expected_back", "expected_back_low", "expected_back_high"), back.tolist(), strict=True):
        yield ALL, item, value
    yield ALL, "expected_net", float(paid[own].sum()) - float(back[0])


def claim_pct(context: Context) -> Iterator[Figure]:
    """Entries between the three countries in the window, in percent of their value.

    ``claimed``: preference asked for. ``failed``: an agreement was in force but the goods did not meet its
    rule. ``paid``: not claimed although they met it, or no agreement was in force. These three sum to 100.
    ``claimed_in_vain``: the part of ``claimed`` whose goods, as really made, did not meet the rule.
    """
    flow, assessment, network = context.flow, context.assessment, context.network
    country = [network.sites[network.recipes[recipe].site].country for recipe in flow.recipe_ids]
    regional = np.array([code in NORTH_AMERICA for code in country], dtype=np.bool_)
    own = context.in_window(flow.entry_s) & regional[flow.recipe[flow.entry_node]]
    value = np.where(own, assessment.entry_value_cents, 0.0)
    total = value.sum()
    if total <= 0:
        return
    claimed = assessment.entry_claim > 0
    failed = ~claimed & (assessment.entry_agreement > 0) & ~assessment.entry_originates
    chosen = {
        "claimed": claimed,
        "failed": failed,
        "paid": ~claimed & ~failed,
        "claimed_in_vain": claimed & ~assessment.entry_originates,
    }
    for item, rows in chosen.items():
        yield ALL, item, float(100 * value[rows].sum() / total)
