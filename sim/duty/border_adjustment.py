"""A border-adjusted tax: not a duty, but a profit tax that lets no import be deducted and taxes no export.

With rate t, imports M and exports X, the ordinary tax is t (sales - purchases) and the adjusted one t (domestic sales
- domestic purchases), so an import costs t M more and an export t X less. If the currency of the taxing country
rises by a share f of what would undo this, import and export prices in it fall by f t, and t (1 - f) (M - X) remains.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sim.duty.exchange import Exchange
from sim.duty.later import rate_at, rate_text
from sim.duty.law_view import LawView
from sim.duty.offset import read_money
from sim.duty.section import Data, Section, money, percent, whole
from sim.reading import Node
from sim.references import Reference

PROPOSAL = Reference("House blueprint of 2016: destination-based cash flow tax at 20 %; mechanics", status="memory")


@dataclass(frozen=True, slots=True)
class BorderAdjustment:
    """A maker's yearly figures in cents, as they were before any movement of the exchange rate.

    Parameters
    ----------
    rate, exchange_offset : str
        Rates as written, or paths of law values. The offset is the share, 0 to 1, of the full rise of the currency.
    on : date
        Day of the law values.
    """

    name: str
    rate: str
    exchange_offset: str
    domestic_sales: Fraction
    exports: Fraction
    domestic_purchases: Fraction
    imports: Fraction
    on: dt.date


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The tax with and without adjustment, and what the maker is worse off."""

    rate: Fraction
    offset: Fraction
    tax: Fraction
    ordinary: Fraction
    burden: Fraction


def adjust(view: LawView, tax: BorderAdjustment) -> Adjusted:
    """The tax of one maker.

    Raises
    ------
    LawError
        The law has no such rate on the day.
    """
    rate = rate_at(view, tax.rate, tax.on)
    offset = rate_at(view, tax.exchange_offset, tax.on)
    sales, purchases = tax.domestic_sales + tax.exports, tax.domestic_purchases + tax.imports
    ordinary = rate * (sales - purchases)
    adjusted = rate * (tax.domestic_sales - tax.domestic_purchases)
    # the rise of the currency takes a share offset x rate off import and export prices
    saved = offset * rate * (tax.imports - tax.exports)
    return Adjusted(rate, offset, adjusted, ordinary, adjusted - saved - ordinary)


def adjustment_section(view: LawView, taxes: Sequence[BorderAdjustment], currency: str) -> Section:
    """Each maker: tax on domestic sales less domestic purchases, beside the ordinary tax."""
    lines: list[str] = []
    data: list[Data] = []
    values: dict[str, int | str] = {}
    for tax in taxes:
        found = adjust(view, tax)
        lines.append(
            f"{tax.name}: {percent(found.rate)} x ({money(tax.domestic_sales, currency)} domestic sales - "
            f"{money(tax.domestic_purchases, currency)} domestic purchases) = {money(found.tax, currency)}; without "
            f"adjustment {money(found.ordinary, currency)}; with {percent(found.offset)} of the currency's full rise "
            f"the maker is {money(abs(found.burden), currency)} {'worse' if found.burden >= 0 else 'better'} off"
        )
        values[f"{tax.name}.tax"] = whole(found.tax)
        values[f"{tax.name}.ordinary"] = whole(found.ordinary)
        values[f"{tax.name}.burden"] = whole(found.burden)
        data.append(
            {
                "name": tax.name,
                "rate": float(found.rate),
                "exchange_offset": float(found.offset),
                "tax_cents": whole(found.tax),
                "ordinary_cents": whole(found.ordinary),
                "burden_cents": whole(found.burden),
            }
        )
    title = f"Border adjustment: a tax, not a duty ({PROPOSAL})"
    return Section("border_adjustment", title, data, tuple(lines), values)


_MONEY = ("domestic_sales", "exports", "domestic_purchases", "imports")


def read_adjustment(node: Node, exchange: Exchange) -> BorderAdjustment:
    """Read one maker's figures."""
    entries = node.fields(("name", "on", "rate", "exchange_offset", *_MONEY), ("name", "on", "rate"))
    sums = {key: read_money(entries[key], exchange) if key in entries else Fraction(0) for key in _MONEY}
    return BorderAdjustment(
        entries["name"].text() if "name" in entries else "",
        rate_text(entries["rate"]) if "rate" in entries else "0 %",
        rate_text(entries["exchange_offset"]) if "exchange_offset" in entries else "0 %",
        **sums,
        on=entries["on"].date() if "on" in entries else dt.date.max,
    )
