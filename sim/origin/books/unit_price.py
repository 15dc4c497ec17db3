"""Unit price at which the greatest aggregate quantity is sold, for valuing a good by its resale.

References
----------
SOR/2020-155 Schedule 6 s.8(3); SOR/94-14 Schedule VIII s.8(3).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sim.origin.agreement_terms import Terms
from sim.origin.finding import Finding
from sim.origin.good import ZERO, Question
from sim.origin.numbers import number, show
from sim.reading import Node

_KEYS = ("sales", "note")
_SALE_KEYS = ("price", "units", "quantity", "note")
_TIER_KEYS = ("units", "count")


@dataclass(frozen=True, slots=True)
class Sale:
    """Units sold at a price; `tier` is the quantity of one sale that the price is for, as written."""

    price: Fraction
    units: Fraction
    tier: str = ""


def read(node: Node) -> tuple[Sale, ...]:
    """Read sales: a list of ``{price: 95, units: 500}``.

    For a price list, `units` may be ``[{count: 10, units: 5}, ..]``: ten sales of five units; `quantity` names
    the tier (``11-25``) for the reader of the answer.
    """
    nodes = node.items() if isinstance(node.value, list) else []
    if not isinstance(node.value, list):
        entries = node.fields(_KEYS, ("sales",))
        nodes = entries["sales"].items() if "sales" in entries else []
    return tuple(_read_sale(item) for item in nodes)


def _read_sale(node: Node) -> Sale:
    entries = node.fields(_SALE_KEYS, ("price",))
    units = entries.get("units")
    if units is None:
        node.fault("the key 'units' is missing.")
        return Sale(ZERO, ZERO)
    tier = entries["quantity"].text() if "quantity" in entries else ""
    return Sale(number(entries["price"]) if "price" in entries else ZERO, _units(units), tier)


def _units(node: Node) -> Fraction:
    return sum((_lot(item) for item in node.items()), ZERO) if isinstance(node.value, list) else number(node)


def _lot(node: Node) -> Fraction:
    if isinstance(node.value, str):
        return number(node)
    entries = node.fields(_TIER_KEYS, ("units",))
    count = number(entries["count"]) if "count" in entries else Fraction(1)
    return count * number(entries["units"]) if "units" in entries else ZERO


def find(sales: tuple[Sale, ...], question: Question, terms: Terms) -> Finding:
    """The price with the most units, sales at one price taken together; of two such the lower (an assumption)."""
    totals: dict[Fraction, Fraction] = {}
    for sale in sales:
        totals[sale.price] = totals.get(sale.price, ZERO) + sale.units
    if not totals:
        return Finding("unit price", None, "No sales are listed.", needs=("sales",))
    price = min(totals, key=lambda item: (-totals[item], item))
    tiers = {cost: _tiers(sales, cost) for cost in totals}
    lines = (f"{show(units)} units at {show(cost)}{tiers[cost]}" for cost, units in sorted(totals.items()))
    arithmetic = "; ".join(lines)
    words = f"The greatest aggregate quantity, {show(totals[price])} units, is sold at {show(price)}."
    values = {"unit_price": price, "units": totals[price]}
    return Finding("unit price", None, words, arithmetic, values, terms.reference("unit_price"))


def _tiers(sales: tuple[Sale, ...], price: Fraction) -> str:
    """Quantities of a sale that a price is for, where they are told."""
    told = dict.fromkeys(sale.tier for sale in sales if sale.price == price and sale.tier)
    return f" (sales of {', '.join(told)})" if told else ""
